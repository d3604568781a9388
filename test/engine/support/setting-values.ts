import { authority } from "../../settings/certificates";
import { type Changes } from "../../settings/change";

const zones = (...letters: string[]): string[] => letters.map((letter) => `ap-northeast-2${letter}`);

const loadBalancer = "aipx:services.oms.loadBalancer";
const dnsCertificate = { source: "dns", domainName: "oms.example.com", hostedZoneId: "Z0123456789ABCDEFGHIJ" };
const otherFeed = { topics: ["ticks"], credentials: "other-credentials", cpu: 256, memoryMiB: 512 };

/** What goes for both stacks. */
const common: Record<string, Changes[]> = {
    "aipx:network.availabilityZones": [
        { "aipx:network.availabilityZones": zones("a", "b", "d"), "aipx:kafka.brokers": 3 },
    ],
    "aipx:redis.engineVersion": [
        { "aipx:redis.engineVersion": "8.1" },
        { "aipx:redis.engineVersion": "9.0", "aipx:redis.upgradingFrom": "8.0" },
    ],
    "aipx:redis.upgradingFrom": [],
    "aipx:redis.nodeType": [{ "aipx:redis.nodeType": "cache.t4g.small" }],
    "aipx:postgres.engineVersion": [
        { "aipx:postgres.engineVersion": "18" },
        { "aipx:postgres.engineVersion": "18", "aipx:postgres.upgradingFrom": "17" },
        { "aipx:postgres.engineVersion": "16" },
    ],
    "aipx:postgres.upgradingFrom": [],
    "aipx:services.ingestion.feeds": [{ "aipx:services.ingestion.feeds.other": otherFeed }],
    "aipx:services.strategies.NAME.topics": [{ "aipx:services.strategies.momentum.topics": ["quotes"] }],
    "aipx:images": [{ "aipx:images.strategy-momentum": undefined }],
    "aipx:schedule.stop": [{ "aipx:schedule.stop": "21:30" }],
    "aipx:alarms.emails": [{ "aipx:alarms.emails": ["oncall@example.com", "people@example.com"] }],
};

/**
 * Changes of settings whose other values do not follow from the schema, by stack. A setting without any is one that another's
 * changes include.
 */
export const chosenChanges: Record<string, Record<string, Changes[]>> = {
    dev: {
        ...common,
        "aipx:network.availabilityZones": [
            { "aipx:network.availabilityZones": zones("a", "b") },
            { "aipx:network.availabilityZones": zones("a", "b", "c"), "aipx:kafka.brokers": 3 },
        ],
        "aipx:kafka.version": [{ "aipx:kafka.version": "3.8.x" }],
        "aipx:postgres.instanceClass": [{ "aipx:postgres.instanceClass": "db.t4g.small" }],
        [`${loadBalancer}.certificate`]: [
            { [`${loadBalancer}.certificate`]: undefined },
            { [`${loadBalancer}.certificate`]: dnsCertificate },
        ],
        [`${loadBalancer}.clientCertificates`]: [{ [`${loadBalancer}.clientCertificates`]: authority }],
    },
    production: {
        ...common,
        "aipx:kafka.version": [{ "aipx:kafka.version": "4.1.x.kraft" }, { "aipx:kafka.version": "3.8.x.kraft" }],
        "aipx:kafka.brokerType": [{ "aipx:kafka.brokerType": "kafka.m7g.xlarge" }],
        "aipx:postgres.backupRegion": [
            { "aipx:postgres.backupRegion": "ap-southeast-1" },
            { "aipx:postgres.backupRegion": undefined },
        ],
        [`${loadBalancer}.certificate`]: [
            { [`${loadBalancer}.certificate`]: dnsCertificate, [`${loadBalancer}.clientCertificates`]: authority },
        ],
        [`${loadBalancer}.clientCertificates`]: [],
    },
};
