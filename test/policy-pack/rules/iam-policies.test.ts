import { policyRules } from "../../../policy-pack/rules/iam-policies";
import { validityRules } from "../../../policy-pack/rules/iam-validity";
import { allow, document, rolePolicy, ruleNamed } from "../support/iam";
import { type Case, describeRule, type Subject, unknown } from "../support/pack";

const account = "123456789012";
const queue = `arn:aws:sqs:ap-northeast-2:${account}:orders`;
const keys = `arn:aws:kms:ap-northeast-2:${account}:key/*`;
const role = `arn:aws:iam::${account}:role/worker`;
const secret = `arn:aws:secretsmanager:ap-northeast-2:${account}:secret`;

const is = (name: string, cases: Case[]): void => {
    const notKnown: Subject = { type: "aws:iam/policy:Policy", props: { policy: unknown } };
    describeRule(ruleNamed([...validityRules, ...policyRules], name), [
        {
            title: "accepts a queue's name",
            subjects: rolePolicy(allow({ Action: "sqs:SendMessage", Resource: queue })),
        },
        { title: "waits for the document", subjects: notKnown, undetermined: "policy" },
        ...cases,
    ]);
};

const wrong = (title: string, message: string | RegExp, statement: Record<string, unknown>): Case => ({
    title: `refuses ${title}`,
    subjects: rolePolicy(allow(statement)),
    fails: [message],
});
const right = (title: string, ...statements: Record<string, unknown>[]): Case => ({
    title: `accepts ${title}`,
    subjects: rolePolicy(...statements.map(allow)),
});

