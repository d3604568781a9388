/** One topic. */
export interface TopicSettings {
    /** Can be raised, never lowered. */
    partitions: number;
    /** Hours that Kafka keeps a record. */
    retentionHours: number;
    /**
     * Copies of each record. A change replaces the topic, and its records are lost.
     * @default 2 with 2 brokers, otherwise 3
     */
    replicationFactor?: number;
}

/** How many copies there are of a record, and how many brokers must have it before a producer hears that it is safe. */
export interface Replication {
    factor: number;
    minInSync: number;
}

/** What suits a cluster: one broker may fail, and producers go on. */
export function defaultReplication(brokers: number): Replication {
    return withFactor(brokers === 2 ? 2 : 3);
}

/**
 * Replication of a topic.
 *
 * @throws Error when it asks for more replicas than there are brokers.
 */
export function replicationOf(topic: string, settings: TopicSettings, brokers: number): Replication {
    const factor = settings.replicationFactor ?? defaultReplication(brokers).factor;
    if (factor > brokers) {
        throw new Error(
            `Kafka: replicationFactor of topic "${topic}" is ${factor}; with ${brokers} brokers it can be at most ${brokers}`,
        );
    }
    return withFactor(factor);
}

const withFactor = (factor: number): Replication => ({ factor, minInSync: Math.max(1, factor - 1) });

/** A topic's configuration, in one canonical form: sorted, every value a text, as Kafka gives it back. */
export function topicConfigs(settings: TopicSettings, { minInSync }: Replication): string {
    return JSON.stringify({
        "cleanup.policy": "delete",
        "min.insync.replicas": String(minInSync),
        "retention.ms": String(settings.retentionHours * 3_600_000),
    });
}

/** What brokers do differently from MSK's defaults: nothing is created, lost or readable by accident. */
export function serverProperties(brokers: number): string {
    const { factor, minInSync } = defaultReplication(brokers);
    return [
        "allow.everyone.if.no.acl.found=false",
        "auto.create.topics.enable=false",
        `default.replication.factor=${factor}`,
        `min.insync.replicas=${minInSync}`,
        "unclean.leader.election.enable=false",
        "",
    ].join("\n");
}
