import { z } from "zod";
import { brokerOrderId, moment, orderId, schemaVersion, shares, side, strategy, symbol, venue, won } from "./fields";
import { type Message } from "./message";

/** The records of one Kafka topic: JSON values, UTF-8. */
export interface Topic extends Message {
    topic: string;
    /** Key of the record, which decides the partition. */
    key: string;
    /** What order means here. */
    ordering: string;
    /** What tells a repetition, and what to do with it. */
    idempotency: string;
}

const marketData = {
    feed: z.string().describe("Feed that received the record."),
    sessionId: z.uuid().describe("Drawn by the feed for each WebSocket session with KIS."),
    sequence: z
        .int()
        .positive()
        .describe("Counts the records of this topic in this session, from 1. A gap is a record that was lost."),
    fencingNumber: z
        .int()
        .positive()
        .describe(
            "The feed's lease number when it received the record: of two feeds that overlap, the higher one is right.",
        ),
    receivedAt: moment.describe("When the feed received the message, to the millisecond at least."),
};

const order = {
    orderId,
    strategy,
    symbol,
    venue,
    side: side.describe("Whether shares are bought or sold."),
};

const levels = z
    .array(won)
    .max(10)
    .describe("Prices in won, the best first; ten on KRX, as many as there are otherwise.");
const depths = z.array(shares).max(10).describe("Shares at each of the prices, in the same order.");

const marketKey = "`symbol`, as UTF-8 text: all records of a stock are in one partition.";
const orderKey = "`orderId`, as UTF-8 text: all records of an order are in one partition.";
const marketOrdering =
    "Records of a stock are in the order in which KIS sent them, as long as one session lasts. KRX and NXT are not ordered " +
    "against each other: compare the market's own times.";

