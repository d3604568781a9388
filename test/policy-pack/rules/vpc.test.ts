import { type Rule } from "../../../policy-pack/core/rule";
import { vpcRules } from "../../../policy-pack/rules/vpc";
import { describeRule, type Subject, unknown } from "../support/pack";

const rule = (name: string): Rule => vpcRules.find((each) => each.name === name)!;
const types = {
    group: "aws:ec2/securityGroup:SecurityGroup",
    defaultGroup: "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
    oldRule: "aws:ec2/securityGroupRule:SecurityGroupRule",
    ingress: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    egress: "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    vpc: "aws:ec2/vpc:Vpc",
    flowLog: "aws:ec2/flowLog:FlowLog",
    endpoint: "aws:ec2/vpcEndpoint:VpcEndpoint",
};

/** One rule, in each of the places where it can be written. */
const everywhere = (
    direction: "ingress" | "egress",
    cidr: string,
    port: unknown,
    protocol: unknown = "tcp",
): Subject[] => {
    const key = cidr.includes(":") ? "ipv6CidrBlocks" : "cidrBlocks";
    const listed = { protocol, fromPort: port, toPort: port, [key]: [cidr] };
    return [
        { type: types.group, name: "inline", props: { [direction]: [listed] } },
        { type: types.oldRule, name: "old", props: { type: direction, ...listed } },
        {
            type: types[direction],
            name: "new",
            props: {
                ipProtocol: protocol,
                fromPort: port,
                toPort: port,
                [cidr.includes(":") ? "cidrIpv6" : "cidrIpv4"]: cidr,
            },
        },
    ];
};
const thrice = (message: string): string[] => [message, message, message];

for (const [name, direction, good, bad] of [
    ["ec2-security-group-disallow-public-ingress", "ingress", undefined, 443],
    ["ec2-security-group-disallow-public-high-risk-ports", "ingress", 443, 22],
    ["ec2-security-group-disallow-open-egress", "egress", 443, 80],
] as const) {
    describeRule(rule(name), [
        { title: "accepts private ranges", subjects: everywhere(direction, "10.0.0.0/8", bad) },
        {
            title: "is not about the other direction",
            subjects: everywhere(direction === "ingress" ? "egress" : "ingress", "0.0.0.0/0", bad),
        },
        ...(good ? [{ title: `accepts ${good}`, subjects: everywhere(direction, "0.0.0.0/0", good) }] : []),
        ...["0.0.0.0/0", "::/0", "128.0.0.0/1", "2000::/3"].map((cidr) => ({
            title: `refuses ${bad} for ${cidr}`,
            subjects: everywhere(direction, cidr, bad),
            fails: thrice(cidr),
        })),
        {
            title: "refuses all protocols",
            subjects: everywhere(direction, "0.0.0.0/0", null, "-1"),
            fails: thrice("0.0.0.0/0"),
        },
        {
            title: "refuses a range that has such a port in it",
            subjects: {
                type: types[direction],
                props: { ipProtocol: "tcp", fromPort: 1, toPort: 60000, cidrIpv4: "0.0.0.0/0" },
            },
            fails: ["0.0.0.0/0"],
        },
        { title: "leaves ICMP alone", subjects: everywhere(direction, "0.0.0.0/0", -1, "icmp") },
        {
            title: "waits for the range",
            subjects: {
                type: types[direction],
                props: { ipProtocol: "tcp", fromPort: bad, toPort: bad, cidrIpv4: unknown },
            },
            undetermined: "cidrIpv4",
        },
        {
            title: "waits for the port",
            subjects: {
                type: types.group,
                props: { [direction]: [{ protocol: "tcp", fromPort: unknown, toPort: 1, cidrBlocks: ["0.0.0.0/0"] }] },
            },
            undetermined: `${direction}[0].fromPort`,
        },
        {
            title: "waits for the direction",
            subjects: {
                type: types.oldRule,
                props: { type: unknown, protocol: "tcp", fromPort: bad, toPort: bad, cidrBlocks: ["0.0.0.0/0"] },
            },
            undetermined: "type",
        },
        { title: "survives odd types", subjects: { type: types.group, props: { ingress: 5, egress: "x" } } },
    ]);
}

