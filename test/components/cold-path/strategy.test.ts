import assert from "node:assert/strict";
import { find, names, ofType } from "../../support/record";
import { connections, imagesFor, recordColdPath, roleStatements, statements, strategy } from "./fixture";

const mappingType = "aws:lambda/eventSourceMapping:EventSourceMapping";
const many = (keys: string[]): Record<string, typeof strategy> =>
    Object.fromEntries(keys.map((key) => [key, strategy]));

describe("Strategies", () => {
    it("five instead of one add exactly twelve resources each, and no security group, user or queue", async () => {
        const keys = ["momentum", "b", "c", "d", "e"];
        const one = await recordColdPath();
        const five = await recordColdPath({ strategies: many(keys), images: imagesFor(keys) });
        const before = new Set(names(one));
        const added = names(five).filter((name) => !before.has(name));
        assert.equal(five.resources.length - one.resources.length, 4 * 12);
        assert.deepEqual(
            added.filter((name) => /-b(\.ticks)?$/.test(name)),
            [
                "aipx:buildingblocks:ImageFunction::cold-path-strategies-b",
                "aipx:buildingblocks:ImageRepository::cold-path-strategies-b",
                "aipx:buildingblocks:ServiceRole::cold-path-strategies-b",
                "aipx:coldpath:Strategy::cold-path-strategies-b",
                "aws:cloudwatch/logGroup:LogGroup::cold-path-strategies-b",
                "aws:ecr/lifecyclePolicy:LifecyclePolicy::cold-path-strategies-b",
                "aws:ecr/repository:Repository::cold-path-strategies-b",
                "aws:ecr/repositoryPolicy:RepositoryPolicy::cold-path-strategies-b",
                "aws:iam/role:Role::cold-path-strategies-b",
                "aws:iam/rolePolicy:RolePolicy::cold-path-strategies-b",
                "aws:lambda/eventSourceMapping:EventSourceMapping::cold-path-strategies-b.ticks",
                "aws:lambda/function:Function::cold-path-strategies-b",
            ],
        );
        const group = find(five, "aws:ec2/securityGroup:SecurityGroup", "cold-path-strategies");
        for (const key of keys) {
            const fn = find(five, "aws:lambda/function:Function", `cold-path-strategies-${key}`);
            assert.deepEqual(fn.inputs.vpcConfig.securityGroupIds, [group.id]);
        }
    });

    it("reach the cache and the OMS, and nothing outside the VPC", async () => {
        assert.deepEqual(connections(await recordColdPath(), "cold-path-strategies"), ["redis: 6379", "oms: 50051"]);
    });

    it("read their topics, report failed batches, and may do nothing else", async () => {
        assert.deepEqual(
            roleStatements(await recordColdPath(), "aipx-dev-strategy-momentum").map(({ Sid, Action, Resource }) => [
                Sid,
                Action,
                Resource,
            ]),
            [
                [
                    "Kafka",
                    "kafka-cluster:ReadData",
                    ["arn:aws:kafka:::ticks", "arn:aws:kafka:::aipx-dev-strategy-momentum.*"],
                ],
                ["KeepFailedRecords", "s3:PutObject", "arn:aws:s3:::aipx-dev-records-failed-123456789012/*"],
                ["FindFailedRecords", "s3:ListBucket", "arn:aws:s3:::aipx-dev-records-failed-123456789012"],
                ["EncryptFailedRecords", "kms:GenerateDataKey", "arn:aws:kms:ap-northeast-2:123456789012:key/*"],
                ["Redis", "redis:Connect", "arn:aws:redis:::strategy"],
                ["Oms", "oms:Connect", "arn:aws:oms:::address"],
            ],
        );
    });

    it("get one mapping a topic, with a consumer group each, from now on", async () => {
        const recording = await recordColdPath({
            strategies: { momentum: { ...strategy, topics: ["ticks", "quotes"], batchSize: 7, batchWindowSeconds: 3 } },
        });
        const fn = find(recording, "aws:lambda/function:Function", "cold-path-strategies-momentum");
        const policy = find(recording, "aws:iam/rolePolicy:RolePolicy", "cold-path-strategies-momentum");
        for (const topic of ["ticks", "quotes"]) {
            const mapping = find(recording, mappingType, `cold-path-strategies-momentum.${topic}`);
            assert.deepEqual(
                { ...mapping.inputs, tags: undefined },
                {
                    functionName: fn.outputs.arn,
                    eventSourceArn: "arn:aws:kafka:ap-northeast-2:123456789012:cluster/aipx-dev/1",
                    topics: [topic],
                    amazonManagedKafkaEventSourceConfig: { consumerGroupId: `aipx-dev-strategy-momentum.${topic}` },
                    startingPosition: "LATEST",
                    batchSize: 7,
                    maximumBatchingWindowInSeconds: 3,
                    destinationConfig: {
                        onFailure: { destinationArn: "arn:aws:s3:::aipx-dev-records-failed-123456789012" },
                    },
                    tags: undefined,
                },
            );
            assert.ok(mapping.dependencies.includes(policy.urn), "Lambda tries the role when it creates the mapping");
            for (const type of ["aws:s3/bucket:Bucket", "aws:s3/bucketNotification:BucketNotification"]) {
                const kept = find(recording, type, "cold-path-failed-records");
                assert.ok(
                    mapping.dependencies.includes(kept.urn),
                    "what fails must be kept, and told, from the first record on",
                );
            }
        }
        assert.deepEqual(
            (recording.outputs.consumers as { consumerGroup: string }[])
                .map(({ consumerGroup }) => consumerGroup)
                .filter((group) => group.includes("strategy")),
            ["aipx-dev-strategy-momentum.ticks", "aipx-dev-strategy-momentum.quotes"],
        );
    });

    it("never mix up a strategy and a topic whose names run together", async () => {
        const recording = await recordColdPath({
            strategies: { a: { ...strategy, topics: ["b-x"] }, "a-b": { ...strategy, topics: ["x"] } },
            images: imagesFor(["a", "a-b"]),
        });
        const urns = recording.resources.map(({ urn }) => urn);
        assert.equal(new Set(urns).size, urns.length);
    });

    it("without an image have a repository that Lambda pulls from, and nothing else", async () => {
        const recording = await recordColdPath({ strategies: many(["idle"]), images: {} });
        assert.deepEqual(
            names(recording).filter((name) => name.includes("::cold-path-strategies")),
            [
                "aipx:buildingblocks:ImageRepository::cold-path-strategies-idle",
                "aipx:coldpath:Strategies::cold-path-strategies",
                "aipx:coldpath:Strategy::cold-path-strategies-idle",
                "aws:ecr/lifecyclePolicy:LifecyclePolicy::cold-path-strategies-idle",
                "aws:ecr/repository:Repository::cold-path-strategies-idle",
                "aws:ecr/repositoryPolicy:RepositoryPolicy::cold-path-strategies-idle",
            ],
        );
        const policy = find(recording, "aws:ecr/repositoryPolicy:RepositoryPolicy", "cold-path-strategies-idle");
        assert.deepEqual(statements(policy.inputs.policy)[0]?.Principal, { Service: "lambda.amazonaws.com" });
    });

    it("with and without images live side by side", async () => {
        const recording = await recordColdPath({
            strategies: many(["idle", "momentum"]),
            images: imagesFor(["momentum"]),
        });
        assert.deepEqual(
            ofType(recording, "aws:lambda/function:Function")
                .map(({ inputs }) => inputs.name as string)
                .filter((name) => name.includes("strategy")),
            ["aipx-dev-strategy-momentum"],
        );
        assert.deepEqual(recording.outputs.servicesWaitingForImages, ["strategy-idle"]);
    });

    it("refuse a topic named twice and a consumer group too long for Lambda, by name", async () => {
        const withTopics = (topics: string[]): Promise<unknown> =>
            recordColdPath({ strategies: { momentum: { ...strategy, topics } } });
        await assert.rejects(withTopics(["ticks", "ticks"]), {
            message: 'strategy-momentum: topics names "ticks" twice; each topic may be named once',
        });
        await assert.rejects(
            withTopics(["t".repeat(190)]),
            /strategy-momentum: topics gives the consumer group .* at most 200/,
        );
    });
});
