/** Mutants that no rule catches, in whatever stack, each with the reason why that is right. */
export const survivors: Readonly<Record<string, string>> = {
    "Lambda-043 aws:lambda/function:Function reservedConcurrentExecutions removed @ cold-path-cognitive-agent":
        "its only source is a FIFO queue with `maximumConcurrency`, which bounds it as well",
    "Lambda-043 aws:lambda/function:Function reservedConcurrentExecutions is -1 @ cold-path-cognitive-agent":
        "its only source is a FIFO queue with `maximumConcurrency`, which bounds it as well",
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
};

/** Controls of which there is no mutant, each with the reason. */
export const untried: Readonly<Record<string, string>> = {
    "Lambda-052": "the functions are images, which have no runtime",
    "Redis-074": "no port is forbidden unless the rule is configured so",
    "RDS-094": "no port is forbidden unless the rule is configured so",
    "APIGW-146": "there is no REST API, and no integration of a WebSocket API over HTTP",
    "S3-120": "no bucket has to be locked unless the rule is configured so",
};
