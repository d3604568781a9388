import { type Rule } from "../core/rule";
import { encryptionRules } from "./s3-encryption";
import { accessLogsRule, objectEventsRule } from "./s3-logs";
import { bucketPolicyRules } from "./s3-policies";
import { publicAccessRules, websiteRule } from "./s3-public-access";
import { retentionRules, versioningRule } from "./s3-retention";

/** Rules about buckets and their objects, in the order of their controls. */
export const s3Rules: readonly Rule[] = [
    ...publicAccessRules,
    ...bucketPolicyRules,
    ...encryptionRules,
    versioningRule,
    accessLogsRule,
    ...retentionRules,
    websiteRule,
    objectEventsRule,
];

/** Controls that no rule can serve, with the reason. */
export const s3NotApplicable: Record<string, string> = {
    "S3-119":
        "Events of a bucket cost and need a consumer; whether there is one is the program's design, not its safety.",
    "S3-121":
        "A copy in another region is a decision on disaster recovery with a bucket, a key and costs of its own; versioning guards against loss within the region (S3-115).",
    "S3-123": "MFA delete can be set by the account's root user with its device only, which no Pulumi program runs as.",
};
