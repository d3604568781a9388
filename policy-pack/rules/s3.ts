import { customerKey, isOrAbsent, textsIn } from "../core/data";
import { type Resource, type Stack } from "../core/resource";
import { type Check, is, isSet, type Rule } from "../core/rule";
import { each, propertyRule, valuesAt } from "../core/simple";
import { coversAction, deniesWithoutTls, hasStatement, isForEverybody } from "../core/statements";
import { type Value } from "../core/value";
import { isDocument, parseDocument, type Statement } from "../iam/document";
import { matches } from "../iam/match";

/** Both type tokens of a resource that had a V2 for a while. */
const tokens = (name: string): string[] => {
    const type = name[0]!.toUpperCase() + name.slice(1);
    return [`aws:s3/${name}:${type}`, `aws:s3/${name}V2:${type}V2`];
};

const buckets = tokens("bucket");
const accessBlocks = ["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"];
const policies = ["aws:s3/bucketPolicy:BucketPolicy"];
const acls = tokens("bucketAcl");
const encryptions = tokens("bucketServerSideEncryptionConfiguration");
const versionings = tokens("bucketVersioning");
const loggings = tokens("bucketLogging");
const lifecycles = tokens("bucketLifecycleConfiguration");
const websites = tokens("bucketWebsiteConfiguration");
const objects = [
    "aws:s3/bucketObject:BucketObject",
    "aws:s3/bucketObjectv2:BucketObjectv2",
    "aws:s3/objectCopy:ObjectCopy",
];
const loadBalancers = ["lb", "alb", "elasticloadbalancingv2", "applicationloadbalancing"].map(
    (module) => `aws:${module}/loadBalancer:LoadBalancer`,
);

/** What blocks the public. */
const blocks = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

/** All at once: the values at several paths. */
const valuesAtAny = (value: Value, ...paths: (readonly (string | number)[])[]): Value[] =>
    paths.flatMap((path) => valuesAt(value, path));

/** Buckets that a property of another resource names, directly or by way of a satellite of the bucket. */
function bucketsOf(stack: Stack, resource: Resource, property: string): Resource[] {
    const through = stack
        .references(resource, property, [...policies, ...accessBlocks, ...versionings])
        .flatMap((satellite) => stack.references(satellite, "bucket", buckets));
    return [...stack.references(resource, property, buckets), ...through];
}

/** Which resources of these types belong to which bucket; those whose bucket is not known belong to none. */
class Satellites {
    readonly lost: Resource[] = [];
    private readonly byBucket = new Map<Resource, Resource[]>();

    constructor(stack: Stack, types: readonly string[]) {
        const byName = new Map(
            stack.ofType(...buckets).flatMap((bucket) => {
                const name = bucket.props.at("bucket").text;
                return name === undefined ? [] : [[name, bucket] as const];
            }),
        );
        for (const satellite of stack.ofType(...types)) {
            const property = satellite.props.at("bucket");
            const named = property.text === undefined ? undefined : byName.get(property.text);
            const owners = named ? [named] : bucketsOf(stack, satellite, "bucket");
            if (owners.length === 0 && property.isUnknown) {
                this.lost.push(satellite);
            }
            for (const owner of owners) {
                this.byBucket.set(owner, [...(this.byBucket.get(owner) ?? []), satellite]);
            }
        }
    }

    of(bucket: Resource): Resource[] {
        return this.byBucket.get(bucket) ?? [];
    }
}

