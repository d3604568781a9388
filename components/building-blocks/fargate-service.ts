import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Access, combine } from "./access";
import { containerDefinitions } from "./container-definitions";
import { type Architecture, type ImageRepository } from "./image-repository";
import { logGroup, type LogRetention } from "./logs";
import { type Scope } from "./scope";
import { ServiceRole } from "./service-role";
import { ServiceSecurityGroup } from "./service-security-group";
import { tagged } from "./tags";

/** Size of a task: one of the pairs that Fargate offers. */
export interface TaskSize {
    /** CPU units, 1024 to a vCPU. */
    cpu: number;
    /** Memory in MiB. */
    memoryMiB: number;
}

/** The ECS cluster that services run in. */
export interface ClusterReference {
    /** Physical name. */
    clusterName: string;
    arn: pulumi.Output<string>;
}

export interface FargateServiceArgs extends TaskSize {
    scope: Scope;
    /** Name of the service: last part of its physical names, and value of its `service` tag. A change replaces all of it. */
    service: string;
    cluster: ClusterReference;
    vpcId: pulumi.Input<string>;
    /** Subnets of the tasks; no task gets a public address. */
    subnetIds: pulumi.Input<string[]>;
    repository: ImageRepository;
    /** Digest (`sha256:...`) or tag of the image in `repository`. */
    image: string;
    architecture: Architecture;
    /** Values known before anything exists. What AWS decides comes with `access`. */
    environment: Record<string, string>;
    /** Environment variables filled from secrets at start: reference from `ServiceSecret.valueFrom`. */
    secrets: Record<string, string>;
    /** What ECS needs before the container runs: the secrets above, to be read. Goes to the execution role. */
    startAccess: Access[];
    /** What the service needs while it runs. Goes to the task role and the security group. */
    access: Access[];
    /**
     * The security group of the tasks, if it must exist before the service does because others connect to it. The
     * connections of `access` are added to it. Left out, the service makes its own.
     */
    securityGroup?: ServiceSecurityGroup;
    /** TCP port that the service listens on. Left out, it listens on none. */
    port?: number;
    /** Number of tasks at creation; afterwards autoscaling and schedules own it. */
    desiredCount: number;
    /**
     * How a deployment replaces tasks: `rolling` starts new ones before it stops old ones, `singleton` never lets two
     * run at the same time.
     */
    deployment: "rolling" | "singleton";
    /**
     * `spot` costs up to 70 % less; AWS may stop the task with two minutes' notice, and does not fall back to on-demand.
     * A change deploys the service anew, as `deployment` says.
     */
    capacity: "on-demand" | "spot";
    /** Alarms that, while a deployment runs, roll it back. */
    deploymentAlarmNames?: pulumi.Input<string>[];
    /** Target group that tasks join on `port`. A load balancer must use it already, or ECS refuses the service. */
    targetGroupArn?: pulumi.Input<string>;
    /** Cloud Map service that tasks register with. */
    serviceRegistryArn?: pulumi.Input<string>;
    /**
     * What a task needs so that people can open a shell in it (ECS Exec), from the cluster. For disposable installations;
     * left out, nobody can.
     */
    shell?: Access;
    logs: LogRetention;
}

/**
 * A long-running service on Fargate: task definition, service, task role, execution role, security group and log group.
 * The container runs without root, without capabilities and on a read-only root file system; `/tmp` is writable, in memory.
 *
 * A log line in JSON whose `level` is `error` counts in the metric `<service>-errors` of the namespace `<project>/<environment>`.
 */
export class FargateService extends pulumi.ComponentResource {
    readonly service: string;
    /** Physical name of the ECS service. */
    readonly serviceName: string;
    readonly clusterName: string;
    readonly logGroupName: string;
    /** The log group itself, for what reads it and must come after it. */
    readonly logGroup: aws.cloudwatch.LogGroup;
    readonly securityGroup: ServiceSecurityGroup;
    /** ECS's own name of the scalable target: `service/<cluster>/<service>`. */
    readonly scalableResourceId: pulumi.Output<string>;
    /** CloudWatch namespace and name of the metric that counts error log lines. */
    readonly errorMetric: { namespace: string; metricName: string };

