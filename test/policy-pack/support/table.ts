import assert from "node:assert/strict";
import { type Rule } from "../../../policy-pack/core/rule";
import { type Case, describeRule, type Subject, unknown } from "./pack";

type Props = Record<string, any>;

/** Describes rules of a file by name, and that none is left out. */
export function describeRules(title: string, rules: readonly Rule[], cases: Record<string, Case[]>): void {
    describe(title, () => {
        it("has a test for every rule", () => {
            assert.deepEqual(rules.map(({ name }) => name).sort(), Object.keys(cases).sort());
        });
        for (const rule of rules) {
            describeRule(rule, cases[rule.name] ?? []);
        }
    });
}

/** Cases of a rule about one property: properties that comply, and at the path the values that do not. */
export function property(
    type: string,
    good: Props,
    path: string,
    wrong: unknown[],
    { right = [], message = path }: { right?: unknown[]; message?: string } = {},
): Case[] {
    const subject = (props: Props): Subject => ({ type, props });
    return [
        { title: "accepts what complies", subjects: subject(good) },
        ...right.map((value) => ({
            title: `accepts ${path} ${JSON.stringify(value)}`,
            subjects: subject(changed(good, path, value)),
        })),
        ...wrong.map((value) => ({
            title: `refuses ${path} ${JSON.stringify(value)}`,
            subjects: subject(changed(good, path, value)),
            fails: [message],
        })),
        {
            title: `waits for ${path}`,
            subjects: subject(changed(good, path, unknown)),
            undetermined: path.replace(/\.(\d+)/g, "[$1]"),
        },
    ];
}

/** Properties with one changed, or left out if the value is undefined. */
export function changed(props: Props, path: string, value: unknown): Props {
    const copy = structuredClone(props);
    const keys = path.split(".");
    const last = keys.pop()!;
    const parent = keys.reduce<Props>((at, key) => (at[key] ??= {}) as Props, copy);
    if (value === undefined) {
        delete parent[last];
    } else {
        parent[last] = value;
    }
    return copy;
}
