import { at, type Diagnostic, type Problem, problem, type SettingPath, valueText } from "./problems";
import { copies } from "./rules/data-stores";
import { type Settings } from "./schema";

/**
 * What protects less in `other` than in `baseline`: where production is weaker than the stack that changes are tried in,
 * something was switched on in the wrong place, or was forgotten.
 *
 * @param stacks Names of the two stacks, for the text and the mending commands.
 */
export function weakerThan(
    baseline: Settings,
    other: Settings,
    stacks: { baseline?: string; other?: string } = {},
): Problem[] {
    const found = comparisons(baseline, other, stacks.baseline ?? "the other stack");
    return [...found].map((diagnostic) => problem(diagnostic, stacks.other));
}

function* comparisons(baseline: Settings, other: Settings, name: string): Iterable<Diagnostic> {
    const differs = (path: SettingPath, from: unknown, to: unknown): Diagnostic => ({
        path,
        is: valueText(path, to),
        must: `weaker than in ${name}, where it ${from === undefined ? "is left out" : valueText(path, from)}`,
        fix: [from === undefined ? { remove: path } : { set: path, to: from }],
    });
    const notLower = function* (path: SettingPath, from: number, to: number): Iterable<Diagnostic> {
        if (to < from) {
            yield differs(path, from, to);
        }
    };
    const not = function* <T>(path: SettingPath, weak: T, from: T, to: T): Iterable<Diagnostic> {
        if (to === weak && from !== weak) {
            yield differs(path, from, to);
        }
    };

    yield* not(at("environment", "disposable"), true, baseline.environment.disposable, other.environment.disposable);
    yield* not(at("environment", "debugShell"), true, baseline.environment.debugShell, other.environment.debugShell);
    yield* notLower(
        at("environment", "logRetentionDays"),
        baseline.environment.logRetentionDays,
        other.environment.logRetentionDays,
    );

    const [zones, otherZones] = [baseline.network.availabilityZones, other.network.availabilityZones];
    if (otherZones.length < zones.length) {
        yield {
            path: at("network", "availabilityZones"),
            is: `has ${otherZones.length} zones`,
            must: `weaker than in ${name}, where it has ${zones.length}`,
            fix: [{ edit: "another zone replaces the Kafka cluster: move its data first" }],
        };
    }
    yield* not(at("network", "natGateways"), "single", baseline.network.natGateways, other.network.natGateways);
    const endpoints = at("network", "interfaceEndpoints");
    for (const [index, service] of baseline.network.interfaceEndpoints
        .filter((each) => !other.network.interfaceEndpoints.includes(each))
        .entries()) {
        yield {
            path: endpoints,
            is: `lacks ${service}`,
            must: `weaker than in ${name}: traffic to it leaves the VPC`,
            fix: [{ set: [...endpoints, other.network.interfaceEndpoints.length + index], to: service }],
        };
    }

    yield* notLower(at("kafka", "brokers"), baseline.kafka.brokers, other.kafka.brokers);
    for (const [topic, from] of Object.entries(baseline.kafka.topics)) {
        const to = other.kafka.topics[topic];
        if (to) {
            yield* notLower(at("kafka", "topics", topic, "retentionHours"), from.retentionHours, to.retentionHours);
            yield* notLower(
                at("kafka", "topics", topic, "replicationFactor"),
                copies(baseline.network, from.replicationFactor),
                copies(other.network, to.replicationFactor),
            );
        }
    }
    yield* notLower(at("redis", "replicasPerShard"), baseline.redis.replicasPerShard, other.redis.replicasPerShard);
    yield* notLower(
        at("redis", "snapshotRetentionDays"),
        baseline.redis.snapshotRetentionDays,
        other.redis.snapshotRetentionDays,
    );
    yield* not(at("postgres", "multiAz"), false, baseline.postgres.multiAz, other.postgres.multiAz);
    yield* notLower(
        at("postgres", "backupRetentionDays"),
        baseline.postgres.backupRetentionDays,
        other.postgres.backupRetentionDays,
    );
    if (baseline.postgres.backupRegion !== undefined && other.postgres.backupRegion === undefined) {
        yield {
            path: at("postgres", "backupRegion"),
            is: "is left out",
            must: `weaker than in ${name}, where it ${valueText(at("postgres", "backupRegion"), baseline.postgres.backupRegion)}`,
            fix: [{ set: at("postgres", "backupRegion"), to: baseline.postgres.backupRegion }],
        };
    }
    yield* notLower(
        at("dataLake", "noncurrentVersionDays"),
        baseline.dataLake.noncurrentVersionDays,
        other.dataLake.noncurrentVersionDays,
    );
    yield* notLower(at("dataLake", "accessLogDays"), baseline.dataLake.accessLogDays, other.dataLake.accessLogDays);
    if ((other.dataLake.expireAfterDays ?? Infinity) < (baseline.dataLake.expireAfterDays ?? Infinity)) {
        yield differs(
            at("dataLake", "expireAfterDays"),
            baseline.dataLake.expireAfterDays,
            other.dataLake.expireAfterDays,
        );
    }

    if (baseline.dataLake.archiveAfterDays === undefined && other.dataLake.archiveAfterDays !== undefined) {
        yield differs(at("dataLake", "archiveAfterDays"), undefined, other.dataLake.archiveAfterDays);
    }

    const someSpot = Object.values(baseline.services.ingestion.feeds).some((feed) => feed.spot);
    for (const [feed, { spot }] of Object.entries(other.services.ingestion.feeds)) {
        yield* not(at("services", "ingestion", "feeds", feed, "spot"), true, someSpot, spot);
    }
    const [oms, otherOms] = [baseline.services.oms, other.services.oms];
    yield* notLower(at("services", "oms", "tasks"), oms.tasks, otherOms.tasks);
    const balancer = at("services", "oms", "loadBalancer");
    yield* not(
        [...balancer, "internetFacing"],
        true,
        oms.loadBalancer.internetFacing,
        otherOms.loadBalancer.internetFacing,
    );
    // Without a certificate there is no load balancer, which is not weak.
    if (
        otherOms.loadBalancer.certificate?.source === "self-signed" &&
        oms.loadBalancer.certificate?.source !== "self-signed"
    ) {
        yield differs([...balancer, "certificate"], undefined, otherOms.loadBalancer.certificate);
    }
}
