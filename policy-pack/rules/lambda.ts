import { customerKey } from "../core/data";
import { imageParameters, mustBePinned } from "./images";
import { type Resource, type Stack } from "../core/resource";
import { type Check, is, isSet, madeOf, type Rule, type StackRule } from "../core/rule";
import { hasSecretName, secretReason } from "../core/secret-text";
import { propertyRule } from "../core/simple";
import { type Value } from "../core/value";
import { subnetTypes } from "../graph/routes";

const functionType = "aws:lambda/function:Function";
const functionTypes = [functionType];
const permissionType = "aws:lambda/permission:Permission";
const mappingType = "aws:lambda/eventSourceMapping:EventSourceMapping";
const urlType = "aws:lambda/functionUrl:FunctionUrl";
const queueType = "aws:sqs/queue:Queue";

const packageType = ({ props }: Resource): Value => props.at("packageType");
/** Whether a function's code is a ZIP file, as it is unless something else is said. */
const isZip = (resource: Resource): boolean | Value =>
    packageType(resource).isUnknown ? packageType(resource) : packageType(resource).text !== "Image";

const functionRules: readonly Rule[] = [
    {
        kind: "resource",
        name: "lambda-function-disallow-plaintext-secrets",
        description: "No secret stands in a function's environment.",
        types: functionTypes,
        severity: "high",
        category: "least-privilege",
        controls: ["Lambda-041"],
        remediation: "Put the value into Secrets Manager, and have the function read it when it starts.",
        parameters: {
            allowed: {
                description: "Names of variables that look like secrets and are none",
                type: "array",
                items: { type: "string" },
                default: [],
            },
        },
        check(resource, check) {
            const variables = resource.props.at("environment", "variables");
            if (variables.isUnknown) {
                check.undetermined(resource, variables);
            }
            for (const [name, value] of variables.entries()) {
                if (check.parameter<string[]>("allowed").includes(name)) {
                    continue;
                }
                const reason = secretReason(name, value);
                if (value.isUnknown && hasSecretName(name)) {
                    check.undetermined(resource, value);
                } else if (reason !== undefined) {
                    check.fail(resource, value, `\`${name}\` must be read from Secrets Manager: ${reason}`);
                }
            }
        },
    },
    propertyRule({
        name: "lambda-function-require-tracing",
        description: "Functions are traced with X-Ray.",
        types: functionTypes,
        path: ["tracingConfig", "mode"],
        test: is("Active"),
        message: "`tracingConfig.mode` must be `Active`",
        severity: "low",
        category: "logging",
        controls: ["Lambda-042"],
        remediation: 'Set `tracingConfig` to { mode: "Active" }.',
    }),
    propertyRule({
        name: "lambda-function-require-vpc",
        description: "Functions run in the VPC.",
        types: functionTypes,
        path: ["vpcConfig", "subnetIds"],
        test: (subnets, check) => isSet(subnets) || !check.parameter<boolean>("required"),
        from: madeOf(subnetTypes),
        message: "`vpcConfig.subnetIds` must name the subnets of the VPC",
        severity: "low",
        category: "network",
        controls: ["Lambda-045"],
        remediation: "Set `vpcConfig` to private subnets and a security group of the function.",
        parameters: {
            required: { description: "Whether functions must run in a VPC", type: "boolean", default: true },
        },
    }),
    propertyRule({
        name: "lambda-function-require-several-subnets",
        description: "Functions in a VPC have subnets in more than one availability zone.",
        types: functionTypes,
        path: ["vpcConfig", "subnetIds"],
        when: ({ props }) => isSet(props.at("vpcConfig", "subnetIds")),
        test: (subnets, check) => distinct(subnets) >= check.parameter<number>("least"),
        from: (subnets, check) => subnets.comesFrom(subnetTypes, check.parameter<number>("least")),
        message: (check) => `\`vpcConfig.subnetIds\` must name at least ${check.parameter<number>("least")} subnets`,
        severity: "medium",
        category: "resilience",
        controls: ["Lambda-046"],
        remediation: "Name one subnet in each availability zone in `vpcConfig.subnetIds`.",
        parameters: {
            least: { description: "Fewest subnets", type: "integer", minimum: 1, default: 2 },
        },
    }),
    propertyRule({
        name: "lambda-function-require-environment-key",
        description: "Environment variables of functions are encrypted with a key of our own.",
        types: functionTypes,
        path: ["kmsKeyArn"],
        when: ({ props }) => {
            const variables = props.at("environment", "variables");
            return variables.isUnknown ? variables : variables.entries().length > 0;
        },
        ...customerKey,
        message: "`kmsKeyArn` must be a KMS key of our own",
        severity: "medium",
        category: "encryption-at-rest",
        controls: ["Lambda-047"],
        remediation: "Set `kmsKeyArn` to a KMS key that the function's role may decrypt with.",
    }),
    propertyRule({
        name: "lambda-function-require-code-signing",
        description: "Functions from ZIP files run signed code only.",
        types: functionTypes,
        path: ["codeSigningConfigArn"],
        when: isZip,
        test: isSet,
        message: "`codeSigningConfigArn` must be set for a function that is no image",
        severity: "medium",
        category: "workload",
        controls: ["Lambda-049"],
        remediation: "Set `codeSigningConfigArn`, or deliver the function as an image that is named by digest.",
    }),
    propertyRule({
        name: "lambda-code-signing-require-enforcement",
        description: "Code that is not signed is refused, and not only reported.",
        types: ["aws:lambda/codeSigningConfig:CodeSigningConfig"],
        path: ["policies", "untrustedArtifactOnDeployment"],
        test: is("Enforce"),
        message: "`policies.untrustedArtifactOnDeployment` must be `Enforce`",
        severity: "medium",
        category: "workload",
        controls: ["Lambda-049"],
        remediation: 'Set `policies` to { untrustedArtifactOnDeployment: "Enforce" }.',
    }),
    {
        kind: "resource",
        name: "lambda-function-require-pinned-image",
        description: "Functions run images that nobody can exchange, from a registry of our own.",
        types: functionTypes,
        severity: "medium",
        category: "workload",
        controls: ["Lambda-049"],
        remediation: "Push the image to an ECR repository of the account, and name it by digest in `imageUri`.",
        parameters: imageParameters,
        check(resource, check) {
            const image = resource.props.at("imageUri");
            if (packageType(resource).text === "Image" || !image.isAbsent) {
                mustBePinned(resource, image, resource.props.at("role"), check);
            }
        },
    },
    propertyRule({
        name: "lambda-function-require-supported-runtime",
        description: "Functions from ZIP files run on a runtime that AWS still supports.",
        types: functionTypes,
        path: ["runtime"],
        when: isZip,
        test: (runtime, check) => check.parameter<string[]>("runtimes").includes(runtime.text ?? ""),
        message: (check) => `\`runtime\` must be one of ${check.parameter<string[]>("runtimes").join(", ")}`,
        severity: "medium",
        category: "workload",
        controls: ["Lambda-052"],
        remediation: "Move the function to a runtime that AWS supports, and set `runtime`.",
        parameters: {
            runtimes: {
                description: "Runtimes that AWS supports",
                type: "array",
                items: { type: "string" },
                default: [
                    ...["dotnet10", "java8.al2", "java11", "java17", "java21", "java25", "nodejs22.x", "nodejs24.x"],
                    ...[
                        "provided.al2023",
                        "python3.11",
                        "python3.12",
                        "python3.13",
                        "python3.14",
                        "ruby3.3",
                        "ruby3.4",
                    ],
                ],
            },
        },
    }),
    ...(["memorySize", "timeout"] as const).map((property) =>
        propertyRule({
            name: `lambda-function-require-${property === "timeout" ? "timeout" : "memory"}`,
            description: `Functions say their ${property === "timeout" ? "time limit" : "memory"} instead of taking what AWS has for all.`,
            types: functionTypes,
            path: [property],
            test: ({ number }) => number !== undefined,
            message: `\`${property}\` must be set`,
            severity: "low",
            category: "cost",
            controls: ["Lambda-053"],
            remediation: `Set \`${property}\` to what the function was measured to need.`,
        }),
    ),
    {
        kind: "resource",
        name: "lambda-function-require-structured-logging",
        description: "Functions log JSON, from a level on, to a log group that is named.",
        types: functionTypes,
        severity: "low",
        category: "logging",
        controls: ["Lambda-056"],
        remediation:
            'Set `loggingConfig` with `logGroup`, `logFormat: "JSON"`, `applicationLogLevel` and `systemLogLevel`.',
        check(resource, check) {
            const config = resource.props.at("loggingConfig");
            check.must(resource, config.at("logGroup"), isSet, "`loggingConfig.logGroup` must be set");
            check.must(resource, config.at("logFormat"), is("JSON"), "`loggingConfig.logFormat` must be `JSON`");
            for (const level of ["applicationLogLevel", "systemLogLevel"]) {
                check.must(resource, config.at(level), isSet, `\`loggingConfig.${level}\` must be set`);
            }
        },
    },
];

