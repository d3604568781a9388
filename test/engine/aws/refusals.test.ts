import * as assert from "node:assert/strict";
import { planOf, stackNames } from "../../support/stacks";
import { Account, AwsError, type AwsResource } from "./account";
import { filledBuckets, outside, refusals, refuse } from "./refusals";
import { type Check } from "./refusals/attempt";
import { replay } from "./refusals/replay";

type Inputs = Record<string, any>;

/** Stacks whose resources exist in an account. */
const replayedStacks = ["dev", "production"] as const;

/** Something that AWS refuses to do with a resource of a whole stack. */
interface Row {
    kind: "create" | "update" | "delete";
    type: string;
    /** The resource has a URN that ends with this; any of its type otherwise. */
    name?: string;
    /** Values by path, instead of those that the resource has. */
    change: Inputs;
    code: string;
    /** What exists, if it is not the whole stack. */
    world?: (resources: AwsResource[]) => AwsResource[];
    stack?: (typeof replayedStacks)[number];
}

/** The whole stack, with other inputs of one type. */
const withInputs =
    (type: string, inputs: Inputs): Row["world"] =>
    (resources) =>
        resources.map((one) => (one.type === type ? { ...one, inputs: { ...one.inputs, ...inputs } } : one));

/** A reference to something that does not exist. */
const unknown = (type: string, path: string, code: string, name?: string): Row => ({
    kind: "create",
    type,
    change: { [path]: goneMark },
    code,
    name,
});
/** Values that AWS does not take. */
const bad = (type: string, change: Inputs, code: string, name?: string, world?: Row["world"]): Row => ({
    kind: "create",
    type,
    change,
    code,
    name,
    world,
});
/** The same once more. */
const again = (type: string, code: string, change: Inputs = {}, name?: string): Row => ({
    kind: "create",
    type,
    change,
    code,
    name,
});
const update = (type: string, change: Inputs, code: string): Row => ({ kind: "update", type, change, code });
const inUse = (type: string, code: string, change: Inputs = {}, name?: string, world?: Row["world"]): Row => ({
    kind: "delete",
    type,
    change,
    code,
    name,
    world,
});

/** In place of a value: something like it that does not exist. */
const goneMark = Symbol("gone");

const accountId = "123456789012";
const arn = (service: string, resource: string): string => `arn:aws:${service}:ap-northeast-2:${accountId}:${resource}`;
const someone = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { AWS: `arn:aws:iam::${accountId}:role/nobody` }, Action: "*" }],
});

const without =
    (...types: string[]) =>
    (resources: AwsResource[]): AwsResource[] =>
        resources.filter(({ type }) => !types.includes(type));
const and =
    (type: string, id: string, inputs: Inputs, outputs: Inputs = inputs) =>
    (resources: AwsResource[]): AwsResource[] => [...resources, { type, id, urn: `urn::${id}`, inputs, outputs }];

const subnet = "aws:ec2/subnet:Subnet";
const group = "aws:ec2/securityGroup:SecurityGroup";
const ingress = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const egress = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const endpoint = "aws:ec2/vpcEndpoint:VpcEndpoint";
const nat = "aws:ec2/natGateway:NatGateway";
const flowLog = "aws:ec2/flowLog:FlowLog";
const inSubnets = [
    endpoint,
    "aws:lambda/function:Function",
    "aws:lb/loadBalancer:LoadBalancer",
    "aws:ecs/service:Service",
    "aws:msk/cluster:Cluster",
    "aws:rds/instance:Instance",
    "aws:elasticache/replicationGroup:ReplicationGroup",
];
const networkRows: Row[] = [
    bad("aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/8" }, "InvalidVpc.Range"),
    inUse("aws:ec2/vpc:Vpc", "DependencyViolation"),
    unknown(subnet, "vpcId", "InvalidVpcID.NotFound"),
    bad(subnet, { cidrBlock: "10.99.0.0/24" }, "InvalidSubnet.Range"),
    again(subnet, "InvalidSubnet.Conflict"),
    inUse(subnet, "DependencyViolation", {}, "network-private-1"),
    inUse(subnet, "DependencyViolation", {}, "network-isolated-1", without("aws:msk/cluster:Cluster")),
    unknown("aws:ec2/routeTableAssociation:RouteTableAssociation", "routeTableId", "InvalidRouteTableID.NotFound"),
    unknown("aws:ec2/routeTableAssociation:RouteTableAssociation", "subnetId", "InvalidSubnetID.NotFound"),
    again("aws:ec2/routeTableAssociation:RouteTableAssociation", "Resource.AlreadyAssociated"),
    bad("aws:ec2/route:Route", { gatewayId: "igw-gone" }, "InvalidGatewayID.NotFound"),
    bad("aws:ec2/route:Route", { natGatewayId: "nat-gone" }, "InvalidNatGatewayID.NotFound"),
    again("aws:ec2/route:Route", "RouteAlreadyExists"),
    unknown("aws:ec2/route:Route", "routeTableId", "InvalidRouteTableID.NotFound"),
    unknown("aws:ec2/routeTable:RouteTable", "vpcId", "InvalidVpcID.NotFound"),
    unknown("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "vpcId", "InvalidVpcID.NotFound"),
    unknown("aws:ec2/internetGateway:InternetGateway", "vpcId", "InvalidVpcID.NotFound"),
    again("aws:ec2/internetGateway:InternetGateway", "Resource.AlreadyAssociated"),
    inUse("aws:ec2/internetGateway:InternetGateway", "DependencyViolation"),
    inUse("aws:ec2/eip:Eip", "InvalidIPAddress.InUse"),
    unknown(nat, "subnetId", "NatGatewayMalformed"),
    unknown(nat, "allocationId", "InvalidAllocationID.NotFound"),
    again(nat, "Resource.AlreadyAssociated"),
    {
        ...bad(nat, {}, "Gateway.NotAttached"),
        kind: "update",
        world: without("aws:ec2/internetGateway:InternetGateway"),
    },
    unknown(group, "vpcId", "InvalidVpcID.NotFound"),
    again(group, "InvalidGroup.Duplicate"),
    inUse(group, "DependencyViolation"),
    inUse(group, "DependencyViolation", { revokeRulesOnDelete: false }, undefined, without(...inSubnets)),
    ...[ingress, egress].flatMap((type) => [
        bad(type, { securityGroupId: "sg-gone" }, "InvalidGroup.NotFound"),
        bad(type, { referencedSecurityGroupId: "sg-gone" }, "InvalidGroup.NotFound"),
        bad(type, { prefixListId: "pl-gone" }, "InvalidPrefixListID.NotFound"),
        bad(
            type,
            { cidrIpv4: undefined, prefixListId: undefined, referencedSecurityGroupId: undefined },
            "MissingParameter",
        ),
        bad(type, { fromPort: 9, toPort: 8 }, "InvalidParameterValue"),
        again(type, "InvalidPermission.Duplicate"),
    ]),
    {
        ...bad(ingress, { fromPort: 1 }, "RulesPerSecurityGroupLimitExceeded"),
        world: (resources) => {
            const [{ inputs }] = resources.filter(({ type }) => type === ingress) as [AwsResource];
            return Array.from({ length: 60 }, (_unused, port) =>
                and(ingress, `sgr-${port}`, { ...inputs, fromPort: port })([]),
            )
                .flat()
                .concat(resources);
        },
    },
    unknown(endpoint, "vpcId", "InvalidVpcID.NotFound"),
    unknown(endpoint, "subnetIds.0", "InvalidSubnetID.NotFound", "network-sts"),
    unknown(endpoint, "securityGroupIds.0", "InvalidGroup.NotFound", "network-sts"),
    unknown(endpoint, "routeTableIds.0", "InvalidRouteTableID.NotFound", "network-s3"),
    bad(endpoint, { serviceName: "com.amazonaws.us-east-1.sts" }, "InvalidServiceName", "network-sts"),
    again(endpoint, "InvalidParameter", {}, "network-sts"),
    again(endpoint, "RouteAlreadyExists", {}, "network-s3"),
    unknown(flowLog, "vpcId", "InvalidVpcID.NotFound"),
    unknown(flowLog, "iamRoleArn", "InvalidParameter"),
    bad(flowLog, { maxAggregationInterval: 61 }, "InvalidParameter"),
    again(flowLog, "FlowLogAlreadyExists"),
    {
        kind: "create",
        type: endpoint,
        name: "network-sts",
        change: { privateDnsEnabled: false },
        code: "DuplicateSubnetsInSameZone",
        world: (resources) =>
            resources.map((resource) =>
                resource.type === subnet
                    ? { ...resource, inputs: { ...resource.inputs, availabilityZone: "ap-northeast-2a" } }
                    : resource,
            ),
    },
];

