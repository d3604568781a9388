import { type Statement } from "../plan/service/model";

// What IAM actions allow, in words. The table has the actions that roles of this platform have, and no others: a test
// compares. A sentence reads "May <verb> the <thing>s <names>".

/** By action: the verb, and what it is done to. */
export const actions: Record<string, [verb: string, thing: string]> = {
    "bedrock:InvokeModel": ["call", "Bedrock model"],
    "bedrock:InvokeModelWithResponseStream": ["stream answers of", "Bedrock model"],
    "dynamodb:GetItem": ["read", "item"],
    "dynamodb:PutItem": ["write", "item"],
    "dynamodb:UpdateItem": ["change", "item"],
    "ec2:AssignPrivateIpAddresses": ["assign addresses to", "network interface"],
    "ec2:CreateNetworkInterface": ["make", "network interface"],
    "ec2:DeleteNetworkInterface": ["delete", "network interface"],
    "ec2:DescribeNetworkInterfaces": ["look up", "network interface"],
    "ec2:DescribeSecurityGroups": ["look up", "security group"],
    "ec2:DescribeSubnets": ["look up", "subnet"],
    "ec2:DescribeVpcs": ["look up", "VPC"],
    "ec2:UnassignPrivateIpAddresses": ["take addresses from", "network interface"],
    "ecr:BatchCheckLayerAvailability": ["look up layers in", "image repository"],
    "ecr:BatchGetImage": ["pull from", "image repository"],
    "ecr:GetAuthorizationToken": ["sign in to", "image registry"],
    "ecr:GetDownloadUrlForLayer": ["download layers from", "image repository"],
    "ecs:DescribeTasks": ["look up", "task"],
    "ecs:GetTaskProtection": ["look up the protection of", "task"],
    "ecs:RunTask": ["run a task of", "task definition"],
    "ecs:StopTask": ["stop", "task"],
    "ecs:UpdateTaskProtection": ["protect", "task"],
    "elasticache:Connect": ["sign in to", "Redis cache"],
    "events:PutEvents": ["publish on", "event bus"],
    "execute-api:ManageConnections": ["send to clients of", "WebSocket API"],
    "iam:PassRole": ["hand on", "role"],
    "kafka-cluster:AlterGroup": ["join", "Kafka consumer group"],
    "kafka-cluster:Connect": ["connect to", "Kafka cluster"],
    "kafka-cluster:DescribeClusterDynamicConfiguration": ["look up the configuration of", "Kafka cluster"],
    "kafka-cluster:DescribeGroup": ["look up", "Kafka consumer group"],
    "kafka-cluster:DescribeTopic": ["look up", "Kafka topic"],
    "kafka-cluster:ReadData": ["read records from", "Kafka topic"],
    "kafka-cluster:WriteData": ["write records to", "Kafka topic"],
    "kafka-cluster:WriteDataIdempotently": ["write idempotently to", "Kafka cluster"],
    "kafka:DescribeClusterV2": ["look up", "Kafka cluster"],
    "kafka:GetBootstrapBrokers": ["ask for the brokers of", "Kafka cluster"],
    "kms:Decrypt": ["decrypt with", "key"],
    "kms:GenerateDataKey": ["encrypt with", "key"],
    "lambda:InvokeFunction": ["invoke", "function"],
    "logs:CreateLogStream": ["open streams in", "log group"],
    "logs:DescribeLogGroups": ["list", "log group"],
    "logs:DescribeLogStreams": ["list streams of", "log group"],
    "logs:GetLogEvents": ["read", "log group"],
    "logs:PutLogEvents": ["write to", "log group"],
    "rds-db:connect": ["sign in to PostgreSQL as", "database user"],
    "s3:AbortMultipartUpload": ["give up uploads to", "S3 path"],
    "s3:ListBucket": ["list", "S3 path"],
    "s3:PutObject": ["write", "S3 path"],
    "secretsmanager:GetSecretValue": ["read", "secret"],
    "sqs:DeleteMessage": ["delete messages from", "queue"],
    "sqs:GetQueueAttributes": ["look up", "queue"],
    "sqs:ReceiveMessage": ["receive from", "queue"],
    "sqs:SendMessage": ["send to", "queue"],
    "ssm:GetParameters": ["read", "SSM parameter"],
    "ssmmessages:CreateControlChannel": ["open", "shell channel"],
    "ssmmessages:CreateDataChannel": ["open", "shell channel"],
    "ssmmessages:OpenControlChannel": ["use", "shell channel"],
    "ssmmessages:OpenDataChannel": ["use", "shell channel"],
    "xray:PutTelemetryRecords": ["write telemetry of", "trace"],
    "xray:PutTraceSegments": ["write", "trace"],
};

