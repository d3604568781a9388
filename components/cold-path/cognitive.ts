import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { access, type FunctionSize, type ImageFunction, ServiceSecret, tagged } from "../building-blocks";
import { type Postgres, type Redis } from "../data-layer";
import { invokeModels } from "./bedrock";
import { deployFunction, type Deployment, functionRepository, functionSecurityGroup } from "./deployment";
import { Queue } from "./queue";
import { WebSocketApi, WebSocketEndpoint } from "./web-socket-api";

/** Size of the cognitive service, and what it may call. */
export interface CognitiveSize extends FunctionSize {
    /** Ids of Bedrock models or inference profiles that the agent may call. */
    bedrockModels: string[];
    /** Most messages and new connections a second, over all connections. */
    messagesPerSecond: number;
}

export interface CognitiveArgs extends CognitiveSize {
    deployment: Deployment;
    /** Size of the function that decides who may connect. */
    authorizer: FunctionSize;
    redis: Pick<Redis, "connect">;
    postgres: Pick<Postgres, "connect">;
}

/**
 * The cognitive service: an agent that people talk to over a WebSocket.
 *
 * A message goes from API Gateway into a FIFO queue, and from there to the agent, one message at a time of each connection, in
 * order; the agent answers through the API's callback URL whenever it is ready, up to its own timeout. A message that fails
 * five times moves to the failure queue.
 *
 * The API exists only when both images are set, the agent's and the authorizer's: there is never an API that anybody may connect to.
 */
export class Cognitive extends pulumi.ComponentResource {
    readonly functions: ImageFunction[] = [];
    readonly messages: Queue;
    readonly failures: Queue;
    readonly tokens: ServiceSecret;
    readonly endpoint: WebSocketEndpoint | undefined;
    readonly accessLogGroupName: string | undefined;
    readonly repositoryUrls: Record<string, string>;
    readonly servicesWaitingForImages: string[];

    constructor(name: string, args: CognitiveArgs, opts?: pulumi.ComponentResourceOptions) {
        super("aipx:coldpath:Cognitive", name, {}, tagged({ service: "cognitive" }, opts));
        const { deployment, redis, postgres } = args;
        const { scope, keys, disposable, network, images, logs } = deployment;
        const own = { parent: this };
        const agent = { name: `${name}-agent`, service: "cognitive" };
        const gate = { name: `${name}-authorizer`, service: "websocket-authorizer" };
        const gateOptions = tagged({ service: gate.service }, own);

        const agentRepository = functionRepository(agent.name, deployment, agent.service, own);
        const gateRepository = functionRepository(gate.name, deployment, gate.service, gateOptions);
        this.repositoryUrls = { [agent.service]: agentRepository.url, [gate.service]: gateRepository.url };
        this.servicesWaitingForImages = [agent, gate]
            .map(({ service }) => service)
            .filter((service) => images[service] === undefined);

        this.tokens = new ServiceSecret(
            `${name}-tokens`,
            {
                scope,
                secretName: "websocket-tokens",
                description: "Key with which tokens of WebSocket clients are signed",
                keys: ["signing_key"],
                key: keys.services,
                disposable,
            },
            gateOptions,
        );
        this.failures = new Queue(
            `${name}-failed`,
            {
                scope,
                service: agent.service,
                queueName: "cognitive-failed",
                kind: "failure",
                fifo: true,
                key: keys.messages,
            },
            own,
        );
        this.messages = new Queue(
            `${name}-messages`,
            {
                scope,
                service: agent.service,
                queueName: "cognitive-messages",
                kind: "work",
                fifo: true,
                key: keys.messages,
                // Six times the function's timeout, as AWS advises: a message must not come back while it is being worked on.
                visibilityTimeoutSeconds: 6 * args.timeoutSeconds,
                // Five, because being turned away for want of concurrency counts as well.
                redrive: { to: this.failures, maxReceiveCount: 5 },
            },
            own,
        );

        const agentImage = images[agent.service];
        const gateImage = images[gate.service];
        if (agentImage !== undefined && gateImage !== undefined) {
            const endpoint = new WebSocketEndpoint(`${name}-api`, { scope, apiName: "cognitive-api" }, own);
            const authorizer = deployFunction(
                gate.name,
                deployment,
                {
                    service: gate.service,
                    image: gateImage,
                    repository: gateRepository,
                    size: args.authorizer,
                    securityGroup: functionSecurityGroup(gate.name, deployment, gate.service, gateOptions),
                    environment: { WEBSOCKET_TOKENS_SECRET: this.tokens.secretName },
                    access: [this.tokens.read(), network.awsApis],
                },
                gateOptions,
            );
            const worker = deployFunction(
                agent.name,
                deployment,
                {
                    service: agent.service,
                    image: agentImage,
                    repository: agentRepository,
                    size: args,
                    securityGroup: functionSecurityGroup(agent.name, deployment, agent.service, own),
                    environment: { WEBSOCKET_CALLBACK_URL: endpoint.callbackUrl },
                    access: [
                        this.messages.receive(),
                        access({
                            statements: [
                                {
                                    sid: "AnswerConnections",
                                    actions: ["execute-api:ManageConnections"],
                                    // The id of the API is AWS's; the name of the stage is this installation's alone.
                                    resources: [
                                        scope.arn("execute-api", `*/${endpoint.stageName}/POST/@connections/*`),
                                    ],
                                },
                            ],
                        }),
                        invokeModels(scope, args.bedrockModels),
                        redis.connect("cognitive"),
                        postgres.connect("cognitive"),
                        network.awsApis,
                    ],
                },
                own,
            );
            new aws.lambda.EventSourceMapping(
                `${name}-messages`,
                {
                    functionName: worker.arn,
                    eventSourceArn: this.messages.arn,
                    // An agent's run is long: one message each, so that none waits for, or fails with, another.
                    batchSize: 1,
                    // Not more than may run, or messages are turned away and count as failed. SQS's least is 2.
                    ...((args.reservedConcurrency ?? 0) >= 2 && {
                        scalingConfig: { maximumConcurrency: args.reservedConcurrency },
                    }),
                },
                { ...own, dependsOn: [...worker.ready, ...this.messages.ready] },
            );
            const api = new WebSocketApi(
                `${name}-api`,
                {
                    scope,
                    endpoint,
                    apiName: "cognitive-api",
                    authorizer,
                    messages: this.messages,
                    messagesPerSecond: args.messagesPerSecond,
                    logs,
                },
                own,
            );
            this.functions.push(worker, authorizer);
            this.endpoint = endpoint;
            this.accessLogGroupName = api.accessLogGroupName;
        }
        this.registerOutputs({ webSocketUrl: this.endpoint?.url });
    }
}
