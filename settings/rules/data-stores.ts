import { tableName } from "../../components/data-layer/lake-columns";
import { at, type Diagnostic, valueText } from "../problems";
import { type Settings } from "../schema";
import { checkEach, type Rule, type RuleContext, wrong } from "./rule";

function* brokersOverZones({ network, kafka }: Settings): Iterable<Diagnostic> {
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

function* replicationFitsBrokers({ kafka }: Settings): Iterable<Diagnostic> {
    yield* checkEach(kafka.topics, function* (topic, { replicationFactor }) {
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

/** Partitions of the topic in which Kafka itself keeps what consumer groups have read (offsets.topic.num.partitions). */
const offsetPartitions = 50;

function* partitionsPerBroker({ network, kafka }: Settings): Iterable<Diagnostic> {
    const all = Object.values(kafka.topics).reduce(
        (sum, topic) => sum + topic.partitions * copies(network, topic.replicationFactor),
        offsetPartitions * copies(network, undefined),
    );
    const limit = partitionLimit(kafka.brokerType);
    if (all > limit * kafka.brokers) {
        yield {
            path: at("kafka", "topics"),
            is: `has ${all} partitions, with copies and the ${offsetPartitions} of Kafka's own topic`,
            must: `must have at most ${limit * kafka.brokers}: AWS allows ${limit} for each ${kafka.brokerType}`,
            fix: [{ edit: "lower partitions, or raise aipx:kafka.brokers or aipx:kafka.brokerType" }],
        };
    }
}

/** Kafka names metrics after topics, where '.' becomes '_', and takes no two topics whose names are then the same. */
function* topicsApart({ kafka }: Settings): Iterable<Diagnostic> {
    const topics = Object.keys(kafka.topics);
    const inMetrics = (topic: string): string => topic.replace(/\./g, "_");
    for (const [index, topic] of topics.entries()) {
        const other = topics.slice(0, index).find((earlier) => inMetrics(earlier) === inMetrics(topic));
        if (other !== undefined) {
            yield {
                path: at("kafka", "topics", topic),
                is: `collides with ${other}`,
                must: "must have a name that differs in more than '.' and '_': Kafka refuses the second of such topics",
                fix: [{ edit: "give it another name, here and where services name it" }],
            };
        }
    }
}

function* kafkaStorage({ kafka: { storageGiB, maxStorageGiB } }: Settings): Iterable<Diagnostic> {
    if (maxStorageGiB < storageGiB) {
        yield wrong(
            at("kafka", "maxStorageGiB"),
            maxStorageGiB,
            `must be at least storageGiB, ${storageGiB}`,
            storageGiB,
        );
    }
}

function* postgresStorage({ postgres: { storageGiB, maxStorageGiB } }: Settings): Iterable<Diagnostic> {
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

/** Kafka's version, and whether it keeps its metadata itself: `3.9.x.kraft`. */
function kafkaVersion(version: string): { major: number; minor: number; kraft: boolean } {
    const [major = 0, minor = 0] = version.split(".").map(Number);
    return { major, minor, kraft: version.endsWith(".kraft") };
}

/**
 * New clusters keep their metadata in Kafka (KRaft) where AWS offers that for the brokers: it does for all but kafka.t3.small. A
 * cluster in ZooKeeper mode cannot get beyond 3.9.
 */
function* metadataMode({ kafka: { version, brokerType } }: Settings): Iterable<Diagnostic> {
    const path = at("kafka", "version");
    const { major, minor, kraft } = kafkaVersion(version);
    const isT3 = brokerType.startsWith("kafka.t3.");
    const knowsZooKeeper = major < 4;
    const knowsKRaft = major > 3 || (major === 3 && minor >= 7);
    if (isT3 && (kraft || !knowsZooKeeper)) {
        yield wrong(
            path,
            version,
            `must be one without .kraft, 3.9.x at most, with brokerType ${brokerType}: AWS offers KRaft for larger brokers only`,
            knowsZooKeeper ? version.replace(".kraft", "") : "3.9.x",
        );
    } else if (!isT3 && !(kraft && knowsKRaft)) {
        yield wrong(
            path,
            version,
            "must be one with .kraft, 3.7.x.kraft or newer: clusters in ZooKeeper mode cannot get beyond 3.9",
            knowsKRaft ? `${version}.kraft` : "3.9.x.kraft",
        );
    }
}

/** Whether a version is older than another, part by part. */
const isOlder = (version: string, other: string): boolean => version.localeCompare(other, "en", { numeric: true }) < 0;

function* majorVersionOnly({ postgres }: Settings): Iterable<Diagnostic> {
    for (const key of ["engineVersion", "upgradingFrom"] as const) {
        const version = postgres[key];
        if (version?.includes(".")) {
            yield wrong(
                at("postgres", key),
                version,
                "must be a major version alone: AWS raises minor versions by itself, and refuses a lower one",
                version.split(".")[0],
            );
        }
    }
}

function* upgradeGoesUp(settings: Settings): Iterable<Diagnostic> {
    for (const store of ["postgres", "redis"] as const) {
        const { engineVersion, upgradingFrom } = settings[store];
        if (upgradingFrom !== undefined && !isOlder(upgradingFrom, engineVersion)) {
            const path = at(store, "upgradingFrom");
            yield {
                path,
                is: valueText(path, upgradingFrom),
                must: `must be lower than engineVersion, ${engineVersion}, and left out when nothing is upgraded: there is no way back`,
                fix: [{ remove: path }],
            };
        }
    }
}

function* otherBackupRegion({ postgres: { backupRegion } }: Settings, { region }: RuleContext): Iterable<Diagnostic> {
    const path = at("postgres", "backupRegion");
    if (backupRegion !== undefined && backupRegion === region) {
        yield {
            path,
            is: valueText(path, backupRegion),
            must: "must be another region than that of the stack, aws:region: backups are there already",
            fix: [{ remove: path }],
        };
    }
}

/** Oldest versions whose users sign in with IAM. */
const oldestEngine = { redis: "7.0", valkey: "7.2" } as const;

function* engineWithIamUsers({ redis }: Settings): Iterable<Diagnostic> {
    const oldest = oldestEngine[redis.engine];
    for (const key of ["engineVersion", "upgradingFrom"] as const) {
        const version = redis[key];
        if (version !== undefined && isOlder(version, oldest)) {
            yield wrong(
                at("redis", key),
                version,
                `must be ${oldest} or newer with ${redis.engine}: users sign in with IAM, which older versions do not know`,
                oldest,
            );
        }
    }
}

function* replicasOverZones({ network, redis: { replicasPerShard } }: Settings): Iterable<Diagnostic> {
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

function* redisNodes({ redis: { shards, replicasPerShard } }: Settings): Iterable<Diagnostic> {
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

/** Nodes with disks of their own (r6gd) are offered with data tiering only, which the cache is made without. */
function* noDataTiering({ redis: { nodeType } }: Settings): Iterable<Diagnostic> {
    if (/^cache\.[a-z]+\d+gd\./.test(nodeType)) {
        yield wrong(
            at("redis", "nodeType"),
            nodeType,
            "must be one without disks of its own: ElastiCache has those with data tiering only, which the cache is made without",
            nodeType.replace("gd.", "g."),
        );
    }
}

function* tablesOfTheirOwn({ services: { dataRecorder } }: Settings): Iterable<Diagnostic> {
    const topics = [...new Set(dataRecorder.topics)];
    for (const topic of topics) {
        const other = topics.slice(0, topics.indexOf(topic)).find((earlier) => tableName(earlier) === tableName(topic));
        if (other !== undefined) {
            yield {
                path: at("services", "dataRecorder", "topics"),
                is: `has ${other} and ${topic}`,
                must: `must not have two topics with the same table in the data lake, ${tableName(topic)}`,
                fix: [{ edit: "give one of the topics another name in aipx:kafka.topics" }],
            };
        }
    }
}

/** Rules about Kafka, the cache and the database. */
export const dataStoreRules: Rule[] = [
    brokersOverZones,
    replicationFitsBrokers,
    partitionsPerBroker,
    topicsApart,
    kafkaStorage,
    metadataMode,
    postgresStorage,
    majorVersionOnly,
    upgradeGoesUp,
    otherBackupRegion,
    tablesOfTheirOwn,
    engineWithIamUsers,
    replicasOverZones,
    redisNodes,
    noDataTiering,
];
