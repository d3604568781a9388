import { type Resource, type Stack } from "../core/resource";
import {
    type Category,
    type Check,
    is,
    type ResourceRule,
    type Rule,
    type Severity,
    type StackRule,
} from "../core/rule";
import { propertyRule } from "../core/simple";
import { parseJson, Value, valuesByKey } from "../core/value";
import { NetworkGraph, vpcTypes } from "../graph/routes";
import {
    type Direction,
    type GroupRule,
    groupAndRuleTypes,
    GroupGraph,
    groupTypes,
    includes,
    isWithin,
    isWorld,
    type PortRange,
    portsOf,
    rulesIn,
    ruleTypes,
} from "../graph/security-groups";

const routeTypes = [
    "aws:ec2/route:Route",
    "aws:ec2/routeTable:RouteTable",
    "aws:ec2/defaultRouteTable:DefaultRouteTable",
];
const aclTypes = ["aws:ec2/networkAcl:NetworkAcl", "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl"];
const aclRuleType = "aws:ec2/networkAclRule:NetworkAclRule";
const endpointType = "aws:ec2/vpcEndpoint:VpcEndpoint";
const endpointPolicyType = "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy";

// Remote administration, file sharing, databases, caches, brokers and their consoles.
const highRiskPorts = [
    20, 21, 22, 23, 25, 110, 111, 135, 137, 138, 139, 143, 445, 1433, 1434, 1521, 2049, 2181, 2375, 2379, 3000, 3306,
    3389, 4333, 5000, 5432, 5500, 5601, 5900, 5984, 6379, 6380, 8020, 8080, 8088, 8888, 9042, 9092, 9094, 9096, 9098,
    9200, 9300, 11211, 14001, 14002, 27017, 27018,
];

/** Rules that open some ports, which `bad` judges, to the internet. Unknown ranges and ports are undetermined. */
function checkWorld(
    rules: GroupRule[],
    check: Check,
    bad: (ports: PortRange) => boolean,
    message: (cidr: string) => string,
): void {
    for (const rule of rules) {
        const cidr = rule.cidrs.find(isWorld) ?? rule.cidrs.find(({ isUnknown }) => isUnknown);
        const ports = portsOf(rule);
        if (!cidr || ports === "none" || (!(ports instanceof Value) && !bad(ports))) {
            continue;
        }
        const unknown = cidr.isUnknown ? cidr : ports instanceof Value ? ports : rule.unsure;
        if (unknown) {
            check.undetermined(rule.resource, unknown);
        } else {
            check.fail(rule.resource, cidr, message(cidr.written));
        }
    }
}

const portParameter = (description: string, ports: number[]) => ({
    allowedPorts: {
        type: "array",
        items: { type: "integer", minimum: 0, maximum: 65535 },
        description,
        default: ports,
    },
});

const allowedPorts = (check: Check): number[] => check.parameter<number[]>("allowedPorts");

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

/** Whether a text describes something: Pulumi's and Terraform's own fillers do not. */
const describes = (value: Value): boolean =>
    value.text !== undefined && value.text.trim() !== "" && !/^managed by (pulumi|terraform)$/i.test(value.text.trim());

interface Info {
    name: string;
    description: string;
    severity: Severity;
    category: Category;
    controls: readonly string[];
    remediation: string;
}

interface Satellite extends Info {
    /** What must have a satellite. */
    targets: readonly string[];
    /** Which of them. @default all */
    concerns?: (target: Resource) => boolean;
    satellites: readonly string[];
    /** Property of the satellite that names the target. */
    property: string;
    message: string;
}

/** Every resource of some types must be referred to by one of another type. */
function satelliteRule(satellite: Satellite): StackRule {
    const { targets, concerns = () => true, satellites, property, message, ...info } = satellite;
    return {
        ...info,
        kind: "stack",
        check: (stack, check) => {
            const graph = NetworkGraph.of(stack);
            for (const target of stack.ofType(...targets).filter(concerns)) {
                const { sure, unsure } = graph.referrers(target, property, satellites);
                const [maybe] = unsure;
                if (sure.length === 0 && maybe) {
                    check.undetermined(maybe, maybe.props.at(property));
                } else if (sure.length === 0) {
                    check.fail(target, "id", message);
                }
            }
        },
    };
}

interface Use extends Info {
    targets: readonly string[];
    /** Properties of the target by which it attaches itself. */
    own?: readonly string[];
    /** Types that refer to a target without using it. */
    except?: readonly string[];
    /** Names of properties of such types that make use of it all the same. */
    peers?: RegExp;
    /** Names of properties by which others use such a target. */
    keys: RegExp;
    /** Whether a target that nobody uses may stay all the same. */
    isHarmless?: (target: Resource, stack: Stack) => boolean;
    message: string;
}

