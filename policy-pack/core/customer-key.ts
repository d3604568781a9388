import { madeOf } from "./rule";
import { type Value } from "./value";

/** Resource types that give the ARN of a customer managed key. */
const keyTypes = [
    "aws:kms/key:Key",
    "aws:kms/replicaKey:ReplicaKey",
    "aws:kms/externalKey:ExternalKey",
    "aws:kms/replicaExternalKey:ReplicaExternalKey",
    "aws:kms/alias:Alias",
];

/** What a property that names a key must be: a customer managed key, and not the AWS managed one of a service. */
export const customerKey = {
    test: ({ text = "" }: Value): boolean => text !== "" && !/(^|:)alias\/aws\//.test(text),
    from: madeOf(keyTypes),
};
