import { type AwsResource } from "../account";
import {
    checkEach,
    needs,
    refusal,
    refusedIf,
    say,
    unique,
    unused,
    valuesAt,
    within,
    type Attempt,
    type Check,
    type Exists,
    type Refusals,
} from "./attempt";
import { aBucket, aDestination, aKey, aLogGroup, anMskCluster, aRole, aSecurityGroup, aSubnet } from "./exists";
import { principalsExist } from "./identity";
import { filledBuckets, snapshots } from "./surroundings";
import {
    cacheFamily,
    cacheParametersInUse,
    databaseFamily,
    databaseParametersInUse,
    databaseUpgrades,
    kafkaBrokersForVersion,
    kafkaUpgrades,
} from "./versions";

const database = "aws:rds/instance:Instance";
const cache = "aws:elasticache/replicationGroup:ReplicationGroup";

const zonesOf = ({ account }: Attempt, subnets: unknown[]): number =>
    new Set(subnets.map((id) => account.get("aws:ec2/subnet:Subnet", String(id))?.inputs.availabilityZone as unknown))
        .size;

const exists =
    (type: string): Exists =>
    (account, name) =>
        account.get(type, name) !== undefined;

/** Snapshots stay: a second final one cannot have the first one's name. */
function finalSnapshot(code: string): Check {
    const there = refusal(
        code,
        "Cannot create the final snapshot because a snapshot with the identifier % already exists.",
    );
    return ({ resource, account }) => {
        const name: unknown = resource.inputs.finalSnapshotIdentifier;
        if (typeof name === "string" && resource.inputs.skipFinalSnapshot !== true) {
            const key = `${resource.type} ${name}`;
            if (snapshots(account).has(key)) {
                say(there, name);
            }
            snapshots(account).add(key);
        }
    };
}

const shrinks = ({ resource, before }: Attempt, path: string): boolean => {
    const [now, then] = [resource, before].map((one) => Number(valuesAt(one?.inputs ?? {}, path)[0]));
    return now! < then!;
};

const clusterVolume = "brokerNodeGroupInfo.storageInfo.ebsStorageInfo.volumeSize";
const replicasOf = ({ inputs }: AwsResource): number => Number(inputs.replicasPerNodeGroup ?? 0);

const regionOf = (arn: unknown): string => String(arn).split(":")[3] ?? "";

const noBucket = refusal("NoSuchBucket", "The specified bucket does not exist: %");
const ofBucket: Check = needs("bucket", aBucket, noBucket);

const noRecoverableKey = refusal("KMSKeyNotAccessibleFault", "The KMS key % does not exist or cannot be used.");

