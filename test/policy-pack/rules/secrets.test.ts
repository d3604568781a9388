import assert from "node:assert/strict";
import { evaluate } from "../../../policy-pack/core/evaluate";
import { Stack } from "../../../policy-pack/core/resource";
import { Value } from "../../../policy-pack/core/value";
import { secretsRules } from "../../../policy-pack/rules/secrets";
import { type Case, type Subject, unknown } from "../support/pack";
import { describeRules, property } from "../support/table";

const arn = "arn:aws:kms:ap-northeast-2:123456789012:key/1";
const secret = "aws:secretsmanager/secret:Secret";
const keyType = "aws:kms/key:Key";
const certificate = "aws:acm/certificate:Certificate";

const document = (...Statement: unknown[]): string => JSON.stringify({ Version: "2012-10-17", Statement });
const allow = (Principal: unknown, Action: unknown, changes = {}) => ({
    Effect: "Allow",
    Principal,
    Action,
    Resource: "*",
    ...changes,
});
const root = { AWS: "arn:aws:iam::123456789012:root" };

const key = (policy?: unknown): Subject => ({
    type: keyType,
    name: "key",
    props: policy === undefined ? {} : { policy },
});
const logGroup: Subject = {
    type: "aws:cloudwatch/logGroup:LogGroup",
    name: "logs",
    props: { kmsKeyId: unknown },
    refersTo: { kmsKeyId: "key" },
};
const topic: Subject = {
    type: "aws:sns/topic:Topic",
    name: "topic",
    props: { name: "alarms", kmsMasterKeyId: unknown },
    refersTo: { kmsMasterKeyId: "key" },
};
const queue: Subject = { ...topic, type: "aws:sqs/queue:Queue", name: "queue", props: { name: "failed" } };
const topicArn = "arn:aws:sns:ap-northeast-2:123456789012:alarms";
const queueArn = "arn:aws:sqs:ap-northeast-2:123456789012:failed";
const logsUse = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"];

/** What makes a service use the key, and the service. */
const users: [what: string, service: string, subjects: Subject[]][] = [
    [
        "alarms on a topic",
        "cloudwatch",
        [topic, { type: "aws:cloudwatch/metricAlarm:MetricAlarm", name: "user", props: { alarmActions: [topicArn] } }],
    ],
    [
        "budgets on a topic",
        "budgets",
        [
            topic,
            {
                type: "aws:budgets/budget:Budget",
                name: "user",
                props: { notifications: [{ subscriberSnsTopicArns: [topicArn] }] },
            },
        ],
    ],
    [
        "costs on a topic",
        "costalerts",
        [
            topic,
            {
                type: "aws:costexplorer/anomalySubscription:AnomalySubscription",
                name: "user",
                props: { subscribers: [{ address: topicArn }] },
            },
        ],
    ],
    [
        "a bucket on a topic",
        "s3",
        [
            topic,
            { type: "aws:s3/bucketNotification:BucketNotification", name: "user", props: { topics: [{ topicArn }] } },
        ],
    ],
    [
        "a bucket on a queue",
        "s3",
        [
            queue,
            { type: "aws:s3/bucketNotification:BucketNotification", name: "user", props: { queues: [{ queueArn }] } },
        ],
    ],
    [
        "a target that gives up",
        "events",
        [
            queue,
            {
                type: "aws:cloudwatch/eventTarget:EventTarget",
                name: "user",
                props: { deadLetterConfig: { arn: queueArn } },
            },
        ],
    ],
    [
        "a target",
        "events",
        [queue, { type: "aws:cloudwatch/eventTarget:EventTarget", name: "user", props: { arn: queueArn } }],
    ],
    [
        "a subscription",
        "sns",
        [
            queue,
            {
                type: "aws:sns/topicSubscription:TopicSubscription",
                name: "user",
                props: { endpoint: unknown },
                refersTo: { endpoint: "queue" },
            },
        ],
    ],
    [
        "a bus",
        "events",
        [
            {
                type: "aws:cloudwatch/eventBus:EventBus",
                name: "user",
                props: { kmsKeyIdentifier: unknown },
                refersTo: { kmsKeyIdentifier: "key" },
            },
        ],
    ],
];
const deliver = ["kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey"];

/** A key whose policy lets a service use it under a condition, and what it is used for. */
const conditional = (service: string, uses: string[], condition: unknown, ...subjects: Subject[]): Subject[] => [
    key(document({ ...allow({ Service: `${service}.amazonaws.com` }, uses), Condition: condition })),
    ...subjects,
];
const logsArn = (group: string): string => `arn:aws:logs:ap-northeast-2:123456789012:log-group:${group}`;
const named = { ...logGroup, props: { ...logGroup.props, name: "/a/b" } };
const forLogs = (condition: unknown, group = named): Subject[] => conditional("logs", logsUse, condition, group);
const forQueue = (condition: unknown): Subject[] =>
    conditional("events", deliver, condition, ...users.find(([what]) => what === "a target")![2]);

