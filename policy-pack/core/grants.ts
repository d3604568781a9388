import { isDocument, parseDocument, type Statement } from "../iam/document";
import { type Resource, type Stack } from "./resource";
import { type Value } from "./value";

export const roleType = "aws:iam/role:Role";
const policyType = "aws:iam/policy:Policy";

/** What a role's policies say, as far as the stack has them. */
export interface RolePolicies {
    statements: readonly Statement[];
    /** The first thing in its policies that can't be told. */
    unknown?: Value;
}

/** Policies of AWS that all execution roles have, and that read no secret. */
const harmless = /:policy\/service-role\/(AmazonECSTaskExecutionRolePolicy|AWSLambda\w*ExecutionRole)$/;

/** All statements of a role's inline and attached policies. */
export function policiesOf(stack: Stack, role: Resource): RolePolicies {
    const attachments = [
        ...stack.referrers(role, "role", ["aws:iam/rolePolicyAttachment:RolePolicyAttachment"]),
        ...stack.referrers(role, "roles", ["aws:iam/policyAttachment:PolicyAttachment"]),
    ];
    const attached = attachments.map((attachment) => ({
        arn: attachment.props.at("policyArn"),
        policies: stack.references(attachment, "policyArn", [policyType]),
    }));
    const managed = stack.references(role, "managedPolicyArns", [policyType]);
    const documents = [
        ...stack.referrers(role, "role", ["aws:iam/rolePolicy:RolePolicy"]).map(({ props }) => props.at("policy")),
        ...role.props
            .at("inlinePolicies")
            .items()
            .map((policy) => policy.at("policy")),
        ...[...attached.flatMap(({ policies }) => policies), ...managed].map(({ props }) => props.at("policy")),
    ];
    const foreign = [
        ...attached.filter(({ policies }) => policies.length === 0).map(({ arn }) => arn),
        ...(managed.length === 0 ? role.props.at("managedPolicyArns").items() : []),
    ].filter(({ text }) => !harmless.test(text ?? ""));
    const parsed = documents.map(parseDocument);
    const statements = parsed.filter(isDocument).flatMap(({ statements }) => statements);
    const unknown =
        parsed.flatMap((document) => ("unknown" in document && document.unknown ? [document.unknown] : []))[0] ??
        statements.find((statement) => statement.unknown)?.unknown ??
        foreign[0];
    return { statements, ...(unknown && { unknown }) };
}

/** Something that a role may read: a secret of Secrets Manager, or a parameter of Systems Manager. */
export interface Readable {
    action: string;
    /** Last part of its ARN, from the service's kind of resource on; more than one if AWS adds to it. */
    ends: readonly string[];
    service: "secretsmanager" | "ssm";
}

/** A secret by its name, or by the name that AWS gave it: with six characters more at the end. */
export const secretNamed = (name: string): Readable => ({
    action: "secretsmanager:GetSecretValue",
    ends: [`secret:${name}-AbCdEf`, ...(/-[A-Za-z\d]{6}$/.test(name) ? [`secret:${name}`] : [])],
    service: "secretsmanager",
});

/** What `valueFrom` in a container's `secrets` reads. */
export function readableFrom(valueFrom: string): Readable {
    const [, , service, , , kind, name = ""] = valueFrom.split(":");
    if (service === "secretsmanager" && kind === "secret") {
        return secretNamed(name);
    }
    const parameter = valueFrom.replace(/^arn:[^:]*:ssm:[^:]*:[^:]*:parameter/, "").replace(/^\//, "");
    return { action: "ssm:GetParameters", ends: [`parameter/${parameter}`], service: "ssm" };
}

/** Whether a statement allows to read it. Conditions are taken to be met. */
export function allows(statement: Statement, { action, ends, service }: Readable): boolean {
    const acts = (patterns: readonly string[]): boolean => patterns.some((pattern) => matches(pattern, action, "i"));
    const covers = (patterns: readonly string[]): boolean =>
        patterns.some((pattern) => ends.some((end) => matches(pattern, arnLike(pattern, service, end))));
    return (
        statement.effect === "Allow" &&
        (statement.notActions.length > 0 ? !acts(statement.notActions) : acts(statement.actions)) &&
        (statement.notResources.length > 0 ? !covers(statement.notResources) : covers(statement.resources))
    );
}

/** An ARN with the partition, region and account of the pattern, where it names them. */
function arnLike(pattern: string, service: string, end: string): string {
    const [, partition, , region, account] = pattern.split(":");
    const named = (text: string | undefined, otherwise: string): string =>
        text === undefined || /[*?]/.test(text) ? otherwise : text;
    return ["arn", named(partition, "aws"), service, named(region, "r"), named(account, "1"), end].join(":");
}

/** Whether a text fits a pattern with `*` and `?`. In at most as many steps as their lengths multiplied, whatever the pattern. */
function matches(pattern: string, text: string, flags = ""): boolean {
    const [wanted, given] = flags === "i" ? [pattern.toLowerCase(), text.toLowerCase()] : [pattern, text];
    let [at, star, mark] = [0, -1, 0];
    for (let index = 0; index < given.length;) {
        if (wanted[at] === "*") {
            [star, mark] = [at, index];
            at += 1;
        } else if (at < wanted.length && (wanted[at] === "?" || wanted[at] === given[index])) {
            at += 1;
            index += 1;
        } else if (star >= 0) {
            mark += 1;
            [at, index] = [star + 1, mark];
        } else {
            return false;
        }
    }
    return /^\**$/.test(wanted.slice(at));
}
