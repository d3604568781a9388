import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { instanceMemoryGiB } from "../../../components/building-blocks";
import { type AlarmSpec, platformAlarms } from "../../../components/operations/alarms";
import { isBurstable, type Subjects } from "../../../components/operations";
import { find, ofType, record, type RecordedResource } from "../../support/record";
import { alarmLines } from "./describe";
import { isKnownMetric } from "./known-metrics";
import { bare, coldPath, operations, platform, scope, trading } from "./platform";

const metricAlarm = "aws:cloudwatch/metricAlarm:MetricAlarm";

/** Alarms of subjects, which need a program to live in. */
async function alarmsOf(subjects: () => Subjects): Promise<AlarmSpec[]> {
    let alarms: AlarmSpec[] = [];
    await record(() => {
        alarms = platformAlarms(scope, subjects(), trading);
    });
    return alarms;
}

const names = (alarms: AlarmSpec[]): string[] => alarms.map(({ name }) => name);
const metricsOf = ({ measure }: AlarmSpec) => ("expression" in measure ? Object.values(measure.metrics) : [measure]);

// Every alarm of the small platform, but for the second broker and the second node, which have the same.
const expected: Record<string, string[]> = {
    "OMS and its load balancer": [
        "oms-down | ECS/ContainerInsights ClusterName=aipx-dev-hot-path, ServiceName=aipx-dev-oms: Average of RunningTaskCount < 1 in 3 of 3 × 60 s, no data breaching",
        "oms-tasks | desired - FILL(running, 0) > 0 in 3 of 3 × 60 s, no data notBreaching",
        "    desired = ECS/ContainerInsights ClusterName=aipx-dev-hot-path, ServiceName=aipx-dev-oms: Average of DesiredTaskCount",
        "    running = ECS/ContainerInsights ClusterName=aipx-dev-hot-path, ServiceName=aipx-dev-oms: Average of RunningTaskCount",
        "oms-cpu | AWS/ECS ClusterName=aipx-dev-hot-path, ServiceName=aipx-dev-oms: Average of CPUUtilization > 80 in 5 of 5 × 60 s, no data notBreaching",
        "oms-memory | AWS/ECS ClusterName=aipx-dev-hot-path, ServiceName=aipx-dev-oms: Average of MemoryUtilization > 85 in 5 of 5 × 60 s, no data notBreaching",
        "oms-errors | aipx/dev: Sum of oms-errors > 0 in 1 of 1 × 300 s, no data notBreaching",
        "oms-rejections | aipx/dev: Sum of OrdersRejected >= 5 in 1 of 1 × 300 s, no data notBreaching",
        "oms-latency | aipx/dev: p99 of OrderLatency > 1000 in 3 of 5 × 60 s, no data notBreaching",
        "load-balancer-errors | AWS/ApplicationELB LoadBalancer=?: Sum of HTTPCode_ELB_5XX_Count > 5 in 1 of 1 × 300 s, no data notBreaching",
        "load-balancer-target-errors | AWS/ApplicationELB TargetGroup=?, LoadBalancer=?: Sum of HTTPCode_Target_5XX_Count > 5 in 1 of 1 × 300 s, no data notBreaching",
        "load-balancer-unhealthy-targets | AWS/ApplicationELB TargetGroup=?, LoadBalancer=?: Maximum of UnHealthyHostCount > 0 in 5 of 5 × 60 s, no data notBreaching",
        "load-balancer-rejected-connections | AWS/ApplicationELB LoadBalancer=?: Sum of RejectedConnectionCount > 0 in 1 of 1 × 300 s, no data notBreaching",
    ],
    "a feed": [
        "ingestion-krx-silent-ticks | IF(trading, FILL(broker1, 0) + FILL(broker2, 0), 1) < 1 in 5 of 5 × 60 s, no data breaching",
        "    clock = AWS/Kafka Cluster Name=aipx-dev: Average of GlobalTopicCount",
        "    broker1 = AWS/Kafka Cluster Name=aipx-dev, Broker ID=1, Topic=ticks: Average of BytesInPerSec",
        "    broker2 = AWS/Kafka Cluster Name=aipx-dev, Broker ID=2, Topic=ticks: Average of BytesInPerSec",
        "ingestion-krx-tasks | IF(trading, desired - FILL(running, 0), 0) > 0 in 5 of 5 × 60 s, no data notBreaching",
        "    clock = AWS/Kafka Cluster Name=aipx-dev: Average of GlobalTopicCount",
        "    desired = ECS/ContainerInsights ClusterName=aipx-dev-hot-path, ServiceName=aipx-dev-ingestion-krx: Average of DesiredTaskCount",
        "    running = ECS/ContainerInsights ClusterName=aipx-dev-hot-path, ServiceName=aipx-dev-ingestion-krx: Average of RunningTaskCount",
        "ingestion-krx-cpu | AWS/ECS ClusterName=aipx-dev-hot-path, ServiceName=aipx-dev-ingestion-krx: Average of CPUUtilization > 80 in 5 of 5 × 60 s, no data notBreaching",
        "ingestion-krx-memory | AWS/ECS ClusterName=aipx-dev-hot-path, ServiceName=aipx-dev-ingestion-krx: Average of MemoryUtilization > 85 in 5 of 5 × 60 s, no data notBreaching",
        "ingestion-krx-errors | IF(trading, lines, 0) > 5 in 1 of 1 × 300 s, no data notBreaching",
        "    clock = AWS/Kafka Cluster Name=aipx-dev: Average of GlobalTopicCount",
        "    lines = aipx/dev: Sum of ingestion-krx-errors",
        "ingestion-krx-sessions | aipx/dev: Sum of ingestion-krx-sessions > 5 in 1 of 1 × 300 s, no data notBreaching",
    ],
    "a NAT gateway": [
        "nat-ports-1 | AWS/NATGateway NatGatewayId=?: Sum of ErrorPortAllocation > 0 in 1 of 1 × 300 s, no data notBreaching",
        "nat-drops-1 | AWS/NATGateway NatGatewayId=?: Sum of PacketsDropCount > 0 in 3 of 3 × 300 s, no data notBreaching",
    ],
    Kafka: [
        "kafka-offline-partitions | AWS/Kafka Cluster Name=aipx-dev: Maximum of OfflinePartitionsCount > 0 in 2 of 2 × 60 s, no data notBreaching",
        "kafka-controller | AWS/Kafka Cluster Name=aipx-dev: Maximum of ActiveControllerCount < 1 in 5 of 5 × 60 s, no data notBreaching",
        "kafka-cpu-1 | user + system > 60 in 3 of 3 × 300 s, no data notBreaching",
        "    user = AWS/Kafka Cluster Name=aipx-dev, Broker ID=1: Average of CpuUser",
        "    system = AWS/Kafka Cluster Name=aipx-dev, Broker ID=1: Average of CpuSystem",
        "kafka-disk-1 | AWS/Kafka Cluster Name=aipx-dev, Broker ID=1: Maximum of KafkaDataLogsDiskUsed > 85 in 5 of 5 × 60 s, no data notBreaching",
        "kafka-under-replicated-1 | AWS/Kafka Cluster Name=aipx-dev, Broker ID=1: Maximum of UnderReplicatedPartitions > 0 in 15 of 15 × 60 s, no data notBreaching",
        "kafka-under-min-isr-1 | AWS/Kafka Cluster Name=aipx-dev, Broker ID=1: Maximum of UnderMinIsrPartitionCount >= 1 in 3 of 3 × 60 s, no data notBreaching",
        "kafka-heap-1 | AWS/Kafka Cluster Name=aipx-dev, Broker ID=1: Average of HeapMemoryAfterGC > 60 in 3 of 3 × 300 s, no data notBreaching",
        "kafka-connections-1 | AWS/Kafka Cluster Name=aipx-dev, Broker ID=1, Client Authentication=IAM: Maximum of ClientConnectionCount > 2400 in 5 of 5 × 60 s, no data notBreaching",
        "kafka-cpu-credits-1 | AWS/Kafka Cluster Name=aipx-dev, Broker ID=1: Minimum of CPUCreditBalance < 50 in 2 of 2 × 300 s, no data notBreaching",
    ],
    "a node of Redis": [
        "redis-down-0001-001 | AWS/ElastiCache CacheClusterId=aipx-dev-0001-001: Maximum of CurrConnections < 0 in 3 of 3 × 60 s, no data breaching",
        "redis-cpu-0001-001 | AWS/ElastiCache CacheClusterId=aipx-dev-0001-001: Average of CPUUtilization > 45 in 5 of 5 × 60 s, no data notBreaching",
        "redis-memory-0001-001 | AWS/ElastiCache CacheClusterId=aipx-dev-0001-001: Maximum of DatabaseMemoryUsagePercentage > 70 in 5 of 5 × 60 s, no data notBreaching",
        "redis-connections-0001-001 | AWS/ElastiCache CacheClusterId=aipx-dev-0001-001: Maximum of CurrConnections > 5000 in 5 of 5 × 60 s, no data notBreaching",
        "redis-replication-lag-0001-001 | AWS/ElastiCache CacheClusterId=aipx-dev-0001-001: Average of ReplicationLag > 5 in 5 of 5 × 60 s, no data notBreaching",
        "redis-cpu-credits-0001-001 | AWS/ElastiCache CacheClusterId=aipx-dev-0001-001: Minimum of CPUCreditBalance < 20 in 2 of 2 × 300 s, no data notBreaching",
    ],
    PostgreSQL: [
        "postgres-cpu | AWS/RDS DBInstanceIdentifier=aipx-dev: Average of CPUUtilization > 80 in 3 of 3 × 300 s, no data notBreaching",
        "postgres-storage | AWS/RDS DBInstanceIdentifier=aipx-dev: Minimum of FreeStorageSpace < 2147483648 in 5 of 5 × 60 s, no data notBreaching",
        "postgres-memory | AWS/RDS DBInstanceIdentifier=aipx-dev: Average of FreeableMemory < 53687091 in 3 of 3 × 300 s, no data notBreaching",
        "postgres-connections | AWS/RDS DBInstanceIdentifier=aipx-dev: Maximum of DatabaseConnections > 67 in 5 of 5 × 60 s, no data notBreaching",
        "postgres-read-latency | AWS/RDS DBInstanceIdentifier=aipx-dev: Average of ReadLatency > 0.02 in 3 of 3 × 300 s, no data notBreaching",
        "postgres-write-latency | AWS/RDS DBInstanceIdentifier=aipx-dev: Average of WriteLatency > 0.02 in 3 of 3 × 300 s, no data notBreaching",
        "postgres-transaction-ids | AWS/RDS DBInstanceIdentifier=aipx-dev: Maximum of MaximumUsedTransactionIDs > 1000000000 in 1 of 1 × 3600 s, no data notBreaching",
        "postgres-cpu-credits | AWS/RDS DBInstanceIdentifier=aipx-dev: Minimum of CPUCreditBalance < 20 in 2 of 2 × 300 s, no data notBreaching",
    ],
    "the WebSocket API and rules": [
        "web-socket-integration-errors | AWS/ApiGateway ApiId=?, Stage=dev: Sum of IntegrationError > 5 in 1 of 1 × 300 s, no data notBreaching",
        "web-socket-execution-errors | AWS/ApiGateway ApiId=?, Stage=dev: Sum of ExecutionError > 0 in 1 of 1 × 300 s, no data notBreaching",
        "notify-risk-undelivered | AWS/Events EventBusName=aipx-dev, RuleName=aipx-dev-notify-risk: Sum of FailedInvocations > 0 in 1 of 1 × 300 s, no data notBreaching",
        "notify-alarm-undelivered | AWS/Events RuleName=aipx-dev-notify-alarm: Sum of FailedInvocations > 0 in 1 of 1 × 300 s, no data notBreaching",
    ],
    functions: [
        "cognitive-errors | AWS/Lambda FunctionName=aipx-dev-cognitive: Sum of Errors > 0 in 1 of 1 × 300 s, no data notBreaching",
        "cognitive-throttles | AWS/Lambda FunctionName=aipx-dev-cognitive: Sum of Throttles > 0 in 1 of 1 × 300 s, no data notBreaching",
        "cognitive-duration | AWS/Lambda FunctionName=aipx-dev-cognitive: p99 of Duration > 96000 in 2 of 3 × 300 s, no data notBreaching",
    ],
    "a function that only waits for another": [
        "cognitive-dispatcher-errors | AWS/Lambda FunctionName=aipx-dev-cognitive-dispatcher: Sum of Errors > 0 in 1 of 1 × 300 s, no data notBreaching",
        "cognitive-dispatcher-throttles | AWS/Lambda FunctionName=aipx-dev-cognitive-dispatcher: Sum of Throttles > 0 in 1 of 1 × 300 s, no data notBreaching",
    ],
    "consumers of Kafka": [
        "strategy-s1-errors | AWS/Lambda FunctionName=aipx-dev-strategy-s1: Sum of Errors > 0 in 1 of 1 × 300 s, no data notBreaching",
        "strategy-s1-throttles | AWS/Lambda FunctionName=aipx-dev-strategy-s1: Sum of Throttles > 0 in 1 of 1 × 300 s, no data notBreaching",
        "data-recorder-errors | AWS/Lambda FunctionName=aipx-dev-data-recorder: Sum of Errors > 0 in 1 of 1 × 300 s, no data notBreaching",
        "data-recorder-throttles | AWS/Lambda FunctionName=aipx-dev-data-recorder: Sum of Throttles > 0 in 1 of 1 × 300 s, no data notBreaching",
        "strategy-s1-lag-ticks | IF(FILL(seconds, 0) > 32 OR FILL(records, 0) > 2500, 1, 0) > 0 in 1 of 1 × 60 s, no data notBreaching",
        "    seconds = AWS/Kafka Cluster Name=aipx-dev, Consumer Group=aipx-dev-strategy-s1.ticks, Topic=ticks: Maximum of EstimatedMaxTimeLag",
        "    records = AWS/Kafka Cluster Name=aipx-dev, Consumer Group=aipx-dev-strategy-s1.ticks, Topic=ticks: Maximum of MaxOffsetLag",
        "data-recorder-lag-ticks | IF(FILL(seconds, 0) > 630 OR FILL(records, 0) > 50000, 1, 0) > 0 in 1 of 1 × 60 s, no data notBreaching",
        "    seconds = AWS/Kafka Cluster Name=aipx-dev, Consumer Group=aipx-dev-data-recorder.ticks, Topic=ticks: Maximum of EstimatedMaxTimeLag",
        "    records = AWS/Kafka Cluster Name=aipx-dev, Consumer Group=aipx-dev-data-recorder.ticks, Topic=ticks: Maximum of MaxOffsetLag",
        "data-recorder-lag-orders | IF(FILL(seconds, 0) > 630 OR FILL(records, 0) > 50000, 1, 0) > 0 in 1 of 1 × 60 s, no data notBreaching",
        "    seconds = AWS/Kafka Cluster Name=aipx-dev, Consumer Group=aipx-dev-data-recorder.orders, Topic=orders: Maximum of EstimatedMaxTimeLag",
        "    records = AWS/Kafka Cluster Name=aipx-dev, Consumer Group=aipx-dev-data-recorder.orders, Topic=orders: Maximum of MaxOffsetLag",
    ],
    queues: [
        "events-given-up | AWS/SQS QueueName=aipx-dev-events-failed: Maximum of ApproximateNumberOfMessagesVisible > 0 in 1 of 1 × 60 s, no data notBreaching",
        "cognitive-waiting | AWS/SQS QueueName=aipx-dev-cognitive.fifo: Maximum of ApproximateAgeOfOldestMessage > 300 in 3 of 3 × 60 s, no data notBreaching",
        "cognitive-given-up | AWS/SQS QueueName=aipx-dev-cognitive-failed.fifo: Maximum of ApproximateNumberOfMessagesVisible > 0 in 1 of 1 × 60 s, no data notBreaching",
    ],
    "records of Kafka that were left out": [
        "records-failed | AWS/SQS QueueName=aipx-dev-records-failed: Maximum of ApproximateNumberOfMessagesVisible > 0 in 1 of 1 × 60 s, no data notBreaching",
    ],
};

