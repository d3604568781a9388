import { fargateSizes } from "../../settings/fargate-sizes";
import { physicalNames } from "../physical-names";
import { type RecordedResource, type Recording } from "../recording";
import { brokenValues } from "./broken-values";
import { keyGrants } from "./key-grants";
import { reach } from "./reach";

// What AWS refuses, minutes into a deployment, and neither the type checker nor a stand-in for AWS does.

/** Something wrong with a resource. */
export interface Violation {
    /** `preflight-name-length`. */
    policy: string;
    /** `mandatory` stops a deployment, `advisory` does not. */
    level: "mandatory" | "advisory";
    urn: string;
    message: string;
}

/** Tells one thing that is wrong. */
type Report = (resource: RecordedResource, message: string, level?: Violation["level"]) => void;

/** Looks at a whole recording, and tells each thing that is wrong. */
export type Check = (resources: RecordedResource[], report: Report) => void;

const checks: Record<string, Check> = {
    "name-length": (resources, report) => {
        for (const { resource, name, rule } of namedResources(resources)) {
            if (name.length > rule.max) {
                report(resource, `${rule.property} "${name}" has ${name.length} characters; AWS allows ${rule.max}`);
            }
            if (rule.form && !rule.form.test(name)) {
                report(resource, `${rule.property} "${name}" must be ${rule.formText}`);
            }
        }
    },

    "duplicate-name": (resources, report) => {
        const taken = new Map<string, RecordedResource>();
        for (const { resource, name, rule } of namedResources(resources)) {
            if (rule.within === "anything") {
                continue;
            }
            const place = [resource.inputs.region, ...rule.within.map((input) => resource.inputs[input] as unknown)];
            const key = JSON.stringify([resource.type, name, ...place]);
            const other = taken.get(key);
            if (other) {
                report(resource, `${rule.property} "${name}" is already that of ${other.urn}`);
            }
            taken.set(key, resource);
        }
    },

    "policy-size": (resources, report) => {
        const inline = groupBy(ofType(resources, "aws:iam/rolePolicy:RolePolicy"), ({ inputs }) => String(inputs.role));
        for (const [role, policies] of inline) {
            const size = policies.reduce((sum, { inputs }) => sum + documentSize(inputs.policy), 0);
            if (size > 10_240) {
                report(
                    policies[0]!,
                    `the inline policies of role ${role} have ${size} characters; AWS allows 10,240 without spaces`,
                );
            }
        }
        for (const resource of resources) {
            for (const [type, input, max] of documentLimits) {
                const size = resource.type === type ? documentSize(resource.inputs[input]) : 0;
                if (size > max) {
                    report(
                        resource,
                        `${input} has ${size} characters; AWS allows ${max.toLocaleString("en")} without spaces`,
                    );
                }
            }
        }
    },

    "security-group-rules": (resources, report) => {
        const groups = new Map(
            ofType(resources, "aws:ec2/securityGroup:SecurityGroup").map((group) => [group.id, group]),
        );
        for (const [type, direction] of [
            ["aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "ingress"],
            ["aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "egress"],
        ] as const) {
            for (const [id, rules] of groupBy(ofType(resources, type), ({ inputs }) =>
                String(inputs.securityGroupId),
            )) {
                if (rules.length > 60) {
                    const about = groups.get(id) ?? rules[0]!;
                    report(
                        about,
                        `the security group has ${rules.length} ${direction} rules; AWS allows 60 unless the quota is raised`,
                    );
                }
            }
        }
    },

    "function-environment": (resources, report) => {
        for (const fn of ofType(resources, "aws:lambda/function:Function")) {
            const size = Buffer.byteLength(JSON.stringify(fn.inputs.environment?.variables ?? {}));
            if (size > 4096) {
                report(fn, `environment.variables take ${size} bytes; Lambda allows 4,096 together`);
            }
        }
    },

    "alarm-without-action": (resources, report) => {
        // Alarms that only roll deployments back, or feed another alarm, need not tell anybody.
        const watched = new Set(
            ofType(resources, "aws:ecs/service:Service").flatMap(
                ({ inputs }) => (inputs.alarms?.alarmNames ?? []) as string[],
            ),
        );
        const rules = ofType(resources, "aws:cloudwatch/compositeAlarm:CompositeAlarm").map(({ inputs }) =>
            String(inputs.alarmRule),
        );
        const isUsed = (name: string): boolean =>
            watched.has(name) || rules.some((rule) => rule.includes(`"${name}"`) || rule.includes(`(${name})`));
        for (const type of ["aws:cloudwatch/metricAlarm:MetricAlarm", "aws:cloudwatch/compositeAlarm:CompositeAlarm"]) {
            for (const alarm of ofType(resources, type)) {
                const name = String(alarm.outputs.name ?? alarm.outputs.alarmName);
                const actions: unknown[] = alarm.inputs.alarmActions ?? [];
                if ((actions.length === 0 || alarm.inputs.actionsEnabled === false) && !isUsed(name)) {
                    report(alarm, "the alarm has no action: nobody hears of it");
                }
            }
        }
    },

    "event-to-topic": (resources, report) => {
        const encrypted = new Set(
            ofType(resources, "aws:sns/topic:Topic")
                .filter(({ inputs }) => inputs.kmsMasterKeyId !== undefined)
                .map(({ outputs }) => String(outputs.arn)),
        );
        for (const target of ofType(resources, "aws:cloudwatch/eventTarget:EventTarget")) {
            if (encrypted.has(String(target.inputs.arn)) && target.inputs.roleArn === undefined) {
                report(
                    target,
                    "roleArn is missing: EventBridge does not say for which rule it uses a topic's key, so a key whose policy asks for it refuses every event",
                );
            }
        }
    },

    "task-definition": (resources, report) => {
        for (const task of ofType(resources, "aws:ecs/taskDefinition:TaskDefinition")) {
            for (const problem of taskProblems(task.inputs)) {
                report(task, problem);
            }
        }
    },

    ...brokenValues,
    ...reach,
    ...keyGrants,
};

/** Findings on a recording, by resource in the order of registration. None is all good. */
export function preflight({ resources }: Pick<Recording, "resources">): Violation[] {
    const made = resources.filter(({ kind }) => kind === "custom");
    const order = new Map(resources.map(({ urn }, index) => [urn, index]));
    const violations: Violation[] = [];
    for (const [name, check] of Object.entries(checks)) {
        check(made, ({ urn }, message, level = "mandatory") =>
            violations.push({ policy: `preflight-${name}`, level, urn, message }),
        );
    }
    return violations.sort((a, b) => order.get(a.urn)! - order.get(b.urn)!);
}

/** Names of all checks. */
export const preflightPolicies = Object.keys(checks).map((name) => `preflight-${name}`);

const ofType = (resources: RecordedResource[], type: string): RecordedResource[] =>
    resources.filter((resource) => resource.type === type);

function* namedResources(resources: RecordedResource[]) {
    for (const resource of resources) {
        const rule = physicalNames[resource.type];
        // The name as made: an auto-name can be too long as well.
        const name: unknown = rule && resource.outputs[rule.property];
        if (rule && typeof name === "string") {
            yield { resource, name, rule };
        }
    }
}

/** Documents that AWS limits one by one: type, input, characters. */
const documentLimits = [
    ["aws:iam/policy:Policy", "policy", 6144],
    ["aws:iam/role:Role", "assumeRolePolicy", 2048],
    ["aws:kms/key:Key", "policy", 32_768],
    ["aws:s3/bucketPolicy:BucketPolicy", "policy", 20_480],
    ["aws:cloudwatch/logResourcePolicy:LogResourcePolicy", "policyDocument", 5120],
] as const;

/** Characters without white space, as IAM counts them. */
const documentSize = (document: unknown): number =>
    typeof document === "string" ? document.replace(/\s/g, "").length : 0;

function groupBy<T>(values: T[], key: (value: T) => string): Map<string, T[]> {
    const groups = new Map<string, T[]>();
    for (const value of values) {
        const group = groups.get(key(value));
        if (group) {
            group.push(value);
        } else {
            groups.set(key(value), [value]);
        }
    }
    return groups;
}

function* taskProblems(inputs: Record<string, any>): Iterable<string> {
    const [cpu, memory] = [Number(inputs.cpu), Number(inputs.memory)];
    const fargate = ((inputs.requiresCompatibilities ?? []) as string[]).includes("FARGATE");
    const sizes = fargateSizes.get(cpu);
    if (fargate && !sizes) {
        yield `cpu ${inputs.cpu} is none that Fargate offers: ${[...fargateSizes.keys()].join(", ")}`;
    } else if (fargate && !sizes!.includes(memory)) {
        yield `memory ${inputs.memory} does not go with cpu ${cpu} on Fargate, which offers ${sizes!.join(", ")} MiB`;
    }
    let containers: any;
    try {
        containers = JSON.parse(inputs.containerDefinitions);
    } catch {
        yield "containerDefinitions are not JSON";
        return;
    }
    if (!Array.isArray(containers) || containers.length === 0) {
        yield "containerDefinitions must be a list with at least one container";
        return;
    }
    if (!containers.some(({ essential }) => essential !== false)) {
        yield "containerDefinitions: one container must be essential";
    }
    const names = new Set<unknown>();
    for (const { name, image, environment = [], secrets = [], portMappings = [], stopTimeout } of containers) {
        const of = `containerDefinitions: container ${JSON.stringify(name)}`;
        if (typeof name !== "string" || !/^[A-Za-z0-9_-]{1,255}$/.test(name)) {
            yield `${of} must be named with letters, digits, '-' and '_'`;
        }
        if (names.has(name)) {
            yield `${of} is there twice`;
        }
        names.add(name);
        if (typeof image !== "string" || image === "") {
            yield `${of} has no image`;
        }
        for (const { name: variable, value } of environment) {
            if (typeof value !== "string") {
                yield `${of}: the value of ${variable} must be text`;
            }
        }
        for (const { name: variable, valueFrom } of secrets) {
            if (typeof valueFrom !== "string" || !valueFrom.startsWith("arn:")) {
                yield `${of}: secret ${variable} must name an ARN`;
            }
        }
        for (const { containerPort, hostPort = containerPort } of portMappings) {
            if (inputs.networkMode === "awsvpc" && hostPort !== containerPort) {
                yield `${of}: hostPort ${hostPort} must be containerPort ${containerPort} in an awsvpc network`;
            }
        }
        if (fargate && stopTimeout > 120) {
            yield `${of}: stopTimeout ${stopTimeout} is more than the 120 seconds that Fargate allows`;
        }
    }
}
