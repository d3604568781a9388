import * as assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { builtCli, isAtLeast, minimumVersion, searchCli } from "./cli";

describe("the search for a Pulumi CLI", () => {
    let folder: string;
    const versions = new Map<string, string>();
    const version = (path: string): string => {
        const answer = versions.get(path);
        if (answer === undefined) {
            throw new Error("exit code 1");
        }
        return answer;
    };
    /** A file where a CLI might be, which answers with this version; without one, it does not run. */
    const cli = (path: string, answer?: string): string => {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, "");
        if (answer !== undefined) {
            versions.set(path, answer);
        }
        return path;
    };

    beforeEach(() => {
        versions.clear();
        folder = mkdtempSync(join(tmpdir(), "aipx-cli-"));
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    it("takes the one that is named, wherever others are", () => {
        const named = cli(join(folder, "named"), "v3.300.0\n");
        cli(join(folder, "pulumi"), "3.300.0");
        assert.deepEqual(searchCli({ PULUMI_CLI: named, PATH: folder }, version), { path: named });
    });

    it("fails if the named one is of no use, rather than take another", () => {
        cli(join(folder, "pulumi"), "3.300.0");
        const useless: [named: string, message: RegExp][] = [
            ["pulumi", /PULUMI_CLI: pulumi is not an absolute path/],
            [join(folder, "nowhere"), /PULUMI_CLI: .*nowhere does not exist/],
            [cli(join(folder, "broken")), /PULUMI_CLI: .*broken does not run: exit code 1/],
            [cli(join(folder, "old"), "3.248.9"), /PULUMI_CLI: .*old is version 3\.248\.9; 3\.249\.0 is the oldest/],
        ];
        for (const [named, message] of useless) {
            assert.throws(() => searchCli({ PULUMI_CLI: named, PATH: folder }, version), { message });
        }
    });

    it("takes the first on the path that will do, then the one that was built", () => {
        const [first, second] = [join(folder, "first"), join(folder, "second")];
        const surroundings = {
            PATH: ["relative", first, second].join(delimiter),
            XDG_CACHE_HOME: join(folder, "cache"),
        };
        const built = cli(builtCli(surroundings), "3.259.0");
        assert.deepEqual(searchCli(surroundings, version), { path: built });
        cli(join(first, "pulumi"), "3.100.0");
        assert.deepEqual(searchCli(surroundings, version), { path: built });
        const onPath = cli(join(second, "pulumi"), minimumVersion);
        assert.deepEqual(searchCli(surroundings, version), { path: onPath });
    });

    it("says why it found none", () => {
        const surroundings = { PATH: folder, XDG_CACHE_HOME: folder };
        assert.deepEqual(searchCli(surroundings, version), { problem: "There is no Pulumi CLI on the path." });
        const old = cli(join(folder, "pulumi"), "v3.100.0");
        assert.deepEqual(searchCli(surroundings, version), {
            problem: `${old} is version v3.100.0; 3.249.0 is the oldest that will do.`,
        });
    });

    it("keeps what is built in the cache, by its version", () => {
        assert.match(builtCli({ XDG_CACHE_HOME: "/cache" }), /^\/cache\/aipx\/pulumi-3\.\d+\.\d+\/bin\/pulumi$/);
        assert.match(builtCli({}), /\/\.cache\/aipx\/pulumi-3\.\d+\.\d+\/bin\/pulumi$/);
    });

    for (const [newer, older] of [
        ["3.249.0", "3.249.0"],
        ["v3.249.1", "3.249.0"],
        ["3.1000.0", "3.249.9"],
        ["4.0.0", "3.249.0"],
        ["v3.260.0-alpha.1+dirty", "3.259.9"],
    ] as const) {
        it(`knows that ${newer} is at least ${older}`, () => {
            assert.ok(isAtLeast(newer, older));
            assert.equal(isAtLeast(older, newer), newer === older);
        });
    }

    it("takes what is no version for too old", () => {
        assert.equal(isAtLeast("warning: no version", "3.249.0"), false);
        assert.equal(isAtLeast("", "3.249.0"), false);
    });
});
