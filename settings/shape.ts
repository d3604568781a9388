import { type z } from "zod";
import { closest, mistypedFor } from "./closest";
import { type Change, type Diagnostic, type SettingPath, valueText } from "./problems";
import { settingsSchema } from "./schema";
import { allowed, childNode, example, formOf, has, isMap, type SchemaNode, settingsNode } from "./schema-nodes";

type Issue = z.core.$ZodIssue;

/**
 * What zod found, in this program's words.
 *
 * @param input What was parsed: the values of the `aipx:` keys, by key without namespace.
 * @param secretKeys Config keys that hold secrets; their values are not shown.
 */
export function shapeDiagnostics(issue: Issue, input: unknown, secretKeys: ReadonlySet<string>): Diagnostic[] {
    const inside = issue.path as (string | number)[];
    if (issue.code === "unrecognized_keys") {
        return issue.keys.map((key) => unknownKey(inside, key, input, secretKeys));
    }
    const { node = {}, value, parent = {} } = lookUp(inside, input);
    const path = settingPath(inside);
    if (issue.code === "invalid_key") {
        return [
            {
                path,
                is: "has a name that is not allowed",
                must: `must be ${allowed(parent.propertyNames ?? {})}`,
                fix: [{ remove: path }],
            },
        ];
    }
    const secret = secretKeys.has(String(path[0]));
    // The text of a whole config key that is no JSON: the CLI writes maps as JSON.
    const is =
        path.length === 1 && typeof value === "string"
            ? "is not a map, nor valid JSON"
            : valueText(path, value, secret);
    // What is suggested for a secret must not follow from it.
    const fix = secret ? mend(node, path, inside, undefined, {}) : mend(node, path, inside, value, input);
    return [{ path, is, must: `must be ${allowed(node)}`, fix }];
}

function unknownKey(
    inside: (string | number)[],
    key: string,
    input: unknown,
    secretKeys: ReadonlySet<string>,
): Diagnostic {
    const { node, value } = lookUp(inside, input);
    const known = Object.keys(formOf(node, value)?.properties ?? {});
    const meant = closest(key, known);
    const path = settingPath([...inside, key]);
    return {
        path,
        is: "is not a setting",
        must: meant === undefined ? `known here are ${known.join(", ")}` : `did you mean ${meant}?`,
        fix: meant === undefined ? [{ remove: path }] : replace(inside, key, meant, input, secretKeys),
    };
}

/** Changes that put the right key in place of a mistyped one, so that its value is not lost. */
function replace(
    inside: (string | number)[],
    mistyped: string,
    meant: string,
    input: unknown,
    secretKeys: ReadonlySet<string>,
): Change[] {
    const { node, value } = lookUp(inside, input);
    const { [mistyped]: found, [meant]: present } = value as Record<string, unknown>;
    const [from, to] = [settingPath([...inside, mistyped]), settingPath([...inside, meant])];
    if (present === undefined && hasParts(found)) {
        return [{ rename: from, to }];
    }
    // One that must be there is reported as missing, with its value.
    const isReported = present !== undefined || formOf(node, value)?.required?.includes(meant);
    const mayBeShown = !secretKeys.has(String(from[0]));
    const isKept = !isReported && mayBeShown && fits(found, [...inside, meant]);
    return [...(isKept ? [{ set: to, to: found }] : []), { remove: from }];
}

/** Changes that put an allowed value where a wrong one, or none, is. */
function mend(
    node: SchemaNode,
    path: SettingPath,
    inside: (string | number)[],
    value: unknown,
    input: unknown,
): Change[] {
    if (Array.isArray(value) && node.type === "array") {
        // Too long or too short: its members are right, or reported by themselves.
        const [surplus, count] = [value.slice(node.maxItems ?? value.length), value.length];
        if (surplus.length > 0) {
            return surplus.map((_, index) => ({ remove: [...path, count - 1 - index] }));
        }
        const whole = example(node) as unknown[];
        return whole.slice(count).map((each, index) => ({ set: [...path, count + index], to: each }));
    }
    const mistyped = misnamed(inside, input);
    if (mistyped && hasParts(mistyped.value)) {
        return [{ rename: settingPath([...inside.slice(0, -1), mistyped.key]), to: path }];
    }
    const right =
        suggestion(node, inside, value, input) ??
        (typeof inside[inside.length - 1] === "number" ? freshMember(inside, input) : example(node));
    if (right === undefined) {
        return [{ remove: path }];
    }
    return putAt(path, value, right);
}

