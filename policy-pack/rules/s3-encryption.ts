import { customerKey } from "../core/customer-key";
import { type Resource, type Stack } from "../core/resource";
import { type Check, is, isOrAbsent, type Rule } from "../core/rule";
import { everyItem, propertyRule } from "../core/property-rule";
import { type Value } from "../core/value";
import { buckets, eachMust, logBuckets, objects, tokens, valuesAtAny } from "./s3-buckets";

const encryptions = tokens("bucketServerSideEncryptionConfiguration");

/** How a bucket's objects are encrypted, in the three ways in which it can be written. */
const encryptionDefaults = ({ props }: Resource): Value[] =>
    valuesAtAny(
        props,
        ["rules", everyItem, "applyServerSideEncryptionByDefault"],
        ["serverSideEncryptionConfiguration", "rule", "applyServerSideEncryptionByDefault"],
        [
            "serverSideEncryptionConfigurations",
            everyItem,
            "rules",
            everyItem,
            "applyServerSideEncryptionByDefaults",
            everyItem,
        ],
    );

/** Rules about the encryption of buckets and objects. */
export const encryptionRules: readonly Rule[] = [
    {
        kind: "stack",
        name: "s3-bucket-require-customer-managed-key",
        description:
            "Buckets must encrypt with a customer-managed key; only log delivery's buckets cannot, and have S3's own.",
        severity: "medium",
        category: "encryption-at-rest",
        controls: ["S3-113", "S3-114"],
        remediation:
            'Add an aws.s3.BucketServerSideEncryptionConfiguration with sseAlgorithm "aws:kms" and kmsMasterKeyId of a key of your own.',
        check(stack: Stack, check: Check): void {
            const logs = logBuckets(stack);
            eachMust(stack, check, {
                types: encryptions,
                values: encryptionDefaults,
                test: (value) => {
                    const key = value.at("kmsMasterKeyId");
                    return (
                        is("aws:kms", "aws:kms:dsse")(value.at("sseAlgorithm")) &&
                        (customerKey.test(key) || customerKey.from(key))
                    );
                },
                message: 'sseAlgorithm must be "aws:kms", and kmsMasterKeyId a customer-managed key.',
                of: stack.ofType(...buckets).filter((bucket) => !logs.has(bucket)),
            });
        },
    },
    propertyRule({
        name: "s3-object-disallow-weaker-encryption",
        description: "Objects must not be encrypted with less than their bucket's key.",
        severity: "medium",
        category: "encryption-at-rest",
        controls: ["S3-114"],
        remediation: 'Leave serverSideEncryption out, or set it to "aws:kms".',
        types: objects,
        path: ["serverSideEncryption"],
        test: isOrAbsent("aws:kms", "aws:kms:dsse"),
        message: 'serverSideEncryption must be left out or "aws:kms".',
    }),
];