describeRule(rule("ec2-security-group-require-description"), [
    {
        title: "accepts descriptions",
        subjects: { type: types.group, props: { description: "Brokers", ingress: [{ description: "OMS" }] } },
    },
    {
        title: "refuses Pulumi's own",
        subjects: { type: types.group, props: { description: "Managed by Pulumi" } },
        fails: ["description must say"],
    },
    {
        title: "refuses a rule without one",
        subjects: { type: types.group, props: { description: "Brokers", egress: [{}] } },
        fails: ["egress[0].description"],
    },
    ...[types.ingress, types.egress, types.oldRule].map((type) => ({
        title: `refuses ${type} without one`,
        subjects: { type, props: { type: "ingress" } },
        fails: ["description must say"],
    })),
    {
        title: "waits for one",
        subjects: { type: types.ingress, props: { description: unknown } },
        undetermined: "description",
    },
]);

const opened: Subject = { type: types.group, name: "group", props: { ingress: [{ protocol: "tcp" }] } };

describeRule(rule("ec2-security-group-require-use"), [
    {
        title: "accepts a group that is used, or lets nobody in",
        subjects: [
            opened,
            { type: types.group, name: "waiting", props: {} },
            {
                type: "aws:rds/instance:Instance",
                name: "db",
                props: { vpcSecurityGroupIds: [unknown] },
                refersTo: { vpcSecurityGroupIds: "group" },
            },
        ],
    },
    {
        title: "knows a group by its id",
        subjects: [
            { ...opened, props: { ...opened.props, id: "sg-1" } },
            { type: "aws:lb/loadBalancer:LoadBalancer", name: "lb", props: { securityGroups: ["sg-1"] } },
        ],
    },
    { title: "refuses one that nothing uses", subjects: opened, fails: ["must be used"] },
    {
        title: "waits for groups that nothing is known of",
        subjects: [
            opened,
            { type: "aws:ec2/instance:Instance", name: "host", props: { vpcSecurityGroupIds: unknown } },
        ],
        undetermined: "vpcSecurityGroupIds",
    },
]);

describeRule(rule("ec2-default-security-group-disallow-rules"), [
    { title: "accepts none", subjects: { type: types.defaultGroup, props: { ingress: [], egress: [] } } },
    {
        title: "refuses some",
        subjects: { type: types.defaultGroup, props: { ingress: [{}], egress: [{}] } },
        fails: ["ingress of the default", "egress of the default"],
    },
    {
        title: "waits for them",
        subjects: { type: types.defaultGroup, props: { ingress: unknown } },
        undetermined: "ingress",
    },
]);

for (const [name, target, satellite, property] of [
    ["ec2-vpc-require-closed-default-security-group", types.vpc, types.defaultGroup, "vpcId"],
    ["ec2-vpc-require-flow-log", types.vpc, types.flowLog, "vpcId"],
    ["route53-zone-require-query-log", "aws:route53/zone:Zone", "aws:route53/queryLog:QueryLog", "zoneId"],
    [
        "route53-zone-require-signing",
        "aws:route53/zone:Zone",
        "aws:route53/hostedZoneDnsSec:HostedZoneDnsSec",
        "hostedZoneId",
    ],
] as const) {
    const owner: Subject = { type: target, name: "owner", props: { id: "id-1" } };
    describeRule(rule(name), [
        {
            title: "joins by reference",
            subjects: [
                owner,
                { type: satellite, name: "one", props: { [property]: unknown }, refersTo: { [property]: "owner" } },
            ],
        },
        { title: "joins by id", subjects: [owner, { type: satellite, name: "one", props: { [property]: "id-1" } }] },
        { title: "refuses none", subjects: owner, fails: ["must have an aws."] },
        {
            title: "refuses another's",
            subjects: [owner, { type: satellite, name: "one", props: { [property]: "id-2" } }],
            fails: ["must have an aws."],
        },
        {
            title: "waits for whose it is",
            subjects: [owner, { type: satellite, name: "one", props: { [property]: unknown } }],
            undetermined: property,
        },
    ]);
}

