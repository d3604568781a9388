import {
    containersOf,
    containerTypes,
    environmentOf,
    inspectContainers,
    secretsOf,
    taskDefinitionType,
} from "../core/containers";
import { allows, policiesOf, readableFrom, roleType, secretNamed } from "../core/grants";
import { type Resource, type Stack } from "../core/resource";
import { type Check, is, type Rule, type StackRule } from "../core/rule";
import { type Value } from "../core/value";

const serviceType = "aws:ecs/service:Service";
const functionType = "aws:lambda/function:Function";
const secretType = "aws:secretsmanager/secret:Secret";

type Mode = "paper" | "live";

/** What of the broker's is of which mode: whoever sees it knows whether money is at stake. */
const ports: Readonly<Record<number, Mode>> = { 29443: "paper", 31000: "paper", 9443: "live", 21000: "live" };
const hosts: Readonly<Record<string, Mode>> = { openapivts: "paper", openapi: "live" };

/** Egress out of a security group: a rule of its own, or one that stands in a group. */
interface Egress {
    at: Value;
    protocol: Value;
    from: Value;
    to: Value;
    /** Addresses that it leads to; none if it leads to groups and prefix lists. */
    cidrs: Value[];
}

const egressTypes = [
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    "aws:ec2/securityGroupRule:SecurityGroupRule",
    "aws:ec2/securityGroup:SecurityGroup",
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
];

function egressOf({ type, props }: Resource): Egress[] {
    if (type === egressTypes[0]) {
        const cidrs = [props.at("cidrIpv4"), props.at("cidrIpv6")].filter((cidr) => !cidr.isAbsent);
        return [{ ...portsOf(props, "ipProtocol"), cidrs }];
    }
    if (type === egressTypes[1]) {
        return is("ingress")(props.at("type")) ? [] : [{ ...portsOf(props, "protocol"), cidrs: cidrsOf(props) }];
    }
    return props
        .at("egress")
        .items()
        .map((rule) => ({ ...portsOf(rule, "protocol"), cidrs: cidrsOf(rule) }));
}

const portsOf = (at: Value, protocol: string): Omit<Egress, "cidrs"> => ({
    at,
    protocol: at.at(protocol),
    from: at.at("fromPort"),
    to: at.at("toPort"),
});

const cidrsOf = (rule: Value): Value[] => [...rule.at("cidrBlocks").items(), ...rule.at("ipv6CidrBlocks").items()];

/** Addresses that are nobody's on the internet. */
const isPrivate = ({ text = "" }: Value): boolean =>
    /^(10\.\d+\.\d+\.\d+\/(8|9|[12]\d|3[0-2])|192\.168\.\d+\.\d+\/(1[6-9]|2\d|3[0-2])|172\.(1[6-9]|2\d|3[01])\.\d+\.\d+\/(1[2-9]|2\d|3[0-2])|f[cd][\da-f]{2}:.*\/([7-9]|[1-9]\d|1[01]\d|12[0-8]))$/i.test(
        text,
    );

const egressRule: Rule = {
    kind: "resource",
    name: "broker-egress-restrict-ports",
    description: "What leaves the VPC leaves on HTTPS, or on a port of the broker.",
    types: egressTypes,
    severity: "high",
    category: "network",
    controls: ["VPC-185"],
    remediation: "Let the rule lead to a security group or prefix list, or to exactly one of the ports in `ports`.",
    parameters: {
        ports: {
            description: "TCP ports that connections out of the VPC may use",
            type: "array",
            items: { type: "integer" },
            default: [443, ...Object.keys(ports).map(Number)],
        },
        mode: {
            description: "Mode that the stack trades in: then the broker's ports of the other mode are none",
            type: "string",
            enum: ["any", "paper", "live"],
            default: "any",
        },
    },
    check(resource, check) {
        const mode = check.parameter<Mode | "any">("mode");
        const allowed = check
            .parameter<number[]>("ports")
            .filter((port) => mode === "any" || (ports[port] ?? mode) === mode);
        const list = `one of ${allowed.join(", ")}`;
        for (const { at, protocol, from, to, cidrs } of egressOf(resource)) {
            if (at.isUnknown || cidrs.every((cidr) => !cidr.isUnknown && isPrivate(cidr))) {
                if (at.isUnknown) {
                    check.undetermined(resource, at);
                }
                continue;
            }
            const isAllowed = ({ number = -1 }: Value): boolean => allowed.includes(number);
            check.must(resource, protocol, is("tcp", "6", 6), "egress to the internet must have the protocol `tcp`");
            check.must(resource, from, isAllowed, `egress to the internet must have a port that is ${list}`);
            check.must(
                resource,
                to,
                (value) => isAllowed(value) && (from.isUnknown || value.number === from.number),
                `egress to the internet must have one port, and ${list}`,
            );
        }
    },
};

