import assert from "node:assert/strict";
import { Encryption } from "../../../components/encryption";
import { Queue, type QueueArgs } from "../../../components/messaging";
import { find, record, type Recording } from "../../support/record";
import { scope, statements } from "../cold-path/fixture";

const arn = (name: string): string => `arn:aws:sqs:ap-northeast-2:123456789012:${name}`;
const defaults = { scope, service: "x", queueName: "x-failed", kind: "failure" } as const;
const recordQueue = (args: Partial<QueueArgs> = {}): Promise<Recording> =>
    record(() => {
        const { messages } = new Encryption("keys", { scope, disposable: true });
        const queue = new Queue("queue", { ...defaults, key: messages, ...args });
        return { send: queue.send().statements, receive: queue.receive().statements };
    });

describe("Queue", () => {
    it("keeps failures for 14 days under our key", async () => {
        const { inputs } = find(await recordQueue(), "aws:sqs/queue:Queue", "queue");
        assert.deepEqual(Object.keys(inputs).sort(), ["kmsMasterKeyId", "messageRetentionSeconds", "name"]);
        assert.equal(inputs.name, "aipx-dev-x-failed");
        assert.equal(inputs.messageRetentionSeconds, 14 * 24 * 3600);
        assert.match(String(inputs.kmsMasterKeyId), /^arn:aws:kms:/);
    });

    it("keeps work for one day", async () => {
        const { inputs } = find(await recordQueue({ kind: "work" }), "aws:sqs/queue:Queue", "queue");
        assert.equal(inputs.messageRetentionSeconds, 24 * 3600);
    });

    it("lets SQS encrypt where there is no key, and then asks for no right to one", async () => {
        const recording = await recordQueue({ key: undefined });
        const { inputs } = find(recording, "aws:sqs/queue:Queue", "queue");
        assert.equal(inputs.sqsManagedSseEnabled, true);
        assert.equal(inputs.kmsMasterKeyId, undefined);
        assert.deepEqual(recording.outputs.send, [
            { sid: "SendXFailed", actions: ["sqs:SendMessage"], resources: [arn("aipx-dev-x-failed")] },
        ]);
    });

    it("refuses plain text, and admits exactly the declared sender", async () => {
        const tlsOnly = {
            Sid: "TlsOnly",
            Effect: "Deny",
            Principal: "*",
            Action: "sqs:*",
            Resource: arn("aipx-dev-x-failed"),
            Condition: { Bool: { "aws:SecureTransport": "false" } },
        };
        const closed = find(await recordQueue(), "aws:sqs/queuePolicy:QueuePolicy", "queue");
        assert.deepEqual(statements(closed.inputs.policy), [tlsOnly]);

        const sender = { servicePrincipal: "events.amazonaws.com", sourceArns: ["arn:rule/a", "arn:rule/b"] };
        const open = find(await recordQueue({ sender }), "aws:sqs/queuePolicy:QueuePolicy", "queue");
        assert.deepEqual(statements(open.inputs.policy), [
            tlsOnly,
            {
                Sid: "Sender",
                Effect: "Allow",
                Principal: { Service: "events.amazonaws.com" },
                Action: "sqs:SendMessage",
                Resource: arn("aipx-dev-x-failed"),
                Condition: {
                    ArnEquals: { "aws:SourceArn": ["arn:rule/a", "arn:rule/b"] },
                    StringEquals: { "aws:SourceAccount": "123456789012" },
                },
            },
        ]);
    });

    it("moves failed messages of a FIFO queue into another", async () => {
        const recording = await record(() => {
            const failed = new Queue("failed", { ...defaults, fifo: true });
            new Queue("work", {
                ...defaults,
                queueName: "x-work",
                kind: "work",
                fifo: true,
                visibilityTimeoutSeconds: 60,
                redrive: { to: failed, maxReceiveCount: 5 },
            });
        });
        const failed = find(recording, "aws:sqs/queue:Queue", "failed");
        const work = find(recording, "aws:sqs/queue:Queue", "work");
        assert.equal(failed.inputs.name, "aipx-dev-x-failed.fifo");
        assert.deepEqual(JSON.parse(work.inputs.redrivePolicy as string), {
            deadLetterTargetArn: arn("aipx-dev-x-failed.fifo"),
            maxReceiveCount: 5,
        });
        assert.equal(work.inputs.visibilityTimeoutSeconds, 60);
        for (const { inputs } of [failed, work]) {
            assert.equal(inputs.fifoQueue, true);
            assert.equal(inputs.deduplicationScope, "messageGroup");
            assert.equal(inputs.fifoThroughputLimit, "perMessageGroupId");
        }
        // The redrive policy names the other queue by a plain string: the order must be said.
        assert.ok(work.dependencies.includes(failed.urn));
    });

    it("gives senders and receivers what they need, and not each other's", async () => {
        const { send, receive } = (await recordQueue()).outputs;
        const key = (sid: string, actions: string[]): object => ({
            sid,
            actions,
            resources: ["arn:aws:kms:ap-northeast-2:123456789012:key/*"],
            conditions: {
                "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/aipx-dev-messages" },
                StringEquals: { "kms:ViaService": "sqs.ap-northeast-2.amazonaws.com" },
            },
        });
        assert.deepEqual(send, [
            { sid: "SendXFailed", actions: ["sqs:SendMessage"], resources: [arn("aipx-dev-x-failed")] },
            key("EncryptXFailed", ["kms:Decrypt", "kms:GenerateDataKey"]),
        ]);
        assert.deepEqual(receive, [
            {
                sid: "ReceiveXFailed",
                actions: ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"],
                resources: [arn("aipx-dev-x-failed")],
            },
            key("DecryptXFailed", ["kms:Decrypt"]),
        ]);
    });
});
