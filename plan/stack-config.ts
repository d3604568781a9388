import { existsSync, readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { LineCounter, parseDocument } from "yaml";
import { secretMask } from "./recording";
import { UsageError } from "./usage-error";

/** A Pulumi project: a folder with a Pulumi.yaml. */
export interface Project {
    folder: string;
    name: string;
    /** File that holds the program. */
    main: string;
    /** Stacks that have a file. */
    stacks: string[];
    /** Config of the project itself (`config` in Pulumi.yaml), by full key: what holds where a stack says nothing. */
    defaults: Record<string, unknown>;
}

/** Config of a stack as the engine gives it to the program: full keys, texts, maps and lists as JSON. */
export interface StackConfig {
    config: Record<string, string>;
    /** Keys that hold encrypted values. Their place is taken by `[secret]`: only the real engine can decrypt them. */
    secretKeys: string[];
}

type Values = Record<string, unknown>;

/** Environments in the order in which a change goes through them; other stacks come after. */
const usualOrder = ["dev", "staging", "production"];

/** @throws UsageError if there is no project in the folder, or its file cannot be read. */
export function readProject(folder: string): Project {
    const file = path.join(folder, "Pulumi.yaml");
    if (!existsSync(file)) {
        throw new UsageError(`there is no Pulumi.yaml in ${folder}: run the plan in the folder of the project`);
    }
    const project = readYaml(file);
    if (typeof project.name !== "string") {
        throw new UsageError(`${file}: name is missing`);
    }
    const { name } = project;
    const rank = (stack: string): number =>
        (usualOrder.indexOf(stack) + usualOrder.length + 1) % (usualOrder.length + 1);
    return {
        folder,
        name,
        main: path.resolve(folder, typeof project.main === "string" ? project.main : "index.ts"),
        stacks: readdirSync(folder)
            .flatMap((entry) => /^Pulumi\.(.+)\.yaml$/.exec(entry)?.[1] ?? [])
            .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1)),
        defaults: Object.fromEntries(
            Object.entries(map(project.config)).flatMap(([key, declared]) => {
                // A declaration with a type may have a default; without one it is the value itself, or `value: ...`.
                const declaration = map(declared);
                const value = isMap(declared) ? (declaration.value ?? declaration.default) : declared;
                return value === undefined ? [] : [[fullKey(name, key), value]];
            }),
        ),
    };
}

/** @throws UsageError with file and line, if the stack's file is no YAML map. */
export function readStackConfig(project: Project, stack: string): StackConfig {
    const file = readYaml(path.join(project.folder, `Pulumi.${stack}.yaml`));
    const values: Values = { ...project.defaults };
    for (const [key, value] of Object.entries(map(file.config))) {
        values[fullKey(project.name, key)] = value;
    }
    const secretKeys = Object.keys(values).filter((key) => hasSecret(values[key]));
    return {
        config: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, text(withoutSecrets(value))])),
        secretKeys,
    };
}

function readYaml(file: string): Values {
    const lines = new LineCounter();
    const document = parseDocument(readFileSync(file, "utf8"), { lineCounter: lines, prettyErrors: false });
    const [error] = document.errors;
    if (error) {
        const { line, col } = lines.linePos(error.pos[0]);
        throw new UsageError(`${path.basename(file)}:${line}:${col}: ${error.message}`);
    }
    const content: unknown = document.toJS();
    if (content !== null && content !== undefined && !isMap(content)) {
        throw new UsageError(`${path.basename(file)}:1:1: must be a map`);
    }
    return map(content);
}

const isMap = (value: unknown): value is Values => typeof value === "object" && value !== null && !Array.isArray(value);
const map = (value: unknown): Values => (isMap(value) ? value : {});

/** `aipx:kafka` for `kafka`: keys without a namespace are the project's own. */
const fullKey = (project: string, key: string): string => (key.includes(":") ? key : `${project}:${key}`);

const text = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

const isEncrypted = (value: unknown): boolean =>
    isMap(value) && Object.keys(value).length === 1 && typeof value.secure === "string";

const hasSecret = (value: unknown): boolean =>
    isEncrypted(value) || (typeof value === "object" && value !== null && Object.values(value).some(hasSecret));

function withoutSecrets(value: unknown): unknown {
    if (isEncrypted(value)) {
        return secretMask;
    }
    if (Array.isArray(value)) {
        return value.map(withoutSecrets);
    }
    return isMap(value)
        ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutSecrets(item)]))
        : value;
}
