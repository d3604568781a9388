import { type Resource, type Stack } from "../core/resource";
import { type Check, type Rule } from "../core/rule";
import { type Value } from "../core/value";
import { isDocument, parseDocument, type Statement } from "../iam/document";
import { resourcesIntersect } from "../iam/match";
import { awsManagedActions, escalationMethods, type EscalationMethod } from "./escalation-methods";
import { asWritten, identityDocuments, isAbout, isBroad, isNarrowed, roleType, unknownIn } from "./iam-documents";
import { attachedPolicies, awsManagedName } from "./iam-identities";

const policyType = "aws:iam/policy:Policy";

/** All that a role may do, whichever resources say so. */
interface Power {
    readonly role: Resource;
    readonly allowed: Statement[];
    readonly denied: Statement[];
    /** Patterns of actions that policies of AWS allow on everything. */
    readonly managed: string[];
    /** The first part of it that is not known. */
    unknown?: { resource: Resource; value: Value };
}

/** What every role of a stack may do, by all policies that are attached to it. */
function powersOf(stack: Stack): Power[] {
    const powers = new Map<Resource, Power>();
    for (const role of stack.ofType(roleType)) {
        const power: Power = { role, allowed: [], denied: [], managed: [] };
        powers.set(role, power);
        addDocuments(power, role);
        addAttached(power, role, "managedPolicyArns", stack);
    }
    const ofRoles = (resource: Resource, property: string) =>
        stack.references(resource, property, [roleType]).flatMap((role) => powers.get(role) ?? []);
    for (const resource of stack.ofType("aws:iam/rolePolicy:RolePolicy")) {
        ofRoles(resource, "role").forEach((power) => addDocuments(power, resource));
    }
    for (const [type, role, policies] of roleAttachments) {
        for (const resource of stack.ofType(type)) {
            ofRoles(resource, role).forEach((power) => addAttached(power, resource, policies, stack));
        }
    }
    return [...powers.values()];
}

const roleAttachments = [
    ["aws:iam/rolePolicyAttachment:RolePolicyAttachment", "role", "policyArn"],
    ["aws:iam/policyAttachment:PolicyAttachment", "roles", "policyArn"],
    ["aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive", "roleName", "policyArns"],
] as const;

function addAttached(power: Power, resource: Resource, property: string, stack: Stack): void {
    const policies = stack.references(resource, property, [policyType]);
    policies.forEach((policy) => addDocuments(power, policy));
    for (const value of attachedPolicies(resource)) {
        power.managed.push(...(awsManagedActions[awsManagedName(value.text ?? "") ?? ""] ?? []));
        if (value.isUnknown && policies.length === 0) {
            power.unknown ??= { resource, value };
        }
    }
}

function addDocuments(power: Power, resource: Resource): void {
    for (const value of identityDocuments(resource)) {
        const document = parseDocument(value);
        if ("unknown" in document) {
            power.unknown ??= { resource, value: document.unknown };
        } else if (isDocument(document)) {
            for (const statement of document.statements) {
                (statement.effect === "Allow" ? power.allowed : power.denied).push(statement);
                const unknown = unknownIn(statement, ["Effect", "Action", "Resource"]);
                if (unknown) {
                    power.unknown ??= { resource, value: unknown };
                }
            }
        }
    }
}

const managedStatement = (actions: readonly string[], at: Value): Statement => ({
    effect: "Allow",
    actions,
    notActions: [],
    resources: ["*"],
    notResources: [],
    principals: [],
    notPrincipals: [],
    conditions: [],
    at,
});

/** Statements that allow an action, unless it is denied whatever the circumstances. */
function allowing({ role, allowed, denied, managed }: Power, action: string): Statement[] {
    const isDenied = denied.some(
        (statement) =>
            statement.conditions.length === 0 && statement.resources.includes("*") && isAbout(statement, action),
    );
    const all = managed.length === 0 ? allowed : [...allowed, managedStatement(managed, role.props)];
    return isDenied ? [] : all.filter((statement) => isAbout(statement, action));
}

