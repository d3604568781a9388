import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { type Access, combine, type ImageFunction, type Scope } from "../building-blocks";
import { type Kafka } from "../data-layer";
import { consumerGroup, longestConsumerGroup } from "../service-names";
import { type FailedRecords } from "./failed-records";

/** How records reach a function. */
export interface KafkaTriggerSize {
    /** Topics whose records trigger the function. */
    topics: string[];
    /** Most records in one invocation, 1 to 10,000. */
    batchSize: number;
    /** Longest wait for a batch to fill, 0 to 300 seconds. */
    batchWindowSeconds: number;
}

/** One consumer of one topic: what an alarm on its lag needs. Who waits for a batch to fill is behind by as much. */
export interface Consumer {
    service: string;
    functionName: string;
    consumerGroup: string;
    topics: string[];
    batchSize: number;
    batchWindowSeconds: number;
    /** Id of the event source mapping. */
    uuid: pulumi.Output<string>;
}

/** The stores that a trigger connects: topics to read from, and a bucket for batches that failed for good. */
export interface KafkaTriggerArgs {
    scope: Scope;
    service: string;
    size: KafkaTriggerSize;
    kafka: Pick<Kafka, "clusterArn" | "trigger">;
    failed: Pick<FailedRecords, "arn" | "keep">;
    /**
     * Where a new consumer group begins: `LATEST` with records that come from now on, `TRIM_HORIZON` with the oldest that Kafka has.
     * Lambda reads it at creation only; afterwards the group goes on where it was.
     */
    startingPosition: "LATEST" | "TRIM_HORIZON";
}

/**
 * What the role of the triggered function needs: Lambda polls Kafka with it, and keeps what failed in the bucket.
 *
 * The function itself needs neither topics nor bucket, so it is made while AWS still makes the cluster.
 *
 * @throws Error if a topic is named twice, or gives a consumer group longer than Lambda allows.
 */
export const kafkaTriggerAccess = (args: KafkaTriggerArgs): Access => ({ ...triggerNeeds(args), dependsOn: [] });

function triggerNeeds({ scope, service, size: { topics }, kafka, failed }: KafkaTriggerArgs): Access {
    const repeated = topics.find((topic, index) => topics.indexOf(topic) !== index);
    if (repeated !== undefined) {
        throw new Error(`${service}: topics names "${repeated}" twice; each topic may be named once`);
    }
    const tooLong = topics
        .map((topic) => consumerGroup(scope, service, topic))
        .find((group) => group.length > longestConsumerGroup);
    if (tooLong !== undefined) {
        throw new Error(
            `${service}: topics gives the consumer group "${tooLong}" of ${tooLong.length} characters; ` +
                `at most ${longestConsumerGroup} are allowed, so give the topic a shorter name`,
        );
    }
    return combine([kafka.trigger(topics, consumerGroup(scope, service, "*")), failed.keep()]);
}

/**
 * Lets the records of each topic trigger a function: one event source mapping a topic. A batch that fails is tried again ten
 * times, in order and before any later one of its partition; then it goes to the bucket of failed records, and the partition
 * goes on.
 */
export function kafkaTriggers(
    name: string,
    args: KafkaTriggerArgs,
    fn: ImageFunction,
    opts: pulumi.CustomResourceOptions,
): Consumer[] {
    const { scope, service, size, kafka, failed } = args;
    const { batchSize, batchWindowSeconds } = size;
    const needs = triggerNeeds(args);
    return size.topics.map((topic) => {
        const group = consumerGroup(scope, service, topic);
        const mapping = new aws.lambda.EventSourceMapping(
            // A point, because names of services have none: `a` with `b-c` is never taken for `a-b` with `c`.
            `${name}.${topic}`,
            {
                functionName: fn.arn,
                eventSourceArn: kafka.clusterArn,
                topics: [topic],
                amazonManagedKafkaEventSourceConfig: { consumerGroupId: group },
                startingPosition: args.startingPosition,
                batchSize,
                maximumBatchingWindowInSeconds: batchWindowSeconds,
                destinationConfig: { onFailure: { destinationArn: failed.arn } },
            },
            // Lambda tries the role, the topic and the bucket when it creates the mapping.
            { ...opts, dependsOn: [...fn.ready, ...needs.dependsOn] },
        );
        return {
            service,
            functionName: fn.functionName,
            consumerGroup: group,
            topics: [topic],
            batchSize,
            batchWindowSeconds,
            uuid: mapping.uuid,
        };
    });
}
