import { propertyRule, valuesAt } from "../core/property-rule";
import { type Resource } from "../core/resource";
import { type Check, type Rule } from "../core/rule";
import { type Value } from "../core/value";
import { roleType } from "./iam-documents";

/** Where managed policies are attached: path to their ARNs by type. */
const attachments: Readonly<Record<string, readonly string[]>> = {
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": ["policyArn"],
    "aws:iam/userPolicyAttachment:UserPolicyAttachment": ["policyArn"],
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": ["policyArn"],
    "aws:iam/policyAttachment:PolicyAttachment": ["policyArn"],
    "aws:iam/role:Role": ["managedPolicyArns", "*"],
    "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive": ["policyArns", "*"],
    "aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive": ["policyArns", "*"],
    "aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive": ["policyArns", "*"],
    "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment": ["managedPolicyArn"],
};
const attachmentTypes = Object.keys(attachments);

/** ARNs of the managed policies that a resource attaches. */
export const attachedPolicies = ({ type, props }: Resource): Value[] => valuesAt(props, attachments[type] ?? []);

/** Name of a policy that is managed by AWS: `job-function/Billing` is `Billing`. */
export const awsManagedName = (arn: string): string | undefined =>
    /^arn:[^:]*:iam::aws:policy\/(?:.*\/)?([^/]+)$/.exec(arn)?.[1];

type Info = Pick<Rule, "name" | "description" | "severity" | "controls" | "remediation" | "parameters">;

const attachmentRule = (
    info: Info,
    wrong: (policy: string, allowed: (name: string) => unknown) => string | undefined,
): Rule => ({
    ...info,
    kind: "resource",
    category: "least-privilege",
    types: attachmentTypes,
    check(resource, check) {
        for (const value of attachedPolicies(resource)) {
            const name = awsManagedName(value.text ?? "") ?? "";
            const message = wrong(name, (parameter) => check.parameter(parameter));
            check.must(resource, value, () => name === "" || message === undefined, message ?? "");
        }
    },
});

const listOf = (description: string) => ({ description, type: "array", items: { type: "string" }, default: [] });

const userRule = (info: Info, types: readonly string[], property: string, what: string): Rule =>
    propertyRule({
        ...info,
        category: "least-privilege",
        parameters: { allowedUsers: listOf("Names of users that may be exceptions.") },
        types,
        path: [property],
        test: ({ text }, check) => check.parameter<string[]>("allowedUsers").includes(text ?? ""),
        message: `${what}: people and workloads must use roles`,
    });

const groupRule = (name: string, type: string, property: string, description: string): Rule =>
    propertyRule({
        name,
        description,
        severity: "low",
        category: "least-privilege",
        controls: ["IAM-017"],
        remediation: `Name at least one in \`${property}\`, or remove the resource.`,
        types: [type],
        path: [property],
        test: (value) => Array.isArray(value.raw) && value.raw.length > 0,
        message: `\`${property}\` must not be empty`,
    });

const kebab = (path: string): string =>
    path.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).replace(/^require-/, "");

const password = (path: string, requirement: string, test: (value: Value) => boolean): Rule =>
    propertyRule({
        name: `iam-password-policy-require-${kebab(path)}`,
        description: `The password policy of the account: \`${path}\` is ${requirement}.`,
        severity: "medium",
        category: "least-privilege",
        controls: ["IAM-020"],
        remediation: `Set \`${path}\` to ${requirement}.`,
        types: ["aws:iam/accountPasswordPolicy:AccountPasswordPolicy"],
        path: [path],
        test,
        message: `\`${path}\` must be ${requirement}`,
    });

const isTrue = ({ raw }: Value) => raw === true || raw === "true";

