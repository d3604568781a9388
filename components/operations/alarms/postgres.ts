import { instanceMemoryGiB } from "../../building-blocks";
import { databaseMetric, type Metric } from "../metrics";
import { isBurstable, type WatchedPostgres } from "../subjects";
import { alarm, type AlarmSpec } from "./alarm";

const gibibyte = 1024 ** 3;

/** Alarms of the database. $0.70 a month; $0.10 more on burstable classes. */
export function postgresAlarms(postgres: WatchedPostgres): AlarmSpec[] {
    const memory = instanceMemoryGiB(postgres.instanceClass) * gibibyte;
    const of = (metricName: string, statistic: Metric["statistic"]): Metric =>
        databaseMetric(postgres, metricName, statistic);
    const latency = (name: string, what: string, metricName: string): AlarmSpec =>
        alarm({
            name,
            description:
                `${what} take more than 20 ms on average. First: look for the query behind them in Database Insights; ` +
                "then CPU credits and IOPS of the disk.",
            measure: of(metricName, "Average"),
            threshold: 0.02,
            periodSeconds: 300,
            evaluationPeriods: 3,
        });
    return [
        alarm({
            name: "postgres-cpu",
            description:
                "The database uses more than 80 % CPU. First: look for the heaviest query in Database Insights; then a " +
                "larger postgres.instanceClass.",
            measure: of("CPUUtilization", "Average"),
            threshold: 80,
            periodSeconds: 300,
            evaluationPeriods: 3,
        }),
        alarm({
            name: "postgres-storage",
            description:
                "Less than 10 % of the disk is free. It grows by itself, at most once in six hours and up to " +
                "postgres.maxStorageGiB. First: check that it grew; if it is at the limit, raise that.",
            measure: of("FreeStorageSpace", "Minimum"),
            comparison: "<",
            threshold: Math.round(0.1 * postgres.storageGiB * gibibyte),
        }),
        alarm({
            name: "postgres-memory",
            description:
                "Less than 5 % of the database's memory is free: it is about to swap. First: count the connections and " +
                "close idle ones; then a larger postgres.instanceClass.",
            measure: of("FreeableMemory", "Average"),
            comparison: "<",
            threshold: Math.round(0.05 * memory),
            periodSeconds: 300,
            evaluationPeriods: 3,
        }),
        alarm({
            name: "postgres-connections",
            description:
                "The database has about 80 % of the connections that it takes. First: see which user holds them " +
                "(pg_stat_activity); functions must share one connection an instance.",
            measure: of("DatabaseConnections", "Maximum"),
            threshold: connectionsWorthAnAlarm(memory),
        }),
        latency("postgres-read-latency", "Reads", "ReadLatency"),
        latency("postgres-write-latency", "Writes", "WriteLatency"),
        alarm({
            name: "postgres-transaction-ids",
            description:
                "A billion transaction ids are in use; at two billion the database refuses writes. First: look for a " +
                "transaction or replication slot that has been open for days, then run VACUUM FREEZE.",
            measure: of("MaximumUsedTransactionIDs", "Maximum"),
            threshold: 1_000_000_000,
            periodSeconds: 3600,
            evaluationPeriods: 1,
        }),
        ...(isBurstable(postgres.instanceClass)
            ? [
                  alarm({
                      name: "postgres-cpu-credits",
                      description:
                          "The database has nearly used up its CPU credits; from then on each vCPU-hour above its " +
                          "baseline is charged; a new one begins with none. First: find what loads it; then an m7g class.",
                      measure: of("CPUCreditBalance", "Minimum"),
                      comparison: "<",
                      threshold: 20,
                      periodSeconds: 300,
                      evaluationPeriods: 2,
                  }),
              ]
            : []),
    ];
}

/** RDS's own default of `max_connections` counts the memory that is left beside the system: take 60 % of it all as 80 %. */
function connectionsWorthAnAlarm(memoryBytes: number): number {
    return Math.floor(0.6 * Math.min(memoryBytes / 9_531_392, 5000));
}
