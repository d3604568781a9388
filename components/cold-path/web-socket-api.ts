import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { combine, type LambdaFunction, logGroup, type LogRetention, type Scope, ServiceRole } from "../building-blocks";
import { type Queue } from "../messaging";
import { type WebSocketEndpoint } from "./web-socket-endpoint";

export interface WebSocketApiArgs {
    scope: Scope;
    endpoint: WebSocketEndpoint;
    /** Last part of the physical names of the role and the log group. */
    apiName: string;
    /** Function that decides who may connect, by the header `Sec-WebSocket-Protocol`. */
    authorizer: LambdaFunction;
    /** Function that answers the handshake of who may, and selects the subprotocol. */
    connect: LambdaFunction;
    /** FIFO queue that takes the messages. */
    messages: Queue;
    /** Most messages and new connections a second, over all connections. */
    messagesPerSecond: number;
    logs: LogRetention;
}

/**
 * What a message becomes on its way into the queue: an SQS call. The body is what the client sent; who sent it is in attributes.
 * Messages of a connection are a group, and so stay in order. `requestId` is the message's own, so that a repeated call adds nothing.
 */
const sendMessage = [
    "Action=SendMessage",
    "MessageGroupId=$util.urlEncode($context.connectionId)",
    "MessageDeduplicationId=$util.urlEncode($context.requestId)",
    ...[
        ["connectionId", "$context.connectionId"],
        ["requestId", "$context.requestId"],
        ["principalId", "$context.authorizer.principalId"],
    ].flatMap(([attribute, value], index) => [
        `MessageAttribute.${index + 1}.Name=${attribute}`,
        `MessageAttribute.${index + 1}.Value.DataType=String`,
        `MessageAttribute.${index + 1}.Value.StringValue=$util.urlEncode(${value})`,
    ]),
    "MessageBody=$util.urlEncode($input.body)",
].join("&");

/** Fields of a line of the access log. None holds a token: that is in a header. */
const accessLogFormat = JSON.stringify({
    requestId: "$context.requestId",
    time: "$context.requestTime",
    routeKey: "$context.routeKey",
    eventType: "$context.eventType",
    status: "$context.status",
    connectionId: "$context.connectionId",
    principalId: "$context.authorizer.principalId",
    sourceIp: "$context.identity.sourceIp",
    authorizerError: "$context.authorizer.error",
    integrationError: "$context.integrationErrorMessage",
    error: "$context.error.message",
});

/** Selects the template `$default`, whatever the message is: a constant, which API Gateway writes with a backslash. */
const always = "\\$default";

/**
 * Routes and stage of a WebSocket API whose messages go to a queue. `$connect` always has the authorizer: an API without one is
 * never deployed. API Gateway is done with a message once the queue has it, so its limit of 29 seconds does not matter; answers
 * go through the endpoint's `callbackUrl`.
 *
 * $1.14 a million messages and $0.285 a million connection minutes.
 */
export class WebSocketApi extends pulumi.ComponentResource {
    readonly accessLogGroupName: string;

    constructor(name: string, args: WebSocketApiArgs, opts?: pulumi.ComponentResourceOptions) {
        super("aipx:coldpath:WebSocketApi", name, {}, opts);
        const { scope, endpoint, messages, messagesPerSecond, logs } = args;
        const { apiId, stageName } = endpoint;
        const childOptions = { parent: this };

        const routes = [this.connectRoute(name, args), this.messageRoute(name, args)];
        const deployment = new aws.apigatewayv2.Deployment(
            name,
            // A deployment is a copy of the routes: it must be made anew whenever they change.
            {
                apiId,
                triggers: {
                    routes: fingerprint([sendMessage, messages.arn, args.connect.functionName, authorizerSettings]),
                },
            },
            { ...childOptions, dependsOn: routes.flat() },
        );

        this.accessLogGroupName = `/${scope.path(args.apiName)}`;
        const accessLogs = logGroup(`${name}-access`, this.accessLogGroupName, logs, childOptions);
        // API Gateway makes this one by itself, without retention and key, unless it is there.
        const executionLogs = logGroup(
            `${name}-execution`,
            pulumi.interpolate`/aws/apigateway/${apiId}/${stageName}`,
            logs,
            childOptions,
        );
        const logging = new ApiGatewayLogging(`${name}-logging`, { scope }, childOptions);
        new aws.apigatewayv2.Stage(
            name,
            {
                apiId,
                name: stageName,
                deploymentId: deployment.id,
                accessLogSettings: { destinationArn: accessLogs.arn, format: accessLogFormat },
                defaultRouteSettings: {
                    throttlingRateLimit: messagesPerSecond,
                    throttlingBurstLimit: messagesPerSecond,
                    loggingLevel: "ERROR",
                    // Would log headers, and so tokens, and what people write.
                    dataTraceEnabled: false,
                },
            },
            { ...childOptions, dependsOn: [executionLogs, logging.account] },
        );
        this.registerOutputs({ accessLogGroupName: this.accessLogGroupName });
    }

