import * as assert from "node:assert/strict";
import { runSimulation } from "@cloud-copilot/iam-simulate";
import fc from "fast-check";
import { Value } from "../../../policy-pack/core/value";
import { type Document, isDocument, parseDocument } from "../../../policy-pack/iam/document";
import { type Decision, evaluateRequest, type Request } from "../../../policy-pack/iam/evaluator";

const account = "111122223333";
const region = "ap-northeast-2";
const user = `arn:aws:iam::${account}:user/ops/mina`;
const role = `arn:aws:iam::${account}:role/service/trader`;
const session = `arn:aws:sts::${account}:assumed-role/trader/task-1`;

const targets: [actions: string[], resources: string[]][] = [
    [
        ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
        ["arn:aws:s3:::data/reports/a.csv", "arn:aws:s3:::data/mina/b"],
    ],
    [["s3:ListBucket", "s3:GetBucketPolicy"], ["arn:aws:s3:::data"]],
    [["sqs:SendMessage", "sqs:ReceiveMessage"], [`arn:aws:sqs:${region}:${account}:orders`]],
    [["sns:Publish"], [`arn:aws:sns:${region}:${account}:fills`]],
    [["lambda:InvokeFunction"], [`arn:aws:lambda:${region}:${account}:function:trade`]],
    [["dynamodb:GetItem", "dynamodb:PutItem"], [`arn:aws:dynamodb:${region}:${account}:table/positions`]],
    [["secretsmanager:GetSecretValue"], [`arn:aws:secretsmanager:${region}:${account}:secret:kis-live-AbCdEf`]],
    [["kms:Decrypt", "kms:Encrypt"], [`arn:aws:kms:${region}:${account}:key/1b6a2c7e-0000-4000-8000-000000000000`]],
    [["sts:AssumeRole"], [`arn:aws:iam::${account}:role/deploy`]],
    [["ec2:DescribeInstances", "s3:ListAllMyBuckets"], ["*"]],
];

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
const listed = (arbitrary: fc.Arbitrary<string>) =>
    fc.oneof(arbitrary, fc.uniqueArray(arbitrary, { minLength: 1, maxLength: 3 }));

// Patterns that are near to the request, so that they match about as often as they don't.
const actionPattern = (action: string) => {
    const [service = "", name = ""] = action.split(":");
    return fc.constantFrom(
        action,
        action.toUpperCase(),
        "*",
        `${service}:*`,
        `${service}:${name.slice(0, 3)}*`,
        `${service}:*${name.slice(-4)}`,
        `${service}:?${name.slice(1)}`,
        `${service}:${name}?`,
        "iam:PassRole",
    );
};

const resourcePattern = (resource: string, excluded = false) => {
    const team = "${aws:PrincipalTag/team}";
    const end = resource.length;
    // The simulator takes a colon in the name of a variable for the end of a resource's type, if the resource has no type.
    const named = (name: string) =>
        /^arn:aws:(?:sqs|sns):/.test(resource) ? resource : resource.replace(/[^:/]+$/, () => name);
    return resource === "*"
        ? fc.constantFrom("*", "arn:aws:s3:::data/*")
        : fc.constantFrom(
              "*",
              resource,
              `${resource.slice(0, end - 2)}*`,
              `${resource.slice(0, end - 1)}?`,
              `${resource}?`,
              resource.replace(region, "*").replace(account, "*"),
              resource.replace(region, "us-?ast-1"),
              resource.replace(account, "999999999999"),
              named(team),
              named("${aws:PrincipalTag/desk, 'orders'}"),
              "arn:aws:s3:::data/*",
              // Whether a variable without a value matters that can't decide is written nowhere, and the two of us differ.
              excluded ? "*" : "arn:aws:s3:::data/${aws:PrincipalTag/team}/?",
              "arn:aws:s3:::data/${*}",
              // Nor whether a short ARN excludes: the simulator takes the statement for none at all.
              excluded ? "*" : "arn:aws:sqs:*",
          );
};

const keys = {
    "aws:PrincipalTag/team": ["orders", "mina", "Orders", "ord*", "${aws:PrincipalTag/desk}"],
    "aws:PrincipalTag/desk": ["orders", "kr*", "kr1"],
    "aws:SourceAccount": [account, "999999999999", "1111*"],
};
const arns = {
    "aws:SourceArn": [
        `arn:aws:sns:${region}:${account}:fills`,
        `arn:aws:sns:*:${account}:f*`,
        "arn:aws:s3:::data",
        "arn:aws:s3:::d?ta",
        "arn:aws:sns:*:*:${aws:PrincipalTag/team}",
    ],
};
const lists = { "aws:TagKeys": ["team", "cost", "Team", "t*"] };
const numbers = { "aws:MultiFactorAuthAge": ["30", "300", "300.5", "1"] };
const dates = { "aws:CurrentTime": ["2026-01-01T00:00:00Z", "2026-06-30T12:00:00Z", "2025-12-31T23:59:59Z"] };
const flags = { "aws:SecureTransport": ["true", "false", "True"] };
const addresses = {
    // With a prefix all: without, the simulator takes an address of the other family for an error.
    "aws:SourceIp": ["10.0.0.0/8", "10.1.2.3/32", "203.0.113.7/32", "2001:db8::/32", "2001:db8::1/128"],
};

