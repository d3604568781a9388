import { policiesOf, roleType } from "../../../policy-pack/core/grants";
import { type Stack } from "../../../policy-pack/core/resource";
import { type RecordedResource } from "../../recording";
import { type Hosts, type HostTarget } from "./hosts";
import { type Place } from "./network";
import { type Owner, servicesCalled } from "./statements";

/** Somebody in a VPC who opens connections. */
export interface Caller extends Place {
    /** What is to be mended if a way is missing. */
    resource: RecordedResource;
    /** For people: `function aipx-dev-oms`. */
    title: string;
    calls: Call[];
}

/** A connection that a caller opens. */
export interface Call {
    target: HostTarget;
    /** How that is known: `its role allows sqs:SendMessage`. */
    because: string;
}

/** What is looked up in a recording. */
export interface Sources {
    resources: RecordedResource[];
    stack: Stack;
    hosts: Hosts;
}

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
const ofType = (resources: RecordedResource[], type: string): RecordedResource[] =>
    resources.filter((resource) => resource.type === type);

/** All functions, tasks and pollers of triggers that stand in a VPC. */
export const callers = (sources: Sources): Caller[] => [...functions(sources), ...tasks(sources), ...pollers(sources)];

const service = (name: string, because: string): Call => ({ target: { kind: "service", service: name }, because });

function functions({ resources, stack, hosts }: Sources): Caller[] {
    const mappings = ofType(resources, mappingType);
    const invokeConfigs = ofType(resources, "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig");
    return ofType(resources, "aws:lambda/function:Function")
        .filter(({ inputs }) => inputs.vpcConfig !== undefined)
        .map((resource): Caller => {
            const { inputs, outputs } = resource;
            const isThis = (reference: unknown): boolean =>
                [outputs.arn, outputs.name, resource.id].includes(String(reference));
            const triggers = mappings.filter((mapping) => isThis(mapping.inputs.functionName));
            const results = invokeConfigs.filter((config) => isThis(config.inputs.functionName));
            const owner: Owner = {
                kind: "function",
                sources: triggers.map((mapping) => String(mapping.inputs.eventSourceArn)),
                destinations: [
                    ...triggers.map((mapping) => destinationOf(mapping)),
                    ...results.flatMap(({ inputs: { destinationConfig: config } }) => [
                        config?.onFailure?.destination as unknown,
                        config?.onSuccess?.destination as unknown,
                    ]),
                    inputs.deadLetterConfig?.targetArn as unknown,
                ].flatMap((arn) => (typeof arn === "string" ? [arn] : [])),
                logGroupName: String(inputs.loggingConfig?.logGroup ?? `/aws/lambda/${outputs.name}`),
            };
            const variables = Object.entries((inputs.environment?.variables ?? {}) as Record<string, unknown>);
            return {
                resource,
                title: `function ${outputs.name}`,
                subnetIds: texts(inputs.vpcConfig.subnetIds),
                groupIds: texts(inputs.vpcConfig.securityGroupIds),
                publicAddress: false,
                calls: [...roleCalls(stack, resource, "role", owner), ...variableCalls(hosts, variables)],
            };
        });
}

function tasks({ resources, stack, hosts }: Sources): Caller[] {
    const parameters = new Map(
        ofType(resources, "aws:ssm/parameter:Parameter").map(({ outputs, inputs }) => [outputs.arn, inputs.value]),
    );
    const definitions = new Map(
        ofType(resources, "aws:ecs/taskDefinition:TaskDefinition").flatMap((task) =>
            [task.id, task.outputs.arn as unknown, task.outputs.family as unknown].map((key) => [key, task]),
        ),
    );
    return ofType(resources, "aws:ecs/service:Service").flatMap((resource): Caller[] => {
        const { inputs, outputs } = resource;
        const { subnets, securityGroups, assignPublicIp } = inputs.networkConfiguration ?? {};
        const definition = definitions.get(inputs.taskDefinition);
        if (!definition || subnets === undefined) {
            return [];
        }
        const containers = containersOf(definition);
        const variables = containers.flatMap(({ environment = [], secrets = [] }) => [
            ...environment.map(({ name, value }): [string, unknown] => [name, value]),
            ...secrets.map(({ name, valueFrom }): [string, unknown] => [name, parameters.get(valueFrom)]),
        ]);
        const owner: Owner = { kind: "task", sources: [], destinations: [] };
        return [
            {
                resource,
                title: `tasks of ${outputs.name}`,
                subnetIds: texts(subnets),
                groupIds: texts(securityGroups),
                publicAddress: assignPublicIp === true,
                calls: [
                    ...containers.flatMap(startCalls),
                    ...roleCalls(stack, definition, "taskRoleArn", owner),
                    // Its own address tells a service who it is; it does not call itself by it.
                    ...variableCalls(hosts, variables).filter(({ target }) => !isOf(target, resource)),
                ],
            },
        ];
    });
}

