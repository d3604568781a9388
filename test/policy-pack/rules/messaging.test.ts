import { messagingRules } from "../../../policy-pack/rules/messaging";
import { type Case, type Subject, unknown } from "../support/pack";
import { describeRules, property } from "../support/table";

const key = "arn:aws:kms:ap-northeast-2:123456789012:key/1";
const queueType = "aws:sqs/queue:Queue";
const queuePolicy = "aws:sqs/queuePolicy:QueuePolicy";
const topicType = "aws:sns/topic:Topic";
const topicPolicy = "aws:sns/topicPolicy:TopicPolicy";
const subscription = "aws:sns/topicSubscription:TopicSubscription";
const target = "aws:cloudwatch/eventTarget:EventTarget";
const schedule = "aws:scheduler/schedule:Schedule";
const arn = "arn:aws:sqs:ap-northeast-2:123456789012:failed";

const document = (...Statement: unknown[]): string => JSON.stringify({ Version: "2012-10-17", Statement });
const allow = (Service: string, Action: unknown = "sqs:SendMessage") => ({
    Effect: "Allow",
    Principal: { Service },
    Action,
    Resource: "*",
});
const denial = (service: string, changes = {}) => ({
    Effect: "Deny",
    Principal: "*",
    Action: `${service}:*`,
    Resource: "arn",
    Condition: { Bool: { "aws:SecureTransport": "false" } },
    ...changes,
});

const queue = (name: string, props = {}, refersTo = {}): Subject => ({
    type: queueType,
    name,
    props: { name, ...props },
    refersTo,
});
const redrivePolicy = JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: 5 });
const source = queue("messages", { redrivePolicy });
const ruleTarget: Subject = { type: target, name: "target", props: { deadLetterConfig: { arn } } };
const alarm = (QueueName: unknown, metricName = "ApproximateNumberOfMessagesVisible"): Subject => ({
    type: "aws:cloudwatch/metricAlarm:MetricAlarm",
    name: "alarm",
    props: { metricName, dimensions: { QueueName } },
});
const policyOf = (name: string, policy: unknown): Subject => ({
    type: queuePolicy,
    name: "policy",
    props: { policy },
    refersTo: { queueUrl: name },
});

function tlsOnly(type: string, policyType: string, reference: string, service: string): Case[] {
    const subject: Subject = { type, name: "it", props: {} };
    const policy = (text: unknown): Subject => ({
        type: policyType,
        name: "policy",
        props: { policy: text },
        refersTo: { [reference]: "it" },
    });
    const weaker: [title: string, changes: object][] = [
        ["allows it", { Effect: "Allow" }],
        ["is about somebody", { Principal: { AWS: "arn:aws:iam::123456789012:root" } }],
        ["is about another action", { Action: `${service}:GetAttributes` }],
        ["denies with TLS", { Condition: { Bool: { "aws:SecureTransport": "true" } } }],
        ["is about old TLS", { Condition: { Bool: { "aws:ViaAWSService": "false" } } }],
        [
            "is narrowed",
            { Condition: { Bool: { "aws:SecureTransport": "false" }, StringEquals: { "aws:PrincipalTag/a": "b" } } },
        ],
    ];
    return [
        { title: "accepts a policy", subjects: [subject, policy(document(denial(service)))] },
        {
            title: "accepts a policy of its own",
            subjects: { ...subject, props: { policy: document(denial(service)) } },
        },
        { title: "refuses none", subjects: subject, fails: ["aws:SecureTransport"] },
        { title: "refuses what is no JSON", subjects: [subject, policy("{")], fails: ["aws:SecureTransport"] },
        { title: "refuses a number", subjects: { ...subject, props: { policy: 5 } }, fails: ["aws:SecureTransport"] },
        ...weaker.map(([title, changes]) => ({
            title: `refuses a statement that ${title}`,
            subjects: [subject, policy(document(denial(service, changes)))],
            fails: ["aws:SecureTransport"],
        })),
        ...[
            "arn:aws:sns:ap-northeast-2:123456789012:orders",
            `https://${service}.amazonaws.com/123456789012/orders`,
        ].map((named) => ({
            title: `refuses a statement about another than ${named}`,
            subjects: [
                subject,
                {
                    ...policy(""),
                    props: {
                        [reference]: named,
                        policy: document(
                            denial(service, { Resource: `arn:aws:${service}:ap-northeast-2:123456789012:payments` }),
                        ),
                    },
                },
            ],
            fails: ["aws:SecureTransport"],
        })),
        {
            title: "accepts a statement about it by its name",
            subjects: [
                { ...subject, props: { name: "orders" } },
                policy(document(denial(service, { Resource: `arn:aws:${service}:*:*:orders` }))),
            ],
        },
        {
            title: "refuses a statement about another by its name",
            subjects: [
                { ...subject, props: { name: "orders" } },
                policy(document(denial(service, { Resource: `arn:aws:${service}:*:*:payments` }))),
            ],
            fails: ["aws:SecureTransport"],
        },
        { title: "waits for the policy", subjects: [subject, policy(unknown)], undetermined: "policy" },
    ];
}

