import { type Answer, some } from "../core/answer";
import { customerKey } from "../core/data";
import { deadLetterSources, namesOf, queues, queuesOf, topics } from "../core/queues";
import { type Resource, type Stack } from "../core/resource";
import { type Check, is, isSet, type Rule } from "../core/rule";
import { propertyRule } from "../core/simple";
import { allowsService, deniesWithoutTls, hasStatement } from "../core/statements";
import { parseJson, type Value } from "../core/value";
import { matches } from "../iam/match";

const queuePolicies = ["aws:sqs/queuePolicy:QueuePolicy"];
const topicPolicies = ["aws:sns/topicPolicy:TopicPolicy"];
const subscriptions = ["aws:sns/topicSubscription:TopicSubscription"];
const redrivePolicies = ["aws:sqs/redrivePolicy:RedrivePolicy"];
const buses = ["aws:cloudwatch/eventBus:EventBus"];
const busPolicies = ["aws:cloudwatch/eventBusPolicy:EventBusPolicy"];
const archives = ["aws:cloudwatch/eventArchive:EventArchive"];
const targets = ["aws:cloudwatch/eventTarget:EventTarget"];
const schedules = ["aws:scheduler/schedule:Schedule"];
const alarms = ["aws:cloudwatch/metricAlarm:MetricAlarm"];

/** What SNS sends to, by how a topic's property names it: it can log what it could not deliver. */
const feedback: Readonly<Record<string, string>> = {
    application: "applicationFailureFeedbackRoleArn",
    firehose: "firehoseFailureFeedbackRoleArn",
    http: "httpFailureFeedbackRoleArn",
    https: "httpFailureFeedbackRoleArn",
    lambda: "lambdaFailureFeedbackRoleArn",
    sqs: "sqsFailureFeedbackRoleArn",
};

// What a mail or a text message comes to, SNS does not know.
const isToldBack = (protocol: Value): boolean => !["email", "email-json", "sms"].includes(protocol.text ?? "");

