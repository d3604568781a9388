import * as pulumi from "@pulumi/pulumi";
import { type Access, type FunctionSize, type LambdaFunction, tagged } from "../building-blocks";
import { type AccessLogs, type DataLake, type Kafka, type Postgres, type Redis } from "../data-layer";
import { type EventBus, type QueueKind } from "../messaging";
import { type EventListener } from "../operations/events";
import { Cognitive, type CognitiveSettings } from "./cognitive";
import { DataRecorder, type DataRecorderSettings } from "./data-recorder";
import { type Deployment } from "./deployment";
import { FailedRecords } from "./failed-records";
import { type Consumer } from "./kafka-trigger";
import { Notification } from "./notification";
import { Strategies, type StrategySettings } from "./strategies";

export interface ColdPathArgs extends Deployment {
    /** The stores that the functions read and write. */
    data: {
        kafka: Pick<Kafka, "clusterArn" | "trigger">;
        redis: Pick<Redis, "connect">;
        postgres: Pick<Postgres, "connect">;
        dataLake: Pick<DataLake, "write">;
        accessLogs: Pick<AccessLogs, "bucketName" | "prefixFor">;
    };
    /** The platform's bus, for notifications. */
    events: EventBus;
    /** The order management service, to which strategies send orders. */
    oms: { connect(): Access };
    /** Strategies by name, lower case with hyphens. Five or five hundred. */
    strategies: Record<string, StrategySettings>;
    dataRecorder: DataRecorderSettings;
    cognitive: CognitiveSettings;
    /** The function that decides who may connect to the cognitive service. API Gateway waits 29 seconds for it at most. */
    websocketAuthorizer: FunctionSize;
    notification: FunctionSize;
}

/** A queue, as alarms and the dashboard need it. */
export interface QueueReference {
    service: string;
    queueName: string;
    kind: QueueKind;
}

/**
 * Everything that may take longer than an order: strategy workers, the data recorder, the cognitive service with its WebSocket API,
 * and notifications. All of it functions, which cost nothing while nothing happens.
 */
export class ColdPath extends pulumi.ComponentResource {
    /** The functions that exist, in a stable order. */
    readonly functions: LambdaFunction[];
    /** Who reads which topics of Kafka, one entry for each topic of a service. */
    readonly consumers: Consumer[];
    /** All queues, the event bus's own among them. */
    readonly queues: QueueReference[];
    /** Where triggers of Kafka leave what their functions could not handle, and the queue that tells of it. */
    readonly failedRecords: { queueName: string; bucketName: string };
    /** Tells people in Slack and Telegram; also of events that others make rules for. */
    readonly notification: EventListener;
    /** Rules of EventBridge, and the bus of each: left out, AWS's default bus. */
    readonly rules: { ruleName: string; busName?: string }[];
    /** The WebSocket API, once the images of the cognitive service and of the authorizer are set. */
    readonly webSocketApi: { apiId: pulumi.Output<string>; stageName: string } | undefined;
    /** Where clients of the cognitive service connect: `wss://...`. */
    readonly webSocketUrl: pulumi.Output<string> | undefined;
    /** Secrets whose values people put in. */
    readonly secretNames: string[];
    readonly logGroupNames: string[];
    /** Where images are pushed to, by service. */
    readonly repositoryUrls: Record<string, string>;
    /** Services that were left out, for want of an image. */
    readonly servicesWaitingForImages: string[];

    constructor(name: string, args: ColdPathArgs, opts?: pulumi.ComponentResourceOptions) {
        super("aipx:coldpath:ColdPath", name, {}, tagged({ component: "cold-path" }, opts));
        const { data, events, oms } = args;
        const { scope, keys, disposable } = args;
        const deployment: Deployment = args;
        const childOptions = { parent: this };

        const failed = new FailedRecords(
            `${name}-failed-records`,
            { scope, keys, accessLogs: data.accessLogs, events, disposable },
            childOptions,
        );
        const strategies = new Strategies(
            `${name}-strategies`,
            { deployment, kafka: data.kafka, redis: data.redis, failed, oms, strategies: args.strategies },
            childOptions,
        );
        const recorder = new DataRecorder(
            `${name}-data-recorder`,
            { deployment, kafka: data.kafka, dataLake: data.dataLake, failed, settings: args.dataRecorder },
            childOptions,
        );
        const cognitive = new Cognitive(
            `${name}-cognitive`,
            {
                deployment,
                settings: args.cognitive,
                redis: data.redis,
                postgres: data.postgres,
                authorizer: args.websocketAuthorizer,
            },
            childOptions,
        );
        const notification = new Notification(
            `${name}-notification`,
            { deployment, events, size: args.notification },
            childOptions,
        );

        const single = [recorder, notification];
        this.functions = [
            ...strategies.functions,
            ...cognitive.functions,
            ...single.flatMap(({ function: fn }) => (fn ? [fn] : [])),
        ];
        this.consumers = [...strategies.consumers, ...recorder.consumers];
        this.queues = [events.failures, cognitive.messages, cognitive.failures, notification.failures].map(
            ({ service, queueName, kind }) => ({ service, queueName, kind }),
        );
        this.failedRecords = { queueName: failed.queue.queueName, bucketName: failed.bucketName };
        this.notification = notification;
        this.rules = [failed.rule, ...notification.rules];
        this.webSocketApi = cognitive.endpoint && {
            apiId: cognitive.endpoint.apiId,
            stageName: cognitive.endpoint.stageName,
        };
        this.webSocketUrl = cognitive.endpoint?.url;
        this.secretNames = [cognitive.signingKey.secretName, notification.credentials.secretName];
        this.logGroupNames = [
            ...this.functions.map(({ logGroupName }) => logGroupName),
            ...(cognitive.accessLogGroupName === undefined ? [] : [cognitive.accessLogGroupName]),
        ];
        this.repositoryUrls = {
            ...strategies.repositoryUrls,
            ...cognitive.repositoryUrls,
            ...Object.fromEntries(single.map(({ service, repositoryUrl }) => [service, repositoryUrl])),
        };
        this.servicesWaitingForImages = [
            ...strategies.servicesWaitingForImages,
            ...cognitive.servicesWaitingForImages,
            ...single.flatMap(({ service, function: fn }) => (fn ? [] : [service])),
        ];
        this.registerOutputs({ webSocketUrl: this.webSocketUrl });
    }
}
