import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { unknownValuesPolicy } from "../../../policy-pack/core/crossguard";
import { describeEngine } from "../support/engine";
import { Lab, type Outcome } from "../support/lab";

/** Only the policies that the programs here are about: the small ones break many others. */
const only = (levels: Record<string, string>): Record<string, unknown> => ({ all: "disabled", ...levels });

const program = (name: string): string => join(__dirname, "../programs", `${name}.ts`);
const weakQueue = { program: program("weak-queue") };
const rule = "sqs-queue-require-cmk";
const told = ({ policies }: Outcome): string[][] =>
    policies.map(({ policy, level, resource }) => [policy, level, resource]);

describeEngine("policies on the engine", function () {
    this.timeout(300_000);
    let lab: Lab;

    afterEach(() => lab.close());

    it("stop an update before anything is created, by the preview that comes before it", async () => {
        lab = await Lab.open("dev", weakQueue);
        const policyConfig = only({ [rule]: "mandatory" });
        const outcome = await lab.up({ policies: true, policyConfig, previewFirst: true });
        assert.equal(outcome.ok, false);
        assert.deepEqual(told(outcome), [[rule, "mandatory", "aws:sqs/queue:Queue::weak"]]);
        assert.deepEqual(lab.account.resources, []);
    });

    it("stop what they are about in an update without a preview", async () => {
        lab = await Lab.open("dev", weakQueue);
        const outcome = await lab.up({ policies: true, policyConfig: only({ [rule]: "mandatory" }) });
        assert.equal(outcome.ok, false);
        assert.ok(lab.account.resources.every(({ urn }) => !urn.endsWith("::weak")));
    });

    it("only tell where they are advisory", async () => {
        lab = await Lab.open("dev", weakQueue);
        const outcome = await lab.up({ policies: true, policyConfig: only({ [rule]: "advisory" }) });
        assert.equal(outcome.ok, true, outcome.output);
        assert.deepEqual(told(outcome), [[rule, "advisory", "aws:sqs/queue:Queue::weak"]]);
        assert.equal(lab.account.resources.length, 3);
    });

    it("refuse in production what is unknown and does not come from a key, and tell it in dev", async () => {
        for (const [stack, level] of [
            ["production", "mandatory"],
            ["dev", "advisory"],
        ] as const) {
            lab = await Lab.open(stack, { program: program("foreign-key") });
            const policyConfig = only({ [rule]: "mandatory", [unknownValuesPolicy]: level });
            const outcome = await lab.preview({ policies: true, policyConfig });
            assert.deepEqual(told(outcome), [[rule, level, "aws:sqs/queue:Queue::weak"]], outcome.output);
            assert.match(outcome.policies[0]!.message, /undetermined at kmsMasterKeyId/);
            assert.equal(outcome.ok, level === "advisory");
            if (stack === "production") {
                lab.close();
            }
        }
    });

    it("are run on what exists, by exported state", async () => {
        lab = await Lab.open("dev", weakQueue);
        await lab.up();
        const [state, config] = [join(lab.folder, "state.json"), join(lab.folder, "levels.json")];
        writeFileSync(state, JSON.stringify(await lab.exportState()));
        writeFileSync(config, JSON.stringify(only({ [rule]: "mandatory" })));
        const pack = join(__dirname, "../../../policy-pack");
        const { code, output } = await lab.cli(
            ...["policy", "analyze", "--policy-pack", pack, "--policy-pack-config", config, "--file", state],
        );
        assert.notEqual(code, 0);
        assert.match(output, /sqs-queue-require-cmk +\(aws:sqs:Queue: weak\)/);
        assert.doesNotMatch(output, /\(aws:sqs:Queue: fine\)/);
    });
});