export const data: Record<string, Refusals> = {
    "aws:msk/configuration:Configuration": {
        put: [
            checkEach(
                "serverProperties",
                refusal("BadRequestException", "The server properties are invalid: %"),
                (properties: string) =>
                    properties
                        .trim()
                        .split("\n")
                        .every((line) => /^\s*([\w.]+\s*=.*|#.*)?$/.test(line)),
            ),
        ],
        create: [unique(refusal("ConflictException", "A configuration with the name % already exists."), "name")],
        delete: [
            unused(refusal("BadRequestException", "The configuration is in use by one or more clusters: %"), "id", {
                "aws:msk/cluster:Cluster": "configurationInfo.arn",
            }),
        ],
    },
    "aws:msk/cluster:Cluster": {
        put: [
            needs(
                "brokerNodeGroupInfo.clientSubnets",
                aSubnet,
                refusal("BadRequestException", "One or more subnets are invalid: %"),
            ),
            needs(
                "brokerNodeGroupInfo.securityGroups",
                aSecurityGroup,
                refusal("BadRequestException", "One or more security groups are invalid: %"),
            ),
            needs(
                "configurationInfo.arn",
                exists("aws:msk/configuration:Configuration"),
                refusal("NotFoundException", "The configuration % does not exist."),
            ),
            refusedIf(
                refusal("BadRequestException", "The configuration has no such revision: %"),
                ({ configurationInfo }, { account }) =>
                    configurationInfo !== undefined &&
                    configurationInfo.revision >
                        account.get("aws:msk/configuration:Configuration", configurationInfo.arn)!.outputs
                            .latestRevision,
            ),
            needs(
                "encryptionInfo.encryptionAtRestKmsKeyArn",
                aKey,
                refusal("BadRequestException", "The KMS key % is not valid."),
            ),
            needs(
                "loggingInfo.brokerLogs.cloudwatchLogs.logGroup",
                aLogGroup,
                refusal("BadRequestException", "The CloudWatch log group % does not exist."),
            ),
            refusedIf(
                refusal("BadRequestException", "Client subnets must be 2 or 3, each in its own Availability Zone: %"),
                (inputs, attempt) => {
                    const subnets = valuesAt(inputs, "brokerNodeGroupInfo.clientSubnets");
                    return ![2, 3].includes(subnets.length) || zonesOf(attempt, subnets) < subnets.length;
                },
            ),
            checkEach(
                "numberOfBrokerNodes",
                refusal(
                    "BadRequestException",
                    "The number of broker nodes must be a multiple of Availability Zones, not %",
                ),
                (brokers, { inputs }) =>
                    brokers > 0 && brokers % valuesAt(inputs, "brokerNodeGroupInfo.clientSubnets").length === 0,
            ),
            within(
                clusterVolume,
                1,
                16_384,
                refusal("BadRequestException", "The volume size must be 1 to 16384 GiB, not %"),
            ),
            ...kafkaBrokersForVersion,
        ],
        create: [
            unique(refusal("ConflictException", "A resource already exists with the cluster name %."), "clusterName"),
        ],
        update: [
            ...kafkaUpgrades,
            refusedIf(
                refusal("BadRequestException", "The target volume size must be greater than that of %"),
                (_inputs, attempt) => shrinks(attempt, clusterVolume),
            ),
            refusedIf(
                refusal("BadRequestException", "The cluster cannot be updated to the target instance type of %"),
                ({ brokerNodeGroupInfo }, { before }) =>
                    brokerNodeGroupInfo.instanceType.startsWith("kafka.t3.") &&
                    !before!.inputs.brokerNodeGroupInfo.instanceType.startsWith("kafka.t3."),
            ),
            // Brokers that hold partitions cannot be removed, and those of Kafka itself are on all of them.
            refusedIf(
                refusal("BadRequestException", "The brokers to be removed from % still have partitions."),
                (_inputs, attempt) => shrinks(attempt, "numberOfBrokerNodes"),
            ),
        ],
    },
    "aws:msk/topic:Topic": {
        put: [
            needs("clusterArn", anMskCluster, refusal("NotFoundException", "The cluster % does not exist.")),
            refusedIf(
                refusal("BadRequestException", "The replication factor is larger than the number of brokers: topic %"),
                ({ clusterArn, replicationFactor }, { account }) =>
                    replicationFactor > account.get("aws:msk/cluster:Cluster", clusterArn)!.inputs.numberOfBrokerNodes,
            ),
        ],
        create: [unique(refusal("ConflictException", "Topic '%' already exists."), "name", "clusterArn")],
        update: [
            refusedIf(
                refusal("BadRequestException", "The number of partitions of % can only be increased."),
                (_inputs, attempt) => shrinks(attempt, "partitionCount"),
            ),
        ],
    },

    "aws:elasticache/subnetGroup:SubnetGroup": {
        put: [needs("subnetIds", aSubnet, refusal("InvalidSubnet", "The subnet % does not exist."))],
        create: [unique(refusal("CacheSubnetGroupAlreadyExists", "Cache subnet group % already exists."), "name")],
        delete: [
            unused(
                refusal("CacheSubnetGroupInUse", "Cache subnet group % is currently in use by a cache cluster."),
                "name",
                { "aws:elasticache/replicationGroup:ReplicationGroup": "subnetGroupName" },
            ),
        ],
    },
    "aws:elasticache/user:User": {
        create: [unique(refusal("UserAlreadyExists", "User % already exists."), "userId")],
        // It leaves its groups by itself.
    },
    "aws:elasticache/userGroup:UserGroup": {
        put: [
            needs("userIds", exists("aws:elasticache/user:User"), refusal("UserNotFound", "User % not found.")),
            refusedIf(
                refusal("DefaultUserRequired", "User group % needs to contain a user with the user name default."),
                ({ engine, userIds }, { account }) =>
                    engine !== "valkey" &&
                    !valuesAt({ userIds }, "userIds").some(
                        (id) =>
                            id === "default" ||
                            account.get("aws:elasticache/user:User", id)?.inputs.userName === "default",
                    ),
            ),
        ],
        create: [unique(refusal("UserGroupAlreadyExists", "User group % already exists."), "userGroupId")],
        delete: [
            unused(
                refusal("InvalidUserGroupState", "User group % is associated with a replication group."),
                "userGroupId",
                { "aws:elasticache/replicationGroup:ReplicationGroup": "userGroupIds" },
            ),
        ],
    },
    "aws:elasticache/userGroupAssociation:UserGroupAssociation": {
        put: [
            needs(
                "userGroupId",
                exists("aws:elasticache/userGroup:UserGroup"),
                refusal("UserGroupNotFound", "User group % not found."),
            ),
            needs(
                "userId",
                exists("aws:elasticache/user:User"),
                refusal("UserNotFound", "User % of an association not found."),
            ),
        ],
        create: [
            unique(
                refusal("InvalidParameterCombination", "User % is already a member of the user group."),
                "userId",
                "userGroupId",
            ),
        ],
    },
    "aws:elasticache/parameterGroup:ParameterGroup": {
        create: [
            unique(refusal("CacheParameterGroupAlreadyExists", "Cache parameter group % already exists."), "name"),
        ],
        delete: [cacheParametersInUse],
    },
    [cache]: {
        put: [
            needs(
                "subnetGroupName",
                exists("aws:elasticache/subnetGroup:SubnetGroup"),
                refusal("CacheSubnetGroupNotFoundFault", "Cache subnet group % does not exist."),
            ),
            ...cacheFamily,
            needs(
                "securityGroupIds",
                aSecurityGroup,
                refusal("InvalidParameterValue", "Some security group of the cache does not exist: %"),
            ),
            needs(
                "userGroupIds",
                exists("aws:elasticache/userGroup:UserGroup"),
                refusal("UserGroupNotFound", "User group % of the cache not found."),
            ),
            needs("kmsKeyId", aKey, refusal("InvalidParameterValue", "KMS key % does not exist.")),
            checkEach(
                "logDeliveryConfigurations",
                refusal("InvalidParameterValue", "A destination of the cache's logs does not exist: %"),
                ({ destination, destinationType }, { account }) =>
                    destinationType !== "cloudwatch-logs" || aLogGroup(account, destination),
            ),
            refusedIf(
                refusal(
                    "InvalidParameterCombination",
                    "With cluster mode enabled, automatic failover must be enabled: %",
                ),
                ({ clusterMode, numNodeGroups = 1, automaticFailoverEnabled }) =>
                    (clusterMode === "enabled" || numNodeGroups > 1) && automaticFailoverEnabled !== true,
            ),
            refusedIf(
                refusal(
                    "InvalidParameterCombination",
                    "Multi-AZ requires automatic failover and at least one replica: %",
                ),
                ({ multiAzEnabled, automaticFailoverEnabled }, { resource }) =>
                    multiAzEnabled === true && (automaticFailoverEnabled !== true || replicasOf(resource) < 1),
            ),
            refusedIf(
                refusal("InvalidParameterCombination", "User groups require encryption in transit: %"),
                (inputs) => valuesAt(inputs, "userGroupIds").length > 0 && inputs.transitEncryptionEnabled !== true,
            ),
            within(
                "replicasPerNodeGroup",
                0,
                5,
                refusal("InvalidParameterValue", "Replicas per node group must be 0 to 5, not %"),
            ),
        ],
        create: [
            unique(
                refusal("ReplicationGroupAlreadyExists", "Replication group with specified id % already exists."),
                "replicationGroupId",
            ),
            checkEach(
                "snapshotName",
                refusal("SnapshotNotFoundFault", "Snapshot % not found"),
                (name: string, { account }) => snapshots(account).has(`${cache} ${name}`),
            ),
        ],
        update: [
            // The provider takes replicas away first, and changes the rest afterwards.
            refusedIf(
                refusal(
                    "InvalidParameterValue",
                    "Must have at least 1 replica for Multi-AZ enabled Replication Group: %",
                ),
                (_inputs, { resource, before }) => before!.inputs.multiAzEnabled === true && replicasOf(resource) === 0,
            ),
        ],
        delete: [finalSnapshot("SnapshotAlreadyExistsFault")],
    },

    "aws:rds/subnetGroup:SubnetGroup": {
        put: [
            needs("subnetIds", aSubnet, refusal("InvalidSubnet", "The subnet % of a database does not exist.")),
            refusedIf(
                refusal(
                    "DBSubnetGroupDoesNotCoverEnoughAZs",
                    "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement: %",
                ),
                (inputs, attempt) => zonesOf(attempt, valuesAt(inputs, "subnetIds")) < 2,
            ),
        ],
        create: [unique(refusal("DBSubnetGroupAlreadyExists", "The DB subnet group % already exists."), "name")],
        delete: [
            unused(
                refusal(
                    "InvalidDBSubnetGroupStateFault",
                    "Cannot delete the subnet group '%' because a database instance is still using it.",
                ),
                "name",
                { "aws:rds/instance:Instance": "dbSubnetGroupName" },
            ),
        ],
    },
    "aws:rds/parameterGroup:ParameterGroup": {
        create: [unique(refusal("DBParameterGroupAlreadyExists", "Parameter group % already exists"), "name")],
        delete: [databaseParametersInUse],
    },
    "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": {
        create: [
            refusedIf(
                refusal("DBInstanceNotFound", "DBInstance % not found."),
                ({ sourceDbInstanceArn }, { account }) =>
                    !account.ofType(database).some(({ outputs }) => outputs.arn === sourceDbInstanceArn),
                ({ inputs }) => inputs.sourceDbInstanceArn,
            ),
            refusedIf(
                refusal("InvalidParameterValue", "Backups cannot be replicated to the region that they are in: %"),
                ({ sourceDbInstanceArn, region }) => regionOf(sourceDbInstanceArn) === region,
                ({ inputs }) => inputs.region,
            ),
            needs("kmsKeyId", aKey, noRecoverableKey),
            refusedIf(
                refusal("KMSKeyNotAccessibleFault", "The KMS key % is in another region than the backups."),
                ({ kmsKeyId, region }) => regionOf(kmsKeyId) !== region,
                ({ inputs }) => inputs.kmsKeyId,
            ),
        ],
    },
    "aws:rds/instance:Instance": {
        put: [
            needs(
                "dbSubnetGroupName",
                exists("aws:rds/subnetGroup:SubnetGroup"),
                refusal("DBSubnetGroupNotFoundFault", "DB subnet group '%' does not exist."),
            ),
            checkEach(
                "parameterGroupName",
                refusal("DBParameterGroupNotFound", "DBParameterGroup not found: %"),
                (name: string, { account }) =>
                    name.startsWith("default.") || exists("aws:rds/parameterGroup:ParameterGroup")(account, name),
            ),
            databaseFamily,
            needs(
                "vpcSecurityGroupIds",
                aSecurityGroup,
                refusal("InvalidParameterValue", "Invalid security group, groupId= %, groupName=."),
            ),
            needs("kmsKeyId", aKey, noRecoverableKey),
            needs("masterUserSecretKmsKeyId", aKey, noRecoverableKey),
            needs(
                "monitoringRoleArn",
                aRole,
                refusal(
                    "InvalidParameterValue",
                    "IAM role ARN value % is invalid or does not include the required permissions for: ENHANCED_MONITORING",
                ),
            ),
            refusedIf(
                refusal(
                    "InvalidParameterCombination",
                    "Invalid storage size for storage type gp3 of %: 20 to 65536 GiB",
                ),
                ({ storageType, allocatedStorage }) =>
                    storageType === "gp3" && !(allocatedStorage >= 20 && allocatedStorage <= 65_536),
            ),
            refusedIf(
                refusal("InvalidParameterCombination", "Max storage size must be greater than storage size: %"),
                ({ maxAllocatedStorage, allocatedStorage }) =>
                    maxAllocatedStorage > 0 && maxAllocatedStorage <= allocatedStorage,
            ),
            within(
                "backupRetentionPeriod",
                0,
                35,
                refusal("InvalidParameterValue", "Invalid backup retention period: %. Must be 0 to 35."),
            ),
            checkEach(
                "monitoringInterval",
                refusal("InvalidParameterValue", "Invalid monitoring interval: %"),
                (seconds) => [0, 1, 5, 10, 15, 30, 60].includes(seconds),
            ),
            refusedIf(
                refusal("InvalidParameterCombination", "A password and ManageMasterUserPassword are exclusive: %"),
                ({ password, manageMasterUserPassword }) => password !== undefined && manageMasterUserPassword === true,
            ),
        ],
        create: [unique(refusal("DBInstanceAlreadyExists", "DB instance already exists: %"), "identifier")],
        update: [
            refusedIf(
                refusal(
                    "InvalidParameterCombination",
                    "Requested storage size cannot be less than the current storage size of %",
                ),
                (_inputs, attempt) => shrinks(attempt, "allocatedStorage"),
            ),
            ...databaseUpgrades,
        ],
        delete: [
            refusedIf(
                refusal(
                    "InvalidParameterCombination",
                    "Cannot delete protected DB Instance %, please disable deletion protection and try again.",
                ),
                ({ deletionProtection }) => deletionProtection === true,
            ),
            refusedIf(
                refusal(
                    "InvalidParameterCombination",
                    "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is set: %",
                ),
                ({ skipFinalSnapshot, finalSnapshotIdentifier }) =>
                    skipFinalSnapshot !== true && !finalSnapshotIdentifier,
            ),
            finalSnapshot("DBSnapshotAlreadyExists"),
        ],
    },

    "aws:s3/bucket:Bucket": {
        create: [
            unique(
                refusal(
                    "BucketAlreadyOwnedByYou",
                    "Your previous request to create bucket % succeeded and you already own it.",
                ),
                "bucket",
            ),
        ],
        delete: [
            refusedIf(
                refusal("BucketNotEmpty", "The bucket you tried to delete is not empty: %"),
                ({ forceDestroy }, { resource, account }) =>
                    forceDestroy !== true && filledBuckets(account).has(resource.id),
            ),
        ],
    },
    "aws:s3/bucketObjectv2:BucketObjectv2": { put: [ofBucket] },
    "aws:dynamodb/table:Table": {
        put: [
            needs(
                "serverSideEncryption.kmsKeyArn",
                aKey,
                refusal("ValidationException", "KMS validation error: the key % does not exist"),
            ),
        ],
        create: [unique(refusal("ResourceInUseException", "Table already exists: %"), "name")],
        delete: [
            refusedIf(
                refusal(
                    "ValidationException",
                    "Resource cannot be deleted as it is currently protected against deletion: %",
                ),
                ({ deletionProtectionEnabled }) => deletionProtectionEnabled === true,
            ),
        ],
    },
    "aws:s3/bucketIntelligentTieringConfiguration:BucketIntelligentTieringConfiguration": { put: [ofBucket] },
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": {
        put: [
            ofBucket,
            refusedIf(
                refusal("InvalidRequest", "Rule ID must be unique: the lifecycle configuration of %"),
                (inputs) => {
                    const ids = valuesAt(inputs, "rules.id");
                    return new Set(ids).size < ids.length;
                },
                ({ inputs }) => inputs.bucket,
            ),
        ],
    },
    "aws:s3/bucketLogging:BucketLogging": {
        put: [
            ofBucket,
            needs(
                "targetBucket",
                aBucket,
                refusal("InvalidTargetBucketForLogging", "The target bucket for logging does not exist: %"),
            ),
        ],
    },
    "aws:s3/bucketNotification:BucketNotification": {
        put: [
            ofBucket,
            ...["lambdaFunctions.lambdaFunctionArn", "queues.queueArn", "topics.topicArn"].map((path) =>
                needs(
                    path,
                    aDestination,
                    refusal("InvalidArgument", "Unable to validate the following destination configurations: %"),
                ),
            ),
        ],
    },
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": { put: [ofBucket] },
    "aws:s3/bucketPolicy:BucketPolicy": {
        put: [ofBucket, principalsExist("policy", refusal("MalformedPolicy", "Invalid principal in policy: %"))],
    },
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": { put: [ofBucket] },
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": {
        put: [
            ofBucket,
            needs(
                "rules.applyServerSideEncryptionByDefault.kmsMasterKeyId",
                aKey,
                refusal("KMS.NotFoundException", "Key '%' does not exist"),
            ),
        ],
    },
    "aws:s3/bucketVersioning:BucketVersioning": { put: [ofBucket] },

    "aws:glue/catalogDatabase:CatalogDatabase": {
        create: [unique(refusal("AlreadyExistsException", "Database % already exists."), "name")],
    },
    "aws:glue/catalogTable:CatalogTable": {
        put: [
            refusedIf(
                refusal("EntityNotFoundException", "Database % not found."),
                ({ databaseName }, { account }) =>
                    !account
                        .ofType("aws:glue/catalogDatabase:CatalogDatabase")
                        .some(({ outputs }) => outputs.name === databaseName),
                ({ inputs }) => inputs.databaseName,
            ),
        ],
        create: [unique(refusal("AlreadyExistsException", "Table % already exists."), "name", "databaseName")],
    },
};
