import { type Config } from "./stack-file";

type Inside = Record<string | number, unknown>;

/** What `pulumi config set` and `pulumi config rm` make of a config: as the CLI reads paths and values. */
export function runCommand(config: Config, line: string): void {
    const { verb, name, given, isPath, isText } = read(line, config);
    const [first = "", ...keys] = isPath ? parsePath(name) : [name];
    keys.unshift(first);
    const last = keys.pop() as string | number;
    let inside: Inside = config;
    for (const [index, key] of keys.entries()) {
        inside[key] ??= typeof (keys[index + 1] ?? last) === "number" ? [] : {};
        if (typeof inside[key] !== "object") {
            throw new Error(`${line}: ${key} is no map or list`);
        }
        inside = inside[key] as Inside;
    }
    if (verb === "rm") {
        if (Array.isArray(inside)) {
            inside.splice(last as number, 1);
        } else {
            delete inside[last];
        }
    } else if (given !== undefined) {
        if (Array.isArray(inside) && (last as number) > inside.length) {
            throw new Error(`${line}: the list has only ${inside.length}`);
        }
        // The CLI keeps the quotes of a text that was there.
        inside[last] = readValue(given, typeof inside[last] === "string" || isText);
    } else {
        throw new Error(`${line}: no such command`);
    }
}

interface Command {
    verb?: string;
    /** Config key, or a path. */
    name: string;
    given?: string;
    isPath: boolean;
    isText: boolean;
}

/** A command as the shell and the CLI take it apart. */
function read(line: string, config: Config): Command {
    const words = [...line.matchAll(/'((?:[^']|'\\'')*)'|"\$\(pulumi config get --stack \S+ '(.+)'\)"|(\S+)/g)].map(
        ([, quoted, source, plain]) => ({
            option: plain?.startsWith("--") ? plain : undefined,
            text: source === undefined ? (quoted?.replace(/'\\''/g, "'") ?? plain ?? "") : String(config[source]),
        }),
    );
    const end = words.findIndex(({ option }) => option === "--");
    const isOption = (index: number): boolean => words[index]?.option !== undefined && (end < 0 || index <= end);
    const takesValue = (index: number): boolean => /^--(stack|type)$/.test(words[index]?.option ?? "");
    const [, , verb, name = "", given] = words
        .filter((_word, index) => !isOption(index) && !takesValue(index - 1))
        .map(({ text }) => text);
    const has = (option: string): boolean => words.some((word) => word.option === option);
    return { verb, name, given, isPath: has("--path"), isText: has("--type") };
}

function parsePath(path: string): (string | number)[] {
    const namespace = /^[^:]+:/.exec(path)?.[0] ?? "";
    const keys = [...path.slice(namespace.length).matchAll(/\["((?:\\"|[^"])*)"\]|\[(\d+)\]|([^.[]+)/g)].map(
        ([, quoted, index, plain]) =>
            index === undefined ? (quoted?.replace(/\\"/g, '"') ?? plain ?? "") : Number(index),
    );
    return [`${namespace}${keys[0]}`, ...keys.slice(1)];
}

function readValue(value: string, isText: boolean): unknown {
    if (isText) {
        return value;
    }
    return value === "true" || value === "false"
        ? value === "true"
        : /^(0|[+-]?[1-9]\d*)$/.test(value)
          ? Number(value)
          : value;
}