/** Changes that put the right value where another one, or none, is. */
export function putAt(path: SettingPath, present: unknown, right: unknown): Change[] {
    // The CLI keeps the quotes of a text, which make a text of any value; and it sets nothing inside of one.
    const inTheWay =
        typeof right === "object" ? present !== undefined : typeof present === "string" && typeof right !== "string";
    const clear: Change[] = inTheWay ? [{ remove: path }] : [];
    return [...clear, { set: path, to: right }];
}

/** An example that a list does not have yet, if there is one. */
function freshMember(inside: (string | number)[], input: unknown): unknown {
    const { node = {}, value } = lookUp(inside.slice(0, -1), input);
    const examples = [...(node.examples?.flat() ?? []), ...(node.items?.examples ?? [])];
    return examples.find((each) => !Array.isArray(value) || !value.includes(each));
}

/** The allowed value that is near to the wrong one, if there is one. */
function suggestion(node: SchemaNode, inside: (string | number)[], value: unknown, input: unknown): unknown {
    // A list or map has no text: its own "toString" can be anything.
    const text =
        typeof value === "string" ? value.trim() : typeof value === "object" ? "" : JSON.stringify(value ?? "");
    const number = text === "" ? NaN : Number(text);
    const candidates: unknown[] = [
        misnamed(inside, input)?.value,
        ...(typeof value === "number" ? [String(value), value.toFixed(1)] : []),
        ...(Number.isFinite(number)
            ? [Math.min(node.maximum ?? Infinity, Math.max(node.minimum ?? -Infinity, Math.round(number)))]
            : []),
        nearest(node.enum, number),
        closest(text, (node.enum ?? []).map(String)),
        { true: true, yes: true, on: true, false: false, no: false, off: false }[text.toLowerCase()],
    ];
    return candidates.find((candidate) => candidate !== undefined && fits(candidate, inside));
}

/** A mistyped key beside a missing one. */
function misnamed(inside: (string | number)[], input: unknown): { key: string; value: unknown } | undefined {
    const key = inside[inside.length - 1];
    const { node, value } = lookUp(inside.slice(0, -1), input);
    if (typeof key !== "string" || !isMap(value) || has(value, key) || !node?.properties) {
        return undefined;
    }
    const mistyped = mistypedFor(key, value, Object.keys(node.properties));
    return mistyped === undefined ? undefined : { key: mistyped, value: value[mistyped] };
}

/** Whether a value is a list or map, which no single command sets. */
const hasParts = (value: unknown): boolean => isMap(value) || Array.isArray(value);

function nearest(choices: (string | number)[] | undefined, value: number): number | undefined {
    return (choices ?? [])
        .filter((choice) => typeof choice === "number")
        .reduce<number | undefined>(
            (best, each) => (best === undefined || Math.abs(each - value) < Math.abs(best - value) ? each : best),
            undefined,
        );
}

/** Whether the value is allowed at a place: zod finds nothing there when all else is missing. */
export function fits(value: unknown, inside: (string | number)[]): boolean {
    const around = inside.reduceRight<unknown>(
        (inner, key) => (typeof key === "number" ? Array(key + 1).fill(inner) : { [key]: inner }),
        value,
    );
    const issues = settingsSchema.safeParse(around).error?.issues ?? [];
    return !issues.some(({ path }) => inside.every((key, index) => path[index] === key));
}

/** What the schema says about a place, and what is there. */
function lookUp(
    inside: (string | number)[],
    input: unknown,
): { node?: SchemaNode; value: unknown; parent?: SchemaNode } {
    let node: SchemaNode | undefined = settingsNode();
    let parent: SchemaNode | undefined;
    let value = input;
    for (const key of inside) {
        [parent, node] = [node, childNode(node, key, value)];
        value =
            typeof value === "object" && value !== null && has(value, key)
                ? (value as Record<string | number, unknown>)[key]
                : undefined;
    }
    return { node, value, parent };
}

const settingPath = (inside: (string | number)[]): SettingPath => [`aipx:${inside[0]}`, ...inside.slice(1)];
