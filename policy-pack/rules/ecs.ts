import {
    containerTypes,
    environmentOf,
    expressServiceType,
    inspectContainers,
    part,
    secretsOf,
    taskDefinitionType,
    taskDefinitionTypes,
} from "../core/containers";
import { customerKey } from "../core/data";
import { allows, policiesOf, readableFrom, roleType } from "../core/grants";
import { imageParameters, mustBePinned } from "./images";
import { type Resource, type Stack } from "../core/resource";
import { type Check, is, isSet, type ResourceRule, type Rule, type StackRule } from "../core/rule";
import { hasSecretName, secretReason } from "../core/secret-text";
import { propertyRule } from "../core/simple";
import { type Value } from "../core/value";

const clusterTypes = ["aws:ecs/cluster:Cluster"];
const serviceTypes = ["aws:ecs/service:Service"];
const serviceAndTaskSetTypes = [...serviceTypes, "aws:ecs/taskSet:TaskSet"];

const isTrue = is(true, "true");
const isNotTrue = (value: Value): boolean => !isTrue(value);

/** Name and description of a rule and what else it is known by. */
type Info = Omit<ResourceRule, "kind" | "check" | "types">;

/** A rule about every container of a task definition. Linux has more ways to confine them than Windows. */
function containerRule(
    info: Info & { types?: readonly string[]; linuxOnly?: boolean },
    inspect: (container: Value, resource: Resource, check: Check) => void,
): ResourceRule {
    const { types = taskDefinitionTypes, linuxOnly = false, ...rest } = info;
    return {
        ...rest,
        kind: "resource",
        types,
        check(resource, check) {
            const system = resource.props.at("runtimePlatform", "operatingSystemFamily").text ?? "LINUX";
            if (linuxOnly && system.startsWith("WINDOWS")) {
                return;
            }
            for (const container of inspectContainers(resource, check)) {
                inspect(container, resource, check);
            }
        },
    };
}

const clusterRules: readonly Rule[] = [
    propertyRule({
        name: "ecs-cluster-require-container-insights",
        description: "Clusters report the metrics of Container Insights.",
        types: clusterTypes,
        path: ["settings"],
        test: (settings) =>
            settings
                .items()
                .some((setting) => is("containerInsights")(setting.at("name")) && insightsOn(setting.at("value"))),
        message: "`settings` must have `containerInsights` with the value `enabled` or `enhanced`",
        severity: "medium",
        category: "logging",
        controls: ["ECS-025"],
        remediation: 'Set `settings: [{ name: "containerInsights", value: "enabled" }]`.',
    }),
    {
        kind: "resource",
        name: "ecs-cluster-require-exec-logging",
        description: "What is typed in shells that ECS Exec opens is logged.",
        types: clusterTypes,
        severity: "medium",
        category: "logging",
        controls: ["ECS-026"],
        remediation:
            'Set `configuration.executeCommandConfiguration.logging` to "OVERRIDE", and `logConfiguration` to a log group or a bucket.',
        check(resource, check) {
            const exec = resource.props.at("configuration", "executeCommandConfiguration");
            const logging = exec.at("logging");
            check.must(resource, logging, (value) => !is("NONE")(value), "`logging` must be `OVERRIDE` or `DEFAULT`");
            if (logging.text === "OVERRIDE") {
                const log = exec.at("logConfiguration");
                const isLogged = (value: Value): boolean =>
                    isSet(value.at("cloudWatchLogGroupName")) || isSet(value.at("s3BucketName"));
                check.must(resource, log, isLogged, "`logConfiguration` must name a log group or a bucket");
            }
        },
    },
    {
        kind: "resource",
        name: "ecs-cluster-require-exec-encryption",
        description: "Shells that ECS Exec opens, and their logs, are encrypted with a key of our own.",
        types: clusterTypes,
        severity: "medium",
        category: "encryption-at-rest",
        controls: ["ECS-027"],
        remediation:
            "Set `configuration.executeCommandConfiguration.kmsKeyId` to a KMS key, and `cloudWatchEncryptionEnabled` or `s3BucketEncryptionEnabled` to true.",
        check(resource, check) {
            const exec = resource.props.at("configuration", "executeCommandConfiguration");
            const { test, from } = customerKey;
            check.must(resource, exec.at("kmsKeyId"), test, "`kmsKeyId` must be a KMS key of our own", from);
            for (const [target, encrypted] of [
                ["cloudWatchLogGroupName", "cloudWatchEncryptionEnabled"],
                ["s3BucketName", "s3BucketEncryptionEnabled"],
            ] as const) {
                const log = exec.at("logConfiguration");
                if (isSet(log.at(target))) {
                    check.must(resource, log.at(encrypted), isTrue, `\`${encrypted}\` must be true`);
                }
            }
        },
    },
    propertyRule({
        name: "ecs-cluster-require-ephemeral-storage-key",
        description: "The disks of Fargate tasks are encrypted with a key of our own.",
        types: clusterTypes,
        path: ["configuration", "managedStorageConfiguration", "fargateEphemeralStorageKmsKeyId"],
        ...customerKey,
        message: "`fargateEphemeralStorageKmsKeyId` must be a KMS key of our own",
        severity: "medium",
        category: "encryption-at-rest",
        controls: [],
        remediation: "Set `configuration.managedStorageConfiguration.fargateEphemeralStorageKmsKeyId` to a KMS key.",
    }),
    propertyRule({
        name: "ecs-capacity-provider-require-termination-protection",
        description: "Instances with tasks on them are not terminated when a group of instances shrinks.",
        types: ["aws:ecs/capacityProvider:CapacityProvider"],
        path: ["autoScalingGroupProvider", "managedTerminationProtection"],
        when: ({ props }) => !props.at("autoScalingGroupProvider").isAbsent,
        test: is("ENABLED"),
        message: "`managedTerminationProtection` must be `ENABLED`",
        severity: "medium",
        category: "resilience",
        controls: ["ECS-040"],
        remediation: 'Set `autoScalingGroupProvider.managedTerminationProtection` to "ENABLED".',
    }),
];

