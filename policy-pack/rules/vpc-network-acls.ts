import { type Resource } from "../core/resource";
import { type Rule } from "../core/rule";
import { Value } from "../core/value";
import { type GroupRule, includes } from "../graph/security-groups";
import { resourceRule, useRule } from "./vpc-rule-kinds";
import { checkWorld } from "./vpc-world";

const aclTypes = ["aws:ec2/networkAcl:NetworkAcl", "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl"];
const aclRuleType = "aws:ec2/networkAclRule:NetworkAclRule";

/** Rules that a network ACL lets in: those that are written in it, or the one that the resource is. */
function aclRules(resource: Resource): GroupRule[] {
    const { type, props } = resource;
    const one = (rule: Value, action: Value, unsure?: Value): GroupRule[] => {
        const hinge = action.isUnknown ? action : unsure?.isUnknown ? unsure : undefined;
        return action.isUnknown || action.text?.toLowerCase() === "allow"
            ? [
                  {
                      resource,
                      ...(hinge && { unsure: hinge }),
                      protocol: rule.at("protocol"),
                      fromPort: rule.at("fromPort"),
                      toPort: rule.at("toPort"),
                      cidrs: [...rule.at("cidrBlock").items(), ...rule.at("ipv6CidrBlock").items()],
                      prefixLists: [],
                      groups: [],
                      groupProperty: "",
                      self: new Value(false, "self"),
                      description: new Value(undefined, "description"),
                  },
              ]
            : [];
    };
    if (type === aclRuleType) {
        const egress = props.at("egress");
        return egress.raw === true || egress.raw === "true" ? [] : one(props, props.at("ruleAction"), egress);
    }
    return props
        .at("ingress")
        .items()
        .flatMap((rule) => one(rule, rule.at("action")));
}

/** Rules about network ACLs. */
export const networkAclRules: readonly Rule[] = [
    resourceRule({
        name: "ec2-network-acl-disallow-public-administration",
        description: "Network ACLs let no FTP, SSH or RDP in from the internet.",
        severity: "medium",
        category: "network",
        controls: ["VPC-192"],
        types: [...aclTypes, aclRuleType],
        remediation: "Deny ports 20, 21, 22 and 3389, or allow only ranges without them, for 0.0.0.0/0 and ::/0.",
        check: (resource, check) => {
            checkWorld(
                aclRules(resource),
                check,
                (range) => [20, 21, 22, 3389].some((port) => includes(range, port)),
                (cidr) => `ingress from ${cidr} must not include ports 20, 21, 22 and 3389`,
            );
        },
    }),
    useRule({
        name: "ec2-network-acl-require-use",
        description: "Every network ACL belongs to a subnet.",
        severity: "low",
        category: "cost",
        controls: ["VPC-193"],
        targets: ["aws:ec2/networkAcl:NetworkAcl"],
        own: ["subnetIds"],
        except: [aclRuleType],
        keys: /^networkAclId$/,
        remediation: "Set subnetIds, add an aws.ec2.NetworkAclAssociation, or remove the ACL.",
        message: "a network ACL must have subnets: subnetIds, or an association",
    }),
];
