import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

const pinned = join(__dirname, "../../.ci/checkov/requirements.in");

const howToGet = "Checkov: .ci/provide-checkov, which fetches it from PyPI.";

/** Path of the Checkov that `.ci/provide-checkov` fetched; undefined if it did not yet. */
function findCheckov({ XDG_CACHE_HOME, HOME = homedir() } = process.env): string | undefined {
    const version = /^checkov==(.+)$/m.exec(readFileSync(pinned, "utf8"))![1]!;
    const path = join(XDG_CACHE_HOME || join(HOME, ".cache"), "aipx", `checkov-${version}`, "venv/bin/checkov");
    return existsSync(path) ? path : undefined;
}

let announced = false;

/**
 * Tests that need Checkov. Without it they are skipped, with a word on how to get it; where they are required, in CI and with
 * `AIPX_REQUIRE_ENGINE=1`, its absence is a failure.
 */
export function describeCheckov(title: string, tests: (this: Mocha.Suite, judge: Judge) => void): void {
    const checkov = findCheckov();
    if (checkov !== undefined) {
        describe(title, function () {
            // It takes seconds to begin, and half a minute for a stack; on a machine that is busy with all other tests, minutes.
            this.timeout(600_000);
            tests.call(this, (framework, file, text) => judge(checkov, framework, file, text));
        });
        return;
    }
    if (process.env.CI === "true" || process.env.AIPX_REQUIRE_ENGINE === "1") {
        throw new Error(`${title}: this needs Checkov.\n${howToGet}`);
    }
    describe.skip(title, function () {
        tests.call(this, () => Promise.reject(new Error(howToGet)));
    });
    if (!announced) {
        announced = true;
        after(() => console.warn(`\n  Tests with Checkov were skipped.\n${howToGet}`));
    }
}

/** Lets Checkov judge the text of one file. */
export type Judge = (framework: "terraform" | "terraform_plan", file: string, text: string) => Promise<Verdict>;

/** What Checkov says: `passed` or `failed` by `<address> <check>`. */
export type Verdict = Map<string, "passed" | "failed">;

/** What Checkov prints, as far as it is read. */
interface Report {
    results: Record<"passed_checks" | "failed_checks" | "parsing_errors", { resource: string; check_id: string }[]>;
}

async function judge(checkov: string, framework: string, file: string, text: string): Promise<Verdict> {
    const folder = mkdtempSync(join(tmpdir(), "aipx-checkov-"));
    try {
        writeFileSync(join(folder, file), text);
        const args = ["--file", file, "--framework", framework, "--output", "json", "--compact"];
        // It asks nobody: no platform, no modules, no other version of itself.
        args.push("--skip-download", "--soft-fail");
        const { stdout } = await run(checkov, args, { cwd: folder, maxBuffer: 2 ** 28 });
        const { results } = JSON.parse(stdout) as Report;
        if (results.parsing_errors.length > 0) {
            throw new Error(`Checkov cannot read ${file}`);
        }
        const verdict: Verdict = new Map();
        results.passed_checks.forEach(({ resource, check_id }) => verdict.set(`${resource} ${check_id}`, "passed"));
        results.failed_checks.forEach(({ resource, check_id }) => verdict.set(`${resource} ${check_id}`, "failed"));
        return verdict;
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}
