import { type Resource, type Stack } from "../core/resource";
import { type Check, type StackRule } from "../core/rule";
import { isDocument, parseDocument, type Statement } from "../iam/document";
import { isArn, resourceCovers } from "../iam/match";
import { DeclaredArns } from "./declared-arns";
import { breadth, identityDocuments, narrows, roleType, unknownIn } from "./iam-documents";
import { ownAccounts } from "./own-accounts";

const aliasKeys = /^kms:(ResourceAliases|RequestAlias)$/i;

/** ARNs to which a statement is held: its resources, and for keys the aliases that its conditions name. */
function namedBy({ resources, conditions }: Statement): string[] {
    const aliases = conditions
        .filter((condition) => narrows(condition, aliasKeys))
        .flatMap(({ values }) => values.map((value) => `arn:*:kms:*:*:${value}`));
    return [...resources.filter((arn) => isArn(arn) && breadth(arn) === "named"), ...aliases];
}

function checkCarrier(stack: Stack, resource: Resource, arns: DeclaredArns, check: Check): void {
    const madeOf = dependenciesOf(stack, resource, resource.type === roleType ? "inlinePolicies" : "policy");
    const declared = check.parameter<string[]>("declared");
    for (const value of identityDocuments(resource)) {
        const document = parseDocument(value);
        if ("unknown" in document) {
            check.undetermined(resource, document.unknown);
        }
        for (const statement of isDocument(document) ? document.statements : []) {
            const unknown = unknownIn(statement, ["Resource"]);
            if (statement.effect !== "Allow") {
                continue;
            }
            // An unknown ARN that a resource of the stack gives is the stack's.
            if (unknown && madeOf.length === 0) {
                check.undetermined(resource, unknown);
            }
            for (const arn of namedBy(statement)) {
                const isDeclared = declared.some((pattern) => resourceCovers(pattern, arn));
                const owned = isDeclared || arns.owns(arn, madeOf);
                if (owned === false) {
                    const message =
                        `\`Resource\` must be of this stack, or be listed in the parameter \`declared\`: ` +
                        `${arn.replace("arn:*:kms:*:*:", "")} is neither`;
                    check.fail(resource, statement.at, message);
                } else if (owned !== true) {
                    check.undetermined(owned.resource, owned.value);
                }
            }
        }
    }
}

/** Resources of AWS that a property was made of. */
const dependenciesOf = (stack: Stack, { propertyDependencies }: Resource, property: string): Resource[] =>
    (propertyDependencies[property] ?? [])
        .flatMap((urn) => stack.get(urn) ?? [])
        .filter(({ type }) => type.startsWith("aws:"));

/** Rules about what permissions are for. */
export const ownershipRules: readonly StackRule[] = [
    {
        kind: "stack",
        name: "iam-policy-disallow-undeclared-resources",
        description:
            "Policies allow nothing on resources that are neither of this stack nor declared to be used by it.",
        severity: "medium",
        category: "least-privilege",
        controls: ["IAM-004"],
        remediation:
            "Correct the ARN in `Resource` or the alias in the condition, remove what is not used any more, or list the ARN in " +
            "the parameter `declared` if the resource is another stack's.",
        parameters: {
            declared: {
                description: "ARNs of other stacks' resources that policies may name; `*` stands for anything.",
                type: "array",
                items: { type: "string" },
                default: [],
            },
        },
        check(stack: Stack, check: Check): void {
            const arns = new DeclaredArns(stack, ownAccounts(stack));
            for (const resource of stack.resources) {
                if (identityDocuments(resource).length > 0) {
                    checkCarrier(stack, resource, arns, check);
                }
            }
        },
    },
];
