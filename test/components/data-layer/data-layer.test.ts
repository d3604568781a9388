import assert from "node:assert/strict";
import { names, ofType, record } from "../../support/record";
import { dataLayer, scope } from "./fixture";

const ownNames = [
    "aipx:buildingblocks:PrivateBucket::data-access-logs",
    "aipx:buildingblocks:PrivateBucket::data-lake",
    "aipx:buildingblocks:ServiceRole::data-postgres-monitoring",
    "aipx:buildingblocks:ServiceSecurityGroup::data-kafka",
    "aipx:buildingblocks:ServiceSecurityGroup::data-postgres",
    "aipx:buildingblocks:ServiceSecurityGroup::data-redis",
    "aipx:datalayer:AccessLogs::data-access-logs",
    "aipx:datalayer:DataLake::data-lake",
    "aipx:datalayer:DataLayer::data",
    "aipx:datalayer:Kafka::data-kafka",
    "aipx:datalayer:Postgres::data-postgres",
    "aipx:datalayer:Redis::data-redis",
    "aipx:policy:Suppression::data-kafka-msk-cluster-require-topic-metrics",
    "aws:appautoscaling/policy:Policy::data-kafka-storage",
    "aws:appautoscaling/target:Target::data-kafka-storage",
    "aws:cloudwatch/logGroup:LogGroup::data-kafka",
    "aws:cloudwatch/logGroup:LogGroup::data-postgres-iam-db-auth-error",
    "aws:cloudwatch/logGroup:LogGroup::data-postgres-postgresql",
    "aws:cloudwatch/logGroup:LogGroup::data-postgres-upgrade",
    "aws:cloudwatch/logGroup:LogGroup::data-redis-engine-log",
    "aws:cloudwatch/logGroup:LogGroup::data-redis-slow-log",
    "aws:ec2/securityGroup:SecurityGroup::data-kafka",
    "aws:ec2/securityGroup:SecurityGroup::data-postgres",
    "aws:ec2/securityGroup:SecurityGroup::data-redis",
    "aws:elasticache/parameterGroup:ParameterGroup::data-redis-valkey8",
    "aws:elasticache/replicationGroup:ReplicationGroup::data-redis",
    "aws:elasticache/subnetGroup:SubnetGroup::data-redis",
    "aws:elasticache/user:User::data-redis-oms",
    "aws:elasticache/user:User::data-redis-reader",
    "aws:elasticache/userGroup:UserGroup::data-redis",
    "aws:elasticache/userGroupAssociation:UserGroupAssociation::data-redis-oms",
    "aws:glue/catalogDatabase:CatalogDatabase::data-lake",
    "aws:glue/catalogTable:CatalogTable::data-lake-orders",
    "aws:glue/catalogTable:CatalogTable::data-lake-ticks",
    "aws:iam/role:Role::data-postgres-monitoring",
    "aws:iam/rolePolicy:RolePolicy::data-postgres-monitoring",
    "aws:msk/cluster:Cluster::data-kafka",
    "aws:msk/configuration:Configuration::data-kafka",
    "aws:msk/topic:Topic::data-kafka-orders",
    "aws:msk/topic:Topic::data-kafka-ticks",
    "aws:rds/instance:Instance::data-postgres",
    "aws:rds/parameterGroup:ParameterGroup::data-postgres-17",
    "aws:rds/subnetGroup:SubnetGroup::data-postgres",
    "aws:s3/bucket:Bucket::data-access-logs",
    "aws:s3/bucket:Bucket::data-lake",
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration::data-access-logs",
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration::data-lake",
    "aws:s3/bucketLogging:BucketLogging::data-lake",
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls::data-access-logs",
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls::data-lake",
    "aws:s3/bucketPolicy:BucketPolicy::data-access-logs",
    "aws:s3/bucketPolicy:BucketPolicy::data-lake",
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock::data-access-logs",
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock::data-lake",
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration::data-access-logs",
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration::data-lake",
    "aws:s3/bucketVersioning:BucketVersioning::data-access-logs",
    "aws:s3/bucketVersioning:BucketVersioning::data-lake",
    "aws:ssm/parameter:Parameter::data-kafka-bootstrap-brokers",
    "aws:ssm/parameter:Parameter::data-postgres-endpoint",
    "aws:ssm/parameter:Parameter::data-redis-endpoint",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule::data-kafka-to-aws-endpoints",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule::data-kafka-to-kafka",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule::data-kafka-to-s3",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule::aws-endpoints-from-data-kafka",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule::kafka-from-data-kafka",
];

describe("DataLayer", () => {
    it("has these names", async () => {
        const recording = await record(() => void dataLayer().redis.connect("oms"));
        assert.deepEqual(
            names(recording).filter((name) => !name.includes("::data-keys")),
            ownNames,
        );
    });

    it("tags every resource that can be tagged with its component and store", async () => {
        const recording = await record(() => void dataLayer());
        const stores = new Set<string>();
        for (const { urn, inputs, type } of recording.resources) {
            if (inputs.tags && type.startsWith("aws:") && !urn.includes("data-keys")) {
                const tags = inputs.tags as Record<string, string>;
                assert.equal(tags.component, "data-layer", urn);
                stores.add(tags.service ?? "access-logs");
            }
        }
        assert.deepEqual([...stores].sort(), ["access-logs", "data-lake", "kafka", "postgres", "redis"]);
    });

    it("puts all stores into the isolated subnets", async () => {
        const recording = await record(() => void dataLayer());
        const stores = recording.resources.filter(({ type }) => type !== "aws:lambda/function:Function");
        const text = JSON.stringify(stores.map(({ inputs }) => inputs));
        assert.doesNotMatch(text, /subnet-(public|private)/);
    });

    it("can be made twice in one program", async () => {
        const recording = await record(() => {
            for (const environment of ["one", "two"]) {
                dataLayer({ scope: scope(environment) }, environment).redis.connect("oms");
            }
        });
        for (const type of ["aws:msk/cluster:Cluster", "aws:rds/instance:Instance", "aws:elasticache/user:User"]) {
            const physical = ofType(recording, type).map(
                ({ inputs }) => (inputs.clusterName ?? inputs.identifier ?? inputs.userId) as string,
            );
            assert.equal(new Set(physical).size, physical.length);
            assert.equal(physical.filter((name) => name.startsWith("aipx-one-")).length, physical.length / 2);
        }
    });
});
