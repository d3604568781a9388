import * as pulumi from "@pulumi/pulumi";
import { Scope } from "../../../components/building-blocks";
import { Encryption } from "../../../components/encryption";
import {
    Operations,
    type OperationsArgs,
    type Subjects,
    type WatchedColdPath,
    type WatchedData,
    type EventListener,
    type TradingTimes,
    type WatchedService,
} from "../../../components/operations";
import { marketCalendar } from "../../../settings/market-calendar";

export const scope = new Scope({
    project: "aipx",
    environment: "dev",
    region: "ap-northeast-2",
    accountId: "123456789012",
});

/** Stands for a Fargate service. */
class Service implements WatchedService {
    readonly serviceName: string;
    readonly clusterName: string;
    readonly logGroupName: string;
    readonly logGroup: { name: pulumi.Output<string> };
    readonly errorMetric: { namespace: string; metricName: string };

    constructor(
        its: Scope,
        readonly service: string,
    ) {
        this.serviceName = its.name(service);
        this.clusterName = its.name("hot-path");
        this.logGroupName = `/${its.path(service)}`;
        this.logGroup = { name: pulumi.output(this.logGroupName) };
        this.errorMetric = { namespace: its.path(), metricName: `${service}-errors` };
    }
}

/** A cold path with so many strategies, all of which read topic `ticks`. */
export function coldPath(its: Scope, strategies: number): WatchedColdPath {
    const names = Array.from({ length: strategies }, (_, index) => `strategy-s${index + 1}`);
    const consumers = [
        ...names.map((service) => ({ service, topic: "ticks", batchSize: 500, batchWindowSeconds: 1 })),
        // As the platform has it: one entry for each topic.
        { service: "data-recorder", topic: "ticks", batchSize: 10000, batchWindowSeconds: 300 },
        { service: "data-recorder", topic: "orders", batchSize: 10000, batchWindowSeconds: 300 },
    ].map(({ service, topic, ...batch }) => ({
        ...batch,
        service,
        functionName: its.name(service),
        consumerGroup: `${its.name(service)}.${topic}`,
        topics: [topic],
    }));
    return {
        functions: [
            ...names.map((service) => ({ service, timeoutSeconds: 30 })),
            { service: "data-recorder", timeoutSeconds: 300 },
            { service: "cognitive", timeoutSeconds: 120 },
            { service: "cognitive-dispatcher", timeoutSeconds: 165, waitsFor: "cognitive" },
            { service: "websocket-authorizer", timeoutSeconds: 5 },
            { service: "notification", timeoutSeconds: 30 },
        ].map((each) => ({ ...each, functionName: its.name(each.service) })),
        consumers,
        queues: [
            { service: "events", queueName: its.name("events-failed"), kind: "failure" },
            { service: "cognitive", queueName: `${its.name("cognitive")}.fifo`, kind: "work" },
            { service: "cognitive", queueName: `${its.name("cognitive-failed")}.fifo`, kind: "failure" },
        ],
        failedRecords: { bucketName: its.bucketName("records-failed"), queueName: its.name("records-failed") },
        rules: [
            { ruleName: its.name("notify", "risk"), busName: its.name() },
            { ruleName: its.name("notify", "alarm") },
        ],
        webSocketApi: { apiId: pulumi.output("a1b2c3d4e5"), stageName: its.environment },
    };
}

/** The data layer at the sizes of a dev stack, with a replica of the cache. */
function data(its: Scope = scope): WatchedData {
    return {
        kafka: {
            clusterName: its.name(),
            brokers: 2,
            brokerType: "kafka.t3.small",
            topicNames: ["ticks", "orders", "executions"],
        },
        redis: {
            replicationGroupId: its.name(),
            nodeIds: [its.name("0001-001"), its.name("0001-002")],
            nodeType: "cache.t4g.micro",
            ready: [],
        },
        postgres: { instanceIdentifier: its.name(), instanceClass: "db.t4g.micro", storageGiB: 20 },
    };
}

/** A small platform, everything in place: two brokers, one shard with a replica, a feed, the OMS, so many strategies. */
export function platform(its: Scope = scope, strategies = 1): Subjects {
    return {
        network: { natGatewayIds: [pulumi.output("nat-1")] },
        data: data(its),
        hotPath: {
            cluster: { clusterName: its.name("hot-path") },
            feeds: { krx: new Service(its, "ingestion-krx") },
            feedTopics: { krx: ["ticks"], nxt: ["ticks"] },
            feedMarkets: { krx: ["KRX", "NXT"], nxt: ["NXT"] },
            oms: {
                service: new Service(its, "oms"),
                certificateArn: pulumi.output(its.arn("acm", `certificate/${its.environment}`)),
                loadBalancer: {
                    arnSuffix: pulumi.output("app/oms/1234567890abcdef"),
                    targetGroupArnSuffix: pulumi.output("targetgroup/oms/fedcba0987654321"),
                },
            },
        },
        coldPath: coldPath(its, strategies),
    };
}

/** The platform before any image is pushed: stores and queues only. */
export function bare(its: Scope = scope): Subjects {
    const { queues, failedRecords } = coldPath(its, 0);
    return {
        network: { natGatewayIds: [pulumi.output("nat-1")] },
        data: data(its),
        hotPath: {
            cluster: { clusterName: its.name("hot-path") },
            feeds: {},
            feedTopics: { krx: ["ticks"] },
            feedMarkets: { krx: ["KRX", "NXT"] },
            oms: {},
        },
        coldPath: { functions: [], consumers: [], queues, failedRecords, rules: [] },
    };
}

/** The market's calendar, and feeds that run for all its sessions. */
export const trading: TradingTimes = { calendar: marketCalendar, schedule: { start: "07:50", stop: "21:10" } };

/** Stands for the notification service: what it was told to listen to. */
export function listener(its: Scope, heard: string[] = []): EventListener {
    return {
        failures: { arn: its.arn("sqs", its.name("notification-failed")), ready: [] },
        listen: (name, _rule, ruleArn) => void heard.push(`${name}: ${ruleArn}`),
    };
}

/** Operations of a platform. */
export function operations(
    name = "operations",
    its: Scope = scope,
    subjects: Subjects = platform(its),
    emails = ["ops@example.com"],
    notification = listener(its),
): Operations {
    const keys = new Encryption(`${name}-encryption`, { scope: its, disposable: true });
    const args: OperationsArgs = {
        scope: its,
        keys,
        ...subjects,
        coldPath: { ...subjects.coldPath, notification },
        trading,
        budget: { monthlyUsd: 1000, anomalyUsd: 50 },
        alarms: { emails },
    };
    return new Operations(name, args);
}
