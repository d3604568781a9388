import { type RecordedResource } from "../recording";
import { type Trigger } from "./model";
import { isNamed, memberOf, texts, type View } from "./view";

/** What invokes a function, but for other services of the stack. */
export function functionTriggers(view: View, fn: RecordedResource): Trigger[] {
    const isThis = (value: unknown): boolean => isNamed(fn, value);
    return [
        ...view
            .ofType("aws:lambda/eventSourceMapping:EventSourceMapping")
            .filter(({ inputs }) => isThis(inputs.functionName))
            .map(({ inputs }) => eventSource(view, inputs)),
        ...view
            .ofType("aws:lambda/permission:Permission")
            .filter(({ inputs }) => isThis(inputs.function))
            .map(({ inputs }) => permission(view, inputs)),
        ...view
            .ofType("aws:scheduler/schedule:Schedule")
            .filter(({ inputs }) => isThis(inputs.target?.arn))
            .map(({ inputs, outputs }): Trigger => ({
                kind: "event-rule",
                rule: String(outputs.name),
                bus: "scheduler",
                schedule: `${inputs.scheduleExpression} ${inputs.scheduleExpressionTimezone ?? "UTC"}`,
            })),
        ...view
            .ofType("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig")
            .filter(({ inputs }) => isThis(inputs.functionName))
            .map(({ inputs }): Trigger => ({
                kind: "retries",
                attempts: Number(inputs.maximumRetryAttempts ?? 2),
                maximumAgeSeconds: Number(inputs.maximumEventAgeInSeconds ?? 21_600),
                ...optional("onFailure", inputs.destinationConfig?.onFailure?.destination),
            })),
    ];
}

function eventSource(view: View, inputs: Record<string, any>): Trigger {
    const source = view.withArn(inputs.eventSourceArn);
    const [, , service = ""] = String(inputs.eventSourceArn).split(":");
    return {
        kind: "event-source",
        source: source ? `${service} ${memberOf(source).name}` : String(inputs.eventSourceArn),
        topics: texts(inputs.topics),
        ...optional("consumerGroup", inputs.amazonManagedKafkaEventSourceConfig?.consumerGroupId),
        ...optional("batchSize", inputs.batchSize),
        ...optional("batchWindowSeconds", inputs.maximumBatchingWindowInSeconds),
        ...optional("startingPosition", inputs.startingPosition),
        ...optional("onFailure", inputs.destinationConfig?.onFailure?.destinationArn),
    };
}

function permission(view: View, inputs: Record<string, any>): Trigger {
    const rule = view
        .ofType("aws:cloudwatch/eventRule:EventRule")
        .find(({ outputs }) => inputs.sourceArn !== undefined && ruleArns(outputs).includes(String(inputs.sourceArn)));
    if (rule) {
        const { eventPattern, eventBusName, scheduleExpression } = rule.inputs;
        return {
            kind: "event-rule",
            rule: String(rule.outputs.name),
            bus: String(eventBusName ?? "default"),
            ...(eventPattern !== undefined && { pattern: JSON.parse(String(eventPattern)) as unknown }),
            ...optional("schedule", scheduleExpression),
        };
    }
    const authorizer = view
        .ofType("aws:apigatewayv2/authorizer:Authorizer")
        .find(({ id }) => String(inputs.sourceArn).endsWith(`/authorizers/${id}`));
    if (authorizer) {
        const api = view.ofType("aws:apigatewayv2/api:Api").find(({ id }) => id === authorizer.inputs.apiId);
        return {
            kind: "authorizer",
            api: String(api?.outputs.name ?? authorizer.inputs.apiId),
            identitySources: texts(authorizer.inputs.identitySources),
        };
    }
    return { kind: "permission", principal: String(inputs.principal), ...optional("source", inputs.sourceArn) };
}

/** A rule's ARN ends in its name, after that of its bus unless it is on AWS's own. */
const ruleArns = ({ arn, name, eventBusName }: Record<string, any>): string[] => {
    const [start = ""] = String(arn).split(":rule/");
    const path = eventBusName === undefined || eventBusName === "default" ? name : `${eventBusName}/${name}`;
    return [String(arn), `${start}:rule/${path}`];
};

/**
 * How callers find a service of ECS, and when its number of tasks changes by itself.
 *
 * @param ports Those that its container listens on.
 */
export function serviceTriggers(view: View, service: RecordedResource, ports: number[]): Trigger[] {
    const { inputs } = service;
    const balanced = (inputs.loadBalancers ?? []) as { targetGroupArn: string; containerPort: number }[];
    const registry = view.withArn(inputs.serviceRegistries?.registryArn);
    return [
        ...balanced.flatMap(({ targetGroupArn, containerPort }) => {
            const group = view.withArn(targetGroupArn);
            const { protocol = "", protocolVersion = "", healthCheck = {} } = group?.inputs ?? {};
            return group
                ? [
                      {
                          kind: "load-balancer" as const,
                          port: containerPort,
                          protocol: String(protocolVersion || protocol),
                          healthCheck: `${healthCheck.path ?? "/"} every ${healthCheck.interval ?? 30} s`,
                      },
                  ]
                : [];
        }),
        ...(registry ? [{ kind: "name" as const, name: dnsName(view, registry), port: portOf(inputs, ports) }] : []),
        ...view
            .ofType("aws:appautoscaling/scheduledAction:ScheduledAction")
            .filter(({ inputs: { resourceId } }) => String(resourceId).split("/").pop() === service.outputs.name)
            .map(({ inputs: { schedule, timezone, scalableTargetAction: capacity } }): Trigger => ({
                kind: "schedule",
                schedule: String(schedule),
                timezone: String(timezone ?? "UTC"),
                tasks:
                    capacity?.minCapacity === capacity?.maxCapacity
                        ? String(capacity?.minCapacity)
                        : `${capacity?.minCapacity} to ${capacity?.maxCapacity}`,
            })),
    ];
}

function dnsName(view: View, registry: RecordedResource): string {
    const namespace = view
        .ofType("aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace")
        .find(({ id }) => id === registry.inputs.dnsConfig?.namespaceId);
    return [registry.outputs.name, namespace?.outputs.name].filter(Boolean).join(".");
}

/** Port of those who call by name: where a registry does not say it, the first one that is no load balancer's. */
function portOf({ loadBalancers = [], serviceRegistries }: Record<string, any>, ports: number[]): number {
    const balanced = (loadBalancers as { containerPort: number }[]).map(({ containerPort }) => containerPort);
    const own = ports.find((port) => !balanced.includes(port));
    return Number(serviceRegistries?.port ?? serviceRegistries?.containerPort ?? own ?? ports[0] ?? 0);
}

const optional = <K extends string>(key: K, value: unknown): Partial<Record<K, any>> =>
    value === undefined ? {} : ({ [key]: value } as Record<K, any>);
