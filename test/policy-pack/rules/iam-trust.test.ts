import { trustRules } from "../../../policy-pack/rules/iam-trust";
import { allow, ruleNamed, trustedBy } from "../support/iam";
import { type Case, describeRule, type Subject, unknown } from "../support/pack";

const account = "123456789012";
const github = "token.actions.githubusercontent.com";
const waiting: Case = {
    title: "waits for the document",
    subjects: { type: "aws:iam/role:Role", props: { assumeRolePolicy: unknown } },
    undetermined: "assumeRolePolicy",
};
const lambda = trustedBy(allow({ Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } }));

const is = (name: string, cases: Case[]): void => {
    describeRule(ruleNamed(trustRules, name), [
        { title: "accepts Lambda, which names no source", subjects: lambda },
        waiting,
        ...cases,
    ]);
};
const trust = (Principal: unknown, Condition?: unknown): Subject =>
    trustedBy(allow({ Action: "sts:AssumeRole", Principal, ...(Condition !== undefined && { Condition }) }));
const web = (Condition?: unknown, host = github): Subject =>
    trustedBy(
        allow({
            Action: "sts:AssumeRoleWithWebIdentity",
            Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/${host}` },
            ...(Condition !== undefined && { Condition }),
        }),
    );

describe("trust of roles", () => {
    is("iam-role-disallow-public-trust", [
        { title: "refuses anybody", subjects: trust("*"), fails: ["not `*`"] },
        { title: "refuses anybody with an account", subjects: trust({ AWS: "*" }), fails: ["not `*`"] },
        {
            title: "refuses a condition that a caller without the key passes",
            subjects: trust("*", { StringEqualsIfExists: { "aws:PrincipalOrgID": "o-1" } }),
            fails: ["not `*`"],
        },
        {
            title: "accepts an organization",
            subjects: trust("*", { StringEquals: { "aws:PrincipalOrgID": "o-1" } }),
        },
    ]);
    is("iam-role-disallow-account-trust", [
        {
            title: "refuses a whole account",
            subjects: trust({ AWS: `arn:aws:iam::${account}:root` }),
            fails: [`account ${account} without`],
        },
        { title: "refuses it by its number", subjects: trust({ AWS: account }), fails: ["without a condition"] },
        {
            title: "refuses a condition on something else",
            subjects: trust({ AWS: account }, { Bool: { "aws:SecureTransport": "true" } }),
            fails: ["without a condition"],
        },
        {
            title: "accepts an external id",
            subjects: trust({ AWS: account }, { StringEquals: { "sts:ExternalId": "x" } }),
        },
        { title: "accepts a role", subjects: trust({ AWS: `arn:aws:iam::${account}:role/a` }) },
    ]);
    is("iam-role-require-source", [
        {
            title: "refuses ECS without a source",
            subjects: trust({ Service: "ecs-tasks.amazonaws.com" }),
            fails: ["ecs-tasks.amazonaws.com must be limited"],
        },
        {
            title: "refuses a source of any account",
            subjects: trust(
                { Service: "ecs-tasks.amazonaws.com" },
                { ArnLike: { "aws:SourceArn": "arn:aws:ecs:*:*:*" } },
            ),
            fails: ["aws:SourceArn"],
        },
        {
            title: "refuses a service of a region",
            subjects: trust({ Service: "logs.ap-northeast-2.amazonaws.com" }),
            fails: ["aws:SourceArn"],
        },
        {
            title: "accepts an account",
            subjects: trust({ Service: "ecs-tasks.amazonaws.com" }, { StringEquals: { "aws:SourceAccount": account } }),
        },
    ]);
    is("iam-role-require-github-repository", [
        { title: "refuses no condition", subjects: web(), fails: ["audience"] },
        {
            title: "refuses every repository of an owner",
            subjects: web({
                StringEquals: { [`${github}:aud`]: "sts.amazonaws.com" },
                StringLike: { [`${github}:sub`]: "repo:owner/*" },
            }),
            fails: ["name the repository"],
        },
        {
            title: "refuses no subject",
            subjects: web({ StringEquals: { [`${github}:aud`]: "sts.amazonaws.com" } }),
            fails: ["name the repository"],
        },
        {
            title: "accepts a repository's environment",
            subjects: web({
                StringEquals: {
                    [`${github}:aud`]: "sts.amazonaws.com",
                    [`${github}:sub`]: "repo:owner/name:environment:production",
                },
            }),
        },
    ]);
    is("iam-role-require-identity-claims", [
        { title: "refuses no claim", subjects: web(undefined, "gitlab.com"), fails: ["`sub` or `aud`"] },
        {
            title: "refuses any subject",
            subjects: web({ StringLike: { "gitlab.com:sub": "*" } }, "gitlab.com"),
            fails: ["`sub` or `aud`"],
        },
        {
            title: "accepts a subject",
            subjects: web({ StringEquals: { "gitlab.com:sub": "project:1" } }, "gitlab.com"),
        },
        {
            title: "refuses people by SAML of any audience",
            subjects: trustedBy(
                allow({
                    Action: "sts:AssumeRoleWithSAML",
                    Principal: { Federated: `arn:aws:iam::${account}:saml-provider/a` },
                }),
            ),
            fails: ["`sub` or `aud`"],
        },
    ]);

    const sessions = (maxSessionDuration: unknown): Subject => ({
        type: "aws:iam/role:Role",
        props: { maxSessionDuration },
    });
    describeRule(ruleNamed(trustRules, "iam-role-disallow-long-sessions"), [
        { title: "accepts AWS's default", subjects: lambda },
        { title: "accepts four hours", subjects: sessions(14_400) },
        { title: "refuses twelve", subjects: sessions(43_200), fails: ["at most 14400"] },
        { title: "waits", subjects: sessions(unknown), undetermined: "maxSessionDuration" },
    ]);

    const boundary = `arn:aws:iam::${account}:policy/boundary`;
    const rule = ruleNamed(trustRules, "iam-role-require-permissions-boundary");
    const bounded = (permissionsBoundary: unknown): Subject => ({
        type: "aws:iam/role:Role",
        props: { permissionsBoundary },
    });
    describeRule({ ...rule, parameters: { boundary: { description: "", type: "string", default: boundary } } }, [
        { title: "accepts the boundary", subjects: bounded(boundary) },
        { title: "refuses none", subjects: lambda, fails: [boundary] },
        { title: "waits", subjects: bounded(unknown), undetermined: "permissionsBoundary" },
    ]);
});
