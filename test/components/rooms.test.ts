import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

const folder = join(__dirname, "../../components");
const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => ({ file, text: readFileSync(join(folder, file), "utf8") }));

const isIndex = ({ file }: { file: string }): boolean => basename(file) === "index.ts";

/** `web-socket-api.ts` for `WebSocketApi`. */
const fileOf = (className: string): string => `${className.replace(/(?!^)[A-Z]/g, "-$&").toLowerCase()}.ts`;

describe("the files of the components", () => {
    it("have each public class in the file of its name", () => {
        const misplaced = files.flatMap(({ file, text }) =>
            [...text.matchAll(/^export (?:abstract )?class (\w+)/gm)]
                .map(([, name]) => name!)
                .filter((name) => basename(file) !== fileOf(name))
                .map((name) => `components/${file}: ${name} belongs into ${fileOf(name)}`),
        );
        assert.deepEqual(misplaced, []);
    });

    it("have nothing in the index of a folder but what it lets out", () => {
        const more = files
            .filter(isIndex)
            .filter(({ text }) => text.replace(/^export (\*|\{[^}]*\}) from "[^"]+";\n/gm, "") !== "")
            .map(({ file }) => `components/${file}`);
        assert.ok(files.some(isIndex));
        assert.deepEqual(more, []);
    });
});
