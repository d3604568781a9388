import { BlockList, isIP } from "node:net";
import type { Value } from "../core/value";
import type { Condition, Document, Principal, Statement } from "./document";
import {
    actionMatches,
    arnSegments,
    type Context,
    contextValue,
    isEverything,
    matches,
    resolves,
    resourceMatches,
    resourcesIntersect,
} from "./match";

/** The policies that decide about a request. Principal and resource are in the same account. */
export interface Policies {
    /** All policies of the principal, inline and attached ones. */
    readonly identityPolicies: readonly Document[];
    /**
     * The policy of the resource. A KMS key without one trusts nobody, not even its account: pass the one that AWS gives to
     * every key.
     */
    readonly resourcePolicy?: Document;
    readonly permissionsBoundary?: Document;
}

export interface Request {
    /** `s3:GetObject`. */
    readonly action: string;
    /** An ARN, or `*` for an action without a resource. */
    readonly resource: string;
    /** ARN of a user, role or session, or the name of a service: `events.amazonaws.com`. Undefined if anonymous. */
    readonly principal?: string;
    /** Keys and values for conditions and policy variables. Nothing is filled in. */
    readonly context?: Context;
}

export interface Decision {
    readonly decision: "allowed" | "implicitDeny" | "explicitDeny";
    /** The statement that allowed or denied. */
    readonly by?: Statement;
    /** An unknown part of a statement that could change the decision. Statements with such parts don't take part in it. */
    readonly unknown?: Value;
}

/** Decides a request as IAM does within an account: an explicit deny wins, and one allow is enough. */
export function evaluateRequest(policies: Policies, request: Request): Decision {
    const { permissionsBoundary: boundary, resourcePolicy } = policies;
    const identity = policies.identityPolicies.flatMap((document) => applicable(document, request));
    const bounds = boundary === undefined ? [] : applicable(boundary, request);
    const resource =
        resourcePolicy === undefined ? [] : applicable(resourcePolicy, request, { bounded: boundary !== undefined });

    const all = [...identity, ...bounds, ...resource];
    const denied = all.find(({ statement, unknown }) => !unknown && statement.effect === "Deny");
    if (denied) {
        return { decision: "explicitDeny", by: denied.statement };
    }
    const unknown = all.filter((applied) => applied.unknown).map(({ statement }) => statement);
    const allows = (applied: Applied[]) =>
        applied.filter((one) => !one.unknown && one.statement.effect === "Allow" && one.grant !== undefined);

    const bounded = boundary !== undefined && allows(bounds).length === 0;
    const trusted = !needsTrust(policies, request) || allows(resource).some(({ grant }) => grant === "account");
    const granted =
        allows(resource).find(({ grant }) => grant === "direct" || (grant === "role" && !bounded)) ??
        (trusted && !bounded ? allows(identity)[0] : undefined);
    // Once something is allowed, another Allow makes no difference.
    const undecided = unknown.find((statement) => !granted || mayDeny(statement))?.unknown;
    return {
        ...(granted ? { decision: "allowed", by: granted.statement } : { decision: "implicitDeny" }),
        ...(undecided && { unknown: undecided }),
    };
}

const mayDeny = ({ effect, at }: Statement): boolean =>
    effect === "Deny" ||
    at.isUnknown ||
    at.entries().some(([name, value]) => /^effect$/i.test(name) && value.isUnknown);

