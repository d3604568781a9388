import assert from "node:assert/strict";
import {
    assertWell,
    changes,
    changesOf,
    type Changes,
    deploy,
    each,
    nameOf,
    planned,
    thatHoldState,
} from "../support/changes";
import { authority } from "../../settings/certificates";
import { passTime } from "../aws/drift";
import { describeEngine, full } from "../support/engine";
import { Lab } from "../support/lab";

type Config = Record<string, any>;

const loadBalancer = {
    certificate: { source: "dns", domainName: "oms.example.com", hostedZoneId: "Z0123456789ABCDEFGHIJ" },
    clientCertificates: authority,
};

const dashboard = "cloudwatch.Dashboard::operations";
const cluster = "msk.Cluster::data-kafka";
const cache = "elasticache.ReplicationGroup::data-redis";
const database = "rds.Instance::data-postgres";
const alarms = (of: string, ...names: string[]): string[] =>
    each(`cloudwatch.MetricAlarm::operations-${of}-`, ...names);

/** Settings by stack, and exactly what a change of each does. They go together. */
const settings: Record<string, [setting: string, change: (config: Config) => void, does: Changes][]> = {
    staging: [
        [
            "three more brokers",
            (config) => (config["aipx:kafka"].brokers = 6),
            {
                create: ["4", "5", "6"].flatMap((broker) =>
                    alarms(
                        "kafka",
                        ...["cpu", "cpu-credits", "disk", "heap", "connections", "under-min-isr"].map(
                            (metric) => `${metric}-${broker}`,
                        ),
                        `under-replicated-${broker}`,
                    ),
                ),
                update: [cluster, dashboard, ...alarms("ingestion-krx", "silent-quotes", "silent-ticks")],
            },
        ],
        [
            "how far back one can go with PostgreSQL",
            (config) => (config["aipx:postgres"].backupRetentionDays = 14),
            { update: [database] },
        ],
    ],
    production: [
        [
            "the size of the database",
            (config) => (config["aipx:postgres"].instanceClass = "db.m7g.xlarge"),
            {
                update: [database, ...alarms("postgres", "connections", "memory")],
                replace: each("lambda.Invocation::data-postgres-users-", "cognitive", "oms"),
            },
        ],
        [
            "the version of the cache",
            (config) => Object.assign(config["aipx:redis"], { engineVersion: "8.1", upgradingFrom: "8.0" }),
            { update: [cache] },
        ],
        [
            "Kafka's retention",
            (config) => (config["aipx:kafka"].topics.ticks.retentionHours = 240),
            { update: ["msk.Topic::data-kafka-ticks"] },
        ],
    ],
};

