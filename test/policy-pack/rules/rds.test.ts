import assert from "node:assert/strict";
import { rdsRules } from "../../../policy-pack/rules/rds";
import { describeMutations, type Mutations, ruleOf, withParameters } from "../support/mutations";
import { analyze, describeRule, type Subject, unknown } from "../support/pack";

const key = "arn:aws:kms:ap-northeast-2:123456789012:key/8b633f9f-e42e-bd1e-4959-a9d53da0b63e";
const instance = "aws:rds/instance:Instance";
const cluster = "aws:rds/cluster:Cluster";
const clusterInstance = "aws:rds/clusterInstance:ClusterInstance";
const parameterGroup = "aws:rds/parameterGroup:ParameterGroup";
const clusterParameterGroup = "aws:rds/clusterParameterGroup:ClusterParameterGroup";

const bool = (property: string, says = `${property} must be true`): Mutations => ({
    good: { [property]: true },
    wrong: [
        [property, false],
        [property, undefined],
        [property, "perhaps"],
    ],
    says,
    unknownAt: property,
});
const customerKey = (property: string, when: Subject["props"] = {}): Mutations => ({
    good: { ...when, [property]: key },
    wrong: [
        [property, undefined],
        [property, "arn:aws:kms:ap-northeast-2:123456789012:alias/aws/rds"],
        [property, 7],
    ],
    says: `${property} must be a customer-managed key`,
    unknownAt: property,
});