/** Buckets that logs of buckets and of load balancers are delivered to. */
function logBuckets(stack: Stack): Set<Resource> {
    const writers: [resource: Resource, property: string, values: Value[]][] = [
        ...stack
            .ofType(...loggings)
            .map((resource): [Resource, string, Value[]] => [
                resource,
                "targetBucket",
                [resource.props.at("targetBucket")],
            ]),
        ...stack.ofType(...buckets).flatMap((resource): [Resource, string, Value[]][] => [
            [resource, "logging", [resource.props.at("logging", "targetBucket")]],
            [resource, "loggings", valuesAt(resource.props, ["loggings", each, "targetBucket"])],
        ]),
        ...stack
            .ofType(...loadBalancers)
            .flatMap((resource) =>
                ["accessLogs", "connectionLogs"].map((property): [Resource, string, Value[]] => [
                    resource,
                    property,
                    [resource.props.at(property, "bucket")],
                ]),
            ),
    ];
    const names = new Set(writers.flatMap(([, , values]) => values.flatMap(({ text }) => text ?? [])));
    const named = stack.ofType(...buckets).filter(({ props }) => names.has(props.at("bucket").text ?? ""));
    const linked = writers.flatMap(([resource, property]) => bucketsOf(stack, resource, property));
    return new Set([...named, ...linked]);
}

interface Need {
    /** Satellites that may fulfil it. */
    types: readonly string[];
    /** What is tested: values of a satellite, or of a bucket that says it itself. */
    values: (resource: Resource) => Value[];
    test: (value: Value, bucket: Resource) => boolean;
    message: string;
    /** Which buckets need it. */
    of?: readonly Resource[];
}

/** Every bucket must have it, of itself or by a satellite. */
function eachMust(stack: Stack, check: Check, { types, values, test, message, of }: Need): void {
    const satellites = new Satellites(stack, types);
    for (const bucket of of ?? stack.ofType(...buckets)) {
        const candidates = [bucket, ...satellites.of(bucket)].flatMap((resource) =>
            values(resource).map((value) => ({ resource, value })),
        );
        if (candidates.some(({ value }) => !value.isUnknown && test(value, bucket))) {
            continue;
        }
        const open = [
            ...candidates.map(({ resource, value }) => ({ resource, value: value.firstUnknown })),
            ...satellites.lost.map((resource) => ({ resource, value: resource.props.at("bucket") })),
        ].find(({ value }) => value !== undefined);
        const wrong = candidates.find(({ value }) => !value.isAbsent);
        if (open?.value) {
            check.undetermined(open.resource, open.value);
        } else {
            check.fail(wrong?.resource ?? bucket, wrong?.value ?? "bucket", message);
        }
    }
}

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

/** How a bucket's objects are encrypted, in the three ways in which it can be written. */
const encryptionDefaults = ({ props }: Resource): Value[] =>
    valuesAtAny(
        props,
        ["rules", each, "applyServerSideEncryptionByDefault"],
        ["serverSideEncryptionConfiguration", "rule", "applyServerSideEncryptionByDefault"],
        ["serverSideEncryptionConfigurations", each, "rules", each, "applyServerSideEncryptionByDefaults", each],
    );

const isPublicGrantee = ({ text = "" }: Value): boolean => /\/(AllUsers|AuthenticatedUsers)$/.test(text);

