import assert from "node:assert/strict";
import { type Recording } from "../../../plan/recording";
import { statement } from "../../support/policy";
import { find } from "../../support/record";
import { recordColdPath, roleStatements } from "./fixture";

const name = "cold-path-failed-records";
const bucket = "aipx-dev-records-failed-123456789012";
const arn = (service: string, resource: string): string => `arn:aws:${service}:ap-northeast-2:123456789012:${resource}`;

describe("FailedRecords", () => {
    let recording: Recording;
    before(async () => {
        recording = await recordColdPath();
    });
    const inputs = (type: string): Record<string, any> => find(recording, type, name).inputs;

    it("are kept in a bucket under the key of data, with versions, for 30 days", () => {
        const key = find(recording, "aws:kms/key:Key", "encryption-data").outputs.arn;
        assert.equal(inputs("aws:s3/bucket:Bucket").bucket, bucket);
        const encryption = inputs(
            "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        );
        assert.deepEqual(encryption.rules, [
            {
                applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key },
                bucketKeyEnabled: true,
            },
        ]);
        const versioning = inputs("aws:s3/bucketVersioning:BucketVersioning");
        assert.deepEqual(versioning.versioningConfiguration, { status: "Enabled" });
        const { rules } = inputs("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration");
        assert.deepEqual(rules[0], { id: "expiry", status: "Enabled", filter: {}, expiration: { days: 30 } });
        assert.equal(rules[1].noncurrentVersionExpiration.noncurrentDays, 7);
        const logging = inputs("aws:s3/bucketLogging:BucketLogging");
        assert.deepEqual([logging.targetBucket, logging.targetPrefix], ["access-logs", "s3/records-failed/"]);
        const { policy } = inputs("aws:s3/bucketPolicy:BucketPolicy");
        assert.equal(statement(policy, "TlsOnly").Effect, "Deny");
    });

    it("are told by EventBridge to a queue, which only this rule may fill", () => {
        assert.deepEqual(inputs("aws:s3/bucketNotification:BucketNotification"), { bucket, eventbridge: true });
        const rule = inputs("aws:cloudwatch/eventRule:EventRule");
        assert.deepEqual([rule.name, rule.eventBusName], ["aipx-dev-records-failed", undefined]);
        assert.deepEqual(JSON.parse(rule.eventPattern), {
            source: ["aws.s3"],
            "detail-type": ["Object Created"],
            detail: { bucket: { name: [bucket] } },
        });
        assert.deepEqual(inputs("aws:cloudwatch/eventTarget:EventTarget"), {
            rule: "aipx-dev-records-failed",
            targetId: "queue",
            arn: arn("sqs", "aipx-dev-records-failed"),
            retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 10 },
            // Encrypted by SQS's own key: it takes what our key could not encrypt.
            deadLetterConfig: { arn: arn("sqs", "aipx-dev-events-failed") },
        });
        const queue = inputs("aws:sqs/queue:Queue");
        assert.deepEqual([queue.name, queue.messageRetentionSeconds], ["aipx-dev-records-failed", 1_209_600]);
        assert.deepEqual(statement(inputs("aws:sqs/queuePolicy:QueuePolicy").policy, "Sender").Condition, {
            ArnEquals: { "aws:SourceArn": [arn("events", "rule/aipx-dev-records-failed")] },
            StringEquals: { "aws:SourceAccount": "123456789012" },
        });
        const fallback = find(recording, "aws:sqs/queuePolicy:QueuePolicy", "events-failed").inputs.policy;
        const { ArnEquals } = statement(fallback, "Sender").Condition ?? {};
        assert.ok(ArnEquals?.["aws:SourceArn"]?.includes(arn("events", "rule/aipx-dev-*")));
    });

    it("are told from the first one on: S3 speaks when the queue can hear", () => {
        const notification = find(recording, "aws:s3/bucketNotification:BucketNotification", name);
        const target = find(recording, "aws:cloudwatch/eventTarget:EventTarget", name);
        assert.ok(notification.dependencies.includes(target.urn));
    });

    it("are put there by the roles of triggered functions, into a bucket of this account only", () => {
        for (const role of ["aipx-dev-data-recorder", "aipx-dev-strategy-momentum"]) {
            const own = roleStatements(recording, role).filter(({ Sid }) => /FailedRecords$/.test(Sid));
            const conditions = { StringEquals: { "s3:ResourceAccount": "123456789012" } };
            assert.deepEqual(own, [
                {
                    Sid: "KeepFailedRecords",
                    Effect: "Allow",
                    Action: "s3:PutObject",
                    Resource: `arn:aws:s3:::${bucket}/*`,
                    Condition: conditions,
                },
                {
                    Sid: "FindFailedRecords",
                    Effect: "Allow",
                    Action: "s3:ListBucket",
                    Resource: `arn:aws:s3:::${bucket}`,
                    Condition: conditions,
                },
                {
                    Sid: "EncryptFailedRecords",
                    Effect: "Allow",
                    Action: "kms:GenerateDataKey",
                    Resource: arn("kms", "key/*"),
                    Condition: {
                        "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/aipx-dev-data" },
                        StringEquals: { "kms:ViaService": "s3.ap-northeast-2.amazonaws.com" },
                    },
                },
            ]);
        }
    });

    it("belong to nobody else: no other role reaches them", () => {
        for (const role of ["aipx-dev-cognitive", "aipx-dev-notification", "aipx-dev-websocket-authorizer"]) {
            assert.ok(!JSON.stringify(roleStatements(recording, role)).includes("records-failed"), role);
        }
    });
});