const rows: [rule: string, mutations: Mutations][] = [
    [
        "rds-require-storage-encryption",
        {
            ...bool("storageEncrypted"),
            fine: [["replicateSourceDb", "source"]],
        },
    ],
    ["rds-require-customer-managed-key", { ...customerKey("kmsKeyId"), fine: [["replicateSourceDb", "source"]] }],
    ["rds-require-customer-managed-key", customerKey("kmsKeyId", { replicateSourceDb: "arn:aws:rds:::db:source" })],
    [
        "rds-instance-disallow-public-access",
        {
            good: { publiclyAccessible: false },
            fine: [["publiclyAccessible", undefined]],
            wrong: [["publiclyAccessible", true]],
            says: "publiclyAccessible must be false",
            unknownAt: "publiclyAccessible",
        },
    ],
    [
        "rds-require-subnet-group",
        {
            good: { dbSubnetGroupName: "aipx" },
            wrong: [
                ["dbSubnetGroupName", undefined],
                ["dbSubnetGroupName", "default"],
            ],
            says: "dbSubnetGroupName must be a group of your own",
            unknownAt: "dbSubnetGroupName",
        },
    ],
    [
        "rds-instance-require-enhanced-monitoring",
        {
            good: { monitoringInterval: 60, monitoringRoleArn: unknown },
            wrong: [
                ["monitoringInterval", 0],
                ["monitoringInterval", undefined],
                ["monitoringRoleArn", undefined],
            ],
            says: "must be",
            unknownAt: "monitoringInterval",
        },
    ],
    [
        "rds-require-log-exports",
        {
            good: { engine: "postgres", enabledCloudwatchLogsExports: ["postgresql", "upgrade"] },
            fine: [["engine", "some-new-engine"]],
            wrong: [
                ["enabledCloudwatchLogsExports", ["postgresql"]],
                ["enabledCloudwatchLogsExports", undefined],
                ["engine", "oracle-ee"],
                ["engine", "aurora-mysql"],
            ],
            says: "enabledCloudwatchLogsExports must have",
            unknownAt: "enabledCloudwatchLogsExports.0",
            reportedAt: "enabledCloudwatchLogsExports[0]",
        },
    ],
    [
        "rds-require-sign-in-logs",
        {
            good: {
                engine: "postgres",
                iamDatabaseAuthenticationEnabled: true,
                enabledCloudwatchLogsExports: ["iam-db-auth-error"],
            },
            fine: [["iamDatabaseAuthenticationEnabled", false]],
            wrong: [["enabledCloudwatchLogsExports", ["postgresql"]]],
            says: 'must have "iam-db-auth-error"',
            unknownAt: "enabledCloudwatchLogsExports",
        },
    ],
    [
        "rds-require-backups",
        {
            good: { backupRetentionPeriod: 7 },
            fine: [["replicateSourceDb", "source"]],
            wrong: [
                ["backupRetentionPeriod", 6],
                ["backupRetentionPeriod", undefined],
            ],
            says: "backupRetentionPeriod must be 7 or more",
            unknownAt: "backupRetentionPeriod",
        },
    ],
    ["rds-require-deletion-protection", bool("deletionProtection")],
    ["rds-instance-require-multi-az", bool("multiAz")],
    [
        "rds-cluster-require-multi-az",
        {
            good: { availabilityZones: ["ap-northeast-2a", "ap-northeast-2c"] },
            fine: [["availabilityZones", undefined]],
            wrong: [["availabilityZones", ["ap-northeast-2a"]]],
            says: "availabilityZones must name two zones",
            unknownAt: "availabilityZones",
        },
    ],
    [
        "rds-require-iam-authentication",
        {
            ...bool("iamDatabaseAuthenticationEnabled"),
            good: { engine: "postgres", iamDatabaseAuthenticationEnabled: true },
            fine: [["engine", "oracle-ee"]],
        },
    ],
    [
        "rds-require-minor-upgrades",
        {
            good: { autoMinorVersionUpgrade: true },
            fine: [["autoMinorVersionUpgrade", undefined]],
            wrong: [["autoMinorVersionUpgrade", false]],
            says: "autoMinorVersionUpgrade must be true",
            unknownAt: "autoMinorVersionUpgrade",
        },
    ],
    [
        "rds-require-modern-certificate-authority",
        {
            types: [instance, clusterInstance],
            good: { caCertIdentifier: "rds-ca-ecc384-g1" },
            fine: [["caCertIdentifier", undefined]],
            wrong: [
                ["caCertIdentifier", "rds-ca-2019"],
                ["caCertIdentifier", {}],
            ],
            says: 'caCertIdentifier must be "rds-ca-rsa2048-g1"',
            unknownAt: "caCertIdentifier",
        },
    ],
    [
        "rds-require-modern-certificate-authority",
        {
            types: [cluster],
            good: { caCertificateIdentifier: "rds-ca-rsa4096-g1" },
            wrong: [["caCertificateIdentifier", "rds-ca-2019"]],
            says: "caCertificateIdentifier must be",
            unknownAt: "caCertificateIdentifier",
        },
    ],
    ["rds-require-performance-insights", bool("performanceInsightsEnabled")],
    [
        "rds-performance-insights-require-customer-managed-key",
        customerKey("performanceInsightsKmsKeyId", { performanceInsightsEnabled: true }),
    ],
    ["rds-require-tags-on-snapshots", bool("copyTagsToSnapshot")],
    [
        "rds-parameter-group-require-tls",
        {
            good: { family: "postgres14", parameters: [{ name: "rds.force_ssl", value: "1" }] },
            wrong: [
                ["parameters", undefined],
                ["parameters", []],
                ["parameters", "rds.force_ssl"],
                ["parameters.0.value", "0"],
                ["parameters.0.name", "rds.force"],
                ["family", "mysql8.0"],
            ],
            fine: [["family", "oracle-ee-19"]],
            says: "parameters must have",
            unknownAt: "parameters.0.value",
            reportedAt: "parameters[0].value",
        },
    ],
    [
        "rds-parameter-group-require-tls",
        {
            types: [clusterParameterGroup],
            good: { family: "aurora-mysql8.0", parameters: [{ name: "require_secure_transport", value: "ON" }] },
            wrong: [["parameters", undefined]],
            says: "parameters must have require_secure_transport = 1",
            unknownAt: "parameters.0.name",
            reportedAt: "parameters[0].name",
        },
    ],
    [
        "rds-parameter-group-require-tls",
        {
            types: [parameterGroup],
            // PostgreSQL 15 forces TLS by itself, and Aurora's instances leave it to the cluster.
            good: { family: "postgres17", parameters: [] },
            fine: [["family", "aurora-postgresql16"]],
            wrong: [
                ["parameters", [{ name: "rds.force_ssl", value: 0 }]],
                ["family", "postgres13"],
            ],
            says: "parameters must have rds.force_ssl = 1",
            unknownAt: "family",
        },
    ],
    [
        "rds-instance-require-parameter-group",
        {
            good: { parameterGroupName: "aipx" },
            wrong: [
                ["parameterGroupName", undefined],
                ["parameterGroupName", "default.postgres17"],
            ],
            says: "parameterGroupName must be",
            unknownAt: "parameterGroupName",
        },
    ],
    [
        "rds-cluster-require-parameter-group",
        {
            good: { dbClusterParameterGroupName: "aipx" },
            wrong: [
                ["dbClusterParameterGroupName", undefined],
                ["dbClusterParameterGroupName", "default.aurora-postgresql16"],
            ],
            says: "dbClusterParameterGroupName must be",
            unknownAt: "dbClusterParameterGroupName",
        },
    ],
    [
        "rds-parameter-group-require-statement-logs",
        {
            good: {
                family: "postgres17",
                parameters: [
                    { name: "log_statement", value: "ddl" },
                    { name: "log_min_duration_statement", value: "500" },
                ],
            },
            fine: [["family", "mysql8.0"]],
            wrong: [
                ["parameters.0.value", "none"],
                ["parameters.1.value", "-1"],
                ["parameters.1.name", "log"],
            ],
            says: "parameters must have log_",
            unknownAt: "parameters.1.value",
            reportedAt: "parameters[1].value",
        },
    ],
    ["rds-proxy-require-tls", bool("requireTls")],
    [
        "rds-disallow-usual-user-name",
        {
            types: [instance],
            good: { username: "aipx_admin" },
            fine: [["username", undefined]],
            wrong: [
                ["username", "postgres"],
                ["username", "Admin"],
            ],
            says: "username must not be one of",
            unknownAt: "username",
        },
    ],
    [
        "rds-disallow-usual-user-name",
        {
            types: [cluster],
            good: { masterUsername: "aipx_admin" },
            wrong: [["masterUsername", "root"]],
            says: "masterUsername must not be one of",
            unknownAt: "masterUsername",
        },
    ],
    [
        "rds-disallow-vulnerable-version",
        {
            good: { engine: "postgres", engineVersion: "17.6" },
            fine: [
                ["engineVersion", undefined],
                ["engineVersion", "13"],
                ["engineVersion", "13.3"],
                ["engine", "mysql"],
            ],
            wrong: [
                ["engineVersion", "13.2"],
                ["engineVersion", "9.6.21"],
            ],
            says: "engineVersion must be",
            unknownAt: "engineVersion",
        },
    ],
    [
        "rds-disallow-vulnerable-version",
        {
            types: [cluster],
            good: { engine: "aurora-postgresql", engineVersion: "16.4" },
            wrong: [
                ["engineVersion", "11.8"],
                ["engineVersion", "10.11"],
            ],
            says: "engineVersion must be",
            unknownAt: "engineVersion",
        },
    ],
    [
        "rds-event-subscription-require-critical-events",
        {
            good: { sourceType: "db-cluster", eventCategories: ["maintenance", "failure"] },
            fine: [
                ["eventCategories", undefined],
                ["sourceType", undefined],
                ["sourceType", "toString"],
            ],
            wrong: [
                ["eventCategories", ["failure"]],
                ["sourceType", "db-instance"],
                ["enabled", false],
            ],
            says: "must",
            unknownAt: "eventCategories.0",
            reportedAt: "eventCategories[0]",
        },
    ],
    [
        "rds-snapshot-disallow-public",
        {
            good: { sharedAccounts: ["123456789012"] },
            fine: [["sharedAccounts", undefined]],
            wrong: [["sharedAccounts.0", "all"]],
            says: 'sharedAccounts must not hold "all"',
            unknownAt: "sharedAccounts.0",
            reportedAt: "sharedAccounts[0]",
        },
    ],
    ["rds-backup-require-customer-managed-key", customerKey("kmsKeyId")],
    [
        "rds-cluster-require-backtrack",
        {
            good: { engine: "aurora-mysql", backtrackWindow: 86400 },
            fine: [["engine", "aurora-postgresql"]],
            wrong: [["backtrackWindow", undefined]],
            says: "backtrackWindow must be more than 0",
            unknownAt: "backtrackWindow",
        },
    ],
    ["rds-activity-stream-require-customer-managed-key", customerKey("kmsKeyId")],
    [
        "rds-disallow-password-in-state",
        {
            good: { manageMasterUserPassword: true },
            wrong: [["manageMasterUserPassword", false]],
            fine: [["snapshotIdentifier", "last"]],
            says: "manageMasterUserPassword must be true",
            unknownAt: "manageMasterUserPassword",
        },
    ],
    [
        "rds-disallow-password-in-state",
        {
            types: [instance],
            good: { passwordWo: "x" },
            wrong: [["password", "x"]],
            says: "password must be left out",
            unknownAt: "password",
        },
    ],
    [
        "rds-disallow-password-in-state",
        {
            types: [cluster],
            good: { masterPasswordWo: "x" },
            wrong: [["masterPassword", "x"]],
            says: "masterPassword must be left out",
            unknownAt: "masterPassword",
        },
    ],
    [
        "rds-master-secret-require-customer-managed-key",
        customerKey("masterUserSecretKmsKeyId", { manageMasterUserPassword: true }),
    ],
];