/** Where a resource shows a mode of the broker. */
interface Evidence {
    mode: Mode;
    resource: Resource;
    at: Value;
}

/** All that shows which mode a stack is in, and what would show it if it were known. */
function evidenceOf(stack: Stack): { evidence: Evidence[]; unknown: [Resource, Value][] } {
    const evidence: Evidence[] = [];
    const unknown: [Resource, Value][] = [];
    const read = (resource: Resource, name: string, value: Value): void => {
        if (value.isUnknown && name.startsWith("KIS_")) {
            unknown.push([resource, value]);
        }
        for (const mode of modesIn(name, value.text ?? "")) {
            evidence.push({ mode, resource, at: value });
        }
    };
    for (const resource of stack.ofType(...containerTypes)) {
        const containers = containersOf(resource);
        if ("unknown" in containers) {
            unknown.push([resource, containers.unknown]);
        } else if ("list" in containers) {
            containers.list.flatMap(environmentOf).forEach(({ name, value }) => {
                read(resource, name, value);
            });
        }
    }
    for (const resource of stack.ofType(functionType)) {
        for (const [name, value] of resource.props.at("environment", "variables").entries()) {
            read(resource, name, value);
        }
    }
    for (const resource of stack.ofType(...egressTypes)) {
        for (const { from, to, cidrs } of egressOf(resource)) {
            const mode = from.number === to.number && cidrs.length > 0 ? ports[from.number ?? -1] : undefined;
            if (mode) {
                evidence.push({ mode, resource, at: from });
            }
        }
    }
    return { evidence, unknown };
}

function modesIn(name: string, text: string): Set<Mode> {
    const modes = new Set<Mode>();
    for (const [, host = "", port] of text.matchAll(
        /(?<![a-z\d-])([a-z\d-]{1,63})\.koreainvestment\.com(?::(\d{1,5}))?/gi,
    )) {
        for (const mode of [hosts[host.toLowerCase()], ports[Number(port)]]) {
            if (mode) {
                modes.add(mode);
            }
        }
    }
    if (name === "KIS_MODE" && (text === "paper" || text === "live")) {
        modes.add(text);
    }
    return modes;
}

/** Variable whose presence says that a container opens the broker's WebSocket. */
const feedVariable = "KIS_WEBSOCKET_URL";

/** Services that open the broker's WebSocket, with the app key that they do it with. */
function feedsOf(stack: Stack, check: Check): { service: Resource; appKey: string | undefined }[] {
    return stack.ofType(serviceType).flatMap((service) => {
        const containers = stack
            .references(service, "taskDefinition", [taskDefinitionType])
            .flatMap((task) => inspectContainers(task, check));
        if (!containers.some((container) => environmentOf(container).some(({ name }) => name === feedVariable))) {
            return [];
        }
        const appKey = containers.flatMap(secretsOf).find(({ name }) => name === "KIS_APP_KEY")?.value.text;
        return [{ service, appKey }];
    });
}

/** Whether a scaling target of Application Auto Scaling, or an action on one, is about a service. */
const scales = ({ props }: Resource, { props: service }: Resource): boolean => {
    const [kind, cluster, name] = (props.at("resourceId").text ?? "").split("/");
    const ofCluster = service.at("cluster").text?.split("/").pop() ?? cluster;
    return kind === "service" && cluster === ofCluster && name === service.at("name").text;
};

