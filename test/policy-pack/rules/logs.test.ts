import { type Rule } from "../../../policy-pack/core/rule";
import { logsRules } from "../../../policy-pack/rules/logs";
import { describeRule, type Subject, unknown } from "../support/pack";

const rule = (name: string): Rule => logsRules.find((each) => each.name === name)!;
const keyArn = "arn:aws:kms:ap-northeast-2:123456789012:key/0000-0000";
const group = (props: Record<string, unknown>, more: Partial<Subject> = {}): Subject => ({
    type: "aws:cloudwatch/logGroup:LogGroup",
    name: "group",
    props,
    ...more,
});
const arn = (name: string): string => `arn:aws:logs:ap-northeast-2:123456789012:log-group:${name}`;

describeRule(rule("cloudwatch-log-group-require-retention"), [
    { title: "accepts 30 days", subjects: group({ retentionInDays: 30 }) },
    { title: "accepts 400 days", subjects: group({ retentionInDays: 400 }) },
    { title: "leaves groups of deliveries alone", subjects: group({ logGroupClass: "DELIVERY" }) },
    ...[null, 0, 7, 31, 545, "forever"].map((retentionInDays) => ({
        title: `refuses ${String(retentionInDays)}`,
        subjects: group({ retentionInDays }),
        fails: ["retentionInDays must be between 30 and 400"],
    })),
    { title: "waits for the days", subjects: group({ retentionInDays: unknown }), undetermined: "retentionInDays" },
]);

describeRule(rule("cloudwatch-log-group-require-customer-key"), [
    { title: "accepts a key's ARN", subjects: group({ kmsKeyId: keyArn }) },
    {
        title: "accepts a key of the stack that has no ARN yet",
        subjects: [
            { type: "aws:kms/key:Key", name: "key", props: {} },
            group({ kmsKeyId: unknown }, { refersTo: { kmsKeyId: "key" } }),
        ],
    },
    { title: "refuses none", subjects: group({}), fails: ["kmsKeyId must be the ARN"] },
    { title: "refuses an alias", subjects: group({ kmsKeyId: "alias/aws/logs" }), fails: ["kmsKeyId must be the ARN"] },
    {
        title: "waits for a key that it knows nothing of",
        subjects: group({ kmsKeyId: unknown }),
        undetermined: "kmsKeyId",
    },
]);

const task = (logConfiguration: unknown, more: Partial<Subject> = {}): Subject => ({
    type: "aws:ecs/taskDefinition:TaskDefinition",
    props: { containerDefinitions: JSON.stringify([{ name: "app", logConfiguration }]) },
    ...more,
});