/** Members of a list that are not the same. Two that are not known yet are taken to be two. */
function distinct(list: Value): number {
    const items = list.items();
    return items.filter(({ isUnknown }) => isUnknown).length + new Set(items.flatMap(({ text }) => text ?? [])).size;
}

const accessRules: readonly Rule[] = [
    propertyRule({
        name: "lambda-function-url-require-iam",
        description: "Function URLs answer only those who sign their requests.",
        types: [urlType],
        path: ["authorizationType"],
        test: is("AWS_IAM"),
        message: "`authorizationType` must be `AWS_IAM`",
        severity: "high",
        category: "network",
        controls: ["Lambda-048"],
        remediation: 'Set `authorizationType` to "AWS_IAM".',
    }),
    {
        kind: "resource",
        name: "lambda-permission-disallow-public",
        description: "Nobody outside can invoke a function, or use a layer.",
        types: [permissionType, "aws:lambda/layerVersionPermission:LayerVersionPermission"],
        severity: "critical",
        category: "least-privilege",
        controls: ["Lambda-050"],
        remediation: "Name the account, the service or the organisation instead of `*`.",
        check(resource, check) {
            const { props } = resource;
            const organization = ["principalOrgId", "organizationId"].map((key) => props.at(key));
            if (organization.some(({ text }) => !!text)) {
                return;
            }
            const isNamed = (value: Value): boolean => isSet(value) && !(value.text ?? "*").includes("*");
            check.must(resource, props.at("principal"), isNamed, "`principal` must not be `*`");
            const url = props.at("functionUrlAuthType");
            check.must(resource, url, (value) => !is("NONE")(value), "`functionUrlAuthType` must be `AWS_IAM`");
        },
    },
    {
        kind: "resource",
        name: "lambda-permission-require-source",
        description: "Services invoke a function only for what is named: not for everybody who uses the service.",
        types: [permissionType],
        severity: "high",
        category: "least-privilege",
        controls: ["Lambda-051"],
        remediation: "Set `sourceArn` to what invokes the function; for a bucket also `sourceAccount`.",
        check(resource, check) {
            const { props } = resource;
            const principal = props.at("principal");
            const [arn, account] = [props.at("sourceArn"), props.at("sourceAccount")];
            if (!principal.isUnknown && !/\.amazonaws\.com(\.cn)?$/.test(principal.text ?? "")) {
                return;
            }
            if (isSet(account) && !account.isUnknown) {
                return;
            }
            // ARNs of buckets have no account: a bucket that is deleted can be made again by anybody.
            const isScoped = ({ text = "" }: Value): boolean => {
                const [, , , , owner, ...rest] = text.split(":");
                return /^\d{12}$/.test(owner ?? "") && rest.join(":").replace(/[*?]/g, "") !== "";
            };
            const needed = arn.isAbsent && account.isUnknown ? account : arn;
            if (principal.isUnknown && !isScoped(arn)) {
                check.undetermined(resource, principal);
            } else {
                const message = "`sourceArn` must name one account and what in it, or `sourceAccount` be set";
                const isOfStack = ({ sources }: Value): boolean => sources.some((type) => !/^aws:s3\//.test(type));
                check.must(resource, needed, isScoped, message, isOfStack);
            }
        },
    },
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
];

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
}

