import { type Variable } from "./model";

/** Variables of a function, sorted by name. */
export const functionVariables = (variables: Record<string, unknown>): Variable[] =>
    sorted(Object.entries(variables).map(([name, value]) => ({ name, from: "value", value: String(value) })));

/** Variables of a container: with their values, or as references to parameters and secrets. */
export const containerVariables = (
    environment: { name: string; value: unknown }[],
    secrets: { name: string; valueFrom: string }[],
): Variable[] =>
    sorted([
        ...environment.map(({ name, value }): Variable => ({ name, from: "value", value: String(value) })),
        ...secrets.map(({ name, valueFrom }) => ({ name, ...sourceOf(valueFrom) })),
    ]);

/** What a container definition's `valueFrom` refers to: a parameter, or one key of a secret. */
function sourceOf(valueFrom: string): Omit<Variable, "name"> {
    const parameter = /^arn:[^:]+:ssm:[^:]*:[^:]*:parameter(\/.+)$/.exec(valueFrom)?.[1];
    if (parameter !== undefined) {
        return { from: "parameter", source: parameter };
    }
    // The ARN ends in the key, the version's stage and its id, each of which may be empty.
    const [, source, key] =
        /^arn:[^:]+:secretsmanager:[^:]*:[^:]*:secret:([^:]+)(?::([^:]*))?(?::[^:]*){0,2}$/.exec(valueFrom) ?? [];
    return source === undefined
        ? { from: "parameter", source: valueFrom }
        : { from: "secret", source, ...(key && { key }) };
}

const sorted = (variables: Variable[]): Variable[] => variables.sort((a, b) => (a.name < b.name ? -1 : 1));
