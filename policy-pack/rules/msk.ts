import { customerKey } from "../core/customer-key";
import { type Resource } from "../core/resource";
import { type Check, is, isOrAbsent, isSet, madeOf, type ResourceRule, type Rule } from "../core/rule";
import { propertyRule } from "../core/property-rule";
import { parseJson, type Value } from "../core/value";

const clusters = ["aws:msk/cluster:Cluster"];
const serverlessClusters = ["aws:msk/serverlessCluster:ServerlessCluster"];
const configurations = ["aws:msk/configuration:Configuration"];
const topics = ["aws:msk/topic:Topic"];
const connectors = ["aws:mskconnect/connector:Connector"];

/** Whether logs go to at least one destination that is switched on and named. */
const hasDestination = (destinations: Value): boolean =>
    [
        ["cloudwatchLogs", "logGroup"],
        ["firehose", "deliveryStream"],
        ["s3", "bucket"],
    ].some(([kind, target]) => {
        const destination = destinations.at(kind!);
        return destination.at("enabled").raw === true && isSet(destination.at(target!));
    });

/** Server properties as Kafka reads them: the last line of a name counts. */
function serverProperty(properties: string, name: string): string | undefined {
    let found: string | undefined;
    for (const line of properties.split(/\r?\n/)) {
        const text = line.trim();
        const separator = text.search(/[=:\s]/);
        // A comment begins with # or !, and no name does.
        if (separator > 0 && text.slice(0, separator) === name) {
            found = text.slice(separator).replace(/^[=:\s]+/, "");
        }
    }
    return found;
}

interface ServerPropertyRow {
    rule: string;
    property: string;
    description: string;
    severity: ResourceRule["severity"];
    category: ResourceRule["category"];
    /** What MSK does where the property is left out. */
    otherwise: string;
}

/** A server property that must be off. */
const offRule = ({ rule, property, otherwise, ...info }: ServerPropertyRow): Rule =>
    propertyRule({
        ...info,
        name: rule,
        controls: [],
        remediation: `Add the line "${property}=false" to serverProperties.`,
        types: configurations,
        path: ["serverProperties"],
        test: (value) =>
            value.text !== undefined && (serverProperty(value.text, property) ?? otherwise).toLowerCase() === "false",
        message: `serverProperties must have the line "${property}=false".`,
    });