/** Every resource of some types must be used by another resource of the stack. */
function useRule({ targets, own = [], except = [], peers = /^$/, isHarmless, keys, message, ...info }: Use): StackRule {
    return {
        ...info,
        kind: "stack",
        check: (stack, check) => {
            const users = stack.resources.filter(({ type }) => type.startsWith("aws:") && !except.includes(type));
            const used = new Set(
                stack.resources.flatMap((resource) =>
                    Object.entries(resource.propertyDependencies)
                        .filter(([property]) => !except.includes(resource.type) || peers.test(property))
                        .flatMap(([, urns]) => urns),
                ),
            );
            const named = new Set<string>();
            let nameless: { resource: Resource; value: Value } | undefined;
            for (const resource of users) {
                for (const { property, value } of valuesByKey(resource.props, keys)) {
                    value.items().forEach((item) => item.text !== undefined && named.add(item.text));
                    const unknown = value.firstUnknown;
                    if (unknown && !(resource.propertyDependencies[property] ?? []).length) {
                        nameless ??= { resource, value: unknown };
                    }
                }
            }
            for (const target of stack.ofType(...targets)) {
                const isAttached = own.some((key) => target.props.at(key).items().length > 0);
                const isNamed = named.has(target.props.at("id").text ?? "");
                if (isAttached || isNamed || used.has(target.urn) || isHarmless?.(target, stack)) {
                    continue;
                }
                if (nameless) {
                    check.undetermined(nameless.resource, nameless.value);
                } else {
                    check.fail(target, "id", message);
                }
            }
        },
    };
}

// Condition keys that hold a request to accounts or organisations that one trusts.
const perimeterKeys = new Set([
    "aws:principalaccount",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:principalarn",
    "aws:principalisawsservice",
    "aws:resourceaccount",
    "aws:resourceorgid",
    "aws:resourceorgpaths",
    "aws:sourceaccount",
]);

const isWildcard = (value: Value): boolean => value.text === undefined || /^\*+$/.test(value.text.trim());

/** Whether a statement of an endpoint's policy lets anybody carry anything anywhere. */
function isOpen(statement: Value): boolean {
    if (statement.at("Effect").text !== "Allow") {
        return false;
    }
    const conditioned = statement
        .at("Condition")
        .entries()
        .filter(([operator]) => /^(for(any|all)values:)?(string(equals|like)|arn(equals|like)|bool)/i.test(operator))
        .filter(([operator]) => !/ifexists$|^forallvalues/i.test(operator))
        .flatMap(([, keys]) => keys.entries())
        .some(
            ([key, values]) =>
                perimeterKeys.has(key.toLowerCase()) &&
                !values.items().some((value) => isWildcard(value) || /^false$/i.test(value.text ?? "")),
        );
    const resources = statement.at("Resource").items();
    const isConcrete =
        resources.length > 0 &&
        resources.every((resource) => /^arn:[^:]*(:[^:]*){3}:[^*]{3,}/.test(resource.text ?? ""));
    const principals = statement.at("Principal");
    const named = principals.entries().flatMap(([, values]) => values.items());
    const isNamed = named.length > 0 && !named.some(isWildcard);
    return !conditioned && !isConcrete && !isNamed;
}

function checkEndpointPolicy(resource: Resource, policy: Value, check: Check): void {
    if (policy.isUnknown) {
        check.undetermined(resource, policy);
        return;
    }
    const document = parseJson(policy);
    if (document === "malformed" || document.at("Statement").items().length === 0) {
        check.fail(resource, policy, "policy must be a policy document with statements");
        return;
    }
    for (const statement of document.at("Statement").items()) {
        check.must(
            resource,
            statement,
            (tested) => !isOpen(tested),
            "every Allow of an endpoint's policy must be held to own accounts: a condition on aws:PrincipalAccount, " +
                "aws:ResourceAccount or their organisation keys, or concrete resources",
        );
    }
}

const stackRule = (rule: Omit<StackRule, "kind">): StackRule => ({ ...rule, kind: "stack" });
const resourceRule = (rule: Omit<ResourceRule, "kind">): ResourceRule => ({ ...rule, kind: "resource" });

