import assert from "node:assert/strict";
import { join } from "node:path";
import { bundle } from "../../../components/building-blocks";
import { type Answer, AwsEndpoints, functionError, refusal, type Script } from "../../support/aws-endpoints";

const code = bundle(join(__dirname, "../../../components/cold-path/cognitive-dispatcher/handler.ts"));

type Handler = (event: object, context: object) => Promise<void>;

/** The code that is deployed, with AWS's SDK from here, as the runtime would load it with these variables. */
function load(environment: Record<string, string>): Handler {
    const before = { ...process.env };
    Object.assign(process.env, environment);
    try {
        const module = { exports: {} as { handler: Handler } };
        // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the bundle is what is tested
        new Function("module", "exports", "require", code)(module, module.exports, require);
        return module.exports.handler;
    } finally {
        process.env = before;
    }
}

const message = {
    connectionId: "L0SM9cOFvHcCIhw=",
    requestId: "r-1",
    principalId: "alice",
    body: '{"text":"삼성전자?"}',
};

const event = (receiveCount = 1): object => ({
    Records: [
        {
            body: message.body,
            attributes: { ApproximateReceiveCount: String(receiveCount) },
            messageAttributes: Object.fromEntries(
                (["connectionId", "requestId", "principalId"] as const).map((name) => [
                    name,
                    { dataType: "String", stringValue: message[name] },
                ]),
            ),
        },
    ],
});

const ok: Answer = { status: 200 };
const agentOk: Answer = { status: 200, body: null };
const gone = refusal(410, "GoneException");
const throttled = refusal(429, "TooManyRequestsException", "Rate Exceeded.");

interface Outcome {
    endpoints: AwsEndpoints;
    error: Error | undefined;
    /** Frames that were sent, by type or code. */
    frames: string[];
    /** The message in the failure queue: code, reason, whether the person was told. */
    kept: [code: string, reason: string, told: string] | undefined;
    logs: string;
    milliseconds: number;
}

