import assert from "node:assert/strict";
import { type Access } from "../../../components/building-blocks";
import { type DataLayerArgs, type DataLake, recordColumns } from "../../../components/data-layer";
import { type Recording } from "../../../plan/recording";
import { statement, statements } from "../../support/policy";
import { find, ofType, record } from "../../support/record";
import { account, dataLayer, small } from "./fixture";

const lakeName = `aipx-dev-data-lake-${account}`;
const logsName = `aipx-dev-access-logs-${account}`;

describe("data lake and access logs", () => {
    let recording: Recording;
    let lake: DataLake;
    let write: Access;
    let read: Access;
    const bucketPart = (kind: string, name: string, from = recording): Record<string, any> =>
        find(from, `aws:s3/${kind[0]!.toLowerCase()}${kind.slice(1)}:${kind}`, name).inputs;
    const recordWith = (
        changes: Partial<DataLayerArgs["dataLake"]>,
        others: Partial<DataLayerArgs> = {},
    ): Promise<Recording> =>
        record(() => {
            dataLayer({ dataLake: { ...small.dataLake, ...changes }, ...others });
        });

    before(async () => {
        recording = await record(() => {
            lake = dataLayer().dataLake;
            write = lake.write("ticks/");
            read = lake.read("ticks/");
        });
    });

    for (const [name, bucket] of [
        ["data-lake", lakeName],
        ["data-access-logs", logsName],
    ] as const) {
        it(`closes the bucket ${name}, versions it and takes TLS only`, () => {
            assert.equal(bucketPart("Bucket", name).bucket, bucket);
            assert.deepEqual(bucketPart("BucketPublicAccessBlock", name), {
                bucket,
                blockPublicAcls: true,
                blockPublicPolicy: true,
                ignorePublicAcls: true,
                restrictPublicBuckets: true,
            });
            assert.deepEqual(bucketPart("BucketOwnershipControls", name).rule, {
                objectOwnership: "BucketOwnerEnforced",
            });
            assert.deepEqual(bucketPart("BucketVersioning", name).versioningConfiguration, { status: "Enabled" });
            const policy = bucketPart("BucketPolicy", name).policy as string;
            const resources = [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`];
            const deny = { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: resources };
            assert.deepEqual(statement(policy, "TlsOnly"), {
                Sid: "TlsOnly",
                ...deny,
                Condition: { Bool: { "aws:SecureTransport": "false" } },
            });
            assert.deepEqual(statement(policy, "ModernTlsOnly"), {
                Sid: "ModernTlsOnly",
                ...deny,
                Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } },
            });
        });
    }

    it("encrypts the lake with our key, and the logs with the only one that their writers can use", () => {
        assert.deepEqual(bucketPart("BucketServerSideEncryptionConfiguration", "data-lake").rules, [
            {
                applyServerSideEncryptionByDefault: {
                    sseAlgorithm: "aws:kms",
                    kmsMasterKeyId: find(recording, "aws:kms/key:Key", "data-keys-data").outputs.arn,
                },
                bucketKeyEnabled: true,
            },
        ]);
        assert.deepEqual(bucketPart("BucketServerSideEncryptionConfiguration", "data-access-logs").rules, [
            { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
        ]);
    });

    it("tiers, expires and cleans up", () => {
        const always = (noncurrentDays: number): unknown[] => [
            {
                id: "old-versions",
                status: "Enabled",
                filter: {},
                noncurrentVersionExpiration: { noncurrentDays },
                expiration: { expiredObjectDeleteMarker: true },
            },
            {
                id: "broken-uploads",
                status: "Enabled",
                filter: {},
                abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
            },
        ];
        assert.deepEqual(bucketPart("BucketLifecycleConfiguration", "data-lake").rules, [
            {
                id: "intelligent-tiering",
                status: "Enabled",
                filter: {},
                transitions: [{ days: 0, storageClass: "INTELLIGENT_TIERING" }],
            },
            { id: "expiry", status: "Enabled", filter: {}, expiration: { days: 365 } },
            ...always(7),
        ]);
        assert.deepEqual(bucketPart("BucketLifecycleConfiguration", "data-access-logs").rules, [
            { id: "expiry", status: "Enabled", filter: {}, expiration: { days: 30 } },
            ...always(7),
        ]);
    });

    it("keeps data for ever if no expiry is set", async () => {
        const kept = await recordWith({ expireAfterDays: undefined });
        const rules = bucketPart("BucketLifecycleConfiguration", "data-lake", kept).rules as { id: string }[];
        assert.deepEqual(
            rules.map(({ id }) => id),
            ["intelligent-tiering", "old-versions", "broken-uploads"],
        );
    });

    for (const [archiveAfterDays, tiers] of [
        [
            90,
            [
                ["ARCHIVE_ACCESS", 90],
                ["DEEP_ARCHIVE_ACCESS", 180],
            ],
        ],
        [
            640,
            [
                ["ARCHIVE_ACCESS", 640],
                ["DEEP_ARCHIVE_ACCESS", 730],
            ],
        ],
        [641, [["ARCHIVE_ACCESS", 641]]],
    ] as const) {
        it(`archives after ${archiveAfterDays} days, in ${tiers.length} tiers`, async () => {
            const archived = await recordWith({ archiveAfterDays });
            const { tierings } = bucketPart("BucketIntelligentTieringConfiguration", "data-lake", archived);
            assert.deepEqual(
                tierings,
                tiers.map(([accessTier, days]) => ({ accessTier, days })),
            );
        });
    }

    it("logs access to the lake into the log bucket, after its policy", () => {
        const logging = find(recording, "aws:s3/bucketLogging:BucketLogging", "data-lake");
        assert.deepEqual(logging.inputs, { bucket: lakeName, targetBucket: logsName, targetPrefix: "s3/data-lake/" });
        const policy = find(recording, "aws:s3/bucketPolicy:BucketPolicy", "data-access-logs");
        assert.ok(logging.propertyDependencies.targetBucket?.includes(policy.urn));
    });

    it("admits S3 and load balancers to the log bucket, each to its folder", () => {
        const policy = bucketPart("BucketPolicy", "data-access-logs").policy as string;
        assert.deepEqual(
            statements(policy).filter(({ Effect }) => Effect === "Allow"),
            [
                {
                    Sid: "BucketLogs",
                    Effect: "Allow",
                    Principal: { Service: "logging.s3.amazonaws.com" },
                    Action: "s3:PutObject",
                    Resource: `arn:aws:s3:::${logsName}/s3/*`,
                    Condition: {
                        StringEquals: { "aws:SourceAccount": account },
                        ArnLike: { "aws:SourceArn": `arn:aws:s3:::aipx-dev-*-${account}` },
                    },
                },
                {
                    Sid: "LoadBalancerLogs",
                    Effect: "Allow",
                    Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
                    Action: "s3:PutObject",
                    Resource: `arn:aws:s3:::${logsName}/load-balancers/AWSLogs/${account}/*`,
                },
            ],
        );
    });

    it("is hard to lose unless it is disposable", async () => {
        const kept = await recordWith({}, { disposable: false });
        for (const [recorded, disposable] of [
            [recording, true],
            [kept, false],
        ] as const) {
            for (const { options, inputs } of ofType(recorded, "aws:s3/bucket:Bucket")) {
                assert.equal(options.protect ?? false, !disposable);
                assert.equal(inputs.forceDestroy, disposable);
            }
        }
    });

    it("archives nothing unless asked to: archived objects cannot be read", () => {
        assert.deepEqual(
            ofType(recording, "aws:s3/bucketIntelligentTieringConfiguration:BucketIntelligentTieringConfiguration"),
            [],
        );
    });

    it("describes each recorded topic to Athena, by Korean trading day", async () => {
        const recorded = await record(() => {
            dataLayer({ recordedTopics: ["ticks", "News.US-2"] });
        });
        assert.equal(find(recorded, "aws:glue/catalogDatabase:CatalogDatabase", "data-lake").inputs.name, "aipx_dev");
        assert.equal(ofType(recorded, "aws:glue/catalogTable:CatalogTable").length, 2);
        for (const [topic, table] of [
            ["ticks", "ticks"],
            ["News.US-2", "news_us_2"],
        ] as const) {
            const { inputs } = find(recorded, "aws:glue/catalogTable:CatalogTable", `data-lake-${topic}`);
            assert.equal(inputs.databaseName, "aipx_dev");
            assert.equal(inputs.name, table);
            assert.deepEqual(inputs.parameters, {
                classification: "parquet",
                "projection.enabled": "true",
                "projection.dt.type": "date",
                "projection.dt.format": "yyyy-MM-dd",
                "projection.dt.range": "2025-01-01,NOW+1DAYS",
                "storage.location.template": `s3://${lakeName}/${topic}/dt=\${dt}/`,
            });
            assert.deepEqual(inputs.partitionKeys, [{ name: "dt", type: "date", comment: "Korean trading day" }]);
            const { location, columns } = inputs.storageDescriptor as { location: string; columns: unknown };
            assert.equal(location, `s3://${lakeName}/${topic}/`);
            assert.deepEqual(
                columns,
                recordColumns(topic).map(([name, type, comment]) => ({ name, type, comment })),
            );
        }
    });

    it("refuses two topics with the same table", async () => {
        await assert.rejects(
            record(() => void dataLayer({ recordedTopics: ["news-us", "ticks", "news_us"] })),
            /DataLake: topics "news-us" and "news_us" would share the table "news_us"; rename one/,
        );
    });

    it("writes what a writer and a reader need", () => {
        const objects = [`arn:aws:s3:::${lakeName}/ticks/*`];
        assert.deepEqual(
            write.statements.map(({ sid, actions, resources }) => [sid, actions, resources]),
            [
                ["WriteDataLakeTicks", ["s3:AbortMultipartUpload", "s3:PutObject"], objects],
                [
                    "WriteDataLakeKey",
                    ["kms:Decrypt", "kms:GenerateDataKey"],
                    [`arn:aws:kms:ap-northeast-2:${account}:key/*`],
                ],
            ],
        );
        assert.deepEqual(
            read.statements.map(({ sid, actions, resources }) => [sid, actions, resources]),
            [
                ["ReadDataLakeTicks", ["s3:GetObject"], objects],
                ["ReadDataLakeKey", ["kms:Decrypt"], [`arn:aws:kms:ap-northeast-2:${account}:key/*`]],
                ["ListDataLakeTicks", ["s3:ListBucket"], [`arn:aws:s3:::${lakeName}`]],
            ],
        );
        assert.deepEqual(read.statements[2]?.conditions, { StringLike: { "s3:prefix": "ticks/*" } });
        for (const access of [write, read]) {
            assert.deepEqual(access.connections, [
                { kind: "prefix-list", name: "s3", prefixListId: "pl-s3", port: 443 },
            ]);
            assert.deepEqual(access.environment, { DATA_LAKE_BUCKET: { value: lakeName } });
        }
    });

    for (const prefix of ["ticks", "/ticks/", "", "/", "*/", "ti*cks/"]) {
        it(`refuses the folder "${prefix}"`, () => {
            assert.throws(() => lake.write(prefix), {
                message: `DataLake: "${prefix}" is not a folder; it must end, and not begin, with a slash: "ticks/"`,
            });
        });
    }
});
