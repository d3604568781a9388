import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
    access,
    type Access,
    connectionParameter,
    type EnvironmentValue,
    logGroup,
    type LogRetention,
    refuseChanges,
    type Scope,
    ServiceSecurityGroup,
    type Statement,
    suppress,
    tagged,
} from "../building-blocks";
import { type Keys } from "../encryption";
import { type Placement } from "../network";
import { clusterProblem, topicProblem } from "./kafka-changes";
import { growDisks } from "./kafka-disks";
import { kafkaPollerServices } from "./kafka-pollers";
import { replicationOf, serverProperties, topicConfigs, type TopicSettings } from "./kafka-replication";

/** Size of the cluster, and its topics. */
export interface KafkaSettings {
    /** Kafka's version as MSK writes it: `3.9.x`. Can be raised, never lowered. */
    version: string;
    /** Broker type: `kafka.t3.small`, about $42 a month each, or `kafka.m7g.large`. */
    brokerType: string;
    /** Number of brokers, a multiple of the number of zones. Can be raised, never lowered. */
    brokers: number;
    /** Disk of each broker at creation; afterwards it grows by itself. $0.114 a GiB and month. */
    storageGiB: number;
    /** Up to where disks grow. They never shrink. */
    maxStorageGiB: number;
    /** Topics by name. A topic that is taken out is deleted with its records. */
    topics: Record<string, TopicSettings>;
}

export interface KafkaArgs extends KafkaSettings {
    scope: Scope;
    keys: Keys;
    network: Placement;
    logs: LogRetention;
    /** Whether cluster and topics may be deleted by a plain `pulumi destroy`. */
    disposable: boolean;
}

/** Port on which brokers take clients that sign in with IAM. */
const iamPort = 9098;

/**
 * Kafka on Amazon MSK: signing in with IAM only, TLS only, our key, topics made from settings and by nobody else. A new
 * cluster takes AWS 20 minutes and more.
 *
 * @throws Error for a topic with more replicas than there are brokers.
 */
export class Kafka extends pulumi.ComponentResource {
    readonly clusterName: string;
    readonly clusterArn: pulumi.Output<string>;
    /** Addresses of the brokers, for clients that sign in with IAM. */
    readonly bootstrapBrokers: pulumi.Output<string>;
    /** Number of brokers; their ids are 1 to this number. */
    readonly brokers: number;
    readonly brokerType: string;
    readonly topicNames: string[];
    private readonly scope: Scope;
    private readonly securityGroup: ServiceSecurityGroup;
    private readonly bootstrapBrokersValue: EnvironmentValue;
    private readonly parameter: pulumi.Resource;
    private readonly topics: Map<string, aws.msk.Topic>;

    constructor(name: string, args: KafkaArgs, opts?: pulumi.ComponentResourceOptions) {
        super("aipx:datalayer:Kafka", name, {}, tagged({ service: "kafka" }, opts));
        const { scope, network, disposable } = args;
        const size = { brokers: args.brokers, zones: network.availabilityZones.length };
        const replication = new Map(
            Object.entries(args.topics).map(([topic, settings]) => [topic, replicationOf(topic, settings, size)]),
        );
        this.scope = scope;
        this.clusterName = scope.name("kafka");
        this.brokers = args.brokers;
        this.brokerType = args.brokerType;
        this.topicNames = Object.keys(args.topics);

        this.securityGroup = new ServiceSecurityGroup(
            name,
            { vpcId: network.vpcId, description: "Kafka brokers, and the pollers of functions beside them" },
            { parent: this },
        );
        // Lambda puts the pollers of its Kafka triggers into the brokers' own subnets and group: they call the brokers and, by
        // the endpoints, the services that pollers call.
        this.securityGroup.connectToSelf("kafka", iamPort);
        for (const service of kafkaPollerServices) {
            network.endpoint(service).connections.forEach((destination) => this.securityGroup.connectTo(destination));
        }

        const cluster = this.cluster(name, args);
        this.clusterArn = cluster.arn;
        this.bootstrapBrokers = cluster.bootstrapBrokersSaslIam;
        growDisks(`${name}-storage`, `${this.clusterName}-storage`, args, cluster, { parent: this });
        const topicChanges = refuseChanges(`${name}-topics`, topicProblem);
        this.topics = new Map(
            Object.entries(args.topics).map(([topic, settings]) => [
                topic,
                new aws.msk.Topic(
                    `${name}-${topic}`,
                    {
                        name: topic,
                        clusterArn: cluster.arn,
                        partitionCount: settings.partitions,
                        replicationFactor: replication.get(topic)!.factor,
                        configs: topicConfigs(settings, replication.get(topic)!),
                    },
                    { parent: this, protect: !disposable, hooks: topicChanges },
                ),
            ]),
        );
        const { parameter, environmentValue } = connectionParameter(
            `${name}-bootstrap-brokers`,
            scope,
            ["kafka", "bootstrap-brokers"],
            this.bootstrapBrokers,
            { parent: this },
        );
        this.parameter = parameter;
        this.bootstrapBrokersValue = environmentValue;
        this.registerOutputs({ clusterArn: this.clusterArn, bootstrapBrokers: this.bootstrapBrokers });
    }

