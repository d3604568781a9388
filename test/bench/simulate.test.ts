import * as assert from "node:assert/strict";
import { criticalPath, simulate, type Task } from "../../bench/simulate";

const task = (id: string, seconds: number, ...waitsFor: string[]): Task => ({ id, seconds, waitsFor });

const path = (tasks: Task[], workers?: number): string[] =>
    criticalPath(simulate(tasks, workers)).map(({ task: { id } }) => id);

describe("simulated clock", () => {
    it("takes no time for nothing", () => {
        assert.deepEqual(simulate([]), { runs: new Map(), seconds: 0 });
    });

    it("runs what waits for nothing at once, and the rest when all that it waits for is done", () => {
        const { runs, seconds } = simulate([task("a", 3), task("b", 5), task("c", 2, "a", "b"), task("d", 1, "a")]);
        const starts = [...runs.values()].map((run) => [run.task.id, run.start, run.end]);
        assert.deepEqual(starts, [
            ["a", 0, 3],
            ["b", 0, 5],
            ["d", 3, 4],
            ["c", 5, 7],
        ]);
        assert.equal(seconds, 7);
    });

    it("names the chain that ends last, whatever the order of the tasks", () => {
        assert.deepEqual(path([task("c", 2, "a", "b"), task("a", 3), task("b", 5), task("d", 1, "c")]), [
            "b",
            "c",
            "d",
        ]);
    });

    it("names the chain that comes first of several that end together", () => {
        assert.deepEqual(path([task("a", 3), task("b", 3), task("c", 1, "b"), task("d", 1, "a")]), ["b", "c"]);
    });

    it("passes through what takes no time", () => {
        assert.deepEqual(
            path([task("part", 4, "group"), task("group", 0), task("whole", 0, "part"), task("z", 1, "whole")]),
            ["group", "part", "whole", "z"],
        );
    });

    it("runs no more at once than there are workers", () => {
        const many = Array.from({ length: 10 }, (_unused, index) => task(`t${index}`, 2));
        assert.equal(simulate(many, 1).seconds, 20);
        assert.equal(simulate(many, 3).seconds, 8);
        assert.equal(simulate(many, 10).seconds, 2);
    });

    it("has what was ready later wait behind what was ready before, long as it may take", () => {
        // With one worker, b and c are ready at the start; d only when a is done, though all depends on it.
        const tasks = [task("a", 1), task("d", 10, "a"), task("b", 2), task("c", 2)];
        const { runs, seconds } = simulate(tasks, 1);
        assert.deepEqual([...runs.keys()], ["a", "b", "c", "d"]);
        assert.equal(seconds, 15);
        assert.deepEqual(path(tasks, 1), ["a", "b", "c", "d"]);
        assert.deepEqual(
            [...runs.values()].map(({ queued }) => queued),
            [false, true, true, true],
        );
    });

    it("takes what is ready at the same time in the order of the tasks", () => {
        const { runs } = simulate([task("a", 1), task("z", 1, "a"), task("m", 1, "a"), task("b", 1, "a")], 1);
        assert.deepEqual([...runs.keys()], ["a", "z", "m", "b"]);
    });

    it("has what takes no time wait for a worker as well", () => {
        assert.equal(simulate([task("a", 5), task("group", 0), task("b", 1, "group")], 1).runs.get("group")!.start, 5);
    });

    it("refuses a circle, and a wait for what does not exist", () => {
        assert.throws(() => simulate([task("a", 1, "b"), task("b", 1, "a")]), /circle/);
        assert.throws(() => simulate([task("a", 1, "b")]), /a waits for b, which does not exist/);
    });
});
