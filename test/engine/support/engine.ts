import { findCli, howToGetCli } from "./cli";

/** Whether the long form of the tests is asked for: `npm run test:engine -- --full`. */
export const full = process.env.AIPX_FULL === "1";

/** Whether tests on the engine must run: in CI, and with `npm run test:engine`. */
const required = process.env.AIPX_REQUIRE_ENGINE === "1";

let announced = false;

/**
 * Tests that need the real Pulumi engine. Without a CLI they are skipped, with a word on how to get one; where they are
 * required, its absence is a failure.
 */
export function describeEngine(title: string, tests: (this: Mocha.Suite) => void): void {
    if (findCli() !== undefined) {
        describe(title, tests);
        return;
    }
    if (required) {
        throw new Error(`${title}: this needs the Pulumi CLI.\n${howToGetCli()}`);
    }
    describe.skip(title, tests);
    if (!announced) {
        announced = true;
        // At the end, where it is seen.
        after(() => console.warn(`\n  Tests on the real Pulumi engine were skipped.\n${howToGetCli()}`));
    }
}
