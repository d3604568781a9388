import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument, type ResourceStatement } from "./policy-document";
import { type Scope } from "./scope";

export interface PrivateBucketArgs {
    scope: Scope;
    /** Physical name. A change replaces the bucket. */
    bucketName: string;
    /** Key of the objects. Left out, S3's own key, the only one that log delivery can write with. */
    keyArn?: pulumi.Input<string>;
    /** Who may use the bucket besides this account's roles, for example log delivery. */
    statements: ResourceStatement[];
    /** Lifecycle rules besides those that every bucket has. */
    rules: aws.types.input.s3.BucketLifecycleConfigurationRule[];
    /** Days that overwritten and deleted versions are kept. */
    noncurrentVersionDays: number;
    /** Whether the bucket may be deleted with all that is in it. */
    disposable: boolean;
}

/**
 * A versioned, encrypted bucket that only this account reaches, over TLS 1.2 or newer; remains of broken uploads go after
 * 7 days.
 */
export class PrivateBucket extends pulumi.ComponentResource {
    readonly bucketName: string;
    /** The bucket's name, known once its policy is in force. */
    readonly ready: pulumi.Output<string>;

    constructor(name: string, args: PrivateBucketArgs, opts?: pulumi.ComponentResourceOptions) {
        super("aipx:buildingblocks:PrivateBucket", name, {}, opts);
        const { scope, bucketName, keyArn } = args;
        this.bucketName = bucketName;
        const { bucket } = new aws.s3.Bucket(
            name,
            { bucket: bucketName, forceDestroy: args.disposable },
            { parent: this, protect: !args.disposable },
        );
        const access = new aws.s3.BucketPublicAccessBlock(
            name,
            {
                bucket,
                blockPublicAcls: true,
                blockPublicPolicy: true,
                ignorePublicAcls: true,
                restrictPublicBuckets: true,
            },
            { parent: this },
        );
        new aws.s3.BucketOwnershipControls(
            name,
            { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
            { parent: this },
        );
        new aws.s3.BucketServerSideEncryptionConfiguration(
            name,
            {
                bucket,
                rules: [
                    keyArn === undefined
                        ? { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }
                        : {
                              applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
                              // One call to KMS for many objects.
                              bucketKeyEnabled: true,
                          },
                ],
            },
            { parent: this },
        );
        const versioning = new aws.s3.BucketVersioning(
            name,
            { bucket, versioningConfiguration: { status: "Enabled" } },
            { parent: this },
        );
        new aws.s3.BucketLifecycleConfiguration(
            name,
            {
                bucket,
                rules: [
                    ...args.rules,
                    {
                        id: "old-versions",
                        status: "Enabled",
                        filter: {},
                        noncurrentVersionExpiration: { noncurrentDays: args.noncurrentVersionDays },
                        expiration: { expiredObjectDeleteMarker: true },
                    },
                    {
                        id: "broken-uploads",
                        status: "Enabled",
                        filter: {},
                        abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
                    },
                ],
            },
            // Rules for old versions need versions.
            { parent: this, dependsOn: [versioning] },
        );
        const policy = new aws.s3.BucketPolicy(
            name,
            { bucket, policy: policyDocument([...args.statements, ...tlsOnly(scope, bucketName)]) },
            // S3 refuses two changes of a bucket's access at the same time.
            { parent: this, dependsOn: [access] },
        );
        this.ready = policy.bucket;
        this.registerOutputs({ bucketName });
    }
}

function tlsOnly(scope: Scope, bucketName: string): ResourceStatement[] {
    const all = {
        effect: "Deny" as const,
        principals: "*" as const,
        actions: ["s3:*"],
        resources: [scope.bucketArn(bucketName), scope.bucketArn(bucketName, "*")],
    };
    return [
        { sid: "TlsOnly", ...all, conditions: { Bool: { "aws:SecureTransport": "false" } } },
        { sid: "ModernTlsOnly", ...all, conditions: { NumericLessThan: { "s3:TlsVersion": "1.2" } } },
    ];
}
