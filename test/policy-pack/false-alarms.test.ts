import assert from "node:assert/strict";
import { rules } from "../../policy-pack/rules";
import { allow, document } from "./support/iam";
import { analyze, type Subject } from "./support/pack";

/** A legitimate configuration that a tool flags, or a rule easily would. */
interface Legitimate {
    name: string;
    /** Why nothing is wrong with it. */
    why: string;
    /** Who is known to flag it, or would by its rule's letter. */
    flaggedBy?: string;
    subject: Subject;
    /** What it stands beside, which is not judged. */
    beside?: Subject[];
    /** Whether the resource alone makes it legitimate, and a condition only adds to it. */
    byResource?: boolean;
    /** Which rules' silence is the point. @default all rules */
    about?: RegExp;
}

type Statement = Record<string, unknown>;

const account = "123456789012";
const region = "ap-northeast-2";
const root = `arn:aws:iam::${account}:root`;
const arn = (service: string, rest: string): string => `arn:aws:${service}:${region}:${account}:${rest}`;

const allows = (action: string | string[], resource: string | string[], condition?: unknown): Statement =>
    allow({ Action: action, Resource: resource, ...(condition !== undefined && { Condition: condition }) });
const policy = (...statements: Statement[]): Subject => ({
    type: "aws:iam/rolePolicy:RolePolicy",
    props: { role: "role", policy: document(...statements) },
});
const trust = (...statements: Statement[]): Subject => ({
    type: "aws:iam/role:Role",
    props: { name: "role", assumeRolePolicy: document(...statements) },
});
const trusts = (principal: unknown, condition?: unknown, action = "sts:AssumeRole"): Statement =>
    allow({ Action: action, Principal: principal, ...(condition !== undefined && { Condition: condition }) });
const key = (...statements: Statement[]): Subject => ({
    type: "aws:kms/key:Key",
    props: {
        description: "a key",
        enableKeyRotation: true,
        policy: document(administration, ...statements),
    },
    options: { protect: true },
});
const administration = allow({
    Principal: { AWS: root },
    Action: [
        ...["kms:CancelKeyDeletion", "kms:DescribeKey", "kms:EnableKeyRotation", "kms:GetKeyPolicy", "kms:ListGrants"],
        ...["kms:PutKeyPolicy", "kms:RevokeGrant", "kms:ScheduleKeyDeletion", "kms:TagResource"],
    ],
    Resource: "*",
});
const keyUse = ["kms:Decrypt", "kms:GenerateDataKey"];
const resourcePolicy = (type: string, ...statements: Statement[]): Subject => ({
    type,
    props: { policy: document(...statements) },
});
const queuePolicy = (...statements: Statement[]): Subject => ({
    type: "aws:sqs/queuePolicy:QueuePolicy",
    props: {
        queueUrl: `https://sqs.${region}.amazonaws.com/${account}/q`,
        policy: document(denyPlain(arn("sqs", "q")), ...statements),
    },
});
const bucketPolicy = (...statements: Statement[]): Subject => ({
    type: "aws:s3/bucketPolicy:BucketPolicy",
    props: {
        bucket: "bucket",
        policy: document(denyPlain(["arn:aws:s3:::bucket", "arn:aws:s3:::bucket/*"], "s3:*"), ...statements),
    },
});
const denyPlain = (resource: unknown, action = "sqs:*"): Statement => ({
    Effect: "Deny",
    Principal: "*",
    Action: action,
    Resource: resource,
    Condition: { Bool: { "aws:SecureTransport": "false" } },
});
const resource = (type: string, props: Record<string, unknown>, name = "other"): Subject => ({ type, name, props });
/** Tells the stack's own account, as the engine does by its default provider. */
const provider = resource("pulumi:providers:aws", { allowedAccountIds: [account] }, "provider");
const byArn = (sourceArn: string): unknown => ({
    ArnLike: { "aws:SourceArn": sourceArn },
    StringEquals: { "aws:SourceAccount": account },
});

