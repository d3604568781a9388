import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type FunctionSize, type ImageFunction, type Scope, ServiceSecret, tagged } from "../building-blocks";
import { omsEventSource } from "../hot-path/oms-names";
import { type EventBus, Queue } from "../messaging";
import { awsEventKeys, awsEventRule, type EventListener } from "../operations/events";
import { secretNames } from "../secret-names";
import { deployFunction, type Deployment, functionRepository, functionSecurityGroup } from "./deployment";

export interface NotificationArgs {
    deployment: Deployment;
    size: FunctionSize;
    events: EventBus;
}

/** Which events of the platform people are told about: by rule, who says it and what happened. */
export const notifiedEvents: Record<string, { source: string; detailTypes: string[] }> = {
    "order-executed": { source: omsEventSource, detailTypes: ["OrderExecuted", "OrderPartiallyExecuted"] },
    "order-rejected": { source: omsEventSource, detailTypes: ["OrderRejected", "OrderCancelled"] },
    risk: { source: omsEventSource, detailTypes: ["RiskLimitBreached", "TradingHalted", "TradingResumed"] },
};

/** A rule, as EventBridge knows it. */
interface Route {
    /** Physical name. */
    ruleName: string;
    /** Left out, AWS's default bus. */
    busName?: string;
    arn: string;
    description: string;
    pattern: object;
}

/** Everything that people are told about, by the key of its rule. */
function routes(scope: Scope, busName: string): Record<string, Route> {
    const route = (key: string, ruleBus: string | undefined, description: string, pattern: object): Route => {
        const ruleName = scope.name("notify", key);
        return {
            ruleName,
            busName: ruleBus,
            arn: scope.arn("events", `rule/${ruleBus === undefined ? "" : `${ruleBus}/`}${ruleName}`),
            description,
            pattern,
        };
    };
    const ours = Object.entries(notifiedEvents).map(([key, { source, detailTypes }]) => [
        key,
        route(key, busName, `Tells people about ${detailTypes.join(", ")}`, {
            source: [source],
            "detail-type": detailTypes,
        }),
    ]);
    return {
        ...(Object.fromEntries(ours) as Record<string, Route>),
        // AWS reports alarms on the default bus. A new alarm turns from no data to OK: nobody needs to know.
        alarm: route("alarm", undefined, `Tells people about alarms of ${scope.name()}, and their end`, {
            source: ["aws.cloudwatch"],
            "detail-type": ["CloudWatch Alarm State Change"],
            detail: {
                alarmName: [{ prefix: `${scope.name()}-` }],
                $or: [
                    { state: { value: ["ALARM"] } },
                    { state: { value: ["OK"] }, previousState: { value: ["ALARM"] } },
                ],
            },
        }),
    };
}

/** Seconds after which a message to people is no longer news. */
const newsSeconds = 3600;

/**
 * The notification service: tells people in Slack and Telegram what happens on the platform's bus, and which alarms went off.
 * What could not be delivered to it, and what it could not send, waits in one failure queue, with the events of AWS that could
 * not be told by mail.
 */
export class Notification extends pulumi.ComponentResource implements EventListener {
    readonly service = "notification";
    readonly function: ImageFunction | undefined;
    readonly failures: Queue;
    readonly credentials: ServiceSecret;
    readonly repositoryUrl: string;
    /** Rules that invoke the function; none while there is no image. */
    readonly rules: { ruleName: string; busName?: string }[];

