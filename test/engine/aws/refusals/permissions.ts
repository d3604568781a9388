import { type Account } from "../account";

interface Statement {
    Effect: string;
    Action?: string | string[];
    Principal?: string | { AWS?: string | string[] };
}

const statementsOf = (document: unknown): Statement[] => {
    const parsed = typeof document === "string" ? JSON.parse(document) : undefined;
    return [parsed?.Statement ?? []].flat() as Statement[];
};

const matches = (pattern: string, action: string): boolean =>
    new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*")}$`, "i").test(action);

/** Whether some policy of the role allows the action, on whatever. */
export function mayDo(account: Account, roleArn: string, action: string): boolean {
    const role = account.ofType("aws:iam/role:Role").find(({ outputs }) => outputs.arn === roleArn);
    return account
        .ofType("aws:iam/rolePolicy:RolePolicy")
        .filter(({ inputs }) => inputs.role === role?.id)
        .flatMap(({ inputs }) => statementsOf(inputs.policy))
        .some(
            ({ Effect, Action = [] }) =>
                Effect === "Allow" && [Action].flat().some((pattern) => matches(pattern, action)),
        );
}

/** The roles and users that a policy names. */
export const principalsOf = (document: unknown): string[] =>
    statementsOf(document).flatMap(({ Principal }) =>
        typeof Principal === "object" ? [Principal.AWS ?? []].flat() : [],
    );