    constructor(name: string, args: FargateServiceArgs, opts?: pulumi.ComponentResourceOptions) {
        if (args.targetGroupArn !== undefined && args.port === undefined) {
            throw new Error(`Fargate service ${name}: port is not set; it must be, because targetGroupArn is`);
        }
        super("aipx:buildingblocks:FargateService", name, {}, tagged({ service: args.service }, opts));
        const { scope } = args;
        this.service = args.service;
        this.serviceName = scope.name(args.service);
        this.clusterName = args.cluster.clusterName;
        this.logGroupName = `/${scope.path(args.service)}`;
        this.errorMetric = errorMetric(scope, args.service);

        this.logGroup = logGroup(name, this.logGroupName, args.logs, { parent: this });
        new aws.cloudwatch.LogMetricFilter(
            `${name}-errors`,
            {
                name: `${args.service}-errors`,
                logGroupName: this.logGroup.name,
                pattern: '{ $.level = "error" || $.level = "ERROR" }',
                metricTransformation: {
                    namespace: this.errorMetric.namespace,
                    name: this.errorMetric.metricName,
                    value: "1",
                    defaultValue: "0",
                },
            },
            { parent: this },
        );

        const runtime = combine([...args.access, ...(args.shell ? [args.shell] : [])]);
        this.securityGroup =
            args.securityGroup ??
            new ServiceSecurityGroup(
                name,
                { vpcId: args.vpcId, description: `Tasks of ${this.serviceName}` },
                { parent: this },
            );
        runtime.connections.forEach((destination) => this.securityGroup.connectTo(destination));

        const start = combine([...args.startAccess, this.startAccess(args, runtime)]);
        const trust = {
            servicePrincipal: "ecs-tasks.amazonaws.com",
            trustConditions: {
                StringEquals: { "aws:SourceAccount": scope.accountId },
                ArnLike: { "aws:SourceArn": scope.arn("ecs", "*") },
            },
        };
        const executionRole = new ServiceRole(
            `${name}-execution`,
            {
                roleName: scope.name(args.service, "execution"),
                description: `Starts tasks of ${this.serviceName}: pulls the image, reads secrets, opens the log stream`,
                ...trust,
                statements: start.statements,
            },
            { parent: this },
        );
        const taskRole = new ServiceRole(
            `${name}-task`,
            {
                roleName: scope.name(args.service, "task"),
                description: `What ${this.serviceName} itself may do`,
                ...trust,
                statements: runtime.statements,
            },
            { parent: this },
        );

        // The agent of ECS Exec writes here, read-only root file system or not. It is root, as the owner of a volume is.
        const writablePaths: Record<string, string> = args.shell
            ? { "exec-lib": "/var/lib/amazon", "exec-log": "/var/log/amazon" }
            : {};
        const taskDefinition = new aws.ecs.TaskDefinition(
            name,
            {
                family: this.serviceName,
                requiresCompatibilities: ["FARGATE"],
                networkMode: "awsvpc",
                cpu: String(args.cpu),
                memory: String(args.memoryMiB),
                runtimePlatform: {
                    operatingSystemFamily: "LINUX",
                    cpuArchitecture: args.architecture === "arm64" ? "ARM64" : "X86_64",
                },
                executionRoleArn: executionRole.arn,
                taskRoleArn: taskRole.arn,
                volumes: Object.keys(writablePaths)
                    .sort()
                    .map((volume) => ({ name: volume })),
                containerDefinitions: containerDefinitions([
                    {
                        name: args.service,
                        image: args.repository.image(args.image),
                        // Times of the Korean market are Korean times.
                        environment: {
                            TZ: "Asia/Seoul",
                            AIPX_ENVIRONMENT: scope.environment,
                            ...args.environment,
                            ...knownValues(runtime),
                        },
                        secrets: { ...args.secrets, ...parameterArns(scope, runtime) },
                        port: args.port,
                        logGroupName: this.logGroupName,
                        region: scope.region,
                        stopTimeoutSeconds: 120,
                        writablePaths,
                    },
                ]),
            },
            { parent: this, dependsOn: [this.logGroup] },
        );

        const singleton = args.deployment === "singleton";
        const service = new aws.ecs.Service(
            name,
            {
                name: this.serviceName,
                cluster: args.cluster.arn,
                taskDefinition: taskDefinition.arn,
                desiredCount: args.desiredCount,
                capacityProviderStrategies: [
                    { capacityProvider: args.capacity === "spot" ? "FARGATE_SPOT" : "FARGATE", weight: 1, base: 0 },
                ],
                // Without it, the provider refuses to change the strategy of a service that exists. It deploys nothing by
                // itself, but makes every change of the service, tags excepted, a deployment.
                forceNewDeployment: true,
                platformVersion: "LATEST",
                networkConfiguration: {
                    subnets: args.subnetIds,
                    securityGroups: [this.securityGroup.id],
                    assignPublicIp: false,
                },
                deploymentMinimumHealthyPercent: singleton ? 0 : 100,
                deploymentMaximumPercent: singleton ? 100 : 200,
                // Rebalancing starts the new task first, which a singleton cannot have.
                availabilityZoneRebalancing: singleton ? "DISABLED" : "ENABLED",
                deploymentCircuitBreaker: { enable: true, rollback: true },
                ...(args.deploymentAlarmNames && {
                    alarms: { enable: true, rollback: true, alarmNames: args.deploymentAlarmNames },
                }),
                ...(args.targetGroupArn !== undefined && {
                    loadBalancers: [
                        { targetGroupArn: args.targetGroupArn, containerName: args.service, containerPort: args.port! },
                    ],
                    healthCheckGracePeriodSeconds: 120,
                }),
                ...(args.serviceRegistryArn && { serviceRegistries: { registryArn: args.serviceRegistryArn } }),
                enableExecuteCommand: args.shell !== undefined,
                enableEcsManagedTags: true,
                propagateTags: "SERVICE",
            },
            {
                parent: this,
                ignoreChanges: ["desiredCount"],
                // Its name is fixed, and a singleton must be gone before it starts again.
                deleteBeforeReplace: true,
                // A task that starts before its roles may act, before its connections are open or before a value it
                // reads exists, fails and is retried until the circuit breaker gives up.
                dependsOn: [executionRole, taskRole, this.securityGroup, ...start.dependsOn, ...runtime.dependsOn],
            },
        );
        this.scalableResourceId = pulumi.interpolate`service/${this.clusterName}/${service.name}`;
        this.registerOutputs({ serviceName: this.serviceName, logGroupName: this.logGroupName });
    }

