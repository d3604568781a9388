import { some } from "../core/answer";
import { deadLetterSources, namedBy, queues, queuesOf, topics } from "../core/queues";
import { type Resource, type Stack } from "../core/resource";
import { atLeast, type Check, is, isSet, type Rule } from "../core/rule";
import { propertyRule } from "../core/property-rule";
import { allowsService, coversAction, hasStatement } from "../core/statements";
import { type Condition, type Statement } from "../iam/document";
import { operatorParts } from "../iam/evaluator";
import { actionMatches, intersects, resourcesIntersect } from "../iam/match";

const keys = ["aws:kms/key:Key"];
const ownedKeys = [
    ...keys,
    "aws:kms/externalKey:ExternalKey",
    "aws:kms/replicaKey:ReplicaKey",
    "aws:kms/replicaExternalKey:ReplicaExternalKey",
];
const keyPolicies = ["aws:kms/keyPolicy:KeyPolicy"];

/** Actions that change a key, or who may use it. */
const administration = ["kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:DisableKey", "kms:UpdateKeyDescription"];
/** Actions that read or write what the key encrypts. */
const use = ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo"];

const excludes = ({ notActions }: { notActions: readonly string[] }, action: string): boolean =>
    notActions.some((pattern) => actionMatches(pattern, action));

/** A service that must be able to use a key, or what it does with it fails without a word to the program. */
interface Consumer {
    key: Resource;
    service: string;
    actions: readonly string[];
    /** What is encrypted. */
    target: Resource;
    /** The service that calls KMS in the name of the other; left out if it is the same. */
    via?: "sns" | "sqs";
}

/** What services tell KMS of what they encrypt: the key, and what its value is for a resource of that name. */
const contexts: Readonly<Record<string, readonly [key: string, arn: (name: string) => string]>> = {
    logs: ["aws:logs:arn", (name) => `arn:*:logs:*:*:log-group:${name}`],
    events: ["aws:events:event-bus:arn", (name) => `arn:*:events:*:*:event-bus/${name}`],
    sns: ["aws:sns:topicArn", (name) => `arn:*:sns:*:*:${name}`],
    sqs: ["aws:sqs:arn", (name) => `arn:*:sqs:*:*:${name}`],
};

/** Whether a condition of a key's policy can hold when a service uses the key. What it is not known of is taken to hold. */
function canHold({ operator, key, values }: Condition, { service, target, via }: Consumer): boolean {
    const { base, ifExists, negated } = operatorParts(operator);
    if (negated || ifExists || base === "null") {
        return true;
    }
    if (/^kms:GrantIsForAWSResource$/i.test(key)) {
        // It comes with grants alone.
        return !values.some((value) => value.toLowerCase() === "true");
    }
    if (/^kms:ViaService$/i.test(key)) {
        return via !== undefined && values.some((value) => intersects(value, `${via}.*`));
    }
    const given = /^kms:EncryptionContext:(.+)$/i.exec(key)?.[1];
    if (given === undefined) {
        return true;
    }
    const [known = "", arnOf] = contexts[via ?? service] ?? [];
    // An archive is encrypted as its bus is.
    const name = target.type.endsWith(":EventArchive") ? undefined : target.props.at("name").text;
    return (
        given.toLowerCase() === known.toLowerCase() &&
        (name === undefined || values.some((value) => resourcesIntersect(value, arnOf?.(name) ?? "*")))
    );
}

const delivering = ["kms:Decrypt", "kms:GenerateDataKey"];
const logging = [
    "kms:Encrypt",
    "kms:Decrypt",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
    "kms:GenerateDataKey",
    "kms:DescribeKey",
];

// Resources that a service encrypts in its own name.
const storing: readonly (readonly [type: string, property: string, service: string, actions: readonly string[]])[] = [
    ["aws:cloudwatch/logGroup:LogGroup", "kmsKeyId", "logs", logging],
    ["aws:cloudwatch/eventBus:EventBus", "kmsKeyIdentifier", "events", [...delivering, "kms:DescribeKey"]],
    ["aws:cloudwatch/eventArchive:EventArchive", "kmsKeyIdentifier", "events", [...delivering, "kms:DescribeKey"]],
];

