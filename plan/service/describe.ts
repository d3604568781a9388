import { type RecordedResource, type Recording, shownInputs } from "../recording";
import { alarmsOf } from "./alarms";
import { containerVariables, functionVariables } from "./environment";
import { type Container, type Role, type Service } from "./model";
import { Reach } from "./reach";
import { roleOf } from "./role";
import { functionTriggers, serviceTriggers } from "./triggers";
import { texts, View } from "./view";

/** All services of ECS and all functions of a stack, by name. */
export function describeServices({ resources }: Pick<Recording, "resources">): Service[] {
    const view = new View(resources);
    const reach = new Reach(view);
    const own = resources.filter(({ type }) => type === serviceType || type === functionType);
    const names = own.map(({ outputs }) => String(outputs.name));
    const services = own.map((resource) => {
        const describe = resource.type === serviceType ? ecsService : lambdaFunction;
        return describe(view, reach, resource, (alarm) => namedAfter(alarm, names) === String(resource.outputs.name));
    });
    return services
        .map((service) => ({ ...service, triggers: [...service.triggers, ...invokers(service, services)] }))
        .sort((a, b) => (a.service < b.service ? -1 : 1));
}

const serviceType = "aws:ecs/service:Service";
const functionType = "aws:lambda/function:Function";

/** The service whose name an alarm's name begins with: of `a` and `a-b`, `a-b` for `a-b-errors`. */
const namedAfter = (alarm: string, names: string[]): string | undefined =>
    names.filter((name) => alarm.startsWith(`${name}-`)).sort((a, b) => b.length - a.length)[0];

function lambdaFunction(
    view: View,
    reach: Reach,
    fn: RecordedResource,
    isNamedAfter: (alarm: string) => boolean,
): Service {
    const inputs = shownInputs(fn);
    const name = String(fn.outputs.name);
    const role = view.referred(fn, "role", roleType);
    const groups = texts(inputs.vpcConfig?.securityGroupIds);
    const triggers = functionTriggers(view, fn);
    const logGroupName = String(inputs.loggingConfig?.logGroup ?? `/aws/lambda/${name}`);
    return {
        service: String(inputs.tags?.service ?? name),
        name,
        kind: "Lambda",
        ...(inputs.imageUri !== undefined && { image: String(inputs.imageUri) }),
        ...(inputs.runtime !== undefined && { runtime: String(inputs.runtime) }),
        architecture: texts(inputs.architectures)[0] ?? "x86_64",
        size: {
            memoryMB: Number(inputs.memorySize ?? 128),
            timeoutSeconds: Number(inputs.timeout ?? 3),
            ...(inputs.reservedConcurrentExecutions !== undefined && {
                reservedConcurrency: Number(inputs.reservedConcurrentExecutions),
            }),
        },
        environment: functionVariables((inputs.environment?.variables ?? {}) as Record<string, unknown>),
        roles: role ? [roleOf(view, role, "run")] : [],
        reach: reach.connections(groups, "egress"),
        callers: reach.connections(groups, "ingress"),
        triggers,
        alarms: alarmsOf(view, { triggers }, { dimensions: [name], logGroupName }, isNamedAfter),
    };
}

