import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { unknown } from "../../../plan/wire";
import { type Change, compare, type Comparison, general, isAbsent } from "./compare";
import { type Properties, propertiesOf, type Shape } from "./types";

/** A name that Pulumi makes up: `<prefix><logical name><separator><random><suffix>`. */
interface AutoName {
    property: string;
    separator: string;
    /** How many random characters. */
    random: number;
    charset?: "a-z";
    max?: number;
    prefix?: string;
    transform?: "lower";
    /** By the input that calls for it. */
    suffixIf?: Record<string, string>;
}

/** A change of an input that replaces the resource in some cases. */
interface Condition {
    path: string;
    when: "changes" | "falls" | "loses" | "appears or disappears";
    from?: unknown;
    to?: unknown;
    /** Other inputs and the values that they must have, or must not. */
    if?: Record<string, unknown>;
    unless?: Record<string, unknown>;
}

/** What is known of the provider's resource type. Where it comes from stands in `resource-types.json`. */
export interface Facts extends Comparison {
    required: string[];
    /** Paths without indices; all below them counts. */
    replaces: string[];
    /** Blocks that only replace by appearing or disappearing. */
    replacesWhenAddedOrRemoved?: string[];
    replacesIf?: Condition[];
    /** Those of {@link replaces} that are a guess. */
    assumed?: string[];
    /** Inputs whose lower values are ignored, as long as they are below that of another input. */
    ignoredFalls?: Record<string, string>;
    /** Properties that can't change unless `forceNewDeployment` is true. */
    needsForceNewDeployment?: string[];
    autoName?: AutoName;
    /** Values that Pulumi fills in, by path. */
    defaults?: Record<string, unknown>;
    deleteBeforeReplace?: boolean;
    /** A name that was given is taken as long as what is replaced exists. */
    deleteBeforeReplaceIfNamed?: boolean;
    outputsOnly?: string[];
    /** Computed values that an update gives anew. */
    changedByUpdate?: string[];
    /** What calls take, about. */
    minutes: { create: number; update?: number; delete?: number };
    minutesNote?: string;
}

type Inputs = Record<string, any>;

const { types } = JSON.parse(readFileSync(path.join(__dirname, "resource-types.json"), "utf8")) as {
    types: Record<string, Facts>;
};

export const factsOf = (type: string): Facts | undefined => types[type];

/** All types that facts are known of. */
export const knownTypes = Object.keys(types);

/** What a provider is configured with. */
export interface ProviderConfig {
    region?: string;
    /** Tags of all that can have tags. */
    defaultTags?: Record<string, string>;
}

/**
 * Fills in what Pulumi does where the program says nothing: the name, some values, the provider's region and tags.
 *
 * @param olds Inputs as they are in the state: a name that was made up stays.
 * @param seed What the random part of the name follows from; empty: from nothing.
 * @returns The inputs, without `__defaults`, and what belongs there.
 */
export function fillIn(
    type: string,
    logicalName: string,
    inputs: Inputs,
    olds: Inputs,
    seed: string,
    { region, defaultTags = {} }: ProviderConfig = {},
): { inputs: Inputs; defaults: string[] } {
    const { autoName: rule, defaults: values = {} } = factsOf(type) ?? {};
    const filled: Inputs = { ...inputs };
    const defaults: string[] = [];
    if (rule && isAbsent(inputs[rule.property]) && isAbsent(inputs[`${rule.property}Prefix`])) {
        const { property } = rule;
        const isOurs = ((olds.__defaults as string[] | undefined) ?? [property]).includes(property);
        filled[property] = (isOurs && olds[property]) || newName(rule, logicalName, inputs, seed);
        defaults.push(property);
    }
    for (const [place, value] of Object.entries(values)) {
        const [property = "", inItems] = place.split("[].");
        const given: unknown = inputs[property];
        if (inItems === undefined && isAbsent(given)) {
            filled[property] = value;
            defaults.push(property);
        } else if (inItems !== undefined && Array.isArray(given)) {
            filled[property] = given.map((item) => (isObject(item) ? { [inItems]: value, ...item } : item));
        }
    }
    const properties = propertiesOf(type);
    if (region !== undefined && isAbsent(inputs.region) && properties.has("region")) {
        filled.region = region;
    }
    const tags: unknown = inputs.tags ?? {};
    const shape = properties.get("tags")?.shape;
    if (typeof shape === "object" && "map" in shape && isObject(tags) && Object.keys(defaultTags).length > 0) {
        const override = inputs.overrideProvider as { defaultTags?: { tags?: object } } | undefined;
        filled.tags = { ...(override?.defaultTags?.tags ?? defaultTags), ...tags };
    }
    return { inputs: filled, defaults };
}

