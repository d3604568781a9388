import { type Rule } from "../core/rule";
import { expandAction, expandActions, resourceFitter, resourceScope, type Action } from "../iam/actions";
import { type Document, type Statement } from "../iam/document";
import { actionMatches, resourcesIntersect } from "../iam/match";
import {
    asWritten,
    breadth,
    identityDocuments,
    identityTypes,
    isAbout,
    isBroad,
    isNarrowed,
    narrows,
    statementRule,
} from "./iam-documents";
import { credentialActions, dataReads } from "./sensitive-actions";

const identity = {
    types: identityTypes,
    documents: identityDocuments,
    category: "least-privilege" as const,
};

// What API Gateway must have to write the logs of all APIs of an account and region: it tests the role for just these.
const apiGatewayLogging = [
    "logs:CreateLogGroup",
    "logs:CreateLogStream",
    "logs:DescribeLogGroups",
    "logs:DescribeLogStreams",
    "logs:FilterLogEvents",
    "logs:GetLogEvents",
    "logs:PutLogEvents",
].join();

const isApiGatewayLogging = ({ actions, resources }: Statement): boolean =>
    [...actions].sort().join() === apiGatewayLogging &&
    resources.every((arn) => /^arn:aws[a-z-]*:logs:[a-z0-9-]+:\d{12}:\*$/.test(arn));

/** What Lambda must have on `*` to place a function in a network. */
const networkInterfaceActions =
    /^ec2:((un)?assignprivateipaddresses|(create|delete|describe)networkinterfaces?|describesubnets)$/i;

/** Whether the same document keeps an action from the code of a function: Lambda itself has it then, and nobody else. */
const isDeniedToCode = (action: string, { statements }: Document): boolean =>
    networkInterfaceActions.test(action) &&
    statements.some(
        (statement) =>
            statement.effect === "Deny" &&
            isAbout(statement, action) &&
            statement.resources.includes("*") &&
            statement.conditions.length === 1 &&
            statement.conditions.some((condition) => narrows(condition, /^lambda:SourceFunctionArn$/i)),
    );

/** Whether an action could be limited to a resource. One optional type is no choice: AWS calls the action without it, too. */
const isLimitable = (action: Action): boolean =>
    resourceScope(action) === "required" || (resourceScope(action) === "optional" && action.resourceTypes.length > 1);

const isOpenSecret = (arn: string): boolean =>
    resourcesIntersect("arn:*:secretsmanager:*:*:secret:*", arn) &&
    /[*?]/.test(arn.split(":secret:")[1]?.replace(/-\?{6}$/, "") ?? "*");

/** Those of the actions that a statement is about, in words; undefined if it is about none. */
function meant(statement: Statement, actions: readonly string[]): string | undefined {
    const reached = actions.filter((action) => isAbout(statement, action));
    return reached.length === 0 ? undefined : asWritten(statement, reached);
}

/** The same for what an action is, in the service authorization reference. */
function meantBy(
    statement: Statement,
    patterns: readonly string[],
    is: (action: Action) => boolean,
): string | undefined {
    const reached = [...expandActions(patterns)].filter(is).map(({ name }) => name);
    return reached.length === 0 ? undefined : asWritten(statement, reached);
}

/** The first resource that covers too much. */
const broadest = ({ resources }: Statement): string =>
    resources.find((arn) => breadth(arn) !== "named") ?? "NotResource";

const isAdministrator = ({ actions, resources }: Statement): boolean =>
    actions.some((action) => /^[*:?]+$/.test(action)) && resources.some((arn) => breadth(arn) === "all");

/** The statement has actions on everything, or on everything of a kind, and nothing else limits them. */
const isUnlimited = (statement: Statement): boolean => isBroad(statement) && !isNarrowed(statement);

