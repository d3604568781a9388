import { closest } from "./closest";
import { type Change, type Diagnostic, pathText, type SettingPath, valueText } from "./problems";
import { allowed, childNode, has, isMap, type SchemaNode, settingsNode } from "./schema-nodes";
import { fits, putAt } from "./shape";

// `pulumi config set aipx:kafka.brokers 4`, without `--path`, makes a config key of that name beside `aipx:kafka`, which nobody
// reads. Such a key is removed without `--path`, too: with it, the setting inside the map would go.

type Config = Readonly<Record<string, string>>;
type Inside = (string | number)[];

/** Whether the name of a config key is a path into the value of another one. */
export const isFlat = (key: string): boolean => pathOf(key).length > 1;

/** The value that a config key's text stands for. A text that is no JSON is a text, which no `aipx:` key may be. */
export function parsed(text: string): unknown {
    try {
        return JSON.parse(text) as unknown;
    } catch {
        return text;
    }
}

/**
 * Finds flat keys, and puts what they say where it was meant to be. There it wins: somebody wrote it to have it.
 *
 * @param input Values of the `aipx:` keys that are not flat, by key without namespace.
 */
export function flatKeyDiagnostics(config: Config, input: unknown, secretKeys: ReadonlySet<string>): Diagnostic[] {
    const roots: Record<string, Root> = {
        aipx: { node: settingsNode(), input, takes: fits },
        aws: {
            node: provider,
            input: Object.fromEntries(providerKeys.map((key) => [key, parsed(config[`aws:${key}`] ?? "")])),
            takes: (value) => typeof value === "string",
        },
    };
    const ends = new Map<string, number>();
    return (
        Object.keys(config)
            .filter((key) => key.startsWith("aipx:") || providerKeys.some((known) => key.startsWith(`aws:${known}`)))
            .filter(isFlat)
            // Members of a list one after the other: [2] before [10].
            .sort((a, b) => a.localeCompare(b, "en", { numeric: true }))
            .map((key) =>
                diagnostic(key, config[key]!, secretKeys.has(key), locate(key, roots[namespaceOf(key)]!, ends)),
            )
    );
}

/** Settings of one namespace. */
interface Root {
    node: SchemaNode;
    input: unknown;
    /** Whether a value may be at a place where no list or map is. */
    takes: (value: unknown, inside: Inside) => boolean;
}

/** What the AWS provider takes of a stack. */
const provider: SchemaNode = {
    properties: {
        allowedAccountIds: { type: "array", items: { type: "string" } },
        defaultTags: {
            type: "object",
            properties: { tags: { type: "object", additionalProperties: { type: "string" } } },
        },
    },
};
const providerKeys = Object.keys(provider.properties!);

const namespaceOf = (key: string): string => key.slice(0, key.indexOf(":"));

