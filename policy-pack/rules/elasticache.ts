import { customerKey } from "../core/customer-key";
import { where } from "../core/answer";
import { type Resource } from "../core/resource";
import { type Check, is, isOrAbsent, isSet, type Rule } from "../core/rule";
import { everyItem, propertyRule } from "../core/property-rule";
import { textsIn, type Value } from "../core/value";

const replicationGroups = ["aws:elasticache/replicationGroup:ReplicationGroup"];
const serverlessCaches = ["aws:elasticache/serverlessCache:ServerlessCache"];
const clusters = ["aws:elasticache/cluster:Cluster"];
const users = ["aws:elasticache/user:User"];
const userGroups = ["aws:elasticache/userGroup:UserGroup"];

// A member of a global datastore has what its primary has, and a node of a replication group what the group has.
const isPrimary = where(({ isAbsent }) => isAbsent, "globalReplicationGroupId");
const isOutsideGroup = where(({ isAbsent }) => isAbsent, "replicationGroupId");
// What names the group of a node is, in a group, its own name.
const standsAlone = (resource: Resource): boolean | Value =>
    replicationGroups.includes(resource.type) || isOutsideGroup(resource);
const isMemcached = where(is("memcached"), "engine");

/** Whether the last word of an access string switches the user on. */
function isOn(accessString: string): boolean {
    return words(accessString).reduce(
        (on, word) => (word === "on" ? true : word === "off" || word === "reset" ? false : on),
        false,
    );
}

/** Whether the user may run commands that empty or administer the whole cache. Words count in their order. */
function mayDoAnything(accessString: string): boolean {
    let anything = false;
    for (const word of words(accessString)) {
        if (["+@all", "allcommands", "+@dangerous", "+@admin"].includes(word)) {
            anything = true;
        } else if (["-@all", "nocommands", "-@dangerous", "reset"].includes(word)) {
            anything = false;
        }
    }
    return anything;
}

const words = (accessString: string): string[] => accessString.toLowerCase().split(/\s+/);

const isOff = ({ text }: Value): boolean => text !== undefined && !isOn(text);

