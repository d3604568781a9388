import { type Resource, type Stack } from "../core/resource";
import { type Check, type Rule, type StackRule } from "../core/rule";
import { NetworkGraph, placements, subnetTypes } from "../graph/routes";
import { type Edge, GroupGraph, groupTypes, internet, isWorld } from "../graph/security-groups";

// Data stores, and the property that names their security groups.
const stores: Readonly<Record<string, string>> = {
    "aws:rds/instance:Instance": "vpcSecurityGroupIds",
    "aws:rds/cluster:Cluster": "vpcSecurityGroupIds",
    "aws:rds/proxy:Proxy": "vpcSecurityGroupIds",
    "aws:docdb/cluster:Cluster": "vpcSecurityGroupIds",
    "aws:neptune/cluster:Cluster": "vpcSecurityGroupIds",
    "aws:redshift/cluster:Cluster": "vpcSecurityGroupIds",
    "aws:msk/cluster:Cluster": "brokerNodeGroupInfo",
    "aws:msk/serverlessCluster:ServerlessCluster": "vpcConfigs",
    "aws:elasticache/replicationGroup:ReplicationGroup": "securityGroupIds",
    "aws:elasticache/cluster:Cluster": "securityGroupIds",
    "aws:elasticache/serverlessCache:ServerlessCache": "securityGroupIds",
    "aws:memorydb/cluster:Cluster": "securityGroupIds",
    "aws:opensearch/domain:Domain": "vpcOptions",
};

const storeTypes = Object.keys(stores);

const storeSubnetTypes = [
    ...storeTypes,
    "aws:rds/subnetGroup:SubnetGroup",
    "aws:docdb/subnetGroup:SubnetGroup",
    "aws:neptune/subnetGroup:SubnetGroup",
    "aws:redshift/subnetGroup:SubnetGroup",
    "aws:elasticache/subnetGroup:SubnetGroup",
    "aws:memorydb/subnetGroup:SubnetGroup",
];

const balancerTypes = [
    "aws:lb/loadBalancer:LoadBalancer",
    "aws:alb/loadBalancer:LoadBalancer",
    "aws:elb/loadBalancer:LoadBalancer",
];

// What belongs into public subnets, and what only arranges them.
const publicTypes = new Set([
    ...balancerTypes,
    ...storeSubnetTypes,
    "aws:ec2/natGateway:NatGateway",
    "aws:ec2/routeTableAssociation:RouteTableAssociation",
    "aws:ec2/networkAcl:NetworkAcl",
    "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl",
    "aws:ec2/networkAclAssociation:NetworkAclAssociation",
    "aws:ec2/flowLog:FlowLog",
    "aws:networkfirewall/firewall:Firewall",
]);

/** Logical name of the resource of a URN, as configuration and messages name groups. */
const nameOf = (urn: string): string => urn.split("::").pop() ?? urn;

const edgeName = (from: string, to: string): string => `${nameOf(from)} > ${nameOf(to)}`;

/** Groups of resources, by URN, with the first resource that uses each. */
function groupsOf(stack: Stack, users: Resource[], property: (user: Resource) => string): Map<string, Resource> {
    const groups = users.flatMap((user) =>
        stack.references(user, property(user), groupTypes).map(({ urn }) => [urn, user] as const),
    );
    return new Map(groups.reverse());
}

function checkPaths(stack: Stack, check: Check): void {
    const graph = GroupGraph.of(stack);
    const users = stack.ofType(...storeTypes);
    const guarded = groupsOf(stack, users, ({ type }) => stores[type] ?? "");
    const balancers = groupsOf(stack, stack.ofType(...balancerTypes), () => "securityGroups");
    const declared = new Set(check.parameter<string[]>("declaredEdges"));
    const ranges = new Set(check.parameter<string[]>("declaredRanges"));

    const ways = graph.fromInternet(({ from, to }) => !declared.has(edgeName(from, to)));
    for (const [urn, store] of guarded) {
        const way = ways.get(urn);
        const path = [internet, ...(way?.groups ?? [])].map(nameOf).join(" > ");
        if (way?.unsure) {
            check.undetermined(way.unsure.resource, way.unsure.value);
        } else if (way) {
            check.fail(
                store,
                stores[store.type] ?? "",
                `no path of security groups may lead from the internet to a data store; this does: ${path}`,
            );
        }
        if (balancers.has(urn)) {
            check.fail(
                store,
                stores[store.type] ?? "",
                `the security group ${nameOf(urn)} is a load balancer's as well; a data store needs its own`,
            );
        }
    }
    for (const edge of graph.edges) {
        checkBalancerEdge(edge, balancers, guarded, declared, check);
    }
    for (const { to, rule } of graph.ingress) {
        const isGuarded = to !== undefined && guarded.has(to.urn);
        for (const cidr of isGuarded ? [...rule.cidrs, ...rule.prefixLists] : []) {
            if (!cidr.isUnknown && !isWorld(cidr) && !ranges.has(cidr.text ?? "")) {
                check.fail(
                    rule.resource,
                    cidr,
                    `the security group of a data store must admit security groups, not the range ${cidr.written}`,
                );
            }
        }
        if (to === undefined && guarded.size > 0 && rule.resource.props.at("securityGroupId").isUnknown) {
            if (rule.cidrs.some(isWorld)) {
                check.undetermined(rule.resource, rule.resource.props.at("securityGroupId"));
            }
        }
    }
}