const role = "aws:iam/role:Role";
const key = "aws:kms/key:Key";
const secret = "aws:secretsmanager/secret:Secret";
const parameter = "aws:ssm/parameter:Parameter";
const identityRows: Row[] = [
    bad(role, { assumeRolePolicy: someone }, "MalformedPolicyDocument"),
    bad(role, { maxSessionDuration: 60 }, "ValidationError"),
    bad(role, { name: "r".repeat(65) }, "ValidationException"),
    again(role, "EntityAlreadyExists"),
    inUse(role, "DeleteConflict"),
    unknown("aws:iam/rolePolicy:RolePolicy", "role", "NoSuchEntity"),
    bad("aws:iam/rolePolicy:RolePolicy", { policy: "x".repeat(10_241) }, "LimitExceeded"),
    bad(key, { policy: someone }, "MalformedPolicyDocumentException"),
    bad(key, { deletionWindowInDays: 6 }, "ValidationException"),
    unknown("aws:kms/alias:Alias", "targetKeyId", "NotFoundException"),
    again("aws:kms/alias:Alias", "AlreadyExistsException"),
    unknown(secret, "kmsKeyId", "InvalidRequestException"),
    bad(secret, { recoveryWindowInDays: 6 }, "InvalidParameterException"),
    again(secret, "ResourceExistsException"),
    bad(parameter, { keyId: "alias/gone" }, "InvalidKeyId"),
    bad(parameter, { value: "" }, "ValidationException"),
    again(parameter, "ParameterAlreadyExists"),
];

