import assert from "node:assert/strict";
import { type Access } from "../../../components/building-blocks";
import { Network, type NetworkArgs } from "../../../components/network";
import { type Recording } from "../../../plan/recording";
import { statement, statements } from "../../support/policy";
import { find, names, ofType, record } from "../../support/record";
import { account, arn, scope } from "../data-layer/fixture";

const args = (changes: Partial<NetworkArgs> = {}): NetworkArgs => ({
    scope: scope(),
    cidrBlock: "10.0.0.0/16",
    availabilityZones: ["ap-northeast-2a", "ap-northeast-2c"],
    natGateways: "single",
    interfaceEndpoints: ["ecr.api", "lambda"],
    logs: { retentionDays: 7, keyArn: "arn:key" },
    ...changes,
});

describe("Network", () => {
    let network: Network;
    let recording: Recording;

    before(async () => {
        recording = await record(() => {
            network = new Network("network", args());
        });
    });

    it("has these names", () => {
        const perSubnet = (type: string, kinds: string[]): string[] =>
            kinds.flatMap((kind) => [1, 2].map((zone) => `${type}::network-${kind}-${zone}`));
        const kinds = ["isolated", "private", "public"];
        assert.deepEqual(names(recording), [
            "aipx:buildingblocks:ServiceRole::network-flow-logs",
            "aipx:buildingblocks:ServiceSecurityGroup::network-endpoints",
            "aipx:network:Network::network",
            "aws:cloudwatch/logGroup:LogGroup::network-flow-logs",
            "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup::network",
            "aws:ec2/eip:Eip::network-1",
            "aws:ec2/flowLog:FlowLog::network-flow-logs",
            "aws:ec2/internetGateway:InternetGateway::network",
            "aws:ec2/natGateway:NatGateway::network-1",
            ...perSubnet("aws:ec2/route:Route", ["private", "public"]),
            ...perSubnet("aws:ec2/routeTable:RouteTable", kinds),
            ...perSubnet("aws:ec2/routeTableAssociation:RouteTableAssociation", kinds),
            "aws:ec2/securityGroup:SecurityGroup::network-endpoints",
            ...perSubnet("aws:ec2/subnet:Subnet", kinds),
            "aws:ec2/vpc:Vpc::network",
            "aws:ec2/vpcEndpoint:VpcEndpoint::network-dynamodb",
            "aws:ec2/vpcEndpoint:VpcEndpoint::network-ecr-api",
            "aws:ec2/vpcEndpoint:VpcEndpoint::network-lambda",
            "aws:ec2/vpcEndpoint:VpcEndpoint::network-s3",
            "aws:iam/role:Role::network-flow-logs",
            "aws:iam/rolePolicy:RolePolicy::network-flow-logs",
            "aws:ssm/parameter:Parameter::network-layout",
            "awsx:ec2:Vpc::network",
        ]);
    });

    it("asks awsx for this VPC", () => {
        assert.deepEqual(find(recording, "awsx:ec2:Vpc", "network").inputs, {
            cidrBlock: "10.0.0.0/16",
            availabilityZoneNames: ["ap-northeast-2a", "ap-northeast-2c"],
            subnetStrategy: "Auto",
            subnetSpecs: [
                { type: "Public", cidrMask: 24 },
                { type: "Private", cidrMask: 20 },
                { type: "Isolated", cidrMask: 24 },
            ],
            natGateways: { strategy: "Single" },
            enableDnsHostnames: true,
            enableDnsSupport: true,
            tags: { component: "network" },
        });
    });

    it("makes a NAT gateway in each zone if asked", async () => {
        const three = await record(() => {
            const zones = ["ap-northeast-2a", "ap-northeast-2b", "ap-northeast-2c"];
            const { natGatewayIds } = new Network(
                "network",
                args({ natGateways: "one-per-zone", availabilityZones: zones }),
            );
            return { natGatewayIds };
        });
        const gateways = ofType(three, "aws:ec2/natGateway:NatGateway").map(({ id }) => id);
        assert.equal(gateways.length, 3);
        assert.deepEqual(three.outputs.natGatewayIds, gateways);
    });

    it("hands out the one NAT gateway there is", async () => {
        const one = await record(() => ({ natGatewayIds: new Network("network", args()).natGatewayIds }));
        assert.deepEqual(one.outputs.natGatewayIds, [find(one, "aws:ec2/natGateway:NatGateway", "network-1").id]);
    });

    it("empties the default security group", () => {
        const { inputs } = find(recording, "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "network");
        assert.deepEqual([inputs.ingress, inputs.egress], [[], []]);
        assert.equal(inputs.vpcId, find(recording, "aws:ec2/vpc:Vpc", "network").id);
    });

    it("reaches S3 from every subnet by the gateway endpoint, and only buckets of the account and image layers", () => {
        const { inputs, id } = find(recording, "aws:ec2/vpcEndpoint:VpcEndpoint", "network-s3");
        assert.equal(inputs.vpcEndpointType, "Gateway");
        assert.equal(inputs.serviceName, "com.amazonaws.ap-northeast-2.s3");
        assert.deepEqual(
            [...(inputs.routeTableIds as string[])].sort(),
            ofType(recording, "aws:ec2/routeTable:RouteTable")
                .map((table) => table.id)
                .sort(),
        );
        assert.deepEqual(
            statements(inputs.policy as string).map(({ Sid }) => Sid),
            ["OwnBuckets", "ImageLayers"],
        );
        assert.deepEqual(statement(inputs.policy as string, "OwnBuckets").Condition, {
            StringEquals: { "aws:PrincipalAccount": account, "aws:ResourceAccount": account },
        });
        const layers = statement(inputs.policy as string, "ImageLayers");
        assert.equal(layers.Action, "s3:GetObject");
        assert.equal(layers.Resource, "arn:aws:s3:::prod-ap-northeast-2-starport-layer-bucket/*");
        assert.ok(id);
        assert.deepEqual(
            network.s3.connections.map(({ kind, name, port }) => ({ kind, name, port })),
            [{ kind: "prefix-list", name: "s3", port: 443 }],
        );
    });

    it("reaches DynamoDB from every subnet by the gateway endpoint, and only tables of the account", () => {
        const { inputs } = find(recording, "aws:ec2/vpcEndpoint:VpcEndpoint", "network-dynamodb");
        assert.equal(inputs.vpcEndpointType, "Gateway");
        assert.equal(inputs.serviceName, "com.amazonaws.ap-northeast-2.dynamodb");
        assert.deepEqual(
            [...(inputs.routeTableIds as string[])].sort(),
            ofType(recording, "aws:ec2/routeTable:RouteTable")
                .map((table) => table.id)
                .sort(),
        );
        const [only, ...others] = statements(inputs.policy as string);
        assert.deepEqual(others, []);
        assert.deepEqual(only, {
            Sid: "OwnTables",
            Effect: "Allow",
            Principal: "*",
            Action: "dynamodb:*",
            Resource: "*",
            Condition: { StringEquals: { "aws:PrincipalAccount": account, "aws:ResourceAccount": account } },
        });
        assert.deepEqual(
            network.dynamodb.connections.map(({ kind, name, port }) => ({ kind, name, port })),
            [{ kind: "prefix-list", name: "dynamodb", port: 443 }],
        );
        assert.equal(network.dynamodb.dependsOn.length, 1);
    });

    it("puts interface endpoints into the private subnets, with private names, behind one group", () => {
        const subnets = [1, 2].map((zone) => find(recording, "aws:ec2/subnet:Subnet", `network-private-${zone}`).id);
        const group = find(recording, "aws:ec2/securityGroup:SecurityGroup", "network-endpoints").id;
        for (const [name, service] of [
            ["network-ecr-api", "ecr.api"],
            ["network-lambda", "lambda"],
        ] as const) {
            const { inputs } = find(recording, "aws:ec2/vpcEndpoint:VpcEndpoint", name);
            assert.equal(inputs.serviceName, `com.amazonaws.ap-northeast-2.${service}`);
            assert.equal(inputs.vpcEndpointType, "Interface");
            assert.equal(inputs.privateDnsEnabled, true);
            assert.deepEqual(inputs.subnetIds, subnets);
            assert.deepEqual(inputs.securityGroupIds, [group]);
            assert.deepEqual(
                statements(inputs.policy as string).map(({ Condition }) => Condition),
                [
                    { StringEquals: { "aws:PrincipalAccount": account } },
                    { Bool: { "aws:PrincipalIsAWSService": "true" } },
                ],
            );
        }
    });

    it("tells where AWS's APIs are", () => {
        const shape = ({ connections }: Access): unknown[] =>
            connections.map((connection) => [connection.kind, connection.name, connection.port]);
        assert.deepEqual(shape(network.endpoint("lambda")), [["security-group", "aws-endpoints", 443]]);
        assert.deepEqual(shape(network.endpoint("s3")), [["prefix-list", "s3", 443]]);
        assert.deepEqual(shape(network.endpoint("sqs")), []);
        assert.deepEqual(shape(network.awsApis), [
            ["security-group", "aws-endpoints", 443],
            ["internet", "internet-https", 443],
        ]);
        assert.equal(network.awsApis.dependsOn.length, 2);
    });

    it("has no endpoint group and an empty access without interface endpoints", async () => {
        let without!: Network;
        const recorded = await record(() => {
            without = new Network("network", args({ interfaceEndpoints: [] }));
        });
        assert.equal(ofType(recorded, "aws:ec2/securityGroup:SecurityGroup").length, 0);
        assert.deepEqual(without.endpoint("sts"), { statements: [], connections: [], environment: {}, dependsOn: [] });
        assert.deepEqual(
            without.awsApis.connections.map(({ name }) => name),
            ["internet-https"],
        );
    });

    it("logs all flows, with retention and key, by a role that writes nowhere else", () => {
        const group = find(recording, "aws:cloudwatch/logGroup:LogGroup", "network-flow-logs");
        assert.deepEqual(group.inputs, {
            name: "/aipx/dev/network/flow-logs",
            retentionInDays: 7,
            kmsKeyId: "arn:key",
            tags: { component: "network" },
        });
        const { inputs } = find(recording, "aws:ec2/flowLog:FlowLog", "network-flow-logs");
        assert.equal(inputs.trafficType, "ALL");
        assert.equal(inputs.maxAggregationInterval, 600);
        assert.equal(inputs.logDestination, group.outputs.arn);
        const role = find(recording, "aws:iam/role:Role", "network-flow-logs");
        assert.equal(inputs.iamRoleArn, role.outputs.arn);
        assert.deepEqual(statement(role.inputs.assumeRolePolicy as string, "Trust").Condition, {
            StringEquals: { "aws:SourceAccount": account },
            ArnLike: { "aws:SourceArn": arn("ec2", "vpc-flow-log/*") },
        });
        const policy = find(recording, "aws:iam/rolePolicy:RolePolicy", "network-flow-logs").inputs.policy as string;
        assert.deepEqual(statement(policy, "WriteLogs").Resource, [
            arn("logs", "log-group:/aipx/dev/network/flow-logs"),
            arn("logs", "log-group:/aipx/dev/network/flow-logs:*"),
        ]);
        assert.deepEqual(
            statements(policy)
                .filter(({ Resource }) => Resource === "*")
                .map(({ Action }) => Action),
            ["logs:DescribeLogGroups"],
        );
    });

    it("refuses one zone, or four", async () => {
        const four = ["a", "b", "c", "d"].map((zone) => `ap-northeast-2${zone}`);
        for (const availabilityZones of [["ap-northeast-2a"], four]) {
            const made = record(() => void new Network("network", args({ availabilityZones })));
            await assert.rejects(made, {
                message: `Network: availabilityZones are ${availabilityZones.join(", ")}; there must be 2 or 3`,
            });
        }
    });
});
