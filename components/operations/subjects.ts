import type * as pulumi from "@pulumi/pulumi";

// What Operations must know of the things it watches, and no more: the platform's components fit, and so does anything
// else that has these members. Names are plain strings, so that every alarm is complete at the first preview.

/** An MSK cluster that sends metrics of each topic on each broker (level `PER_TOPIC_PER_BROKER`). */
export interface WatchedKafka {
    readonly clusterName: string;
    /** Number of brokers; their ids are 1, 2, 3 ... */
    readonly brokers: number;
    /** `kafka.t3.small`. Burstable types have CPU credits to watch. */
    readonly brokerType: string;
    readonly topicNames: string[];
}

/** An ElastiCache replication group. */
export interface WatchedRedis {
    readonly replicationGroupId: string;
    /** Ids of the member clusters, one for each node: `aipx-dev-0001-001`. */
    readonly nodeIds: string[];
    /** `cache.t4g.micro`. Burstable types have CPU credits to watch. */
    readonly nodeType: string;
}

/** An RDS instance. */
export interface WatchedPostgres {
    readonly instanceIdentifier: string;
    /** `db.t4g.micro`. Decides memory, and with it the number of connections. */
    readonly instanceClass: string;
    /** Smallest size of the disk in GiB. */
    readonly storageGiB: number;
}

/** A Fargate service. */
export interface WatchedService {
    readonly service: string;
    readonly serviceName: string;
    readonly clusterName: string;
    readonly logGroupName: string;
    /** The log group itself: filters of its lines come after it. */
    readonly logGroup: { readonly name: pulumi.Output<string> };
    /** Metric that counts error lines of the log. */
    readonly errorMetric: { namespace: string; metricName: string };
}

/** The load balancer before the OMS. */
export interface WatchedLoadBalancer<Value> {
    /** `app/aipx-dev-oms/50dc6c495c0c9188` */
    readonly arnSuffix: Value;
    /** `targetgroup/aipx-dev-oms/73e2d6bc24d8a067` */
    readonly targetGroupArnSuffix: Value;
}

/** A WebSocket API. */
export interface WatchedWebSocketApi<Value> {
    readonly apiId: Value;
    readonly stageName: string;
}

/** A function. */
export interface WatchedFunction {
    readonly service: string;
    readonly functionName: string;
    readonly timeoutSeconds: number;
    /** Service that the function does nothing but wait for: its duration is that one's, and is watched there. */
    readonly waitsFor?: string;
}

/** What a function reads from Kafka. A function that reads several topics has one of these for all, or one for each. */
export interface WatchedConsumer {
    readonly service: string;
    readonly functionName: string;
    readonly consumerGroup: string;
    readonly topics: string[];
}

/** A queue. What lies in a failure queue was given up; what lies in a work queue waits for its turn. */
export interface WatchedQueue {
    readonly service: string;
    readonly queueName: string;
    readonly kind: "work" | "failure";
}

/** Where Kafka triggers leave what their functions could not handle. */
export interface WatchedFailedRecords {
    readonly bucketName: string;
    /** Queue with a message for each failed batch. */
    readonly queueName: string;
}

/** A rule of EventBridge. */
export interface WatchedRule {
    readonly ruleName: string;
    /** Left out, the rule is on AWS's default bus. */
    readonly busName?: string;
}

/** The data layer. */
export interface WatchedData {
    readonly kafka: WatchedKafka;
    readonly redis: WatchedRedis;
    readonly postgres: WatchedPostgres;
}

/** The hot path. Services that have no image yet are left out. */
export interface WatchedHotPath {
    /** Services of the market data feeds, by feed. */
    readonly feeds: Record<string, WatchedService>;
    /** Topics that each feed writes to, by feed. */
    readonly feedTopics: Record<string, string[]>;
    readonly oms: {
        readonly service?: WatchedService;
        readonly loadBalancer?: WatchedLoadBalancer<pulumi.Input<string>>;
    };
}

/** The cold path. Services that have no image yet are left out. */
export interface WatchedColdPath {
    readonly functions: WatchedFunction[];
    /** What those of the functions read that Kafka triggers. */
    readonly consumers: WatchedConsumer[];
    readonly queues: WatchedQueue[];
    readonly failedRecords: WatchedFailedRecords;
    readonly rules: WatchedRule[];
    readonly webSocketApi?: WatchedWebSocketApi<pulumi.Input<string>>;
}

/** All that is watched. */
export interface Subjects {
    readonly data: WatchedData;
    readonly hotPath: WatchedHotPath;
    readonly coldPath: WatchedColdPath;
}

/** Whether a broker type, node type or instance class (`db.t4g.micro`) lives on CPU credits. */
export function isBurstable(type: string): boolean {
    return /\.t\d[a-z]*\./.test(type);
}

/** Functions that something else than Kafka triggers. */
export function otherFunctions(coldPath: WatchedColdPath): WatchedFunction[] {
    const consumers = new Set(coldPath.consumers.map(({ functionName }) => functionName));
    return coldPath.functions.filter(({ functionName }) => !consumers.has(functionName));
}