const insightsOn = is("enabled", "enhanced");

/** Where resources that start tasks say whether they get a public address. */
const publicIpPaths: Readonly<Record<string, readonly string[]>> = {
    "aws:ecs/service:Service": ["networkConfiguration", "assignPublicIp"],
    "aws:ecs/taskSet:TaskSet": ["networkConfiguration", "assignPublicIp"],
    "aws:cloudwatch/eventTarget:EventTarget": ["ecsTarget", "networkConfiguration", "assignPublicIp"],
    "aws:scheduler/schedule:Schedule": ["target", "ecsParameters", "networkConfiguration", "assignPublicIp"],
};

const serviceRules: readonly Rule[] = [
    {
        kind: "resource",
        name: "ecs-service-disallow-public-ip",
        description: "Tasks have no public address, whatever starts them.",
        types: Object.keys(publicIpPaths),
        severity: "high",
        category: "network",
        controls: ["ECS-031", "ECS-032"],
        remediation:
            "Set `assignPublicIp` to false in the network configuration, and run the tasks in private subnets.",
        check(resource, check) {
            const value = resource.props.at(...(publicIpPaths[resource.type] ?? []));
            check.must(resource, value, isNotTrue, "`assignPublicIp` must be false");
        },
    },
    propertyRule({
        name: "ecs-service-require-current-platform",
        description: "Fargate tasks run on the current platform version.",
        types: serviceAndTaskSetTypes,
        path: ["platformVersion"],
        test: (version, check) => !isSet(version) || check.parameter<string[]>("versions").includes(version.text ?? ""),
        message: (check) => `\`platformVersion\` must be one of ${check.parameter<string[]>("versions").join(", ")}`,
        severity: "low",
        category: "workload",
        controls: ["ECS-030"],
        remediation: 'Set `platformVersion` to "LATEST", or leave it out.',
        parameters: {
            versions: {
                description: "Platform versions that count as current; Windows has versions of its own",
                type: "array",
                items: { type: "string" },
                default: ["LATEST", "1.4.0"],
            },
        },
    }),
    propertyRule({
        name: "ecs-service-disallow-exec",
        description: "Nobody opens a shell in a running task.",
        types: serviceTypes,
        path: ["enableExecuteCommand"],
        test: (enabled, check) => isNotTrue(enabled) || check.parameter<boolean>("allowed"),
        message: "`enableExecuteCommand` must be false",
        severity: "medium",
        category: "workload",
        controls: [],
        remediation: "Set `enableExecuteCommand` to false; allow it by the parameter `allowed` where people debug.",
        parameters: {
            allowed: { description: "Whether ECS Exec may be on, as in dev", type: "boolean", default: false },
        },
    }),
    {
        kind: "resource",
        name: "ecs-service-require-circuit-breaker",
        description: "A deployment whose tasks do not start is stopped and rolled back.",
        types: serviceTypes,
        severity: "medium",
        category: "resilience",
        controls: [],
        remediation: "Set `deploymentCircuitBreaker` to `{ enable: true, rollback: true }`.",
        check(resource, check) {
            const controller = resource.props.at("deploymentController", "type");
            const strategy = resource.props.at("deploymentConfiguration", "strategy");
            // Other controllers and strategies roll back by themselves, and do not have the breaker.
            if ((isSet(controller) && controller.text !== "ECS") || (isSet(strategy) && strategy.text !== "ROLLING")) {
                return;
            }
            for (const key of ["enable", "rollback"]) {
                const value = resource.props.at("deploymentCircuitBreaker", key);
                check.must(resource, value, isTrue, `\`deploymentCircuitBreaker.${key}\` must be true`);
            }
        },
    },
];

