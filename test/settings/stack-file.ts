import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/** A stack file's config, maps as maps. */
export type Config = Record<string, unknown>;

export const stackNames = ["dev", "staging", "production"] as const;

const root = join(__dirname, "../..");

/** What a YAML file of the project says. */
export function yamlFile<T>(name: string): T {
    return parse(readFileSync(join(root, name), "utf8")) as T;
}

/** Config of a stack's file. */
export function stackConfig(stack: string): Config {
    return yamlFile<{ config: Config }>(`Pulumi.${stack}.yaml`).config;
}

/** Config as the engine gives it to programs: a text for each key, maps as JSON. */
export function flat(config: Config): Record<string, string> {
    return Object.fromEntries(
        Object.entries(config).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
    );
}
