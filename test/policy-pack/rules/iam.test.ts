import assert from "node:assert/strict";
import { controls } from "../../../policy-pack/controls";
import { Stack, type Resource } from "../../../policy-pack/core/resource";
import { evaluate } from "../../../policy-pack/core/evaluate";
import { Value } from "../../../policy-pack/core/value";
import { iamNotApplicable, iamRules } from "../../../policy-pack/rules/iam";
import { resourcePolicyRules } from "../../../policy-pack/rules/resource-policies";

const rules = [...iamRules, ...resourcePolicyRules];

describe("rules about IAM", () => {
    it("answer for every control of IAM", () => {
        const answered = new Set([...rules.flatMap((rule) => rule.controls), ...Object.keys(iamNotApplicable)]);
        const open = controls.filter(({ id }) => id.startsWith("IAM-") && !answered.has(id));
        assert.deepEqual(open, []);
    });

    it("have names of their own", () => {
        assert.equal(new Set(rules.map(({ name }) => name)).size, rules.length);
    });

    const statement = (changes: object) => ({ Statement: [{ Effect: "Allow", Action: "a:b", ...changes }] });
    const odd: unknown[] = [
        null,
        7,
        true,
        "",
        "{",
        "null",
        "[]",
        [],
        {},
        [[]],
        [{}],
        [{ policy: 5 }],
        "*".repeat(10_000),
        { Statement: null },
        { Statement: [null] },
        { Statement: 5 },
        statement({ Action: 5 }),
        statement({ Action: { a: 1 } }),
        statement({ Action: ":", Resource: "" }),
        statement({ Action: "*".repeat(2_000), Resource: "*".repeat(2_000) }),
        statement({ Action: "s3:" + "a*".repeat(200), Resource: "arn:aws:s3:::" + "a*".repeat(200) }),
        statement({ Resource: [5], Principal: 5, Condition: 5 }),
        statement({ Principal: { AWS: null, Service: [null] } }),
        statement({ Principal: { Toaster: "x" }, Condition: { StringEquals: null } }),
        statement({ Resource: "arn:", Principal: { AWS: "::::" }, Condition: { a: { b: [] } } }),
        statement({
            Resource: Array.from({ length: 2_000 }, (_, index) => `arn:aws:s3:::b${index}/*`),
            Principal: "*",
        }),
    ];

    it("never throw, whatever the properties are", () => {
        const types = new Set(rules.flatMap((rule) => (rule.kind === "resource" ? rule.types : [])));
        const keys = [
            ...["policy", "policyDocument", "accessPolicies", "assumeRolePolicy", "inlinePolicies", "policyArn"],
            ...["managedPolicyArns", "policyArns", "role", "roles", "user", "users", "groups", "name", "principal"],
            ...["sourceArn", "executionRoleArn", "taskRoleArn", "maxSessionDuration", "minimumPasswordLength"],
        ];
        const resources = [...types, "aws:ecs/taskDefinition:TaskDefinition"].flatMap((type) =>
            odd.map((value, index): Resource => ({
                urn: `urn:pulumi:dev::aipx::${type}::${index}`,
                type,
                name: String(index),
                props: new Value(Object.fromEntries(keys.map((key) => [key, value])), ""),
                provider: new Value({ allowedAccountIds: value }, ""),
                options: {},
                dependencies: [],
                propertyDependencies: {},
            })),
        );
        assert.ok(evaluate(rules, new Stack(resources)).length === rules.length);
    }).timeout(60_000);
});
