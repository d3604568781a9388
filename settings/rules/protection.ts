import { at, type Diagnostic } from "../problems";
import { type Settings } from "../schema";
import { copies } from "./data-stores";
import { checkEach, type Rule, wrong } from "./rule";

function* liveIsKept({ environment, broker }: Settings): Iterable<Diagnostic> {
    if (environment.disposable && broker.mode === "live") {
        yield wrong(
            at("broker", "mode"),
            broker.mode,
            "must be paper: the stack is disposable, and real orders are never placed from such a one",
            "paper",
        );
    }
}

function* liveTellsSomebody({ environment, broker, alarms }: Settings): Iterable<Diagnostic> {
    if (!environment.disposable && broker.mode === "live" && alarms.emails.length === 0) {
        yield {
            path: at("alarms", "emails"),
            is: "is empty",
            must: "must name somebody: orders are real (broker.mode is live), and alarms that nobody reads help nobody",
            fix: [{ set: [...at("alarms", "emails"), 0], to: "oncall@example.com" }],
        };
    }
}

/** A rule for stacks that are not disposable. */
const floor = (check: (settings: Settings) => Iterable<Diagnostic>): Rule =>
    function* (settings) {
        if (!settings.environment.disposable) {
            yield* check(settings);
        }
    };
const unlessDisposable = "unless the stack is disposable";

/** Rules about what stacks with real money or data may not do. */
export const protectionRules: Rule[] = [
    liveIsKept,
    liveTellsSomebody,
    floor(function* standbyDatabase({ postgres: { multiAz } }) {
        if (!multiAz) {
            yield wrong(at("postgres", "multiAz"), multiAz, `must be true ${unlessDisposable}`, true);
        }
    }),
    floor(function* backups({ postgres: { backupRetentionDays } }) {
        if (backupRetentionDays < 7) {
            yield wrong(
                at("postgres", "backupRetentionDays"),
                backupRetentionDays,
                `must be at least 7 ${unlessDisposable}`,
                7,
            );
        }
    }),
    floor(function* cacheReplicas({ redis: { replicasPerShard } }) {
        if (replicasPerShard < 1) {
            yield wrong(at("redis", "replicasPerShard"), replicasPerShard, `must be at least 1 ${unlessDisposable}`, 1);
        }
    }),
    floor(function* cacheSnapshots({ redis: { snapshotRetentionDays } }) {
        if (snapshotRetentionDays < 1) {
            yield wrong(
                at("redis", "snapshotRetentionDays"),
                snapshotRetentionDays,
                `must be at least 1 ${unlessDisposable}`,
                7,
            );
        }
    }),
    floor(function* threeBrokers({ kafka: { brokers }, network }) {
        if (brokers < 3) {
            const zones = network.availabilityZones.length;
            yield wrong(
                at("kafka", "brokers"),
                brokers,
                `must be at least 3 ${unlessDisposable}: with 2, one that restarts leaves a single copy of each record`,
                Math.ceil(3 / zones) * zones,
            );
        }
    }),
    floor(function* threeCopies({ kafka, network }) {
        yield* checkEach(kafka.topics, function* (topic, { replicationFactor }) {
            const factor = copies(network, replicationFactor);
            if (factor < 3) {
                const diagnostic = wrong(
                    at("kafka", "topics", topic, "replicationFactor"),
                    replicationFactor,
                    `must be at least 3 ${unlessDisposable}: with fewer, one broker that restarts leaves a single copy of each record, or none`,
                    3,
                );
                const leftOut = `is left out, which makes it ${factor}, one in each availability zone`;
                yield replicationFactor === undefined ? { ...diagnostic, is: leftOut } : diagnostic;
            }
        });
    }),
    floor(function* noSpotFeeds({ services }) {
        yield* checkEach(services.ingestion.feeds, function* (feed, { spot }) {
            if (spot) {
                yield wrong(
                    at("services", "ingestion", "feeds", feed, "spot"),
                    spot,
                    `must be false ${unlessDisposable}: an interruption loses market data`,
                    false,
                );
            }
        });
    }),
    floor(function* trustedCertificate({ services }) {
        const path = at("services", "oms", "loadBalancer", "certificate");
        if (services.oms.loadBalancer.certificate?.source === "self-signed") {
            yield {
                path: [...path, "source"],
                is: 'is "self-signed"',
                must: `must be existing or dns ${unlessDisposable}; left out, there is no load balancer`,
                fix: [{ remove: path }],
            };
        }
    }),
    floor(function* noDebugShell({ environment: { debugShell } }) {
        if (debugShell) {
            yield wrong(
                at("environment", "debugShell"),
                debugShell,
                `must be false ${unlessDisposable}: a shell in a task sees its secrets`,
                false,
            );
        }
    }),
    floor(function* keptLogs({ environment: { logRetentionDays } }) {
        if (logRetentionDays < 30) {
            yield wrong(
                at("environment", "logRetentionDays"),
                logRetentionDays,
                `must be at least 30 ${unlessDisposable}`,
                30,
            );
        }
    }),
    floor(function* gatewayPerZone({ network: { natGateways } }) {
        if (natGateways === "single") {
            yield wrong(
                at("network", "natGateways"),
                natGateways,
                `must be one-per-zone ${unlessDisposable}: the zone of a single one takes the way to the broker with it when it fails`,
                "one-per-zone",
            );
        }
    }),
];
