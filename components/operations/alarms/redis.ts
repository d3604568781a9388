import { type Metric, nodeMetric } from "../metrics";
import { cacheVcpus, isBurstable, type WatchedRedis } from "../subjects";
import { alarm, type AlarmSpec } from "./alarm";

/**
 * Alarms of each node of the cache. That a node is down shows as silence: ElastiCache tells EventBridge nothing about nodes,
 * and encrypted topics neither.
 *
 * $0.40 a month for a node; $0.10 more each with replicas and on burstable types.
 */
export function redisAlarms(redis: WatchedRedis): AlarmSpec[] {
    // Ids end in shard and node: aipx-dev-0001-002.
    const suffixes = redis.nodeIds.map((node) => node.slice(redis.replicationGroupId.length + 1));
    const shards = new Set(suffixes.map((suffix) => suffix.split("-")[0]));
    const replicated = redis.nodeIds.length > shards.size;
    return redis.nodeIds.flatMap((node, index) => {
        const suffix = suffixes[index]!;
        const of = (metricName: string, statistic: Metric["statistic"]): Metric =>
            nodeMetric(node, metricName, statistic);
        return [
            alarm({
                name: `redis-down-${suffix}`,
                description:
                    `Node ${node} has sent no metrics for minutes: it is down, or AWS replaces it. With replicas another ` +
                    "node has taken over, and what it had not received yet is lost; without, the cache is gone. First: " +
                    "the cache's events in the ElastiCache console; then see that services have reconnected.",
                measure: of("CurrConnections", "Maximum"),
                comparison: "<",
                threshold: 0,
                evaluationPeriods: 3,
                treatMissingData: "breaching",
                after: redis.ready,
            }),
            cpuAlarm(node, suffix, cacheVcpus(redis.nodeType)),
            alarm({
                name: `redis-memory-${suffix}`,
                description:
                    `Node ${node} uses more than 70 % of its memory. It throws nothing away: when memory is full, it ` +
                    "refuses writes, and locks and orders with them. First: look for keys without an expiry; then more " +
                    "shards, or a larger redis.nodeType, today.",
                measure: of("DatabaseMemoryUsagePercentage", "Maximum"),
                threshold: 70,
            }),
            alarm({
                name: `redis-connections-${suffix}`,
                description:
                    `Node ${node} has more than 5,000 connections (it ends at 65,000): a client leaks them. First: see ` +
                    "which service started or was deployed when the number began to rise.",
                measure: of("CurrConnections", "Maximum"),
                threshold: 5000,
            }),
            ...(replicated
                ? [
                      alarm({
                          name: `redis-replication-lag-${suffix}`,
                          // Any node can be a replica after a failover; a primary does not send the metric.
                          description:
                              `Node ${node} is more than 5 seconds behind its primary: a failover would lose that much. ` +
                              "First: look at CPU and network of the primary.",
                          measure: of("ReplicationLag", "Average"),
                          threshold: 5,
                      }),
                  ]
                : []),
            ...(isBurstable(redis.nodeType)
                ? [
                      alarm({
                          name: `redis-cpu-credits-${suffix}`,
                          description:
                              `Node ${node} has nearly used up its CPU credits and will slow down to its baseline; ` +
                              "a new one begins with none. First: find what loads it; then an m7g or r7g type as redis.nodeType.",
                          measure: of("CPUCreditBalance", "Minimum"),
                          comparison: "<",
                          threshold: 20,
                          periodSeconds: 300,
                          evaluationPeriods: 2,
                      }),
                  ]
                : []),
        ];
    });
}

/**
 * AWS's advice: up to two vCPUs, the whole node counts, because what runs beside the engine takes the same cores; 90 % of
 * the one core that the engine can use is 90 divided by their number. Larger nodes have cores to spare: the engine counts.
 */
function cpuAlarm(node: string, suffix: string, vcpus: number): AlarmSpec {
    const small = vcpus <= 2;
    const busy = small
        ? `Node ${node} uses more than ${90 / vcpus} % of its CPU, which is nearly all that the engine's one thread can use`
        : `The engine's one thread of node ${node} is more than 90 % busy`;
    return alarm({
        name: `redis-cpu-${suffix}`,
        description:
            `${busy}: answers get slow. First: look for slow commands in the slow log; then more shards, or a larger ` +
            "redis.nodeType.",
        measure: nodeMetric(node, small ? "CPUUtilization" : "EngineCPUUtilization", "Average"),
        threshold: small ? 90 / vcpus : 90,
    });
}
