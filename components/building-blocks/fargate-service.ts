import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Access, combine } from "./access";
import { containerDefinitions } from "./container-definitions";
import { type Architecture, type ImageRepository } from "./image-repository";
import { logGroup, type LogRetention } from "./logs";
import { executionRoleName, taskRoleName } from "./role-names";
import { type Scope } from "./scope";
import { ServiceRole } from "./service-role";
import { ServiceSecurityGroup } from "./service-security-group";
import { tagged } from "./tags";

/** What a task is given to run with. CPU and memory are one of the pairs that Fargate offers. */
export interface TaskSize {
    /** CPU units, 1024 to a vCPU. */
    cpu: number;
    /** Memory in MiB. */
    memoryMiB: number;
    /** Environment variables of a team's own. */
    environment?: Record<string, string>;
}

/** The ECS cluster that services run in. */
export interface ClusterReference {
    /** Physical name. */
    clusterName: string;
    arn: pulumi.Output<string>;
}

/** One revision of a service's task definition, for what tries it before the service gets it. */
export interface TaskRevision {
    /** ARN with the revision's number. */
    taskDefinitionArn: pulumi.Output<string>;
    /** Its one container. */
    containerName: string;
    /** Log group of the container; its streams are `<container>/<container>/<task id>`. */
    logGroupName: string;
    /** What a task needs in order to start. */
    dependsOn: pulumi.Resource[];
}

/** Runs each new revision of a task definition once, on trial. */
export interface TaskTrial {
    /**
     * @returns What the service depends on: it fails if the revision does not pass.
     */
    of(name: string, revision: TaskRevision, opts: pulumi.CustomResourceOptions): pulumi.Resource;
}

