import { expressServiceType, inspectContainers, secretsOf, taskDefinitionType } from "../core/containers";
import { allows, policiesOf, readableFrom, roleType } from "../core/grants";
import { type Resource, type Stack } from "../core/resource";
import { type Check, type StackRule } from "../core/rule";
import { type Value } from "../core/value";

/** What the secrets of a task's containers are read with: rules about who may read them ask this of each. */
function eachSecret(
    stack: Stack,
    check: Check,
    visit: (resource: Resource, variable: { name: string; value: Value }) => void,
): void {
    for (const resource of stack.ofType(taskDefinitionType, expressServiceType)) {
        for (const container of inspectContainers(resource, check)) {
            for (const variable of secretsOf(container)) {
                visit(resource, variable);
            }
        }
    }
}

/** Rules about who may read the secrets of containers. */
export const secretRules: readonly StackRule[] = [
    {
        kind: "stack",
        name: "ecs-taskdefinition-require-readable-secrets",
        description: "A task's execution role may read the secrets that its containers get; or no task ever starts.",
        severity: "medium",
        category: "workload",
        controls: [],
        remediation:
            "Allow the execution role `secretsmanager:GetSecretValue` (or `ssm:GetParameters`) on exactly what `valueFrom` names.",
        check(stack: Stack, check: Check): void {
            eachSecret(stack, check, (resource, { name, value }) => {
                const arn = resource.props.at("executionRoleArn");
                const [role] = stack.references(resource, "executionRoleArn", [roleType]);
                if (arn.isAbsent) {
                    check.fail(resource, arn, `\`executionRoleArn\` must be set: \`${name}\` is a secret`);
                } else if (value.text === undefined || (!role && arn.isUnknown)) {
                    check.undetermined(resource, value.text === undefined ? value : arn);
                } else if (role) {
                    const { statements, unknown } = policiesOf(stack, role);
                    const readable = readableFrom(value.text);
                    if (statements.some((statement) => allows(statement, readable))) {
                        return;
                    }
                    if (unknown) {
                        check.undetermined(role, unknown);
                    } else {
                        const what = `${readable.action} on ${readable.ends[0]}`;
                        check.fail(resource, value, `\`executionRoleArn\` must be a role that allows ${what}`);
                    }
                }
            });
        },
    },
    {
        kind: "stack",
        name: "ecs-taskdefinition-disallow-secrets-for-task-role",
        description: "Secrets that ECS hands to a container cannot be read by the program in it as well.",
        severity: "medium",
        category: "least-privilege",
        controls: [],
        remediation: "Take the statement that reads the secret away from the role in `taskRoleArn`.",
        check(stack: Stack, check: Check): void {
            eachSecret(stack, check, (resource, { name, value }) => {
                const [role] = stack.references(resource, "taskRoleArn", [roleType]);
                const arn = resource.props.at("taskRoleArn");
                if (!role || value.text === undefined) {
                    if (value.isUnknown || arn.isUnknown) {
                        check.undetermined(resource, value.isUnknown ? value : arn);
                    }
                    return;
                }
                const { statements, unknown } = policiesOf(stack, role);
                const readable = readableFrom(value.text);
                const granting = statements.find((statement) => allows(statement, readable));
                if (granting) {
                    check.fail(role, granting.at, `the task role must not allow ${readable.action} on \`${name}\``);
                } else if (unknown) {
                    check.undetermined(role, unknown);
                }
            });
        },
    },
];
