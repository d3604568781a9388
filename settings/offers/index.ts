import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

// What AWS offers: the JSON files beside this one, which `npm run offers` asks AWS for anew. What the documentation says about a
// whole family of types (KRaft, partitions) is in settings/rules.

/** Where a list is from. */
export interface Listed {
    /** The API or the publication, in words. */
    source: string;
    /** Day that the list is of: `2026-10-20`. */
    date: string;
}

export interface Names extends Listed {
    names: string[];
}

/** What AWS offers in one region. */
export interface Offers {
    availabilityZones: Names;
    /** Kafka versions that new clusters of Standard brokers may have, as MSK writes them: `3.9.x.kraft`. */
    kafkaVersions: Names;
    /** MSK's Standard brokers: `kafka.m7g.large`. */
    brokerTypes: Names;
    /** Versions of ElastiCache's engines: `8.0`. */
    valkeyVersions: Names;
    redisVersions: Names;
    /** Nodes that new caches of either engine may have: `cache.t4g.micro`. */
    nodeTypes: Names;
    /** Major versions of PostgreSQL that RDS supports without the surcharge of Extended Support: `17`. */
    postgresVersions: Names;
    /** RDS's instance classes (`db.t4g.micro`), each with the major versions of PostgreSQL that it goes with. */
    instanceClasses: Listed & { versions: Record<string, string[]> };
}

/** Tables of what AWS offers. */
export interface Tables {
    /** Regions of AWS, whether an account has them switched on or not. */
    regions: Names;
    /** What AWS offers in a region; nothing for a region that nobody has asked about. */
    of(region: string): Offers | undefined;
}

/** Where the offers of a region are kept, and the regions. */
export const offersFile = (region: string, folder = __dirname): string => join(folder, `${region}.json`);
export const regionsFile = (folder = __dirname): string => join(folder, "regions.json");

const read = new Map<string, unknown>();

function fileOf(file: string): unknown {
    if (!read.has(file)) {
        read.set(file, existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined);
    }
    return read.get(file);
}

/** The tables beside this file, each read when it is asked for. */
export const ownTables: Tables = {
    get regions() {
        return fileOf(regionsFile()) as Names;
    },
    of(region) {
        // A region comes from a stack's file, where anything can stand.
        return this.regions.names.includes(region) ? (fileOf(offersFile(region)) as Offers | undefined) : undefined;
    },
};