const logGroup = "aws:cloudwatch/logGroup:LogGroup";
const filter = "aws:cloudwatch/logMetricFilter:LogMetricFilter";
const alarm = "aws:cloudwatch/metricAlarm:MetricAlarm";
const bus = "aws:cloudwatch/eventBus:EventBus";
const rule = "aws:cloudwatch/eventRule:EventRule";
const target = "aws:cloudwatch/eventTarget:EventTarget";
const archive = "aws:cloudwatch/eventArchive:EventArchive";
const budget = "aws:budgets/budget:Budget";
const subscription = "aws:costexplorer/anomalySubscription:AnomalySubscription";
const observabilityRows: Row[] = [
    unknown(logGroup, "kmsKeyId", "InvalidParameterException"),
    bad(logGroup, { retentionInDays: 42 }, "InvalidParameterException"),
    again(logGroup, "ResourceAlreadyExistsException"),
    unknown(filter, "logGroupName", "ResourceNotFoundException"),
    bad(filter, { "metricTransformation.dimensions": { a: "$.a" } }, "InvalidParameterException", "OrdersExecuted"),
    bad(alarm, { period: 86_400, evaluationPeriods: 8 }, "ValidationError"),
    bad(alarm, { evaluationPeriods: 1, datapointsToAlarm: 2 }, "ValidationError"),
    bad(alarm, { period: 45 }, "ValidationError"),
    bad(alarm, { alarmActions: ["1", "2", "3", "4", "5", "6"] }, "ValidationError"),
    bad(alarm, { metricQueries: Array.from({ length: 11 }, () => ({ metric: {} })) }, "ValidationError"),
    bad(alarm, { metricQueries: [{ id: "a", expression: "FILL(b, 0)" }] }, "ValidationError"),
    bad(alarm, { metricQueries: [{ id: "a", expression: "1+".repeat(1024) + "1" }] }, "ValidationError"),
    bad("aws:cloudwatch/dashboard:Dashboard", { dashboardBody: "{}" }, "InvalidParameterInput"),
    unknown(bus, "kmsKeyIdentifier", "ValidationException"),
    unknown(bus, "deadLetterConfig.arn", "ValidationException"),
    again(bus, "ResourceAlreadyExistsException"),
    inUse(bus, "ValidationException"),
    unknown("aws:cloudwatch/eventBusPolicy:EventBusPolicy", "eventBusName", "ResourceNotFoundException"),
    bad("aws:cloudwatch/eventBusPolicy:EventBusPolicy", { policy: someone }, "ValidationException"),
    unknown(rule, "eventBusName", "ResourceNotFoundException", "notification-risk"),
    bad(rule, { eventPattern: undefined }, "ValidationException"),
    bad(rule, { eventPattern: '{"source": "aws.ecs"}' }, "InvalidEventPatternException"),
    bad(rule, { scheduleExpression: "rate(1 day)" }, "ValidationException", "notification-risk"),
    inUse(rule, "ValidationException"),
    unknown(target, "rule", "ResourceNotFoundException"),
    unknown(target, "arn", "ValidationException"),
    unknown(target, "roleArn", "ValidationException", "operations-events-health"),
    bad(target, { inputTransformer: { inputPaths: {}, inputTemplate: '"<a>"' } }, "ValidationException"),
    unknown(target, "deadLetterConfig.arn", "ValidationException"),
    bad(target, { "retryPolicy.maximumRetryAttempts": 186 }, "ValidationException"),
    bad(target, { "retryPolicy.maximumEventAgeInSeconds": 59 }, "ValidationException"),
    bad(target, {}, "LimitExceededException", undefined, (resources) => {
        const [{ inputs }] = resources.filter(({ type }) => type === target) as [AwsResource];
        return resources.concat(["1", "2", "3", "4", "5"].flatMap((id) => and(target, id, inputs)([])));
    }),
    unknown(archive, "eventSourceArn", "ResourceNotFoundException"),
    unknown(archive, "kmsKeyIdentifier", "ValidationException"),
    again(archive, "ResourceAlreadyExistsException"),
    bad(budget, { "notifications.0.subscriberSnsTopicArns": [arn("sns", "gone")] }, "InvalidParameterException"),
    bad(budget, { notifications: Array.from({ length: 11 }, () => ({})) }, "CreationLimitExceededException"),
    bad(budget, { limitAmount: "0" }, "InvalidParameterException"),
    again(budget, "DuplicateRecordException"),
    bad(subscription, { monitorArnLists: [arn("ce", "gone")] }, "UnknownMonitorException"),
    { ...unknown(subscription, "subscribers.0.address", "ValidationException"), stack: "dev" },
    {
        ...bad(subscription, { subscribers: [{ type: "EMAIL", address: "a@example.com" }] }, "ValidationException"),
        stack: "dev",
    },
];

const configuration = "aws:msk/configuration:Configuration";
const kafka = "aws:msk/cluster:Cluster";
const kafkaTopic = "aws:msk/topic:Topic";
const cache = "aws:elasticache/replicationGroup:ReplicationGroup";
const cacheSubnets = "aws:elasticache/subnetGroup:SubnetGroup";
const userGroup = "aws:elasticache/userGroup:UserGroup";
const membership = "aws:elasticache/userGroupAssociation:UserGroupAssociation";
const database = "aws:rds/instance:Instance";
const databaseSubnets = "aws:rds/subnetGroup:SubnetGroup";
const archiving = "aws:s3/bucketIntelligentTieringConfiguration:BucketIntelligentTieringConfiguration";
const cacheParameters = "aws:elasticache/parameterGroup:ParameterGroup";
const databaseParameters = "aws:rds/parameterGroup:ParameterGroup";
const backups = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication";
/** As if an input of the database were to come with the next maintenance window. */
const putOff =
    (property: string) =>
    (resources: AwsResource[]): AwsResource[] =>
        resources.map((one) =>
            one.type === database
                ? {
                      ...one,
                      inputs: { ...one.inputs, [property]: undefined },
                      pending: { [property]: one.inputs[property] as unknown },
                  }
                : one,
        );
