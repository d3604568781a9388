import { type AwsResource } from "../account";
import {
    checkEach,
    needs,
    refusal,
    refusedIf,
    say,
    unique,
    unused,
    valuesAt,
    type Attempt,
    type Check,
    type Refusals,
} from "./attempt";
import {
    aNatGateway,
    anAddress,
    anInternetGateway,
    aPrefixList,
    aRole,
    aRouteTable,
    aSecurityGroup,
    aSubnet,
    aVpc,
} from "./exists";

const noVpc = refusal("InvalidVpcID.NotFound", "The vpc ID '%' does not exist");
const noSubnet = refusal("InvalidSubnetID.NotFound", "The subnet ID '%' does not exist");
const noGroup = refusal("InvalidGroup.NotFound", "The security group '%' does not exist");
const noRouteTable = refusal("InvalidRouteTableID.NotFound", "The routeTable ID '%' does not exist");

const vpcId = needs("vpcId", aVpc, noVpc);

/** Where resources have network interfaces: paths of subnets and of security groups, by type. */
const interfaces: Record<string, { subnets: string; groups: string }> = {
    "aws:ec2/vpcEndpoint:VpcEndpoint": { subnets: "subnetIds", groups: "securityGroupIds" },
    "aws:ec2/natGateway:NatGateway": { subnets: "subnetId", groups: "securityGroupIds" },
    "aws:lambda/function:Function": { subnets: "vpcConfig.subnetIds", groups: "vpcConfig.securityGroupIds" },
    "aws:lb/loadBalancer:LoadBalancer": { subnets: "subnets", groups: "securityGroups" },
    "aws:ecs/service:Service": {
        subnets: "networkConfiguration.subnets",
        groups: "networkConfiguration.securityGroups",
    },
    "aws:msk/cluster:Cluster": {
        subnets: "brokerNodeGroupInfo.clientSubnets",
        groups: "brokerNodeGroupInfo.securityGroups",
    },
    "aws:rds/instance:Instance": { subnets: "dbSubnetGroupName", groups: "vpcSecurityGroupIds" },
    "aws:elasticache/replicationGroup:ReplicationGroup": { subnets: "subnetGroupName", groups: "securityGroupIds" },
};

/** Databases and caches know the name of their subnet group. */
const subnetGroups: Record<string, string> = {
    "aws:rds/instance:Instance": "aws:rds/subnetGroup:SubnetGroup",
    "aws:elasticache/replicationGroup:ReplicationGroup": "aws:elasticache/subnetGroup:SubnetGroup",
};

function subnetsOf(user: AwsResource, { account }: Attempt): unknown[] {
    const values = valuesAt(user.inputs, interfaces[user.type]!.subnets);
    const group = subnetGroups[user.type];
    return group ? values.flatMap((name) => valuesAt(account.get(group, name)?.inputs ?? {}, "subnetIds")) : values;
}

const withoutInterfaces = (text: string, uses: (user: AwsResource, attempt: Attempt) => boolean): Check =>
    refusedIf(refusal("DependencyViolation", text), (_inputs, attempt) =>
        attempt.others(...Object.keys(interfaces)).some((user) => uses(user, attempt)),
    );

interface Block {
    from: number;
    to: number;
}

function block(cidr: string): Block {
    const [address, bits] = cidr.split("/") as [string, string];
    const from = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
    return { from, to: from + 2 ** (32 - Number(bits)) - 1 };
}

const ruleProperties = [
    "securityGroupId",
    "ipProtocol",
    "fromPort",
    "toPort",
    "cidrIpv4",
    "cidrIpv6",
    "prefixListId",
    "referencedSecurityGroupId",
];

const noPrefixList = refusal("InvalidPrefixListID.NotFound", "The prefix list ID '%' does not exist");
const sameRule = refusal(
    "InvalidPermission.Duplicate",
    "the specified rule of %, from its peer and for its ports, already exists",
);
const noPeer = refusal(
    "MissingParameter",
    "Either 'cidrIpv4', 'cidrIpv6', 'prefixListId' or 'referencedGroupId' must be specified",
);
const badPorts = refusal("InvalidParameterValue", "Invalid TCP/UDP port range of the rule of %");
const securityGroupRule: Refusals = {
    put: [
        needs("securityGroupId", aSecurityGroup, noGroup),
        needs("referencedSecurityGroupId", aSecurityGroup, noGroup),
        needs("prefixListId", aPrefixList, noPrefixList),
        refusedIf(noPeer, (inputs) => !ruleProperties.slice(4).some((property) => inputs[property])),
        refusedIf(
            badPorts,
            ({ ipProtocol, fromPort, toPort }) =>
                ["tcp", "udp"].includes(ipProtocol) && !(fromPort >= 0 && toPort >= fromPort && toPort <= 65_535),
            ({ inputs }) => inputs.securityGroupId,
        ),
        unique(sameRule, ...ruleProperties),
    ],
};