const conditioned: Case[] = [
    ...[
        { ArnLike: { "kms:EncryptionContext:aws:logs:arn": logsArn("/a/*") } },
        { ArnEquals: { "kms:EncryptionContext:aws:logs:arn": [logsArn("/c"), logsArn("/a/b")] } },
        { StringEquals: { "aws:SourceAccount": "123456789012" } },
        { StringEqualsIfExists: { "kms:ViaService": "s3.ap-northeast-2.amazonaws.com" } },
        { Bool: { "kms:GrantIsForAWSResource": "false" } },
        { StringNotEquals: { "kms:EncryptionContext:aws:logs:arn": logsArn("/c") } },
    ].map((condition): Case => ({ title: `accepts ${JSON.stringify(condition)}`, subjects: forLogs(condition) })),
    ...[
        { ArnLike: { "kms:EncryptionContext:aws:logs:arn": logsArn("/c/*") } },
        { StringLike: { "kms:EncryptionContext:aws:sqs:arn": "*" } },
        { StringEquals: { "kms:ViaService": "logs.ap-northeast-2.amazonaws.com" } },
        { Bool: { "kms:GrantIsForAWSResource": "true" } },
    ].map((condition): Case => ({
        title: `refuses ${JSON.stringify(condition)}`,
        subjects: forLogs(condition),
        fails: ["conditions that can hold"],
    })),
    {
        title: "accepts a queue by the service that calls for the sender",
        subjects: forQueue({ StringEquals: { "kms:ViaService": "sqs.ap-northeast-2.amazonaws.com" } }),
    },
    {
        title: "refuses a queue by another service",
        subjects: forQueue({ StringEquals: { "kms:ViaService": "sns.ap-northeast-2.amazonaws.com" } }),
        fails: ["kms:Decrypt to events.amazonaws.com for queue"],
    },
    {
        title: "tells once of several log groups",
        subjects: [...forLogs({ Bool: { "kms:GrantIsForAWSResource": "true" } }), { ...named, name: "another" }],
        fails: ["for "],
    },
    {
        title: "judges every log group, and not only the first",
        subjects: [
            ...forLogs({ ArnLike: { "kms:EncryptionContext:aws:logs:arn": logsArn("/a/*") } }),
            { ...named, name: "another", props: { ...named.props, name: "/c" } },
        ],
        fails: ["for another"],
    },
];

const grants: Case[] = [
    {
        title: "accepts log groups",
        subjects: [key(document(allow({ Service: "logs.ap-northeast-2.amazonaws.com" }, logsUse))), logGroup],
    },
    {
        title: "accepts a policy of its own",
        subjects: [
            key(),
            logGroup,
            {
                type: "aws:kms/keyPolicy:KeyPolicy",
                name: "policy",
                props: { policy: document(allow({ Service: "logs.ap-northeast-2.amazonaws.com" }, "kms:*")) },
                refersTo: { keyId: "key" },
            },
        ],
    },
    {
        title: "refuses log groups that may not write",
        subjects: [key(document(allow({ Service: "logs.amazonaws.com" }, "kms:Decrypt"))), logGroup],
        fails: ["kms:Encrypt to logs"],
    },
    {
        title: "refuses log groups of nobody",
        subjects: [key(document(allow(root, "kms:*"))), logGroup],
        fails: ["logs.amazonaws.com"],
    },
    { title: "refuses what is no JSON", subjects: [key("{"), logGroup], fails: ["logs.amazonaws.com"] },
    { title: "asks nothing of a key that nobody uses", subjects: key() },
    { title: "waits for the policy", subjects: [key(unknown), logGroup], undetermined: "policy" },
    ...conditioned,
    ...users.flatMap(([what, service, subjects]): Case[] => [
        {
            title: `accepts ${what}`,
            subjects: [key(document(allow({ Service: [`${service}.amazonaws.com`] }, deliver))), ...subjects],
        },
        {
            title: `refuses ${what} without a grant`,
            subjects: [key(document(allow({ Service: "lambda.amazonaws.com" }, deliver))), ...subjects],
            fails: [`${service}.amazonaws.com`],
        },
    ]),
];

