import {
    brokerIds,
    brokerMetric,
    clientConnections,
    clusterMetric,
    type Metric,
    topicMetric,
    tradingClock,
} from "../metrics";
import { isBurstable, type WatchedHotPath, type WatchedKafka } from "../subjects";
import { type TradingTimes, tradingSteps } from "../trading-calendar";
import { alarm, type AlarmSpec } from "./alarm";

/** Connections of clients that sign in with IAM, which AWS lets a broker of any type have. */
const mostConnections = 3000;

/** The alarms that AWS recommends for MSK. $0.20 a month, and $0.70 for each broker, $0.80 on burstable types. */
export function kafkaAlarms(kafka: WatchedKafka): AlarmSpec[] {
    return [
        alarm({
            name: "kafka-offline-partitions",
            description:
                "Partitions without a leader: nobody can read or write them. First: look in the MSK console whether " +
                "brokers are down; with two of three up, AWS heals it.",
            measure: clusterMetric(kafka, "OfflinePartitionsCount", "Maximum"),
            threshold: 0,
            evaluationPeriods: 2,
        }),
        alarm({
            name: "kafka-controller",
            description:
                "No broker is the cluster's controller: leaders cannot move. First: look in the MSK console for an " +
                "operation in progress; if there is none and it lasts 15 minutes, open an AWS support case.",
            // Each broker sends 0 or 1.
            measure: clusterMetric(kafka, "ActiveControllerCount", "Maximum"),
            comparison: "<",
            threshold: 1,
        }),
        ...brokerIds(kafka).flatMap((broker) => brokerAlarms(kafka, broker)),
    ];
}

function brokerAlarms(kafka: WatchedKafka, broker: string): AlarmSpec[] {
    const of = (metricName: string, statistic: Metric["statistic"]): Metric =>
        brokerMetric(kafka, broker, metricName, statistic);
    return [
        alarm({
            name: `kafka-cpu-${broker}`,
            description:
                `Broker ${broker} uses more than 60 % CPU: it could not take over when another one fails. First: find ` +
                "the topic or client whose traffic grew; then a larger kafka.brokerType.",
            measure: {
                expression: "user + system",
                metrics: { user: of("CpuUser", "Average"), system: of("CpuSystem", "Average") },
            },
            threshold: 60,
            periodSeconds: 300,
            evaluationPeriods: 3,
        }),
        alarm({
            name: `kafka-disk-${broker}`,
            description:
                `The disk of broker ${broker} is more than 85 % full; a full one stops the broker. First: raise ` +
                "kafka.maxStorageGiB, or lower retentionHours of the largest topic.",
            measure: of("KafkaDataLogsDiskUsed", "Maximum"),
            threshold: 85,
        }),
        alarm({
            name: `kafka-under-replicated-${broker}`,
            description:
                `Broker ${broker} lacks copies of partitions that it leads. Normal for minutes while AWS patches a ` +
                "broker. First: if there is no operation in the MSK console, look at CPU and disk of all brokers.",
            measure: of("UnderReplicatedPartitions", "Maximum"),
            threshold: 0,
            evaluationPeriods: 15,
        }),
        alarm({
            name: `kafka-under-min-isr-${broker}`,
            description:
                `Partitions that broker ${broker} leads have fewer copies than a write needs: producers that wait for ` +
                "all copies are refused. First: see which broker is down in the MSK console.",
            measure: of("UnderMinIsrPartitionCount", "Maximum"),
            comparison: ">=",
            threshold: 1,
            evaluationPeriods: 3,
        }),
        alarm({
            name: `kafka-heap-${broker}`,
            description:
                `More than 60 % of broker ${broker}'s heap stays used after garbage collection. First: look for clients ` +
                "with many transactions or connections; then a larger kafka.brokerType.",
            measure: of("HeapMemoryAfterGC", "Average"),
            threshold: 60,
            periodSeconds: 300,
            evaluationPeriods: 3,
        }),
        alarm({
            name: `kafka-connections-${broker}`,
            description:
                `Broker ${broker} has more than 80 % of the connections that it takes; further clients are refused. First: ` +
                "see which service started or was deployed when the number began to rise: feeds and functions must keep " +
                "their connection.",
            measure: clientConnections(kafka, broker),
            threshold: 0.8 * mostConnections,
        }),
        ...(isBurstable(kafka.brokerType)
            ? [
                  alarm({
                      name: `kafka-cpu-credits-${broker}`,
                      description:
                          `Broker ${broker} has nearly used up its CPU credits and will slow down to its baseline; ` +
                          "a new one begins with none. First: reduce traffic; then an m7g type as kafka.brokerType.",
                      measure: of("CPUCreditBalance", "Minimum"),
                      comparison: "<",
                      threshold: 50,
                      periodSeconds: 300,
                      evaluationPeriods: 2,
                  }),
              ]
            : []),
    ];
}

/**
 * For each feed and topic: no market data while a market trades that the feed listens to, for whatever reason. 10 cents a
 * month for each broker, and 10 for the clock.
 */
export function marketDataAlarms(
    kafka: WatchedKafka,
    { feeds, feedTopics, feedMarkets }: Pick<WatchedHotPath, "feeds" | "feedTopics" | "feedMarkets">,
    times: TradingTimes,
): AlarmSpec[] {
    return Object.entries(feeds).flatMap(([feed, { service }]) =>
        (feedTopics[feed] ?? []).map((topic) => {
            // With the clock, ten metrics at most; partitions of a topic are spread over all brokers.
            const brokers = brokerIds(kafka).slice(0, 9);
            const bytes = brokers.map((broker) => `FILL(broker${broker}, 0)`).join(" + ");
            return alarm({
                name: `${service}-silent-${topic}`,
                description:
                    `No market data in topic ${topic} for 5 minutes of a session: strategies trade on old prices until it ` +
                    `is mended. First: the log of ${service} (session refused, app key blocked?), then KIS's notices. On a ` +
                    "holiday that was announced late: ignore it, and add the day to settings/market-calendar.ts. At any " +
                    "other time: Kafka sends no metrics; look for an operation in the MSK console.",
                measure: {
                    expression: `IF(trading, ${bytes}, 1)`,
                    steps: tradingSteps(times, feedMarkets[feed] ?? [], "sessions"),
                    metrics: {
                        clock: tradingClock(kafka),
                        ...Object.fromEntries(
                            brokers.map((broker) => [
                                `broker${broker}`,
                                topicMetric(kafka, broker, topic, "BytesInPerSec"),
                            ]),
                        ),
                    },
                },
                comparison: "<",
                // The rate is a decaying average, which comes close to zero but seldom reaches it.
                threshold: 1,
                // A topic that has never had a record has no metric at all.
                treatMissingData: "breaching",
            });
        }),
    );
}
