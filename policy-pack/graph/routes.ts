import { push, type Resource, type Stack } from "../core/resource";
import { type Value, valuesByKey } from "../core/value";

export const subnetTypes = ["aws:ec2/subnet:Subnet", "aws:ec2/defaultSubnet:DefaultSubnet"];
export const vpcTypes = ["aws:ec2/vpc:Vpc", "aws:ec2/defaultVpc:DefaultVpc"];
const tableTypes = ["aws:ec2/routeTable:RouteTable", "aws:ec2/defaultRouteTable:DefaultRouteTable"];
const gatewayTypes = ["aws:ec2/internetGateway:InternetGateway"];
const associationType = "aws:ec2/routeTableAssociation:RouteTableAssociation";
const mainAssociationType = "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation";
const defaultTableType = "aws:ec2/defaultRouteTable:DefaultRouteTable";
const routeType = "aws:ec2/route:Route";

/** An answer that may hang on a value of a resource that is not known yet. */
export type Answer = boolean | { resource: Resource; value: Value };

/** What a property refers to. */
export interface Target {
    /** Resources that it refers to, by URN or by id. */
    found: Resource[];
    /** While ids are unknown and only a component is referred to: what it has, of which some are meant. */
    candidates: Resource[];
}

/** Who refers to resources of a type: surely to one, perhaps to one, or to any that there is. */
interface Referrers {
    sure: Map<Resource, Resource[]>;
    unsure: Map<Resource, Resource[]>;
    anyone: Resource[];
}

const graphs = new WeakMap<Stack, NetworkGraph>();

/** VPCs, subnets and routes of a stack. */
export class NetworkGraph {
    private readonly byId = new Map<string, Resource>();
    private readonly children = new Map<string, Resource[]>();
    private readonly routesOf = new Map<Resource, Resource[]>();
    private readonly tablesOf = new Map<Resource, Resource[]>();
    private readonly referrersOf = new Map<string, Referrers>();
    private readonly unresolved: { resource: Resource; value: Value }[] = [];

    /** The graph of a stack. Several rules ask for it: it is made for the first. */
    static of(stack: Stack): NetworkGraph {
        let graph = graphs.get(stack);
        if (!graph) {
            graph = new NetworkGraph(stack);
            graphs.set(stack, graph);
        }
        return graph;
    }

    private constructor(private readonly stack: Stack) {
        for (const resource of stack.resources) {
            this.learn(resource);
            if (resource.parent !== undefined) {
                push(this.children, resource.parent, resource);
            }
        }
        for (const route of stack.ofType(routeType)) {
            this.join(this.routesOf, route, "routeTableId", tableTypes, route);
        }
        for (const association of stack.ofType(associationType)) {
            for (const table of this.target(association, "routeTableId", tableTypes).found) {
                this.join(this.tablesOf, association, "subnetId", subnetTypes, table);
            }
        }
    }

    /** Resources of these types that a property refers to: by URN, by id, or through a component that has them. */
    target(
        resource: Resource,
        property: string,
        types: readonly string[],
        value = resource.props.at(property),
    ): Target {
        const linked = (resource.propertyDependencies[property] ?? []).flatMap((urn) => this.stack.get(urn) ?? []);
        const wanted = ({ type }: Resource): boolean => types.includes(type);
        const named = value.texts.flatMap((text) => this.byId.get(text) ?? []);
        const found = [...new Set([...linked, ...named].filter(wanted))];
        if (found.length > 0 || !value.hasUnknown) {
            return { found, candidates: [] };
        }
        const components = linked.filter(({ type }) => !type.startsWith("aws:"));
        return { found, candidates: components.flatMap((component) => this.descendants(component).filter(wanted)) };
    }

    /** Resources of these types whose property refers to `target`, directly or through a component with one of its kind. */
    referrers(target: Resource, property: string, types: readonly string[]): { sure: Resource[]; unsure: Resource[] } {
        // Asked of one target after the other: looked up for all of a type at once.
        const key = `${target.type} ${property} ${types.join(" ")}`;
        let referrers = this.referrersOf.get(key);
        if (!referrers) {
            referrers = this.allReferrers(target.type, property, types);
            this.referrersOf.set(key, referrers);
        }
        const { sure, unsure, anyone } = referrers;
        return { sure: sure.get(target) ?? [], unsure: [...(unsure.get(target) ?? []), ...anyone] };
    }

