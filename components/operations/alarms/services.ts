import type * as pulumi from "@pulumi/pulumi";
import { type Scope } from "../../building-blocks";
import {
    errorLines,
    loadBalancerMetric,
    openedSessions,
    serviceMetric,
    targetMetric,
    taskCount,
    tradingClock,
} from "../metrics";
import { type WatchedHotPath, type WatchedKafka, type WatchedLoadBalancer, type WatchedService } from "../subjects";
import { type TradingTimes, tradingSteps } from "../trading-calendar";
import { tradingMetric } from "../trading-metrics";
import { alarm, type AlarmSpec } from "./alarm";

/**
 * Alarms of the market data feeds. $0.80 a month each. Whether the task runs and what it logs counts on days of trading,
 * from the start of the feeds to the end of the last session: KIS may refuse a feed on any other, and nobody misses it.
 * Sessions count at any time: KIS blocks an app key that goes on, whenever it does.
 */
export function feedAlarms(
    kafka: WatchedKafka,
    { feeds, feedMarkets }: Pick<WatchedHotPath, "feeds" | "feedMarkets">,
    times: TradingTimes,
): AlarmSpec[] {
    return Object.entries(feeds).flatMap(([feed, service]) => {
        const trading = tradingSteps(times, feedMarkets[feed] ?? [], "day");
        const serviceSpecs = serviceAlarms(service, {
            meaning: "Market data of this feed is missing.",
            // A singleton stops its old task, up to two minutes, before it starts the new one.
            missingTaskMinutes: 5,
            // A line now and then is a reconnection.
            errorLines: 5,
        }).map((spec) => {
            const { measure } = spec;
            const name = spec.name.slice(service.service.length + 1);
            if (name !== "tasks" && name !== "errors") {
                return spec;
            }
            const inside = "expression" in measure ? measure : { expression: "lines", metrics: { lines: measure } };
            return {
                ...spec,
                measure: {
                    expression: `IF(trading, ${inside.expression}, 0)`,
                    steps: trading,
                    metrics: { clock: tradingClock(kafka), ...inside.metrics },
                },
            };
        });
        return [...serviceSpecs, sessionAlarm(service)];
    });
}

function sessionAlarm(service: WatchedService): AlarmSpec {
    return alarm({
        name: `${service.service}-sessions`,
        description:
            `${service.service} opened more than five sessions with KIS within five minutes; KIS blocks app keys ` +
            "that go on like this. First: stop it (desired count 0); then read its log for what ends the sessions.",
        measure: openedSessions(service),
        threshold: 5,
        periodSeconds: 300,
        evaluationPeriods: 1,
    });
}

/** Alarms of the OMS and its orders. $0.80 a month; $0.40 more with a load balancer. */
export function omsAlarms(scope: Scope, { service, loadBalancer }: WatchedHotPath["oms"]): AlarmSpec[] {
    if (!service) {
        return [];
    }
    return [
        alarm({
            name: "oms-down",
            description:
                "No task of the OMS runs: no order can be sent or cancelled. First: close what is open at the broker by " +
                "hand if you must; then the service's events in the ECS console, and the log.",
            measure: taskCount(service, "RunningTaskCount"),
            comparison: "<",
            threshold: 1,
            evaluationPeriods: 3,
            // ECS sends nothing for a service without tasks, and the OMS always has one.
            treatMissingData: "breaching",
        }),
        ...serviceAlarms(service, {
            meaning: "The OMS has fewer tasks than it should.",
            missingTaskMinutes: 3,
            errorLines: 0,
        }),
        alarm({
            name: "oms-rejections",
            description:
                "The broker rejected five orders or more within five minutes. First: the reasons in the OMS's log " +
                "(funds, limits, a halted stock?); stop the strategy that sends them.",
            measure: tradingMetric(scope, "OrdersRejected", "Sum"),
            comparison: ">=",
            threshold: 5,
            periodSeconds: 300,
            evaluationPeriods: 1,
        }),
        alarm({
            name: "oms-latency",
            description:
                "One order in a hundred takes longer than a second from request to the broker's answer. First: CPU of " +
                "the OMS, then the broker's own response times in the log.",
            measure: tradingMetric(scope, "OrderLatency", "p99"),
            threshold: 1000,
            evaluationPeriods: 5,
            datapointsToAlarm: 3,
        }),
        ...(loadBalancer ? loadBalancerAlarms(loadBalancer) : []),
    ];
}

