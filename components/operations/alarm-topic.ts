import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { access, type Access, type EncryptionKey, policyDocument, type Scope } from "../building-blocks";

export interface AlarmTopicArgs {
    scope: Scope;
    /** Key of the messages. Its policy must admit the publishers: CloudWatch, Budgets and Cost Anomaly Detection. */
    key: EncryptionKey;
    /** Who gets everything by mail. AWS sends each address a link, and nothing else until it is followed. */
    emails: string[];
}

/** Last part of the topic's name. */
const topicPurpose = "alarms";

/** The one topic that alarms and cost reports go to, and who reads it. */
export class AlarmTopic extends pulumi.ComponentResource {
    readonly arn: pulumi.Output<string>;
    /** Budgets and Cost Anomaly Detection try to publish when they are told of the topic: they depend on this. */
    readonly policy: aws.sns.TopicPolicy;
    private readonly args: AlarmTopicArgs;

    constructor(name: string, args: AlarmTopicArgs, opts?: pulumi.ComponentResourceOptions) {
        super("aipx:operations:AlarmTopic", name, {}, opts);
        this.args = args;
        const { scope } = args;
        const topicName = scope.name(topicPurpose);
        const topicArn = scope.arn("sns", topicName);
        const topic = new aws.sns.Topic(
            name,
            { name: topicName, displayName: `${scope.name()} alarms`, kmsMasterKeyId: args.key.arn },
            { parent: this },
        );
        this.arn = topic.arn;
        const publisher = (sid: string, service: string, sourceArn?: string) => ({
            sid,
            principals: { Service: `${service}.amazonaws.com` },
            actions: ["sns:Publish"],
            resources: [topicArn],
            conditions: {
                StringEquals: { "aws:SourceAccount": scope.accountId },
                ...(sourceArn !== undefined && { ArnLike: { "aws:SourceArn": sourceArn } }),
            },
        });
        this.policy = new aws.sns.TopicPolicy(
            name,
            {
                arn: topic.arn,
                policy: policyDocument([
                    {
                        sid: "TlsOnly",
                        effect: "Deny",
                        principals: "*",
                        actions: ["sns:Publish"],
                        resources: [topicArn],
                        conditions: { Bool: { "aws:SecureTransport": "false" } },
                    },
                    publisher("Alarms", "cloudwatch", scope.arn("cloudwatch", `alarm:${scope.name("*")}`)),
                    publisher("Budgets", "budgets", scope.globalArn("budgets", "*")),
                    // Cost Anomaly Detection sends the account only.
                    publisher("CostAnomalies", "costalerts"),
                ]),
            },
            { parent: this },
        );
        for (const email of args.emails) {
            new aws.sns.TopicSubscription(
                `${name}-${email}`,
                { topic: topic.arn, protocol: "email", endpoint: email },
                { parent: this },
            );
        }
        this.registerOutputs({ arn: this.arn });
    }

    /** What a role needs in order to publish. */
    publish(): Access {
        const { scope, key } = this.args;
        return access({
            statements: [
                {
                    sid: "PublishAlarms",
                    actions: ["sns:Publish"],
                    resources: [scope.arn("sns", scope.name(topicPurpose))],
                },
                key.useThrough("sns", "read-write", "EncryptAlarms"),
            ],
            dependsOn: [this.policy],
        });
    }
}
