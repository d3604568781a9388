import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { files, read, root } from "./files";

interface Update {
    "package-ecosystem": string;
    directory?: string;
    directories?: string[];
}
const { updates } = parse(read(".github/dependabot.yml")) as { updates: Update[] };
const { workspaces } = JSON.parse(read("package.json")) as { workspaces: string[] };

/** Which of Dependabot's ecosystems looks after a file, and in which of its folders; undefined if it pins nothing. */
function lookedAfter(path: string): { ecosystem: string; folder: string } | undefined {
    const folder = dirname(path) === "." ? "/" : `/${dirname(path)}`;
    const name = path.split("/").pop()!;
    if (path.startsWith("test/")) {
        return undefined;
    }
    if (path.startsWith(".github/workflows/")) {
        return { ecosystem: "github-actions", folder: "/" };
    }
    if (path === ".devcontainer/devcontainer.json") {
        return { ecosystem: "devcontainers", folder: "/" };
    }
    if (name === "package.json") {
        // Workspaces are looked after with the package that they belong to.
        return { ecosystem: "npm", folder: workspaces.includes(dirname(path)) ? "/" : folder };
    }
    if (name === "go.mod") {
        return { ecosystem: "gomod", folder };
    }
    return /^requirements.*\.txt$/.test(name) ? { ecosystem: "pip", folder } : undefined;
}

describe("Dependabot", () => {
    const known = new Set(
        updates.flatMap(({ "package-ecosystem": ecosystem, directory, directories = [] }) =>
            [...directories, ...(directory ? [directory] : [])].map((folder) => `${ecosystem} in ${folder}`),
        ),
    );
    const needed = new Set(
        files()
            .map(lookedAfter)
            .flatMap((place) => (place ? [`${place.ecosystem} in ${place.folder}`] : [])),
    );

    it("looks after everything that is pinned, and nothing that is not there", () => {
        assert.deepEqual([...known].sort(), [...needed].sort(), ".github/dependabot.yml and what there is");
    });
});

describe("workflows", () => {
    const workflows = files(".github/workflows/").map((path) => ({
        path,
        jobs: (parse(read(path)) as { jobs: Record<string, Record<string, unknown>> }).jobs,
    }));

    // GitHub's own limit is six hours. All else that makes them safe is asked for by zizmor (.ci/check-workflows).
    it("end each job in time", () => {
        const endless = workflows.flatMap(({ path, jobs }) =>
            Object.entries(jobs).flatMap(([name, job]) =>
                job["timeout-minutes"] === undefined ? [`${path}: ${name}`] : [],
            ),
        );
        assert.deepEqual(endless, [], "jobs without timeout-minutes");
    });
});

describe(".ci/check-title", () => {
    const check = (...titles: string[]) => spawnSync(join(root, ".ci/check-title"), titles, { encoding: "utf8" });

    const table: [title: string, fits: boolean][] = [
        ["fix: keep the records of a topic when brokers are added", true],
        ["feat(policy-pack): refuse keys that anybody may use", true],
        ["feat!: give strategies a topic of their own", true],
        ["deps: bump the pulumi group with 2 updates", true],
        ["chore: release main", true],
        ["Keep the records of a topic when brokers are added", false],
        ["fix:keep the records", false],
        ["fix: ", false],
        ["fix(): keep the records", false],
        ["feature: keep the records", false],
        ["a fix: keep the records", false],
        ["", false],
    ];
    for (const [title, fits] of table) {
        it(`${fits ? "takes" : "refuses"} "${title}"`, () => {
            const { status, stderr } = check(title);
            assert.equal(status, fits ? 0 : 1);
            assert.equal(stderr.includes(`The title is "${title}"`), !fits);
        });
    }

    it("says what it wants where there is no title", () => {
        const { status, stderr } = check();
        assert.equal(status, 1);
        assert.match(stderr, /usage: \.ci\/check-title TITLE/);
    });

    it("knows the types that CONTRIBUTING.md explains, and release-please sorts, in or out of the changelog", () => {
        const { "changelog-sections": sections } = JSON.parse(read("release-please-config.json")) as {
            "changelog-sections": { type: string; hidden?: boolean }[];
        };
        const rows = [...read("CONTRIBUTING.md").matchAll(/^\| (`.*`) +\| .* \| (yes|no) +\|$/gm)];
        const explained = rows.flatMap(([, types, inChangelog]) =>
            [...types!.matchAll(/`(\w+)`/g)].map(([, type]) => `${type} ${inChangelog}`),
        );
        assert.deepEqual(
            explained,
            sections.map(({ type, hidden }) => `${type} ${hidden ? "no" : "yes"}`),
        );
    });
});
