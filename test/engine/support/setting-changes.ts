import { isDeepStrictEqual } from "node:util";
import { parseSettings, SettingsError } from "../../../settings";
import { allSettings, example, type SchemaNode, type Setting } from "../../../settings/schema-nodes";
import { changed, type Changes, valueAt } from "../../settings/change";
import { runCommand } from "../../settings/cli";
import { type Config, flat } from "../../settings/stack-file";

/** A setting, and a stack's config with another value of it. */
export interface SettingChange {
    setting: Setting;
    /** Where it stands in this stack. */
    path: string;
    config: Config;
}

/** A setting that the rules let nobody change in this stack, and what they say. */
export interface Unchangeable {
    setting: Setting;
    because: string;
}

/**
 * A change of each setting, to a value that goes with all others of the stack.
 *
 * @param chosen Changes by setting, where those that follow from the schema won't do: a version, say.
 */
export function settingChanges(
    config: Config,
    stack: string,
    chosen: Record<string, Changes[]> = {},
): (SettingChange | Unchangeable)[] {
    return allSettings().flatMap((setting) => {
        const path = concrete(config, setting.path);
        const changeOf = (changes: Changes): SettingChange | Unchangeable => {
            const other = mended(changed(config, structuredClone(changes)), stack);
            return typeof other === "string" ? { setting, because: other } : { setting, path, config: other };
        };
        const own = chosen[setting.path];
        if (own) {
            return own.map(changeOf);
        }
        const before = valueAt(config, path);
        const values = [...candidates(setting.node, before)].filter((value) => !isDeepStrictEqual(value, before));
        const tried = values.map((value) => ({ value, made: changeOf({ [path]: value }) }));
        // A mend may have taken the value back.
        const good = tried.find(
            ({ value, made }) => "config" in made && isDeepStrictEqual(valueAt(made.config, path), value),
        );
        const refused = tried.find(({ made }) => "because" in made);
        return [good?.made ?? refused?.made ?? { setting, because: "no other value is known" }];
    });
}

/**
 * Changes put together that touch different parts of the platform, so that each shows what it does by itself. A part has one change
 * in each group.
 */
export function together(changes: SettingChange[], before: Config, stack: string): SettingChange[][] {
    const groups: SettingChange[][] = [];
    for (const change of changes) {
        const group = groups.find(
            (others) =>
                others.every((other) => areApart(change.path, other.path)) &&
                !errorOf(withAll([...others, change], before), stack),
        );
        if (group) {
            group.push(change);
        } else {
            groups.push([change]);
        }
    }
    return groups;
}

/** The config with all of some changes. */
export function withAll(changes: SettingChange[], before: Config): Config {
    const all = structuredClone(before);
    changes.forEach(({ config }) => carryOver(before, config, all));
    return all;
}

/** Makes in `to` what differs between two configs. */
function carryOver(before: Config, after: Config, to: Config): void {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
        const [from, other] = [before[key], after[key]];
        if (isMap(from) && isMap(other)) {
            carryOver(from, other, (to[key] ??= {}) as Config);
        } else if (other === undefined) {
            delete to[key];
        } else if (!isDeepStrictEqual(from, other)) {
            to[key] = structuredClone(other);
        }
    }
}

const isMap = (value: unknown): value is Config => typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether two settings belong to different parts: `aipx:kafka`, `aipx:services.oms`. What is about all services is apart from none. */
function areApart(path: string, other: string): boolean {
    const [part, another] = [partOf(path), partOf(other)];
    return !`${part}.`.startsWith(`${another}.`) && !`${another}.`.startsWith(`${part}.`);
}

function partOf(path: string): string {
    const [block, name, ...rest] = path.split(".");
    return block === "aipx:images"
        ? "aipx:services"
        : block === "aipx:services" && rest[0]
          ? `${block}.${name}`
          : block!;
}

/** The path with a name that the stack has in place of each `NAME`. */
function concrete(config: Config, path: string): string {
    const keys: string[] = [];
    for (const key of path.split(".")) {
        const names = key === "NAME" ? Object.keys(valueAt(config, keys.join(".")) ?? {}) : [];
        keys.push(names[0] ?? key);
    }
    return keys.join(".");
}

function* candidates(node: SchemaNode, value: unknown): Iterable<unknown> {
    if (node.oneOf) {
        yield* node.oneOf.map(example);
    } else if (node.additionalProperties) {
        const map = (value ?? {}) as Record<string, unknown>;
        const name = (node.propertyNames?.examples as string[] | undefined)?.[0] ?? "main";
        yield { ...map, [name in map ? "extra" : name]: Object.values(map)[0] ?? example(node.additionalProperties) };
    } else if (node.enum) {
        yield* node.enum;
    } else if (node.type === "boolean") {
        yield value !== true;
    } else if (node.type === "array") {
        const list = (value ?? []) as unknown[];
        const items = node.items?.enum ?? node.items?.examples ?? [];
        yield* items.filter((item) => !list.includes(item)).map((item) => [...list, item]);
        yield list.slice(0, -1);
    } else if (typeof value === "number") {
        yield* [value * 2, value + 1, value - 1, Math.floor(value / 2)];
    } else {
        yield* node.examples ?? [];
        yield* node.minimum === undefined ? [] : [node.minimum];
    }
}

/** The config as the commands make it that are shown with its mistakes; or what is wrong with it still. */
function mended(config: Config, stack: string): Config | string {
    let wrong = "";
    for (let round = 0; round < 3; round++) {
        const error = errorOf(config, stack);
        if (!error) {
            return config;
        }
        wrong ||= error.problems.map(({ path, value, allowed }) => `${path} ${value}: ${allowed}`).join("; ");
        const fixes = error.problems.flatMap(({ fix }) => fix);
        if (!fixes.every((fix) => /^pulumi config (set|rm) /.test(fix))) {
            return wrong;
        }
        fixes.forEach((fix) => runCommand(config, fix));
    }
    return wrong;
}

function errorOf(config: Config, stack: string): SettingsError | undefined {
    try {
        parseSettings(flat(config), { stack });
        return undefined;
    } catch (error) {
        if (error instanceof SettingsError) {
            return error;
        }
        throw error;
    }
}
