/** One statement of an IAM identity policy. Everything in it is known before anything exists (see {@link Scope}). */
export interface Statement {
    /** Says what the statement is for; unique in its document, letters and digits only. */
    sid: string;
    /** @default "Allow" */
    effect?: "Allow" | "Deny";
    /** Exact actions, never a whole service. */
    actions: string[];
    resources: string[];
    /** Operator, key, values: `{ StringEquals: { "kms:ViaService": "s3.ap-northeast-2.amazonaws.com" } }`. */
    conditions?: Conditions;
}

/** A statement of a resource policy (key, bucket, queue, topic ...) or of a role's trust. */
export interface ResourceStatement extends Statement {
    principals: { Service: string | string[] } | { AWS: string | string[] } | "*";
}

export type Conditions = Record<string, Record<string, string | string[]>>;

const one = (values: string[]): string | string[] => (values.length === 1 ? values[0]! : values);

/** The JSON text of a policy, in one canonical order, so that an unchanged policy never shows as a difference. */
export function policyDocument(statements: (Statement | ResourceStatement)[]): string {
    const sids = statements.map((statement) => statement.sid);
    const repeated = sids.find((sid, index) => sids.indexOf(sid) !== index);
    if (repeated !== undefined) {
        throw new Error(`policy document: two statements have the Sid "${repeated}"; each needs its own`);
    }
    return JSON.stringify({
        Version: "2012-10-17",
        Statement: statements.map((statement) => ({
            Sid: statement.sid,
            Effect: statement.effect ?? "Allow",
            ...("principals" in statement && { Principal: statement.principals }),
            Action: one(statement.actions),
            // A role's trust has no resource: the role is the resource.
            ...(statement.resources.length > 0 && { Resource: one(statement.resources) }),
            ...(statement.conditions && { Condition: statement.conditions }),
        })),
    });
}

/** `kis-credentials` as `KisCredentials`: statement ids take letters and digits only. */
export function pascalCase(name: string): string {
    return name
        .split(/[^a-zA-Z0-9]+/)
        .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
        .join("");
}