describe("policies of identities", () => {
    is("iam-policy-require-valid-document", [
        { title: "refuses no JSON", subjects: { ...rolePolicy(), props: { policy: "{" } }, fails: ["no JSON"] },
        { title: "refuses a number", subjects: { ...rolePolicy(), props: { policy: 5 } }, fails: ["no JSON object"] },
        {
            title: "looks at the inline policies of a role",
            subjects: {
                type: "aws:iam/role:Role",
                props: { inlinePolicies: [{ policy: "[]" }], assumeRolePolicy: "7" },
            },
            fails: ["no JSON object", "no JSON object"],
        },
        {
            title: "looks at policies of resources and endpoints",
            subjects: [
                { type: "aws:sqs/queuePolicy:QueuePolicy", name: "a", props: { policy: "no" } },
                { type: "aws:ec2/vpcEndpoint:VpcEndpoint", name: "b", props: { policy: "no" } },
            ],
            fails: ["no JSON", "no JSON"],
        },
    ]);
    is("iam-policy-disallow-administrator", [
        wrong("everything on everything", "must not both be `*`", { Action: "*", Resource: "*" }),
        wrong("the same in other words", "must not both be `*`", {
            Action: ["sqs:Get", "*:*"],
            Resource: "arn:aws:*:*:*:*",
        }),
        right("every action of one queue", { Action: "*", Resource: queue }),
        { title: "accepts a denial", subjects: rolePolicy({ Effect: "Deny", Action: "*", Resource: "*" }) },
    ]);
    is("iam-policy-disallow-wildcard-action", [
        wrong("every action", "not `*`", { Action: "*", Resource: queue }),
        wrong("every service", "not `s*:Get*`", { Action: "s*:Get*", Resource: queue }),
        wrong("all but some", "not `NotAction`", { NotAction: "iam:*", Resource: queue }),
        {
            title: "waits for the action",
            subjects: {
                ...rolePolicy(),
                props: { policy: { Statement: [allow({ Action: unknown, Resource: queue })] } },
            },
            undetermined: "policy.Statement[0].Action",
        },
        {
            title: "doesn't wait for the resource",
            subjects: {
                ...rolePolicy(),
                props: { policy: { Statement: [allow({ Action: "sqs:SendMessage", Resource: unknown })] } },
            },
        },
    ]);
    is("iam-policy-disallow-service-wide-actions", [
        wrong("a whole service", "not `sqs:*`", { Action: "sqs:*", Resource: queue }),
        wrong("a whole service in other words", "not `sqs:?*`", { Action: "sqs:?*", Resource: queue }),
        right("a start of names", { Action: "sqs:Get*", Resource: queue }),
    ]);
    is("iam-policy-disallow-full-iam", [
        wrong("iam:*", "must not be `IAM:*`: it reaches every action of IAM", { Action: "IAM:*", Resource: role }),
        right("reads of IAM", { Action: "iam:Get*", Resource: role }),
    ]);
    is("iam-policy-require-named-resources", [
        wrong("everything", "sqs:SendMessage is used on, not `*`", { Action: "sqs:SendMessage", Resource: "*" }),
        wrong(
            "what a pattern reaches",
            "what `ec2:DescribeFleet*` (reaches ec2:DescribeFleetHistory and ec2:DescribeFleetInstances) is used on, not `*`",
            { Action: ["ec2:DescribeVpcs", "ec2:DescribeFleet*"], Resource: "*" },
        ),
        wrong("objects of all buckets", "s3:GetObject", { Action: "s3:GetObject", Resource: "arn:aws:s3:::*" }),
        wrong("all of a kind", "lambda:InvokeFunction", {
            Action: "lambda:InvokeFunction",
            Resource: `arn:aws:lambda:ap-northeast-2:${account}:function:*`,
        }),
        wrong("all but some", "NotResource", { Action: "sqs:SendMessage", NotResource: queue }),
        wrong("a key by what uses it only", "kms:Decrypt", {
            Action: "kms:Decrypt",
            Resource: keys,
            Condition: { StringEquals: { "kms:ViaService": "sqs.ap-northeast-2.amazonaws.com" } },
        }),
        wrong("an alias that is anything", "kms:Decrypt", {
            Action: "kms:Decrypt",
            Resource: keys,
            Condition: { "ForAnyValue:StringLike": { "kms:ResourceAliases": "*" } },
        }),
        wrong("network interfaces for the code", "ec2:CreateNetworkInterface", {
            Action: "ec2:CreateNetworkInterface",
            Resource: "*",
        }),
        right("objects of one bucket", { Action: "s3:GetObject", Resource: "arn:aws:s3:::lake/*" }),
        right("actions that take no resource", {
            Action: [
                "ecr:GetAuthorizationToken",
                "xray:PutTraceSegments",
                "logs:DescribeLogGroups",
                "ec2:DescribeVpcs",
            ],
            Resource: "*",
        }),
        right("actions whose only resource is optional", { Action: "cloudwatch:PutMetricData", Resource: "*" }),
        right("keys by their alias", {
            Action: "kms:Decrypt",
            Resource: keys,
            Condition: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/data" } },
        }),
        {
            title: "accepts network interfaces that the code is denied",
            subjects: rolePolicy(allow({ Action: "ec2:CreateNetworkInterface", Resource: "*" }), {
                Effect: "Deny",
                Action: "ec2:CreateNetworkInterface",
                Resource: "*",
                Condition: {
                    ArnEquals: { "lambda:SourceFunctionArn": `arn:aws:lambda:ap-northeast-2:${account}:function:f` },
                },
            }),
        },
        {
            title: "waits for the condition",
            subjects: {
                ...rolePolicy(),
                props: {
                    policy: {
                        Statement: [
                            allow({
                                Action: "kms:Decrypt",
                                Resource: keys,
                                Condition: { StringEquals: { "kms:RequestAlias": unknown } },
                            }),
                        ],
                    },
                },
            },
            undetermined: "policy.Statement[0].Condition.StringEquals.kms:RequestAlias",
        },
        right("what API Gateway needs for its logs", {
            Action: [
                "logs:CreateLogGroup",
                "logs:CreateLogStream",
                "logs:DescribeLogGroups",
                "logs:DescribeLogStreams",
                "logs:FilterLogEvents",
                "logs:GetLogEvents",
                "logs:PutLogEvents",
            ],
            Resource: `arn:aws:logs:ap-northeast-2:${account}:*`,
        }),
    ]);
    is("iam-policy-disallow-unconstrained-permissions-management", [
        wrong("a policy of any bucket", "s3:PutBucketPolicy manages permissions", {
            Action: "s3:PutBucketPolicy",
            Resource: "*",
        }),
        wrong("policies of any bucket by a pattern", "`s3:Put*Policy` (reaches s3:Put", {
            Action: "s3:Put*Policy",
            Resource: "*",
        }),
        right("a policy of one bucket", { Action: "s3:PutBucketPolicy", Resource: "arn:aws:s3:::lake" }),
    ]);
    is("iam-policy-disallow-unlimited-data-reads", [
        wrong(
            "reads of every parameter",
            "what `ssm:GetParameter*` (reaches ssm:GetParameter, ssm:GetParameterHistory and 2 more) reads, not `*`",
            { Action: "ssm:GetParameter*", Resource: "*" },
        ),
        wrong("all but some reads", "what `NotAction` (leaves ", { NotAction: "s3:*", Resource: "*" }),
        wrong("reads of every table", "dynamodb:GetItem", {
            Action: "dynamodb:GetItem",
            Resource: `arn:aws:dynamodb:ap-northeast-2:${account}:table/*`,
        }),
    ]);
    is("iam-policy-disallow-unlimited-credentials", [
        wrong("every role", "sts:AssumeRole", { Action: "sts:AssumeRole", Resource: "*" }),
        right("a login to the registry", { Action: "ecr:GetAuthorizationToken", Resource: "*" }),
    ]);
    is("iam-policy-disallow-decrypt-on-all-keys", [
        wrong("every key", "kms:ResourceAliases", { Action: ["kms:Decrypt"], Resource: keys }),
        wrong("a wildcard", "`kms:*crypt*` (reaches kms:Decrypt and kms:ReEncryptFrom) must be", {
            Action: ["kms:*crypt*"],
            Resource: "*",
        }),
        ...["*", "alias/*", "alias/**"].map((alias) =>
            wrong(`every key by the alias ${alias}`, "kms:ResourceAliases", {
                Action: "kms:Decrypt",
                Resource: keys,
                Condition: { "ForAnyValue:StringLike": { "kms:ResourceAliases": alias } },
            }),
        ),
        right("keys by the start of their alias", {
            Action: "kms:Decrypt",
            Resource: keys,
            Condition: { "ForAnyValue:StringLike": { "kms:ResourceAliases": "alias/data-*" } },
        }),
    ]);
    is("iam-policy-require-pass-role-scope", [
        wrong("every role", "must name the role", { Action: "iam:PassRole", Resource: "*" }),
        wrong("some roles", "`iam:Pass*` (reaches iam:PassRole) must name the role", {
            Action: "iam:Pass*",
            Resource: `${role}-*`,
        }),
        wrong("any service", "iam:PassedToService", { Action: "iam:PassRole", Resource: role }),
        right("a role for a service", {
            Action: "iam:PassRole",
            Resource: role,
            Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
        }),
    ]);
    is("iam-policy-require-exact-secrets", [
        wrong("names with the same start", "<name>-??????", {
            Action: "secretsmanager:GetSecretValue",
            Resource: `${secret}:app-*`,
        }),
        wrong("every secret", "`secretsmanager:Get*` (reaches secretsmanager:GetSecretValue) must", {
            Action: "secretsmanager:Get*",
            Resource: "*",
        }),
        right("a name", { Action: "secretsmanager:GetSecretValue", Resource: `${secret}:app-??????` }),
        right("another service's resources", {
            Action: ["secretsmanager:GetSecretValue", "ssm:GetParameter"],
            Resource: [`${secret}:app-??????`, `arn:aws:ssm:ap-northeast-2:${account}:parameter/app/*`],
        }),
    ]);
    is("iam-policy-disallow-unknown-actions", [
        wrong("a slip of the pen", "s3:GetObject", { Action: "s3:GetObjct", Resource: "arn:aws:s3:::lake/*" }),
        wrong("an unknown service", "there is no action", { Action: "nothing:Do", Resource: "*" }),
        wrong("a pattern of nothing", "there is no action sqs:Fetch*", { Action: "sqs:Fetch*", Resource: queue }),
        {
            title: "refuses it in a queue's policy",
            subjects: {
                type: "aws:sqs/queuePolicy:QueuePolicy",
                props: {
                    policy: document(allow({ Principal: { AWS: account }, Action: "sqs:SendMesage", Resource: queue })),
                },
            },
            fails: ["sqs:SendMessage"],
        },
    ]);
    is("iam-policy-require-fitting-resources", [
        wrong("an object action on a bucket", "s3:GetObject works on", {
            Action: "s3:GetObject",
            Resource: "arn:aws:s3:::lake",
        }),
        wrong("a bucket action on objects", "s3:ListBucket works on", {
            Action: ["s3:GetObject", "s3:ListBucket"],
            Resource: "arn:aws:s3:::lake/*",
        }),
        wrong("a resource for an action without", "ecr:GetAuthorizationToken", {
            Action: "ecr:GetAuthorizationToken",
            Resource: `arn:aws:ecr:ap-northeast-2:${account}:repository/a`,
        }),
        right("both together", {
            Action: ["s3:GetObject", "s3:ListBucket"],
            Resource: ["arn:aws:s3:::lake", "arn:aws:s3:::lake/*"],
        }),
    ]);
});
