import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { previewJson, type ShownConfig } from "../../plan/report/pulumi-preview";
import { record } from "../support/record";

interface Digest {
    config?: Record<string, string>;
    steps: { op: string; urn: string; provider?: string; newState: Record<string, any>; detailedDiff: null }[];
    changeSummary: Record<string, number>;
}

const root = "urn:pulumi:dev::aipx::pulumi:pulumi:Stack::aipx-dev";

async function digest(run: () => unknown, shown?: ShownConfig, preview = true): Promise<Digest> {
    return JSON.parse(previewJson(await record(run, { preview }), shown)) as Digest;
}

async function stateOf(run: () => unknown): Promise<Record<string, any>> {
    const { steps } = await digest(run);
    assert.equal(steps.length, 2);
    return steps[1]!.newState;
}

/** Options of resources, and how their states show them. */
const options: [what: string, options: pulumi.CustomResourceOptions, state: Record<string, unknown>][] = [
    ["protection", { protect: true }, { protect: true }],
    ["what is retained", { retainOnDelete: true }, { retainOnDelete: true }],
    [
        "timeouts in seconds",
        { customTimeouts: { create: "1h30m", update: "90s", delete: "45m" } },
        { customTimeouts: { create: 5400, update: 90, delete: 2700 } },
    ],
    ["ignored changes", { ignoreChanges: ["tags"] }, { ignoreChanges: ["tags"] }],
    ["changes that replace", { replaceOnChanges: ["name"] }, { replaceOnChanges: ["name"] }],
    ["secret outputs", { additionalSecretOutputs: ["arn"] }, { additionalSecretOutputs: ["arn"] }],
];

describe("previewJson", () => {
    it("creates the stack and each resource, as the CLI prints it", async () => {
        const preview = await digest(() => new aws.sqs.Queue("jobs", { name: "jobs" }));
        const urn = "urn:pulumi:dev::aipx::aws:sqs/queue:Queue::jobs";
        assert.deepEqual(preview, {
            steps: [
                {
                    op: "create",
                    urn: root,
                    newState: { urn: root, custom: false, type: "pulumi:pulumi:Stack" },
                    detailedDiff: null,
                },
                {
                    op: "create",
                    urn,
                    newState: {
                        urn,
                        custom: true,
                        type: "aws:sqs/queue:Queue",
                        inputs: { name: "jobs" },
                        parent: root,
                        propertyDependencies: { name: [] },
                    },
                    detailedDiff: null,
                },
            ],
            changeSummary: { create: 2 },
        });
    });

    for (const [what, given, state] of options) {
        it(`has ${what}`, async () => {
            const made = await stateOf(() => new aws.sqs.Queue("jobs", { name: "jobs" }, given));
            assert.deepEqual(Object.fromEntries(Object.keys(state).map((key) => [key, made[key]])), state);
        });
    }

    it("has what a resource depends on, and by which input", async () => {
        const { steps } = await digest(() => {
            const key = new aws.kms.Key("data", {});
            new aws.sns.Topic("alarms", { name: "alarms", kmsMasterKeyId: key.arn });
        });
        const key = "urn:pulumi:dev::aipx::aws:kms/key:Key::data";
        const { inputs, dependencies, propertyDependencies } = steps[2]!.newState;
        assert.equal(inputs.kmsMasterKeyId, "04da6b54-80e4-46f7-96ec-b56ff0331ba9");
        assert.deepEqual(dependencies, [key]);
        assert.deepEqual(propertyDependencies, { name: [], kmsMasterKeyId: [key] });
    });

    it("has no id that is made up, and the ids of what exists", async () => {
        const { steps, changeSummary } = await digest(
            () => {
                aws.sqs.Queue.get("theirs", "https://sqs.example.com/theirs");
                new aws.kms.Key("old", {}, { import: "1234abcd" });
                new aws.sqs.Queue("jobs", { name: "jobs" });
            },
            undefined,
            false,
        );
        const seen = steps.slice(1).map(({ op, newState: { id, external, importID } }) => [op, id, external, importID]);
        assert.deepEqual(
            seen.sort(([one], [other]) => (String(one) < String(other) ? -1 : 1)),
            [
                ["create", undefined, undefined, undefined],
                ["import", "1234abcd", undefined, "1234abcd"],
                ["read", "https://sqs.example.com/theirs", true, undefined],
            ],
        );
        assert.deepEqual(changeSummary, { create: 2, read: 1, import: 1 });
    });

    it("names explicit providers by their reference", async () => {
        const { steps } = await digest(() => {
            const provider = new aws.Provider("tokyo", { region: "ap-northeast-1" });
            new aws.sqs.Queue("jobs", { name: "jobs" }, { provider });
        });
        const { provider, newState } = steps[2]!;
        assert.match(provider!, /^urn:pulumi:dev::aipx::pulumi:providers:aws::tokyo::/);
        assert.equal(newState.provider, provider);
    });

    it("masks secrets in inputs and config", async () => {
        const run = (): unknown =>
            new aws.ssm.Parameter("token", { name: "/token", type: "SecureString", value: pulumi.secret("hunter2") });
        const shown = { config: { "aipx:plain": "x", "aipx:token": "hunter2" }, secretKeys: ["aipx:token"] };
        const preview = await digest(run, shown);
        assert.deepEqual(preview.config, { "aipx:plain": "x", "aipx:token": "[secret]" });
        assert.equal(preview.steps[1]!.newState.inputs.value, "[secret]");
        assert.doesNotMatch(JSON.stringify(preview), /hunter2/);
    });

    it("has no config without being told which of it is secret", async () => {
        assert.equal("config" in (await digest(() => undefined)), false);
    });
});
