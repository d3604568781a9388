import assert from "node:assert/strict";
import { policyStack } from "../../plan/policies";
import { type Resource, type Stack } from "../../policy-pack/core/resource";
import { type Document, isDocument, parseDocument } from "../../policy-pack/iam/document";
import { type Decision, evaluateRequest } from "../../policy-pack/iam/evaluator";
import { type Context, resourceMatches } from "../../policy-pack/iam/match";
import { identityDocuments, resourceDocuments, roleType } from "../../policy-pack/rules/iam-documents";
import { planOf, stackNames } from "../support/stacks";

const account = "123456789012";
const region = "ap-northeast-2";

/** What is asked of every role of a stack, and which of them may. */
interface Row {
    title: string;
    actions: string[];
    /** ARN in the stack of this name. */
    on: (stack: string) => string;
    context?: (stack: string) => Context;
    /** Roles, without `aipx-<stack>-` before their names. Nobody else may. */
    roles: string[];
}

const arn =
    (service: string, rest: (stack: string) => string) =>
    (stack: string): string =>
        `arn:aws:${service}:${region}:${account}:${rest(stack)}`;
const cluster = "0a1b2c3d-1111-2222-3333-444455556666-2";
const topic = (name: string) => arn("kafka", (stack) => `topic/aipx-${stack}-kafka/${cluster}/${name}`);
const group = (name: string) => arn("kafka", (stack) => `group/aipx-${stack}-kafka/${cluster}/aipx-${stack}-${name}`);
const secret = (name: string) => arn("secretsmanager", (stack) => `secret:aipx/${stack}/${name}-AbCdEf`);
const queue = (name: string) => arn("sqs", (stack) => `aipx-${stack}-${name}`);
const lake = (key: string) => (stack: string) => `arn:aws:s3:::aipx-${stack}-data-lake-${account}/${key}`;
const eventsFrom = (source: string) => (): Context => ({ "events:source": source });
const secure = { "aws:SecureTransport": "true", "s3:TlsVersion": "1.3" };

const strategies = ["strategy-mean-reversion", "strategy-momentum"];
const functions = [
    "cognitive",
    "cognitive-dispatcher",
    "data-recorder",
    "database-users",
    "image-trial",
    "notification",
    ...strategies,
    "websocket-authorizer",
    "websocket-connect",
];
const write = ["kafka-cluster:WriteData"];
const read = ["kafka-cluster:ReadData"];
const manage = ["kafka-cluster:CreateTopic", "kafka-cluster:AlterTopic", "kafka-cluster:DeleteTopic"];
const passwords = ["secretsmanager:GetSecretValue"];
/** API Gateway's logging role may write all logs: API Gateway tests it for that. */
const loggers = ["cold-path-cognitive-api-logging"];
const nobody: string[] = [];