const volume = "brokerNodeGroupInfo.storageInfo.ebsStorageInfo.volumeSize";
const table = "aws:dynamodb/table:Table";
const dataRows: Row[] = [
    unknown(table, "serverSideEncryption.kmsKeyArn", "ValidationException"),
    again(table, "ResourceInUseException"),
    inUse(table, "ValidationException"),
    bad(configuration, { serverProperties: "nonsense" }, "BadRequestException"),
    again(configuration, "ConflictException"),
    inUse(configuration, "BadRequestException"),
    unknown(kafka, "brokerNodeGroupInfo.clientSubnets.0", "BadRequestException"),
    unknown(kafka, "brokerNodeGroupInfo.securityGroups.0", "BadRequestException"),
    unknown(kafka, "configurationInfo.arn", "NotFoundException"),
    bad(kafka, { "configurationInfo.revision": 2 }, "BadRequestException"),
    unknown(kafka, "encryptionInfo.encryptionAtRestKmsKeyArn", "BadRequestException"),
    unknown(kafka, "loggingInfo.brokerLogs.cloudwatchLogs.logGroup", "BadRequestException"),
    bad(kafka, { "brokerNodeGroupInfo.clientSubnets": [] }, "BadRequestException"),
    bad(kafka, { numberOfBrokerNodes: 4 }, "BadRequestException"),
    bad(kafka, { [volume]: 16_385 }, "BadRequestException"),
    again(kafka, "ConflictException"),
    update(kafka, { [volume]: 99 }, "BadRequestException"),
    bad(kafka, { "brokerNodeGroupInfo.instanceType": "kafka.t3.small" }, "BadRequestException"),
    bad(kafka, { kafkaVersion: "4.1.x" }, "BadRequestException"),
    update(kafka, { kafkaVersion: "3.8.x.kraft" }, "BadRequestException"),
    update(kafka, { kafkaVersion: "3.9.x" }, "BadRequestException"),
    {
        ...update(
            kafka,
            { kafkaVersion: "3.9.x.kraft", "brokerNodeGroupInfo.instanceType": "kafka.m7g.large" },
            "BadRequestException",
        ),
        stack: "dev",
    },
    {
        ...update(kafka, {}, "BadRequestException"),
        world: withInputs(kafka, { numberOfBrokerNodes: 6 }),
    },
    {
        ...update(kafka, { "brokerNodeGroupInfo.instanceType": "kafka.t3.small" }, "BadRequestException"),
        world: withInputs(kafka, { kafkaVersion: "3.9.x" }),
    },
    unknown(kafkaTopic, "clusterArn", "NotFoundException"),
    bad(kafkaTopic, { replicationFactor: 4 }, "BadRequestException"),
    bad(kafkaTopic, { name: "a topic" }, "ValidationException"),
    again(kafkaTopic, "ConflictException"),
    update(kafkaTopic, { partitionCount: 1 }, "BadRequestException"),

    unknown(cacheSubnets, "subnetIds.0", "InvalidSubnet"),
    again(cacheSubnets, "CacheSubnetGroupAlreadyExists"),
    inUse(cacheSubnets, "CacheSubnetGroupInUse"),
    again("aws:elasticache/user:User", "UserAlreadyExists"),
    unknown(userGroup, "userIds.0", "UserNotFound"),
    bad(userGroup, { engine: "redis" }, "DefaultUserRequired"),
    again(userGroup, "UserGroupAlreadyExists"),
    inUse(userGroup, "InvalidUserGroupState"),
    unknown(membership, "userGroupId", "UserGroupNotFound"),
    unknown(membership, "userId", "UserNotFound"),
    again(membership, "InvalidParameterCombination"),
    unknown(cache, "subnetGroupName", "CacheSubnetGroupNotFoundFault"),
    unknown(cache, "parameterGroupName", "CacheParameterGroupNotFound"),
    bad(cache, { engineVersion: "7.2" }, "InvalidParameterCombination"),
    bad(cache, { snapshotName: "gone", replicationGroupId: "another" }, "SnapshotNotFoundFault"),
    unknown(cache, "securityGroupIds.0", "InvalidParameterValue"),
    unknown(cache, "userGroupIds.0", "UserGroupNotFound"),
    unknown(cache, "kmsKeyId", "InvalidParameterValue"),
    unknown(cache, "logDeliveryConfigurations.0.destination", "InvalidParameterValue"),
    bad(cache, { automaticFailoverEnabled: false, multiAzEnabled: false }, "InvalidParameterCombination"),
    bad(cache, { parameterGroupName: "default.valkey8" }, "InvalidParameterCombination"),
    bad(cache, { replicasPerNodeGroup: 0 }, "InvalidParameterCombination"),
    bad(cache, { transitEncryptionEnabled: false }, "InvalidParameterCombination"),
    bad(cache, { replicasPerNodeGroup: 6 }, "InvalidParameterValue"),
    update(cache, { replicasPerNodeGroup: 0, multiAzEnabled: false }, "InvalidParameterValue"),
    again(cache, "ReplicationGroupAlreadyExists"),
    again(cacheParameters, "CacheParameterGroupAlreadyExists"),
    inUse(cacheParameters, "InvalidCacheParameterGroupState"),

    unknown(databaseSubnets, "subnetIds.0", "InvalidSubnet"),
    bad(databaseSubnets, { subnetIds: [] }, "DBSubnetGroupDoesNotCoverEnoughAZs"),
    again(databaseSubnets, "DBSubnetGroupAlreadyExists"),
    inUse(databaseSubnets, "InvalidDBSubnetGroupStateFault"),
    again(databaseParameters, "DBParameterGroupAlreadyExists"),
    inUse(databaseParameters, "InvalidDBParameterGroupState"),
    // A group that is in use only once the maintenance window comes.
    inUse(databaseParameters, "InvalidDBParameterGroupState", {}, "", putOff("parameterGroupName")),
    bad(backups, { sourceDbInstanceArn: arn("rds", "db:gone") }, "DBInstanceNotFound"),
    bad(backups, { region: "ap-northeast-2" }, "InvalidParameterValue"),
    unknown(backups, "kmsKeyId", "KMSKeyNotAccessibleFault"),
    bad(backups, { region: "us-west-2" }, "KMSKeyNotAccessibleFault"),
    unknown(database, "dbSubnetGroupName", "DBSubnetGroupNotFoundFault"),
    unknown(database, "parameterGroupName", "DBParameterGroupNotFound"),
    bad(database, { engineVersion: "16" }, "InvalidParameterCombination"),
    unknown(database, "vpcSecurityGroupIds.0", "InvalidParameterValue"),
    unknown(database, "kmsKeyId", "KMSKeyNotAccessibleFault"),
    unknown(database, "masterUserSecretKmsKeyId", "KMSKeyNotAccessibleFault"),
    unknown(database, "monitoringRoleArn", "InvalidParameterValue"),
    bad(database, { allocatedStorage: 19 }, "InvalidParameterCombination"),
    bad(database, { maxAllocatedStorage: 100 }, "InvalidParameterCombination"),
    bad(database, { backupRetentionPeriod: 36 }, "InvalidParameterValue"),
    bad(database, { monitoringInterval: 7 }, "InvalidParameterValue"),
    bad(database, { password: "secret" }, "InvalidParameterCombination"),
    again(database, "DBInstanceAlreadyExists"),
    update(database, { allocatedStorage: 99 }, "InvalidParameterCombination"),
    update(database, { engineVersion: "16", parameterGroupName: "default.postgres16" }, "InvalidParameterCombination"),
    update(database, { engineVersion: "17.5" }, "InvalidParameterCombination"),
    inUse(database, "InvalidParameterCombination"),
    inUse(database, "InvalidParameterCombination", { deletionProtection: false, finalSnapshotIdentifier: undefined }),

    again("aws:s3/bucket:Bucket", "BucketAlreadyOwnedByYou"),
    // Which no stack asks for.
    bad(archiving, { bucket: "gone" }, "NoSuchBucket"),
    ...Object.keys(refusals)
        .filter((type) => /^aws:s3\/bucket[A-Z]/.test(type) && type !== archiving)
        .map((type) => unknown(type, "bucket", "NoSuchBucket")),
    bad(
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        { rules: [{ id: "same" }, { id: "same" }] },
        "InvalidRequest",
    ),
    unknown("aws:s3/bucketLogging:BucketLogging", "targetBucket", "InvalidTargetBucketForLogging"),
    ...[
        { queues: [{ queueArn: arn("sqs", "gone") }] },
        { topics: [{ topicArn: arn("sns", "gone") }] },
        { lambdaFunctions: [{ lambdaFunctionArn: arn("lambda", "function:gone") }] },
    ].map((destinations) => bad("aws:s3/bucketNotification:BucketNotification", destinations, "InvalidArgument")),
    bad("aws:s3/bucketPolicy:BucketPolicy", { policy: someone }, "MalformedPolicy"),
    unknown(
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        "rules.0.applyServerSideEncryptionByDefault.kmsMasterKeyId",
        "KMS.NotFoundException",
        "data-lake",
    ),
    again("aws:glue/catalogDatabase:CatalogDatabase", "AlreadyExistsException"),
    unknown("aws:glue/catalogTable:CatalogTable", "databaseName", "EntityNotFoundException"),
    again("aws:glue/catalogTable:CatalogTable", "AlreadyExistsException"),
];

