import { type Answer, some } from "../core/answer";
import { customerKey } from "../core/customer-key";
import { deadLetterSources, namesOf, queues, queuesOf } from "../core/queues";
import { type Resource, type Stack } from "../core/resource";
import { type Check, is, isSet, type Rule } from "../core/rule";
import { propertyRule } from "../core/property-rule";
import { allowsService, hasStatement } from "../core/statements";
import { type Value } from "../core/value";
import { matches } from "../iam/match";
import { hasDeadLetterTarget, tlsOnly } from "./messaging-policies";
import { queuePolicies, subscriptions, targets } from "./messaging-types";

const redrivePolicies = ["aws:sqs/redrivePolicy:RedrivePolicy"];
const alarms = ["aws:cloudwatch/metricAlarm:MetricAlarm"];

/** Policies of a queue or topic: its own, and resources of their own. */
function policiesOf(
    stack: Stack,
    resource: Resource,
    policyTypes: readonly string[],
    property: string,
): [resource: Resource, policy: Value][] {
    return [resource, ...stack.referrers(resource, property, policyTypes)].map((it) => [it, it.props.at("policy")]);
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

/** Rules about how queues are encrypted, at rest and on the way. */
export const queueRules: readonly Rule[] = [
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
];

/** Rules that no message is lost: dead-letter queues, and senders that may send. */
export const deliveryRules: readonly Rule[] = [
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
];