/** By condition key: the end of the sentence. */
export const conditions: Record<string, (values: string[]) => string> = {
    "aws:ResourceTag/aws:rds:primaryDBInstanceArn": (values) => `of the database ${list(values.map(nameIn))}`,
    "aws:ResourceTag/service": (values) => `of ${list(values)}`,
    "bedrock:InferenceProfileArn": (values) => `through the inference profile ${list(values.map(nameIn))}`,
    "dynamodb:LeadingKeys": (values) => `whose key is ${list(values)}`,
    "ecs:cluster": (values) => `in the cluster ${list(values.map(nameIn))}`,
    "events:source": (values) => `as source ${list(values)}`,
    "iam:PassedToService": (values) => `to ${list(values.map((host) => services[host.split(".")[0]!] ?? host))}`,
    "kms:ResourceAliases": (values) => list(values),
    "kms:ViaService": (values) => `through ${list(values.map((host) => services[host.split(".")[0]!] ?? host))}`,
    "s3:ResourceAccount": () => "if it is this account's",
    "lambda:SourceFunctionArn": () => "from the function's own code",
};

/** Services through which keys are used, as people call them. */
const services: Record<string, string> = {
    dynamodb: "DynamoDB",
    "ecs-tasks": "ECS",
    lambda: "Lambda",
    s3: "S3",
    secretsmanager: "Secrets Manager",
    sqs: "SQS",
};

/** A statement as a sentence; nothing if there are no words for an action or a condition of it. */
export function statementWords({
    effect,
    actions: allowed,
    resources,
    conditions: limits,
}: Statement): string | undefined {
    const ends = Object.values(limits).flatMap((keys) =>
        Object.entries(keys).map(([key, values]) => conditions[key]?.(values)),
    );
    const verbs = new Map<string, string[]>();
    for (const action of allowed) {
        const [verb, thing] = actions[action] ?? [];
        if (verb === undefined || thing === undefined) {
            return undefined;
        }
        verbs.set(thing, [...new Set([...(verbs.get(thing) ?? []), verb])]);
    }
    if (ends.includes(undefined)) {
        return undefined;
    }
    const names = [...new Set(resources.map(nameIn))].filter((name) => name !== "");
    const join = effect === "Deny" ? "or" : "and";
    const parts = [...verbs].map(([thing, each]) => `${list(each, join)} ${object(thing, names)}`);
    return `${effect === "Deny" ? "May not" : "May"} ${[parts.join("; "), ...ends].join(" ")}.`;
}

/** `the Kafka topics orders and executions`, `any network interface`. */
function object(thing: string, names: string[]): string {
    if (names.length === 0) {
        // A key's name is in the condition.
        return thing === "key" ? "the key" : `any ${thing}`;
    }
    if (thing === "Redis cache") {
        return `the ${thing} ${names.join(" as ")}`;
    }
    return `the ${thing}${names.length > 1 ? "s" : ""} ${list(names)}`;
}

/** How the end of an ARN is read, by the service in it: most have the name after the last slash or colon. */
const readers: Record<string, (resource: string) => string> = {
    // cluster/NAME/ID, topic/CLUSTER/ID/NAME, group/CLUSTER/ID/NAME
    kafka: (resource) =>
        resource.startsWith("cluster/") ? resource.split("/")[1]! : resource.split("/").slice(3).join("/"),
    elasticache: (resource) => resource.replace("replicationgroup:", "").replace(/^user:/, "user "),
    secretsmanager: (resource) => resource.replace(/^secret:/, "").replace(/-\?{6}$/, ""),
    ssm: (resource) => resource.replace(/^parameter/, ""),
    logs: (resource) => resource.replace(/^log-group:/, "").replace(/:\*$/, ""),
    ecs: (resource) => resource.replace(/^(task|task-definition)\//, "").replace(/(\/|:)\*$/, ""),
    dynamodb: (resource) => `of ${resource.replace(/^table\//, "table ")}`,
    ecr: (resource) => resource.replace(/^repository\//, ""),
    s3: (resource) => resource,
    "execute-api": (resource) => resource.split("/")[1] ?? resource,
    bedrock: (resource) => resource.split("/").slice(1).join("/"),
    kms: () => "",
};

/** What an ARN names: `orders`, `aipx/dev/kis-credentials`. Empty where all are meant. */
function nameIn(arn: string): string {
    if (arn === "*") {
        return "";
    }
    const [, , service = "", , , ...rest] = arn.split(":");
    const resource = rest.join(":");
    return (readers[service] ?? ((text: string) => text.split(/[:/]/).pop()!))(resource).replace(/^\*$/, "");
}

/** `a, b and c`. */
export const list = (names: string[], join = "and"): string =>
    names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} ${join} ${names[names.length - 1]}`;
