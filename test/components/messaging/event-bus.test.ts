import assert from "node:assert/strict";
import { EventBus } from "../../../components/messaging";
import { Encryption } from "../../../components/encryption";
import { find, record, type Recording, typeAndName } from "../../support/record";
import { own, scope, statements } from "../cold-path/fixture";

const busArn = "arn:aws:events:ap-northeast-2:123456789012:event-bus/aipx-dev-events";
const recordBus = (disposable: boolean): Promise<Recording> =>
    record(() => {
        const keys = new Encryption("encryption", { scope, disposable });
        const bus = new EventBus("events", {
            scope,
            keys,
            disposable,
            logs: { retentionDays: 30, keyArn: keys.logs.arn },
        });
        const { statements: given, connections, environment, dependsOn } = bus.publish("aipx.oms");
        return { busName: bus.busName, arn: bus.arn, given, connections, environment, waits: dependsOn.length };
    });

describe("EventBus", () => {
    it("has these resources and names", async () => {
        assert.deepEqual(
            own(await recordBus(true))
                .map(typeAndName)
                .sort(),
            [
                "aipx:coldpath:EventBus::events",
                "aipx:coldpath:Queue::events-failed",
                "aipx:policy:Suppression::events-failed-sqs-queue-require-cmk",
                "aws:cloudwatch/eventArchive:EventArchive::events",
                "aws:cloudwatch/eventBus:EventBus::events",
                "aws:cloudwatch/eventBusPolicy:EventBusPolicy::events",
                "aws:sqs/queue:Queue::events-failed",
                "aws:sqs/queuePolicy:QueuePolicy::events-failed",
            ],
        );
    });

    it("is encrypted, archived for as long as logs are kept, and keeps what it could not encrypt elsewhere", async () => {
        const recording = await recordBus(true);
        const key = find(recording, "aws:kms/key:Key", "encryption-messages").outputs.arn;
        const bus = find(recording, "aws:cloudwatch/eventBus:EventBus", "events");
        assert.equal(bus.inputs.name, "aipx-dev-events");
        assert.equal(bus.inputs.kmsKeyIdentifier, key);
        assert.deepEqual(bus.inputs.deadLetterConfig, {
            arn: "arn:aws:sqs:ap-northeast-2:123456789012:aipx-dev-events-failed",
        });
        const archive = find(recording, "aws:cloudwatch/eventArchive:EventArchive", "events");
        assert.equal(archive.inputs.kmsKeyIdentifier, key);
        assert.equal(archive.inputs.eventSourceArn, bus.outputs.arn);
        assert.equal(archive.inputs.retentionDays, 30);

        const failed = find(recording, "aws:sqs/queue:Queue", "events-failed");
        assert.equal(failed.inputs.kmsMasterKeyId, undefined);
        assert.ok(bus.dependencies.includes(failed.urn));
        const policy = find(recording, "aws:sqs/queuePolicy:QueuePolicy", "events-failed");
        assert.deepEqual(statements(policy.inputs.policy)[1]?.Condition, {
            ArnEquals: {
                "aws:SourceArn": [busArn, "arn:aws:events:ap-northeast-2:123456789012:rule/aipx-dev-*"],
            },
            StringEquals: { "aws:SourceAccount": "123456789012" },
        });
    });

    it("admits this account only", async () => {
        const policy = find(await recordBus(true), "aws:cloudwatch/eventBusPolicy:EventBusPolicy", "events");
        assert.deepEqual(statements(policy.inputs.policy), [
            {
                Sid: "ThisAccount",
                Effect: "Allow",
                Principal: { AWS: "arn:aws:iam::123456789012:root" },
                Action: "events:PutEvents",
                Resource: busArn,
            },
        ]);
    });

    it("lets a publisher speak for its own source only", async () => {
        const { outputs } = await recordBus(true);
        assert.equal(outputs.arn, busArn);
        assert.deepEqual(outputs.given, [
            {
                sid: "PublishAipxOms",
                actions: ["events:PutEvents"],
                resources: [busArn],
                conditions: { StringEquals: { "events:source": "aipx.oms" } },
            },
        ]);
        assert.deepEqual(outputs.connections, []);
        assert.deepEqual(outputs.environment, { EVENT_BUS_NAME: { value: "aipx-dev-events" } });
        assert.equal(outputs.waits, 2);
    });

    it("protects bus and archive unless it is disposable", async () => {
        const kept = ["aws:cloudwatch/eventBus:EventBus", "aws:cloudwatch/eventArchive:EventArchive"];
        for (const disposable of [true, false]) {
            const recording = await recordBus(disposable);
            for (const type of kept) {
                assert.equal(
                    find(recording, type, "events").options.protect ?? false,
                    !disposable,
                    `${type} ${disposable}`,
                );
            }
        }
    });
});
