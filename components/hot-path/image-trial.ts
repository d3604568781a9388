import * as path from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
    access,
    type Access,
    type Architecture,
    type ClusterReference,
    CodeFunction,
    executionRoleName,
    logGroupNameOf,
    type LogRetention,
    type Scope,
    ServiceSecurityGroup,
    taskRoleName,
    type TaskRevision,
    type TaskTrial,
} from "../building-blocks";
import { type Keys } from "../encryption";
import { type Placement } from "../network";

export interface ImageTrialArgs {
    scope: Scope;
    keys: Pick<Keys, "services">;
    cluster: ClusterReference;
    /** Services whose revisions it tries. */
    services: string[];
    network: Pick<Placement, "vpcId" | "privateSubnetIds">;
    /** What a task needs in order to start, and all that it reaches on trial: AWS's APIs, layers of images. */
    platform: Access[];
    architecture: Architecture;
    logs: LogRetention;
}

/** Seconds in which Lambda ends the function; the task has half a minute less. */
const timeoutSeconds = 300;

/**
 * Tries each new revision of a task definition before its service gets it, also while the service has no tasks: a function
 * runs one task of it with `AIPX_SELF_TEST=true`, and fails unless the task ends with exit code 0 within four and a half minutes.
 *
 * The task is in a security group of its own, from which nothing but AWS's APIs can be reached: an image that ignores the
 * variable opens no session with the broker and sends no order. Costs a minute of Fargate and of Lambda for each new revision.
 */
export class ImageTrial extends pulumi.ComponentResource implements TaskTrial {
    private readonly fn: CodeFunction;
    private readonly taskGroup: ServiceSecurityGroup;

    constructor(name: string, args: ImageTrialArgs, opts?: pulumi.ComponentResourceOptions) {
        super("aipx:hotpath:ImageTrial", name, {}, opts);
        const { scope, keys, cluster, services, network, platform } = args;
        this.taskGroup = new ServiceSecurityGroup(
            `${name}-tasks`,
            { vpcId: network.vpcId, description: `Tasks on trial of ${cluster.clusterName}` },
            { parent: this },
        );
        platform
            .flatMap(({ connections }) => connections)
            .forEach((destination) => this.taskGroup.connectTo(destination));
        const securityGroup = new ServiceSecurityGroup(
            name,
            { vpcId: network.vpcId, description: `Function that tries images of ${cluster.clusterName}` },
            { parent: this },
        );
        const clusterArn = scope.arn("ecs", `cluster/${cluster.clusterName}`);
        const inCluster = { ArnEquals: { "ecs:cluster": clusterArn } };
        this.fn = new CodeFunction(
            name,
            {
                scope,
                service: "image-trial",
                entryPoint: path.join(__dirname, "image-trial", "handler.ts"),
                architecture: args.architecture,
                size: { memoryMB: 256, timeoutSeconds },
                subnetIds: network.privateSubnetIds,
                securityGroup,
                environment: {
                    CLUSTER: cluster.clusterName,
                    SUBNET_IDS: pulumi.output(network.privateSubnetIds).apply((ids) => ids.join(",")),
                    SECURITY_GROUP_ID: this.taskGroup.id,
                    TRIAL_SECONDS: String(timeoutSeconds - 30),
                },
                access: [
                    ...platform.map(({ connections, dependsOn }) => access({ connections, dependsOn })),
                    access({
                        statements: [
                            {
                                sid: "RunTasks",
                                actions: ["ecs:RunTask"],
                                resources: services.map((service) =>
                                    scope.arn("ecs", `task-definition/${scope.name(service)}:*`),
                                ),
                                conditions: inCluster,
                            },
                            {
                                sid: "PassTheirRoles",
                                actions: ["iam:PassRole"],
                                resources: services
                                    .flatMap((service) => [
                                        executionRoleName(scope, service),
                                        taskRoleName(scope, service),
                                    ])
                                    .map((role) => scope.globalArn("iam", `role/${role}`)),
                                conditions: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
                            },
                            {
                                sid: "FollowTasks",
                                actions: ["ecs:DescribeTasks", "ecs:StopTask"],
                                resources: [scope.arn("ecs", `task/${cluster.clusterName}/*`)],
                                conditions: inCluster,
                            },
                            {
                                sid: "ReadTheirLogs",
                                actions: ["logs:GetLogEvents"],
                                resources: services.map((service) =>
                                    scope.arn("logs", `log-group:${logGroupNameOf(scope, service)}:log-stream:*`),
                                ),
                            },
                        ],
                    }),
                ],
                key: keys.services,
                logs: args.logs,
            },
            { parent: this },
        );
        this.registerOutputs({});
    }

    of(name: string, revision: TaskRevision, opts: pulumi.CustomResourceOptions): pulumi.Resource {
        const { taskDefinitionArn, containerName, logGroupName, dependsOn } = revision;
        return new aws.lambda.Invocation(
            `${name}-trial`,
            {
                functionName: this.fn.functionName,
                // Another revision is another invocation.
                input: pulumi.jsonStringify({ taskDefinitionArn, containerName, logGroupName }),
            },
            { ...opts, dependsOn: [...this.fn.ready, this.taskGroup, ...dependsOn] },
        );
    }
}
