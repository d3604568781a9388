import { createHash } from "node:crypto";
import { type KnownInputs } from "../building-blocks";
import { isOlder } from "./engine-version";

/** Engines that ElastiCache offers for one protocol. Valkey costs a fifth less. */
export type RedisEngine = "valkey" | "redis";

/**
 * Family of the parameters of a version: `valkey8`.
 *
 * @throws Error for a version without users that sign in with IAM: Redis before 7.0, Valkey before 7.2.
 */
export function parameterFamily(engine: RedisEngine, engineVersion: string): string {
    const oldest = engine === "redis" ? "7.0" : "7.2";
    if (!/^\d+\.\d+$/.test(engineVersion) || isOlder(engineVersion, oldest)) {
        throw new Error(`Redis: engineVersion of ${engine} is "${engineVersion}"; it must be ${oldest} or newer`);
    }
    return `${engine}${engineVersion.split(".")[0]}`;
}

/** What is wrong with a change of the engine, as the group of users shows it. */
export function engineProblem(before: KnownInputs, after: KnownInputs): string | undefined {
    return before.engine === after.engine
        ? undefined
        : `Redis: engine is "${String(after.engine)}", but ${String(before.engine)} runs, and users and parameters belong to one engine. To ` +
              `have it all the same, make the cache anew: what is in it is lost. See "Making a store anew" in docs/operations.md.`;
}

/** What is wrong with a change of the cache. The provider takes replicas away before it ends Multi-AZ, which wants one. */
export function replicasProblem(before: KnownInputs, after: KnownInputs): string | undefined {
    return Number(after.replicasPerNodeGroup) === 0 && before.multiAzEnabled === true
        ? "Redis: replicasPerShard is 0, and the last replica cannot go while the cache is Multi-AZ. End that first, and wait: aws " +
              `elasticache modify-replication-group --replication-group-id ${String(after.replicationGroupId)} --no-multi-az-enabled ` +
              "--apply-immediately. Then run pulumi up --refresh."
        : undefined;
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
