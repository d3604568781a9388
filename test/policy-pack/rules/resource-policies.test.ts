import { resourcePolicyRules } from "../../../policy-pack/rules/resource-policies";
import { allow, document, rolePolicy, ruleNamed } from "../support/iam";
import { type Case, describeRule, type Subject, unknown } from "../support/pack";

const account = "123456789012";
const queue = `arn:aws:sqs:ap-northeast-2:${account}:orders`;

const queuePolicy = (statement: Record<string, unknown>): Subject => ({
    type: "aws:sqs/queuePolicy:QueuePolicy",
    props: { policy: document(allow({ Action: "sqs:SendMessage", Resource: queue, ...statement })) },
});
const waiting: Case = {
    title: "waits for the document",
    subjects: { type: "aws:sqs/queue:Queue", props: { policy: unknown } },
    undetermined: "policy",
};
const is = (name: string, cases: Case[]): void => describeRule(ruleNamed(resourcePolicyRules, name), cases);
const busPermission = (props: Record<string, unknown>): Subject => ({
    type: "aws:cloudwatch/eventPermission:EventPermission",
    props,
});
const keyOf = (...accounts: string[]): Subject => ({
    type: "aws:kms/key:Key",
    name: "key",
    props: {
        policy: document(allow({ Principal: { AWS: accounts }, Action: "kms:PutKeyPolicy", Resource: "*" })),
    },
});

/** Types with a policy, and the property that it is in. */
const carriers: [type: string, property: string][] = [
    ["aws:sqs/queue:Queue", "policy"],
    ["aws:sns/topic:Topic", "policy"],
    ["aws:sns/topicPolicy:TopicPolicy", "policy"],
    ["aws:kms/key:Key", "policy"],
    ["aws:kms/keyPolicy:KeyPolicy", "policy"],
    ["aws:kms/externalKey:ExternalKey", "policy"],
    ["aws:s3/bucketPolicy:BucketPolicy", "policy"],
    ["aws:s3/bucket:Bucket", "policy"],
    ["aws:s3/bucketV2:BucketV2", "policy"],
    ["aws:secretsmanager/secret:Secret", "policy"],
    ["aws:secretsmanager/secretPolicy:SecretPolicy", "policy"],
    ["aws:ecr/repositoryPolicy:RepositoryPolicy", "policy"],
    ["aws:ecr/registryPolicy:RegistryPolicy", "policy"],
    ["aws:cloudwatch/eventBusPolicy:EventBusPolicy", "policy"],
    ["aws:cloudwatch/logResourcePolicy:LogResourcePolicy", "policyDocument"],
    ["aws:efs/fileSystemPolicy:FileSystemPolicy", "policy"],
    ["aws:opensearch/domain:Domain", "accessPolicies"],
    ["aws:opensearch/domainPolicy:DomainPolicy", "accessPolicies"],
];