export const messagingRules: readonly Rule[] = [
    propertyRule({
        name: "sns-topic-require-cmk",
        description: "Topics must be encrypted with a key of our own.",
        severity: "medium",
        category: "encryption-at-rest",
        controls: ["SNS-171"],
        remediation: "Set kmsMasterKeyId to an aws.kms.Key whose policy lets the publishing services use it.",
        types: topics,
        path: ["kmsMasterKeyId"],
        ...customerKey,
        message: "kmsMasterKeyId must be a key of our own, not alias/aws/sns.",
    }),
    tlsOnly("sns-topic-require-tls", "topic", "SNS-172", "sns:Publish", topics, topicPolicies, "arn"),
    {
        kind: "stack",
        name: "sns-topic-require-delivery-status",
        description: "Topics must log what they could not deliver, for every kind of subscriber that they have.",
        severity: "low",
        category: "logging",
        controls: ["SNS-174"],
        remediation: "Set <protocol>FailureFeedbackRoleArn to a role with which SNS may write logs.",
        check(stack: Stack, check: Check): void {
            for (const topic of stack.ofType(...topics)) {
                const protocols = stack
                    .referrers(topic, "topic", subscriptions)
                    .map(({ props }) => feedback[props.at("protocol").text ?? ""]);
                for (const property of new Set(protocols)) {
                    if (property !== undefined) {
                        check.must(topic, topic.props.at(property), isSet, `${property} must be set.`);
                    }
                }
            }
        },
    },
    propertyRule({
        name: "sns-subscription-require-dead-letter-queue",
        description: "What a subscriber could not be given must go to a dead-letter queue.",
        severity: "low",
        category: "resilience",
        controls: ["SNS-175"],
        remediation: "Set redrivePolicy to a JSON object with deadLetterTargetArn, the ARN of a queue.",
        types: subscriptions,
        path: ["redrivePolicy"],
        when: ({ props }) => {
            const protocol = props.at("protocol");
            return protocol.isUnknown ? protocol : isToldBack(protocol);
        },
        test: hasDeadLetterTarget,
        message: "redrivePolicy must have deadLetterTargetArn.",
    }),
    {
        kind: "resource",
        name: "sqs-queue-require-encryption",
        description: "Queues must be encrypted at rest.",
        severity: "medium",
        category: "encryption-at-rest",
        controls: ["SQS-176"],
        remediation: "Set kmsMasterKeyId, or leave out sqsManagedSseEnabled: AWS encrypts by default.",
        types: queues,
        check(resource: Resource, check: Check): void {
            const { props } = resource;
            const managed = props.at("sqsManagedSseEnabled");
            const key = props.at("kmsMasterKeyId");
            if (managed.raw === false && key.isUnknown) {
                check.undetermined(resource, key);
            } else if (!isSet(key)) {
                check.must(resource, managed, is(undefined, null, true), "sqsManagedSseEnabled must not be false.");
            }
        },
    },
    propertyRule({
        name: "sqs-queue-require-cmk",
        description: "Queues must be encrypted with a key of our own.",
        severity: "low",
        category: "encryption-at-rest",
        controls: ["SQS-177"],
        remediation: "Set kmsMasterKeyId to an aws.kms.Key whose policy lets the sending services use it.",
        types: queues,
        path: ["kmsMasterKeyId"],
        ...customerKey,
        message: "kmsMasterKeyId must be a key of our own, not alias/aws/sqs.",
    }),
    tlsOnly("sqs-queue-require-tls", "queue", "SQS-178", "sqs:*", queues, queuePolicies, "queueUrl"),
    ...(
        [
            ["sqs-queue-disallow-wildcard-action", queues, "sqs", ["SQS-179"]],
            ["sqs-queue-policy-disallow-wildcard-action", queuePolicies, "sqs", ["SQS-179"]],
            ["sns-topic-disallow-wildcard-action", topics, "sns", []],
            ["sns-topic-policy-disallow-wildcard-action", topicPolicies, "sns", []],
        ] as const
    ).map(([name, types, service, controls]): Rule => ({
        kind: "resource",
        name,
        description: "Policies must name the actions that they allow.",
        severity: "high",
        category: "least-privilege",
        controls,
        remediation: `Replace "*" or "${service}:*" in policy by the actions that are needed.`,
        types,
        check(resource: Resource, check: Check): void {
            const policy = resource.props.at("policy");
            if (policy.isAbsent) {
                return;
            }
            if (policy.text !== undefined && parseJson(policy) === "malformed") {
                check.fail(resource, policy, "policy must be JSON.");
                return;
            }
            const answer = hasStatement(
                policy,
                ({ effect, actions, notActions }) =>
                    effect === "Allow" &&
                    (notActions.length > 0 || actions.some((action) => /^(\*|\w+:\*+)$/.test(action))),
            );
            if (answer === true) {
                check.fail(resource, policy, `policy must name actions, not allow all of ${service}.`);
            } else if (answer !== false) {
                check.undetermined(resource, answer);
            }
        },
    })),
    {
        kind: "stack",
        name: "sqs-queue-require-dead-letter-queue",
        description: "Queues must have a dead-letter queue, unless they are one.",
        severity: "low",
        category: "resilience",
        controls: ["SQS-180"],
        remediation: "Set redrivePolicy to a JSON object with deadLetterTargetArn and maxReceiveCount.",
        parameters: {
            deadLetterNames: {
                description:
                    "Names of queues that are dead-letter queues even while nothing uses them; `*` stands for anything.",
                type: "array",
                items: { type: "string" },
                default: ["*-failed", "*-failed.fifo", "*dlq*", "*dead-letter*"],
            },
        },
        check(stack: Stack, check: Check): void {
            const patterns = [check.parameter<unknown>("deadLetterNames")].flat().map(String);
            const deadLetterQueues = new Set(deadLetterSources(stack).map(({ queue }) => queue));
            for (const queue of stack.ofType(...queues)) {
                const own = queue.props.at("redrivePolicy");
                const policies = stack.referrers(queue, "queueUrl", redrivePolicies);
                const linked = stack.references(queue, "redrivePolicy", queues);
                const isNamedSo = namesOf(queue).some((name) => patterns.some((pattern) => matches(pattern, name)));
                if (!deadLetterQueues.has(queue) && !isNamedSo && policies.length === 0 && linked.length === 0) {
                    check.must(queue, own, hasDeadLetterTarget, "redrivePolicy must have deadLetterTargetArn.");
                }
            }
        },
    },
    {
        kind: "stack",
        name: "sqs-dead-letter-queue-require-retention",
        description:
            "Dead-letter queues must keep messages long enough to be looked at, and at least as long as their source.",
        severity: "medium",
        category: "resilience",
        controls: ["SQS-180", "Events-154"],
        remediation: "Set messageRetentionSeconds to 1209600, the 14 days that SQS keeps at most.",
        parameters: {
            minimumSeconds: {
                description: "How long a dead-letter queue keeps messages at least.",
                type: "integer",
                minimum: 60,
                maximum: 1209600,
                default: 604800,
            },
        },
        check(stack: Stack, check: Check): void {
            const least = new Map<Resource, number>();
            for (const { queue, source } of deadLetterSources(stack)) {
                const sourceSeconds = queues.includes(source.type) ? retentionSeconds(source.props.at(retention)) : 0;
                const minimum = Math.max(sourceSeconds, check.parameter<number>("minimumSeconds"));
                least.set(queue, Math.max(minimum, least.get(queue) ?? 0));
            }
            for (const [queue, seconds] of least) {
                const message = `messageRetentionSeconds must be at least ${seconds}.`;
                check.must(queue, queue.props.at(retention), (value) => retentionSeconds(value) >= seconds, message);
            }
        },
    },
    {
        kind: "stack",
        name: "sqs-dead-letter-queue-require-alarm",
        description: "In a stack that has alarms, there must be one on the depth of every dead-letter queue.",
        severity: "medium",
        category: "resilience",
        controls: ["SQS-180", "Events-154"],
        remediation:
            'Add an aws.cloudwatch.MetricAlarm of namespace "AWS/SQS", metricName "ApproximateNumberOfMessagesVisible" and dimensions.QueueName the queue\'s name.',
        check(stack: Stack, check: Check): void {
            const all = stack.ofType(...alarms);
            const onDepth = all.filter(({ props }) => watchesDepth(props));
            for (const queue of all.length === 0 ? [] : new Set(deadLetterSources(stack).map((it) => it.queue))) {
                const answer = some(onDepth.map((alarm) => concernsQueue(stack, alarm, queue)));
                if (answer === false) {
                    check.fail(queue, "name", "The queue must have an alarm on ApproximateNumberOfMessagesVisible.");
                } else if (answer !== true) {
                    check.undetermined(queue, answer);
                }
            }
        },
    },
    {
        kind: "stack",
        name: "sqs-queue-require-sender-permission",
        description: "Queues must allow the services that send to them, or what they send is lost.",
        severity: "medium",
        category: "resilience",
        controls: ["Events-154", "SNS-175"],
        remediation:
            'Add a statement to the queue\'s policy: Allow sqs:SendMessage to Service "events.amazonaws.com" (or "sns.amazonaws.com"), with aws:SourceArn of the rule, bus or topic.',
        check(stack: Stack, check: Check): void {
            for (const { queue, service } of senders(stack)) {
                const policies = policiesOf(stack, queue, queuePolicies, "queueUrl").map(([, policy]) => policy);
                const answer = some(
                    policies.map((policy) =>
                        hasStatement(policy, (statement) => allowsService(statement, service, "sqs:SendMessage")),
                    ),
                );
                if (answer === false) {
                    const message = `The queue's policy must allow sqs:SendMessage to ${service}.amazonaws.com.`;
                    check.fail(queue, "policy", message);
                } else if (answer !== true) {
                    check.undetermined(queue, answer);
                }
            }
        },
    },
    ...(
        [
            ["events-bus-require-cmk", buses, "kmsKeyIdentifier", []],
            ["events-archive-require-cmk", archives, "kmsKeyIdentifier", []],
            ["scheduler-schedule-require-cmk", schedules, "kmsKeyArn", ["Events-155"]],
        ] as const
    ).map(([name, types, property, controls]) =>
        propertyRule({
            name,
            description: "Events that EventBridge stores must be encrypted with a key of our own.",
            severity: "low",
            category: "encryption-at-rest",
            controls,
            remediation: `Set ${property} to an aws.kms.Key.`,
            types,
            path: [property],
            ...customerKey,
            message: `${property} must be a key of our own.`,
        }),
    ),
    propertyRule({
        name: "events-archive-require-retention",
        description: "Archives must end: without a retention they keep events, and cost, for ever.",
        severity: "low",
        category: "cost",
        controls: [],
        remediation: "Set retentionDays to a number of days within the policy's parameters.",
        parameters: {
            maximumDays: { description: "Days at most.", type: "integer", minimum: 1, default: 3653 },
        },
        types: archives,
        path: ["retentionDays"],
        test: ({ number = 0 }, check) => number >= 1 && number <= check.parameter<number>("maximumDays"),
        message: (check) => `retentionDays must be between 1 and ${check.parameter<number>("maximumDays")}.`,
    }),
    {
        kind: "stack",
        name: "events-bus-require-archive",
        description: "Events of a bus must be archived, to be replayed after a failure.",
        severity: "low",
        category: "resilience",
        controls: [],
        remediation: "Add an aws.cloudwatch.EventArchive with eventSourceArn of the bus.",
        check(stack: Stack, check: Check): void {
            busesMustHave(stack, check, archives, "eventSourceArn", "The bus must have an EventArchive.");
        },
    },
    {
        kind: "stack",
        name: "events-bus-require-policy",
        description: "Buses must have a policy that says who may put events.",
        severity: "high",
        category: "least-privilege",
        controls: ["Events-153"],
        remediation: "Add an aws.cloudwatch.EventBusPolicy with eventBusName of the bus.",
        check(stack: Stack, check: Check): void {
            busesMustHave(stack, check, busPolicies, "eventBusName", "The bus must have an EventBusPolicy.");
        },
    },
    ...(
        [
            ["events-target", targets, []],
            ["scheduler-schedule", schedules, ["target"]],
        ] as const
    ).flatMap(([name, types, path]) => {
        const prefix = path.map((key) => `${key}.`).join("");
        return [
            propertyRule({
                name: `${name}-require-dead-letter-queue`,
                description: "Events that a target could not be given must go to a dead-letter queue.",
                severity: "medium",
                category: "resilience",
                controls: ["Events-154"],
                remediation: `Set ${prefix}deadLetterConfig.arn to the ARN of a queue.`,
                types,
                path: [...path, "deadLetterConfig", "arn"],
                test: isSet,
                message: `${prefix}deadLetterConfig.arn must be set.`,
            }),
            propertyRule({
                name: `${name}-require-bounded-retry`,
                description: "Retries must end before the event is of no use. AWS goes on for a day.",
                severity: "low",
                category: "resilience",
                controls: ["Events-154"],
                remediation: `Set ${prefix}retryPolicy.maximumEventAgeInSeconds to how old an event may be.`,
                parameters: {
                    maximumSeconds: {
                        description: "How old an event may be at most.",
                        type: "integer",
                        minimum: 60,
                        maximum: 86400,
                        default: 21600,
                    },
                },
                types,
                path: [...path, "retryPolicy", "maximumEventAgeInSeconds"],
                test: ({ number = Infinity }, check) => number <= check.parameter<number>("maximumSeconds"),
                message: (check) =>
                    `${prefix}retryPolicy.maximumEventAgeInSeconds must be at most ${check.parameter<number>("maximumSeconds")}.`,
            }),
        ];
    }),
];

