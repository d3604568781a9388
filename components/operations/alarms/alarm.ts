import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { type Scope } from "../../building-blocks";
import { type Metric } from "../metrics";

/** An alarm, as data. */
export interface AlarmSpec {
    /** Last part of the alarm's name: `kafka-disk-1`. A change makes a new alarm. */
    name: string;
    /** What it means and what to do first: people read it in the mail, at night. */
    description: string;
    /**
     * What is compared with the threshold: a metric, or an expression over several metrics by their ids. CloudWatch
     * takes ten metrics in one alarm, and charges each as an alarm. `steps` are expressions for the last one to use, by
     * their ids; nine at most.
     */
    measure: Metric | { expression: string; steps?: Record<string, string>; metrics: Record<string, Metric> };
    comparison: ">" | ">=" | "<";
    threshold: number;
    /** Length of a period. */
    periodSeconds: number;
    /** How many of the latest periods are looked at. */
    evaluationPeriods: number;
    /** How many of those must cross the threshold. */
    datapointsToAlarm: number;
    /** What a period without data counts as; `missing` leaves the alarm's state alone. */
    treatMissingData: "notBreaching" | "breaching" | "missing";
    /** What must be there before the alarm is: one that takes silence for trouble would go off while it is being made. */
    after?: pulumi.Resource[];
}

/**
 * An alarm with what is usual here: above the threshold for each of five minutes; no data is no trouble, because most of
 * what is watched is quiet outside market hours.
 */
export function alarm(
    parts: Pick<AlarmSpec, "name" | "description" | "measure" | "threshold"> & Partial<AlarmSpec>,
): AlarmSpec {
    const evaluationPeriods = parts.evaluationPeriods ?? 5;
    return {
        comparison: ">",
        periodSeconds: 60,
        datapointsToAlarm: evaluationPeriods,
        treatMissingData: "notBreaching",
        ...parts,
        evaluationPeriods,
    };
}

const operators = {
    ">": "GreaterThanThreshold",
    ">=": "GreaterThanOrEqualToThreshold",
    "<": "LessThanThreshold",
} as const;

/** Makes the alarms, each of which tells the topic when it begins and when it is over. $0.10 a month for each metric. */
export function metricAlarms(
    name: string,
    scope: Scope,
    specs: AlarmSpec[],
    topicArn: pulumi.Input<string>,
    opts: pulumi.CustomResourceOptions,
): void {
    for (const spec of specs) {
        new aws.cloudwatch.MetricAlarm(
            `${name}-${spec.name}`,
            {
                name: scope.name(spec.name),
                alarmDescription: spec.description,
                ...measured(spec),
                comparisonOperator: operators[spec.comparison],
                threshold: spec.threshold,
                evaluationPeriods: spec.evaluationPeriods,
                datapointsToAlarm: spec.datapointsToAlarm,
                treatMissingData: spec.treatMissingData,
                actionsEnabled: true,
                alarmActions: [topicArn],
                okActions: [topicArn],
            },
            { ...opts, dependsOn: spec.after },
        );
    }
}

function measured({ measure, periodSeconds }: AlarmSpec): Partial<aws.cloudwatch.MetricAlarmArgs> {
    if ("expression" in measure) {
        return {
            metricQueries: [
                { id: "result", expression: measure.expression, label: "result", returnData: true },
                ...Object.entries(measure.steps ?? {}).map(([id, expression]) => ({
                    id,
                    expression,
                    label: id,
                    returnData: false,
                })),
                ...Object.entries(measure.metrics).map(([id, { statistic, ...metric }]) => ({
                    id,
                    metric: { ...metric, stat: statistic, period: periodSeconds },
                    returnData: false,
                })),
            ],
        };
    }
    const { statistic, ...metric } = measure;
    return {
        ...metric,
        period: periodSeconds,
        ...(statistic.startsWith("p") ? { extendedStatistic: statistic } : { statistic }),
    };
}
