import assert from "node:assert/strict";
import * as fc from "fast-check";
import { parseSettings, SettingsError } from "../../settings";
import { pathText } from "../../settings/problems";
import { type Config, flat, stackConfig, stackNames } from "./stack-file";

type Path = (string | number)[];
type Inside = Record<string | number, unknown>;

/** Every place in a config below a config key of this program, and the keys themselves. */
function places(value: unknown, path: Path = []): Path[] {
    const inside =
        typeof value === "object" && value !== null
            ? Object.entries(value).flatMap(([key, each]) =>
                  places(each, [...path, Array.isArray(value) ? Number(key) : key]),
              )
            : [];
    return path.length === 0 ? inside.filter(([key]) => String(key).startsWith("aipx:")) : [path, ...inside];
}

const around = (config: Config, path: Path): Inside =>
    path.slice(0, -1).reduce<Inside>((inside, key) => inside[key] as Inside, config);

const lastOf = (path: Path): string | number => path[path.length - 1] as string | number;

/** What can happen to a value; gives the places that an error may then name. */
type Mutation = (config: Config, path: Path) => Path[];

const put =
    (value: unknown): Mutation =>
    (config, path) => {
        around(config, path)[lastOf(path)] = value;
        return [path];
    };
const remove: Mutation = (config, path) => {
    const inside = around(config, path);
    if (Array.isArray(inside)) {
        inside.splice(lastOf(path) as number, 1);
    } else {
        delete inside[lastOf(path)];
    }
    return [path];
};
const rename =
    (letters: string): Mutation =>
    (config, path) => {
        const inside = around(config, path);
        const to = `${lastOf(path)}${letters}`;
        if (!Array.isArray(inside)) {
            inside[to] = inside[lastOf(path)];
            delete inside[lastOf(path)];
        }
        return [path, [...path.slice(0, -1), to]];
    };

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
    fc.constant(remove),
    fc.string({ minLength: 1, maxLength: 4 }).map(rename),
    fc.constantFrom("", "x", true, null, 0, -1, 3.7, 1e9, NaN, [], {}, [1], { a: 1 }, { secure: "v1:x" }).map(put),
    fc.integer({ min: 0, max: 200000 }).map(put),
    fc.string().map(put),
    fc.jsonValue().map(put),
);

/** Whether the message names one of the places, or, where a rule ties it to others, says its name. */
function names(message: string, paths: Path[]): boolean {
    const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, "");
    return paths.some((path) => {
        // Members of a list are spoken of as the list.
        const keys = path.slice(0, path.map((key) => typeof key).lastIndexOf("string") + 1);
        return message.includes(pathText(keys)) || plain(message).includes(plain(String(lastOf(keys))));
    });
}

function check(config: Record<string, string>, stack: string, named: (message: string) => boolean): void {
    try {
        parseSettings(config, { stack });
    } catch (error) {
        assert.ok(error instanceof SettingsError, error instanceof Error ? error.stack : String(error));
        assert.ok(error.problems.length > 0);
        assert.ok(named(error.message), error.message);
    }
}

describe("any change of a valid stack file", () => {
    const stack = fc.constantFrom(...stackNames);
    const index = fc.nat({ max: 10000 });

    it("parses, or gives an error that names the place", () => {
        fc.assert(
            fc.property(stack, index, mutation, (name, at, mutate) => {
                const config = stackConfig(name);
                const all = places(config);
                const paths = mutate(config, all[at % all.length] as Path);
                check(flat(config), name, (message) => names(message, paths));
            }),
            { numRuns: 1500 },
        );
    });

    it("parses, or gives an error that names the config key whose text is cut off", () => {
        fc.assert(
            fc.property(stack, index, index, fc.string({ maxLength: 3 }), (name, at, cut, end) => {
                const config = flat(stackConfig(name));
                const keys = Object.keys(config).filter((key) => key.startsWith("aipx:"));
                const key = keys[at % keys.length] as string;
                const text = config[key] as string;
                config[key] = text.slice(0, cut % text.length) + end;
                check(config, name, (message) => message.includes(key));
            }),
            { numRuns: 300 },
        );
    });

    it("gives an error for the changes that cannot be right", () => {
        for (const name of stackNames) {
            for (const path of places(stackConfig(name))) {
                const config = stackConfig(name);
                put({ "a strange key": 1 })(config, path);
                assert.throws(
                    () => parseSettings(flat(config), { stack: name }),
                    (error: Error) => error instanceof SettingsError && error.message.includes(pathText(path)),
                    pathText(path),
                );
            }
        }
    });
});
