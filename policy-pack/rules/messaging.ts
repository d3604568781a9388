import { type Rule } from "../core/rule";
import { eventRules } from "./eventbridge";
import { wildcardActionRules } from "./messaging-policies";
import { topicRules } from "./sns";
import { deliveryRules, queueRules } from "./sqs";

/** Rules about topics, queues and events. */
export const messagingRules: readonly Rule[] = [
    ...topicRules,
    ...queueRules,
    ...wildcardActionRules,
    ...deliveryRules,
    ...eventRules,
];

/** Controls of messaging that no rule can enforce, and why. */
export const messagingNotApplicable: Readonly<Record<string, string>> = {};
