import assert from "node:assert/strict";
import type { AwsResource } from "../aws/account";
import { snapshots, withoutZooKeeperAccess } from "../aws/refusals";
import { raiseVersion, restoreDatabase } from "../aws/maintenance";
import { assertWell, deploy, nameOf, planned } from "../support/changes";
import { describeEngine } from "../support/engine";
import { Lab } from "../support/lab";

const databases = "aws:rds/instance:Instance";
const caches = "aws:elasticache/replicationGroup:ReplicationGroup";
const clusters = "aws:msk/cluster:Cluster";
const database = "rds.Instance::data-postgres";
const cache = "elasticache.ReplicationGroup::data-redis";
const cluster = "msk.Cluster::data-kafka";

/** What docs/operations.md and docs/reliability.md tell people to do with data, on a stack whose data is kept. */
describeEngine("upgrades and restored data on the engine", function () {
    this.timeout(600_000);
    let lab: Lab;
    const only = (type: string): AwsResource => {
        const [one, ...others] = lab.account.ofType(type);
        assert.ok(one && others.length === 0, `${type}: ${others.length + 1}`);
        return one;
    };
    const inventory = (): string[] =>
        lab.account.resources.map(({ type, id, urn }) => `${nameOf(type)}::${urn.split("::").pop()!} ${id}`).sort();
    const configure = (section: string, values: Record<string, unknown>): (() => void) =>
        lab.configure((config) => Object.assign(config[`aipx:${section}`], values));
    const unset = (section: string, ...keys: string[]): (() => void) =>
        lab.configure((config) => keys.forEach((key) => delete config[`aipx:${section}`][key]));
    /** What an update says that fails, after which nothing has changed. */
    const refused = async (): Promise<string> => {
        const before = inventory();
        const { ok, output } = await lab.up({ previewFirst: true });
        assert.equal(ok, false);
        assert.deepEqual(inventory(), before);
        return output.replace(/\s+/g, " ");
    };

    before(async () => {
        lab = await Lab.open("staging", { checkpoints: false });
        await deploy(lab);
    });
    after(() => lab.close());

    describe("versions", () => {
        it("that AWS raises by itself change nothing", async () => {
            raiseVersion(lab.account, databases, only(databases).id, "17.7");
            raiseVersion(lab.account, caches, only(caches).id, "8.1.2");
            assert.deepEqual(await deploy(lab, { refresh: true }), {});
            assert.equal(only(databases).outputs.engineVersionActual, "17.7");
            assert.equal(only(caches).outputs.engineVersionActual, "8.1.2");
        });

        it("go up by one step of its own only", async () => {
            const undo = [configure("postgres", { engineVersion: "18" }), configure("redis", { engineVersion: "9.0" })];
            const told = await refused();
            assert.match(
                told,
                /Postgres: engineVersion is "18", but 17\.7 runs; to upgrade it, set upgradingFrom to "17"/,
            );
            assert.match(
                told,
                /Redis: engineVersion is "9\.0", but 8\.1\.2 runs; to upgrade it, set upgradingFrom to "8\.1"/,
            );
            undo.reverse().forEach((back) => back());
        });

        it("go up at once, and leave their parameters to the next update", async () => {
            configure("postgres", { engineVersion: "18", upgradingFrom: "17" });
            configure("redis", { engineVersion: "9.0", upgradingFrom: "8.1" });
            assert.deepEqual(await deploy(lab), {
                create: ["elasticache.ParameterGroup::data-redis-valkey9", "rds.ParameterGroup::data-postgres-18"],
                update: [cache, database],
            });
            assert.equal(only(databases).outputs.engineVersionActual, "18.6");
            assert.equal(only(caches).outputs.engineVersionActual, "9.0.0");
            unset("postgres", "upgradingFrom");
            unset("redis", "upgradingFrom");
            assert.deepEqual(await deploy(lab, { refresh: true }), {
                update: [cache, database],
                delete: ["elasticache.ParameterGroup::data-redis-valkey8", "rds.ParameterGroup::data-postgres-17"],
            });
            assert.deepEqual(await planned(lab, { refresh: true }), {});
        });

        it("of Kafka come out of ZooKeeper in place, once it is closed to clients", async () => {
            configure("kafka", { brokerType: "kafka.m7g.large", version: "3.9.x.kraft" });
            const early = await lab.up();
            assert.equal(early.ok, false);
            assert.match(early.output, /cannot be updated to the Kafka version 3\.9\.x\.kraft/);
            withoutZooKeeperAccess(lab.account).add(only(clusters).id);
            const does = await deploy(lab);
            assert.ok(does.update?.includes(cluster));
            assert.equal(does.replace, undefined);
            assert.equal(only(clusters).inputs.kafkaVersion, "3.9.x.kraft");
            assert.deepEqual(await planned(lab), {});
        });
    });

    describe("a database that was restored to a point in time", () => {
        const parent = "urn:pulumi:staging::aipx::aipx:datalayer:DataLayer$aipx:datalayer:Postgres::data-postgres";
        const urn = (name: string): string =>
            `urn:pulumi:staging::aipx::aipx:datalayer:DataLayer$aipx:datalayer:Postgres$${databases}::${name}`;
        let first: AwsResource;
        let restored: AwsResource;
        const pulumi = async (...args: string[]): Promise<string> => {
            const { code, output } = await lab.cli(...args, "--stack", "staging");
            assert.equal(code, 0, output);
            return output;
        };

        before(() => {
            first = only(databases);
            const { inputs } = first;
            restored = restoreDatabase(lab.account, first, {
                identifier: "aipx-staging-postgres-restored",
                copyTagsToSnapshot: true,
                dbSubnetGroupName: inputs.dbSubnetGroupName as unknown,
                deletionProtection: true,
                enabledCloudwatchLogsExports: inputs.enabledCloudwatchLogsExports as unknown,
                maxAllocatedStorage: inputs.maxAllocatedStorage as unknown,
                multiAz: true,
                parameterGroupName: inputs.parameterGroupName as unknown,
                vpcSecurityGroupIds: inputs.vpcSecurityGroupIds as unknown,
            });
        });

        it("is in the way of an update that was to adopt it, and did not", async () => {
            configure("postgres", { instanceSuffix: "restored" });
            // Even without a preview, which would not let it begin.
            const { ok, output } = await lab.up();
            assert.equal(ok, false);
            assert.match(output, /DBInstanceAlreadyExists/);
            assert.deepEqual(lab.account.ofType(databases), [first, restored]);
        });

        it("is adopted, and the first one stays as long as it is protected", async () => {
            await pulumi(
                ...["import", databases, "data-postgres-restored", "aipx-staging-postgres-restored"],
                ...["--parent", `postgres=${parent}`, "--protect", "--generate-code=false", "--yes", "--skip-preview"],
            );
            assert.match(await refused(), /data-postgres.* cannot be deleted because it is protected/);
        });

        it("takes the first one's place, and nothing is deleted", async () => {
            await pulumi("state", "unprotect", urn("data-postgres"), "--yes");
            const outcome = await lab.up({ previewFirst: true });
            assertWell(outcome);
            const { inputs } = lab.account.get(databases, restored.id)!;
            assert.deepEqual(
                [inputs.monitoringInterval, inputs.performanceInsightsEnabled, inputs.manageMasterUserPassword],
                [60, true, true],
            );
            assert.equal(inputs.engineVersion, "18.6");
            assert.ok(lab.account.get(databases, first.id));
            const logs = lab.account.ofType("aws:cloudwatch/logGroup:LogGroup").map(({ id }) => id);
            for (const name of ["aipx-staging-postgres", "aipx-staging-postgres-restored"]) {
                assert.ok(logs.includes(`/aws/rds/instance/${name}/postgresql`), name);
            }
            const [parameter] = lab.account
                .ofType("aws:ssm/parameter:Parameter")
                .filter(({ id }) => id === "/aipx/staging/postgres/endpoint");
            assert.equal(parameter?.inputs.value, restored.outputs.endpoint);
        });

        it("leaves a second update nothing to do", async () => {
            assert.deepEqual(await planned(lab, { refresh: true }), {});
            const state = await lab.exportState();
            assert.doesNotMatch(JSON.stringify(state.deployment), new RegExp(`"${first.id}"`));
        });

        it("is upgraded by AWS like any other", async () => {
            raiseVersion(lab.account, databases, restored.id, "18.7");
            assert.deepEqual(await deploy(lab, { refresh: true }), {});
        });
    });

    describe("a cache", () => {
        it("begins with a snapshot where there is none, and takes no notice of it later", async () => {
            const { id, inputs } = only(caches);
            snapshots(lab.account).add(`${caches} aipx-staging-redis-last`);
            configure("redis", { restoreFromSnapshot: "aipx-staging-redis-last" });
            assert.deepEqual(await deploy(lab), {});
            lab.account.lose(caches, id);
            const does = await deploy(lab, { refresh: true });
            assert.deepEqual([does.create, does.replace, does.delete], [[cache], undefined, undefined]);
            assert.equal(only(caches).inputs.snapshotName, "aipx-staging-redis-last");
            assert.equal(only(caches).inputs.engineVersion, inputs.engineVersion);
            unset("redis", "restoreFromSnapshot");
            assert.deepEqual(await deploy(lab), {});
        });
    });
});
