import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { planStack } from "../../plan/plan";
import { type Project, readProject } from "../../plan/stack-config";
import { planOf } from "../support/stacks";

const root = path.join(__dirname, "..", "..");

/** This project, with dev's settings in production's place and the other way round, and one address range for both. */
function swapped(folder: string): Project {
    copyFileSync(path.join(root, "Pulumi.yaml"), path.join(folder, "Pulumi.yaml"));
    symlinkSync(path.join(root, "policy-pack"), path.join(folder, "policy-pack"));
    for (const [from, to] of [
        ["dev", "production"],
        ["production", "dev"],
    ] as const) {
        const text = readFileSync(path.join(root, `Pulumi.${from}.yaml`), "utf8");
        writeFileSync(
            path.join(folder, `Pulumi.${to}.yaml`),
            text
                .replace(`environment: ${from}`, `environment: ${to}`)
                .replace(/cidrBlock: 10\..*/, "cidrBlock: 10.0.0.0/16"),
        );
    }
    return { ...readProject(folder), main: path.join(root, "index.ts") };
}

describe("planStack", () => {
    it("warns where alarms reach nobody: no address, or one at a domain for examples", async () => {
        const warnings = async (stack: string): Promise<string[]> => (await planOf(stack)).warnings;
        assert.ok(
            (await warnings("production")).includes(
                "No mail reaches oncall@example.com, a domain for examples: put yours into aipx:alarms.emails.",
            ),
        );
        assert.ok(
            (await warnings("dev")).includes("Nobody receives alarms and cost reports: aipx:alarms.emails is empty."),
        );
    });

    it("warns where a stack is weaker than the first one, may be destroyed and is judged as if not, or shares addresses with another", async () => {
        const folder = mkdtempSync(path.join(tmpdir(), "plan-"));
        try {
            const { warnings } = await planStack(swapped(folder), "production", { asConfigured: false });
            assert.ok(
                warnings.some((warning) =>
                    warning.startsWith("aipx:network.cidrBlock of production (10.0.0.0/16) and of dev (10.0.0.0/16)"),
                ),
                warnings.join("\n"),
            );
            const weaker = warnings.filter((warning) => warning.includes("weaker than in dev"));
            assert.ok(weaker.length > 3, warnings.join("\n"));
            assert.ok(
                warnings.some((warning) =>
                    warning.startsWith("production is disposable, and the policy pack judges it"),
                ),
                warnings.join("\n"),
            );
            assert.ok(
                weaker.includes("aipx:environment.disposable is true: weaker than in dev, where it is false."),
                weaker.join("\n"),
            );
        } finally {
            rmSync(folder, { recursive: true });
        }
    });
});