function serviceAlarms(
    service: WatchedService,
    args: { meaning: string; missingTaskMinutes: number; errorLines: number },
): AlarmSpec[] {
    const { service: name } = service;
    return [
        alarm({
            name: `${name}-tasks`,
            description:
                `Fewer tasks of ${name} run than ECS wants. ${args.meaning} First: the service's events in the ECS ` +
                "console (image, secret, capacity?), then the log of the last task.",
            // What ECS wants is zero outside market hours, so the night is no alarm.
            measure: {
                expression: "desired - FILL(running, 0)",
                metrics: {
                    desired: taskCount(service, "DesiredTaskCount"),
                    running: taskCount(service, "RunningTaskCount"),
                },
            },
            threshold: 0,
            evaluationPeriods: args.missingTaskMinutes,
        }),
        alarm({
            name: `${name}-cpu`,
            description: `${name} uses more than 80 % of its CPU. First: compare with the traffic; then a larger cpu.`,
            measure: serviceMetric(service, "CPUUtilization"),
            threshold: 80,
        }),
        alarm({
            name: `${name}-memory`,
            description:
                `${name} uses more than 85 % of its memory; at 100 % the task is killed. First: see whether it grows ` +
                "steadily (a leak: restart it after the market closes); otherwise a larger memoryMiB.",
            measure: serviceMetric(service, "MemoryUtilization"),
            threshold: 85,
        }),
        alarm({
            name: `${name}-errors`,
            description: `${name} logged errors. First: read them in its log group ${service.logGroupName}.`,
            measure: errorLines(service),
            threshold: args.errorLines,
            periodSeconds: 300,
            evaluationPeriods: 1,
        }),
    ];
}

// No alarm on TargetResponseTime: of a stream it says when the first header came, not how long an order takes.
function loadBalancerAlarms(loadBalancer: WatchedLoadBalancer<pulumi.Input<string>>): AlarmSpec[] {
    return [
        alarm({
            name: "load-balancer-errors",
            description:
                "The load balancer itself answered 5xx: it found no healthy OMS task, or the connection broke. First: " +
                "healthy targets of its target group.",
            measure: loadBalancerMetric(loadBalancer, "HTTPCode_ELB_5XX_Count", "Sum"),
            threshold: 5,
            periodSeconds: 300,
            evaluationPeriods: 1,
        }),
        alarm({
            name: "load-balancer-target-errors",
            description: "The OMS answered 5xx to callers of the load balancer. First: the OMS's log.",
            measure: targetMetric(loadBalancer, "HTTPCode_Target_5XX_Count", "Sum"),
            threshold: 5,
            periodSeconds: 300,
            evaluationPeriods: 1,
        }),
        alarm({
            name: "load-balancer-unhealthy-targets",
            description:
                "A task of the OMS fails the load balancer's gRPC health check. First: the OMS's log; ECS replaces the " +
                "task by itself.",
            measure: targetMetric(loadBalancer, "UnHealthyHostCount", "Maximum"),
            threshold: 0,
        }),
        alarm({
            name: "load-balancer-rejected-connections",
            description:
                "The load balancer refused connections, because it is at its limit. First: see who opens so many.",
            measure: loadBalancerMetric(loadBalancer, "RejectedConnectionCount", "Sum"),
            threshold: 0,
            periodSeconds: 300,
            evaluationPeriods: 1,
        }),
    ];
}
