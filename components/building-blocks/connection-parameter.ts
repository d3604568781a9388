import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { type EnvironmentValue } from "./access";
import { type Scope } from "./scope";

/**
 * Publishes a value that AWS decides (an endpoint, a list of brokers) as an SSM parameter under a name known beforehand,
 * and returns it as an environment variable's value. Standard parameters are free.
 *
 * @param path Last parts of the parameter's name: `["kafka", "bootstrap-brokers"]`.
 */
export function connectionParameter(
    name: string,
    scope: Scope,
    path: string[],
    value: pulumi.Output<string>,
    opts: pulumi.CustomResourceOptions,
): { parameter: aws.ssm.Parameter; environmentValue: EnvironmentValue } {
    const parameterName = `/${scope.path(...path)}`;
    const parameter = new aws.ssm.Parameter(name, { name: parameterName, type: "String", value }, opts);
    return { parameter, environmentValue: { value, parameterName } };
}