describeRules("secrets, keys and certificates", secretsRules, {
    "secretsmanager-secret-require-cmk": property(secret, { kmsKeyId: arn }, "kmsKeyId", [
        undefined,
        "",
        "alias/aws/secretsmanager",
    ]),
    "secretsmanager-secret-require-rotation": [
        {
            title: "accepts a rotation",
            subjects: [
                { type: secret, name: "secret", props: { name: "a" } },
                {
                    type: "aws:secretsmanager/secretRotation:SecretRotation",
                    name: "rotation",
                    props: { secretId: unknown },
                    refersTo: { secretId: "secret" },
                },
            ],
        },
        { title: "refuses none", subjects: { type: secret, props: { name: "a" } }, fails: ["SecretRotation"] },
        { title: "waits for the name", subjects: { type: secret, props: { name: unknown } }, undetermined: "name" },
    ],
    "secretsmanager-rotation-require-period": [
        ...property(
            "aws:secretsmanager/secretRotation:SecretRotation",
            { rotationRules: { automaticallyAfterDays: 30 } },
            "rotationRules",
            [
                undefined,
                {},
                { automaticallyAfterDays: 91 },
                { scheduleExpression: "rate(100 days)" },
                { scheduleExpression: "cron(0 8 1 1 ? *)" },
            ],
            { right: [{ scheduleExpression: "rate(10 days)" }, { scheduleExpression: "cron(0 8 1 * ? *)" }] },
        ),
        {
            title: "refuses one that is off",
            subjects: {
                type: "aws:secretsmanager/secretRotation:SecretRotation",
                props: { rotationEnabled: false, rotationRules: { automaticallyAfterDays: 30 } },
            },
            fails: ["rotationEnabled"],
        },
    ],
    "secretsmanager-secret-disallow-arn-like-name": property(
        secret,
        { name: "aipx/dev/kis-credentials" },
        "name",
        ["aipx/dev/kis-kosdaq", "websocket-tokens", "a-b-cdef"],
        { right: [undefined, "kis-account", "kis-krx", "kis_kosdaq", "a-b/cdefg"] },
    ),
    "secretsmanager-secret-require-recovery-window": property(secret, {}, "recoveryWindowInDays", [0], {
        right: [7, 30],
    }),
    "kms-key-require-rotation": [
        ...property(keyType, { enableKeyRotation: true }, "enableKeyRotation", [undefined, false]),
        {
            title: "leaves asymmetric keys alone",
            subjects: { type: keyType, props: { customerMasterKeySpec: "RSA_4096" } },
        },
    ],
    "kms-key-require-policy": [
        ...property(keyType, { policy: document() }, "policy", [undefined, ""]),
        {
            title: "accepts a policy of its own",
            subjects: [
                key(),
                { type: "aws:kms/keyPolicy:KeyPolicy", name: "policy", props: {}, refersTo: { keyId: "key" } },
            ],
        },
    ],
    "kms-key-require-enabled": property(keyType, {}, "isEnabled", [false], { right: [true] }),
    "kms-key-require-deletion-window": property(keyType, {}, "deletionWindowInDays", [7, 13], { right: [14, 30] }),
    "kms-key-disallow-lockout": property(keyType, {}, "bypassPolicyLockoutSafetyCheck", [true], { right: [false] }),
    "kms-key-policy-separate-administration": [
        ...property(
            keyType,
            { policy: document(allow(root, ["kms:PutKeyPolicy"]), allow(root, ["kms:Decrypt"])) },
            "policy",
            [
                document(allow(root, "kms:*")),
                document(allow(root, "*")),
                document(allow(root, ["kms:Put*", "kms:Decrypt"])),
                document({ Effect: "Allow", Principal: root, NotAction: "kms:CreateGrant", Resource: "*" }),
            ],
            {
                right: [document({ Effect: "Deny", Principal: root, Action: "kms:*", Resource: "*" })],
                message: "administration",
            },
        ),
        { title: "leaves none to another rule", subjects: key() },
    ],
    "kms-key-require-grants": grants,
    "acm-certificate-require-strong-key": property(certificate, {}, "keyAlgorithm", ["RSA_1024"], {
        right: ["EC_prime256v1", "RSA_2048"],
    }),
    "acm-certificate-disallow-wildcard-name": property(certificate, { domainName: "a.example.com" }, "domainName", [
        "*.example.com",
    ]),
    "acm-certificate-disallow-wildcard-alternative-names": property(
        certificate,
        { subjectAlternativeNames: ["b.example.com"] },
        "subjectAlternativeNames.0",
        ["*.example.com"],
        { message: "subjectAlternativeNames" },
    ),
    "acm-certificate-require-transparency": property(
        certificate,
        {},
        "options.certificateTransparencyLoggingPreference",
        ["DISABLED"],
        { right: ["ENABLED"] },
    ),
    "acm-certificate-require-renewal": [
        ...property(certificate, { validationMethod: "DNS" }, "validationMethod", [undefined, "EMAIL"]),
        { title: "leaves imported ones alone", subjects: { type: certificate, props: { certificateBody: "x" } } },
        {
            title: "leaves private ones alone",
            subjects: { type: certificate, props: { certificateAuthorityArn: "x" } },
        },
    ],
});

it("exempts secrets that are listed by name", () => {
    const rule = secretsRules.filter(({ name }) => name === "secretsmanager-secret-require-rotation");
    const stack = new Stack(
        ["aipx/dev/kis-credentials", "aipx/dev/other"].map((name) => ({
            urn: `urn:pulumi:dev::aipx::${secret}::${name}`,
            type: secret,
            name,
            props: new Value({ name }, ""),
            options: {},
            dependencies: [],
            propertyDependencies: {},
        })),
    );
    const [result] = evaluate(rule, stack, {
        "secretsmanager-secret-require-rotation": { exempt: ["*/kis-credentials"] },
    });
    assert.deepEqual(
        result?.findings.map(({ urn }) => urn.split("::").pop()),
        ["aipx/dev/other"],
    );
});