const rows: readonly Row[] = [
    // Whoever reads the broker's key trades: the agents of the feeds and of the OMS hand it over, their code has no other way.
    {
        title: "read the broker's app keys",
        actions: passwords,
        on: secret("kis-credentials"),
        roles: ["ingestion-krx-execution", "oms-execution"],
    },
    {
        title: "change the broker's app keys",
        actions: ["secretsmanager:PutSecretValue", "secretsmanager:UpdateSecret", "secretsmanager:DeleteSecret"],
        on: secret("kis-credentials"),
        roles: nobody,
    },
    {
        title: "read the tokens of the WebSocket",
        actions: passwords,
        on: secret("websocket-signing-key"),
        roles: ["websocket-authorizer"],
    },
    {
        title: "read the credentials of notifications",
        actions: passwords,
        on: secret("notification-credentials"),
        roles: ["notification"],
    },
    { title: "read another secret", actions: passwords, on: secret("other"), roles: nobody },
    {
        title: "read the database's master password",
        actions: passwords,
        on: arn("secretsmanager", () => "secret:rds!db-0a1b2c3d-AbCdEf"),
        roles: nobody,
    },

    // Orders come from the OMS alone.
    { title: "produce ticks", actions: write, on: topic("ticks"), roles: ["ingestion-krx-task"] },
    { title: "produce quotes", actions: write, on: topic("quotes"), roles: ["ingestion-krx-task"] },
    { title: "produce orders", actions: write, on: topic("orders"), roles: ["oms-task"] },
    { title: "produce executions", actions: write, on: topic("executions"), roles: ["oms-task"] },
    {
        title: "consume ticks",
        actions: read,
        on: topic("ticks"),
        roles: ["data-recorder", "strategy-momentum"],
    },
    {
        title: "consume quotes",
        actions: read,
        on: topic("quotes"),
        roles: ["data-recorder", "strategy-mean-reversion"],
    },
    { title: "consume orders", actions: read, on: topic("orders"), roles: ["data-recorder"] },
    { title: "consume executions", actions: read, on: topic("executions"), roles: ["data-recorder"] },
    { title: "produce to a topic that is not declared", actions: write, on: topic("other"), roles: nobody },
    { title: "make, change or delete topics", actions: manage, on: topic("orders"), roles: nobody },
    {
        title: "consume in the name of a strategy",
        actions: ["kafka-cluster:AlterGroup"],
        on: group("strategy-momentum.ticks"),
        roles: ["strategy-momentum"],
    },

    // Databases and caches.
    {
        title: "connect to the database as the OMS",
        actions: ["rds-db:connect"],
        on: arn("rds-db", (stack) => `dbuser:db-ABC/aipx_${stack}_oms`),
        roles: ["oms-task"],
    },
    {
        title: "connect to the database as the agent",
        actions: ["rds-db:connect"],
        on: arn("rds-db", (stack) => `dbuser:db-ABC/aipx_${stack}_cognitive`),
        roles: ["cognitive"],
    },
    {
        title: "connect to the database as its administrator",
        actions: ["rds-db:connect"],
        on: arn("rds-db", () => "dbuser:db-ABC/aipx_admin"),
        roles: nobody,
    },
    ...(
        [
            ["oms", ["oms-task"]],
            ["strategy", strategies],
            ["cognitive", ["cognitive"]],
            ["reader", nobody],
            ["default", nobody],
        ] as const
    ).map(([user, roles]): Row => ({
        title: `be the cache's user ${user}`,
        actions: ["elasticache:Connect"],
        on: arn("elasticache", (stack) => `user:aipx-${stack}-${user}`),
        roles: [...roles],
    })),

    // The data lake is written, and by one.
    ...["ticks", "quotes", "orders", "executions"].map((name): Row => ({
        title: `record ${name}`,
        actions: ["s3:PutObject"],
        on: lake(`${name}/2026/a.parquet`),
        roles: ["data-recorder"],
    })),
    { title: "write elsewhere in the lake", actions: ["s3:PutObject"], on: lake("other/a"), roles: nobody },
    {
        title: "read or delete what is recorded",
        actions: ["s3:GetObject", "s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutObjectAcl"],
        on: lake("orders/2026/a.parquet"),
        roles: nobody,
    },
    {
        title: "read access logs",
        actions: ["s3:GetObject"],
        on: (stack) => `arn:aws:s3:::aipx-${stack}-access-logs-${account}/s3/a`,
        roles: nobody,
    },

    // Queues and events.
    {
        title: "ask the agent",
        actions: ["sqs:SendMessage"],
        on: queue("cognitive-messages.fifo"),
        roles: ["cognitive-api"],
    },
    {
        title: "read what the agent is asked",
        actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage"],
        on: queue("cognitive-messages.fifo"),
        roles: ["cognitive-dispatcher"],
    },
    {
        title: "keep what the agent failed on",
        actions: ["sqs:SendMessage"],
        on: queue("cognitive-failed.fifo"),
        roles: ["cognitive-dispatcher"],
    },
    {
        title: "run the agent",
        actions: ["lambda:InvokeFunction"],
        on: arn("lambda", (stack) => `function:aipx-${stack}-cognitive`),
        roles: ["cognitive-dispatcher"],
    },
    {
        title: "have records kept that failed",
        actions: ["s3:PutObject"],
        on: (stack) => `arn:aws:s3:::aipx-${stack}-records-failed-${account}/aws/lambda/a`,
        context: () => ({ "s3:ResourceAccount": account }),
        roles: [...strategies, "data-recorder"].sort(),
    },
    {
        title: "read records that failed",
        actions: ["s3:GetObject", "s3:DeleteObject"],
        on: (stack) => `arn:aws:s3:::aipx-${stack}-records-failed-${account}/aws/lambda/a`,
        context: () => ({ "s3:ResourceAccount": account }),
        roles: nobody,
    },
    {
        title: "read or purge what tells of them",
        actions: ["sqs:ReceiveMessage", "sqs:PurgeQueue"],
        on: queue("records-failed"),
        roles: nobody,
    },
    {
        title: "tell of orders",
        actions: ["events:PutEvents"],
        on: arn("events", (stack) => `event-bus/aipx-${stack}-events`),
        context: eventsFrom("aipx.oms"),
        roles: ["oms-task"],
    },
    {
        title: "tell in the name of another source",
        actions: ["events:PutEvents"],
        on: arn("events", (stack) => `event-bus/aipx-${stack}-events`),
        context: eventsFrom("aipx.strategy"),
        roles: nobody,
    },
    {
        title: "answer over the WebSocket",
        actions: ["execute-api:ManageConnections"],
        on: arn("execute-api", (stack) => `abc123/aipx-${stack}/POST/@connections/x`),
        roles: ["cognitive", "cognitive-dispatcher"],
    },
    {
        title: "ask the model",
        actions: ["bedrock:InvokeModel"],
        on: arn("bedrock", () => "inference-profile/apac.amazon.nova-lite-v1:0"),
        roles: ["cognitive"],
    },
    {
        title: "ask the model beside its profile",
        actions: ["bedrock:InvokeModel"],
        on: () => "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0",
        roles: nobody,
    },

    // Logs, and what nobody at all may.
    ...functions.map((name): Row => ({
        title: `write the log of ${name}`,
        actions: ["logs:PutLogEvents"],
        on: arn("logs", (stack) => `log-group:/aipx/${stack}/${name}:log-stream:a`),
        roles: [name, ...loggers],
    })),
    {
        title: "delete logs, or shorten their retention",
        actions: ["logs:DeleteLogGroup", "logs:DeleteLogStream", "logs:PutRetentionPolicy"],
        on: arn("logs", (stack) => `log-group:/aipx/${stack}/oms`),
        roles: nobody,
    },
    {
        title: "change who may do what",
        actions: ["iam:PassRole", "iam:PutRolePolicy", "iam:AttachRolePolicy", "sts:AssumeRole"],
        on: (stack) => `arn:aws:iam::${account}:role/aipx-${stack}-oms-task`,
        roles: nobody,
    },
    {
        title: "change a function's code",
        actions: ["lambda:UpdateFunctionCode", "lambda:InvokeFunction", "lambda:AddPermission"],
        on: arn("lambda", (stack) => `function:aipx-${stack}-strategy-momentum`),
        roles: nobody,
    },
    {
        title: "push images",
        actions: ["ecr:PutImage", "ecr:DeleteRepository"],
        on: arn("ecr", (stack) => `repository/aipx/${stack}/oms`),
        roles: nobody,
    },
    {
        title: "pull the OMS's image",
        actions: ["ecr:BatchGetImage"],
        on: arn("ecr", (stack) => `repository/aipx/${stack}/oms`),
        roles: ["oms-execution"],
    },
    {
        // Lambda itself must, with the roles of all functions; the code of this one is denied it.
        title: "make network interfaces from the agent's code",
        actions: ["ec2:CreateNetworkInterface"],
        on: arn("ec2", () => "network-interface/*"),
        context: (stack) => ({
            "lambda:SourceFunctionArn": arn("lambda", () => `function:aipx-${stack}-cognitive`)(stack),
        }),
        roles: functions.filter((name) => name !== "cognitive"),
    },
];

