import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import { shownInputs } from "../../plan/recording";
import { find, names, ofType, record } from "../support/record";

const queueType = "aws:sqs/queue:Queue";

class Component extends pulumi.ComponentResource {
    constructor(name: string, outputs: pulumi.Inputs, opts?: pulumi.ComponentResourceOptions) {
        super("aipx:test:Component", name, {}, opts);
        this.registerOutputs(outputs);
    }
}

describe("recordProgram", () => {
    it("writes URNs with the types of all ancestors, as the engine does", async () => {
        const recording = await record(
            () => {
                const outer = new Component("outer", {});
                const inner = new pulumi.ComponentResource("aipx:test:Inner", "inner", {}, { parent: outer });
                new aws.sqs.Queue("orders", {}, { parent: inner });
            },
            { project: "other", stack: "production" },
        );
        const queue = find(recording, queueType, "orders");
        const parent = "urn:pulumi:production::other::aipx:test:Component$aipx:test:Inner::inner";
        assert.equal(
            queue.urn,
            `urn:pulumi:production::other::aipx:test:Component$aipx:test:Inner$${queueType}::orders`,
        );
        assert.equal(queue.parent, parent);
        assert.equal(find(recording, "aipx:test:Component", "outer").parent, undefined);
    });

    it("records what a resource depends on, and by which input", async () => {
        const recording = await record(() => {
            const failed = new aws.sqs.Queue("failed");
            const first = new aws.sqs.Queue("first");
            const redrivePolicy = pulumi.jsonStringify({ deadLetterTargetArn: failed.arn, maxReceiveCount: 3 });
            new aws.sqs.Queue("orders", { redrivePolicy }, { dependsOn: [first] });
        });
        const orders = find(recording, queueType, "orders");
        const failed = find(recording, queueType, "failed");
        assert.deepEqual(orders.propertyDependencies, { redrivePolicy: [failed.urn] });
        assert.deepEqual([...orders.dependencies].sort(), [failed.urn, find(recording, queueType, "first").urn].sort());
        assert.deepEqual(JSON.parse(orders.inputs.redrivePolicy), {
            deadLetterTargetArn: failed.outputs.arn,
            maxReceiveCount: 3,
        });
    });

    it("records the options that a resource was given", async () => {
        const recording = await record(() => {
            const base = new aws.sqs.Queue("base");
            new aws.sqs.Queue(
                "orders",
                {},
                {
                    protect: true,
                    ignoreChanges: ["tags"],
                    retainOnDelete: true,
                    deleteBeforeReplace: true,
                    replaceOnChanges: ["name"],
                    aliases: [{ name: "old" }, "urn:pulumi:dev::aipx::aws:sqs/queue:Queue::older"],
                    customTimeouts: { delete: "45m" },
                    additionalSecretOutputs: ["policy"],
                    deletedWith: base,
                    import: "https://sqs/imported",
                },
            );
        });
        const orders = find(recording, queueType, "orders");
        const { aliases, ...options } = orders.options;
        assert.deepEqual(options, {
            protect: true,
            ignoreChanges: ["tags"],
            retainOnDelete: true,
            deleteBeforeReplace: true,
            replaceOnChanges: ["name"],
            customTimeouts: { delete: "45m" },
            additionalSecretOutputs: ["policy"],
            deletedWith: find(recording, queueType, "base").urn,
            import: "https://sqs/imported",
        });
        assert.equal(aliases?.length, 2);
        assert.equal(orders.id, "https://sqs/imported");
        assert.deepEqual(find(recording, queueType, "base").options, {});
    });

    it("passes protect, retainOnDelete and deletedWith on to children, as the engine does", async () => {
        const recording = await record(() => {
            const base = new aws.sqs.Queue("base");
            const parent = new Component("parent", {}, { protect: true, retainOnDelete: true, deletedWith: base });
            new aws.sqs.Queue("inherits", {}, { parent });
            new aws.sqs.Queue("decides", {}, { parent, protect: false, retainOnDelete: false });
        });
        const deletedWith = find(recording, queueType, "base").urn;
        assert.deepEqual(find(recording, queueType, "inherits").options, {
            protect: true,
            retainOnDelete: true,
            deletedWith,
        });
        assert.deepEqual(find(recording, queueType, "decides").options, { deletedWith });
    });

    it("tells kinds apart", async () => {
        const recording = await record(() => {
            const provider = new aws.Provider("elsewhere", { region: "us-east-1" });
            new aws.sqs.Queue("made", {}, { provider });
            aws.sqs.Queue.get("seen", "https://sqs/seen");
            new Component("component", {});
        });
        const kinds = Object.fromEntries(recording.resources.map(({ name, kind }) => [name, kind]));
        assert.deepEqual(kinds, { elsewhere: "provider", made: "custom", seen: "read", component: "component" });
        const { urn, id } = find(recording, "pulumi:providers:aws", "elsewhere");
        assert.equal(find(recording, queueType, "made").provider, `${urn}::${id}`);
        assert.equal(find(recording, queueType, "seen").id, "https://sqs/seen");
    });

    it("opens secrets, remembers where they were, and keeps them secret downstream", async () => {
        const recording = await record(() => {
            const key = new aws.ssm.Parameter("first", { type: "SecureString", value: pulumi.secret("hush") });
            new aws.ssm.Parameter("second", { type: "String", value: key.value, tags: { plain: "x" } });
            return { value: key.value, nested: { deep: key.value }, plain: "x" };
        });
        const second = find(recording, "aws:ssm/parameter:Parameter", "second");
        assert.equal(second.inputs.value, "hush");
        assert.deepEqual(second.secretInputs, ["value"]);
        assert.deepEqual(shownInputs(second), { type: "String", value: "[secret]", tags: { plain: "x" } });
        assert.deepEqual(recording.outputs, { value: "[secret]", nested: { deep: "[secret]" }, plain: "x" });
    });

    it("masks a secret under a key with a dot, too", async () => {
        const recording = await record(
            () => new aws.sqs.Queue("q", { tags: { "a.b": pulumi.secret("hush"), c: "d" } }),
        );
        assert.deepEqual(shownInputs(find(recording, queueType, "q")), { tags: "[secret]" });
    });

    it("gives config, stack and project to the program, and its resolved outputs back", async () => {
        const recording = await record(
            async () => {
                const config = new pulumi.Config();
                const { accountId } = await aws.getCallerIdentity();
                return {
                    size: config.requireObject("size"),
                    accountId,
                    region: (await aws.getRegion()).region,
                    stack: pulumi.getStack(),
                    later: pulumi.output(Promise.resolve("later")),
                    missing: undefined,
                };
            },
            {
                stack: "staging",
                config: { "aipx:size": '{"cpu":256}' },
                region: "us-east-1",
                accountId: "210987654321",
            },
        );
        assert.deepEqual(recording.outputs, {
            size: { cpu: 256 },
            accountId: "210987654321",
            region: "us-east-1",
            stack: "staging",
            later: "later",
        });
    });

    it("tells the program which config is secret, while it runs", async () => {
        const options = { config: { "aipx:token": "hush", "aipx:size": "3" }, secretConfigKeys: ["aipx:token"] };
        const recording = await record(() => ({ secretKeys: process.env.PULUMI_CONFIG_SECRET_KEYS }), options);
        assert.deepEqual(recording.outputs, { secretKeys: '["aipx:token"]' });
        assert.equal(process.env.PULUMI_CONFIG_SECRET_KEYS, undefined);
    });

    it("gives errors that nobody catches back to whom they went to before", async () => {
        const before = process.rawListeners("uncaughtException");
        await record(() => new aws.sqs.Queue("q"));
        const late = (): Promise<never> => new Promise(() => setTimeout(() => fail("in a timer")));
        await assert.rejects(record(late), /^Error: in a timer$/);
        assert.deepEqual(process.rawListeners("uncaughtException"), before);
    });

    it("counts resources as they come", async () => {
        const counts: number[] = [];
        await record(() => [new aws.sqs.Queue("a"), new aws.sqs.Queue("b")], {
            onResource: (count) => counts.push(count),
        });
        assert.deepEqual(counts, [1, 2]);
    });

    it("keeps what components register as outputs", async () => {
        const recording = await record(() => new Component("component", { url: new aws.sqs.Queue("q").url }));
        const url = find(recording, queueType, "q").id;
        assert.deepEqual(find(recording, "aipx:test:Component", "component").outputs, { url });
    });

    it("runs transformations", async () => {
        const tagsOfAll: pulumi.ResourceTransformation = ({ props, opts }) => ({
            props: { ...props, tags: { a: "b" } },
            opts,
        });
        const recording = await record(() => {
            const parent = new pulumi.ComponentResource("aipx:test:C", "c", {}, { transformations: [tagsOfAll] });
            new aws.sqs.Queue("q", {}, { parent });
        });
        assert.deepEqual(find(recording, queueType, "q").inputs, { tags: { a: "b" } });
    });

    it("records the same every time, and nothing of an earlier run", async () => {
        const program = (): unknown => ({ url: new Component("c", { url: new aws.sqs.Queue("q", {}).url }).urn });
        const first = await record(program);
        await record(() => new aws.sqs.Queue("another"));
        assert.deepEqual(await record(program), first);
        assert.deepEqual(names(first), ["aipx:test:Component::c", `${queueType}::q`]);
    });

    it("records one program after another, even when asked at the same time", async () => {
        const recordings = await Promise.all(
            ["a", "b"].map((name) => record(() => new aws.sqs.Queue(name), { stack: name })),
        );
        assert.deepEqual(
            recordings.map((recording) => [recording.stack, ...names(recording)]),
            [
                ["a", `${queueType}::a`],
                ["b", `${queueType}::b`],
            ],
        );
    });

    describe("fails with the program's own error", () => {
        const failures: Record<string, [run: () => unknown, message: RegExp]> = {
            "thrown at once": [
                () => {
                    throw new Error("at once");
                },
                /^at once$/,
            ],
            "thrown later": [() => Promise.reject(new Error("later")), /^later$/],
            "thrown in an apply that is an input": [
                () => new aws.sqs.Queue("q", { name: pulumi.output("x").apply(() => fail("in input")) }),
                /error serializing property "name": in input$/,
            ],
            "thrown in an apply that nobody reads": [
                () => void new aws.sqs.Queue("q").arn.apply(() => fail("unread")),
                /^unread$/,
            ],
            "thrown in an apply that is an output of the stack": [
                () => ({ url: new aws.sqs.Queue("q").arn.apply(() => fail("in output")) }),
                /^in output$/,
            ],
            "two resources with one URN": [
                () => [new aws.sqs.Queue("q"), new aws.sqs.Queue("q")],
                /two resources have the URN urn:pulumi:dev::aipx::aws:sqs\/queue:Queue::q: give one of them another name/,
            ],
            "an unknown look-up": [
                () => aws.ec2.getAmi({ owners: ["self"] }),
                /the offline plan has no answer to the look-up aws:ec2\/getAmi:getAmi: add one to lookUps in plan\/look-ups.ts/,
            ],
            "an unknown remote component": [
                () => new awsx.ec2.DefaultVpc("default"),
                /the offline plan does not know what the remote component awsx:ec2:DefaultVpc makes/,
            ],
            "an argument of the VPC that is not known": [
                () => new awsx.ec2.Vpc("n", { subnetStrategy: "Auto", numberOfAvailabilityZones: 2 }),
                /awsx:ec2:Vpc "n": numberOfAvailabilityZones is not known to the offline plan/,
            ],
            "a transform, which needs the engine": [
                () => new aws.sqs.Queue("q", {}, { transforms: [() => undefined] }),
                /does not support transforms/,
            ],
        };
        for (const [name, [run, message]] of Object.entries(failures)) {
            it(name, async () => {
                await assert.rejects(record(run), (error: Error) => {
                    assert.match(error.message, message);
                    assert.match(error.stack ?? "", /record\.test\.ts|plan|@pulumi/, "the error carries a stack");
                    return true;
                });
                // The runtime is usable afterwards.
                assert.equal(ofType(await record(() => new aws.sqs.Queue("next")), queueType).length, 1);
            });
        }

        it("with a stack that names the program's line, and stack traces on again", async () => {
            const before = Error.stackTraceLimit;
            await assert.rejects(
                record(() => fail("where")),
                (error: Error) => error.stack!.includes("record.test.ts"),
            );
            assert.equal(Error.stackTraceLimit, before);
        });
    });
});

function fail(message: string): never {
    throw new Error(message);
}

describe("find", () => {
    it("lists what is near", async () => {
        const recording = await record(() => new aws.sqs.Queue("orders"));
        assert.throws(
            () => find(recording, queueType, "order"),
            /no aws:sqs\/queue:Queue "order"; there are\n {2}aws:sqs\/queue:Queue::orders$/,
        );
    });
});
