import assert from "node:assert/strict";
import { type Rule } from "../../../policy-pack/core/rule";
import { type Case, describeRule } from "./pack";

export type Props = Record<string, any>;

/** Describes rules of one file by name, and at the end that none was left out. */
export function describer(rules: readonly Rule[]): (name: string, cases: Case[]) => void {
    const described = new Set<string>();
    after("every rule is described", () => {
        assert.deepEqual(
            rules.map(({ name }) => name).filter((name) => !described.has(name)),
            [],
        );
    });
    return (name, cases) => {
        const found = rules.find((candidate) => candidate.name === name);
        assert.ok(found, name);
        described.add(name);
        describeRule(found, cases);
    };
}

/** Rows for a rule about one type: properties that pass, that fail with messages, that leave it open and where. */
export function rows(
    type: string,
    passes: Props[],
    fails: [Props, ...string[]][] = [],
    open: [Props, string][] = [],
): Case[] {
    const title = (props: Props): string => JSON.stringify(props).slice(0, 120);
    return [
        ...passes.map((props) => ({ title: `passes ${title(props)}`, subjects: { type, props } })),
        ...fails.map(([props, ...messages]) => ({
            title: `fails ${title(props)}`,
            subjects: { type, props },
            fails: messages,
        })),
        ...open.map(([props, path]) => ({
            title: `cannot tell ${title(props)}`,
            subjects: { type, props },
            undetermined: path,
        })),
    ];
}