function newName(rule: AutoName, logicalName: string, inputs: Inputs, seed: string): string {
    const { separator, random, charset, max, prefix = "", transform, suffixIf = {} } = rule;
    const suffix = Object.keys(suffixIf).find((property) => inputs[property] === true);
    const beginning = `${prefix}${logicalName}${separator}`;
    const name = `${transform === "lower" ? beginning.toLowerCase() : beginning}${characters(seed, random, charset)}`;
    const whole = suffix === undefined ? name : `${name}${suffixIf[suffix]!}`;
    if (max !== undefined && whole.length > max) {
        throw new Error(`name '${beginning}' plus ${random} random chars is longer than maximum length ${max}`);
    }
    return whole;
}

function characters(seed: string, count: number, charset: "a-z" | undefined): string {
    const digest = seed === "" ? randomBytes(32) : createHash("sha256").update(seed).digest();
    const letters = charset === "a-z" ? "abcdefghijklmnopqrstuvwxyz" : "0123456789abcdef";
    return [...digest.subarray(0, count)].map((byte) => letters[byte % letters.length]).join("");
}

/** An input that the provider refuses. */
export interface Refusal {
    property: string;
    reason: string;
}

/** Refuses names that the installed package does not have, values of another shape, and what is missing. */
export const checkInputs = (type: string, inputs: Inputs): Refusal[] => checkObject(inputs, propertiesOf(type), "");

function checkObject(value: Inputs, properties: Properties, at: string): Refusal[] {
    const present = Object.keys(value).filter((name) => name !== "__defaults" && value[name] !== undefined);
    const missing = [...properties]
        .filter(([name, { required }]) => required && (value[name] === undefined || value[name] === null))
        .map(([name]) => ({
            property: at + name,
            reason: `Missing required argument. The argument "${at}${name}" is required, but no definition was found.`,
        }));
    const wrong = present.flatMap((name) => {
        const property = properties.get(name);
        return property
            ? checkValue(value[name], property.shape, at + name)
            : [{ property: at + name, reason: `Invalid or unknown key. Examine values at "${at}${name}".` }];
    });
    return [...wrong, ...missing];
}

function checkValue(value: unknown, shape: Shape, property: string): Refusal[] {
    if (value === unknown || value === null || value === undefined || shape === "any") {
        return [];
    }
    if (typeof shape === "string") {
        return fits(value, shape) ? [] : [expected(shape, value, property)];
    }
    if ("either" in shape) {
        const refusals = shape.either.map((member) => checkValue(value, member, property));
        // Of several reasons, the one that is about details of the value says most.
        return refusals.find((some) => some.length === 0) ?? refusals.reduce((a, b) => (depth(b) > depth(a) ? b : a));
    }
    if ("list" in shape) {
        return Array.isArray(value)
            ? value.flatMap((item, index) => checkValue(item, shape.list, `${property}[${index}]`))
            : [expected("list", value, property)];
    }
    if (!isObject(value)) {
        return [expected("object", value, property)];
    }
    return "map" in shape
        ? Object.keys(value).flatMap((key) => checkValue(value[key], shape.map, `${property}.${key}`))
        : checkObject(value, shape.object, `${property}.`);
}

/** Like the provider, takes a text that says a number for the number, and the other way round. */
function fits(value: unknown, shape: "string" | "number" | "boolean"): boolean {
    switch (shape) {
        case "string":
            return typeof value !== "object";
        case "number":
            return typeof value === "number" || (typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value));
        case "boolean":
            return typeof value === "boolean" || value === "true" || value === "false";
    }
}