describeRule(rule("ec2-flow-log-require-all-traffic"), [
    { title: "accepts ALL", subjects: { type: types.flowLog, props: { trafficType: "ALL" } } },
    { title: "leaves transit gateways alone", subjects: { type: types.flowLog, props: { transitGatewayId: "tgw-1" } } },
    {
        title: "refuses REJECT",
        subjects: { type: types.flowLog, props: { trafficType: "REJECT" } },
        fails: ["trafficType must be ALL"],
    },
    {
        title: "waits for it",
        subjects: { type: types.flowLog, props: { trafficType: unknown } },
        undetermined: "trafficType",
    },
]);

const aclRule = (props: Record<string, unknown>): Subject => ({
    type: "aws:ec2/networkAclRule:NetworkAclRule",
    props: { ruleAction: "allow", protocol: "tcp", fromPort: 22, toPort: 22, cidrBlock: "0.0.0.0/0", ...props },
});

describeRule(rule("ec2-network-acl-disallow-public-administration"), [
    {
        title: "accepts what is denied, what goes out, and other ports",
        subjects: [aclRule({ ruleAction: "deny" }), aclRule({ egress: true }), aclRule({ fromPort: 443, toPort: 443 })],
    },
    { title: "refuses SSH", subjects: aclRule({}), fails: ["ports 20, 21, 22 and 3389"] },
    {
        title: "refuses everything by IPv6",
        subjects: aclRule({ cidrBlock: null, ipv6CidrBlock: "::/0", protocol: "-1" }),
        fails: ["::/0"],
    },
    ...["aws:ec2/networkAcl:NetworkAcl", "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl"].map((type) => ({
        title: `reads rules in ${type}`,
        subjects: {
            type,
            props: {
                ingress: [{ action: "allow", protocol: "6", fromPort: 3389, toPort: 3389, cidrBlock: "0.0.0.0/0" }],
            },
        },
        fails: ["3389"],
    })),
    { title: "waits for the action", subjects: aclRule({ ruleAction: unknown }), undetermined: "ruleAction" },
]);

const acl: Subject = { type: "aws:ec2/networkAcl:NetworkAcl", name: "acl", props: {} };
const eip: Subject = { type: "aws:ec2/eip:Eip", name: "eip", props: {} };
const use = (type: string, property: string, name?: string): Subject => ({
    type,
    name: "user",
    props: { [property]: unknown },
    ...(name && { refersTo: { [property]: name } }),
});

describeRule(rule("ec2-network-acl-require-use"), [
    { title: "accepts subnets", subjects: { ...acl, props: { subnetIds: [unknown] } } },
    {
        title: "accepts an association",
        subjects: [acl, use("aws:ec2/networkAclAssociation:NetworkAclAssociation", "networkAclId", "acl")],
    },
    {
        title: "refuses rules alone",
        subjects: [acl, use("aws:ec2/networkAclRule:NetworkAclRule", "networkAclId", "acl")],
        fails: ["must have subnets"],
    },
    {
        title: "waits for an association",
        subjects: [acl, use("aws:ec2/networkAclAssociation:NetworkAclAssociation", "networkAclId")],
        undetermined: "networkAclId",
    },
]);

