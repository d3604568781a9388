import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { access, type Access, type CodeFunction, type ImageFunction, type Scope, tagged } from "../building-blocks";
import { type Queue } from "../messaging";
import { deployCode, type Deployment, functionSecurityGroup } from "./deployment";
import { type WebSocketEndpoint } from "./web-socket-endpoint";

/** Seconds that a dispatch takes beside the agent's own: tries to begin it, its start, the news to the person and to the queue. */
const dispatchSeconds = 45;

/** Seconds after which a dispatch must be done, if the agent may take so many. Lambda allows 900. */
export const dispatchTimeout = (agentTimeoutSeconds: number): number => agentTimeoutSeconds + dispatchSeconds;

export interface CognitiveDispatcherArgs {
    deployment: Deployment;
    endpoint: WebSocketEndpoint;
    /** FIFO queue of the messages. Its visibility timeout is the dispatch's. */
    messages: Queue;
    /** FIFO queue for messages without an answer. */
    failures: Queue;
    agent: ImageFunction;
    /** How many agents may run at a time, if that is limited. */
    agentConcurrency: number | undefined;
}

/** What a function needs in order to send over the connections of the API. */
export const answerConnections = (scope: Scope, endpoint: WebSocketEndpoint): Access =>
    access({
        statements: [
            {
                sid: "AnswerConnections",
                actions: ["execute-api:ManageConnections"],
                // The id of the API is AWS's; the name of the stage is this installation's alone.
                resources: [scope.arn("execute-api", `*/${endpoint.stageName}/POST/@connections/*`)],
            },
        ],
    });

/**
 * Stands between the queue and the agent: invokes the agent with one message at a time of each connection and waits for it. When
 * there is no answer it tells the person at once, keeps the message in the failure queue, and lets the conversation go on. The
 * queue by itself could only hide the message for longer than the agent may run, and its connection would wait.
 *
 * 256 MB while an agent runs: $0.0033 a thousand seconds, and $0.40 a million messages.
 */
export class CognitiveDispatcher extends pulumi.ComponentResource {
    readonly function: CodeFunction;

    constructor(name: string, args: CognitiveDispatcherArgs, opts?: pulumi.ComponentResourceOptions) {
        const service = "cognitive-dispatcher";
        super("aipx:coldpath:CognitiveDispatcher", name, {}, tagged({ service }, opts));
        const { deployment, endpoint, messages, failures, agent, agentConcurrency } = args;
        const { scope, network } = deployment;
        const childOptions = { parent: this };
        this.function = deployCode(
            name,
            deployment,
            {
                service,
                size: {
                    memoryMB: 256,
                    timeoutSeconds: dispatchTimeout(agent.timeoutSeconds),
                    // As many as agents, so that a message waits in the queue and is never turned away, which counts as received.
                    reservedConcurrency: agentConcurrency,
                },
                securityGroup: functionSecurityGroup(name, deployment, service, childOptions),
                environment: {
                    AGENT_FUNCTION: agent.functionName,
                    WEBSOCKET_CALLBACK_URL: endpoint.callbackUrl,
                    FAILURE_QUEUE_URL: failures.url,
                },
                access: [
                    messages.receive(),
                    failures.send(),
                    access({
                        statements: [
                            {
                                sid: "InvokeAgent",
                                actions: ["lambda:InvokeFunction"],
                                resources: [scope.arn("lambda", `function:${agent.functionName}`)],
                            },
                        ],
                        dependsOn: agent.ready,
                    }),
                    answerConnections(scope, endpoint),
                    network.awsApis,
                ],
                waitsFor: agent.service,
            },
            childOptions,
        );
        new aws.lambda.EventSourceMapping(
            name,
            {
                functionName: this.function.arn,
                eventSourceArn: messages.arn,
                // An agent's run is long: one message each, so that none waits for, or fails with, another.
                batchSize: 1,
                ...(agentConcurrency !== undefined && { scalingConfig: { maximumConcurrency: agentConcurrency } }),
            },
            { ...childOptions, dependsOn: [...this.function.ready, ...messages.ready] },
        );
        this.registerOutputs({ functionName: this.function.functionName });
    }
}
