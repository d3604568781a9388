/** One topic. */
export interface TopicSettings {
    /** Can be raised, never lowered. */
    partitions: number;
    /** Hours that Kafka keeps a record. */
    retentionHours: number;
    /**
     * Copies of each record. A change replaces the topic, and its records are lost.
     * @default one in each availability zone
     */
    replicationFactor?: number;
}

/** How many copies there are of a record, and how many brokers must have it before a producer hears that it is safe. */
export interface Replication {
    factor: number;
    minInSync: number;
}

/**
 * What suits a cluster, as MSK has it too: a copy in each zone, and producers go on when one fails. It does not follow the
 * number of brokers, since brokers are added to a cluster that lives, and another factor would replace its topics.
 */
const defaultReplication = (zones: number): Replication => withFactor(zones);

/**
 * Replication of a topic.
 *
 * @throws Error when it asks for more replicas than there are brokers.
 */
export function replicationOf(
    topic: string,
    settings: TopicSettings,
    { brokers, zones }: { brokers: number; zones: number },
): Replication {
    const factor = settings.replicationFactor ?? defaultReplication(zones).factor;
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
export function serverProperties(zones: number): string {
    const { factor, minInSync } = defaultReplication(zones);
    return [
        "allow.everyone.if.no.acl.found=false",
        "auto.create.topics.enable=false",
        `default.replication.factor=${factor}`,
        `min.insync.replicas=${minInSync}`,
        "unclean.leader.election.enable=false",
        "",
    ].join("\n");
}