describeRule(rule("ec2-eip-require-use"), [
    { title: "accepts an instance's", subjects: { ...eip, props: { instance: unknown } } },
    { title: "accepts a NAT gateway's", subjects: [eip, use("aws:ec2/natGateway:NatGateway", "allocationId", "eip")] },
    { title: "refuses nobody's", subjects: eip, fails: ["must be used"] },
    {
        title: "waits for whose it is",
        subjects: [eip, use("aws:ec2/natGateway:NatGateway", "allocationId")],
        undetermined: "allocationId",
    },
]);

const vpc: Subject = { type: types.vpc, name: "vpc", props: {} };
const endpoint = (service: string, props: Record<string, unknown> = {}): Subject => ({
    type: types.endpoint,
    name: service,
    props: { serviceName: service === unknown ? unknown : `com.amazonaws.ap-northeast-2.${service}`, ...props },
});

describeRule(rule("ec2-vpc-require-endpoints"), [
    { title: "accepts all of them", subjects: [vpc, endpoint("ecr.api"), endpoint("ecr.dkr"), endpoint("ssm")] },
    { title: "asks nothing without a VPC", subjects: endpoint("s3") },
    { title: "refuses fewer", subjects: [vpc, endpoint("ecr.api"), endpoint("ssm")], fails: ["endpoints of ecr.dkr"] },
    {
        title: "waits for a service",
        subjects: [vpc, { ...endpoint(unknown), name: "some" }],
        undetermined: "serviceName",
    },
]);

const statement = (more: Record<string, unknown>): Record<string, unknown> => ({
    policy: JSON.stringify({ Statement: [{ Effect: "Allow", Principal: "*", Action: "*", Resource: "*", ...more }] }),
});

describeRule(rule("ec2-vpc-endpoint-require-restrictive-policy"), [
    {
        title: "accepts own accounts, own principals, concrete resources, and denials",
        subjects: [
            { ...endpoint("a", statement({ Condition: { StringEquals: { "aws:PrincipalAccount": "1" } } })) },
            { ...endpoint("b", statement({ Principal: { AWS: "arn:aws:iam::1:root" } })) },
            { ...endpoint("c", statement({ Resource: "arn:aws:s3:::layers/*" })) },
            { ...endpoint("d", statement({ Effect: "Deny" })) },
            endpoint("e", { vpcEndpointType: "GatewayLoadBalancer" }),
        ],
    },
    {
        title: "accepts a policy of its own",
        subjects: [
            endpoint("s3"),
            {
                type: "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy",
                name: "policy",
                props: {
                    vpcEndpointId: unknown,
                    ...statement({ Condition: { StringEquals: { "aws:ResourceAccount": ["1"] } } }),
                },
                refersTo: { vpcEndpointId: "s3" },
            },
        ],
    },
    { title: "refuses none", subjects: endpoint("s3"), fails: ["policy must be set"] },
    ...Object.entries({
        "full access": {},
        "a condition that does not hold back": { Condition: { StringNotEquals: { "aws:PrincipalAccount": "1" } } },
        "a condition that may be left out": { Condition: { StringEqualsIfExists: { "aws:PrincipalAccount": "1" } } },
        "a wildcard for the account": { Condition: { StringLike: { "aws:PrincipalAccount": "*" } } },
        "a condition on something else": { Condition: { StringEquals: { "aws:RequestedRegion": "x" } } },
        "all buckets": { Resource: "arn:aws:s3:::*" },
        "everybody but services": { Condition: { Bool: { "aws:PrincipalIsAWSService": "false" } } },
    }).map(([title, more]) => ({
        title: `refuses ${title}`,
        subjects: endpoint("s3", statement(more)),
        fails: ["held to own accounts"],
    })),
    {
        title: "refuses what is no document",
        subjects: endpoint("s3", { policy: "{" }),
        fails: ["must be a policy document"],
    },
    { title: "waits for the document", subjects: endpoint("s3", { policy: unknown }), undetermined: "policy" },
]);

