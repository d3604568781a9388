import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import { expandVpc } from "../../plan/awsx-vpc";
import { find, ofType, record, type RecordedResource, typeAndName } from "../support/record";

/**
 * What the real provider of awsx 3.9.0 was seen to make: type, name, parent and inputs of each child, physical ids replaced
 * by `ref <type>::<name>`.
 */
const seen = JSON.parse(readFileSync(path.join(__dirname, "fixtures", "awsx-vpc.json"), "utf8")) as Record<
    string,
    {
        args: awsx.ec2.VpcArgs;
        children: [type: string, name: string, parent: string, inputs: Record<string, unknown>][];
    }
>;

const args: awsx.ec2.VpcArgs = {
    cidrBlock: "10.0.0.0/16",
    availabilityZoneNames: ["ap-northeast-2a", "ap-northeast-2c"],
    subnetStrategy: "Auto",
    subnetSpecs: [
        { type: "Public", cidrMask: 24 },
        { type: "Private", cidrMask: 20 },
        { type: "Isolated", cidrMask: 24 },
    ],
};

describe("the expansion of awsx.ec2.Vpc", () => {
    for (const [name, { args, children }] of Object.entries(seen)) {
        it(`makes what awsx makes: ${name} zones`, async () => {
            const { resources } = await record(() => new awsx.ec2.Vpc(name, args));
            const byId = new Map(resources.map((resource) => [resource.id, resource]));
            const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
            const withReferences = (inputs: RecordedResource["inputs"]): Record<string, unknown> =>
                Object.fromEntries(
                    Object.entries(inputs).map(([input, value]) => {
                        const target = typeof value === "string" && value !== "" ? byId.get(value) : undefined;
                        return [input, target ? `ref ${typeAndName(target)}` : value];
                    }),
                );
            const made = resources
                .filter(({ kind }) => kind === "custom")
                .map(({ type, name, parent, inputs }) => [
                    type,
                    name,
                    typeAndName(byUrn.get(parent!)!),
                    withReferences(inputs),
                ])
                .sort(([a, b], [c, d]) => (`${a as string} ${b as string}` < `${c as string} ${d as string}` ? -1 : 1));
            assert.deepEqual(made, children);
        });
    }

    it("gives the outputs that awsx gives, ids and resources alike", async () => {
        const recording = await record(() => {
            const vpc = new awsx.ec2.Vpc("n", { ...args, natGateways: { strategy: "OnePerAz" } });
            const ids = (resources: pulumi.Output<pulumi.CustomResource[]>): pulumi.Output<string[]> =>
                resources.apply((all) => pulumi.all(all.map(({ id }) => id)));
            return {
                ids: [vpc.vpcId, vpc.publicSubnetIds, vpc.privateSubnetIds, vpc.isolatedSubnetIds],
                vpc: vpc.vpc.id,
                defaultSecurityGroupId: vpc.vpc.defaultSecurityGroupId,
                internetGateway: vpc.internetGateway.id,
                subnets: ids(vpc.subnets),
                privateSubnets: ids(vpc.privateSubnets),
                routeTables: ids(vpc.routeTables),
                natGateways: ids(vpc.natGateways),
                addresses: vpc.eips.apply((eips) => pulumi.all(eips.map(({ publicIp }) => publicIp))),
            };
        });
        const vpc = find(recording, "aws:ec2/vpc:Vpc", "n");
        const idsOf = (type: string, names?: string[]): string[] =>
            names ? names.map((name) => find(recording, type, name).id) : ofType(recording, type).map(({ id }) => id);
        const subnet = "aws:ec2/subnet:Subnet";
        assert.deepEqual(recording.outputs, {
            ids: [
                vpc.id,
                idsOf(subnet, ["n-public-1", "n-public-2"]),
                idsOf(subnet, ["n-private-1", "n-private-2"]),
                idsOf(subnet, ["n-isolated-1", "n-isolated-2"]),
            ],
            vpc: vpc.id,
            defaultSecurityGroupId: vpc.outputs.defaultSecurityGroupId,
            internetGateway: find(recording, "aws:ec2/internetGateway:InternetGateway", "n").id,
            subnets: idsOf(subnet),
            privateSubnets: idsOf(subnet, ["n-private-1", "n-private-2"]),
            routeTables: idsOf("aws:ec2/routeTable:RouteTable"),
            natGateways: idsOf("aws:ec2/natGateway:NatGateway", ["n-1", "n-2"]),
            addresses: ofType(recording, "aws:ec2/eip:Eip").map(({ outputs }) => outputs.publicIp as string),
        });
        assert.match(vpc.id, /^vpc-[0-9a-f]{17}$/);
    });

    it("makes no NAT gateway and no way out of private subnets when told so", async () => {
        const recording = await record(() => new awsx.ec2.Vpc("n", { ...args, natGateways: { strategy: "None" } }));
        assert.deepEqual(ofType(recording, "aws:ec2/natGateway:NatGateway"), []);
        assert.deepEqual(
            ofType(recording, "aws:ec2/route:Route").map(({ name }) => name),
            ["n-public-1", "n-public-2"],
        );
    });

    it("puts the component's tags on everything, and its protection and provider", async () => {
        const recording = await record(
            () => new awsx.ec2.Vpc("n", { ...args, tags: { component: "network" } }, { protect: true }),
        );
        const taggable = recording.resources.filter(({ inputs, kind }) => kind === "custom" && "tags" in inputs);
        assert.equal(taggable.length, 18);
        for (const { inputs, options } of taggable) {
            assert.equal(inputs.tags.component, "network");
            assert.deepEqual(options, { protect: true });
        }
    });

    const unknown: Record<string, [Record<string, unknown>, RegExp]> = {
        "another layout": [{ subnetStrategy: "Legacy" }, /subnetStrategy Legacy is not known/],
        "the default layout": [{ subnetStrategy: undefined }, /subnetStrategy Legacy is not known/],
        "zones by number": [{ availabilityZoneNames: undefined }, /a VPC without availabilityZoneNames/],
        "default subnets": [{ subnetSpecs: undefined }, /a VPC without subnetSpecs/],
        "subnets by size": [{ subnetSpecs: [{ type: "Public", size: 256 }] }, /subnetSpecs\[\].size is not known/],
        "subnets without size": [{ subnetSpecs: [{ type: "Public" }] }, /a subnet without cidrMask is not known/],
        "unused subnets": [{ subnetSpecs: [{ type: "Unused", cidrMask: 24 }] }, /subnet type "Unused" is not known/],
        "own addresses for NAT": [
            { natGateways: { strategy: "Single", elasticIpAllocationIds: [] } },
            /natGateways.elasticIpAllocationIds is/,
        ],
        "another NAT strategy": [{ natGateways: { strategy: "Many" } }, /natGateways.strategy "Many" is not known/],
        "NAT without public subnets": [
            { subnetSpecs: [{ type: "Private", cidrMask: 24 }] },
            /a NAT gateway without a public subnet/,
        ],
        endpoints: [{ vpcEndpointSpecs: [{ serviceName: "s3" }] }, /vpcEndpointSpecs is not known to the offline plan/],
        "subnets that do not fit": [
            { cidrBlock: "10.0.0.0/19" },
            /the Private subnets \(\/20\) do not fit into 10.0.0.0\/19/,
        ],
    };
    for (const [name, [change, message]] of Object.entries(unknown)) {
        it(`refuses ${name}`, () => {
            const changed = Object.fromEntries(
                Object.entries({ ...args, ...change }).filter(([, value]) => value !== undefined),
            );
            assert.throws(() => expandVpc("n", changed), message);
        });
    }
});
