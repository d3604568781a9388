/** Mutants that no rule catches, in whatever stack, each with the reason why that is right. */
export const survivors: Readonly<Record<string, string>> = {
    "Lambda-043 aws:lambda/function:Function reservedConcurrentExecutions is -1 @ cold-path-data-recorder":
        "it has no limit of its own to begin with: its only sources are Kafka topics, whose partitions bound it",
    "Redis-066 aws:elasticache/replicationGroup:ReplicationGroup atRestEncryptionEnabled removed @ data-redis":
        "the engine is Valkey, for which it is true by default",
    "S3-113 aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration removed @ data-access-logs":
        "S3 encrypts every object with its own key by default, and a bucket for access logs can have no other",
    "S3-113 aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration rules is [] @ data-access-logs":
        "S3 encrypts every object with its own key by default, and a bucket for access logs can have no other",
    "VPC-184 aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule toPort is 65535 @ redis-from-cold-path-strategies":
        "the source is one group, whose own rule lets it out to the one port only",
    "VPC-184 aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule toPort is 65535 @ postgres-from-cold-path-cognitive-agent":
        "the source is one group, whose own rule lets it out to the one port only",
    "SQS-180 aws:cloudwatch/metricAlarm:MetricAlarm removed @ operations-records-failed":
        "it is no dead-letter queue, but tells of the records that a bucket keeps; its alarm is pinned by the tests of alarms",
    "SQS-180 aws:sqs/queue:Queue messageRetentionSeconds removed @ cold-path-failed-records":
        "it is no dead-letter queue, but tells of the records that a bucket keeps for 30 days",
    "SQS-180 aws:sqs/queue:Queue messageRetentionSeconds is a day @ cold-path-failed-records":
        "it is no dead-letter queue, but tells of the records that a bucket keeps for 30 days",
    "stateful-resource-require-protection aws:rds/instance:Instance protect is false @ data-postgres":
        "Pulumi forgets it and deletes nothing (`retainOnDelete`), which protects it as well",
};

/** Controls of which there is no mutant, each with the reason. */
export const untried: Readonly<Record<string, string>> = {
    "MSK-063": "the finer levels of metrics are left out on purpose, which is an accepted exception",
    "Redis-074": "no port is forbidden unless the rule is configured so",
    "RDS-094": "no port is forbidden unless the rule is configured so",
    "APIGW-146": "there is no REST API, and no integration of a WebSocket API over HTTP",
    "S3-120": "no bucket has to be locked unless the rule is configured so",
};