describe("alarms", () => {
    for (const [subject, lines] of Object.entries(expected)) {
        it(`of ${subject} are exactly these`, async () => {
            const wanted = new Set(lines.filter((line) => !line.startsWith(" ")).map((line) => line.split(" | ")[0]!));
            const alarms = await alarmsOf(() => platform());
            assert.deepEqual(alarms.filter(({ name }) => wanted.has(name)).flatMap(alarmLines), lines);
        });
    }

    it("are no others", async () => {
        const listed = Object.values(expected)
            .flat()
            .filter((line) => !line.startsWith(" "))
            .map((line) => line.split(" | ")[0]!);
        // The other functions have what the cognitive service has.
        const others = ["websocket-authorizer", "notification"].flatMap((service) =>
            ["errors", "throttles", "duration"].map((kind) => `${service}-${kind}`),
        );
        const secondOnes = listed.flatMap((name) =>
            /^kafka-.*-1$/.test(name)
                ? [name.replace(/-1$/, "-2")]
                : /^redis-.*-001$/.test(name)
                  ? [name.replace(/-001$/, "-002")]
                  : [],
        );
        assert.deepEqual(names(await alarmsOf(() => platform())).sort(), [...listed, ...secondOnes, ...others].sort());
    });

    it("watch only metrics that AWS or the platform sends", async () => {
        for (const alarm of await alarmsOf(() => platform())) {
            for (const metric of metricsOf(alarm)) {
                assert.ok(isKnownMetric(metric), `${alarm.name}: ${JSON.stringify(metric)}`);
            }
        }
    });

    it("say what they mean and what to do first, in one mail", async () => {
        for (const { name, description } of await alarmsOf(() => platform())) {
            assert.match(description, /First: /, name);
            // CloudWatch takes 1,024 characters.
            assert.ok(description.length < 600, name);
        }
    });

    it("take ten metrics at most, also with many brokers", async () => {
        const alarms = await alarmsOf(() => {
            const { data, ...rest } = platform();
            return { ...rest, data: { ...data, kafka: { ...data.kafka, brokers: 30 } } };
        });
        assert.equal(Math.max(...alarms.map((alarm) => metricsOf(alarm).length)), 10);
    });

    it("leave CPU credits out on types without them, and replication lag without replicas", async () => {
        const alarms = await alarmsOf(() => {
            const { data, ...rest } = platform();
            return {
                ...rest,
                data: {
                    kafka: { ...data.kafka, brokerType: "kafka.m7g.large" },
                    redis: {
                        ...data.redis,
                        nodeType: "cache.r7g.large",
                        nodeIds: [scope.name("0001-001"), scope.name("0002-001")],
                    },
                    postgres: { ...data.postgres, instanceClass: "db.m7g.large" },
                },
            };
        });
        assert.deepEqual(
            names(alarms).filter((name) => /credits|replication-lag/.test(name)),
            [],
        );
        assert.ok(names(alarms).includes("redis-memory-0002-001"));
    });

    it("measure the CPU of a cache node by its size", async () => {
        for (const [nodeType, line] of [
            ["cache.t2.micro", "Average of CPUUtilization > 90"],
            ["cache.t4g.medium", "Average of CPUUtilization > 45"],
            ["cache.r7g.large", "Average of CPUUtilization > 45"],
            ["cache.r7g.xlarge", "Average of EngineCPUUtilization > 90"],
            ["cache.m7g.16xlarge", "Average of EngineCPUUtilization > 90"],
        ] as const) {
            const alarms = await alarmsOf(() => {
                const { data, ...rest } = platform();
                return { ...rest, data: { ...data, redis: { ...data.redis, nodeType } } };
            });
            const cpu = alarms.find(({ name }) => name === "redis-cpu-0001-001")!;
            assert.match(alarmLines(cpu)[0]!, new RegExp(line), nodeType);
        }
    });

    it("adapt to the size of the database", async () => {
        const alarms = await alarmsOf(() => {
            const { data, ...rest } = platform();
            const postgres = { instanceIdentifier: "aipx", instanceClass: "db.m7g.large", storageGiB: 100 };
            return { ...rest, data: { ...data, postgres } };
        });
        const threshold = (name: string) => alarms.find((alarm) => alarm.name === name)?.threshold;
        assert.equal(threshold("postgres-storage"), 10 * 1024 ** 3);
        assert.equal(threshold("postgres-memory"), Math.round(0.4 * 1024 ** 3));
        assert.equal(threshold("postgres-connections"), 540);
    });

    for (const strategies of [0, 1, 5]) {
        it(`are three for each of ${strategies} strategies`, async () => {
            const alarms = await alarmsOf(() => ({ ...platform(), coldPath: coldPath(scope, strategies) }));
            assert.deepEqual(
                names(alarms)
                    .filter((name) => name.startsWith("strategy-"))
                    .sort(),
                Array.from({ length: strategies }, (_, index) => `strategy-s${index + 1}`).flatMap((service) => [
                    `${service}-errors`,
                    `${service}-lag-ticks`,
                    `${service}-throttles`,
                ]),
            );
        });
    }

    it("cover what is there before any image is", async () => {
        const alarms = names(await alarmsOf(() => bare()));
        assert.deepEqual(
            alarms.filter((name) => !/^(kafka|redis|postgres)-/.test(name)),
            [
                "nat-ports-1",
                "nat-drops-1",
                "events-given-up",
                "cognitive-waiting",
                "cognitive-given-up",
                "records-failed",
            ],
        );
    });
});