// Resources that make a service send to a topic, by property and what is below it.
const publishers: readonly (readonly [type: string, property: string, service: string, below?: readonly string[]])[] = [
    ["aws:cloudwatch/metricAlarm:MetricAlarm", "alarmActions", "cloudwatch"],
    ["aws:cloudwatch/metricAlarm:MetricAlarm", "okActions", "cloudwatch"],
    ["aws:cloudwatch/metricAlarm:MetricAlarm", "insufficientDataActions", "cloudwatch"],
    ["aws:cloudwatch/compositeAlarm:CompositeAlarm", "alarmActions", "cloudwatch"],
    ["aws:cloudwatch/compositeAlarm:CompositeAlarm", "okActions", "cloudwatch"],
    ["aws:cloudwatch/eventTarget:EventTarget", "arn", "events"],
    ["aws:budgets/budget:Budget", "notifications", "budgets", ["subscriberSnsTopicArns"]],
    ["aws:costexplorer/anomalySubscription:AnomalySubscription", "subscribers", "costalerts", ["address"]],
    ["aws:s3/bucketNotification:BucketNotification", "topics", "s3", ["topicArn"]],
];

function consumers(stack: Stack): Consumer[] {
    const keyOf = (resource: Resource, property: string): Resource[] => stack.references(resource, property, ownedKeys);
    const stored = storing.flatMap(([type, property, service, actions]) =>
        stack.ofType(type).flatMap((it) => keyOf(it, property).map((key) => ({ key, service, actions, target: it }))),
    );
    const sent: [target: Resource, service: string][] = [
        ...publishers.flatMap(([type, property, service, below = []]) =>
            stack.ofType(type).flatMap((publisher) => {
                const values = publisher.props
                    .at(property)
                    .items()
                    .flatMap((item) => item.at(...below).items());
                const found = namedBy(stack, publisher, property, topics, values);
                return found.map((topic): [Resource, string] => [topic, service]);
            }),
        ),
        ...(
            [
                ["aws:cloudwatch/eventTarget:EventTarget", "arn", "events"],
                ["aws:sns/topicSubscription:TopicSubscription", "endpoint", "sns"],
            ] as const
        ).flatMap(([type, property, service]) =>
            stack
                .ofType(type)
                .flatMap((sender) =>
                    queuesOf(stack, sender, property).map((queue): [Resource, string] => [queue, service]),
                ),
        ),
        ...deadLetterSources(stack).flatMap(({ queue, service }): [Resource, string][] =>
            service ? [[queue, service]] : [],
        ),
        ...stack.ofType("aws:s3/bucketNotification:BucketNotification").flatMap((notification) => {
            const values = notification.props
                .at("queues")
                .items()
                .map((item) => item.at("queueArn"));
            const found = namedBy(stack, notification, "queues", queues, values);
            return found.map((queue): [Resource, string] => [queue, "s3"]);
        }),
    ];
    const seen = new Set<string>();
    const delivered = sent.flatMap(([target, service]) => {
        const id = `${target.urn} ${service}`;
        if (seen.has(id)) {
            return [];
        }
        seen.add(id);
        const via = topics.includes(target.type) ? "sns" : "sqs";
        return keyOf(target, "kmsMasterKeyId").map(
            (key) => ({ key, service, actions: delivering, target, via }) as const,
        );
    });
    return [...stored, ...delivered];
}

