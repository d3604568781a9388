/**
 * Services that say on whose behalf they assume a role, by `aws:SourceArn` or `aws:SourceAccount`. A role that trusts them can
 * demand it, so it must.
 */
export const servicesWithSource: ReadonlySet<string> = new Set([
    "backup-gateway.amazonaws.com",
    "batchoperations.s3.amazonaws.com",
    "bedrock.amazonaws.com",
    "cloudtrail.amazonaws.com",
    "codebuild.amazonaws.com",
    "config.amazonaws.com",
    "datasync.amazonaws.com",
    "delivery.logs.amazonaws.com",
    "ecs-tasks.amazonaws.com",
    "ecs.amazonaws.com",
    "events.amazonaws.com",
    "export.rds.amazonaws.com",
    "firehose.amazonaws.com",
    "kafkaconnect.amazonaws.com",
    "kinesisanalytics.amazonaws.com",
    "logs.amazonaws.com",
    "monitoring.rds.amazonaws.com",
    "osis-pipelines.amazonaws.com",
    "pipes.amazonaws.com",
    "rds.amazonaws.com",
    "s3.amazonaws.com",
    "sagemaker.amazonaws.com",
    "scheduler.amazonaws.com",
    "sns.amazonaws.com",
    "ssm.amazonaws.com",
    "states.amazonaws.com",
    "synthetics.amazonaws.com",
    "transfer.amazonaws.com",
    "vpc-flow-logs.amazonaws.com",
]);

/** Services that a policy cannot ask for a source, and why. */
export const servicesWithoutSource: Readonly<Record<string, string>> = {
    "apigateway.amazonaws.com": "assumes a role without saying for which API",
    "ec2.amazonaws.com": "hands a role to an instance of the same account only, without a source",
    "edgelambda.amazonaws.com": "assumes an execution role as Lambda does, without a source",
    "lambda.amazonaws.com": "assumes an execution role without a source; who may pass it is limited by iam:PassRole",
    "logdelivery.elasticloadbalancing.amazonaws.com":
        "delivers logs of load balancers without a source; the account is in the object's prefix",
};

/** The service's principal without a region: `logs.ap-northeast-2.amazonaws.com` is `logs.amazonaws.com`. */
export const withoutRegion = (principal: string): string =>
    principal.toLowerCase().replace(/\.[a-z]{2}(-[a-z]+)+-\d(?=\.amazonaws\.com)/, "");