const repository = "aws:ecr/repository:Repository";
const cluster = "aws:ecs/cluster:Cluster";
const providers = "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders";
const task = "aws:ecs/taskDefinition:TaskDefinition";
const service = "aws:ecs/service:Service";
const oms = "::hot-path-oms";
const discovery = "aws:servicediscovery/service:Service";
const namespace = "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace";
const scalable = "aws:appautoscaling/target:Target";
const balancer = "aws:lb/loadBalancer:LoadBalancer";
const trustStore = "aws:lb/trustStore:TrustStore";
const targetGroup = "aws:lb/targetGroup:TargetGroup";
const listener = "aws:lb/listener:Listener";
const certificate = "aws:acm/certificate:Certificate";
const validation = "aws:acm/certificateValidation:CertificateValidation";
const containerRows: Row[] = [
    unknown(repository, "encryptionConfigurations.0.kmsKey", "KmsException"),
    again(repository, "RepositoryAlreadyExistsException"),
    {
        ...inUse(repository, "RepositoryNotEmptyException"),
        world: withInputs(repository, { forceDelete: false }),
    },
    unknown("aws:ecr/lifecyclePolicy:LifecyclePolicy", "repository", "RepositoryNotFoundException"),
    unknown("aws:ecr/repositoryPolicy:RepositoryPolicy", "repository", "RepositoryNotFoundException"),
    bad("aws:ecr/repositoryPolicy:RepositoryPolicy", { policy: someone }, "InvalidParameterException"),
    unknown(cluster, "configuration.executeCommandConfiguration.kmsKeyId", "InvalidParameterException"),
    unknown(
        cluster,
        "configuration.managedStorageConfiguration.fargateEphemeralStorageKmsKeyId",
        "InvalidParameterException",
    ),
    again(cluster, "InvalidParameterException"),
    inUse(cluster, "ClusterContainsServicesException"),
    unknown(providers, "clusterName", "ClusterNotFoundException"),
    bad(providers, { capacityProviders: [] }, "InvalidParameterException"),
    inUse(providers, "ResourceInUseException"),
    unknown(task, "taskRoleArn", "ClientException"),
    unknown(task, "executionRoleArn", "ClientException"),
    bad(task, { memory: "1" }, "ClientException"),
    unknown(service, "cluster", "ClusterNotFoundException"),
    unknown(service, "taskDefinition", "ClientException"),
    unknown(service, "networkConfiguration.subnets.0", "InvalidParameterException"),
    unknown(service, "networkConfiguration.securityGroups.0", "InvalidParameterException"),
    unknown(service, "loadBalancers.0.targetGroupArn", "InvalidParameterException", oms),
    bad(service, {}, "InvalidParameterException", oms, without(listener)),
    unknown(service, "loadBalancers.0.containerName", "InvalidParameterException", oms),
    unknown(service, "serviceRegistries.registryArn", "InvalidParameterException", oms),
    bad(service, {}, "InvalidParameterException", oms, without(providers)),
    bad(
        service,
        { availabilityZoneRebalancing: "ENABLED", deploymentMinimumHealthyPercent: 0, deploymentMaximumPercent: 100 },
        "InvalidParameterException",
        oms,
    ),
    bad(
        service,
        { availabilityZoneRebalancing: "DISABLED", deploymentMaximumPercent: 100 },
        "InvalidParameterException",
        oms,
    ),
    bad(service, { loadBalancers: undefined }, "InvalidParameterException", oms),
    again(service, "InvalidParameterException"),
    unknown(namespace, "vpc", "InvalidInput"),
    again(namespace, "NamespaceAlreadyExists"),
    inUse(namespace, "ResourceInUse"),
    unknown(discovery, "dnsConfig.namespaceId", "NamespaceNotFound"),
    again(discovery, "ServiceAlreadyExists"),
    inUse(discovery, "ResourceInUse", { forceDestroy: false }),
    unknown(scalable, "resourceId", "ValidationException", oms),
    unknown(scalable, "resourceId", "ValidationException", "data-kafka-storage"),
    bad(scalable, { minCapacity: 7 }, "ValidationException", oms),
    unknown("aws:appautoscaling/policy:Policy", "resourceId", "ObjectNotFoundException"),
    unknown("aws:appautoscaling/scheduledAction:ScheduledAction", "resourceId", "ObjectNotFoundException"),
    bad("aws:appautoscaling/scheduledAction:ScheduledAction", { schedule: "cron(0 9)" }, "ValidationException"),
    unknown(balancer, "subnets.0", "SubnetNotFound"),
    unknown(balancer, "securityGroups.0", "InvalidSecurityGroup"),
    bad(balancer, { subnets: [] }, "ValidationError"),
    bad(balancer, {}, "InvalidConfigurationRequest", undefined, without("aws:s3/bucketPolicy:BucketPolicy")),
    bad(balancer, { idleTimeout: 4001 }, "ValidationError"),
    bad(balancer, { clientKeepAlive: 59 }, "ValidationError"),
    bad(balancer, { name: "b".repeat(33) }, "ValidationException"),
    again(balancer, "DuplicateLoadBalancerName"),
    inUse(balancer, "OperationNotPermitted"),
    unknown(targetGroup, "vpcId", "ValidationError"),
    bad(targetGroup, { "healthCheck.timeout": 10 }, "ValidationError"),
    bad(targetGroup, { deregistrationDelay: 3601 }, "ValidationError"),
    again(targetGroup, "DuplicateTargetGroupName"),
    inUse(targetGroup, "ResourceInUse"),
    unknown(listener, "loadBalancerArn", "LoadBalancerNotFound"),
    unknown(listener, "defaultActions.0.targetGroupArn", "TargetGroupNotFound"),
    unknown(listener, "certificateArn", "CertificateNotFound"),
    bad(
        listener,
        { certificateArn: "pending" },
        "UnsupportedCertificate",
        undefined,
        and(certificate, "pending", { domainName: "example.com" }),
    ),
    bad(listener, { certificateArn: undefined }, "ValidationError"),
    bad(listener, { protocol: "HTTP", certificateArn: undefined }, "InvalidConfigurationRequest"),
    {
        ...bad(listener, { loadBalancerArn: "another", certificateArn: "issued" }, "TargetGroupAssociationLimit"),
        world: (resources) => and(certificate, "issued", {})(and(balancer, "another", {})(resources)),
    },
    again(listener, "DuplicateListener"),
    unknown(listener, "mutualAuthentication.trustStoreArn", "TrustStoreNotFound"),
    unknown(trustStore, "caCertificatesBundleS3Bucket", "CaCertificatesBundleNotFound"),
    unknown(trustStore, "caCertificatesBundleS3ObjectVersion", "CaCertificatesBundleNotFound"),
    again(trustStore, "DuplicateTrustStoreName"),
    inUse(trustStore, "TrustStoreInUse"),
    unknown("aws:s3/bucketObjectv2:BucketObjectv2", "bucket", "NoSuchBucket"),
    { ...inUse(certificate, "ResourceInUseException"), stack: "dev" },
    bad(validation, { certificateArn: "gone" }, "ResourceNotFoundException"),
    bad(
        validation,
        { certificateArn: "pending", validationRecordFqdns: ["_1.example.com."] },
        "RequestTimeout",
        undefined,
        and(certificate, "pending", { domainName: "example.com" }),
    ),
];

