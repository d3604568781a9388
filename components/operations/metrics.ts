import type * as pulumi from "@pulumi/pulumi";
import {
    type WatchedConsumer,
    type WatchedFunction,
    type WatchedKafka,
    type WatchedLoadBalancer,
    type WatchedPostgres,
    type WatchedQueue,
    type WatchedRule,
    type WatchedService,
    type WatchedWebSocketApi,
} from "./subjects";

/**
 * One metric of CloudWatch and how its data points are drawn together. `Value` is `string` where all is known, as on the
 * dashboard, or an input, as in alarms.
 */
export interface Metric<Value = pulumi.Input<string>> {
    namespace: string;
    metricName: string;
    dimensions: Record<string, Value>;
    statistic: Statistic;
}

/** How data points of a period become one. */
export type Statistic = "Average" | "Sum" | "Minimum" | "Maximum" | "p50" | "p99";

// Dimensions are written here and nowhere else: a metric with a wrong one does not fail, it is silent for ever.

/** A metric of the whole Kafka cluster. */
export function clusterMetric(kafka: WatchedKafka, metricName: string, statistic: Statistic): Metric<string> {
    return { namespace: "AWS/Kafka", metricName, dimensions: { "Cluster Name": kafka.clusterName }, statistic };
}

/** A metric of one Kafka broker. */
export function brokerMetric(
    kafka: WatchedKafka,
    broker: string,
    metricName: string,
    statistic: Statistic,
): Metric<string> {
    const dimensions = { "Cluster Name": kafka.clusterName, "Broker ID": broker };
    return { namespace: "AWS/Kafka", metricName, dimensions, statistic };
}

/** Bytes that producers write to a topic in a second, on one broker. Records are counted at levels that are charged only. */
export function topicMetric(
    kafka: WatchedKafka,
    broker: string,
    topic: string,
    metricName: "BytesInPerSec",
): Metric<string> {
    const dimensions = { "Cluster Name": kafka.clusterName, "Broker ID": broker, Topic: topic };
    return { namespace: "AWS/Kafka", metricName, dimensions, statistic: "Average" };
}

/** Connections of clients that sign in with IAM, on one broker. */
export function clientConnections(kafka: WatchedKafka, broker: string): Metric<string> {
    const dimensions = { "Cluster Name": kafka.clusterName, "Broker ID": broker, "Client Authentication": "IAM" };
    return { namespace: "AWS/Kafka", metricName: "ClientConnectionCount", dimensions, statistic: "Maximum" };
}

/** A metric that is there whenever Kafka is, and so tells the time: what is watched may be down, and send none. */
export function tradingClock(kafka: WatchedKafka): Metric<string> {
    return clusterMetric(kafka, "GlobalTopicCount", "Average");
}

/** How far a consumer group is behind in a topic: in records, or in seconds as MSK estimates them. */
export function lag(
    kafka: WatchedKafka,
    { consumerGroup }: WatchedConsumer,
    topic: string,
    metricName: "MaxOffsetLag" | "EstimatedMaxTimeLag",
    statistic: Statistic,
): Metric<string> {
    const dimensions = { "Cluster Name": kafka.clusterName, "Consumer Group": consumerGroup, Topic: topic };
    return { namespace: "AWS/Kafka", metricName, dimensions, statistic };
}

/** Ids of the brokers. */
export function brokerIds(kafka: WatchedKafka): string[] {
    return Array.from({ length: kafka.brokers }, (_, index) => String(index + 1));
}

/** A metric of one node of the cache. */
export function nodeMetric(nodeId: string, metricName: string, statistic: Statistic): Metric<string> {
    return { namespace: "AWS/ElastiCache", metricName, dimensions: { CacheClusterId: nodeId }, statistic };
}

/** A metric of a NAT gateway. */
export function natMetric(
    natGatewayId: pulumi.Input<string>,
    metricName: "ErrorPortAllocation" | "PacketsDropCount",
): Metric {
    return { namespace: "AWS/NATGateway", metricName, dimensions: { NatGatewayId: natGatewayId }, statistic: "Sum" };
}