const orders = ["Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"];
const texts = ["Equals", "NotEquals", "EqualsIgnoreCase", "NotEqualsIgnoreCase", "Like", "NotLike"];
const ofKind = (prefix: string, names: string[]) => names.map((name) => `${prefix}${name}`);

const condition = fc.oneof(
    ...[
        { names: ofKind("String", texts), values: keys },
        { names: ofKind("Arn", ["Equals", "NotEquals", "Like", "NotLike"]), values: arns },
        { names: ofKind("Numeric", orders), values: numbers },
        { names: ofKind("Date", orders), values: dates },
        { names: ["Bool"], values: flags },
        { names: ["IpAddress", "NotIpAddress"], values: addresses },
    ].map(({ names, values }) =>
        fc
            .record({
                operator: fc.constantFrom(...names, ...names.map((name) => `${name}IfExists`)),
                entry: fc.constantFrom(...Object.entries<string[]>(values)),
            })
            .chain(({ operator, entry: [key, known] }) =>
                fc.record({
                    operator: fc.constant(operator),
                    key: fc.constant(key),
                    values: listed(fc.constantFrom(...known)),
                }),
            ),
    ),
    // The book says nothing clear about ForAnyValue with IfExists and a missing key, and the two of us differ.
    fc
        .constantFrom(
            ...["ForAnyValue", "ForAllValues"].flatMap((set) => texts.map((name) => `${set}:String${name}`)),
            "ForAllValues:StringLikeIfExists",
        )
        .chain((operator) =>
            fc.record({
                operator: fc.constant(operator),
                key: fc.constant("aws:TagKeys"),
                values: listed(fc.constantFrom(...lists["aws:TagKeys"])),
            }),
        ),
    fc.record({
        operator: fc.constant("Null"),
        key: fc.constantFrom("aws:TagKeys", "aws:SourceAccount", "aws:sourcearn"),
        values: fc.constantFrom("true", "false"),
    }),
);

const conditions = fc
    .uniqueArray(condition, { minLength: 1, maxLength: 2, selector: ({ operator }) => operator })
    .map((list) => Object.fromEntries(list.map(({ operator, key, values }) => [operator, { [key]: values }])));

const principal = fc.constantFrom<unknown>(
    "*",
    { AWS: "*" },
    { AWS: user },
    { AWS: role },
    { AWS: session },
    { AWS: [`arn:aws:iam::${account}:role/other`, role] },
    { AWS: account },
    { AWS: `arn:aws:iam::${account}:root` },
    { AWS: "arn:aws:iam::999999999999:root" },
    { Service: ["events.amazonaws.com", "sns.amazonaws.com"] },
);

type Kind = "identity" | "resource";

function statement(kind: Kind, action: string, resource: string) {
    const actions = listed(actionPattern(action));
    const resources = listed(resourcePattern(resource));
    // Trust policies have no resources.
    const trust = kind === "resource" && action === "sts:AssumeRole";
    return fc
        .record({
            Effect: fc.constantFrom("Allow", "Allow", "Deny"),
            // A wildcard in the actions of a trust policy is refused.
            action: fc.oneof(
                { weight: 4, arbitrary: fc.record({ Action: trust ? fc.constant("sts:AssumeRole") : actions }) },
                { weight: trust ? 0 : 1, arbitrary: fc.record({ NotAction: actions }) },
            ),
            resource: trust
                ? fc.constant({})
                : fc.oneof(
                      { weight: 4, arbitrary: fc.record({ Resource: resources }) },
                      { weight: 1, arbitrary: fc.record({ NotResource: listed(resourcePattern(resource, true)) }) },
                  ),
            Condition: maybe(conditions),
            principal,
            deniesOthers: fc.boolean(),
        })
        .map(({ Effect, action: does, resource: on, Condition, principal: who, deniesOthers }) => ({
            Effect,
            ...does,
            ...on,
            ...(Condition && { Condition }),
            ...(kind === "resource" &&
                (Effect === "Deny" && deniesOthers && who !== "*" ? { NotPrincipal: who } : { Principal: who })),
        }));
}

