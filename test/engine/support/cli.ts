import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, isAbsolute, join } from "node:path";

const pinned = join(__dirname, "../../../.ci/pulumi");

/** The Pulumi CLI to use, or why there is none. */
export type Search = { path: string } | { problem: string };

/** What a search looks at: a part of `process.env`. */
export interface Surroundings {
    /** Path of the CLI to use, before all others. */
    PULUMI_CLI?: string;
    PATH?: string;
    XDG_CACHE_HOME?: string;
}

/** The oldest CLI that the program's SDK works with. */
export const minimumVersion = readFileSync(join(pinned, "minimum-version"), "utf8").trim();

let found: Search | undefined;

/** Path of the Pulumi CLI to use; undefined if there is none. Fails if `PULUMI_CLI` names one that is of no use. */
export function findCli(): string | undefined {
    found ??= searchCli(process.env);
    return "path" in found ? found.path : undefined;
}

/** Why there is no CLI, and what to do about it. */
export function howToGetCli(): string {
    found ??= searchCli(process.env);
    return [
        ...("problem" in found ? [found.problem] : []),
        `Install the Pulumi CLI ${minimumVersion} or newer (https://www.pulumi.com/docs/install/), or name one in PULUMI_CLI,`,
        "or build one from its Go module: PULUMI_CLI=$(.ci/provide-pulumi)",
    ].join("\n");
}

/** Looks for a CLI: where `PULUMI_CLI` says, on the path, and where `.ci/provide-pulumi` puts what it builds. */
export function searchCli(surroundings: Surroundings, version: (path: string) => string = versionOf): Search {
    const { PULUMI_CLI: named, PATH: path = "" } = surroundings;
    if (named) {
        const problem = isAbsolute(named) ? problemOf(named, version) : `${named} is not an absolute path.`;
        if (problem) {
            // Whoever names one wants that one: another would prove something else.
            throw new Error(`PULUMI_CLI: ${problem}`);
        }
        return { path: named };
    }
    const folders = path.split(delimiter).filter(isAbsolute);
    const candidates = [...folders.map((folder) => join(folder, "pulumi")), builtCli(surroundings)].filter(existsSync);
    const problems: string[] = [];
    for (const candidate of candidates) {
        const problem = problemOf(candidate, version);
        if (problem === undefined) {
            return { path: candidate };
        }
        problems.push(problem);
    }
    return { problem: problems.join("\n") || "There is no Pulumi CLI on the path." };
}

/** Where `.ci/provide-pulumi` puts the CLI that it builds. */
export function builtCli({ XDG_CACHE_HOME: cache }: Surroundings): string {
    const pin = /^require github\.com\/pulumi\/pulumi\/pkg\/v3 v(.+)$/m.exec(
        readFileSync(join(pinned, "go.mod"), "utf8"),
    );
    return join(cache || join(homedir(), ".cache"), "aipx", `pulumi-${pin![1]}`, "bin", "pulumi");
}

/** What is wrong with a CLI, if anything. */
function problemOf(path: string, version: (path: string) => string): string | undefined {
    if (!existsSync(path)) {
        return `${path} does not exist.`;
    }
    let answer: string;
    try {
        answer = version(path).trim();
    } catch (error) {
        return `${path} does not run: ${error instanceof Error ? error.message : String(error)}`;
    }
    return isAtLeast(answer, minimumVersion)
        ? undefined
        : `${path} is version ${answer}; ${minimumVersion} is the oldest that will do.`;
}

/** Whether a version, as `pulumi version` prints it, is this one or newer. What is no version is not. */
export function isAtLeast(version: string, minimum: string): boolean {
    const numbers = (text: string): number[] | undefined => /^v?(\d+)\.(\d+)\.(\d+)/.exec(text)?.slice(1).map(Number);
    const [has, needs] = [numbers(version), numbers(minimum)];
    if (!has || !needs) {
        return false;
    }
    const different = has.findIndex((number, place) => number !== needs[place]);
    return different < 0 || has[different]! > needs[different]!;
}

function versionOf(path: string): string {
    return execFileSync(path, ["version"], {
        encoding: "utf8",
        env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
        stdio: ["ignore", "pipe", "ignore"],
        timeout: 30_000,
    });
}
