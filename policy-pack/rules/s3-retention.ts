import { type Resource, type Stack } from "../core/resource";
import { type Check, is, isSet, type Rule } from "../core/rule";
import { everyItem } from "../core/property-rule";
import { type Value } from "../core/value";
import { buckets, eachMust, logBuckets, tokens, valuesAtAny, versionings } from "./s3-buckets";

const lifecycles = tokens("bucketLifecycleConfiguration");

/** Whether a lifecycle has a rule that is in force and does something. */
const hasLifecycleRule =
    (does: (rule: Value) => boolean) =>
    (rules: Value): boolean =>
        rules
            .items()
            .some((rule) => (rule.at("status").raw === "Enabled" || rule.at("enabled").raw === true) && does(rule));

/** Whether a lifecycle rule is about all objects: it is not limited to a prefix, tags or sizes. */
const isAboutAllObjects = (rule: Value): boolean =>
    !isSet(rule.at("prefix")) &&
    rule.at("tags").entries().length === 0 &&
    !rule.at("filter").isUnknown &&
    rule
        .at("filter")
        .entries()
        .every(([, limit]) => !isSet(limit));

/** A list or a single value, whichever way the resource writes it. */
const first = (value: Value): Value => value.items()[0] ?? value;

/** The lifecycle rules of a bucket that has them inline, or of the satellite. */
const lifecycleRules = ({ type, props }: Resource): Value =>
    props.at(buckets.includes(type) ? "lifecycleRules" : "rules");

/** A rule about lifecycles, wherever they are written. */
const lifecycleRule = ({
    does,
    message,
    ...info
}: Pick<Rule, "name" | "description" | "severity" | "category" | "controls" | "remediation"> & {
    does: (rule: Value) => boolean;
    message: string;
}): Rule => ({
    ...info,
    kind: "resource",
    types: [...lifecycles, ...buckets],
    check(resource, check) {
        const rules = lifecycleRules(resource);
        if (!rules.isAbsent || !buckets.includes(resource.type)) {
            const test = hasLifecycleRule((rule) => does(rule) && isAboutAllObjects(rule));
            check.must(resource, rules, test, message);
        }
    },
});

export const versioningRule: Rule = {
    kind: "stack",
    name: "s3-bucket-require-versioning",
    description: "Buckets must keep what is overwritten or deleted, for a while.",
    severity: "low",
    category: "resilience",
    controls: ["S3-115"],
    remediation: 'Add an aws.s3.BucketVersioning with versioningConfiguration.status "Enabled".',
    check(stack: Stack, check: Check): void {
        eachMust(stack, check, {
            types: versionings,
            values: ({ props }) =>
                valuesAtAny(
                    props,
                    ["versioningConfiguration", "status"],
                    ["versioning", "enabled"],
                    ["versionings", everyItem, "enabled"],
                ),
            test: is("Enabled", true),
            message: 'versioningConfiguration.status must be "Enabled".',
        });
    },
};

/** Rules about lifecycles and locks: how long objects must, and may, be kept. */
export const retentionRules: readonly Rule[] = [
    {
        kind: "stack",
        name: "s3-bucket-require-lifecycle",
        description: "Every bucket must have a lifecycle, so that it does not grow for ever.",
        severity: "low",
        category: "cost",
        controls: ["S3-117"],
        remediation: "Add an aws.s3.BucketLifecycleConfiguration with at least one rule that is enabled.",
        check(stack: Stack, check: Check): void {
            eachMust(stack, check, {
                types: lifecycles,
                values: (resource) => [lifecycleRules(resource)],
                test: hasLifecycleRule(() => true),
                message: "The bucket must have an aws.s3.BucketLifecycleConfiguration with an enabled rule.",
            });
        },
    },
    lifecycleRule({
        name: "s3-lifecycle-require-version-expiry",
        description: "Lifecycles must delete old versions, which nobody sees and everybody pays for.",
        severity: "low",
        category: "cost",
        controls: ["S3-117"],
        remediation: "Add a rule with noncurrentVersionExpiration and an empty filter.",
        does: (rule) =>
            [rule.at("noncurrentVersionExpiration"), first(rule.at("noncurrentVersionExpirations"))].some(
                (expiry) => isSet(expiry.at("noncurrentDays")) || isSet(expiry.at("days")),
            ),
        message: "An enabled rule for all objects must have noncurrentVersionExpiration.",
    }),
    lifecycleRule({
        name: "s3-lifecycle-require-upload-cleanup",
        description: "Lifecycles must delete the remains of broken uploads.",
        severity: "low",
        category: "cost",
        controls: ["S3-118"],
        remediation: "Add a rule with abortIncompleteMultipartUpload.daysAfterInitiation 7 and an empty filter.",
        does: (rule) =>
            isSet(rule.at("abortIncompleteMultipartUpload", "daysAfterInitiation")) ||
            isSet(rule.at("abortIncompleteMultipartUploadDays")),
        message: "An enabled rule for all objects must have abortIncompleteMultipartUpload.daysAfterInitiation.",
    }),
    {
        kind: "stack",
        name: "s3-log-bucket-require-expiry",
        description: "Access logs must be kept long enough for an inquiry, and not for ever.",
        severity: "medium",
        category: "logging",
        controls: [],
        remediation:
            "Add a rule with expiration.days, within the range, to the lifecycle of the bucket that takes logs.",
        parameters: {
            leastDays: { description: "Days that logs must be kept", type: "integer", minimum: 1, default: 90 },
            mostDays: { description: "Days after which logs must be gone", type: "integer", minimum: 1, default: 3653 },
        },
        check(stack: Stack, check: Check): void {
            const least = check.parameter<number>("leastDays");
            const most = check.parameter<number>("mostDays");
            const isInRange = ({ number }: Value): boolean => number !== undefined && number >= least && number <= most;
            const daysOf = (rule: Value): Value[] =>
                [rule.at("expiration", "days"), first(rule.at("expirations")).at("days")].filter(
                    ({ isAbsent }) => !isAbsent,
                );
            eachMust(stack, check, {
                types: lifecycles,
                values: (resource) => [lifecycleRules(resource)],
                // The shortest rule decides how long logs live.
                test: (rules) =>
                    hasLifecycleRule((rule) => daysOf(rule).length > 0 && isAboutAllObjects(rule))(rules) &&
                    rules.items().every((rule) => daysOf(rule).every(isInRange)),
                message: `expiration.days of a bucket that takes logs must be ${least} to ${most}.`,
                of: [...logBuckets(stack)],
            });
        },
    },
    {
        kind: "resource",
        name: "s3-bucket-require-object-lock",
        description:
            "Buckets of this kind must keep objects unchangeable. None by default: locked objects cannot be deleted by anybody.",
        severity: "low",
        category: "resilience",
        controls: ["S3-120"],
        remediation: "Set objectLockEnabled to true, and add an aws.s3.BucketObjectLockConfiguration with a retention.",
        parameters: {
            names: {
                description: 'Parts of names of buckets that must be locked: ["audit"]',
                type: "array",
                items: { type: "string" },
                default: [],
            },
        },
        types: buckets,
        check(resource: Resource, check: Check): void {
            const name = resource.props.at("bucket");
            const parts = check.parameter<string[]>("names");
            const called = name.text ?? resource.name;
            if (parts.some((part) => called.includes(part))) {
                check.must(
                    resource,
                    resource.props.at("objectLockEnabled"),
                    is(true),
                    "objectLockEnabled must be true.",
                );
            }
        },
    },
];
