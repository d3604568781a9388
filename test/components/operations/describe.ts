import { type AlarmSpec } from "../../../components/operations/alarms";
import { type Metric } from "../../../components/operations/metrics";

/** A metric in one line: `AWS/SQS QueueName=aipx-dev-a: Maximum of Depth`. */
function metricLine({ namespace, metricName, dimensions, statistic }: Metric): string {
    const named = Object.entries(dimensions)
        .map(([dimension, value]) => `${dimension}=${typeof value === "string" ? value : "?"}`)
        .join(", ");
    return `${[namespace, named].filter(Boolean).join(" ")}: ${statistic} of ${metricName}`;
}

/** An alarm in one line; one over several metrics has their lines below it. */
export function alarmLines({ measure, ...spec }: AlarmSpec): string[] {
    const rule =
        `${spec.comparison} ${spec.threshold} in ${spec.datapointsToAlarm} of ${spec.evaluationPeriods} × ` +
        `${spec.periodSeconds} s, no data ${spec.treatMissingData}`;
    return "expression" in measure
        ? [
              `${spec.name} | ${measure.expression} ${rule}`,
              ...Object.entries(measure.metrics).map(([id, metric]) => `    ${id} = ${metricLine(metric)}`),
          ]
        : [`${spec.name} | ${metricLine(measure)} ${rule}`];
}
