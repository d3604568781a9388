import { type Resource, type Stack } from "../core/resource";
import { type Check, isSet, type Rule } from "../core/rule";
import { propertyRule } from "../core/property-rule";
import { type Value } from "../core/value";
import { functionType, invocationType, permissionType, urlType } from "./lambda-types";

const mappingType = "aws:lambda/eventSourceMapping:EventSourceMapping";
const queueType = "aws:sqs/queue:Queue";

/** Resources that a property names: by what the engine knows, or by the name at the end of an ARN. */
function named(stack: Stack, resource: Resource, property: string, type: string): Resource[] {
    const linked = stack.references(resource, property, [type]);
    if (linked.length > 0) {
        return linked;
    }
    const text = resource.props.at(property).text;
    const name = text?.startsWith("arn:")
        ? text.split(":").slice(type === functionType ? 6 : 5)[0]
        : text?.split(":")[0];
    return name === undefined ? [] : stack.ofType(type).filter(({ props }) => props.at("name").text === name);
}

/** Services that wait for a function's answer. */
const waiting =
    /^(apigateway|elasticloadbalancing|cognito-idp|lex|lexv2|secretsmanager|cloudformation|bedrock|states|edgelambda)\.amazonaws\.com$/;

/** Everything in the stack that invokes a function. */
interface Triggers {
    mappings: Resource[];
    permissions: Resource[];
    urls: Resource[];
    /** Those of deployments, which invoke it once and wait. */
    invocations: Resource[];
}

function triggersOf(stack: Stack, target: Resource): Triggers {
    const of = (type: string, property: string): Resource[] =>
        stack.ofType(type).filter((resource) => named(stack, resource, property, functionType).includes(target));
    return {
        mappings: of(mappingType, "functionName"),
        permissions: of(permissionType, "function"),
        urls: of(urlType, "functionName"),
        invocations: of(invocationType, "functionName"),
    };
}

/** Whether the number of a function's instances that a mapping leads to is bounded without the function's own limit. */
const isBounded = ({ props }: Resource): boolean =>
    isSet(props.at("scalingConfig", "maximumConcurrency")) ||
    (!/^arn:[^:]*:sqs:/.test(props.at("eventSourceArn").text ?? "") && isSet(props.at("startingPosition")));

function mustBeKnown(lambda: Resource, values: Value[], check: Check): void {
    const unknown = values.find(({ isUnknown }) => isUnknown);
    if (unknown && !values.some((value) => isSet(value) && !value.isUnknown)) {
        check.undetermined(lambda, unknown);
    }
}

