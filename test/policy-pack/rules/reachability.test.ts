import { type Rule } from "../../../policy-pack/core/rule";
import { reachabilityRules } from "../../../policy-pack/rules/reachability";
import { describeRule, type Subject, unknown } from "../support/pack";

const rule = (name: string): Rule => reachabilityRules.find((each) => each.name === name)!;

const group = (name: string): Subject => ({ type: "aws:ec2/securityGroup:SecurityGroup", name, props: {} });

/** A rule that lets `from`, a group or an address range, into `to`. */
const ingress = (from: string, to: string, props: Record<string, unknown> = {}): Subject => ({
    type: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    name: `${to}-from-${from}`,
    props: {
        ipProtocol: "tcp",
        fromPort: 5432,
        toPort: 5432,
        securityGroupId: unknown,
        ...(/[./:]/.test(from) ? { cidrIpv4: from } : { referencedSecurityGroupId: unknown }),
        ...props,
    },
    refersTo: { securityGroupId: to, ...(!/[./:]/.test(from) && { referencedSecurityGroupId: from }) },
});

const store = (
    type = "aws:rds/instance:Instance",
    property = "vpcSecurityGroupIds",
    groupName = "database",
): Subject => ({ type, name: "store", props: { [property]: unknown }, refersTo: { [property]: groupName } });

const balancer: Subject = {
    type: "aws:lb/loadBalancer:LoadBalancer",
    name: "front",
    props: { securityGroups: [unknown] },
    refersTo: { securityGroups: "balancer" },
};

const path = rule("ec2-security-group-disallow-path-to-data-store");

describeRule(path, [
    {
        title: "lets services reach a store",
        subjects: [group("api"), group("database"), store(), ingress("api", "database"), ingress("10.0.0.0/8", "api")],
    },
    {
        title: "refuses a store that the internet reaches",
        subjects: [group("database"), store(), ingress("0.0.0.0/0", "database")],
        fails: ["internet > database"],
    },
    {
        title: "refuses the internet by IPv6, and by halves of it",
        subjects: [group("database"), store(), ingress("::/0", "database"), ingress("128.0.0.0/1", "database")],
        fails: ["internet > database"],
    },
    {
        title: "refuses a way over other groups",
        subjects: [
            group("edge"),
            group("api"),
            group("database"),
            store(),
            ingress("0.0.0.0/0", "edge"),
            ingress("edge", "api"),
            ingress("api", "database"),
        ],
        fails: ["internet > edge > api > database"],
    },
    {
        title: "does not go in circles",
        subjects: [group("a"), group("b"), group("database"), store(), ingress("a", "b"), ingress("b", "a")],
    },
    {
        title: "refuses a load balancer that reaches a store",
        subjects: [group("balancer"), group("database"), balancer, store(), ingress("balancer", "database")],
        fails: ["a load balancer may not reach a data store directly: balancer > database"],
    },
    {
        title: "refuses a group that a balancer and a store share",
        subjects: [group("balancer"), balancer, store(undefined, undefined, "balancer")],
        fails: ["a data store needs its own"],
    },
    {
        title: "refuses address ranges and prefix lists at a store",
        subjects: [group("database"), store(), ingress("10.0.0.0/8", "database", { prefixListId: "pl-1" })],
        fails: ["not the range 10.0.0.0/8", "not the range pl-1"],
    },
    {
        title: "does not wait where another way is sure",
        subjects: [
            group("database"),
            store(),
            { ...ingress("0.0.0.0/0", "database", { cidrIpv4: unknown }), name: "first" },
            ingress("0.0.0.0/0", "database"),
        ],
        fails: ["internet > database"],
    },
    {
        title: "waits for an address range",
        subjects: [group("database"), store(), ingress("0.0.0.0/0", "database", { cidrIpv4: unknown })],
        undetermined: "cidrIpv4",
    },
    {
        title: "waits for the group that a rule is for",
        subjects: [group("database"), store(), { ...ingress("0.0.0.0/0", "database"), refersTo: {} }],
        undetermined: "securityGroupId",
    },
    {
        title: "reads rules in a group, and rules of the old kind",
        subjects: [
            group("api"),
            {
                ...group("edge"),
                props: { ingress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["0.0.0.0/0"] }] },
            },
            group("brokers"),
            store("aws:msk/cluster:Cluster", "brokerNodeGroupInfo", "brokers"),
            {
                type: "aws:ec2/securityGroupRule:SecurityGroupRule",
                name: "old",
                props: { type: "ingress", protocol: "-1", securityGroupId: unknown, sourceSecurityGroupId: unknown },
                refersTo: { securityGroupId: "brokers", sourceSecurityGroupId: "edge" },
            },
        ],
        fails: ["internet > edge > brokers"],
    },
    ...[
        ["aws:rds/cluster:Cluster", "vpcSecurityGroupIds"],
        ["aws:rds/proxy:Proxy", "vpcSecurityGroupIds"],
        ["aws:docdb/cluster:Cluster", "vpcSecurityGroupIds"],
        ["aws:neptune/cluster:Cluster", "vpcSecurityGroupIds"],
        ["aws:redshift/cluster:Cluster", "vpcSecurityGroupIds"],
        ["aws:msk/cluster:Cluster", "brokerNodeGroupInfo"],
        ["aws:msk/serverlessCluster:ServerlessCluster", "vpcConfigs"],
        ["aws:elasticache/replicationGroup:ReplicationGroup", "securityGroupIds"],
        ["aws:elasticache/cluster:Cluster", "securityGroupIds"],
        ["aws:elasticache/serverlessCache:ServerlessCache", "securityGroupIds"],
        ["aws:memorydb/cluster:Cluster", "securityGroupIds"],
        ["aws:opensearch/domain:Domain", "vpcOptions"],
    ].map(([type, property]) => ({
        title: `guards ${type}`,
        subjects: [group("database"), store(type, property), ingress("0.0.0.0/0", "database")],
        fails: ["internet > database"],
    })),
]);

