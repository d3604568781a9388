import * as pulumi from "@pulumi/pulumi";
import { parseSettings, type StackSettings } from "./parse";

/**
 * Settings of the stack that the program runs for.
 *
 * @throws SettingsError, which `pulumi up` shows without a stack trace.
 */
export function loadSettings(): StackSettings {
    return parseSettings(pulumi.runtime.allConfig(), { stack: pulumi.getStack(), secretKeys: secretKeys() });
}

/** Config keys that the engine decrypted for the program, which the SDK keeps to itself. */
function secretKeys(): string[] {
    const keys: unknown = JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS || "[]");
    return Array.isArray(keys) ? keys.map(String) : [];
}
