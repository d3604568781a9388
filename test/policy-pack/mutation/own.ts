import { type Resource, type Stack } from "../../../policy-pack/core/resource";
import { container } from "./resources";
import {
    allowedIn,
    beside,
    changes,
    gone,
    grants,
    json,
    members,
    type Mutation,
    option,
    type Props,
    reshaped,
    statement,
    weaker,
} from "./operators";

const account = "123456789012";

const rolePolicy = ["aws:iam/rolePolicy:RolePolicy"];
const role = ["aws:iam/role:Role"];
const secret = ["aws:secretsmanager/secret:Secret"];
const cluster = ["aws:ecs/cluster:Cluster"];
const service = ["aws:ecs/service:Service"];
const task = ["aws:ecs/taskDefinition:TaskDefinition"];
const lambda = ["aws:lambda/function:Function"];
const kafka = ["aws:msk/cluster:Cluster"];
const kafkaSettings = ["aws:msk/configuration:Configuration"];
const kafkaTopic = ["aws:msk/topic:Topic"];
const redis = ["aws:elasticache/replicationGroup:ReplicationGroup"];
const redisUser = ["aws:elasticache/user:User"];
const postgres = ["aws:rds/instance:Instance"];
const bucket = ["aws:s3/bucket:Bucket"];
const lifecycle = ["aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"];
const topicPolicy = ["aws:sns/topicPolicy:TopicPolicy"];
const bus = ["aws:cloudwatch/eventBus:EventBus"];
const archive = ["aws:cloudwatch/eventArchive:EventArchive"];
const egress = ["aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"];
const scaling = ["aws:appautoscaling/scheduledAction:ScheduledAction", "aws:appautoscaling/target:Target"];

/** Another value of a line in the settings of Kafka's brokers. */
const kafkaSetting = (name: string, value: string): Mutation =>
    changes(kafkaSettings, "serverProperties", `${name} is ${value}`, (lines: string) =>
        lines.replace(new RegExp(`^${name.replace(/\./g, "\\.")}=.*$`, "m"), `${name}=${value}`),
    );

const isFeed = (text: unknown): boolean => String(text).includes("ingestion");

/** Changes of a service that opens the broker's WebSocket. */
const ofFeed = (property: string, value: unknown): Mutation =>
    changes(service, property, `is ${JSON.stringify(value)}`, (_given, { name }) => (isFeed(name) ? value : undefined));

/** The other mode's address of the broker. */
const otherMode = (text: string): string =>
    text.includes("openapivts") || text.includes(":31000") || text.includes(":29443")
        ? text.replace("openapivts", "openapi").replace(":29443", ":9443").replace(":31000", ":21000")
        : text.replace("openapi", "openapivts").replace(":9443", ":29443").replace(":21000", ":31000");

/** Gives a variable of a container that talks to the broker another value. */
const brokerVariable = (name: string, change: (value: string) => string): Mutation =>
    container(`${name} is that of the other mode`, ({ environment }) => {
        const found = (environment as Props[]).find((each) => each.name === name);
        return found ? (found.value = change(found.value as string)) : false;
    });

/** Changes how long access logs are kept. */
const logExpiry = (how: string, change: (rule: Props) => void | typeof gone): Mutation => {
    const mutation = members(lifecycle, "rules", how, (rule) => rule.expiration?.days !== undefined, change);
    return {
        ...mutation,
        change: (resource, stack) =>
            resource.name.endsWith("access-logs") ? mutation.change(resource, stack) : undefined,
    };
};

/** Lets the role of a task read what its execution role hands to the containers. */
const readsOwnSecrets = ({ Statement }: { Statement: Props[] }, { name }: Resource, stack: Stack): boolean => {
    const execution = name.endsWith("-task")
        ? stack.ofType(...rolePolicy).find((other) => other.name === name.replace(/-task$/, "-execution"))
        : undefined;
    const { Statement: theirs } = JSON.parse(execution?.props.at("policy").text ?? '{"Statement":[]}') as {
        Statement: Props[];
    };
    const reading = theirs.find(({ Action }) => Action === "secretsmanager:GetSecretValue");
    Statement.push({ ...reading });
    return reading !== undefined;
};