/** Controls of messaging that no rule can enforce, and why. */
export const messagingNotApplicable: Readonly<Record<string, string>> = {};

/** What an ARN or a URL ends with. */
const lastPart = (text: string): string => text.split(/[/:]/).pop() ?? "";

/** A rule that every queue or topic has a policy that denies whoever comes without TLS. */
function tlsOnly(
    name: string,
    what: string,
    control: string,
    action: string,
    types: readonly string[],
    policyTypes: readonly string[],
    property: string,
): Rule {
    return {
        kind: "stack",
        name,
        description: `Every ${what} must deny access without TLS.`,
        severity: "medium",
        category: "encryption-in-transit",
        controls: [control],
        remediation: `Add a statement to the ${what}'s policy: Deny ${action} on the ${what} to "*" with condition Bool aws:SecureTransport "false".`,
        check(stack: Stack, check: Check): void {
            const message = `The policy must deny ${action} on the ${what} where aws:SecureTransport is false.`;
            // ARNs and URLs of queues and topics end with their name.
            const held = (policy: Value, names: string[]): Answer =>
                hasStatement(
                    policy,
                    (statement) =>
                        deniesWithoutTls(statement, action) &&
                        names.every((name) => statement.resources.some((arn) => matches(lastPart(arn), name))),
                );
            const judge = (resource: Resource, policy: Value, names: string[]): void => {
                const answer = held(policy, names);
                if (answer === false) {
                    check.fail(resource, policy, message);
                } else if (answer !== true) {
                    check.undetermined(resource, answer);
                }
            };
            for (const policy of stack.ofType(...policyTypes)) {
                const { text } = policy.props.at(property);
                const names = stack.references(policy, property, types).flatMap(namesOf);
                judge(policy, policy.props.at("policy"), text === undefined ? names : [lastPart(text)]);
            }
            for (const resource of stack.ofType(...types)) {
                if (stack.referrers(resource, property, policyTypes).length === 0) {
                    judge(resource, resource.props.at("policy"), namesOf(resource));
                }
            }
        },
    };
}

