import { type Resource } from "../core/resource";
import { atLeast, type Check, is, isSet, type Rule } from "../core/rule";
import { propertyRule } from "../core/property-rule";
import { type Value } from "../core/value";
import { clusters, instances, isSource } from "./rds-types";

const parameterGroups = ["aws:rds/parameterGroup:ParameterGroup"];
const clusterParameterGroups = ["aws:rds/clusterParameterGroup:ClusterParameterGroup"];

/** Value of a parameter in a parameter group; absent if the group leaves it out. */
function parameterOf(parameters: Value, name: string): Value {
    const found = parameters.items().find((parameter) => parameter.at("name").raw === name);
    return found?.at("value") ?? parameters.at(name);
}

/** A parameter of a database server that must have some value. */
function parameterMust(
    resource: Resource,
    check: Check,
    name: string,
    test: (value: Value) => boolean,
    message: string,
): void {
    const parameters = resource.props.at("parameters");
    const value = parameterOf(parameters, name);
    // While the name of a parameter is unknown, it may be this one.
    const nameless = parameters.items().find((parameter) => parameter.at("name").isUnknown);
    if (value.isAbsent && !test(value) && nameless) {
        check.undetermined(resource, nameless.at("name"));
    } else {
        check.must(resource, value, test, message);
    }
}

/** Parameters by which servers refuse connections without TLS, by family, and what they do when left out. */
const tlsParameters: { family: RegExp; name: string; isOnByDefault: (family: string) => boolean }[] = [
    {
        family: /^(aurora-)?postgres/,
        name: "rds.force_ssl",
        isOnByDefault: (family) => Number(/^postgres(\d+)/.exec(family)?.[1] ?? 0) >= 15,
    },
    { family: /^sqlserver/, name: "rds.force_ssl", isOnByDefault: () => false },
    { family: /^(aurora-)?(mysql|mariadb)/, name: "require_secure_transport", isOnByDefault: () => false },
];

/** Rules about parameter groups, and that databases have one. */
export const parameterGroupRules: readonly Rule[] = [
    {
        kind: "resource",
        name: "rds-parameter-group-require-tls",
        description: "Databases must refuse connections without TLS.",
        severity: "medium",
        category: "encryption-in-transit",
        controls: ["RDS-090"],
        remediation:
            'Add the parameter { name: "rds.force_ssl", value: "1" }; for MySQL and MariaDB { name: "require_secure_transport", value: "1" }.',
        types: [...parameterGroups, ...clusterParameterGroups],
        check(resource: Resource, check: Check): void {
            const family = resource.props.at("family");
            if (family.isUnknown) {
                check.undetermined(resource, family);
                return;
            }
            const text = family.text ?? "";
            // In Aurora, TLS is the cluster's matter.
            if (parameterGroups.includes(resource.type) && text.startsWith("aurora-")) {
                return;
            }
            const parameter = tlsParameters.find((candidate) => candidate.family.test(text));
            if (parameter) {
                const { name, isOnByDefault } = parameter;
                parameterMust(
                    resource,
                    check,
                    name,
                    (value) =>
                        value.isAbsent
                            ? isOnByDefault(text)
                            : ["1", "on", "true"].includes(value.written.toLowerCase()),
                    `parameters must have ${name} = 1.`,
                );
            }
        },
    },
    propertyRule({
        name: "rds-instance-require-parameter-group",
        description: "Databases must have a parameter group of their own: AWS's default logs nothing.",
        severity: "low",
        category: "logging",
        controls: ["RDS-090", "RDS-091"],
        remediation: "Set parameterGroupName to an aws.rds.ParameterGroup.",
        types: instances,
        path: ["parameterGroupName"],
        when: isSource,
        test: (value) => isSet(value) && !(value.text ?? "").startsWith("default."),
        message: "parameterGroupName must be a group of your own.",
    }),
    propertyRule({
        name: "rds-cluster-require-parameter-group",
        description: "Clusters must have a parameter group of their own: AWS's default logs nothing.",
        severity: "low",
        category: "logging",
        controls: ["RDS-090", "RDS-091"],
        remediation: "Set dbClusterParameterGroupName to an aws.rds.ClusterParameterGroup.",
        types: clusters,
        path: ["dbClusterParameterGroupName"],
        test: (value) => isSet(value) && !(value.text ?? "").startsWith("default."),
        message: "dbClusterParameterGroupName must be a group of your own.",
    }),
    {
        kind: "resource",
        name: "rds-parameter-group-require-statement-logs",
        description: "PostgreSQL must log changes of its tables, and slow statements.",
        severity: "low",
        category: "logging",
        controls: ["RDS-091"],
        remediation:
            'Add the parameters { name: "log_statement", value: "ddl" } and { name: "log_min_duration_statement", value: "500" }.',
        types: [...parameterGroups, ...clusterParameterGroups],
        check(resource: Resource, check: Check): void {
            const family = resource.props.at("family");
            const text = family.text ?? "";
            if (family.isUnknown) {
                check.undetermined(resource, family);
            } else if (
                clusterParameterGroups.includes(resource.type) ? /postgres/.test(text) : /^postgres/.test(text)
            ) {
                parameterMust(
                    resource,
                    check,
                    "log_statement",
                    is("ddl", "mod", "all"),
                    'parameters must have log_statement = "ddl", "mod" or "all".',
                );
                parameterMust(
                    resource,
                    check,
                    "log_min_duration_statement",
                    atLeast(0),
                    "parameters must have log_min_duration_statement, in milliseconds.",
                );
            }
        },
    },
];
