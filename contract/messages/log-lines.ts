import { z } from "zod";
import { brokerOrderId, moment, orderId, strategy, symbol } from "./fields";
import { type Message } from "./message";

/** A line of a log that the infrastructure counts: one JSON object on one line of stdout. */
export interface LogLine extends Message {
    /** Services that write it. */
    writtenBy: string;
    /** What is made of it. */
    counted: string;
}

const line = {
    time: moment.describe("When it happened, to the millisecond at least."),
    level: z
        .enum(["debug", "info", "warn", "error"])
        .describe("`error` is counted, and alarms: it means that a person must look."),
    message: z.string().min(1).describe("For people."),
};

const order = { orderId, strategy, symbol };

const exampleOrder = { orderId: "momentum:ticks:3:1180294", strategy: "strategy-momentum", symbol: "005930" };

export const logLines: LogLine[] = [
    {
        id: "log-error",
        title: "Log line: an error",
        description: "Something that a person must look at. What the service mends by itself is `warn`.",
        writtenBy: "ingestion, oms",
        counted:
            "Errors of the service: an alarm, and a deployment of the OMS that logs five in a minute is rolled back.",
        schema: z.object({
            ...line,
            level: z.literal("error"),
            error: z.string().optional().describe("Kind of the error."),
        }),
        examples: [
            {
                time: "2026-11-27T09:00:03.402+09:00",
                level: "error",
                message: "the broker's answer cannot be read",
                error: "SyntaxError",
            },
        ],
    },
    {
        id: "log-order-sent",
        title: "Log line: order-sent",
        description: "The broker has taken an order.",
        writtenBy: "oms",
        counted: "Orders sent, and how long they took: one in a hundred above a second alarms.",
        schema: z.object({
            ...line,
            event: z.literal("order-sent"),
            ...order,
            brokerOrderId,
            latencyMs: z
                .number()
                .nonnegative()
                .describe("Milliseconds from the caller's request to the broker's answer."),
        }),
        examples: [
            {
                time: "2026-11-27T09:00:03.481+09:00",
                level: "info",
                message: "order sent",
                event: "order-sent",
                ...exampleOrder,
                brokerOrderId: "0000117057",
                latencyMs: 79,
            },
        ],
    },
    {
        id: "log-order-rejected",
        title: "Log line: order-rejected",
        description:
            "The broker refused an order. What the OMS itself refuses is told to the caller and is no such line.",
        writtenBy: "oms",
        counted: "Orders rejected: five within five minutes alarm.",
        schema: z.object({
            ...line,
            event: z.literal("order-rejected"),
            ...order,
            reason: z.string().min(1).describe("Code and text of KIS."),
        }),
        examples: [
            {
                time: "2026-11-27T09:00:03.481+09:00",
                level: "warn",
                message: "order rejected",
                event: "order-rejected",
                ...exampleOrder,
                reason: "APBK0952",
            },
        ],
    },
    {
        id: "log-order-executed",
        title: "Log line: order-executed",
        description: "The OMS heard of a fill, of a part or of all of an order.",
        writtenBy: "oms",
        counted: "Orders executed, on the dashboard.",
        schema: z.object({
            ...line,
            event: z.literal("order-executed"),
            ...order,
            brokerOrderId,
            quantity: z.int().positive().describe("Shares of this fill."),
        }),
        examples: [
            {
                time: "2026-11-27T09:00:04.218+09:00",
                level: "info",
                message: "order executed",
                event: "order-executed",
                ...exampleOrder,
                brokerOrderId: "0000117057",
                quantity: 10,
            },
        ],
    },
    {
        id: "log-started",
        title: "Log line: started",
        description: "The process has begun, before it connects to anything.",
        writtenBy: "ingestion, oms",
        counted: "Not counted. For people: more than a few in an hour mean a task that ends again and again.",
        schema: z.object({
            ...line,
            event: z.literal("started"),
            version: z.string().min(1).describe("Version of the image's code."),
        }),
        examples: [
            {
                time: "2026-11-27T07:50:12.004+09:00",
                level: "info",
                message: "started",
                event: "started",
                version: "1.4.0",
            },
        ],
    },
    {
        id: "log-session-opened",
        title: "Log line: session-opened",
        description: "KIS has accepted a WebSocket session. Written for each one, reconnections too.",
        writtenBy: "ingestion",
        counted:
            "Sessions opened: more than five within five minutes alarm, because KIS blocks app keys that connect in a loop.",
        schema: z.object({
            ...line,
            event: z.literal("session-opened"),
            feed: z.string().min(1).describe("Name of the feed."),
            sessionId: z.uuid().describe("The same as in the records of this session."),
        }),
        examples: [
            {
                time: "2026-11-27T07:50:14.310+09:00",
                level: "info",
                message: "session opened",
                event: "session-opened",
                feed: "krx",
                sessionId: "0f8b2c1e-5d3a-4f7b-9c60-1a2b3c4d5e6f",
            },
        ],
    },
];
