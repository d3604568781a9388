import { brokerIds, brokerMetric, clusterMetric, type Metric, topicMetric } from "../metrics";
import { isBurstable, type WatchedHotPath, type WatchedKafka } from "../subjects";
import { alarm, type AlarmSpec } from "./alarm";

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
            name: `kafka-iam-connections-${broker}`,
            description:
                `Broker ${broker} refuses new IAM connections: 100 a second are allowed, 4 on t3. First: find the ` +
                "client that reconnects in a loop (feeds and functions must keep their connection).",
            measure: of("IAMTooManyConnections", "Maximum"),
            threshold: 0,
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
 * For each feed and topic: no market data in the middle of a trading day, for whatever reason. 10 cents a month for each
 * broker, and 10 for the clock.
 */
export function marketDataAlarms(
    kafka: WatchedKafka,
    { feeds, feedTopics }: Pick<WatchedHotPath, "feeds" | "feedTopics">,
): AlarmSpec[] {
    return Object.entries(feeds).flatMap(([feed, { service }]) =>
        (feedTopics[feed] ?? []).map((topic) => {
            // With the clock, ten metrics at most; partitions of a topic are spread over all brokers.
            const brokers = brokerIds(kafka).slice(0, 9);
            const bytes = brokers.map((broker) => `FILL(broker${broker}, 0)`).join(" + ");
            return alarm({
                name: `${service}-silent-${topic}`,
                description:
                    `No market data in topic ${topic} for 15 minutes between 09:00 and 15:00 Korean time, Monday to ` +
                    `Friday. On a market holiday: ignore it. First: the log of ${service} (session refused, app key ` +
                    "blocked?), then KIS's notices. Strategies trade on old prices until it is mended.",
                measure: {
                    // Hours are UTC: 0 to 5 is 09:00 to 15:00 in Korea, which every session of the exchange covers.
                    expression: `IF(DAY(clock) < 6 AND HOUR(clock) < 6, ${bytes}, 1)`,
                    metrics: {
                        // A metric that is always there: while the feed is down, there may be none of its own.
                        clock: clusterMetric(kafka, "GlobalTopicCount", "Average"),
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
                periodSeconds: 300,
                evaluationPeriods: 3,
            });
        }),
    );
}
