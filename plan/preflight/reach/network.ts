import { groupAndRuleTypes, groupTypes, includes, portsOf, rulesIn } from "../../../policy-pack/graph/security-groups";
import { type Direction, type GroupRule } from "../../../policy-pack/graph/security-groups";
import { push, type Resource, type Stack } from "../../../policy-pack/core/resource";
import { type RecordedResource } from "../../recording";
import { anywhere, covers } from "./cidr";

/** Where something stands in a VPC. */
export interface Place {
    subnetIds: string[];
    groupIds: string[];
    /** Whether it has an address of its own on the internet, so that it needs no NAT. */
    publicAddress: boolean;
}

/** What a rule of a security group must let through. */
interface Peer {
    groupIds: string[];
    /** Ranges in which all of the peer's addresses lie. */
    ranges: string[];
    prefixListId?: string;
}

const httpsPort = 443;
const serviceOf = (endpoint: RecordedResource): string =>
    String(endpoint.inputs.serviceName).split(".").slice(3).join(".");
const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

/**
 * VPCs of a recording, as those who stand in them see them: security groups, routes, endpoints. What the recording does
 * not have, such as a subnet that was made elsewhere, is not judged.
 */
export class Network {
    private readonly byId: Map<string, RecordedResource>;
    private readonly rules = new Map<string, Record<Direction, GroupRule[]>>();
    private readonly tablesOf = new Map<string, string[]>();
    private readonly routesOf = new Map<string, Record<string, unknown>[]>();
    private readonly endpoints: RecordedResource[];
    private readonly endpointsOfTable = new Map<string, string[]>();
    /** Ids of the endpoints that somebody's way leads through. */
    private readonly used = new Set<string>();

    constructor(resources: RecordedResource[], stack: Stack) {
        this.byId = new Map(resources.map((resource) => [resource.id, resource]));
        const ofType = (...types: string[]): RecordedResource[] => resources.filter(({ type }) => types.includes(type));
        stack.ofType(...groupAndRuleTypes).forEach((resource) => this.learnRules(resource));
        for (const { id, inputs } of ofType(
            "aws:ec2/routeTable:RouteTable",
            "aws:ec2/defaultRouteTable:DefaultRouteTable",
        )) {
            this.routesOf.set(id, [...((inputs.routes ?? []) as Record<string, unknown>[])]);
        }
        ofType("aws:ec2/route:Route").forEach(({ inputs }) => push(this.routesOf, String(inputs.routeTableId), inputs));
        ofType("aws:ec2/routeTableAssociation:RouteTableAssociation").forEach(({ inputs }) =>
            push(this.tablesOf, String(inputs.subnetId), String(inputs.routeTableId)),
        );
        this.endpoints = ofType("aws:ec2/vpcEndpoint:VpcEndpoint");
        this.endpoints.forEach(({ id, inputs }) =>
            texts(inputs.routeTableIds).forEach((table) => push(this.endpointsOfTable, table, id)),
        );
        ofType("aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation").forEach(({ inputs }) =>
            push(this.endpointsOfTable, String(inputs.routeTableId), String(inputs.vpcEndpointId)),
        );
    }

    /** Whether all of a place is in the recording. */
    knows({ subnetIds, groupIds }: Place): boolean {
        return (
            subnetIds.length > 0 &&
            groupIds.length > 0 &&
            [...subnetIds, ...groupIds].every((id) => this.byId.has(id)) &&
            subnetIds.every((id) => this.tablesOf.has(id))
        );
    }

    /** What is missing on the way to an AWS service, by its name in endpoints: `secretsmanager`. Nothing if it leads there. */
    missingToService(from: Place, service: string): string | undefined {
        for (const subnetId of from.subnetIds) {
            const missing = this.missingFromSubnet(from, subnetId, service);
            if (missing !== undefined) {
                return missing;
            }
        }
        return undefined;
    }

    /** What is missing on the way to members of security groups in the same VPC. */
    missingToGroups(from: Place, to: { groupIds: string[]; subnetIds: string[] }, port: number): string | undefined {
        if (!to.groupIds.every((id) => this.byId.has(id))) {
            return undefined;
        }
        const peer = { groupIds: to.groupIds, ranges: this.rangesOf(to.subnetIds) };
        if (!this.admits(from.groupIds, "egress", port, peer)) {
            return `${this.names(from.groupIds)} lets nothing out to ${this.names(to.groupIds)} on port ${port}`;
        }
        const caller = { groupIds: from.groupIds, ranges: this.rangesOf(from.subnetIds) };
        return this.admits(to.groupIds, "ingress", port, caller)
            ? undefined
            : `${this.names(to.groupIds)} lets nothing in from ${this.names(from.groupIds)} on port ${port}`;
    }

    /** What is missing on the way to the internet. */
    missingToInternet(from: Place, port: number): string | undefined {
        const closed = from.subnetIds.find((subnetId) => !this.leadsOut(subnetId, from.publicAddress));
        if (closed !== undefined) {
            return `${this.name(closed)} has no route to ${from.publicAddress ? "an internet gateway" : "a NAT gateway"}`;
        }
        return this.admits(from.groupIds, "egress", port, { groupIds: [], ranges: [anywhere] })
            ? undefined
            : `${this.names(from.groupIds)} lets nothing out to ${anywhere} on port ${port}`;
    }

