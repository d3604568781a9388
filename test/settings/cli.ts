import { type Config } from "./stack-file";

type Inside = Record<string | number, unknown>;

/** What `pulumi config set` and `pulumi config rm` make of a config: as the CLI reads paths and values. */
export function runCommand(config: Config, command: string): void {
    const [, verb, path = "", value] =
        /^pulumi config (set|rm) --stack \S+ --path '(.+?)'(?: (.+))?$/.exec(command) ?? [];
    const [first = "", ...keys] = parsePath(path);
    keys.unshift(first);
    const last = keys.pop() as string | number;
    let inside: Inside = config;
    for (const [index, key] of keys.entries()) {
        inside[key] ??= typeof (keys[index + 1] ?? last) === "number" ? [] : {};
        if (typeof inside[key] !== "object") {
            throw new Error(`${command}: ${key} is no map or list`);
        }
        inside = inside[key] as Inside;
    }
    if (verb === "rm") {
        if (Array.isArray(inside)) {
            inside.splice(last as number, 1);
        } else {
            delete inside[last];
        }
    } else if (value !== undefined) {
        if (Array.isArray(inside) && (last as number) > inside.length) {
            throw new Error(`${command}: the list has only ${inside.length}`);
        }
        // The CLI keeps the quotes of a text that was there.
        inside[last] = readValue(value, typeof inside[last] === "string");
    } else {
        throw new Error(`${command}: no such command`);
    }
}

function parsePath(path: string): (string | number)[] {
    const namespace = /^[^:]+:/.exec(path)?.[0] ?? "";
    const keys = [...path.slice(namespace.length).matchAll(/\["((?:\\"|[^"])*)"\]|\[(\d+)\]|([^.[]+)/g)].map(
        ([, quoted, index, plain]) =>
            index === undefined ? (quoted?.replace(/\\"/g, '"') ?? plain ?? "") : Number(index),
    );
    return [`${namespace}${keys[0]}`, ...keys.slice(1)];
}

function readValue(text: string, isText: boolean): unknown {
    const [, quoted, plain, flag] = /^(?:'(.*)'|(\S+?))( --type string| --plaintext)?$/.exec(text) ?? [];
    const value = quoted ?? plain ?? "";
    if (isText || flag === " --type string") {
        return value;
    }
    return value === "true" || value === "false"
        ? value === "true"
        : /^(0|[+-]?[1-9]\d*)$/.test(value)
          ? Number(value)
          : value;
}
