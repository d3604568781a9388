import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { access, type Access, pascalCase, PrivateBucket, type Scope, tagged } from "../building-blocks";
import { type Keys } from "../encryption";
import { type Placement } from "../network";
import { type AccessLogs } from "./access-logs";
import { lakeTables } from "./lake-tables";

/** How long the data lake keeps what. */
export interface DataLakeSettings {
    /**
     * Days without access before Intelligent-Tiering archives an object, 90 to 730. Reading an archived object fails with
     * `InvalidObjectState`, and Athena passes over it.
     * @default never
     */
    archiveAfterDays?: number;
    /** Days before data is deleted. Left out, it is kept for ever. */
    expireAfterDays?: number;
    /** Days that overwritten and deleted versions are kept. */
    noncurrentVersionDays: number;
}

export interface DataLakeArgs extends DataLakeSettings {
    scope: Scope;
    keys: Keys;
    network: Placement;
    accessLogs: AccessLogs;
    /** Topics that are recorded, each below a folder of its name. */
    recordedTopics: string[];
    /** Whether the bucket may be deleted with all data in it. */
    disposable: boolean;
}

/** The most days that S3 lets an object lie unread before it goes to the deep archive. */
const mostArchiveDays = 730;

/**
 * The data lake: a bucket whose objects move to cheaper storage the longer nobody reads them, and a Glue table for each topic that
 * is recorded in it. Storage costs $0.025 a GB and month at first, $0.005 after 90 days without access, and is read at once all the
 * same. Objects below 128 KB stay at the first price.
 *
 * With archive tiers it costs less still, but an archived object must be restored before it can be read, which takes hours, and
 * Athena passes over it in silence.
 */
export class DataLake extends pulumi.ComponentResource {
    readonly bucketName: string;
    private readonly args: DataLakeArgs;
    private readonly bucket: PrivateBucket;

    constructor(name: string, args: DataLakeArgs, opts?: pulumi.ComponentResourceOptions) {
        super("aipx:datalayer:DataLake", name, {}, tagged({ service: "data-lake" }, opts));
        const { scope, accessLogs } = args;
        this.args = args;
        this.bucketName = scope.bucketName("data-lake");
        this.bucket = new PrivateBucket(
            name,
            {
                scope,
                bucketName: this.bucketName,
                keyArn: args.keys.data.arn,
                statements: [],
                rules: [
                    {
                        id: "intelligent-tiering",
                        status: "Enabled",
                        filter: {},
                        transitions: [{ days: 0, storageClass: "INTELLIGENT_TIERING" }],
                    },
                    ...(args.expireAfterDays === undefined
                        ? []
                        : [
                              {
                                  id: "expiry",
                                  status: "Enabled",
                                  filter: {},
                                  expiration: { days: args.expireAfterDays },
                              },
                          ]),
                ],
                noncurrentVersionDays: args.noncurrentVersionDays,
                disposable: args.disposable,
            },
            { parent: this },
        );
        if (args.archiveAfterDays !== undefined) {
            new aws.s3.BucketIntelligentTieringConfiguration(
                name,
                { bucket: this.bucket.ready, name: "archive", tierings: archiveTiers(args.archiveAfterDays) },
                { parent: this },
            );
        }
        new aws.s3.BucketLogging(
            name,
            {
                bucket: this.bucket.ready,
                targetBucket: accessLogs.bucketName,
                targetPrefix: accessLogs.prefixFor("data-lake"),
            },
            { parent: this },
        );
        lakeTables(name, { scope, bucketName: this.bucketName, topics: args.recordedTopics }, { parent: this });
        this.registerOutputs({ bucketName: this.bucketName });
    }

    /**
     * Writing objects below a folder.
     *
     * @param prefix The folder, with a slash at its end: `ticks/`.
     */
    write(prefix: string): Access {
        return this.folderAccess("Write", prefix, {
            actions: ["s3:AbortMultipartUpload", "s3:PutObject"],
            mode: "read-write",
        });
    }

    /**
     * Reading and listing objects below a folder.
     *
     * @param prefix The folder, with a slash at its end: `ticks/`.
     */
    read(prefix: string): Access {
        const reading = this.folderAccess("Read", prefix, { actions: ["s3:GetObject"], mode: "read" });
        return {
            ...reading,
            statements: [
                ...reading.statements,
                {
                    sid: `ListDataLake${pascalCase(prefix)}`,
                    actions: ["s3:ListBucket"],
                    resources: [this.args.scope.bucketArn(this.bucketName)],
                    conditions: { StringLike: { "s3:prefix": `${prefix}*` } },
                },
            ],
        };
    }

    private folderAccess(
        verb: "Read" | "Write",
        prefix: string,
        { actions, mode }: { actions: string[]; mode: "read" | "read-write" },
    ): Access {
        if (!/^[^*?/][^*?]*\/$/.test(prefix)) {
            throw new Error(
                `DataLake: "${prefix}" is not a folder; it must end, and not begin, with a slash: "ticks/"`,
            );
        }
        const { scope, keys, network } = this.args;
        return access({
            statements: [
                {
                    sid: `${verb}DataLake${pascalCase(prefix)}`,
                    actions,
                    resources: [scope.bucketArn(this.bucketName, `${prefix}*`)],
                },
                keys.data.useThrough("s3", mode, `${verb}DataLakeKey`),
            ],
            connections: network.s3.connections,
            environment: { DATA_LAKE_BUCKET: { value: this.bucketName } },
            dependsOn: [this.bucket, ...network.s3.dependsOn],
        });
    }
}

/** Archive after so many days without access, deep archive 90 days later, where S3's limits leave room for it. */
function archiveTiers(archiveAfterDays: number): aws.types.input.s3.BucketIntelligentTieringConfigurationTiering[] {
    const deepArchiveAfterDays = archiveAfterDays + 90;
    return [
        { accessTier: "ARCHIVE_ACCESS", days: archiveAfterDays },
        ...(deepArchiveAfterDays <= mostArchiveDays
            ? [{ accessTier: "DEEP_ARCHIVE_ACCESS", days: deepArchiveAfterDays }]
            : []),
    ];
}
