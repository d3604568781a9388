import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { access, type Access, type EncryptionKey, pascalCase, policyDocument, type Scope } from "../building-blocks";

/** What a queue is for: `work` is waiting to be done, `failure` could not be done and waits for a person. */
export type QueueKind = "work" | "failure";

export interface QueueArgs {
    scope: Scope;
    /** Service that works on it, or whose failures it keeps. */
    service: string;
    /** Last part of the physical name: `strategies-failed` gives `aipx-dev-strategies-failed`. A change replaces the queue. */
    queueName: string;
    kind: QueueKind;
    /**
     * Whether messages of a group keep their order and are delivered once. Ends the name in `.fifo`; a change replaces the queue.
     * @default false
     */
    fifo?: boolean;
    /** Key of the messages. Left out, SQS encrypts with a key of its own. */
    key?: EncryptionKey;
    /** An AWS service that sends by itself, and on behalf of what. Roles of this account send by their own policies. */
    sender?: { servicePrincipal: string; sourceArns: string[] };
    /**
     * Seconds for which a message is hidden from others after it was received.
     * @default 30, as SQS
     */
    visibilityTimeoutSeconds?: number;
    /** Where a message goes that was received `maxReceiveCount` times without being deleted. */
    redrive?: { to: Queue; maxReceiveCount: number };
}

/** Seconds that messages are kept: failures for as long as SQS can; work for a day, after which nobody waits for it. */
const retentionSeconds: Record<QueueKind, number> = { work: 86_400, failure: 1_209_600 };

/** An encrypted SQS queue that is reached by TLS only, and to which only this account and the declared sender send. */
export class Queue extends pulumi.ComponentResource {
    readonly service: string;
    readonly kind: QueueKind;
    /** Physical name. */
    readonly queueName: string;
    readonly arn: string;
    /** Where messages are sent to: `https://sqs...`. */
    readonly url: string;
    /** The queue and its policy: whoever uses the queue by name depends on them. */
    readonly ready: pulumi.Resource[];
    private readonly key: EncryptionKey | undefined;
    private readonly sid: string;

    constructor(name: string, args: QueueArgs, opts?: pulumi.ComponentResourceOptions) {
        super("aipx:coldpath:Queue", name, {}, opts);
        const { scope, fifo, key, sender, redrive } = args;
        this.service = args.service;
        this.kind = args.kind;
        this.queueName = `${scope.name(args.queueName)}${fifo ? ".fifo" : ""}`;
        this.arn = scope.arn("sqs", this.queueName);
        this.url = `https://sqs.${scope.region}.amazonaws.com/${scope.accountId}/${this.queueName}`;
        this.key = key;
        this.sid = pascalCase(args.queueName);

        const queue = new aws.sqs.Queue(
            name,
            {
                name: this.queueName,
                messageRetentionSeconds: retentionSeconds[args.kind],
                visibilityTimeoutSeconds: args.visibilityTimeoutSeconds,
                ...(key ? { kmsMasterKeyId: key.arn } : { sqsManagedSseEnabled: true }),
                // Order and uniqueness hold within a group, so that groups do not share one limit of messages a second.
                ...(fifo && {
                    fifoQueue: true,
                    deduplicationScope: "messageGroup",
                    fifoThroughputLimit: "perMessageGroupId",
                }),
                ...(redrive && {
                    redrivePolicy: JSON.stringify({
                        deadLetterTargetArn: redrive.to.arn,
                        maxReceiveCount: redrive.maxReceiveCount,
                    }),
                }),
            },
            { parent: this, dependsOn: redrive?.to.ready },
        );
        const policy = new aws.sqs.QueuePolicy(
            name,
            {
                queueUrl: queue.url,
                policy: policyDocument([
                    {
                        sid: "TlsOnly",
                        effect: "Deny",
                        principals: "*",
                        actions: ["sqs:*"],
                        resources: [this.arn],
                        conditions: { Bool: { "aws:SecureTransport": "false" } },
                    },
                    ...(sender
                        ? [
                              {
                                  sid: "Sender",
                                  principals: { Service: sender.servicePrincipal },
                                  actions: ["sqs:SendMessage"],
                                  resources: [this.arn],
                                  conditions: {
                                      ArnEquals: { "aws:SourceArn": sender.sourceArns },
                                      StringEquals: { "aws:SourceAccount": scope.accountId },
                                  },
                              },
                          ]
                        : []),
                ]),
            },
            { parent: this },
        );
        this.ready = [queue, policy];
        this.registerOutputs({ queueName: this.queueName });
    }

    /** What a role needs in order to send. */
    send(): Access {
        return access({
            statements: [
                { sid: `Send${this.sid}`, actions: ["sqs:SendMessage"], resources: [this.arn] },
                ...(this.key ? [this.key.useThrough("sqs", "read-write", `Encrypt${this.sid}`)] : []),
            ],
            dependsOn: this.ready,
        });
    }

    /** What the role of a function needs that the queue triggers. */
    receive(): Access {
        return access({
            statements: [
                {
                    sid: `Receive${this.sid}`,
                    actions: ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"],
                    resources: [this.arn],
                },
                ...(this.key ? [this.key.useThrough("sqs", "read", `Decrypt${this.sid}`)] : []),
            ],
            dependsOn: this.ready,
        });
    }
}