const fn = "aws:lambda/function:Function";
const onFailure = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig";
const permission = "aws:lambda/permission:Permission";
const trigger = "aws:lambda/eventSourceMapping:EventSourceMapping";
const faultyImage = "faulty@sha256:1";
const invocation = "aws:lambda/invocation:Invocation";
const userOfOms = "data-postgres-users-oms";
const messages = "cognitive-messages";
const dispatcher = "cognitive-dispatcher";
const ticks = "momentum.ticks";
const authorizerName = "aipx-production-websocket-authorizer";
const wrongRole = `arn:aws:iam::${accountId}:role/aipx-production-postgres-monitoring`;
const api = "aws:apigatewayv2/api:Api";
const authorizer = "aws:apigatewayv2/authorizer:Authorizer";
const integration = "aws:apigatewayv2/integration:Integration";
const route = "aws:apigatewayv2/route:Route";
const deployment = "aws:apigatewayv2/deployment:Deployment";
const stage = "aws:apigatewayv2/stage:Stage";
const queue = "aws:sqs/queue:Queue";
const badValue = "InvalidParameterValueException";
const serverlessRows: Row[] = [
    bad(
        invocation,
        { input: JSON.stringify({ taskDefinitionArn: "faulty" }) },
        "Unhandled",
        "hot-path-oms-trial",
        and(task, "faulty", { containerDefinitions: `[{"image":"registry/${faultyImage}"}]` }, { arn: "faulty" }),
    ),
    unknown(fn, "role", badValue),
    unknown(fn, "imageUri", badValue),
    bad(fn, { imageUri: `${accountId}.dkr.ecr.us-east-1.amazonaws.com/a@sha256:1` }, badValue),
    unknown(fn, "vpcConfig.subnetIds.0", badValue),
    unknown(fn, "vpcConfig.securityGroupIds.0", badValue),
    bad(fn, { role: wrongRole }, badValue),
    unknown(fn, "kmsKeyArn", "KMSNotFoundException"),
    bad(fn, { "deadLetterConfig.targetArn": arn("sqs", "gone") }, badValue),
    bad(fn, { timeout: 901 }, badValue),
    bad(fn, { memorySize: 127 }, badValue),
    bad(fn, { "environment.variables": { A: "a".repeat(4096) } }, badValue),
    bad(fn, { reservedConcurrentExecutions: 900 }, badValue),
    again(fn, "ResourceConflictException"),
    unknown(onFailure, "functionName", "ResourceNotFoundException"),
    unknown(onFailure, "destinationConfig.onFailure.destination", badValue),
    bad(onFailure, { functionName: authorizerName }, badValue),
    bad(onFailure, { maximumRetryAttempts: 3 }, badValue),
    bad(onFailure, { maximumEventAgeInSeconds: 59 }, badValue),
    unknown(permission, "function", "ResourceNotFoundException"),
    again(permission, "ResourceConflictException"),
    unknown(trigger, "functionName", "ResourceNotFoundException"),
    unknown(trigger, "eventSourceArn", badValue, dispatcher),
    unknown(trigger, "eventSourceArn", badValue, ticks),
    unknown(trigger, "destinationConfig.onFailure.destinationArn", badValue, ticks),
    bad(trigger, { functionName: authorizerName }, badValue, dispatcher),
    bad(trigger, {}, badValue, dispatcher, (resources) =>
        resources.map((one) => (one.type === fn ? { ...one, inputs: { ...one.inputs, timeout: 43_200 } } : one)),
    ),
    bad(trigger, { batchSize: 11 }, badValue, dispatcher),
    bad(trigger, { batchSize: 10_001 }, badValue, ticks),
    bad(trigger, { maximumBatchingWindowInSeconds: 301 }, badValue, ticks),
    bad(trigger, { "scalingConfig.maximumConcurrency": 1 }, badValue, dispatcher),
    bad(trigger, { startingPosition: undefined }, badValue, ticks),
    again(trigger, "ResourceConflictException"),
    bad(
        "aws:apigateway/account:Account",
        { cloudwatchRoleArn: `arn:aws:iam::${accountId}:role/aipx-production-cognitive-api` },
        "BadRequestException",
    ),
    bad(api, { routeSelectionExpression: undefined }, "BadRequestException"),
    ...Object.keys(refusals)
        .filter((type) => type.startsWith("aws:apigatewayv2/") && type !== api)
        .map((type) => unknown(type, "apiId", "NotFoundException")),
    bad(authorizer, { authorizerUri: "function:gone" }, "BadRequestException"),
    again(authorizer, "BadRequestException"),
    inUse(authorizer, "ConflictException"),
    unknown(integration, "credentialsArn", "BadRequestException", "messages"),
    bad(integration, { integrationUri: arn("lambda", "function:f") }, "BadRequestException", "connect"),
    bad(integration, { timeoutMilliseconds: 29_001 }, "BadRequestException"),
    inUse(integration, "ConflictException"),
    unknown(route, "target", "BadRequestException"),
    unknown(route, "authorizerId", "BadRequestException", "connect"),
    bad(route, { routeKey: "$default" }, "BadRequestException", "connect"),
    again(route, "ConflictException"),
    bad(deployment, {}, "BadRequestException", undefined, without(route)),
    inUse(deployment, "BadRequestException"),
    unknown(stage, "deploymentId", "NotFoundException"),
    unknown(stage, "accessLogSettings.destinationArn", "BadRequestException"),
    bad(stage, {}, "BadRequestException", undefined, without("aws:apigateway/account:Account")),
    again(stage, "ConflictException"),
    bad(
        queue,
        { redrivePolicy: JSON.stringify({ deadLetterTargetArn: arn("sqs", "gone") }) },
        "InvalidParameterValue",
        messages,
    ),
    bad(queue, { fifoQueue: false }, "InvalidParameterValue", messages),
    bad(
        queue,
        { redrivePolicy: JSON.stringify({ deadLetterTargetArn: arn("sqs", "aipx-production-notification-failed") }) },
        "InvalidParameterValue",
        messages,
    ),
    bad(queue, { visibilityTimeoutSeconds: 43_201 }, "InvalidAttributeValue"),
    bad(queue, { messageRetentionSeconds: 59 }, "InvalidAttributeValue"),
    again(queue, "QueueAlreadyExists"),
    unknown("aws:sqs/queuePolicy:QueuePolicy", "queueUrl", "AWS.SimpleQueueService.NonExistentQueue"),
    unknown(invocation, "functionName", "ResourceNotFoundException"),
    bad(invocation, { input: "oms" }, "InvalidRequestContentException"),
    bad(invocation, {}, "FunctionError", userOfOms, without(database)),
    bad(invocation, {}, "FunctionError", userOfOms, without(ingress)),
    bad(invocation, {}, "FunctionError", userOfOms, without(egress)),
    bad(invocation, {}, "FunctionError", userOfOms, without("aws:iam/rolePolicy:RolePolicy")),
    bad("aws:sqs/queuePolicy:QueuePolicy", { policy: someone }, "InvalidAttributeValue"),
    again("aws:sns/topic:Topic", "InvalidParameter"),
    unknown("aws:sns/topicPolicy:TopicPolicy", "arn", "NotFound"),
    bad("aws:sns/topicPolicy:TopicPolicy", { policy: someone }, "InvalidParameter"),
    bad("aws:sns/topicSubscription:TopicSubscription", { topic: arn("sns", "gone") }, "NotFound"),
    bad(
        "aws:sns/topicSubscription:TopicSubscription",
        { topic: arn("sns", "aipx-production-alarms"), protocol: "sqs", endpoint: arn("sqs", "gone") },
        "InvalidParameter",
    ),
];

