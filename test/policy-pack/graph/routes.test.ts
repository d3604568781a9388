import assert from "node:assert/strict";
import { evaluate } from "../../../policy-pack/core/evaluate";
import { type Resource, Stack } from "../../../policy-pack/core/resource";
import { unknownText, Value } from "../../../policy-pack/core/value";
import { reachabilityRules } from "../../../policy-pack/rules/reachability";
import { vpcRules } from "../../../policy-pack/rules/vpc";

const component = "urn:pulumi:dev::aipx::awsx:ec2:Vpc::network";

/** A VPC that a remote component has made: others refer to the component, not to what it has. */
function network(publicSubnets: number, isolatedSubnets: number, others: Partial<Resource>[]): Stack {
    const child = (type: string, name: string, props: unknown, parent = component): Resource => ({
        urn: `urn:pulumi:dev::aipx::${type}::${name}`,
        type,
        name,
        props: new Value(props, ""),
        options: {},
        parent,
        dependencies: [],
        propertyDependencies: {},
    });
    const subnets = Array.from({ length: publicSubnets + isolatedSubnets }, (_none, n) => {
        const table = child("aws:ec2/routeTable:RouteTable", `table-${n}`, {
            routes: n < publicSubnets ? [{ cidrBlock: "0.0.0.0/0", gatewayId: "igw-1" }] : [],
        });
        const subnet = child("aws:ec2/subnet:Subnet", `subnet-${n}`, {});
        const association = child("aws:ec2/routeTableAssociation:RouteTableAssociation", `association-${n}`, {});
        association.propertyDependencies = { subnetId: [subnet.urn], routeTableId: [table.urn] };
        return [table, subnet, association];
    });
    const own = { ...child("awsx:ec2:Vpc", "network", {}), urn: component };
    delete own.parent;
    return new Stack([
        own,
        child("aws:ec2/vpc:Vpc", "network", {}),
        ...subnets.flat(),
        ...others.map((other, n) => ({ ...child(other.type ?? "", `other-${n}`, {}), ...other })),
    ]);
}

const outcomes = (name: string, stack: Stack): string[] => {
    const rules = [...reachabilityRules, ...vpcRules].filter((rule) => rule.name === name);
    assert.equal(rules.length, 1);
    return evaluate(rules, stack).flatMap(({ findings }) => findings.map(({ outcome, path }) => `${outcome} ${path}`));
};

const subnetGroup: Partial<Resource> = {
    type: "aws:rds/subnetGroup:SubnetGroup",
    props: new Value({ subnetIds: unknownText }, ""),
    propertyDependencies: { subnetIds: [component] },
};

describe("a network made by a component", () => {
    it("judges subnets that nothing is known of by all that the component has", () => {
        const rule = "ec2-subnet-disallow-public-data-store";
        assert.deepEqual(outcomes(rule, network(0, 2, [subnetGroup])), []);
        assert.deepEqual(outcomes(rule, network(2, 0, [subnetGroup])), ["fail subnetIds"]);
        assert.deepEqual(outcomes(rule, network(1, 1, [subnetGroup])), ["undetermined subnetIds"]);
    });

    it("joins flow logs with the only VPC that the component has", () => {
        const flowLog: Partial<Resource> = {
            type: "aws:ec2/flowLog:FlowLog",
            props: new Value({ vpcId: unknownText }, ""),
            propertyDependencies: { vpcId: [component] },
        };
        assert.deepEqual(outcomes("ec2-vpc-require-flow-log", network(1, 1, [flowLog])), []);
        assert.deepEqual(outcomes("ec2-vpc-require-flow-log", network(1, 1, [])), ["fail id"]);
    });

    it("learns ids from resources that refer to what they name", () => {
        const stack = network(1, 1, [
            { ...subnetGroup, props: new Value({ subnetIds: ["subnet-a"] }, "") },
            {
                type: "aws:ec2/natGateway:NatGateway",
                props: new Value({ subnetId: "subnet-a" }, ""),
                propertyDependencies: { subnetId: ["urn:pulumi:dev::aipx::aws:ec2/subnet:Subnet::subnet-0"] },
            },
        ]);
        assert.deepEqual(outcomes("ec2-subnet-disallow-public-data-store", stack), ["fail subnetIds"]);
    });
});

describe("rules about networks", () => {
    it("survive whatever the properties are", () => {
        const odd = [
            null,
            5,
            "",
            "x",
            true,
            [],
            [null],
            [5],
            [[]],
            {},
            { a: null },
            unknownText,
            [unknownText],
            "{",
            "null",
        ];
        const types = [...new Set(vpcRules.flatMap((rule) => (rule.kind === "resource" ? rule.types : [])))];
        const keys = ["ingress", "egress", "routes", "policy", "subnetIds", "vpcConfig", "securityGroupId", "cidrIpv4"];
        for (const value of odd) {
            const props = new Value(Object.fromEntries(keys.map((key) => [key, value])), "");
            const others = [...types, "aws:ec2/vpcEndpoint:VpcEndpoint", "aws:msk/cluster:Cluster"];
            const stack = network(
                1,
                1,
                others.map((type) => ({ type, props })),
            );
            assert.doesNotThrow(() => evaluate([...vpcRules, ...reachabilityRules], stack));
        }
    });
});