    /** `$connect`: admitted by the authorizer, then answered by a function, for nothing else can select the subprotocol. */
    private connectRoute(name: string, { endpoint, authorizer, connect }: WebSocketApiArgs): pulumi.Resource[] {
        const { apiId, executionArn, stageName } = endpoint;
        const childOptions = { parent: this };
        const apiAuthorizer = new aws.apigatewayv2.Authorizer(
            name,
            { apiId, name: authorizer.service, authorizerUri: authorizer.invokeArn, ...authorizerSettings },
            childOptions,
        );
        const mayInvoke = (key: string, fn: LambdaFunction, source: pulumi.Input<string>): pulumi.Resource =>
            new aws.lambda.Permission(
                `${name}-${key}`,
                {
                    action: "lambda:InvokeFunction",
                    function: fn.functionName,
                    principal: "apigateway.amazonaws.com",
                    sourceArn: pulumi.interpolate`${executionArn}/${source}`,
                },
                { ...childOptions, dependsOn: fn.ready },
            );
        const integration = new aws.apigatewayv2.Integration(
            `${name}-connect`,
            { apiId, integrationType: "AWS_PROXY", integrationMethod: "POST", integrationUri: connect.invokeArn },
            childOptions,
        );
        const route = new aws.apigatewayv2.Route(
            `${name}-connect`,
            {
                apiId,
                routeKey: "$connect",
                authorizationType: "CUSTOM",
                authorizerId: apiAuthorizer.id,
                target: pulumi.interpolate`integrations/${integration.id}`,
            },
            childOptions,
        );
        return [
            mayInvoke("authorizer", authorizer, pulumi.interpolate`authorizers/${apiAuthorizer.id}`),
            mayInvoke("connect", connect, `${stageName}/$connect`),
            route,
        ];
    }

    /** `$default`: every message, into the queue. */
    private messageRoute(name: string, { scope, endpoint, apiName, messages }: WebSocketApiArgs): pulumi.Resource[] {
        const { apiId } = endpoint;
        const childOptions = { parent: this };
        const send = combine([messages.send()]);
        const role = new ServiceRole(
            name,
            {
                roleName: scope.name(apiName),
                description: `Puts messages of the API ${scope.name(apiName)} into ${messages.queueName}`,
                servicePrincipal: "apigateway.amazonaws.com",
                statements: send.statements,
            },
            childOptions,
        );
        const integration = new aws.apigatewayv2.Integration(
            `${name}-messages`,
            {
                apiId,
                integrationType: "AWS",
                integrationMethod: "POST",
                integrationUri: `arn:${scope.partition}:apigateway:${scope.region}:sqs:path/${scope.accountId}/${messages.queueName}`,
                credentialsArn: role.arn,
                requestParameters: { "integration.request.header.Content-Type": "'application/x-www-form-urlencoded'" },
                requestTemplates: { $default: sendMessage },
                templateSelectionExpression: always,
                passthroughBehavior: "NEVER",
            },
            { ...childOptions, dependsOn: [...send.dependsOn, ...(role.policy ? [role.policy] : [])] },
        );
        const route = new aws.apigatewayv2.Route(
            `${name}-messages`,
            { apiId, routeKey: "$default", target: pulumi.interpolate`integrations/${integration.id}` },
            childOptions,
        );
        return [route];
    }
}

/**
 * The token is in a header, not in the URL: URLs end up in logs. This one is the only header that browsers let a page fill:
 * `new WebSocket(url, ["aipx.v1", "bearer." + token])`.
 */
const authorizerSettings = {
    authorizerType: "REQUEST",
    identitySources: ["route.request.header.Sec-WebSocket-Protocol"],
};

const fingerprint = (value: unknown): string => createHash("sha256").update(JSON.stringify(value)).digest("hex");

/**
 * API Gateway's permission to write logs. AWS keeps one such role for each account and region, whoever set it, and refuses
 * logging on any stage while there is none.
 *
 * Every installation therefore sets a role of its own, once, and leaves it behind when it is destroyed: the roles are alike, so it
 * does not matter whose is in place, and no installation takes away another's logs. The role's name is Pulumi's auto-name, because
 * an installation that is destroyed and made again finds its first role still there.
 */
class ApiGatewayLogging extends pulumi.ComponentResource {
    /** Stages depend on it. */
    readonly account: aws.apigateway.Account;

    constructor(name: string, { scope }: { scope: Scope }, opts: pulumi.ComponentResourceOptions) {
        super("aipx:coldpath:ApiGatewayLogging", name, {}, { ...opts, retainOnDelete: true });
        const role = new ServiceRole(
            name,
            {
                description: "Writes the logs of all APIs of this account and region",
                servicePrincipal: "apigateway.amazonaws.com",
                statements: [
                    {
                        sid: "WriteLogs",
                        // Exactly the actions of AWS's own policy for it: API Gateway refuses a role that has fewer.
                        actions: [
                            "logs:CreateLogGroup",
                            "logs:CreateLogStream",
                            "logs:DescribeLogGroups",
                            "logs:DescribeLogStreams",
                            "logs:FilterLogEvents",
                            "logs:GetLogEvents",
                            "logs:PutLogEvents",
                        ],
                        resources: [scope.arn("logs", "*")],
                    },
                ],
            },
            { parent: this, retainOnDelete: true },
        );
        this.account = new aws.apigateway.Account(
            name,
            { cloudwatchRoleArn: role.arn },
            {
                parent: this,
                retainOnDelete: true,
                // Another installation in the account may have set its own since.
                ignoreChanges: ["cloudwatchRoleArn"],
                dependsOn: role.policy ? [role.policy] : [],
            },
        );
        this.registerOutputs({});
    }
}