/** What a service must be so that there are never two of its tasks. */
const singleTask: readonly [property: string, test: (value: Value) => boolean, wanted: string][] = [
    ["deploymentMinimumHealthyPercent", ({ number }) => number === 0, "0"],
    ["deploymentMaximumPercent", ({ number }) => number === 100, "100"],
    ["availabilityZoneRebalancing", is("DISABLED"), "`DISABLED`"],
    ["desiredCount", ({ number = 0 }) => number <= 1, "at most 1"],
    ["schedulingStrategy", is(undefined, null, "REPLICA"), "`REPLICA`"],
];

/** Kinds of resources that hold what can't be made again. */
const statefulTypes = [
    "aws:s3/bucket:Bucket",
    "aws:s3/bucketV2:BucketV2",
    "aws:rds/instance:Instance",
    "aws:rds/cluster:Cluster",
    "aws:dynamodb/table:Table",
    "aws:msk/cluster:Cluster",
    "aws:elasticache/replicationGroup:ReplicationGroup",
    "aws:secretsmanager/secret:Secret",
    "aws:kms/key:Key",
];

const stackRules: readonly StackRule[] = [
    {
        kind: "stack",
        name: "broker-feed-require-single-task",
        description:
            "There is never more than one task with a WebSocket of the broker for an app key, not even for a moment.",
        severity: "critical",
        category: "workload",
        controls: [],
        remediation:
            "Set `deploymentMinimumHealthyPercent` to 0, `deploymentMaximumPercent` to 100, `availabilityZoneRebalancing` to DISABLED, and every `maxCapacity` to at most 1; give each feed an app key of its own.",
        parameters: {
            spotAllowed: {
                description: "Whether feeds may run on Fargate Spot, as in dev",
                type: "boolean",
                default: false,
            },
        },
        check(stack, check) {
            const users = new Map<string, Resource>();
            for (const { service, appKey } of feedsOf(stack, check)) {
                for (const [property, test, wanted] of singleTask) {
                    const value = service.props.at(property);
                    check.must(
                        service,
                        value,
                        test,
                        `\`${property}\` must be ${wanted}: KIS allows one session for an app key`,
                    );
                }
                const isStable = (value: Value): boolean => value.text !== "FARGATE_SPOT";
                for (const strategy of service.props.at("capacityProviderStrategies").items()) {
                    if (!check.parameter<boolean>("spotAllowed")) {
                        const provider = strategy.at("capacityProvider");
                        check.must(service, provider, isStable, "`capacityProvider` must not be `FARGATE_SPOT`");
                    }
                }
                mustScaleToOne(stack, service, check);
                const other = appKey === undefined ? undefined : users.get(appKey);
                if (other) {
                    const message = `the app key must be one that no other feed has: ${other.name} has it as well`;
                    check.fail(service, "taskDefinition", message);
                } else if (appKey !== undefined) {
                    users.set(appKey, service);
                }
            }
        },
    },
    {
        kind: "stack",
        name: "broker-endpoint-disallow-mixed-modes",
        description: "A stack trades on paper or live: hosts and ports of the broker's two modes do not meet in one.",
        severity: "critical",
        category: "network",
        controls: [],
        remediation:
            "Set addresses, `KIS_MODE` and egress ports to those of one mode: 29443 and 31000 for paper, 9443 and 21000 for live.",
        check(stack, check) {
            const { evidence, unknown } = evidenceOf(stack);
            const of = (mode: Mode): Evidence[] => evidence.filter((item) => item.mode === mode);
            const [paper, live] = [of("paper"), of("live")];
            const [odd, usual] = live.length > paper.length ? [paper, live] : [live, paper];
            for (const { mode, resource, at } of usual.length > 0 ? odd : []) {
                const message = `the broker must be addressed in one mode: this is ${mode}, ${usual[0]?.resource.name} is not`;
                check.fail(resource, at, message);
            }
            for (const [resource, value] of unknown) {
                check.undetermined(resource, value);
            }
        },
    },
    {
        kind: "stack",
        name: "broker-live-require-protection",
        description: "A stack that spends real money protects everything that can't be made again.",
        severity: "high",
        category: "resilience",
        controls: [],
        remediation: "Set the option `protect: true` on the resource, or trade on paper.",
        parameters: {
            types: {
                description: "Types of resources that must be protected",
                type: "array",
                items: { type: "string" },
                default: statefulTypes,
            },
        },
        check(stack, check) {
            const { evidence, unknown } = evidenceOf(stack);
            const exposed = stack
                .ofType(...check.parameter<string[]>("types"))
                .filter(({ options }) => options.protect !== true);
            if (evidence.some(({ mode }) => mode === "live")) {
                for (const resource of exposed) {
                    check.fail(resource, "protect", "the option `protect` must be true: this stack trades live");
                }
            } else if (exposed.length > 0 && evidence.length === 0) {
                for (const [resource, value] of unknown) {
                    check.undetermined(resource, value);
                }
            }
        },
    },
    {
        kind: "stack",
        name: "broker-secret-restrict-readers",
        description:
            "Only ECS reads the broker's app keys, with the execution roles of the services that trade and listen.",
        severity: "critical",
        category: "least-privilege",
        controls: [],
        remediation:
            "Take the statement away, or hand the key to the container by `secrets` and let the execution role read it.",
        parameters: {
            secrets: {
                description: "Text in the names of secrets with app keys",
                type: "string",
                minLength: 1,
                default: "kis-credentials",
            },
        },
        check(stack, check) {
            const text = check.parameter<string>("secrets");
            const names = new Set<string>();
            for (const secret of stack.ofType(secretType)) {
                const name = secret.props.at("name");
                if (name.isUnknown) {
                    check.undetermined(secret, name);
                } else if (name.text?.includes(text)) {
                    names.add(name.text);
                }
            }
            if (names.size === 0) {
                return;
            }
            const executing = executionRoles(stack, text);
            for (const role of stack.ofType(roleType)) {
                if (executing.has(role)) {
                    continue;
                }
                const { statements, unknown } = policiesOf(stack, role);
                const granting = statements.filter((statement) =>
                    [...names].some((name) => allows(statement, secretNamed(name))),
                );
                for (const { at } of granting) {
                    const message = `only execution roles of services that use it must be allowed to read ${[...names].join(", ")}`;
                    check.fail(role, at, message);
                }
                if (granting.length === 0 && unknown) {
                    check.undetermined(role, unknown);
                }
            }
        },
    },
];

