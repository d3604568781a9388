/** What a person sent, and the event that the agent gets. */
export interface Message {
    connectionId: string;
    /** The message's own id: the frames about it carry it. */
    requestId: string;
    /** Whom the authorizer let in. */
    principalId: string;
    /** The text, as it came. */
    body: string;
}

/** Why there is no answer. */
export interface Failure {
    /**
     * `agent-failed`: it ended with an error, or nobody knows how it ended; `agent-timeout`: it was cut off; `busy`: it never
     * began, so the same message may be sent again.
     */
    code: "agent-failed" | "agent-timeout" | "busy";
    /** For people, in the failure queue. The person who waits does not see it. */
    reason: string;
}

/** What the dispatcher itself sends over a connection. */
export type Frame =
    | { type: "working"; requestId: string }
    | { type: "error"; requestId: string; code: Failure["code"]; message: string; retryable: boolean };

/** How a frame ended. */
export type Delivery = "sent" | "gone" | "failed";

/** What a dispatch works with. */
export interface Services {
    /** Runs the agent, and is done when it is. */
    runAgent(message: Message): Promise<Failure | undefined>;
    /** Sends over the connection of a message. */
    send(message: Message, frame: Frame): Promise<Delivery>;
    /** Keeps a message for people. */
    keep(message: Message, failure: Failure, told: Delivery): Promise<void>;
}

const texts: Record<Failure["code"], string> = {
    "agent-failed": "The answer failed.",
    "agent-timeout": "The answer took too long and was cut off.",
    busy: "There is no room for an answer now. Send the message again.",
};

/**
 * Has a message answered. Whatever goes wrong, the person is told at once, and people find the message in the failure queue.
 *
 * The agent runs at most once for a message: a message that comes a second time is one whose dispatch died, so that only its
 * failure is reported. The agent may have answered.
 *
 * @throws Error if the failure could not be kept: then the message must come again, or nobody would ever know.
 */
export async function dispatch(message: Message, receiveCount: number, services: Services): Promise<void> {
    const { requestId } = message;
    let failure: Failure | undefined;
    if (receiveCount > 1) {
        failure = { code: "agent-failed", reason: `received ${receiveCount} times: an earlier dispatch died` };
    } else {
        // A mere courtesy: an answer is worth more than the news that it is being worked on.
        await services.send(message, { type: "working", requestId });
        failure = await services.runAgent(message);
    }
    if (failure !== undefined) {
        const { code } = failure;
        const frame = { type: "error", requestId, code, message: texts[code], retryable: code === "busy" } as const;
        await services.keep(message, failure, await services.send(message, frame));
    }
}