    /** What ECS itself does before the container runs. */
    private startAccess({ scope, repository }: FargateServiceArgs, runtime: Access): Access {
        const parameters = Object.values(parameterArns(scope, runtime));
        return {
            statements: [
                // ECR gives out its login token for the whole registry only.
                { sid: "RegistryLogin", actions: ["ecr:GetAuthorizationToken"], resources: ["*"] },
                {
                    sid: "PullImage",
                    actions: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
                    resources: [repository.arn],
                },
                {
                    sid: "WriteLogs",
                    actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
                    resources: [scope.arn("logs", `log-group:${this.logGroupName}:*`)],
                },
                ...(parameters.length > 0
                    ? [{ sid: "ReadParameters", actions: ["ssm:GetParameters"], resources: parameters }]
                    : []),
            ],
            connections: [],
            environment: {},
            dependsOn: [],
        };
    }
}

/** CloudWatch namespace and name of the metric that counts error log lines of a service, for alarms made before it. */
export function errorMetric(scope: Scope, service: string): { namespace: string; metricName: string } {
    return { namespace: scope.path(), metricName: `${service}-errors` };
}

/** Variables whose values are known beforehand. */
function knownValues({ environment }: Access): Record<string, string> {
    return Object.fromEntries(
        Object.entries(environment).flatMap(([variable, entry]) =>
            "parameterName" in entry ? [] : [[variable, entry.value]],
        ),
    );
}

/** Variables whose values AWS decides, with the ARN of the parameter that holds each. */
function parameterArns(scope: Scope, { environment }: Access): Record<string, string> {
    return Object.fromEntries(
        Object.entries(environment).flatMap(([variable, entry]) =>
            "parameterName" in entry ? [[variable, scope.arn("ssm", `parameter${entry.parameterName}`)]] : [],
        ),
    );
}
