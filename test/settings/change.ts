import { type Config } from "./stack-file";

/** Changes of a config by path, `aipx:kafka.topics.ticks`; `undefined` takes the key out. */
export type Changes = Record<string, unknown>;

/** A copy of `config` with the changes. Maps that are missing on the way are made. */
export function changed(config: Config, changes: Changes): Config {
    const copy = structuredClone(config);
    for (const [path, value] of Object.entries(changes)) {
        const keys = path.split(".");
        const last = keys.pop() as string;
        let inside = copy;
        for (const key of keys) {
            inside = (inside[key] ??= {}) as Config;
        }
        if (value === undefined) {
            delete inside[last];
        } else {
            inside[last] = value;
        }
    }
    return copy;
}

/** The value at a path of a config. */
export const valueAt = (config: Config, path: string): unknown =>
    path.split(".").reduce<unknown>((inside, key) => (inside as Config | undefined)?.[key], config);