const keysOfBroker = "arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:aipx/*/kis-credentials-??????";

/** Mutations that offend no control of the table, but a rule of ours, by the rule's name. */
export const own: Record<string, Mutation[]> = {
    "iam-policy-require-valid-document": [
        ...weaker(rolePolicy, "policy", "{", "{}", '{"Version":"2012-10-17"}'),
        statement(
            rolePolicy,
            "policy",
            "has an unknown effect",
            () => true,
            (each: Props) => {
                each.Effect = "allow";
            },
        ),
    ],
    "iam-policy-disallow-unknown-actions": [
        grants(rolePolicy, "policy", { Action: "s3:GetObjects", Resource: "arn:aws:s3:::aipx/*" }),
        grants(rolePolicy, "policy", { Action: "s3x:GetObject", Resource: "arn:aws:s3:::aipx/*" }),
    ],
    "iam-policy-require-fitting-resources": [
        grants(rolePolicy, "policy", { Action: "s3:GetObject", Resource: "arn:aws:s3:::aipx" }),
        grants(rolePolicy, "policy", {
            Action: "sqs:SendMessage",
            Resource: `arn:aws:sns:ap-northeast-2:${account}:alarms`,
        }),
    ],
    "iam-role-disallow-long-sessions": weaker(role, "maxSessionDuration", 43200, 21600),
    "secretsmanager-secret-disallow-arn-like-name": weaker(secret, "name", "aipx/production/kis-kosdaq"),
    "secretsmanager-secret-require-recovery-window": [
        ...allowedIn("dev", "secrets of dev may go at once", ...weaker(secret, "recoveryWindowInDays", 0)),
    ],
    "ecs-cluster-require-ephemeral-storage-key": [
        ...weaker(cluster, "configuration.managedStorageConfiguration", gone),
        ...weaker(cluster, "configuration.managedStorageConfiguration.fargateEphemeralStorageKmsKeyId", gone),
    ],
    "ecs-service-disallow-exec": allowedIn(
        "dev",
        "people may look into containers there",
        ...weaker(service, "enableExecuteCommand", true),
    ),
    "ecs-service-require-circuit-breaker": [
        ...weaker(service, "deploymentCircuitBreaker", gone),
        ...weaker(service, "deploymentCircuitBreaker.enable", false),
        ...weaker(service, "deploymentCircuitBreaker.rollback", false),
    ],
    "ecs-taskdefinition-require-dropped-capabilities": [
        container("linuxParameters removed", (each) => delete each.linuxParameters),
        container("capabilities.drop is []", ({ linuxParameters }) => {
            linuxParameters.capabilities.drop = [];
        }),
        container("capabilities.drop is one", ({ linuxParameters }) => {
            linuxParameters.capabilities.drop = ["NET_RAW"];
        }),
    ],
    "ecs-taskdefinition-disallow-added-capabilities": ["SYS_PTRACE", "SYS_ADMIN", "ALL"].map((capability) =>
        container(`capabilities.add is ${capability}`, ({ linuxParameters }) => {
            linuxParameters.capabilities.add = [capability];
        }),
    ),
    "ecs-taskdefinition-require-pinned-image": [
        container("image has the tag latest", (each) => {
            each.image = String(each.image).replace(/@.*$/, ":latest");
        }),
        container("image has no tag", (each) => {
            each.image = String(each.image).replace(/@.*$/, "");
        }),
        container("image is on Docker Hub", (each) => {
            each.image = "docker.io/aipx/oms:1.0.0";
        }),
    ],
    "ecs-taskdefinition-require-readable-secrets": [
        container("has a secret that the role can't read", (each) => {
            (each.secrets as Props[]).push({
                name: "OTHER",
                valueFrom: `arn:aws:secretsmanager:ap-northeast-2:${account}:secret:aipx/other`,
            });
        }),
    ],
    "ecs-taskdefinition-disallow-secrets-for-task-role": [
        json(rolePolicy, "policy", "of a task reads the secrets that are handed to it", readsOwnSecrets),
    ],
    "msk-cluster-require-configuration": weaker(kafka, "configurationInfo", gone),
    "msk-configuration-disallow-access-without-acl": [kafkaSetting("allow.everyone.if.no.acl.found", "true")],
    "msk-configuration-disallow-topic-creation-by-clients": [kafkaSetting("auto.create.topics.enable", "true")],
    "msk-configuration-disallow-unclean-leader-election": [kafkaSetting("unclean.leader.election.enable", "true")],
    "msk-configuration-require-in-sync-replicas": allowedIn(
        "dev",
        "has no replica to spare",
        kafkaSetting("min.insync.replicas", "1"),
    ),
    "msk-topic-require-replication": weaker(kafkaTopic, "replicationFactor", 1),
    "msk-topic-disallow-unsafe-overrides": [
        json(kafkaTopic, "configs", "elects unclean leaders", (configs: Props) => {
            configs["unclean.leader.election.enable"] = "true";
        }),
        ...allowedIn(
            "dev",
            "has no replica to spare",
            json(kafkaTopic, "configs", "wants one replica in sync", (configs: Props) => {
                configs["min.insync.replicas"] = "1";
            }),
        ),
    ],
    "elasticache-disallow-password-in-state": [
        ...weaker(redis, "authToken", "korea-2026-korea-2026"),
        ...weaker(redisUser, "passwords", ["korea-2026-korea-2026"]),
        ...weaker(redisUser, "authenticationMode", { type: "password", passwords: ["korea-2026-korea-2026"] }),
    ],
    "elasticache-user-disallow-full-access": [
        ...weaker(redisUser, "accessString", "on ~* &* +@all"),
        changes(redisUser, "accessString", "also has +@all", (text: string) => `${text} +@all`),
    ],
    "elasticache-replication-group-require-logs": [
        ...weaker(redis, "logDeliveryConfigurations", gone, []),
        changes(redis, "logDeliveryConfigurations", "has one only", (logs: unknown[]) => logs.slice(0, 1)),
    ],
    "rds-require-sign-in-logs": [
        changes(postgres, "enabledCloudwatchLogsExports", "without iam-db-auth-error", (logs: string[]) =>
            logs.filter((log) => log !== "iam-db-auth-error"),
        ),
    ],
    "rds-disallow-password-in-state": [
        ...weaker(postgres, "password", "korea-2026"),
        ...weaker(postgres, "manageMasterUserPassword", gone),
    ],
    "rds-master-secret-require-customer-managed-key": weaker(postgres, "masterUserSecretKmsKeyId", gone),
    "s3-log-bucket-require-expiry": [
        logExpiry("keeps logs for ten days", (rule) => {
            rule.expiration.days = 10;
        }),
        logExpiry("keeps logs for ever", () => gone),
        logExpiry("keeps logs of others for ever", (rule) => {
            rule.filter = { prefix: "s3/data-lake/" };
        }),
    ],
    "stateful-resource-require-protection": [
        ...allowedIn(
            "dev",
            "goes away with its stack",
            ...[bucket, kafka, kafkaTopic, redis, postgres, secret].map((types) => option(types, "protect", false)),
            ...weaker(bucket, "forceDestroy", true),
            ...weaker(postgres, "skipFinalSnapshot", true),
        ),
    ],
    "resource-options-disallow-ignoring-security": [
        option(["aws:ec2/securityGroup:SecurityGroup"], "ignoreChanges", ["ingress"]),
        option(["aws:iam/role:Role"], "ignoreChanges", ["assumeRolePolicy"]),
        option(rolePolicy, "ignoreChanges", ["policy"]),
        option(postgres, "ignoreChanges", ["publiclyAccessible"]),
        option(kafka, "ignoreChanges", ["*"]),
        option(task, "ignoreChanges", ["containerDefinitions"]),
        option(["aws:kms/key:Key"], "ignoreChanges", ["policy"]),
    ],
    "servicediscovery-namespace-require-private": [
        beside(
            ["aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace"],
            "aws:servicediscovery/publicDnsNamespace:PublicDnsNamespace",
            "for everybody",
            () => ({ name: "aipx.example" }),
        ),
    ],
    "sns-topic-policy-disallow-wildcard-action": [
        statement(
            topicPolicy,
            "policy",
            'Action is "sns:*"',
            ({ Effect }) => Effect === "Allow",
            (each) => {
                each.Action = "sns:*";
            },
        ),
        statement(
            topicPolicy,
            "policy",
            'Action is "*"',
            ({ Effect }) => Effect === "Allow",
            (each) => {
                each.Action = "*";
            },
        ),
    ],
    "events-bus-require-cmk": weaker(bus, "kmsKeyIdentifier", gone),
    "events-archive-require-cmk": weaker(archive, "kmsKeyIdentifier", gone),
    "events-archive-require-retention": weaker(archive, "retentionDays", gone, 0),
    "events-bus-require-archive": [
        {
            types: archive,
            at: "",
            how: "removed",
            change: () => [],
        },
    ],
    "broker-egress-restrict-ports": [
        changes(egress, "toPort", "is 65535", (_port, { props }) =>
            props.at("cidrIpv4").text === "0.0.0.0/0" ? 65535 : undefined,
        ),
        changes(egress, "ipProtocol", 'is "udp"', (_given, { props }) =>
            props.at("cidrIpv4").text === "0.0.0.0/0" ? "udp" : undefined,
        ),
        ...[80, 22, 5432].map((port) =>
            reshaped(egress, "cidrIpv4", `is everybody's, for tcp ${port}`, ({ cidrIpv4, ...props }) =>
                cidrIpv4 === "0.0.0.0/0" ? { ...props, cidrIpv4, fromPort: port, toPort: port } : undefined,
            ),
        ),
    ],
    "broker-feed-require-single-task": [
        ofFeed("deploymentMinimumHealthyPercent", 100),
        ofFeed("deploymentMaximumPercent", 200),
        ofFeed("availabilityZoneRebalancing", "ENABLED"),
        ofFeed("availabilityZoneRebalancing", gone),
        ofFeed("desiredCount", 2),
        ofFeed("schedulingStrategy", "DAEMON"),
        ...allowedIn(
            "dev",
            "may run on Spot",
            changes(service, "capacityProviderStrategies", "is FARGATE_SPOT", (_given, { name }) =>
                isFeed(name) ? [{ capacityProvider: "FARGATE_SPOT", weight: 1 }] : undefined,
            ),
        ),
        changes(scaling.slice(0, 1), "scalableTargetAction.maxCapacity", "is 2", (_given, { name }) =>
            isFeed(name) ? 2 : undefined,
        ),
        changes(scaling.slice(1), "maxCapacity", "is 2", (_given, { name }) => (isFeed(name) ? 2 : undefined)),
    ],
    "broker-endpoint-disallow-mixed-modes": [
        brokerVariable("KIS_MODE", (mode) => (mode === "live" ? "paper" : "live")),
        brokerVariable("KIS_REST_URL", otherMode),
        brokerVariable("KIS_WEBSOCKET_URL", otherMode),
        ...[9443, 21000, 29443, 31000].map((port) =>
            reshaped(egress, "cidrIpv4", `is the broker's on ${port}`, ({ cidrIpv4, ...props }, _resource, stack) => {
                const used = stack.ofType(...egress).some((each) => each.props.at("fromPort").number === port);
                return cidrIpv4 === "0.0.0.0/0" && !used
                    ? { ...props, cidrIpv4, fromPort: port, toPort: port }
                    : undefined;
            }),
        ),
        changes(
            lambda,
            "environment.variables.KIS_REST_URL",
            "is that of the other mode",
            (_given, _resource, stack) => {
                const live = stack.ofType(...egress).some(({ props }) => props.at("fromPort").number === 9443);
                return live
                    ? "https://openapivts.koreainvestment.com:29443"
                    : "https://openapi.koreainvestment.com:9443";
            },
        ),
    ],
    "broker-live-require-protection": [
        {
            ...option(["aws:kms/key:Key"], "protect", false),
            allowed: { dev: "trades on paper", staging: "trades on paper" },
        },
    ],
    "broker-secret-restrict-readers": [
        {
            ...grants(rolePolicy, "policy", { Action: "secretsmanager:GetSecretValue", Resource: keysOfBroker }),
            change: (resource, stack) =>
                resource.name.includes("execution")
                    ? undefined
                    : grants(rolePolicy, "policy", {
                          Action: "secretsmanager:GetSecretValue",
                          Resource: keysOfBroker,
                      }).change(resource, stack),
        },
    ],
};
