export const queuePolicies = ["aws:sqs/queuePolicy:QueuePolicy"];
export const topicPolicies = ["aws:sns/topicPolicy:TopicPolicy"];
export const subscriptions = ["aws:sns/topicSubscription:TopicSubscription"];
export const targets = ["aws:cloudwatch/eventTarget:EventTarget"];
