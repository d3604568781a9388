import { z } from "zod";

// Kinds of fields that several messages share. Each message describes what its own field means.

/** A moment, written in Korean time with its offset: everybody reads the same moment, and people read the market's clock. */
export const moment = z
    .string()
    .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?\+09:00$/)
    .meta({ format: "date-time" });

/** Stock code of KRX. */
export const symbol = z
    .string()
    .regex(/^[0-9A-Z]{6}$/)
    .describe("Stock code of six characters, as KRX gives it.");

export const venue = z.enum(["KRX", "NXT"]).describe("Where: the exchange, or the alternative trading system.");

/** Won. Prices of orders are whole; averages have decimals, at most four. */
export const won = z.number().nonnegative();

/** Shares. */
export const shares = z.int().nonnegative();

export const side = z.enum(["BUY", "SELL"]);

/** The number of the message's form: raised when a field changes its meaning or goes away, not when one is added. */
export const schemaVersion = z
    .literal(1)
    .describe("Form of the message. Whoever reads a number that it does not know fails.");

export const orderId = z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/)
    .describe("Id of the order, given by who asked for it. The same request always has the same id.");

export const strategy = z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/)
    .describe("Service that asked for the order: strategy-momentum.");

export const brokerOrderId = z.string().min(1).describe("Order number of KIS (ODNO), unique within a trading day.");
