import { type Resource } from "../core/resource";
import { type Check, isSet, type Rule } from "../core/rule";
import { propertyRule } from "../core/property-rule";
import { isNotTrue, isTrue } from "./ecs-flags";

const serviceTypes = ["aws:ecs/service:Service"];
const serviceAndTaskSetTypes = [...serviceTypes, "aws:ecs/taskSet:TaskSet"];

/** Where resources that start tasks say whether they get a public address. */
const publicIpPaths: Readonly<Record<string, readonly string[]>> = {
    "aws:ecs/service:Service": ["networkConfiguration", "assignPublicIp"],
    "aws:ecs/taskSet:TaskSet": ["networkConfiguration", "assignPublicIp"],
    "aws:cloudwatch/eventTarget:EventTarget": ["ecsTarget", "networkConfiguration", "assignPublicIp"],
    "aws:scheduler/schedule:Schedule": ["target", "ecsParameters", "networkConfiguration", "assignPublicIp"],
};

/** Rules about services, and whatever else starts tasks. */
export const serviceRules: readonly Rule[] = [
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
        check(resource: Resource, check: Check): void {
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
        check(resource: Resource, check: Check): void {
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