/** Users that may do anything inside the container. */
const isPrivilegedUser = (user: string): boolean => /^(root|0+|containeradministrator)(:|$)/i.test(user);

/** A row of a rule about one property of containers. */
interface ContainerRow extends Info {
    path: string[];
    test: (value: Value) => boolean;
    message: string;
    linuxOnly?: boolean;
}

const containerRows: readonly ContainerRow[] = [
    {
        name: "ecs-taskdefinition-disallow-privileged",
        description: "No container has the rights of the host.",
        path: ["privileged"],
        test: isNotTrue,
        message: "`privileged` must be false",
        severity: "high",
        category: "workload",
        controls: ["ECS-033"],
        remediation: "Set `privileged` to false in the container definition.",
    },
    {
        name: "ecs-taskdefinition-require-readonly-root",
        description: "Containers cannot write to their root file system.",
        path: ["readonlyRootFilesystem"],
        test: isTrue,
        message: "`readonlyRootFilesystem` must be true",
        severity: "high",
        category: "workload",
        controls: ["ECS-035"],
        remediation: "Set `readonlyRootFilesystem` to true, and mount a `tmpfs` where the program writes.",
        linuxOnly: true,
    },
    {
        name: "ecs-taskdefinition-require-logging",
        description: "Every container logs somewhere.",
        path: ["logConfiguration", "logDriver"],
        test: (driver) => isSet(driver) && driver.text !== "none",
        message: "`logConfiguration.logDriver` must be set, to `awslogs` for example",
        severity: "high",
        category: "logging",
        controls: ["ECS-036"],
        remediation: 'Set `logConfiguration` with `logDriver: "awslogs"` and the log group in its options.',
    },
    {
        name: "ecs-taskdefinition-disallow-root-user",
        description: "Every container runs as a user that is named, and is neither root nor administrator.",
        path: ["user"],
        test: (user) => (typeof user.raw === "number" ? user.raw > 0 : !!user.text && !isPrivilegedUser(user.text)),
        message: "`user` must be set to one that is not root (`65532:65532` for example)",
        severity: "medium",
        category: "workload",
        controls: ["ECS-038"],
        remediation: 'Set `user` to an unprivileged user and group, such as "65532:65532".',
    },
    {
        name: "ecs-taskdefinition-require-dropped-capabilities",
        description: "Containers give up all of Linux's capabilities.",
        path: ["linuxParameters", "capabilities", "drop"],
        test: (drop) => drop.items().some((capability) => capability.text?.toUpperCase() === "ALL"),
        message: "`linuxParameters.capabilities.drop` must have `ALL`",
        severity: "medium",
        category: "workload",
        controls: [],
        remediation: 'Set `linuxParameters.capabilities.drop` to ["ALL"].',
        linuxOnly: true,
    },
];

