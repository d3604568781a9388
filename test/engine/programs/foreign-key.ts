import * as aws from "@pulumi/aws";

// A queue whose key comes from something that is no key of this stack.
const parameter = new aws.ssm.Parameter("parameter", { type: "String", value: "key" });
new aws.sqs.Queue("weak", { kmsMasterKeyId: parameter.arn });
