import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { findCli, howToGetCli } from "./support/cli";

/**
 * `npm run test:engine [-- --full] [mocha's options]`: the tests on the real Pulumi engine, none of which may be skipped.
 * `--full` runs the long form of those that have one.
 */
function main(options: string[]): number {
    if (findCli() === undefined) {
        console.error(howToGetCli());
        return 1;
    }
    const mocha = join(__dirname, "../../node_modules/mocha/bin/mocha.js");
    const full = options.includes("--full");
    // The long form goes on where it was stopped: one after the other.
    const passed = [...options.filter((option) => option !== "--full"), ...(full ? [] : ["--parallel"])];
    const { status } = spawnSync(process.execPath, [mocha, "test/engine/stories/*.test.ts", ...passed], {
        cwd: join(__dirname, "../.."),
        env: {
            ...process.env,
            AIPX_REQUIRE_ENGINE: "1",
            ...(full && { AIPX_FULL: "1" }),
        },
        stdio: "inherit",
    });
    return status ?? 1;
}

try {
    process.exitCode = main(process.argv.slice(2));
} catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
}