function namedActions(type: string, service: string): Case[] {
    const subject = (policy: unknown): Subject => ({ type, props: { policy } });
    return [
        { title: "accepts named actions", subjects: subject(document(allow("a.amazonaws.com", [`${service}:Send*`]))) },
        { title: "accepts denials", subjects: subject(document(denial(service))) },
        { title: "leaves none alone", subjects: { type, props: {} } },
        { title: "refuses all", subjects: subject(document(allow("a.amazonaws.com", "*"))), fails: ["name actions"] },
        {
            title: "refuses all of the service",
            subjects: subject(document(allow("a.amazonaws.com", [`${service}:*`]))),
            fails: ["name actions"],
        },
        {
            title: "refuses all but some",
            subjects: subject(document({ Effect: "Allow", Principal: "*", NotAction: "a:B", Resource: "*" })),
            fails: ["name actions"],
        },
        { title: "refuses what is no JSON", subjects: subject("{"), fails: ["JSON"] },
        { title: "waits for the policy", subjects: subject(unknown), undetermined: "policy" },
    ];
}

const bus: Subject = { type: "aws:cloudwatch/eventBus:EventBus", name: "bus", props: { name: "events" } };

function busHas(type: string, reference: string, named: string): Case[] {
    const it = (value: unknown): Subject => ({ type, name: "it", props: { [reference]: value } });
    return [
        {
            title: "accepts one that refers to it",
            subjects: [bus, { ...it(unknown), refersTo: { [reference]: "bus" } }],
        },
        { title: "accepts one that names it", subjects: [bus, it(named)] },
        { title: "refuses none", subjects: bus, fails: ["must have an"] },
        { title: "refuses one of another bus", subjects: [bus, it("others")], fails: ["must have an"] },
        { title: "waits for whose it is", subjects: [bus, it(unknown)], undetermined: reference },
    ];
}

const retry = { maximumEventAgeInSeconds: 3600 };

