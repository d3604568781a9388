import { elasticacheRules } from "../../../policy-pack/rules/elasticache";
import { describeMutations, type Mutations, ruleOf, withParameters } from "../support/mutations";

const key = "arn:aws:kms:ap-northeast-2:123456789012:key/8b633f9f-e42e-bd1e-4959-a9d53da0b63e";
const group = "aws:elasticache/replicationGroup:ReplicationGroup";
const serverless = "aws:elasticache/serverlessCache:ServerlessCache";
const logs = ["engine-log", "slow-log"].map((logType) => ({ logType, destination: `/aipx/redis/${logType}` }));

const rows: [rule: string, mutations: Mutations][] = [
    [
        "elasticache-replication-group-require-encryption-at-rest",
        {
            good: { engine: "redis", atRestEncryptionEnabled: true },
            fine: [["globalReplicationGroupId", "global"]],
            wrong: [
                ["atRestEncryptionEnabled", false],
                ["atRestEncryptionEnabled", undefined],
                ["atRestEncryptionEnabled", "yes"],
            ],
            says: "atRestEncryptionEnabled must be true",
            unknownAt: "atRestEncryptionEnabled",
        },
    ],
    [
        "elasticache-replication-group-require-encryption-at-rest",
        {
            good: { engine: "valkey" },
            wrong: [
                ["engine", "redis"],
                ["engine", undefined],
            ],
            says: "atRestEncryptionEnabled must be true",
            unknownAt: "engine",
        },
    ],
    [
        "elasticache-require-customer-managed-key",
        {
            good: { kmsKeyId: key },
            wrong: [
                ["kmsKeyId", undefined],
                ["kmsKeyId", "alias/aws/elasticache"],
                ["kmsKeyId", 7],
            ],
            says: "kmsKeyId must be a customer-managed key",
            unknownAt: "kmsKeyId",
        },
    ],
    [
        "elasticache-replication-group-require-tls",
        {
            good: { transitEncryptionEnabled: true },
            wrong: [
                ["transitEncryptionEnabled", false],
                ["transitEncryptionEnabled", undefined],
            ],
            says: "transitEncryptionEnabled must be true",
            unknownAt: "transitEncryptionEnabled",
        },
    ],
    [
        "elasticache-replication-group-disallow-optional-tls",
        {
            good: { transitEncryptionMode: "required" },
            fine: [["transitEncryptionMode", undefined]],
            wrong: [["transitEncryptionMode", "preferred"]],
            says: 'transitEncryptionMode must be "required"',
            unknownAt: "transitEncryptionMode",
        },
    ],
    [
        "elasticache-cluster-require-tls",
        {
            good: { engine: "memcached", transitEncryptionEnabled: true },
            fine: [["engine", "redis"]],
            wrong: [["transitEncryptionEnabled", undefined]],
            says: "transitEncryptionEnabled must be true",
            unknownAt: "transitEncryptionEnabled",
        },
    ],
    [
        "elasticache-cluster-disallow-single-redis",
        {
            good: { engine: "memcached" },
            wrong: [["engine", "redis"]],
            says: "must be an aws.elasticache.ReplicationGroup",
            unknownAt: "engine",
        },
    ],
    [
        "elasticache-require-authentication",
        {
            types: [group],
            good: { userGroupIds: ["aipx"] },
            fine: [["authToken", "token"]],
            wrong: [
                ["userGroupIds", undefined],
                ["userGroupIds", []],
            ],
            says: "userGroupIds must name a group of users",
            unknownAt: "userGroupIds",
        },
    ],
    [
        "elasticache-require-authentication",
        {
            types: [serverless],
            good: { engine: "valkey", userGroupId: "aipx" },
            wrong: [["userGroupId", undefined]],
            says: "userGroupId must name a group of users",
            unknownAt: "userGroupId",
        },
    ],
    [
        "elasticache-disallow-password-in-state",
        {
            good: { authTokenWo: "x", passwordsWo: "x", authenticationMode: { type: "iam" } },
            wrong: [
                ["authToken", "token"],
                ["passwords", ["password"]],
                ["authenticationMode.passwords", ["password"]],
            ],
            says: "must be left out",
            unknownAt: "authToken",
        },
    ],
    [
        "elasticache-user-disallow-full-access",
        {
            good: { accessString: "on ~* &* -@all +@read +@write -@admin -@dangerous +cluster +info" },
            fine: [
                ["accessString", "off ~* +@all"],
                ["accessString", "on ~* +@all -@dangerous"],
            ],
            wrong: [
                ["accessString", "on ~* +@all"],
                ["accessString", "ON ~* ALLCOMMANDS"],
                ["accessString", "on ~app:* -@all +@admin"],
                ["accessString", "on ~* -@dangerous +@all"],
                ["accessString", undefined],
                ["accessString", 7],
            ],
            says: 'accessString must not allow "+@all"',
            unknownAt: "accessString",
        },
    ],
    [
        "elasticache-user-require-default-off",
        {
            good: { userName: "default", accessString: "off -@all" },
            fine: [
                ["userName", "oms"],
                ["accessString", "on off -@all"],
            ],
            wrong: [
                ["accessString", "on ~* +@all"],
                ["accessString", "off ~* on"],
                ["accessString", undefined],
            ],
            says: 'accessString of the user "default" must begin with "off"',
            unknownAt: "accessString",
        },
    ],
    [
        "elasticache-user-require-authentication",
        {
            good: { accessString: "on ~* +@read", authenticationMode: { type: "iam" } },
            fine: [["authenticationMode", { type: "password" }]],
            wrong: [
                ["authenticationMode.type", "no-password-required"],
                ["authenticationMode", undefined],
                ["noPasswordRequired", true],
            ],
            says: "authenticationMode.type must be",
            unknownAt: "authenticationMode.type",
        },
    ],
    [
        "elasticache-user-group-disallow-built-in-default",
        {
            good: { userIds: ["aipx-default", "oms"] },
            fine: [["userIds", undefined]],
            wrong: [["userIds.0", "default"]],
            says: 'userIds must not hold "default"',
            unknownAt: "userIds.0",
            reportedAt: "userIds[0]",
        },
    ],
    [
        "elasticache-replication-group-require-multi-az",
        {
            good: { automaticFailoverEnabled: true, multiAzEnabled: true },
            wrong: [
                ["automaticFailoverEnabled", false],
                ["multiAzEnabled", undefined],
            ],
            says: "must be true",
            unknownAt: "multiAzEnabled",
        },
    ],
    [
        "elasticache-require-snapshots",
        {
            good: { engine: "valkey", snapshotRetentionLimit: 7 },
            fine: [["engine", "memcached"]],
            wrong: [
                ["snapshotRetentionLimit", 6],
                ["snapshotRetentionLimit", undefined],
            ],
            says: "snapshotRetentionLimit must be 7 or more",
            unknownAt: "snapshotRetentionLimit",
        },
    ],
    [
        "elasticache-require-minor-upgrades",
        {
            good: { autoMinorVersionUpgrade: true },
            fine: [["autoMinorVersionUpgrade", undefined]],
            wrong: [
                ["autoMinorVersionUpgrade", false],
                ["autoMinorVersionUpgrade", "false"],
            ],
            says: "autoMinorVersionUpgrade must be true",
            unknownAt: "autoMinorVersionUpgrade",
        },
    ],
    [
        "elasticache-require-subnet-group",
        {
            good: { subnetGroupName: "aipx" },
            wrong: [
                ["subnetGroupName", undefined],
                ["subnetGroupName", "default"],
            ],
            says: "subnetGroupName must be a group of your own",
            unknownAt: "subnetGroupName",
        },
    ],
    [
        "elasticache-require-subnet-group",
        {
            types: ["aws:elasticache/replicationGroup:ReplicationGroup"],
            good: { replicationGroupId: "aipx", subnetGroupName: "aipx" },
            wrong: [["subnetGroupName", undefined]],
            says: "subnetGroupName must be a group of your own",
            unknownAt: "subnetGroupName",
        },
    ],
    [
        "elasticache-require-subnet-group",
        {
            types: ["aws:elasticache/cluster:Cluster"],
            good: { subnetGroupName: "aipx" },
            fine: [["replicationGroupId", "aipx"]],
            wrong: [["subnetGroupName", undefined]],
            says: "subnetGroupName must be a group of your own",
            unknownAt: "subnetGroupName",
        },
    ],
    [
        "elasticache-serverless-cache-require-subnets",
        {
            good: { subnetIds: ["subnet-1"] },
            wrong: [["subnetIds", undefined]],
            says: "subnetIds must name private subnets",
            unknownAt: "subnetIds",
        },
    ],
    [
        "elasticache-replication-group-require-logs",
        {
            good: { logDeliveryConfigurations: logs },
            wrong: [
                ["logDeliveryConfigurations", undefined],
                ["logDeliveryConfigurations", logs.slice(1)],
                ["logDeliveryConfigurations.0.destination", undefined],
                ["logDeliveryConfigurations", "engine-log"],
            ],
            says: 'must have "engine-log" and "slow-log"',
            unknownAt: "logDeliveryConfigurations.0.logType",
            reportedAt: "logDeliveryConfigurations[0].logType",
        },
    ],
];

describe("Rules of ElastiCache", () => {
    for (const [name, mutations] of rows) {
        describeMutations(ruleOf(elasticacheRules, name), mutations);
    }

    describe("with ports forbidden", () => {
        describeMutations(withParameters(ruleOf(elasticacheRules, "elasticache-disallow-ports"), { ports: [6379] }), {
            good: { port: 7000 },
            wrong: [
                ["port", 6379],
                ["port", undefined],
            ],
            says: "port must not be one of 6379",
            unknownAt: "port",
        });

        const group = "aws:elasticache/replicationGroup:ReplicationGroup";
        describeMutations(withParameters(ruleOf(elasticacheRules, "elasticache-disallow-ports"), { ports: [6379] }), {
            types: [group],
            good: { replicationGroupId: "aipx", port: 7000 },
            wrong: [["port", 6379]],
            says: "port must not be one of 6379",
            unknownAt: "port",
        });
    });
});