/** Rules about VPCs, security groups, network ACLs, routes, endpoints and zones. */
export const vpcRules: readonly Rule[] = [
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
    stackRule({
        name: "ec2-vpc-require-endpoints",
        description: "Traffic to the listed AWS services stays inside the VPC.",
        severity: "medium",
        category: "network",
        controls: ["VPC-194"],
        remediation:
            "Add an aws.ec2.VpcEndpoint with serviceName com.amazonaws.<region>.<service> and vpcEndpointType Interface.",
        parameters: {
            services: {
                type: "array",
                items: { type: "string" },
                description: "Services, without com.amazonaws.<region>. Each costs about $9.50 a month and zone.",
                default: ["ecr.api", "ecr.dkr", "ssm"],
            },
        },
        check: (stack, check) => {
            const names = stack
                .ofType(endpointType)
                .map((endpoint) => ({ endpoint, name: endpoint.props.at("serviceName") }));
            const unknown = names.find(({ name }) => name.isUnknown);
            const missing = check
                .parameter<string[]>("services")
                .filter((service) => !names.some(({ name }) => isService(name.text ?? "", service)));
            const [vpc] = missing.length > 0 ? stack.ofType("aws:ec2/vpc:Vpc") : [];
            if (vpc && unknown) {
                check.undetermined(unknown.endpoint, unknown.name);
            } else if (vpc) {
                check.fail(vpc, "id", `the VPC must have endpoints of ${missing.join(", ")}`);
            }
        },
    }),
    stackRule({
        name: "ec2-vpc-endpoint-require-restrictive-policy",
        description:
            "Policies of VPC endpoints are held to one's own accounts, so that data can't be carried out through them.",
        severity: "medium",
        category: "least-privilege",
        controls: ["VPC-194"],
        remediation:
            "Set policy; give every Allow a condition StringEquals on aws:PrincipalAccount or aws:ResourceAccount (or " +
            "their organisation keys), or concrete resources.",
        parameters: {
            exemptServices: {
                type: "array",
                items: { type: "string" },
                description:
                    "Services without com.amazonaws.<region>. whose endpoints may have AWS's policy, full access.",
                default: [],
            },
        },
        check: (stack, check) => {
            const exempt = check.parameter<string[]>("exemptServices");
            for (const endpoint of stack.ofType(endpointType)) {
                const service = endpoint.props.at("serviceName").text ?? "";
                // Endpoints of gateway load balancers, and those of other services than AWS's, take no policy.
                if (
                    endpoint.props.at("vpcEndpointType").text === "GatewayLoadBalancer" ||
                    service.includes(".vpce-svc-") ||
                    exempt.some((name) => isService(service, name))
                ) {
                    continue;
                }
                const satellites = stack.referrers(endpoint, "vpcEndpointId", [endpointPolicyType]);
                const policy = endpoint.props.at("policy");
                if (!policy.isAbsent) {
                    checkEndpointPolicy(endpoint, policy, check);
                } else if (satellites.length === 0) {
                    check.fail(endpoint, policy, "policy must be set: the default lets anybody do anything");
                }
            }
            for (const satellite of stack.ofType(endpointPolicyType)) {
                checkEndpointPolicy(satellite, satellite.props.at("policy"), check);
            }
        },
    }),
    propertyRule({
        name: "ec2-vpc-endpoint-service-require-acceptance",
        description: "Connections to endpoint services are accepted one by one.",
        severity: "medium",
        category: "network",
        controls: ["VPC-195"],
        types: ["aws:ec2/vpcEndpointService:VpcEndpointService"],
        path: ["acceptanceRequired"],
        test: is(true, "true"),
        remediation: "Set acceptanceRequired to true.",
        message: "acceptanceRequired must be true",
    }),
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
    satelliteRule({
        name: "route53-zone-require-query-log",
        description: "Public zones log queries.",
        severity: "low",
        category: "logging",
        controls: ["VPC-200"],
        targets: ["aws:route53/zone:Zone"],
        concerns: isPublicZone,
        satellites: ["aws:route53/queryLog:QueryLog"],
        property: "zoneId",
        remediation: "Add an aws.route53.QueryLog with the zone's zoneId and a log group in us-east-1.",
        message: "a public zone must have an aws.route53.QueryLog",
    }),
    satelliteRule({
        name: "route53-zone-require-signing",
        description: "Public zones are signed (DNSSEC).",
        severity: "low",
        category: "network",
        controls: ["VPC-200"],
        targets: ["aws:route53/zone:Zone"],
        concerns: isPublicZone,
        satellites: ["aws:route53/hostedZoneDnsSec:HostedZoneDnsSec"],
        property: "hostedZoneId",
        remediation: "Add an aws.route53.KeySigningKey and an aws.route53.HostedZoneDnsSec with the zone's id.",
        message: "a public zone must have an aws.route53.HostedZoneDnsSec",
    }),
    propertyRule({
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
    }),
];

function isPublicZone({ props }: Resource): boolean {
    return props.at("vpcs").items().length === 0;
}

const isService = (serviceName: string, service: string): boolean => serviceName.endsWith(`.${service}`);

/** Controls of this share that are not enforced, and why. */
export const vpcNotApplicable: Readonly<Record<string, string>> = {};
