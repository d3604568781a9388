import { where } from "../core/answer";
import { customerKey } from "../core/customer-key";
import { type Resource, type Stack } from "../core/resource";
import { type Check, is, isSet, type Rule } from "../core/rule";
import { propertyRule } from "../core/property-rule";
import { textsIn, type Value } from "../core/value";
import { clusters, instances, isSource } from "./rds-types";

const usualNames = [
    "admin",
    "administrator",
    "awsuser",
    "master",
    "mysql",
    "postgres",
    "rdsadmin",
    "root",
    "sa",
    "user",
];

/** Versions that let a user of the database read the host's files, by log_fdw (AWS-2022-004). */
function isVulnerable(engine: string | undefined, version: string): boolean {
    const [major = 0, minor = Infinity] = version.split(".").map(Number);
    if (engine === "postgres") {
        const lastBad: Record<number, number> = { 10: 16, 11: 11, 12: 6, 13: 2 };
        return major < 10 ? major > 0 && minor <= 6 : minor <= (lastBad[major] ?? -1);
    }
    return (
        engine === "aurora-postgresql" &&
        ((major === 10 && minor >= 11 && minor <= 13) || (major === 11 && minor >= 6 && minor <= 8))
    );
}

const worlds = ["0.0.0.0/0", "::/0"];
const securityGroups = ["aws:ec2/securityGroup:SecurityGroup", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"];
/** Rules of security groups that stand on their own, with the properties that say from where. */
const ingressRules = {
    "aws:ec2/securityGroupRule:SecurityGroupRule": ["cidrBlocks", "ipv6CidrBlocks"],
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ["cidrIpv4", "cidrIpv6"],
} as const;

/** Values that say from where a security group lets in. */
function sourcesOf(group: Resource, stack: Stack): [resource: Resource, source: Value][] {
    const inline = group.props
        .at("ingress")
        .items()
        .flatMap((rule) => [rule.at("cidrBlocks"), rule.at("ipv6CidrBlocks")])
        .map((source): [Resource, Value] => [group, source]);
    const apart = stack
        .referrers(group, "securityGroupId", Object.keys(ingressRules))
        .filter(({ props }) => props.at("type").raw !== "egress")
        .flatMap((rule) =>
            ingressRules[rule.type as keyof typeof ingressRules].map((property): [Resource, Value] => [
                rule,
                rule.props.at(property),
            ]),
        );
    return [...inline, ...apart];
}

/** Rules about how databases are reached, as whom, and what one can do there that one must not. */
export const accessRules: readonly Rule[] = [
    propertyRule({
        name: "rds-proxy-require-tls",
        description: "Proxies must refuse connections without TLS.",
        severity: "medium",
        category: "encryption-in-transit",
        controls: ["RDS-092"],
        remediation: "Set requireTls to true.",
        types: ["aws:rds/proxy:Proxy"],
        path: ["requireTls"],
        test: is(true),
        message: "requireTls must be true.",
    }),
    {
        kind: "resource",
        name: "rds-disallow-usual-user-name",
        description: "The master user must not have a name that everybody tries first.",
        severity: "medium",
        category: "least-privilege",
        controls: ["RDS-093"],
        remediation: "Set username (clusters: masterUsername) to a name of your own. AWS replaces the database.",
        types: [...instances, ...clusters],
        check(resource: Resource, check: Check): void {
            const property = clusters.includes(resource.type) ? "masterUsername" : "username";
            check.must(
                resource,
                resource.props.at(property),
                ({ isAbsent, text }) => isAbsent || (text !== undefined && !usualNames.includes(text.toLowerCase())),
                `${property} must not be one of ${usualNames.join(", ")}.`,
            );
        },
    },
    propertyRule({
        name: "rds-disallow-ports",
        description:
            "Databases must not listen on these ports. None by default: who may connect is for security groups to say.",
        severity: "low",
        category: "network",
        controls: ["RDS-094"],
        remediation: "Set port to one that is not in the list.",
        parameters: {
            ports: {
                description: "Ports that are not allowed: [1433, 1521, 3306, 5432] forbids the usual ones",
                type: "array",
                items: { type: "integer" },
                default: [],
            },
        },
        types: [...instances, ...clusters],
        path: ["port"],
        when: (resource, check) => check.parameter<number[]>("ports").length > 0 && isSource(resource),
        // Left out, it is the engine's usual one.
        test: ({ number }, check) => number !== undefined && !check.parameter<number[]>("ports").includes(number),
        message: (check) => `port must be set, and not to one of ${check.parameter<number[]>("ports").join(", ")}.`,
    }),
    {
        kind: "resource",
        name: "rds-disallow-vulnerable-version",
        description: "PostgreSQL must not be of a version whose log_fdw reads the host's files.",
        severity: "high",
        category: "workload",
        controls: ["RDS-095"],
        remediation: "Set engineVersion to a supported version, 14 or newer.",
        types: [...instances, ...clusters],
        check(resource: Resource, check: Check): void {
            const { props } = resource;
            const engine = props.at("engine");
            check.must(
                resource,
                props.at("engineVersion"),
                ({ text = "" }) =>
                    engine.isUnknown
                        ? !isVulnerable("postgres", text) && !isVulnerable("aurora-postgresql", text)
                        : !isVulnerable(engine.text, text),
                "engineVersion must be one without the weakness AWS-2022-004.",
            );
        },
    },
];

export const securityGroupRule: Rule = {
    kind: "stack",
    name: "rds-security-group-disallow-world",
    description: "Security groups of databases must not let the internet in, on whatever port.",
    severity: "critical",
    category: "network",
    controls: ["RDS-099"],
    remediation: "Let in the security groups of services (referencedSecurityGroupId) in place of 0.0.0.0/0 and ::/0.",
    check(stack: Stack, check: Check): void {
        const groups = stack
            .ofType(...instances, ...clusters)
            .flatMap((database) => stack.references(database, "vpcSecurityGroupIds", securityGroups));
        for (const group of new Set(groups)) {
            for (const [resource, source] of sourcesOf(group, stack)) {
                check.must(
                    resource,
                    source,
                    (value) => !textsIn(value).some((text) => worlds.includes(text)) && !value.hasUnknown,
                    "The security group of a database must not let in 0.0.0.0/0 or ::/0.",
                );
            }
        }
    },
};

/** Rules about where the master user's password is. */
export const passwordRules: readonly Rule[] = [
    {
        kind: "resource",
        name: "rds-disallow-password-in-state",
        description: "The master user's password must be made and kept by RDS, or at least not be in Pulumi's state.",
        severity: "high",
        category: "least-privilege",
        controls: [],
        remediation: "Take password (clusters: masterPassword) out, and set manageMasterUserPassword to true.",
        types: [...instances, ...clusters],
        check(resource: Resource, check: Check): void {
            const { props } = resource;
            const property = clusters.includes(resource.type) ? "masterPassword" : "password";
            const password = props.at(property);
            check.must(resource, password, (value) => !isSet(value), `${property} must be left out.`);
            const inherited = [
                "replicateSourceDb",
                "snapshotIdentifier",
                "restoreToPointInTime",
                "replicationSourceIdentifier",
                "globalClusterIdentifier",
            ];
            if (!isSet(password) && !inherited.some((name) => isSet(props.at(name)))) {
                check.mustSome(
                    resource,
                    [
                        [props.at("manageMasterUserPassword"), is(true)],
                        [props.at(`${property}Wo`), isSet],
                    ],
                    `manageMasterUserPassword must be true, or ${property}Wo set.`,
                );
            }
        },
    },
    propertyRule({
        name: "rds-master-secret-require-customer-managed-key",
        description: "The secret that RDS keeps the master user's password in must have a customer-managed key.",
        severity: "medium",
        category: "encryption-at-rest",
        controls: ["Secrets-156"],
        remediation: "Set masterUserSecretKmsKeyId to the ARN of a KMS key of your own.",
        types: [...instances, ...clusters],
        path: ["masterUserSecretKmsKeyId"],
        when: where(is(true), "manageMasterUserPassword"),
        ...customerKey,
        message: "masterUserSecretKmsKeyId must be a customer-managed key.",
    }),
];
