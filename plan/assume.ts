import { createHash } from "node:crypto";
import { parseSettings, serviceNames, type Settings, SettingsError, type StackSettings } from "../settings";
import { type StackConfig } from "./stack-config";
import { standInAuthority } from "./stand-in-authority";

/** A stack's config made complete. */
export interface Assumed extends StackConfig {
    /** Services whose image is not set, and was made up. */
    images: string[];
    /** Whether the load balancer's certificate is not set, and was made up, and with it the authorities of callers. */
    certificate: boolean;
    /** The settings as they were written. None, if they are wrong or the project is not this one: the program will say so. */
    settings?: Settings;
    /** The stack's account, on the same condition. */
    accountId?: string;
}

/**
 * Sets what a stack leaves out before its first deployment: images, which nobody has pushed yet, and the certificate of the
 * OMS's load balancer with the authorities of its callers. So a fresh clone shows the whole platform.
 *
 * @param complete False leaves the config as it is, and only reads it.
 */
export function assumeMissing(given: StackConfig, stack: string, complete = true): Assumed {
    const read = readSettings(given, stack);
    if (!read || !complete) {
        return { ...given, images: [], certificate: false, settings: read?.settings, accountId: read?.accountId };
    }
    const { settings, accountId } = read;
    const { services, images } = settings;
    const missing = serviceNames(services).filter((service) => images[service] === undefined);
    const config = { ...given.config };
    config["aipx:images"] = JSON.stringify({
        ...images,
        ...Object.fromEntries(missing.map((service) => [service, standInDigest(service)])),
    });
    const certificate = services.oms.loadBalancer.certificate === undefined;
    if (certificate) {
        const written = JSON.parse(config["aipx:services"]!) as Settings["services"];
        written.oms.loadBalancer.certificate = { source: "existing", arn: standInCertificate(read) };
        written.oms.loadBalancer.clientCertificates ??= standInAuthority;
        config["aipx:services"] = JSON.stringify(written);
    }
    return { ...given, config, images: missing, certificate, settings, accountId };
}

function readSettings({ config, secretKeys }: StackConfig, stack: string): StackSettings | undefined {
    try {
        return parseSettings(config, { stack, secretKeys });
    } catch (error) {
        if (error instanceof SettingsError) {
            return undefined;
        }
        throw error;
    }
}

const standInDigest = (service: string): string => `sha256:${createHash("sha256").update(service).digest("hex")}`;

const standInCertificate = ({ region, accountId }: StackSettings): string =>
    `arn:aws:acm:${region}:${accountId}:certificate/00000000-0000-0000-0000-000000000000`;
