import assert from "node:assert/strict";
import { logLines } from "../../contract/messages";
import { type RecordedResource } from "../../plan/recording";
import { planOf, stackNames } from "../support/stacks";
import { matchesPattern } from "./log-pattern";

describe("log lines of the contract", () => {
    let filters: RecordedResource[];
    before(async () => {
        const plans = await Promise.all(stackNames.map((stack) => planOf(stack)));
        filters = plans.flatMap(({ recording }) =>
            recording.resources.filter(({ type }) => type === "aws:cloudwatch/logMetricFilter:LogMetricFilter"),
        );
        assert.ok(filters.length >= 3 * 5);
    });

    const examples = logLines.flatMap((line) =>
        line.examples.map((example) => ({ id: line.id, example: example as Record<string, unknown> })),
    );
    const matching = (pattern: string): string[] =>
        examples.filter(({ example }) => matchesPattern(pattern, example)).map(({ id }) => id);

    it("have an example for every metric filter, which it counts", () => {
        for (const { name, inputs } of filters) {
            const found = matching(String(inputs.pattern));
            assert.ok(
                found.length > 0,
                `filter ${name}, ${inputs.pattern}: contract/messages/log-lines.ts needs a line that it counts`,
            );
            const { value } = inputs.metricTransformation as { value: string };
            const field = /^\$\.(\w+)$/.exec(value)?.[1];
            for (const { example } of examples.filter(({ id }) => found.includes(id))) {
                assert.ok(field === undefined || typeof example[field] === "number", `${name} takes ${value}`);
            }
        }
    });

    it("are counted as what they are: no line in two events, errors by their level", () => {
        const byPattern = new Map(
            filters.map(({ inputs }) => [String(inputs.pattern), matching(String(inputs.pattern))]),
        );
        assert.deepEqual(byPattern.get('{ $.level = "error" || $.level = "ERROR" }'), ["log-error"]);
        assert.deepEqual(byPattern.get('{ $.event = "order-sent" }'), ["log-order-sent"]);
        assert.deepEqual(byPattern.get('{ $.event = "order-sent" && $.latencyMs = * }'), ["log-order-sent"]);
        assert.deepEqual(byPattern.get('{ $.event = "order-rejected" }'), ["log-order-rejected"]);
        assert.deepEqual(byPattern.get('{ $.event = "order-executed" }'), ["log-order-executed"]);
    });

    it("are told apart by patterns as CloudWatch does", () => {
        const rows: [pattern: string, line: Record<string, unknown>, matches: boolean][] = [
            ['{ $.a = "x" }', { a: "x" }, true],
            ['{ $.a = "x" }', { a: "y" }, false],
            ['{ $.a = "x" && $.b = * }', { a: "x" }, false],
            ['{ $.a = "x" && $.b = * }', { a: "x", b: 0 }, true],
            ['{ $.a = "x" || $.b = 2 }', { b: 2 }, true],
            ["{ $.a > 5 }", { a: 6 }, true],
            ["{ $.a.b = 1 }", { a: { b: 1 } }, true],
            ['{ $.a != "x" }', {}, false],
        ];
        for (const [pattern, line, matches] of rows) {
            assert.equal(matchesPattern(pattern, line), matches, `${pattern} ${JSON.stringify(line)}`);
        }
        assert.throws(() => matchesPattern("ERROR", {}), /not a JSON pattern/);
        assert.throws(() => matchesPattern("{ $.a IS NULL }", {}), /unknown term/);
    });
});
