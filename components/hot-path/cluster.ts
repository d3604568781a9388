import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
    access,
    type Access,
    type ClusterReference,
    logGroup,
    type LogRetention,
    type Scope,
} from "../building-blocks";
import { type Keys } from "../encryption";

export interface ClusterArgs {
    scope: Scope;
    /** Last part of the physical name: `hot-path` gives `aipx-dev-hot-path`. A change replaces the cluster and all in it. */
    clusterName: string;
    keys: Keys;
    logs: LogRetention;
}

/**
 * An ECS cluster for Fargate and Fargate Spot: Container Insights, ephemeral storage under our key, and every shell that
 * somebody opens in a task recorded. The cluster itself is free; Container Insights costs a few dollars a month.
 */
export class Cluster extends pulumi.ComponentResource implements ClusterReference {
    readonly clusterName: string;
    /** Known once services can be placed on Fargate and Fargate Spot. */
    readonly arn: pulumi.Output<string>;
    /** What a task needs so that people can open a shell in it. */
    readonly shell: Access;

    constructor(name: string, args: ClusterArgs, opts?: pulumi.ComponentResourceOptions) {
        super("aipx:hotpath:Cluster", name, {}, opts);
        const { scope, keys } = args;
        this.clusterName = scope.name(args.clusterName);

        // Container Insights writes here under a name of its own choice, and would make the group without retention or key.
        const insights = logGroup(
            `${name}-insights`,
            `/aws/ecs/containerinsights/${this.clusterName}/performance`,
            args.logs,
            { parent: this },
        );
        const shellLogGroupName = `/${scope.path(args.clusterName, "shell")}`;
        const shellLogs = logGroup(`${name}-shell`, shellLogGroupName, args.logs, { parent: this });
        const cluster = new aws.ecs.Cluster(
            name,
            {
                name: this.clusterName,
                settings: [{ name: "containerInsights", value: "enabled" }],
                configuration: {
                    executeCommandConfiguration: {
                        kmsKeyId: keys.services.arn,
                        logging: "OVERRIDE",
                        logConfiguration: {
                            cloudWatchEncryptionEnabled: true,
                            cloudWatchLogGroupName: shellLogs.name,
                        },
                    },
                    managedStorageConfiguration: { fargateEphemeralStorageKmsKeyId: keys.services.arn },
                },
            },
            { parent: this, dependsOn: [insights] },
        );
        const capacity = new aws.ecs.ClusterCapacityProviders(
            name,
            {
                clusterName: cluster.name,
                capacityProviders: ["FARGATE", "FARGATE_SPOT"],
                // What is started without saying where, by hand for example, is not interrupted.
                defaultCapacityProviderStrategies: [{ capacityProvider: "FARGATE", weight: 1, base: 0 }],
            },
            { parent: this },
        );
        this.arn = pulumi.all([cluster.arn, capacity.id]).apply(([arn]) => arn);
        this.shell = access({
            statements: [
                {
                    sid: "ShellChannels",
                    actions: [
                        "ssmmessages:CreateControlChannel",
                        "ssmmessages:CreateDataChannel",
                        "ssmmessages:OpenControlChannel",
                        "ssmmessages:OpenDataChannel",
                    ],
                    // The channels of Session Manager have no ARNs.
                    resources: ["*"],
                },
                // Session Manager looks its log group up in a list that covers all groups.
                { sid: "ShellLogGroups", actions: ["logs:DescribeLogGroups"], resources: ["*"] },
                {
                    sid: "ShellLogs",
                    actions: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
                    resources: [scope.arn("logs", `log-group:${shellLogGroupName}:*`)],
                },
                keys.services.decryptDirectly("ShellDecrypt"),
            ],
            dependsOn: [shellLogs],
        });
        this.registerOutputs({ clusterName: this.clusterName, arn: this.arn });
    }
}
