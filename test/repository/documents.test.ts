import assert from "node:assert/strict";
import { entries, files, read } from "./files";
import { deadLinks, missingFrom } from "./names";

const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
const missing = (document: string, text: string) => missingFrom(document, text, Object.keys(scripts));

describe("documents", () => {
    for (const document of ["README.md", "AGENTS.md", "CONTRIBUTING.md", "SECURITY.md", "docs/support.md"]) {
        it(`${document} names only what there is: paths, headings and npm scripts`, () => {
            assert.deepEqual(missing(document, read(document)), []);
        });
    }

    it("link to what there is, also those that name files in other ways", () => {
        // typedoc checks the links of docs/components.md, whose anchors it makes in ways of its own.
        const written = files().filter((path) => path.endsWith(".md") && path !== "docs/components.md");
        assert.deepEqual(
            written.flatMap((path) => deadLinks(path, read(path)).map((link) => `${path}: ${link}`)),
            [],
        );
    });

    it("AGENTS.md has every folder of the repository on its map", () => {
        const map = read("AGENTS.md");
        const unmapped = entries().filter((name) => name.endsWith("/") && !map.includes(`| \`${name}\``));
        assert.deepEqual(unmapped, [], "folders without a row in AGENTS.md");
    });

    const table: [title: string, text: string, missing: string[]][] = [
        [
            "files and folders that are there",
            "`settings/schema.ts`, `settings/`, `test/*/nothing.ts`, `package.json`",
            [],
        ],
        ["a file that is gone", "`settings/gone.ts`", ["settings/gone.ts"]],
        ["a folder that is gone", "what lies in `gone/`", ["gone/"]],
        ["a file of the root that is gone", "`gone.json`", ["gone.json"]],
        ["a file in a command", "```\nnpx mocha 'test/gone.test.ts' # as test/this.ts\n```", ["test/gone.test.ts"]],
        ["what is no path", "`a/b`, `@pulumi/aws`, `aipx:kafka`, `fix: gone/away`, `v0.1.0`", []],
        ["a link that leads to a heading", "[why](CONTRIBUTING.md#versions-and-releases)", []],
        ["a heading that is gone", "[why](CONTRIBUTING.md#gone)", ["CONTRIBUTING.md#gone"]],
        ["a linked file that is gone", "[why](gone.md), [else](https://example.com/gone.md)", ["gone.md"]],
        ["scripts that are there", "`npm run plan -- dev`, npm test, npm run --silent plan", []],
        ["a script that is gone", "`npm run gone` and npm run gone:too", ["npm run gone", "npm run gone:too"]],
    ];
    for (const [title, text, expected] of table) {
        it(`are read for ${title}`, () => {
            assert.deepEqual(missing("README.md", text), expected);
        });
    }
});
