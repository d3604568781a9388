import assert from "node:assert/strict";
import { describeEngine, full } from "../support/engine";
import { killDuring, slowestCall } from "../support/faults";
import { Lab } from "../support/lab";
import { importLost, recover } from "../support/recovery";
import { assertSettled, stateOf } from "../support/state";

/** Numbers from 0 to 1 that follow from a seed. */
function random(seed: number): () => number {
    let state = seed;
    return () => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return state / 2 ** 32;
    };
}

const strategy = {
    topics: ["ticks"],
    memoryMB: 512,
    timeoutSeconds: 30,
    batchSize: 500,
    batchWindowSeconds: 1,
};

/** Creates, updates and deletes. */
function change(config: Record<string, any>): void {
    const { strategies } = config["aipx:services"];
    delete strategies.momentum;
    strategies.breakout = strategy;
    config["aipx:environment"].logRetentionDays = 14;
}

describeEngine("recovery on the engine", function () {
    this.timeout(full ? 0 : 600_000);

    const kills = full ? 50 : 3;

    it(`after a kill at a random point, ${kills} times: cancel, refresh and up converge`, async () => {
        const count = { kills: 0, creations: 0, imported: 0 };
        for (let seed = 1; count.kills < kills; seed++) {
            const next = random(seed);
            const lab = await Lab.open("dev", { delay: () => next() * slowestCall });
            const killed = async (most: number, operation: () => ReturnType<Lab["up"]>): Promise<void> => {
                if (await killDuring(lab, 1 + Math.floor(next() * most), operation)) {
                    count.kills++;
                    const refused = await lab.cli("destroy", "--yes", "--stack", "dev");
                    assert.match(refused.output, /the stack is currently locked/, "the lock of the dead");
                    const { creations, imported } = await recover(lab);
                    count.creations += creations;
                    count.imported += imported;
                }
            };
            try {
                await killed(170, () => lab.up());
                if (full) {
                    await killed(100, () => lab.up());
                }
                const { ok, output } = await lab.up();
                assert.ok(ok, output);
                await assertSettled(lab);

                lab.configure(change);
                await killed(20, () => lab.up());
                const changed = await lab.up();
                assert.ok(changed.ok, changed.output);
                await assertSettled(lab);

                await killed(150, () => lab.destroy());
                const destroyed = await lab.destroy();
                assert.ok(destroyed.ok, destroyed.output);
                assert.deepEqual(lab.account.resources, []);
            } finally {
                lab.close();
            }
            if (full) {
                console.log(`      ${JSON.stringify(count)}`);
            }
        }
        assert.ok(count.imported > 0, "no creation had come through");
        assert.ok(count.creations > count.imported, "all creations had come through");
    });

    it("refuses a second update as long as the first runs, and then does not", async () => {
        const lab = await Lab.open("dev", { delay: () => 50 });
        try {
            const first = lab.up();
            while (lab.account.log.length === 0) {
                await new Promise((resolve) => setTimeout(resolve, 20));
            }
            const second = await lab.cli("destroy", "--yes", "--stack", "dev");
            assert.equal(second.code, 1);
            assert.match(second.output, /the stack is currently locked by 1 lock\(s\)/);
            const { ok, output } = await first;
            assert.ok(ok, output);
            await assertSettled(lab);
        } finally {
            lab.close();
        }
    });

    it("converges from a state that is older than what exists", async () => {
        const lab = await Lab.open("dev");
        try {
            await lab.up();
            const old = await lab.exportState();
            const existed = lab.account.resources.length;
            await lab.pushImages(full ? undefined : ["oms", "strategy-momentum"]);
            lab.configure((config) => (config["aipx:environment"].logRetentionDays = 14));
            await lab.up();
            const everything = lab.account.resources.map(({ urn, id }) => `${urn} ${id}`).sort();

            await lab.importState(old);
            assert.equal((await importLost(lab)).length, everything.length - existed);
            const { ok, output } = await lab.up({ refresh: true });
            assert.ok(ok, output);
            await assertSettled(lab);
            assert.deepEqual(lab.account.resources.map(({ urn, id }) => `${urn} ${id}`).sort(), everything);
            assert.deepEqual(
                (await stateOf(lab)).resources.filter(({ protect }) => protect),
                [],
            );
        } finally {
            lab.close();
        }
    });
});
