import * as assert from "node:assert/strict";
import {
    actionCovers,
    actionMatches,
    actionsIntersect,
    arnSegments,
    covers,
    intersects,
    matches,
    resourceCovers,
    resourceMatches,
    resourcesIntersect,
} from "../../../policy-pack/iam/match";

type Row = [left: string, right: string, expected: boolean];

const table = (title: string, relation: (left: string, right: string) => boolean, rows: Row[]) => {
    describe(title, () => {
        for (const [left, right, expected] of rows) {
            it(`${left} ${expected ? "does" : "doesn't"}: ${right}`, () => {
                assert.equal(relation(left, right), expected);
            });
        }
    });
};

const sqs = "arn:aws:sqs:ap-northeast-2:111122223333";

describe("policy pack: matching", () => {
    table("an action", actionMatches, [
        ["*", "s3:GetObject", true],
        ["s3:get*", "s3:GetObject", true],
        ["s3:Get?bject", "s3:GetObject", true],
        ["s3:Get", "s3:GetObject", false],
        ["s3:*Acl", "s3:GetObject", false],
        ["s3:*", "s3express:CreateSession", false],
        ["s3:G.tObject", "s3:GetObject", false],
    ]);
    table("a resource", resourceMatches, [
        ["*", "*", true],
        ["arn:aws:s3:::data", "*", false],
        ["arn:aws:s3:::data/*", "arn:aws:s3:::data/a/b", true],
        ["arn:aws:s3:::data/*", "arn:aws:s3:::data", false],
        ["arn:aws:s3:::Data", "arn:aws:s3:::data", false],
        [`${sqs}:order?`, `${sqs}:orders`, true],
        ["arn:aws:sqs:*:111122223333:orders", `${sqs}:orders`, true],
        ["arn:aws:sqs:*:orders", `${sqs}:orders`, true],
        ["arn:aws:sqs:*", `${sqs}:orders`, true],
        ["arn:aws:sns:*", `${sqs}:orders`, false],
        // A wildcard stays in its part: the account is another one.
        ["arn:aws:sqs:ap*2:999999999999:orders", `${sqs}:999999999999:orders`, false],
        ["arn:aws:lambda:*:*:function:a*", "arn:aws:lambda:us-east-1:1:function:ab:live", true],
    ]);
    table("a pattern covers", (left, right) => covers(left, right), [
        ["a*", "ab*", true],
        ["ab*", "a*", false],
        ["*?", "?*", true],
        ["?*", "*a", true],
        ["*a*", "?a?", true],
        ["*ab*", "*a?b*", false],
        ["a?", "a*", false],
        ["*", "${aws:username}", true],
        ["?", "${aws:username}", false],
        ["home/${aws:username}/*", "home/${aws:username}/a*", true],
        ["home/${aws:username}/*", "home/*", false],
    ]);
    table("two patterns intersect", (left, right) => intersects(left, right), [
        ["a*", "*b", true],
        ["a*", "b*", false],
        ["a?c", "abc", true],
        ["a?", "abc", false],
        ["*a", "*b", false],
        ["home/${aws:username}", "home/mina", true],
        ["", "*", true],
        ["", "?", false],
    ]);
    table("an action pattern covers", actionCovers, [
        ["s3:*", "S3:Get*", true],
        ["s3:Get*", "s3:*", false],
        ["*", "iam:PassRole", true],
    ]);
    table("two action patterns intersect", actionsIntersect, [
        ["s3:*Object", "s3:Get*", true],
        ["s3:Put*", "s3:Get*", false],
    ]);
    table("a resource pattern covers", resourceCovers, [
        ["*", "arn:aws:s3:::data", true],
        ["arn:aws:s3:::data/*", "arn:aws:s3:::data/logs/*", true],
        ["arn:aws:s3:::data/*", "*", false],
        ["arn:aws:sqs:*:*:*", `${sqs}:*`, true],
        [`${sqs}:*`, "arn:aws:sqs:*:*:*", false],
        ["arn:aws:sqs:*", `${sqs}:orders`, true],
    ]);
    table("two resource patterns intersect", resourcesIntersect, [
        ["*", `${sqs}:orders`, true],
        ["arn:aws:sqs:*:*:o*", `${sqs}:*s`, true],
        ["arn:aws:sqs:*:999999999999:*", `${sqs}:*`, false],
        ["arn:${Partition}:s3:::${BucketName}/${ObjectName}", "arn:aws:s3:::data", false],
    ]);

    it("resolves variables, takes their defaults, and matches nothing without a value", () => {
        const context = { "aws:username": "mi*a", "aws:TagKeys": ["a"] };
        const rows: [pattern: string, text: string, expected: boolean][] = [
            ["home/${aws:UserName}", "home/mi*a", true],
            ["home/${aws:username}", "home/mina", false],
            ["${aws:none, 'guest'}", "guest", true],
            ["${aws:none}", "", false],
            ["${aws:TagKeys}", "a", false],
            ["a${*}", "a*", true],
            ["a${*}", "ab", false],
            ["a${?}${$}", "a?$", true],
            ["${unclosed", "${unclosed", true],
        ];
        for (const [pattern, text, expected] of rows) {
            assert.equal(matches(pattern, text, { context }), expected, `${pattern} ${text}`);
        }
        assert.ok(matches("${aws:username}", "${aws:username}", { context, noVariables: true }));
    });

    it("splits ARNs, not the names of variables", () => {
        assert.deepEqual(arnSegments("arn:aws:s3"), ["arn", "aws", "s3", "*", "*", "*"]);
        assert.deepEqual(arnSegments("arn:aws:iam::${aws:PrincipalAccount}:user/a:b"), [
            ...["arn", "aws", "iam", "", "${aws:PrincipalAccount}", "user/a:b"],
        ]);
    });

    it("agrees with all short texts about covering and intersecting", () => {
        const patterns = upTo(3, ["a", "b", "*", "?"]);
        // A text that tells two patterns apart need not be longer than both together.
        const texts = upTo(6, ["a", "b", "c"]);
        const matching = new Map(
            patterns.map((pattern) => [pattern, new Set(texts.filter((text) => matches(pattern, text)))]),
        );
        for (const [left, ours] of matching) {
            for (const [right, theirs] of matching) {
                assert.equal(
                    covers(left, right),
                    [...theirs].every((text) => ours.has(text)),
                    `${left} covers ${right}`,
                );
                assert.equal(
                    intersects(left, right),
                    [...theirs].some((text) => ours.has(text)),
                    `${left} intersects ${right}`,
                );
            }
        }
    });

    it("stays quick on hostile patterns", () => {
        const hostile = "*a".repeat(300);
        const started = Date.now();
        matches(hostile, "a".repeat(5000));
        covers(hostile, "*b".repeat(300));
        intersects(hostile, "*b".repeat(300));
        assert.ok(Date.now() - started < 10_000);
    });
});

/** All texts of these letters, up to a length. */
function upTo(length: number, letters: string[]): string[] {
    const texts = [""];
    for (let index = 0; (texts[index] ?? "").length < length && index < texts.length; index++) {
        texts.push(...letters.map((letter) => `${texts[index] ?? ""}${letter}`));
    }
    return texts;
}