describe("Rules of RDS", () => {
    for (const [name, mutations] of rows) {
        describeMutations(ruleOf(rdsRules, name), mutations);
    }

    describe("with ports forbidden", () => {
        describeMutations(withParameters(ruleOf(rdsRules, "rds-disallow-ports"), { ports: [5432] }), {
            good: { port: 6432 },
            fine: [["replicateSourceDb", "source"]],
            wrong: [
                ["port", 5432],
                ["port", undefined],
            ],
            says: "port must be set, and not to one of 5432",
            unknownAt: "port",
        });
    });

    const database: Subject = {
        type: instance,
        name: "database",
        props: { vpcSecurityGroupIds: [unknown] },
        refersTo: { vpcSecurityGroupIds: "group" },
    };
    const group = (ingress?: unknown): Subject => ({
        type: "aws:ec2/securityGroup:SecurityGroup",
        name: "group",
        props: ingress === undefined ? {} : { ingress },
    });
    const rule = (type: string, props: Subject["props"]): Subject => ({
        type,
        props: { securityGroupId: unknown, ...props },
        refersTo: { securityGroupId: "group" },
    });
    const inline = (props: Subject["props"]): Subject => group([{ fromPort: 5432, toPort: 5432, ...props }]);
    describeRule(ruleOf(rdsRules, "rds-security-group-disallow-world"), [
        { title: "passes a group that lets in groups", subjects: [database, inline({ securityGroups: ["sg-1"] })] },
        { title: "passes a group that no database has", subjects: inline({ cidrBlocks: ["0.0.0.0/0"] }) },
        {
            title: "passes egress to the world",
            subjects: [
                database,
                group(),
                rule("aws:ec2/securityGroupRule:SecurityGroupRule", { type: "egress", cidrBlocks: ["0.0.0.0/0"] }),
            ],
        },
        {
            title: "refuses the world inline",
            subjects: [database, inline({ cidrBlocks: ["10.0.0.0/8", "0.0.0.0/0"] })],
            fails: ["must not let in 0.0.0.0/0"],
        },
        {
            title: "refuses the world of IPv6 inline",
            subjects: [database, inline({ ipv6CidrBlocks: ["::/0"] })],
            fails: ["must not let in 0.0.0.0/0"],
        },
        {
            title: "refuses the world in a rule of EC2",
            subjects: [
                database,
                group(),
                rule("aws:ec2/securityGroupRule:SecurityGroupRule", { type: "ingress", cidrBlocks: ["0.0.0.0/0"] }),
            ],
            fails: ["must not let in 0.0.0.0/0"],
        },
        {
            title: "refuses the world in a rule of its own",
            subjects: [
                database,
                group(),
                rule("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", { cidrIpv6: "::/0" }),
            ],
            fails: ["must not let in 0.0.0.0/0"],
        },
        {
            title: "waits for an address in a list",
            subjects: [database, inline({ cidrBlocks: ["10.0.0.0/8", unknown] })],
            undetermined: "ingress[0].cidrBlocks[1]",
        },
        {
            title: "waits for addresses",
            subjects: [
                database,
                group(),
                rule("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", { cidrIpv4: unknown }),
            ],
            undetermined: "cidrIpv4",
        },
    ]);
});

describe("rds-require-performance-insights", () => {
    const messages = async (props: Record<string, unknown>): Promise<string[]> => {
        const rule = ruleOf(rdsRules, "rds-require-performance-insights");
        return (await analyze(rule, { type: instance, props }, true)).map(({ message }) => message.split("\n").pop()!);
    };
    for (const [mode, props] of [
        ["standard", { databaseInsightsMode: "standard" }],
        ["advanced", { databaseInsightsMode: "advanced" }],
        ["left out", {}],
        ["unknown", { databaseInsightsMode: unknown }],
    ] as const) {
        it(`sees that Database Insights records no queries by itself: mode ${mode}`, async () => {
            assert.deepEqual(await messages(props), [
                "performanceInsightsEnabled must be true, whatever databaseInsightsMode is. [at performanceInsightsEnabled]",
            ]);
            assert.deepEqual(await messages({ ...props, performanceInsightsEnabled: unknown }), [
                "performanceInsightsEnabled is not known yet [undetermined at performanceInsightsEnabled]",
            ]);
            assert.deepEqual(await messages({ ...props, performanceInsightsEnabled: true }), []);
        });
    }
});