const declaring = (parameters: Record<string, unknown>): Rule => ({
    ...path,
    parameters: Object.fromEntries(
        Object.entries(path.parameters ?? {}).map(([key, schema]) => [
            key,
            { ...schema, default: parameters[key] ?? schema.default },
        ]),
    ),
});

describe("with declared edges and ranges", () => {
    describeRule(
        declaring({ declaredEdges: ["internet > api", "balancer > database"], declaredRanges: ["10.8.0.0/16"] }),
        [
            {
                title: "goes over no declared edge",
                subjects: [
                    group("api"),
                    group("balancer"),
                    group("database"),
                    balancer,
                    store(),
                    ingress("0.0.0.0/0", "api"),
                    ingress("api", "database"),
                    ingress("balancer", "database"),
                    ingress("10.8.0.0/16", "database"),
                ],
            },
            {
                title: "refuses all others",
                subjects: [
                    group("database"),
                    store(),
                    ingress("10.9.0.0/16", "database"),
                    ingress("0.0.0.0/0", "database"),
                ],
                fails: ["internet > database", "10.9.0.0/16"],
            },
            {
                title: "waits for the source of a way",
                subjects: [
                    group("web"),
                    group("database"),
                    store(),
                    ingress("0.0.0.0/0", "web"),
                    {
                        ...ingress("web", "database"),
                        refersTo: { securityGroupId: "database" },
                    },
                ],
                undetermined: "referencedSecurityGroupId",
            },
        ],
    );
});

const subnet = (name: string, props: Record<string, unknown> = {}): Subject => ({
    type: "aws:ec2/subnet:Subnet",
    name,
    props: { mapPublicIpOnLaunch: false, ...props },
});
const gateway: Subject = { type: "aws:ec2/internetGateway:InternetGateway", name: "gateway", props: {} };

/** A subnet with a table of its own that has a route to the internet gateway. */
const routed = (name: string, route: Record<string, unknown> = { gatewayId: unknown }, to = "gateway"): Subject[] => [
    subnet(name),
    { type: "aws:ec2/routeTable:RouteTable", name: `${name}-table`, props: {} },
    {
        type: "aws:ec2/routeTableAssociation:RouteTableAssociation",
        name: `${name}-association`,
        props: { subnetId: unknown, routeTableId: unknown },
        refersTo: { subnetId: name, routeTableId: `${name}-table` },
    },
    {
        type: "aws:ec2/route:Route",
        name: `${name}-route`,
        props: { destinationCidrBlock: "0.0.0.0/0", routeTableId: unknown, ...route },
        refersTo: { routeTableId: `${name}-table`, ...(to && { [Object.keys(route)[0]!]: to }) },
    },
];
const nat: Subject = { type: "aws:ec2/natGateway:NatGateway", name: "nat", props: {} };
const subnetGroup = (...names: string[]): Subject => ({
    type: "aws:rds/subnetGroup:SubnetGroup",
    name: "subnets",
    props: { subnetIds: names.map(() => unknown) },
    refersTo: { subnetIds: names },
});

