import assert from "node:assert/strict";
import { type Rule } from "../../../policy-pack/core/rule";
import { ownershipRules } from "../../../policy-pack/rules/iam-ownership";
import { allow, document, rolePolicy, ruleNamed } from "../support/iam";
import { withParameters } from "../support/mutations";
import { analyze, type Case, describeRule, type Subject, unknown } from "../support/pack";

const rule = ruleNamed(ownershipRules, "iam-policy-disallow-undeclared-resources");
const account = "123456789012";
const arn = (service: string, rest: string, owner = account): string =>
    `arn:aws:${service}:ap-northeast-2:${owner}:${rest}`;
const policy = (...resources: unknown[]): Subject => rolePolicy(allow({ Action: "x:Y", Resource: resources }));
const made = (type: string, props: Record<string, unknown> = {}, name = "made"): Subject => ({ type, props, name });

/** ARNs that are of a resource, and ARNs that are not. */
const owners: readonly (readonly [Subject, own: string[], others: string[]])[] = [
    [
        made("aws:s3/bucket:Bucket", { bucket: "lake" }),
        ["arn:aws:s3:::lake", "arn:aws:s3:::lake/*", "arn:aws:s3:::lake/ticks/*"],
        ["arn:aws:s3:::lake-2", "arn:aws:s3:::other/*"],
    ],
    [
        made("aws:s3/bucketV2:BucketV2", { bucketPrefix: "logs-" }),
        ["arn:aws:s3:::logs-123", "arn:aws:s3:::logs-*/*"],
        ["arn:aws:s3:::log"],
    ],
    [made("aws:sqs/queue:Queue", { name: "a.fifo" }), [arn("sqs", "a.fifo")], [arn("sqs", "a"), arn("sns", "a.fifo")]],
    [made("aws:sqs/queue:Queue"), [arn("sqs", "made-1a2b3c4")], [arn("sqs", "maker")]],
    [made("aws:sns/topic:Topic", { name: "t" }), [arn("sns", "t")], [arn("sns", "u")]],
    [
        made("aws:lambda/function:Function", { name: "f" }),
        [arn("lambda", "function:f"), arn("lambda", "function:f:live"), arn("logs", "log-group:/aws/lambda/f:*")],
        [arn("lambda", "function:g"), arn("logs", "log-group:/aws/lambda/g:*")],
    ],
    [
        made("aws:cloudwatch/logGroup:LogGroup", { name: "/a/b" }),
        [arn("logs", "log-group:/a/b"), arn("logs", "log-group:/a/b:*"), arn("logs", "log-group:/a/b:log-stream:x")],
        [arn("logs", "log-group:/a/c:*")],
    ],
    [
        made("aws:secretsmanager/secret:Secret", { name: "a/key" }),
        [arn("secretsmanager", "secret:a/key-??????"), arn("secretsmanager", "secret:a/key-AbCdEf")],
        [arn("secretsmanager", "secret:a/key2-??????"), arn("secretsmanager", "secret:b/*")],
    ],
    [
        made("aws:ssm/parameter:Parameter", { name: "/a/b" }),
        [arn("ssm", "parameter/a/b"), arn("ssm", "parameter/a/*")],
        [arn("ssm", "parameter/b/*")],
    ],
    [
        made("aws:ecr/repository:Repository", { name: "a/b" }),
        [arn("ecr", "repository/a/b")],
        [arn("ecr", "repository/b")],
    ],
    [
        made("aws:msk/cluster:Cluster", { clusterName: "k" }),
        [arn("kafka", "cluster/k/*"), arn("kafka", "topic/k/*/ticks"), arn("kafka", "group/k/*/g")],
        [arn("kafka", "cluster/l/*"), arn("kafka", "topic/l/*/ticks")],
    ],
    [
        made("aws:rds/instance:Instance", { identifier: "db1" }),
        [arn("rds-db", "dbuser:db-*/app"), arn("rds", "db:db1"), arn("logs", "log-group:RDS*")],
        [arn("rds", "db:db2")],
    ],
    [
        made("aws:elasticache/user:User", { userId: "oms" }),
        [arn("elasticache", "user:oms")],
        [arn("elasticache", "user:admin"), arn("elasticache", "replicationgroup:oms")],
    ],
    [
        made("aws:apigatewayv2/stage:Stage", { apiId: unknown, name: "live" }),
        [arn("execute-api", "*/live/POST/@connections/*"), arn("execute-api", "abc/live/GET/")],
        [arn("execute-api", "*/other/POST/@connections/*")],
    ],
    [
        made("aws:cloudwatch/eventBus:EventBus", { name: "b" }),
        [arn("events", "event-bus/b"), arn("events", "event-bus/default")],
        [arn("events", "event-bus/c")],
    ],
    [
        made("aws:iam/role:Role", { name: "r" }),
        [
            `arn:aws:iam::${account}:role/r`,
            `arn:aws:iam::${account}:role/path/r`,
            "arn:aws:iam::aws:policy/ReadOnlyAccess",
        ],
        [`arn:aws:iam::${account}:role/s`],
    ],
    [
        made("aws:location/map:Map", { name: "m", id: "m-1" }),
        [arn("location", "map/m"), arn("location", "map/m-1")],
        [arn("location", "map/n")],
    ],
    [
        made("aws:sqs/queue:Queue", { name: "x", arn: "arn:aws:sqs:ap-northeast-2:123456789012:given" }),
        [arn("sqs", "given"), arn("sqs", "x")],
        [arn("sqs", "x", "999999999999")],
    ],
];

