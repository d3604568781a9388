import assert from "node:assert/strict";
import { type Access } from "../../../components/building-blocks";
import { type DataLayerArgs } from "../../../components/data-layer";
import { replicationOf, serverProperties } from "../../../components/data-layer/kafka-replication";
import { type Recording } from "../../../plan/recording";
import { find, ofType, record } from "../../support/record";
import { arn, dataLayer, small } from "./fixture";

describe("Kafka", () => {
    let recording: Recording;
    let produce: Access;
    let trigger: Access;
    const cluster = (from = recording): Recording["resources"][number] =>
        find(from, "aws:msk/cluster:Cluster", "data-kafka");
    const recordWith = (
        kafka: Partial<DataLayerArgs["kafka"]>,
        changes: Partial<DataLayerArgs> = {},
    ): Promise<Recording> =>
        record(() => {
            dataLayer({ kafka: { ...small.kafka, ...kafka }, ...changes });
        });

    before(async () => {
        recording = await record(() => {
            const { kafka } = dataLayer();
            produce = kafka.produce(["orders"]);
            trigger = kafka.trigger(["ticks", "orders"], "aipx-dev-strategy-a");
        });
    });

    it("makes a cluster that takes IAM over TLS and nothing else", () => {
        assert.deepEqual(cluster().inputs, {
            clusterName: "aipx-dev-kafka",
            kafkaVersion: "3.9.x",
            numberOfBrokerNodes: 2,
            brokerNodeGroupInfo: {
                instanceType: "kafka.t3.small",
                clientSubnets: ["subnet-a", "subnet-c"],
                securityGroups: [find(recording, "aws:ec2/securityGroup:SecurityGroup", "data-kafka").id],
                storageInfo: { ebsStorageInfo: { volumeSize: 20 } },
                connectivityInfo: { publicAccess: { type: "DISABLED" } },
            },
            configurationInfo: {
                arn: find(recording, "aws:msk/configuration:Configuration", "data-kafka").outputs.arn,
                revision: 1,
            },
            clientAuthentication: { sasl: { iam: true, scram: false }, unauthenticated: false },
            encryptionInfo: {
                encryptionAtRestKmsKeyArn: find(recording, "aws:kms/key:Key", "data-keys-data").outputs.arn,
                encryptionInTransit: { clientBroker: "TLS", inCluster: true },
            },
            enhancedMonitoring: "DEFAULT",
            loggingInfo: { brokerLogs: { cloudwatchLogs: { enabled: true, logGroup: "/aipx/dev/kafka" } } },
            tags: { component: "data-layer", service: "kafka" },
        });
    });

    it("lets the disks grow, and leaves their size alone afterwards", () => {
        assert.deepEqual(cluster().options.ignoreChanges, [
            "brokerNodeGroupInfo.storageInfo.ebsStorageInfo.volumeSize",
        ]);
        assert.deepEqual(find(recording, "aws:appautoscaling/target:Target", "data-kafka-storage").inputs, {
            serviceNamespace: "kafka",
            scalableDimension: "kafka:broker-storage:VolumeSize",
            resourceId: cluster().outputs.arn,
            minCapacity: 1,
            maxCapacity: 100,
            tags: { component: "data-layer", service: "kafka" },
        });
        const policy = find(recording, "aws:appautoscaling/policy:Policy", "data-kafka-storage").inputs;
        assert.equal(policy.policyType, "TargetTrackingScaling");
        assert.deepEqual(policy.targetTrackingScalingPolicyConfiguration, {
            predefinedMetricSpecification: { predefinedMetricType: "KafkaBrokerStorageUtilization" },
            targetValue: 60,
            disableScaleIn: true,
        });
    });

    it("does not scale disks that may not grow", async () => {
        const fixed = await recordWith({ maxStorageGiB: 20 });
        assert.equal(ofType(fixed, "aws:appautoscaling/target:Target").length, 0);
    });

    it("makes the topics", () => {
        const arnOfCluster = cluster().outputs.arn as string;
        assert.deepEqual(
            ofType(recording, "aws:msk/topic:Topic").map((topic) => topic.inputs),
            [
                {
                    name: "ticks",
                    clusterArn: arnOfCluster,
                    partitionCount: 6,
                    replicationFactor: 2,
                    configs: '{"cleanup.policy":"delete","min.insync.replicas":"1","retention.ms":"86400000"}',
                },
                {
                    name: "orders",
                    clusterArn: arnOfCluster,
                    partitionCount: 3,
                    replicationFactor: 2,
                    configs: '{"cleanup.policy":"delete","min.insync.replicas":"1","retention.ms":"259200000"}',
                },
            ],
        );
    });

    it("protects cluster and topics unless they are disposable", async () => {
        const kept = await recordWith({}, { disposable: false });
        for (const [recorded, protect] of [
            [kept, true],
            [recording, false],
        ] as const) {
            for (const type of ["aws:msk/cluster:Cluster", "aws:msk/topic:Topic"]) {
                ofType(recorded, type).forEach((resource) =>
                    assert.equal(resource.options.protect ?? false, protect, resource.urn),
                );
            }
        }
    });

    it("names its configuration by Pulumi, so that a new one can stand beside it", () => {
        assert.equal(find(recording, "aws:msk/configuration:Configuration", "data-kafka").inputs.name, undefined);
    });

    it("writes what a producer needs", () => {
        assert.deepEqual(produce.statements, [
            {
                sid: "KafkaProduce",
                actions: ["kafka-cluster:Connect", "kafka-cluster:WriteDataIdempotently"],
                resources: [arn("kafka", "cluster/aipx-dev-kafka/*")],
            },
            {
                sid: "KafkaProduceTopics",
                actions: ["kafka-cluster:DescribeTopic", "kafka-cluster:WriteData"],
                resources: [arn("kafka", "topic/aipx-dev-kafka/*/orders")],
            },
        ]);
        assert.deepEqual(
            produce.connections.map(({ name, port }) => [name, port]),
            [["kafka", 9098]],
        );
        const value = produce.environment.KAFKA_BOOTSTRAP_BROKERS;
        assert.ok(value && "parameterName" in value);
        assert.equal(value.parameterName, "/aipx/dev/kafka/bootstrap-brokers");
        assert.equal(produce.dependsOn.length, 2);
    });

    it("publishes the addresses of the brokers for IAM", () => {
        assert.equal(
            find(recording, "aws:ssm/parameter:Parameter", "data-kafka-bootstrap-brokers").inputs.value,
            cluster().outputs.bootstrapBrokersSaslIam,
        );
    });

    it("writes what the role of a triggered function needs, and no connection", () => {
        assert.deepEqual(
            trigger.statements.map(({ actions, resources }) => [actions, resources]),
            [
                [["kafka:DescribeClusterV2"], [arn("kafka", "cluster/aipx-dev-kafka/*")]],
                [["ec2:DescribeSecurityGroups", "ec2:DescribeVpcs", "kafka:GetBootstrapBrokers"], ["*"]],
                [
                    ["kafka-cluster:Connect", "kafka-cluster:DescribeClusterDynamicConfiguration"],
                    [arn("kafka", "cluster/aipx-dev-kafka/*")],
                ],
                [
                    ["kafka-cluster:DescribeTopic", "kafka-cluster:ReadData"],
                    [arn("kafka", "topic/aipx-dev-kafka/*/ticks"), arn("kafka", "topic/aipx-dev-kafka/*/orders")],
                ],
                [
                    ["kafka-cluster:AlterGroup", "kafka-cluster:DescribeGroup"],
                    [arn("kafka", "group/aipx-dev-kafka/*/aipx-dev-strategy-a")],
                ],
            ],
        );
        assert.deepEqual(trigger.connections, []);
    });

    it("lets brokers and pollers reach each other and the endpoints of what pollers call, and nothing more", () => {
        const group = find(recording, "aws:ec2/securityGroup:SecurityGroup", "data-kafka").id;
        const rules = (direction: string): unknown[][] =>
            ofType(recording, `aws:vpc/securityGroup${direction}Rule:SecurityGroup${direction}Rule`)
                .filter(({ name }) => name.includes("data-kafka"))
                .map(({ inputs }) => [
                    inputs.securityGroupId,
                    inputs.referencedSecurityGroupId ?? inputs.prefixListId,
                    inputs.fromPort,
                    inputs.toPort,
                ])
                .sort((a, b) => Number(b[2]) - Number(a[2]));
        assert.deepEqual(rules("Egress"), [
            [group, group, 9098, 9098],
            [group, "sg-endpoints", 443, 443],
            [group, "pl-s3", 443, 443],
        ]);
        assert.deepEqual(rules("Ingress"), [
            [group, group, 9098, 9098],
            ["sg-endpoints", group, 443, 443],
        ]);
    });

    it("refuses a topic that is not declared", async () => {
        const message = 'Kafka: topic "tick" is not declared; declared are ticks, orders';
        await assert.rejects(
            record(() => void dataLayer().kafka.produce(["tick"])),
            { message },
        );
        await assert.rejects(
            record(() => void dataLayer().kafka.trigger(["tick"], "group")),
            { message },
        );
    });

    it("refuses more replicas than brokers", async () => {
        await assert.rejects(
            recordWith({ topics: { ticks: { partitions: 1, retentionHours: 1, replicationFactor: 3 } } }),
            {
                message: 'Kafka: replicationFactor of topic "ticks" is 3; with 2 brokers it can be at most 2',
            },
        );
    });

    const replications: [
        brokers: number,
        zones: number,
        replicationFactor: number | undefined,
        factor: number,
        minInSync: number,
    ][] = [
        [2, 2, undefined, 2, 1],
        [3, 3, undefined, 3, 2],
        // More brokers must not replace topics.
        [4, 2, undefined, 2, 1],
        [6, 3, undefined, 3, 2],
        [3, 3, 1, 1, 1],
        [4, 2, 4, 4, 3],
    ];
    for (const [brokers, zones, replicationFactor, factor, minInSync] of replications) {
        it(`replicates ${factor} times, ${minInSync} in sync, with ${brokers} brokers in ${zones} zones and ${replicationFactor ?? "no"} factor`, () => {
            const settings = { partitions: 1, retentionHours: 1, replicationFactor };
            assert.deepEqual(replicationOf("ticks", settings, { brokers, zones }), { factor, minInSync });
        });
    }

    it("writes server properties for two zones and for three", () => {
        const properties = (zones: number): string[] => serverProperties(zones).split("\n");
        const rest = ["allow.everyone.if.no.acl.found=false", "auto.create.topics.enable=false"];
        const last = ["unclean.leader.election.enable=false", ""];
        assert.deepEqual(properties(2), [...rest, "default.replication.factor=2", "min.insync.replicas=1", ...last]);
        assert.deepEqual(properties(3), [...rest, "default.replication.factor=3", "min.insync.replicas=2", ...last]);
    });
});
