import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { controls } from "../../policy-pack/controls";
import { type Rule } from "../../policy-pack/core/rule";
import { defects, documented, readme } from "../../policy-pack/document";
import { rules } from "../../policy-pack/rules";
import { notApplicable } from "../../policy-pack/rules/not-applicable";

describe("the pack as a whole", () => {
    it("answers for every control, once, and is described", () => {
        assert.deepEqual(defects(controls, rules, notApplicable), []);
    });

    it("is documented as it is: node --require ./plan/register.cjs policy-pack/document.ts", () => {
        const written = readFileSync(readme, "utf8");
        assert.equal(written, documented(written));
    });

    it("refuses a document without its sections", () => {
        assert.throws(() => documented("# Policy pack"), /no section <!-- rules -->/);
    });

    describe("defects", () => {
        const rule: Rule = {
            kind: "resource",
            name: "sqs-queue-require-key",
            description: "What.",
            severity: "low",
            category: "cost",
            controls: ["A-1"],
            remediation: "Do.",
            types: ["aws:sqs/queue:Queue"],
            check: () => {},
        };
        const known = [{ id: "A-1" }];
        const rows: [what: string, rules: Rule[], reasons: Record<string, string>, defect: RegExp | undefined][] = [
            ["nothing", [rule], {}, undefined],
            ["a reason instead of a rule", [], { "A-1": "never" }, undefined],
            ["no answer", [], {}, /^A-1: no rule enforces it/],
            ["an empty reason", [], { "A-1": " " }, /^A-1: no rule enforces it/],
            ["two answers", [rule], { "A-1": "never" }, /^A-1: enforced, and called not applicable/],
            ["a reason for nothing", [rule], { "B-1": "never" }, /^B-1: .*no such control/],
            ["an unknown control", [{ ...rule, controls: ["A-1", "B-1"] }], {}, /there is no control B-1/],
            ["two rules of a name", [rule, rule], {}, /two rules have the name/],
            ["an odd name", [{ ...rule, name: "Queue" }], {}, /^Queue: not <service>/],
            ["no description", [{ ...rule, description: "" }], {}, /description is missing/],
            ["no remediation", [{ ...rule, remediation: " " }], {}, /remediation is missing/],
            ["no types", [{ ...rule, types: [] }], {}, /about no type/],
            [
                "a parameter without default",
                [{ ...rule, parameters: { days: { description: "Days.", default: undefined } } }],
                {},
                /days: needs a description and a default/,
            ],
        ];
        for (const [what, all, reasons, defect] of rows) {
            it(`finds ${what}`, () => {
                const found = defects(known, all, reasons);
                assert.equal(found.length, defect ? 1 : 0, found.join());
                assert.match(found[0] ?? "", defect ?? /^$/);
            });
        }
    });
});
