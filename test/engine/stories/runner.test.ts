import assert from "node:assert/strict";
import { assertWell } from "../support/changes";
import { describeEngine } from "../support/engine";
import { Lab, type Outcome } from "../support/lab";
import type { TypeScriptLoader } from "../support/language";

/** What a first preview says. */
async function firstPreview(loader: TypeScriptLoader): Promise<Outcome> {
    const lab = await Lab.open("dev", { loader });
    try {
        const outcome = await lab.preview();
        assertWell(outcome);
        return outcome;
    } finally {
        lab.close();
    }
}

describeEngine("Pulumi's runner", function () {
    this.timeout(600_000);

    it("loads the program's TypeScript by itself, and it does the same", async () => {
        const resources = ({ steps }: Outcome): string[] => steps.map(({ op, resource }) => `${op} ${resource}`).sort();
        const users = resources(await firstPreview("runner"));
        assert.ok(users.length > 200);
        assert.deepEqual(users, resources(await firstPreview("tests")));
    });
});
