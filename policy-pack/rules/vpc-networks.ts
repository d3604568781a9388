import { is, type Rule } from "../core/rule";
import { propertyRule } from "../core/property-rule";
import { groupTypes } from "../graph/security-groups";
import { resourceRule, stackRule, useRule } from "./vpc-rule-kinds";

const routeTypes = [
    "aws:ec2/route:Route",
    "aws:ec2/routeTable:RouteTable",
    "aws:ec2/defaultRouteTable:DefaultRouteTable",
];

/** Rules about VPCs, routes and public addresses. */
export const networkRules: readonly Rule[] = [
    stackRule({
        name: "ec2-vpc-disallow-default",
        description: "Nothing is put into the default VPC.",
        severity: "low",
        category: "network",
        controls: ["VPC-196"],
        remediation: "Make an aws.ec2.Vpc, and set vpcId of security groups to it.",
        check: (stack, check) => {
            for (const resource of stack.ofType(
                "aws:ec2/defaultVpc:DefaultVpc",
                "aws:ec2/defaultSubnet:DefaultSubnet",
            )) {
                check.fail(resource, "id", "the default VPC and its subnets must not be used");
            }
            for (const group of stack.ofType(...groupTypes)) {
                const vpcId = group.props.at("vpcId");
                const isReferred = (group.propertyDependencies["vpcId"] ?? []).length > 0;
                if (!(vpcId.isUnknown && isReferred)) {
                    check.must(
                        group,
                        vpcId,
                        ({ text }) => Boolean(text),
                        "vpcId must be set: the default is the default VPC",
                    );
                }
            }
        },
    }),
    resourceRule({
        name: "ec2-route-disallow-wide-peering",
        description: "Routes to peered VPCs lead to what is needed there, not to everything.",
        severity: "medium",
        category: "network",
        controls: ["VPC-197"],
        types: routeTypes,
        remediation: "Set destinationCidrBlock of routes with a vpcPeeringConnectionId to the subnets that are needed.",
        parameters: {
            minimumPrefixLength: {
                type: "integer",
                minimum: 1,
                maximum: 32,
                description: "Smallest prefix length of IPv4 destinations.",
                default: 20,
            },
            minimumIpv6PrefixLength: {
                type: "integer",
                minimum: 1,
                maximum: 128,
                description: "Smallest prefix length of IPv6 destinations.",
                default: 60,
            },
        },
        check: (resource, check) => {
            const inline = routeTypes.indexOf(resource.type) > 0;
            for (const route of inline ? resource.props.at("routes").items() : [resource.props]) {
                const peering = route.at("vpcPeeringConnectionId");
                if (peering.isAbsent || peering.raw === "") {
                    continue;
                }
                const keys = inline
                    ? ["cidrBlock", "ipv6CidrBlock"]
                    : ["destinationCidrBlock", "destinationIpv6CidrBlock"];
                keys.forEach((key, index) => {
                    const least = check.parameter<number>(
                        index === 0 ? "minimumPrefixLength" : "minimumIpv6PrefixLength",
                    );
                    const destination = route.at(key);
                    if (!destination.isAbsent && destination.raw !== "") {
                        check.must(
                            resource,
                            destination,
                            ({ text = "" }) => Number(text.split("/")[1] ?? 0) >= least,
                            `destinations of peering routes must be /${least} or smaller`,
                        );
                    }
                });
            }
        },
    }),
    useRule({
        name: "ec2-eip-require-use",
        description: "Every public address belongs to something.",
        severity: "low",
        category: "cost",
        controls: ["VPC-198"],
        targets: ["aws:ec2/eip:Eip"],
        own: ["instance", "networkInterface"],
        keys: /^(allocationId|secondaryAllocationIds)$/,
        remediation: "Use the address (allocationId), or remove it.",
        message: "a public address must be used: instance, networkInterface, or the allocationId of something",
    }),
    propertyRule({
        name: "ec2-vpc-require-public-access-block",
        description: "Where the account's block of public access to VPCs is managed, it is on.",
        severity: "medium",
        category: "network",
        controls: ["VPC-199"],
        types: ["aws:ec2/vpcBlockPublicAccessOptions:VpcBlockPublicAccessOptions"],
        path: ["internetGatewayBlockMode"],
        test: is("block-bidirectional", "block-ingress"),
        remediation: "Set internetGatewayBlockMode to block-ingress, or block-bidirectional where nothing goes out.",
        message: "internetGatewayBlockMode must be block-ingress or block-bidirectional",
    }),
];

export const networkInterfaceRule: Rule = propertyRule({
    name: "ec2-network-interface-require-source-check",
    description: "Network interfaces drop traffic that is not their own.",
    severity: "medium",
    category: "network",
    controls: ["VPC-201"],
    types: ["aws:ec2/networkInterface:NetworkInterface", "aws:ec2/instance:Instance"],
    path: ["sourceDestCheck"],
    test: is(undefined, null, true, "true"),
    remediation: "Leave out sourceDestCheck, or set it to true; use a NAT gateway instead of an instance.",
    message: "sourceDestCheck must be true",
});