const rows = [...networkRows, ...identityRows, ...observabilityRows, ...dataRows, ...containerRows, ...serverlessRows];

/** Of the load balancer, where the stack names one that others made. */
const certificateArn = arn("acm", "certificate/00000000-0000-0000-0000-000000000000");

async function replayed(stack: string): Promise<Account> {
    const { recording } = await planOf(stack);
    const account = new Account("ap-northeast-2", accountId);
    outside(account).add(certificateArn);
    replay(recording, account);
    return account;
}

/** The account as if other things existed in it. */
function inWorld(account: Account, world: NonNullable<Row["world"]>): Account {
    const resources = world(account.resources);
    const other = Object.create(account, {
        resources: { value: resources },
        get: {
            value: (type: string, id: string) => resources.find((one) => one.type === type && one.id === id),
        },
    }) as Account;
    outside(other).add(certificateArn);
    return other;
}

function changed(inputs: Inputs, change: Inputs): Inputs {
    const result = structuredClone(inputs);
    for (const [path, value] of Object.entries(change)) {
        const keys = path.split(".");
        const last = keys.pop()!;
        const holder = keys.reduce<Inputs>((at, step): Inputs => (at[step] ??= {}), result);
        if (value === goneMark) {
            assert.equal(typeof holder[last], "string", `${path} is there`);
            holder[last] += "-gone";
        } else {
            holder[last] = value;
        }
    }
    return result;
}

/** What AWS says; `undefined` if it does what it was asked for. */
function answer(whole: Account, { kind, type, name, change, world }: Row): AwsError | undefined {
    const account = world ? inWorld(whole, world) : whole;
    const before = account.ofType(type).find(({ urn }) => urn.endsWith(name ?? ""));
    const base = before ?? whole.ofType(type).find(({ urn }) => urn.endsWith(name ?? ""));
    const old = base ?? { type, id: "new", urn: "urn::new", inputs: {}, outputs: {} };
    const inputs = changed(old.inputs, change);
    const isSame = Object.keys(change).length === 0;
    const wanted = { ...old, inputs, outputs: { ...old.outputs, ...inputs } };
    try {
        if (kind === "update") {
            // A world may have changed what is there.
            const asWas = whole.ofType(type).find(({ urn }) => urn === old.urn)!;
            refuse(kind, isSame ? { ...asWas } : wanted, account, before);
        } else {
            refuse(kind, kind === "delete" && isSame ? old : wanted, account);
        }
        return undefined;
    } catch (error) {
        assert.ok(error instanceof AwsError, String(error instanceof Error ? error.stack : error));
        return error;
    }
}

/** Without a check, one that relies on it may fail. */
function answerOrCrash(account: Account, row: Row): string {
    try {
        return String(answer(account, row)?.message);
    } catch (error) {
        return String(error);
    }
}

const leavesBehind = [secret, database, cache, "aws:s3/bucket:Bucket"];

const titleOf = ({ kind, type, name, change, code }: Row): string =>
    `${kind} ${type.split(":").pop()!} ${name ?? ""} ${Object.entries(change)
        .map(([path, value]) => (value === goneMark ? `${path} unknown` : `${path}=${JSON.stringify(value)}`))
        .join(" ")
        .slice(0, 80)}: ${code}`;

