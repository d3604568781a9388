import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { planJson } from "../../plan/json";
import { type Plan, planStack } from "../../plan/plan";
import { report } from "../../plan/report";
import { junit } from "../../plan/reports/junit";
import { sarif } from "../../plan/reports/sarif";
import { summary, summaryJson, summaryText } from "../../plan/reports/summary";
import { readProject } from "../../plan/stack-config";
import { type Suppressed } from "../../policy-pack/core/suppressions";

const root = path.join(__dirname, "..", "..");
const guarded = path.join(__dirname, "fixtures", "guarded");
const zero = "sqs-queue-disallow-zero";
const answer = "sqs-queue-require-answer";

describe("reports of the plan", () => {
    let dev: Plan;
    let production: Plan;
    before(async () => {
        const { log } = console;
        console.log = () => {};
        dev = await planStack(readProject(guarded), "dev", { asConfigured: true });
        production = await planStack(readProject(guarded), "production", { asConfigured: true });
        console.log = log;
    });

    /** The plan of dev, in which what was found of a rule is suppressed. */
    function suppressed(): Plan {
        const results = dev.policies!.results.map((result) => ({
            ...result,
            counts: { ...result.counts, failed: 0, suppressed: result.counts.failed },
            findings: result.findings.filter(({ outcome }) => outcome !== "fail"),
            suppressed: result.findings
                .filter(({ outcome }) => outcome === "fail")
                .map((finding): Suppressed => ({
                    ...finding,
                    by: {
                        urn: "urn:pulumi:dev::guarded::aipx:policy:Suppression::s",
                        policy: result.rule.name,
                        resourceType: "aws:sqs/queue:Queue",
                        resourceName: "queue-1",
                        reason: "because <it> is so",
                        owner: "platform",
                        expires: "2999-01-01",
                    },
                })),
        }));
        return { ...dev, violations: [], policies: { ...dev.policies!, results } };
    }

    describe("the policies of a project's pack", () => {
        it("are violations of the plan, with undetermined ones where the profile is strict", () => {
            const told = ({ violations }: Plan): string[][] =>
                violations.map(({ policy, level, urn }) => [policy, level, urn.split("::").pop()!]);
            assert.deepEqual(told(dev), [[zero, "mandatory", "queue-1"]]);
            assert.deepEqual(told(production), [
                ["preflight-alarm-without-action", "mandatory", "silent"],
                [zero, "mandatory", "queue-0"],
                [answer, "mandatory", "queue-1"],
            ]);
            assert.equal(production.violations[2]!.message, "answer is not known yet [undetermined at answer]");
        });

        it("are not those of a project without a pack", async () => {
            const folder = path.join(__dirname, "fixtures", "project");
            const plan = await planStack(readProject(folder), "dev", { asConfigured: true });
            assert.equal(plan.policies, undefined);
            assert.doesNotMatch(report(plan, { all: false, colour: false }), /Policies/);
            assert.match(summaryText([plan]), /^Stack dev: 0 violations\nThe project has no policy pack\.\n$/);
            assert.equal(JSON.parse(sarif([plan])).runs[0].results.length, 0);
            assert.match(junit([plan]), /<testsuites tests="1" failures="0" errors="0" skipped="0">/);
        });
    });

    describe("summary", () => {
        it("counts checks, and the ids of other rule sets by the worst that answers for them", () => {
            assert.deepEqual(summary(dev.policies!), {
                strict: false,
                rules: 3,
                checks: { evaluated: 4, passed: 2, failed: 1, undetermined: 1, suppressed: 0 },
                frameworks: {
                    FSBP: { evaluated: 2, passed: 0, failed: 1, undetermined: 1, suppressed: 0 },
                    CIS: { evaluated: 0, passed: 0, failed: 0, undetermined: 0, suppressed: 0 },
                    "cdk-nag": { evaluated: 0, passed: 0, failed: 0, undetermined: 0, suppressed: 0 },
                    Checkov: { evaluated: 2, passed: 0, failed: 2, undetermined: 0, suppressed: 0 },
                    Trivy: { evaluated: 0, passed: 0, failed: 0, undetermined: 0, suppressed: 0 },
                },
            });
        });

        it("is part of the plan's JSON", () => {
            const printed = JSON.parse(planJson(dev));
            assert.deepEqual(Object.keys(printed), ["stack", "resources", "violations", "outputs", "policies"]);
            assert.deepEqual(printed.policies, summary(dev.policies!));
        });

        it("as JSON has all stacks, and what was found by rule", () => {
            const { stacks } = JSON.parse(summaryJson([dev, production]));
            assert.deepEqual(
                stacks.map(({ stack, violations }: any) => [stack, violations.length]),
                [
                    ["dev", 1],
                    ["production", 3],
                ],
            );
            const [first] = stacks[0].policies.results;
            assert.deepEqual([first.policy, first.severity, first.findings.length], [zero, "high", 1]);
            assert.equal(JSON.parse(summaryJson([suppressed()])).stacks[0].policies.results[0].suppressed.length, 1);
        });

        it("as text is a table by framework, and what did not pass", () => {
            const text = summaryText([dev, suppressed()]);
            assert.match(text, /FRAMEWORK +EVALUATED +PASSED +FAILED +UNDETERMINED +SUPPRESSED\n/);
            assert.match(text, /\n {2}FSBP +2 +0 +1 +1 +0\n/);
            assert.match(text, /\n {2}sqs-queue-disallow-zero +2 +1 +1 +0 +0\n/);
            assert.match(text, /suppressed until 2999-01-01 by platform: because <it> is so\n/);
        });
    });

    describe("for people", () => {
        const shown = (plan: Plan): string => report(plan, { all: false, colour: false });

        it("groups violations by rule, with resource, message and what to do", () => {
            assert.match(
                shown(dev),
                /\nPolicies\n {2}3 rules, 4 checks: 2 passed, 1 failed, 1 undetermined, 0 suppressed\n/,
            );
            assert.match(
                shown(production),
                /\n3 violations\n {2}x silent .*\n.*\n {2}x sqs-queue-disallow-zero high, tagging\n {6}queue-0 sqs\.Queue\n {10}must be <more> .*\n {6}To do: Say "right" & mean it\.\n {2}x sqs-queue-require-answer/,
            );
        });

        it("shows what is suppressed, and is clean then", () => {
            assert.match(
                shown(suppressed()),
                /1 suppressed\n {2}- queue-1 sqs\.Queue may break sqs-queue-disallow-zero until 2999-01-01 \(platform\)\n {6}because <it> is so\n/,
            );
            assert.match(shown(suppressed()), /No violations\.\n$/);
        });
    });

    describe("SARIF", () => {
        it("is a log of version 2.1.0 with a run a stack, rules and results that refer to each other", () => {
            const log = JSON.parse(sarif([dev, production]));
            assert.deepEqual([log.version, log.runs.length], ["2.1.0", 2]);
            for (const { tool, results } of log.runs) {
                const ids = tool.driver.rules.map(({ id }: any) => id);
                assert.equal(new Set(ids).size, ids.length);
                for (const { ruleId, ruleIndex, message, kind, level, locations } of results) {
                    assert.equal(ids[ruleIndex], ruleId);
                    assert.ok(message.text.length > 0);
                    assert.ok(kind === "fail" ? level === "error" : level === "none");
                    assert.ok(locations[0].logicalLocations[0].fullyQualifiedName.startsWith("urn:pulumi:"));
                    assert.ok(locations[0].physicalLocation.artifactLocation.uri);
                }
            }
            const [first] = log.runs;
            assert.deepEqual([first.tool.driver.version, first.automationDetails.id], ["1.2.3", "policies/dev"]);
            assert.equal(first.tool.driver.rules[0].properties["security-severity"], "8.0");
            const kinds = (run: any): string[] => run.results.map(({ kind }: any) => kind);
            assert.deepEqual(kinds(first), ["fail", "review"]);
            assert.deepEqual(kinds(log.runs[1]), ["fail", "fail", "fail"]);
        });

        it("keeps what is suppressed, as accepted", () => {
            const [{ results }] = JSON.parse(sarif([suppressed()])).runs;
            assert.deepEqual(results[0].suppressions, [
                {
                    kind: "inSource",
                    status: "accepted",
                    justification: "because <it> is so (platform, until 2999-01-01)",
                },
            ]);
        });
    });

    describe("JUnit", () => {
        it("is well-formed, with a suite a stack and a test a rule", () => {
            const xml = junit([dev, production, suppressed()]);
            const elements = parse(xml);
            assert.deepEqual(
                elements.filter(({ name }) => name === "testsuite").map(({ attributes }) => attributes),
                [
                    { name: "dev", tests: "4", failures: "1", skipped: "2", errors: "0" },
                    { name: "production", tests: "4", failures: "3", skipped: "1", errors: "0" },
                    { name: "dev", tests: "4", failures: "0", skipped: "2", errors: "0" },
                ],
            );
            const [failure] = elements.filter(({ name }) => name === "failure");
            assert.equal(failure!.attributes.message, "must be <more> than & not \ufffd [at name]");
            assert.match(failure!.text, /::queue-1\n {4}must be .*\nTo do: Say "right" & mean it\.$/);
            assert.match(xml, /<system-out>undetermined: .*::queue-1\n/);
            assert.match(xml, /because: because &lt;it&gt; is so\n/);
        });
    });

    it("name stacks that have no plan, and why: what is missing must not look clean", () => {
        const failures = [{ stack: "staging", message: "2 settings are wrong\n\naws:region is <missing>" }];
        const elements = parse(junit([dev], failures));
        assert.deepEqual(
            elements.flatMap(({ name, attributes: { tests, errors } }) =>
                name.startsWith("testsuite") ? [[tests, errors]] : [],
            ),
            [
                ["5", "1"],
                ["4", "0"],
                ["1", "1"],
            ],
        );
        const error = elements.find(({ name }) => name === "error")!;
        assert.deepEqual([error.attributes.message, error.text], ["2 settings are wrong", failures[0]!.message]);
        assert.deepEqual(JSON.parse(summaryJson([dev], failures)).stacks[1], {
            stack: "staging",
            error: failures[0]!.message,
        });
        assert.match(
            summaryText([dev], failures),
            /\n\nStack staging: no plan\n2 settings are wrong\n[^]*<missing>\n$/,
        );
    });

    it("go to files, or take the plan's place on stdout", function () {
        this.timeout(60_000);
        const folder = mkdtempSync(path.join(tmpdir(), "reports-"));
        const run = (...args: string[]) =>
            spawnSync(
                process.execPath,
                ["--require", path.join(root, "plan/register.cjs"), path.join(root, "plan/main.ts"), ...args],
                { cwd: guarded, encoding: "utf8", env: { ...process.env, NODE_OPTIONS: "" } },
            );
        try {
            const files = { sarif: path.join(folder, "new/plan.sarif"), junit: path.join(folder, "plan.xml") };
            const both = run(
                "--report",
                `sarif=${files.sarif}`,
                `--report=junit=${files.junit}`,
                "--report",
                "terminal",
            );
            assert.equal(both.status, 1);
            assert.match(both.stdout, /^Stack dev: 1 violation\n[^]*\nStack production: 3 violations\n/);
            assert.equal(JSON.parse(readFileSync(files.sarif, "utf8")).runs.length, 2);
            assert.equal(parse(readFileSync(files.junit, "utf8"))[0]!.name, "testsuites");

            writeFileSync(path.join(folder, "file"), "");
            const refused = run("dev", "--report", `json=${path.join(folder, "file", "below")}`);
            assert.equal(refused.status, 2);
            assert.match(refused.stderr, /the report cannot be written: /);
        } finally {
            rmSync(folder, { recursive: true });
        }
    });
});