/** The path that a key's name is, as the CLI reads paths: `topics["a.b"].partitions`. What is no path is one name. */
function pathOf(key: string): Inside {
    const name = key.slice(namespaceOf(key).length + 1);
    const parts = [...name.matchAll(/(?:^|\.)([^.[\]"]+)|\[(\d+)\]|\.?\["((?:\\"|[^"])*)"\]/g)];
    return parts.map(([whole]) => whole).join("") === name
        ? parts.map(([, plain, index, quoted]) => plain ?? quoted?.replace(/\\"/g, '"') ?? Number(index))
        : [name];
}

/** Where a flat key was meant to be. */
interface Place {
    path: SettingPath;
    node: SchemaNode;
    /** What is there now. */
    present: unknown;
    takes: (value: unknown) => boolean;
    /** Whether a name on the way had to be guessed. */
    isGuess: boolean;
}

/** The last place on the way to one that does not exist, and what is known there. */
interface NoPlace {
    path: SettingPath;
    known: string[];
}

/** @param ends Lengths of lists, with what other flat keys add: the CLI adds members at the end only. */
function locate(key: string, root: Root, ends: Map<string, number>): Place | NoPlace {
    let { node, input: present } = root;
    const inside: Inside = [];
    const pathTo = (): SettingPath => [`${namespaceOf(key)}:${inside[0] ?? ""}`, ...inside.slice(1)];
    let isGuess = false;
    for (const written of pathOf(key)) {
        const known = forms(node).flatMap(({ properties = {} }) => Object.keys(properties));
        const isKnown = childOf(node, written, present) !== undefined;
        const name = isKnown || typeof written === "number" ? written : closest(written, known);
        const child = name === undefined ? undefined : childOf(node, name, present);
        if (name === undefined || child === undefined) {
            return { path: pathTo(), known };
        }
        const position = typeof name === "number" ? positionIn(pathText(pathTo()), present, name, ends) : name;
        isGuess ||= !isKnown;
        present = valueIn(present, position);
        node = child;
        inside.push(position);
    }
    return { path: pathTo(), node, present, takes: (value) => root.takes(value, inside), isGuess };
}

function positionIn(list: string, members: unknown, index: number, ends: Map<string, number>): number {
    const end = ends.get(list) ?? (Array.isArray(members) ? members.length : 0);
    const position = Math.min(index, end);
    ends.set(list, Math.max(end, position + 1));
    return position;
}

const forms = (node: SchemaNode): SchemaNode[] => node.oneOf ?? [node];

/** What is below a node; where its form is not known yet, in any of its forms. */
const childOf = (node: SchemaNode, key: string | number, value: unknown): SchemaNode | undefined =>
    childNode(node, key, value) ?? forms(node).flatMap((form) => childNode(form, key, value) ?? [])[0];

const valueIn = (value: unknown, key: string | number): unknown =>
    typeof value === "object" && value !== null && has(value, key)
        ? (value as Record<string | number, unknown>)[key]
        : undefined;

function diagnostic(key: string, text: string, isSecret: boolean, place: Place | NoPlace): Diagnostic {
    const remove: Change = { remove: [key] };
    if ("known" in place) {
        return { path: [key], is: "is not a setting", must: knownText(place), fix: [remove] };
    }
    const { path, node, present, takes, isGuess } = place;
    const is = `${valueText(path, parsed(text), isSecret)}, in a key of its own: it was set without --path`;
    if (isSecret) {
        // A number, a switch or a choice is none.
        const isHarmless = node.enum !== undefined || ["integer", "boolean"].includes(node.type ?? "");
        const must = "must be set with --path, and be no secret: those belong into AWS Secrets Manager";
        return { path: [key], is, must, fix: [...(isHarmless ? [{ copy: key, to: path }] : []), remove] };
    }
    const value = [parsed(text), text].find((each) => hasKind(each, node) ?? takes(each));
    const must = isGuess
        ? `did you mean ${pathText(path)}, set with --path?`
        : value === undefined
          ? `must be ${allowed(node)}, set with --path`
          : `must be set with --path, which puts it into ${path[0]}`;
    return { path: [key], is, must, fix: [...(value === undefined ? [] : replacing(path, present, value)), remove] };
}

function knownText({ path, known }: NoPlace): string {
    const where = path[0] === "aipx:" ? "here" : `in ${pathText(path)}`;
    return known.length === 0 ? `there is nothing to set ${where}` : `known ${where} are ${known.join(", ")}`;
}

/** Whether a value is a list for a list, or a map for a map: what is wrong inside is found when it is in its place. */
function hasKind(value: unknown, { type, oneOf }: SchemaNode): boolean | undefined {
    if (type === "array") {
        return Array.isArray(value);
    }
    return type === "object" || oneOf !== undefined ? isMap(value) : undefined;
}

/** Changes that put a value in the place of another one: of a list all members, of a map those that are named. */
function replacing(path: SettingPath, present: unknown, value: unknown): Change[] {
    if (Array.isArray(present) && Array.isArray(value)) {
        const surplus = present.slice(value.length);
        return [
            ...surplus.map((_, index) => ({ remove: [...path, present.length - 1 - index] })),
            { set: path, to: value },
        ];
    }
    return isMap(present) && isMap(value) ? [{ set: path, to: value }] : putAt(path, present, value);
}