    private allReferrers(targetType: string, property: string, types: readonly string[]): Referrers {
        const referrers: Referrers = { sure: new Map(), unsure: new Map(), anyone: [] };
        for (const resource of this.stack.ofType(...types)) {
            const { found, candidates } = this.target(resource, property, [targetType]);
            if (found.length > 0 || candidates.length > 0) {
                const map = candidates.length > 1 ? referrers.unsure : referrers.sure;
                [...found, ...candidates].forEach((each) => push(map, each, resource));
            } else if (resource.props.at(property).isUnknown) {
                referrers.anyone.push(resource);
            }
        }
        return referrers;
    }

    /** Whether a subnet has a route to an internet gateway. */
    reachesInternetGateway(subnet: Resource): Answer {
        const tables = this.tablesOf.get(subnet) ?? this.mainTables(subnet);
        let unsure: Answer = false;
        for (const table of tables) {
            for (const answer of this.gatewayAnswers(table)) {
                if (answer === true) {
                    return true;
                }
                unsure = answer === false ? unsure : answer;
            }
        }
        const [unresolved] = this.tablesOf.has(subnet) ? [] : this.unresolved;
        return unsure === false ? (unresolved ?? false) : unsure;
    }

    private gatewayAnswers(table: Resource): Answer[] {
        const inline = table.props.at("routes").items();
        const own = inline.map((route) => this.isGateway(table, "routes", route.at("gatewayId")));
        const routes = this.routesOf.get(table) ?? [];
        return [...own, ...routes.map((route) => this.isGateway(route, "gatewayId", route.props.at("gatewayId")))];
    }

    private isGateway(resource: Resource, property: string, gateway: Value): Answer {
        if (gateway.isAbsent || gateway.raw === "") {
            return false;
        }
        if (
            /^igw-/.test(gateway.text ?? "") ||
            this.target(resource, property, gatewayTypes, gateway).found.length > 0
        ) {
            return true;
        }
        const isAnother = (resource.propertyDependencies[property] ?? []).length > 0;
        return gateway.isUnknown && !isAnother ? { resource, value: gateway } : false;
    }

    /** Tables of subnets that no table is associated with. */
    private mainTables(subnet: Resource): Resource[] {
        const isHere = (resource: Resource): boolean =>
            this.vpcOf(resource) !== undefined && this.vpcOf(resource) === this.vpcOf(subnet);
        const chosen = this.stack
            .ofType(mainAssociationType)
            .filter(isHere)
            .flatMap((association) => this.target(association, "routeTableId", tableTypes).found);
        const implied = this.stack
            .ofType(defaultTableType)
            .filter((table) => this.target(table, "defaultRouteTableId", vpcTypes).found.includes(this.vpcOf(subnet)!));
        return chosen.length > 0 ? chosen : implied;
    }

    private vpcOf(resource: Resource): Resource | undefined {
        return this.target(resource, "vpcId", vpcTypes).found[0];
    }

    private join(
        map: Map<Resource, Resource[]>,
        resource: Resource,
        property: string,
        types: readonly string[],
        member: Resource,
    ): void {
        const { found } = this.target(resource, property, types);
        const value = resource.props.at(property);
        if (found.length === 0 && value.isUnknown) {
            this.unresolved.push({ resource, value });
        }
        for (const key of found) {
            push(map, key, member);
        }
    }

    /** Ids of resources: their own, and those by which others refer to a resource that the engine names. */
    private learn(resource: Resource): void {
        const id = resource.props.at("id").text;
        if (id !== undefined) {
            this.byId.set(id, resource);
        }
        for (const [property, urns] of Object.entries(resource.propertyDependencies)) {
            const text = resource.props.at(property).text;
            const target = urns.length === 1 ? this.stack.get(urns[0]!) : undefined;
            if (text !== undefined && target?.type.startsWith("aws:") && !this.byId.has(text)) {
                this.byId.set(text, target);
            }
        }
    }

    private descendants(component: Resource): Resource[] {
        // A state that was edited by hand may have a parent that is its own descendant.
        const found = new Set<Resource>();
        const urns = [component.urn];
        for (const urn of urns) {
            for (const child of this.children.get(urn) ?? []) {
                if (!found.has(child)) {
                    found.add(child);
                    urns.push(child.urn);
                }
            }
        }
        return [...found];
    }
}

const subnetKeys = /^(vpc|client|elb)?subnets?(ids?)?$|^vpcZoneIdentifiers$/i;

/** All values that say in which subnets a resource stands, with the top-level property that they are in. */
export const placements = ({ props }: Resource): { property: string; value: Value }[] =>
    valuesByKey(props, subnetKeys).filter(({ value }) => !value.isAbsent);