describeRules("messaging", messagingRules, {
    "sns-topic-require-cmk": property(topicType, { kmsMasterKeyId: key }, "kmsMasterKeyId", [
        undefined,
        "",
        "alias/aws/sns",
        1,
    ]),
    "sns-topic-require-tls": tlsOnly(topicType, topicPolicy, "arn", "sns"),
    "sns-topic-require-delivery-status": [
        ...["email", "sqs"].map((protocol) => ({
            title: `asks for ${protocol}`,
            subjects: [
                { type: topicType, name: "topic", props: {} },
                { type: subscription, name: "subscription", props: { protocol }, refersTo: { topic: "topic" } },
            ],
            ...(protocol === "sqs" && { fails: ["sqsFailureFeedbackRoleArn"] }),
        })),
        {
            title: "waits for the role",
            subjects: [
                { type: topicType, name: "topic", props: { lambdaFailureFeedbackRoleArn: unknown } },
                {
                    type: subscription,
                    name: "subscription",
                    props: { protocol: "lambda" },
                    refersTo: { topic: "topic" },
                },
            ],
            undetermined: "lambdaFailureFeedbackRoleArn",
        },
    ],
    "sns-subscription-require-dead-letter-queue": [
        ...property(subscription, { protocol: "sqs", redrivePolicy }, "redrivePolicy", [undefined, "{", "{}"]),
        { title: "leaves mail alone", subjects: { type: subscription, props: { protocol: "email" } } },
        {
            title: "waits for the protocol",
            subjects: { type: subscription, props: { protocol: unknown } },
            undetermined: "protocol",
        },
    ],
    "sqs-queue-require-encryption": [
        ...property(queueType, {}, "sqsManagedSseEnabled", [false], { right: [true] }),
        {
            title: "accepts a key",
            subjects: { type: queueType, props: { kmsMasterKeyId: key, sqsManagedSseEnabled: false } },
        },
        {
            title: "waits for the key",
            subjects: { type: queueType, props: { kmsMasterKeyId: unknown, sqsManagedSseEnabled: false } },
            undetermined: "kmsMasterKeyId",
        },
    ],
    "sqs-queue-require-cmk": property(queueType, { kmsMasterKeyId: key }, "kmsMasterKeyId", [
        undefined,
        "alias/aws/sqs",
    ]),
    "sqs-queue-require-tls": [
        ...tlsOnly(queueType, queuePolicy, "queueUrl", "sqs"),
        {
            title: "refuses a statement about sending only",
            subjects: { type: queueType, props: { policy: document(denial("sqs", { Action: "sqs:SendMessage" })) } },
            fails: ["must deny sqs:*"],
        },
    ],
    "sqs-queue-disallow-wildcard-action": namedActions(queueType, "sqs"),
    "sqs-queue-policy-disallow-wildcard-action": namedActions(queuePolicy, "sqs"),
    "sns-topic-disallow-wildcard-action": namedActions(topicType, "sns"),
    "sns-topic-policy-disallow-wildcard-action": namedActions(topicPolicy, "sns"),
    "sqs-queue-require-dead-letter-queue": [
        { title: "accepts one by ARN", subjects: [source, queue("failed")] },
        {
            title: "accepts one by reference",
            subjects: [queue("messages", { redrivePolicy: unknown }, { redrivePolicy: "other" }), queue("other")],
        },
        {
            title: "accepts one by a resource of its own",
            subjects: [
                queue("messages"),
                queue("other"),
                {
                    type: "aws:sqs/redrivePolicy:RedrivePolicy",
                    name: "policy",
                    props: {},
                    refersTo: { queueUrl: "messages", redrivePolicy: "other" },
                },
            ],
        },
        { title: "accepts the dead-letter queue of a target", subjects: [ruleTarget, queue("failed")] },
        { title: "accepts one that is named so", subjects: queue("orders-failed.fifo") },
        { title: "refuses none", subjects: queue("messages"), fails: ["deadLetterTargetArn"] },
        {
            title: "refuses what is no JSON",
            subjects: queue("messages", { redrivePolicy: "{" }),
            fails: ["deadLetterTargetArn"],
        },
        {
            title: "waits for the policy",
            subjects: queue("messages", { redrivePolicy: unknown }),
            undetermined: "redrivePolicy",
        },
    ],
    "sqs-dead-letter-queue-require-retention": [
        { title: "accepts 14 days", subjects: [source, queue("failed", { messageRetentionSeconds: 1209600 })] },
        { title: "refuses AWS's default", subjects: [source, queue("failed")], fails: ["604800"] },
        {
            title: "refuses an hour",
            subjects: [ruleTarget, queue("failed", { messageRetentionSeconds: 3600 })],
            fails: ["604800"],
        },
        {
            title: "refuses less than the source's",
            subjects: [
                queue("messages", { redrivePolicy, messageRetentionSeconds: 1000000 }),
                queue("failed", { messageRetentionSeconds: 700000 }),
            ],
            fails: ["1000000"],
        },
        {
            title: "waits for the retention",
            subjects: [source, queue("failed", { messageRetentionSeconds: unknown })],
            undetermined: "messageRetentionSeconds",
        },
    ],
    "sqs-dead-letter-queue-require-alarm": [
        { title: "accepts an alarm", subjects: [source, queue("failed"), alarm("failed")] },
        {
            title: "accepts an alarm that refers to it",
            subjects: [source, queue("failed"), { ...alarm(unknown), refersTo: { dimensions: "failed" } }],
        },
        { title: "leaves stacks without alarms alone", subjects: [source, queue("failed")] },
        {
            title: "refuses an alarm of another queue",
            subjects: [source, queue("failed"), alarm("messages")],
            fails: ["alarm"],
        },
        {
            title: "refuses an alarm on something else",
            subjects: [source, queue("failed"), alarm("failed", "NumberOfMessagesSent")],
            fails: ["alarm"],
        },
        {
            title: "waits for the alarm's queue",
            subjects: [source, queue("failed"), alarm(unknown)],
            undetermined: "dimensions.QueueName",
        },
    ],
    "sqs-queue-require-sender-permission": [
        {
            title: "accepts a permission",
            subjects: [ruleTarget, queue("failed"), policyOf("failed", document(allow("events.amazonaws.com")))],
        },
        {
            title: "accepts a permission in the queue",
            subjects: [
                { type: subscription, name: "subscription", props: { endpoint: arn } },
                queue("failed", { policy: document(allow("sns.amazonaws.com", "sqs:*")) }),
            ],
        },
        { title: "refuses none", subjects: [ruleTarget, queue("failed")], fails: ["events.amazonaws.com"] },
        {
            title: "refuses a permission for another service",
            subjects: [ruleTarget, queue("failed"), policyOf("failed", document(allow("sns.amazonaws.com")))],
            fails: ["events.amazonaws.com"],
        },
        {
            title: "refuses a permission for another action",
            subjects: [
                ruleTarget,
                queue("failed"),
                policyOf("failed", document(allow("events.amazonaws.com", "sqs:ReceiveMessage"))),
            ],
            fails: ["events.amazonaws.com"],
        },
        {
            title: "waits for the policy",
            subjects: [ruleTarget, queue("failed"), policyOf("failed", unknown)],
            undetermined: "policy",
        },
    ],
    "events-bus-require-cmk": property(
        "aws:cloudwatch/eventBus:EventBus",
        { kmsKeyIdentifier: key },
        "kmsKeyIdentifier",
        [undefined],
    ),
    "events-archive-require-cmk": property(
        "aws:cloudwatch/eventArchive:EventArchive",
        { kmsKeyIdentifier: key },
        "kmsKeyIdentifier",
        [undefined],
    ),
    "scheduler-schedule-require-cmk": property(schedule, { kmsKeyArn: key }, "kmsKeyArn", [undefined]),
    "events-archive-require-retention": property(
        "aws:cloudwatch/eventArchive:EventArchive",
        { retentionDays: 30 },
        "retentionDays",
        [undefined, 0, 4000, "x"],
    ),
    "events-bus-require-archive": busHas(
        "aws:cloudwatch/eventArchive:EventArchive",
        "eventSourceArn",
        "arn:aws:events:ap-northeast-2:123456789012:event-bus/events",
    ),
    "events-bus-require-policy": busHas("aws:cloudwatch/eventBusPolicy:EventBusPolicy", "eventBusName", "events"),
    "events-target-require-dead-letter-queue": property(target, { deadLetterConfig: { arn } }, "deadLetterConfig.arn", [
        undefined,
        "",
    ]),
    "events-target-require-bounded-retry": property(
        target,
        { retryPolicy: retry },
        "retryPolicy.maximumEventAgeInSeconds",
        [undefined, 86400],
    ),
    "scheduler-schedule-require-dead-letter-queue": property(
        schedule,
        { target: { deadLetterConfig: { arn } } },
        "target.deadLetterConfig.arn",
        [undefined],
    ),
    "scheduler-schedule-require-bounded-retry": property(
        schedule,
        { target: { retryPolicy: retry } },
        "target.retryPolicy.maximumEventAgeInSeconds",
        [undefined, 86400],
    ),
});
