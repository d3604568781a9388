import { DescribeAvailabilityZonesCommand, DescribeRegionsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { ElastiCacheClient, paginateDescribeCacheEngineVersions } from "@aws-sdk/client-elasticache";
import { KafkaClient, paginateListKafkaVersions } from "@aws-sdk/client-kafka";
import { type Names, type Offers } from "../settings/offers";
import { askInstanceClasses, askPostgresVersions } from "./ask-rds";
import { pricedProducts } from "./prices";

// Each list is asked for where AWS keeps it. There is no API for the types of MSK's brokers and ElastiCache's nodes: AWS has them
// in a region if it has a price for them there.

/** Kafka versions that MSK lists, and has for Express brokers only: AWS CDK, KafkaVersion. */
const expressOnly = ["4.2.x.kraft"];

/**
 * Families of which new caches can have no nodes: those of previous generations (API reference, CacheNode), T2 (User Guide,
 * Supported node types); and those that want data tiering.
 */
const notForNewCaches = /^cache\.(c1|m1|m2|m3|r3|t1|t2|[a-z]+\d+gd)\./;

/** What AWS offers in a region. */
export async function askOffers(region: string, date: string, tell: (line: string) => void): Promise<Offers> {
    const list = async (what: string, source: string, ask: () => Promise<Iterable<string>>): Promise<Names> => {
        const names = [...new Set(await ask())].sort(inOrder);
        if (names.length === 0) {
            throw new Error(`${region}: AWS names no ${what} (${source})`);
        }
        tell(`${names.length} ${what}`);
        return { source, date, names };
    };
    const postgresVersions = await list("versions of PostgreSQL", "RDS DescribeDBMajorEngineVersions", () =>
        askPostgresVersions(region, date),
    );
    const classes = await askInstanceClasses(region, postgresVersions.names);
    const instanceClasses = await list(
        "instance classes",
        "RDS DescribeOrderableDBInstanceOptions, and the AWS price list",
        () => Promise.resolve(classes.keys()),
    );
    return {
        availabilityZones: await list("availability zones", "EC2 DescribeAvailabilityZones", () => zones(region)),
        kafkaVersions: await list("versions of Kafka", "MSK ListKafkaVersions", () => kafkaVersions(region)),
        brokerTypes: await list("broker types", "the AWS price list of MSK", () => brokerTypes(region)),
        valkeyVersions: await list("versions of Valkey", "ElastiCache DescribeCacheEngineVersions", () =>
            cacheVersions(region, "valkey"),
        ),
        redisVersions: await list("versions of Redis", "ElastiCache DescribeCacheEngineVersions", () =>
            cacheVersions(region, "redis"),
        ),
        nodeTypes: await list("node types", "the AWS price list of ElastiCache", () => nodeTypes(region)),
        postgresVersions,
        instanceClasses: {
            ...{ source: instanceClasses.source, date },
            versions: Object.fromEntries(instanceClasses.names.map((name) => [name, classes.get(name)!])),
        },
    };
}

const partitionOf = (region: string): string => /^(cn|us-gov)-/.exec(region)?.[1] ?? "aws";

/**
 * Regions of AWS. AWS tells those of the partition that it is asked in; of the others, those that are known stay.
 *
 * @param region Where to ask.
 */
export async function askRegions(region: string, date: string, known: readonly string[]): Promise<Names> {
    const client = new EC2Client({ region });
    const { Regions = [] } = await client.send(new DescribeRegionsCommand({ AllRegions: true }));
    const names = Regions.flatMap(({ RegionName }) => RegionName ?? []);
    if (names.length === 0) {
        throw new Error(`${region}: AWS names no regions (EC2 DescribeRegions)`);
    }
    const others = known.filter((name) => partitionOf(name) !== partitionOf(region));
    return { source: "EC2 DescribeRegions", date, names: [...new Set([...others, ...names])].sort() };
}

async function zones(region: string): Promise<string[]> {
    const { AvailabilityZones = [] } = await new EC2Client({ region }).send(new DescribeAvailabilityZonesCommand({}));
    return AvailabilityZones.filter(
        ({ State, ZoneType }) => State === "available" && ZoneType === "availability-zone",
    ).flatMap(({ ZoneName }) => ZoneName ?? []);
}

async function kafkaVersions(region: string): Promise<string[]> {
    const names: string[] = [];
    for await (const { KafkaVersions = [] } of paginateListKafkaVersions({ client: new KafkaClient({ region }) }, {})) {
        names.push(
            ...KafkaVersions.flatMap(({ Version, Status }) => (Status === "ACTIVE" && Version ? [Version] : [])),
        );
    }
    return names.filter((name) => /^\d+\.\d+\.(\d+|x)(\.kraft)?$/.test(name) && !expressOnly.includes(name));
}

async function cacheVersions(region: string, Engine: "valkey" | "redis"): Promise<string[]> {
    const names: string[] = [];
    const config = { client: new ElastiCacheClient({ region }) };
    for await (const { CacheEngineVersions = [] } of paginateDescribeCacheEngineVersions(config, { Engine })) {
        // Of some, AWS says the patch as well.
        names.push(...CacheEngineVersions.flatMap(({ EngineVersion = "" }) => /^\d+\.\d+/.exec(EngineVersion) ?? []));
    }
    return names;
}

async function brokerTypes(region: string): Promise<string[]> {
    const brokers = await pricedProducts("AmazonMSK", { regionCode: region, operation: "RunBroker" });
    return brokers
        .filter(({ group }) => group === "Broker")
        .map(({ computeFamily = "" }) => `kafka.${computeFamily.toLowerCase()}`)
        .filter((name) => /^kafka\.[a-z0-9]+\.[a-z0-9]+$/.test(name));
}

async function nodeTypes(region: string): Promise<string[]> {
    const nodes = await pricedProducts("AmazonElastiCache", {
        ...{ regionCode: region, locationType: "AWS Region", productFamily: "Cache Instance" },
    });
    return nodes
        .filter(({ cacheEngine }) => cacheEngine === "Redis" || cacheEngine === "Valkey")
        .flatMap(({ instanceType }) => instanceType ?? [])
        .filter((name) => /^cache\.[a-z0-9]+\.[a-z0-9]+$/.test(name) && !notForNewCaches.test(name));
}

/** 9.1 before 10.0, `db.m5.2xlarge` before `db.m5.12xlarge`. */
const inOrder = (one: string, other: string): number => one.localeCompare(other, "en", { numeric: true });
