import assert from "node:assert/strict";
import { type Access } from "../../../components/building-blocks";
import { type DataLayerArgs, type Redis } from "../../../components/data-layer";
import { nodeIds, parameterFamily, userId } from "../../../components/data-layer/redis-engine";
import { type Recording } from "../../../plan/recording";
import { find, ofType, record } from "../../support/record";
import { arn, dataLayer, keyId, scope, small } from "./fixture";

const tags = { component: "data-layer", service: "redis" };

describe("Redis", () => {
    let recording: Recording;
    let redis: Redis;
    let access: Access;
    const group = (from = recording): Recording["resources"][number] =>
        find(from, "aws:elasticache/replicationGroup:ReplicationGroup", "data-redis");
    const parameters = (family: string, from = recording): Recording["resources"][number] =>
        find(from, "aws:elasticache/parameterGroup:ParameterGroup", `data-redis-${family}`);
    const recordWith = (
        changes: Partial<DataLayerArgs["redis"]>,
        others: Partial<DataLayerArgs> = {},
    ): Promise<Recording> =>
        record(() => {
            dataLayer({ redis: { ...small.redis, ...changes }, ...others });
        });

    before(async () => {
        recording = await record(() => {
            ({ redis } = dataLayer());
            access = redis.connect("oms");
            redis.connect("oms");
            redis.connect("strategy");
        });
    });

    it("makes a cache in cluster mode, encrypted at rest and in transit", () => {
        assert.deepEqual(group().inputs, {
            replicationGroupId: "aipx-dev-redis",
            description: "Cache of aipx-dev",
            engine: "valkey",
            engineVersion: "8.0",
            nodeType: "cache.t4g.micro",
            clusterMode: "enabled",
            parameterGroupName: parameters("valkey8").outputs.name,
            numNodeGroups: 1,
            replicasPerNodeGroup: 0,
            automaticFailoverEnabled: true,
            multiAzEnabled: false,
            port: 6379,
            subnetGroupName: find(recording, "aws:elasticache/subnetGroup:SubnetGroup", "data-redis").outputs.name,
            securityGroupIds: [find(recording, "aws:ec2/securityGroup:SecurityGroup", "data-redis").id],
            userGroupIds: ["aipx-dev-redis"],
            atRestEncryptionEnabled: true,
            kmsKeyId: find(recording, "aws:kms/key:Key", "data-keys-data").outputs.arn,
            transitEncryptionEnabled: true,
            transitEncryptionMode: "required",
            logDeliveryConfigurations: ["engine-log", "slow-log"].map((logType) => ({
                logType,
                logFormat: "json",
                destinationType: "cloudwatch-logs",
                destination: `/aipx/dev/redis/${logType}`,
            })),
            snapshotRetentionLimit: 1,
            snapshotWindow: "17:00-18:00",
            maintenanceWindow: "sat:19:00-sat:20:00",
            autoMinorVersionUpgrade: true,
            applyImmediately: true,
            tags,
        });
        assert.deepEqual(find(recording, "aws:elasticache/subnetGroup:SubnetGroup", "data-redis").inputs.subnetIds, [
            "subnet-a",
            "subnet-c",
        ]);
    });

    it("makes the log groups itself, with retention and key", () => {
        for (const logType of ["engine-log", "slow-log"]) {
            const { inputs } = find(recording, "aws:cloudwatch/logGroup:LogGroup", `data-redis-${logType}`);
            assert.equal(inputs.retentionInDays, 7);
            assert.equal(inputs.kmsKeyId, find(recording, "aws:kms/key:Key", "data-keys-logs").outputs.arn);
        }
    });

    it("is Multi-AZ with a replica", async () => {
        const replicated = await recordWith({ shards: 2, replicasPerShard: 1 });
        const { inputs } = group(replicated);
        assert.deepEqual(
            [inputs.numNodeGroups, inputs.replicasPerNodeGroup, inputs.multiAzEnabled, inputs.automaticFailoverEnabled],
            [2, 1, true, true],
        );
    });

    it("is hard to lose unless it is disposable", async () => {
        const protecting = await recordWith({}, { disposable: false });
        const kept = group(protecting);
        assert.equal(kept.options.protect, true);
        assert.equal(kept.inputs.finalSnapshotIdentifier, `aipx-dev-redis-final-${keyId(protecting)}`);
        assert.equal(kept.inputs.applyImmediately, false);
        assert.ok(!group().options.protect);
    });

    it("makes one user for each service, who signs in with IAM and can do nothing dangerous", () => {
        const users = ofType(recording, "aws:elasticache/user:User");
        assert.deepEqual(
            users.map(({ name, inputs }) => [
                name,
                inputs.userId,
                inputs.userName,
                inputs.authenticationMode,
                inputs.engine,
            ]),
            ["reader", "oms", "strategy"].map((user) => [
                `data-redis-${user}`,
                `aipx-dev-${user}`,
                `aipx-dev-${user}`,
                { type: "iam" },
                "valkey",
            ]),
        );
        for (const { inputs } of users) {
            assert.match(inputs.accessString as string, /^on ~\* &\* -@all .* -@admin -@dangerous \+cluster \+info$/);
        }
        assert.doesNotMatch(users[0]!.inputs.accessString as string, /write/);
    });

    it("adds each user to the group after the cache, and leaves the group's list to them", () => {
        const userGroup = find(recording, "aws:elasticache/userGroup:UserGroup", "data-redis");
        assert.deepEqual(userGroup.inputs, {
            userGroupId: "aipx-dev-redis",
            engine: "valkey",
            userIds: ["aipx-dev-reader"],
            tags,
        });
        assert.deepEqual(userGroup.options.ignoreChanges, ["userIds"]);
        const members = ofType(recording, "aws:elasticache/userGroupAssociation:UserGroupAssociation");
        assert.deepEqual(
            members.map(({ inputs }) => inputs),
            ["oms", "strategy"].map((user) => ({ userGroupId: "aipx-dev-redis", userId: `aipx-dev-${user}` })),
        );
        members.forEach(({ dependencies }) => assert.ok(dependencies.includes(group().urn)));
    });

    it("gives Redis the disabled default user that it demands", async () => {
        const redisEngine = await recordWith({ engine: "redis", engineVersion: "7.1" });
        const { inputs } = find(redisEngine, "aws:elasticache/user:User", "data-redis-default");
        assert.equal(inputs.userName, "default");
        assert.equal(inputs.accessString, "off -@all");
        assert.deepEqual(inputs.authenticationMode, { type: "no-password-required" });
        assert.deepEqual(find(redisEngine, "aws:elasticache/userGroup:UserGroup", "data-redis").inputs.userIds, [
            "aipx-dev-reader",
            "aipx-dev-default",
        ]);
        assert.equal(group(redisEngine).inputs.parameterGroupName, parameters("redis7", redisEngine).outputs.name);
    });

    it("writes what a service needs", () => {
        assert.deepEqual(access.statements, [
            {
                sid: "RedisConnect",
                actions: ["elasticache:Connect"],
                resources: [
                    arn("elasticache", "replicationgroup:aipx-dev-redis"),
                    arn("elasticache", "user:aipx-dev-oms"),
                ],
            },
        ]);
        assert.deepEqual(
            access.connections.map(({ name, port }) => [name, port]),
            [["redis", 6379]],
        );
        assert.deepEqual(access.environment.REDIS_USER, { value: "aipx-dev-oms" });
        assert.deepEqual(access.environment.REDIS_REPLICATION_GROUP_ID, { value: "aipx-dev-redis" });
        const endpoint = access.environment.REDIS_ENDPOINT;
        assert.ok(endpoint && "parameterName" in endpoint);
        assert.equal(endpoint.parameterName, "/aipx/dev/redis/endpoint");
        assert.equal(
            find(recording, "aws:ssm/parameter:Parameter", "data-redis-endpoint").inputs.value,
            `${group().outputs.configurationEndpointAddress as string}:6379`,
        );
    });

    it("knows its nodes", () => {
        assert.deepEqual(redis.nodeIds, ["aipx-dev-redis-0001-001"]);
        assert.deepEqual(nodeIds("r", 2, 1), ["r-0001-001", "r-0001-002", "r-0002-001", "r-0002-002"]);
    });

    it("evicts nothing: locks and idempotency keys, which expire, would be the first to go", () => {
        assert.deepEqual(parameters("valkey8").inputs, {
            family: "valkey8",
            description: "valkey8 in cluster mode, from which nothing is evicted",
            parameters: [
                { name: "cluster-enabled", value: "yes" },
                { name: "maxmemory-policy", value: "noeviction" },
            ],
            tags,
        });
        assert.equal(ofType(recording, "aws:elasticache/parameterGroup:ParameterGroup").length, 1);
    });

    it("leaves versions to AWS, and keeps what it was restored from out of later updates", () => {
        assert.deepEqual(group().options.ignoreChanges, ["snapshotName", "engineVersion"]);
    });

    it("begins with a snapshot", async () => {
        const restored = await recordWith({ restoreFromSnapshot: "aipx-dev-redis-last" });
        assert.equal(group(restored).inputs.snapshotName, "aipx-dev-redis-last");
    });

    it("is upgraded at once, with the parameters of both versions", async () => {
        const upgrade = { engineVersion: "9.0", upgradingFrom: "8.1" };
        const upgraded = await recordWith(upgrade, { disposable: false });
        const { inputs, options } = group(upgraded);
        assert.deepEqual(options.ignoreChanges, ["snapshotName"]);
        assert.equal(inputs.applyImmediately, true);
        assert.equal(inputs.engineVersion, "9.0");
        assert.equal(inputs.parameterGroupName, parameters("valkey9", upgraded).outputs.name);
        assert.equal(parameters("valkey8", upgraded).inputs.family, "valkey8");
    });

    it("is upgraded within a major version with one group of parameters", async () => {
        const upgraded = await recordWith({ engineVersion: "8.1", upgradingFrom: "8.0" });
        assert.deepEqual(
            ofType(upgraded, "aws:elasticache/parameterGroup:ParameterGroup").map(
                ({ inputs }) => inputs.family as string,
            ),
            ["valkey8"],
        );
    });

    for (const [engine, version, family] of [
        ["valkey", "8.0", "valkey8"],
        ["valkey", "8.1", "valkey8"],
        ["valkey", "7.2", "valkey7"],
        ["redis", "7.0", "redis7"],
        ["redis", "7.1", "redis7"],
    ] as const) {
        it(`runs ${engine} ${version} with parameters of ${family}`, () => {
            assert.equal(parameterFamily(engine, version), family);
        });
    }

    for (const [engine, version, oldest] of [
        ["valkey", "7.1", "7.2"],
        ["redis", "6.2", "7.0"],
        ["redis", "new", "7.0"],
    ] as const) {
        it(`refuses ${engine} ${version}`, () => {
            assert.throws(() => parameterFamily(engine, version), {
                message: `Redis: engineVersion of ${engine} is "${version}"; it must be ${oldest} or newer`,
            });
        });
    }

    it("cuts user ids to the 40 characters of ElastiCache, and keeps them apart", () => {
        assert.equal(userId("aipx-dev-oms"), "aipx-dev-oms");
        const name = scope("production").name("strategy", "abcdefghijklmnopqrstuvwx");
        const ids = [
            userId(name),
            userId(name.replace(/x$/, "y")),
            userId(`aipx-production-strateg-abcdef-${"b".repeat(24)}`),
        ];
        assert.equal(new Set(ids).size, 3);
        ids.forEach((id) => assert.match(id, /^(?=.{1,40}$)[a-z](-?[a-z0-9])*$/));
    });
});
