import { at, type Finding } from "../problems";
import { type Settings } from "../schema";
import { each, type Rule, wrong } from "./rule";

function* brokersOverZones({ network, kafka }: Settings): Iterable<Finding> {
    const zones = network.availabilityZones.length;
    if (kafka.brokers % zones !== 0) {
        yield wrong(
            at("kafka", "brokers"),
            kafka.brokers,
            `must be a multiple of the ${zones} availability zones`,
            Math.ceil(kafka.brokers / zones) * zones,
        );
    }
}

/** Copies that a topic has. */
export const copies = ({ availabilityZones }: Settings["network"], replicationFactor: number | undefined): number =>
    replicationFactor ?? availabilityZones.length;

function* replicationFitsBrokers({ kafka }: Settings): Iterable<Finding> {
    yield* each(kafka.topics, function* (topic, { replicationFactor }) {
        const path = at("kafka", "topics", topic, "replicationFactor");
        if (replicationFactor !== undefined && replicationFactor > kafka.brokers) {
            yield wrong(
                path,
                replicationFactor,
                `must be at most ${kafka.brokers}, the number of brokers`,
                kafka.brokers,
            );
        }
    });
}

/** Partitions that AWS recommends at most for a broker, copies included; with more it refuses updates of the cluster. */
function partitionLimit(brokerType: string): number {
    const size = brokerType.split(".")[2] ?? "";
    const times = Number(/^(\d+)xlarge$/.exec(size)?.[1] ?? 1);
    return size === "small" ? 300 : times >= 4 ? 4000 : times >= 2 ? 2000 : 1000;
}

function* partitionsPerBroker({ network, kafka }: Settings): Iterable<Finding> {
    const all = Object.values(kafka.topics).reduce(
        (sum, topic) => sum + topic.partitions * copies(network, topic.replicationFactor),
        0,
    );
    const limit = partitionLimit(kafka.brokerType);
    if (all > limit * kafka.brokers) {
        yield {
            path: at("kafka", "topics"),
            is: `has ${all} partitions, copies included`,
            must: `must have at most ${limit * kafka.brokers}: AWS allows ${limit} for each ${kafka.brokerType}`,
            fix: [{ edit: "lower partitions, or raise aipx:kafka.brokers or aipx:kafka.brokerType" }],
        };
    }
}

function* kafkaStorage({ kafka: { storageGiB, maxStorageGiB } }: Settings): Iterable<Finding> {
    if (maxStorageGiB < storageGiB) {
        yield wrong(
            at("kafka", "maxStorageGiB"),
            maxStorageGiB,
            `must be at least storageGiB, ${storageGiB}`,
            storageGiB,
        );
    }
}

function* postgresStorage({ postgres: { storageGiB, maxStorageGiB } }: Settings): Iterable<Finding> {
    const least = Math.ceil(storageGiB * 1.1);
    if (maxStorageGiB < least) {
        yield wrong(
            at("postgres", "maxStorageGiB"),
            maxStorageGiB,
            `must be at least ${least}: RDS wants it a tenth above storageGiB, ${storageGiB}`,
            least,
        );
    }
}

/** Oldest versions whose users sign in with IAM. */
const oldestEngine = { redis: [7, 0], valkey: [7, 2] } as const;

function* engineWithIamUsers({ redis: { engine, engineVersion } }: Settings): Iterable<Finding> {
    const [major = 0, minor = 0] = engineVersion.split(".").map(Number);
    const [oldestMajor, oldestMinor] = oldestEngine[engine];
    if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
        const oldest = oldestEngine[engine].join(".");
        yield wrong(
            at("redis", "engineVersion"),
            engineVersion,
            `must be ${oldest} or newer with ${engine}: users sign in with IAM, which older versions do not know`,
            oldest,
        );
    }
}

function* replicasOverZones({ network, redis: { replicasPerShard } }: Settings): Iterable<Finding> {
    const zones = network.availabilityZones.length;
    if (replicasPerShard >= zones) {
        yield wrong(
            at("redis", "replicasPerShard"),
            replicasPerShard,
            `must be at most ${zones - 1}: with ${zones} availability zones another copy would share a zone with the first`,
            zones - 1,
        );
    }
}

function* redisNodes({ redis: { shards, replicasPerShard } }: Settings): Iterable<Finding> {
    const nodes = shards * (1 + replicasPerShard);
    if (nodes > 90) {
        yield wrong(
            at("redis", "shards"),
            shards,
            `must be at most ${Math.floor(90 / (1 + replicasPerShard))}: with replicasPerShard ${replicasPerShard} that makes ${nodes} nodes, and ElastiCache allows 90`,
            Math.floor(90 / (1 + replicasPerShard)),
        );
    }
}

/** Rules about Kafka, the cache and the database. */
export const dataStoreRules: Rule[] = [
    brokersOverZones,
    replicationFitsBrokers,
    partitionsPerBroker,
    kafkaStorage,
    postgresStorage,
    engineWithIamUsers,
    replicasOverZones,
    redisNodes,
];
