import { suppressedText, text } from "../../policy-pack/core/finding";
import { type Failure, type Plan } from "../plan";
import { type PolicyResult } from "../policies";

/** A rule, or what AWS refuses, in one stack. */
interface TestCase {
    group: string;
    name: string;
    /** Why nothing could be tested. */
    error?: string;
    failure?: string;
    skipped?: string;
    output?: string;
}

/** Plans of stacks as JUnit XML: a suite a stack, a test a rule; for a stack without a plan, one test with an error. */
export function junit(plans: readonly Plan[], failures: readonly Failure[] = []): string {
    const suites = [
        ...plans.map((plan) => ({ name: plan.recording.stack, cases: cases(plan) })),
        ...failures.map(({ stack, message }) => ({
            name: stack,
            cases: [{ group: "plan", name: "plan", error: message }],
        })),
    ];
    return `${[
        '<?xml version="1.0" encoding="UTF-8"?>',
        `<testsuites ${counts(suites.flatMap(({ cases }) => cases))}>`,
        ...suites.flatMap(({ name, cases }) => [
            `  <testsuite ${attribute("name", name)} ${counts(cases)}>`,
            ...cases.flatMap((each) => testCase(each)),
            "  </testsuite>",
        ]),
        "</testsuites>",
    ].join("\n")}\n`;
}

function cases({ violations, policies }: Plan): TestCase[] {
    const results = policies?.results ?? [];
    const names = new Set(results.map(({ rule }) => rule.name));
    const refused = violations.filter(({ policy }) => !names.has(policy));
    const byPolicy = [...new Set(refused.map(({ policy }) => policy))].map((policy) => ({
        group: "preflight",
        name: policy,
        failure: refused
            .filter((violation) => violation.policy === policy)
            .map(({ urn, message }) => `${urn}\n    ${message}`)
            .join("\n"),
    }));
    return [
        // Readers take a suite without a test for a broken one.
        ...(byPolicy.length === 0 ? [{ group: "preflight", name: "preflight" }] : byPolicy),
        ...results.map((result) => ofRule(result, policies?.strict ?? true)),
    ];
}

function ofRule({ rule, level, evaluated, findings, suppressed }: PolicyResult, strict: boolean): TestCase {
    const found = findings.filter(({ outcome }) => outcome === "fail" || strict);
    const waiting = findings.filter((finding) => !found.includes(finding));
    const lines = (title: string, all: { urn: string; text: string }[]): string[] =>
        all.map(({ urn, text }) => `${title}${urn}\n    ${text}`);
    const told = lines(
        "",
        found.map((finding) => ({ urn: finding.urn, text: text(finding) })),
    );
    const aside = [
        ...lines(
            "undetermined: ",
            waiting.map((finding) => ({ urn: finding.urn, text: text(finding) })),
        ),
        ...lines(
            "",
            suppressed.map((finding) => ({ urn: finding.urn, text: suppressedText(finding) })),
        ),
        // A test passes or fails; what is advice must not fail a pipeline.
        ...(level === "advisory" ? told : []),
    ];
    return {
        group: rule.category,
        name: rule.name,
        ...(level === "mandatory" &&
            told.length > 0 && { failure: [...told, `To do: ${rule.remediation}`].join("\n") }),
        ...(evaluated === 0 && { skipped: "the stack has no resource that it is about" }),
        ...(evaluated > 0 && found.length === 0 && waiting.length > 0 && { skipped: "some values are not known yet" }),
        ...(aside.length > 0 && { output: aside.join("\n") }),
    };
}

function testCase({ group, name, error, failure, skipped, output }: TestCase): string[] {
    const inside = [
        ...(error === undefined
            ? []
            : [`<error ${attribute("message", error.split("\n")[0]!)}>${escape(error)}</error>`]),
        ...(failure === undefined
            ? []
            : [`<failure ${attribute("message", failure.split("\n")[1]?.trim() ?? "")}>${escape(failure)}</failure>`]),
        ...(skipped === undefined ? [] : [`<skipped ${attribute("message", skipped)}/>`]),
        ...(output === undefined ? [] : [`<system-out>${escape(output)}</system-out>`]),
    ];
    const start = `    <testcase ${attribute("classname", group)} ${attribute("name", name)} time="0"`;
    return inside.length === 0
        ? [`${start}/>`]
        : [`${start}>`, ...inside.map((line) => `      ${line}`), "    </testcase>"];
}

function counts(all: TestCase[]): string {
    const failures = all.filter(({ failure }) => failure !== undefined).length;
    const errors = all.filter(({ error }) => error !== undefined).length;
    const skipped = all.filter((each) => each.failure === undefined && each.skipped !== undefined).length;
    return `tests="${all.length}" failures="${failures}" errors="${errors}" skipped="${skipped}"`;
}

const attribute = (name: string, value: string): string => `${name}="${escape(value)}"`;

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" };

/** Text as XML takes it. Characters that XML 1.0 cannot hold at all are replaced. */
const escape = (value: string): string =>
    value
        // eslint-disable-next-line no-control-regex -- they are what is replaced
        .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, "\ufffd")
        .replace(/[&<>"']/g, (character) => entities[character]!);