/** What writes to which group: that group is in the stack, or not. */
const producers: [title: string, group: string, producer: Subject][] = [
    [
        "a function with a group",
        "/own",
        { type: "aws:lambda/function:Function", props: { name: "f", loggingConfig: { logGroup: "/own" } } },
    ],
    ["a function without a group", "/aws/lambda/f", { type: "aws:lambda/function:Function", props: { name: "f" } }],
    ["a container", "/app", task({ logDriver: "awslogs", options: { "awslogs-group": "/app" } })],
    [
        "access logs of an HTTP or WebSocket stage",
        "/access",
        { type: "aws:apigatewayv2/stage:Stage", props: { accessLogSettings: { destinationArn: arn("/access") } } },
    ],
    [
        "access logs of a REST stage",
        "/access",
        { type: "aws:apigateway/stage:Stage", props: { accessLogSettings: { destinationArn: arn("/access") } } },
    ],
    [
        "execution logs of a WebSocket stage",
        "/aws/apigateway/api1/live",
        {
            type: "aws:apigatewayv2/stage:Stage",
            props: { apiId: "api1", name: "live", defaultRouteSettings: { loggingLevel: "ERROR" } },
        },
    ],
    [
        "execution logs of a REST stage",
        "API-Gateway-Execution-Logs_api1/live",
        {
            type: "aws:apigateway/methodSettings:MethodSettings",
            props: { restApi: "api1", stageName: "live", settings: { loggingLevel: "INFO" } },
        },
    ],
    [
        "brokers",
        "/kafka",
        {
            type: "aws:msk/cluster:Cluster",
            props: { loggingInfo: { brokerLogs: { cloudwatchLogs: { enabled: true, logGroup: "/kafka" } } } },
        },
    ],
    [
        "connectors",
        "/connect",
        {
            type: "aws:mskconnect/connector:Connector",
            props: { logDelivery: { workerLogDelivery: { cloudwatchLogs: { enabled: true, logGroup: "/connect" } } } },
        },
    ],
    [
        "exports of a database",
        "/aws/rds/instance/db/postgresql",
        {
            type: "aws:rds/instance:Instance",
            props: { identifier: "db", enabledCloudwatchLogsExports: ["postgresql"] },
        },
    ],
    [
        "exports of a database cluster",
        "/aws/rds/cluster/db/postgresql",
        {
            type: "aws:rds/cluster:Cluster",
            props: { clusterIdentifier: "db", enabledCloudwatchLogsExports: ["postgresql"] },
        },
    ],
    [
        "exports of a document database",
        "/aws/docdb/db/audit",
        {
            type: "aws:docdb/cluster:Cluster",
            props: { clusterIdentifier: "db", enabledCloudwatchLogsExports: ["audit"] },
        },
    ],
    [
        "exports of a graph database",
        "/aws/neptune/db/audit",
        {
            type: "aws:neptune/cluster:Cluster",
            props: { clusterIdentifier: "db", enableCloudwatchLogsExports: ["audit"] },
        },
    ],
    ["a database proxy", "/aws/rds/proxy/p", { type: "aws:rds/proxy:Proxy", props: { name: "p" } }],
    [
        "a cache",
        "/slow",
        {
            type: "aws:elasticache/replicationGroup:ReplicationGroup",
            props: { logDeliveryConfigurations: [{ destination: "/slow", destinationType: "cloudwatch-logs" }] },
        },
    ],
    ["flow logs", "/flows", { type: "aws:ec2/flowLog:FlowLog", props: { logDestination: `${arn("/flows")}:*` } }],
    [
        "Container Insights",
        "/aws/ecs/containerinsights/c/performance",
        {
            type: "aws:ecs/cluster:Cluster",
            props: { name: "c", settings: [{ name: "containerInsights", value: "enhanced" }] },
        },
    ],
    [
        "shells in containers",
        "/shell",
        {
            type: "aws:ecs/cluster:Cluster",
            props: {
                name: "c",
                configuration: {
                    executeCommandConfiguration: { logConfiguration: { cloudWatchLogGroupName: "/shell" } },
                },
            },
        },
    ],
    [
        "Service Connect",
        "/connect",
        {
            type: "aws:ecs/service:Service",
            props: { serviceConnectConfiguration: { logConfiguration: { options: { "awslogs-group": "/connect" } } } },
        },
    ],
    [
        "state machines",
        "/machine",
        {
            type: "aws:sfn/stateMachine:StateMachine",
            props: { loggingConfiguration: { logDestination: `${arn("/machine")}:*` } },
        },
    ],
    [
        "pipes",
        "/pipe",
        {
            type: "aws:pipes/pipe:Pipe",
            props: { logConfiguration: { cloudwatchLogsLogDestination: { logGroupArn: arn("/pipe") } } },
        },
    ],
    [
        "queries of a zone",
        "/zone",
        { type: "aws:route53/queryLog:QueryLog", props: { cloudwatchLogGroupArn: arn("/zone") } },
    ],
    [
        "deliveries, such as those of event buses",
        "/bus",
        {
            type: "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination",
            props: { deliveryDestinationConfiguration: { destinationResourceArn: arn("/bus") } },
        },
    ],
    ["builds", "/aws/codebuild/b", { type: "aws:codebuild/project:Project", props: { name: "b" } }],
    [
        "trails",
        "/trail",
        { type: "aws:cloudtrail/trail:Trail", props: { cloudWatchLogsGroupArn: `${arn("/trail")}:*` } },
    ],
];