function checkBalancerEdge(
    { from, to, rule, unsure }: Edge,
    balancers: ReadonlyMap<string, Resource>,
    guarded: ReadonlyMap<string, Resource>,
    declared: ReadonlySet<string>,
    check: Check,
): void {
    const isWrong = from !== undefined && to !== undefined && balancers.has(from) && guarded.has(to);
    if (isWrong && !declared.has(edgeName(from, to))) {
        if (unsure) {
            check.undetermined(rule.resource, unsure);
        } else {
            check.fail(
                rule.resource,
                rule.groups[0] ?? rule.self,
                `a load balancer may not reach a data store directly: ${edgeName(from, to)}`,
            );
        }
    }
}

/** Subnets that a resource stands in must not have what `wrong` says. */
function checkPlacement(
    graph: NetworkGraph,
    resource: Resource,
    check: Check,
    wrong: (subnet: Resource) => ReturnType<NetworkGraph["reachesInternetGateway"]>,
    message: (subnets: string) => string,
): void {
    for (const { property, value } of placements(resource)) {
        const { found, candidates } = graph.target(resource, property, subnetTypes, value);
        const answers = [...found, ...candidates].map((subnet) => ({ subnet, answer: wrong(subnet) }));
        const bad = answers.filter(({ answer }) => answer === true).map(({ subnet }) => subnet.name);
        const unsure = answers.map(({ answer }) => answer).find((answer) => typeof answer !== "boolean");
        const isMixed = candidates.length > 0 && bad.length > 0 && bad.length < candidates.length;
        if (isMixed || (answers.length === 0 && value.hasUnknown)) {
            check.undetermined(resource, value.firstUnknown ?? value);
        } else if (bad.length > 0) {
            check.fail(resource, value, message(bad.join(", ")));
        } else if (unsure) {
            check.undetermined(unsure.resource, unsure.value);
        }
    }
}

const stackRule = (rule: Omit<StackRule, "kind">): StackRule => ({ ...rule, kind: "stack" });

/** Rules about who can reach what, over all resources of a stack. */
export const reachabilityRules: readonly Rule[] = [
    stackRule({
        name: "ec2-security-group-disallow-path-to-data-store",
        description:
            "No path over security groups leads from the internet to a data store, no load balancer reaches one " +
            "directly, and data stores admit groups instead of address ranges.",
        severity: "critical",
        category: "network",
        controls: ["RDS-099", "VPC-184"],
        remediation:
            "Remove the ingress rule that closes the path, or name it in declaredEdges as `<group> > <group>` (logical " +
            "names; `internet` for the internet). Let data stores in by referencedSecurityGroupId of the services.",
        parameters: {
            declaredEdges: {
                type: "array",
                items: { type: "string" },
                description: "Edges that paths from the internet may go over: `internet > balancer`, by logical names.",
                default: [],
            },
            declaredRanges: {
                type: "array",
                items: { type: "string" },
                description: "Address ranges and prefix lists that data stores may admit: `10.8.0.0/16`.",
                default: [],
            },
        },
        check: checkPaths,
    }),
    stackRule({
        name: "ec2-subnet-disallow-public-data-store",
        description: "Data stores stand only in subnets without a route to an internet gateway.",
        severity: "critical",
        category: "network",
        controls: ["VPC-191"],
        remediation:
            "Put the data store, or its subnet group, into isolated subnets: subnetIds of subnets whose route table has " +
            "no route with a gatewayId of an internet gateway.",
        check: (stack, check) => {
            const graph = NetworkGraph.of(stack);
            for (const holder of stack.ofType(...storeSubnetTypes)) {
                checkPlacement(
                    graph,
                    holder,
                    check,
                    (subnet) => graph.reachesInternetGateway(subnet),
                    (subnets) =>
                        `subnets of a data store must have no route to an internet gateway: ${subnets} has one`,
                );
            }
        },
    }),
    stackRule({
        name: "ec2-subnet-disallow-public-workload",
        description:
            "Nothing but NAT gateways, load balancers and firewalls stands in subnets that give out public addresses or " +
            "have a route to an internet gateway.",
        severity: "high",
        category: "network",
        controls: ["VPC-190", "VPC-191"],
        remediation:
            "Move the workload to private subnets, whose way out is a NAT gateway; set mapPublicIpOnLaunch to false " +
            "where subnets are made one by one.",
        check: (stack, check) => {
            const graph = NetworkGraph.of(stack);
            const isPublic = (subnet: Resource): ReturnType<typeof graph.reachesInternetGateway> => {
                const mapped = subnet.props.at("mapPublicIpOnLaunch");
                const isMapped = mapped.raw === true || mapped.raw === "true";
                return (
                    isMapped ||
                    (mapped.isUnknown ? { resource: subnet, value: mapped } : graph.reachesInternetGateway(subnet))
                );
            };
            for (const resource of stack.resources) {
                if (resource.type.startsWith("aws:") && !publicTypes.has(resource.type)) {
                    checkPlacement(
                        graph,
                        resource,
                        check,
                        isPublic,
                        (subnets) =>
                            `public subnets must hold nothing but NAT gateways and load balancers: ${subnets} is public`,
                    );
                }
            }
        },
    }),
];
