import { createHash } from "node:crypto";
import { secretMask } from "./recording";

// Signatures that mark special values in what the SDK sends to the engine. They are part of Pulumi's protocol.
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const resourceSignature = "5cf8f73096256a8f31e491e813e4eb8e";
const assetSignature = "c44067f5952c0a294b673a41bacd8c17";
const archiveSignature = "0def7320c3a5731c473e5ecbe6d01bc7";

/** Stands for a value that is not known before the resource exists. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A value marked as secret, for the SDK. */
export const secret = (value: unknown): object => ({ [signatureKey]: secretSignature, value });

/** A reference to a resource, which the SDK turns into an instance of the resource's class. */
export const resourceReference = (urn: string, id: string): object => ({
    [signatureKey]: resourceSignature,
    urn,
    id,
    packageVersion: "",
});

/**
 * The plain value of what the SDK sent: secrets opened, references to resources as their id (or URN, for components), as
 * the engine gives them to providers. The text of a file is no value that anybody reads or checks: its digest stands for it.
 *
 * @param onSecret Told the path of each secret.
 */
export function open(value: unknown, onSecret: (path: string) => void = () => {}, path = ""): any {
    if (Array.isArray(value)) {
        return value.map((item, index) => open(item, onSecret, join(path, String(index))));
    }
    if (!isObject(value)) {
        return value;
    }
    switch (value[signatureKey]) {
        case secretSignature:
            onSecret(path);
            return open(value.value, () => {}, path);
        case resourceSignature:
            return value.id || value.urn;
        case assetSignature:
        case archiveSignature: {
            const { text, ...asset } = value;
            if (typeof text === "string") {
                return { sha256: createHash("sha256").update(text).digest("hex"), bytes: Buffer.byteLength(text) };
            }
            for (const mark of [signatureKey, "__pulumiAsset", "__pulumiArchive"]) {
                delete asset[mark];
            }
            return open(asset, onSecret, path);
        }
        default: {
            const opened: Record<string, any> = {};
            for (const key of Object.keys(value)) {
                opened[key] = open(value[key], onSecret, join(path, key));
            }
            return opened;
        }
    }
}

const isObject = (value: unknown): value is Record<string, any> => typeof value === "object" && value !== null;

const join = (path: string, key: string): string => (path === "" ? key : `${path}.${key}`);

/** The plain value of what the SDK sent, with secrets masked. */
export function mask(value: unknown): unknown {
    if (Array.isArray(value)) {
        return value.map(mask);
    }
    if (!isObject(value)) {
        return value;
    }
    if (value[signatureKey] === secretSignature) {
        return secretMask;
    }
    if (value[signatureKey] !== undefined) {
        return open(value);
    }
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mask(item)]));
}
