import { type Resource } from "../../../policy-pack/core/resource";
import { plaintext } from "./identities";
import {
    allowedIn,
    beside,
    changes,
    gone,
    json,
    members,
    omit,
    option,
    type Mutation,
    type Props,
    removed,
    reshaped,
    statement,
    weaker,
} from "./operators";

const account = "123456789012";
const awsKey = (service: string): string => `arn:aws:kms:ap-northeast-2:${account}:alias/aws/${service}`;

const cluster = ["aws:ecs/cluster:Cluster"];
const service = ["aws:ecs/service:Service"];
const task = ["aws:ecs/taskDefinition:TaskDefinition"];
const lambda = ["aws:lambda/function:Function"];
const permission = ["aws:lambda/permission:Permission"];
const mapping = ["aws:lambda/eventSourceMapping:EventSourceMapping"];
const invoke = ["aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig"];
const kafka = ["aws:msk/cluster:Cluster"];
const redis = ["aws:elasticache/replicationGroup:ReplicationGroup"];
const redisUser = ["aws:elasticache/user:User"];
const postgres = ["aws:rds/instance:Instance"];
const parameters = ["aws:rds/parameterGroup:ParameterGroup"];
const bucket = ["aws:s3/bucket:Bucket"];
const block = ["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"];
const sse = ["aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"];
const versioning = ["aws:s3/bucketVersioning:BucketVersioning"];
const lifecycle = ["aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"];
const listener = ["aws:lb/listener:Listener"];
const balancer = ["aws:lb/loadBalancer:LoadBalancer"];
const target = ["aws:lb/targetGroup:TargetGroup"];
const stage = ["aws:apigatewayv2/stage:Stage"];
const route = ["aws:apigatewayv2/route:Route"];
const integration = ["aws:apigatewayv2/integration:Integration"];
const eventTarget = ["aws:cloudwatch/eventTarget:EventTarget"];
const secret = ["aws:secretsmanager/secret:Secret"];
const key = ["aws:kms/key:Key"];
const repository = ["aws:ecr/repository:Repository"];
const logGroup = ["aws:cloudwatch/logGroup:LogGroup"];
const alarm = ["aws:cloudwatch/metricAlarm:MetricAlarm"];
const topic = ["aws:sns/topic:Topic"];
const queue = ["aws:sqs/queue:Queue"];
const ingress = ["aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"];
const egress = ["aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"];
const group = ["aws:ec2/securityGroup:SecurityGroup"];
const closedGroup = ["aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"];
const vpc = ["aws:ec2/vpc:Vpc"];
const vpcRoute = ["aws:ec2/route:Route"];
const subnet = ["aws:ec2/subnet:Subnet"];
const certificate = ["aws:acm/certificate:Certificate"];

/** Changes the first container of a task. */
export const container = (how: string, change: (container: Props) => unknown): Mutation =>
    json(task, "containerDefinitions", how, ([first]: Props[]) => change(first!));

/** A second container, which is like the first but for one thing. */
const sidecar = (how: string, change: (container: Props) => unknown): Mutation =>
    json(task, "containerDefinitions", `a second container: ${how}`, (containers: Props[]) => {
        const second = { ...structuredClone(containers[0]!), name: "sidecar", essential: false };
        change(second);
        containers.push(second);
    });

const without =
    (name: string) =>
    (at: Props): unknown =>
        name in at ? delete at[name] : false;

const variable = (name: string, value: string): Mutation =>
    container(`environment has ${name}`, ({ environment }) => {
        (environment as Props[]).push({ name, value });
    });

const functionVariable = (name: string, value: string): Mutation =>
    changes(lambda, `environment.variables.${name}`, "is a secret in plain text", () => value);

/** A secret as it would be pasted. */
const secretText = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzK3xAmP1e9";

const volume = (configuration: Props, how: string): Mutation =>
    changes(task, "volumes", how, () => [
        { name: "shared", efsVolumeConfiguration: { fileSystemId: "fs-0123456789abcdef0", ...configuration } },
    ]);

const parameter = (name: string, ...values: (string | typeof gone)[]): Mutation[] =>
    values.map((value) =>
        members(
            parameters,
            "parameters",
            `${name} ${value === gone ? "removed" : `is ${String(value)}`}`,
            (each) => each.name === name,
            (each) => {
                if (value === gone) {
                    return gone;
                }
                each.value = value;
                return undefined;
            },
        ),
    );

/** Removes part of each rule of a bucket's life cycle that has it. */
const withoutPart = (part: string): Mutation =>
    members(
        lifecycle,
        "rules",
        `without ${part}`,
        (rule) => part in rule,
        (rule) => {
            delete rule[part];
            return Object.keys(rule).some((name) => !["id", "status", "filter"].includes(name)) ? undefined : gone;
        },
    );

const isFor =
    (property: string, ending: string) =>
    ({ props }: Resource): boolean =>
        props.at(property).text?.endsWith(ending) ?? false;

/** A rule of a group that lets everybody in. */
const open = (from: number, to: number, protocol = "tcp", cidr: Props = { cidrIpv4: "0.0.0.0/0" }): Mutation =>
    reshaped(ingress, Object.keys(cidr).join(), `is everybody's, for ${protocol} ${from} to ${to}`, (props) => ({
        ...omit(props, "referencedSecurityGroupId", "cidrIpv4", "fromPort", "toPort"),
        ...cidr,
        ...(protocol !== "-1" && { fromPort: from, toPort: to }),
        ipProtocol: protocol,
    }));
