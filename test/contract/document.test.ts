import assert from "node:assert/strict";
import { recordColumns } from "../../components/data-layer";
import { anchor } from "../../contract/document/markdown";
import { services } from "../../contract/services";
import { variables } from "../../contract/variables";
import { generated, onDisk } from "../../contract/write";

/** Variables that a process has without the platform giving them to it in a definition. */
const notGiven = ["AIPX_SELF_TEST", "ACTIVE_TASK_PROTECTION"];

describe("docs/images.md", function () {
    this.timeout(180_000);

    let files: Record<string, string>;
    let page: string;
    before(async () => {
        files = await generated();
        page = files["images.md"]!;
    });

    it("is what npm run docs writes, with its schemas and no others", () => {
        const written = onDisk();
        assert.deepEqual(Object.keys(written).sort(), Object.keys(files).sort(), "run npm run docs");
        for (const [file, text] of Object.entries(files)) {
            assert.equal(written[file], text, `docs/${file} is stale: run npm run docs`);
        }
    });

    it("has, for each service, every part, and none of them empty", () => {
        const parts = new Map(
            page
                .split(/^(?=#{2,3} )/m)
                .map((section) => [/^#+ (.*)/.exec(section)?.[1] ?? "", section.replace(/^.*\n/, "").trim()]),
        );
        for (const { title } of services) {
            assert.ok(parts.get(title), title);
            for (const part of [
                "what it must do",
                "environment",
                "secrets",
                "ports and health",
                "start, signals, stop",
                "files, user, size",
                "identity",
                "network",
                "what triggers it",
                "what it sends",
            ]) {
                const text = parts.get(`${title}: ${part}`);
                assert.ok(text !== undefined && text.length > 10, `${title}: ${part}`);
                assert.doesNotMatch(text, /undefined|\[object|NaN/, `${title}: ${part}`);
            }
        }
    });

    it("leads somewhere with every link into itself, and to every schema", () => {
        const headings = new Set([...page.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchor(heading!)));
        const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, target]) => target!);
        assert.ok(links.length > 50);
        assert.deepEqual(
            links.filter((target) => !headings.has(target)),
            [],
        );
        const schemas = [...page.matchAll(/\]\((schemas\/[^)]+)\)/g)].map(([, target]) => target!);
        assert.deepEqual(
            [...new Set(schemas)].sort(),
            Object.keys(files)
                .filter((file) => file !== "images.md")
                .sort(),
        );
    });

    it("says what each variable means, also of those that other stacks alone set", () => {
        for (const [name, { meaning }] of Object.entries(variables)) {
            assert.ok(
                page.split("\n").some((line) => line.startsWith(`| \`${name}\` `) && line.includes(meaning)),
                name,
            );
        }
    });

    it("names the columns of all records, also of topics that it does not describe", () => {
        for (const [name, type] of recordColumns("news")) {
            assert.ok(page.includes(`\`${name}\` ${type}`), name);
        }
    });

    it("speaks of no variable that nobody gets", () => {
        const named = [...page.matchAll(/`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)`/g)].map(([, name]) => name!);
        const prefixes = [
            "AIPX",
            "AWS",
            "DATA",
            "EVENT",
            "KAFKA",
            "KIS",
            "LEASE",
            "OMS",
            "POSTGRES",
            "REDIS",
            "RISK",
            "WEBSOCKET",
        ];
        const strangers = named.filter(
            (name) =>
                prefixes.includes(name.split("_")[0]!) &&
                !name.startsWith("AWS_") &&
                !(name in variables) &&
                !notGiven.includes(name) &&
                name !== "RISK_LIMIT",
        );
        assert.deepEqual(strangers, []);
    });

    it("holds no secret", () => {
        assert.doesNotMatch(page, /AKIA|BEGIN [A-Z ]*PRIVATE KEY|\[secret\]/);
    });
});
