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
    tagged,
} from "../building-blocks";
import { type Keys } from "../encryption";
import { type Placement } from "../network";
import { type EngineVersions, ignoredVersion, ofRunningVersion } from "./engine-version";
import { finalSnapshotName } from "./final-snapshot";
import { engineProblem, nodeIds, parameterFamily, replicasProblem, type RedisEngine, userId } from "./redis-engine";

/** Size of the cache. */
export interface RedisSettings extends EngineVersions {
    /** Valkey speaks Redis's protocol and costs a fifth less. */
    engine: RedisEngine;
    /** `cache.t4g.micro`: $14 a month each with Valkey. */
    nodeType: string;
    /** Parts that the keys are spread over. */
    shards: number;
    /** Copies of each part. 1 or more makes the cache Multi-AZ. */
    replicasPerShard: number;
    /** Days that daily snapshots are kept; 0 makes none. */
    snapshotRetentionDays: number;
    /**
     * Snapshot that a new cache begins with. A cache that exists takes no notice of it.
     * @default a new cache is empty
     */
    restoreFromSnapshot?: string;
}

export interface RedisArgs extends RedisSettings {
    scope: Scope;
    keys: Keys;
    network: Placement;
    logs: LogRetention;
    /** Whether the cache may be deleted without a last snapshot, and changes apply at once instead of at night. */
    disposable: boolean;
}

const port = 6379;

/**
 * What services may do: read, write and subscribe, on all keys. Nothing that empties the cache, lists all its keys or
 * administers it. Cluster clients ask for CLUSTER and INFO; ElastiCache itself refuses what CLUSTER could change.
 */
const serviceCommands =
    "on ~* &* -@all +@read +@write +@connection +@pubsub +@scripting +@transaction -@admin -@dangerous +cluster +info";
/** What people may do who look for a fault. */
const readerCommands = "on ~* &* -@all +@read +@connection -@admin -@dangerous +cluster +info";

/**
 * A cache on ElastiCache in cluster mode: TLS only, our key, and a user for each service, who signs in with IAM. Nobody
 * gets in without one. People who look for a fault use the user `<project>-<environment>-reader`.
 *
 * Nothing is evicted. When memory is full, writes fail.
 *
 * @throws Error for an engine version without IAM users.
 */
export class Redis extends pulumi.ComponentResource {
    readonly replicationGroupId: string;
    /** Host and port that clients in cluster mode begin with. */
    readonly endpoint: pulumi.Output<string>;
    /** Ids of all nodes, for their metrics. */
    readonly nodeIds: string[];
    readonly nodeType: string;
    /** What is there once the nodes are. */
    readonly ready: pulumi.Resource[];
    private readonly name: string;
    private readonly args: RedisArgs;
    private readonly securityGroup: ServiceSecurityGroup;
    private readonly endpointValue: EnvironmentValue;
    private readonly parameter: pulumi.Resource;
    private readonly userGroup: aws.elasticache.UserGroup;
    private readonly replicationGroup: aws.elasticache.ReplicationGroup;
    private readonly members = new Map<string, aws.elasticache.UserGroupAssociation>();

    constructor(name: string, args: RedisArgs, opts?: pulumi.ComponentResourceOptions) {
        super("aipx:datalayer:Redis", name, {}, tagged({ service: "redis" }, opts));
        const { scope, network, disposable } = args;
        this.name = name;
        this.args = args;
        this.replicationGroupId = scope.name("redis");
        this.nodeType = args.nodeType;
        this.nodeIds = nodeIds(this.replicationGroupId, args.shards, args.replicasPerShard);

        this.securityGroup = new ServiceSecurityGroup(
            name,
            { vpcId: network.vpcId, description: "Redis nodes" },
            { parent: this },
        );
        this.userGroup = this.firstUsers();
        const parameters = this.parameterGroups();
        const subnets = new aws.elasticache.SubnetGroup(
            name,
            { description: `Isolated subnets of ${scope.name()}`, subnetIds: network.isolatedSubnetIds },
            { parent: this },
        );
        this.replicationGroup = new aws.elasticache.ReplicationGroup(
            name,
            {
                replicationGroupId: this.replicationGroupId,
                description: `Cache of ${scope.name()}`,
                engine: args.engine,
                engineVersion: args.engineVersion,
                nodeType: args.nodeType,
                clusterMode: "enabled",
                parameterGroupName: parameters.name,
                numNodeGroups: args.shards,
                replicasPerNodeGroup: args.replicasPerShard,
                automaticFailoverEnabled: true,
                multiAzEnabled: args.replicasPerShard > 0,
                port,
                subnetGroupName: subnets.name,
                securityGroupIds: [this.securityGroup.id],
                userGroupIds: [this.userGroup.userGroupId],
                atRestEncryptionEnabled: true,
                kmsKeyId: args.keys.data.arn,
                transitEncryptionEnabled: true,
                transitEncryptionMode: "required",
                logDeliveryConfigurations: this.logs(),
                snapshotRetentionLimit: args.snapshotRetentionDays,
                // UTC: two to four in the Korean night, when no market is open.
                snapshotWindow: "17:00-18:00",
                maintenanceWindow: "sat:19:00-sat:20:00",
                autoMinorVersionUpgrade: true,
                applyImmediately: disposable || args.upgradingFrom !== undefined,
                snapshotName: args.restoreFromSnapshot,
                finalSnapshotIdentifier: disposable
                    ? undefined
                    : finalSnapshotName(this.replicationGroupId, args.keys.data),
            },
            {
                parent: this,
                protect: !disposable,
                // The snapshot counts when the cache is made; to the provider, another one is another cache.
                ignoreChanges: ["snapshotName", ...ignoredVersion(args)],
                hooks: refuseChanges(`${name}-nodes`, replicasProblem),
            },
        );
        this.endpoint = ofRunningVersion(
            "Redis",
            args,
            this.replicationGroup.engineVersionActual,
            pulumi.interpolate`${this.replicationGroup.configurationEndpointAddress}:${port}`,
        );
        this.ready = [this.replicationGroup];
        const { parameter, environmentValue } = connectionParameter(
            `${name}-endpoint`,
            scope,
            ["redis", "endpoint"],
            this.endpoint,
            { parent: this },
        );
        this.parameter = parameter;
        this.endpointValue = environmentValue;
        this.registerOutputs({ endpoint: this.endpoint });
    }

