import * as assert from "node:assert/strict";
import { join } from "node:path";
import program from "../../index";
import { assumeMissing } from "../../plan/assume";
import { readProject, readStackConfig } from "../../plan/stack-config";
import { record } from "../support/record";
import { stackNames } from "../support/stacks";

/** What the program itself returns: the plan's outputs, and Pulumi's, have lost what is undefined. */
async function returned(stack: string, withImages: boolean): Promise<Record<string, unknown>> {
    const project = readProject(join(__dirname, "../.."));
    const { config, secretKeys, accountId } = assumeMissing(readStackConfig(project, stack), stack, withImages);
    let outputs: Record<string, unknown> = {};
    await record(() => (outputs = program()), { stack, config, secretConfigKeys: secretKeys, accountId });
    return outputs;
}

describe("outputs", () => {
    const optional = ["omsLoadBalancerUrl", "webSocketUrl"];

    for (const stack of stackNames) {
        for (const withImages of [true, false]) {
            it(`of ${stack} ${withImages ? "with" : "without"} images are there or left out, never undefined`, async () => {
                const outputs = await returned(stack, withImages);
                assert.ok(Object.keys(outputs).length > 10);
                const absent = Object.keys(outputs).filter((name) => outputs[name] === undefined);
                // Pulumi warns of each at every run.
                assert.deepEqual(absent, []);
            });
        }
    }

    it("have the addresses of the load balancer and the WebSocket API where there are such", async () => {
        const outputs = await returned("production", true);
        assert.deepEqual(
            optional.filter((name) => name in outputs),
            optional,
        );
        const early = await returned("production", false);
        assert.deepEqual(
            optional.filter((name) => name in early),
            [],
        );
    });
});
