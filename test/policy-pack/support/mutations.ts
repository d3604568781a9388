import assert from "node:assert/strict";
import { type ResourceRule, type Rule } from "../../../policy-pack/core/rule";
import { type Case, describeRule, type Subject, unknown } from "./pack";

/** A path in properties (`encryptionInfo.encryptionInTransit`, `rules.0.status`), and what is put there; undefined removes it. */
type Change = [path: string, value: unknown];

/** Properties with one thing changed. */
function changed(props: Subject["props"], [path, value]: Change): Subject["props"] {
    // Not structuredClone: what stands in two places would be changed in both.
    const copy = JSON.parse(JSON.stringify(props)) as Subject["props"];
    const keys = path.split(".");
    let at = copy;
    for (const key of keys.slice(0, -1)) {
        at[key] ??= {};
        at = at[key] as Subject["props"];
    }
    const last = keys.at(-1)!;
    if (value === undefined) {
        delete at[last];
    } else {
        at[last] = value;
    }
    return copy;
}

export interface Mutations {
    /** Left out: every type of the rule. */
    types?: readonly string[];
    /** A compliant resource's properties. */
    good: Subject["props"];
    /** Changes that leave it compliant. */
    fine?: Change[];
    /** Changes that make it violate the rule. */
    wrong: Change[];
    /** What each message must say. */
    says: string;
    /** Path of what makes it undetermined while unknown, and as it is reported, if that differs. */
    unknownAt: string;
    reportedAt?: string;
}

/** The rule of this name. */
export function ruleOf(rules: readonly Rule[], name: string): Rule {
    const rule = rules.find((candidate) => candidate.name === name);
    assert.ok(rule, name);
    return rule;
}

/** The rule with other parameters. */
export const withParameters = (rule: Rule, values: Record<string, unknown>): Rule => ({
    ...rule,
    parameters: Object.fromEntries(
        Object.entries(rule.parameters ?? {}).map(([name, schema]) => [
            name,
            { ...schema, default: values[name] ?? schema.default },
        ]),
    ),
});

/** Describes a rule by one compliant resource, and what each change of it does. */
export function describeMutations(rule: Rule, { types, good, fine = [], wrong, says, ...rest }: Mutations): void {
    const { unknownAt, reportedAt = unknownAt } = rest;
    const cases = (types ?? (rule as ResourceRule).types).flatMap((type): Case[] => [
        { title: `passes ${type}`, subjects: { type, props: good } },
        ...fine.map((change): Case => ({
            title: `passes ${type} with ${show(change)}`,
            subjects: { type, props: changed(good, change) },
        })),
        ...wrong.map((change): Case => ({
            title: `refuses ${type} with ${show(change)}`,
            subjects: { type, props: changed(good, change) },
            fails: [says],
        })),
        {
            title: `waits for ${unknownAt} of ${type}`,
            subjects: { type, props: changed(good, [unknownAt, unknown]) },
            undetermined: reportedAt,
        },
    ]);
    describeRule(rule, cases);
}

const show = ([path, value]: Change): string =>
    value === undefined ? `no ${path}` : `${path} ${JSON.stringify(value)?.slice(0, 80)}`;
