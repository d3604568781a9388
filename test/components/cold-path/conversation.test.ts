import assert from "node:assert/strict";
import { dispatchTimeout } from "../../../components/cold-path/cognitive-dispatcher";
import {
    dispatch,
    type Failure,
    type Frame,
    type Message,
} from "../../../components/cold-path/cognitive-dispatcher/dispatch";
import { settingsNode } from "../../../settings/schema-nodes";
import { type Clock, type Fate, type FifoQueue, playGroup } from "../../support/fifo-group";
import { find } from "../../support/record";
import { planOf, stackNames } from "../../support/stacks";

interface Planned {
    queue: FifoQueue;
    /** The function that the queue triggers. */
    service: string;
    timeoutSeconds: number;
    agentTimeoutSeconds: number;
}

async function planned(stack: string): Promise<Planned> {
    const { recording } = await planOf(stack);
    const mapping = recording.resources.find(
        ({ type, inputs }) =>
            type === "aws:lambda/eventSourceMapping:EventSourceMapping" &&
            String(inputs.eventSourceArn).endsWith("-cognitive-messages.fifo"),
    )!;
    const queue = find(recording, "aws:sqs/queue:Queue", "cold-path-cognitive-messages").inputs;
    const fn = recording.resources.find(
        ({ type, outputs }) => type === "aws:lambda/function:Function" && outputs.arn === mapping.inputs.functionName,
    )!.inputs;
    const agent = find(recording, "aws:lambda/function:Function", "cold-path-cognitive-agent").inputs;
    return {
        queue: {
            visibilityTimeoutSeconds: queue.visibilityTimeoutSeconds,
            maxReceiveCount: JSON.parse(queue.redrivePolicy).maxReceiveCount,
        },
        service: String(fn.name).replace(`aipx-${stack}-`, ""),
        timeoutSeconds: fn.timeout,
        agentTimeoutSeconds: agent.timeout,
    };
}

/** How an agent ends, and after how many seconds. */
interface Run {
    seconds: number;
    failure?: Failure;
    /** The dispatcher itself dies then. */
    dispatcherDies?: boolean;
}

interface Told {
    at: number;
    frame: Frame;
}

/** Plays a conversation of two messages, the first of which ends as `run` says and the second well. */
async function converse(
    { queue, service }: Planned,
    run: Run,
): Promise<{ fates: Fate<Message>[]; told: Told[]; kept: Message[]; runs: string[] }> {
    const told: Told[] = [];
    const kept: Message[] = [];
    const runs: string[] = [];
    const messages = ["first", "second"].map((requestId) => ({
        connectionId: "c",
        requestId,
        principalId: "p",
        body: "hello",
    }));
    const runAgent = (message: Message, clock: Clock): Failure | undefined => {
        runs.push(message.requestId);
        clock.seconds += message.requestId === "first" ? run.seconds : 1;
        return message.requestId === "first" ? run.failure : undefined;
    };
    const fates = await playGroup(queue, messages, async (message, receiveCount, clock) => {
        if (service === "cognitive") {
            // The queue triggers the agent itself.
            return runAgent(message, clock) === undefined;
        }
        try {
            await dispatch(message, receiveCount, {
                send: (_message, frame) => {
                    told.push({ at: clock.seconds, frame });
                    return Promise.resolve("sent");
                },
                keep: (each) => Promise.resolve(void kept.push(each)),
                runAgent: (each) => {
                    const failure = runAgent(each, clock);
                    return run.dispatcherDies === true && each.requestId === "first"
                        ? Promise.reject(new Error("Runtime.ExitError"))
                        : Promise.resolve(failure);
                },
            });
            return true;
        } catch {
            return false;
        }
    });
    return { fates, told, kept, runs };
}

describe("a conversation", () => {
    for (const stack of stackNames) {
        describe(`in ${stack}`, () => {
            let plan: Planned;
            before(async () => {
                plan = await planned(stack);
            });

            for (const [title, run] of [
                ["an agent fails", { seconds: 2, failure: { code: "agent-failed", reason: "ValueError" } }],
                ["an agent has no room", { seconds: 8, failure: { code: "busy", reason: "TooManyRequests" } }],
            ] as const) {
                it(`goes on within a minute when ${title}, and the person knows`, async () => {
                    const { fates, told, kept, runs } = await converse(plan, run);
                    const failedAt = run.seconds;
                    assert.ok(
                        fates[1]!.firstReceivedAt <= failedAt + 60,
                        `the next message waited ${fates[1]!.firstReceivedAt - failedAt} s`,
                    );
                    const news = told.find(({ frame }) => frame.type === "error");
                    assert.ok(news && news.at <= failedAt + 60, "the person never knew");
                    assert.deepEqual(
                        kept.map(({ requestId }) => requestId),
                        ["first"],
                    );
                    assert.deepEqual(runs, ["first", "second"]);
                });
            }

            it("goes on when an agent hangs: it is cut off at its timeout", async () => {
                const seconds = plan.agentTimeoutSeconds;
                const { fates, told } = await converse(plan, {
                    seconds,
                    failure: { code: "agent-timeout", reason: "Task timed out" },
                });
                assert.equal(fates[1]!.firstReceivedAt, seconds);
                assert.deepEqual(
                    told.filter(({ frame }) => frame.type === "error").map(({ at }) => at),
                    [seconds],
                );
            });

            it("goes on after one visibility timeout when the dispatcher dies, and the agent does not run again", async () => {
                const { fates, told, kept, runs } = await converse(plan, { seconds: 2, dispatcherDies: true });
                const wait = plan.queue.visibilityTimeoutSeconds;
                assert.equal(fates[0]!.movedToDeadLetters, false);
                assert.equal(fates[1]!.firstReceivedAt, wait);
                assert.deepEqual(
                    told.filter(({ frame }) => frame.type === "error").map(({ at }) => at),
                    [wait],
                );
                assert.equal(kept.length, 1);
                assert.deepEqual(runs, ["first", "second"]);
            });

            it("hides a message exactly as long as its dispatch may take, which outlasts the agent", () => {
                assert.equal(plan.queue.visibilityTimeoutSeconds, plan.timeoutSeconds);
                assert.equal(plan.timeoutSeconds, plan.agentTimeoutSeconds + 45);
            });
        });
    }

    it("may have the longest agent that the settings allow", () => {
        const { maximum } = ["services", "cognitive", "timeoutSeconds"].reduce(
            (node, key) => node.properties![key]!,
            settingsNode(),
        );
        assert.equal(dispatchTimeout(maximum!), 900);
    });
});