/** Rules about keys, and who may use them. */
export const keyRules: readonly Rule[] = [
    propertyRule({
        name: "kms-key-require-rotation",
        description: "Keys must rotate every year, or more often.",
        severity: "medium",
        category: "encryption-at-rest",
        controls: ["KMS-158"],
        remediation: "Set enableKeyRotation to true.",
        types: keys,
        path: ["enableKeyRotation"],
        // Only keys of this kind with material from KMS can rotate by themselves.
        when: ({ props }) => {
            const kind = ["customerMasterKeySpec", "customKeyStoreId"].map((name) => props.at(name));
            const unknown = kind.find(({ isUnknown }) => isUnknown);
            return unknown ?? (is(undefined, null, "SYMMETRIC_DEFAULT")(kind[0]!) && kind[1]!.isAbsent);
        },
        test: is(true),
        message: "enableKeyRotation must be true.",
    }),
    {
        kind: "stack",
        name: "kms-key-require-policy",
        description:
            "Keys must have a policy of their own: AWS's default lets every policy of the account give away the key.",
        severity: "low",
        category: "least-privilege",
        controls: ["KMS-160"],
        remediation: "Set policy, or add an aws.kms.KeyPolicy.",
        check(stack: Stack, check: Check): void {
            for (const key of stack.ofType(...ownedKeys)) {
                if (stack.referrers(key, "keyId", keyPolicies).length === 0) {
                    check.must(key, key.props.at("policy"), isSet, "policy must be set.");
                }
            }
        },
    },
    propertyRule({
        name: "kms-key-require-enabled",
        description: "Keys must be enabled: what they encrypt cannot be read otherwise.",
        severity: "critical",
        category: "resilience",
        controls: ["KMS-161"],
        remediation: "Leave out isEnabled (enabled), or set it to true.",
        types: keys,
        path: ["isEnabled"],
        test: is(undefined, null, true),
        message: "isEnabled must be true.",
    }),
    propertyRule({
        name: "kms-key-require-deletion-window",
        description: "The deletion of a key must be revocable long enough to be noticed.",
        severity: "critical",
        category: "resilience",
        controls: ["KMS-161"],
        remediation: "Set deletionWindowInDays to at least 14, or leave it out for AWS's 30 days.",
        parameters: {
            minimumDays: { description: "Days at least.", type: "integer", minimum: 7, maximum: 30, default: 14 },
        },
        types: ownedKeys,
        path: ["deletionWindowInDays"],
        test: (days, check) => days.isAbsent || atLeast(check.parameter<number>("minimumDays"))(days),
        message: (check) => `deletionWindowInDays must be at least ${check.parameter<number>("minimumDays")}.`,
    }),
    propertyRule({
        name: "kms-key-disallow-lockout",
        description: "The check that somebody can still change the key's policy must not be bypassed.",
        severity: "high",
        category: "resilience",
        controls: ["KMS-161"],
        remediation: "Leave out bypassPolicyLockoutSafetyCheck, or set it to false.",
        types: [...ownedKeys, ...keyPolicies],
        path: ["bypassPolicyLockoutSafetyCheck"],
        test: is(undefined, null, false),
        message: "bypassPolicyLockoutSafetyCheck must be false.",
    }),
    {
        kind: "resource",
        name: "kms-key-policy-separate-administration",
        description: "No statement of a key's policy may allow both administration and use of the key.",
        severity: "medium",
        category: "least-privilege",
        controls: ["KMS-160"],
        remediation:
            "Replace kms:* by one statement with the actions of administration and others with those of use, the latter with a condition on kms:ViaService or the encryption context.",
        types: [...ownedKeys, ...keyPolicies],
        check(resource: Resource, check: Check): void {
            const policy = resource.props.at("policy");
            if (policy.isAbsent) {
                return;
            }
            const answer = hasStatement(policy, (statement) => {
                const allows = (action: string): boolean =>
                    coversAction(statement, action) ||
                    (statement.notActions.length > 0 && !excludes(statement, action));
                return statement.effect === "Allow" && administration.some(allows) && use.some(allows);
            });
            if (answer === true) {
                check.fail(resource, policy, "A statement allows both administration and use of the key.");
            } else if (answer !== false) {
                check.undetermined(resource, answer);
            }
        },
    },
    {
        kind: "stack",
        name: "kms-key-require-grants",
        description:
            "Keys must let the services use them that store or deliver with them: log groups, buses, and what sends to encrypted queues and topics. Without, deliveries fail silently.",
        severity: "high",
        category: "resilience",
        controls: ["KMS-160", "SNS-171", "SQS-177"],
        remediation:
            "Add a statement to the key's policy: Allow kms:Decrypt and kms:GenerateDataKey (log groups: kms:Encrypt, too) to the service that the message names, with a condition on aws:SourceAccount or the encryption context that holds for the resource.",
        check(stack: Stack, check: Check): void {
            const told = new Set<string>();
            for (const consumer of consumers(stack)) {
                const { key, service, actions } = consumer;
                const own = key.props.at("policy");
                const policies = [
                    own,
                    ...stack.referrers(key, "keyId", keyPolicies).map(({ props }) => props.at("policy")),
                ];
                for (const action of actions) {
                    const grants = (it: Statement): boolean =>
                        allowsService(it, service, action) && it.conditions.every((one) => canHold(one, consumer));
                    const answer = some(policies.map((policy) => hasStatement(policy, grants)));
                    if (answer === true) {
                        continue;
                    }
                    // Once for a service, however many of its resources use the key.
                    const id = `${key.urn} ${service}`;
                    if (!told.has(id)) {
                        told.add(id);
                        if (answer === false) {
                            const what = `${action} to ${service}.amazonaws.com for ${consumer.target.name}`;
                            check.fail(key, own, `The policy must allow ${what}, under conditions that can hold.`);
                        } else {
                            check.undetermined(key, answer);
                        }
                    }
                    break;
                }
            }
        },
    },
];
