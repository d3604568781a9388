import assert from "node:assert/strict";
import { expandAction } from "../../../policy-pack/iam/actions";
import { awsManagedActions, escalationMethods } from "../../../policy-pack/rules/escalation-methods";
import { escalationRules } from "../../../policy-pack/rules/iam-escalation";
import { allow, document, rolePolicy, ruleNamed } from "../support/iam";
import { analyze, type Case, describeRule, type Subject, unknown } from "../support/pack";

const escalation = ruleNamed(escalationRules, "iam-role-disallow-privilege-escalation");
const account = "123456789012";

const role = (name = "role", props: Record<string, unknown> = {}): Subject => ({
    type: "aws:iam/role:Role",
    name,
    props: { name, ...props },
});
/** An inline policy of a role. */
const inline = (name: string, of: string, ...statements: unknown[]): Subject => ({
    ...rolePolicy(...statements),
    name,
    refersTo: { role: of },
});
const onAll = (...Action: string[]): Record<string, unknown> => allow({ Action, Resource: "*" });
const refused = (title: string, by: string, ...subjects: Subject[]): Case => ({
    title: `refuses ${title}`,
    subjects,
    fails: [by],
});

describeRule(escalation, [
    {
        title: "accepts what a workload needs",
        subjects: [role(), inline("a", "role", onAll("ecr:GetAuthorizationToken", "ssmmessages:OpenDataChannel"))],
    },
    refused(
        "two halves in two policies",
        "iam:PassRole with lambda:CreateFunction",
        role(),
        inline("a", "role", onAll("iam:PassRole")),
        inline("b", "role", onAll("lambda:CreateFunction")),
    ),
    refused(
        "halves in a managed policy and in the role itself",
        "iam:PassRole with ecs:RunTask",
        role("role", { inlinePolicies: [{ policy: document(onAll("iam:PassRole")) }] }),
        { type: "aws:iam/policy:Policy", name: "managed", props: { policy: document(onAll("ecs:RunTask")) } },
        {
            type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
            name: "attachment",
            props: { role: unknown, policyArn: unknown },
            refersTo: { role: "role", policyArn: "managed" },
        },
    ),
    refused(
        "a policy of AWS",
        "lambda:UpdateFunctionCode",
        role("role", { managedPolicyArns: ["arn:aws:iam::aws:policy/AWSLambda_FullAccess"] }),
        inline("a", "role", { Effect: "Deny", Action: "iam:*", Resource: "*" }),
    ),
    refused(
        "a policy that it may rewrite by name",
        "iam:CreatePolicyVersion",
        role(),
        inline(
            "a",
            "role",
            allow({ Action: "iam:CreatePolicyVersion", Resource: `arn:aws:iam::${account}:policy/own` }),
        ),
    ),
    refused(
        "patterns",
        "by `iam:P*` (reaches iam:PassRole) with lambda:CreateFunction",
        role(),
        inline("a", "role", allow({ Action: "iam:P*", Resource: `arn:aws:iam::${account}:role/*` })),
        inline("b", "role", onAll("lambda:CreateFunction"), { Effect: "Deny", Action: "iam:Put*", Resource: "*" }),
    ),
    refused(
        "everything but something",
        "by `NotAction` (leaves iam:",
        role(),
        inline("a", "role", allow({ NotAction: "s3:*", Resource: "*" })),
    ),
    {
        title: "accepts what is denied",
        subjects: [
            role(),
            inline("a", "role", onAll("iam:PassRole", "ec2:RunInstances")),
            inline("b", "role", { Effect: "Deny", Action: "iam:PassRole", Resource: "*" }),
        ],
    },
    {
        title: "doesn't put two roles together",
        subjects: [
            role("one"),
            role("two"),
            inline("a", "one", onAll("iam:PassRole")),
            inline("b", "two", onAll("ec2:RunInstances")),
        ],
    },
    {
        title: "accepts a weak role that is passed by name",
        subjects: [
            role(),
            role("weak"),
            inline(
                "a",
                "role",
                allow({ Action: "iam:PassRole", Resource: `arn:aws:iam::${account}:role/weak` }),
                onAll("ecs:RunTask"),
            ),
        ],
    },
    {
        title: "refuses a strong role that is passed by name, and the strong role",
        subjects: [
            role(),
            role("strong"),
            inline("b", "strong", onAll("iam:PutRolePolicy")),
            inline(
                "a",
                "role",
                allow({ Action: "iam:PassRole", Resource: `arn:aws:iam::${account}:role/strong` }),
                onAll("ecs:RunTask"),
            ),
        ],
        fails: ["iam:PassRole with ecs:RunTask", "iam:PutRolePolicy"],
    },
    {
        title: "waits for a policy",
        subjects: [role(), { ...inline("a", "role"), props: { policy: unknown } }],
        undetermined: "policy",
    },
]);

describe("methods of privilege escalation", () => {
    it("are more than other tools know, and each is caught", async () => {
        assert.ok(escalationMethods.length > 59, String(escalationMethods.length));
        for (const { actions } of escalationMethods) {
            const told = await analyze(escalation, [role(), inline("a", "role", onAll(...actions))]);
            assert.equal(told.length, 1, actions.join());
        }
    });

    it("need each of their actions, unless the rest is a method itself", async () => {
        const single = new Set(escalationMethods.map(({ actions }) => actions.join()));
        for (const { actions } of escalationMethods.filter(({ actions: all }) => all.length === 2)) {
            for (const action of actions.filter((one) => !single.has(one))) {
                const told = await analyze(escalation, [role(), inline("a", "role", onAll(action))]);
                assert.deepEqual(told, [], action);
            }
        }
    });

    it("name actions that exist", () => {
        const all = [
            ...escalationMethods.flatMap(({ actions }) => actions),
            ...Object.values(awsManagedActions).flat(),
        ];
        assert.deepEqual(
            all.filter((action) => action !== "*" && expandAction(action).length === 0),
            [],
        );
    });
});

const task = (props: Record<string, unknown>, refersTo?: Record<string, string>): Subject => ({
    type: "aws:ecs/taskDefinition:TaskDefinition",
    name: "task",
    props,
    refersTo,
});
describeRule(ruleNamed(escalationRules, "ecs-task-definition-require-separate-roles"), [
    { title: "accepts two roles", subjects: task({ executionRoleArn: "a", taskRoleArn: "b" }) },
    { title: "accepts one role", subjects: task({ executionRoleArn: "a" }) },
    { title: "refuses the same", subjects: task({ executionRoleArn: "a", taskRoleArn: "a" }), fails: ["another role"] },
    {
        title: "refuses the same while its ARN is unknown",
        subjects: [
            role(),
            task(
                { executionRoleArn: unknown, taskRoleArn: unknown },
                { executionRoleArn: "role", taskRoleArn: "role" },
            ),
        ],
        fails: ["another role"],
    },
    {
        title: "waits for a role from elsewhere",
        subjects: task({ executionRoleArn: unknown, taskRoleArn: "b" }),
        undetermined: "executionRoleArn",
    },
]);