export const topics: Topic[] = [
    {
        id: "topic-ticks",
        topic: "ticks",
        title: "Topic ticks: a trade",
        description: "One trade on the market, as KIS reported it (`H0STCNT0` for KRX, `H0NXCNT0` for NXT).",
        key: marketKey,
        ordering: marketOrdering,
        idempotency:
            "`feed`, `sessionId` and `sequence` are unique. The same trade may come twice when two feeds subscribe to a stock: " +
            "`accumulatedVolume` of a stock and venue grows with each trade of a day, and so tells them apart.",
        schema: z.object({
            schemaVersion,
            symbol,
            venue,
            tradedAt: moment.describe("Time of the trade, to the second: KIS's BSOP_DATE and STCK_CNTG_HOUR."),
            price: won.describe("Price in won."),
            volume: shares.describe("Shares in this trade."),
            side: side.nullable().describe("Who took liquidity; null in auctions and where KIS does not say."),
            bidPrice: won.describe("Best bid in won."),
            askPrice: won.describe("Best ask in won."),
            accumulatedVolume: shares.describe("Shares traded this day on this venue."),
            accumulatedValue: z.int().nonnegative().describe("Won traded this day on this venue."),
            ...marketData,
        }),
        examples: [
            {
                schemaVersion: 1,
                symbol: "005930",
                venue: "KRX",
                tradedAt: "2026-11-27T09:00:03+09:00",
                price: 71200,
                volume: 150,
                side: "BUY",
                bidPrice: 71100,
                askPrice: 71200,
                accumulatedVolume: 1284310,
                accumulatedValue: 91442872000,
                feed: "krx",
                sessionId: "0f8b2c1e-5d3a-4f7b-9c60-1a2b3c4d5e6f",
                sequence: 48211,
                fencingNumber: 17,
                receivedAt: "2026-11-27T09:00:03.127+09:00",
            },
        ],
    },
    {
        id: "topic-quotes",
        topic: "quotes",
        title: "Topic quotes: an order book",
        description:
            "The order book of a stock after a change, as KIS reported it (`H0STASP0` for KRX, `H0NXASP0` for NXT).",
        key: marketKey,
        ordering: `${marketOrdering} Each record replaces the one before it: there are no increments.`,
        idempotency:
            "`feed`, `sessionId` and `sequence` are unique. A repetition does no harm: it says the same as before.",
        schema: z.object({
            schemaVersion,
            symbol,
            venue,
            quotedAt: moment.describe(
                "Time of the order book, to the second: KIS's BSOP_HOUR, which has no date; the feed adds that of Seoul.",
            ),
            bidPrices: levels,
            bidVolumes: depths,
            askPrices: levels,
            askVolumes: depths,
            totalBidVolume: shares.describe("Shares at all bids together."),
            totalAskVolume: shares.describe("Shares at all asks together."),
            ...marketData,
        }),
        examples: [
            {
                schemaVersion: 1,
                symbol: "005930",
                venue: "KRX",
                quotedAt: "2026-11-27T09:00:03+09:00",
                bidPrices: [71100, 71000, 70900],
                bidVolumes: [8211, 15230, 20441],
                askPrices: [71200, 71300, 71400],
                askVolumes: [5120, 9980, 13002],
                totalBidVolume: 120331,
                totalAskVolume: 98112,
                feed: "krx",
                sessionId: "0f8b2c1e-5d3a-4f7b-9c60-1a2b3c4d5e6f",
                sequence: 120933,
                fencingNumber: 17,
                receivedAt: "2026-11-27T09:00:03.131+09:00",
            },
        ],
    },
    {
        id: "topic-orders",
        topic: "orders",
        title: "Topic orders: a request and its outcome",
        description:
            "One record for each thing that the OMS was asked to do, written when it is known whether the broker took it. " +
            "The stream of these records is the audit trail of requests.",
        key: orderKey,
        ordering:
            "Records of an order are in the order in which the OMS decided. A replacement or cancellation has an `orderId` of " +
            "its own and may be in another partition than the order that it is about: join by `originalOrderId`.",
        idempotency:
            "`orderId` is unique: the OMS writes it once for each request, and again only after a crash, with the same content " +
            "but for `decidedAt`. Who counts, counts each `orderId` once.",
        schema: z.object({
            schemaVersion,
            ...order,
            action: z.enum(["NEW", "REPLACE", "CANCEL"]).describe("What was asked for."),
            originalOrderId: orderId
                .nullable()
                .describe("Order that is to be replaced or cancelled; null for a new one."),
            orderType: z.enum(["LIMIT", "MARKET"]).nullable().describe("Kind of order; null for a cancellation."),
            price: won.nullable().describe("Limit in won; null without one."),
            quantity: shares.describe("Shares; for a cancellation, those that are to be cancelled."),
            timeInForce: z
                .enum(["DAY", "IOC", "FOK"])
                .describe("How long it stands: the session, or at once as far as possible, or at once and whole."),
            outcome: z.enum(["SENT", "REJECTED"]).describe("Taken by the broker, or refused by the OMS or the broker."),
            reason: z
                .string()
                .nullable()
                .describe("Why it was refused: a code of the OMS (`EXPIRED`, `RISK_LIMIT`, `HALTED` ...) or of KIS."),
            brokerOrderId: brokerOrderId.nullable(),
            requestedAt: moment.describe("When the OMS received the request."),
            decidedAt: moment.describe("When the outcome was known."),
        }),
        examples: [
            {
                schemaVersion: 1,
                orderId: "momentum:ticks:3:1180294",
                strategy: "strategy-momentum",
                symbol: "005930",
                venue: "KRX",
                side: "BUY",
                action: "NEW",
                originalOrderId: null,
                orderType: "LIMIT",
                price: 71200,
                quantity: 10,
                timeInForce: "DAY",
                outcome: "SENT",
                reason: null,
                brokerOrderId: "0000117057",
                requestedAt: "2026-11-27T09:00:03.402+09:00",
                decidedAt: "2026-11-27T09:00:03.481+09:00",
            },
            {
                schemaVersion: 1,
                orderId: "momentum:ticks:3:1180295:cancel",
                strategy: "strategy-momentum",
                symbol: "005930",
                venue: "KRX",
                side: "BUY",
                action: "CANCEL",
                originalOrderId: "momentum:ticks:3:1180294",
                orderType: null,
                price: null,
                quantity: 10,
                timeInForce: "DAY",
                outcome: "REJECTED",
                reason: "ALREADY_FILLED",
                brokerOrderId: null,
                requestedAt: "2026-11-27T09:00:07.010+09:00",
                decidedAt: "2026-11-27T09:00:07.012+09:00",
            },
        ],
    },
    {
        id: "topic-executions",
        topic: "executions",
        title: "Topic executions: what became of an order",
        description:
            "One record for each thing that KIS tells about an order after it was taken, from execution notices and from " +
            "comparing with the day's orders.",
        key: orderKey,
        ordering:
            "Records of an order are in the order in which the OMS heard of them, which is not always that of the exchange: " +
            "`remainingQuantity` only falls.",
        idempotency:
            "`executionId` is unique. KIS's notices have no id: the OMS makes it of order number, event and cumulated quantity, so " +
            "that the same fill has the same id from whichever source it came.",
        schema: z.object({
            schemaVersion,
            executionId: z.string().min(1).describe("Id of this record, the same for each repetition."),
            ...order,
            brokerOrderId,
            event: z
                .enum(["ACCEPTED", "FILLED", "CANCELLED", "REPLACED", "REJECTED"])
                .describe("What happened, as KIS told. A fill of a part is FILLED with a remaining quantity."),
            price: won.nullable().describe("Price of this fill in won; null if nothing was filled."),
            quantity: shares.describe("Shares of this fill; otherwise those of the order."),
            remainingQuantity: shares.describe("Shares of the order that are still open."),
            executedAt: moment.describe("Time that KIS gives, to the second."),
            receivedAt: moment.describe("When the OMS heard of it."),
        }),
        examples: [
            {
                schemaVersion: 1,
                executionId: "20261127:0000117057:FILLED:10",
                orderId: "momentum:ticks:3:1180294",
                strategy: "strategy-momentum",
                symbol: "005930",
                venue: "KRX",
                side: "BUY",
                brokerOrderId: "0000117057",
                event: "FILLED",
                price: 71200,
                quantity: 10,
                remainingQuantity: 0,
                executedAt: "2026-11-27T09:00:04+09:00",
                receivedAt: "2026-11-27T09:00:04.218+09:00",
            },
        ],
    },
];