/** Execution roles of tasks with a container that gets a secret of such a name. */
function executionRoles(stack: Stack, text: string): Set<Resource> {
    const tasks = stack.ofType(...containerTypes).filter((task) => {
        const containers = containersOf(task);
        // Of a task that is not known yet the secrets are not either; its role is then taken for a rightful one.
        return (
            "unknown" in containers ||
            ("list" in containers &&
                containers.list
                    .flatMap(secretsOf)
                    .some(
                        ({ value }) =>
                            value.isUnknown ||
                            readableFrom(value.text ?? "").ends.some(
                                (end) => end.startsWith("secret:") && end.includes(text),
                            ),
                    ))
        );
    });
    return new Set(tasks.flatMap((task) => stack.references(task, "executionRoleArn", [roleType])));
}

function mustScaleToOne(stack: Stack, service: Resource, check: Check): void {
    const atMostOne = ({ number = Infinity }: Value): boolean => number <= 1;
    const most = "`maxCapacity` must be at most 1: KIS allows one session for an app key";
    for (const target of stack.ofType("aws:appautoscaling/target:Target")) {
        if (scales(target, service)) {
            check.must(target, target.props.at("maxCapacity"), atMostOne, most);
        }
    }
    for (const action of stack.ofType("aws:appautoscaling/scheduledAction:ScheduledAction")) {
        const capacity = action.props.at("scalableTargetAction", "maxCapacity");
        if (scales(action, service) && !capacity.isAbsent) {
            check.must(action, capacity, atMostOne, most);
        }
    }
}

/** Rules about how the platform deals with its broker, KIS. */
export const brokerRules: readonly Rule[] = [egressRule, ...stackRules];
