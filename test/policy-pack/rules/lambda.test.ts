import assert from "node:assert/strict";
import { lambdaNotApplicable, lambdaRules } from "../../../policy-pack/rules/lambda";
import { type Subject, unknown } from "../support/pack";
import { describer, type Props, rows } from "../support/rows";

const lambda = "aws:lambda/function:Function";
const permission = "aws:lambda/permission:Permission";
const mapping = "aws:lambda/eventSourceMapping:EventSourceMapping";
const url = "aws:lambda/functionUrl:FunctionUrl";

const registry = "123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/aipx/f";
const imageUri = `${registry}@sha256:${"a".repeat(64)}`;
const role = "arn:aws:iam::123456789012:role/f";

describe("rules for Lambda", () => {
    const rule = describer(lambdaRules);

    it("answers for every control of Lambda", () => {
        const ids = Array.from({ length: 16 }, (_none, index) => `Lambda-0${41 + index}`);
        const answered = new Set([
            ...lambdaRules.flatMap(({ controls }) => controls),
            ...Object.keys(lambdaNotApplicable),
        ]);
        assert.deepEqual(
            ids.filter((id) => !answered.has(id)),
            [],
        );
    });

    const variables = (values: Props): Props => ({ environment: { variables: values } });
    rule(
        "lambda-function-disallow-plaintext-secrets",
        rows(
            lambda,
            [{}, variables({ TZ: "Asia/Seoul", TOKENS_SECRET: "aipx/dev/tokens", ENDPOINT: unknown, ODD: 7 })],
            [
                [variables({ API_KEY: "hunter2" }), "`API_KEY`"],
                [variables({ AWS: "AKIAIOSFODNN7EXAMPLE" }), "its value has the form"],
            ],
            [
                [variables({ API_KEY: unknown }), "environment.variables.API_KEY"],
                [{ environment: unknown }, "environment.variables"],
            ],
        ),
    );
    const simple: [string, Props[], [Props, string][], [Props, string][]][] = [
        [
            "tracing",
            [{ tracingConfig: { mode: "Active" } }],
            [
                [{}, "`Active`"],
                [{ tracingConfig: { mode: "PassThrough" } }, "`Active`"],
            ],
            [[{ tracingConfig: unknown }, "tracingConfig.mode"]],
        ],
        [
            "vpc",
            [{ vpcConfig: { subnetIds: ["a"] } }],
            [
                [{}, "`vpcConfig.subnetIds`"],
                [{ vpcConfig: { subnetIds: [] } }, "`vpcConfig.subnetIds`"],
            ],
            [[{ vpcConfig: { subnetIds: unknown } }, "vpcConfig.subnetIds"]],
        ],
        [
            "several-subnets",
            [{}, { vpcConfig: { subnetIds: ["a", "b"] } }, { vpcConfig: { subnetIds: [unknown, unknown] } }],
            [
                [{ vpcConfig: { subnetIds: ["a"] } }, "at least 2"],
                [{ vpcConfig: { subnetIds: ["a", "a"] } }, "at least 2"],
            ],
            [[{ vpcConfig: { subnetIds: unknown } }, "vpcConfig.subnetIds"]],
        ],
        [
            "environment-key",
            [{}, variables({}), { ...variables({ A: "b" }), kmsKeyArn: "key" }],
            [[variables({ A: "b" }), "`kmsKeyArn`"]],
            [
                [{ ...variables({ A: "b" }), kmsKeyArn: unknown }, "kmsKeyArn"],
                [{ environment: unknown }, "environment.variables"],
            ],
        ],
        [
            "code-signing",
            [{ packageType: "Image" }, { codeSigningConfigArn: "arn" }],
            [
                [{}, "`codeSigningConfigArn`"],
                [{ packageType: "Zip" }, "`codeSigningConfigArn`"],
            ],
            [
                [{ codeSigningConfigArn: unknown }, "codeSigningConfigArn"],
                [{ packageType: unknown }, "packageType"],
            ],
        ],
        [
            "pinned-image",
            [{}, { packageType: "Image", imageUri, role }, { packageType: "Image", imageUri: `${registry}:v1`, role }],
            [
                [{ packageType: "Image", imageUri: `${registry}:latest`, role }, "other than `latest`"],
                [{ packageType: "Image", imageUri: "nginx:1", role }, "ECR repository"],
                [{ packageType: "Image", imageUri, role: role.replace("1234", "9999") }, "account 999956789012"],
            ],
            [
                [{ packageType: "Image", imageUri: unknown }, "imageUri"],
                [{ packageType: "Image", imageUri, role: unknown }, "role"],
            ],
        ],
        [
            "supported-runtime",
            [{ packageType: "Image" }, { runtime: "nodejs24.x" }],
            [
                [{ runtime: "nodejs14.x" }, "nodejs24.x"],
                [{}, "nodejs24.x"],
            ],
            [[{ runtime: unknown }, "runtime"]],
        ],
        ["timeout", [{ timeout: 30 }], [[{}, "`timeout`"]], [[{ timeout: unknown }, "timeout"]]],
        ["memory", [{ memorySize: 512 }], [[{}, "`memorySize`"]], [[{ memorySize: unknown }, "memorySize"]]],
    ];
    for (const [name, passes, fails, open] of simple) {
        rule(`lambda-function-require-${name}`, rows(lambda, passes, fails, open));
    }
    const logging = { logGroup: "g", logFormat: "JSON", applicationLogLevel: "INFO", systemLogLevel: "WARN" };
    const without = (key: string): Props => ({ loggingConfig: { ...logging, [key]: "" } });
    rule(
        "lambda-function-require-structured-logging",
        rows(
            lambda,
            [{ loggingConfig: logging }],
            [
                ...Object.keys(logging).map((key): [Props, string] => [without(key), `loggingConfig.${key}`]),
                [{ loggingConfig: { ...logging, logFormat: "Text" } }, "`JSON`"],
                [{}, "logGroup", "logFormat", "applicationLogLevel", "systemLogLevel"],
            ],
            [[{ loggingConfig: { ...logging, logGroup: unknown } }, "loggingConfig.logGroup"]],
        ),
    );
    const signing = (untrustedArtifactOnDeployment: string): Props => ({ policies: { untrustedArtifactOnDeployment } });
    rule(
        "lambda-code-signing-require-enforcement",
        rows(
            "aws:lambda/codeSigningConfig:CodeSigningConfig",
            [signing("Enforce")],
            [
                [signing("Warn"), "`Enforce`"],
                [{}, "`Enforce`"],
            ],
            [[signing(unknown), "policies.untrustedArtifactOnDeployment"]],
        ),
    );

    rule(
        "lambda-function-url-require-iam",
        rows(
            url,
            [{ authorizationType: "AWS_IAM" }],
            [[{ authorizationType: "NONE" }, "`AWS_IAM`"]],
            [[{ authorizationType: unknown }, "authorizationType"]],
        ),
    );
    rule("lambda-permission-disallow-public", [
        ...rows(
            permission,
            [
                { principal: "events.amazonaws.com" },
                { principal: "123456789012" },
                { principal: "*", principalOrgId: "o-1" },
            ],
            [
                [{ principal: "*" }, "not be `*`"],
                [{}, "not be `*`"],
                [{ principal: ["*"] }, "not be `*`"],
                [{ principal: "123456789012", functionUrlAuthType: "NONE" }, "`AWS_IAM`"],
            ],
            [[{ principal: unknown }, "principal"]],
        ),
        ...rows("aws:lambda/layerVersionPermission:LayerVersionPermission", [], [[{ principal: "*" }, "not be `*`"]]),
    ]);
    const events = { principal: "events.amazonaws.com" };
    rule(
        "lambda-permission-require-source",
        rows(
            permission,
            [
                { ...events, sourceArn: "arn:aws:events:r:123456789012:rule/x" },
                { ...events, sourceAccount: "123456789012" },
                { principal: "123456789012" },
            ],
            [
                [events, "`sourceArn`"],
                [{ principal: "s3.amazonaws.com", sourceArn: "arn:aws:s3:::bucket" }, "`sourceArn`"],
                [{ ...events, sourceArn: "arn:aws:events:*:*:rule/x" }, "`sourceArn`"],
                [{ ...events, sourceArn: "arn:aws:events:r:123456789012:*" }, "`sourceArn`"],
                [{ ...events, sourceArn: 7 }, "`sourceArn`"],
            ],
            [
                [{ ...events, sourceArn: unknown }, "sourceArn"],
                [{ principal: unknown }, "principal"],
            ],
        ),
    );
    const failed = { destinationConfig: { onFailure: { destinationArn: "arn" } } };
    rule(
        "lambda-event-source-mapping-require-failure-destination",
        rows(
            mapping,
            [
                { eventSourceArn: "arn:aws:sqs:r:1:q" },
                { eventSourceArn: "arn:aws:kafka:r:1:c", ...failed },
                { eventSourceArn: unknown, ...failed },
            ],
            [
                [{ eventSourceArn: "arn:aws:kafka:r:1:c" }, "onFailure"],
                [{ eventSourceArn: unknown, topics: ["ticks"] }, "onFailure"],
                [{ selfManagedEventSource: {} }, "onFailure"],
            ],
            [
                [
                    {
                        eventSourceArn: "arn:aws:kafka:r:1:c",
                        destinationConfig: { onFailure: { destinationArn: unknown } },
                    },
                    "destinationConfig.onFailure.destinationArn",
                ],
                [{ eventSourceArn: unknown }, "eventSourceArn"],
            ],
        ),
    );

    const f = (props: Props = {}): Subject => ({ type: lambda, name: "f", props: { name: "f", ...props } });
    const allow = (principal: string): Subject => ({
        type: permission,
        name: "p",
        props: { principal, function: "f" },
    });
    const source = (props: Props): Subject => ({
        type: mapping,
        name: "m",
        props: { functionName: "arn:aws:lambda:r:1:function:f:live", ...props },
    });
    const kafka = source({ eventSourceArn: "arn:aws:kafka:r:1:c", startingPosition: "LATEST" });
    const invocation: Subject = {
        type: "aws:lambda/invocation:Invocation",
        name: "deployment",
        props: { functionName: "f", input: "{}" },
    };
    rule("lambda-function-require-concurrency-limit", [
        { title: "passes what only deployments invoke", subjects: [f(), invocation] },
        {
            title: "fails what a service invokes besides",
            subjects: [f(), invocation, allow("events.amazonaws.com")],
            fails: ["`reservedConcurrentExecutions`"],
        },
        { title: "passes a limit", subjects: f({ reservedConcurrentExecutions: 5 }) },
        { title: "passes the limit of partitions", subjects: [f(), kafka] },
        {
            title: "passes the limit of a mapping",
            subjects: [f(), source({ eventSourceArn: "arn:aws:sqs:r:1:q", scalingConfig: { maximumConcurrency: 2 } })],
        },
        { title: "fails none", subjects: f(), fails: ["`reservedConcurrentExecutions`"] },
        {
            title: "fails no reservation",
            subjects: f({ reservedConcurrentExecutions: -1 }),
            fails: ["`reservedConcurrentExecutions`"],
        },
        {
            title: "fails a queue",
            subjects: [f(), source({ eventSourceArn: "arn:aws:sqs:r:1:q" })],
            fails: ["`reservedConcurrentExecutions`"],
        },
        {
            title: "fails partitions and a service",
            subjects: [f(), kafka, allow("events.amazonaws.com")],
            fails: ["`reservedConcurrentExecutions`"],
        },
        {
            title: "cannot tell an unknown limit",
            subjects: f({ reservedConcurrentExecutions: unknown }),
            undetermined: "reservedConcurrentExecutions",
        },
    ]);
    const invoke = (destination: string): Subject => ({
        type: "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
        name: "i",
        props: { functionName: "f", destinationConfig: { onFailure: { destination } } },
    });
    rule("lambda-function-require-failure-destination", [
        {
            title: "passes a queue",
            subjects: [f({ deadLetterConfig: { targetArn: "q" } }), allow("sns.amazonaws.com")],
        },
        { title: "passes a destination", subjects: [f(), allow("events.amazonaws.com"), invoke("q")] },
        { title: "passes who is waited for", subjects: [f(), allow("apigateway.amazonaws.com"), kafka] },
        { title: "passes a deployment, which waits", subjects: [f(), invocation] },
        { title: "fails events", subjects: [f(), allow("events.amazonaws.com")], fails: ["failure destination"] },
        {
            title: "fails events beside a deployment",
            subjects: [f(), invocation, allow("events.amazonaws.com")],
            fails: ["failure destination"],
        },
        { title: "fails who invokes it is not said", subjects: f(), fails: ["failure destination"] },
        {
            title: "cannot tell where to",
            subjects: [f(), allow("events.amazonaws.com"), invoke(unknown)],
            undetermined: "destinationConfig.onFailure.destination",
        },
    ]);
    const queue = (props: Props): Subject => ({
        type: "aws:sqs/queue:Queue",
        name: "q",
        props: { name: "q", ...props },
    });
    const ofQueue = source({ eventSourceArn: "arn:aws:sqs:r:1:q" });
    rule("lambda-queue-require-visibility-timeout", [
        {
            title: "passes six times",
            subjects: [queue({ visibilityTimeoutSeconds: 180 }), f({ timeout: 30 }), ofQueue],
        },
        { title: "passes what AWS has for both", subjects: [queue({}), f(), ofQueue] },
        { title: "passes other queues", subjects: [queue({}), f({ timeout: 30 })] },
        ...(
            [
                ["passes the timeout where nothing is turned away", 30, 5, 5, []],
                [
                    "fails less than the timeout where nothing is turned away",
                    29,
                    5,
                    5,
                    ["at least 30, the timeout of f"],
                ],
                ["fails the timeout where more are sent than have room", 30, 6, 5, ["at least 180, six times"]],
                ["fails the timeout where the room is shared", 30, 5, -1, ["at least 180, six times"]],
            ] as const
        ).map(([title, visibilityTimeoutSeconds, maximumConcurrency, reservedConcurrentExecutions, fails]) => ({
            title,
            subjects: [
                queue({ visibilityTimeoutSeconds }),
                f({ timeout: 30, reservedConcurrentExecutions }),
                source({ eventSourceArn: "arn:aws:sqs:r:1:q", scalingConfig: { maximumConcurrency } }),
            ],
            ...(fails.length > 0 && { fails: [...fails] }),
        })),
        {
            title: "fails the timeout where the mapping has no limit",
            subjects: [
                queue({ visibilityTimeoutSeconds: 30 }),
                f({ timeout: 30, reservedConcurrentExecutions: 5 }),
                ofQueue,
            ],
            fails: ["at least 180, six times"],
        },
        {
            title: "fails less",
            subjects: [queue({ visibilityTimeoutSeconds: 179 }), f({ timeout: 30 }), ofQueue],
            fails: ["at least 180"],
        },
        { title: "fails what AWS has", subjects: [queue({}), f({ timeout: 30 }), ofQueue], fails: ["at least 180"] },
        {
            title: "joins by URN",
            subjects: [
                queue({}),
                f({ timeout: 30 }),
                {
                    ...ofQueue,
                    props: { functionName: unknown, eventSourceArn: unknown },
                    refersTo: { functionName: "f", eventSourceArn: "q" },
                },
            ],
            fails: ["at least 180"],
        },
        {
            title: "cannot tell an unknown visibility",
            subjects: [queue({ visibilityTimeoutSeconds: unknown }), f({ timeout: 30 }), ofQueue],
            undetermined: "visibilityTimeoutSeconds",
        },
    ]);
});
