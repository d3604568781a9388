import { type Resource } from "./resource";
import { type Check } from "./rule";
import { parseJson, type Value } from "./value";

export const taskDefinitionType = "aws:ecs/taskDefinition:TaskDefinition";
export const expressServiceType = "aws:ecs/expressGatewayService:ExpressGatewayService";

/** Resources that define containers, every property of them. */
export const taskDefinitionTypes = [taskDefinitionType, "aws:ecs/daemonTaskDefinition:DaemonTaskDefinition"] as const;

/** Resources that run images in containers. */
export const containerTypes = [...taskDefinitionTypes, expressServiceType] as const;

/** What can be told of the containers of a resource: who they are, or why they can't be told. */
export type Containers = { list: Value[] } | { unknown: Value } | { malformed: Value };

/** The containers that a resource defines. */
export function containersOf({ type, props }: Resource): Containers {
    if (type === expressServiceType) {
        const container = props.at("primaryContainer");
        return container.isUnknown ? { unknown: container } : { list: [container] };
    }
    const definitions = props.at("containerDefinitions");
    if (definitions.isUnknown) {
        return { unknown: definitions };
    }
    const json = parseJson(definitions);
    if (json === "malformed" || !Array.isArray(json.raw)) {
        return { malformed: definitions };
    }
    const list = json.items();
    const odd = list.find((container) => !container.isUnknown && !isObject(container.raw));
    return odd ? { malformed: odd } : { list };
}

/** The containers of a resource, having reported it if there is no telling. */
export function inspectContainers(resource: Resource, check: Check): Value[] {
    const containers = containersOf(resource);
    if ("unknown" in containers) {
        check.undetermined(resource, containers.unknown);
        return [];
    }
    if ("malformed" in containers) {
        check.fail(resource, containers.malformed, "container definitions must be a JSON list of objects");
        return [];
    }
    return containers.list;
}

/** A property of a container, in any of the ways to write it: ECS ignores case, Pulumi's typed form has plurals. */
export function part(container: Value, ...names: string[]): Value {
    return names.reduce((value, name) => {
        const written = value.entries().find(([key]) => isName(key, name));
        return value.at(written?.[0] ?? name);
    }, container);
}

const isName = (key: string, name: string): boolean =>
    [name.toLowerCase(), `${name.toLowerCase()}s`].includes(key.toLowerCase());

/** A variable in a container's environment, or one that ECS fills from a secret. */
export interface Variable {
    name: string;
    value: Value;
}

export const environmentOf = (container: Value): Variable[] => variables(container, "environment", "value");
export const secretsOf = (container: Value): Variable[] => variables(container, "secrets", "valueFrom");

const variables = (container: Value, list: string, value: string): Variable[] =>
    part(container, list)
        .items()
        .map((variable) => ({ name: part(variable, "name").text ?? "", value: part(variable, value) }));

const isObject = (raw: unknown): boolean => typeof raw === "object" && raw !== null && !Array.isArray(raw);
