import { identityRules } from "../../../policy-pack/rules/iam-identities";
import { ruleNamed } from "../support/iam";
import { type Case, describeRule, unknown } from "../support/pack";

const is = (name: string, ...cases: Case[]): void => describeRule(ruleNamed(identityRules, name), cases);

/** Cases of a rule about one property. */
const property = (name: string, type: string, path: string, right: unknown, wrong: unknown[]): void =>
    is(
        name,
        { title: "accepts", subjects: { type, props: { [path]: right } } },
        ...wrong.map((value): Case => ({
            title: `refuses ${JSON.stringify(value)}`,
            subjects: { type, props: value === undefined ? {} : { [path]: value } },
            fails: [/must/],
        })),
        { title: "waits", subjects: { type, props: { [path]: unknown } }, undetermined: path },
    );

const attachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const managed = (name: string): string => `arn:aws:iam::aws:policy/${name}`;
const own = "arn:aws:iam::123456789012:policy/AdministratorAccess";

describe("managed policies, users and passwords", () => {
    const attach = (name: string, policy: string): void => {
        property(name, attachment, "policyArn", own, [managed(policy)]);
        is(
            name,
            { title: "accepts none", subjects: { type: "aws:iam/role:Role", props: {} } },
            {
                title: "refuses it in a role's list",
                subjects: { type: "aws:iam/role:Role", props: { managedPolicyArns: [own, managed(policy)] } },
                fails: [policy],
            },
            {
                title: "waits for a member of the list",
                subjects: { type: "aws:iam/role:Role", props: { managedPolicyArns: [own, unknown] } },
                undetermined: "managedPolicyArns[1]",
            },
            ...[
                "aws:iam/userPolicyAttachment:UserPolicyAttachment",
                "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
                "aws:iam/policyAttachment:PolicyAttachment",
            ].map((type): Case => ({
                title: `refuses it in ${type}`,
                subjects: { type, props: { policyArn: managed(policy) } },
                fails: [policy],
            })),
        );
    };
    attach("iam-attachment-disallow-administrator-access", "AdministratorAccess");
    attach("iam-attachment-disallow-iam-full-access", "IAMFullAccess");
    attach("iam-attachment-disallow-aws-managed", "AmazonECSTaskExecutionRolePolicy");

    is(
        "iam-policy-disallow-inline",
        { title: "accepts a role's", subjects: { type: "aws:iam/rolePolicy:RolePolicy", props: { policy: "{}" } } },
        {
            title: "refuses a user's",
            subjects: { type: "aws:iam/userPolicy:UserPolicy", props: { policy: "{}" } },
            fails: ["managed policy"],
        },
        {
            title: "waits",
            subjects: { type: "aws:iam/groupPolicy:GroupPolicy", props: { policy: unknown } },
            undetermined: "policy",
        },
    );
    property("iam-attachment-disallow-users", "aws:iam/policyAttachment:PolicyAttachment", "users", [], [["a"]]);

    const user = (name: string, type: string, path: string): void => {
        const rule = ruleNamed(identityRules, name);
        const cases: Case[] = [
            { title: "accepts an exception", subjects: { type, props: { [path]: "break-glass" } } },
            { title: "refuses another", subjects: { type, props: { [path]: "a" } }, fails: ["must use roles"] },
            { title: "refuses no name", subjects: { type, props: {} }, fails: ["must use roles"] },
            { title: "waits", subjects: { type, props: { [path]: unknown } }, undetermined: path },
        ];
        const allowedUsers = { description: "", type: "array", default: ["break-glass"] };
        describeRule({ ...rule, parameters: { allowedUsers } }, cases);
    };
    user("iam-user-disallow-policies", "aws:iam/userPolicy:UserPolicy", "user");
    user("iam-user-disallow-creation", "aws:iam/user:User", "name");
    user("iam-user-disallow-console-password", "aws:iam/userLoginProfile:UserLoginProfile", "user");
    user("iam-user-disallow-access-key", "aws:iam/accessKey:AccessKey", "user");

    const membership = "aws:iam/userGroupMembership:UserGroupMembership";
    property("iam-user-require-group", membership, "groups", ["a"], [[], undefined]);
    property("iam-group-require-users", "aws:iam/groupMembership:GroupMembership", "users", ["a"], [[]]);

    const passwords = "aws:iam/accountPasswordPolicy:AccountPasswordPolicy";
    const password = (name: string, path: string, right: unknown, wrong: unknown[]): void =>
        property(`iam-password-policy-require-${name}`, passwords, path, right, wrong);
    password("minimum-password-length", "minimumPasswordLength", 14, [13, undefined]);
    password("lowercase-characters", "requireLowercaseCharacters", true, [false, undefined]);
    password("uppercase-characters", "requireUppercaseCharacters", true, [false, undefined]);
    password("numbers", "requireNumbers", true, [false, undefined]);
    password("symbols", "requireSymbols", true, [false, undefined]);
    password("password-reuse-prevention", "passwordReusePrevention", 24, [23, undefined]);
    password("max-password-age", "maxPasswordAge", 90, [91, 0, undefined]);
});
