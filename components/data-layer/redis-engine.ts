import { createHash } from "node:crypto";

/** Engines that ElastiCache offers for one protocol. Valkey costs a fifth less. */
export type RedisEngine = "valkey" | "redis";

/**
 * AWS's parameter group for cluster mode: `default.valkey8.cluster.on`.
 *
 * @throws Error for a version without users that sign in with IAM: Redis before 7.0, Valkey before 7.2.
 */
export function clusterParameterGroup(engine: RedisEngine, engineVersion: string): string {
    const [major = 0, minor = 0] = engineVersion.split(".").map(Number);
    const oldest = engine === "redis" ? [7, 0] : [7, 2];
    if (!(major > oldest[0]! || (major === oldest[0] && minor >= oldest[1]!))) {
        throw new Error(
            `Redis: engineVersion of ${engine} is "${engineVersion}"; it must be ${oldest.join(".")} or newer`,
        );
    }
    return `default.${engine}${major}.cluster.on`;
}

/** Ids of the nodes, as ElastiCache forms them in cluster mode: `<group>-0001-001`, `<group>-0001-002`, ... */
export function nodeIds(replicationGroupId: string, shards: number, replicasPerShard: number): string[] {
    const counted = (length: number, digits: number): string[] =>
        Array.from({ length }, (_, index) => String(index + 1).padStart(digits, "0"));
    return counted(shards, 4).flatMap((shard) =>
        counted(replicasPerShard + 1, 3).map((node) => `${replicationGroupId}-${shard}-${node}`),
    );
}

/** Longest id that ElastiCache takes for a user. */
const longestUserId = 40;

/** A user id that ElastiCache takes. One that is too long is cut, and ends with a hash of the whole so that it stays unique. */
export function userId(name: string): string {
    if (name.length <= longestUserId) {
        return name;
    }
    const hash = createHash("sha256").update(name).digest("hex").slice(0, 8);
    return `${name.slice(0, longestUserId - hash.length - 1).replace(/-$/, "")}-${hash}`;
}
