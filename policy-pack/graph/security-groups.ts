import { push, type Resource, type Stack } from "../core/resource";
import { Value } from "../core/value";

export const groupTypes = ["aws:ec2/securityGroup:SecurityGroup", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"];
const legacyRule = "aws:ec2/securityGroupRule:SecurityGroupRule";
const ingressRule = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const egressRule = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";

/** Resources that are one rule of a security group. */
export const ruleTypes = [legacyRule, ingressRule, egressRule];

/** Every type that rules of security groups stand in. */
export const groupAndRuleTypes = [...groupTypes, ...ruleTypes];

export type Direction = "ingress" | "egress";

/** One rule of a security group, wherever it is written. */
export interface GroupRule {
    resource: Resource;
    /** Whether the direction is unknown: then the rule counts for both. */
    unsure?: Value;
    protocol: Value;
    fromPort: Value;
    toPort: Value;
    /** Address ranges on the other side, IPv4 and IPv6. */
    cidrs: Value[];
    /** Prefix lists on the other side. */
    prefixLists: Value[];
    /** Ids of the groups on the other side. */
    groups: Value[];
    /** Top-level property that refers to the groups on the other side. */
    groupProperty: string;
    /** Whether the group itself is on the other side. */
    self: Value;
    description: Value;
}

/** The rules of one direction in a resource: those of a group that are written in it, or the one that it is. */
export function rulesIn(resource: Resource, direction: Direction): GroupRule[] {
    const { type, props } = resource;
    if (groupTypes.includes(type)) {
        return props
            .at(direction)
            .items()
            .map((rule) => listRule(resource, rule, "securityGroups", direction));
    }
    if (type === legacyRule) {
        const written = props.at("type");
        const unsure = written.isUnknown ? { unsure: written } : {};
        return written.isUnknown || written.text === direction
            ? [{ ...listRule(resource, props, "sourceSecurityGroupId", "sourceSecurityGroupId"), ...unsure }]
            : [];
    }
    return type === (direction === "ingress" ? ingressRule : egressRule)
        ? [
              {
                  resource,
                  protocol: props.at("ipProtocol"),
                  fromPort: props.at("fromPort"),
                  toPort: props.at("toPort"),
                  cidrs: [...props.at("cidrIpv4").items(), ...props.at("cidrIpv6").items()],
                  prefixLists: props.at("prefixListId").items(),
                  groups: props.at("referencedSecurityGroupId").items(),
                  groupProperty: "referencedSecurityGroupId",
                  self: new Value(false, "self"),
                  description: props.at("description"),
              },
          ]
        : [];
}

function listRule(resource: Resource, rule: Value, groups: string, groupProperty: string): GroupRule {
    return {
        resource,
        protocol: rule.at("protocol"),
        fromPort: rule.at("fromPort"),
        toPort: rule.at("toPort"),
        cidrs: [...rule.at("cidrBlocks").items(), ...rule.at("ipv6CidrBlocks").items()],
        prefixLists: rule.at("prefixListIds").items(),
        groups: rule.at(groups).items(),
        groupProperty,
        self: rule.at("self"),
        description: rule.at("description"),
    };
}

/**
 * Whether an address range is the internet: `0.0.0.0/0` and `::/0`, and as well any range so large that two or a few
 * rules make the whole of it, such as `0.0.0.0/1` and `2000::/3`.
 */
export function isWorld(cidr: Value): boolean {
    const [address = "", prefix = ""] = (cidr.text ?? "").trim().split("/");
    const isPrivateIpv6 = /^f[cd]/i.test(address);
    return /^\d+$/.test(prefix) && Number(prefix) < 8 && !isPrivateIpv6;
}

/** Ports that a rule is about. */
export interface PortRange {
    from: number;
    to: number;
}

const allPorts: PortRange = { from: 0, to: 65535 };

/** Ports of a rule, or the unknown value that they hang on. Protocols without ports (ICMP) count as no port at all. */
export function portsOf({
    protocol,
    fromPort,
    toPort,
}: Pick<GroupRule, "protocol" | "fromPort" | "toPort">): PortRange | Value | "none" {
    if (protocol.isUnknown) {
        return protocol;
    }
    const name = protocol.written.toLowerCase();
    if (["icmp", "icmpv6", "1", "58"].includes(name)) {
        return "none";
    }
    if (!["tcp", "udp", "6", "17"].includes(name)) {
        return allPorts;
    }
    const unknown = [fromPort, toPort].find(({ isUnknown }) => isUnknown);
    if (unknown) {
        return unknown;
    }
    const from = fromPort.number ?? allPorts.from;
    const to = toPort.number ?? (fromPort.isAbsent ? allPorts.to : from);
    return from < 0 ? allPorts : { from, to };
}

/** Whether a range has this port in it. */
export const includes = ({ from, to }: PortRange, port: number): boolean => from <= port && port <= to;

/** Whether a range has no port but these. */
export const isWithin = ({ from, to }: PortRange, ports: readonly number[]): boolean =>
    to - from < ports.length &&
    Array.from({ length: to - from + 1 }, (_none, n) => from + n).every((port) => ports.includes(port));

/** The internet, as the source of an {@link Edge}. */
export const internet = "internet";

/** Who may open connections to the members of a group. */
export interface Edge {
    /** URN of a group, {@link internet}, or nothing if the group on the other side is not known. */
    from?: string;
    /** URN of a group, or nothing if it is not known. */
    to?: string;
    rule: GroupRule;
    /** What it hangs on, while that is unknown. */
    unsure?: Value;
}

const graphs = new WeakMap<Stack, GroupGraph>();

/** The security groups of a stack and who reaches whom, by the rules that let connections in. */
export class GroupGraph {
    readonly edges: Edge[];
    readonly ingress: { to?: Resource; rule: GroupRule }[];

    /** The graph of a stack. Several rules ask for it: it is made for the first. */
    static of(stack: Stack): GroupGraph {
        let graph = graphs.get(stack);
        if (!graph) {
            graph = new GroupGraph(stack);
            graphs.set(stack, graph);
        }
        return graph;
    }

    private constructor(private readonly stack: Stack) {
        this.ingress = stack
            .ofType(...groupAndRuleTypes)
            .flatMap((resource) => rulesIn(resource, "ingress").map((rule) => ({ rule, to: this.ownerOf(resource) })));
        this.edges = this.ingress.flatMap(({ to, rule }) => this.edgesOf(rule, to?.urn));
    }

    private ownerOf(resource: Resource): Resource | undefined {
        return groupTypes.includes(resource.type)
            ? resource
            : this.stack.references(resource, "securityGroupId", groupTypes)[0];
    }

    private edgesOf(rule: GroupRule, to: string | undefined): Edge[] {
        const unsure = rule.unsure ? { unsure: rule.unsure } : {};
        const edge = (from: string | undefined, hinge?: Value): Edge => ({
            ...(from !== undefined && { from }),
            ...(to !== undefined && { to }),
            rule,
            ...unsure,
            ...(hinge && { unsure: hinge }),
        });
        const worlds = rule.cidrs.filter((cidr) => cidr.isUnknown || isWorld(cidr));
        const groups =
            rule.groups.length === 0 ? [] : this.stack.references(rule.resource, rule.groupProperty, groupTypes);
        const nameless = groups.length === 0 ? rule.groups.find(({ isUnknown }) => isUnknown) : undefined;
        return [
            ...worlds.map((cidr) => edge(internet, cidr.isUnknown ? cidr : undefined)),
            ...groups.map(({ urn }) => edge(urn)),
            ...(nameless ? [edge(undefined, nameless)] : []),
        ];
    }

    /**
     * The ways from the internet, shortest first: group by group, as URNs, with what a way hangs on while that is
     * unknown. A way that is sure goes before one that is not.
     *
     * @param passes Whether an edge may be gone over.
     */
    fromInternet(passes: (edge: Edge & { from: string; to: string }) => boolean): Map<string, Way> {
        const ways = new Map<string, Way>();
        const edgesFrom = new Map<string | undefined, Edge[]>();
        this.edges.forEach((edge) => push(edgesFrom, edge.from, edge));
        // An edge from nobody knows which group may be from any.
        const leaving = (group: string): Edge[] => [
            ...(edgesFrom.get(group) ?? []),
            ...(group === internet ? [] : (edgesFrom.get(undefined) ?? [])),
        ];
        for (const withUnsure of [false, true]) {
            const queue: [string, Way][] = [[internet, { groups: [] }], ...ways];
            // It grows while it is gone through.
            for (const [from, way] of queue) {
                for (const edge of leaving(from)) {
                    const { to, rule } = edge;
                    const unsure = way.unsure ?? (edge.unsure && { value: edge.unsure, resource: rule.resource });
                    if (to === undefined || ways.has(to) || (unsure && !withUnsure)) {
                        continue;
                    }
                    if (passes({ ...edge, from, to })) {
                        const onward = { groups: [...way.groups, to], ...(unsure && { unsure }) };
                        ways.set(to, onward);
                        queue.push([to, onward]);
                    }
                }
            }
        }
        return ways;
    }
}

/** A way over groups. */
export interface Way {
    groups: string[];
    unsure?: { value: Value; resource: Resource };
}