function ecsService(
    view: View,
    reach: Reach,
    service: RecordedResource,
    isNamedAfter: (alarm: string) => boolean,
): Service {
    const { inputs, outputs } = service;
    const name = String(outputs.name);
    const task = view.referred(service, "taskDefinition", "aws:ecs/taskDefinition:TaskDefinition");
    const [main = {}] = containersOf(task);
    const groups = texts(inputs.networkConfiguration?.securityGroups);
    const strategy = (inputs.capacityProviderStrategies ?? []) as { capacityProvider: string }[];
    const triggers = serviceTriggers(view, service, container(main).ports);
    const balancers = ((inputs.loadBalancers ?? []) as { targetGroupArn: string }[]).map(({ targetGroupArn }) =>
        String(view.withArn(targetGroupArn)?.outputs.arnSuffix),
    );
    return {
        service: String(inputs.tags?.service ?? name),
        name,
        kind: strategy.some(({ capacityProvider }) => capacityProvider === "FARGATE_SPOT")
            ? "Fargate Spot"
            : [inputs.launchType, ...texts(task?.inputs.requiresCompatibilities)].includes("FARGATE")
              ? "Fargate"
              : "ECS",
        ...(main.image !== undefined && { image: String(main.image) }),
        ...(task && { architecture: architectureOf(task) }),
        size: {
            ...(task && { cpu: Number(task.inputs.cpu), memoryMiB: Number(task.inputs.memory) }),
            tasks: Number(inputs.desiredCount ?? 0),
        },
        ...(task && { container: container(main) }),
        environment: containerVariables(main.environment ?? [], main.secrets ?? []),
        roles: task
            ? [...taskRole(view, task, "taskRoleArn", "run"), ...taskRole(view, task, "executionRoleArn", "start")]
            : [],
        reach: reach.connections(groups, "egress"),
        callers: reach.connections(groups, "ingress"),
        triggers,
        alarms: alarmsOf(
            view,
            { triggers },
            {
                dimensions: [name, ...balancers],
                logGroupName: main.logConfiguration?.options?.["awslogs-group"] as string,
            },
            isNamedAfter,
        ),
    };
}

const roleType = "aws:iam/role:Role";

function taskRole(view: View, task: RecordedResource, input: string, purpose: Role["purpose"]): Role[] {
    const role = view.referred(task, input, roleType);
    return role ? [roleOf(view, role, purpose)] : [];
}

/** `arm64`, as Lambda writes it. */
function architectureOf(task: RecordedResource): string {
    return String(task.inputs.runtimePlatform?.cpuArchitecture ?? "X86_64").toLowerCase();
}

/** Containers of a task, the first of which is the service. */
function containersOf(task: RecordedResource | undefined): Record<string, any>[] {
    try {
        return JSON.parse(String(task?.inputs.containerDefinitions)) as Record<string, any>[];
    } catch {
        // Preflight reports it.
        return [];
    }
}

function container(definition: Record<string, any>): Container {
    const { portMappings = [], mountPoints = [], linuxParameters = {}, healthCheck } = definition;
    return {
        ports: (portMappings as { containerPort: number }[]).map(({ containerPort }) => containerPort),
        ...(definition.user !== undefined && { user: String(definition.user) }),
        readonlyRootFilesystem: definition.readonlyRootFilesystem === true,
        writable: [
            ...((linuxParameters.tmpfs ?? []) as { containerPath: string; size: number }[]).map(
                ({ containerPath, size }) => ({ path: containerPath, memoryMiB: size }),
            ),
            ...(mountPoints as { containerPath: string; readOnly?: boolean }[])
                .filter(({ readOnly }) => readOnly !== true)
                .map(({ containerPath }) => ({ path: containerPath })),
        ],
        stopTimeoutSeconds: Number(definition.stopTimeout ?? 30),
        ...(healthCheck && {
            healthCheck: { interval: 30, timeout: 5, retries: 3, startPeriod: 0, ...healthCheck } as NonNullable<
                Container["healthCheck"]
            >,
        }),
    };
}

/** Services of the stack that may invoke a function. */
function invokers({ kind, name }: Service, services: Service[]): { kind: "service"; service: string }[] {
    return kind !== "Lambda"
        ? []
        : services
              .filter(({ roles }) =>
                  roles.some(({ statements }) =>
                      statements.some(
                          ({ effect, actions, resources }) =>
                              effect === "Allow" &&
                              actions.includes("lambda:InvokeFunction") &&
                              resources.some((resource) => resource.split(":")[6] === name),
                      ),
                  ),
              )
              .map(({ service }) => ({ kind: "service", service }));
}