const accounts = {} as Record<(typeof replayedStacks)[number], Account>;

describe("What AWS refuses", () => {
    before(async () => {
        for (const stack of replayedStacks) {
            accounts[stack] = await replayed(stack);
            accounts[stack].faulty.set(faultyImage, "fails its self-test");
        }
    });

    for (const row of rows) {
        it(titleOf(row), () => {
            assert.equal(answer(accounts[row.stack ?? "production"], row)?.code, row.code);
        });
    }

    it("answers otherwise if any check is left out", () => {
        const unnoticed: string[] = [];
        for (const [type, ofType] of Object.entries(refusals)) {
            const own = rows.filter((row) => row.type === type);
            const answers = (): string =>
                JSON.stringify([
                    own.map((row) => answerOrCrash(accounts[row.stack ?? "production"], row)),
                    leavesBehind.includes(type) ? leftBehind(accounts.production).map(String) : [],
                ]);
            const right = answers();
            for (const [kind, checks] of Object.entries(ofType as Record<string, Check[]>)) {
                checks.forEach((check, index) => {
                    checks[index] = () => undefined;
                    if (answers() === right) {
                        unnoticed.push(`${type} ${kind} ${index}`);
                    }
                    checks[index] = check;
                });
            }
        }
        assert.deepEqual(unnoticed, []);
    });

    it("knows what deleted resources leave behind", () => {
        assert.deepEqual(
            leftBehind(accounts.production).map(({ code }) => code),
            ["InvalidRequestException", "DBSnapshotAlreadyExists", "SnapshotAlreadyExistsFault", "BucketNotEmpty"],
        );
    });

    it("takes keys by id, ARN and alias, and what is AWS's or of another account", () => {
        const { production } = accounts;
        for (const kmsKeyId of [
            "alias/aipx-production-services",
            arn("kms", "alias/aipx-production-services"),
            "alias/aws/secretsmanager",
            "arn:aws:kms:ap-northeast-2:210987654321:key/theirs",
        ]) {
            const name = "another";
            assert.equal(answer(production, bad(secret, { kmsKeyId, name }, "none")), undefined, kmsKeyId);
        }
    });

    for (const type of [
        "aws:cloudwatch/dashboard:Dashboard",
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        "aws:cloudwatch/eventRule:EventRule",
        "aws:iam/rolePolicy:RolePolicy",
        "aws:s3/bucketPolicy:BucketPolicy",
        "aws:ecs/taskDefinition:TaskDefinition",
        "aws:appautoscaling/target:Target",
    ]) {
        it(`overwrites ${type}`, () => {
            assert.equal(answer(accounts.production, again(type, "none")), undefined);
        });
    }

    for (const type of [key, logGroup, kafka, "aws:elasticache/user:User", fn, service, api]) {
        it(`deletes ${type}, whoever uses it`, () => {
            assert.equal(answer(accounts.production, inUse(type, "none")), undefined);
        });
    }
});

describe("A whole stack", () => {
    for (const stack of stackNames) {
        it(`is made in order, and deleted the other way round: ${stack}`, async () => {
            const account = await replayed(stack);
            const made = account.resources;
            assert.ok(made.length > 300);
            for (const [type, protection] of [
                [database, "deletionProtection"],
                [balancer, "enableDeletionProtection"],
                [table, "deletionProtectionEnabled"],
            ] as const) {
                for (const { id, inputs } of account.ofType(type)) {
                    account.update(type, id, { ...inputs, [protection]: false });
                }
            }
            account.images.clear();
            for (const { type, id } of made.reverse()) {
                account.delete(type, id);
            }
            assert.deepEqual(account.resources, []);
        });
    }

    it("is refused reservations by a new account, which may run ten functions at a time", async () => {
        const { recording } = await planOf("dev");
        const account = new Account("ap-northeast-2", accountId);
        account.concurrentExecutions = 10;
        assert.throws(
            () => replay(recording, account),
            /UnreservedConcurrentExecution below its minimum value of \[10\]/,
        );
    });

    it("may be refused its first cluster by a new account, and is given it then", async () => {
        const { recording } = await planOf("dev");
        const account = new Account("ap-northeast-2", accountId);
        account.missingServiceRoles.add("ecs.amazonaws.com");
        assert.throws(() => replay(recording, account), /Unable to assume the service linked role/);
        const [cluster] = (await replayed("dev")).ofType("aws:ecs/cluster:Cluster") as [AwsResource];
        assert.deepEqual(account.ofType(cluster.type), []);
        account.create(cluster.type, cluster.urn, cluster.inputs);
        assert.equal(account.ofType(cluster.type).length, 1);
    });

    it("needs its images", async () => {
        const { recording } = await planOf("dev");
        const account = new Account("ap-northeast-2", accountId);
        account.images.add = () => account.images;
        assert.throws(() => replay(recording, account), /Source image .* does not exist/);
    });
});

/** What AWS says because of what was deleted before. */
function leftBehind(whole: Account): AwsError[] {
    const account = inWorld(whole, (resources) => resources);
    const said: AwsError[] = [];
    const ask = (kind: "create" | "delete", resource: AwsResource, among = account): void => {
        try {
            refuse(kind, resource, among);
        } catch (error) {
            said.push(error as AwsError);
        }
    };
    const [deleted] = account.ofType(secret) as [AwsResource];
    const others = inWorld(account, (resources) => resources.filter((one) => one !== deleted));
    ask("delete", { ...deleted, inputs: { ...deleted.inputs, recoveryWindowInDays: 0 } }, others);
    ask("create", deleted, others);
    ask("delete", deleted, others);
    ask("create", deleted, others);
    for (const type of [database, cache]) {
        const [one] = account.ofType(type) as [AwsResource];
        const inputs = { ...one.inputs, deletionProtection: false, skipFinalSnapshot: false };
        const last = { ...one, inputs: { ...inputs, finalSnapshotIdentifier: "final" } };
        ask("delete", last);
        ask("delete", last);
    }
    const [bucket] = account.ofType("aws:s3/bucket:Bucket") as [AwsResource];
    filledBuckets(account).add(bucket.id);
    ask("delete", { ...bucket, inputs: { ...bucket.inputs, forceDestroy: false } });
    ask("delete", { ...bucket, inputs: { ...bucket.inputs, forceDestroy: true } });
    return said;
}
