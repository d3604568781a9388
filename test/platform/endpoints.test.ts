import * as assert from "node:assert/strict";
import { Scope } from "../../components";
import { preflight } from "../../plan/preflight";
import { parseSettings, SettingsError } from "../../settings";
import { changed } from "../settings/change";
import { flat, stackConfig, stackNames } from "../settings/stack-file";
import { makePlatform } from "../support/platform";
import { names, record, type RecordedResource, type Recording } from "../support/record";

const path = "aipx:network.interfaceEndpoints";

/** Services without which the rules refuse the settings of a stack. */
function neededByRules(stack: string, interfaceEndpoints: string[]): string[] {
    try {
        parseSettings(flat(changed(stackConfig(stack), { [path]: interfaceEndpoints })), { stack });
        return [];
    } catch (error) {
        assert.ok(error instanceof SettingsError);
        const [problem, another] = error.problems;
        assert.ok(problem && !another && problem.path === path, error.message);
        return problem.value.replace("lacks ", "").split(" and ");
    }
}

/** Services that somebody in a recording calls and does not reach. */
function missedByPlan(resources: RecordedResource[]): unknown[] {
    const missed = preflight({ resources }).flatMap(({ policy, level, message }) =>
        policy === "preflight-reach" && level === "mandatory" ? [/ must reach (\S+) /.exec(message)?.[1]] : [],
    );
    return [...new Set(missed)];
}

/** The stack with these endpoints, made past the rules. */
function platformOf(stack: string, interfaceEndpoints?: (settings: string[]) => string[]): Promise<Recording> {
    const { region, accountId, settings } = parseSettings(flat(stackConfig(stack)), { stack });
    const scope = new Scope({ project: "aipx", environment: stack, region, accountId });
    const own = settings.network.interfaceEndpoints;
    const network = { ...settings.network, interfaceEndpoints: (interfaceEndpoints?.(own) ?? own) as typeof own };
    return record(() => makePlatform({ ...settings, network }, scope), { stack });
}

/** A recording without the endpoint of a service, which is one resource. */
const without = ({ resources }: Recording, service: string): RecordedResource[] =>
    resources.filter(
        ({ type, inputs }) =>
            type !== "aws:ec2/vpcEndpoint:VpcEndpoint" || !String(inputs.serviceName).endsWith(`-2.${service}`),
    );

describe("endpoints", () => {
    // The rule knows the settings alone, the plan all that follows from them: neither may know better.
    for (const stack of stackNames) {
        it(`of ${stack}: settings without one are refused if, and only if, the plan misses it`, async () => {
            const recording = await platformOf(stack);
            assert.deepEqual(missedByPlan(recording.resources), []);
            const { interfaceEndpoints } = parseSettings(flat(stackConfig(stack)), { stack }).settings.network;
            for (const service of interfaceEndpoints) {
                const rest = without(recording, service);
                assert.equal(rest.length, recording.resources.length - 1, service);
                const others = interfaceEndpoints.filter((each) => each !== service);
                assert.deepEqual(missedByPlan(rest), neededByRules(stack, others), service);
            }
        });
    }

    it("that are left out are one resource less each, and all are missed where there is none", async () => {
        const [all, fewer, none] = await Promise.all([
            platformOf("dev"),
            platformOf("dev", (own) => own.filter((service) => service !== "sts")),
            platformOf("dev", () => []),
        ]);
        assert.deepEqual(names(fewer), names({ ...all, resources: without(all, "sts") }));
        assert.deepEqual(missedByPlan(fewer.resources), ["sts"]);
        assert.deepEqual(missedByPlan(none.resources), neededByRules("dev", []));
    });
});
