import { mskRules } from "../../../policy-pack/rules/msk";
import { describeMutations, type Mutations, ruleOf, withParameters } from "../support/mutations";

const key = "arn:aws:kms:ap-northeast-2:123456789012:key/8b633f9f-e42e-bd1e-4959-a9d53da0b63e";
const properties = [
    "# allow.everyone.if.no.acl.found=true",
    "allow.everyone.if.no.acl.found=false",
    " auto.create.topics.enable = false",
    "min.insync.replicas=2",
    "unclean.leader.election.enable: false",
].join("\n");
const logs = { cloudwatchLogs: { enabled: true, logGroup: "/aipx/kafka" } };
const odd = [7, "text", [], {}, [[null]]];

const rows: Record<string, Mutations> = {
    "msk-cluster-require-broker-logs": {
        good: { loggingInfo: { brokerLogs: logs } },
        fine: [["loggingInfo.brokerLogs", { s3: { enabled: true, bucket: "logs" } }]],
        wrong: [
            ["loggingInfo", undefined],
            ["loggingInfo.brokerLogs.cloudwatchLogs.enabled", false],
            ["loggingInfo.brokerLogs.cloudwatchLogs.logGroup", undefined],
            ...odd.map((value) => ["loggingInfo", value] as [string, unknown]),
        ],
        says: "loggingInfo.brokerLogs must have a destination",
        unknownAt: "loggingInfo",
        reportedAt: "loggingInfo.brokerLogs",
    },
    "msk-cluster-require-customer-managed-key": {
        good: { encryptionInfo: { encryptionAtRestKmsKeyArn: key } },
        wrong: [
            ["encryptionInfo", undefined],
            ["encryptionInfo.encryptionAtRestKmsKeyArn", ""],
            ["encryptionInfo.encryptionAtRestKmsKeyArn", "alias/aws/kafka"],
            ["encryptionInfo.encryptionAtRestKmsKeyArn", "arn:aws:kms:us-east-1:123456789012:alias/aws/kafka"],
        ],
        says: "must be a customer-managed key",
        unknownAt: "encryptionInfo.encryptionAtRestKmsKeyArn",
    },
    "msk-cluster-require-client-tls": {
        good: { encryptionInfo: { encryptionInTransit: { clientBroker: "TLS" } } },
        fine: [["encryptionInfo", undefined]],
        wrong: [
            ["encryptionInfo.encryptionInTransit.clientBroker", "TLS_PLAINTEXT"],
            ["encryptionInfo.encryptionInTransit.clientBroker", "PLAINTEXT"],
        ],
        says: 'clientBroker must be "TLS"',
        unknownAt: "encryptionInfo.encryptionInTransit.clientBroker",
    },
    "msk-cluster-require-in-cluster-encryption": {
        good: { encryptionInfo: { encryptionInTransit: { inCluster: true } } },
        fine: [["encryptionInfo", undefined]],
        wrong: [["encryptionInfo.encryptionInTransit.inCluster", false]],
        says: "inCluster must be true",
        unknownAt: "encryptionInfo.encryptionInTransit.inCluster",
    },
    "msk-cluster-disallow-public-access": {
        good: { brokerNodeGroupInfo: { connectivityInfo: { publicAccess: { type: "DISABLED" } } } },
        fine: [["brokerNodeGroupInfo.connectivityInfo", undefined]],
        wrong: [["brokerNodeGroupInfo.connectivityInfo.publicAccess.type", "SERVICE_PROVIDED_EIPS"]],
        says: 'must be "DISABLED"',
        unknownAt: "brokerNodeGroupInfo.connectivityInfo.publicAccess.type",
    },
    "msk-cluster-disallow-unauthenticated-access": {
        good: { clientAuthentication: { sasl: { iam: true }, unauthenticated: false } },
        fine: [
            ["clientAuthentication.unauthenticated", undefined],
            ["clientAuthentication.sasl", { scram: true }],
            ["clientAuthentication", { tls: { certificateAuthorityArns: ["arn:aws:acm-pca:::ca"] } }],
        ],
        wrong: [
            ["clientAuthentication", undefined],
            ["clientAuthentication.unauthenticated", true],
            ["clientAuthentication.sasl", undefined],
            ["clientAuthentication.sasl.iam", false],
        ],
        says: "clientAuthentication.unauthenticated must be false",
        unknownAt: "clientAuthentication.unauthenticated",
    },
    "msk-serverless-cluster-require-iam": {
        good: { clientAuthentication: { sasl: { iam: { enabled: true } } } },
        wrong: [
            ["clientAuthentication.sasl.iam.enabled", false],
            ["clientAuthentication", undefined],
        ],
        says: "clientAuthentication.sasl.iam.enabled must be true",
        unknownAt: "clientAuthentication.sasl.iam.enabled",
    },
    "msk-cluster-require-topic-metrics": {
        good: { enhancedMonitoring: "PER_TOPIC_PER_BROKER" },
        fine: [["enhancedMonitoring", "PER_TOPIC_PER_PARTITION"]],
        wrong: [
            ["enhancedMonitoring", undefined],
            ["enhancedMonitoring", "DEFAULT"],
            ["enhancedMonitoring", "PER_BROKER"],
        ],
        says: 'enhancedMonitoring must be "PER_TOPIC_PER_BROKER"',
        unknownAt: "enhancedMonitoring",
    },
    "msk-cluster-require-configuration": {
        good: { configurationInfo: { arn: "arn:aws:kafka:::configuration/own", revision: 1 } },
        wrong: [["configurationInfo", undefined]],
        says: "configurationInfo.arn must be",
        unknownAt: "configurationInfo.arn",
    },
    "msk-configuration-disallow-access-without-acl": {
        good: { serverProperties: properties },
        wrong: [
            ["serverProperties", properties.replace("found=false", "found=true")],
            ["serverProperties", `${properties}\nallow.everyone.if.no.acl.found=true`],
            ["serverProperties", ""],
            ["serverProperties", 7],
            ["serverProperties", undefined],
        ],
        says: 'the line "allow.everyone.if.no.acl.found=false"',
        unknownAt: "serverProperties",
    },
    "msk-configuration-disallow-topic-creation-by-clients": {
        good: { serverProperties: properties },
        fine: [["serverProperties", "min.insync.replicas=2"]],
        wrong: [["serverProperties", "auto.create.topics.enable true"]],
        says: 'the line "auto.create.topics.enable=false"',
        unknownAt: "serverProperties",
    },
    "msk-configuration-disallow-unclean-leader-election": {
        good: { serverProperties: properties },
        wrong: [["serverProperties", "min.insync.replicas=2"]],
        says: 'the line "unclean.leader.election.enable=false"',
        unknownAt: "serverProperties",
    },
    "msk-configuration-require-in-sync-replicas": {
        good: { serverProperties: properties },
        wrong: [
            ["serverProperties", "min.insync.replicas=1"],
            ["serverProperties", "min.insync.replicas=many"],
            ["serverProperties", ["min.insync.replicas=2"]],
            ["serverProperties", ""],
        ],
        says: "min.insync.replicas=2",
        unknownAt: "serverProperties",
    },
    "msk-topic-require-replication": {
        good: { replicationFactor: 3 },
        wrong: [
            ["replicationFactor", 1],
            ["replicationFactor", undefined],
        ],
        says: "replicationFactor must be 2 or more",
        unknownAt: "replicationFactor",
    },
    "msk-topic-disallow-unsafe-overrides": {
        good: { configs: '{"min.insync.replicas":"2","unclean.leader.election.enable":"false"}' },
        fine: [
            ["configs", undefined],
            ["configs", "[7]"],
        ],
        wrong: [
            ["configs", '{"min.insync.replicas":"1"}'],
            ["configs", '{"unclean.leader.election.enable":"true"}'],
            ["configs", "{not JSON"],
        ],
        says: "must",
        unknownAt: "configs",
        reportedAt: "configs.unclean.leader.election.enable",
    },
    "mskconnect-connector-require-tls": {
        good: { kafkaClusterEncryptionInTransit: { encryptionType: "TLS" } },
        wrong: [
            ["kafkaClusterEncryptionInTransit", undefined],
            ["kafkaClusterEncryptionInTransit.encryptionType", "PLAINTEXT"],
        ],
        says: 'encryptionType must be "TLS"',
        unknownAt: "kafkaClusterEncryptionInTransit.encryptionType",
    },
    "mskconnect-connector-require-iam": {
        good: { kafkaClusterClientAuthentication: { authenticationType: "IAM" } },
        wrong: [
            ["kafkaClusterClientAuthentication", undefined],
            ["kafkaClusterClientAuthentication.authenticationType", "NONE"],
        ],
        says: 'authenticationType must be "IAM"',
        unknownAt: "kafkaClusterClientAuthentication.authenticationType",
    },
    "mskconnect-connector-require-logs": {
        good: { logDelivery: { workerLogDelivery: logs } },
        wrong: [
            ["logDelivery", undefined],
            ["logDelivery.workerLogDelivery.cloudwatchLogs.enabled", false],
        ],
        says: "logDelivery.workerLogDelivery must have a destination",
        unknownAt: "logDelivery.workerLogDelivery",
    },
};

describe("Rules of MSK", () => {
    for (const rule of mskRules) {
        describeMutations(rule, rows[rule.name]!);
    }

    describe("with one in-sync replica allowed", () => {
        describeMutations(
            withParameters(ruleOf(mskRules, "msk-configuration-require-in-sync-replicas"), { least: 1 }),
            {
                good: { serverProperties: "min.insync.replicas=1" },
                wrong: [["serverProperties", "min.insync.replicas=0"]],
                says: "min.insync.replicas=1",
                unknownAt: "serverProperties",
            },
        );
    });
});
