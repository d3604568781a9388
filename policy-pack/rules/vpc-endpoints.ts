import { type Resource } from "../core/resource";
import { type Check, is, type Rule } from "../core/rule";
import { propertyRule } from "../core/property-rule";
import { parseJson, type Value } from "../core/value";
import { stackRule } from "./vpc-rule-kinds";

const endpointType = "aws:ec2/vpcEndpoint:VpcEndpoint";
const endpointPolicyType = "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy";

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

const isService = (serviceName: string, service: string): boolean => serviceName.endsWith(`.${service}`);

/** Rules about endpoints of a VPC, and services that are offered by them. */
export const endpointRules: readonly Rule[] = [
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
];
