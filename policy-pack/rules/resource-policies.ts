import { type Resource, type Stack } from "../core/resource";
import { type Check, type Rule } from "../core/rule";
import { type Value } from "../core/value";
import { isDocument, parseDocument, type Statement } from "../iam/document";
import {
    checkDocument,
    documentsOf,
    identityDocuments,
    resourceDocuments,
    resourceTypes,
    statementRule,
    trustDocuments,
} from "./iam-documents";
import { accountsIn, hasCallerLimit, hasSourceLimit, isPublic, servicesIn } from "./principals";
import { servicesWithoutSource, withoutRegion } from "./source-services";

const permissionType = "aws:lambda/permission:Permission";
const busPermissionType = "aws:cloudwatch/eventPermission:EventPermission";

const exemptServices = {
    description: "Principals of services that cannot be asked for a source, besides the known ones.",
    type: "array",
    items: { type: "string" },
    default: [],
};

/** A permission of Lambda must say for whom a service, or anybody, calls. */
function checkPermission(resource: Resource, check: Check, concerns: (principal: string) => boolean): void {
    const { props } = resource;
    const principal = props.at("principal");
    if (principal.isUnknown) {
        check.undetermined(resource, principal);
        return;
    }
    const limits = ["sourceArn", "sourceAccount", "principalOrgId"].map((property) => props.at(property));
    if (!concerns(principal.text ?? "") || limits.some(({ text }) => text !== undefined && !/^[*?:]*$/.test(text))) {
        return;
    }
    const unknown = limits.find(({ isUnknown }) => isUnknown);
    if (unknown) {
        check.undetermined(resource, unknown);
    } else {
        check.fail(resource, principal, `${principal.text} must be limited by \`sourceArn\` or \`sourceAccount\``);
    }
}

const grantingDocuments = (resource: Resource): Value[] => [
    ...resourceDocuments(resource),
    ...trustDocuments(resource),
];

/** Accounts that are the stack's own: those of its providers, or else the one that its policies name most as owner. */
function ownAccounts(stack: Stack, check: Check): Set<string> {
    const declared = [
        ...check.parameter<string[]>("trustedAccounts"),
        ...stack.resources.flatMap(({ provider }) =>
            provider === undefined
                ? []
                : provider
                      .at("allowedAccountIds")
                      .items()
                      .flatMap(({ text }) => text ?? []),
        ),
    ];
    const counts = new Map<string, number>();
    for (const { value } of documentsOf(stack, (resource) => [
        ...identityDocuments(resource),
        ...resourceDocuments(resource),
    ])) {
        const document = parseDocument(value);
        for (const arn of isDocument(document) ? document.statements.flatMap(({ resources }) => resources) : []) {
            const account = /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(arn)?.[1];
            if (account !== undefined) {
                counts.set(account, (counts.get(account) ?? 0) + 1);
            }
        }
    }
    const most = [...counts].sort(([, left], [, right]) => right - left)[0]?.[0];
    const hasProvider = declared.length > check.parameter<string[]>("trustedAccounts").length;
    return new Set(hasProvider || most === undefined ? declared : [...declared, most]);
}

