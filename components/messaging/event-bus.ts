import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
    access,
    type Access,
    type LogRetention,
    pascalCase,
    policyDocument,
    type Scope,
    tagged,
    suppress,
} from "../building-blocks";
import { type Keys } from "../encryption";
import { Queue } from "./queue";

export interface EventBusArgs {
    scope: Scope;
    keys: Keys;
    /** Whether the bus and its archive may be deleted. */
    disposable: boolean;
    /** The archive keeps events as long as logs are kept. */
    logs: LogRetention;
}

/**
 * The platform's own event bus: what happened (an order was executed, a limit was hit), for whoever wants to know. Encrypted with
 * the key of messages, archived for replay, and open to this account's roles only, each with the sources it may speak for.
 *
 * $1 a million events; the archive $0.10 a GB.
 */
export class EventBus extends pulumi.ComponentResource {
    /** Physical name. */
    readonly busName: string;
    readonly arn: string;
    /** The bus itself: rules depend on it. */
    readonly bus: aws.cloudwatch.EventBus;
    /** Events that the bus could not encrypt or decrypt, and those of AWS's default bus that a rule of ours could not deliver. */
    readonly failures: Queue;
    private readonly policy: aws.cloudwatch.EventBusPolicy;

    constructor(name: string, args: EventBusArgs, opts?: pulumi.ComponentResourceOptions) {
        super("aipx:coldpath:EventBus", name, {}, tagged({ component: "events" }, opts));
        const { scope, keys, disposable } = args;
        this.busName = scope.name("events");
        this.arn = scope.arn("events", `event-bus/${this.busName}`);

        const accepted = suppress(
            "aws:sqs/queue:Queue",
            `${name}-failed`,
            {
                policy: "sqs-queue-require-cmk",
                reason: "It takes the events for which our key could not be used; with that key it could not take them either. SQS encrypts it with a key of its own.",
                owner: "platform-team",
                expires: "2027-09-30",
            },
            { parent: this },
        );
        this.failures = new Queue(
            `${name}-failed`,
            {
                scope,
                service: "events",
                queueName: "events-failed",
                kind: "failure",
                // Without our key: this queue takes the events for which that key could not be used.
                sender: {
                    servicePrincipal: "events.amazonaws.com",
                    sourceArns: [this.arn, scope.arn("events", `rule/${scope.name("*")}`)],
                },
            },
            { parent: this, dependsOn: accepted },
        );
        this.bus = new aws.cloudwatch.EventBus(
            name,
            {
                name: this.busName,
                description: `What happens on ${scope.name()}`,
                kmsKeyIdentifier: keys.messages.arn,
                deadLetterConfig: { arn: this.failures.arn },
            },
            { parent: this, protect: !disposable, dependsOn: this.failures.ready },
        );
        this.policy = new aws.cloudwatch.EventBusPolicy(
            name,
            {
                eventBusName: this.bus.name,
                policy: policyDocument([
                    {
                        sid: "ThisAccount",
                        principals: { AWS: scope.globalArn("iam", "root") },
                        actions: ["events:PutEvents"],
                        resources: [this.arn],
                    },
                ]),
            },
            { parent: this },
        );
        new aws.cloudwatch.EventArchive(
            name,
            {
                name: this.busName,
                description: `All events of ${this.busName}, for replay`,
                eventSourceArn: this.bus.arn,
                kmsKeyIdentifier: keys.messages.arn,
                retentionDays: args.logs.retentionDays,
            },
            { parent: this, protect: !disposable },
        );
        this.registerOutputs({ busName: this.busName, arn: this.arn });
    }

    /**
     * What a role needs in order to publish events of one source (`aipx.oms`). The way to EventBridge is not part of it: that is
     * the network's `awsApis`.
     */
    publish(source: string): Access {
        return access({
            statements: [
                {
                    sid: `Publish${pascalCase(source)}`,
                    actions: ["events:PutEvents"],
                    resources: [this.arn],
                    conditions: { StringEquals: { "events:source": source } },
                },
            ],
            environment: { EVENT_BUS_NAME: { value: this.busName } },
            dependsOn: [this.bus, this.policy],
        });
    }
}
