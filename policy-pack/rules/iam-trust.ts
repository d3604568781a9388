import { propertyRule } from "../core/property-rule";
import { type Rule } from "../core/rule";
import { type Statement } from "../iam/document";
import { roleType, statementRule, trustDocuments } from "./iam-documents";
import { accountsIn, hasCallerLimit, hasSourceLimit, isPublic, servicesIn } from "./principals";
import { servicesWithSource, withoutRegion } from "./source-services";

const trust = {
    types: [roleType],
    documents: trustDocuments,
    category: "least-privilege" as const,
};

const federatedBy = ({ principals }: Statement, host: string): boolean =>
    principals.some(({ kind, value }) => kind === "Federated" && value.toLowerCase().endsWith(host));

/** Values that a claim must have; undefined if it may have any. */
function claim({ conditions }: Statement, name: string): readonly string[] | undefined {
    const found = conditions.find(
        ({ operator, key }) =>
            key.toLowerCase().endsWith(`:${name}`) &&
            /^(ForAnyValue:)?String(Equals|Like|EqualsIgnoreCase)$/i.test(operator),
    );
    return found && found.values.length > 0 ? found.values : undefined;
}

const github = "token.actions.githubusercontent.com";

// `repo:owner/name:...`, where the owner and the name are written out.
const namesRepository = (subject: string): boolean => /^repo:[^*?/:]+\/[^*?/:]+:./.test(subject);

const hasExternalId = ({ conditions }: Statement): boolean =>
    conditions.some(({ operator, key }) => /^StringEquals$/i.test(operator) && /^sts:ExternalId$/i.test(key));

/** Rules about who may be a role, and for how long. */
export const trustRules: readonly Rule[] = [
    statementRule({
        ...trust,
        name: "iam-role-disallow-public-trust",
        description: "No role can be assumed by anybody.",
        severity: "critical",
        controls: ["IAM-021"],
        remediation: "Name the service, role or identity provider that assumes the role in `Principal`.",
        elements: ["Principal", "Condition"],
        violation: (statement) =>
            isPublic(statement) && !hasCallerLimit(statement)
                ? "`Principal` must name who may assume the role, not `*`"
                : undefined,
    }),
    statementRule({
        ...trust,
        name: "iam-role-disallow-account-trust",
        description: "No role trusts a whole account without a condition.",
        severity: "high",
        controls: ["IAM-022"],
        remediation:
            "Name a role in `Principal`, or add a condition on aws:PrincipalArn, or sts:ExternalId for another account.",
        elements: ["Principal", "Condition"],
        violation: (statement) => {
            const account = statement.principals.find(
                ({ kind, value }) => kind === "AWS" && /^(\d{12}|arn:[^:]*:iam::\d{12}:root)$/.test(value),
            );
            return account === undefined ||
                hasExternalId(statement) ||
                statement.conditions.some(({ key, operator }) => limitsPrincipal.test(`${operator} ${key}`))
                ? undefined
                : `\`Principal\` must not be the account ${accountsIn(statement)[0]} without a condition`;
        },
    }),
    statementRule({
        ...trust,
        name: "iam-role-require-source",
        description: "A service that says on whose behalf it assumes a role is asked for it.",
        severity: "high",
        controls: ["IAM-022"],
        remediation: "Add conditions on aws:SourceAccount and aws:SourceArn to the statement that trusts the service.",
        elements: ["Principal", "Condition"],
        violation: (statement) => {
            const service = servicesIn(statement).find((principal) => servicesWithSource.has(withoutRegion(principal)));
            return service !== undefined && !hasSourceLimit(statement)
                ? `${service} must be limited by a condition on aws:SourceArn or aws:SourceAccount`
                : undefined;
        },
    }),
    statementRule({
        ...trust,
        name: "iam-role-require-github-repository",
        description: "A role for GitHub Actions names the repository and the audience.",
        severity: "high",
        controls: ["IAM-024"],
        remediation:
            `Add StringEquals conditions: \`${github}:aud\` is \`sts.amazonaws.com\`, and \`${github}:sub\` starts with ` +
            "`repo:<owner>/<repository>:` and goes on with the branch or environment.",
        elements: ["Principal", "Condition"],
        violation: (statement) => {
            if (!federatedBy(statement, github)) {
                return undefined;
            }
            const audience = claim(statement, "aud");
            if (audience === undefined || audience.some((value) => /[*?]/.test(value))) {
                return `the condition must name the audience: \`${github}:aud\` must be \`sts.amazonaws.com\``;
            }
            return claim(statement, "sub")?.every(namesRepository)
                ? undefined
                : `the condition must name the repository: \`${github}:sub\` must start with \`repo:<owner>/<repository>:\``;
        },
    }),
    statementRule({
        ...trust,
        name: "iam-role-require-identity-claims",
        description: "A role for web identities, or for people by SAML, says which of them it is for.",
        severity: "high",
        controls: ["IAM-024"],
        remediation: "Add a StringEquals condition on the provider's `sub` or `aud` claim, without wildcards alone.",
        elements: ["Action", "Principal", "Condition"],
        violation: (statement) => {
            const isFederated = statement.actions.some((name) => /^sts:AssumeRoleWith(WebIdentity|SAML)$/i.test(name));
            const values = ["sub", "aud", "amr"].flatMap((name) => claim(statement, name) ?? []);
            return isFederated && (values.length === 0 || values.some((value) => /^[*?:]*$/.test(value)))
                ? "the condition must name the identities: the claim `sub` or `aud` must have a value"
                : undefined;
        },
    }),
    propertyRule({
        name: "iam-role-disallow-long-sessions",
        description: "Sessions of a role end soon.",
        severity: "low",
        category: "least-privilege",
        controls: [],
        remediation: "Set `maxSessionDuration` to no more seconds than the parameter `maximumSeconds`.",
        parameters: {
            maximumSeconds: { description: "Longest session, in seconds.", type: "number", default: 14_400 },
        },
        types: [roleType],
        path: ["maxSessionDuration"],
        test: (value, check) =>
            value.isAbsent || (value.number ?? Infinity) <= check.parameter<number>("maximumSeconds"),
        message: (check) => `\`maxSessionDuration\` must be at most ${check.parameter<number>("maximumSeconds")}`,
    }),
    propertyRule({
        name: "iam-role-require-permissions-boundary",
        description: "Roles have the permissions boundary of the account, where there is one.",
        severity: "low",
        category: "least-privilege",
        controls: [],
        remediation: "Set `permissionsBoundary` to the ARN in the parameter `boundary`.",
        parameters: {
            boundary: {
                description: "ARN of the policy that must be the boundary. Empty: none is needed.",
                type: "string",
                default: "",
            },
        },
        types: [roleType],
        path: ["permissionsBoundary"],
        when: (_resource, check) => check.parameter<string>("boundary") !== "",
        test: (value, check) => value.text === check.parameter<string>("boundary"),
        message: (check) => `\`permissionsBoundary\` must be ${check.parameter<string>("boundary")}`,
    }),
];

const limitsPrincipal =
    /^(ForAnyValue:)?(String|Arn)(Equals|Like) aws:(Principal(Arn|OrgID|OrgPaths|Tag\/.+)|userid)$/i;