/** Rules about managed policies, inline policies, users, groups and passwords. */
export const identityRules: readonly Rule[] = [
    attachmentRule(
        {
            name: "iam-attachment-disallow-administrator-access",
            description: "The policies AdministratorAccess and PowerUserAccess are attached to nobody.",
            severity: "critical",
            controls: ["IAM-011"],
            remediation: "Attach a policy that names the actions and ARNs that are used.",
        },
        (name) =>
            /^(AdministratorAccess|PowerUserAccess)/.test(name) ? `${name} must not be attached to anybody` : undefined,
    ),
    attachmentRule(
        {
            name: "iam-attachment-disallow-iam-full-access",
            description: "The policy IAMFullAccess is attached to nobody.",
            severity: "critical",
            controls: ["IAM-012"],
            remediation: "Attach a policy that names the actions of IAM and the ARNs that are used.",
        },
        (name) => (name === "IAMFullAccess" ? "IAMFullAccess must not be attached to anybody" : undefined),
    ),
    attachmentRule(
        {
            name: "iam-attachment-disallow-aws-managed",
            description:
                "Policies that AWS manages are attached only where a reason is given: they allow what AWS adds to them.",
            severity: "low",
            controls: ["IAM-013"],
            remediation:
                "Write a policy of your own, or give the policy's name and the reason in the parameter `reasons`.",
            parameters: {
                reasons: {
                    description: "Why a policy that AWS manages may be attached, by the policy's name.",
                    type: "object",
                    additionalProperties: { type: "string", minLength: 10 },
                    default: {},
                },
            },
        },
        (name, parameter) => {
            const reasons = parameter("reasons") as Record<string, string>;
            return Object.prototype.hasOwnProperty.call(reasons, name)
                ? undefined
                : `${name} is managed by AWS: there must be a reason for it in the parameter \`reasons\``;
        },
    ),
    {
        kind: "resource",
        name: "iam-policy-disallow-inline",
        description: "Inline policies are for roles only: one role, one policy, and both go together.",
        severity: "low",
        category: "least-privilege",
        controls: ["IAM-014"],
        remediation: "Make it a managed policy (`iam.Policy`) and attach that to a group or a role.",
        parameters: {
            onRoles: { description: "Whether roles may have inline policies.", type: "boolean", default: true },
        },
        types: [
            "aws:iam/userPolicy:UserPolicy",
            "aws:iam/groupPolicy:GroupPolicy",
            "aws:iam/rolePolicy:RolePolicy",
            roleType,
        ],
        check(resource: Resource, check: Check): void {
            const isRole = resource.type === roleType;
            if ((isRole || resource.type.endsWith(":RolePolicy")) && check.parameter<boolean>("onRoles")) {
                return;
            }
            const value = resource.props.at(isRole ? "inlinePolicies" : "policy");
            check.must(resource, value, () => isRole && value.items().length === 0, "it must be a managed policy");
        },
    },
    propertyRule({
        name: "iam-attachment-disallow-users",
        description: "Policies are attached to groups and roles, not to users.",
        severity: "low",
        category: "least-privilege",
        controls: ["IAM-015"],
        remediation: "Attach the policy to a group or a role, and leave `users` and `user` out.",
        types: ["aws:iam/policyAttachment:PolicyAttachment"],
        path: ["users"],
        test: (value) => value.items().length === 0,
        message: "`users` must be empty",
    }),
    userRule(
        {
            name: "iam-user-disallow-policies",
            description: "Users have no policies of their own.",
            severity: "low",
            controls: ["IAM-015"],
            remediation: "Attach the policy to a group or a role.",
        },
        [
            "aws:iam/userPolicy:UserPolicy",
            "aws:iam/userPolicyAttachment:UserPolicyAttachment",
            "aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive",
        ],
        "user",
        "a user must have no policy of its own",
    ),
    userRule(
        {
            name: "iam-user-disallow-creation",
            description: "There are no IAM users.",
            severity: "medium",
            controls: ["IAM-016"],
            remediation: "Use IAM Identity Center for people and roles for workloads.",
        },
        ["aws:iam/user:User"],
        "name",
        "there must be no IAM user",
    ),
    userRule(
        {
            name: "iam-user-disallow-console-password",
            description: "No user has a password for the console.",
            severity: "low",
            controls: ["IAM-018"],
            remediation: "Remove the login profile; people sign in by IAM Identity Center.",
        },
        ["aws:iam/userLoginProfile:UserLoginProfile"],
        "user",
        "a user must have no console password",
    ),
    userRule(
        {
            name: "iam-user-disallow-access-key",
            description: "Nobody has an access key that never ends.",
            severity: "critical",
            controls: ["IAM-019"],
            remediation: "Remove the access key and let the workload assume a role.",
        },
        ["aws:iam/accessKey:AccessKey"],
        "user",
        "there must be no access key",
    ),
    groupRule(
        "iam-user-require-group",
        "aws:iam/userGroupMembership:UserGroupMembership",
        "groups",
        "A user's membership names a group.",
    ),
    groupRule(
        "iam-group-require-users",
        "aws:iam/groupMembership:GroupMembership",
        "users",
        "A group's membership names a user.",
    ),
    password("minimumPasswordLength", "at least 14", ({ number }) => (number ?? 6) >= 14),
    password("requireLowercaseCharacters", "true", isTrue),
    password("requireUppercaseCharacters", "true", isTrue),
    password("requireNumbers", "true", isTrue),
    password("requireSymbols", "true", isTrue),
    password("passwordReusePrevention", "24", ({ number }) => (number ?? 0) >= 24),
    password("maxPasswordAge", "between 1 and 90", ({ number }) => (number ?? 0) >= 1 && (number ?? 0) <= 90),
];
