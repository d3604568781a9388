import { policiesOf, roleType } from "../../policy-pack/core/grants";
import { type Resource, type Stack } from "../../policy-pack/core/resource";
import { coversAction, isForEverybody } from "../../policy-pack/core/statements";
import { isDocument, parseDocument, type Statement } from "../../policy-pack/iam/document";
import { matches, resourceMatches } from "../../policy-pack/iam/match";
import { type Check } from ".";
import { stackOf } from "./stack";

const keyType = "aws:kms/key:Key";

/** Key of a role's statement: `kms:ViaService`, or nothing if it calls KMS itself. */
const direct = "a call of its own";

/**
 * A right to use a key counts for nothing unless the key's own policy admits that use: AWS refuses each call, and nothing
 * before. Keys that are not in the recording are not judged, and conditions on the circumstances of a call are taken to be met.
 */
export const keyGrants: Record<string, Check> = {
    "key-grant": (resources, report) => {
        const stack = stackOf(resources);
        const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
        const keys = stack.ofType(keyType).map((key) => ({ key, aliases: aliasesOf(stack, key) }));
        for (const role of stack.ofType(roleType)) {
            for (const statement of policiesOf(stack, role).statements.filter(({ effect }) => effect === "Allow")) {
                const actions = statement.actions.filter((action) => /^kms:/i.test(action));
                const granted = actions.length === 0 ? [] : keys.filter((each) => isGranted(statement, each));
                for (const { key, aliases } of granted) {
                    for (const via of conditionValues(statement, "kms:viaservice", [direct])) {
                        const refused = actions.filter((action) => !admits(key, role, action, via));
                        if (refused.length > 0) {
                            report(
                                byUrn.get(role.urn)!,
                                `statement ${statement.sid ?? "without Sid"} allows ${refused.join(", ")} with the key ` +
                                    `${aliases[0] ?? key.name} through ${via}, which the key's policy does not admit`,
                            );
                        }
                    }
                }
            }
        }
    },
};

interface NamedKey {
    key: Resource;
    aliases: string[];
}

const aliasesOf = (stack: Stack, key: Resource): string[] =>
    stack.referrers(key, "targetKeyId", ["aws:kms/alias:Alias"]).flatMap(({ props }) => props.at("name").text ?? []);

/** Whether a statement names a key: by its alias, or else by its ARN. A statement about any key names none. */
function isGranted(statement: Statement, { key, aliases }: NamedKey): boolean {
    const named = conditionValues(statement, "kms:resourcealiases", []);
    if (named.length > 0) {
        return aliases.some((alias) => named.some((pattern) => matches(pattern, alias)));
    }
    const arn = key.props.at("arn").text;
    return (
        arn !== undefined &&
        statement.resources.some((pattern) => !/[*?]/.test(pattern) && resourceMatches(pattern, arn))
    );
}

function conditionValues({ conditions }: Statement, key: string, otherwise: string[]): readonly string[] {
    const condition = conditions.find((each) => each.key.toLowerCase() === key);
    return condition ? condition.values : otherwise;
}

/** Whether a key's policy lets a role of the key's account do this, by itself or through a service. */
function admits(key: Resource, role: Resource, action: string, via: string): boolean {
    const document = parseDocument(key.props.at("policy"));
    if (!isDocument(document)) {
        // Without a policy AWS gives the key its default one, which leaves all to the policies of roles.
        return true;
    }
    return document.statements.some(
        (statement) =>
            statement.effect === "Allow" &&
            coversAction(statement, action) &&
            isPrincipal(statement, role) &&
            (via === direct
                ? conditionValues(statement, "kms:viaservice", []).length === 0
                : conditionValues(statement, "kms:viaservice", [via]).some((pattern) => matches(pattern, via))),
    );
}

const isPrincipal = (statement: Statement, role: Resource): boolean =>
    isForEverybody(statement) ||
    statement.principals.some(
        ({ kind, value }) =>
            kind === "AWS" &&
            (/^\d{12}$|^arn:[^:]*:iam::\d{12}:root$/.test(value) || value === role.props.at("arn").text),
    );
