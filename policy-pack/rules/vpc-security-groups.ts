import { type Check, type Rule } from "../core/rule";
import { type Value } from "../core/value";
import {
    type Direction,
    groupAndRuleTypes,
    GroupGraph,
    includes,
    isWithin,
    rulesIn,
    ruleTypes,
} from "../graph/security-groups";
import { resourceRule, satelliteRule, useRule } from "./vpc-rule-kinds";
import { checkWorld } from "./vpc-world";

// Remote administration, file sharing, databases, caches, brokers and their consoles.
const highRiskPorts = [
    20, 21, 22, 23, 25, 110, 111, 135, 137, 138, 139, 143, 445, 1433, 1434, 1521, 2049, 2181, 2375, 2379, 3000, 3306,
    3389, 4333, 5000, 5432, 5500, 5601, 5900, 5984, 6379, 6380, 8020, 8080, 8088, 8888, 9042, 9092, 9094, 9096, 9098,
    9200, 9300, 11211, 14001, 14002, 27017, 27018,
];

const portParameter = (description: string, ports: number[]) => ({
    allowedPorts: {
        type: "array",
        items: { type: "integer", minimum: 0, maximum: 65535 },
        description,
        default: ports,
    },
});

const allowedPorts = (check: Check): number[] => check.parameter<number[]>("allowedPorts");

/** Whether a text describes something: Pulumi's and Terraform's own fillers do not. */
const describes = (value: Value): boolean =>
    value.text !== undefined && value.text.trim() !== "" && !/^managed by (pulumi|terraform)$/i.test(value.text.trim());

/** Rules about security groups, the default one of each VPC among them. */
export const securityGroupRules: readonly Rule[] = [
    resourceRule({
        name: "ec2-security-group-disallow-public-ingress",
        description: "Security groups let the internet in on declared ports only.",
        severity: "critical",
        category: "network",
        controls: ["VPC-183", "VPC-184"],
        types: groupAndRuleTypes,
        remediation:
            "Let security groups in (referencedSecurityGroupId) or address ranges of one's own instead of 0.0.0.0/0 and " +
            "::/0, or declare the port in allowedPorts.",
        parameters: portParameter("Ports that the internet may reach.", []),
        check: (resource, check) => {
            const ports = allowedPorts(check);
            checkWorld(
                rulesIn(resource, "ingress"),
                check,
                (range) => !isWithin(range, ports),
                (cidr) => `ingress from ${cidr} must be on declared ports only (${ports.join(", ") || "none"})`,
            );
        },
    }),
    resourceRule({
        name: "ec2-security-group-disallow-public-high-risk-ports",
        description: "No port of remote administration, of a database, cache or broker is open to the internet.",
        severity: "critical",
        category: "network",
        controls: ["VPC-181", "VPC-182", "VPC-184", "RDS-099"],
        types: groupAndRuleTypes,
        remediation:
            "Remove 0.0.0.0/0 and ::/0 from ingress that has such a port (22, 3389, 5432, 6379, 9098 and the like); use " +
            "Session Manager for administration, and security groups for services.",
        check: (resource, check) => {
            checkWorld(
                rulesIn(resource, "ingress"),
                check,
                (range) => highRiskPorts.some((port) => includes(range, port)),
                (cidr) => `ingress from ${cidr} must not include ports of administration or data stores`,
            );
        },
    }),
    resourceRule({
        name: "ec2-security-group-disallow-open-egress",
        description: "Security groups let traffic out to the internet on listed ports only.",
        severity: "medium",
        category: "network",
        controls: ["VPC-185"],
        types: groupAndRuleTypes,
        remediation:
            "Write egress by group or prefix list; where it must go to 0.0.0.0/0 or ::/0, set ipProtocol tcp and one " +
            "port of allowedPorts.",
        parameters: portParameter(
            "Ports that may be reached on the internet: HTTPS, and REST and WebSocket of the broker, live and paper.",
            [443, 9443, 21000, 29443, 31000],
        ),
        check: (resource, check) => {
            const ports = allowedPorts(check);
            checkWorld(
                rulesIn(resource, "egress"),
                check,
                (range) => !isWithin(range, ports),
                (cidr) => `egress to ${cidr} must be on allowed ports only (${ports.join(", ") || "none"})`,
            );
        },
    }),
    resourceRule({
        name: "ec2-security-group-require-description",
        description: "Security groups and each of their rules say what they are for.",
        severity: "low",
        category: "tagging",
        controls: ["VPC-186"],
        types: ["aws:ec2/securityGroup:SecurityGroup", ...ruleTypes],
        remediation: "Set description to what the group, or the rule, is for.",
        check: (resource, check) => {
            const own = ruleTypes.includes(resource.type) ? [] : [resource.props.at("description")];
            const directions: Direction[] = ["ingress", "egress"];
            const rules = directions.flatMap((direction) => rulesIn(resource, direction));
            const written = rules.map(({ description }) => description);
            // A rule whose direction is unknown stands in both.
            const unique = new Map([...own, ...written].map((value) => [value.path, value]));
            for (const value of unique.values()) {
                check.must(resource, value, describes, "description must say what this is for");
            }
        },
    }),
    useRule({
        name: "ec2-security-group-require-use",
        description: "Security groups that let anybody in belong to something, or stand in the rules of another group.",
        severity: "low",
        category: "cost",
        controls: ["VPC-187"],
        targets: ["aws:ec2/securityGroup:SecurityGroup"],
        except: groupAndRuleTypes,
        // What it will be for may come later: a service without an image yet.
        isHarmless: (group, stack) => GroupGraph.of(stack).ingress.every(({ to }) => to !== group),
        peers: /^(referencedSecurityGroupId|sourceSecurityGroupId|ingress|egress)$/,
        keys: /securityGroups?(Ids?)?$/i,
        remediation: "Remove the group, or name it in securityGroups of what it is for.",
        message: "a security group must be used by a resource of the stack",
    }),
    resourceRule({
        name: "ec2-default-security-group-disallow-rules",
        description: "The default security group of a VPC has no rules.",
        severity: "high",
        category: "network",
        controls: ["VPC-188"],
        types: ["aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"],
        remediation: "Set ingress and egress of the DefaultSecurityGroup to empty lists, and make groups of one's own.",
        check: (resource, check) => {
            for (const direction of ["ingress", "egress"]) {
                check.must(
                    resource,
                    resource.props.at(direction),
                    (rules) => rules.items().length === 0,
                    `${direction} of the default security group must be empty`,
                );
            }
        },
    }),
    satelliteRule({
        name: "ec2-vpc-require-closed-default-security-group",
        description: "Every VPC has its default security group taken over, which removes the rules that AWS gives it.",
        severity: "high",
        category: "network",
        controls: ["VPC-188"],
        targets: ["aws:ec2/vpc:Vpc"],
        satellites: ["aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"],
        property: "vpcId",
        remediation: "Add an aws.ec2.DefaultSecurityGroup with the VPC's vpcId and empty ingress and egress.",
        message: "a VPC must have an aws.ec2.DefaultSecurityGroup without rules",
    }),
];
