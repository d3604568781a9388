import { type Rule, type Severity } from "../../policy-pack/core/rule";
import { text } from "../../policy-pack/core/finding";
import { identity } from "../../policy-pack/core/suppressions";
import { type Plan } from "../plan";
import { type Violation } from "../preflight";

/** How code scanning of GitHub ranks what is found: a score from 0 to 10. */
const scores: Record<Severity, string> = { critical: "9.5", high: "8.0", medium: "5.5", low: "2.0" };

/** Plans of stacks in the Static Analysis Results Interchange Format, version 2.1.0: one run a stack. */
export function sarif(plans: readonly Plan[]): string {
    const log = {
        $schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: plans.map(run),
    };
    return `${JSON.stringify(log, null, 2)}\n`;
}

function run({ recording, violations, policies }: Plan): object {
    const results = policies?.results ?? [];
    const names = new Set(results.map(({ rule }) => rule.name));
    const preflight = violations.filter(({ policy }) => !names.has(policy));
    const rules: { id: string }[] = [
        ...results.map(({ rule, level }) => describe(rule, level)),
        ...[...new Set(preflight.map(({ policy }) => policy))].map((id) => ({
            id,
            shortDescription: { text: "What AWS refuses at a deployment." },
        })),
    ];
    const indices = new Map(rules.map(({ id }, index) => [id, index]));
    const result = (policy: string, urn: string, message: string, more: object): object => ({
        ruleId: policy,
        ruleIndex: indices.get(policy),
        message: { text: message },
        locations: [location(urn)],
        ...more,
    });
    return {
        tool: { driver: { name: "aipx-policy-pack", version: policies?.version ?? "0.0.0", rules } },
        automationDetails: { id: `policies/${recording.stack}` },
        columnKind: "utf16CodeUnits",
        results: [
            ...preflight.map(({ policy, level, urn, message }) =>
                result(policy, urn, message, { kind: "fail", level: sarifLevel(level) }),
            ),
            ...results.flatMap(({ rule, level, findings, suppressed }) => [
                ...findings.map((finding) =>
                    result(
                        rule.name,
                        finding.urn,
                        text(finding),
                        finding.outcome === "fail" || policies?.strict
                            ? { kind: "fail", level: sarifLevel(level) }
                            : { kind: "review", level: "none" },
                    ),
                ),
                ...suppressed.map((finding) =>
                    result(rule.name, finding.urn, text(finding), {
                        kind: "fail",
                        level: sarifLevel(level),
                        suppressions: [
                            {
                                kind: "inSource",
                                status: "accepted",
                                justification: `${finding.by.reason} (${finding.by.owner}, until ${finding.by.expires})`,
                            },
                        ],
                    }),
                ),
            ]),
        ],
    };
}

function describe(rule: Rule, level: Violation["level"]): { id: string; [property: string]: unknown } {
    return {
        id: rule.name,
        shortDescription: { text: rule.description },
        help: { text: rule.remediation },
        defaultConfiguration: { level: sarifLevel(level) },
        properties: {
            tags: ["security", rule.category, ...rule.controls],
            "problem.severity": rule.severity === "low" ? "warning" : "error",
            "security-severity": scores[rule.severity],
        },
    };
}

const sarifLevel = (level: Violation["level"]): "error" | "warning" => (level === "mandatory" ? "error" : "warning");

/** A resource has no place in a file. Readers of the format want one: the project's file stands for it. */
function location(urn: string): object {
    return {
        physicalLocation: { artifactLocation: { uri: "Pulumi.yaml" }, region: { startLine: 1 } },
        logicalLocations: [{ name: identity(urn).name, fullyQualifiedName: urn, kind: "resource" }],
    };
}
