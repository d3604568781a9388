import assert from "node:assert/strict";
import { keptOnPurpose, leftBehind } from "../support/changes";
import { describeEngine, full } from "../support/engine";
import type { Operation } from "../aws/account";
import { failFirst, noFaults, untilWell } from "../support/faults";
import { Lab } from "../support/lab";
import { assertSettled, assertWhole } from "../support/state";

/** Where the long form goes on after it was stopped. */
const from = Number(process.env.AIPX_FULL_FROM ?? 0);

/** A change that updates resources of many types. */
function changeMuch(config: Record<string, any>): void {
    Object.assign(config["aipx:environment"], { logRetentionDays: 14, debugShell: false });
    config["aipx:kafka"].topics.ticks.retentionHours = 12;
    config["aipx:postgres"].backupRetentionDays = 2;
    config["aipx:dataLake"].expireAfterDays = 400;
    config["aipx:schedule"].start = "07:45";
    config["aipx:alarms"].emails = ["people@example.com"];
}

describeEngine("faults on the engine", function () {
    this.timeout(full ? 0 : 600_000);

    it("each first create, update and delete fails: it converges, with no duplicate and nothing lost", async () => {
        const lab = await Lab.open("dev");
        const { account } = lab;
        const operation = { continueOnError: true };
        try {
            const created = failFirst(account, "create");
            const rounds = [await untilWell(created, () => lab.up(operation))];
            noFaults(account);
            await assertSettled(lab);
            assert.deepEqual(new Set(account.resources.map(({ urn }) => urn)), created);

            if (full) {
                await lab.pushImages();
                await untilWell(failFirst(account, "create"), () => lab.up(operation));
                noFaults(account);
                await assertSettled(lab);
            }

            lab.configure(changeMuch);
            const updated = failFirst(account, "update");
            rounds.push(await untilWell(updated, () => lab.up(operation)));
            noFaults(account);
            await assertSettled(lab);

            const deleted = failFirst(account, "delete");
            rounds.push(await untilWell(deleted, () => lab.destroy(operation)));
            assert.deepEqual(leftBehind(lab), full ? keptOnPurpose : []);
            if (full) {
                const counts = [created, updated, deleted].map(({ size }) => size);
                console.log(`      creates, updates, deletes: ${counts.join(", ")}; attempts: ${rounds.join(", ")}`);
            }
        } finally {
            lab.close();
        }
    });

    if (full) {
        it("one create, update or delete fails, each in turn: the next time it works", async () => {
            // Each operation comes to its end here, so saving the state once is enough.
            const lab = await Lab.open("dev", { checkpoints: false });
            const { account } = lab;
            let config: Record<string, any> = {};
            lab.configure((now) => (config = structuredClone(now)));
            /** Calls of AWS in a first `up`, in one that changes much, and in `destroy`. */
            const calls: Operation[][] = [];
            /** Fails one of these calls, if there are as many, and then none. */
            const failing = async (which: number, turn: number, operation: () => ReturnType<Lab["up"]>) => {
                const call = calls[which]?.[turn];
                if (call !== undefined) {
                    const failed = failFirst(account, call.kind, new Set([call.urn]), turn);
                    const { ok, output } = await operation();
                    assert.ok(!ok && failed.has(call.urn), `this did not fail at ${call.kind} ${call.urn}:\n${output}`);
                    noFaults(account);
                }
                const before = account.log.length;
                const { ok, output } = await operation();
                assert.ok(ok, output);
                await assertWhole(lab);
                // In an order that is the same in the next run, which goes on from here.
                calls[which] ??= account.log.slice(before).sort((a, b) => (a.urn < b.urn ? -1 : 1));
            };
            const round = async (turn: number): Promise<void> => {
                lab.configure((now) => Object.assign(now, structuredClone(config)));
                await failing(0, turn, () => lab.up());
                lab.configure(changeMuch);
                await failing(1, turn, () => lab.up());
                await failing(2, turn, () => lab.destroy());
                assert.deepEqual(account.resources, []);
            };
            try {
                // Without faults, to see what calls there are.
                await round(0);
                const turns = Math.max(...calls.map(({ length }) => length));
                for (let turn = from; turn < turns; turn++) {
                    await round(turn);
                    console.log(`      ${turn + 1} of ${turns} (AIPX_FULL_FROM goes on from here)`);
                }
                console.log(`      calls in turn: ${calls.map(({ length }) => length).join(", ")}`);
            } finally {
                lab.close();
            }
        });
    }
});