/** Roles of a stack by what stands after `aipx-<stack>-` in their names. */
function rolesOf(stack: Stack): Map<string, Resource> {
    const prefix = `aipx-${stack.name}-`;
    return new Map(
        stack.ofType(roleType).map((role) => [(role.props.at("name").text ?? role.name).replace(prefix, ""), role]),
    );
}

const documents = (resources: readonly Resource[]): Document[] =>
    resources.flatMap((resource) => identityDocuments(resource).map(parseDocument)).filter(isDocument);

/** What the policies of resources say of one of them. */
function resourcePolicyOf(stack: Stack, resource: string): Document | undefined {
    const statements = stack.resources
        .filter(({ type }) => !type.startsWith("aws:kms/"))
        .flatMap((holder) => resourceDocuments(holder).map(parseDocument))
        .filter(isDocument)
        .flatMap((document) => document.statements)
        .filter(({ resources }) => resources.some((pattern) => resourceMatches(pattern, resource)));
    return statements.length > 0 ? { version: "2012-10-17", statements } : undefined;
}

function decide(stack: Stack, role: Resource, row: Row, action: string): Decision {
    const on = row.on(stack.name);
    const policies = stack.referrers(role, "role", ["aws:iam/rolePolicy:RolePolicy"]);
    const resourcePolicy = resourcePolicyOf(stack, on);
    return evaluateRequest(
        { identityPolicies: documents([role, ...policies]), ...(resourcePolicy && { resourcePolicy }) },
        {
            action,
            resource: on,
            principal: `arn:aws:sts::${account}:assumed-role/${role.props.at("name").text ?? role.name}/session`,
            context: { ...secure, "aws:PrincipalAccount": account, ...row.context?.(stack.name) },
        },
    );
}

describe("who may do what", function () {
    this.timeout(60_000);

    for (const name of stackNames) {
        describe(`in ${name}`, () => {
            let stack: Stack;
            before(async () => {
                stack = policyStack((await planOf(name)).recording);
            });

            it("asks all roles, and knows all that it names", () => {
                const roles = rolesOf(stack);
                assert.equal(roles.size, stack.ofType(roleType).length);
                assert.deepEqual(
                    rows.flatMap((row) => row.roles).filter((role) => !roles.has(role)),
                    [],
                );
            });

            for (const row of rows) {
                for (const action of row.actions) {
                    it(`${row.roles.join(", ") || "nobody"} may ${row.title} (${action})`, () => {
                        const decisions = [...rolesOf(stack)].map(
                            ([role, resource]) => [role, decide(stack, resource, row, action)] as const,
                        );
                        const unknown = decisions.filter(([, decision]) => decision.unknown).map(([role]) => role);
                        assert.deepEqual(unknown, [], "it can't be told");
                        const allowed = decisions.filter(([, { decision }]) => decision === "allowed");
                        assert.deepEqual(
                            allowed.map(([role]) => role).sort(),
                            [...row.roles].sort(),
                            allowed.map(([role, { by }]) => `${role}: ${JSON.stringify(by?.at.raw)}`).join("\n"),
                        );
                    });
                }
            }
        });
    }
});
