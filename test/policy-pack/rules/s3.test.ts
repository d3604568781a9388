import { s3Rules } from "../../../policy-pack/rules/s3";
import { describeMutations, type Mutations, ruleOf, withParameters } from "../support/mutations";
import { type Case, describeRule, type Subject, unknown } from "../support/pack";

const key = "arn:aws:kms:ap-northeast-2:123456789012:key/8b633f9f-e42e-bd1e-4959-a9d53da0b63e";
const bucket = "aws:s3/bucket:Bucket";
const bucketV2 = "aws:s3/bucketV2:BucketV2";
const acl = "aws:s3/bucketAcl:BucketAcl";
const blocks = { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true };

const statement = {
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: ["arn:aws:s3:::lake", "arn:aws:s3:::lake/*"],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
};
const document = (change: Record<string, unknown> = {}): string =>
    JSON.stringify({ Version: "2012-10-17", Statement: [{ ...statement, ...change }] });

/** A bucket, and what belongs to it by a reference of the engine's, as at the first preview. */
const lake = (props: Subject["props"] = {}, type = bucket): Subject => ({ type, name: "lake", props });
const satellite = (type: string, props: Subject["props"], of = "lake"): Subject => ({
    type,
    name: `${of}-satellite`,
    props: { bucket: unknown, ...props },
    refersTo: { bucket: of },
});
/** A bucket that takes the logs of the lake. */
const logBucket: Subject[] = [
    { type: bucket, name: "logs", props: {} },
    {
        type: "aws:s3/bucketLogging:BucketLogging",
        name: "logging",
        props: { bucket: unknown, targetBucket: unknown },
        refersTo: { bucket: "lake", targetBucket: "logs" },
    },
];

interface StackRow {
    /** Type of the satellite. */
    type: string;
    good: Subject["props"];
    wrong: Subject["props"][];
    says: string;
    unknownAt: [path: string, props: Subject["props"]];
    /** Properties of a bucket that has it itself. */
    inline?: [type: string, props: Subject["props"]][];
    more?: Case[];
}

function describeStackRow(
    name: string,
    { type, good, wrong, says, unknownAt, inline = [], more = [] }: StackRow,
): void {
    const [path, unknownProps] = unknownAt;
    const types = /V2|PublicAccessBlock|BucketPolicy/.test(type)
        ? [type]
        : [type, type.replace(/(\w+):(\w+)$/, (_all, file: string, token: string) => `${file}V2:${token}V2`)];
    describeRule(ruleOf(s3Rules, name), [
        ...types.map((each): Case => ({
            title: `passes a bucket with ${each}`,
            subjects: [lake(), satellite(each, good)],
        })),
        { title: "passes BucketV2", subjects: [lake({}, bucketV2), satellite(type, good)] },
        {
            title: "finds the bucket by its name",
            subjects: [lake({ bucket: "lake" }), { type, name: "satellite", props: { bucket: "lake", ...good } }],
        },
        ...inline.map(([on, props]): Case => ({ title: `passes ${on} itself`, subjects: lake(props, on) })),
        { title: "refuses a bucket without", subjects: lake(), fails: [says] },
        {
            title: "refuses a bucket beside one with",
            subjects: [lake(), satellite(type, good), { type: bucketV2, name: "other", props: {} }],
            fails: [says],
        },
        ...wrong.map((props): Case => ({
            title: `refuses ${JSON.stringify(props).slice(0, 160)}`,
            subjects: [lake(), satellite(type, props)],
            fails: [says],
        })),
        { title: `waits for ${path}`, subjects: [lake(), satellite(type, unknownProps)], undetermined: path },
        {
            title: "waits for the bucket of a satellite",
            subjects: [lake(), { type, name: "satellite", props: { bucket: unknown, ...good } }],
            undetermined: "bucket",
        },
        ...more,
    ]);
}

