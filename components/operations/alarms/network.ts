import { natMetric } from "../metrics";
import { type WatchedNetwork } from "../subjects";
import { alarm, type AlarmSpec } from "./alarm";

/** Alarms of each NAT gateway, by which services reach the broker. $0.20 a month each. */
export function natAlarms({ natGatewayIds }: WatchedNetwork): AlarmSpec[] {
    return natGatewayIds.flatMap((id, index) => [
        alarm({
            name: `nat-ports-${index + 1}`,
            description:
                `NAT gateway ${index + 1} has no port left for a destination (55,000 connections to one address and port): new ` +
                "connections to it fail. First: find who opens so many, in the flow logs; a client reconnects in a loop, " +
                "or opens a connection for each request.",
            measure: natMetric(id, "ErrorPortAllocation"),
            threshold: 0,
            periodSeconds: 300,
            evaluationPeriods: 1,
        }),
        alarm({
            name: `nat-drops-${index + 1}`,
            description:
                `NAT gateway ${index + 1} has dropped packets for a quarter of an hour: calls to the broker and to AWS get slow ` +
                "or fail. First: the AWS Health Dashboard; then its traffic (BytesOutToDestination) against 100 Gbit/s.",
            measure: natMetric(id, "PacketsDropCount"),
            threshold: 0,
            periodSeconds: 300,
            evaluationPeriods: 3,
        }),
    ]);
}
