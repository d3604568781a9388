import * as pulumi from "@pulumi/pulumi";
import { EncryptionKey, type ResourceStatement, type Scope, tagged } from "../building-blocks";

export interface EncryptionArgs {
    scope: Scope;
    /** Whether a deleted key is gone after 7 days instead of 30, and may be deleted by a plain `pulumi destroy`. */
    disposable: boolean;
}

/** The keys of an installation, one for each kind of data, so that the right to use one says nothing about the others. */
export interface Keys {
    /** CloudWatch log groups. */
    logs: EncryptionKey;
    /** Kafka, PostgreSQL and the secret of its master user, Redis, the data lake, leases. */
    data: EncryptionKey;
    /** Queues, topics, the event bus and its archive. */
    messages: EncryptionKey;
    /** Secrets, images, environments of functions, disks of Fargate tasks, shells in tasks. */
    services: EncryptionKey;
}

/** The four KMS keys of an installation, about $4 a month. Every use of a key is named in its policy. */
export class Encryption extends pulumi.ComponentResource implements Keys {
    readonly logs: EncryptionKey;
    readonly data: EncryptionKey;
    readonly messages: EncryptionKey;
    readonly services: EncryptionKey;

    constructor(name: string, args: EncryptionArgs, opts?: pulumi.ComponentResourceOptions) {
        super("aipx:encryption:Encryption", name, {}, tagged({ component: "encryption" }, opts));
        const key = (
            keyName: string,
            description: string,
            viaServices: string[],
            serviceStatements: ResourceStatement[],
        ): EncryptionKey =>
            new EncryptionKey(
                `${name}-${keyName}`,
                { ...args, keyName, description, viaServices, serviceStatements },
                { parent: this },
            );
        const { scope } = args;
        this.logs = key("logs", "Log groups", [], logStatements(scope));
        this.data = key(
            "data",
            "Kafka, PostgreSQL, Redis, the data lake and leases",
            ["dynamodb", "elasticache", "kafka", "rds", "s3", "secretsmanager"],
            [],
        );
        this.messages = key(
            "messages",
            "Queues, topics and events",
            ["events", "sns", "sqs"],
            messageStatements(scope),
        );
        this.services = key(
            "services",
            "Secrets, images, environments of functions and disks of tasks",
            ["ecr", "lambda", "secretsmanager"],
            serviceStatements(scope),
        );
        this.registerOutputs({
            logs: this.logs.arn,
            data: this.data.arn,
            messages: this.messages.arn,
            services: this.services.arn,
        });
    }
}

/**
 * CloudWatch Logs uses the key by itself, for whoever writes to a group; the writers need no right to it. A group whose
 * name is missing here could not be created with the key.
 */
function logStatements(scope: Scope): ResourceStatement[] {
    const groups = [
        // Every group that this program names.
        `/${scope.path("*")}`,
        // Groups that AWS names after their writers: Container Insights, the database's own logs and API Gateway's
        // execution logs, where AWS chooses the API's id.
        ...installationNames(scope).map((cluster) => `/aws/ecs/containerinsights/${cluster}/performance`),
        `/aws/rds/instance/${scope.name("*")}`,
        "/aws/apigateway/*",
    ];
    return [
        {
            sid: "LogGroups",
            principals: { Service: `logs.${scope.region}.amazonaws.com` },
            actions: [
                "kms:Encrypt",
                "kms:Decrypt",
                "kms:ReEncryptFrom",
                "kms:ReEncryptTo",
                "kms:GenerateDataKey",
                "kms:GenerateDataKeyWithoutPlaintext",
                "kms:DescribeKey",
            ],
            resources: ["*"],
            conditions: {
                ArnLike: {
                    "kms:EncryptionContext:aws:logs:arn": groups.map((group) =>
                        scope.arn("logs", `log-group:${group}`),
                    ),
                },
            },
        },
    ];
}

/** Services that send to encrypted queues and topics, and EventBridge, which keeps events on the bus and in the archive. */
function messageStatements(scope: Scope): ResourceStatement[] {
    const thisAccount = { StringEquals: { "aws:SourceAccount": scope.accountId } };
    const buses = installationNames(scope).map((bus) => scope.arn("events", `event-bus/${bus}`));
    return [
        {
            sid: "Senders",
            principals: {
                Service: [
                    "budgets.amazonaws.com",
                    "cloudwatch.amazonaws.com",
                    "costalerts.amazonaws.com",
                    "events.amazonaws.com",
                    "sns.amazonaws.com",
                ],
            },
            actions: ["kms:Decrypt", "kms:GenerateDataKey"],
            resources: ["*"],
            conditions: thisAccount,
        },
        {
            sid: "EventBuses",
            principals: { Service: "events.amazonaws.com" },
            actions: ["kms:Decrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo"],
            resources: ["*"],
            // What EventBridge does for an archive carries this context and no source account.
            conditions: { ArnLike: { "kms:EncryptionContext:aws:events:event-bus:arn": buses } },
        },
        {
            // Looking at a key has no encryption context.
            sid: "EventBusesCheckKey",
            principals: { Service: "events.amazonaws.com" },
            actions: ["kms:DescribeKey"],
            resources: ["*"],
            conditions: thisAccount,
        },
    ];
}

/** Fargate, which encrypts the disks of tasks, and shells in tasks, which encrypt without any service between. */
function serviceStatements(scope: Scope): ResourceStatement[] {
    const clusters = {
        StringEquals: { "kms:EncryptionContext:aws:ecs:clusterAccount": scope.accountId },
        StringLike: { "kms:EncryptionContext:aws:ecs:clusterName": installationNames(scope) },
    };
    const fargate = { Service: "fargate.amazonaws.com" };
    return [
        {
            sid: "TaskDisks",
            principals: fargate,
            actions: ["kms:GenerateDataKeyWithoutPlaintext"],
            resources: ["*"],
            conditions: clusters,
        },
        {
            sid: "TaskDiskGrants",
            principals: fargate,
            actions: ["kms:CreateGrant"],
            resources: ["*"],
            conditions: { ...clusters, "ForAllValues:StringEquals": { "kms:GrantOperations": "Decrypt" } },
        },
        {
            // Whose own policy allows it as well: the task's role decrypts, the person who opens the shell encrypts.
            sid: "TaskShells",
            principals: { AWS: scope.globalArn("iam", "root") },
            actions: ["kms:Decrypt", "kms:GenerateDataKey"],
            resources: ["*"],
            conditions: {
                StringLike: {
                    "kms:EncryptionContext:aws:ssm:TargetId": installationNames(scope).map(
                        (cluster) => `ecs:${cluster}_*`,
                    ),
                },
            },
        },
    ];
}

/** Patterns of the installation's resource names: `aipx-dev` and `aipx-dev-*`, but not those of `aipx-dev2`. */
const installationNames = (scope: Scope): string[] => [scope.name(), scope.name("*")];
