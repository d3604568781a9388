import { customerKey } from "../core/customer-key";
import { topics } from "../core/queues";
import { type Stack } from "../core/resource";
import { type Check, isSet, type Rule } from "../core/rule";
import { propertyRule } from "../core/property-rule";
import { type Value } from "../core/value";
import { hasDeadLetterTarget, tlsOnly } from "./messaging-policies";
import { subscriptions, topicPolicies } from "./messaging-types";

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

/** Rules about topics and their subscriptions. */
export const topicRules: readonly Rule[] = [
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
];