/** Policies of a queue or topic: its own, and resources of their own. */
function policiesOf(
    stack: Stack,
    resource: Resource,
    policyTypes: readonly string[],
    property: string,
): [resource: Resource, policy: Value][] {
    return [resource, ...stack.referrers(resource, property, policyTypes)].map((it) => [it, it.props.at("policy")]);
}

function hasDeadLetterTarget(policy: Value): boolean {
    const parsed = parseJson(policy);
    return parsed !== "malformed" && isSet(parsed.at("deadLetterTargetArn"));
}

const retention = "messageRetentionSeconds";

/** How long a queue keeps messages: four days if it does not say. */
const retentionSeconds = (value: Value): number => (value.isAbsent ? 345_600 : (value.number ?? 0));

const depthMetric = "ApproximateNumberOfMessagesVisible";

function watchesDepth(props: Value): boolean {
    const metrics = [
        props,
        ...props
            .at("metricQueries")
            .items()
            .map((query) => query.at("metric")),
    ];
    return metrics.some((metric) => {
        const name = metric.at("metricName");
        return name.isUnknown || name.raw === depthMetric;
    });
}

/** Whether an alarm is on this queue, by reference or by name. */
function concernsQueue(stack: Stack, alarm: Resource, queue: Resource): Answer {
    if (["dimensions", "metricQueries"].some((property) => stack.references(alarm, property, queues).includes(queue))) {
        return true;
    }
    const { props } = alarm;
    const names = [
        props,
        ...props
            .at("metricQueries")
            .items()
            .map((query) => query.at("metric")),
    ].map((metric) => metric.at("dimensions", "QueueName"));
    return some(names.map((name) => (name.isUnknown ? name : namesOf(queue).includes(name.text ?? ""))));
}

