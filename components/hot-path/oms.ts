import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
    access,
    type Access,
    errorMetric,
    FargateService,
    type ImageRepository,
    type Scope,
    type ServiceSecret,
    ServiceSecurityGroup,
    tagged,
    type TaskSize,
} from "../building-blocks";
import { type Broker } from "./broker";
import { credentialsEnvironment, type ServiceHome } from "./ingestion";
import { GrpcLoadBalancer, type LoadBalancerSettings } from "./grpc-load-balancer";
import { followMarketHours, type MarketHours, scalableTarget } from "./market-hours";

/** Port on which the OMS speaks gRPC with services inside the VPC, which say who they are by a signed request. */
const port = 50051;

/**
 * Port for the load balancer, and nobody else: only there can the OMS believe the names of callers that the load balancer takes
 * from their certificates.
 */
const balancerPort = 50052;

/** What the OMS refuses to send. Values are in won; one that is left out is not checked. */
export interface RiskLimits {
    /** Largest value of one order. */
    maxOrderValueKrw?: number;
    /** Largest value held of one stock, open orders included. */
    maxPositionValueKrw?: number;
    /** Largest value of all orders of a day. */
    maxDailyOrderValueKrw?: number;
    /** Loss of a day after which only orders that close positions are sent. */
    maxDailyLossKrw?: number;
    /** Most orders in a second, of all tasks together. */
    maxOrdersPerSecond?: number;
}

/** What the stack's settings say about the OMS. */
export interface OmsSettings extends TaskSize {
    /** Tasks during market hours, at least 1. Outside of them one is enough. */
    tasks: number;
    loadBalancer: LoadBalancerSettings;
    riskLimits?: RiskLimits;
}

export interface OmsArgs {
    home: ServiceHome;
    settings: OmsSettings;
    repository: ImageRepository;
    /** Digest or tag of the image in `repository`. Left out, there is only what callers need to be built. */
    image: string | undefined;
    credentials: ServiceSecret;
    /** The account that it trades for. */
    account: ServiceSecret;
    /** Names of the roles whose holders inside the VPC may call it; `*` stands for anything. */
    callerRoles: string[];
    broker: Broker;
    /** What the OMS needs beside the broker: the way to AWS's APIs, the stores, the bus. Asked for only if there is an image. */
    access: () => Access[];
    schedule: MarketHours;
    /** Subnets of an internet-facing load balancer. */
    publicSubnetIds: pulumi.Input<string[]>;
    accessLogs: {
        bucketName: pulumi.Input<string>;
        loadBalancerPrefix: string;
        prefixFor(purpose: string): string;
    };
    /** Whether its load balancer may be deleted without being unlocked first. */
    disposable: boolean;
}

/**
 * The order management service: gRPC on Fargate, found by callers inside the VPC through Cloud Map, without a hop between,
 * and by all others through a load balancer. A deployment that makes it log errors or fail health checks is rolled back.
 */
export class Oms extends pulumi.ComponentResource {
    /** Host and port for callers inside the VPC: `oms.dev.aipx.internal:50051`. */
    readonly address: string;
    /** The service, if it has an image. */
    readonly service: FargateService | undefined;
    /** Tasks during market hours. */
    readonly tasks: number;
    /** URL for callers outside, if there is a load balancer. */
    readonly loadBalancerUrl: pulumi.Output<string> | undefined;
    /** ARN of the load balancer's certificate, which expires. */
    readonly certificateArn: pulumi.Output<string> | undefined;
    /** CloudWatch's names of the load balancer and its target group. */
    readonly loadBalancer:
        { arnSuffix: pulumi.Output<string>; targetGroupArnSuffix: pulumi.Output<string> } | undefined;
    private readonly securityGroup: ServiceSecurityGroup;

