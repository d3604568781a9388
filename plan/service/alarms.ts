import { type RecordedResource } from "../recording";
import { type Service, type Trigger } from "./model";
import { type View } from "./view";

interface WatchedMetric {
    namespace: string;
    name: string;
    dimensions: string[];
}

/**
 * Alarms about a service: whose metrics have its name among their dimensions, or that of a rule that invokes it, a consumer
 * group it reads with or a queue that keeps its failures; or come from its log; or that are named after it.
 *
 * @param names Its own names: physical name, name of its log group, names of its load balancer.
 */
export function alarmsOf(
    view: View,
    { triggers }: Pick<Service, "triggers">,
    names: { dimensions: string[]; logGroupName?: string },
    isNamedAfter: (alarm: string) => boolean,
): Service["alarms"] {
    const watched = new Set([...names.dimensions, ...triggers.flatMap(namesOf)]);
    const counted = new Set(
        view
            .ofType("aws:cloudwatch/logMetricFilter:LogMetricFilter")
            .filter(({ inputs }) => inputs.logGroupName === names.logGroupName)
            .map(({ inputs: { metricTransformation: { namespace, name } = {} } }) => `${namespace} ${name}`),
    );
    return view
        .ofType("aws:cloudwatch/metricAlarm:MetricAlarm")
        .filter(
            (alarm) =>
                isNamedAfter(String(alarm.outputs.name)) ||
                metricsOf(alarm).some(
                    ({ namespace, name, dimensions }) =>
                        counted.has(`${namespace} ${name}`) || dimensions.some((value) => watched.has(value)),
                ),
        )
        .map(({ inputs, outputs }) => ({
            name: String(outputs.name),
            description: String(inputs.alarmDescription ?? ""),
        }))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function namesOf(trigger: Trigger): string[] {
    switch (trigger.kind) {
        case "event-source": {
            const [service, queue] = trigger.source.split(" ");
            return defined(trigger.consumerGroup, service === "sqs" ? queue : undefined, nameIn(trigger.onFailure));
        }
        case "event-rule":
            return [trigger.rule];
        case "retries":
            return defined(nameIn(trigger.onFailure));
        case "service":
        case "authorizer":
        case "permission":
        case "load-balancer":
        case "name":
        case "schedule":
            return [];
    }
}

const defined = (...names: (string | undefined)[]): string[] => names.flatMap((name) => name ?? []);

/** Last part of an ARN. */
const nameIn = (arn: string | undefined): string | undefined => arn?.split(/[:/]/).pop();

function metricsOf({ inputs }: RecordedResource): WatchedMetric[] {
    const metric = ({ namespace, metricName, dimensions = {} }: Record<string, any>): WatchedMetric => ({
        namespace: String(namespace),
        name: String(metricName),
        dimensions: Object.values(dimensions as Record<string, unknown>).map(String),
    });
    const queries = (inputs.metricQueries ?? []) as { metric?: Record<string, any> }[];
    return inputs.metricName === undefined
        ? queries.flatMap(({ metric: queried }) => (queried ? [metric(queried)] : []))
        : [metric(inputs)];
}
