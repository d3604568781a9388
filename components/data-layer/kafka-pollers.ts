/**
 * AWS services that Lambda's pollers call from the brokers' subnets for a Kafka trigger that signs in with IAM: STS for the
 * function's role, Lambda to invoke the function, S3 to keep what failed. There is no way out of those subnets but endpoints.
 */
export const kafkaPollerServices = ["lambda", "sts", "s3"] as const;
