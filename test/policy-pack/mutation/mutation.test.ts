import assert from "node:assert/strict";
import { controls } from "../../../policy-pack/controls";
import { profileOf } from "../../../policy-pack/profiles";
import { rules } from "../../../policy-pack/rules";
import { notApplicable } from "../../../policy-pack/rules/not-applicable";
import { planOf, stackNames } from "../../support/stacks";
import { identities } from "./identities";
import { type Mutation } from "./operators";
import { resources } from "./resources";
import { own } from "./own";
import { Bench, type Mutant } from "./run";
import { survivors, untried } from "./reviewed";

/** All mutations, by the control that they offend, or by the rule if it is for none. */
const mutations: Record<string, Mutation[]> = { ...identities, ...resources, ...own };

/** Bound of the share of mutants that some rule must catch. */
const bound = 0.97;

const familyOf = (key: string): string => (/^[A-Za-z0-9]+-\d{3}$/.test(key) ? key.split("-")[0]! : "(no control)");

const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`;

describe("mutants of the recorded stacks", function () {
    this.timeout(120_000);

    const benches = new Map<string, Bench>();
    const mutants: Mutant[] = [];
    const unfitting = new Set(Object.values(mutations).flat());

    before("change one thing after the other", async () => {
        for (const stack of stackNames) {
            const { recording } = await planOf(stack);
            const bench = new Bench(stack, recording, rules, profileOf(stack));
            benches.set(stack, bench);
            for (const [key, all] of Object.entries(mutations)) {
                for (const mutation of all) {
                    const made = bench.mutants(key, mutation);
                    mutants.push(...made);
                    if (made.length > 0) {
                        unfitting.delete(mutation);
                    }
                }
            }
        }
    });

    it("start from stacks in which nothing is found", () => {
        for (const bench of benches.values()) {
            assert.deepEqual(bench.findings, []);
        }
    });

    it("come from mutations that fit somewhere", () => {
        assert.deepEqual(
            [...unfitting].map(({ types, at, how }) => [...types, at, how].join(" ")),
            [],
        );
    });

    it("are many, and each is another one", () => {
        const ids = mutants.map(({ stack, id }) => `${stack} ${id}`);
        assert.deepEqual(
            ids.filter((id, index) => ids.indexOf(id) !== index),
            [],
        );
        assert.ok(mutants.length >= 300, String(mutants.length));
    });

    it("are there for every control, or there is a reason why not", () => {
        const tried = new Set(mutants.map(({ key }) => key));
        const open = controls.map(({ id }) => id).filter((id) => !tried.has(id) && !(id in notApplicable));
        assert.deepEqual(
            open.sort(),
            Object.keys(untried).sort(),
            "controls without a mutant, and those with a reason",
        );
        const known = new Set([...controls.map(({ id }) => id), ...rules.map(({ name }) => name)]);
        assert.deepEqual(
            Object.keys(mutations).filter((key) => !known.has(key) || !tried.has(key)),
            [],
        );
    });

    it("are caught by the rules, but for the reviewed ones", () => {
        const caught = mutants.filter(({ caughtBy }) => caughtBy !== undefined);
        const alive = mutants.filter(({ caughtBy }) => caughtBy === undefined);
        print(mutants);
        assert.deepEqual([...new Set(alive.map(({ id }) => id))].sort(), Object.keys(survivors).sort());
        assert.ok(caught.length / mutants.length >= bound, percent(caught.length, mutants.length));
    });
});

/** The score, and who did not catch what. With `MUTANTS=all`, also what was caught by rules for something else. */
function print(mutants: readonly Mutant[]): void {
    const groups = new Map<string, Mutant[]>();
    for (const mutant of mutants) {
        for (const group of ["all", mutant.stack, familyOf(mutant.key)]) {
            groups.set(group, [...(groups.get(group) ?? []), mutant]);
        }
    }
    const line = (...cells: (string | number)[]): string =>
        cells.map((cell, index) => String(cell)[index === 0 ? "padEnd" : "padStart"](index === 0 ? 14 : 10)).join("");
    console.log(line("", "mutants", "caught", "", "by another"));
    for (const [group, all] of groups) {
        const caught = all.filter(({ caughtBy }) => caughtBy !== undefined);
        const others = caught.filter(({ rightly }) => !rightly).length;
        console.log(line(group, all.length, caught.length, percent(caught.length, all.length), others));
    }
    for (const { stack, id, caughtBy } of mutants) {
        if (caughtBy === undefined) {
            console.log(`survives in ${stack}: ${id}${id in survivors ? `: ${survivors[id]}` : ""}`);
        }
    }
    if (process.env.MUTANTS === "all") {
        for (const { stack, id, caughtBy, rightly } of mutants) {
            if (caughtBy !== undefined && !rightly) {
                console.log(`caught by another in ${stack}: ${id}: ${caughtBy}`);
            }
        }
    }
}