describe("policies of resources", () => {
    is("resource-policy-disallow-public", [
        waiting,
        { title: "accepts a role", subjects: queuePolicy({ Principal: { AWS: `arn:aws:iam::${account}:role/a` } }) },
        ...carriers.map(([type, property]): Case => ({
            title: `refuses anybody in ${type}`,
            subjects: {
                type,
                props: { [property]: document(allow({ Principal: "*", Action: "sqs:*", Resource: "*" })) },
            },
            fails: ["`Principal` must not be `*`"],
        })),
        {
            title: "refuses everybody but one",
            subjects: queuePolicy({ NotPrincipal: { AWS: account } }),
            fails: ["`*`"],
        },
        {
            title: "refuses a condition that limits nobody",
            subjects: queuePolicy({ Principal: "*", Condition: { IpAddress: { "aws:SourceIp": "0.0.0.0/0" } } }),
            fails: ["`*`"],
        },
        {
            title: "refuses a negated condition",
            subjects: queuePolicy({ Principal: "*", Condition: { StringNotEquals: { "aws:SourceAccount": account } } }),
            fails: ["`*`"],
        },
        {
            title: "accepts an organization",
            subjects: queuePolicy({ Principal: "*", Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } } }),
        },
        {
            title: "accepts a denial to anybody",
            subjects: queuePolicy({ Effect: "Deny", Principal: "*" }),
        },
    ]);
    is("resource-permission-disallow-public", [
        { title: "accepts an account", subjects: busPermission({ principal: account }) },
        {
            title: "accepts an organization",
            subjects: busPermission({ principal: "*", condition: { key: "aws:PrincipalOrgID" } }),
        },
        { title: "refuses anybody on a bus", subjects: busPermission({ principal: "*" }), fails: ["organization"] },
        { title: "waits", subjects: busPermission({ principal: unknown }), undetermined: "principal" },
    ]);
    is("resource-policy-require-source", [
        waiting,
        {
            title: "accepts a rule",
            subjects: queuePolicy({
                Principal: { Service: "events.amazonaws.com" },
                Condition: { ArnEquals: { "aws:SourceArn": `arn:aws:events:ap-northeast-2:${account}:rule/a` } },
            }),
        },
        ...carriers.map(([type, property]): Case => ({
            title: `refuses a service without a source in ${type}`,
            subjects: {
                type,
                props: {
                    [property]: document(
                        allow({
                            Principal: { Service: "sns.amazonaws.com" },
                            Action: "sqs:SendMessage",
                            Resource: "*",
                        }),
                    ),
                },
            },
            fails: ["sns.amazonaws.com must be limited"],
        })),
        {
            title: "refuses a rule of any account",
            subjects: queuePolicy({
                Principal: { Service: "events.amazonaws.com" },
                Condition: { ArnLike: { "aws:SourceArn": "arn:aws:events:*:*:rule/a" } },
            }),
            fails: ["aws:SourceArn"],
        },
        {
            title: "accepts everything of one account",
            subjects: queuePolicy({
                Principal: { Service: "cloudwatch.amazonaws.com" },
                Condition: { ArnLike: { "aws:SourceArn": `arn:aws:cloudwatch:ap-northeast-2:${account}:alarm:*` } },
            }),
        },
        ...["", "*", "o-*"].map((organization): Case => ({
            title: `refuses the organization "${organization}"`,
            subjects: queuePolicy({
                Principal: { Service: "cloudwatch.amazonaws.com" },
                Condition: { StringLike: { "aws:PrincipalOrgID": organization } },
            }),
            fails: ["cloudwatch.amazonaws.com must be limited"],
        })),
        {
            title: "accepts the encryption context of a log group",
            subjects: {
                type: "aws:kms/key:Key",
                props: {
                    policy: document(
                        allow({
                            Principal: { Service: "logs.ap-northeast-2.amazonaws.com" },
                            Action: "kms:Decrypt",
                            Resource: "*",
                            Condition: {
                                ArnLike: {
                                    "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:ap-northeast-2:${account}:log-group:/a/*`,
                                },
                            },
                        }),
                    ),
                },
            },
        },
        {
            title: "accepts logs of load balancers, which have no source",
            subjects: queuePolicy({ Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" } }),
        },
        {
            title: "waits for the source",
            subjects: {
                type: "aws:sns/topicPolicy:TopicPolicy",
                props: {
                    policy: {
                        Statement: [
                            allow({
                                Principal: { Service: "events.amazonaws.com" },
                                Action: "sns:Publish",
                                Resource: "*",
                                Condition: { ArnEquals: { "aws:SourceArn": unknown } },
                            }),
                        ],
                    },
                },
            },
            undetermined: "policy.Statement[0].Condition.ArnEquals.aws:SourceArn",
        },
    ]);
    is("resource-policy-disallow-wildcard-actions", [
        waiting,
        { title: "accepts an action", subjects: queuePolicy({ Principal: { AWS: account } }) },
        { title: "refuses all", subjects: queuePolicy({ Action: "*" }), fails: ["`Action` must name"] },
        { title: "refuses a service", subjects: queuePolicy({ Action: "sqs:*" }), fails: ["`Action` must name"] },
    ]);

    const foreign = "999999999999";
    const principal = (of: string): Subject => queuePolicy({ Principal: { AWS: `arn:aws:iam::${of}:root` } });
    is("resource-policy-disallow-foreign-accounts", [
        waiting,
        { title: "accepts the account of the queues", subjects: principal(account) },
        {
            title: "waits while nothing tells the stack's own account",
            subjects: queuePolicy({ Principal: { AWS: foreign }, Resource: "*" }),
            undetermined: "provider.allowedAccountIds",
        },
        {
            title: "needs no account of its own where all are services",
            subjects: queuePolicy({ Principal: { Service: "sns.amazonaws.com" }, Resource: "*" }),
        },
        { title: "refuses another account", subjects: principal(foreign), fails: [`account ${foreign}`] },
        {
            title: "goes by the accounts of the provider",
            subjects: { ...principal(account), provider: { allowedAccountIds: [foreign] } },
            fails: [`account ${account}`],
        },
        ...[
            { type: "pulumi:providers:aws", name: "default", props: { allowedAccountIds: `["${foreign}"]` } },
            { type: "pulumi:providers:aws", name: "default", props: { allowedAccountIds: [foreign] } },
            {
                type: "pulumi:providers:aws",
                name: "default",
                props: { assumeRoles: `[{"roleArn":"arn:aws:iam::${foreign}:role/deploy"}]` },
            },
            {
                type: "aws:sqs/queue:Queue",
                name: "given",
                props: { arn: `arn:aws:sqs:ap-northeast-2:${foreign}:given` },
            },
        ].map((evidence): Case => ({
            title: `goes by ${evidence.type} ${JSON.stringify(evidence.props)}`,
            subjects: [principal(account), evidence],
            fails: [`account ${account}`],
        })),
        {
            title: "takes no evidence from the ARN of what a resource points to",
            subjects: [
                principal(account),
                {
                    type: "aws:cloudwatch/eventTarget:EventTarget",
                    name: "target",
                    props: { arn: `arn:aws:sqs:ap-northeast-2:${foreign}:q` },
                },
            ],
        },
        {
            title: "takes the only administrator of keys for the account",
            subjects: [keyOf(account), queuePolicy({ Principal: { AWS: foreign }, Resource: "*" })],
            fails: [`account ${foreign}`],
        },
        {
            title: "waits where two accounts administer keys",
            subjects: keyOf(account, foreign),
            undetermined: "provider.allowedAccountIds",
        },
        {
            title: "refuses a service on behalf of another account",
            subjects: [
                { ...rolePolicy(allow({ Action: "sqs:SendMessage", Resource: [queue, `${queue}2`] })), name: "a" },
                queuePolicy({
                    Principal: { Service: "sns.amazonaws.com" },
                    Condition: { StringEquals: { "aws:SourceAccount": foreign } },
                }),
            ],
            fails: ["`Condition` must not name"],
        },
        {
            title: "refuses another account in the policy of an endpoint",
            subjects: [
                { ...rolePolicy(allow({ Action: "sqs:SendMessage", Resource: queue })), name: "a" },
                {
                    type: "aws:ec2/vpcEndpoint:VpcEndpoint",
                    props: {
                        policy: document(
                            allow({
                                Principal: "*",
                                Action: "*",
                                Resource: "*",
                                Condition: { StringEquals: { "aws:PrincipalAccount": foreign } },
                            }),
                        ),
                    },
                },
            ],
            fails: ["`Condition` must not name"],
        },
        ...["aws:lambda/permission:Permission", "aws:cloudwatch/eventPermission:EventPermission"].map((type): Case => ({
            title: `refuses another account in ${type}`,
            subjects: [
                { ...rolePolicy(allow({ Action: "sqs:SendMessage", Resource: queue })), name: "a" },
                { type, props: { principal: `arn:aws:iam::${foreign}:root` } },
            ],
            fails: [`\`principal\` must not be account ${foreign}`],
        })),
        {
            title: "refuses another account that a role trusts",
            subjects: [
                { ...rolePolicy(allow({ Action: "sqs:SendMessage", Resource: queue })), name: "a" },
                {
                    type: "aws:iam/role:Role",
                    name: "role",
                    props: {
                        assumeRolePolicy: document(
                            allow({ Action: "sts:AssumeRole", Principal: { AWS: `arn:aws:iam::${foreign}:role/b` } }),
                        ),
                    },
                },
            ],
            fails: [`account ${foreign}`],
        },
    ]);
});