    constructor(name: string, args: NotificationArgs, opts?: pulumi.ComponentResourceOptions) {
        super("aipx:coldpath:Notification", name, {}, tagged({ service: "notification" }, opts));
        const { deployment, size, events } = args;
        const { scope, keys, disposable, network, images } = deployment;
        const { service } = this;
        const childOptions = { parent: this };
        const rules = routes(scope, events.busName);

        const repository = functionRepository(name, deployment, service, childOptions);
        this.repositoryUrl = repository.url;
        this.credentials = new ServiceSecret(
            `${name}-credentials`,
            {
                scope,
                secretName: secretNames.notification,
                description: "Where notifications go: Slack and Telegram",
                keys: ["slack_webhook_url", "telegram_bot_token", "telegram_chat_id"],
                key: keys.services,
                disposable,
            },
            childOptions,
        );
        this.failures = new Queue(
            `${name}-failed`,
            {
                scope,
                service,
                queueName: `${service}-failed`,
                kind: "failure",
                key: keys.messages,
                sender: {
                    servicePrincipal: "events.amazonaws.com",
                    sourceArns: [
                        ...Object.values(rules).map(({ arn }) => arn),
                        ...awsEventKeys.map((key) => awsEventRule(scope, key).arn),
                    ],
                },
            },
            childOptions,
        );

        const image = images[service];
        this.rules =
            image === undefined ? [] : Object.values(rules).map(({ ruleName, busName }) => ({ ruleName, busName }));
        if (image !== undefined) {
            this.function = deployFunction(
                name,
                deployment,
                {
                    service,
                    image,
                    repository,
                    size,
                    securityGroup: functionSecurityGroup(name, deployment, service, childOptions),
                    environment: { NOTIFICATION_CREDENTIALS_SECRET: this.credentials.secretName },
                    access: [this.credentials.read(), this.failures.send(), network.awsApis],
                },
                childOptions,
            );
            new aws.lambda.FunctionEventInvokeConfig(
                name,
                {
                    functionName: this.function.functionName,
                    maximumRetryAttempts: 2,
                    maximumEventAgeInSeconds: newsSeconds,
                    destinationConfig: { onFailure: { destination: this.failures.arn } },
                },
                { ...childOptions, dependsOn: [...this.function.ready, ...this.failures.ready] },
            );
            for (const [key, route] of Object.entries(rules)) {
                this.connect(`${name}-${key}`, route, this.function, events);
            }
        }
        this.registerOutputs({ repositoryUrl: this.repositoryUrl });
    }

    /** Lets a rule of AWS's default bus invoke the function; while there is no image, nothing does. */
    listen(name: string, rule: aws.cloudwatch.EventRule, ruleArn: string, opts: pulumi.CustomResourceOptions): void {
        if (this.function) {
            this.target(name, { rule, arn: ruleArn }, this.function, opts);
        }
    }

    /** A rule that invokes the function. */
    private connect(name: string, route: Route, fn: ImageFunction, events: EventBus): void {
        const childOptions = { parent: this };
        const rule = new aws.cloudwatch.EventRule(
            name,
            {
                name: route.ruleName,
                eventBusName: route.busName,
                description: route.description,
                eventPattern: JSON.stringify(route.pattern),
            },
            { ...childOptions, dependsOn: [events.bus] },
        );
        this.target(name, { rule, busName: route.busName, arn: route.arn }, fn, childOptions);
    }

    private target(
        name: string,
        { rule, busName, arn }: { rule: aws.cloudwatch.EventRule; busName?: string; arn: string },
        fn: ImageFunction,
        opts: pulumi.CustomResourceOptions,
    ): void {
        const permission = new aws.lambda.Permission(
            name,
            {
                action: "lambda:InvokeFunction",
                function: fn.functionName,
                principal: "events.amazonaws.com",
                sourceArn: arn,
            },
            { ...opts, dependsOn: fn.ready },
        );
        new aws.cloudwatch.EventTarget(
            name,
            {
                rule: rule.name,
                eventBusName: busName,
                targetId: this.service,
                arn: fn.arn,
                retryPolicy: { maximumEventAgeInSeconds: newsSeconds, maximumRetryAttempts: 10 },
                deadLetterConfig: { arn: this.failures.arn },
            },
            { ...opts, dependsOn: [permission, ...this.failures.ready] },
        );
    }
}