describeRule(rule("logs-producer-require-managed-group"), [
    ...producers.flatMap(([title, name, producer]) => [
        { title: `accepts ${title} with a group`, subjects: [group({ name }), producer] },
        {
            title: `refuses ${title} without a group`,
            subjects: [group({ name: "/other" }), producer],
            fails: [`the log group ${name} must be`],
        },
    ]),
    {
        title: "lets what logs nothing, or to elsewhere, pass",
        subjects: [
            {
                type: "aws:ec2/flowLog:FlowLog",
                name: "f",
                props: { logDestinationType: "s3", logDestination: "arn:aws:s3:::b" },
            },
            {
                type: "aws:apigatewayv2/stage:Stage",
                name: "s",
                props: { accessLogSettings: { destinationArn: "arn:aws:firehose:ap-northeast-2:1:deliverystream/d" } },
            },
            {
                type: "aws:msk/cluster:Cluster",
                name: "m",
                props: { loggingInfo: { brokerLogs: { cloudwatchLogs: { enabled: false, logGroup: "/x" } } } },
            },
            { ...task({ logDriver: "awsfirelens" }), name: "t" },
            {
                type: "aws:ecs/cluster:Cluster",
                name: "c",
                props: { settings: [{ name: "containerInsights", value: "disabled" }] },
            },
        ],
    },
    {
        title: "joins by reference while names are unknown",
        subjects: [
            group({}),
            {
                type: "aws:ec2/flowLog:FlowLog",
                name: "flow",
                props: { logDestination: unknown },
                refersTo: { logDestination: "group" },
            },
            { type: "aws:apigatewayv2/api:Api", name: "api", props: {} },
            group({ name: unknown }, { name: "execution", refersTo: { name: "api" } }),
            {
                type: "aws:apigatewayv2/stage:Stage",
                name: "stage",
                props: { apiId: unknown, name: "live", defaultRouteSettings: { loggingLevel: "INFO" } },
                refersTo: { apiId: "api" },
            },
        ],
    },
    {
        title: "refuses groups that ECS makes",
        subjects: [
            group({ name: "/app" }),
            task({ logDriver: "awslogs", options: { "awslogs-group": "/app", "awslogs-create-group": "true" } }),
        ],
        fails: ["awslogs-create-group must be left out"],
    },
    {
        title: "refuses a container that names no group, and definitions that are no JSON",
        subjects: [
            { ...task({ logDriver: "awslogs" }), name: "a" },
            { type: "aws:ecs/taskDefinition:TaskDefinition", name: "b", props: { containerDefinitions: "[{" } },
        ],
        fails: ["must be the name or ARN", "must be a JSON list"],
    },
    {
        title: "waits for container definitions",
        subjects: { type: "aws:ecs/taskDefinition:TaskDefinition", props: { containerDefinitions: unknown } },
        undetermined: "containerDefinitions",
    },
    {
        title: "waits for a destination that nothing is known of",
        subjects: { type: "aws:ec2/flowLog:FlowLog", props: { logDestination: unknown } },
        undetermined: "logDestination",
    },
    {
        title: "waits for the name that a group's name is made from",
        subjects: { type: "aws:lambda/function:Function", props: { name: unknown } },
        undetermined: "name",
    },
    {
        title: "survives odd types",
        subjects: [
            { type: "aws:ec2/flowLog:FlowLog", name: "a", props: { logDestination: 5 } },
            { type: "aws:ecs/cluster:Cluster", name: "b", props: { settings: 3, configuration: "x" } },
            { type: "aws:rds/instance:Instance", name: "c", props: { enabledCloudwatchLogsExports: { a: 1 } } },
        ],
        fails: ["must be the name or ARN", /log group/],
    },
]);
