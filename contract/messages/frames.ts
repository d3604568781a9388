import { z } from "zod";
import { type Message } from "./message";

/** A frame on the WebSocket between a client and the cognitive service: JSON text. */
export interface Frame extends Message {
    /** Who sends it. */
    from: "client" | "server";
}

const requestId = z
    .string()
    .min(1)
    .describe("API Gateway's id of the message that this answers. Every frame about a message carries the same one.");

const messageId = z.string().min(1).max(64).describe("Id that the client drew for its message, anew for each one.");

export const frames: Frame[] = [
    {
        id: "frame-message",
        from: "client",
        title: "Frame message",
        description: "Something that a person says to the agent. At most 128 KB, in frames of at most 32 KB.",
        schema: z.object({
            type: z.literal("message"),
            messageId,
            conversationId: z
                .string()
                .min(1)
                .max(64)
                .describe(
                    "Conversation that it belongs to, drawn by the client. It outlives connections, which last two hours.",
                ),
            text: z.string().min(1).max(30_000).describe("What the person says."),
        }),
        examples: [
            {
                type: "message",
                messageId: "b7b1d7b0-6f4e-4d0c-8f8e-1f5a1f0f6f11",
                conversationId: "6d0a3f0e-3b7e-4a57-9d0e-7a9d0d3c2b1a",
                text: "Why did momentum sell Samsung this morning?",
            },
        ],
    },
    {
        id: "frame-answer",
        from: "server",
        title: "Frame answer",
        description:
            "A part of the agent's answer. Parts come in order; after the one with `final` no other comes for this message. The agent " +
            "answers a message at most once.",
        schema: z.object({
            type: z.literal("answer"),
            requestId,
            messageId,
            sequence: z.int().positive().describe("Counts the parts of the answer, from 1."),
            text: z.string().describe("Text of this part; may be empty in the last one."),
            final: z.boolean().describe("Whether it is the last part."),
        }),
        examples: [
            {
                type: "answer",
                requestId: "KZl8zGhOIE0CJxw=",
                messageId: "b7b1d7b0-6f4e-4d0c-8f8e-1f5a1f0f6f11",
                sequence: 1,
                text: "At 09:12 the price fell below ",
                final: false,
            },
            {
                type: "answer",
                requestId: "KZl8zGhOIE0CJxw=",
                messageId: "b7b1d7b0-6f4e-4d0c-8f8e-1f5a1f0f6f11",
                sequence: 2,
                text: "its average of 20 minutes.",
                final: true,
            },
        ],
    },
    {
        id: "frame-working",
        from: "server",
        title: "Frame working",
        description:
            "The message's turn has come: the agent begins. Sent by the platform, as a courtesy; it may be missing. Messages of a " +
            "connection are worked on in order, so the first such frame is about the oldest message.",
        schema: z.object({ type: z.literal("working"), requestId }),
        examples: [{ type: "working", requestId: "KZl8zGhOIE0CJxw=" }],
    },
    {
        id: "frame-error",
        from: "server",
        title: "Frame error",
        description:
            "There is no answer, or no more of it: it is over for this message. The platform sends `agent-failed` (the agent ended with " +
            "an error, or nobody knows how it ended), `agent-timeout` (it was cut off) and `busy` (it never began, so that sending the " +
            "message again does no harm: the only one of them with `retryable`). The agent itself sends `invalid-message`, or a code of " +
            "its own, and ends without an error then.",
        schema: z.object({
            type: z.literal("error"),
            requestId,
            code: z
                .string()
                .regex(/^[a-z]+(-[a-z]+)*$/)
                .describe("For programs: `agent-failed`, `agent-timeout`, `busy`, `invalid-message`; others may come."),
            message: z.string().min(1).describe("For people. Never holds details of the platform's inside."),
            retryable: z.boolean().describe("Whether the same message may succeed later."),
        }),
        examples: [
            {
                type: "error",
                requestId: "KZl8zGhOIE0CJxw=",
                code: "busy",
                message: "There is no room for an answer now. Send the message again.",
                retryable: true,
            },
        ],
    },
];
