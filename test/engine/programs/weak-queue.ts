import * as aws from "@pulumi/aws";

// A queue that is fine, and one with a key of AWS's.
const key = new aws.kms.Key("key", { enableKeyRotation: true });
new aws.sqs.Queue("fine", { kmsMasterKeyId: key.arn });
new aws.sqs.Queue("weak", { kmsMasterKeyId: "alias/aws/sqs" });