export const elasticacheRules: readonly Rule[] = [
    {
        kind: "resource",
        name: "elasticache-replication-group-require-encryption-at-rest",
        description: "Caches must be encrypted at rest.",
        severity: "high",
        category: "encryption-at-rest",
        controls: ["Redis-066"],
        remediation: "Set atRestEncryptionEnabled to true. AWS replaces the replication group.",
        types: replicationGroups,
        check(resource: Resource, check: Check): void {
            const { props } = resource;
            if (!props.at("globalReplicationGroupId").isAbsent) {
                return;
            }
            const encrypted = props.at("atRestEncryptionEnabled");
            if (encrypted.isAbsent) {
                // Valkey is encrypted unless one says otherwise, Redis is not.
                check.must(resource, props.at("engine"), is("valkey"), "atRestEncryptionEnabled must be true.");
            } else {
                check.must(resource, encrypted, is(true), "atRestEncryptionEnabled must be true.");
            }
        },
    },
    propertyRule({
        name: "elasticache-require-customer-managed-key",
        description: "Caches must be encrypted with a customer-managed key.",
        severity: "medium",
        category: "encryption-at-rest",
        controls: ["Redis-067"],
        remediation: "Set kmsKeyId to the ARN of a KMS key of your own.",
        types: [...replicationGroups, ...serverlessCaches],
        path: ["kmsKeyId"],
        ...customerKey,
        message: "kmsKeyId must be a customer-managed key.",
    }),
    propertyRule({
        name: "elasticache-replication-group-require-tls",
        description: "Clients and nodes must speak TLS.",
        severity: "high",
        category: "encryption-in-transit",
        controls: ["Redis-068"],
        remediation: "Set transitEncryptionEnabled to true.",
        types: replicationGroups,
        path: ["transitEncryptionEnabled"],
        when: isPrimary,
        test: is(true),
        message: "transitEncryptionEnabled must be true.",
    }),
    propertyRule({
        name: "elasticache-replication-group-disallow-optional-tls",
        description: "Caches must refuse clients without TLS; `preferred` lets both in.",
        severity: "high",
        category: "encryption-in-transit",
        controls: ["Redis-068"],
        remediation: 'Set transitEncryptionMode to "required" once every client speaks TLS.',
        types: replicationGroups,
        path: ["transitEncryptionMode"],
        test: isOrAbsent("required"),
        message: 'transitEncryptionMode must be "required".',
    }),
    propertyRule({
        name: "elasticache-cluster-require-tls",
        description: "Clients of Memcached must speak TLS.",
        severity: "high",
        category: "encryption-in-transit",
        controls: ["Redis-068"],
        remediation: "Set transitEncryptionEnabled to true.",
        types: clusters,
        path: ["transitEncryptionEnabled"],
        when: isMemcached,
        test: is(true),
        message: "transitEncryptionEnabled must be true.",
    }),
    propertyRule({
        name: "elasticache-cluster-disallow-single-redis",
        description: "Redis must be a replication group: a single cluster has neither encryption nor sign-in.",
        severity: "high",
        category: "encryption-at-rest",
        controls: ["Redis-066", "Redis-068", "Redis-069"],
        remediation: "Use aws.elasticache.ReplicationGroup, with one node if need be.",
        types: clusters,
        path: ["engine"],
        when: standsAlone,
        test: is("memcached"),
        message: 'engine must be "memcached"; Redis and Valkey must be an aws.elasticache.ReplicationGroup.',
    }),
    {
        kind: "resource",
        name: "elasticache-require-authentication",
        description: "Clients must sign in: as users of a group, or with a token.",
        severity: "high",
        category: "least-privilege",
        controls: ["Redis-069"],
        remediation: "Set userGroupIds (serverless: userGroupId) to a group of users who sign in with IAM.",
        types: [...replicationGroups, ...serverlessCaches],
        check(resource: Resource, check: Check): void {
            const { props } = resource;
            if (!props.at("globalReplicationGroupId").isAbsent || props.at("engine").raw === "memcached") {
                return;
            }
            const names = replicationGroups.includes(resource.type)
                ? ["userGroupIds", "authTokenWo", "authToken"]
                : ["userGroupId"];
            const message = `${names[0]} must name a group of users.`;
            check.mustSome(
                resource,
                names.map((name) => [props.at(name), isSet] as const),
                message,
            );
        },
    },
    {
        kind: "resource",
        name: "elasticache-disallow-password-in-state",
        description: "Passwords and tokens must not be in Pulumi's state.",
        severity: "medium",
        category: "least-privilege",
        controls: [],
        remediation: 'Let users sign in with IAM (authenticationMode.type "iam"), or use authTokenWo and passwordsWo.',
        types: [...replicationGroups, ...users],
        check(resource: Resource, check: Check): void {
            for (const path of [["authToken"], ["passwords"], ["authenticationMode", "passwords"]]) {
                check.must(
                    resource,
                    resource.props.at(...path),
                    (value) => !isSet(value),
                    `${path.join(".")} must be left out: use IAM, or the write-only property.`,
                );
            }
        },
    },
    propertyRule({
        name: "elasticache-user-disallow-full-access",
        description: "Users must not be allowed all commands, nor those that empty or administer the cache.",
        severity: "high",
        category: "least-privilege",
        controls: [],
        remediation: 'Begin accessString with "-@all" and add what is needed: "on ~app:* -@all +@read +@write".',
        types: users,
        path: ["accessString"],
        test: (value) => isOff(value) || (value.text !== undefined && !mayDoAnything(value.text)),
        message: 'accessString must not allow "+@all", "+@admin" or "+@dangerous".',
    }),
    propertyRule({
        name: "elasticache-user-require-default-off",
        description: "The user called default, whom everybody is who does not sign in, must be switched off.",
        severity: "high",
        category: "least-privilege",
        controls: ["Redis-069"],
        remediation: 'Set accessString of the user "default" to "off -@all".',
        types: users,
        path: ["accessString"],
        when: where(is("default"), "userName"),
        test: isOff,
        message: 'accessString of the user "default" must begin with "off".',
    }),
    {
        kind: "resource",
        name: "elasticache-user-require-authentication",
        description: "Users who are switched on must sign in with IAM or a password.",
        severity: "high",
        category: "least-privilege",
        controls: ["Redis-069"],
        remediation: 'Set authenticationMode.type to "iam", and userName to the same as userId.',
        types: users,
        check(resource: Resource, check: Check): void {
            const { props } = resource;
            const mode = props.at("authenticationMode", "type");
            if (mode.raw === "no-password-required" || props.at("noPasswordRequired").raw === true) {
                check.must(resource, props.at("accessString"), isOff, 'authenticationMode.type must be "iam".');
            } else {
                check.mustSome(
                    resource,
                    [
                        [mode, is("iam", "password")],
                        [props.at("passwordsWo"), isSet],
                        [props.at("passwords"), isSet],
                        [props.at("accessString"), isOff],
                    ],
                    'authenticationMode.type must be "iam" or "password".',
                );
            }
        },
    },
    propertyRule({
        name: "elasticache-user-group-disallow-built-in-default",
        description: "Groups must not hold AWS's own user default, who may do everything without a password.",
        severity: "critical",
        category: "least-privilege",
        controls: ["Redis-069"],
        remediation: 'Put a user of your own with userName "default" and accessString "off -@all" in its place.',
        types: userGroups,
        path: ["userIds", everyItem],
        test: (value) => value.raw !== "default",
        message: 'userIds must not hold "default".',
    }),
    {
        kind: "resource",
        name: "elasticache-replication-group-require-multi-az",
        description: "Caches must fail over to a replica in another zone.",
        severity: "medium",
        category: "resilience",
        controls: ["Redis-070"],
        remediation: "Set automaticFailoverEnabled and multiAzEnabled to true, and replicasPerNodeGroup to 1 or more.",
        parameters: {
            required: { description: "Whether caches must be in several zones", type: "boolean", default: true },
        },
        types: replicationGroups,
        check(resource: Resource, check: Check): void {
            if (check.parameter<boolean>("required")) {
                for (const property of ["automaticFailoverEnabled", "multiAzEnabled"]) {
                    check.must(resource, resource.props.at(property), is(true), `${property} must be true.`);
                }
            }
        },
    },
    propertyRule({
        name: "elasticache-require-snapshots",
        description: "Caches must have daily snapshots, kept for some days.",
        severity: "high",
        category: "resilience",
        controls: ["Redis-071"],
        remediation: "Set snapshotRetentionLimit to 7 or more.",
        parameters: {
            leastDays: {
                description: "Days that snapshots must be kept",
                type: "integer",
                minimum: 0,
                maximum: 35,
                default: 7,
            },
        },
        types: [...replicationGroups, ...serverlessCaches],
        path: ["snapshotRetentionLimit"],
        when: where(({ raw }) => raw !== "memcached", "engine"),
        test: (value, check) => (value.isAbsent ? 0 : (value.number ?? -1)) >= check.parameter<number>("leastDays"),
        message: (check) => `snapshotRetentionLimit must be ${check.parameter<number>("leastDays")} or more.`,
    }),
    propertyRule({
        name: "elasticache-require-minor-upgrades",
        description: "Caches must take minor versions by themselves: these carry the security fixes.",
        severity: "high",
        category: "workload",
        controls: ["Redis-072"],
        remediation: "Set autoMinorVersionUpgrade to true, or leave it out.",
        types: [...replicationGroups, ...clusters],
        path: ["autoMinorVersionUpgrade"],
        test: isOrAbsent(true, "true"),
        message: "autoMinorVersionUpgrade must be true.",
    }),
    propertyRule({
        name: "elasticache-require-subnet-group",
        description: "Caches must be in subnets that were chosen for them, not in the default ones.",
        severity: "high",
        category: "network",
        controls: ["Redis-073"],
        remediation: "Set subnetGroupName to an aws.elasticache.SubnetGroup of private subnets.",
        types: [...replicationGroups, ...clusters],
        path: ["subnetGroupName"],
        when: standsAlone,
        test: (value) => isSet(value) && value.raw !== "default",
        message: 'subnetGroupName must be a group of your own, not "default".',
    }),
    propertyRule({
        name: "elasticache-serverless-cache-require-subnets",
        description: "Serverless caches must be in subnets that were chosen for them, not in the default ones.",
        severity: "high",
        category: "network",
        controls: ["Redis-073"],
        remediation: "Set subnetIds to private subnets.",
        types: serverlessCaches,
        path: ["subnetIds"],
        test: isSet,
        message: "subnetIds must name private subnets.",
    }),
    propertyRule({
        name: "elasticache-disallow-ports",
        description:
            "Caches must not listen on these ports. None by default: who may connect is for security groups to say.",
        severity: "low",
        category: "network",
        controls: ["Redis-074"],
        remediation: "Set port to one that is not in the list.",
        parameters: {
            ports: {
                description: "Ports that are not allowed: [6379, 11211] forbids the usual ones",
                type: "array",
                items: { type: "integer" },
                default: [],
            },
        },
        types: [...replicationGroups, ...clusters],
        path: ["port"],
        when: standsAlone,
        test: (value, check) => {
            const ports = check.parameter<number[]>("ports");
            return value.isAbsent ? !ports.includes(6379) : !value.isUnknown && !ports.includes(value.number ?? NaN);
        },
        message: (check) => `port must not be one of ${check.parameter<number[]>("ports").join(", ")}.`,
    }),
    propertyRule({
        name: "elasticache-replication-group-require-logs",
        description: "Caches must deliver their engine log and their slow log.",
        severity: "medium",
        category: "logging",
        controls: [],
        remediation:
            'Set logDeliveryConfigurations for the logTypes "engine-log" and "slow-log", with destinationType "cloudwatch-logs".',
        types: replicationGroups,
        path: ["logDeliveryConfigurations"],
        test: (value) => {
            const kinds = value
                .items()
                .filter((log) => isSet(log.at("destination")))
                .flatMap((log) => textsIn(log.at("logType")));
            return ["engine-log", "slow-log"].every((kind) => kinds.includes(kind));
        },
        message: 'logDeliveryConfigurations must have "engine-log" and "slow-log", each with a destination.',
    }),
];

/** Controls that no rule can serve, with the reason. */
export const elasticacheNotApplicable: Record<string, string> = {};
