import { customerKey, isOrAbsent, mustSome, textsIn } from "../core/data";
import { every, where } from "../core/answer";
import { type Resource, type Stack } from "../core/resource";
import { atLeast, type Check, is, isSet, type Rule } from "../core/rule";
import { each, propertyRule } from "../core/simple";
import { type Value } from "../core/value";

const instances = ["aws:rds/instance:Instance"];
const clusters = ["aws:rds/cluster:Cluster"];
const clusterInstances = ["aws:rds/clusterInstance:ClusterInstance"];
const globalClusters = ["aws:rds/globalCluster:GlobalCluster"];
const parameterGroups = ["aws:rds/parameterGroup:ParameterGroup"];
const clusterParameterGroups = ["aws:rds/clusterParameterGroup:ClusterParameterGroup"];
const snapshotCopies = ["aws:rds/snapshotCopy:SnapshotCopy", "aws:rds/clusterSnapshotCopy:ClusterSnapshotCopy"];
const snapshots = ["aws:rds/snapshot:Snapshot", "aws:rds/clusterSnapshot:ClusterSnapshot", ...snapshotCopies];

// A replica takes from its source what it does not say itself.
const isSource = where(({ isAbsent }) => isAbsent, "replicateSourceDb");
/** A replica in the same region, named by its identifier and not by its ARN, has the key of its source. */
const hasOwnKey = where(({ isAbsent, text = "" }) => isAbsent || text.startsWith("arn:"), "replicateSourceDb");
const hasEngine = (pattern: RegExp): Condition => where(({ text = "" }) => pattern.test(text), "engine");
type Condition = ReturnType<typeof where>;

/** What each engine must write logs of. */
const logsOf: Record<string, string[]> = {
    postgres: ["postgresql", "upgrade"],
    "aurora-postgresql": ["postgresql"],
    mysql: ["error", "slowquery"],
    mariadb: ["error", "slowquery"],
    "aurora-mysql": ["audit", "error", "slowquery"],
    oracle: ["alert", "audit", "listener", "trace"],
    sqlserver: ["error"],
    db2: ["diag.log"],
};

const own = <T>(table: Record<string, T>, key: string): T | undefined =>
    Object.prototype.hasOwnProperty.call(table, key) ? table[key] : undefined;

/** Logs that an engine must export; the edition (`oracle-ee`) makes no difference. */
const neededLogs = (engine: string): string[] => own(logsOf, engine) ?? own(logsOf, engine.split("-")[0]!) ?? [];

/** What must reach somebody, by kind of source. */
const criticalEvents: Record<string, string[]> = {
    "db-instance": ["maintenance", "configuration change", "failure"],
    "db-cluster": ["maintenance", "failure"],
    "db-parameter-group": ["configuration change"],
    "db-security-group": ["configuration change", "failure"],
};

const usualNames = [
    "admin",
    "administrator",
    "awsuser",
    "master",
    "mysql",
    "postgres",
    "rdsadmin",
    "root",
    "sa",
    "user",
];

/** Versions that let a user of the database read the host's files, by log_fdw (AWS-2022-004). */
function isVulnerable(engine: string | undefined, version: string): boolean {
    const [major = 0, minor = Infinity] = version.split(".").map(Number);
    if (engine === "postgres") {
        const lastBad: Record<number, number> = { 10: 16, 11: 11, 12: 6, 13: 2 };
        return major < 10 ? major > 0 && minor <= 6 : minor <= (lastBad[major] ?? -1);
    }
    return (
        engine === "aurora-postgresql" &&
        ((major === 10 && minor >= 11 && minor <= 13) || (major === 11 && minor >= 6 && minor <= 8))
    );
}

/** Value of a parameter in a parameter group; absent if the group leaves it out. */
function parameterOf(parameters: Value, name: string): Value {
    const found = parameters.items().find((parameter) => parameter.at("name").raw === name);
    return found?.at("value") ?? parameters.at(name);
}

/** A parameter of a database server that must have some value. */
function parameterMust(
    resource: Resource,
    check: Check,
    name: string,
    test: (value: Value) => boolean,
    message: string,
): void {
    const parameters = resource.props.at("parameters");
    const value = parameterOf(parameters, name);
    // While the name of a parameter is unknown, it may be this one.
    const nameless = parameters.items().find((parameter) => parameter.at("name").isUnknown);
    if (value.isAbsent && !test(value) && nameless) {
        check.undetermined(resource, nameless.at("name"));
    } else {
        check.must(resource, value, test, message);
    }
}

