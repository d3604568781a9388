import { type Resource, type Stack } from "../core/resource";
import { type Check, type Rule } from "../core/rule";
import { type Value } from "../core/value";
import { type Statement } from "../iam/document";
import {
    accountOf,
    checkDocument,
    everyDocument,
    resourceDocuments,
    resourceTypes,
    statementRule,
    trustDocuments,
} from "./iam-documents";
import { accountsIn, hasCallerLimit, hasSourceLimit, isPublic, servicesIn } from "./principals";
import { accountsInConditions, ownAccounts, providerAccounts } from "./own-accounts";
import { servicesWithoutSource, withoutRegion } from "./source-services";

const busPermissionType = "aws:cloudwatch/eventPermission:EventPermission";

const exemptServices = {
    description: "Principals of services that cannot be asked for a source, besides the known ones.",
    type: "array",
    items: { type: "string" },
    default: [],
};

const grantingDocuments = (resource: Resource): Value[] => [
    ...resourceDocuments(resource),
    ...trustDocuments(resource),
];

/** Resources that let an account in without a policy, and the property that names it. */
const grants: Readonly<Record<string, string>> = {
    "aws:lambda/permission:Permission": "principal",
    "aws:lambda/layerVersionPermission:LayerVersionPermission": "principal",
    "aws:cloudwatch/eventPermission:EventPermission": "principal",
    "aws:ram/principalAssociation:PrincipalAssociation": "principal",
    "aws:ec2/vpcEndpointServiceAllowedPrinciple:VpcEndpointServiceAllowedPrinciple": "principalArn",
    "aws:ec2/amiLaunchPermission:AmiLaunchPermission": "accountId",
    "aws:ec2/snapshotCreateVolumePermission:SnapshotCreateVolumePermission": "accountId",
};

// Accounts from which load balancers deliver their logs in the regions of before 2022; newer ones have a service principal.
const logDeliveryAccounts = new Set(
    (
        "127311923021 033677994240 027434742980 797873946194 098369216593 754344448648 718504428378 582318560864 " +
        "600734575887 383597477331 114774131450 783225319266 589379963580 985666609251 054676820928 156460612806 " +
        "652711504416 009996457667 635631232127 897822967062 076674570225 507241528517"
    ).split(" "),
);

const isLogDelivery = ({ actions }: Statement, account: string): boolean =>
    logDeliveryAccounts.has(account) && actions.length > 0 && actions.every((action) => /^s3:PutObject$/i.test(action));

/** Only accounts that are known to be trusted may be principals, or be let in by a condition. */
function checkAccounts(stack: Stack, check: Check): void {
    const trusted = check.parameter<string[]>("trustedAccounts");
    const known = ownAccounts(stack);
    const own = new Set([...known, ...trusted]);
    for (const resource of stack.resources) {
        const strange = (statement: Statement): string | undefined =>
            accountsIn(statement).find((account) => !own.has(account) && !isLogDelivery(statement, account));
        const property = grants[resource.type];
        const granted = property === undefined ? undefined : resource.props.at(property);
        const grantee = granted?.text === undefined ? undefined : accountOf(granted.text);
        let isOpen = false;
        for (const value of grantingDocuments(resource)) {
            checkDocument(resource, value, check, {
                elements: ["Principal"],
                violation: (statement) => {
                    const account = strange(statement);
                    isOpen ||= account !== undefined;
                    return known.size > 0 && account !== undefined
                        ? `\`Principal\` must not name account ${account}, which is not the stack's own`
                        : undefined;
                },
            });
        }
        const isStrange = grantee !== undefined && !own.has(grantee);
        if (known.size === 0) {
            if (isOpen || isStrange) {
                check.undetermined(resource, providerAccounts);
            }
            continue;
        }
        for (const value of everyDocument(resource)) {
            checkDocument(resource, value, check, {
                elements: ["Condition"],
                violation: (statement) => {
                    const account = accountsInConditions(statement).find((found) => !own.has(found));
                    return account && `\`Condition\` must not name account ${account}, which is not the stack's own`;
                },
            });
        }
        if (granted && isStrange) {
            const message = `\`${granted.path}\` must not be account ${grantee}, which is not the stack's own`;
            check.fail(resource, granted, message);
        }
    }
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
        description: "No permission of an event bus is given to anybody.",
        severity: "critical",
        category: "least-privilege",
        controls: ["IAM-023"],
        remediation: "Name the account in `principal`, or the organization in `condition`.",
        types: [busPermissionType],
        check(resource: Resource, check: Check): void {
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
        violation: ({ actions, notActions }) => {
            const pattern = actions.find((action) => /^([^:]*[*?]|[^:]+:[*?]*\*[*?]*)$/.test(action));
            if (pattern !== undefined) {
                return `\`Action\` must name the actions that are allowed, not \`${pattern}\``;
            }
            return notActions.length > 0 ? "`Allow` must have `Action`, not `NotAction`" : undefined;
        },
    }),
    {
        kind: "stack",
        name: "resource-policy-disallow-foreign-accounts",
        description:
            "Only the stack's own account, and accounts that are trusted by configuration, are let in: as principals, or by conditions.",
        severity: "high",
        category: "least-privilege",
        controls: ["S3-111", "IAM-022", "SNS-173"],
        remediation:
            "Remove the account from `Principal` and `Condition`, or add it to the parameter `trustedAccounts`. If the stack's own " +
            "account is not known, set `allowedAccountIds` of the provider (`aws:allowedAccountIds`).",
        parameters: {
            trustedAccounts: {
                description: "Accounts that policies may name, besides the stack's own.",
                type: "array",
                items: { type: "string" },
                default: [],
            },
        },
        check: checkAccounts,
    },
];

// Lambda and API Gateway do name a source when they use a resource by its own policy; it is roles that they assume without one.
function isExemptInPolicies(service: string): boolean {
    return service.startsWith("logdelivery.");
}
