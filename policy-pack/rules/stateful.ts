import { type Resource, type Stack } from "../core/resource";
import { type Check, isOrAbsent, type Rule } from "../core/rule";

/** Resources that hold data which nothing else holds, or without which it can't be read, and what must not be true of them. */
const stateful: Record<string, string[]> = {
    "aws:dynamodb/table:Table": [],
    "aws:efs/fileSystem:FileSystem": [],
    "aws:elasticache/replicationGroup:ReplicationGroup": [],
    "aws:elasticache/serverlessCache:ServerlessCache": [],
    "aws:kms/externalKey:ExternalKey": [],
    "aws:kms/key:Key": [],
    "aws:msk/cluster:Cluster": [],
    "aws:msk/serverlessCluster:ServerlessCluster": [],
    "aws:msk/topic:Topic": [],
    "aws:rds/cluster:Cluster": ["skipFinalSnapshot"],
    "aws:rds/globalCluster:GlobalCluster": ["forceDestroy"],
    "aws:rds/instance:Instance": ["skipFinalSnapshot"],
    "aws:s3/bucket:Bucket": ["forceDestroy"],
    "aws:s3/bucketV2:BucketV2": ["forceDestroy"],
    "aws:s3/directoryBucket:DirectoryBucket": ["forceDestroy"],
    "aws:secretsmanager/secret:Secret": [],
};

/** Properties that say who gets in, what is encrypted and what is kept: drift of these must show, and be put right. */
const securityProperties = [
    "accessString",
    "assumeRolePolicy",
    "atRestEncryptionEnabled",
    "authenticationMode",
    "authorizationType",
    "backupRetentionPeriod",
    "blockPublicAcls",
    "blockPublicPolicy",
    "brokerNodeGroupInfo.connectivityInfo",
    "brokerNodeGroupInfo.securityGroups",
    "certificateArn",
    "cidrBlocks",
    "cidrIpv4",
    "cidrIpv6",
    "clientAuthentication",
    "configurationInfo",
    "containerDefinitions",
    "deletionProtection",
    "deletionProtectionEnabled",
    "egress",
    "enableKeyRotation",
    "enabledCloudwatchLogsExports",
    "encryptionConfiguration",
    "encryptionConfigurations",
    "encryptionInfo",
    "executionRoleArn",
    "iamDatabaseAuthenticationEnabled",
    "ignorePublicAcls",
    "imageTagMutability",
    "ingress",
    "inlinePolicies",
    "ipv6CidrBlocks",
    "kmsKeyArn",
    "kmsKeyId",
    "kmsKeyIdentifier",
    "kmsMasterKeyId",
    "logDeliveryConfigurations",
    "loggingConfig",
    "loggingInfo",
    "managedPolicyArns",
    "networkConfiguration",
    "parameters",
    "permissionsBoundary",
    "policy",
    "policyArn",
    "principal",
    "publiclyAccessible",
    "restrictPublicBuckets",
    "retentionInDays",
    "role",
    "rule",
    "rules",
    "securityGroupIds",
    "securityGroups",
    "serverProperties",
    "serverSideEncryptionConfiguration",
    "snapshotRetentionLimit",
    "sourceArn",
    "sslPolicy",
    "storageEncrypted",
    "taskRoleArn",
    "transitEncryptionEnabled",
    "transitEncryptionMode",
    "userGroupIds",
    "versioningConfiguration",
    "vpcConfig",
    "vpcSecurityGroupIds",
];

/** Whether ignoring one path ignores the other, or a part of it. */
function overlaps(ignored: string, property: string): boolean {
    const [left, right] = [ignored, property].map((path) => path.split(/[.[\]"']+/).filter((key) => key !== ""));
    return left!.slice(0, right!.length).every((key, index) => key === "*" || key === right![index]);
}

export const statefulRules: readonly Rule[] = [
    {
        kind: "resource",
        name: "stateful-resource-require-protection",
        description:
            "What holds data, and its keys, must be protected from a destroy, and must not be deleted with its data.",
        severity: "high",
        category: "resilience",
        controls: ["KMS-161"],
        remediation:
            "Give the resource the option protect (or retainOnDelete), and set forceDestroy and skipFinalSnapshot to false.",
        parameters: {
            required: {
                description: "Whether data must be protected; false for stacks that may be destroyed with their data",
                type: "boolean",
                default: true,
            },
        },
        types: Object.keys(stateful),
        check(resource: Resource, check: Check): void {
            if (!check.parameter<boolean>("required")) {
                return;
            }
            const { options, props, type } = resource;
            if (options.protect !== true && options.retainOnDelete !== true) {
                check.fail(resource, "protect", "The resource must have the option protect or retainOnDelete.");
            }
            for (const property of stateful[type] ?? []) {
                check.must(resource, props.at(property), isOrAbsent(false), `${property} must be false.`);
            }
        },
    },
    {
        kind: "stack",
        name: "resource-options-disallow-ignoring-security",
        description: "Changes of what keeps a resource safe must not be ignored: drift would stay, unseen.",
        severity: "high",
        category: "least-privilege",
        controls: [],
        remediation: "Take the property out of ignoreChanges, or name only the part of it that AWS changes by itself.",
        parameters: {
            properties: {
                description: "Properties whose changes must not be ignored",
                type: "array",
                items: { type: "string" },
                default: securityProperties,
            },
        },
        check(stack: Stack, check: Check): void {
            const properties = check.parameter<string[]>("properties");
            for (const resource of stack.resources) {
                for (const ignored of resource.options.ignoreChanges ?? []) {
                    const property = properties.find((candidate) => overlaps(ignored, candidate));
                    if (property !== undefined) {
                        check.fail(resource, ignored, `ignoreChanges must not hide ${property}.`);
                    }
                }
            }
        },
    },
];