    constructor(name: string, args: OmsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("aipx:hotpath:Oms", name, {}, tagged({ service: "oms" }, opts));
        const { settings, image } = args;
        const { scope, vpcId } = args.home;
        const namespaceName = `${scope.environment}.${scope.project}.internal`;
        this.address = `oms.${namespaceName}:${port}`;
        this.tasks = settings.tasks;
        this.securityGroup = new ServiceSecurityGroup(
            name,
            { vpcId, description: `Tasks of ${scope.name("oms")}` },
            { parent: this },
        );
        const namespace = new aws.servicediscovery.PrivateDnsNamespace(
            name,
            { name: namespaceName, description: `Services of ${scope.name()} inside the VPC`, vpc: vpcId },
            { parent: this },
        );
        if (image !== undefined) {
            const { certificate } = settings.loadBalancer;
            const balancer = certificate && this.createLoadBalancer(name, args, certificate);
            this.loadBalancerUrl = balancer?.url;
            this.certificateArn = balancer?.certificateArn;
            this.loadBalancer = balancer && {
                arnSuffix: balancer.arnSuffix,
                targetGroupArnSuffix: balancer.targetGroupArnSuffix,
            };
            this.service = this.createService(name, { ...args, image }, namespace, balancer);
            this.followMarketHours(name, this.service, args);
        }
        this.registerOutputs({ address: this.address, loadBalancerUrl: this.loadBalancerUrl });
    }

    /** What a caller inside the VPC needs. Environment `OMS_ADDRESS`. */
    connect(): Access {
        return access({
            connections: [this.securityGroup.destination("oms", port)],
            environment: { OMS_ADDRESS: { value: this.address } },
        });
    }

    private createLoadBalancer(
        name: string,
        args: OmsArgs,
        certificate: NonNullable<LoadBalancerSettings["certificate"]>,
    ): GrpcLoadBalancer {
        const { internetFacing } = args.settings.loadBalancer;
        const { scope, vpcId, subnetIds } = args.home;
        return new GrpcLoadBalancer(
            name,
            {
                ...args.settings.loadBalancer,
                scope,
                certificate,
                vpcId,
                subnetIds: internetFacing ? args.publicSubnetIds : subnetIds,
                target: this.securityGroup.destination("oms", balancerPort),
                accessLogs: args.accessLogs,
                disposable: args.disposable,
            },
            { parent: this },
        );
    }

    private createService(
        name: string,
        args: OmsArgs & { image: string },
        namespace: aws.servicediscovery.PrivateDnsNamespace,
        balancer: GrpcLoadBalancer | undefined,
    ): FargateService {
        const { settings, credentials, account } = args;
        const registry = new aws.servicediscovery.Service(
            name,
            {
                name: "oms",
                dnsConfig: {
                    namespaceId: namespace.id,
                    routingPolicy: "MULTIVALUE",
                    dnsRecords: [{ type: "A", ttl: 10 }],
                },
                // ECS reports its own health checks here. The provider calls the threshold deprecated, because AWS takes
                // no other value, but makes no such check without it.
                healthCheckCustomConfig: { failureThreshold: 1 },
                forceDestroy: true,
            },
            { parent: this },
        );
        return new FargateService(
            name,
            {
                ...args.home,
                service: "oms",
                size: settings,
                repository: args.repository,
                image: args.image,
                environment: {
                    ...riskEnvironment(settings.riskLimits ?? {}),
                    // Its own, as callers know it: what they sign is made out to it.
                    OMS_ADDRESS: this.address,
                    OMS_CALLER_ROLES: args.callerRoles.join(","),
                },
                secrets: {
                    ...credentialsEnvironment(credentials),
                    KIS_ACCOUNT_NUMBER: account.valueFrom("account_number"),
                    KIS_ACCOUNT_PRODUCT_CODE: account.valueFrom("product_code"),
                },
                startAccess: [credentials.read(), account.read()],
                access: [args.broker.rest, this.protection(args.home), ...args.access()],
                securityGroup: this.securityGroup,
                ports: balancer ? [port, balancerPort] : [port],
                // All that Fargate allows: open orders are to be finished, or handed over.
                stopTimeoutSeconds: 120,
                desiredCount: settings.tasks,
                deployment: "rolling",
                capacity: "on-demand",
                deploymentAlarmNames: this.deploymentAlarmNames(name, args.home.scope, balancer),
                target: balancer && { groupArn: balancer.targetGroupArn, port: balancerPort },
                serviceRegistryArn: registry.arn,
            },
            { parent: this },
        );
    }

