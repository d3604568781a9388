import { is, type Rule } from "../core/rule";
import { propertyRule } from "../core/property-rule";
import { vpcTypes } from "../graph/routes";
import { satelliteRule } from "./vpc-rule-kinds";

/** Rules about flow logs. */
export const flowLogRules: readonly Rule[] = [
    satelliteRule({
        name: "ec2-vpc-require-flow-log",
        description: "Every VPC has a flow log.",
        severity: "medium",
        category: "logging",
        controls: ["VPC-189"],
        targets: vpcTypes,
        satellites: ["aws:ec2/flowLog:FlowLog"],
        property: "vpcId",
        remediation: "Add an aws.ec2.FlowLog with the VPC's vpcId and trafficType ALL.",
        message: "a VPC must have an aws.ec2.FlowLog with its vpcId",
    }),
    propertyRule({
        name: "ec2-flow-log-require-all-traffic",
        description: "Flow logs record accepted and refused traffic.",
        severity: "medium",
        category: "logging",
        controls: ["VPC-189"],
        types: ["aws:ec2/flowLog:FlowLog"],
        path: ["trafficType"],
        // Flow logs of transit gateways have no such choice.
        when: ({ props }) => props.at("transitGatewayId").isAbsent && props.at("transitGatewayAttachmentId").isAbsent,
        test: is("ALL"),
        remediation: "Set trafficType to ALL.",
        message: "trafficType must be ALL",
    }),
];
