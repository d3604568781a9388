import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { readProject } from "../../plan/stack-config";

/** A stack file's config, maps as maps. */
export type Config = Record<string, unknown>;

const root = join(__dirname, "../..");

/** Stacks that have a file, in the order in which a change goes through them. */
export const stackNames: readonly string[] = readProject(root).stacks;

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