export const mskRules: readonly Rule[] = [
    propertyRule({
        name: "msk-cluster-require-broker-logs",
        description: "Brokers must deliver their logs to CloudWatch Logs, Firehose or S3.",
        severity: "medium",
        category: "logging",
        controls: ["MSK-057"],
        remediation: "Set loggingInfo.brokerLogs.cloudwatchLogs to { enabled: true, logGroup }.",
        types: clusters,
        path: ["loggingInfo", "brokerLogs"],
        test: hasDestination,
        message: "loggingInfo.brokerLogs must have a destination with enabled true and its target.",
    }),
    propertyRule({
        name: "msk-cluster-require-customer-managed-key",
        description: "Brokers' disks must be encrypted with a customer-managed key.",
        severity: "high",
        category: "encryption-at-rest",
        controls: ["MSK-058"],
        remediation: "Set encryptionInfo.encryptionAtRestKmsKeyArn to the ARN of a KMS key of your own.",
        types: clusters,
        path: ["encryptionInfo", "encryptionAtRestKmsKeyArn"],
        ...customerKey,
        message: "encryptionInfo.encryptionAtRestKmsKeyArn must be a customer-managed key.",
    }),
    propertyRule({
        name: "msk-cluster-require-client-tls",
        description: "Clients and brokers must speak TLS only.",
        severity: "high",
        category: "encryption-in-transit",
        controls: ["MSK-059"],
        remediation: 'Set encryptionInfo.encryptionInTransit.clientBroker to "TLS", or leave it out.',
        types: clusters,
        path: ["encryptionInfo", "encryptionInTransit", "clientBroker"],
        test: isOrAbsent("TLS"),
        message: 'encryptionInfo.encryptionInTransit.clientBroker must be "TLS".',
    }),
    propertyRule({
        name: "msk-cluster-require-in-cluster-encryption",
        description: "Brokers must speak TLS among themselves.",
        severity: "medium",
        category: "encryption-in-transit",
        controls: ["MSK-060"],
        remediation: "Set encryptionInfo.encryptionInTransit.inCluster to true, or leave it out.",
        types: clusters,
        path: ["encryptionInfo", "encryptionInTransit", "inCluster"],
        test: isOrAbsent(true),
        message: "encryptionInfo.encryptionInTransit.inCluster must be true.",
    }),
    propertyRule({
        name: "msk-cluster-disallow-public-access",
        description: "Brokers must not be reachable from the internet.",
        severity: "critical",
        category: "network",
        controls: ["MSK-061"],
        remediation: 'Set brokerNodeGroupInfo.connectivityInfo.publicAccess.type to "DISABLED", or leave it out.',
        types: clusters,
        path: ["brokerNodeGroupInfo", "connectivityInfo", "publicAccess", "type"],
        test: isOrAbsent("DISABLED"),
        message: 'brokerNodeGroupInfo.connectivityInfo.publicAccess.type must be "DISABLED".',
    }),
    propertyRule({
        name: "msk-cluster-disallow-unauthenticated-access",
        description: "Clients must sign in, and nobody may come in without.",
        severity: "high",
        category: "least-privilege",
        controls: ["MSK-062"],
        remediation:
            "Set clientAuthentication.sasl.iam to true (or scram, or tls.certificateAuthorityArns), and unauthenticated to false.",
        types: clusters,
        path: ["clientAuthentication"],
        // A cluster without any way to sign in takes everybody.
        test: (authentication) =>
            isOrAbsent(false)(authentication.at("unauthenticated")) &&
            (authentication.at("sasl", "iam").raw === true ||
                authentication.at("sasl", "scram").raw === true ||
                isSet(authentication.at("tls", "certificateAuthorityArns"))),
        message: "clientAuthentication.unauthenticated must be false, and sasl.iam, sasl.scram or tls set.",
    }),
    propertyRule({
        name: "msk-serverless-cluster-require-iam",
        description: "Clients of serverless clusters must sign in with IAM.",
        severity: "high",
        category: "least-privilege",
        controls: ["MSK-062"],
        remediation: "Set clientAuthentication.sasl.iam.enabled to true.",
        types: serverlessClusters,
        path: ["clientAuthentication", "sasl", "iam", "enabled"],
        test: is(true),
        message: "clientAuthentication.sasl.iam.enabled must be true.",
    }),
    propertyRule({
        name: "msk-cluster-require-topic-metrics",
        description: "Brokers must give all metrics for each topic; without, there are only its bytes in and out.",
        severity: "low",
        category: "logging",
        controls: ["MSK-063"],
        remediation: 'Set enhancedMonitoring to "PER_TOPIC_PER_BROKER" or "PER_TOPIC_PER_PARTITION".',
        types: clusters,
        path: ["enhancedMonitoring"],
        test: is("PER_TOPIC_PER_BROKER", "PER_TOPIC_PER_PARTITION"),
        message: 'enhancedMonitoring must be "PER_TOPIC_PER_BROKER" or finer.',
    }),
    propertyRule({
        name: "msk-cluster-require-configuration",
        description: "Clusters must have a configuration: MSK's own lets everybody in where no ACL says otherwise.",
        severity: "medium",
        category: "least-privilege",
        controls: [],
        remediation: "Set configurationInfo to the ARN and revision of an aws.msk.Configuration.",
        types: clusters,
        path: ["configurationInfo", "arn"],
        test: isSet,
        from: madeOf(configurations),
        message: "configurationInfo.arn must be a configuration of your own.",
    }),
    offRule({
        rule: "msk-configuration-disallow-access-without-acl",
        property: "allow.everyone.if.no.acl.found",
        description: "A resource without an ACL must be open to nobody, not to everybody.",
        severity: "high",
        category: "least-privilege",
        otherwise: "true",
    }),
    offRule({
        rule: "msk-configuration-disallow-topic-creation-by-clients",
        property: "auto.create.topics.enable",
        description: "Topics must be made on purpose, not by the first client that misspells one.",
        severity: "medium",
        category: "least-privilege",
        otherwise: "false",
    }),
    offRule({
        rule: "msk-configuration-disallow-unclean-leader-election",
        property: "unclean.leader.election.enable",
        description: "A replica that lacks records must never become the leader: they would be lost.",
        severity: "medium",
        category: "resilience",
        otherwise: "true",
    }),
    propertyRule({
        name: "msk-configuration-require-in-sync-replicas",
        description: "A record must be on several brokers before its producer hears that it is safe.",
        severity: "medium",
        category: "resilience",
        controls: [],
        remediation:
            'Add the line "min.insync.replicas=2" to serverProperties. Clusters of 2 brokers can do 1 only: set the parameter.',
        parameters: {
            least: {
                description: "The least number of brokers that must have a record",
                type: "integer",
                minimum: 1,
                default: 2,
            },
        },
        types: configurations,
        path: ["serverProperties"],
        test: ({ text = "" }, check) =>
            Number(serverProperty(text, "min.insync.replicas") ?? 1) >= check.parameter<number>("least"),
        message: (check) =>
            `serverProperties must have the line "min.insync.replicas=${check.parameter<number>("least")}" or more.`,
    }),
    propertyRule({
        name: "msk-topic-require-replication",
        description: "Topics must be on several brokers.",
        severity: "medium",
        category: "resilience",
        controls: [],
        remediation: "Set replicationFactor to 2 or more.",
        parameters: {
            least: { description: "The least number of replicas", type: "integer", minimum: 1, default: 2 },
        },
        types: topics,
        path: ["replicationFactor"],
        test: (value, check) => (value.number ?? 1) >= check.parameter<number>("least"),
        message: (check) => `replicationFactor must be ${check.parameter<number>("least")} or more.`,
    }),
    {
        kind: "resource",
        name: "msk-topic-disallow-unsafe-overrides",
        description: "Topics must not undo what the server's properties promise about lost records.",
        severity: "medium",
        category: "resilience",
        controls: [],
        remediation:
            'Take "unclean.leader.election.enable" out of configs, and set "min.insync.replicas" to 2 or more, or leave it out.',
        parameters: {
            leastInSync: {
                description: "The least number of brokers that must have a record",
                type: "integer",
                minimum: 1,
                default: 2,
            },
        },
        types: topics,
        check(resource: Resource, check: Check): void {
            const configs = resource.props.at("configs");
            const parsed = parseJson(configs);
            if (parsed === "malformed") {
                check.fail(resource, configs, "configs must be JSON.");
                return;
            }
            const least = check.parameter<number>("leastInSync");
            check.must(
                resource,
                parsed.at("unclean.leader.election.enable"),
                isOrAbsent(false, "false"),
                '"unclean.leader.election.enable" must not be true.',
            );
            const inSync = parsed.at("min.insync.replicas");
            // Where the whole is unknown, that has been said once.
            if (!parsed.isUnknown) {
                check.must(
                    resource,
                    inSync,
                    (value) => value.isAbsent || (value.number ?? 0) >= least,
                    `"min.insync.replicas" must be ${least} or more.`,
                );
            }
        },
    },
    propertyRule({
        name: "mskconnect-connector-require-tls",
        description: "Connectors must speak TLS with the cluster.",
        severity: "medium",
        category: "encryption-in-transit",
        controls: ["MSK-064"],
        remediation: 'Set kafkaClusterEncryptionInTransit.encryptionType to "TLS".',
        types: connectors,
        path: ["kafkaClusterEncryptionInTransit", "encryptionType"],
        test: is("TLS"),
        message: 'kafkaClusterEncryptionInTransit.encryptionType must be "TLS".',
    }),
    propertyRule({
        name: "mskconnect-connector-require-iam",
        description: "Connectors must sign in to the cluster.",
        severity: "high",
        category: "least-privilege",
        controls: ["MSK-062"],
        remediation: 'Set kafkaClusterClientAuthentication.authenticationType to "IAM".',
        types: connectors,
        path: ["kafkaClusterClientAuthentication", "authenticationType"],
        test: is("IAM"),
        message: 'kafkaClusterClientAuthentication.authenticationType must be "IAM".',
    }),
    propertyRule({
        name: "mskconnect-connector-require-logs",
        description: "Connectors must deliver their logs to CloudWatch Logs, Firehose or S3.",
        severity: "medium",
        category: "logging",
        controls: ["MSK-065"],
        remediation: "Set logDelivery.workerLogDelivery.cloudwatchLogs to { enabled: true, logGroup }.",
        types: connectors,
        path: ["logDelivery", "workerLogDelivery"],
        test: hasDestination,
        message: "logDelivery.workerLogDelivery must have a destination with enabled true and its target.",
    }),
];

/** Controls that no rule can serve, with the reason. */
export const mskNotApplicable: Record<string, string> = {};
