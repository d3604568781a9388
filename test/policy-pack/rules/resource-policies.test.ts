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
const permission = (props: Record<string, unknown>): Subject => ({ type: "aws:lambda/permission:Permission", props });

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
        { title: "accepts an account", subjects: permission({ principal: account }) },
        { title: "refuses anybody", subjects: permission({ principal: "*" }), fails: ["* must be limited"] },
        { title: "accepts an organization", subjects: permission({ principal: "*", principalOrgId: "o-1" }) },
        { title: "waits", subjects: permission({ principal: unknown }), undetermined: "principal" },
        {
            title: "refuses anybody on a bus",
            subjects: { type: "aws:cloudwatch/eventPermission:EventPermission", props: { principal: "*" } },
            fails: ["organization"],
        },
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
    is("resource-permission-require-source", [
        { title: "accepts an account's number", subjects: permission({ principal: account }) },
        {
            title: "accepts a source",
            subjects: permission({ principal: "events.amazonaws.com", sourceArn: "arn:aws:events:a:1:rule/a" }),
        },
        {
            title: "refuses no source",
            subjects: permission({ principal: "events.amazonaws.com" }),
            fails: ["`sourceArn` or `sourceAccount`"],
        },
        {
            title: "refuses any source",
            subjects: permission({ principal: "s3.amazonaws.com", sourceArn: "*" }),
            fails: ["s3.amazonaws.com"],
        },
        {
            title: "waits",
            subjects: permission({ principal: "s3.amazonaws.com", sourceArn: unknown }),
            undetermined: "sourceArn",
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
            title: "accepts an account while nothing tells the stack's own",
            subjects: queuePolicy({ Principal: { AWS: foreign }, Resource: "*" }),
        },
        { title: "refuses another account", subjects: principal(foreign), fails: [`account ${foreign}`] },
        {
            title: "goes by the accounts of the provider",
            subjects: { ...principal(account), provider: { allowedAccountIds: [foreign] } },
            fails: [`account ${account}`],
        },
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
