import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { PrivateBucket, type Scope, suppress } from "../building-blocks";

export interface ClientAuthoritiesArgs {
    scope: Scope;
    /** Certificates of the authorities, as PEM text. */
    certificates: string;
    /** Where access to the bucket is logged. */
    accessLogs: { bucketName: pulumi.Input<string>; prefixFor(purpose: string): string };
    /** Whether the bucket may be deleted with what is in it. */
    disposable: boolean;
}

/**
 * Who vouches for callers of a load balancer: a trust store, filled from an object in a bucket, as AWS wants it. Both are free
 * of charge but for the object's few kilobytes.
 *
 * @returns ARN of the trust store.
 */
export function clientAuthorities(
    name: string,
    args: ClientAuthoritiesArgs,
    opts: pulumi.CustomResourceOptions & { parent: pulumi.Resource },
): pulumi.Output<string> {
    const { scope, accessLogs, disposable } = args;
    const accepted = suppress(
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        `${name}-authorities`,
        {
            policy: "s3-bucket-require-customer-managed-key",
            reason: "It holds certificates, which are public. That a trust store can read what a key of ours encrypts is nowhere documented.",
            owner: "platform-team",
            expires: "2027-09-30",
        },
        opts,
    );
    const bucket = new PrivateBucket(
        `${name}-authorities`,
        {
            scope,
            bucketName: scope.bucketName("oms-authorities"),
            statements: [],
            rules: [],
            noncurrentVersionDays: 30,
            disposable,
        },
        { ...opts, dependsOn: accepted },
    );
    new aws.s3.BucketLogging(
        `${name}-authorities`,
        {
            bucket: bucket.ready,
            targetBucket: accessLogs.bucketName,
            targetPrefix: accessLogs.prefixFor("oms-authorities"),
        },
        opts,
    );
    const bundle = new aws.s3.BucketObjectv2(
        `${name}-authorities`,
        {
            bucket: bucket.ready,
            key: "authorities.pem",
            content: args.certificates,
            contentType: "application/x-pem-file",
            // AWS allows ten tags on an object, and stacks may have more default tags than that.
            overrideProvider: { defaultTags: { tags: {} } },
        },
        opts,
    );
    return new aws.lb.TrustStore(
        name,
        {
            caCertificatesBundleS3Bucket: bundle.bucket,
            caCertificatesBundleS3Key: bundle.key,
            // Other contents are another version, which is what tells AWS to read it again.
            caCertificatesBundleS3ObjectVersion: bundle.versionId,
        },
        opts,
    ).arn;
}
