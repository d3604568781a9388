import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { access, type Access, PrivateBucket, type Scope, tagged } from "../building-blocks";
import { type AccessLogs } from "../data-layer";
import { type Keys } from "../encryption";
import { type EventBus, Queue } from "../messaging";

export interface FailedRecordsArgs {
    scope: Scope;
    keys: Keys;
    accessLogs: Pick<AccessLogs, "bucketName" | "prefixFor">;
    /** Takes the news that EventBridge cannot put into the queue. */
    events: Pick<EventBus, "failures">;
    /** Whether the bucket may be deleted with the records in it. */
    disposable: boolean;
}

/** Days that failed records are kept. The queue that tells of them keeps its messages for 14. */
const keptDays = 30;

/**
 * Where Kafka triggers leave what their functions could not handle: a bucket that keeps each failed batch, as an invocation
 * record with the whole event in it, and a queue with a message for each, which stays until somebody has seen to it.
 *
 * A bucket, because Lambda's pollers stand in the brokers' isolated subnets, from which the gateway endpoint of S3 leads out for
 * nothing; the endpoint of another service costs $9.50 a month and zone, and other destinations get no records. S3 tells
 * EventBridge and that the queue, because a test message of S3's own would be the first failure in it.
 */
export class FailedRecords extends pulumi.ComponentResource {
    readonly bucketName: string;
    /** ARN of the bucket: the on-failure destination of triggers. */
    readonly arn: string;
    readonly queue: Queue;
    /** Rule that takes the news to the queue. */
    readonly rule: { ruleName: string };
    private readonly args: FailedRecordsArgs;
    private readonly ready: pulumi.Resource[];

    constructor(name: string, args: FailedRecordsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("aipx:coldpath:FailedRecords", name, {}, tagged({ service: "records-failed" }, opts));
        const { scope, keys, accessLogs, events, disposable } = args;
        const childOptions = { parent: this };
        this.args = args;
        this.bucketName = scope.bucketName("records-failed");
        this.arn = scope.bucketArn(this.bucketName);
        this.rule = { ruleName: scope.name("records-failed") };
        const ruleArn = scope.arn("events", `rule/${this.rule.ruleName}`);

        const bucket = new PrivateBucket(
            name,
            {
                scope,
                bucketName: this.bucketName,
                keyArn: keys.data.arn,
                statements: [],
                rules: [{ id: "expiry", status: "Enabled", filter: {}, expiration: { days: keptDays } }],
                noncurrentVersionDays: 7,
                disposable,
            },
            childOptions,
        );
        new aws.s3.BucketLogging(
            name,
            {
                bucket: bucket.ready,
                targetBucket: accessLogs.bucketName,
                targetPrefix: accessLogs.prefixFor("records-failed"),
            },
            childOptions,
        );
        this.queue = new Queue(
            name,
            {
                scope,
                service: "records-failed",
                queueName: "records-failed",
                kind: "failure",
                key: keys.messages,
                sender: { servicePrincipal: "events.amazonaws.com", sourceArns: [ruleArn] },
            },
            childOptions,
        );
        const rule = new aws.cloudwatch.EventRule(
            name,
            {
                name: this.rule.ruleName,
                description: `Failed records in ${this.bucketName}`,
                eventPattern: JSON.stringify({
                    source: ["aws.s3"],
                    "detail-type": ["Object Created"],
                    detail: { bucket: { name: [this.bucketName] } },
                }),
            },
            childOptions,
        );
        const target = new aws.cloudwatch.EventTarget(
            name,
            {
                rule: rule.name,
                targetId: "queue",
                arn: this.queue.arn,
                retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 10 },
                deadLetterConfig: { arn: events.failures.arn },
            },
            { ...childOptions, dependsOn: [...this.queue.ready, ...events.failures.ready] },
        );
        const notification = new aws.s3.BucketNotification(
            name,
            { bucket: bucket.ready, eventbridge: true },
            { ...childOptions, dependsOn: [target] },
        );
        this.ready = [bucket, notification];
        this.registerOutputs({ bucketName: this.bucketName });
    }

    /** What the role of a triggered function needs: Lambda's poller leaves the records with it. The function's code needs none of it. */
    keep(): Access {
        const { scope, keys } = this.args;
        // The account's, or who takes the name of a bucket that was deleted gets the records.
        const conditions = { StringEquals: { "s3:ResourceAccount": scope.accountId } };
        return access({
            statements: [
                {
                    sid: "KeepFailedRecords",
                    actions: ["s3:PutObject"],
                    // Lambda chooses the names, which begin with the id of the trigger.
                    resources: [scope.bucketArn(this.bucketName, "*")],
                    conditions,
                },
                { sid: "FindFailedRecords", actions: ["s3:ListBucket"], resources: [this.arn], conditions },
                keys.data.useThrough("s3", "write", "EncryptFailedRecords"),
            ],
            dependsOn: this.ready,
        });
    }
}
