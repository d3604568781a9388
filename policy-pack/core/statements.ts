import { isDocument, parseDocument, type Statement } from "../iam/document";
import { actionMatches } from "../iam/match";
import { type Answer } from "./answer";
import { type Value } from "./value";

/** Whether a statement of a policy document passes the test. A malformed document has no statement. */
export function hasStatement(document: Value, test: (statement: Statement) => boolean): Answer {
    const parsed = parseDocument(document);
    if (isDocument(parsed) && parsed.statements.some(test)) {
        return true;
    }
    if ("unknown" in parsed) {
        return parsed.unknown;
    }
    return (isDocument(parsed) && parsed.statements.find(({ unknown }) => unknown)?.unknown) || false;
}

/** Whether a statement covers an action by name. */
export const coversAction = ({ actions }: Statement, action: string): boolean =>
    actions.some((pattern) => actionMatches(pattern, action));

/** Whether everybody is a principal of a statement. */
export const isForEverybody = ({ principals }: Statement): boolean =>
    principals.some(({ kind, value }) => (kind === "*" || kind === "AWS") && value === "*");

/** Whether a statement denies an action to whoever comes without TLS, and nothing narrows it. */
export function deniesWithoutTls(statement: Statement, action: string): boolean {
    const [condition, ...others] = statement.conditions;
    return (
        statement.effect === "Deny" &&
        isForEverybody(statement) &&
        coversAction(statement, action) &&
        statement.resources.length > 0 &&
        others.length === 0 &&
        condition?.operator.toLowerCase() === "bool" &&
        condition.key.toLowerCase() === "aws:securetransport" &&
        condition.values.every((value) => value.toLowerCase() === "false") &&
        statement.unknown === undefined
    );
}

/** Whether a statement allows an action to a service: `logs`, whose principal may be a regional one. */
export const allowsService = (statement: Statement, service: string, action: string): boolean =>
    statement.effect === "Allow" &&
    coversAction(statement, action) &&
    (isForEverybody(statement) ||
        statement.principals.some(({ kind, value }) => kind === "Service" && serviceOf(value) === service));

const serviceOf = (principal: string): string | undefined =>
    /^([a-z0-9-]+)\.(?:[a-z0-9-]+\.)?amazonaws\.com(?:\.cn)?$/.exec(principal)?.[1];
