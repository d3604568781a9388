import { RunError } from "@pulumi/pulumi/errors";
import { isMap } from "./schema-nodes";

/** Where a setting is: the config key, then keys and positions inside its value. */
export type SettingPath = readonly (string | number)[];

/** Path of a setting of this program: `at("kafka", "brokers")`. */
export const at = (...path: [string, ...(string | number)[]]): SettingPath => [`aipx:${path[0]}`, ...path.slice(1)];

/** A change that mends a problem. `copy` takes the value of a config key that must not be shown. `rename` and `edit` are for what no command of the CLI does. */
export type Change =
    | { set: SettingPath; to: unknown }
    | { remove: SettingPath }
    | { copy: string; to: SettingPath }
    | { rename: SettingPath; to: SettingPath }
    | { edit: string };

/** The place that a command changes. */
export function changedPath(change: Change): SettingPath | undefined {
    return "set" in change ? change.set : "remove" in change ? change.remove : "copy" in change ? change.to : undefined;
}

/** What a check found. */
export interface Diagnostic {
    path: SettingPath;
    /** What is the case: `is 4`. */
    is: string;
    /** What would be right: `must be a multiple of 3`. */
    must: string;
    fix: Change[];
}

/** What is wrong with one setting, in words for people. */
export interface Problem {
    /** Config path: `aipx:kafka.brokers`. */
    path: string;
    /** The value as people wrote it, or what kind of thing it is; `missing` when there is none. Never a secret. */
    value: string;
    /** What is allowed. */
    allowed: string;
    /** Commands that mend it, one a line. */
    fix: string[];
}

/** Settings that cannot be used, with all that is wrong with them. `pulumi up` shows the message without a stack trace. */
export class SettingsError extends RunError {
    override readonly name = "SettingsError";

    constructor(
        stack: string,
        readonly problems: Problem[],
    ) {
        const count = problems.length === 1 ? "1 setting is wrong" : `${problems.length} settings are wrong`;
        super([`stack ${stack}: ${count}`, ...problems.map(problemText)].join("\n\n"));
    }
}

/** A problem as people read it. */
export function problemText({ path, value, allowed, fix }: Problem): string {
    const lines = fix.map((line, index) => `  ${index === 0 ? "fix:" : "    "} ${line}`);
    return [`${path} ${value}`, `  ${allowed}`, ...lines].join("\n");
}

/** A diagnostic in a stack's settings as a problem. Without a stack the commands go to the one that is selected. */
export function problem({ path, is, must, fix }: Diagnostic, stack?: string): Problem {
    return { path: pathText(path), value: is, allowed: must, fix: fix.flatMap((change) => changeText(change, stack)) };
}

/** `aipx:kafka.topics["a.b"].partitions`, as `pulumi config --path` takes it. */
export function pathText([key, ...inside]: SettingPath): string {
    return inside.reduce<string>((text, part) => {
        if (typeof part === "number") {
            return `${text}[${part}]`;
        }
        return /^[\w$-]+$/.test(part) ? `${text}.${part}` : `${text}["${part.replace(/"/g, '\\"')}"]`;
    }, String(key));
}

/** What a value is, for people. Lists and maps are not written out, secrets never. */
export function valueText(path: SettingPath, value: unknown, secret = false): string {
    if (value === undefined) {
        return "is missing";
    }
    if (secret || path.some((part) => secretName.test(String(part))) || (isMap(value) && "secure" in value)) {
        return "is a secret, not shown here";
    }
    if (value === null) {
        return "is empty";
    }
    if (Array.isArray(value)) {
        return value.length === 0 ? "is an empty list" : `is a list of ${value.length}`;
    }
    if (isMap(value)) {
        return "is a map";
    }
    const text = JSON.stringify(value);
    return `is ${text.length > 120 ? `${text.slice(0, 117)}...` : text}`;
}

/** Names whose values are not shown. Settings hold no secrets, but people put them in by mistake. */
const secretName = /pass|pwd|secret|token|(api|app|access|private)[_-]?key/i;

function changeText(change: Change, stack: string | undefined): string[] {
    const onStack = stack === undefined ? "" : ` --stack ${quoted(stack)}`;
    if ("edit" in change) {
        return [change.edit];
    }
    if ("rename" in change) {
        const file = stack === undefined ? "the stack's file" : `Pulumi.${stack}.yaml`;
        return [`rename ${pathText(change.rename)} to ${pathText(change.to)} in ${file}`];
    }
    if ("remove" in change) {
        const { remove } = change;
        // The name of a config key may look like a path into another one.
        const asPath = remove.length > 1 || /^[\w:-]+$/.test(pathText(remove)) ? " --path" : "";
        return [`pulumi config rm${onStack}${asPath} ${quoted(pathText(remove), true)}`];
    }
    if ("copy" in change) {
        const value = `"$(pulumi config get${onStack} ${quoted(change.copy, true)})"`;
        return [`pulumi config set${onStack} --path ${quoted(pathText(change.to), true)} ${value}`];
    }
    return scalars(change.set, change.to).flatMap(([path, value]) => {
        if (value === empty) {
            // Nothing else makes it.
            return [{ set: path, to: "x" }, { remove: path }].flatMap((each) => changeText(each, stack));
        }
        const [text, flags] = [quoted(String(value)), flag(path, value)];
        // What begins with a hyphen is an option, but for what stands behind two of them.
        const rest = /^'?-/.test(text) ? `${flags} -- ${text}` : ` ${text}${flags}`;
        return [`pulumi config set${onStack} --path ${quoted(pathText(path), true)}${rest}`];
    });
}

/** Stands for the only member of a list or map that has none in the end. */
const empty = Symbol("empty");

/** The CLI sets one value at a time: those of lists and maps one by one. What is null is as if it were left out. */
function scalars(path: SettingPath, value: unknown): [SettingPath, unknown][] {
    if (typeof value === "object") {
        if (value !== null && Object.keys(value).length === 0) {
            return [[[...path, Array.isArray(value) ? 0 : "x"], empty]];
        }
        return Object.entries(value ?? {}).flatMap(([key, each]) =>
            scalars([...path, Array.isArray(value) ? Number(key) : key], each),
        );
    }
    return [[path, value]];
}

/** The CLI takes texts that look like a number or boolean for one, and refuses plain values under names that look secret. */
function flag(path: SettingPath, value: unknown): string {
    if (typeof value === "string" && /^(true|false|0|[+-]?[1-9]\d*)$/.test(value)) {
        return " --type string";
    }
    return /pass|pwd|secret|token/i.test(pathText(path)) ? " --plaintext" : "";
}

function quoted(text: string, always = false): string {
    return !always && /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replace(/'/g, "'\\''")}'`;
}