const taskRules: readonly Rule[] = [
    ...containerRows.map(({ path, test, message, ...info }) =>
        containerRule(info, (container, resource, check) => {
            check.must(resource, part(container, ...path), test, message);
        }),
    ),
    containerRule(
        {
            name: "ecs-taskdefinition-disallow-added-capabilities",
            description: "Containers get no capability of Linux beyond those that are declared.",
            severity: "high",
            category: "workload",
            controls: [],
            remediation: "Leave `linuxParameters.capabilities.add` empty, or name the capability in `allowed`.",
            parameters: {
                allowed: {
                    description: "Capabilities that may be added",
                    type: "array",
                    items: { type: "string" },
                    default: [],
                },
            },
            linuxOnly: true,
        },
        (container, resource, check) => {
            const allowed = check.parameter<string[]>("allowed");
            for (const capability of part(container, "linuxParameters", "capabilities", "add").items()) {
                const isAllowed = (value: Value): boolean => allowed.includes(value.text ?? "");
                check.must(resource, capability, isAllowed, "`capabilities.add` must be empty");
            }
        },
    ),
    containerRule(
        {
            name: "ecs-taskdefinition-disallow-plaintext-secrets",
            description:
                "No secret stands in a container's environment, where everybody who reads the task definition sees it.",
            types: containerTypes,
            severity: "high",
            category: "least-privilege",
            controls: ["ECS-037"],
            remediation: "Put the value into Secrets Manager, and refer to it in `secrets` with `valueFrom`.",
            parameters: {
                allowed: {
                    description: "Names of variables that look like secrets and are none",
                    type: "array",
                    items: { type: "string" },
                    default: [],
                },
            },
        },
        (container, resource, check) => {
            for (const { name, value } of environmentOf(container)) {
                if (check.parameter<string[]>("allowed").includes(name)) {
                    continue;
                }
                if (value.isUnknown) {
                    // Most of what is not known yet is an address; only a name can make it suspicious.
                    if (hasSecretName(name)) {
                        check.undetermined(resource, value);
                    }
                    continue;
                }
                const reason = secretReason(name, value);
                if (reason !== undefined) {
                    check.fail(resource, value, `\`${name}\` must come from \`secrets\`: ${reason}`);
                }
            }
        },
    ),
    containerRule(
        {
            name: "ecs-taskdefinition-require-pinned-image",
            description: "Containers run images that nobody can exchange, from a registry of our own.",
            types: containerTypes,
            severity: "high",
            category: "workload",
            controls: [],
            remediation: "Push the image to an ECR repository of the account, and name it by digest.",
            parameters: imageParameters,
        },
        (container, resource, check) => {
            mustBePinned(resource, part(container, "image"), resource.props.at("executionRoleArn"), check);
        },
    ),
    ...(["pidMode", "ipcMode"] as const).map((property) =>
        propertyRule({
            name: `ecs-taskdefinition-disallow-host-${property.slice(0, 3)}`,
            description: `Tasks do not share the host's ${property === "pidMode" ? "processes" : "memory"}.`,
            types: [taskDefinitionType],
            path: [property],
            test: (mode) => !is("host")(mode),
            message: `\`${property}\` must not be \`host\``,
            severity: "high",
            category: "workload",
            controls: ["ECS-034"],
            remediation: `Leave \`${property}\` out, or set it to "task".`,
        }),
    ),
    propertyRule({
        name: "ecs-taskdefinition-require-awsvpc",
        description: "Every task has a network interface, and so security groups, of its own.",
        types: [taskDefinitionType],
        path: ["networkMode"],
        test: is("awsvpc"),
        message: "`networkMode` must be `awsvpc`",
        severity: "high",
        category: "network",
        controls: ["ECS-039"],
        remediation: 'Set `networkMode` to "awsvpc".',
    }),
    {
        kind: "resource",
        name: "ecs-taskdefinition-require-efs-transit-encryption",
        description: "Tasks talk to EFS over TLS.",
        types: [taskDefinitionType],
        severity: "medium",
        category: "encryption-in-transit",
        controls: ["ECS-028"],
        remediation: 'Set `efsVolumeConfiguration.transitEncryption` to "ENABLED".',
        check(resource, check) {
            const volumes = resource.props.at("volumes");
            if (volumes.isUnknown) {
                check.undetermined(resource, volumes);
            }
            for (const volume of volumes.isUnknown ? [] : volumes.items()) {
                const efs = volume.at("efsVolumeConfiguration");
                if (!efs.isAbsent) {
                    const value = efs.at("transitEncryption");
                    check.must(resource, value, is("ENABLED"), "`transitEncryption` must be `ENABLED`");
                }
            }
        },
    },
];

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

const secretRules: readonly StackRule[] = [
    {
        kind: "stack",
        name: "ecs-taskdefinition-require-readable-secrets",
        description: "A task's execution role may read the secrets that its containers get; or no task ever starts.",
        severity: "medium",
        category: "workload",
        controls: [],
        remediation:
            "Allow the execution role `secretsmanager:GetSecretValue` (or `ssm:GetParameters`) on exactly what `valueFrom` names.",
        check(stack, check) {
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
        check(stack, check) {
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

/** Rules about clusters, services and tasks. */
export const ecsRules: readonly Rule[] = [...clusterRules, ...serviceRules, ...taskRules, ...secretRules];

/** Controls about ECS that no rule enforces, and why. */
export const ecsNotApplicable: Readonly<Record<string, string>> = {};