/** A metric of the database. */
export function databaseMetric(postgres: WatchedPostgres, metricName: string, statistic: Statistic): Metric<string> {
    const dimensions = { DBInstanceIdentifier: postgres.instanceIdentifier };
    return { namespace: "AWS/RDS", metricName, dimensions, statistic };
}

/** CPU or memory of a Fargate service, in percent of what its tasks are given. */
export function serviceMetric(
    service: WatchedService,
    metricName: "CPUUtilization" | "MemoryUtilization",
): Metric<string> {
    return { namespace: "AWS/ECS", metricName, dimensions: serviceDimensions(service), statistic: "Average" };
}

/** Number of tasks of a Fargate service. Needs Container Insights on the cluster. */
export function taskCount(
    service: WatchedService,
    metricName: "DesiredTaskCount" | "RunningTaskCount",
): Metric<string> {
    const dimensions = serviceDimensions(service);
    return { namespace: "ECS/ContainerInsights", metricName, dimensions, statistic: "Average" };
}

/** WebSocket sessions that a feed has opened with the broker, as it logs them. */
export function openedSessions({ service, errorMetric: { namespace } }: WatchedService): Metric<string> {
    return { namespace, metricName: `${service}-sessions`, dimensions: {}, statistic: "Sum" };
}

/** Error lines in the log of a Fargate service. */
export function errorLines({ errorMetric }: WatchedService): Metric<string> {
    return { ...errorMetric, dimensions: {}, statistic: "Sum" };
}

/** A metric of a load balancer. */
export function loadBalancerMetric<Value>(
    { arnSuffix }: WatchedLoadBalancer<Value>,
    metricName: string,
    statistic: Statistic,
): Metric<Value> {
    return { namespace: "AWS/ApplicationELB", metricName, dimensions: { LoadBalancer: arnSuffix }, statistic };
}

/** A metric of a load balancer's targets. */
export function targetMetric<Value>(
    { arnSuffix, targetGroupArnSuffix }: WatchedLoadBalancer<Value>,
    metricName: string,
    statistic: Statistic,
): Metric<Value> {
    const dimensions = { TargetGroup: targetGroupArnSuffix, LoadBalancer: arnSuffix };
    return { namespace: "AWS/ApplicationELB", metricName, dimensions, statistic };
}

/** A metric of a function. */
export function functionMetric(
    { functionName }: Pick<WatchedFunction, "functionName">,
    metricName: string,
    statistic: Statistic,
): Metric<string> {
    return { namespace: "AWS/Lambda", metricName, dimensions: { FunctionName: functionName }, statistic };
}

/** A metric of a queue. */
export function queueMetric({ queueName }: Pick<WatchedQueue, "queueName">, metricName: string): Metric<string> {
    return { namespace: "AWS/SQS", metricName, dimensions: { QueueName: queueName }, statistic: "Maximum" };
}

/** A metric of a rule. Those of rules on the default bus carry the rule's name only. */
export function ruleMetric({ ruleName, busName }: WatchedRule, metricName: string): Metric<string> {
    const dimensions = { ...(busName !== undefined && { EventBusName: busName }), RuleName: ruleName };
    return { namespace: "AWS/Events", metricName, dimensions, statistic: "Sum" };
}

/** A metric of a WebSocket API's stage. */
export function webSocketMetric<Value>(
    { apiId, stageName }: WatchedWebSocketApi<Value>,
    metricName: string,
): Metric<Value | string> {
    return {
        namespace: "AWS/ApiGateway",
        metricName,
        dimensions: { ApiId: apiId, Stage: stageName },
        statistic: "Sum",
    };
}

function serviceDimensions({ clusterName, serviceName }: WatchedService): Record<string, string> {
    return { ClusterName: clusterName, ServiceName: serviceName };
}