describeRule(rule("ec2-vpc-endpoint-service-require-acceptance"), [
    {
        title: "accepts true",
        subjects: { type: "aws:ec2/vpcEndpointService:VpcEndpointService", props: { acceptanceRequired: true } },
    },
    {
        title: "refuses false",
        subjects: { type: "aws:ec2/vpcEndpointService:VpcEndpointService", props: { acceptanceRequired: false } },
        fails: ["must be true"],
    },
    {
        title: "waits for it",
        subjects: { type: "aws:ec2/vpcEndpointService:VpcEndpointService", props: { acceptanceRequired: unknown } },
        undetermined: "acceptanceRequired",
    },
]);

describeRule(rule("ec2-vpc-disallow-default"), [
    {
        title: "accepts groups of a VPC",
        subjects: [vpc, { type: types.group, name: "group", props: { vpcId: unknown }, refersTo: { vpcId: "vpc" } }],
    },
    { title: "refuses groups of none", subjects: { type: types.group, props: {} }, fails: ["vpcId must be set"] },
    {
        title: "refuses the default VPC and its subnets",
        subjects: [
            { type: "aws:ec2/defaultVpc:DefaultVpc", name: "a", props: {} },
            { type: "aws:ec2/defaultSubnet:DefaultSubnet", name: "b", props: {} },
        ],
        fails: ["must not be used", "must not be used"],
    },
    {
        title: "waits for a VPC that nothing is known of",
        subjects: { type: types.group, props: { vpcId: unknown } },
        undetermined: "vpcId",
    },
]);

const route = (props: Record<string, unknown>): Subject => ({ type: "aws:ec2/route:Route", props });

describeRule(rule("ec2-route-disallow-wide-peering"), [
    {
        title: "accepts subnets of the other side, and other routes",
        subjects: [
            route({ vpcPeeringConnectionId: "pcx-1", destinationCidrBlock: "10.1.0.0/24" }),
            { ...route({ destinationCidrBlock: "0.0.0.0/0" }), name: "other" },
        ],
    },
    {
        title: "refuses everything",
        subjects: route({ vpcPeeringConnectionId: unknown, destinationCidrBlock: "10.0.0.0/8" }),
        fails: ["must be /20 or smaller"],
    },
    ...["aws:ec2/routeTable:RouteTable", "aws:ec2/defaultRouteTable:DefaultRouteTable"].map((type) => ({
        title: `reads routes in ${type}`,
        subjects: { type, props: { routes: [{ vpcPeeringConnectionId: "pcx-1", ipv6CidrBlock: "::/0" }] } },
        fails: ["must be /60 or smaller"],
    })),
    {
        title: "waits for the destination",
        subjects: route({ vpcPeeringConnectionId: "pcx-1", destinationCidrBlock: unknown }),
        undetermined: "destinationCidrBlock",
    },
]);

const block = (internetGatewayBlockMode: string): Subject => ({
    type: "aws:ec2/vpcBlockPublicAccessOptions:VpcBlockPublicAccessOptions",
    props: { internetGatewayBlockMode },
});

describeRule(rule("ec2-vpc-require-public-access-block"), [
    { title: "accepts a block of ingress", subjects: block("block-ingress") },
    { title: "refuses off", subjects: block("off"), fails: ["internetGatewayBlockMode must be"] },
    { title: "waits for it", subjects: block(unknown), undetermined: "internetGatewayBlockMode" },
]);

describeRule(rule("ec2-network-interface-require-source-check"), [
    { title: "accepts the default", subjects: { type: "aws:ec2/networkInterface:NetworkInterface", props: {} } },
    ...["aws:ec2/networkInterface:NetworkInterface", "aws:ec2/instance:Instance"].map((type) => ({
        title: `refuses ${type} without it`,
        subjects: { type, props: { sourceDestCheck: false } },
        fails: ["sourceDestCheck must be true"],
    })),
    {
        title: "waits for it",
        subjects: { type: "aws:ec2/instance:Instance", props: { sourceDestCheck: unknown } },
        undetermined: "sourceDestCheck",
    },
]);
