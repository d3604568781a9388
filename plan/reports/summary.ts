import { count, type Counts, type Outcome } from "../../policy-pack/core/evaluate";
import { text } from "../../policy-pack/core/finding";
import { type Failure, type Plan } from "../plan";
import { type Policies, type PolicyResult } from "../policies";

/** Rule sets that controls are known by, with how they are called. */
const frameworks = { fsbp: "FSBP", cis: "CIS", cdkNag: "cdk-nag", checkov: "Checkov", trivy: "Trivy" } as const;

/** What a policy pack's check of a stack came to. */
export interface Summary {
    strict: boolean;
    /** Rules that were applied, to nothing or to something. */
    rules: number;
    /** Applications of rules to resources. */
    checks: Counts;
    /** Ids of other rule sets, each by the worst of the rules that answer for it. Ids that nothing in the stack is about do not count. */
    frameworks: Record<string, Counts>;
}

export function summary({ strict, results, controls }: Policies): Summary {
    const total: Counts = { evaluated: 0, passed: 0, failed: 0, undetermined: 0, suppressed: 0 };
    for (const { counts } of results) {
        (Object.keys(total) as (keyof Counts)[]).forEach((key) => (total[key] += counts[key]));
    }
    const byControl = new Map<string, Outcome[]>();
    for (const result of results) {
        const outcome = outcomeOf(result);
        if (outcome) {
            result.rule.controls.forEach((id) => byControl.set(id, [...(byControl.get(id) ?? []), outcome]));
        }
    }
    const byFramework = Object.entries(frameworks).map(([key, name]) => {
        const ids = new Map<string, Outcome[]>();
        for (const { id, frameworks } of controls) {
            for (const other of frameworks[key as keyof typeof frameworks] ?? []) {
                ids.set(other, [...(ids.get(other) ?? []), ...(byControl.get(id) ?? [])]);
            }
        }
        return [name, count([...ids.values()].flatMap((outcomes) => worst(outcomes) ?? []))] as const;
    });
    return { strict, rules: results.length, checks: total, frameworks: Object.fromEntries(byFramework) };
}

/** How a rule ended in a stack; undefined if the stack has nothing that it is about. */
function outcomeOf({ counts }: PolicyResult): Outcome | undefined {
    return order.find((outcome) => counts[outcome] > 0);
}

// From worst to best.
const order: readonly Outcome[] = ["failed", "undetermined", "suppressed", "passed"];

const worst = (outcomes: readonly Outcome[]): Outcome | undefined => order.find((each) => outcomes.includes(each));

/** Summaries of stacks as JSON, with what was found and what is accepted, and of stacks without a plan why they have none. */
export function summaryJson(plans: readonly Plan[], failures: readonly Failure[] = []): string {
    const stacks = plans.map(({ recording, violations, policies }) => ({
        stack: recording.stack,
        violations,
        ...(policies && {
            policies: {
                ...summary(policies),
                results: policies.results.map(({ rule, level, counts, findings, suppressed }) => ({
                    policy: rule.name,
                    level,
                    severity: rule.severity,
                    controls: rule.controls,
                    counts,
                    findings,
                    suppressed,
                })),
            },
        }),
    }));
    const failed = failures.map(({ stack, message }) => ({ stack, error: message }));
    return `${JSON.stringify({ stacks: [...stacks, ...failed] }, null, 2)}\n`;
}

/** Summaries of stacks for people. */
export const summaryText = (plans: readonly Plan[], failures: readonly Failure[] = []): string =>
    [
        ...plans.map(({ recording, violations, policies }) =>
            [
                `Stack ${recording.stack}: ${violations.length} violation${violations.length === 1 ? "" : "s"}`,
                ...(policies ? tables(policies) : ["The project has no policy pack."]),
                "",
            ].join("\n"),
        ),
        ...failures.map(({ stack, message }) => `Stack ${stack}: no plan\n${message}\n`),
    ].join("\n");

function tables(policies: Policies): string[] {
    const { checks, frameworks, rules } = summary(policies);
    const of = ({ evaluated, passed, failed, undetermined, suppressed }: Counts): string[] =>
        [evaluated, passed, failed, undetermined, suppressed].map(String);
    const title = ["EVALUATED", "PASSED", "FAILED", "UNDETERMINED", "SUPPRESSED"];
    const notPassed = policies.results.filter(({ counts }) => counts.passed < counts.evaluated);
    const found = policies.results.flatMap(({ rule, findings, suppressed }) => [
        ...findings.map((finding) => `  ${rule.name}: ${finding.urn}\n      ${text(finding)}`),
        ...suppressed.map(
            (finding) =>
                `  ${rule.name}: ${finding.urn}\n      suppressed until ${finding.by.expires} by ${finding.by.owner}: ${finding.by.reason}`,
        ),
    ]);
    return [
        ...columns([
            ["FRAMEWORK", ...title],
            ["all checks", ...of(checks)],
            ...Object.entries(frameworks).map(([name, counts]) => [name, ...of(counts)]),
        ]),
        `${rules} rules; ${policies.strict ? "strict: undetermined is a violation" : "not strict: undetermined is not a violation"}`,
        ...(notPassed.length === 0
            ? []
            : [
                  "",
                  ...columns([["RULE", ...title], ...notPassed.map(({ rule, counts }) => [rule.name, ...of(counts)])]),
              ]),
        ...(found.length === 0 ? [] : ["", ...found]),
    ];
}

function columns(rows: string[][]): string[] {
    const widths = rows[0]!.map((_title, column) => Math.max(...rows.map((row) => row[column]!.length)));
    return rows.map((row) =>
        `  ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join("  ")}`.trimEnd(),
    );
}
