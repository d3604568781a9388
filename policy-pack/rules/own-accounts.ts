import { type Resource, type Stack } from "../core/resource";
import { parseJson, Value } from "../core/value";
import { isDocument, parseDocument, type Statement } from "../iam/document";
import { arnSegments } from "../iam/match";
import { identityDocuments, isAbout, resourceDocuments } from "./iam-documents";
import { accountsIn } from "./principals";

const isAccount = (text: string): boolean => /^\d{12}$/.test(text);

/** The account of an ARN, if it names one. */
export const accountOfArn = (arn: string): string | undefined => [arnSegments(arn)[4] ?? ""].find(isAccount);

/** Where it would stand which account is the stack's own: for what can't be told without. */
export const providerAccounts = new Value(undefined, "provider.allowedAccountIds");

/**
 * Accounts that are the stack's own; none if nothing tells. What the provider is held to, and ARNs that AWS gave, are sure.
 * Otherwise it is the account that the stack's policies name most, beside principals, and at last the only one that
 * administers its keys: AWS refuses a key's policy that locks out who sets it.
 */
export function ownAccounts(stack: Stack): Set<string> {
    const sure = stack.resources.flatMap((resource) => [
        ...(resource.provider ? accountsOfProvider(resource.provider) : []),
        ...(resource.type === "pulumi:providers:aws" ? accountsOfProvider(resource.props) : []),
        ...givenAccount(resource),
    ]);
    if (sure.length > 0) {
        return new Set(sure);
    }
    const statements = stack.resources.flatMap((resource) =>
        [...identityDocuments(resource), ...resourceDocuments(resource)].flatMap(statementsOf),
    );
    const counts = new Map<string, number>();
    for (const account of statements.flatMap((statement) => [
        ...statement.resources.flatMap((arn) => accountOfArn(arn) ?? []),
        ...accountsInConditions(statement),
    ])) {
        counts.set(account, (counts.get(account) ?? 0) + 1);
    }
    const [most] = [...counts].sort(([, left], [, right]) => right - left);
    if (most) {
        return new Set([most[0]]);
    }
    const administrators = new Set(
        statements
            .filter((statement) => statement.effect === "Allow" && isAbout(statement, "kms:PutKeyPolicy"))
            .flatMap(accountsIn),
    );
    return administrators.size === 1 ? administrators : new Set();
}

/** Accounts to which conditions of a statement hold a request, by number or in an ARN. */
export const accountsInConditions = ({ conditions }: Statement): string[] =>
    conditions
        .filter(
            ({ operator, key }) =>
                /^(ForAnyValue:)?(String|Arn)(Equals|Like|EqualsIgnoreCase)$/i.test(operator) &&
                /^(aws:((Principal|Source|Resource)Account|(Principal|Source)Arn)|kms:CallerAccount)$/i.test(key),
        )
        .flatMap(({ values }) => values.map((value) => (isAccount(value) ? value : (accountOfArn(value) ?? ""))))
        .filter(isAccount);

function statementsOf(value: Value): readonly Statement[] {
    const document = parseDocument(value);
    return isDocument(document) ? document.statements : [];
}

/** Accounts that a provider is held to, by their numbers or by the role that it assumes there. */
export function accountsOfProvider(settings: Value): string[] {
    // The engine hands over what is no text as JSON.
    const read = (property: string): Value[] => {
        const parsed = parseJson(settings.at(property));
        return parsed === "malformed" ? [] : parsed.items();
    };
    const roles = [...read("assumeRoles"), ...read("assumeRole")].map((role) => role.at("roleArn").text ?? "");
    return [
        ...read("allowedAccountIds").flatMap(({ written }) => (isAccount(written) ? [written] : [])),
        // The last role is the one that the provider works with.
        ...roles.slice(-1).flatMap((arn) => accountOfArn(arn) ?? []),
    ];
}

// Their `arn` is that of another resource.
const pointers =
    /^aws:(cloudwatch\/eventTarget|lakeformation\/resource|notifications\/|sns\/(topic|dataProtection)Policy)/;

/** The account in the ARN of a resource that exists. */
const givenAccount = ({ type, props }: Resource): string[] =>
    type.startsWith("aws:") && !pointers.test(type)
        ? [accountOfArn(props.at("arn").text ?? "") ?? ""].filter(isAccount)
        : [];
