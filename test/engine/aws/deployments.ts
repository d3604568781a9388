import { type Account, type AwsResource } from "./account";

// What becomes of a deployment after AWS has accepted it.

/** Why ECS gives a deployment up; `undefined` if it comes to a steady state, as one without tasks always does. */
export function failureOf({ type, inputs }: AwsResource, account: Account): string | undefined {
    if (type !== "aws:ecs/service:Service" || inputs.desiredCount === 0) {
        return undefined;
    }
    // One that fails its self-test fails here as well, when nobody has tried it before.
    return faultOf(account, String(inputs.taskDefinition)) === undefined
        ? undefined
        : `tasks of ${String(inputs.name)} failed container health checks: the deployment circuit breaker was triggered`;
}

/** What the image of a task definition does wrong. */
export function faultOf(account: Account, taskDefinition: string): string | undefined {
    const [revision] = account
        .ofType("aws:ecs/taskDefinition:TaskDefinition")
        .filter(({ outputs }) => outputs.arn === taskDefinition);
    const containers = JSON.parse((revision?.inputs.containerDefinitions as string | undefined) ?? "[]") as {
        image: string;
    }[];
    return containers
        .map(({ image }) => account.faulty.get(image.split("/").slice(1).join("/")))
        .find((fault) => fault !== undefined);
}