const nobodys = [
    "*",
    arn("kms", "key/*"),
    "arn:aws:bedrock:*::foundation-model/amazon.nova-lite-v1:0",
    arn("bedrock", "inference-profile/apac.amazon.nova-lite-v1:0"),
    "arn:aws:ssm:ap-northeast-2::parameter/aws/service/ami-amazon-linux-latest/al2023",
    arn("ssm", "document/AWS-RunShellScript"),
    "arn:aws:ec2:ap-northeast-2::image/ami-1",
    `arn:aws:iam::${account}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS`,
];

const key = made("aws:kms/key:Key", {}, "key");
const topics = (...names: string[]): Subject[] => [
    made("aws:msk/cluster:Cluster", { clusterName: "k" }, "cluster"),
    ...names.map((name): Subject => ({
        ...made("aws:msk/topic:Topic", { name, clusterArn: unknown }, name),
        refersTo: { clusterArn: "cluster" },
    })),
];
const alias = (name: unknown): Subject => made("aws:kms/alias:Alias", { name });
const byAlias = rolePolicy(
    allow({
        Action: "kms:Decrypt",
        Resource: arn("kms", "key/*"),
        Condition: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/data" } },
    }),
);

describeRule(rule, [
    ...owners.flatMap(([subject, own, others]): Case[] => [
        ...own.map((one): Case => ({ title: `accepts ${one} of ${subject.type}`, subjects: [subject, policy(one)] })),
        ...others.map((one): Case => ({
            title: `refuses ${one} beside ${subject.type}`,
            subjects: [subject, policy(one)],
            fails: [`${one} is neither`],
        })),
    ]),
    ...nobodys.map((one): Case => ({ title: `accepts ${one}, which nobody owns`, subjects: policy(one) })),
    {
        title: "says nothing of what is denied",
        subjects: rolePolicy({ Effect: "Deny", Action: "sqs:SendMessage", Resource: arn("sqs", "a") }),
    },
    {
        title: "refuses a topic that the stack does not make beside one that it makes",
        subjects: [...topics("ticks"), policy(arn("kafka", "topic/k/*/ticks"), arn("kafka", "topic/k/*/orders"))],
        fails: ["topic/k/*/orders is neither"],
    },
    { title: "accepts an alias of the stack", subjects: [alias("alias/data"), byAlias] },
    { title: "refuses another alias", subjects: [alias("alias/logs"), byAlias], fails: ["alias/data is neither"] },
    {
        title: "accepts what a resource of the stack will give",
        subjects: [key, { ...policy(unknown), refersTo: { policy: "key" } }],
    },
    {
        title: "accepts the id of a key that the policy was written with",
        subjects: [key, { ...policy(arn("kms", "key/1-2")), refersTo: { policy: "key" } }],
    },
    { title: "refuses the id of another key", subjects: [key, policy(arn("kms", "key/1-2"))], fails: ["key/1-2"] },
    {
        title: "refuses a queue beside the one that the policy was written with",
        subjects: [
            made("aws:sqs/queue:Queue", { name: "a" }, "queue"),
            { ...policy(arn("sqs", "b")), refersTo: { policy: "queue" } },
        ],
        fails: [":b is neither"],
    },
    {
        title: "reads inline policies of roles",
        subjects: made("aws:iam/role:Role", {
            name: "r",
            inlinePolicies: [{ policy: document(allow({ Action: "sqs:SendMessage", Resource: arn("sqs", "a") })) }],
        }),
        fails: [":a is neither"],
    },
    {
        title: "refuses another account's resource of the same name",
        subjects: [
            made("aws:sqs/queue:Queue", { name: "a" }),
            made("pulumi:providers:aws", { allowedAccountIds: [account] }, "provider"),
            policy(arn("sqs", "a", "999999999999")),
        ],
        fails: ["999999999999:a is neither"],
    },
    {
        title: "waits for an ARN that nothing of the stack gives",
        subjects: policy(unknown),
        undetermined: "policy.Statement[0].Resource[0]",
    },
    {
        title: "waits for the name of a resource",
        subjects: [made("aws:sqs/queue:Queue", { name: unknown }), policy(arn("sqs", "a"))],
        undetermined: "name",
    },
    {
        title: "waits for the document",
        subjects: made("aws:iam/policy:Policy", { policy: unknown }),
        undetermined: "policy",
    },
]);

describe("the parameter `declared`", () => {
    const declaring = (...declared: string[]): Rule => withParameters(rule, { declared });

    it("lists what is another stack's", async () => {
        const told = await analyze(
            declaring("arn:aws:sqs:*:*:shared-*"),
            policy(arn("sqs", "shared-a"), arn("sqs", "other")),
        );
        assert.deepEqual(
            told.map(({ message }) => /:(\S+) is neither/.exec(message)?.[1]?.split(":").pop()),
            ["other"],
        );
    });

    it("does not cover a pattern that is wider", async () => {
        const told = await analyze(declaring(arn("sqs", "shared-a")), policy(arn("sqs", "shared-*")));
        assert.equal(told.length, 1);
    });
});
