import { type Resource, type Stack } from "../core/resource";
import { type Check, type Rule } from "../core/rule";
import { coversAction, deniesWithoutTls, hasStatement, isForEverybody } from "../core/statements";
import { isDocument, parseDocument, type Statement } from "../iam/document";
import { matches } from "../iam/match";
import { buckets, eachMust, policies } from "./s3-buckets";

/** Whether a statement is about a bucket and about the objects in it. */
function isAboutAll({ resources }: Statement, { props }: Resource): boolean {
    const name = props.at("bucket").text;
    if (name === undefined) {
        return (
            resources.some((resource) => resource.endsWith("*")) &&
            resources.some((resource) => resource === "*" || !resource.includes("/"))
        );
    }
    // A key that nobody narrows a policy to: what covers it covers them all.
    return [name, `${name}/any/key`].every((path) =>
        resources.some((resource) => matches(resource.split(":").pop() ?? "", path)),
    );
}

/** Rules about policies of buckets. */
export const bucketPolicyRules: readonly Rule[] = [
    {
        kind: "stack",
        name: "s3-bucket-require-tls",
        description: "Every bucket must refuse requests without TLS, for itself and all its objects.",
        severity: "medium",
        category: "encryption-in-transit",
        controls: ["S3-110"],
        remediation:
            'Add a statement to the bucket\'s policy: Deny, Principal "*", Action "s3:*", Resource bucket and bucket/*, Condition { Bool: { "aws:SecureTransport": "false" } }.',
        check(stack: Stack, check: Check): void {
            eachMust(stack, check, {
                types: policies,
                values: ({ props }) => [props.at("policy")],
                test: (policy, bucket) =>
                    hasStatement(
                        policy,
                        (statement) => deniesWithoutTls(statement, "s3:*") && isAboutAll(statement, bucket),
                    ) === true,
                message: 'A policy must deny "s3:*" on the bucket and its objects while aws:SecureTransport is false.',
            });
        },
    },
    {
        kind: "resource",
        name: "s3-bucket-policy-disallow-lock-out",
        description: "Policies must not deny everybody, the account's owner included, without any condition.",
        severity: "medium",
        category: "least-privilege",
        controls: ["S3-112"],
        remediation: "Give the Deny statement a condition, or principals and actions that it is meant for.",
        types: [...policies, ...buckets],
        check(resource: Resource, check: Check): void {
            const policy = resource.props.at("policy");
            if (policy.isAbsent && buckets.includes(resource.type)) {
                return;
            }
            const parsed = parseDocument(policy);
            if ("malformed" in parsed) {
                check.fail(resource, parsed.at, `policy must be a policy document: ${parsed.malformed}.`);
            } else if (!isDocument(parsed)) {
                check.undetermined(resource, parsed.unknown);
            } else {
                for (const statement of parsed.statements) {
                    const locks =
                        statement.effect === "Deny" &&
                        isForEverybody(statement) &&
                        statement.conditions.length === 0 &&
                        coversAction(statement, "s3:PutBucketPolicy");
                    if (locks && statement.unknown) {
                        check.undetermined(resource, statement.unknown);
                    } else if (locks) {
                        check.fail(resource, statement.at, "policy must not deny s3:PutBucketPolicy to everybody.");
                    }
                }
            }
        },
    },
];
