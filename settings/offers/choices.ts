import { at, type SettingPath } from "../problems";
import { type Settings } from "../schema";
import { type Listed, type Names, type Offers, type Tables } from ".";

/** Something of AWS's that a setting names. */
export interface Choice {
    path: SettingPath;
    value: string;
    /** What `aipx:account.alsoOffered` calls it: `db.m8g.large`, `postgres 18`. */
    name: string;
    /** What it is, for people: `an instance class that RDS has for PostgreSQL 17 in ap-northeast-2`. */
    what: string;
    /** What it may be. Versions are in their order. */
    offered: readonly string[];
    kind: "name" | "version";
    list: Listed;
}

type Choices = (settings: Settings, offers: Offers, region: string) => Iterable<Choice>;

/**
 * All that a stack chooses from AWS's offers, in parts, so that a setting that cannot be read hides its own part only. Of a region
 * whose offers are not known, there are the regions themselves.
 */
export function choices(settings: Settings, region: string, tables: Tables): (() => Iterable<Choice>)[] {
    const { regions } = tables;
    const offers = tables.of(region);
    return [
        () => [regionChoice(["aws:region"], region, regions)],
        () => backupRegion(settings, regions),
        ...(offers ? parts.map((part) => () => part(settings, offers, region)) : []),
    ];
}

function* backupRegion({ postgres }: Settings, regions: Names): Iterable<Choice> {
    if (postgres.backupRegion !== undefined) {
        yield regionChoice(at("postgres", "backupRegion"), postgres.backupRegion, regions);
    }
}

const regionChoice = (path: SettingPath, value: string, list: Names): Choice => ({
    ...{ path, value, name: value, what: "a region of AWS" },
    ...{ offered: list.names, kind: "name", list },
});

const parts: Choices[] = [
    function* zones({ network }, { availabilityZones: list }, region) {
        for (const [index, value] of network.availabilityZones.entries()) {
            const others = network.availabilityZones.filter((zone) => zone !== value);
            yield {
                ...{ path: at("network", "availabilityZones", index), value, name: value, list, kind: "name" },
                what: `a zone of ${region} that is not in the list yet`,
                offered: list.names.filter((zone) => !others.includes(zone)),
            };
        }
    },
    function* brokerType({ kafka: { brokerType: value } }, { brokerTypes: list }, region) {
        yield {
            ...{ path: at("kafka", "brokerType"), value, name: value, list, kind: "name" },
            what: `a broker type that MSK has in ${region}`,
            offered: list.names,
        };
    },
    function* kafkaVersion({ kafka: { version: value } }, { kafkaVersions: list }, region) {
        // Which brokers take KRaft is a rule of its own, so the versions of the other kind are no help.
        const isKRaft = value.endsWith(".kraft");
        yield {
            ...{ path: at("kafka", "version"), value, name: `kafka ${value}`, list, kind: "version" },
            what: `a version of Kafka that MSK has in ${region} ${isKRaft ? "with" : "without"} .kraft`,
            offered: list.names.filter((version) => version.endsWith(".kraft") === isKRaft),
        };
    },
    function* cacheVersion({ redis: { engine, engineVersion: value } }, offers, region) {
        const list = offers[`${engine}Versions`];
        yield {
            ...{ path: at("redis", "engineVersion"), value, name: `${engine} ${value}`, list, kind: "version" },
            what: `a version of ${engine} that ElastiCache has in ${region}`,
            offered: list.names,
        };
    },
    function* nodeType({ redis: { nodeType: value } }, { nodeTypes: list }, region) {
        yield {
            ...{ path: at("redis", "nodeType"), value, name: value, list, kind: "name" },
            what: `a node type that ElastiCache has for new caches in ${region}`,
            offered: list.names,
        };
    },
    function* postgresVersion({ postgres: { engineVersion: value } }, { postgresVersions: list }, region) {
        yield {
            ...{ path: at("postgres", "engineVersion"), value, name: `postgres ${value}`, list, kind: "version" },
            what: `a major version of PostgreSQL that RDS has in ${region} outside of Extended Support, which costs more`,
            offered: list.names,
        };
    },
    function* instanceClass({ postgres }, { instanceClasses: list, postgresVersions }, region) {
        const { instanceClass: value, engineVersion } = postgres;
        const all = Object.entries(list.versions);
        // Of a version that is not known, nobody knows which classes it goes with.
        const isKnown = postgresVersions.names.includes(engineVersion);
        yield {
            ...{ path: at("postgres", "instanceClass"), value, name: value, list, kind: "name" },
            what: `an instance class that RDS has ${isKnown ? `for PostgreSQL ${engineVersion} ` : ""}in ${region}`,
            offered: all.filter(([, versions]) => !isKnown || versions.includes(engineVersion)).map(([name]) => name),
        };
    },
];