interface Element {
    name: string;
    attributes: Record<string, string>;
    text: string;
}

/** Elements of an XML document in order, each with its own text. Throws at what is not well-formed. */
function parse(xml: string): Element[] {
    const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
    const plain = (text: string): string => {
        // eslint-disable-next-line no-control-regex -- they are what must be missing
        assert.doesNotMatch(text, /[<\u0000-\u0008\u000b\u000c\u000e-\u001f]|&(?!(amp|lt|gt|quot|apos);)/);
        return text.replace(/&(\w+);/g, (_all, name: string) => entities[name]!);
    };
    const all: Element[] = [];
    const open: Element[] = [];
    const tokens = /<\?xml [^?]*\?>|<(\/?)([a-z-]+)((?: [a-z]+="[^"]*")*)(\/?)>|([^<]+)/gy;
    let end = 0;
    for (const match of xml.matchAll(tokens)) {
        assert.equal(match.index, end, `not well-formed at ${xml.slice(end, end + 60)}`);
        end += match[0].length;
        const [, closing, name, attributes = "", empty, text] = match;
        if (text !== undefined) {
            const inside = open.at(-1);
            assert.ok(inside ?? text.trim() === "");
            if (inside) {
                inside.text += plain(text);
            }
        } else if (closing) {
            assert.equal(open.pop()?.name, name);
        } else if (name) {
            const pairs = [...attributes.matchAll(/ ([a-z]+)="([^"]*)"/g)].map(([, key, value]) => [
                key,
                plain(value!),
            ]);
            const element = { name, attributes: Object.fromEntries(pairs) as Record<string, string>, text: "" };
            all.push(element);
            if (!empty) {
                open.push(element);
            }
        }
    }
    assert.equal(end, xml.length);
    assert.deepEqual(open, []);
    return all;
}
