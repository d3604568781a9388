import type * as pulumi from "@pulumi/pulumi";
import { type Scope } from "../../building-blocks";
import { functionMetric, lag, queueMetric, ruleMetric, webSocketMetric } from "../metrics";
import {
    otherFunctions,
    type WatchedColdPath,
    type WatchedConsumer,
    type WatchedFailedRecords,
    type WatchedFunction,
    type WatchedKafka,
    type WatchedQueue,
    type WatchedRule,
    type WatchedWebSocketApi,
} from "../subjects";
import { alarm, type AlarmSpec } from "./alarm";

/**
 * Alarms of functions that Kafka triggers: errors, throttles, and lag in each topic. $0.40 a month with one topic, hence
 * $200 for 500 strategies. A function near its timeout, or at its concurrency, shows as errors, throttles or lag.
 */
export function consumerAlarms(kafka: WatchedKafka, consumers: WatchedConsumer[]): AlarmSpec[] {
    const functions = new Map(consumers.map((consumer) => [consumer.functionName, consumer]));
    return [
        ...[...functions.values()].flatMap(errorAlarms),
        ...consumers.flatMap((consumer) => consumer.topics.map((topic) => lagAlarm(kafka, consumer, topic))),
    ];
}

function lagAlarm(kafka: WatchedKafka, consumer: WatchedConsumer, topic: string): AlarmSpec {
    // A consumer that waits for a batch to fill is behind by as much, and by as much again while it works on the batch.
    const seconds = 30 + 2 * consumer.batchWindowSeconds;
    const records = 5 * consumer.batchSize;
    return alarm({
        name: `${consumer.service}-lag-${topic}`,
        description:
            `${consumer.service} is ${seconds} seconds or ${records} records behind in topic ${topic}: it works on old ` +
            "data. First: its errors and throttles; then more memoryMB, a larger batchSize, or more partitions.",
        measure: {
            // Seconds for quiet topics, records for a consumer that stands still, whose speed is no longer known.
            expression: `IF(FILL(seconds, 0) > ${seconds} OR FILL(records, 0) > ${records}, 1, 0)`,
            metrics: {
                seconds: lag(kafka, consumer, topic, "EstimatedMaxTimeLag", "Maximum"),
                records: lag(kafka, consumer, topic, "MaxOffsetLag", "Maximum"),
            },
        },
        threshold: 0,
        // MSK measures once a minute: one time is enough, because an order on old prices is a wrong order.
        evaluationPeriods: 1,
    });
}

/** Alarms of all other functions. $0.30 a month each, $0.20 where a function only waits for another. */
export function functionAlarms(coldPath: WatchedColdPath): AlarmSpec[] {
    return otherFunctions(coldPath).flatMap((each) => [
        ...errorAlarms(each),
        ...(each.waitsFor === undefined ? [durationAlarm(each)] : []),
    ]);
}

function durationAlarm(each: WatchedFunction): AlarmSpec {
    return alarm({
        name: `${each.service}-duration`,
        description:
            `One invocation of ${each.service} in a hundred comes near its timeout of ${each.timeoutSeconds} s. ` +
            "First: see in its traces what it waits for; then more memoryMB or timeoutSeconds.",
        measure: functionMetric(each, "Duration", "p99"),
        threshold: 0.8 * each.timeoutSeconds * 1000,
        periodSeconds: 300,
        evaluationPeriods: 3,
        datapointsToAlarm: 2,
    });
}

function errorAlarms(each: Pick<WatchedFunction, "service" | "functionName">): AlarmSpec[] {
    return [
        alarm({
            name: `${each.service}-errors`,
            description: `${each.service} failed. First: the error in its log; what it gave up is in its failure queue.`,
            measure: functionMetric(each, "Errors", "Sum"),
            threshold: 0,
            periodSeconds: 300,
            evaluationPeriods: 1,
        }),
        alarm({
            name: `${each.service}-throttles`,
            description:
                `${each.service} was held back: its reserved concurrency, or the account's pool, is used up. First: see ` +
                "which functions run (ConcurrentExecutions); then raise reservedConcurrency or the account's quota.",
            measure: functionMetric(each, "Throttles", "Sum"),
            threshold: 0,
            periodSeconds: 300,
            evaluationPeriods: 1,
        }),
    ];
}

/** One alarm for each queue. $0.10 a month each. */
export function queueAlarms(queues: WatchedQueue[]): AlarmSpec[] {
    return queues.map((queue) =>
        queue.kind === "failure"
            ? alarm({
                  name: `${queue.service}-given-up`,
                  description:
                      `${queue.service} gave up on something, which lies in queue ${queue.queueName}. First: read a ` +
                      "message there (it names record or event); when the cause is mended, redrive it, then purge.",
                  measure: queueMetric(queue, "ApproximateNumberOfMessagesVisible"),
                  threshold: 0,
                  evaluationPeriods: 1,
              })
            : alarm({
                  name: `${queue.service}-waiting`,
                  description:
                      `A message has waited in queue ${queue.queueName} for more than 5 minutes. First: errors and ` +
                      `throttles of ${queue.service}.`,
                  measure: queueMetric(queue, "ApproximateAgeOfOldestMessage"),
                  threshold: 300,
                  evaluationPeriods: 3,
              }),
    );
}

/** One alarm for all records that functions gave up on. $0.10 a month. It goes on until somebody has emptied the queue. */
export function failedRecordAlarms(failed: WatchedFailedRecords): AlarmSpec[] {
    return [
        alarm({
            name: "records-failed",
            description:
                `A function failed ten times on records of Kafka, which were left out: they lie in ${failed.bucketName}. ` +
                `First: a message in queue ${failed.queueName} names the object, which names the function; its log has the ` +
                "error. Then docs/operations.md, Failed records: replay what the data recorder missed, never a strategy's.",
            measure: queueMetric(failed, "ApproximateNumberOfMessagesVisible"),
            threshold: 0,
            evaluationPeriods: 1,
        }),
    ];
}

/** One alarm for each rule of the event bus. $0.10 a month each. */
export function ruleAlarms(scope: Scope, rules: WatchedRule[]): AlarmSpec[] {
    return rules.map((rule) =>
        alarm({
            name: `${rule.ruleName.replace(`${scope.name()}-`, "")}-undelivered`,
            description:
                `EventBridge could not deliver events of rule ${rule.ruleName}: people may have missed a notification. ` +
                "First: the rule's dead-letter queue says why (permission, missing target).",
            measure: ruleMetric(rule, "FailedInvocations"),
            threshold: 0,
            periodSeconds: 300,
            evaluationPeriods: 1,
        }),
    );
}

/** Alarms of the WebSocket API. $0.20 a month. */
export function webSocketAlarms(api: WatchedWebSocketApi<pulumi.Input<string>>): AlarmSpec[] {
    return [
        alarm({
            name: "web-socket-integration-errors",
            description:
                "The function behind the WebSocket API answers with errors. First: the cognitive service's log.",
            measure: webSocketMetric(api, "IntegrationError"),
            threshold: 5,
            periodSeconds: 300,
            evaluationPeriods: 1,
        }),
        alarm({
            name: "web-socket-execution-errors",
            description:
                "API Gateway cannot call the function behind the WebSocket API. First: the API's access log; then the " +
                "function's throttles and permission.",
            measure: webSocketMetric(api, "ExecutionError"),
            threshold: 0,
            periodSeconds: 300,
            evaluationPeriods: 1,
        }),
    ];
}