export const s3Rules: readonly Rule[] = [
    {
        kind: "resource",
        name: "s3-public-access-block-require-all",
        description: "All four ways of making a bucket public must be blocked.",
        severity: "critical",
        category: "network",
        controls: ["S3-102", "S3-103", "S3-104", "S3-105", "S3-106"],
        remediation: `Set ${blocks.join(", ")} to true.`,
        types: [...accessBlocks, "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock"],
        check(resource: Resource, check: Check): void {
            for (const block of blocks) {
                check.must(resource, resource.props.at(block), is(true), `${block} must be true.`);
            }
        },
    },
    {
        kind: "stack",
        name: "s3-bucket-require-public-access-block",
        description: "Every bucket must have a block against becoming public.",
        severity: "critical",
        category: "network",
        controls: ["S3-102", "S3-103", "S3-104", "S3-105"],
        remediation: "Add an aws.s3.BucketPublicAccessBlock for the bucket.",
        check(stack: Stack, check: Check): void {
            eachMust(stack, check, {
                types: accessBlocks,
                values: ({ type, props }) => (accessBlocks.includes(type) ? [props] : []),
                test: () => true,
                message: "The bucket must have an aws.s3.BucketPublicAccessBlock.",
            });
        },
    },
    {
        kind: "resource",
        name: "s3-access-point-require-public-access-block",
        description: "Access points must block the public; they do unless told otherwise.",
        severity: "critical",
        category: "network",
        controls: ["S3-122"],
        remediation:
            "Leave the public access block out, or set all of its four members to true. AWS replaces the access point.",
        types: ["aws:s3/accessPoint:AccessPoint", "aws:s3control/multiRegionAccessPoint:MultiRegionAccessPoint"],
        check(resource: Resource, check: Check): void {
            for (const path of [["publicAccessBlockConfiguration"], ["details", "publicAccessBlock"]]) {
                for (const block of blocks) {
                    const value = resource.props.at(...path, block);
                    // What is unknown altogether is said once.
                    if (!value.isUnknown || !resource.props.at(...path).isUnknown || block === blocks[0]) {
                        check.must(resource, value, isOrAbsent(true), `${path.join(".")}.${block} must be true.`);
                    }
                }
            }
        },
    },
    {
        kind: "resource",
        name: "s3-disallow-public-acl",
        description: "No access control list may open a bucket or an object to everybody.",
        severity: "critical",
        category: "network",
        controls: ["S3-107"],
        remediation: 'Take acl and grants out, or set acl to "private".',
        types: [...acls, ...buckets, ...objects],
        check(resource: Resource, check: Check): void {
            const { props } = resource;
            check.must(
                resource,
                props.at("acl"),
                ({ isAbsent, text }) => isAbsent || (text !== undefined && !/^(public-|authenticated-)/.test(text)),
                "acl must not be public: leave it out.",
            );
            for (const grantee of valuesAtAny(
                props,
                ["grants", each, "uri"],
                ["accessControlPolicy", "grants", each, "grantee", "uri"],
            )) {
                check.must(resource, grantee, (value) => !isPublicGrantee(value), "Grants must not be to everybody.");
            }
        },
    },
    propertyRule({
        name: "s3-bucket-disallow-acls",
        description: "Access control lists must be off: bucket and objects belong to the account.",
        severity: "medium",
        category: "least-privilege",
        controls: ["S3-108"],
        remediation: 'Set rule.objectOwnership to "BucketOwnerEnforced", as new buckets have it.',
        types: ["aws:s3/bucketOwnershipControls:BucketOwnershipControls"],
        path: ["rule", "objectOwnership"],
        test: is("BucketOwnerEnforced"),
        message: 'rule.objectOwnership must be "BucketOwnerEnforced".',
    }),
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
    {
        kind: "stack",
        name: "s3-bucket-require-customer-managed-key",
        description:
            "Buckets must encrypt with a customer-managed key; only log delivery's buckets cannot, and have S3's own.",
        severity: "medium",
        category: "encryption-at-rest",
        controls: ["S3-113", "S3-114"],
        remediation:
            'Add an aws.s3.BucketServerSideEncryptionConfiguration with sseAlgorithm "aws:kms" and kmsMasterKeyId of a key of your own.',
        check(stack: Stack, check: Check): void {
            const logs = logBuckets(stack);
            eachMust(stack, check, {
                types: encryptions,
                values: encryptionDefaults,
                test: (value) => {
                    const key = value.at("kmsMasterKeyId");
                    return (
                        is("aws:kms", "aws:kms:dsse")(value.at("sseAlgorithm")) &&
                        (customerKey.test(key) || customerKey.from(key))
                    );
                },
                message: 'sseAlgorithm must be "aws:kms", and kmsMasterKeyId a customer-managed key.',
                of: stack.ofType(...buckets).filter((bucket) => !logs.has(bucket)),
            });
        },
    },
    propertyRule({
        name: "s3-object-disallow-weaker-encryption",
        description: "Objects must not be encrypted with less than their bucket's key.",
        severity: "medium",
        category: "encryption-at-rest",
        controls: ["S3-114"],
        remediation: 'Leave serverSideEncryption out, or set it to "aws:kms".',
        types: objects,
        path: ["serverSideEncryption"],
        test: isOrAbsent("aws:kms", "aws:kms:dsse"),
        message: 'serverSideEncryption must be left out or "aws:kms".',
    }),
    {
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
                        ["versionings", each, "enabled"],
                    ),
                test: is("Enabled", true),
                message: 'versioningConfiguration.status must be "Enabled".',
            });
        },
    },
    {
        kind: "stack",
        name: "s3-bucket-require-access-logs",
        description: "Buckets must log who used them, into another bucket.",
        severity: "medium",
        category: "logging",
        controls: ["S3-116"],
        remediation: "Add an aws.s3.BucketLogging with targetBucket.",
        check(stack: Stack, check: Check): void {
            const logs = logBuckets(stack);
            eachMust(stack, check, {
                types: loggings,
                values: (resource) => {
                    if (!loggings.includes(resource.type)) {
                        return valuesAtAny(
                            resource.props,
                            ["logging", "targetBucket"],
                            ["loggings", each, "targetBucket"],
                        );
                    }
                    // The name of a bucket of this stack need not be known.
                    const isDeclared = bucketsOf(stack, resource, "targetBucket").length > 0;
                    return [isDeclared ? resource.props : resource.props.at("targetBucket")];
                },
                test: isSet,
                message: "The bucket must have an aws.s3.BucketLogging.",
                // Logs about writing logs would never end.
                of: stack.ofType(...buckets).filter((bucket) => !logs.has(bucket)),
            });
        },
    },
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
    {
        kind: "resource",
        name: "s3-bucket-disallow-website",
        description: "Buckets must not be websites: these have neither TLS nor a private origin.",
        severity: "medium",
        category: "network",
        controls: ["S3-124"],
        remediation: "Put CloudFront with an origin access control before the bucket.",
        types: [...websites, ...buckets],
        check(resource: Resource, check: Check): void {
            if (websites.includes(resource.type)) {
                check.fail(
                    resource,
                    "bucket",
                    "There must be no website: use CloudFront with an origin access control.",
                );
                return;
            }
            for (const property of ["website", "websites"]) {
                check.must(
                    resource,
                    resource.props.at(property),
                    (value) => !isSet(value),
                    `${property} must be left out: use CloudFront with an origin access control.`,
                );
            }
        },
    },
    {
        kind: "resource",
        name: "s3-trail-require-object-events",
        description: "Trails must record who reads and writes objects.",
        severity: "low",
        category: "logging",
        controls: ["S3-125"],
        remediation:
            'Add eventSelectors with dataResources of type "AWS::S3::Object", or advancedEventSelectors for resources.type "AWS::S3::Object".',
        types: ["aws:cloudtrail/trail:Trail"],
        check(resource: Resource, check: Check): void {
            const { props } = resource;
            const kinds = [
                ...valuesAt(props, ["eventSelectors", each, "dataResources", each, "type"]),
                ...valuesAt(props, ["advancedEventSelectors", each, "fieldSelectors", each, "equals"]),
            ];
            const unknown = ["eventSelectors", "advancedEventSelectors"]
                .map((property) => props.at(property).firstUnknown)
                .find((value) => value !== undefined);
            if (kinds.some((kind) => textsIn(kind).includes("AWS::S3::Object"))) {
                return;
            }
            if (unknown) {
                check.undetermined(resource, unknown);
            } else {
                check.fail(resource, "eventSelectors", 'eventSelectors must have data events of "AWS::S3::Object".');
            }
        },
    },
];

/** Controls that no rule can serve, with the reason. */
export const s3NotApplicable: Record<string, string> = {
    "S3-119":
        "Events of a bucket cost and need a consumer; whether there is one is the program's design, not its safety.",
    "S3-121":
        "A copy in another region is a decision on disaster recovery with a bucket, a key and costs of its own; versioning guards against loss within the region (S3-115).",
    "S3-123": "MFA delete can be set by the account's root user with its device only, which no Pulumi program runs as.",
};
