import assert from "node:assert/strict";
import { ecrNotApplicable, ecrRules } from "../../../policy-pack/rules/ecr";
import { type Subject, unknown } from "../support/pack";
import { describer, rows } from "../support/rows";

const repository = "aws:ecr/repository:Repository";
const template = "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate";
const lifecycle = "aws:ecr/lifecyclePolicy:LifecyclePolicy";
const expiry = JSON.stringify({ rules: [{ rulePriority: 1, action: { type: "expire" } }] });

describe("rules for ECR", () => {
    const rule = describer(ecrRules);

    it("answers for every control of ECR but that of the repository policy", () => {
        const answered = new Set([...ecrRules.flatMap(({ controls }) => controls), ...Object.keys(ecrNotApplicable)]);
        assert.deepEqual([...answered].sort(), ["ECR-163", "ECR-164", "ECR-165", "ECR-166"]);
    });

    rule("ecr-repository-require-immutable-tags", [
        ...rows(
            repository,
            [{ imageTagMutability: "IMMUTABLE" }],
            [
                [{}, "`IMMUTABLE`"],
                [{ imageTagMutability: "MUTABLE" }, "`IMMUTABLE`"],
                [{ imageTagMutability: "IMMUTABLE_WITH_EXCLUSION" }, "`IMMUTABLE`"],
            ],
            [[{ imageTagMutability: unknown }, "imageTagMutability"]],
        ),
        ...rows(template, [], [[{}, "`IMMUTABLE`"]]),
    ]);
    rule(
        "ecr-repository-require-own-key",
        rows(
            repository,
            [{ encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: "key" }] }],
            [
                [{}, "`kmsKey`"],
                [{ encryptionConfigurations: [{ encryptionType: "KMS" }] }, "`kmsKey`"],
                [{ encryptionConfigurations: [{ encryptionType: "AES256" }] }, "`kmsKey`"],
            ],
            [
                [{ encryptionConfigurations: unknown }, "encryptionConfigurations"],
                [
                    { encryptionConfigurations: [{ encryptionType: unknown, kmsKey: "key" }] },
                    "encryptionConfigurations[0].encryptionType",
                ],
            ],
        ),
    );
    const scan = (scanOnPush: unknown) => ({ imageScanningConfiguration: { scanOnPush } });
    rule(
        "ecr-repository-require-scan-on-push",
        rows(
            repository,
            [scan(true)],
            [
                [{}, "must be true"],
                [scan(false), "must be true"],
            ],
            [[scan(unknown), "imageScanningConfiguration.scanOnPush"]],
        ),
    );
    rule(
        "ecr-lifecycle-policy-require-expiry",
        rows(
            lifecycle,
            [{ policy: expiry }],
            [
                [{ policy: "{" }, "`expire`"],
                [{ policy: '{"rules":[]}' }, "`expire`"],
                [{ policy: "null" }, "`expire`"],
                [{}, "`expire`"],
            ],
            [[{ policy: unknown }, "policy"]],
        ),
    );
    const one: Subject = { type: repository, name: "one", props: { name: "aipx/one" } };
    const policyOf = (name: string, refersTo?: string): Subject => ({
        type: lifecycle,
        name: "policy",
        props: { repository: name, policy: expiry },
        ...(refersTo && { refersTo: { repository: refersTo } }),
    });
    rule("ecr-repository-require-lifecycle-policy", [
        { title: "passes by URN", subjects: [one, policyOf(unknown, "one")] },
        { title: "passes by name", subjects: [one, policyOf("aipx/one")] },
        { title: "fails none", subjects: one, fails: ["`aws.ecr.LifecyclePolicy`"] },
        { title: "fails that of another", subjects: [one, policyOf("aipx/two")], fails: ["`aws.ecr.LifecyclePolicy`"] },
        { title: "cannot tell whose it is", subjects: [one, policyOf(unknown)], undetermined: "repository" },
        ...rows(template, [{ lifecyclePolicy: expiry }], [[{}, "`expire`"]]),
    ]);
});
