import * as pulumi from "@pulumi/pulumi";
import { type FunctionSize, type LambdaFunction, ServiceSecret, suppress, tagged } from "../building-blocks";
import { type Postgres, type Redis } from "../data-layer";
import { Queue } from "../messaging";
import { secretNames } from "../secret-names";
import { invokeModels } from "./bedrock";
import { answerConnections, CognitiveDispatcher, dispatchTimeout } from "./cognitive-dispatcher";
import { deployCode, deployFunction, type Deployment, functionRepository, functionSecurityGroup } from "./deployment";
import { WebSocketApi } from "./web-socket-api";
import { WebSocketEndpoint } from "./web-socket-endpoint";

/** What the stack's settings say about the cognitive service: its size, and what it may call. Its timeout, at most 855 seconds, is the longest that a person waits. */
export interface CognitiveSettings extends FunctionSize {
    /** Ids of Bedrock models or inference profiles that the agent may call. */
    bedrockModels: string[];
    /** Most messages and new connections a second, over all connections. */
    messagesPerSecond: number;
}

export interface CognitiveArgs {
    deployment: Deployment;
    settings: CognitiveSettings;
    /** Size of the function that decides who may connect. */
    authorizer: FunctionSize;
    redis: Pick<Redis, "connect">;
    postgres: Pick<Postgres, "connect">;
}

/**
 * The cognitive service: an agent that people talk to over a WebSocket.
 *
 * A message goes from API Gateway into a FIFO queue, and from there, one at a time of each connection and in order, through a
 * dispatcher to the agent; the agent answers through the API's callback URL whenever it is ready, up to its own timeout. Who
 * gets no answer is told at once by the dispatcher, which keeps the message in the failure queue.
 *
 * The API exists only when both images are set, the agent's and the authorizer's: there is never an API that anybody may connect to.
 */
export class Cognitive extends pulumi.ComponentResource {
    readonly functions: LambdaFunction[] = [];
    readonly messages: Queue;
    readonly failures: Queue;
    readonly signingKey: ServiceSecret;
    readonly endpoint: WebSocketEndpoint | undefined;
    readonly accessLogGroupName: string | undefined;
    readonly repositoryUrls: Record<string, string>;
    readonly servicesWaitingForImages: string[];

    constructor(name: string, args: CognitiveArgs, opts?: pulumi.ComponentResourceOptions) {
        super("aipx:coldpath:Cognitive", name, {}, tagged({ service: "cognitive" }, opts));
        const { deployment, settings, redis, postgres } = args;
        const { scope, keys, disposable, network, images, logs } = deployment;
        const childOptions = { parent: this };
        const agent = { name: `${name}-agent`, service: "cognitive" };
        const authorizer = { name: `${name}-authorizer`, service: "websocket-authorizer" };
        const handshake = { name: `${name}-connect`, service: "websocket-connect" };
        const authorizerOptions = tagged({ service: authorizer.service }, childOptions);
        const handshakeOptions = tagged({ service: handshake.service }, childOptions);

        const agentRepository = functionRepository(agent.name, deployment, agent.service, childOptions);
        const authorizerRepository = functionRepository(
            authorizer.name,
            deployment,
            authorizer.service,
            authorizerOptions,
        );
        this.repositoryUrls = { [agent.service]: agentRepository.url, [authorizer.service]: authorizerRepository.url };
        this.servicesWaitingForImages = [agent, authorizer]
            .map(({ service }) => service)
            .filter((service) => images[service] === undefined);

        this.signingKey = new ServiceSecret(
            `${name}-signing-key`,
            {
                scope,
                secretName: secretNames.webSocketSigningKey,
                description: "Key with which tokens of WebSocket clients are signed",
                keys: ["signing_key"],
                key: keys.services,
                disposable,
            },
            authorizerOptions,
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
            childOptions,
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
                // The least that Lambda takes, and not six times as much, as AWS advises for functions that fail: a dispatch fails
                // only when it dies, and then its connection waits for so long.
                visibilityTimeoutSeconds: dispatchTimeout(settings.timeoutSeconds),
                // The second time, the dispatcher only reports that the first one died.
                redrive: { to: this.failures, maxReceiveCount: 2 },
            },
            childOptions,
        );

        const agentImage = images[agent.service];
        const authorizerImage = images[authorizer.service];
        if (agentImage !== undefined && authorizerImage !== undefined) {
            const endpoint = new WebSocketEndpoint(`${name}-api`, { scope, apiName: "cognitive-api" }, childOptions);
            const authorizerFunction = deployFunction(
                authorizer.name,
                deployment,
                {
                    service: authorizer.service,
                    image: authorizerImage,
                    repository: authorizerRepository,
                    size: args.authorizer,
                    securityGroup: functionSecurityGroup(
                        authorizer.name,
                        deployment,
                        authorizer.service,
                        authorizerOptions,
                    ),
                    environment: { WEBSOCKET_SIGNING_KEY_SECRET: this.signingKey.secretName },
                    access: [this.signingKey.read(), network.awsApis],
                },
                authorizerOptions,
            );
            const accepted = suppress(
                "aws:lambda/function:Function",
                agent.name,
                {
                    policy: "lambda-function-require-failure-destination",
                    reason: "Only its dispatcher may invoke it, waits until it ends, and keeps the messages that it fails on.",
                    owner: "platform-team",
                    expires: "2027-09-30",
                },
                childOptions,
            );
            const agentFunction = deployFunction(
                agent.name,
                deployment,
                {
                    service: agent.service,
                    image: agentImage,
                    repository: agentRepository,
                    size: settings,
                    securityGroup: functionSecurityGroup(agent.name, deployment, agent.service, childOptions),
                    environment: { WEBSOCKET_CALLBACK_URL: endpoint.callbackUrl },
                    access: [
                        answerConnections(scope, endpoint),
                        invokeModels(scope, settings.bedrockModels),
                        redis.connect("cognitive"),
                        postgres.connect("cognitive"),
                        network.awsApis,
                    ],
                },
                { ...childOptions, dependsOn: accepted },
            );
            const dispatcher = new CognitiveDispatcher(
                `${name}-dispatcher`,
                {
                    deployment,
                    endpoint,
                    messages: this.messages,
                    failures: this.failures,
                    agent: agentFunction,
                    agentConcurrency: settings.reservedConcurrency,
                },
                childOptions,
            );
            const connect = deployCode(
                handshake.name,
                deployment,
                {
                    service: handshake.service,
                    size: {
                        memoryMB: 256,
                        timeoutSeconds: 5,
                        // Who was admitted is answered.
                        reservedConcurrency: args.authorizer.reservedConcurrency,
                    },
                    // It answers from the handshake alone and reaches nothing.
                    securityGroup: functionSecurityGroup(
                        handshake.name,
                        deployment,
                        handshake.service,
                        handshakeOptions,
                    ),
                    access: [],
                },
                handshakeOptions,
            );
            const api = new WebSocketApi(
                `${name}-api`,
                {
                    scope,
                    endpoint,
                    apiName: "cognitive-api",
                    authorizer: authorizerFunction,
                    connect,
                    messages: this.messages,
                    messagesPerSecond: settings.messagesPerSecond,
                    logs,
                },
                childOptions,
            );
            this.functions.push(agentFunction, dispatcher.function, authorizerFunction, connect);
            this.endpoint = endpoint;
            this.accessLogGroupName = api.accessLogGroupName;
        }
        this.registerOutputs({ webSocketUrl: this.endpoint?.url });
    }
}