for (const [stack, ofStack] of Object.entries(settings)) {
    describeEngine(`${stack} on the engine`, function () {
        this.timeout(600_000);
        let lab: Lab;
        /** All that exists. */
        const inventory = (): string[] =>
            lab.account.resources.map(({ type, id, urn }) => `${nameOf(type)}::${urn.split("::").pop()!} ${id}`).sort();
        /** Once each: what is retained on purpose when its stack is destroyed has a second one beside it afterwards. */
        const urns = (): Set<string> => new Set(lab.account.resources.map(({ urn }) => urn));
        const heldState = (): string[] =>
            inventory().filter((resource) => thatHoldState([resource]).length > 0 && !isMadeAgain(resource));

        before(async () => {
            lab = await Lab.open(stack, { checkpoints: false });
        });
        after(() => lab.close());

        it("makes all but what runs images, then the rest, then nothing", async () => {
            // With the policies from the first preview on, at which nothing is known that AWS decides.
            assert.deepEqual(Object.keys(await deploy(lab, { policies: true })), ["create"]);
            await lab.pushImages();
            const does = await deploy(lab, { policies: true });
            assert.deepEqual(does, { create: does.create, update: [dashboard] });
            assert.deepEqual((await lab.outputs()).servicesWaitingForImages, []);
            const again = await lab.up({ policies: true });
            assertWell(again);
            assert.deepEqual(again.steps, []);
        });

        it("changes nothing that AWS has changed by itself", async () => {
            const reset = await lab.checkpoint();
            passTime(lab.account);
            assert.deepEqual(await planned(lab, { refresh: true }), {});
            await reset();
        });

        // The short form makes them all at once, below.
        for (const [setting, change, does] of full ? ofStack : []) {
            it(`changes exactly what it must: ${setting}`, async () => {
                const undo = lab.configure(change);
                assert.deepEqual(await planned(lab), changes(does));
                undo();
            });
        }

        it("does all these changes at once, and then no more", async () => {
            ofStack.forEach(([, change]) => lab.configure(change));
            assert.deepEqual(await deploy(lab), changes(...ofStack.map(([, , does]) => does)));
            assert.deepEqual(await planned(lab), {});
        });

        it("refuses by preview what would delete what is protected", async () => {
            const undo = lab.configure((config) => (config["aipx:postgres"].instanceSuffix = "other"));
            const outcome = await lab.preview();
            undo();
            assert.equal(outcome.ok, false);
            assert.match(
                outcome.output,
                /rds\/instance:Instance::data-postgres\S*\s+cannot be deleted\s+because it is protected/,
            );
        });

        it("refuses to be destroyed before anything is", async () => {
            const before = inventory();
            const outcome = await lab.destroy({ previewFirst: true });
            assert.equal(outcome.ok, false);
            assert.match(outcome.output, /cannot be deleted\s+because it is protected/);
            assert.deepEqual(inventory(), before);
        });

        if (stack === "production" && full) {
            it("replaces the load balancer by the documented way, and not without", async () => {
                lab.configure((config) => (config["aipx:services"].oms.loadBalancer = loadBalancer));
                assertWell(await lab.up());
                lab.configure((config) => (config["aipx:services"].oms.loadBalancer.internetFacing = true));
                const refused = await lab.preview();
                assert.equal(refused.ok, false);
                assert.match(refused.output, /lb\/loadBalancer:LoadBalancer::hot-path-oms.*\s+.*protect/);
                const [balancer] = lab.account.ofType("aws:lb/loadBalancer:LoadBalancer");
                const { code, output } = await lab.cli("state", "unprotect", balancer!.urn, "--yes");
                assert.equal(code, 0, output);
                lab.account.tamper(balancer!.type, balancer!.id, { enableDeletionProtection: false });
                assertWell(await lab.up());
                const [other] = lab.account.ofType("aws:lb/loadBalancer:LoadBalancer");
                assert.equal(other!.inputs.internal, false);
                assert.deepEqual(changesOf(await lab.preview()), {});
            });
        }

        if (stack === "production") {
            it("keeps a removed strategy's repository until somebody takes its protection off", async () => {
                lab.configure((config) => {
                    delete config["aipx:services"].strategies.momentum;
                    delete config["aipx:images"]["strategy-momentum"];
                });
                const refused = await lab.preview();
                assert.equal(refused.ok, false);
                assert.match(
                    refused.output,
                    /ecr\/repository:Repository::cold-path-strategies-momentum.*\s+.*protected/,
                );
                const [repository] = lab.account
                    .ofType("aws:ecr/repository:Repository")
                    .filter(({ urn }) => urn.endsWith("-momentum"));
                const { code, output } = await lab.cli("state", "unprotect", repository!.urn, "--yes");
                assert.equal(code, 0, output);
                assertWell(await lab.up());
                assert.deepEqual(
                    inventory().filter((resource) => resource.includes("momentum")),
                    [],
                );
                assert.deepEqual(await planned(lab), {});
            });

            it("loses no data when it is destroyed without a preview, and comes back", async () => {
                const [before, held] = [urns(), heldState()];
                const outcome = await lab.destroy();
                assert.equal(outcome.ok, false);
                assert.deepEqual(heldState(), held);
                const again = await lab.up();
                assertWell(again);
                assert.deepEqual(urns(), before);
                assert.deepEqual(await planned(lab), {});
            });
        } else {
            it("is taken down on purpose by calling it disposable first", async () => {
                lab.configure((config) => (config["aipx:environment"].disposable = true));
                const allowed = await lab.up();
                assertWell(allowed);
                assert.deepEqual(thatHoldState(changesOf(allowed).replace), []);
                const outcome = await lab.destroy({ previewFirst: true });
                assertWell(outcome);
                assert.deepEqual(
                    inventory().map((resource) => resource.split("::")[1]!.split(" ")[0]),
                    Array(3).fill("cold-path-cognitive-api-logging"),
                );
            });
        }
    });
}

/** Not protected: logs, and queues of failures, which are made again. */
const isMadeAgain = (resource: string): boolean => /^(cloudwatch\.LogGroup|sqs\.Queue|sns\.Topic)::/.test(resource);
