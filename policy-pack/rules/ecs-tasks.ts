import {
    containerTypes,
    environmentOf,
    inspectContainers,
    part,
    taskDefinitionType,
    taskDefinitionTypes,
} from "../core/containers";
import { type Resource } from "../core/resource";
import { type Check, is, isSet, type ResourceRule, type Rule } from "../core/rule";
import { hasSecretName, secretReason } from "../core/secret-text";
import { propertyRule } from "../core/property-rule";
import { type Value } from "../core/value";
import { isNotTrue, isTrue } from "./ecs-flags";
import { imageParameters, mustBePinned } from "./images";

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

/** Rules about task definitions and their containers. */
export const taskRules: readonly Rule[] = [
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
        check(resource: Resource, check: Check): void {
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