/** Queues that services send to by policy alone, with the service. */
function senders(stack: Stack): { queue: Resource; service: string }[] {
    const direct = [
        ...stack.ofType(...targets).map((target) => [target, "arn", "events"] as const),
        ...stack.ofType(...subscriptions).map((subscription) => [subscription, "endpoint", "sns"] as const),
    ].flatMap(([sender, property, service]) => queuesOf(stack, sender, property).map((queue) => ({ queue, service })));
    const dead = deadLetterSources(stack).flatMap(({ queue, service }) => (service ? [{ queue, service }] : []));
    const seen = new Set<string>();
    return [...direct, ...dead].filter(({ queue, service }) => {
        const key = `${service} ${queue.urn}`;
        return !seen.has(key) && seen.add(key);
    });
}

function busesMustHave(stack: Stack, check: Check, types: readonly string[], property: string, message: string): void {
    for (const bus of stack.ofType(...buses)) {
        const having = stack.ofType(...types);
        const name = bus.props.at("name");
        if (stack.referrers(bus, property, types).length > 0) {
            continue;
        }
        // A name or an ARN that is written out, or one that is not known and may be the bus's.
        const unknown = having.map(({ props }) => props.at(property)).find(({ isUnknown }) => isUnknown);
        if (unknown) {
            check.undetermined(bus, unknown);
        } else if (!having.some(({ props }) => props.at(property).text?.split("/").pop() === name.text)) {
            check.must(bus, name, () => false, message);
        }
    }
}
