import { type Resource, type Stack } from "./resource";
import { Check, type Finding, type Rule } from "./rule";
import { type Suppressed, Suppressions, suppressionType } from "./suppressions";

/** How often something was checked, and how that ended: by the worst that was found. */
export interface Counts {
    evaluated: number;
    passed: number;
    failed: number;
    undetermined: number;
    suppressed: number;
}

/** What one application of a rule gives. */
export interface Verdict {
    findings: Finding[];
    /** What was found, but is accepted. */
    suppressed: Suppressed[];
}

/** What a rule says of the resources it is about. */
export interface Result extends Verdict {
    rule: Rule;
    /** Resources that it looked at; for a stack rule 1. */
    evaluated: number;
    /** By resource; for a stack rule, of the one stack. */
    counts: Counts;
}

/** Parameters of a rule: its defaults, and over them what is configured. */
export function parametersOf(rule: Rule, configured: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
    return Object.fromEntries(
        Object.entries(rule.parameters ?? {}).map(([name, schema]) => [name, configured[name] ?? schema.default]),
    );
}

/** All findings of a rule about one resource, or one stack. A rule that throws is a defect of the rule, not a pass. */
export function findings(
    rule: Rule,
    subject: Resource | Stack,
    parameters: Record<string, unknown>,
    suppressions?: Suppressions,
): Finding[] {
    const check = new Check(parameters, suppressions);
    (rule.check as (subject: Resource | Stack, check: Check) => void)(subject, check);
    return check.findings;
}

/** Findings of a rule, with those apart that are suppressed. */
export function judge(
    rule: Rule,
    subject: Resource | Stack,
    parameters: Record<string, unknown>,
    suppressions: Suppressions,
): Verdict {
    const verdict: Verdict = { findings: [], suppressed: [] };
    for (const finding of findings(rule, subject, parameters, suppressions)) {
        const by = suppressions.of(rule.name, finding);
        if (by) {
            verdict.suppressed.push({ ...finding, by });
        } else {
            verdict.findings.push(finding);
        }
    }
    return verdict;
}

/**
 * Runs rules over a whole stack, as the offline plan and tests do; the engine runs them one by one. Rules about suppressions
 * come last: they tell what the others made use of.
 */
export function evaluate(
    rules: readonly Rule[],
    stack: Stack,
    configured: Readonly<Record<string, Record<string, unknown>>> = {},
    suppressions = new Suppressions(),
): Result[] {
    stack.ofType(suppressionType).forEach((resource) => suppressions.remember(resource));
    return rules.map((rule) => {
        const parameters = parametersOf(rule, configured[rule.name]);
        const subjects = rule.kind === "stack" ? [stack] : stack.ofType(...rule.types);
        const verdicts = subjects.map((subject) => judge(rule, subject, parameters, suppressions));
        return {
            rule,
            evaluated: subjects.length,
            counts: count(verdicts.map(outcome)),
            findings: verdicts.flatMap((verdict) => verdict.findings),
            suppressed: verdicts.flatMap((verdict) => verdict.suppressed),
        };
    });
}

export type Outcome = Exclude<keyof Counts, "evaluated">;

function outcome({ findings, suppressed }: Verdict): Outcome {
    if (findings.some((finding) => finding.outcome === "fail")) {
        return "failed";
    }
    return findings.length > 0 ? "undetermined" : suppressed.length > 0 ? "suppressed" : "passed";
}

/** Counts of outcomes. */
export function count(outcomes: readonly Outcome[]): Counts {
    const counts: Counts = { evaluated: outcomes.length, passed: 0, failed: 0, undetermined: 0, suppressed: 0 };
    outcomes.forEach((each) => counts[each]++);
    return counts;
}