/** Whether the policies of the principal count only if the policy of the resource hands over to its account. */
const needsTrust = ({ resourcePolicy }: Policies, { action, resource }: Request): boolean =>
    (/^kms:/i.test(action) && /^arn:[^:]*:kms:[^:]*:[^:]*:key\//.test(resource)) ||
    (/^sts:/i.test(action) && resourcePolicy !== undefined);

/**
 * How a statement grants. `direct`: whatever the boundary of the principal. `role`: to a role, inside of its boundary.
 * `account`: to the account, so that its own policies decide.
 */
type Grant = "direct" | "role" | "account";

interface Applied {
    readonly statement: Statement;
    readonly grant?: Grant;
    /** Whether it may apply, depending on what is unknown. */
    readonly unknown: boolean;
}

// Policies of resources are about principals, those of principals are not.
function applicable(document: Document, request: Request, ofResource?: { bounded: boolean }): Applied[] {
    // Variables came with the version of 2012. Before it they are plain text.
    const noVariables = document.version !== "2012-10-17";
    return document.statements.flatMap((statement): Applied[] => {
        if (statement.unknown !== undefined) {
            return mayApply(statement, request) ? [{ statement, unknown: true }] : [];
        }
        const grant = ofResource ? principalGrant(statement, request.principal, ofResource.bounded) : "direct";
        return grant !== undefined && statementMatches(statement, request, noVariables)
            ? [{ statement, grant, unknown: false }]
            : [];
    });
}

// Known actions that leave out the one of the request rule a statement out, whatever else is unknown.
function mayApply(statement: Statement, { action }: Request): boolean {
    const below = (statement.unknown?.path ?? "").slice(statement.at.path.length).toLowerCase();
    return (
        !/^\.(?:effect|resource|notresource|principal|notprincipal|condition)\b/.test(below) ||
        coversAction(statement, action)
    );
}

function statementMatches(statement: Statement, request: Request, noVariables: boolean): boolean {
    const options = { context: request.context ?? {}, noVariables };
    return (
        coversAction(statement, request.action) &&
        coversResource(statement, request.resource, options) &&
        statement.conditions.every((condition) => conditionHolds(condition, options))
    );
}

/** Whether a statement is about an action, by `Action` or by `NotAction`. */
function coversAction({ actions, notActions }: Statement, action: string): boolean {
    return actions.length > 0
        ? actions.some((pattern) => actionMatches(pattern, action))
        : !notActions.some((pattern) => actionMatches(pattern, action));
}

interface Options {
    readonly context: Context;
    readonly noVariables: boolean;
}

function coversResource({ resources, notResources }: Statement, resource: string, options: Options): boolean {
    // A trust policy has neither: it is about the role it stands at.
    return resources.length > 0
        ? resources.some((pattern) => resourceMatches(pattern, resource, options))
        : !notResources.some((pattern) =>
              // A variable without a value makes the statement fail, unless it couldn't matter.
              resolves(pattern, options)
                  ? resourceMatches(pattern, resource, options)
                  : resourcesIntersect(pattern, resource),
          );
}

function principalGrant(statement: Statement, principal: string | undefined, bounded: boolean): Grant | undefined {
    const { effect, principals, notPrincipals } = statement;
    if (notPrincipals.length > 0) {
        // IAM's own trap: a Deny by NotPrincipal denies everybody who has a permissions boundary.
        if (effect === "Deny" && bounded) {
            return "direct";
        }
        return notPrincipals.some((named) => grantOf(named, principal) !== undefined) ? undefined : "direct";
    }
    const grants = principals.map((named) => grantOf(named, principal));
    return (["direct", "role", "account"] as const).find((grant) => grants.includes(grant));
}

function grantOf({ kind, value }: Principal, principal: string | undefined): Grant | undefined {
    if (kind === "*" || (kind === "AWS" && value === "*")) {
        return "direct";
    }
    if (principal === undefined) {
        return undefined;
    }
    if (kind !== "AWS") {
        return value === principal ? "direct" : undefined;
    }
    const account = accountOf(value);
    if (account !== undefined) {
        return arnSegments(principal)[4] === account ? "account" : undefined;
    }
    if (value === principal) {
        return roleName(value) === undefined ? "direct" : "role";
    }
    return isSessionOf(principal, value) ? "role" : undefined;
}

/** The account that a principal names as a whole, by its number or its root. */
const accountOf = (principal: string): string | undefined =>
    /^(?:(?<number>\d{12})|arn:[^:]+:iam::(?<root>\d{12}):root)$/
        .exec(principal)
        ?.slice(1)
        .find((account) => account !== undefined);

const roleName = (arn: string): string | undefined => /^arn:[^:]+:iam::\d{12}:role\/(?:.*\/)?([^/]+)$/.exec(arn)?.[1];

function isSessionOf(session: string, role: string): boolean {
    const name = /^arn:[^:]+:sts::\d{12}:assumed-role\/([^/]+)\//.exec(session)?.[1];
    const [theirs, ours] = [arnSegments(session), arnSegments(role)];
    return (
        name !== undefined &&
        name.toLowerCase() === roleName(role)?.toLowerCase() &&
        theirs[1] === ours[1] &&
        theirs[4] === ours[4]
    );
}

/** An operator without `ForAllValues:`, `ForAnyValue:` and `IfExists`. */
interface Operator {
    /** Whether it holds if no value compares, instead of one. */
    readonly negated?: boolean;
    /** Whether a value of the policy compares with that of the request. Undefined if one of them can't be read. */
    readonly compare: (policy: string, given: string, options: Options) => boolean | undefined;
}

const text =
    (options: { ignoreCase?: boolean; literal?: boolean }): Operator["compare"] =>
    (policy, given, { context, noVariables }) => {
        const resolved = { ...options, context, noVariables };
        // A variable without a value makes even a negated operator fail.
        return resolves(policy, resolved) ? matches(policy, given, resolved) : undefined;
    };

const ordered =
    (read: (text: string) => number, holds: (given: number, policy: number) => boolean): Operator["compare"] =>
    (policy, given) => {
        const [theirs, ours] = [read(given), read(policy)];
        return Number.isNaN(theirs) || Number.isNaN(ours) ? undefined : holds(theirs, ours);
    };

const readNumber = (written: string): number => (written.trim() === "" ? NaN : Number(written));

// Seconds since 1970, or a date of ISO 8601.
const readDate = (written: string): number => (/^-?\d+$/.test(written) ? Number(written) * 1000 : Date.parse(written));

const comparisons: readonly [name: string, holds: (given: number, policy: number) => boolean][] = [
    ["Equals", (given, policy) => given === policy],
    ["LessThan", (given, policy) => given < policy],
    ["LessThanEquals", (given, policy) => given <= policy],
    ["GreaterThan", (given, policy) => given > policy],
    ["GreaterThanEquals", (given, policy) => given >= policy],
];

const orderedOperators = (kind: string, read: (text: string) => number): [string, Operator][] =>
    comparisons.map(([name, holds]) => [`${kind}${name}`, { compare: ordered(read, holds) }]);

const arn: Operator["compare"] = (policy, given, { context, noVariables }) => {
    if (isEverything(policy)) {
        return true;
    }
    const options = { context, noVariables };
    const [ours, theirs] = [arnSegments(policy), arnSegments(given)];
    if (ours.length !== 6 || theirs.length !== 6) {
        return undefined;
    }
    const results = ours.map((segment, index) =>
        resolves(segment, options) ? matches(segment, theirs[index] ?? "", options) : undefined,
    );
    // Where another part differs already, a variable without a value doesn't matter.
    return results.includes(false) ? false : results.includes(undefined) ? undefined : true;
};

const bool: Operator["compare"] = (policy, given) => {
    const [ours, theirs] = [policy.toLowerCase(), given.toLowerCase()];
    const valid = ["true", "false"];
    return valid.includes(ours) && valid.includes(theirs) ? ours === theirs : undefined;
};

const ipAddress: Operator["compare"] = (policy, given) => {
    const [net = "", written, ...more] = policy.split("/");
    const family = isIP(net);
    const longest = family === 4 ? 32 : 128;
    const prefix = written === undefined ? longest : /^\d+$/.test(written) ? Number(written) : NaN;
    if (family === 0 || isIP(given) === 0 || more.length > 0 || !(prefix >= 0 && prefix <= longest)) {
        return undefined;
    }
    if (isIP(given) !== family) {
        return false;
    }
    const type = family === 4 ? "ipv4" : "ipv6";
    const list = new BlockList();
    list.addSubnet(net, prefix, type);
    return list.check(given, type);
};

const positive: readonly [name: string, operator: Operator][] = [
    ["StringEquals", { compare: text({ literal: true }) }],
    ["StringEqualsIgnoreCase", { compare: text({ literal: true, ignoreCase: true }) }],
    ["StringLike", { compare: text({}) }],
    ["BinaryEquals", { compare: text({ literal: true }) }],
    ...orderedOperators("Numeric", readNumber),
    ...orderedOperators("Date", readDate),
    ["Bool", { compare: bool }],
    ["IpAddress", { compare: ipAddress }],
    ["ArnEquals", { compare: arn }],
    ["ArnLike", { compare: arn }],
];

const negations: readonly (readonly [name: string, of: string])[] = [
    ["StringNotEquals", "StringEquals"],
    ["StringNotEqualsIgnoreCase", "StringEqualsIgnoreCase"],
    ["StringNotLike", "StringLike"],
    ["NumericNotEquals", "NumericEquals"],
    ["DateNotEquals", "DateEquals"],
    ["NotIpAddress", "IpAddress"],
    ["ArnNotEquals", "ArnEquals"],
    ["ArnNotLike", "ArnLike"],
];

const operators = new Map<string, Operator>(positive.map(([name, operator]) => [name.toLowerCase(), operator]));
for (const [name, of] of negations) {
    const operator = operators.get(of.toLowerCase());
    if (operator) {
        operators.set(name.toLowerCase(), { ...operator, negated: true });
    }
}

/** A condition's operator in its parts: `ForAnyValue:StringLikeIfExists`. */
export interface OperatorParts {
    readonly set?: "foranyvalue" | "forallvalues";
    /** In lower case: `stringlike`. */
    readonly base: string;
    readonly ifExists: boolean;
    /** Whether IAM has such an operator. */
    readonly known: boolean;
    readonly negated: boolean;
}

/** Takes an operator apart. In any case, as IAM does. */
export function operatorParts(operator: string): OperatorParts {
    const groups = /^(?:(?<set>foranyvalue|forallvalues):)?(?<base>.*?)(?<ifExists>ifexists)?$/s.exec(
        operator.toLowerCase(),
    )?.groups;
    const base = groups?.base ?? "";
    return {
        set: groups?.set as OperatorParts["set"],
        base,
        ifExists: groups?.ifExists !== undefined,
        known: operators.has(base) || base === "null",
        negated: operators.get(base)?.negated ?? false,
    };
}

function conditionHolds({ operator: written, key, values }: Condition, options: Options): boolean {
    const { set, base, ifExists } = operatorParts(written);
    const given = contextValue(options.context, key);
    if (base === "null") {
        return values.some((value) => value.toLowerCase() === String(given === undefined));
    }
    const operator = operators.get(base);
    if (given === undefined) {
        return set === "forallvalues" || ifExists || (set === undefined && operator?.negated === true);
    }
    if (operator === undefined) {
        return false;
    }
    const holds = (one: string): boolean => {
        const results = values.map((value) => operator.compare(value, one, options));
        return operator.negated ? results.every((result) => result === false) : results.includes(true);
    };
    if (set === undefined) {
        // A key with several values needs a set operator. Without one the condition never holds.
        return typeof given === "string" && holds(given);
    }
    const all = typeof given === "string" ? [given] : given;
    return set === "forallvalues" ? all.every(holds) : all.some(holds);
}
