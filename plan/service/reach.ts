import { type RecordedResource } from "../recording";
import { type Connection, type Peer } from "./model";
import { memberOf, type View } from "./view";

const groupType = "aws:ec2/securityGroup:SecurityGroup";
const ruleTypes = {
    egress: "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    ingress: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
} as const;

/** What the rules of security groups let their members open (`egress`), or others open to them (`ingress`). */
export class Reach {
    private readonly groups: Map<string, RecordedResource>;
    private readonly members = new Map<string, RecordedResource[]>();

    constructor(private readonly view: View) {
        this.groups = new Map(view.ofType(groupType).map((group) => [group.id, group]));
        const rules = new Set<string>([...Object.values(ruleTypes), groupType]);
        for (const resource of view.resources.filter(({ kind, type }) => kind === "custom" && !rules.has(type))) {
            for (const id of idsIn(resource.inputs).filter((text) => this.groups.has(text))) {
                this.members.set(id, [...(this.members.get(id) ?? []), resource]);
            }
        }
    }

    connections(groupIds: string[], direction: keyof typeof ruleTypes): Connection[] {
        return this.view
            .ofType(ruleTypes[direction])
            .filter(({ inputs }) => groupIds.includes(String(inputs.securityGroupId)))
            .map(({ inputs }) => ({
                protocol: inputs.ipProtocol === "-1" ? "all" : String(inputs.ipProtocol),
                ...(inputs.fromPort !== undefined && {
                    port:
                        inputs.fromPort === inputs.toPort
                            ? String(inputs.fromPort)
                            : `${inputs.fromPort}-${inputs.toPort}`,
                }),
                peer: this.peer(inputs),
            }))
            .sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
    }

    private peer(rule: Record<string, any>): Peer {
        if (rule.referencedSecurityGroupId !== undefined) {
            const id = String(rule.referencedSecurityGroupId);
            return {
                kind: "group",
                name: this.groups.get(id)?.name ?? id,
                members: (this.members.get(id) ?? []).map(memberOf).sort((a, b) => (a.name < b.name ? -1 : 1)),
            };
        }
        if (rule.prefixListId !== undefined) {
            const endpoint = this.view
                .ofType("aws:ec2/vpcEndpoint:VpcEndpoint")
                .find(({ outputs }) => outputs.prefixListId === rule.prefixListId);
            return { kind: "prefix-list", name: String(endpoint?.inputs.serviceName ?? rule.prefixListId) };
        }
        return { kind: "range", range: String(rule.cidrIpv4 ?? rule.cidrIpv6) };
    }
}

/** Groups first, by name: order of registration says nothing. */
const sortKey = ({ peer, port = "" }: Connection): string =>
    peer.kind === "range" ? `range ${peer.range} ${port}` : `${peer.kind} ${peer.name} ${port}`;

/** All texts in a value, each once. */
function idsIn(value: unknown, found = new Set<string>()): string[] {
    if (typeof value === "string") {
        found.add(value);
    } else if (typeof value === "object" && value !== null) {
        Object.values(value).forEach((item) => idsIn(item, found));
    }
    return [...found];
}