const everybodyV6 = { cidrIpv6: "::/0" };

/** Rules in the group itself. */
const inline = (property: string, how: string, rule: Props): Mutation =>
    changes(group, property, how, () => [{ protocol: "tcp", ...rule }]);

const inVpc = (type: string, how: string, props: Props): Mutation => beside(vpc, type, how, () => props);

export const resources: Record<string, Mutation[]> = {
    "ECS-025": [
        members(
            cluster,
            "settings",
            "containerInsights is disabled",
            () => true,
            (each) => {
                each.value = "disabled";
            },
        ),
        ...weaker(cluster, "settings", gone, []),
    ],
    "ECS-026": [
        ...weaker(cluster, "configuration.executeCommandConfiguration.logging", "NONE"),
        ...weaker(cluster, "configuration.executeCommandConfiguration.logConfiguration", gone),
        ...weaker(cluster, "configuration.executeCommandConfiguration", gone),
        ...weaker(cluster, "configuration", gone),
    ],
    "ECS-027": [
        ...weaker(cluster, "configuration.executeCommandConfiguration.kmsKeyId", gone),
        ...weaker(
            cluster,
            "configuration.executeCommandConfiguration.logConfiguration.cloudWatchEncryptionEnabled",
            false,
            gone,
        ),
    ],
    "ECS-028": [
        volume({}, "has a file system without encryption in transit"),
        volume({ transitEncryption: "DISABLED" }, "has a file system with encryption in transit disabled"),
    ],
    "ECS-029": [
        changes(task, "taskRoleArn", "is the execution role", (_role, { props }) => props.at("executionRoleArn").raw),
    ],
    "ECS-030": weaker(service, "platformVersion", "1.3.0", "1.0.0"),
    "ECS-031": weaker(service, "networkConfiguration.assignPublicIp", true),
    "ECS-032": [
        beside(service, "aws:ecs/taskSet:TaskSet", "with a public address", () => ({
            networkConfiguration: { assignPublicIp: true, subnets: ["subnet-1"] },
        })),
    ],
    "ECS-033": [
        sidecar("privileged is true", (each) => {
            each.privileged = true;
        }),
        container("privileged is true", (each) => {
            each.privileged = true;
        }),
    ],
    "ECS-034": [...weaker(task, "pidMode", "host"), ...weaker(task, "ipcMode", "host")],
    "ECS-035": [
        sidecar("readonlyRootFilesystem removed", without("readonlyRootFilesystem")),
        container("readonlyRootFilesystem is false", (each) => {
            each.readonlyRootFilesystem = false;
        }),
        container("readonlyRootFilesystem removed", without("readonlyRootFilesystem")),
    ],
    "ECS-036": [
        sidecar("logConfiguration removed", without("logConfiguration")),
        container("logConfiguration.logDriver is none", ({ logConfiguration }) => {
            logConfiguration.logDriver = "none";
        }),
        container("logConfiguration is {}", (each) => {
            each.logConfiguration = {};
        }),
        container("logConfiguration removed", without("logConfiguration")),
    ],
    "ECS-037": [
        variable("KIS_APP_SECRET", secretText),
        variable("POSTGRES_PASSWORD", "korea-2026"),
        variable("AWS_SECRET_ACCESS_KEY", secretText),
        variable("SETTINGS", "AKIAIOSFODNN7EXAMPLE"),
        variable("DATABASE_URL", "postgres://aipx:korea-2026@postgres:5432/aipx"),
        variable("SIGNING_KEY", "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ"),
        variable("API_TOKEN", "ghp_16C7e42F292c6912E7710c838347Ae178B4a"),
    ],
    "ECS-038": [
        container("user is empty", (each) => {
            each.user = "";
        }),
        sidecar("user removed", without("user")),
        ...["root", "0", "0:0", "root:root", "0:65532"].map((user) =>
            container(`user is ${user}`, (each) => {
                each.user = user;
            }),
        ),
        container("user removed", without("user")),
    ],
    "ECS-039": weaker(task, "networkMode", "host", "bridge", "none", gone),
    "Lambda-041": [
        functionVariable("API_KEY", secretText),
        functionVariable("DB_PASSWORD", "korea-2026"),
        functionVariable("SETTINGS", "AKIAIOSFODNN7EXAMPLE"),
        functionVariable("AWS_SECRET_ACCESS_KEY", secretText),
        functionVariable("DATABASE_URL", "postgres://aipx:korea-2026@postgres:5432/aipx"),
    ],
    "Lambda-042": [...weaker(lambda, "tracingConfig.mode", "PassThrough"), ...weaker(lambda, "tracingConfig", gone)],
    "Lambda-043": weaker(lambda, "reservedConcurrentExecutions", gone, -1),
    "Lambda-044": [
        ...weaker(invoke, "destinationConfig", gone),
        ...weaker(invoke, "destinationConfig.onFailure", gone),
        removed(invoke),
    ],
    "Lambda-045": [...weaker(lambda, "vpcConfig", gone), ...weaker(lambda, "vpcConfig.subnetIds", [])],
    "Lambda-046": [changes(lambda, "vpcConfig.subnetIds", "has one only", (subnets: unknown[]) => subnets.slice(0, 1))],
    "Lambda-047": weaker(lambda, "kmsKeyArn", gone, awsKey("lambda")),
    "Lambda-048": [
        beside(lambda, "aws:lambda/functionUrl:FunctionUrl", "for everybody", ({ props }) => ({
            functionName: props.at("name").raw,
            authorizationType: "NONE",
        })),
    ],
    "Lambda-049": [
        changes(lambda, "imageUri", "has the tag latest", (image: string) => image.replace(/@.*$/, ":latest")),
        changes(lambda, "imageUri", "has no tag", (image: string) => image.replace(/@.*$/, "")),
        changes(lambda, "imageUri", "is on Docker Hub", () => "docker.io/aipx/notification:1.0.0"),
    ],
    "Lambda-050": [...weaker(permission, "principal", "*"), ...weaker(permission, "functionUrlAuthType", "NONE")],
    "Lambda-051": [
        ...weaker(permission, "sourceArn", gone),
        ...weaker(permission, "sourceArn", "*"),
        ...weaker(permission, "sourceArn", "arn:aws:events:*:*:rule/*"),
    ],
    "Lambda-052": [
        // Images have none.
        changes(lambda, "runtime", "is old", (runtime) => (runtime === undefined ? undefined : "nodejs16.x")),
    ],
    "Lambda-053": [...weaker(lambda, "memorySize", gone), ...weaker(lambda, "timeout", gone)],
    "Lambda-054": [
        ...weaker(mapping, "destinationConfig", gone),
        ...weaker(mapping, "destinationConfig.onFailure", gone),
    ],
    "Lambda-055": [
        changes(queue, "visibilityTimeoutSeconds", "is 1", (seconds) => (seconds === undefined ? undefined : 1)),
        changes(queue, "visibilityTimeoutSeconds", "removed", (seconds) => (seconds > 180 ? gone : undefined)),
    ],
    "Lambda-056": [
        ...weaker(lambda, "loggingConfig", gone),
        ...weaker(lambda, "loggingConfig.logFormat", "Text", gone),
        ...weaker(lambda, "loggingConfig.logGroup", gone),
        ...weaker(lambda, "loggingConfig.applicationLogLevel", gone),
    ],
    "MSK-057": [
        ...weaker(kafka, "loggingInfo", gone),
        ...weaker(kafka, "loggingInfo.brokerLogs", gone),
        ...weaker(kafka, "loggingInfo.brokerLogs.cloudwatchLogs.enabled", false),
    ],
    "MSK-058": [
        ...weaker(kafka, "encryptionInfo.encryptionAtRestKmsKeyArn", gone, awsKey("kafka")),
        ...weaker(kafka, "encryptionInfo", gone),
    ],
    "MSK-059": [...weaker(kafka, "encryptionInfo.encryptionInTransit.clientBroker", "TLS_PLAINTEXT", "PLAINTEXT")],
    "MSK-060": weaker(kafka, "encryptionInfo.encryptionInTransit.inCluster", false),
    "MSK-061": weaker(kafka, "brokerNodeGroupInfo.connectivityInfo.publicAccess.type", "SERVICE_PROVIDED_EIPS"),
    "MSK-062": [
        ...weaker(kafka, "clientAuthentication.unauthenticated", true),
        ...weaker(kafka, "clientAuthentication.sasl.iam", false),
        ...weaker(kafka, "clientAuthentication.sasl", gone),
        ...weaker(kafka, "clientAuthentication", gone),
    ],
    "Redis-066": weaker(redis, "atRestEncryptionEnabled", false, gone),
    "Redis-067": weaker(redis, "kmsKeyId", gone, awsKey("elasticache")),
    "Redis-068": [
        ...weaker(redis, "transitEncryptionEnabled", false, gone),
        ...weaker(redis, "transitEncryptionMode", "preferred"),
    ],
    "Redis-069": [
        ...weaker(redis, "userGroupIds", gone, []),
        ...weaker(redisUser, "authenticationMode", { type: "no-password-required" }, gone),
        ...weaker(redisUser, "noPasswordRequired", true),
    ],
    "Redis-070": allowedIn(
        "dev",
        "one zone is enough where a break harms nobody",
        ...weaker(redis, "multiAzEnabled", false, gone),
        ...weaker(redis, "automaticFailoverEnabled", false, gone),
    ),
    "Redis-071": allowedIn(
        "dev",
        "a cache without data of worth",
        ...weaker(redis, "snapshotRetentionLimit", 0, 1, gone),
    ),
    "Redis-072": weaker(redis, "autoMinorVersionUpgrade", false),
    "Redis-073": weaker(redis, "subnetGroupName", "default", gone),
    "RDS-075": weaker(postgres, "storageEncrypted", false, gone),
    "RDS-076": weaker(postgres, "kmsKeyId", gone, awsKey("rds")),
    "RDS-077": weaker(postgres, "publiclyAccessible", true),
    "RDS-078": weaker(postgres, "dbSubnetGroupName", "default", gone),
    "RDS-079": weaker(postgres, "monitoringInterval", 0, gone),
    "RDS-080": [...weaker(postgres, "enabledCloudwatchLogsExports", gone, [], ["upgrade"], ["postgresql"])],
    "RDS-081": [
        ...weaker(postgres, "backupRetentionPeriod", 0),
        ...allowedIn(
            "dev",
            "one day of backups is enough there",
            ...weaker(postgres, "backupRetentionPeriod", 1, gone),
        ),
    ],
    "RDS-082": allowedIn("dev", "goes away with its stack", ...weaker(postgres, "deletionProtection", false, gone)),
    "RDS-083": allowedIn(
        "dev",
        "one zone is enough where a break harms nobody",
        ...weaker(postgres, "multiAz", false, gone),
    ),
    "RDS-084": weaker(postgres, "iamDatabaseAuthenticationEnabled", false, gone),
    "RDS-085": weaker(postgres, "autoMinorVersionUpgrade", false),
    "RDS-086": weaker(postgres, "caCertIdentifier", "rds-ca-2019", "rds-ca-2015"),
    "RDS-087": weaker(postgres, "performanceInsightsEnabled", false, gone),
    "RDS-088": weaker(postgres, "performanceInsightsKmsKeyId", gone, awsKey("rds")),
    "RDS-089": weaker(postgres, "copyTagsToSnapshot", false, gone),
    "RDS-090": [
        ...parameter("rds.force_ssl", "0"),
        ...weaker(postgres, "parameterGroupName", gone, "default.postgres17"),
    ],
    "RDS-091": [...parameter("log_statement", "none", gone), ...parameter("log_min_duration_statement", "-1", gone)],
    "RDS-093": weaker(postgres, "username", "postgres", "admin"),
    "RDS-095": weaker(postgres, "engineVersion", "13.2", "12.6", "11.11"),
    "RDS-098": [
        beside(postgres, "aws:rds/snapshot:Snapshot", "for everybody", () => ({ sharedAccounts: ["all"] })),
        beside(postgres, "aws:rds/snapshotCopy:SnapshotCopy", "under no key of ours", () => ({
            sourceDbSnapshotIdentifier: "one",
            targetDbSnapshotIdentifier: "two",
        })),
    ],
    "RDS-099": [
        {
            ...open(5432, 5432),
            types: ingress,
            change: (resource, stack) =>
                resource.props.at("fromPort").number === 5432 ? open(5432, 5432).change(resource, stack) : undefined,
        },
        {
            ...open(5432, 5432, "tcp", everybodyV6),
            change: (resource, stack) =>
                resource.props.at("fromPort").number === 5432
                    ? open(5432, 5432, "tcp", everybodyV6).change(resource, stack)
                    : undefined,
        },
    ],
    "S3-102": [...weaker(block, "blockPublicAcls", false, gone), removed(block)],
    "S3-103": weaker(block, "blockPublicPolicy", false, gone),
    "S3-104": weaker(block, "ignorePublicAcls", false, gone),
    "S3-105": weaker(block, "restrictPublicBuckets", false, gone),
    "S3-106": [
        ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"].map((property) =>
            beside(
                bucket.slice(0, 1),
                "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
                `without ${property}`,
                () => ({
                    blockPublicAcls: true,
                    blockPublicPolicy: true,
                    ignorePublicAcls: true,
                    restrictPublicBuckets: true,
                    [property]: false,
                }),
            ),
        ),
    ].flat(),
    "S3-107": [
        ...weaker(bucket, "acl", "public-read", "public-read-write", "authenticated-read"),
        beside(bucket, "aws:s3/bucketAcl:BucketAcl", "for everybody", ({ props }) => ({
            bucket: props.at("bucket").raw,
            acl: "public-read",
        })),
        beside(bucket, "aws:s3/bucketAcl:BucketAcl", "granting everybody", ({ props }) => ({
            bucket: props.at("bucket").raw,
            accessControlPolicy: {
                owner: { id: "owner" },
                grants: [
                    {
                        grantee: { type: "Group", uri: "http://acs.amazonaws.com/groups/global/AllUsers" },
                        permission: "READ",
                    },
                ],
            },
        })),
    ],
    "S3-108": weaker(
        ["aws:s3/bucketOwnershipControls:BucketOwnershipControls"],
        "rule.objectOwnership",
        "ObjectWriter",
        "BucketOwnerPreferred",
    ),
    "S3-110": [...plaintext("aws:s3/bucketPolicy:BucketPolicy"), removed(["aws:s3/bucketPolicy:BucketPolicy"])],
    "S3-112": [
        json(["aws:s3/bucketPolicy:BucketPolicy"], "policy", "denies everything to everybody", (document: Props) => {
            (document.Statement as Props[]).push({ Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*" });
        }),
        statement(
            ["aws:s3/bucketPolicy:BucketPolicy"],
            "policy",
            "TlsOnly denies without condition",
            ({ Sid }) => Sid === "TlsOnly",
            (each) => {
                delete each.Condition;
            },
        ),
    ],
    "S3-113": [removed(sse), ...weaker(sse, "rules", [])],
    "S3-114": [
        changes(sse, "rules.0.applyServerSideEncryptionByDefault", "is AES256", (by: Props) =>
            by.kmsMasterKeyId ? { sseAlgorithm: "AES256" } : undefined,
        ),
        changes(sse, "rules.0.applyServerSideEncryptionByDefault", "has no key of ours", (by: Props) =>
            by.kmsMasterKeyId ? { sseAlgorithm: "aws:kms" } : undefined,
        ),
        changes(sse, "rules.0.applyServerSideEncryptionByDefault", "has the key of S3", (by: Props) =>
            by.kmsMasterKeyId ? { sseAlgorithm: "aws:kms", kmsMasterKeyId: awsKey("s3") } : undefined,
        ),
    ],
    "S3-115": [removed(versioning), ...weaker(versioning, "versioningConfiguration.status", "Suspended", "Disabled")],
    "S3-116": [removed(["aws:s3/bucketLogging:BucketLogging"])],
    "S3-117": [
        removed(lifecycle),
        withoutPart("noncurrentVersionExpiration"),
        members(
            lifecycle,
            "rules",
            "disabled",
            () => true,
            (rule) => {
                rule.status = "Disabled";
            },
        ),
    ],
    "S3-118": [
        withoutPart("abortIncompleteMultipartUpload"),
        members(
            lifecycle,
            "rules",
            "cleanup disabled",
            (rule) => "abortIncompleteMultipartUpload" in rule,
            (rule) => {
                rule.status = "Disabled";
            },
        ),
        members(
            lifecycle,
            "rules",
            "cleanup of one prefix",
            (rule) => "abortIncompleteMultipartUpload" in rule,
            (rule) => {
                rule.filter = { prefix: "ticks/" };
            },
        ),
    ],
    "S3-122": [
        beside(bucket, "aws:s3/accessPoint:AccessPoint", "open", ({ props }) => ({
            bucket: props.at("bucket").raw,
            publicAccessBlockConfiguration: {
                blockPublicAcls: true,
                blockPublicPolicy: false,
                ignorePublicAcls: true,
                restrictPublicBuckets: true,
            },
        })),
    ],
    "S3-124": [
        beside(
            bucket,
            "aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration",
            "of the bucket",
            ({ props }) => ({
                bucket: props.at("bucket").raw,
                indexDocument: { suffix: "index.html" },
            }),
        ),
        ...weaker(bucket, "website", { indexDocument: "index.html" }),
    ],
    "ALB-126": weaker(listener, "protocol", "HTTP", gone),
    "ALB-127": [
        beside(balancer, "aws:lb/listener:Listener", "in plain text", (_balancer, stack) => ({
            ...(stack.ofType("aws:lb/listener:Listener")[0]?.props.raw as Props),
            port: 80,
            protocol: "HTTP",
        })),
    ],
    "ALB-128": weaker(
        listener,
        "sslPolicy",
        "ELBSecurityPolicy-2016-08",
        "ELBSecurityPolicy-TLS-1-0-2015-04",
        "ELBSecurityPolicy-TLS13-1-0-2021-06",
        "ELBSecurityPolicy-FS-2018-06",
        gone,
    ),
    "ALB-129": weaker(listener, "certificateArn", gone, `arn:aws:iam::${account}:server-certificate/old`),
    "ALB-131": [...weaker(target, "healthCheck", gone), ...weaker(target, "healthCheck.enabled", false)],
    "ALB-132": [...weaker(balancer, "accessLogs", gone), ...weaker(balancer, "accessLogs.enabled", false, gone)],
    "ALB-133": weaker(balancer, "dropInvalidHeaderFields", false, gone),
    "ALB-134": allowedIn(
        "dev",
        "goes away with its stack",
        ...weaker(balancer, "enableDeletionProtection", false, gone),
    ),
    "ALB-135": weaker(balancer, "desyncMitigationMode", "monitor"),
    "ALB-136": [changes(balancer, "subnets", "has one only", (subnets: unknown[]) => subnets.slice(0, 1))],
    "ALB-138": [changes(balancer, "internal", "is false", () => false)],
    "ALB-139": weaker(balancer, "internal", false, gone),
    "APIGW-140": [
        ...weaker(stage, "accessLogSettings", gone),
        ...weaker(stage, "accessLogSettings.destinationArn", gone, ""),
    ],
    "APIGW-141": [
        ...weaker(stage, "defaultRouteSettings.loggingLevel", "OFF", gone),
        ...weaker(stage, "defaultRouteSettings", gone),
    ],
    "APIGW-142": weaker(stage, "accessLogSettings.format", "$context.requestId $context.status", gone),
    "APIGW-143": [
        changes(route, "authorizationType", 'is "NONE"', (type: unknown) => (type === undefined ? undefined : "NONE")),
        ...weaker(route, "authorizationType", gone),
    ],
    "APIGW-144": [
        reshaped(integration, "integrationUri", "is in plain text", (props) => ({
            ...props,
            integrationType: "HTTP_PROXY",
            integrationUri: "http://oms.example.com/",
        })),
        reshaped(integration, "connectionType", 'is "VPC_LINK" without TLS', (props) => ({
            ...props,
            connectionType: "VPC_LINK",
            connectionId: "link",
            integrationType: "HTTP_PROXY",
        })),
    ],
    "APIGW-147": [
        ...weaker(stage, "defaultRouteSettings.throttlingBurstLimit", gone, 0),
        ...weaker(stage, "defaultRouteSettings.throttlingRateLimit", gone, 0),
    ],
    "APIGW-150": [
        ...weaker(stage, "defaultRouteSettings.dataTraceEnabled", true),
        ...weaker(stage, "routeSettings", [{ routeKey: "$default", dataTraceEnabled: true }]),
    ],
    "Events-154": [
        ...weaker(eventTarget, "deadLetterConfig", gone),
        ...weaker(eventTarget, "retryPolicy", gone),
        ...weaker(eventTarget, "retryPolicy.maximumEventAgeInSeconds", 86400, gone),
    ],
    "Secrets-156": weaker(secret, "kmsKeyId", gone, awsKey("secretsmanager")),
    "KMS-158": weaker(key, "enableKeyRotation", false, gone),
    "KMS-160": [
        ...weaker(key, "policy", gone),
        statement(
            key,
            "policy",
            "administrators use it too",
            ({ Sid }) => Sid === "Administration",
            (each) => {
                each.Action = "kms:*";
            },
        ),
    ],
    "KMS-161": [
        ...weaker(key, "isEnabled", false),
        ...weaker(key, "deletionWindowInDays", 1),
        ...allowedIn("dev", "seven days are enough there", ...weaker(key, "deletionWindowInDays", 7)),
        ...weaker(key, "bypassPolicyLockoutSafetyCheck", true),
        ...allowedIn("dev", "keys go away with their stack", option(key, "protect", false)),
    ],
    "ECR-163": weaker(repository, "imageTagMutability", "MUTABLE", gone),
    "ECR-164": [
        ...weaker(
            repository,
            "encryptionConfigurations",
            gone,
            [],
            [{ encryptionType: "AES256" }],
            [{ encryptionType: "KMS" }],
        ),
    ],
    "ECR-165": [
        ...weaker(repository, "imageScanningConfiguration", gone),
        ...weaker(repository, "imageScanningConfiguration.scanOnPush", false),
    ],
    "ECR-166": [
        removed(["aws:ecr/lifecyclePolicy:LifecyclePolicy"]),
        ...weaker(["aws:ecr/lifecyclePolicy:LifecyclePolicy"], "policy", '{"rules":[]}'),
    ],
    "Logs-167": weaker(logGroup, "retentionInDays", gone, 0),
    "Logs-168": [
        ...weaker(logGroup, "retentionInDays", 1, 3, 3653),
        ...allowedIn("dev", "seven days of logs are enough there", ...weaker(logGroup, "retentionInDays", 7, 14)),
    ],
    "Logs-169": weaker(logGroup, "kmsKeyId", gone),
    "Logs-170": [
        ...weaker(alarm, "actionsEnabled", false),
        ...weaker(alarm, "alarmActions", gone),
        changes(alarm, "alarmActions", "is []", (actions: unknown) => actions && []),
    ],
    "SNS-171": weaker(topic, "kmsMasterKeyId", gone, "alias/aws/sns"),
    "SNS-172": [...plaintext("aws:sns/topicPolicy:TopicPolicy"), removed(["aws:sns/topicPolicy:TopicPolicy"])],
    "SNS-175": [
        beside(
            topic,
            "aws:sns/topicSubscription:TopicSubscription",
            "without a dead-letter queue",
            (_topic, stack) => ({
                topic: "arn:aws:sns:ap-northeast-2:123456789012:aipx-alarms",
                protocol: "lambda",
                endpoint: stack.ofType(lambda[0]!)[0]?.props.at("name").raw,
            }),
        ),
    ],
    "SQS-176": [
        ...weaker(queue, "kmsMasterKeyId", gone),
        changes(queue, "sqsManagedSseEnabled", "is false", (_given, { props }) =>
            props.at("kmsMasterKeyId").isAbsent ? false : undefined,
        ),
    ],
    "SQS-177": [
        changes(queue, "kmsMasterKeyId", "is the key of SQS", (id: unknown) =>
            id === undefined ? undefined : "alias/aws/sqs",
        ),
    ],
    "SQS-178": [...plaintext("aws:sqs/queuePolicy:QueuePolicy"), removed(["aws:sqs/queuePolicy:QueuePolicy"])],
    "SQS-180": [
        ...weaker(queue, "redrivePolicy", gone),
        changes(queue, "messageRetentionSeconds", "is a day", (_seconds, resource) =>
            isFor("name", "-failed")(resource) ? 86400 : undefined,
        ),
        changes(queue, "messageRetentionSeconds", "removed", (_seconds, resource) =>
            isFor("name", "-failed")(resource) ? gone : undefined,
        ),
        removed(alarm, ({ props }) => props.at("metricName").text === "ApproximateNumberOfMessagesVisible"),
    ],
    "VPC-181": [
        open(22, 22),
        open(22, 22, "tcp", everybodyV6),
        open(20, 30),
        reshaped(ingress, "cidrIpv4", 'is "0.0.0.0/1" for tcp 22 to 22', (props) => ({
            ...omit(props, "referencedSecurityGroupId"),
            cidrIpv4: "0.0.0.0/1",
            fromPort: 22,
            toPort: 22,
        })),
    ],
    "VPC-182": [open(3389, 3389), open(3389, 3389, "tcp", everybodyV6), open(3000, 4000)],
    "VPC-183": [open(80, 80), open(80, 80, "tcp", everybodyV6)],
    "VPC-184": [
        open(0, 65535),
        open(-1, -1, "-1"),
        open(-1, -1, "-1", everybodyV6),
        open(9098, 9098),
        open(6379, 6379),
        open(50051, 50051),
        open(443, 443),
        inline("ingress", "is open to everybody", { fromPort: 22, toPort: 22, cidrBlocks: ["0.0.0.0/0"] }),
        inline("ingress", "is open to everybody with IPv6", { fromPort: 0, toPort: 65535, ipv6CidrBlocks: ["::/0"] }),
        reshaped(
            ingress,
            "referencedSecurityGroupId",
            "is any address in the VPC",
            ({ referencedSecurityGroupId, ...props }) =>
                [5432, 6379, 9098].includes(props.fromPort as number) && referencedSecurityGroupId
                    ? { ...props, cidrIpv4: "10.0.0.0/8" }
                    : undefined,
        ),
        changes(
            ingress,
            "referencedSecurityGroupId",
            "is the group of the load balancer",
            (_group, { props }, stack) =>
                [5432, 6379, 9098].includes(props.at("fromPort").number ?? 0)
                    ? stack
                          .ofType(...ingress)
                          .find(({ name }) => name.startsWith("hot-path-oms-balancer-from"))
                          ?.props.at("securityGroupId").raw
                    : undefined,
        ),
        changes(ingress, "toPort", "is 65535", (_port, { props }) =>
            [5432, 6379, 9098].includes(props.at("fromPort").number ?? 0) ? 65535 : undefined,
        ),
    ],
    "VPC-185": [
        reshaped(egress, "ipProtocol", 'is "-1" to everybody', (props) => ({
            ...omit(props, "referencedSecurityGroupId", "prefixListId", "fromPort", "toPort"),
            ipProtocol: "-1",
            cidrIpv4: "0.0.0.0/0",
        })),
        changes(egress, "toPort", "is 65535", (_port, { props }) =>
            props.at("cidrIpv4").text === "0.0.0.0/0" ? 65535 : undefined,
        ),
        inline("egress", "is everybody on every port", {
            protocol: "-1",
            fromPort: 0,
            toPort: 0,
            cidrBlocks: ["0.0.0.0/0"],
        }),
        inline("egress", "is everybody with IPv6", { fromPort: 0, toPort: 65535, ipv6CidrBlocks: ["::/0"] }),
    ],
    "VPC-186": [
        ...weaker(group, "description", gone, ""),
        ...weaker(ingress, "description", gone),
        ...weaker(egress, "description", gone),
    ],
    "VPC-187": [
        beside(group, "aws:ec2/securityGroup:SecurityGroup", "for nothing", ({ props }) => ({
            description: "Nothing",
            vpcId: props.at("vpcId").raw,
            ingress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["10.0.0.0/8"] }],
        })),
    ],
    "VPC-188": [
        removed(closedGroup),
        ...weaker(closedGroup, "ingress", [{ protocol: "-1", self: true, fromPort: 0, toPort: 0 }]),
        ...weaker(closedGroup, "egress", [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }]),
    ],
    "VPC-189": [
        removed(["aws:ec2/flowLog:FlowLog"]),
        ...weaker(["aws:ec2/flowLog:FlowLog"], "trafficType", "REJECT", "ACCEPT"),
    ],
    "VPC-190": [
        changes(subnet, "mapPublicIpOnLaunch", "is true", (_given, { name }) =>
            name.includes("private") ? true : undefined,
        ),
    ],
    "VPC-191": [
        reshaped(vpcRoute, "gatewayId", "is the internet gateway in a private subnet", (props, { name }, stack) => {
            const gateways = stack.ofType(...vpcRoute).map((each) => each.props.at("gatewayId").text);
            return name.includes("private") && props.natGatewayId
                ? { ...omit(props, "natGatewayId"), gatewayId: gateways.find((id) => id !== undefined) }
                : undefined;
        }),
    ],
    "VPC-193": [inVpc("aws:ec2/networkAcl:NetworkAcl", "for nothing", { vpcId: "vpc-1", subnetIds: [] })],
    "VPC-192": [
        inVpc("aws:ec2/networkAclRule:NetworkAclRule", "for everybody", {
            ...{ networkAclId: "acl-1", ruleNumber: 1, ruleAction: "allow", egress: false },
            ...{ protocol: "tcp", fromPort: 22, toPort: 22, cidrBlock: "0.0.0.0/0" },
        }),
    ],
    "VPC-194": [
        ...["aws:PrincipalAccount", "aws:ResourceAccount"].map((name) =>
            statement(
                ["aws:ec2/vpcEndpoint:VpcEndpoint"],
                "policy",
                `for any ${name}`,
                ({ Condition }) => Condition?.StringEquals !== undefined,
                (each) => {
                    each.Condition = { StringLike: { [name]: "*" } };
                },
            ),
        ),
        ...allowedIn(
            "dev",
            "endpoints cost there more than they guard",
            removed(["aws:ec2/vpcEndpoint:VpcEndpoint"], ({ props }) =>
                /\.(ecr\.api|ecr\.dkr|ssm)$/.test(props.at("serviceName").text ?? ""),
            ),
        ),
        ...weaker(["aws:ec2/vpcEndpoint:VpcEndpoint"], "policy", gone),
        statement(
            ["aws:ec2/vpcEndpoint:VpcEndpoint"],
            "policy",
            "for everybody",
            ({ Condition }) => Condition !== undefined,
            (each) => {
                delete each.Condition;
            },
        ),
    ],
    "VPC-195": [inVpc("aws:ec2/vpcEndpointService:VpcEndpointService", "for everybody", { acceptanceRequired: false })],
    "VPC-196": [inVpc("aws:ec2/defaultVpc:DefaultVpc", "in use", {})],
    "VPC-197": [
        inVpc("aws:ec2/route:Route", "to a whole peer", {
            routeTableId: "rtb-1",
            destinationCidrBlock: "10.0.0.0/8",
            vpcPeeringConnectionId: "pcx-1",
        }),
    ],
    "VPC-198": [inVpc("aws:ec2/eip:Eip", "for nothing", { domain: "vpc" }), removed(["aws:ec2/natGateway:NatGateway"])],
    "VPC-199": [
        inVpc("aws:ec2/vpcBlockPublicAccessOptions:VpcBlockPublicAccessOptions", "off", {
            internetGatewayBlockMode: "off",
        }),
    ],
    "VPC-200": [inVpc("aws:route53/zone:Zone", "without a log and a signature", { name: "aipx.example" })],
    "VPC-201": [
        inVpc("aws:ec2/networkInterface:NetworkInterface", "without a check", {
            subnetId: "subnet-1",
            sourceDestCheck: false,
        }),
    ],
    "ACM-202": weaker(certificate, "keyAlgorithm", "RSA_1024"),
    "ACM-203": [
        ...weaker(certificate, "domainName", "*.aipx.example"),
        ...weaker(certificate, "subjectAlternativeNames", ["*.aipx.example"]),
        ...weaker(certificate, "options", { certificateTransparencyLoggingPreference: "DISABLED" }),
    ],
    "ECS-040": [
        beside(cluster, "aws:ecs/capacityProvider:CapacityProvider", "that may end", () => ({
            autoScalingGroupProvider: { managedTerminationProtection: "DISABLED" },
        })),
    ],
    "MSK-064": [
        beside(kafka, "aws:mskconnect/connector:Connector", "in plain text", () => ({
            kafkaClusterEncryptionInTransit: { encryptionType: "PLAINTEXT" },
        })),
    ],
    "MSK-065": [
        beside(kafka, "aws:mskconnect/connector:Connector", "without logs", () => ({
            kafkaClusterEncryptionInTransit: { encryptionType: "TLS" },
        })),
    ],
    "RDS-092": [beside(postgres, "aws:rds/proxy:Proxy", "in plain text", () => ({ requireTls: false }))],
    "RDS-096": [
        beside(postgres, "aws:rds/eventSubscription:EventSubscription", "without failures", () => ({
            sourceType: "db-instance",
            eventCategories: ["creation"],
        })),
    ],
    "RDS-100": [beside(postgres, "aws:rds/cluster:Cluster", "without a way back", () => ({ engine: "aurora-mysql" }))],
    "RDS-101": [
        beside(postgres, "aws:rds/clusterActivityStream:ClusterActivityStream", "under the key of RDS", () => ({
            kmsKeyId: "alias/aws/rds",
        })),
    ],
    "S3-125": [beside(bucket, "aws:cloudtrail/trail:Trail", "without objects", () => ({ eventSelectors: [] }))],
    "ALB-130": [
        beside(listener, "aws:lb/targetGroup:TargetGroup", "in plain text", () => ({
            port: 80,
            protocol: "HTTP",
            targetType: "ip",
            vpcId: "vpc-1",
        })),
    ],
    "ALB-137": [
        beside(balancer, "aws:lb/loadBalancer:LoadBalancer", "within zones", () => ({
            loadBalancerType: "network",
            internal: true,
            enableCrossZoneLoadBalancing: false,
        })),
    ],
    "APIGW-145": [
        beside(stage, "aws:apigatewayv2/domainName:DomainName", "with old TLS", () => ({
            domainName: "api.aipx.example",
            domainNameConfiguration: { securityPolicy: "TLS_1_0" },
        })),
    ],
    "APIGW-148": [
        beside(stage, "aws:apigateway/stage:Stage", "without traces", () => ({ restApi: "api", stageName: "live" })),
    ],
    "APIGW-149": [
        beside(stage, "aws:apigateway/stage:Stage", "without a firewall", () => ({
            restApi: "api",
            stageName: "live",
        })),
    ],
    "APIGW-151": [
        beside(stage, "aws:apigateway/method:Method", "for everybody", () => ({
            restApi: "api",
            httpMethod: "POST",
            authorization: "NONE",
        })),
    ],
    "APIGW-152": [
        beside(stage, "aws:apigateway/method:Method", "without validation", () => ({
            restApi: "api",
            httpMethod: "POST",
            authorization: "AWS_IAM",
        })),
    ],
    "Events-155": [
        beside(eventTarget, "aws:scheduler/schedule:Schedule", "under no key of ours", () => ({
            scheduleExpression: "rate(1 day)",
        })),
    ],
    "Secrets-157": [
        beside(key, "aws:secretsmanager/secret:Secret", "that never changes", () => ({ name: "aipx/other" })),
    ],
    "SNS-174": [
        beside(topic, "aws:sns/topicSubscription:TopicSubscription", "that fails unseen", ({ props }) => ({
            topic: `arn:aws:sns:ap-northeast-2:${account}:${props.at("name").text}`,
            protocol: "sqs",
            endpoint: "queue",
        })),
    ],
};