/** Parameters by which servers refuse connections without TLS, by family, and what they do when left out. */
const tlsParameters: { family: RegExp; name: string; isOnByDefault: (family: string) => boolean }[] = [
    {
        family: /^(aurora-)?postgres/,
        name: "rds.force_ssl",
        isOnByDefault: (family) => Number(/^postgres(\d+)/.exec(family)?.[1] ?? 0) >= 15,
    },
    { family: /^sqlserver/, name: "rds.force_ssl", isOnByDefault: () => false },
    { family: /^(aurora-)?(mysql|mariadb)/, name: "require_secure_transport", isOnByDefault: () => false },
];

const worlds = ["0.0.0.0/0", "::/0"];
const securityGroups = ["aws:ec2/securityGroup:SecurityGroup", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"];
/** Rules of security groups that stand on their own, with the properties that say from where. */
const ingressRules = {
    "aws:ec2/securityGroupRule:SecurityGroupRule": ["cidrBlocks", "ipv6CidrBlocks"],
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ["cidrIpv4", "cidrIpv6"],
} as const;

/** Values that say from where a security group lets in. */
function sourcesOf(group: Resource, stack: Stack): [resource: Resource, source: Value][] {
    const inline = group.props
        .at("ingress")
        .items()
        .flatMap((rule) => [rule.at("cidrBlocks"), rule.at("ipv6CidrBlocks")])
        .map((source): [Resource, Value] => [group, source]);
    const apart = stack
        .referrers(group, "securityGroupId", Object.keys(ingressRules))
        .filter(({ props }) => props.at("type").raw !== "egress")
        .flatMap((rule) =>
            ingressRules[rule.type as keyof typeof ingressRules].map((property): [Resource, Value] => [
                rule,
                rule.props.at(property),
            ]),
        );
    return [...inline, ...apart];
}

export const rdsRules: readonly Rule[] = [
    propertyRule({
        name: "rds-require-storage-encryption",
        description: "Databases must be encrypted at rest.",
        severity: "high",
        category: "encryption-at-rest",
        controls: ["RDS-075"],
        remediation: "Set storageEncrypted to true. An existing database must be restored from an encrypted snapshot.",
        types: [...instances, ...clusters, ...globalClusters],
        path: ["storageEncrypted"],
        // A serverless cluster is encrypted by default, and a global one has what its source has.
        when: every(
            isSource,
            where(({ isAbsent }) => isAbsent, "sourceDbClusterIdentifier"),
            ({ props }) => !(props.at("engineMode").raw === "serverless" && props.at("storageEncrypted").isAbsent),
        ),
        test: is(true),
        message: "storageEncrypted must be true.",
    }),
    propertyRule({
        name: "rds-require-customer-managed-key",
        description: "Databases must be encrypted with a customer-managed key.",
        severity: "medium",
        category: "encryption-at-rest",
        controls: ["RDS-076"],
        remediation: "Set kmsKeyId to the ARN of a KMS key of your own. AWS replaces the database.",
        types: [...instances, ...clusters],
        path: ["kmsKeyId"],
        when: hasOwnKey,
        ...customerKey,
        message: "kmsKeyId must be a customer-managed key.",
    }),
    propertyRule({
        name: "rds-instance-disallow-public-access",
        description: "Databases must not have a public address.",
        severity: "critical",
        category: "network",
        controls: ["RDS-077"],
        remediation: "Set publiclyAccessible to false, or leave it out.",
        types: [...instances, ...clusterInstances],
        path: ["publiclyAccessible"],
        test: isOrAbsent(false),
        message: "publiclyAccessible must be false.",
    }),
    propertyRule({
        name: "rds-require-subnet-group",
        description: "Databases must be in subnets that were chosen for them, not in the default VPC's.",
        severity: "high",
        category: "network",
        controls: ["RDS-078"],
        remediation: "Set dbSubnetGroupName to an aws.rds.SubnetGroup of private subnets.",
        types: [...instances, ...clusters],
        path: ["dbSubnetGroupName"],
        when: isSource,
        test: (value) => isSet(value) && value.raw !== "default",
        message: 'dbSubnetGroupName must be a group of your own, not "default".',
    }),
    {
        kind: "resource",
        name: "rds-instance-require-enhanced-monitoring",
        description: "Databases must give metrics of their operating system.",
        severity: "low",
        category: "logging",
        controls: ["RDS-079"],
        remediation:
            "Set monitoringInterval to 60 or less, and monitoringRoleArn to a role for monitoring.rds.amazonaws.com.",
        types: [...instances, ...clusterInstances],
        check(resource: Resource, check: Check): void {
            const { props } = resource;
            check.must(resource, props.at("monitoringInterval"), atLeast(1), "monitoringInterval must be 1 to 60.");
            // A role that is not known yet is set all the same.
            if (!isSet(props.at("monitoringRoleArn"))) {
                check.fail(resource, "monitoringRoleArn", "monitoringRoleArn must be set.");
            }
        },
    },
    {
        kind: "resource",
        name: "rds-require-log-exports",
        description: "Databases must write their logs to CloudWatch Logs.",
        severity: "medium",
        category: "logging",
        controls: ["RDS-080"],
        remediation: 'Set enabledCloudwatchLogsExports: ["postgresql", "upgrade"] for PostgreSQL.',
        types: [...instances, ...clusters],
        check(resource: Resource, check: Check): void {
            const { props } = resource;
            const engine = props.at("engine");
            // A replica's engine is its source's, which is not told here.
            if (engine.isAbsent) {
                return;
            }
            const needed = neededLogs(engine.text ?? "");
            if (engine.isUnknown) {
                check.undetermined(resource, engine);
            } else {
                check.must(
                    resource,
                    props.at("enabledCloudwatchLogsExports"),
                    (value) => needed.every((log) => textsIn(value).includes(log)),
                    `enabledCloudwatchLogsExports must have ${needed.join(", ")}.`,
                );
            }
        },
    },
    propertyRule({
        name: "rds-require-sign-in-logs",
        description: "Databases that are signed in to with IAM must log who was refused.",
        severity: "low",
        category: "logging",
        controls: [],
        remediation: 'Add "iam-db-auth-error" to enabledCloudwatchLogsExports.',
        types: [...instances, ...clusters],
        path: ["enabledCloudwatchLogsExports"],
        when: every(hasEngine(/postgres|mysql/), where(is(true), "iamDatabaseAuthenticationEnabled")),
        test: (value) => textsIn(value).includes("iam-db-auth-error"),
        message: 'enabledCloudwatchLogsExports must have "iam-db-auth-error".',
    }),
    propertyRule({
        name: "rds-require-backups",
        description: "Databases must have automatic backups, kept for some days.",
        severity: "medium",
        category: "resilience",
        controls: ["RDS-081"],
        remediation: "Set backupRetentionPeriod to 7 or more.",
        parameters: {
            leastDays: {
                description: "Days that backups must be kept",
                type: "integer",
                minimum: 0,
                maximum: 35,
                default: 7,
            },
        },
        types: [...instances, ...clusters],
        path: ["backupRetentionPeriod"],
        when: isSource,
        test: (value, check) => (value.isAbsent ? 0 : (value.number ?? -1)) >= check.parameter<number>("leastDays"),
        message: (check) => `backupRetentionPeriod must be ${check.parameter<number>("leastDays")} or more.`,
    }),
    propertyRule({
        name: "rds-require-deletion-protection",
        description: "Databases must be protected from deletion.",
        severity: "medium",
        category: "resilience",
        controls: ["RDS-082"],
        remediation: "Set deletionProtection to true.",
        parameters: {
            required: { description: "Whether databases must be protected", type: "boolean", default: true },
        },
        types: [...instances, ...clusters, ...globalClusters],
        path: ["deletionProtection"],
        when: (_resource, check) => check.parameter<boolean>("required"),
        test: is(true),
        message: "deletionProtection must be true.",
    }),
    propertyRule({
        name: "rds-instance-require-multi-az",
        description: "Databases must have a standby in another zone.",
        severity: "medium",
        category: "resilience",
        controls: ["RDS-083"],
        remediation: "Set multiAz to true. Twice the price.",
        parameters: {
            required: { description: "Whether databases must be in several zones", type: "boolean", default: true },
        },
        types: instances,
        path: ["multiAz"],
        when: (resource, check) => check.parameter<boolean>("required") && isSource(resource),
        test: is(true),
        message: "multiAz must be true.",
    }),
    propertyRule({
        name: "rds-cluster-require-multi-az",
        description: "Clusters must be spread over zones.",
        severity: "medium",
        category: "resilience",
        controls: ["RDS-083"],
        remediation: "Leave availabilityZones out, or name two or more.",
        parameters: {
            required: { description: "Whether clusters must be in several zones", type: "boolean", default: true },
        },
        types: clusters,
        path: ["availabilityZones"],
        when: (_resource, check) => check.parameter<boolean>("required"),
        test: (value) => value.isAbsent || value.items().length > 1,
        message: "availabilityZones must name two zones or more.",
    }),
    propertyRule({
        name: "rds-require-iam-authentication",
        description: "Services must sign in to databases with IAM, where the engine can.",
        severity: "medium",
        category: "least-privilege",
        controls: ["RDS-084"],
        remediation: "Set iamDatabaseAuthenticationEnabled to true.",
        types: [...instances, ...clusters],
        path: ["iamDatabaseAuthenticationEnabled"],
        when: hasEngine(/postgres|mysql|mariadb/),
        test: is(true),
        message: "iamDatabaseAuthenticationEnabled must be true.",
    }),
    propertyRule({
        name: "rds-require-minor-upgrades",
        description: "Databases must take minor versions by themselves: these carry the security fixes.",
        severity: "high",
        category: "workload",
        controls: ["RDS-085"],
        remediation: "Set autoMinorVersionUpgrade to true, or leave it out.",
        types: [...instances, ...clusterInstances, ...clusters],
        path: ["autoMinorVersionUpgrade"],
        test: isOrAbsent(true),
        message: "autoMinorVersionUpgrade must be true.",
    }),
    {
        kind: "resource",
        name: "rds-require-modern-certificate-authority",
        description: "Certificates of databases must come from an authority that has not run out.",
        severity: "medium",
        category: "encryption-in-transit",
        controls: ["RDS-086"],
        remediation:
            'Set caCertIdentifier (clusters: caCertificateIdentifier) to "rds-ca-rsa2048-g1", or leave it out.',
        types: [...instances, ...clusterInstances, ...clusters],
        check(resource: Resource, check: Check): void {
            const property = clusters.includes(resource.type) ? "caCertificateIdentifier" : "caCertIdentifier";
            check.must(
                resource,
                resource.props.at(property),
                ({ isAbsent, text = "" }) => isAbsent || /^rds-ca-(rsa2048|rsa4096|ecc384)-g\d+$/.test(text),
                `${property} must be "rds-ca-rsa2048-g1" or one of its successors.`,
            );
        },
    },
    propertyRule({
        name: "rds-require-performance-insights",
        description: "Databases must record what their load comes from.",
        severity: "low",
        category: "logging",
        controls: ["RDS-087"],
        remediation:
            'Set databaseInsightsMode to "standard" or "advanced"; it took the place of Performance Insights in July 2026.',
        parameters: {
            required: { description: "Whether databases must record their load", type: "boolean", default: true },
        },
        types: [...instances, ...clusterInstances],
        path: ["performanceInsightsEnabled"],
        when: ({ props }, check) => check.parameter<boolean>("required") && props.at("databaseInsightsMode").isAbsent,
        test: is(true),
        message: 'performanceInsightsEnabled must be true, or databaseInsightsMode "standard" or "advanced".',
    }),
    propertyRule({
        name: "rds-performance-insights-require-customer-managed-key",
        description:
            "What a database records of its load holds its statements: it must be encrypted with a customer-managed key.",
        severity: "low",
        category: "encryption-at-rest",
        controls: ["RDS-088"],
        remediation: "Set performanceInsightsKmsKeyId to the ARN of a KMS key of your own. It can never be changed.",
        types: [...instances, ...clusterInstances, ...clusters],
        path: ["performanceInsightsKmsKeyId"],
        when: where(is(true), "performanceInsightsEnabled"),
        ...customerKey,
        message: "performanceInsightsKmsKeyId must be a customer-managed key.",
    }),
    propertyRule({
        name: "rds-require-tags-on-snapshots",
        description: "Snapshots must have the tags of their database.",
        severity: "low",
        category: "tagging",
        controls: ["RDS-089"],
        remediation: "Set copyTagsToSnapshot to true.",
        types: [...instances, ...clusters],
        path: ["copyTagsToSnapshot"],
        test: is(true),
        message: "copyTagsToSnapshot must be true.",
    }),
    {
        kind: "resource",
        name: "rds-parameter-group-require-tls",
        description: "Databases must refuse connections without TLS.",
        severity: "medium",
        category: "encryption-in-transit",
        controls: ["RDS-090"],
        remediation:
            'Add the parameter { name: "rds.force_ssl", value: "1" }; for MySQL and MariaDB { name: "require_secure_transport", value: "1" }.',
        types: [...parameterGroups, ...clusterParameterGroups],
        check(resource: Resource, check: Check): void {
            const family = resource.props.at("family");
            if (family.isUnknown) {
                check.undetermined(resource, family);
                return;
            }
            const text = family.text ?? "";
            // In Aurora, TLS is the cluster's matter.
            if (parameterGroups.includes(resource.type) && text.startsWith("aurora-")) {
                return;
            }
            const parameter = tlsParameters.find((candidate) => candidate.family.test(text));
            if (parameter) {
                const { name, isOnByDefault } = parameter;
                parameterMust(
                    resource,
                    check,
                    name,
                    (value) =>
                        value.isAbsent
                            ? isOnByDefault(text)
                            : ["1", "on", "true"].includes(value.written.toLowerCase()),
                    `parameters must have ${name} = 1.`,
                );
            }
        },
    },
    propertyRule({
        name: "rds-instance-require-parameter-group",
        description: "Databases must have a parameter group of their own: AWS's default logs nothing.",
        severity: "low",
        category: "logging",
        controls: ["RDS-090", "RDS-091"],
        remediation: "Set parameterGroupName to an aws.rds.ParameterGroup.",
        types: instances,
        path: ["parameterGroupName"],
        when: isSource,
        test: (value) => isSet(value) && !(value.text ?? "").startsWith("default."),
        message: "parameterGroupName must be a group of your own.",
    }),
    propertyRule({
        name: "rds-cluster-require-parameter-group",
        description: "Clusters must have a parameter group of their own: AWS's default logs nothing.",
        severity: "low",
        category: "logging",
        controls: ["RDS-090", "RDS-091"],
        remediation: "Set dbClusterParameterGroupName to an aws.rds.ClusterParameterGroup.",
        types: clusters,
        path: ["dbClusterParameterGroupName"],
        test: (value) => isSet(value) && !(value.text ?? "").startsWith("default."),
        message: "dbClusterParameterGroupName must be a group of your own.",
    }),
    {
        kind: "resource",
        name: "rds-parameter-group-require-statement-logs",
        description: "PostgreSQL must log changes of its tables, and slow statements.",
        severity: "low",
        category: "logging",
        controls: ["RDS-091"],
        remediation:
            'Add the parameters { name: "log_statement", value: "ddl" } and { name: "log_min_duration_statement", value: "500" }.',
        types: [...parameterGroups, ...clusterParameterGroups],
        check(resource: Resource, check: Check): void {
            const family = resource.props.at("family");
            const text = family.text ?? "";
            if (family.isUnknown) {
                check.undetermined(resource, family);
            } else if (
                clusterParameterGroups.includes(resource.type) ? /postgres/.test(text) : /^postgres/.test(text)
            ) {
                parameterMust(
                    resource,
                    check,
                    "log_statement",
                    is("ddl", "mod", "all"),
                    'parameters must have log_statement = "ddl", "mod" or "all".',
                );
                parameterMust(
                    resource,
                    check,
                    "log_min_duration_statement",
                    atLeast(0),
                    "parameters must have log_min_duration_statement, in milliseconds.",
                );
            }
        },
    },
    propertyRule({
        name: "rds-proxy-require-tls",
        description: "Proxies must refuse connections without TLS.",
        severity: "medium",
        category: "encryption-in-transit",
        controls: ["RDS-092"],
        remediation: "Set requireTls to true.",
        types: ["aws:rds/proxy:Proxy"],
        path: ["requireTls"],
        test: is(true),
        message: "requireTls must be true.",
    }),
    {
        kind: "resource",
        name: "rds-disallow-usual-user-name",
        description: "The master user must not have a name that everybody tries first.",
        severity: "medium",
        category: "least-privilege",
        controls: ["RDS-093"],
        remediation: "Set username (clusters: masterUsername) to a name of your own. AWS replaces the database.",
        types: [...instances, ...clusters],
        check(resource: Resource, check: Check): void {
            const property = clusters.includes(resource.type) ? "masterUsername" : "username";
            check.must(
                resource,
                resource.props.at(property),
                ({ isAbsent, text }) => isAbsent || (text !== undefined && !usualNames.includes(text.toLowerCase())),
                `${property} must not be one of ${usualNames.join(", ")}.`,
            );
        },
    },
    propertyRule({
        name: "rds-disallow-ports",
        description:
            "Databases must not listen on these ports. None by default: who may connect is for security groups to say.",
        severity: "low",
        category: "network",
        controls: ["RDS-094"],
        remediation: "Set port to one that is not in the list.",
        parameters: {
            ports: {
                description: "Ports that are not allowed: [1433, 1521, 3306, 5432] forbids the usual ones",
                type: "array",
                items: { type: "integer" },
                default: [],
            },
        },
        types: [...instances, ...clusters],
        path: ["port"],
        when: (resource, check) => check.parameter<number[]>("ports").length > 0 && isSource(resource),
        // Left out, it is the engine's usual one.
        test: ({ number }, check) => number !== undefined && !check.parameter<number[]>("ports").includes(number),
        message: (check) => `port must be set, and not to one of ${check.parameter<number[]>("ports").join(", ")}.`,
    }),
    {
        kind: "resource",
        name: "rds-disallow-vulnerable-version",
        description: "PostgreSQL must not be of a version whose log_fdw reads the host's files.",
        severity: "high",
        category: "workload",
        controls: ["RDS-095"],
        remediation: "Set engineVersion to a supported version, 14 or newer.",
        types: [...instances, ...clusters],
        check(resource: Resource, check: Check): void {
            const { props } = resource;
            const engine = props.at("engine");
            check.must(
                resource,
                props.at("engineVersion"),
                ({ text = "" }) =>
                    engine.isUnknown
                        ? !isVulnerable("postgres", text) && !isVulnerable("aurora-postgresql", text)
                        : !isVulnerable(engine.text, text),
                "engineVersion must be one without the weakness AWS-2022-004.",
            );
        },
    },
    {
        kind: "resource",
        name: "rds-event-subscription-require-critical-events",
        description: "Subscriptions to events of databases must be on, and take those that need somebody to act.",
        severity: "low",
        category: "logging",
        controls: ["RDS-096"],
        remediation:
            'Leave eventCategories out, or add for db-instance "maintenance", "configuration change", "failure"; for db-cluster "maintenance", "failure"; for db-parameter-group "configuration change"; for db-security-group "configuration change", "failure".',
        types: ["aws:rds/eventSubscription:EventSubscription"],
        check(resource: Resource, check: Check): void {
            const { props } = resource;
            check.must(resource, props.at("enabled"), isOrAbsent(true), "enabled must be true.");
            const source = props.at("sourceType");
            const needed = own(criticalEvents, source.text ?? "") ?? [];
            if (source.isUnknown) {
                check.undetermined(resource, source);
            } else {
                check.must(
                    resource,
                    props.at("eventCategories"),
                    (value) => !isSet(value) || needed.every((event) => textsIn(value).includes(event)),
                    `eventCategories must have ${needed.join(", ")}.`,
                );
            }
        },
    },
    propertyRule({
        name: "rds-snapshot-disallow-public",
        description: "Snapshots must not be shared with everybody.",
        severity: "critical",
        category: "network",
        controls: ["RDS-098"],
        remediation: 'Take "all" out of sharedAccounts; name accounts.',
        types: snapshots,
        path: ["sharedAccounts", each],
        test: ({ text }) => text !== undefined && text !== "all",
        message: 'sharedAccounts must not hold "all".',
    }),
    propertyRule({
        name: "rds-backup-require-customer-managed-key",
        description: "Copies and exports of databases must be encrypted with a customer-managed key.",
        severity: "medium",
        category: "encryption-at-rest",
        controls: ["RDS-098"],
        remediation: "Set kmsKeyId to the ARN of a KMS key of your own, in the region of the copy.",
        types: [
            ...snapshotCopies,
            "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
            "aws:rds/exportTask:ExportTask",
        ],
        path: ["kmsKeyId"],
        ...customerKey,
        message: "kmsKeyId must be a customer-managed key.",
    }),
    {
        kind: "stack",
        name: "rds-security-group-disallow-world",
        description: "Security groups of databases must not let the internet in, on whatever port.",
        severity: "critical",
        category: "network",
        controls: ["RDS-099"],
        remediation:
            "Let in the security groups of services (referencedSecurityGroupId) in place of 0.0.0.0/0 and ::/0.",
        check(stack: Stack, check: Check): void {
            const groups = stack
                .ofType(...instances, ...clusters)
                .flatMap((database) => stack.references(database, "vpcSecurityGroupIds", securityGroups));
            for (const group of new Set(groups)) {
                for (const [resource, source] of sourcesOf(group, stack)) {
                    check.must(
                        resource,
                        source,
                        (value) => !textsIn(value).some((text) => worlds.includes(text)) && !value.hasUnknown,
                        "The security group of a database must not let in 0.0.0.0/0 or ::/0.",
                    );
                }
            }
        },
    },
    propertyRule({
        name: "rds-cluster-require-backtrack",
        description: "Aurora MySQL must be able to go back in time without a restore.",
        severity: "low",
        category: "resilience",
        controls: ["RDS-100"],
        remediation: "Set backtrackWindow to 86400 (a day), in seconds.",
        types: clusters,
        path: ["backtrackWindow"],
        when: every(
            hasEngine(/^aurora(-mysql)?$/),
            where(({ raw }) => raw !== "serverless", "engineMode"),
        ),
        test: atLeast(1),
        message: "backtrackWindow must be more than 0.",
    }),
    propertyRule({
        name: "rds-activity-stream-require-customer-managed-key",
        description: "Activity streams must be encrypted with a customer-managed key.",
        severity: "low",
        category: "encryption-at-rest",
        controls: ["RDS-101"],
        remediation: "Set kmsKeyId to the ARN of a KMS key of your own.",
        types: ["aws:rds/clusterActivityStream:ClusterActivityStream"],
        path: ["kmsKeyId"],
        ...customerKey,
        message: "kmsKeyId must be a customer-managed key.",
    }),
    {
        kind: "resource",
        name: "rds-disallow-password-in-state",
        description: "The master user's password must be made and kept by RDS, or at least not be in Pulumi's state.",
        severity: "high",
        category: "least-privilege",
        controls: [],
        remediation: "Take password (clusters: masterPassword) out, and set manageMasterUserPassword to true.",
        types: [...instances, ...clusters],
        check(resource: Resource, check: Check): void {
            const { props } = resource;
            const property = clusters.includes(resource.type) ? "masterPassword" : "password";
            const password = props.at(property);
            check.must(resource, password, (value) => !isSet(value), `${property} must be left out.`);
            const inherited = [
                "replicateSourceDb",
                "snapshotIdentifier",
                "restoreToPointInTime",
                "replicationSourceIdentifier",
                "globalClusterIdentifier",
            ];
            if (!isSet(password) && !inherited.some((name) => isSet(props.at(name)))) {
                mustSome(
                    check,
                    resource,
                    [
                        [props.at("manageMasterUserPassword"), is(true)],
                        [props.at(`${property}Wo`), isSet],
                    ],
                    `manageMasterUserPassword must be true, or ${property}Wo set.`,
                );
            }
        },
    },
    propertyRule({
        name: "rds-master-secret-require-customer-managed-key",
        description: "The secret that RDS keeps the master user's password in must have a customer-managed key.",
        severity: "medium",
        category: "encryption-at-rest",
        controls: ["Secrets-156"],
        remediation: "Set masterUserSecretKmsKeyId to the ARN of a KMS key of your own.",
        types: [...instances, ...clusters],
        path: ["masterUserSecretKmsKeyId"],
        when: where(is(true), "manageMasterUserPassword"),
        ...customerKey,
        message: "masterUserSecretKmsKeyId must be a customer-managed key.",
    }),
];

/** Controls that no rule can serve, with the reason. */
export const rdsNotApplicable: Record<string, string> = {
    "RDS-097":
        "AWS Backup chooses resources by tag, mostly from a plan of the organization outside any stack; automatic backups with point-in-time recovery are enforced instead (RDS-081).",
};
