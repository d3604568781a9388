import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { files, read, root } from "./files";

interface Package {
    version: string;
    engines?: Record<string, string>;
    dependencies: Record<string, string>;
}
const json = <T>(path: string): T => JSON.parse(read(path)) as T;
const platform = json<Package>("package.json");

/** All that a pattern finds in a text, by its first group. */
const found = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, group]) => group!);

const nodeOfCi = read(".nvmrc").trim();
const pinnedCli = execFileSync(join(root, ".ci/pulumi-version"), { encoding: "utf8" }).trim();

describe("Node.js", () => {
    it("of the dev container is that of CI, and its image is pinned", () => {
        const { image } = json<{ image: string }>(".devcontainer/devcontainer.json");
        assert.match(image, new RegExp(`:\\d+\\.\\d+\\.\\d+-${nodeOfCi}-[a-z]+$`));
    });

    it("is taken from .nvmrc by every workflow that sets it up", () => {
        for (const path of files(".github/workflows/")) {
            const text = read(path);
            assert.equal(
                found(text, /(node-version-file: \.nvmrc)$/gm).length,
                found(text, /(actions\/setup-node@)/g).length,
                path,
            );
        }
    });

    it("of the types is the oldest that is supported", () => {
        const { devDependencies } = json<{ devDependencies: Record<string, string> }>("package.json");
        assert.match(devDependencies["@types/node"]!, new RegExp(`^\\^${nodeOfCi}\\.`));
    });

    it("is tested in the versions that docs/support.md and README.md promise", () => {
        const more = found(read(".ci/run"), /^for version in (.*); do$/gm).flatMap((list) => list.split(" "));
        const tested = [nodeOfCi, ...more];
        assert.deepEqual(found(read("docs/support.md"), /^\| (\d+) +\|/gm), tested);
        const promised = found(read("README.md"), /Node\.js ([\d, or]+\d)/g)[0]?.match(/\d+/g);
        assert.deepEqual(promised, tested, "what README.md says it runs on, such as: Node.js 20, 22 or 24");
        assert.match(platform.engines!.node!, new RegExp(`^>=${nodeOfCi}\\.`));
    });
});

describe("Pulumi", () => {
    it("has its CLI's version in .ci/pulumi alone, from where workflows and the dev container take it", () => {
        assert.match(pinnedCli, /^\d+\.\d+\.\d+$/);
        const elsewhere = [".ci/", ".github/", ".devcontainer/"]
            .flatMap(files)
            .filter((path) => !path.startsWith(".ci/pulumi/") && read(path).includes(pinnedCli));
        assert.deepEqual(elsewhere, []);
        const ofWorkflows = files(".github/workflows/").flatMap((path) => found(read(path), /pulumi-version: (.*)$/gm));
        assert.ok(ofWorkflows.length > 0);
        assert.deepEqual(new Set(ofWorkflows), new Set(["${{ steps.pulumi.outputs.version }}"]));
        assert.match(read(".devcontainer/create"), /get\.pulumi\.com .* --version "\$\(\.ci\/pulumi-version\)"$/m);
    });

    it("is set up with a version by every workflow that uses it", () => {
        for (const path of files(".github/workflows/")) {
            const text = read(path);
            assert.equal(found(text, /(pulumi-version:)/g).length, found(text, /(pulumi\/actions@)/g).length, path);
        }
    });

    // Of ranges, what they fix: what Dependabot raises within them is no change of what is supported.
    const series = (range: string) => range.replace(/^\^(\d+)\..*/, "$1.x").replace(/^~(\d+\.\d+)\..*/, "$1.x");

    it("has in docs/support.md the versions of package.json and of the oldest CLI", () => {
        const rows = Object.fromEntries(
            [...read("docs/support.md").matchAll(/^\| (?:`(@pulumi\/\w+)`|(CLI)) +\| ([^|]+) \|/gm)].map(
                ([, name, cli, version]) => [(name ?? cli)!, version!.trim()],
            ),
        );
        const ours = Object.entries(platform.dependencies)
            .filter(([name]) => name.startsWith("@pulumi/"))
            .map(([name, range]) => [name, series(range)]);
        const oldest = read(".ci/pulumi/minimum-version").trim();
        assert.deepEqual(rows, { CLI: `>= ${oldest}`, ...Object.fromEntries(ours) });
    });
});

describe("releases", () => {
    const released = json<Record<string, string>>(".release-please-manifest.json");
    const inLock = json<{ packages: Record<string, Package> }>("package-lock.json").packages;

    for (const [path, version] of Object.entries(released)) {
        const folder = path === "." ? "" : `${path}/`;
        it(`of ${path} have one version: in the manifest, package.json, its lock and the changelog`, () => {
            assert.equal(json<Package>(`${folder}package.json`).version, version);
            assert.equal(inLock[path === "." ? "" : path]!.version, version);
            assert.equal(found(read(`${folder}CHANGELOG.md`), /^## \[?([\d.]+)/gm)[0], version);
        });
    }

    it("are made of every package that has a version", () => {
        const { packages } = json<{ packages: Record<string, unknown> }>("release-please-config.json");
        const versioned = files()
            .filter((path) => path.endsWith("package.json") && json<Partial<Package>>(path).version !== undefined)
            .map((path) => path.replace(/\/?package\.json$/, "") || ".")
            .filter((path) => !path.startsWith("test/"));
        assert.deepEqual(Object.keys(released).sort(), versioned.sort());
        assert.deepEqual(Object.keys(packages).sort(), versioned.sort());
    });
});
