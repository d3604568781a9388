import { type Rule } from "../../../policy-pack/core/rule";
import { type Subject } from "./pack";

/** A statement that allows; what a test writes replaces or adds. */
export const allow = (statement: Record<string, unknown>): Record<string, unknown> => ({
    Effect: "Allow",
    ...statement,
});

/** A policy document as JSON text. */
export const document = (...statements: unknown[]): string =>
    JSON.stringify({ Version: "2012-10-17", Statement: statements });

export const rolePolicy = (...statements: unknown[]): Subject => ({
    type: "aws:iam/rolePolicy:RolePolicy",
    props: { policy: document(...statements) },
});

export const trustedBy = (...statements: unknown[]): Subject => ({
    type: "aws:iam/role:Role",
    props: { assumeRolePolicy: document(...statements) },
});

/** The rule of this name. */
export function ruleNamed(rules: readonly Rule[], name: string): Rule {
    const rule = rules.find((candidate) => candidate.name === name);
    if (!rule) {
        throw new Error(`no rule ${name}`);
    }
    return rule;
}
