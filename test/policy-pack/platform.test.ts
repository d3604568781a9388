import assert from "node:assert/strict";
import { policyStack } from "../../plan/policies";
import { evaluate } from "../../policy-pack/core/evaluate";
import { suppressedText, text } from "../../policy-pack/core/finding";
import { profileOf } from "../../policy-pack/profiles";
import { rules } from "../../policy-pack/rules";
import { planOf, stacks } from "../support/stacks";

describe("the platform under its policies", function () {
    this.timeout(60_000);

    for (const stack of stacks) {
        for (const asConfigured of [false, true]) {
            it(`passes in ${stack} ${asConfigured ? "as configured" : "with all images"}, with nothing undetermined`, async () => {
                const { recording } = await planOf(stack, asConfigured);
                const results = evaluate(rules, policyStack(recording), profileOf(stack).configuration);
                const found = results.flatMap(({ rule, findings }) =>
                    findings.map((finding) => `${rule.name}: ${finding.urn}: ${text(finding)}`),
                );
                assert.deepEqual(found, []);
                const suppressed = results.flatMap((result) => result.suppressed);
                assert.ok(suppressed.length <= 5, suppressed.map(suppressedText).join("\n"));
            });
        }
    }
});