    /** Interface endpoints that no way led through so far, with their services. They cost money by the hour. */
    *unusedEndpoints(): Iterable<{ endpoint: RecordedResource; service: string }> {
        for (const endpoint of this.endpoints) {
            if (endpoint.inputs.vpcEndpointType === "Interface" && !this.used.has(endpoint.id)) {
                yield { endpoint, service: serviceOf(endpoint) };
            }
        }
    }

    private missingFromSubnet(from: Place, subnetId: string, service: string): string | undefined {
        const vpcId: unknown = this.byId.get(subnetId)!.inputs.vpcId;
        const ofService = this.endpoints.filter(
            (endpoint) => endpoint.inputs.vpcId === vpcId && serviceOf(endpoint) === service,
        );
        // With private DNS, the service's host name leads to the endpoint for everybody in the VPC, NAT or not.
        const named = ofService.find(({ inputs }) => inputs.privateDnsEnabled === true);
        if (named) {
            this.used.add(named.id);
            const place = { groupIds: texts(named.inputs.securityGroupIds), subnetIds: texts(named.inputs.subnetIds) };
            const missing = this.missingToGroups(from, place, httpsPort);
            return missing && `${missing}, where the endpoint ${named.name} is`;
        }
        const ofTables = (this.tablesOf.get(subnetId) ?? []).flatMap((table) => this.endpointsOfTable.get(table) ?? []);
        const gateway = ofService.find(({ id }) => ofTables.includes(id));
        if (gateway) {
            this.used.add(gateway.id);
            const peer = { groupIds: [], ranges: [anywhere], prefixListId: String(gateway.outputs.prefixListId) };
            return this.admits(from.groupIds, "egress", httpsPort, peer)
                ? undefined
                : `${this.names(from.groupIds)} lets nothing out to the prefix list of the endpoint ${gateway.name}`;
        }
        const missing = this.missingToInternet({ ...from, subnetIds: [subnetId] }, httpsPort);
        return missing && `there is no endpoint of ${service} for ${this.name(subnetId)}, and ${missing}`;
    }

    private leadsOut(subnetId: string, publicAddress: boolean): boolean {
        const routes = (this.tablesOf.get(subnetId) ?? []).flatMap((table) => this.routesOf.get(table) ?? []);
        return routes
            .filter((route) => (route.destinationCidrBlock ?? route.cidrBlock) === anywhere)
            .some((route) => {
                if (/^igw-/.test(String(route.gatewayId))) {
                    return publicAddress;
                }
                const nat = this.byId.get(String(route.natGatewayId));
                // A transit gateway, a VPN or an appliance may lead anywhere: that is not for this recording to say.
                return nat ? this.isPublicNat(nat) : true;
            });
    }

    private isPublicNat({ inputs }: RecordedResource): boolean {
        const subnetId = String(inputs.subnetId);
        return inputs.connectivityType !== "private" && (!this.byId.has(subnetId) || this.leadsOut(subnetId, true));
    }

    private admits(groupIds: string[], direction: Direction, port: number, peer: Peer): boolean {
        return groupIds.some((groupId) =>
            (this.rules.get(groupId)?.[direction] ?? []).some(
                (rule) => hasPort(rule, port) && admitsPeer(rule, groupId, peer),
            ),
        );
    }

    private learnRules(resource: Resource): void {
        const isGroup = groupTypes.includes(resource.type);
        const id = isGroup ? resource.props.at("id").text : resource.props.at("securityGroupId").text;
        const rules = this.rules.get(id ?? "") ?? { ingress: [], egress: [] };
        this.rules.set(id ?? "", rules);
        rules.ingress.push(...rulesIn(resource, "ingress"));
        rules.egress.push(...rulesIn(resource, "egress"));
    }

    private rangesOf(subnetIds: string[]): string[] {
        return subnetIds.map((id) => String(this.byId.get(id)?.inputs.cidrBlock));
    }

    private name(id: string): string {
        return `${groupTypes.includes(this.byId.get(id)!.type) ? "security group" : "subnet"} ${this.byId.get(id)!.name}`;
    }

    private names(groupIds: string[]): string {
        return groupIds.map((id) => this.name(id)).join(", ");
    }
}

function hasPort(rule: GroupRule, port: number): boolean {
    const ports = portsOf(rule);
    return ports !== "none" && "from" in ports && includes(ports, port);
}

function admitsPeer(rule: GroupRule, groupId: string, { groupIds, ranges, prefixListId }: Peer): boolean {
    const cidrs = rule.cidrs.flatMap(({ text }) => text ?? []);
    return (
        rule.groups.some(({ text }) => groupIds.includes(text ?? "")) ||
        (rule.self.raw === true && groupIds.includes(groupId)) ||
        rule.prefixLists.some(({ text }) => text !== undefined && text === prefixListId) ||
        (ranges.length > 0 && ranges.every((range) => cidrs.some((cidr) => covers(cidr, range))))
    );
}
