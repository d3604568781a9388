import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** How every log group of the installation is kept. */
export interface LogRetention {
    /** Days before CloudWatch deletes an entry. 7 in dev, 30 in production; one of the values that CloudWatch allows. */
    retentionDays: number;
    /** ARN of the KMS key of log groups. Its policy must admit CloudWatch Logs. */
    keyArn: pulumi.Input<string>;
}

/**
 * A log group with retention and key. Whoever writes to it depends on it: AWS makes a missing group by itself, without
 * either.
 */
export function logGroup(
    name: string,
    logGroupName: pulumi.Input<string>,
    retention: LogRetention,
    opts: pulumi.CustomResourceOptions,
): aws.cloudwatch.LogGroup {
    return new aws.cloudwatch.LogGroup(
        name,
        { name: logGroupName, retentionInDays: retention.retentionDays, kmsKeyId: retention.keyArn },
        opts,
    );
}