/** Rules about what invokes functions, and what becomes of it when they fail. */
export const triggerRules: readonly Rule[] = [
    propertyRule({
        name: "lambda-event-source-mapping-require-failure-destination",
        description: "Records of a stream or topic that a function fails on are kept.",
        types: [mappingType],
        path: ["destinationConfig", "onFailure", "destinationArn"],
        when: ({ props }) => {
            const source = props.at("eventSourceArn");
            // Queues of SQS and Amazon MQ have dead-letter queues of their own.
            return source.isUnknown && props.at("topics").isAbsent && props.at("startingPosition").isAbsent
                ? source
                : !/^arn:[^:]*:(sqs|mq):/.test(source.text ?? "");
        },
        test: isSet,
        message: "`destinationConfig.onFailure.destinationArn` must be a queue, topic or bucket",
        severity: "medium",
        category: "resilience",
        controls: ["Lambda-054"],
        remediation: "Set `destinationConfig.onFailure.destinationArn` to a queue that is watched.",
    }),
    {
        kind: "stack",
        name: "lambda-function-require-concurrency-limit",
        description:
            "No function can take the account's whole concurrency: it has a limit of its own, or sources that bound it (partitions, `maximumConcurrency`).",
        severity: "medium",
        category: "resilience",
        controls: ["Lambda-043"],
        remediation: "Set `reservedConcurrentExecutions` to the most instances that the function may have.",
        check(stack: Stack, check: Check): void {
            for (const lambda of stack.ofType(functionType)) {
                const { mappings, permissions, urls, invocations } = triggersOf(stack, lambda);
                const bounded =
                    permissions.length + urls.length === 0 &&
                    mappings.length + invocations.length > 0 &&
                    mappings.every(isBounded);
                const limited = ({ number }: Value): boolean => (number ?? -1) >= 0;
                if (!bounded) {
                    const limit = lambda.props.at("reservedConcurrentExecutions");
                    check.must(lambda, limit, limited, "`reservedConcurrentExecutions` must be set");
                }
            }
        },
    },
    {
        kind: "stack",
        name: "lambda-function-require-failure-destination",
        description: "Events that a function is invoked with, and nobody waits for, are kept if it fails.",
        severity: "medium",
        category: "resilience",
        controls: ["Lambda-044"],
        remediation:
            "Set `deadLetterConfig.targetArn`, or `destinationConfig.onFailure` in an `aws.lambda.FunctionEventInvokeConfig`.",
        check(stack: Stack, check: Check): void {
            for (const lambda of stack.ofType(functionType)) {
                const { mappings, permissions, urls, invocations } = triggersOf(stack, lambda);
                const all = mappings.length + permissions.length + urls.length + invocations.length;
                if (all > 0 && permissions.every(({ props }) => waiting.test(props.at("principal").text ?? ""))) {
                    continue;
                }
                const destinations = stack
                    .ofType("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig")
                    .filter((config) => named(stack, config, "functionName", functionType).includes(lambda))
                    .map(({ props }) => props.at("destinationConfig", "onFailure", "destination"));
                const queue = lambda.props.at("deadLetterConfig", "targetArn");
                // Where a destination is set to, and not whether one is, can be what is not known yet.
                if (![queue, ...destinations].some((value) => isSet(value))) {
                    check.fail(lambda, queue, "`deadLetterConfig.targetArn`, or a failure destination, must be set");
                } else if (!isSet(queue) || queue.isUnknown) {
                    mustBeKnown(lambda, [queue, ...destinations], check);
                }
            }
        },
    },
    {
        kind: "stack",
        name: "lambda-queue-require-visibility-timeout",
        description:
            "A message is not given out again while a function still works on it, or Lambda still tries to begin it.",
        severity: "low",
        category: "resilience",
        controls: ["Lambda-055"],
        remediation:
            "Set the queue's `visibilityTimeoutSeconds` to at least six times the function's `timeout`; or to the timeout itself, with `scalingConfig.maximumConcurrency` of the mapping not above the function's `reservedConcurrentExecutions`.",
        check(stack: Stack, check: Check): void {
            for (const mapping of stack.ofType(mappingType)) {
                const functions = named(stack, mapping, "functionName", functionType);
                for (const queue of named(stack, mapping, "eventSourceArn", queueType)) {
                    for (const lambda of functions) {
                        const timeout = lambda.props.at("timeout");
                        // AWS advises six times because Lambda tries a function again that has no room. This one always has.
                        const reserved = lambda.props.at("reservedConcurrentExecutions").number ?? -1;
                        const most = mapping.props.at("scalingConfig", "maximumConcurrency").number ?? Infinity;
                        const [times, inWords] = most <= reserved ? [1, ""] : [6, "six times "];
                        const needed = times * (timeout.isAbsent ? 3 : (timeout.number ?? 0));
                        if (timeout.isUnknown) {
                            check.undetermined(lambda, timeout);
                            continue;
                        }
                        check.must(
                            queue,
                            queue.props.at("visibilityTimeoutSeconds"),
                            (value) => (value.isAbsent ? 30 : (value.number ?? 0)) >= needed,
                            `\`visibilityTimeoutSeconds\` must be at least ${needed}, ${inWords}the timeout of ${lambda.name}`,
                        );
                    }
                }
            }
        },
    },
];
