import { is, isSet, type Rule, type StackRule } from "../core/rule";
import { propertyRule } from "../core/property-rule";
import { parseJson, type Value } from "../core/value";

const repositoryType = "aws:ecr/repository:Repository";
const templateType = "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate";
/** Repositories, and what ECR makes repositories from. */
const repositoryTypes = [repositoryType, templateType];

const hasOwnKey = (encryption: Value): boolean =>
    encryption.items().some((item) => is("KMS", "KMS_DSSE")(item.at("encryptionType")) && isSet(item.at("kmsKey")));

/** Whether a lifecycle policy lets images expire. A document that is none does not. */
function expiresImages(policy: Value): boolean {
    const document = parseJson(policy);
    return (
        document !== "malformed" &&
        document
            .at("rules")
            .items()
            .some((rule) => rule.at("action", "type").text === "expire")
    );
}

const noExpiry = "`policy` must have a rule with the action `expire`";

const everyRepositoryExpires: StackRule = {
    kind: "stack",
    name: "ecr-repository-require-lifecycle-policy",
    description: "Every repository has a lifecycle policy, so that old images do not pile up.",
    severity: "medium",
    category: "cost",
    controls: ["ECR-166"],
    remediation: "Add an `aws.ecr.LifecyclePolicy` for the repository.",
    check(stack, check) {
        const policies = stack.ofType("aws:ecr/lifecyclePolicy:LifecyclePolicy");
        for (const repository of stack.ofType(repositoryType)) {
            if (
                policies.some((policy) => stack.references(policy, "repository", [repositoryType]).includes(repository))
            ) {
                continue;
            }
            const loose = policies.find(
                (policy) =>
                    policy.props.at("repository").isUnknown && !policy.propertyDependencies["repository"]?.length,
            );
            if (loose) {
                check.undetermined(loose, loose.props.at("repository"));
            } else {
                check.fail(repository, "name", "the repository must have an `aws.ecr.LifecyclePolicy`");
            }
        }
        for (const template of stack.ofType(templateType)) {
            check.must(template, template.props.at("lifecyclePolicy"), expiresImages, noExpiry);
        }
    },
};

/** Rules about repositories of images. */
export const ecrRules: readonly Rule[] = [
    propertyRule({
        name: "ecr-repository-require-immutable-tags",
        description: "A tag names the same image for ever.",
        types: repositoryTypes,
        path: ["imageTagMutability"],
        test: is("IMMUTABLE"),
        message: "`imageTagMutability` must be `IMMUTABLE`",
        severity: "medium",
        category: "workload",
        controls: ["ECR-163"],
        remediation: 'Set `imageTagMutability` to "IMMUTABLE".',
    }),
    propertyRule({
        name: "ecr-repository-require-own-key",
        description: "Images are encrypted with a key of our own.",
        types: repositoryTypes,
        path: ["encryptionConfigurations"],
        test: hasOwnKey,
        message: "`encryptionConfigurations` must have the type `KMS` and a `kmsKey`",
        severity: "low",
        category: "encryption-at-rest",
        controls: ["ECR-164"],
        remediation: 'Set `encryptionConfigurations` to [{ encryptionType: "KMS", kmsKey: <ARN of a key> }].',
    }),
    propertyRule({
        name: "ecr-repository-require-scan-on-push",
        description: "Images are searched for known weaknesses when they are pushed.",
        types: [repositoryType],
        path: ["imageScanningConfiguration", "scanOnPush"],
        test: (value, check) => is(true, "true")(value) || check.parameter<boolean>("registryScans"),
        message: "`imageScanningConfiguration.scanOnPush` must be true",
        severity: "high",
        category: "workload",
        controls: ["ECR-165"],
        remediation: "Set `imageScanningConfiguration` to { scanOnPush: true }.",
        parameters: {
            registryScans: {
                description: "Whether the registry itself is set to scan all repositories",
                type: "boolean",
                default: false,
            },
        },
    }),
    propertyRule({
        name: "ecr-lifecycle-policy-require-expiry",
        description: "A lifecycle policy lets images expire.",
        types: ["aws:ecr/lifecyclePolicy:LifecyclePolicy"],
        path: ["policy"],
        test: expiresImages,
        message: noExpiry,
        severity: "medium",
        category: "cost",
        controls: ["ECR-166"],
        remediation: "Give `policy` a rule that lets all but the newest images expire.",
    }),
    everyRepositoryExpires,
];

/** Controls about ECR that no rule enforces, and why. */
export const ecrNotApplicable: Readonly<Record<string, string>> = {};