    /**
     * Writing to topics.
     *
     * @throws Error for a topic that is not declared.
     */
    produce(topics: string[]): Access {
        const topicResources = this.declared(topics);
        return access({
            statements: [
                {
                    sid: "KafkaProduce",
                    actions: ["kafka-cluster:Connect", "kafka-cluster:WriteDataIdempotently"],
                    resources: [this.iamArn("cluster")],
                },
                {
                    sid: "KafkaProduceTopics",
                    actions: ["kafka-cluster:DescribeTopic", "kafka-cluster:WriteData"],
                    resources: topics.map((topic) => this.iamArn("topic", topic)),
                },
            ],
            connections: [this.securityGroup.destination("kafka", iamPort)],
            environment: { KAFKA_BOOTSTRAP_BROKERS: this.bootstrapBrokersValue },
            dependsOn: [this.parameter, ...topicResources],
        });
    }

    /**
     * What the role of a function needs in order to be triggered by topics. The function itself connects to nothing:
     * Lambda's pollers read for it.
     *
     * @throws Error for a topic that is not declared.
     */
    trigger(topics: string[], consumerGroup: string): Access {
        const topicResources = this.declared(topics);
        const statements: Statement[] = [
            {
                sid: "KafkaTriggerFind",
                actions: ["kafka:DescribeClusterV2"],
                resources: [this.iamArn("cluster")],
            },
            // Where the brokers are and where the pollers go: AWS tells on all resources only.
            {
                sid: "KafkaTriggerNetwork",
                actions: ["ec2:DescribeSecurityGroups", "ec2:DescribeVpcs", "kafka:GetBootstrapBrokers"],
                resources: ["*"],
            },
            {
                sid: "KafkaTrigger",
                actions: ["kafka-cluster:Connect", "kafka-cluster:DescribeClusterDynamicConfiguration"],
                resources: [this.iamArn("cluster")],
            },
            {
                sid: "KafkaTriggerTopics",
                actions: ["kafka-cluster:DescribeTopic", "kafka-cluster:ReadData"],
                resources: topics.map((topic) => this.iamArn("topic", topic)),
            },
            {
                sid: "KafkaTriggerGroup",
                actions: ["kafka-cluster:AlterGroup", "kafka-cluster:DescribeGroup"],
                resources: [this.iamArn("group", consumerGroup)],
            },
        ];
        return access({ statements, dependsOn: topicResources });
    }

    private cluster(name: string, { scope, keys, network, logs, ...args }: KafkaArgs): aws.msk.Cluster {
        const configuration = new aws.msk.Configuration(
            name,
            {
                // Without a name of our own: a configuration cannot be deleted while a cluster uses it, so a new one must
                // be able to stand beside it.
                description: `Server properties of ${this.clusterName}`,
                serverProperties: serverProperties(network.availabilityZones.length),
            },
            { parent: this },
        );
        const accepted = suppress(
            "aws:msk/cluster:Cluster",
            name,
            {
                policy: "msk-cluster-require-topic-metrics",
                reason: "Level DEFAULT is free and has BytesInPerSec of each topic on each broker, by which a topic that falls silent alarms. What finer levels add, no alarm and no graph reads.",
                owner: "platform-team",
                expires: "2027-09-30",
            },
            { parent: this },
        );
        const brokerLogs = logGroup(name, `/${scope.path("kafka")}`, logs, { parent: this });
        return new aws.msk.Cluster(
            name,
            {
                clusterName: this.clusterName,
                kafkaVersion: args.version,
                numberOfBrokerNodes: args.brokers,
                brokerNodeGroupInfo: {
                    instanceType: args.brokerType,
                    clientSubnets: network.isolatedSubnetIds,
                    securityGroups: [this.securityGroup.id],
                    storageInfo: { ebsStorageInfo: { volumeSize: args.storageGiB } },
                    connectivityInfo: { publicAccess: { type: "DISABLED" } },
                },
                configurationInfo: { arn: configuration.arn, revision: configuration.latestRevision },
                clientAuthentication: { sasl: { iam: true, scram: false }, unauthenticated: false },
                encryptionInfo: {
                    encryptionAtRestKmsKeyArn: keys.data.arn,
                    encryptionInTransit: { clientBroker: "TLS", inCluster: true },
                },
                // Free, and all that alarms and the dashboard use. The levels above cost about $10 a month for each broker.
                enhancedMonitoring: "DEFAULT",
                loggingInfo: { brokerLogs: { cloudwatchLogs: { enabled: true, logGroup: brokerLogs.name } } },
            },
            {
                parent: this,
                protect: !args.disposable,
                dependsOn: accepted,
                hooks: refuseChanges(name, clusterProblem),
                // Disks grow by themselves, and AWS refuses to shrink them.
                ignoreChanges: ["brokerNodeGroupInfo.storageInfo.ebsStorageInfo.volumeSize"],
            },
        );
    }

    private declared(topics: string[]): aws.msk.Topic[] {
        return topics.map((topic) => {
            const resource = this.topics.get(topic);
            if (!resource) {
                throw new Error(
                    `Kafka: topic "${topic}" is not declared; declared are ${this.topicNames.join(", ") || "none"}`,
                );
            }
            return resource;
        });
    }

    /** ARN for IAM. It holds the cluster's id, which AWS draws: any cluster of this name is meant. */
    private iamArn(kind: "cluster" | "topic" | "group", resource?: string): string {
        return this.scope.arn(
            "kafka",
            [kind, this.clusterName, "*", ...(resource === undefined ? [] : [resource])].join("/"),
        );
    }
}
