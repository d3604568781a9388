import { type Metric } from "../../../components/operations/metrics";

// What AWS documents for each namespace: metrics by the dimensions that they are sent with. Those of Kafka are the ones of
// level DEFAULT, which are free: MessagesInPerSec of a topic needs PER_TOPIC_PER_BROKER, and IAMTooManyConnections
// PER_BROKER (Amazon MSK, metrics for monitoring Standard brokers).
const known: Record<string, Record<string, string[]>> = {
    "AWS/ApiGateway": {
        "ApiId,Stage": ["ClientError", "ConnectCount", "ExecutionError", "IntegrationError", "MessageCount"],
    },
    "AWS/ApplicationELB": {
        LoadBalancer: ["HTTPCode_ELB_5XX_Count", "RejectedConnectionCount", "RequestCount"],
        "LoadBalancer,TargetGroup": ["HTTPCode_Target_5XX_Count", "HealthyHostCount", "UnHealthyHostCount"],
    },
    "AWS/ECS": { "ClusterName,ServiceName": ["CPUUtilization", "MemoryUtilization"] },
    "AWS/ElastiCache": {
        CacheClusterId: [
            "CPUCreditBalance",
            "CurrConnections",
            "DatabaseMemoryUsagePercentage",
            "CPUUtilization",
            "EngineCPUUtilization",
            "ReplicationLag",
        ],
    },
    "AWS/Events": { "EventBusName,RuleName": ["FailedInvocations"], RuleName: ["FailedInvocations"] },
    "AWS/Kafka": {
        "Cluster Name": ["ActiveControllerCount", "GlobalTopicCount", "OfflinePartitionsCount"],
        "Broker ID,Cluster Name": [
            "CPUCreditBalance",
            "ConnectionCount",
            "CpuSystem",
            "CpuUser",
            "HeapMemoryAfterGC",
            "KafkaDataLogsDiskUsed",
            "UnderMinIsrPartitionCount",
            "UnderReplicatedPartitions",
        ],
        "Broker ID,Client Authentication,Cluster Name": ["ClientConnectionCount"],
        "Broker ID,Cluster Name,Topic": ["BytesInPerSec"],
        "Cluster Name,Consumer Group,Topic": ["EstimatedMaxTimeLag", "MaxOffsetLag"],
    },
    "AWS/Lambda": { FunctionName: ["Duration", "Errors", "Invocations", "Throttles"] },
    "AWS/NATGateway": { NatGatewayId: ["ErrorPortAllocation", "PacketsDropCount"] },
    "AWS/RDS": {
        DBInstanceIdentifier: [
            "CPUCreditBalance",
            "CPUUtilization",
            "DatabaseConnections",
            "FreeStorageSpace",
            "FreeableMemory",
            "MaximumUsedTransactionIDs",
            "ReadLatency",
            "WriteLatency",
        ],
    },
    "AWS/SQS": { QueueName: ["ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible"] },
    "ECS/ContainerInsights": { "ClusterName,ServiceName": ["DesiredTaskCount", "RunningTaskCount"] },
    // The platform's own: filters of the services' logs.
    "aipx/dev": {
        "": [
            "OrderLatency",
            "OrdersExecuted",
            "OrdersRejected",
            "OrdersSent",
            "ingestion-krx-errors",
            "ingestion-krx-sessions",
            "oms-errors",
        ],
    },
};

/** Whether a metric exists, with just these dimensions. */
export function isKnownMetric({
    namespace,
    metricName,
    dimensions,
}: Pick<Metric, "namespace" | "metricName" | "dimensions">): boolean {
    return known[namespace]?.[Object.keys(dimensions).sort().join(",")]?.includes(metricName) ?? false;
}
