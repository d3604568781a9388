import { every, where } from "../core/answer";
import { customerKey } from "../core/customer-key";
import { textsIn } from "../core/value";
import { type Resource } from "../core/resource";
import { atLeast, type Check, is, isOrAbsent, isSet, type Rule } from "../core/rule";
import { ownProperty } from "../core/own-property";
import { propertyRule } from "../core/property-rule";
import { clusters, instances, isSource } from "./rds-types";

const clusterInstances = ["aws:rds/clusterInstance:ClusterInstance"];
const globalClusters = ["aws:rds/globalCluster:GlobalCluster"];

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

/** Logs that an engine must export; the edition (`oracle-ee`) makes no difference. */
const neededLogs = (engine: string): string[] =>
    ownProperty(logsOf, engine) ?? ownProperty(logsOf, engine.split("-")[0]!) ?? [];

/** Rules about what instances and clusters are set to. */
export const databaseRules: readonly Rule[] = [
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
        description:
            "Databases must record what their load comes from. Database Insights shows no queries without Performance Insights, in no mode.",
        severity: "low",
        category: "logging",
        controls: ["RDS-087"],
        remediation:
            "Set performanceInsightsEnabled to true, and performanceInsightsRetentionPeriod to 7, which is free. databaseInsightsMode alone records nothing.",
        parameters: {
            required: { description: "Whether databases must record their load", type: "boolean", default: true },
        },
        types: [...instances, ...clusterInstances],
        path: ["performanceInsightsEnabled"],
        when: (_resource, check) => check.parameter<boolean>("required"),
        test: is(true),
        message: "performanceInsightsEnabled must be true, whatever databaseInsightsMode is.",
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
];

export const backtrackRule: Rule = propertyRule({
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
});
