import type * as pulumi from "@pulumi/pulumi";

// What Operations must know of the things it watches, and no more: the platform's components fit, and so does anything
// else that has these members. Names are plain strings, so that every alarm is complete at the first preview.

/** An MSK cluster, at any level of monitoring: only metrics of level `DEFAULT` are used, which are free. */
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
    /** `cache.t4g.micro`. Decides which measure of CPU counts. Burstable types have CPU credits to watch. */
    readonly nodeType: string;
    /** What is there once the nodes are. */
    readonly ready: pulumi.Resource[];
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
    /** Most records in one invocation. */
    readonly batchSize: number;
    /** Longest wait for a batch to fill. */
    readonly batchWindowSeconds: number;
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

/** The way out of the VPC. */
export interface WatchedNetwork {
    /** Ids of the NAT gateways; their number is known from the start. */
    readonly natGatewayIds: pulumi.Input<string>[];
}

/** The hot path. Services that have no image yet are left out. */
export interface WatchedHotPath {
    /** The cluster that its services run in. */
    readonly cluster: { readonly clusterName: string };
    /** Services of the market data feeds, by feed. */
    readonly feeds: Record<string, WatchedService>;
    /** Topics that each feed writes to, by feed. */
    readonly feedTopics: Record<string, string[]>;
    /** Markets that each feed listens to, by feed: `KRX`, `NXT`. */
    readonly feedMarkets: Record<string, readonly string[]>;
    readonly oms: {
        readonly service?: WatchedService;
        readonly loadBalancer?: WatchedLoadBalancer<pulumi.Input<string>>;
        /** ARN of the load balancer's certificate. */
        readonly certificateArn?: pulumi.Input<string>;
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
    readonly network: WatchedNetwork;
    readonly data: WatchedData;
    readonly hotPath: WatchedHotPath;
    readonly coldPath: WatchedColdPath;
}

/** Whether a broker type, node type or instance class (`db.t4g.micro`) lives on CPU credits. */
export function isBurstable(type: string): boolean {
    return /\.t\d[a-z]*\./.test(type);
}

/** Number of vCPUs of a cache node: `cache.t4g.micro` has 2, `cache.r7g.2xlarge` 8. */
export function cacheVcpus(nodeType: string): number {
    const [, family = "", size = ""] = nodeType.split(".");
    const times = /^(\d*)xlarge$/.exec(size);
    if (times) {
        return 4 * Number(times[1] || 1);
    }
    // micro, small, medium and large: all have 2, but for the smallest of the oldest family.
    return family === "t2" && size !== "medium" ? 1 : 2;
}

/** Functions that something else than Kafka triggers. */
export function otherFunctions(coldPath: WatchedColdPath): WatchedFunction[] {
    const consumers = new Set(coldPath.consumers.map(({ functionName }) => functionName));
    return coldPath.functions.filter(({ functionName }) => !consumers.has(functionName));
}
