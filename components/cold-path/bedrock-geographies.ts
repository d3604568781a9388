/**
 * Geographies of Bedrock's cross-region inference profiles (`apac.anthropic.claude-...`), each with the regions that may call them:
 * Bedrock User Guide, Supported Regions and models for inference profiles.
 */
export const profileGeographies: Readonly<Record<string, RegExp>> = {
    apac: /^(ap|il|me)-/,
    au: /^ap-southeast-/,
    ca: /^ca-/,
    eu: /^(eu|il|me)-/,
    global: /./,
    jp: /^ap-northeast-[13]$/,
    us: /^(us|ca|mx|sa)-/,
    "us-gov": /^us-gov-/,
};