/** Actions that take no resource at all: AWS allows them on `*` or not. */
const withoutResource: readonly (readonly [actions: string[], why: string])[] = [
    [["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:DescribeVpcs"], "EC2 lists without resources"],
    [["ecr:GetAuthorizationToken"], "the token is for the whole registry"],
    [["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "X-Ray has no resource for traces"],
    [["logs:DescribeLogGroups"], "listing groups, as ECS Exec does before it writes"],
    [
        ["ssmmessages:CreateControlChannel", "ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel"],
        "ECS Exec opens channels that have no ARN",
    ],
    [["cloudwatch:GetMetricData", "cloudwatch:ListMetrics"], "metrics have no ARN"],
    [["kafka:ListClustersV2", "kafka:GetBootstrapBrokers"], "MSK has no resource for them"],
    [["sts:GetCallerIdentity"], "everybody may ask who they are"],
    [["s3:ListAllMyBuckets"], "a list of buckets is of no bucket"],
    [["tag:GetResources"], "the tagging service has no resources"],
    [["ce:GetCostAndUsage"], "costs have no ARN"],
    [["pricing:GetProducts"], "prices are public"],
    [["route53:ListHostedZones"], "a list of zones is of no zone"],
    [["iam:ListRoles"], "a list of roles, which gives nothing away to use"],
    [["elasticloadbalancing:DescribeTargetHealth"], "describing has no resource there"],
    [["application-autoscaling:DescribeScalableTargets"], "describing has no resource there"],
    [["autoscaling:DescribeAutoScalingGroups"], "describing has no resource there"],
    [["kms:ListAliases", "kms:ListKeys"], "lists of keys are of no key"],
    [["secretsmanager:ListSecrets"], "a list of names, without values"],
];

const legitimate: readonly Legitimate[] = [
    ...withoutResource.map(([actions, why]): Legitimate => ({
        name: `${actions.join(", ")} on *`,
        why,
        flaggedBy: "cdk-nag AwsSolutions-IAM5, cfn-nag W12",
        subject: policy(allows(actions, "*")),
    })),
    {
        name: "cloudwatch:PutMetricData on * in one namespace",
        byResource: true,
        why: "metrics have no ARN; the namespace limits it",
        flaggedBy: "cdk-nag AwsSolutions-IAM5, Checkov CKV_AWS_356 of old",
        subject: policy(allows("cloudwatch:PutMetricData", "*", { StringEquals: { "cloudwatch:namespace": "AIPX" } })),
    },
    {
        name: "network interfaces for Lambda, denied to the function's code",
        why: "Lambda asks for them on *, and the Deny keeps them from the code",
        flaggedBy: "Checkov CKV_AWS_111, cfn-nag W12",
        subject: policy(
            allows(["ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:DescribeNetworkInterfaces"], "*"),
            {
                ...allows(
                    ["ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:DescribeNetworkInterfaces"],
                    "*",
                    { ArnEquals: { "lambda:SourceFunctionArn": arn("lambda", "function:f") } },
                ),
                Effect: "Deny",
            },
        ),
    },
    {
        name: "all streams of one log group",
        why: "a log group's streams are its own",
        flaggedBy: "cdk-nag AwsSolutions-IAM5",
        subject: policy(allows(["logs:CreateLogStream", "logs:PutLogEvents"], arn("logs", "log-group:/x:*"))),
        beside: [resource("aws:cloudwatch/logGroup:LogGroup", { name: "/x" })],
    },
    {
        name: "a secret with the six characters of AWS left open",
        why: "nobody knows them before the secret exists",
        flaggedBy: "cdk-nag AwsSolutions-IAM5",
        subject: policy(allows("secretsmanager:GetSecretValue", arn("secretsmanager", "secret:a/key-??????"))),
        beside: [resource("aws:secretsmanager/secret:Secret", { name: "a/key" })],
    },
    {
        name: "objects under a prefix of one bucket",
        why: "objects are named by pattern, or not at all",
        flaggedBy: "cdk-nag AwsSolutions-IAM5",
        subject: policy(allows(["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::lake/ticks/*")),
        beside: [resource("aws:s3/bucket:Bucket", { bucket: "lake" })],
    },
    {
        name: "objects under the caller's own prefix, by a variable",
        why: "the tag of the principal is put in by IAM",
        flaggedBy: "tools that take ${...} for a template's variable",
        subject: policy(allows("s3:GetObject", "arn:aws:s3:::lake/${aws:PrincipalTag/team}/*")),
        beside: [resource("aws:s3/bucket:Bucket", { bucket: "lake" })],
    },
    {
        name: "listing one's own prefix of a bucket",
        byResource: true,
        why: "ListBucket is about the bucket, and the condition about the prefix",
        subject: policy(
            allows("s3:ListBucket", "arn:aws:s3:::lake", { StringLike: { "s3:prefix": "${aws:PrincipalTag/team}/*" } }),
        ),
        beside: [resource("aws:s3/bucket:Bucket", { bucket: "lake" })],
    },
    {
        name: "topics of one cluster, whose id AWS gives",
        why: "the `*` stands for the cluster's UUID",
        flaggedBy: "cdk-nag AwsSolutions-IAM5",
        subject: policy(
            allows(["kafka-cluster:DescribeTopic", "kafka-cluster:ReadData"], arn("kafka", "topic/k/*/ticks")),
        ),
        beside: [resource("aws:msk/cluster:Cluster", { clusterName: "k" })],
    },
    {
        name: "a key by its alias",
        why: "the id is not known before the key; the alias limits it to the one",
        flaggedBy: "cfn-nag F5, Security Hub KMS.1",
        subject: policy(
            allows("kms:Decrypt", arn("kms", "key/*"), {
                "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/data" },
            }),
        ),
        beside: [resource("aws:kms/alias:Alias", { name: "alias/data" })],
    },
    {
        name: "iam:PassRole of one role to one service",
        why: "the role is named and the service as well",
        flaggedBy: "cfn-nag F39 by any doubt",
        subject: policy(
            allows("iam:PassRole", `arn:aws:iam::${account}:role/task`, {
                StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" },
            }),
        ),
        beside: [
            resource("aws:iam/role:Role", {
                name: "task",
                assumeRolePolicy: document(trusts({ Service: "ecs-tasks.amazonaws.com" })),
            }),
        ],
    },
    {
        name: "NotAction in a Deny",
        why: "what is left out of a denial is not thereby allowed",
        flaggedBy: "cfn-nag W15, which looks at NotAction alone",
        subject: policy({
            Effect: "Deny",
            NotAction: ["iam:ChangePassword", "sts:GetSessionToken"],
            Resource: "*",
            Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } },
        }),
    },
    {
        name: "NotResource in a Deny",
        why: "it denies all but one bucket",
        flaggedBy: "cfn-nag W17, W18",
        subject: policy({ Effect: "Deny", Action: "s3:*", NotResource: ["arn:aws:s3:::lake", "arn:aws:s3:::lake/*"] }),
    },
    {
        name: "Deny of everything outside two regions",
        why: "a guard rail, which is about everything by design",
        flaggedBy: "cfn-nag W12, F4",
        subject: policy({
            Effect: "Deny",
            Action: "*",
            Resource: "*",
            Condition: { StringNotEquals: { "aws:RequestedRegion": [region, "us-east-1"] } },
        }),
    },
    {
        name: "foundation models, which have no account",
        byResource: true,
        why: "their ARNs have none, and the profile limits who they are used through",
        flaggedBy: "tools that ask for an account in every ARN",
        subject: policy(
            allows("bedrock:InvokeModel", "arn:aws:bedrock:*::foundation-model/amazon.nova-lite-v1:0", {
                StringEquals: {
                    "bedrock:InferenceProfileArn": arn("bedrock", "inference-profile/apac.amazon.nova-lite-v1:0"),
                },
            }),
        ),
    },
    {
        name: "connections of one API's stage",
        why: "connections have ids of their own, and the API's is not known before",
        flaggedBy: "cdk-nag AwsSolutions-IAM5",
        subject: policy(allows("execute-api:ManageConnections", arn("execute-api", "*/live/POST/@connections/*"))),
        beside: [resource("aws:apigatewayv2/stage:Stage", { name: "live" })],
    },
    {
        name: "a database user, whatever the instance's resource id",
        why: "the id is AWS's and the user's name decides",
        flaggedBy: "cdk-nag AwsSolutions-IAM5",
        subject: policy(allows("rds-db:connect", arn("rds-db", "dbuser:db-*/app"))),
        beside: [resource("aws:rds/instance:Instance", { identifier: "postgres" })],
    },
    {
        name: "public parameters of AWS",
        why: "they are AWS's own and have no account",
        subject: policy(
            allows(
                "ssm:GetParameter",
                `arn:aws:ssm:${region}::parameter/aws/service/ecs/optimized-ami/amazon-linux-2023`,
            ),
        ),
    },
    {
        name: "a service-linked role made for one service",
        byResource: true,
        why: "AWS demands the pattern; the condition names the service",
        flaggedBy: "cdk-nag AwsSolutions-IAM5",
        subject: policy(
            allows(
                "iam:CreateServiceLinkedRole",
                `arn:aws:iam::${account}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS`,
                { StringEquals: { "iam:AWSServiceName": "ecs.amazonaws.com" } },
            ),
        ),
    },

    // Who may be a role.
    {
        name: "Lambda trusts without a source",
        why: "Lambda gives none when it assumes an execution role",
        flaggedBy: "tools that ask every service for aws:SourceArn",
        subject: trust(trusts({ Service: "lambda.amazonaws.com" })),
    },
    {
        name: "EC2 trusts without a source",
        why: "instance profiles are of the same account only",
        subject: trust(trusts({ Service: "ec2.amazonaws.com" })),
    },
    {
        name: "API Gateway's logging role trusts without a source",
        why: "API Gateway gives none",
        subject: trust(trusts({ Service: "apigateway.amazonaws.com" })),
    },
    {
        name: "ECS tasks of any cluster of the account",
        why: "AWS's own form: the account is fixed, the tasks are not known before",
        flaggedBy: "tools that see the `*` in aws:SourceArn",
        subject: trust(trusts({ Service: "ecs-tasks.amazonaws.com" }, byArn(arn("ecs", "*")))),
    },
    {
        name: "flow logs by account alone",
        why: "the source account is enough against the confused deputy",
        subject: trust(
            trusts({ Service: "vpc-flow-logs.amazonaws.com" }, { StringEquals: { "aws:SourceAccount": account } }),
        ),
    },
    {
        name: "GitHub Actions of one repository's environment",
        why: "audience and repository are named",
        flaggedBy: "Checkov CKV_AWS_358 where `sub` has a `*` at its end",
        subject: trust(
            trusts(
                { Federated: `arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com` },
                {
                    StringEquals: { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" },
                    StringLike: { "token.actions.githubusercontent.com:sub": "repo:acme/aipx:environment:*" },
                },
                "sts:AssumeRoleWithWebIdentity",
            ),
        ),
    },
    {
        name: "a role of the same account, by ARN",
        why: "it is named",
        subject: trust(trusts({ AWS: `arn:aws:iam::${account}:role/deploy` })),
        beside: [provider],
    },
    {
        name: "the own account, held to roles by a pattern",
        why: "the condition says which roles: single sign-on adds a random end to their names",
        flaggedBy: "Checkov CKV_AWS_61, which looks at :root alone",
        subject: trust(
            trusts(
                { AWS: root },
                {
                    ArnLike: {
                        "aws:PrincipalArn": `arn:aws:iam::${account}:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Admin_*`,
                    },
                },
            ),
        ),
        beside: [provider],
    },
    {
        name: "sessions that are tagged",
        why: "sts:TagSession goes with sts:AssumeRole",
        subject: trust(
            allow({
                Action: ["sts:AssumeRole", "sts:TagSession"],
                Principal: { Service: "scheduler.amazonaws.com" },
                Condition: { StringEquals: { "aws:SourceAccount": account } },
            }),
        ),
    },

    // Keys.
    {
        name: "administration of a key by its account, on *",
        why: "`*` in a key's policy means this key, and without its account nobody could change the policy",
        flaggedBy: "cfn-nag F76, Checkov CKV_AWS_33/109/111, Trivy",
        subject: key(),
    },
    {
        name: "use of a key through one service by everybody of the account",
        byResource: true,
        why: "the account's own policies decide, and only through the service",
        flaggedBy: "Checkov CKV_AWS_33",
        subject: key(
            allow({
                Principal: { AWS: root },
                Action: keyUse,
                Resource: "*",
                Condition: { StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com` } },
            }),
        ),
    },
    {
        name: "use of a key by * through a service, for callers of the own account",
        why: "the policy that AWS itself writes for its own keys: the caller's account is fixed",
        flaggedBy: "Checkov CKV_AWS_33, cfn-nag F76",
        subject: key(
            allow({
                Principal: { AWS: "*" },
                Action: keyUse,
                Resource: "*",
                Condition: {
                    StringEquals: { "kms:CallerAccount": account, "kms:ViaService": `sqs.${region}.amazonaws.com` },
                },
            }),
        ),
    },
    {
        name: "use of a key by CloudWatch Logs, by encryption context",
        why: "the service gives no source; the context names the log group",
        flaggedBy: "tools that ask every service for aws:SourceArn",
        subject: key(
            allow({
                Principal: { Service: `logs.${region}.amazonaws.com` },
                Action: [...keyUse, "kms:Encrypt"],
                Resource: "*",
                Condition: { ArnLike: { "kms:EncryptionContext:aws:logs:arn": arn("logs", "log-group:/x/*") } },
            }),
        ),
    },
    {
        name: "a key for the organization",
        why: "the organization is a limit of the caller",
        subject: key(
            allow({
                Principal: { AWS: "*" },
                Action: "kms:Decrypt",
                Resource: "*",
                Condition: { StringEquals: { "aws:PrincipalOrgID": "o-abc1234567" } },
            }),
        ),
    },
    {
        name: "a key for signing that does not rotate",
        why: "KMS can't rotate asymmetric keys",
        flaggedBy: "Checkov CKV_AWS_7 of old, cfn-nag F19, Trivy AVD-AWS-0065 of old",
        subject: {
            ...key(),
            props: {
                ...key().props,
                enableKeyRotation: false,
                keyUsage: "SIGN_VERIFY",
                customerMasterKeySpec: "ECC_NIST_P256",
            },
        },
    },
    {
        name: "a key for message codes that does not rotate",
        why: "KMS can't rotate HMAC keys",
        flaggedBy: "cfn-nag F19",
        subject: {
            ...key(),
            props: {
                ...key().props,
                enableKeyRotation: false,
                keyUsage: "GENERATE_VERIFY_MAC",
                customerMasterKeySpec: "HMAC_256",
            },
        },
    },

    // Policies of other resources.
    {
        name: "Deny to everybody without TLS",
        why: "a denial to * is no grant to *",
        flaggedBy: "cfn-nag F16, cdk-nag rules that look at Principal alone",
        subject: bucketPolicy(),
    },
    {
        name: "Deny to everybody with an old TLS",
        why: "NumericLessThan on the version",
        subject: bucketPolicy({
            Effect: "Deny",
            Principal: "*",
            Action: "s3:*",
            Resource: ["arn:aws:s3:::bucket", "arn:aws:s3:::bucket/*"],
            Condition: { NumericLessThan: { "s3:TlsVersion": 1.2 } },
        }),
    },
    {
        name: "Deny of objects without the bucket's key",
        why: "a denial to * again",
        subject: bucketPolicy({
            Effect: "Deny",
            Principal: "*",
            Action: "s3:PutObject",
            Resource: "arn:aws:s3:::bucket/*",
            Condition: { StringNotEqualsIfExists: { "s3:x-amz-server-side-encryption": "aws:kms" } },
        }),
    },
    {
        name: "Deny to everybody outside the organization",
        why: "a perimeter: NotEquals in a Deny",
        subject: bucketPolicy({
            Effect: "Deny",
            Principal: "*",
            Action: "s3:*",
            Resource: ["arn:aws:s3:::bucket", "arn:aws:s3:::bucket/*"],
            Condition: {
                StringNotEqualsIfExists: { "aws:PrincipalOrgID": "o-abc1234567" },
                BoolIfExists: { "aws:PrincipalIsAWSService": "false" },
            },
        }),
    },
    {
        name: "a bucket for everybody of the organization",
        why: "the organization is a limit of the caller",
        flaggedBy: "Checkov CKV_AWS_70, cfn-nag F16",
        subject: bucketPolicy(
            allow({
                Principal: "*",
                Action: "s3:GetObject",
                Resource: "arn:aws:s3:::bucket/*",
                Condition: { StringEquals: { "aws:PrincipalOrgID": "o-abc1234567" } },
            }),
        ),
    },
    {
        name: "a bucket through one VPC endpoint only",
        why: "the endpoint is one's own",
        flaggedBy: "cfn-nag F16",
        subject: bucketPolicy(
            allow({
                Principal: "*",
                Action: "s3:GetObject",
                Resource: "arn:aws:s3:::bucket/*",
                Condition: { StringEquals: { "aws:SourceVpce": "vpce-0123456789abcdef0" } },
            }),
        ),
    },
    {
        name: "logs of load balancers, by the account of AWS in the region",
        why: "AWS documents that account: regions of before 2022 deliver from it",
        flaggedBy: "rules about foreign accounts",
        subject: bucketPolicy(
            allow({
                Principal: { AWS: "arn:aws:iam::600734575887:root" },
                Action: "s3:PutObject",
                Resource: `arn:aws:s3:::bucket/AWSLogs/${account}/*`,
            }),
        ),
        beside: [provider],
    },
    {
        name: "logs of load balancers, by the service that gives no source",
        why: "the account is in the object's prefix",
        subject: bucketPolicy(
            allow({
                Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
                Action: "s3:PutObject",
                Resource: `arn:aws:s3:::bucket/AWSLogs/${account}/*`,
            }),
        ),
    },
    {
        name: "access logs of buckets, by account",
        why: "S3 names the bucket and the account that it delivers for",
        subject: bucketPolicy(
            allow({
                Principal: { Service: "logging.s3.amazonaws.com" },
                Action: "s3:PutObject",
                Resource: "arn:aws:s3:::bucket/s3/*",
                Condition: { StringEquals: { "aws:SourceAccount": account } },
            }),
        ),
    },
    {
        name: "a queue for rules of one bus, by a pattern of ARNs",
        why: "account and region are fixed, and the prefix is one's own",
        flaggedBy: "tools that see the `*`",
        subject: queuePolicy(
            allow({
                Principal: { Service: "events.amazonaws.com" },
                Action: "sqs:SendMessage",
                Resource: arn("sqs", "q"),
                Condition: { ArnLike: { "aws:SourceArn": arn("events", "rule/bus/*") } },
            }),
        ),
    },
    {
        name: "a queue for a bucket, whose ARN has no account",
        why: "names of buckets are unique in the world, and the account is given beside",
        subject: queuePolicy(
            allow({
                Principal: { Service: "s3.amazonaws.com" },
                Action: "sqs:SendMessage",
                Resource: arn("sqs", "q"),
                Condition: byArn("arn:aws:s3:::lake"),
            }),
        ),
    },
    {
        name: "a topic for alarms of the account",
        why: "alarms are of the account, whichever their names",
        subject: resourcePolicy(
            "aws:sns/topicPolicy:TopicPolicy",
            allow({
                Principal: { Service: "cloudwatch.amazonaws.com" },
                Action: "sns:Publish",
                Resource: arn("sns", "alarms"),
                Condition: { ArnLike: { "aws:SourceArn": arn("cloudwatch", "alarm:*") } },
            }),
            denyPlain(arn("sns", "alarms"), "sns:Publish"),
        ),
    },
    {
        name: "images for Lambda, by functions of the account",
        why: "Lambda pulls images by the repository's policy",
        subject: resourcePolicy(
            "aws:ecr/repositoryPolicy:RepositoryPolicy",
            allow({
                Principal: { Service: "lambda.amazonaws.com" },
                Action: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
                Condition: { ArnLike: { "aws:SourceArn": arn("lambda", "function:*") } },
            }),
        ),
    },
    {
        name: "a secret for one role of the same account",
        why: "the policy of a secret is about the secret: `*` is what AWS documents",
        flaggedBy: "tools that see Resource `*`",
        subject: resourcePolicy(
            "aws:secretsmanager/secretPolicy:SecretPolicy",
            allow({
                Principal: { AWS: `arn:aws:iam::${account}:role/reader` },
                Action: "secretsmanager:GetSecretValue",
                Resource: "*",
            }),
        ),
        beside: [provider],
    },
    {
        name: "a function for one rule",
        why: "service and rule are named",
        subject: {
            type: "aws:lambda/permission:Permission",
            props: {
                action: "lambda:InvokeFunction",
                function: "f",
                principal: "events.amazonaws.com",
                sourceArn: arn("events", "rule/bus/r"),
            },
        },
    },
    {
        name: "a function for all routes of one API",
        why: "`*/*` are the API's own stages and routes",
        flaggedBy: "tools that see the `*` in sourceArn",
        subject: {
            type: "aws:lambda/permission:Permission",
            props: {
                action: "lambda:InvokeFunction",
                function: "f",
                principal: "apigateway.amazonaws.com",
                sourceArn: arn("execute-api", "abc123/*/*"),
            },
        },
    },
    {
        name: "a function for one bucket, with the account beside",
        why: "the ARN of a bucket has no account, so it is given beside",
        flaggedBy: "Security Hub Lambda.1 if it is left out",
        subject: {
            type: "aws:lambda/permission:Permission",
            props: {
                action: "lambda:InvokeFunction",
                function: "f",
                principal: "s3.amazonaws.com",
                sourceArn: "arn:aws:s3:::lake",
                sourceAccount: account,
            },
        },
    },

    {
        name: "discovery of one service of Cloud Map, by its condition keys",
        why: "the keys name namespace and service, as AWS's own examples do",
        flaggedBy: "cdk-nag AwsSolutions-IAM5, Checkov CKV_AWS_356",
        subject: policy(
            allows("servicediscovery:DiscoverInstances", "*", {
                StringEquals: {
                    "servicediscovery:NamespaceName": "aipx.internal",
                    "servicediscovery:ServiceName": "oms",
                },
            }),
        ),
    },
    {
        name: "tasks of one cluster, by its condition key",
        why: "ids of tasks are AWS's, and the cluster is named",
        flaggedBy: "cdk-nag AwsSolutions-IAM5",
        subject: policy(allows("ecs:DescribeTasks", "*", { ArnEquals: { "ecs:cluster": arn("ecs", "cluster/c") } })),
    },
    {
        name: "indexes of one table",
        why: "an index belongs to the table",
        flaggedBy: "cdk-nag AwsSolutions-IAM5",
        subject: policy(allows("dynamodb:Query", arn("dynamodb", "table/t/index/*"))),
        beside: [resource("aws:dynamodb/table:Table", { name: "t" })],
    },
    {
        name: "parameters below one path",
        why: "the path is one's own",
        flaggedBy: "cdk-nag AwsSolutions-IAM5",
        subject: policy(allows("ssm:GetParametersByPath", arn("ssm", "parameter/aipx/dev/*"))),
        beside: [resource("aws:ssm/parameter:Parameter", { name: "/aipx/dev/kafka" })],
    },
    {
        name: "the default policy of a topic, by the owner of the caller",
        why: "AWS:SourceOwner is the account that AWS puts into it",
        flaggedBy: "Checkov CKV_AWS_169, cfn-nag F18",
        subject: resourcePolicy(
            "aws:sns/topicPolicy:TopicPolicy",
            allow({
                Principal: { AWS: "*" },
                Action: ["sns:Publish", "sns:Subscribe"],
                Resource: arn("sns", "alarms"),
                Condition: { StringEquals: { "AWS:SourceOwner": account } },
            }),
            denyPlain(arn("sns", "alarms"), "sns:Publish"),
        ),
        beside: [provider],
    },
    {
        name: "log groups for the delivery of other services' logs",
        why: "the service delivers for the account's own sources",
        subject: {
            type: "aws:cloudwatch/logResourcePolicy:LogResourcePolicy",
            props: {
                policyName: "delivery",
                policyDocument: document(
                    allow({
                        Principal: { Service: "delivery.logs.amazonaws.com" },
                        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
                        Resource: arn("logs", "log-group:/aws/vendedlogs/*"),
                        Condition: byArn(arn("logs", "*")),
                    }),
                ),
            },
        },
    },
    {
        name: "a bucket for one distribution of CloudFront",
        why: "origin access control: service and distribution are named, and ARNs of CloudFront have no region",
        subject: bucketPolicy(
            allow({
                Principal: { Service: "cloudfront.amazonaws.com" },
                Action: "s3:GetObject",
                Resource: "arn:aws:s3:::bucket/*",
                Condition: { StringEquals: { "AWS:SourceArn": `arn:aws:cloudfront::${account}:distribution/E1` } },
            }),
        ),
    },
    {
        name: "a service account of Kubernetes",
        why: "audience and subject are named",
        subject: trust(
            trusts(
                { Federated: `arn:aws:iam::${account}:oidc-provider/oidc.eks.${region}.amazonaws.com/id/ABC` },
                {
                    StringEquals: {
                        [`oidc.eks.${region}.amazonaws.com/id/ABC:aud`]: "sts.amazonaws.com",
                        [`oidc.eks.${region}.amazonaws.com/id/ABC:sub`]: "system:serviceaccount:a:b",
                    },
                },
                "sts:AssumeRoleWithWebIdentity",
            ),
        ),
    },
    {
        name: "people by SAML",
        why: "the audience is AWS's sign-in",
        subject: trust(
            trusts(
                { Federated: `arn:aws:iam::${account}:saml-provider/corp` },
                { StringEquals: { "SAML:aud": "https://signin.aws.amazon.com/saml" } },
                "sts:AssumeRoleWithSAML",
            ),
        ),
    },
    {
        name: "a role of another account with an external id, where it is trusted by the stack's own provider",
        why: "the own account is the provider's, and its roles are its own",
        subject: trust(trusts({ AWS: root }, { StringEquals: { "sts:ExternalId": "a-long-secret-word" } })),
        beside: [provider],
    },
    {
        name: "grants on a key for what AWS makes with it",
        byResource: true,
        why: "kms:GrantIsForAWSResource lets services alone make grants",
        flaggedBy: "Prowler, Checkov CKV2_AWS_64 kin",
        subject: key(
            allow({
                Principal: { AWS: `arn:aws:iam::${account}:role/aws-service-role/autoscaling.amazonaws.com/X` },
                Action: "kms:CreateGrant",
                Resource: "*",
                Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
            }),
        ),
    },
    {
        name: "ICMP that says how large packets may be, from anywhere",
        why: "type 3, code 4: without it connections hang; types are no ports",
        flaggedBy: "tools that read ICMP types as ports",
        subject: {
            type: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
            props: {
                securityGroupId: "sg-1",
                description: "path MTU",
                ipProtocol: "icmp",
                fromPort: 3,
                toPort: 4,
                cidrIpv4: "0.0.0.0/0",
            },
        },
        about: /high-risk|public-(ingress|administration)/,
    },
    {
        name: "a log group of the delivery class without a retention",
        why: "AWS keeps it for two days, and lets nobody set it",
        flaggedBy: "Checkov CKV_AWS_66, CKV_AWS_338",
        subject: {
            type: "aws:cloudwatch/logGroup:LogGroup",
            props: { name: "/delivery", logGroupClass: "DELIVERY", kmsKeyId: arn("kms", "key/1") },
        },
        about: /retention/,
    },
    {
        name: "a read replica without backups of its own",
        why: "the source has them, and a replica of it can be made again",
        flaggedBy: "Checkov CKV_AWS_133, Trivy AVD-AWS-0077, Security Hub RDS.11 of old",
        subject: {
            type: "aws:rds/instance:Instance",
            props: { identifier: "replica", replicateSourceDb: "source" },
        },
        about: /backup/,
    },
    {
        name: "a preflight route without authorization",
        why: "browsers send no credentials with OPTIONS",
        flaggedBy: "cdk-nag AwsSolutions-APIG4, Checkov CKV_AWS_309",
        subject: {
            type: "aws:apigatewayv2/route:Route",
            props: { apiId: "abc", routeKey: "OPTIONS /orders", target: "integrations/x" },
        },
        beside: [resource("aws:apigatewayv2/api:Api", { id: "abc", protocolType: "HTTP" })],
    },
    {
        name: "an imported certificate without validation",
        why: "ACM validates what it issues",
        subject: { type: "aws:acm/certificate:Certificate", props: { certificateBody: "x", privateKey: "y" } },
    },

    // Network, delivery and storage.
    {
        name: "the default route of a WebSocket API without authorization",
        why: "only $connect can be authorized; later messages are of the same connection",
        flaggedBy: "Checkov CKV_AWS_309, cdk-nag AwsSolutions-APIG4",
        subject: {
            type: "aws:apigatewayv2/route:Route",
            props: { apiId: "abc", routeKey: "$default", target: "integrations/x" },
        },
        beside: [resource("aws:apigatewayv2/api:Api", { id: "abc", protocolType: "WEBSOCKET" })],
    },
    {
        name: "$disconnect without authorization",
        why: "a connection that is gone can't be authorized",
        flaggedBy: "Checkov CKV_AWS_309",
        subject: {
            type: "aws:apigatewayv2/route:Route",
            props: { apiId: "abc", routeKey: "$disconnect", target: "integrations/x" },
        },
        beside: [resource("aws:apigatewayv2/api:Api", { id: "abc", protocolType: "WEBSOCKET" })],
    },
    {
        name: "the default security group without rules",
        why: "that is what it should be",
        flaggedBy: "tools that want every group to have a description and a use",
        subject: {
            type: "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
            props: { vpcId: "vpc-1", ingress: [], egress: [] },
        },
    },
    {
        name: "egress to the prefix list of a gateway endpoint",
        why: "the list is AWS's addresses of S3 in the region",
        flaggedBy: "cfn-nag W5 where the list is not resolved",
        subject: {
            type: "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
            props: {
                securityGroupId: "sg-1",
                description: "S3",
                ipProtocol: "tcp",
                fromPort: 443,
                toPort: 443,
                prefixListId: "pl-1",
            },
        },
    },
    {
        name: "egress to another security group on all ports",
        why: "what is reached is a group of one's own",
        subject: {
            type: "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
            props: {
                securityGroupId: "sg-1",
                description: "all of the broker",
                ipProtocol: "-1",
                referencedSecurityGroupId: "sg-2",
            },
        },
    },
    {
        name: "a listener without TLS that only redirects to it",
        why: "nothing is answered in plain text but where to go",
        flaggedBy: "cdk-nag AwsSolutions-ELB2 kin, Checkov CKV_AWS_2 of old, Prowler",
        subject: {
            type: "aws:lb/listener:Listener",
            props: {
                loadBalancerArn: arn("elasticloadbalancing", "loadbalancer/app/b/1"),
                port: 80,
                protocol: "HTTP",
                defaultActions: [
                    { type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } },
                ],
            },
        },
    },
    {
        name: "a bucket for access logs with the keys of S3",
        why: "S3 and load balancers deliver logs only to buckets with SSE-S3",
        flaggedBy: "Checkov CKV_AWS_145, Security Hub S3.17, cfn-nag W41",
        subject: {
            type: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
            props: {
                bucket: "logs",
                rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
            },
        },
        beside: [
            resource("aws:s3/bucketLogging:BucketLogging", {
                bucket: "lake",
                targetBucket: "logs",
                targetPrefix: "a/",
            }),
            resource("aws:s3/bucket:Bucket", { bucket: "logs" }, "logs"),
        ],
    },
    {
        name: "a bucket for access logs without access logs of its own",
        why: "they would be logs of logs, without an end",
        flaggedBy: "Checkov CKV_AWS_18, cfn-nag W35, cdk-nag AwsSolutions-S1",
        subject: { type: "aws:s3/bucket:Bucket", props: { bucket: "logs" } },
        beside: [
            resource("aws:s3/bucketLogging:BucketLogging", {
                bucket: "lake",
                targetBucket: "logs",
                targetPrefix: "a/",
            }),
        ],
        about: /logging|access-log|event-notification/,
    },
    {
        name: "a dead-letter queue without a dead-letter queue",
        why: "it is where messages end",
        flaggedBy: "cdk-nag AwsSolutions-SQS3",
        subject: {
            type: "aws:sqs/queue:Queue",
            props: { name: "failed", messageRetentionSeconds: 1209600, kmsMasterKeyId: arn("kms", "key/1") },
        },
        beside: [
            resource("aws:sqs/queue:Queue", {
                name: "work",
                redrivePolicy: JSON.stringify({ deadLetterTargetArn: arn("sqs", "failed"), maxReceiveCount: 3 }),
            }),
        ],
        about: /require-dead-letter|require-dlq|dead-letter-queue$/,
    },
    {
        name: "a FIFO queue whose dead-letter queue is FIFO",
        why: "order needs both",
        subject: {
            type: "aws:sqs/queue:Queue",
            props: {
                name: "work.fifo",
                fifoQueue: true,
                kmsMasterKeyId: arn("kms", "key/1"),
                redrivePolicy: JSON.stringify({ deadLetterTargetArn: arn("sqs", "failed.fifo"), maxReceiveCount: 3 }),
            },
        },
        about: /^sqs-.*(cmk|dead-letter)/,
        beside: [
            resource("aws:sqs/queue:Queue", {
                name: "failed.fifo",
                fifoQueue: true,
                messageRetentionSeconds: 1209600,
                kmsMasterKeyId: arn("kms", "key/1"),
            }),
        ],
    },
    {
        name: "a function of a queue without a failure destination",
        why: "a queue has its own dead-letter queue",
        flaggedBy: "Checkov CKV_AWS_116",
        subject: {
            type: "aws:lambda/eventSourceMapping:EventSourceMapping",
            props: { eventSourceArn: arn("sqs", "work"), functionName: "f" },
        },
    },
    {
        name: "an archive of events",
        why: "what a bus keeps is of the bus",
        subject: {
            type: "aws:cloudwatch/eventArchive:EventArchive",
            props: {
                name: "archive",
                eventSourceArn: arn("events", "event-bus/b"),
                retentionDays: 30,
                kmsKeyIdentifier: arn("kms", "key/1"),
            },
        },
    },
    {
        name: "an endpoint of S3 that lets ECR's layers through",
        why: "the bucket is AWS's, and its name says whose",
        flaggedBy: "perimeter rules that know own buckets only",
        subject: {
            type: "aws:ec2/vpcEndpoint:VpcEndpoint",
            props: {
                vpcId: "vpc-1",
                serviceName: `com.amazonaws.${region}.s3`,
                vpcEndpointType: "Gateway",
                policy: document(
                    allow({
                        Principal: "*",
                        Action: "s3:GetObject",
                        Resource: `arn:aws:s3:::prod-${region}-starport-layer-bucket/*`,
                    }),
                ),
            },
        },
    },
    {
        name: "an endpoint for services of AWS",
        why: "they call as services, and not as principals of an account",
        subject: {
            type: "aws:ec2/vpcEndpoint:VpcEndpoint",
            props: {
                vpcId: "vpc-1",
                serviceName: `com.amazonaws.${region}.sts`,
                vpcEndpointType: "Interface",
                policy: document(
                    allow({
                        Principal: "*",
                        Action: "*",
                        Resource: "*",
                        Condition: { Bool: { "aws:PrincipalIsAWSService": "true" } },
                    }),
                ),
            },
        },
    },
    {
        name: "a function outside of a VPC without subnets in two zones",
        why: "AWS spreads it over zones by itself; whether it must be in a VPC is another rule's",
        flaggedBy: "Security Hub Lambda.5 where it counts subnets",
        subject: { type: "aws:lambda/function:Function", props: { name: "f" } },
        about: /^lambda-function-require-several-subnets$/,
    },
    {
        name: "a commit's hash in a function's environment",
        why: "as random as a key, but a version",
        flaggedBy: "entropy scanners: Checkov CKV_SECRET_6, trufflehog",
        subject: {
            type: "aws:lambda/function:Function",
            props: {
                name: "f",
                environment: { variables: { GIT_COMMIT: "9fceb02d0ae598e95dc970b74767f19372d61af8" } },
            },
        },
        about: /plaintext-secrets/,
    },
    {
        name: "the ARN of a secret in a function's environment",
        why: "where a secret is, and not what it is",
        flaggedBy: "scanners that go by names of variables",
        subject: {
            type: "aws:lambda/function:Function",
            props: {
                name: "f",
                environment: { variables: { DB_PASSWORD_SECRET: arn("secretsmanager", "secret:a/key-AbCdEf") } },
            },
        },
        about: /plaintext-secrets/,
    },
];

describe("legitimate configurations that other tools flag", function () {
    this.timeout(60_000);

    it("are at least fifty, each told once", () => {
        assert.ok(legitimate.length >= 50, String(legitimate.length));
        assert.equal(new Set(legitimate.map(({ name }) => name)).size, legitimate.length);
    });

    const findings = async ({ subject, beside = [], about }: Legitimate): Promise<string[]> => {
        const judging = rules.filter((rule) => about?.test(rule.name) ?? true);
        assert.ok(judging.length > 0, "no rule is about it");
        const told = await analyze(judging, [subject, ...beside], true);
        return told
            .filter(({ resource: of }) => of === (subject.name ?? "subject"))
            .map(({ policy: rule, message }) => `${rule}: ${message}`);
    };

    for (const one of legitimate) {
        it(`${one.name}: ${one.why}`, async () => {
            assert.deepEqual(await findings(one), []);
        });
        const bare = withoutConditions(one.subject);
        if (bare && !one.byResource) {
            it(`${one.name}: not without its condition`, async () => {
                assert.notDeepEqual(await findings({ ...one, subject: bare }), []);
            });
        }
    }
});

/** The same with the conditions taken from what is allowed; undefined if there are none. */
function withoutConditions(subject: Subject): Subject | undefined {
    for (const property of ["policy", "assumeRolePolicy", "policyDocument"]) {
        const text: unknown = subject.props[property];
        if (typeof text !== "string") {
            continue;
        }
        const { Statement: statements } = JSON.parse(text) as { Statement: Statement[] };
        const bare = statements.map((statement) =>
            statement["Effect"] === "Allow" ? { ...statement, Condition: undefined } : statement,
        );
        const changed = document(...bare);
        return changed === text ? undefined : { ...subject, props: { ...subject.props, [property]: changed } };
    }
    return undefined;
}