const policy = (kind: Kind, action: string, resource: string) =>
    fc.record({
        Version: fc.constant("2012-10-17"),
        Statement: fc.array(statement(kind, action, resource), { minLength: 1, maxLength: 3 }),
    });

const context = fc
    .record({
        "aws:PrincipalTag/team": maybe(fc.constantFrom("orders", "mina", "fills")),
        "aws:PrincipalTag/desk": maybe(fc.constantFrom("orders", "kr1", "krx")),
        "aws:SourceAccount": maybe(fc.constantFrom(account, "999999999999")),
        "aws:SourceArn": maybe(fc.constantFrom("arn:aws:s3:::data", `arn:aws:sns:${region}:${account}:fills`)),
        "aws:TagKeys": maybe(fc.subarray(["team", "cost", "owner"], { minLength: 1 })),
        "aws:MultiFactorAuthAge": maybe(fc.constantFrom("30", "300", "3600")),
        "aws:CurrentTime": maybe(fc.constantFrom("2026-01-01T00:00:00Z", "2026-03-01T09:00:00Z")),
        "aws:SecureTransport": maybe(fc.constantFrom("true", "false")),
        "aws:SourceIp": maybe(fc.constantFrom("10.1.2.3", "203.0.113.7", "2001:db8::1")),
    })
    .map((all) => Object.fromEntries(Object.entries(all).flatMap(([key, value]) => (value ? [[key, value]] : []))));

const scenario = fc
    .constantFrom(...targets)
    .chain(([actions, resources]) => fc.tuple(fc.constantFrom(...actions), fc.constantFrom(...resources)))
    .chain(([action, resource]) =>
        fc.record({
            request: fc.record({
                action: fc.constant(action),
                resource: fc.constant(resource),
                principal: fc.constantFrom(user, role, session, "events.amazonaws.com"),
                context,
            }),
            identity: fc.array(policy("identity", action, resource), { maxLength: 2 }),
            resource: resource === "*" ? fc.constant(undefined) : maybe(policy("resource", action, resource)),
            boundary: maybe(policy("identity", action, resource)),
        }),
    );

const decisions: Record<string, Decision["decision"]> = {
    Allowed: "allowed",
    ImplicitlyDenied: "implicitDeny",
    ExplicitlyDenied: "explicitDeny",
};

function parsed(policy: unknown): Document {
    const document = parseDocument(new Value(JSON.stringify(policy), "policy"));
    assert.ok(isDocument(document), JSON.stringify(document));
    return document;
}

async function simulated(
    request: Request & { principal: string; context: Record<string, string | string[]> },
    policies: { identity: unknown[]; resource?: unknown; boundary?: unknown },
): Promise<string | undefined> {
    const result = await runSimulation(
        {
            request: {
                principal: request.principal,
                action: request.action,
                resource: { resource: request.resource, accountId: account },
                contextVariables: request.context,
            },
            identityPolicies: policies.identity.map((one, index) => ({ name: `policy-${index}`, policy: one })),
            serviceControlPolicies: [],
            resourceControlPolicies: [],
            resourcePolicy: policies.resource,
            permissionBoundaryPolicies:
                policies.boundary === undefined ? undefined : [{ name: "boundary", policy: policies.boundary }],
        },
        {},
    );
    if (result.resultType === "error") {
        return undefined;
    }
    return result.overallResult;
}

describe("policy pack: evaluator against iam-simulate", () => {
    it("decides at least 2,000 generated requests alike", async function () {
        this.timeout(120_000);
        const compared: Record<string, number> = {};
        await fc.assert(
            fc.asyncProperty(scenario, async ({ request, identity, resource, boundary }) => {
                const ofService = request.principal.endsWith(".amazonaws.com");
                // Services have no policies of their own.
                const policies = {
                    identity: ofService ? [] : identity,
                    resource,
                    boundary: ofService ? undefined : boundary,
                };
                const expected = await simulated(request, policies);
                if (expected === undefined) {
                    return;
                }
                const { decision } = evaluateRequest(
                    {
                        identityPolicies: policies.identity.map(parsed),
                        resourcePolicy: resource && parsed(resource),
                        permissionsBoundary: policies.boundary && parsed(policies.boundary),
                    },
                    request,
                );
                assert.equal(decision, decisions[expected]);
                compared[decision] = (compared[decision] ?? 0) + 1;
            }),
            { numRuns: 2500 },
        );
        const total = Object.values(compared).reduce((sum, count) => sum + count, 0);
        assert.ok(total >= 2000, `only ${total} compared`);
        // No decision is so rare that agreeing on it would mean nothing.
        for (const decision of Object.values(decisions)) {
            assert.ok((compared[decision] ?? 0) >= 200, `${decision}: ${compared[decision] ?? 0}`);
        }
    });
});