const expected = (wanted: string, value: unknown, property: string): Refusal => ({
    property,
    reason: `expected ${wanted} type, got ${Array.isArray(value) ? "list" : typeof value} type`,
});

const depth = (refusals: Refusal[]): number => Math.max(...refusals.map(({ property }) => property.length));

const isObject = (value: unknown): value is Record<string, unknown> =>
    typeof value === "object" && value !== null && !Array.isArray(value);

export interface Difference {
    changes: boolean;
    /** Paths, as Pulumi writes them: `volumes[0].name`. */
    diffs: string[];
    /** Those of them that call for a replacement. */
    replaces: string[];
    deleteBeforeReplace: boolean;
}

/**
 * What the provider makes of a change of inputs.
 *
 * @param news With `__defaults`, which tells names that were given from those made up.
 * @throws If the provider can't plan the change.
 */
export function diff(type: string, olds: Inputs, news: Inputs): Difference {
    const facts = factsOf(type);
    const changed = compare(olds, news, facts ?? {}).filter((change) => !isIgnored(change, facts, news));
    for (const { path: place } of changed) {
        if (isBelow(place, facts?.needsForceNewDeployment) && news.forceNewDeployment !== true) {
            throw new Error(`force_new_deployment should be true when ${place} is being updated`);
        }
    }
    const replaces = changed.filter((change) => facts && isReplacing(change, facts, olds, news));
    const named = facts?.autoName?.property;
    const isNamed =
        named !== undefined && !isAbsent(news[named]) && !((news.__defaults as string[]) ?? []).includes(named);
    return {
        changes: changed.length > 0,
        diffs: changed.map((change) => change.path),
        replaces: replaces.map((change) => change.path),
        deleteBeforeReplace:
            replaces.length > 0 &&
            (facts?.deleteBeforeReplace === true || (facts?.deleteBeforeReplaceIfNamed === true && isNamed)),
    };
}

function isIgnored({ path: place, before, after }: Change, facts: Facts | undefined, news: Inputs): boolean {
    const limit = facts?.ignoredFalls?.[place];
    return limit !== undefined && isLower(String(after), String(before)) && isLower(String(after), String(news[limit]));
}

function isReplacing({ path: place, before, after }: Change, facts: Facts, olds: Inputs, news: Inputs): boolean {
    const at = general(place);
    const { replaces, replacesWhenAddedOrRemoved = [], replacesIf = [] } = facts;
    return (
        isBelow(place, replaces) ||
        (replacesWhenAddedOrRemoved.includes(at) && (isAbsent(before) || isAbsent(after) || after === unknown)) ||
        replacesIf.some((condition) => condition.path === at && holds(condition, olds, news))
    );
}

/** Whether a path is one of these, or below. */
const isBelow = (place: string, paths: string[] = []): boolean =>
    paths.some((other) => `${general(place)}.`.startsWith(`${other}.`));

function holds(condition: Condition, olds: Inputs, news: Inputs): boolean {
    const [before, after]: unknown[] = [olds[condition.path], news[condition.path]];
    const others = (values: Record<string, unknown> = {}): boolean[] =>
        Object.entries(values).map(([property, value]) => news[property] === value);
    return (
        others(condition.if).every(Boolean) &&
        !others(condition.unless).some(Boolean) &&
        (condition.from === undefined || condition.from === before) &&
        (condition.to === undefined || condition.to === after) &&
        happens(condition.when, before, after)
    );
}

function happens(what: Condition["when"], before: unknown, after: unknown): boolean {
    switch (what) {
        case "changes":
            return true;
        case "falls":
            return isLower(String(after), String(before));
        case "loses":
            return Array.isArray(before) && Array.isArray(after) && before.some((item) => !after.includes(item));
        case "appears or disappears":
            return isAbsent(before) !== isAbsent(after);
    }
}

/** Whether a version is below another. Those with letters, such as `3.9.x`, are not compared, as the provider does not. */
function isLower(version: string, other: string): boolean {
    const isPlain = [version, other].every((text) => /^\d+(\.\d+)*$/.test(text));
    return isPlain && version.localeCompare(other, "en", { numeric: true }) < 0;
}