/** Rules about who may use a resource, by the resource's own policy. */
export const resourcePolicyRules: readonly Rule[] = [
    statementRule({
        types: resourceTypes,
        documents: resourceDocuments,
        category: "least-privilege",
        name: "resource-policy-disallow-public",
        description: "No policy of a resource lets anybody use it.",
        severity: "critical",
        controls: ["IAM-023", "S3-109", "KMS-159", "ECR-162", "SNS-173", "SQS-179", "Events-153"],
        remediation:
            "Name the accounts, roles or services in `Principal`, or limit `*` by aws:PrincipalOrgID, aws:PrincipalArn, " +
            "aws:SourceAccount or the like with an operator that is not negated and does not end in IfExists.",
        elements: ["Principal", "Condition"],
        violation: (statement) =>
            isPublic(statement) && !hasCallerLimit(statement)
                ? "`Principal` must not be `*` without a condition that limits the caller"
                : undefined,
    }),
    {
        kind: "resource",
        name: "resource-permission-disallow-public",
        description: "No permission of a function or an event bus is given to anybody.",
        severity: "critical",
        category: "least-privilege",
        controls: ["IAM-023", "Lambda-050"],
        remediation:
            "Name the account or service in `principal`, or set `sourceArn`, `sourceAccount` or the organization.",
        types: [permissionType, busPermissionType],
        check(resource: Resource, check: Check): void {
            if (resource.type === permissionType) {
                checkPermission(resource, check, (principal) => principal === "*");
                return;
            }
            const { props } = resource;
            check.must(
                resource,
                props.at("principal"),
                ({ text }) => text !== "*" || !props.at("condition").isAbsent,
                "`principal` must be an account, or `condition` must name the organization",
            );
        },
    },
    statementRule({
        types: resourceTypes,
        documents: resourceDocuments,
        category: "least-privilege",
        name: "resource-policy-require-source",
        description:
            "A service that may use a resource may do so only on behalf of a named resource, account or organization.",
        severity: "high",
        controls: ["IAM-023"],
        remediation:
            "Add a condition on aws:SourceArn or aws:SourceAccount (for keys, also kms:ViaService, kms:CallerAccount or the " +
            "encryption context).",
        parameters: { exemptServices },
        elements: ["Principal", "Condition"],
        violation: (statement, _document, check) => {
            const exempt = [...Object.keys(servicesWithoutSource).filter(isExemptInPolicies)].concat(
                check.parameter<string[]>("exemptServices"),
            );
            const service = servicesIn(statement).find((principal) => !exempt.includes(withoutRegion(principal)));
            return service !== undefined && !hasSourceLimit(statement)
                ? `${service} must be limited by a condition on aws:SourceArn or aws:SourceAccount`
                : undefined;
        },
    }),
    {
        kind: "resource",
        name: "resource-permission-require-source",
        description: "A service that may invoke a function may do so only on behalf of a named resource or account.",
        severity: "high",
        category: "least-privilege",
        controls: ["Lambda-051"],
        remediation: "Set `sourceArn` to the resource that invokes the function, or `sourceAccount` to its account.",
        types: [permissionType],
        check(resource: Resource, check: Check): void {
            checkPermission(resource, check, (principal) => principal.endsWith(".amazonaws.com"));
        },
    },
    statementRule({
        types: resourceTypes.filter((type) => !type.startsWith("aws:kms/")),
        documents: resourceDocuments,
        category: "least-privilege",
        name: "resource-policy-disallow-wildcard-actions",
        description: "Policies of resources name the actions that they allow.",
        severity: "high",
        controls: ["S3-111"],
        remediation: "Replace `*` or `service:*` in `Action` by the actions that the principal uses.",
        elements: ["Action"],
        violation: ({ actions, notActions }) =>
            notActions.length > 0 || actions.some((action) => /^([^:]*[*?]|[^:]+:[*?]*\*[*?]*)$/.test(action))
                ? "`Action` must name the actions that are allowed"
                : undefined,
    }),
    {
        kind: "stack",
        name: "resource-policy-disallow-foreign-accounts",
        description:
            "Only the stack's own account, and accounts that are trusted by configuration, are principals of policies.",
        severity: "high",
        category: "least-privilege",
        controls: ["S3-111", "IAM-022", "SNS-173"],
        remediation: "Remove the account from `Principal`, or add it to the parameter `trustedAccounts`.",
        parameters: {
            trustedAccounts: {
                description: "Accounts that policies may name, besides the stack's own.",
                type: "array",
                items: { type: "string" },
                default: [],
            },
        },
        check(stack: Stack, check: Check): void {
            const own = ownAccounts(stack, check);
            const violation = (statement: Statement): string | undefined => {
                const foreign = accountsIn(statement).find((account) => !own.has(account));
                return own.size > 0 && foreign !== undefined
                    ? `\`Principal\` must not name account ${foreign}, which is not the stack's own`
                    : undefined;
            };
            for (const { resource, value } of documentsOf(stack, grantingDocuments)) {
                checkDocument(resource, value, check, { elements: ["Principal"], violation });
            }
        },
    },
];

// Lambda and API Gateway do name a source when they use a resource by its own policy; it is roles that they assume without one.
function isExemptInPolicies(service: string): boolean {
    return service.startsWith("logdelivery.");
}