describe("the cognitive dispatcher", () => {
    let running: AwsEndpoints[] = [];
    afterEach(async () => {
        await Promise.all(running.map((each) => each.stop()));
        running = [];
    });

    /** Runs the handler once against servers that answer so. `agentMilliseconds` is what is left for the agent. */
    async function run(
        script: Partial<Script>,
        {
            receiveCount,
            agentMilliseconds = 30_000,
            environment = {},
        }: { receiveCount?: number; agentMilliseconds?: number; environment?: Record<string, string> } = {},
    ): Promise<Outcome> {
        const endpoints = await AwsEndpoints.start({ invoke: [agentOk], connections: [ok], sqs: [ok], ...script });
        running.push(endpoints);
        const variables = {
            AWS_REGION: "ap-northeast-2",
            AWS_ACCESS_KEY_ID: "test",
            AWS_SECRET_ACCESS_KEY: "test",
            AWS_ENDPOINT_URL_LAMBDA: endpoints.url,
            AGENT_FUNCTION: "aipx-dev-cognitive",
            WEBSOCKET_CALLBACK_URL: `${endpoints.url}/aipx-dev`,
            FAILURE_QUEUE_URL: `${endpoints.url}/123456789012/aipx-dev-cognitive-failed.fifo`,
            ...environment,
        };
        const before = { ...process.env };
        const handler = load(variables);
        Object.assign(process.env, variables);
        const warn = console.warn;
        const logs: unknown[] = [];
        console.warn = (...args) => void logs.push(...args);
        const started = Date.now();
        let error: Error | undefined;
        try {
            await handler(event(receiveCount), { getRemainingTimeInMillis: () => 20_000 + agentMilliseconds });
        } catch (thrown) {
            error = thrown as Error;
        } finally {
            console.warn = warn;
            process.env = before;
        }
        const [kept] = endpoints.of("sqs");
        const attribute = (name: string): string => kept?.body.MessageAttributes[name].StringValue;
        return {
            endpoints,
            error,
            frames: endpoints.of("connections").map(({ body }) => body.code ?? body.type),
            kept: kept && [attribute("code"), attribute("reason"), attribute("told")],
            logs: JSON.stringify(logs),
            milliseconds: Date.now() - started,
        };
    }

    it("gives the agent the message, says that it works, and leaves the answer to it", async () => {
        const { endpoints, error, kept } = await run({});
        assert.equal(error, undefined);
        assert.deepEqual(endpoints.requests, [
            {
                api: "connections",
                path: `/aipx-dev/@connections/${message.connectionId}`,
                body: { type: "working", requestId: "r-1" },
            },
            { api: "invoke", path: "/2015-03-31/functions/aipx-dev-cognitive/invocations", body: message },
        ]);
        assert.equal(kept, undefined);
    });

    it("tells of an error of the agent at once, and keeps the message as it came", async () => {
        const { endpoints, error, logs, milliseconds } = await run({
            invoke: [functionError("ValueError", "no such\nstock")],
        });
        assert.equal(error, undefined);
        assert.deepEqual(endpoints.of("connections")[1]?.body, {
            type: "error",
            requestId: "r-1",
            code: "agent-failed",
            message: "The answer failed.",
            retryable: false,
        });
        const text = (value: string): object => ({ DataType: "String", StringValue: value });
        assert.deepEqual(endpoints.of("sqs")[0]?.body, {
            QueueUrl: `${endpoints.url}/123456789012/aipx-dev-cognitive-failed.fifo`,
            MessageGroupId: message.connectionId,
            MessageDeduplicationId: "r-1",
            MessageBody: message.body,
            MessageAttributes: {
                connectionId: text(message.connectionId),
                requestId: text("r-1"),
                principalId: text("alice"),
                code: text("agent-failed"),
                reason: text("ValueError: no such stock"),
                told: text("sent"),
            },
        });
        assert.ok(!logs.includes("삼성전자"), "what people write is not logged");
        assert.ok(milliseconds < 5000);
    });

    for (const [title, answer] of [
        [
            "the agent's timeout",
            functionError("Sandbox.Timedout", "RequestId: 1 Error: Task timed out after 300.00 seconds"),
        ],
        ["its older wording", functionError("", "2026-11-27T09:00:00Z 1 Task timed out after 300.00 seconds")],
    ] as const) {
        it(`knows ${title}`, async () => {
            const { frames, kept } = await run({ invoke: [answer] });
            assert.deepEqual(frames, ["working", "agent-timeout"]);
            assert.equal(kept?.[0], "agent-timeout");
        });
    }

    it("knows a crash", async () => {
        const { frames, kept } = await run({ invoke: [functionError("Runtime.ExitError", "exit status 137")] });
        assert.deepEqual(frames, ["working", "agent-failed"]);
        assert.deepEqual(kept, ["agent-failed", "Runtime.ExitError: exit status 137", "sent"]);
    });

    it("does not wait for an agent that never ends, and does not start it twice", async () => {
        const { endpoints, frames, kept, milliseconds } = await run({ invoke: ["hang"] }, { agentMilliseconds: 700 });
        assert.deepEqual(frames, ["working", "agent-timeout"]);
        assert.match(kept![1], /aipx-dev-cognitive did not end within \d+ ms/);
        assert.equal(endpoints.of("invoke").length, 1);
        assert.ok(milliseconds >= 600 && milliseconds < 5000, String(milliseconds));
    });

    it("does not start an agent twice that may have run", async () => {
        const { endpoints, frames } = await run({ invoke: [refusal(500, "ServiceException")] });
        assert.equal(endpoints.of("invoke").length, 1);
        assert.deepEqual(frames, ["working", "agent-failed"]);
    });

    it("tries again where there was no room", async () => {
        const { endpoints, frames, kept } = await run({
            invoke: [throttled, refusal(409, "ResourceConflictException"), agentOk],
        });
        assert.equal(endpoints.of("invoke").length, 3);
        assert.deepEqual(frames, ["working"]);
        assert.equal(kept, undefined);
    });

    it("says so when there is no room for good, and that the message may be sent again", async () => {
        const { endpoints, frames, kept } = await run({ invoke: [throttled] });
        assert.equal(endpoints.of("invoke").length, 5);
        assert.deepEqual(frames, ["working", "busy"]);
        assert.equal(endpoints.of("connections")[1]?.body.retryable, true);
        assert.deepEqual(kept, ["busy", "TooManyRequestsException: Rate Exceeded.", "sent"]);
    });

    it("says so when Lambda is out of reach", async () => {
        const { frames, kept } = await run(
            {},
            { environment: { AWS_ENDPOINT_URL_LAMBDA: "http://127.0.0.1:9" }, agentMilliseconds: 1000 },
        );
        assert.deepEqual(frames, ["working", "busy"]);
        assert.match(kept![1], /^ECONNREFUSED/);
    });

    it("takes a person who left for no failure, whoever notices", async () => {
        const unnoticed = await run({ connections: [gone] });
        assert.equal(unnoticed.endpoints.of("invoke").length, 1);
        assert.equal(unnoticed.kept, undefined);
        const noticed = await run({ connections: [gone], invoke: [functionError("GoneException", "410")] });
        assert.deepEqual([noticed.error, noticed.kept], [undefined, undefined]);
        const failed = await run({ connections: [gone], invoke: [functionError("KeyError", "x")] });
        assert.deepEqual([failed.error, failed.kept], [undefined, ["agent-failed", "KeyError: x", "gone"]]);
    });

    it("keeps the message where the person could not be told", async () => {
        const { error, frames, kept } = await run({
            connections: [refusal(500, "InternalServerError")],
            invoke: [functionError("KeyError", "x")],
        });
        assert.equal(error, undefined);
        assert.ok(frames.filter((frame) => frame === "agent-failed").length > 1, "tried again");
        assert.deepEqual(kept, ["agent-failed", "KeyError: x", "failed"]);
    });

    it("does not wait long for a connection that takes nothing", async () => {
        const { kept, milliseconds } = await run({ connections: ["hang"], invoke: [functionError("KeyError", "x")] });
        assert.equal(kept?.[2], "failed");
        assert.ok(milliseconds < 14_000, String(milliseconds));
    });

    it("fails where the message could not be kept, when the person was told", async () => {
        const { error, frames } = await run({
            invoke: [functionError("KeyError", "x")],
            sqs: [refusal(503, "ServiceUnavailable")],
        });
        assert.ok(error);
        assert.deepEqual(frames, ["working", "agent-failed"]);
    });

    it("only reports a message whose dispatch died", async () => {
        const { endpoints, error, frames, kept } = await run({}, { receiveCount: 2 });
        assert.equal(error, undefined);
        assert.deepEqual(endpoints.of("invoke"), []);
        assert.deepEqual(frames, ["agent-failed"]);
        assert.deepEqual(kept, ["agent-failed", "received 2 times: an earlier dispatch died", "sent"]);
    });
});