/** Rules about what policies of identities allow. */
export const policyRules: readonly Rule[] = [
    statementRule({
        ...identity,
        name: "iam-policy-disallow-administrator",
        description: "No policy allows every action on every resource.",
        severity: "critical",
        controls: ["IAM-001"],
        remediation: "Name the actions that are used in `Action`, and the ARNs that they are used on in `Resource`.",
        elements: ["Action", "Resource"],
        violation: (statement) =>
            isAdministrator(statement) ? "`Action` and `Resource` must not both be `*`" : undefined,
    }),
    statementRule({
        ...identity,
        name: "iam-policy-disallow-wildcard-action",
        description: "No policy allows the actions of every service, also not by leaving some out.",
        severity: "high",
        controls: ["IAM-002"],
        remediation: "Name the actions that are used in `Action`; never combine `Allow` with `NotAction`.",
        elements: ["Action"],
        violation: ({ actions, notActions }) => {
            const action = actions.find((pattern) => /[*?]/.test(pattern.split(":")[0] ?? ""));
            if (action !== undefined) {
                return `\`Action\` must name services and actions, not \`${action}\``;
            }
            return notActions.length > 0 ? "`Allow` must have `Action`, not `NotAction`" : undefined;
        },
    }),
    statementRule({
        ...identity,
        name: "iam-policy-disallow-service-wide-actions",
        description: "No policy allows every action of a service.",
        severity: "medium",
        controls: ["IAM-003"],
        remediation: "Replace `service:*` in `Action` by the actions that are used.",
        elements: ["Action"],
        violation: ({ actions }) => {
            const action = actions.find((pattern) => /^[^*?:]+:[*?]*\*[*?]*$/.test(pattern));
            return action === undefined ? undefined : `\`Action\` must name the actions, not \`${action}\``;
        },
    }),
    statementRule({
        ...identity,
        name: "iam-policy-disallow-full-iam",
        description: "No policy allows every action of IAM.",
        severity: "critical",
        controls: ["IAM-009"],
        remediation: "Replace `iam:*` in `Action` by the actions that are used, on ARNs that are named.",
        elements: ["Action"],
        violation: ({ actions }) => {
            const pattern = actions.find(
                (one) => actionMatches(one, "iam:PassRole") && actionMatches(one, "iam:CreateUser"),
            );
            return pattern && `\`Action\` must not be \`${pattern}\`: it reaches every action of IAM`;
        },
    }),
    statementRule({
        ...identity,
        name: "iam-policy-require-named-resources",
        description: "Actions that can be limited to a resource must be.",
        severity: "high",
        controls: ["IAM-004"],
        remediation:
            "Name the ARNs in `Resource`, or limit the statement by a condition on the resource's tags or, for keys, its aliases. " +
            "Put actions that can be allowed on `*` only into a statement of their own.",
        elements: ["Action", "Resource", "Condition"],
        violation: (statement, document) => {
            if (!isUnlimited(statement) || isApiGatewayLogging(statement)) {
                return undefined;
            }
            if (statement.notResources.length > 0 || statement.notActions.length > 0) {
                return "`Allow` must have `Action` and `Resource`, not `NotAction` or `NotResource`";
            }
            const actions = meantBy(
                statement,
                statement.actions,
                (action) => isLimitable(action) && !isDeniedToCode(action.name, document),
            );
            return actions && `\`Resource\` must name what ${actions} is used on, not \`${broadest(statement)}\``;
        },
    }),
    statementRule({
        ...identity,
        name: "iam-policy-disallow-unconstrained-permissions-management",
        description: "Actions that change who may do what are limited to named resources or by a condition.",
        severity: "high",
        controls: ["IAM-005"],
        remediation: "Name the ARNs in `Resource`, or remove the action: a workload does not manage permissions.",
        elements: ["Action", "Resource", "Condition"],
        violation: (statement) => {
            if (!isUnlimited(statement)) {
                return undefined;
            }
            const named = statement.actions.filter((pattern) => !/^[*?:]+$/.test(pattern));
            const actions = meantBy(statement, named, ({ accessLevel }) => accessLevel === "Permissions management");
            return actions && `${actions} manages permissions and must not be allowed on \`${broadest(statement)}\``;
        },
    }),
    statementRule({
        ...identity,
        name: "iam-policy-disallow-unlimited-data-reads",
        description: "Stored data and secrets are read from named resources only.",
        severity: "high",
        controls: ["IAM-006"],
        remediation: "Name the buckets, tables, queues, parameters or secrets that are read in `Resource`.",
        elements: ["Action", "Resource", "Condition"],
        violation: (statement) => {
            const action = isUnlimited(statement) ? meant(statement, dataReads) : undefined;
            return action && `\`Resource\` must name what ${action} reads, not \`${broadest(statement)}\``;
        },
    }),
    statementRule({
        ...identity,
        name: "iam-policy-disallow-unlimited-credentials",
        description: "Actions that return credentials are allowed on named resources only.",
        severity: "high",
        controls: ["IAM-007"],
        remediation: "Name the roles, users or database accounts in `Resource`, or remove the action.",
        elements: ["Action", "Resource", "Condition"],
        violation: (statement) => {
            const action = isUnlimited(statement) ? meant(statement, credentialActions) : undefined;
            return action && `\`Resource\` must name what ${action} gives access to, not \`${broadest(statement)}\``;
        },
    }),
    statementRule({
        ...identity,
        name: "iam-policy-disallow-decrypt-on-all-keys",
        description: "Decryption is limited to named keys or aliases.",
        severity: "medium",
        controls: ["IAM-010"],
        remediation: "Name the key's ARN in `Resource`, or limit the statement by `kms:ResourceAliases`.",
        elements: ["Action", "Resource", "Condition"],
        violation: (statement) => {
            const action = isUnlimited(statement) ? meant(statement, ["kms:Decrypt", "kms:ReEncryptFrom"]) : undefined;
            return action && `${action} must be limited to named keys or by kms:ResourceAliases`;
        },
    }),
    statementRule({
        ...identity,
        name: "iam-policy-require-pass-role-scope",
        description: "A role that may be passed is named, and so is the service that it may be passed to.",
        severity: "high",
        controls: ["IAM-008"],
        remediation: "Put the role's ARN in `Resource`, and `iam:PassedToService` in a `StringEquals` condition.",
        elements: ["Action", "Resource", "Condition"],
        violation: (statement) => {
            const passing = meant(statement, ["iam:PassRole"]);
            if (passing === undefined) {
                return undefined;
            }
            if (
                statement.notResources.length > 0 ||
                statement.resources.some((arn) => /[*?]/.test(arn) || !arn.includes(":role/"))
            ) {
                return `${passing} must name the role in \`Resource\`, without wildcards`;
            }
            return statement.conditions.some((condition) => narrows(condition, /^iam:PassedToService$/i))
                ? undefined
                : `${passing} must have a condition on iam:PassedToService`;
        },
    }),
    statementRule({
        ...identity,
        name: "iam-policy-require-exact-secrets",
        description: "Secrets that may be read are named, with nothing open but the six characters that AWS adds.",
        severity: "high",
        controls: ["IAM-006"],
        remediation:
            "Write the secret's ARN, or its name and `-??????`: `-*` covers other secrets with the same start.",
        elements: ["Action", "Resource", "Condition"],
        violation: (statement) => {
            const openSecret = statement.resources.find(isOpenSecret);
            const reading = meant(statement, ["secretsmanager:GetSecretValue"]);
            return openSecret !== undefined && !isNarrowed(statement) && reading !== undefined
                ? `${reading} must name the secret as \`<name>-??????\`, not \`${openSecret}\``
                : undefined;
        },
    }),
    statementRule({
        ...identity,
        name: "iam-policy-require-fitting-resources",
        description: "Every action of a statement fits one of its resources.",
        severity: "medium",
        controls: [],
        remediation:
            "Name a resource of the type that the action works on, as `bucket/*` for objects, or `*` if it takes none.",
        elements: ["Action", "Resource"],
        violation: ({ actions, resources, notResources }) => {
            // Some actions without a resource are checked against an ARN of the account all the same.
            if (notResources.length > 0 || resources.some((arn) => breadth(arn) === "all")) {
                return undefined;
            }
            const fits = resourceFitter(resources);
            // Of a pattern some action must fit; of a name, that one.
            const idle = actions.find((pattern) => {
                const expanded = /^[*?:]+$/.test(pattern) ? [] : expandAction(pattern);
                return expanded.length > 0 && !expanded.some(fits);
            });
            return idle !== undefined
                ? `\`Resource\` must have an ARN of a type that ${idle} works on: on \`${resources.join(", ")}\` it allows nothing`
                : undefined;
        },
    }),
];