describeRule(rule("ec2-subnet-disallow-public-data-store"), [
    {
        title: "accepts isolated subnets, and private ones with a NAT gateway",
        subjects: [subnet("a"), nat, ...routed("b", { natGatewayId: unknown }, "nat"), subnetGroup("a", "b")],
    },
    {
        title: "refuses a subnet with a route to an internet gateway",
        subjects: [gateway, subnet("a"), ...routed("b"), subnetGroup("a", "b")],
        fails: ["b has one [at subnetIds]"],
    },
    {
        title: "knows a gateway by its id, and subnets by theirs",
        subjects: [
            ...routed("b", { gatewayId: "igw-1" }, "").map((each) =>
                each.name === "b-association" ? { ...each, props: { ...each.props, subnetId: "subnet-b" } } : each,
            ),
            {
                type: "aws:msk/cluster:Cluster",
                name: "kafka",
                props: { brokerNodeGroupInfo: { clientSubnets: ["subnet-b"] } },
            },
        ],
        fails: ["[at brokerNodeGroupInfo.clientSubnets]"],
    },
    {
        title: "reads routes inside a table, and the main table of a VPC",
        subjects: [
            gateway,
            { type: "aws:ec2/vpc:Vpc", name: "vpc", props: {} },
            { ...subnet("a", { vpcId: unknown }), refersTo: { vpcId: "vpc" } },
            {
                type: "aws:ec2/defaultRouteTable:DefaultRouteTable",
                name: "main",
                props: { defaultRouteTableId: unknown, routes: [{ cidrBlock: "0.0.0.0/0", gatewayId: unknown }] },
                refersTo: { defaultRouteTableId: "vpc", routes: "gateway" },
            },
            { ...subnetGroup("a"), type: "aws:elasticache/subnetGroup:SubnetGroup" },
        ],
        fails: ["a has one"],
    },
    {
        title: "waits for the gateway of a route",
        subjects: [...routed("b", { gatewayId: unknown }, ""), subnetGroup("b")],
        undetermined: "gatewayId",
    },
]);

describeRule(rule("ec2-subnet-disallow-public-workload"), [
    {
        title: "accepts NAT gateways and load balancers in public subnets",
        subjects: [
            subnet("public", { mapPublicIpOnLaunch: true }),
            { ...nat, props: { subnetId: unknown }, refersTo: { subnetId: "public" } },
            { ...balancer, props: { subnets: [unknown] }, refersTo: { subnets: "public" } },
        ],
    },
    {
        title: "refuses workloads in subnets that give out public addresses",
        subjects: [
            subnet("public", { mapPublicIpOnLaunch: true }),
            {
                type: "aws:lambda/function:Function",
                name: "function",
                props: { vpcConfig: { subnetIds: [unknown] } },
                refersTo: { vpcConfig: "public" },
            },
        ],
        fails: ["public is public [at vpcConfig.subnetIds]"],
    },
    {
        title: "refuses workloads in subnets with a route to an internet gateway",
        subjects: [
            gateway,
            ...routed("public"),
            {
                type: "aws:ecs/service:Service",
                name: "service",
                props: { networkConfiguration: { subnets: [unknown] } },
                refersTo: { networkConfiguration: "public" },
            },
        ],
        fails: ["public is public [at networkConfiguration.subnets]"],
    },
    {
        title: "waits for whether addresses are given out",
        subjects: [
            subnet("some", { mapPublicIpOnLaunch: unknown }),
            {
                type: "aws:ec2/instance:Instance",
                name: "host",
                props: { subnetId: unknown },
                refersTo: { subnetId: "some" },
            },
        ],
        undetermined: "mapPublicIpOnLaunch",
    },
    {
        title: "waits for a subnet that nothing is known of",
        subjects: [{ type: "aws:ec2/instance:Instance", name: "host", props: { subnetId: unknown } }],
        undetermined: "subnetId",
    },
]);
