import { setTimeout as sleep } from "node:timers/promises";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { type Failure, type Message } from "./dispatch";

/** Errors of Lambda, and of the network on the way to it, after which the agent has certainly not begun. */
const notBegun = new Set([
    "TooManyRequestsException",
    "EC2ThrottledException",
    // The function is just being updated, or wakes up after weeks without a message.
    "ResourceConflictException",
    "ResourceNotReadyException",
    "ECONNREFUSED",
    "ENOTFOUND",
    "EAI_AGAIN",
]);
/** Milliseconds before each further try. */
const pauses = [500, 1000, 2000, 4000];

/**
 * Runs the agent and waits until it ends, at most until `deadline`, a time in milliseconds.
 *
 * Only what has certainly not begun is tried again. Whoever hangs up does not stop a function, and a second one would answer twice.
 */
export async function runAgent(functionName: string, message: Message, deadline: number): Promise<Failure | undefined> {
    const attempt = (): Promise<Failure | undefined> =>
        invoke(functionName, message, Math.max(1, deadline - Date.now()));
    let failure = await attempt();
    for (const pause of pauses) {
        if (failure?.code !== "busy" || Date.now() + pause >= deadline) {
            break;
        }
        await sleep(pause);
        failure = await attempt();
    }
    return failure;
}

async function invoke(functionName: string, message: Message, milliseconds: number): Promise<Failure | undefined> {
    // A new client for each try: a connection that idled while this function was frozen may be dead, which shows only when the
    // request is under way. The network forgets connections that are silent for 350 seconds, hence the keep-alive packets.
    const lambda = new LambdaClient({
        maxAttempts: 1,
        requestHandler: {
            connectionTimeout: 3000,
            socketTimeout: 900_000,
            httpsAgent: { keepAlive: true, keepAliveMsecs: 30_000 },
        },
    });
    const limit = AbortSignal.timeout(milliseconds);
    try {
        const { FunctionError, Payload } = await lambda.send(
            new InvokeCommand({
                FunctionName: functionName,
                InvocationType: "RequestResponse",
                Payload: JSON.stringify(message),
            }),
            { abortSignal: limit },
        );
        return FunctionError === undefined ? undefined : failureOf(Payload?.transformToString() ?? "");
    } catch (error) {
        if (limit.aborted) {
            return { code: "agent-timeout", reason: `${functionName} did not end within ${milliseconds} ms` };
        }
        const { name, code, message: text } = error as Error & { code?: string };
        const begun = !notBegun.has(name) && !notBegun.has(code ?? "");
        return { code: begun ? "agent-failed" : "busy", reason: `${code ?? name}: ${text}` };
    } finally {
        lambda.destroy();
    }
}

/** What Lambda says of a function that ended with an error. */
function failureOf(payload: string): Failure | undefined {
    let error: { errorType?: string; errorMessage?: string } = {};
    try {
        error = JSON.parse(payload) as typeof error;
    } catch {
        // A runtime of the image's own may say anything.
    }
    const { errorType = "unknown", errorMessage = payload } = error;
    // The person left, so that the agent could not answer. Nobody waits.
    if (errorType === "GoneException") {
        return undefined;
    }
    const timedOut = errorType === "Sandbox.Timedout" || /Task timed out after [\d.]+ seconds/.test(errorMessage);
    return { code: timedOut ? "agent-timeout" : "agent-failed", reason: `${errorType}: ${errorMessage}` };
}
