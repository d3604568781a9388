import { push, type Resource, type Stack } from "./resource";
import { parseJson, type Value } from "./value";

export const queues = ["aws:sqs/queue:Queue"];
export const topics = ["aws:sns/topic:Topic"];

/** Names that a resource is known to have. */
export const namesOf = ({ props }: Resource): string[] => {
    const name = props.at("name").text;
    return name === undefined || name === "" ? [] : [name];
};

const nameIndices = new WeakMap<Stack, Map<string, Resource[]>>();

/** Resources by type and name. Asked of one resource after the other: looked up for all of them at once. */
function nameIndex(stack: Stack): Map<string, Resource[]> {
    let index = nameIndices.get(stack);
    if (!index) {
        index = new Map<string, Resource[]>();
        for (const resource of stack.resources) {
            for (const name of namesOf(resource)) {
                push(index, `${resource.type} ${name}`, resource);
            }
        }
        nameIndices.set(stack, index);
    }
    return index;
}

/** Resources of these types that a value names: by reference, or by an ARN that ends with the name of one. */
export function namedBy(
    stack: Stack,
    resource: Resource,
    property: string,
    types: readonly string[],
    values: readonly Value[],
): Resource[] {
    const arns = values.flatMap(({ text }) => (text?.startsWith("arn:") ? [text.split(":").pop() ?? ""] : []));
    const index = arns.length > 0 ? nameIndex(stack) : undefined;
    const byArn = types.flatMap((type) => arns.flatMap((name) => index?.get(`${type} ${name}`) ?? []));
    return [...new Set([...stack.references(resource, property, types), ...byArn])];
}

/** Queues that a property of a resource names. */
export const queuesOf = (stack: Stack, resource: Resource, property: string, ...below: string[]): Resource[] =>
    namedBy(stack, resource, property, queues, [resource.props.at(property, ...below)]);

/** A queue for what could not be delivered or processed. */
export interface DeadLetterSource {
    queue: Resource;
    /** What gives up on it. */
    source: Resource;
    /** The service that sends there, if the queue's policy has to allow it. Others use a role. */
    service?: "events" | "sns";
}

// Where resources name a dead-letter queue; a redrive policy is JSON.
const places: readonly (readonly [type: string, property: string, below: string[], service?: "events" | "sns"])[] = [
    ["aws:sqs/queue:Queue", "redrivePolicy", ["deadLetterTargetArn"]],
    ["aws:sqs/redrivePolicy:RedrivePolicy", "redrivePolicy", ["deadLetterTargetArn"]],
    ["aws:sns/topicSubscription:TopicSubscription", "redrivePolicy", ["deadLetterTargetArn"], "sns"],
    ["aws:cloudwatch/eventTarget:EventTarget", "deadLetterConfig", ["arn"], "events"],
    ["aws:cloudwatch/eventBus:EventBus", "deadLetterConfig", ["arn"], "events"],
    ["aws:scheduler/schedule:Schedule", "target", ["deadLetterConfig", "arn"]],
    ["aws:lambda/function:Function", "deadLetterConfig", ["targetArn"]],
    [
        "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
        "destinationConfig",
        ["onFailure", "destination"],
    ],
    ["aws:lambda/eventSourceMapping:EventSourceMapping", "destinationConfig", ["onFailure", "destinationArn"]],
];

/** Every queue of the stack that is somebody's dead-letter queue. */
export function deadLetterSources(stack: Stack): DeadLetterSource[] {
    return places.flatMap(([type, property, below, service]) =>
        stack.ofType(type).flatMap((source) => {
            const value = source.props.at(property);
            const parsed = value.isUnknown ? value : parseJson(value);
            const values = parsed === "malformed" ? [] : [parsed.at(...below)];
            const found = namedBy(stack, source, property, queues, values);
            // The schedule's target is in the same property as its dead-letter queue.
            const dead = property === "target" ? found.filter((it) => isDeadLetter(it, values)) : found;
            return dead.map((queue) => ({ queue, source, ...(service && { service }) }));
        }),
    );
}

const isDeadLetter = (queue: Resource, values: readonly Value[]): boolean =>
    values.some((value) => value.isUnknown || namesOf(queue).some((name) => value.text?.endsWith(`:${name}`)));