describe("alarm resources", () => {
    let alarms: RecordedResource[];
    let topic: RecordedResource;
    before(async () => {
        const recording = await record(() => {
            operations();
        });
        alarms = ofType(recording, metricAlarm);
        topic = find(recording, "aws:sns/topic:Topic", "operations-alarms");
    });
    const inputs = (name: string): Record<string, unknown> =>
        alarms.find((resource) => resource.name === `operations-${name}`)!.inputs;

    it("tell the topic when they begin and when they are over", () => {
        assert.equal(alarms.length, 81);
        for (const { inputs, propertyDependencies } of alarms) {
            assert.deepEqual(inputs.alarmActions, [topic.outputs.arn]);
            assert.deepEqual(inputs.okActions, [topic.outputs.arn]);
            assert.deepEqual(propertyDependencies.alarmActions, [topic.urn]);
            assert.equal(inputs.actionsEnabled, true);
        }
    });

    it("write a metric as CloudWatch takes it", () => {
        const { alarmActions, okActions } = inputs("postgres-cpu");
        assert.deepEqual(inputs("postgres-cpu"), {
            alarmDescription:
                "The database uses more than 80 % CPU. First: look for the heaviest query in Database Insights; then a " +
                "larger postgres.instanceClass.",
            tags: { component: "operations" },
            alarmActions,
            okActions,
            name: "aipx-dev-postgres-cpu",
            namespace: "AWS/RDS",
            metricName: "CPUUtilization",
            dimensions: { DBInstanceIdentifier: "aipx-dev" },
            statistic: "Average",
            period: 300,
            comparisonOperator: "GreaterThanThreshold",
            threshold: 80,
            evaluationPeriods: 3,
            datapointsToAlarm: 3,
            treatMissingData: "notBreaching",
            actionsEnabled: true,
        });
    });

    it("write a percentile as an extended statistic", () => {
        const { statistic, extendedStatistic } = inputs("cognitive-duration");
        assert.deepEqual({ statistic, extendedStatistic }, { statistic: undefined, extendedStatistic: "p99" });
    });

    it("write an expression with its metrics, and nothing of a single metric", () => {
        const { metricQueries, namespace, metricName, statistic, period } = inputs("oms-tasks");
        assert.deepEqual([namespace, metricName, statistic, period], [undefined, undefined, undefined, undefined]);
        const metric = (metricName: string) => ({
            namespace: "ECS/ContainerInsights",
            metricName,
            dimensions: { ClusterName: "aipx-dev-hot-path", ServiceName: "aipx-dev-oms" },
            stat: "Average",
            period: 60,
        });
        assert.deepEqual(metricQueries, [
            { id: "result", expression: "desired - FILL(running, 0)", label: "result", returnData: true },
            { id: "desired", metric: metric("DesiredTaskCount"), returnData: false },
            { id: "running", metric: metric("RunningTaskCount"), returnData: false },
        ]);
    });

    it("write steps between the result and the metrics, within what CloudWatch takes", () => {
        const queries = inputs("ingestion-krx-silent-ticks").metricQueries as Record<string, unknown>[];
        assert.deepEqual(
            queries.map(({ id, returnData }) => [id, returnData]),
            [
                ["result", true],
                ["today", false],
                ["weekday", false],
                ["now", false],
                ["trading", false],
                ["clock", false],
                ["broker1", false],
                ["broker2", false],
            ],
        );
        for (const { expression } of queries) {
            assert.ok(String(expression).length <= 2048);
        }
    });

    it("wait for what they watch, where silence is trouble", async () => {
        const recording = await record(() => {
            const subjects = platform();
            const node = new aws.elasticache.SubnetGroup("node", { subnetIds: [] });
            const redis = { ...subjects.data.redis, ready: [node] };
            operations("operations", scope, { ...subjects, data: { ...subjects.data, redis } });
        });
        const { urn } = find(recording, "aws:elasticache/subnetGroup:SubnetGroup", "node");
        const waiting = ofType(recording, metricAlarm).filter(({ dependencies }) => dependencies.includes(urn));
        assert.deepEqual(
            waiting.map(({ name }) => name),
            ["operations-redis-down-0001-001", "operations-redis-down-0001-002"],
        );
    });

    it("use the names that AWS gave the load balancer and the WebSocket API", () => {
        assert.deepEqual(inputs("load-balancer-unhealthy-targets").dimensions, {
            LoadBalancer: "app/oms/1234567890abcdef",
            TargetGroup: "targetgroup/oms/fedcba0987654321",
        });
        assert.deepEqual(inputs("web-socket-execution-errors").dimensions, { ApiId: "a1b2c3d4e5", Stage: "dev" });
    });
});

describe("sizes", () => {
    const memory: Record<string, number> = {
        "db.t4g.micro": 1,
        "db.t3.small": 2,
        "db.t4g.medium": 4,
        "db.t4g.large": 8,
        "db.m7g.large": 8,
        "db.r7g.large": 16,
        "db.r7g.xlarge": 32,
        "db.m7g.2xlarge": 32,
        "db.r6g.16xlarge": 512,
        "db.x2g.large": 32,
        "db.future.large": 8,
    };
    for (const [instanceClass, gibibytes] of Object.entries(memory)) {
        it(`of ${instanceClass}: ${gibibytes} GiB`, () => assert.equal(instanceMemoryGiB(instanceClass), gibibytes));
    }

    it("tell burstable types", () => {
        for (const type of ["kafka.t3.small", "cache.t4g.micro", "db.t3.medium"]) {
            assert.equal(isBurstable(type), true, type);
        }
        for (const type of ["kafka.m7g.large", "cache.r7g.large", "db.x2g.large"]) {
            assert.equal(isBurstable(type), false, type);
        }
    });
});