    /** A task with open orders keeps ECS from stopping it, through the agent beside it, which acts as the task's role. */
    private protection({ scope, cluster }: ServiceHome): Access {
        return access({
            statements: [
                {
                    sid: "ProtectTasks",
                    actions: ["ecs:GetTaskProtection", "ecs:UpdateTaskProtection"],
                    // The ids of tasks are drawn by AWS, their tags are those of the service.
                    resources: [scope.arn("ecs", `task/${cluster.clusterName}/*`)],
                    conditions: { StringEquals: { "aws:ResourceTag/service": "oms" } },
                },
            ],
        });
    }

    /** Alarms that ECS watches while a deployment runs. Nobody is notified by them. */
    private deploymentAlarmNames(
        name: string,
        scope: Scope,
        balancer: GrpcLoadBalancer | undefined,
    ): pulumi.Output<string>[] {
        const alarm = (suffix: string, args: aws.cloudwatch.MetricAlarmArgs) =>
            new aws.cloudwatch.MetricAlarm(
                `${name}-deployment-${suffix}`,
                {
                    name: scope.name("oms", "deployment", suffix),
                    comparisonOperator: "GreaterThanOrEqualToThreshold",
                    period: 60,
                    evaluationPeriods: 3,
                    datapointsToAlarm: 2,
                    treatMissingData: "notBreaching",
                    ...args,
                },
                { parent: this },
            ).name;
        const errors = alarm("errors", {
            alarmDescription: "The OMS logs errors: rolls back a running deployment",
            ...errorMetric(scope, "oms"),
            statistic: "Sum",
            threshold: 5,
        });
        if (!balancer) {
            return [errors];
        }
        const metrics = {
            namespace: "AWS/ApplicationELB",
            dimensions: { LoadBalancer: balancer.arnSuffix, TargetGroup: balancer.targetGroupArnSuffix },
        };
        return [
            errors,
            alarm("5xx", {
                alarmDescription: "The OMS answers with HTTP 5xx: rolls back a running deployment",
                ...metrics,
                metricName: "HTTPCode_Target_5XX_Count",
                statistic: "Sum",
                threshold: 5,
            }),
            alarm("unhealthy", {
                alarmDescription: "Tasks of the OMS fail health checks: rolls back a running deployment",
                ...metrics,
                metricName: "UnHealthyHostCount",
                statistic: "Maximum",
                threshold: 1,
            }),
        ];
    }

    /**
     * As many tasks at any load: 20 requests a second, which is all that KIS takes for an account, are none for one task. The
     * number only follows market hours.
     */
    private followMarketHours(name: string, service: FargateService, { settings: { tasks }, schedule }: OmsArgs): void {
        // 1 to all lets the number be as it is: an update at any hour neither starts nor stops a task.
        const target = scalableTarget(name, service, { minCapacity: 1, maxCapacity: tasks }, { parent: this });
        followMarketHours(
            name,
            service,
            target,
            schedule,
            {
                trading: { minCapacity: tasks, maxCapacity: tasks },
                // Never fewer than one: orders can be open, and positions are, outside of market hours.
                closed: { minCapacity: 1, maxCapacity: 1 },
            },
            { parent: this },
        );
    }
}

/** `maxOrderValueKrw` as `RISK_MAX_ORDER_VALUE_KRW`. */
function riskEnvironment(limits: RiskLimits): Record<string, string> {
    return Object.fromEntries(
        Object.entries(limits)
            .filter((entry): entry is [string, number] => entry[1] !== undefined)
            .map(([limit, value]) => [
                `RISK_${limit.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`,
                String(value),
            ]),
    );
}
