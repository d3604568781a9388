// What the data recorder writes, and Athena reads: names and types of columns are one contract. A column may be added, at the end;
// files that lack it read as empty there. Another name or type is another column.

/** A column of a table in the data lake: its name, its type in Athena, and what it holds. */
export type Column = [name: string, type: string, comment: string];

// Prices are won, which have no decimals, but the averages that some records carry do. KIS sends times of Seoul; all times here are UTC.
const price = "decimal(18,4)";

/** Where a record was in Kafka, after the columns of its own. Partition and offset tell repetitions apart. */
const origin: Column[] = [
    ["kafka_timestamp", "timestamp", "Time that the Kafka record carries (UTC)"],
    ["kafka_partition", "int", "Partition of the Kafka record"],
    ["kafka_offset", "bigint", "Offset of the Kafka record"],
];

const instrument: Column[] = [
    ["symbol", "string", "Stock code of six characters"],
    ["venue", "string", "Where: KRX or NXT"],
];

const marketData: Column[] = [
    ["feed", "string", "Feed that received the record"],
    ["received_at", "timestamp", "When ingestion received the record (UTC)"],
];

const order: Column[] = [
    ["order_id", "string", "Id of the order, given by who asked for it: the same request has the same id"],
    ["strategy", "string", "Service that asked for the order"],
    ...instrument,
    ["side", "string", "BUY or SELL"],
];

const columnsOf = new Map<string, Column[]>([
    [
        "ticks",
        [
            ...instrument,
            ["traded_at", "timestamp", "Time of the trade (UTC)"],
            ["price", price, "Price in won"],
            ["volume", "bigint", "Shares in this trade"],
            ["side", "string", "Who took liquidity: BUY or SELL; empty in auctions"],
            ["bid_price", price, "Best bid in won"],
            ["ask_price", price, "Best ask in won"],
            ["accumulated_volume", "bigint", "Shares traded this day"],
            ["accumulated_value", "bigint", "Won traded this day"],
            ...marketData,
        ],
    ],
    [
        "quotes",
        [
            ...instrument,
            ["quoted_at", "timestamp", "Time of the order book (UTC)"],
            ["bid_prices", `array<${price}>`, "Bids in won, the best first"],
            ["bid_volumes", "array<bigint>", "Shares at each of the bids"],
            ["ask_prices", `array<${price}>`, "Asks in won, the best first"],
            ["ask_volumes", "array<bigint>", "Shares at each of the asks"],
            ["total_bid_volume", "bigint", "Shares at all bids together"],
            ["total_ask_volume", "bigint", "Shares at all asks together"],
            ...marketData,
        ],
    ],
    [
        "orders",
        [
            ...order,
            ["action", "string", "What was asked for: NEW, REPLACE or CANCEL"],
            ["original_order_id", "string", "Order that is replaced or cancelled; empty for a new one"],
            ["order_type", "string", "LIMIT, MARKET or another kind of KIS"],
            ["price", price, "Limit in won; empty without one"],
            ["quantity", "bigint", "Shares"],
            ["outcome", "string", "SENT to the broker, or REJECTED by the OMS or the broker"],
            ["reason", "string", "Why it was rejected; else empty"],
            ["broker_order_id", "string", "Order number of KIS; empty if it got none"],
            ["requested_at", "timestamp", "When the OMS was asked (UTC)"],
            ["decided_at", "timestamp", "When the outcome was known (UTC)"],
        ],
    ],
    [
        "executions",
        [
            ...order,
            ["broker_order_id", "string", "Order number of KIS"],
            ["event", "string", "ACCEPTED, FILLED, CANCELLED, REPLACED or REJECTED, as KIS told"],
            ["price", price, "Price of this fill in won; empty if nothing was filled"],
            ["quantity", "bigint", "Shares of this fill; else shares of the order"],
            ["remaining_quantity", "bigint", "Shares of the order that are not filled"],
            ["executed_at", "timestamp", "Time that KIS gives (UTC)"],
            ["received_at", "timestamp", "When the OMS heard of it (UTC)"],
        ],
    ],
]);

/** Columns for topics that the platform knows nothing of. */
const anyRecord: Column[] = [
    ["key", "string", "Key of the Kafka record"],
    ["value", "string", "Value of the Kafka record as text, for example JSON"],
];

/** Topics with columns of their own. All others have the record's key and value. */
export const topicsWithColumns: readonly string[] = [...columnsOf.keys()];

/** Columns of the Parquet files in which a topic is recorded, in their order. */
export const recordColumns = (topic: string): Column[] => [...(columnsOf.get(topic) ?? anyRecord), ...origin];

/** Name of a topic's table: lower-case letters, digits and underscores are all that Athena takes. */
export const tableName = (topic: string): string => topic.toLowerCase().replace(/[^a-z0-9_]/g, "_");