export interface FargateServiceArgs {
    scope: Scope;
    /** Name of the service: last part of its physical names, and value of its `service` tag. A change replaces all of it. */
    service: string;
    size: TaskSize;
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
    /**
     * TCP ports that the service listens on.
     * @default none
     */
    ports?: number[];
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
    /** Seconds that a task has between SIGTERM and SIGKILL, at most 120. */
    stopTimeoutSeconds: number;
    /** Tries each new revision before the service gets it. Left out, the service is the first to run it. */
    trial?: TaskTrial;
    /** Alarms that, while a deployment runs, roll it back. */
    deploymentAlarmNames?: pulumi.Input<string>[];
    /** Target group that tasks join, and with which of `ports`. A load balancer must use it already, or ECS refuses the service. */
    target?: { groupArn: pulumi.Input<string>; port: number };
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
 * An update waits until ECS has deployed it, and fails if ECS rolled it back.
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
        const { ports = [], target } = args;
        if (target && !ports.includes(target.port)) {
            throw new Error(
                `Fargate service ${name}: target.port is ${target.port}; it must be one of ports (${ports.join(", ") || "none"})`,
            );
        }
        super("aipx:buildingblocks:FargateService", name, {}, tagged({ service: args.service }, opts));
        const { scope, size } = args;
        this.service = args.service;
        this.serviceName = scope.name(args.service);
        this.clusterName = args.cluster.clusterName;
        this.logGroupName = logGroupNameOf(scope, args.service);
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
                roleName: executionRoleName(scope, args.service),
                description: `Starts tasks of ${this.serviceName}: pulls the image, reads secrets, opens the log stream`,
                ...trust,
                statements: start.statements,
            },
            { parent: this },
        );
        const taskRole = new ServiceRole(
            `${name}-task`,
            {
                roleName: taskRoleName(scope, args.service),
                description: `What ${this.serviceName} itself may do`,
                ...trust,
                statements: runtime.statements,
            },
            { parent: this },
        );

        const secrets = { ...args.secrets, ...parameterArns(scope, runtime) };
        // Times of the Korean market are Korean times.
        const platform = { TZ: "Asia/Seoul", AIPX_ENVIRONMENT: scope.environment };
        checkVariables(name, platform, size.environment ?? {}, args.environment, knownValues(runtime), secrets);

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
                cpu: String(size.cpu),
                memory: String(size.memoryMiB),
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
                        environment: { ...platform, ...size.environment, ...args.environment, ...knownValues(runtime) },
                        secrets,
                        ports,
                        logGroupName: this.logGroupName,
                        region: scope.region,
                        stopTimeoutSeconds: args.stopTimeoutSeconds,
                        writablePaths,
                    },
                ]),
            },
            { parent: this, dependsOn: [this.logGroup] },
        );

        // A task that starts before its roles may act, before its connections are open or before a value it reads exists,
        // fails and is retried until the circuit breaker gives up.
        const needed = [executionRole, taskRole, this.securityGroup, ...start.dependsOn, ...runtime.dependsOn];
        const tried = args.trial?.of(
            name,
            {
                taskDefinitionArn: taskDefinition.arn,
                containerName: args.service,
                logGroupName: this.logGroupName,
                dependsOn: needed,
            },
            { parent: this },
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
                // Rebalancing stops tasks that work, and with them their streams.
                availabilityZoneRebalancing: "DISABLED",
                deploymentCircuitBreaker: { enable: true, rollback: true },
                ...(args.deploymentAlarmNames && {
                    alarms: { enable: true, rollback: true, alarmNames: args.deploymentAlarmNames },
                }),
                ...(target && {
                    loadBalancers: [
                        { targetGroupArn: target.groupArn, containerName: args.service, containerPort: target.port },
                    ],
                    healthCheckGracePeriodSeconds: 120,
                }),
                ...(args.serviceRegistryArn && { serviceRegistries: { registryArn: args.serviceRegistryArn } }),
                enableExecuteCommand: args.shell !== undefined,
                enableEcsManagedTags: true,
                propagateTags: "SERVICE",
                // Otherwise a deployment that ECS rolls back looks like one that went well.
                waitForSteadyState: true,
            },
            {
                parent: this,
                ignoreChanges: ["desiredCount"],
                // Three tasks that never become healthy take about ten minutes, and the way back three more. A task that
                // protects itself is waited for.
                customTimeouts: { create: "30m", update: "45m", delete: "20m" },
                // Its name is fixed, and a singleton must be gone before it starts again.
                deleteBeforeReplace: true,
                dependsOn: [...needed, ...(tried ? [tried] : [])],
            },
        );
        this.scalableResourceId = pulumi.interpolate`service/${this.clusterName}/${service.name}`;
        this.registerOutputs({
            serviceName: this.serviceName,
            logGroupName: this.logGroupName,
            taskDefinitionArn: deployed(service, taskDefinition),
        });
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

/**
 * The revision that AWS says the service runs. It must be the one that it was given.
 *
 * The provider recognizes a rollback by the time at which the deployment began, as long as the clocks agree; and after a failed
 * update, a second one asks AWS for nothing. What AWS says is right in both cases.
 */
function deployed(service: aws.ecs.Service, wanted: aws.ecs.TaskDefinition): pulumi.Output<string> {
    return pulumi.all([service.name, service.taskDefinition, wanted.arn]).apply(([name, runs, arn]) => {
        if (runs !== arn) {
            throw new pulumi.RunError(
                `ECS service ${name} runs ${runs}, not ${arn}: ECS rolled the deployment back. ` +
                    "Its events say why. Set another image, or try this one again by `pulumi up --refresh`.",
            );
        }
        return arn;
    });
}

/** No variable may come from two sources, of which one would silently win. */
function checkVariables(name: string, ...sources: Record<string, string>[]): void {
    const seen = new Set<string>();
    for (const variable of sources.flatMap((source) => Object.keys(source))) {
        if (seen.has(variable)) {
            throw new Error(`Fargate service ${name}: environment variable ${variable} is set twice`);
        }
        seen.add(variable);
    }
}

/** Name of the log group of a service. */
export const logGroupNameOf = (scope: Scope, service: string): string => `/${scope.path(service)}`;

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
