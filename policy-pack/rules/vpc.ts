import { type Rule } from "../core/rule";
import { endpointRules } from "./vpc-endpoints";
import { flowLogRules } from "./vpc-flow-logs";
import { networkAclRules } from "./vpc-network-acls";
import { networkInterfaceRule, networkRules } from "./vpc-networks";
import { securityGroupRules } from "./vpc-security-groups";
import { zoneRules } from "./vpc-zones";

/** Rules about VPCs, security groups, network ACLs, routes, endpoints and zones. */
export const vpcRules: readonly Rule[] = [
    ...securityGroupRules,
    ...flowLogRules,
    ...networkAclRules,
    ...endpointRules,
    ...networkRules,
    ...zoneRules,
    networkInterfaceRule,
];

/** Controls of this share that are not enforced, and why. */
export const vpcNotApplicable: Readonly<Record<string, string>> = {};
