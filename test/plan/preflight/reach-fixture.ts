import { type RecordedResource } from "../../../plan/recording";
import { resource } from "./resource";

// A small network: one subnet with NAT, one public, one isolated, and security groups between which rules are made by name.

const vpc = resource("aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16" });
const igw = resource("aws:ec2/internetGateway:InternetGateway", { vpcId: vpc.id });

const subnets = Object.fromEntries(
    ["public", "private", "isolated"].map((name, index) => [
        name,
        resource("aws:ec2/subnet:Subnet", { vpcId: vpc.id, cidrBlock: `10.0.${index}.0/24` }, name),
    ]),
) as Record<"public" | "private" | "isolated", RecordedResource>;
const tables = Object.fromEntries(
    Object.keys(subnets).map((name) => [name, resource("aws:ec2/routeTable:RouteTable", { vpcId: vpc.id }, name)]),
);
const nat = resource("aws:ec2/natGateway:NatGateway", { subnetId: subnets.public.id });

/** A default route of a subnet. */
export const route = (subnet: keyof typeof subnets, to: Record<string, unknown>): RecordedResource =>
    resource(
        "aws:ec2/route:Route",
        { routeTableId: tables[subnet]!.id, destinationCidrBlock: "0.0.0.0/0", ...to },
        `${subnet}-route`,
    );

export const natRoute = route("private", { natGatewayId: nat.id });
export const publicRoute = route("public", { gatewayId: igw.id });

export const subnetId = (name: keyof typeof subnets): string => subnets[name].id;

const groups = new Map<string, RecordedResource>();
const group = (name: string): RecordedResource => {
    const made = groups.get(name) ?? resource("aws:ec2/securityGroup:SecurityGroup", { vpcId: vpc.id }, name);
    groups.set(name, made);
    return made;
};
export const groupId = (name: string): string => group(name).id;

/** One rule out of, or into, a group. */
export const rule = (
    direction: "Egress" | "Ingress",
    of: string,
    peer: Record<string, unknown>,
    port = 443,
): RecordedResource =>
    resource(
        `aws:vpc/securityGroup${direction}Rule:SecurityGroup${direction}Rule`,
        { securityGroupId: groupId(of), ipProtocol: "tcp", fromPort: port, toPort: port, ...peer },
        `${direction} ${of} ${JSON.stringify(peer)} ${port}`,
    );

/** Rules that let members of one group connect to those of another. */
export const connection = (from: string, to: string, port = 443): RecordedResource[] => [
    rule("Egress", from, { referencedSecurityGroupId: groupId(to) }, port),
    rule("Ingress", to, { referencedSecurityGroupId: groupId(from) }, port),
];

export const toInternet = (from: string, port = 443): RecordedResource =>
    rule("Egress", from, { cidrIpv4: "0.0.0.0/0" }, port);

/** An interface endpoint in the private subnet, behind the group `endpoints`. */
export const endpoint = (service: string, inputs: Record<string, unknown> = {}): RecordedResource =>
    resource(
        "aws:ec2/vpcEndpoint:VpcEndpoint",
        {
            vpcId: vpc.id,
            serviceName: `com.amazonaws.ap-northeast-2.${service}`,
            vpcEndpointType: "Interface",
            subnetIds: [subnets.private.id],
            securityGroupIds: [groupId("endpoints")],
            privateDnsEnabled: true,
            ...inputs,
        },
        service,
    );

/** The gateway endpoint of S3 for these subnets. */
export const s3Gateway = (...names: (keyof typeof subnets)[]): RecordedResource =>
    resource(
        "aws:ec2/vpcEndpoint:VpcEndpoint",
        {
            vpcId: vpc.id,
            serviceName: "com.amazonaws.ap-northeast-2.s3",
            vpcEndpointType: "Gateway",
            routeTableIds: names.map((name) => tables[name]!.id),
        },
        "s3",
    );

/** The network itself, with the groups of these names. */
export const network = (...names: string[]): RecordedResource[] => [
    vpc,
    igw,
    nat,
    ...Object.values(subnets),
    ...Object.values(tables),
    ...Object.keys(subnets).map((name) =>
        resource(
            "aws:ec2/routeTableAssociation:RouteTableAssociation",
            { subnetId: subnets[name as keyof typeof subnets].id, routeTableId: tables[name]!.id },
            name,
        ),
    ),
    publicRoute,
    natRoute,
    ...["caller", "endpoints", ...names].map(group),
];

interface Statement {
    Action: string | string[];
    Resource?: string | string[];
    Condition?: unknown;
}

/** A role with these statements, and its ARN. */
export function role(name: string, ...statements: Statement[]): { arn: string; resources: RecordedResource[] } {
    const made = resource("aws:iam/role:Role", { name }, name);
    const policy = JSON.stringify({
        Version: "2012-10-17",
        Statement: statements.map((statement) => ({ Effect: "Allow", Resource: "*", ...statement })),
    });
    return {
        arn: made.outputs.arn,
        resources: [made, resource("aws:iam/rolePolicy:RolePolicy", { name: "access", role: name, policy }, name)],
    };
}

/** A function in a subnet of the network, in the group `caller`, with a role that allows this. */
export function lambda(
    subnet: keyof typeof subnets,
    statements: Statement[],
    inputs: Record<string, unknown> = {},
): RecordedResource[] {
    const { arn, resources } = role("fn", ...statements);
    return [
        ...resources,
        resource("aws:lambda/function:Function", {
            name: "fn",
            role: arn,
            vpcConfig: { subnetIds: [subnets[subnet].id], securityGroupIds: [groupId("caller")] },
            ...inputs,
        }),
    ];
}

/** An MSK cluster in the isolated subnet, in the group `brokers`. */
export const cluster = (clientAuthentication: unknown = { sasl: { iam: true } }): RecordedResource =>
    resource(
        "aws:msk/cluster:Cluster",
        {
            clusterName: "kafka",
            numberOfBrokerNodes: 2,
            brokerNodeGroupInfo: { clientSubnets: [subnets.isolated.id], securityGroups: [groupId("brokers")] },
            clientAuthentication,
        },
        "kafka",
    );

export const functionArn = "arn:aws:lambda:ap-northeast-2:123456789012:function:fn";

/** A trigger of the function `fn` by that cluster, with what its poller needs, less what a test leaves out. */
export const trigger = (inputs: Record<string, unknown> = {}): RecordedResource =>
    resource("aws:lambda/eventSourceMapping:EventSourceMapping", {
        functionName: functionArn,
        eventSourceArn: cluster().outputs.arn as unknown,
        topics: ["ticks"],
        ...inputs,
    });

/** A service of one task with one container, in the private subnet unless told otherwise. */
export function service(
    container: Record<string, unknown>,
    statements: Statement[] = [],
    networkConfiguration: Record<string, unknown> = {},
): RecordedResource[] {
    const { arn, resources } = role("task", ...statements);
    const definition = resource("aws:ecs/taskDefinition:TaskDefinition", {
        family: "oms",
        networkMode: "awsvpc",
        cpu: "256",
        memory: "512",
        taskRoleArn: arn,
        containerDefinitions: JSON.stringify([{ name: "oms", image: ecrImage, ...container }]),
    });
    return [
        ...resources,
        definition,
        resource(
            "aws:ecs/service:Service",
            {
                name: "oms",
                taskDefinition: definition.outputs.arn as unknown,
                networkConfiguration: {
                    subnets: [subnets.private.id],
                    securityGroups: [groupId("caller")],
                    ...networkConfiguration,
                },
            },
            "oms",
        ),
    ];
}

export const ecrImage = "123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/oms:1";
