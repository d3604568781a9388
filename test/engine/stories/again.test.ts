import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { assertWell, changesOf, keptOnPurpose, leftBehind } from "../support/changes";
import { describeEngine, full } from "../support/engine";
import { Lab } from "../support/lab";

const logGroupType = "aws:cloudwatch/logGroup:LogGroup";

/** Beginnings of the log groups that docs/operations.md has people delete. */
function documentedPrefixes(): string[] {
    const text = readFileSync(join(__dirname, "../../../docs/operations.md"), "utf8");
    const [, prefixes = ""] = /for prefix in (.*); do/.exec(text) ?? [];
    return prefixes.split(" ");
}

/** Stores, what is deleted of each, and what they cannot become otherwise. */
const stores: [store: string, target: string, change: (config: Record<string, any>) => void][] = [
    [
        "the Kafka cluster",
        "$aws:msk/cluster:Cluster::data-kafka",
        (config) => Object.assign(config["aipx:kafka"], { brokerType: "kafka.m7g.large", version: "3.9.x.kraft" }),
    ],
    [
        "a topic",
        "$aws:msk/topic:Topic::data-kafka-ticks",
        (config) => (config["aipx:kafka"].topics.ticks.partitions = 3),
    ],
    [
        "the cache",
        "$aws:elasticache/userGroup:UserGroup::data-redis",
        (config) => Object.assign(config["aipx:redis"], { engine: "redis", engineVersion: "7.1" }),
    ],
];

describeEngine("dev, destroyed and brought up again", function () {
    this.timeout(600_000);
    let lab: Lab;
    /** Log groups whose names AWS chooses, and which it makes by itself when somebody writes. */
    let chosenByAws: string[];

    before(async () => {
        lab = await Lab.open("dev", { checkpoints: false });
        assertWell(await lab.up());
        await lab.pushImages();
        assertWell(await lab.up());
        const groups = lab.account.ofType(logGroupType).map(({ id }) => id);
        chosenByAws = groups.filter((name) => /^\/aws\/(ecs|rds|lambda|apigateway)\//.test(name));
        assertWell(await lab.destroy());
    });
    after(() => lab.close());

    it("has lost its images with their repositories", () => {
        assert.ok(chosenByAws.length >= 4, chosenByAws.join());
        assert.deepEqual([...lab.account.images], []);
        assert.deepEqual(leftBehind(lab), keptOnPurpose);
    });

    it("is refused where AWS has written to log groups since, until the documented command deletes them", async () => {
        chosenByAws.forEach((name) => lab.account.appear(logGroupType, name, { name }));
        lab.configure((config) => (config["aipx:images"] = {}));
        const refused = await lab.up();
        assert.equal(refused.ok, false);
        assert.match(refused.output, /ResourceAlreadyExistsException/);
        for (const { id, urn } of lab.account.ofType(logGroupType)) {
            if (urn.startsWith("outside::") && documentedPrefixes().some((prefix) => id.startsWith(prefix))) {
                lab.account.lose(logGroupType, id);
            }
        }
        assertWell(await lab.up());
    });

    it("has its services again once the images are there, and then nothing to do", async () => {
        await lab.pushImages();
        assertWell(await lab.up());
        const again = await lab.up();
        assertWell(again);
        assert.deepEqual(changesOf(again), {});
    });

    // "Making a store anew" in docs/operations.md.
    for (const [store, target, change] of full ? stores : []) {
        it(`makes ${store} anew`, async () => {
            lab.configure(change);
            assert.equal((await lab.preview()).ok, false);
            const { urn } = lab.account.resources.find(({ urn: each }) => each.endsWith(target))!;
            const options = ["--yes", "--skip-preview", "--target", urn, "--target-dependents"];
            const { code, output } = await lab.cli("destroy", ...options);
            assert.equal(code, 0, output);
            assertWell(await lab.up());
            const again = await lab.up();
            assertWell(again);
            assert.deepEqual(changesOf(again), {});
        });
    }

    it("can be destroyed again", async () => {
        assertWell(await lab.destroy());
        assert.deepEqual(leftBehind(lab), [...keptOnPurpose, ...keptOnPurpose].sort());
    });
});