function triggersOf(stack: Stack, target: Resource): Triggers {
    const of = (type: string, property: string): Resource[] =>
        stack.ofType(type).filter((resource) => named(stack, resource, property, functionType).includes(target));
    return {
        mappings: of(mappingType, "functionName"),
        permissions: of(permissionType, "function"),
        urls: of(urlType, "functionName"),
    };
}

/** Whether the number of a function's instances that a mapping leads to is bounded without the function's own limit. */
const isBounded = ({ props }: Resource): boolean =>
    isSet(props.at("scalingConfig", "maximumConcurrency")) ||
    (!/^arn:[^:]*:sqs:/.test(props.at("eventSourceArn").text ?? "") && isSet(props.at("startingPosition")));

const triggerRules: readonly StackRule[] = [
    {
        kind: "stack",
        name: "lambda-function-require-concurrency-limit",
        description:
            "No function can take the account's whole concurrency: it has a limit of its own, or sources that bound it (partitions, `maximumConcurrency`).",
        severity: "medium",
        category: "resilience",
        controls: ["Lambda-043"],
        remediation: "Set `reservedConcurrentExecutions` to the most instances that the function may have.",
        check(stack, check) {
            for (const lambda of stack.ofType(functionType)) {
                const { mappings, permissions, urls } = triggersOf(stack, lambda);
                const bounded =
                    permissions.length + urls.length === 0 && mappings.length > 0 && mappings.every(isBounded);
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
        check(stack, check) {
            for (const lambda of stack.ofType(functionType)) {
                const { mappings, permissions, urls } = triggersOf(stack, lambda);
                const all = mappings.length + permissions.length + urls.length;
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
        description: "A message is not given out again while a function still works on it, and its retries.",
        severity: "low",
        category: "resilience",
        controls: ["Lambda-055"],
        remediation: "Set the queue's `visibilityTimeoutSeconds` to at least six times the function's `timeout`.",
        check(stack, check) {
            for (const mapping of stack.ofType(mappingType)) {
                const functions = named(stack, mapping, "functionName", functionType);
                for (const queue of named(stack, mapping, "eventSourceArn", queueType)) {
                    for (const lambda of functions) {
                        const timeout = lambda.props.at("timeout");
                        const needed = 6 * (timeout.isAbsent ? 3 : (timeout.number ?? 0));
                        if (timeout.isUnknown) {
                            check.undetermined(lambda, timeout);
                            continue;
                        }
                        check.must(
                            queue,
                            queue.props.at("visibilityTimeoutSeconds"),
                            (value) => (value.isAbsent ? 30 : (value.number ?? 0)) >= needed,
                            `\`visibilityTimeoutSeconds\` must be at least ${needed}, six times the timeout of ${lambda.name}`,
                        );
                    }
                }
            }
        },
    },
];

function mustBeKnown(lambda: Resource, values: Value[], check: Check): void {
    const unknown = values.find(({ isUnknown }) => isUnknown);
    if (unknown && !values.some((value) => isSet(value) && !value.isUnknown)) {
        check.undetermined(lambda, unknown);
    }
}

/** Rules about functions and what invokes them. */
export const lambdaRules: readonly Rule[] = [...functionRules, ...accessRules, ...triggerRules];

/** Controls about Lambda that no rule enforces, and why. */
export const lambdaNotApplicable: Readonly<Record<string, string>> = {};
