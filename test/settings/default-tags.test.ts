import assert from "node:assert/strict";
import { checkDefaultTags, mostDefaultTags, ownTags } from "../../settings/default-tags";
import { planOf, stackNames } from "../support/stacks";

const required = { project: "aipx", environment: "dev", owner: "platform-team", "cost-centre": "trading" };
const problems = (more: Record<string, unknown>): string[] =>
    [...checkDefaultTags({ tags: { ...required, ...more } }, "dev")].map(({ path, must }) => `${path.at(-1)}: ${must}`);
const more = (count: number): Record<string, string> =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`tag-${index}`, "x"]));

describe("default tags", () => {
    it("may have all that AWS takes everywhere", () => {
        assert.deepEqual(problems({ "가 Team:a/b=c+d-e@f.g_h": "개발 R1: a/b=c+d-e@f.g_h", empty: "" }), []);
        assert.deepEqual(problems({ ["k".repeat(128)]: "v".repeat(256), aws: "awsome", awsx: "x" }), []);
        // Length counts characters, not their halves.
        assert.deepEqual(problems({ ["𠀀".repeat(128)]: "𠀀".repeat(256) }), []);
    });

    it("leave room for the program's own", () => {
        assert.deepEqual(problems(more(mostDefaultTags - 4)), []);
        assert.deepEqual(problems(more(mostDefaultTags - 3)), [
            "tags: must have at most 47: AWS allows 50 on a resource, and some have 3 of the program's own",
        ]);
    });

    it("lose none of two that differ in case only, if it must be there", () => {
        const [problem, ...others] = checkDefaultTags({ tags: { OWNER: "a", ...required } }, "dev");
        assert.deepEqual([problem?.path.at(-1), others], ["OWNER", []]);
        assert.deepEqual(
            problems({ Team: "a", team: "b", TEAM: "c" }).map((line) => line.split(":")[0]),
            ["team", "TEAM"],
        );
    });

    for (const [tag, value] of [
        ["a;b", "x"],
        ["a", "x\ty"],
        ["a", "100 %"],
        ["Aws:a", "x"],
        ["a", "aws:x"],
        ["", "x"],
        ["name", "x"],
        ["component", "x"],
        ["a", true],
        ["a", null],
    ] as const) {
        it(`may not be ${JSON.stringify(tag)}: ${JSON.stringify(value)}`, () => {
            assert.equal(problems({ [tag]: value }).length, 1);
        });
    }

    for (const stack of stackNames) {
        it(`are told what tags resources have of their own, and how many: ${stack}`, async () => {
            const tags = (await planOf(stack)).recording.resources.map(({ inputs }) =>
                Object.keys((inputs.tags ?? {}) as object),
            );
            assert.deepEqual([...new Set(tags.flat())].sort(), [...ownTags].sort());
            assert.equal(Math.max(...tags.map(({ length }) => length)), 50 - mostDefaultTags);
        });

        it(`are not on objects in S3, on which AWS allows ten tags: ${stack}`, async () => {
            const objects = (await planOf(stack)).recording.resources.filter(({ type }) => /:BucketObject/.test(type));
            for (const { inputs, urn } of objects) {
                assert.deepEqual(inputs.overrideProvider, { defaultTags: { tags: {} } }, urn);
            }
        });
    }
});
