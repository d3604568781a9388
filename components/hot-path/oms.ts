import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
    access,
    type Access,
    errorMetric,
    FargateService,
    type ImageRepository,
    type ServiceSecret,
    ServiceSecurityGroup,
    tagged,
    type TaskSize,
} from "../building-blocks";
import { type Broker } from "./broker";
import { credentialsEnvironment, type ServiceHome } from "./ingestion";
import { GrpcLoadBalancer, type LoadBalancerSettings } from "./load-balancer";
import { followMarketHours, type MarketHours, scalableTarget } from "./market-hours";

/** Topics that the OMS writes to: what it was asked to do, and what became of it. They must be declared. */
export const omsTopics = ["orders", "executions"];

/** Port on which the OMS speaks gRPC. */
const port = 50051;

/** What the stack's settings say about the OMS. */
export interface OmsSettings extends TaskSize {
    /** Tasks during market hours, at least 1. Outside of them one is enough. */
    minTasks: number;
    /** Most tasks that load may lead to. */
    maxTasks: number;
    loadBalancer: LoadBalancerSettings;
}

export interface OmsArgs extends ServiceHome {
    settings: OmsSettings;
    repository: ImageRepository;
    /** Digest or tag of the image in `repository`. Left out, there is only what callers need to be built. */
    image: string | undefined;
    credentials: ServiceSecret;
    broker: Broker;
    /** What the OMS needs beside the broker: the way to AWS's APIs, the stores, the bus. Asked for only if there is an image. */
    access: () => Access[];
    schedule: MarketHours;
    /** Subnets of an internet-facing load balancer. */
    publicSubnetIds: pulumi.Input<string[]>;
    accessLogs: { bucketName: pulumi.Input<string>; loadBalancerPrefix: string };
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
    readonly minTasks: number;
    /** URL for callers outside, if there is a load balancer. */
    readonly loadBalancerUrl: pulumi.Output<string> | undefined;
    /** CloudWatch's names of the load balancer and its target group. */
    readonly loadBalancer:
        { arnSuffix: pulumi.Output<string>; targetGroupArnSuffix: pulumi.Output<string> } | undefined;
    private readonly securityGroup: ServiceSecurityGroup;

    constructor(name: string, args: OmsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("aipx:hotpath:Oms", name, {}, tagged({ service: "oms" }, opts));
        const { scope, settings, image } = args;
        const namespaceName = `${scope.environment}.${scope.project}.internal`;
        this.address = `oms.${namespaceName}:${port}`;
        this.minTasks = settings.minTasks;
        this.securityGroup = new ServiceSecurityGroup(
            name,
            { vpcId: args.vpcId, description: `Tasks of ${scope.name("oms")}` },
            { parent: this },
        );
        const namespace = new aws.servicediscovery.PrivateDnsNamespace(
            name,
            { name: namespaceName, description: `Services of ${scope.name()} inside the VPC`, vpc: args.vpcId },
            { parent: this },
        );
        if (image !== undefined) {
            const { certificate } = settings.loadBalancer;
            const balancer = certificate && this.createLoadBalancer(name, args, certificate);
            this.loadBalancerUrl = balancer?.url;
            this.loadBalancer = balancer && {
                arnSuffix: balancer.arnSuffix,
                targetGroupArnSuffix: balancer.targetGroupArnSuffix,
            };
            this.service = this.createService(name, { ...args, image }, namespace, balancer);
            this.scale(name, this.service, args);
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
        return new GrpcLoadBalancer(
            name,
            {
                ...args.settings.loadBalancer,
                certificate,
                vpcId: args.vpcId,
                subnetIds: internetFacing ? args.publicSubnetIds : args.subnetIds,
                target: this.securityGroup.destination("oms", port),
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
        const { scope, cluster, vpcId, subnetIds, architecture, logs, shell, settings } = args;
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
                ...{ scope, cluster, vpcId, subnetIds, architecture, logs, shell },
                service: "oms",
                cpu: settings.cpu,
                memoryMiB: settings.memoryMiB,
                repository: args.repository,
                image: args.image,
                environment: {},
                secrets: credentialsEnvironment(args.credentials),
                startAccess: [args.credentials.read()],
                access: [args.broker.rest, ...args.access()],
                securityGroup: this.securityGroup,
                port,
                desiredCount: settings.minTasks,
                deployment: "rolling",
                capacity: "on-demand",
                deploymentAlarmNames: this.deploymentAlarmNames(name, args, balancer),
                targetGroupArn: balancer?.targetGroupArn,
                serviceRegistryArn: registry.arn,
            },
            { parent: this },
        );
    }

    /** Alarms that ECS watches while a deployment runs. Nobody is notified by them. */
    private deploymentAlarmNames(
        name: string,
        { scope }: OmsArgs,
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

    private scale(name: string, service: FargateService, { scope, settings, schedule }: OmsArgs): void {
        const { minTasks, maxTasks } = settings;
        const trading = { minCapacity: minTasks, maxCapacity: maxTasks };
        const target = scalableTarget(name, service, trading, { parent: this });
        new aws.appautoscaling.Policy(
            name,
            {
                name: scope.name("oms", "cpu"),
                policyType: "TargetTrackingScaling",
                serviceNamespace: target.serviceNamespace,
                resourceId: target.resourceId,
                scalableDimension: target.scalableDimension,
                targetTrackingScalingPolicyConfiguration: {
                    predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageCPUUtilization" },
                    targetValue: 60,
                    scaleOutCooldown: 60,
                    // Scaling in ends streams: not for a short lull.
                    scaleInCooldown: 600,
                },
            },
            { parent: this },
        );
        if (minTasks > 1) {
            // Never fewer than one: orders can be open, and positions are, outside of market hours.
            followMarketHours(
                name,
                service,
                target,
                schedule,
                { trading, closed: { minCapacity: 1, maxCapacity: maxTasks } },
                { parent: this },
            );
        }
    }
}
