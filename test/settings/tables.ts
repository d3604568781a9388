import { type Names, type Offers, type Tables } from "../../settings/offers";

const names = (...list: string[]): Names => ({ source: "made up", date: "2026-11-01", names: list });

const offers: Offers = {
    availabilityZones: names("ap-northeast-2a", "ap-northeast-2b", "ap-northeast-2c", "ap-northeast-2d"),
    kafkaVersions: names("3.7.x", "3.9.x", "3.7.x.kraft", "3.9.x.kraft", "4.1.x.kraft"),
    brokerTypes: names("kafka.t3.small", "kafka.m5.large", "kafka.m7g.large", "kafka.m7g.xlarge"),
    valkeyVersions: names("7.2", "8.0", "8.1", "9.0"),
    redisVersions: names("6.2", "7.0", "7.1"),
    nodeTypes: names("cache.t3.micro", "cache.t4g.micro", "cache.t4g.small", "cache.m7g.large", "cache.r7g.large"),
    postgresVersions: names("14", "16", "17", "18"),
    instanceClasses: {
        ...{ source: "made up", date: "2026-11-01" },
        versions: {
            "db.t3.micro": ["14", "16", "17", "18"],
            "db.t4g.micro": ["14", "16", "17", "18"],
            "db.t4g.small": ["14", "16", "17", "18"],
            "db.t4g.medium": ["14", "16", "17", "18"],
            "db.m5.large": ["14", "16"],
            "db.m7g.large": ["14", "16", "17", "18"],
            "db.m7g.xlarge": ["14", "16", "17", "18"],
            "db.m8g.large": ["17", "18"],
        },
    },
};

/** Tables that stay as they are when `npm run offers` asks AWS anew: of two regions, and of the offers of one of them. */
export const tables: Tables = {
    regions: names("ap-northeast-1", "ap-northeast-2"),
    of: (region) => (region === "ap-northeast-2" ? offers : undefined),
};