/** The statement that gives a role an action to an extent that is dangerous. */
function dangerous(
    power: Power,
    action: string,
    { onNamed }: EscalationMethod,
    strong: ReadonlySet<Power>,
): Statement | undefined {
    return allowing(power, action).find((statement) => {
        if (action === "iam:PassRole" || action === "sts:AssumeRole") {
            // A role that is named is as dangerous as what it may do.
            return isBroad(statement) || statement.resources.some(isPattern) || reaches(statement, strong, power);
        }
        const isLimited = statement.conditions.some(({ key }) => /^iam:PermissionsBoundary$/i.test(key));
        return (onNamed === true || isBroad(statement)) && !isNarrowed(statement) && !isLimited;
    });
}

const isPattern = (arn: string): boolean => /:role\/[^:]*[*?]/.test(arn);

const reaches = ({ resources }: Statement, strong: ReadonlySet<Power>, self: Power): boolean =>
    [...strong].some(
        (other) =>
            other !== self && arnsOf(other.role).some((arn) => resources.some((one) => resourcesIntersect(one, arn))),
    );

function arnsOf({ props }: Resource): string[] {
    const [arn, name] = [props.at("arn").text, props.at("name").text];
    return [...(arn === undefined ? [] : [arn]), ...(name === undefined ? [] : [`arn:*:iam::*:role/${name}`])];
}

/** The ways of each role to more permissions, in words. A role that can become a strong one is strong itself. */
function escalations(powers: readonly Power[]): Map<Power, string> {
    const found = new Map<Power, string>();
    for (let before = -1; before !== found.size;) {
        before = found.size;
        const strong = new Set(found.keys());
        for (const power of powers.filter((candidate) => !found.has(candidate))) {
            const way = escalationMethods
                .map((method) => wayBy(method, power, strong))
                .find((each) => each !== undefined);
            if (way !== undefined) {
                found.set(power, way);
            }
        }
    }
    return found;
}

/** How a role escalates by a method; undefined if it cannot. */
function wayBy(method: EscalationMethod, power: Power, strong: ReadonlySet<Power>): string | undefined {
    const parts: string[] = [];
    for (const action of method.actions) {
        const statement = dangerous(power, action, method, strong);
        if (statement === undefined) {
            return undefined;
        }
        parts.push(asWritten(statement, [action]));
    }
    return parts.join(" with ");
}

/** The role of a property of a task definition: its resource in the stack, or its text. */
function sameRole(task: Resource, stack: Stack): boolean | Value {
    const [execution, own] = [task.props.at("executionRoleArn"), task.props.at("taskRoleArn")];
    if (execution.isAbsent || own.isAbsent) {
        return false;
    }
    const [left, right] = ["executionRoleArn", "taskRoleArn"].map((property) =>
        stack.references(task, property, [roleType]),
    );
    if (left?.length && right?.length) {
        return left.some((role) => right.includes(role));
    }
    return [execution, own].find(({ isUnknown }) => isUnknown) ?? execution.raw === own.raw;
}

/** Rules about what roles may do by all their policies together. */
export const escalationRules: readonly Rule[] = [
    {
        kind: "stack",
        name: "iam-role-disallow-privilege-escalation",
        description: "No role can get more permissions than it was given, by all its policies together.",
        severity: "critical",
        category: "least-privilege",
        controls: ["IAM-008"],
        remediation:
            "Remove one of the actions that the message names, or limit it: name the resources, and for iam:PassRole a role " +
            "that is no stronger.",
        check(stack: Stack, check: Check): void {
            const powers = powersOf(stack);
            const found = escalations(powers);
            for (const power of powers) {
                const by = found.get(power);
                if (by !== undefined) {
                    check.fail(power.role, "inlinePolicies", `the role must not be able to escalate by ${by}`);
                } else if (power.unknown) {
                    check.undetermined(power.unknown.resource, power.unknown.value);
                }
            }
        },
    },
    {
        kind: "stack",
        name: "ecs-task-definition-require-separate-roles",
        description: "A task's containers have another role than the agent that starts them.",
        severity: "medium",
        category: "least-privilege",
        controls: ["ECS-029"],
        remediation:
            "Set `taskRoleArn` to a role with what the code needs, and `executionRoleArn` to one with what starting it needs.",
        check(stack: Stack, check: Check): void {
            for (const task of stack.ofType("aws:ecs/taskDefinition:TaskDefinition")) {
                const same = sameRole(task, stack);
                if (typeof same !== "boolean") {
                    check.undetermined(task, same);
                } else if (same) {
                    check.fail(task, "taskRoleArn", "`taskRoleArn` must be another role than `executionRoleArn`");
                }
            }
        },
    },
];
