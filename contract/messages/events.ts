import { z } from "zod";
import { omsEventSource } from "../../components/hot-path/oms-names";
import { brokerOrderId, moment, orderId, schemaVersion, shares, side, strategy, symbol, venue, won } from "./fields";
import { type Message } from "./message";

/** An event on the platform's bus: what stands in `detail`. */
export interface BusEvent extends Message {
    source: string;
    detailType: string;
    /** Example of `detail` alone, as a publisher gives it. */
    detail: unknown;
}

const eventId = z
    .string()
    .min(1)
    .describe("Id of what happened, the same for each repetition: whoever tells people, tells each id once.");

const order = {
    schemaVersion,
    eventId,
    orderId,
    strategy,
    symbol,
    venue,
    side: side.describe("Whether shares are bought or sold."),
    occurredAt: moment.describe("When it happened, by the broker's time where it gives one."),
};

const exampleOrder = {
    schemaVersion: 1,
    orderId: "momentum:ticks:3:1180294",
    strategy: "strategy-momentum",
    symbol: "005930",
    venue: "KRX",
    side: "BUY",
    occurredAt: "2026-11-27T09:00:04+09:00",
};

const execution = z.object({
    ...order,
    brokerOrderId,
    price: won.describe("Price of this fill in won."),
    quantity: shares.describe("Shares of this fill."),
    remainingQuantity: shares.describe("Shares of the order that are still open."),
});

const halt = {
    schemaVersion,
    eventId,
    scope: z.enum(["ALL", "STRATEGY"]).describe("Whether all trading is meant, or one strategy's."),
    strategy: strategy.nullable().describe("The strategy; null if all are meant."),
    by: z.string().min(1).describe("Who decided: a person, or the rule of the OMS that did."),
    reason: z.string().min(1).describe("Why, for people."),
    occurredAt: moment.describe("When it took effect."),
};

const event = (
    detailType: string,
    description: string,
    detailSchema: z.ZodType,
    detail: Record<string, unknown>,
): BusEvent => ({
    id: `event-${detailType.replace(/(?!^)([A-Z])/g, "-$1").toLowerCase()}`,
    title: `Event ${detailType}`,
    description,
    source: omsEventSource,
    detailType,
    detail,
    schema: envelope(omsEventSource, detailType, detailSchema),
    examples: [envelopeExample(omsEventSource, detailType, detail)],
});

/** The form in which EventBridge hands an event over. */
export function envelope(source: string, detailType: string, detail: z.ZodType): z.ZodType {
    return z.object({
        version: z.literal("0").describe("Form of the envelope."),
        id: z.uuid().describe("Drawn by EventBridge: another one when the publisher repeats itself."),
        "detail-type": z.literal(detailType),
        source: z.literal(source),
        account: z.string().regex(/^\d{12}$/),
        time: z.iso.datetime().describe("When it was published (UTC)."),
        region: z.string(),
        resources: z.array(z.string()),
        detail,
    });
}

const envelopeExample = (source: string, detailType: string, detail: unknown): unknown => ({
    version: "0",
    id: "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
    "detail-type": detailType,
    source,
    account: "123456789012",
    time: "2026-11-27T00:00:04Z",
    region: "ap-northeast-2",
    resources: [],
    detail,
});

export const events: BusEvent[] = [
    event("OrderExecuted", "An order was filled completely.", execution, {
        ...exampleOrder,
        eventId: "20261127:0000117057:FILLED:10",
        brokerOrderId: "0000117057",
        price: 71200,
        quantity: 10,
        remainingQuantity: 0,
    }),
    event("OrderPartiallyExecuted", "A part of an order was filled; the rest stands.", execution, {
        ...exampleOrder,
        eventId: "20261127:0000117057:FILLED:4",
        brokerOrderId: "0000117057",
        price: 71200,
        quantity: 4,
        remainingQuantity: 6,
    }),
    event(
        "OrderRejected",
        "The OMS or the broker refused an order.",
        z.object({
            ...order,
            brokerOrderId: brokerOrderId.nullable(),
            rejectedBy: z.enum(["OMS", "BROKER"]).describe("Who refused."),
            reason: z.string().min(1).describe("Code of the OMS or of KIS, and KIS's text."),
        }),
        {
            ...exampleOrder,
            eventId: "momentum:ticks:3:1180294:REJECTED",
            brokerOrderId: null,
            rejectedBy: "BROKER",
            reason: "APBK0952: not enough money to order",
        },
    ),
    event(
        "OrderCancelled",
        "An order, or what was left of it, was taken back.",
        z.object({
            ...order,
            brokerOrderId,
            cancelledQuantity: shares.describe("Shares that were taken back."),
            cancelledBy: z.enum(["STRATEGY", "OMS", "BROKER"]).describe("Who took it back."),
        }),
        {
            ...exampleOrder,
            eventId: "20261127:0000117057:CANCELLED",
            brokerOrderId: "0000117057",
            cancelledQuantity: 6,
            cancelledBy: "STRATEGY",
        },
    ),
    event(
        "RiskLimitBreached",
        "An order would have passed a limit, and was not sent.",
        z.object({
            schemaVersion,
            eventId,
            limit: z.string().min(1).describe("Name of the limit."),
            allowed: z.number().describe("What is allowed, in the limit's unit."),
            actual: z.number().describe("What it would have been."),
            strategy: strategy.nullable().describe("Strategy whose order it was; null if no single one."),
            orderId: orderId.nullable(),
            occurredAt: moment.describe("When the OMS decided."),
        }),
        {
            schemaVersion: 1,
            eventId: "momentum:ticks:3:1180294:max-order-value",
            limit: "max-order-value-krw",
            allowed: 10000000,
            actual: 14240000,
            strategy: "strategy-momentum",
            orderId: "momentum:ticks:3:1180294",
            occurredAt: "2026-11-27T09:00:03.402+09:00",
        },
    ),
    event("TradingHalted", "The OMS takes no new orders any more. Cancellations go on.", z.object(halt), {
        schemaVersion: 1,
        eventId: "halt:2026-11-27T10:15:00.001+09:00",
        scope: "ALL",
        strategy: null,
        by: "rule max-daily-loss",
        reason: "the loss of the day passed its limit",
        occurredAt: "2026-11-27T10:15:00.001+09:00",
    }),
    event("TradingResumed", "The OMS takes orders again.", z.object(halt), {
        schemaVersion: 1,
        eventId: "resume:2026-11-27T13:00:00.000+09:00",
        scope: "ALL",
        strategy: null,
        by: "kim@example.com",
        reason: "limit raised after review",
        occurredAt: "2026-11-27T13:00:00.000+09:00",
    }),
];
