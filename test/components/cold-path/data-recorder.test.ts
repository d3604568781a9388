import assert from "node:assert/strict";
import { find } from "../../support/record";
import { connections, recordColdPath, roleStatements } from "./fixture";

describe("DataRecorder", () => {
    it("reads its topics from the oldest record on, and leaves failed batches in the bucket for them", async () => {
        const recording = await recordColdPath();
        for (const topic of ["ticks", "orders"]) {
            const { inputs } = find(
                recording,
                "aws:lambda/eventSourceMapping:EventSourceMapping",
                `cold-path-data-recorder.${topic}`,
            );
            assert.equal(inputs.startingPosition, "TRIM_HORIZON");
            assert.deepEqual(inputs.topics, [topic]);
            assert.equal(inputs.batchSize, 1000);
            assert.equal(inputs.maximumBatchingWindowInSeconds, 60);
            assert.deepEqual(inputs.amazonManagedKafkaEventSourceConfig, {
                consumerGroupId: `aipx-dev-data-recorder.${topic}`,
            });
            assert.deepEqual(inputs.destinationConfig, {
                onFailure: { destinationArn: "arn:aws:s3:::aipx-dev-records-failed-123456789012" },
            });
        }
    });

    it("writes below the prefixes of its topics, by S3's endpoint alone", async () => {
        const recording = await recordColdPath();
        assert.deepEqual(
            roleStatements(recording, "aipx-dev-data-recorder").map(({ Sid, Resource }) => [Sid, Resource]),
            [
                [
                    "Kafka",
                    ["arn:aws:kafka:::ticks", "arn:aws:kafka:::orders", "arn:aws:kafka:::aipx-dev-data-recorder.*"],
                ],
                ["KeepFailedRecords", "arn:aws:s3:::aipx-dev-records-failed-123456789012/*"],
                ["FindFailedRecords", "arn:aws:s3:::aipx-dev-records-failed-123456789012"],
                ["EncryptFailedRecords", "arn:aws:kms:ap-northeast-2:123456789012:key/*"],
                ["Writeticks", "arn:aws:s3:::lake/ticks/*"],
                ["Writeorders", "arn:aws:s3:::lake/orders/*"],
            ],
        );
        assert.deepEqual(connections(recording, "cold-path-data-recorder"), ["s3: 443"]);
        const { inputs } = find(recording, "aws:lambda/function:Function", "cold-path-data-recorder");
        assert.deepEqual(inputs.environment.variables, {
            TZ: "Asia/Seoul",
            AIPX_ENVIRONMENT: "dev",
            DATA_LAKE_BUCKET: "lake",
        });
    });
});
