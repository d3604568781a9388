/** A statement of a policy as AWS reads it. */
export interface PolicyStatement {
    Sid: string;
    Effect: "Allow" | "Deny";
    Principal?: string | Record<string, string | string[]>;
    Action: string | string[];
    Resource?: string | string[];
    Condition?: Record<string, Record<string, string | string[]>>;
}

/** Statements of a policy document's JSON text. */
export const statements = (policy: string): PolicyStatement[] =>
    (JSON.parse(policy) as { Statement: PolicyStatement[] }).Statement;

/** The one statement with this Sid. */
export function statement(policy: string, sid: string): PolicyStatement {
    const found = statements(policy).filter(({ Sid }) => Sid === sid);
    if (found.length !== 1) {
        throw new Error(
            `${found.length} statements are "${sid}"; there are ${statements(policy)
                .map(({ Sid }) => Sid)
                .join(", ")}`,
        );
    }
    return found[0]!;
}
