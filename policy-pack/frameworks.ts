/** Rule sets that controls are known by, with how they are called. */
export const frameworkNames = {
    fsbp: "FSBP",
    cis: "CIS",
    cdkNag: "cdk-nag",
    checkov: "Checkov",
    trivy: "Trivy",
} as const;

export type Framework = keyof typeof frameworkNames;