const isOf = (target: HostTarget, { name }: RecordedResource): boolean =>
    target.kind === "groups" && target.name === name;

interface Container {
    image?: string;
    environment?: { name: string; value: unknown }[];
    secrets?: { name: string; valueFrom: string }[];
    logConfiguration?: { logDriver?: string };
}

function containersOf({ inputs }: RecordedResource): Container[] {
    try {
        const containers: unknown = JSON.parse(String(inputs.containerDefinitions));
        return Array.isArray(containers) ? (containers as Container[]) : [];
    } catch {
        // Another check reports it.
        return [];
    }
}

/** What ECS calls before and while a container runs. On Fargate it does so from the task's own network interface. */
function startCalls({ image = "", secrets = [], logConfiguration }: Container): Call[] {
    const registry = image.split("/")[0]!;
    const pull: Call[] = /\.dkr\.ecr\.[^/]+\.amazonaws\.com$/.test(registry)
        ? // Signing in, the image's manifest, and its layers, which lie in a bucket.
          ["ecr.api", "ecr.dkr", "s3"].map((name) => service(name, "image"))
        : [
              {
                  target: { kind: "internet", host: /[.:]/.test(registry) ? registry : "docker.io", port: 443 },
                  because: "image",
              },
          ];
    return [
        ...(image === "" ? [] : pull),
        ...secrets.flatMap(({ name, valueFrom }) => {
            const [, , owner] = String(valueFrom).split(":");
            return owner === undefined ? [] : [service(owner, `secret ${name}`)];
        }),
        ...(logConfiguration?.logDriver === "awslogs" ? [service("logs", "log driver awslogs")] : []),
    ];
}

function roleCalls(stack: Stack, resource: RecordedResource, property: string, owner: Owner): Call[] {
    const holder = stack.get(resource.urn);
    const roles = holder ? stack.references(holder, property, [roleType]) : [];
    const statements = roles.flatMap((role) => policiesOf(stack, role).statements);
    return [...servicesCalled(statements, owner)].map(([name, action]) => service(name, `its role allows ${action}`));
}

const variableCalls = (hosts: Hosts, variables: [name: string, value: unknown][]): Call[] =>
    variables.flatMap(([name, value]) =>
        typeof value === "string"
            ? hosts.targets(value).map((target) => ({ target, because: `environment variable ${name}` }))
            : [],
    );

const mappingType = "aws:lambda/eventSourceMapping:EventSourceMapping";

const destinationOf = ({ inputs }: RecordedResource): string | undefined =>
    inputs.destinationConfig?.onFailure?.destinationArn as string | undefined;

/** Ports of MSK's brokers, by how a trigger signs in. Without a secret, it is with IAM where the cluster has it. */
const brokerPorts: Record<string, number> = { IAM: 9098, SASL_SCRAM_512_AUTH: 9096, CLIENT_CERTIFICATE_TLS_AUTH: 9094 };

/**
 * Pollers of MSK triggers. Lambda gives them interfaces in the cluster's subnets, with the cluster's security groups: they fetch
 * the records, and, unless they are provisioned, take the function's role and invoke the function from there. What failed
 * for good goes from there to its destination, in either mode.
 */
function pollers({ resources }: Sources): Caller[] {
    const clusters = new Map(
        ofType(resources, "aws:msk/cluster:Cluster").map((one) => [one.outputs.arn as unknown, one]),
    );
    return ofType(resources, mappingType).flatMap((resource): Caller[] => {
        const { inputs } = resource;
        const cluster = clusters.get(inputs.eventSourceArn);
        if (!cluster) {
            return [];
        }
        const { clientSubnets, securityGroups } = cluster.inputs.brokerNodeGroupInfo ?? {};
        const secrets = (inputs.sourceAccessConfigurations ?? []) as { type?: string }[];
        const usesIam = secrets.length === 0 && cluster.inputs.clientAuthentication?.sasl?.iam === true;
        const port = brokerPorts[usesIam ? "IAM" : (secrets[0]?.type ?? "")];
        const [, , destination] = (destinationOf(resource) ?? "").split(":");
        const [groupIds, subnetIds] = [texts(securityGroups), texts(clientSubnets)];
        const toBrokers = { kind: "groups", name: cluster.name, groupIds, subnetIds } as const;
        return [
            {
                resource,
                title: `the poller of topic ${texts(inputs.topics).join(", ")} for ${String(inputs.functionName).split(":").pop()}`,
                subnetIds,
                groupIds,
                publicAddress: false,
                calls: [
                    ...(port === undefined ? [] : [{ target: { ...toBrokers, port }, because: "event source" }]),
                    ...(inputs.provisionedPollerConfig === undefined
                        ? [service("lambda", "it invokes the function"), service("sts", "it takes the function's role")]
                        : []),
                    ...(secrets.length > 0 ? [service("secretsmanager", "it signs in with a secret")] : []),
                    ...(destination === undefined ? [] : [service(destination, "on-failure destination")]),
                ],
            },
        ];
    });
}