const policyType = "aws:s3/bucketPolicy:BucketPolicy";
const aboutBucket = (name: string): Subject["props"] => ({
    bucket: name,
    policy: document({ Resource: [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`] }),
});

const stackRows: Record<string, StackRow> = {
    "s3-bucket-require-tls": {
        type: "aws:s3/bucketPolicy:BucketPolicy",
        good: { policy: document() },
        inline: [[bucket, { policy: document() }]],
        wrong: [
            { policy: "{no JSON" },
            { policy: "[]" },
            { policy: document({ Effect: "Allow" }) },
            { policy: document({ Principal: { AWS: "arn:aws:iam::123456789012:root" } }) },
            { policy: document({ Action: "s3:GetObject" }) },
            { policy: document({ Resource: "arn:aws:s3:::lake" }) },
            { policy: document({ Resource: "arn:aws:s3:::lake/*" }) },
            { policy: document({ Condition: { Bool: { "aws:SecureTransport": "true" } } }) },
            {
                policy: document({
                    Condition: { ...statement.Condition, IpAddress: { "aws:SourceIp": "10.0.0.0/8" } },
                }),
            },
        ],
        says: "A policy must deny",
        unknownAt: ["policy", { policy: unknown }],
        more: [
            {
                title: "passes a policy about the bucket by its name",
                subjects: [
                    lake({ bucket: "lake" }),
                    { type: policyType, name: "satellite", props: aboutBucket("lake") },
                ],
            },
            ...["lake-2", "la", "lake/ticks"].map((other): Case => ({
                title: `refuses a policy about ${other}`,
                subjects: [
                    lake({ bucket: "lake" }),
                    { type: policyType, name: "satellite", props: { ...aboutBucket(other), bucket: "lake" } },
                ],
                fails: ["A policy must deny"],
            })),
        ],
    },
    "s3-bucket-require-customer-managed-key": {
        type: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        good: {
            rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key } }],
        },
        inline: [
            [
                bucket,
                {
                    serverSideEncryptionConfiguration: {
                        rule: {
                            applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms:dsse", kmsMasterKeyId: key },
                        },
                    },
                },
            ],
            [
                bucketV2,
                {
                    serverSideEncryptionConfigurations: [
                        {
                            rules: [
                                {
                                    applyServerSideEncryptionByDefaults: [
                                        { sseAlgorithm: "aws:kms", kmsMasterKeyId: key },
                                    ],
                                },
                            ],
                        },
                    ],
                },
            ],
        ],
        wrong: [
            { rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
            { rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms" } }] },
            {
                rules: [
                    { applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: "alias/aws/s3" } },
                ],
            },
            { rules: "aws:kms" },
        ],
        says: 'sseAlgorithm must be "aws:kms"',
        unknownAt: [
            "rules[0].applyServerSideEncryptionByDefault.kmsMasterKeyId",
            { rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: unknown } }] },
        ],
        more: [
            {
                title: "lets a bucket that takes logs have S3's own key",
                subjects: [
                    ...logBucket,
                    lake(),
                    satellite(
                        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
                        {
                            rules: [
                                {
                                    applyServerSideEncryptionByDefault: {
                                        sseAlgorithm: "aws:kms",
                                        kmsMasterKeyId: key,
                                    },
                                },
                            ],
                        },
                    ),
                ],
            },
            {
                title: "lets a bucket that takes a load balancer's logs have S3's own key",
                subjects: [
                    { type: bucket, name: "logs", props: { bucket: "logs" } },
                    {
                        type: "aws:alb/loadBalancer:LoadBalancer",
                        name: "lb",
                        props: { accessLogs: { bucket: "logs" } },
                    },
                ],
            },
        ],
    },
    "s3-bucket-require-versioning": {
        type: "aws:s3/bucketVersioning:BucketVersioning",
        good: { versioningConfiguration: { status: "Enabled" } },
        inline: [
            [bucket, { versioning: { enabled: true } }],
            [bucketV2, { versionings: [{ enabled: true }] }],
        ],
        wrong: [{ versioningConfiguration: { status: "Suspended" } }, {}],
        says: 'versioningConfiguration.status must be "Enabled"',
        unknownAt: ["versioningConfiguration.status", { versioningConfiguration: { status: unknown } }],
    },
    "s3-bucket-require-lifecycle": {
        type: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        good: { rules: [{ status: "Enabled" }] },
        inline: [
            [bucket, { lifecycleRules: [{ enabled: true }] }],
            [bucketV2, { lifecycleRules: [{ enabled: true }] }],
        ],
        wrong: [{ rules: [] }, { rules: [{ status: "Disabled" }] }, { rules: 7 }],
        says: "The bucket must have an aws.s3.BucketLifecycleConfiguration",
        unknownAt: ["rules[0].status", { rules: [{ status: unknown }] }],
    },
};

const rows: [rule: string, mutations: Mutations][] = [
    [
        "s3-public-access-block-require-all",
        {
            good: blocks,
            wrong: Object.keys(blocks).flatMap((block): [string, unknown][] => [
                [block, false],
                [block, undefined],
            ]),
            says: "must be true",
            unknownAt: "ignorePublicAcls",
        },
    ],
    [
        "s3-access-point-require-public-access-block",
        {
            good: { publicAccessBlockConfiguration: blocks, details: { publicAccessBlock: blocks } },
            fine: [
                ["publicAccessBlockConfiguration", undefined],
                ["details", undefined],
            ],
            wrong: [
                ["publicAccessBlockConfiguration.blockPublicPolicy", false],
                ["details.publicAccessBlock.restrictPublicBuckets", false],
            ],
            says: "must be true",
            unknownAt: "publicAccessBlockConfiguration",
            reportedAt: "publicAccessBlockConfiguration.blockPublicAcls",
        },
    ],
    [
        "s3-disallow-public-acl",
        {
            good: { acl: "private", grants: [{ uri: "http://acs.amazonaws.com/groups/s3/LogDelivery" }] },
            fine: [["acl", undefined]],
            wrong: [
                ["acl", "public-read"],
                ["acl", "public-read-write"],
                ["acl", "authenticated-read"],
                ["grants.0.uri", "http://acs.amazonaws.com/groups/global/AllUsers"],
                ["grants.0.uri", "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"],
            ],
            says: "must",
            unknownAt: "acl",
        },
    ],
    [
        "s3-disallow-public-acl",
        {
            types: [acl],
            good: { accessControlPolicy: { grants: [{ grantee: { id: "1" } }] } },
            wrong: [["accessControlPolicy.grants.0.grantee.uri", "http://acs.amazonaws.com/groups/global/AllUsers"]],
            says: "Grants must not be to everybody",
            unknownAt: "accessControlPolicy.grants.0.grantee.uri",
            reportedAt: "accessControlPolicy.grants[0].grantee.uri",
        },
    ],
    [
        "s3-bucket-disallow-acls",
        {
            good: { rule: { objectOwnership: "BucketOwnerEnforced" } },
            wrong: [["rule.objectOwnership", "ObjectWriter"]],
            says: 'rule.objectOwnership must be "BucketOwnerEnforced"',
            unknownAt: "rule.objectOwnership",
        },
    ],
    [
        "s3-bucket-policy-disallow-lock-out",
        {
            good: { policy: document() },
            fine: [
                ["policy", document({ Condition: undefined, Effect: "Allow" })],
                ["policy", document({ Condition: undefined, Action: "s3:GetObject" })],
            ],
            wrong: [
                ["policy", document({ Condition: undefined })],
                ["policy", document({ Condition: undefined, Action: "s3:Put*", Principal: { AWS: "*" } })],
                ["policy", "{no JSON"],
                ["policy", 7],
            ],
            says: "policy must",
            unknownAt: "policy",
        },
    ],
    [
        "s3-object-disallow-weaker-encryption",
        {
            good: { serverSideEncryption: "aws:kms" },
            fine: [["serverSideEncryption", undefined]],
            wrong: [["serverSideEncryption", "AES256"]],
            says: "serverSideEncryption must be left out",
            unknownAt: "serverSideEncryption",
        },
    ],
    ...["", "V2"].flatMap((version): [string, Mutations][] => {
        const types = [`aws:s3/bucketLifecycleConfiguration${version}:BucketLifecycleConfiguration${version}`];
        return [
            [
                "s3-lifecycle-require-version-expiry",
                {
                    types,
                    good: { rules: [{ status: "Enabled", noncurrentVersionExpiration: { noncurrentDays: 30 } }] },
                    fine: [
                        ["rules.0.filter", {}],
                        ["rules.0.filter", { prefix: "" }],
                    ],
                    wrong: [
                        ["rules", undefined],
                        ["rules.0.status", "Disabled"],
                        ["rules.0.noncurrentVersionExpiration", undefined],
                        ["rules.0.filter", { prefix: "ticks/" }],
                        ["rules.0.filter", { and: { tags: { kind: "raw" } } }],
                        ["rules.0.prefix", "ticks/"],
                    ],
                    says: "noncurrentVersionExpiration",
                    unknownAt: "rules.0.status",
                    reportedAt: "rules[0].status",
                },
            ],
            [
                "s3-lifecycle-require-upload-cleanup",
                {
                    types,
                    good: {
                        rules: [{ status: "Enabled", abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } }],
                    },
                    wrong: [
                        ["rules", undefined],
                        ["rules.0.abortIncompleteMultipartUpload", undefined],
                        ["rules.0.filter", { prefix: "ticks/" }],
                        ["rules.0.filter", { objectSizeGreaterThan: 1048576 }],
                    ],
                    says: "abortIncompleteMultipartUpload",
                    unknownAt: "rules.0.status",
                    reportedAt: "rules[0].status",
                },
            ],
        ];
    }),
    [
        "s3-lifecycle-require-version-expiry",
        {
            types: [bucket],
            good: { lifecycleRules: [{ enabled: true, noncurrentVersionExpiration: { days: 30 } }] },
            fine: [["lifecycleRules", undefined]],
            wrong: [["lifecycleRules.0.enabled", false]],
            says: "noncurrentVersionExpiration",
            unknownAt: "lifecycleRules",
        },
    ],
    [
        "s3-lifecycle-require-version-expiry",
        {
            types: [bucketV2],
            good: { lifecycleRules: [{ enabled: true, noncurrentVersionExpirations: [{ days: 30 }] }] },
            wrong: [["lifecycleRules.0.noncurrentVersionExpirations", []]],
            says: "noncurrentVersionExpiration",
            unknownAt: "lifecycleRules",
        },
    ],
    [
        "s3-lifecycle-require-upload-cleanup",
        {
            types: [bucket, bucketV2],
            good: { lifecycleRules: [{ enabled: true, abortIncompleteMultipartUploadDays: 7 }] },
            wrong: [
                ["lifecycleRules.0.abortIncompleteMultipartUploadDays", undefined],
                ["lifecycleRules.0.prefix", "ticks/"],
                ["lifecycleRules.0.tags", { kind: "raw" }],
            ],
            says: "abortIncompleteMultipartUpload",
            unknownAt: "lifecycleRules",
        },
    ],
    [
        "s3-bucket-disallow-website",
        {
            types: [bucket, bucketV2],
            good: {},
            wrong: [
                ["website", { indexDocument: "index.html" }],
                ["websites", [{ indexDocument: "index.html" }]],
            ],
            says: "must be left out",
            unknownAt: "website",
        },
    ],
    [
        "s3-trail-require-object-events",
        {
            good: { eventSelectors: [{ dataResources: [{ type: "AWS::S3::Object", values: ["arn:aws:s3"] }] }] },
            fine: [
                ["eventSelectors.0.dataResources.0.type", "AWS::S3::Object"],
                [
                    "advancedEventSelectors",
                    [{ fieldSelectors: [{ field: "resources.type", equals: ["AWS::S3::Object"] }] }],
                ],
            ],
            wrong: [
                ["eventSelectors", undefined],
                ["eventSelectors.0.dataResources.0.type", "AWS::Lambda::Function"],
            ],
            says: 'data events of "AWS::S3::Object"',
            unknownAt: "eventSelectors",
        },
    ],
];

describe("Rules of S3", () => {
    for (const [name, mutations] of rows) {
        describeMutations(ruleOf(s3Rules, name), mutations);
    }
    for (const [name, row] of Object.entries(stackRows)) {
        describeStackRow(name, row);
    }

    describeRule(ruleOf(s3Rules, "s3-bucket-require-public-access-block"), [
        {
            title: "passes a bucket with a block",
            subjects: [lake(), satellite("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", {})],
        },
        { title: "refuses a bucket without", subjects: lake(), fails: ["aws.s3.BucketPublicAccessBlock"] },
        {
            title: "waits for the bucket of a block",
            subjects: [
                lake(),
                { type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", props: { bucket: unknown } },
            ],
            undetermined: "bucket",
        },
    ]);

    describeRule(ruleOf(s3Rules, "s3-bucket-require-access-logs"), [
        { title: "passes a bucket that logs, and the one that takes the logs", subjects: [lake(), ...logBucket] },
        {
            title: "passes buckets that log themselves",
            subjects: [
                lake({ logging: { targetBucket: "logs" } }),
                { type: bucketV2, name: "two", props: { loggings: [{ targetBucket: "logs" }] } },
                { type: bucket, name: "logs", props: { bucket: "logs" } },
            ],
        },
        {
            title: "reaches the bucket by way of its policy",
            subjects: [
                lake(),
                { type: bucket, name: "logs", props: {} },
                satellite("aws:s3/bucketPolicy:BucketPolicy", {}),
                { ...satellite("aws:s3/bucketPolicy:BucketPolicy", {}, "logs"), name: "logs-policy" },
                {
                    type: "aws:s3/bucketLoggingV2:BucketLoggingV2",
                    name: "logging",
                    props: { bucket: "lake", targetBucket: "logs" },
                    refersTo: { bucket: "lake-satellite", targetBucket: "logs-policy" },
                },
            ],
        },
        { title: "refuses a bucket without", subjects: lake(), fails: ["aws.s3.BucketLogging"] },
        {
            title: "waits for the target",
            subjects: [lake(), satellite("aws:s3/bucketLogging:BucketLogging", { targetBucket: unknown })],
            undetermined: "targetBucket",
        },
    ]);

    const lifecycle = (...days: unknown[]): Subject =>
        satellite(
            "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
            { rules: days.map((day) => ({ status: "Enabled", expiration: { days: day } })) },
            "logs",
        );
    const ofSome = (subject: Subject): Subject => {
        const rules = (subject.props.rules as object[]).map((rule) => ({ ...rule, filter: { prefix: "s3/" } }));
        return { ...subject, props: { ...subject.props, rules } };
    };
    describeRule(ruleOf(s3Rules, "s3-log-bucket-require-expiry"), [
        { title: "passes a year", subjects: [lake(), ...logBucket, lifecycle(365)] },
        { title: "passes buckets that take no logs", subjects: lake() },
        { title: "refuses less", subjects: [lake(), ...logBucket, lifecycle(89)], fails: ["must be 90 to 3653"] },
        { title: "refuses more", subjects: [lake(), ...logBucket, lifecycle(4000)], fails: ["must be 90 to 3653"] },
        {
            title: "refuses what a second rule cuts short",
            subjects: [lake(), ...logBucket, lifecycle(365, 7)],
            fails: ["must be 90 to 3653"],
        },
        { title: "refuses none", subjects: [lake(), ...logBucket], fails: ["must be 90 to 3653"] },
        {
            title: "refuses one for some of the logs",
            subjects: [lake(), ...logBucket, ofSome(lifecycle(365))],
            fails: ["must be 90 to 3653"],
        },
        {
            title: "waits for the days",
            subjects: [lake(), ...logBucket, lifecycle(unknown)],
            undetermined: "rules[0].expiration.days",
        },
    ]);

    const websites = ["", "V2"].map((version) =>
        `aws:s3/bucketWebsiteConfiguration${version}:X`.replace("X", `BucketWebsiteConfiguration${version}`),
    );
    describeRule(ruleOf(s3Rules, "s3-bucket-disallow-website"), [
        { title: "passes a bucket", subjects: lake() },
        ...websites.map((type): Case => ({
            title: `refuses ${type}`,
            subjects: { type, props: {} },
            fails: ["use CloudFront"],
        })),
        { title: "waits for the website", subjects: lake({ website: unknown }), undetermined: "website" },
    ]);

    describe("with names to be locked", () => {
        describeMutations(withParameters(ruleOf(s3Rules, "s3-bucket-require-object-lock"), { names: ["audit"] }), {
            good: { bucket: "aipx-audit", objectLockEnabled: true },
            fine: [["bucket", "aipx-lake"]],
            wrong: [["objectLockEnabled", undefined]],
            says: "objectLockEnabled must be true",
            unknownAt: "objectLockEnabled",
        });
    });
});