    /**
     * Signing in as a user, who is made at the first call. AWS allows 100 users in a cache, so services of one kind share
     * one.
     *
     * @param user Lower-case letters, digits and hyphens, unique in the installation: `oms`.
     */
    connect(user: string): Access {
        const { scope } = this.args;
        const id = userId(scope.name(user));
        let member = this.members.get(user);
        if (!member) {
            member = new aws.elasticache.UserGroupAssociation(
                `${this.name}-${user}`,
                { userGroupId: this.userGroup.userGroupId, userId: this.iamUser(user, serviceCommands).userId },
                // A cache cannot start with a group of users that is just being changed.
                { parent: this, dependsOn: [this.replicationGroup] },
            );
            this.members.set(user, member);
        }
        return access({
            statements: [
                {
                    sid: "RedisConnect",
                    actions: ["elasticache:Connect"],
                    resources: [
                        scope.arn("elasticache", `replicationgroup:${this.replicationGroupId}`),
                        scope.arn("elasticache", `user:${id}`),
                    ],
                },
            ],
            connections: [this.securityGroup.destination("redis", port)],
            environment: {
                REDIS_ENDPOINT: this.endpointValue,
                REDIS_USER: { value: id },
                // Tokens for signing in are signed for it, not for the host.
                REDIS_REPLICATION_GROUP_ID: { value: this.replicationGroupId },
            },
            dependsOn: [this.parameter, member],
        });
    }

    /** Parameters of the version that is to run. While a cache is upgraded, those that it leaves are there too: AWS has them in use. */
    private parameterGroups(): aws.elasticache.ParameterGroup {
        const { engine, engineVersion, upgradingFrom = engineVersion } = this.args;
        const [current, left] = [engineVersion, upgradingFrom].map((version) => parameterFamily(engine, version));
        if (left !== current) {
            this.parameterGroup(left!);
        }
        return this.parameterGroup(current!);
    }

    private parameterGroup(family: string): aws.elasticache.ParameterGroup {
        return new aws.elasticache.ParameterGroup(
            `${this.name}-${family}`,
            {
                family,
                description: `${family} in cluster mode, from which nothing is evicted`,
                parameters: [
                    { name: "cluster-enabled", value: "yes" },
                    // AWS's default evicts keys that expire: locks, idempotency keys and rate limits would be the first to go.
                    { name: "maxmemory-policy", value: "noeviction" },
                ],
            },
            { parent: this },
        );
    }

    private iamUser(user: string, accessString: string): aws.elasticache.User {
        // A user who signs in with IAM has the same name and id.
        const id = userId(this.args.scope.name(user));
        return new aws.elasticache.User(
            `${this.name}-${user}`,
            { userId: id, userName: id, engine: this.args.engine, authenticationMode: { type: "iam" }, accessString },
            { parent: this },
        );
    }

    /** The group of users, with those it begins with; services' users join it later. */
    private firstUsers(): aws.elasticache.UserGroup {
        const { scope, engine } = this.args;
        const users = [this.iamUser("reader", readerCommands)];
        if (engine === "redis") {
            // Redis wants a user called "default" in every group: one who can do nothing. Valkey wants none.
            users.push(
                new aws.elasticache.User(
                    `${this.name}-default`,
                    {
                        userId: userId(scope.name("default")),
                        userName: "default",
                        engine,
                        authenticationMode: { type: "no-password-required" },
                        accessString: "off -@all",
                    },
                    { parent: this },
                ),
            );
        }
        return new aws.elasticache.UserGroup(
            this.name,
            { userGroupId: scope.name("redis"), engine, userIds: users.map((user) => user.userId) },
            // Services' users are members too, each by an association of its own.
            { parent: this, ignoreChanges: ["userIds"], hooks: refuseChanges(this.name, engineProblem) },
        );
    }

    private logs(): aws.types.input.elasticache.ReplicationGroupLogDeliveryConfiguration[] {
        return ["engine-log", "slow-log"].map((logType) => {
            const group = logGroup(
                `${this.name}-${logType}`,
                `/${this.args.scope.path("redis", logType)}`,
                this.args.logs,
                { parent: this },
            );
            return { logType, logFormat: "json", destinationType: "cloudwatch-logs", destination: group.name };
        });
    }
}
