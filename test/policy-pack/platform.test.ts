import assert from "node:assert/strict";
import { join } from "node:path";
import { planStack, type Plan } from "../../plan/plan";
import { policyStack } from "../../plan/policies";
import { evaluate } from "../../policy-pack/core/evaluate";
import { text } from "../../policy-pack/core/finding";
import { profileOf } from "../../policy-pack/profiles";
import { unknownText } from "../../policy-pack/core/value";
import { rules } from "../../policy-pack/rules";
import { readProject } from "../../plan/stack-config";
import { planOf, stackNames } from "../support/stacks";

/** Policies that something of the platform may break; each resource has its own reason beside it. */
const acceptedPolicies = [
    "lambda-function-require-code-signing",
    "lambda-function-require-failure-destination",
    "lb-target-group-require-tls",
    "msk-cluster-require-topic-metrics",
    "s3-bucket-require-customer-managed-key",
    "secretsmanager-secret-require-rotation",
    "sqs-queue-require-cmk",
];

describe("the platform under its policies", function () {
    this.timeout(60_000);

    const cases = stackNames.flatMap((stack) => [
        { stack, title: "with all images", plan: () => planOf(stack) },
        { stack, title: "as configured", plan: () => planOf(stack, true) },
        // When nothing exists, no id and no ARN is known: strict mode would stop what it cannot tell.
        { stack, title: "at the first preview with all images", plan: () => firstPreview(stack, false) },
        { stack, title: "at the first preview as configured", plan: () => firstPreview(stack, true) },
    ]);
    for (const { stack, title, plan } of cases) {
        it(`passes in ${stack} ${title}, with nothing undetermined`, async () => {
            const { recording } = await plan();
            const results = evaluate(rules, policyStack(recording), profileOf(stack).configuration);
            const found = results.flatMap(({ rule, findings }) =>
                findings.map((finding) => `${rule.name}: ${finding.urn}: ${text(finding)}`),
            );
            assert.deepEqual(found, []);
            const accepted = new Set(results.flatMap(({ suppressed }) => suppressed.map(({ by }) => by.policy)));
            // An exception of another kind is decided here, once more.
            assert.deepEqual(
                [...accepted].filter((policy) => !acceptedPolicies.includes(policy)),
                [],
            );
        });
    }

    it("is judged with what is unknown at the first preview", async () => {
        const { recording } = await firstPreview("production", true);
        const queues = recording.resources.filter(({ type }) => type === "aws:sqs/queue:Queue");
        assert.ok(queues.length > 0);
        for (const { name, inputs, propertyDependencies } of queues.filter(({ inputs }) => inputs.kmsMasterKeyId)) {
            assert.equal(inputs.kmsMasterKeyId, unknownText, name);
            assert.match(propertyDependencies.kmsMasterKeyId?.[0] ?? "", /aws:kms\/key:Key::/, name);
        }
    });
});

const firstPreview = (stack: string, asConfigured: boolean): Promise<Plan> =>
    planStack(readProject(join(__dirname, "../..")), stack, { asConfigured, preview: true });
