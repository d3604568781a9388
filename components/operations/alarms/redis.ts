import { type Metric, nodeMetric } from "../metrics";
import { isBurstable, type WatchedRedis } from "../subjects";
import { alarm, type AlarmSpec } from "./alarm";

/** Alarms of each node of the cache. $0.40 a month for a node; $0.10 more each with replicas and on burstable types. */
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
                name: `redis-cpu-${suffix}`,
                description:
                    `The engine's one thread of node ${node} is more than 80 % busy: answers get slow. First: look for ` +
                    "slow commands in the slow log; then more shards, or a larger redis.nodeType.",
                measure: of("EngineCPUUtilization", "Average"),
                threshold: 80,
            }),
            alarm({
                name: `redis-memory-${suffix}`,
                description:
                    `Node ${node} uses more than 80 % of its memory. First: look for keys without an expiry; then more ` +
                    "shards, or a larger redis.nodeType.",
                measure: of("DatabaseMemoryUsagePercentage", "Maximum"),
                threshold: 80,
            }),
            alarm({
                name: `redis-evictions-${suffix}`,
                description:
                    `Node ${node} is out of memory and throws keys away. First: a larger redis.nodeType; services that ` +
                    "rely on the keys may act on missing state.",
                measure: of("Evictions", "Sum"),
                threshold: 0,
                evaluationPeriods: 1,
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