const groupNamed = refusal("DependencyViolation", "resource % has a dependent object, a rule of another group");

const unnamed: Check = (attempt) => {
    // With revokeRulesOnDelete the provider removes the rules that name it, and tries again.
    const { resource } = attempt;
    const isNamed = attempt
        .others(
            "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
            "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
        )
        .some(
            ({ inputs }) => inputs.referencedSecurityGroupId === resource.id && inputs.securityGroupId !== resource.id,
        );
    if (isNamed && resource.inputs.revokeRulesOnDelete !== true) {
        say(groupNamed, resource.id);
    }
};

export const network: Record<string, Refusals> = {
    "aws:ec2/vpc:Vpc": {
        put: [
            checkEach("cidrBlock", refusal("InvalidVpc.Range", "The CIDR '%' is invalid."), (cidr: string) => {
                const bits = Number(cidr.split("/")[1]);
                return bits >= 16 && bits <= 28;
            }),
        ],
        delete: [
            unused(
                refusal("DependencyViolation", "The vpc '%' has dependencies and cannot be deleted."),
                "id",
                Object.fromEntries(
                    [
                        "aws:ec2/subnet:Subnet",
                        "aws:ec2/routeTable:RouteTable",
                        "aws:ec2/internetGateway:InternetGateway",
                        "aws:ec2/securityGroup:SecurityGroup",
                        "aws:ec2/vpcEndpoint:VpcEndpoint",
                    ].map((type) => [type, "vpcId"]),
                ),
            ),
        ],
    },
    "aws:ec2/subnet:Subnet": {
        put: [
            vpcId,
            refusedIf(
                refusal("InvalidSubnet.Range", "The CIDR '%' is invalid."),
                ({ cidrBlock, vpcId: vpc }, { account }) => {
                    const [inner, outer] = [
                        block(cidrBlock),
                        block(account.get("aws:ec2/vpc:Vpc", vpc)!.inputs.cidrBlock),
                    ];
                    return inner.from < outer.from || inner.to > outer.to;
                },
                ({ inputs }) => inputs.cidrBlock,
            ),
            refusedIf(
                refusal("InvalidSubnet.Conflict", "The CIDR '%' conflicts with another subnet"),
                ({ cidrBlock, vpcId: vpc }, attempt) => {
                    const own = block(cidrBlock);
                    return attempt
                        .others("aws:ec2/subnet:Subnet")
                        .filter(({ inputs }) => inputs.vpcId === vpc)
                        .map(({ inputs }) => block(inputs.cidrBlock))
                        .some(({ from, to }) => from <= own.to && to >= own.from);
                },
                ({ inputs }) => inputs.cidrBlock,
            ),
        ],
        delete: [
            withoutInterfaces("The subnet '%' has dependencies and cannot be deleted.", (user, attempt) =>
                subnetsOf(user, attempt).includes(attempt.resource.id),
            ),
        ],
    },
    "aws:ec2/routeTable:RouteTable": { put: [vpcId] },
    "aws:ec2/routeTableAssociation:RouteTableAssociation": {
        put: [
            needs("routeTableId", aRouteTable, noRouteTable),
            needs("subnetId", aSubnet, noSubnet),
            unique(
                refusal(
                    "Resource.AlreadyAssociated",
                    "the specified association for subnet % conflicts with another one",
                ),
                "subnetId",
            ),
        ],
    },
    "aws:ec2/route:Route": {
        put: [
            needs("routeTableId", aRouteTable, noRouteTable),
            needs(
                "gatewayId",
                anInternetGateway,
                refusal("InvalidGatewayID.NotFound", "The gateway ID '%' does not exist"),
            ),
            needs(
                "natGatewayId",
                aNatGateway,
                refusal("InvalidNatGatewayID.NotFound", "The natGateway ID '%' does not exist"),
            ),
            unique(
                refusal("RouteAlreadyExists", "The route identified by % already exists."),
                "destinationCidrBlock",
                "routeTableId",
            ),
        ],
    },
    "aws:ec2/internetGateway:InternetGateway": {
        put: [
            vpcId,
            unique(
                refusal("Resource.AlreadyAssociated", "resource % already has an internet gateway attached"),
                "vpcId",
            ),
        ],
        delete: [
            refusedIf(
                refusal(
                    "DependencyViolation",
                    "Network % has some mapped public address(es). Please unmap those before detaching the gateway.",
                ),
                ({ vpcId: vpc }, attempt) =>
                    attempt
                        .others("aws:ec2/natGateway:NatGateway")
                        .some(
                            ({ inputs }) =>
                                attempt.account.get("aws:ec2/subnet:Subnet", inputs.subnetId)?.inputs.vpcId === vpc,
                        ),
                ({ inputs }) => inputs.vpcId,
            ),
        ],
    },
    "aws:ec2/eip:Eip": {
        delete: [
            unused(refusal("InvalidIPAddress.InUse", "Address % is in use and cannot be released."), "id", {
                "aws:ec2/natGateway:NatGateway": "allocationId",
            }),
        ],
    },
    "aws:ec2/natGateway:NatGateway": {
        put: [
            needs("subnetId", aSubnet, refusal("NatGatewayMalformed", "The subnet ID '%' does not exist")),
            needs(
                "allocationId",
                anAddress,
                refusal("InvalidAllocationID.NotFound", "The allocation ID '%' does not exist"),
            ),
            unique(
                refusal("Resource.AlreadyAssociated", "Elastic IP address [%] is already associated"),
                "allocationId",
            ),
            // A public NAT gateway without a way out fails after a minute or two.
            refusedIf(
                refusal("Gateway.NotAttached", "Network % has no Internet gateway attached"),
                ({ subnetId }, { account }) => {
                    const vpc = account.get("aws:ec2/subnet:Subnet", subnetId)!.inputs.vpcId;
                    return !account
                        .ofType("aws:ec2/internetGateway:InternetGateway")
                        .some(({ inputs }) => inputs.vpcId === vpc);
                },
                ({ inputs }) => inputs.subnetId,
            ),
        ],
    },
    "aws:ec2/securityGroup:SecurityGroup": {
        put: [
            vpcId,
            unique(
                refusal("InvalidGroup.Duplicate", "The security group '%' already exists for this VPC"),
                "name",
                "vpcId",
            ),
        ],
        delete: [
            withoutInterfaces("resource % has a dependent object, a network interface", (user, { resource }) =>
                valuesAt(user.inputs, interfaces[user.type]!.groups).includes(resource.id),
            ),
            unnamed,
        ],
    },
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": { put: [vpcId] },
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": securityGroupRule,
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": securityGroupRule,
    "aws:ec2/vpcEndpoint:VpcEndpoint": {
        put: [
            vpcId,
            needs("subnetIds", aSubnet, noSubnet),
            needs("securityGroupIds", aSecurityGroup, noGroup),
            needs("routeTableIds", aRouteTable, noRouteTable),
            checkEach(
                "serviceName",
                refusal("InvalidServiceName", "The Vpc Endpoint Service '%' does not exist"),
                (name: string, { account }) =>
                    name.startsWith(`com.amazonaws.${account.region}.`) || name.startsWith("com.amazonaws.vpce."),
            ),
            refusedIf(
                refusal(
                    "InvalidParameter",
                    "private-dns-enabled cannot be set because there is already a conflicting DNS domain for % in the VPC",
                ),
                ({ privateDnsEnabled, serviceName, vpcId: vpc }, attempt) =>
                    privateDnsEnabled === true &&
                    attempt
                        .others("aws:ec2/vpcEndpoint:VpcEndpoint")
                        .some(
                            ({ inputs }) =>
                                inputs.privateDnsEnabled === true &&
                                inputs.serviceName === serviceName &&
                                inputs.vpcId === vpc,
                        ),
                ({ inputs }) => inputs.serviceName,
            ),
            refusedIf(
                refusal("RouteAlreadyExists", "route table % already has a route with destination-prefix-list-id"),
                (inputs, attempt) =>
                    attempt
                        .others("aws:ec2/vpcEndpoint:VpcEndpoint")
                        .some(
                            (other) =>
                                other.inputs.serviceName === inputs.serviceName &&
                                valuesAt(other.inputs, "routeTableIds").some((table) =>
                                    valuesAt(inputs, "routeTableIds").includes(table),
                                ),
                        ),
                ({ inputs }) => valuesAt(inputs, "routeTableIds").join(", "),
            ),
            refusedIf(
                refusal(
                    "DuplicateSubnetsInSameZone",
                    "Found another VPC endpoint subnet in the availability zone of %",
                ),
                ({ subnetIds }, { account }) => {
                    const zones = valuesAt({ subnetIds }, "subnetIds").map(
                        (id) => account.get("aws:ec2/subnet:Subnet", id)!.inputs.availabilityZone,
                    );
                    return new Set(zones).size < zones.length;
                },
            ),
        ],
    },
    "aws:ec2/flowLog:FlowLog": {
        put: [
            vpcId,
            needs("iamRoleArn", aRole, refusal("InvalidParameter", "Unable to assume given IAM role %")),
            checkEach(
                "maxAggregationInterval",
                refusal("InvalidParameter", "Invalid value % for maxAggregationInterval: 60 or 600"),
                (seconds) => [60, 600].includes(seconds),
            ),
            unique(
                refusal("FlowLogAlreadyExists", "There is an existing Flow Log with the same configuration for %"),
                "vpcId",
                "logDestination",
                "trafficType",
            ),
        ],
    },
};
