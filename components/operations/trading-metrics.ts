import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Scope } from "../building-blocks";
import { type Metric, type Statistic } from "./metrics";
import { type WatchedService } from "./subjects";

/** What traders ask of the OMS. */
export type TradingFigure = "OrdersSent" | "OrdersRejected" | "OrdersExecuted" | "OrderLatency";

/** A metric that {@link TradingMetrics} makes. */
export function tradingMetric(scope: Scope, metricName: TradingFigure, statistic: Statistic): Metric<string> {
    return { namespace: scope.path(), metricName, dimensions: {}, statistic };
}

// Left: the metric. Right: the lines of the log that feed it, and what they add.
const filters: Record<TradingFigure, { pattern: string; value: string; defaultValue?: string; unit: string }> = {
    OrdersSent: { pattern: '{ $.event = "order-sent" }', value: "1", defaultValue: "0", unit: "Count" },
    OrdersRejected: { pattern: '{ $.event = "order-rejected" }', value: "1", defaultValue: "0", unit: "Count" },
    OrdersExecuted: { pattern: '{ $.event = "order-executed" }', value: "1", defaultValue: "0", unit: "Count" },
    OrderLatency: {
        pattern: '{ $.event = "order-sent" && $.latencyMs = * }',
        value: "$.latencyMs",
        unit: "Milliseconds",
    },
};

/**
 * Orders, executions, rejections and the time an order takes, counted from the OMS's log.
 *
 * The OMS writes one JSON line per step of an order: `event` is `order-sent` (the broker has taken the order),
 * `order-rejected` or `order-executed`; a line `order-sent` carries `latencyMs`, the milliseconds from the caller's
 * request to the broker's answer. Costs $0.30 a month for each of the four metrics, in months with orders.
 */
export class TradingMetrics extends pulumi.ComponentResource {
    constructor(name: string, args: { scope: Scope; oms: WatchedService }, opts?: pulumi.ComponentResourceOptions) {
        super("aipx:operations:TradingMetrics", name, {}, opts);
        for (const [metricName, { pattern, ...transformation }] of Object.entries(filters)) {
            new aws.cloudwatch.LogMetricFilter(
                `${name}-${metricName}`,
                {
                    name: metricName,
                    logGroupName: args.oms.logGroup.name,
                    pattern,
                    metricTransformation: { namespace: args.scope.path(), name: metricName, ...transformation },
                },
                { parent: this },
            );
        }
        this.registerOutputs({});
    }
}
