import * as pulumi from "@pulumi/pulumi";
import { PrivateBucket, type Scope } from "../building-blocks";

export interface AccessLogsArgs {
    scope: Scope;
    /** Days that access logs are kept. */
    accessLogDays: number;
    /** Whether the bucket may be deleted with the logs in it. */
    disposable: boolean;
}

/** Folder of the logs that S3 writes about other buckets. */
const bucketPrefix = "s3/";

/** The bucket that takes access logs of buckets and of load balancers. Both can only write with S3's own key. */
export class AccessLogs extends pulumi.ComponentResource {
    /** Name of the bucket, known once its policy admits the writers. */
    readonly bucketName: pulumi.Output<string>;
    /** Prefix for load balancers, as their `accessLogs` want it: without a slash at the end. */
    readonly loadBalancerPrefix = "load-balancers";

    constructor(name: string, args: AccessLogsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("aipx:datalayer:AccessLogs", name, {}, opts);
        const { scope } = args;
        const bucketName = scope.bucketName("access-logs");
        const bucket = new PrivateBucket(
            name,
            {
                scope,
                bucketName,
                statements: [
                    {
                        sid: "BucketLogs",
                        principals: { Service: "logging.s3.amazonaws.com" },
                        actions: ["s3:PutObject"],
                        resources: [scope.bucketArn(bucketName, `${bucketPrefix}*`)],
                        conditions: {
                            StringEquals: { "aws:SourceAccount": scope.accountId },
                            ArnLike: { "aws:SourceArn": scope.bucketArn(scope.bucketName("*")) },
                        },
                    },
                    {
                        sid: "LoadBalancerLogs",
                        principals: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
                        actions: ["s3:PutObject"],
                        // Log delivery puts the owner's account into the path by itself, so no other account's load
                        // balancer gets here; it does not say for which load balancer it writes.
                        resources: [
                            scope.bucketArn(bucketName, `${this.loadBalancerPrefix}/AWSLogs/${scope.accountId}/*`),
                        ],
                    },
                ],
                rules: [{ id: "expiry", status: "Enabled", filter: {}, expiration: { days: args.accessLogDays } }],
                noncurrentVersionDays: 7,
                disposable: args.disposable,
            },
            { parent: this },
        );
        this.bucketName = bucket.ready;
        this.registerOutputs({ bucketName: this.bucketName });
    }

    /** Prefix for the logs about a bucket. */
    prefixFor(purpose: string): string {
        return `${bucketPrefix}${purpose}/`;
    }
}
