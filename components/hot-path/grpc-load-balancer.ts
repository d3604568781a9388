import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Destination, type Scope, ServiceSecurityGroup, suppress } from "../building-blocks";
import { certificateArn, type CertificateSource } from "./certificate";
import { clientAuthorities } from "./client-authorities";

/** What the stack's settings say about a load balancer. */
export interface LoadBalancerSettings {
    /**
     * Whether it has public addresses, about $4 a month each, one per zone. A change replaces it, and with it its address.
     */
    internetFacing: boolean;
    /** Address ranges of callers. */
    allowedCidrBlocks: string[];
    /** gRPC needs HTTPS, hence a certificate. While it is left out there is no load balancer. */
    certificate?: CertificateSource;
    /**
     * Certificates, as PEM text, of the authorities that issue callers' certificates. Left out, callers need none.
     */
    clientCertificates?: string;
}

export interface GrpcLoadBalancerArgs extends LoadBalancerSettings {
    scope: Scope;
    certificate: CertificateSource;
    vpcId: pulumi.Input<string>;
    /** Two subnets or more, in different zones: public ones if it is internet-facing, otherwise private ones. */
    subnetIds: pulumi.Input<string[]>;
    /** The tasks: their security group and the port on which they speak gRPC without TLS. */
    target: Destination;
    /** Where its access logs go: a bucket that admits them, and the prefix that it admits them under. */
    accessLogs: {
        bucketName: pulumi.Input<string>;
        loadBalancerPrefix: string;
        prefixFor(purpose: string): string;
    };
    /** Whether it may be deleted without being unlocked first. */
    disposable: boolean;
}

/** AWS takes 32 characters, of which Pulumi's auto-name uses 8. */
const longestName = 24;

/**
 * An application load balancer that speaks gRPC: HTTPS on 443 to callers, gRPC to tasks, TLS 1.3 or 1.2 with forward
 * secrecy. About $16 a month and $6 for each unit of capacity used.
 *
 * A stream without a message for 4,000 s is cut, HTTP/2 pings notwithstanding: streams need heartbeats of their own.
 * Metadata names may have letters, digits and hyphens only; others are dropped.
 *
 * With `clientCertificates`, callers must show a certificate of one of these authorities, and the load balancer tells tasks
 * whose it was, in the metadata `x-amzn-mtls-clientcert-subject`, `-issuer`, `-serial-number`, `-validity` and `-leaf`.
 */
export class GrpcLoadBalancer extends pulumi.ComponentResource {
    /** `https://` and the name that callers use. */
    readonly url: pulumi.Output<string>;
    /** Target group for tasks to join; known once the listener uses it, because ECS refuses it before. */
    readonly targetGroupArn: pulumi.Output<string>;
    /** ARN of its certificate. */
    readonly certificateArn: pulumi.Output<string>;
    /** CloudWatch's name of the load balancer. */
    readonly arnSuffix: pulumi.Output<string>;
    /** CloudWatch's name of the target group. */
    readonly targetGroupArnSuffix: pulumi.Output<string>;

    /** @throws Error if `name` is too long for AWS. */
    constructor(name: string, args: GrpcLoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
        if (name.length > longestName) {
            throw new Error(
                `load balancer ${name}: its name has ${name.length} characters; at most ${longestName} are allowed, so the name of the component around it must be shorter`,
            );
        }
        super("aipx:hotpath:GrpcLoadBalancer", name, {}, opts);
        const { certificate, disposable, target } = args;

        const group = new ServiceSecurityGroup(
            `${name}-balancer`,
            { vpcId: args.vpcId, description: `Load balancer ${name}` },
            { parent: this },
        );
        new Set(args.allowedCidrBlocks).forEach((cidrBlock) => group.admitCidr(cidrBlock, 443));
        group.connectTo(target);

        const balancer = new aws.lb.LoadBalancer(
            name,
            {
                loadBalancerType: "application",
                internal: !args.internetFacing,
                subnets: args.subnetIds,
                securityGroups: [group.id],
                enableHttp2: true,
                idleTimeout: 4000,
                // Longer than a trading day, at the end of which clients reconnect anyway.
                clientKeepAlive: 14 * 3600,
                dropInvalidHeaderFields: true,
                desyncMitigationMode: "strictest",
                enableDeletionProtection: !disposable,
                accessLogs: {
                    enabled: true,
                    bucket: args.accessLogs.bucketName,
                    prefix: args.accessLogs.loadBalancerPrefix,
                },
            },
            // A target group belongs to one load balancer: what replaces it waits until the old one is gone. Where AWS would refuse to
            // delete it, the preview does so first.
            { parent: this, protect: !disposable, deleteBeforeReplace: true },
        );
        const accepted = suppress(
            "aws:lb/targetGroup:TargetGroup",
            name,
            {
                policy: "lb-target-group-require-tls",
                reason: "Tasks speak gRPC without TLS, inside private subnets, and their security group admits this load balancer and declared services only. TLS on tasks would cost the latency that the service exists for.",
                owner: "platform-team",
                expires: "2027-09-30",
            },
            { parent: this },
        );
        const targetGroup = new aws.lb.TargetGroup(
            name,
            {
                vpcId: args.vpcId,
                targetType: "ip",
                port: target.port,
                protocol: "HTTP",
                protocolVersion: "GRPC",
                // Streams live long: counting requests in turn would never even them out.
                loadBalancingAlgorithmType: "least_outstanding_requests",
                deregistrationDelay: 60,
                healthCheck: {
                    enabled: true,
                    protocol: "HTTP",
                    port: "traffic-port",
                    path: "/grpc.health.v1.Health/Check",
                    matcher: "0",
                    interval: 10,
                    timeout: 5,
                    healthyThreshold: 2,
                    unhealthyThreshold: 2,
                },
            },
            { parent: this, dependsOn: accepted },
        );
        const trustStoreArn =
            args.clientCertificates === undefined
                ? undefined
                : clientAuthorities(name, { ...args, certificates: args.clientCertificates }, { parent: this });
        this.certificateArn = certificateArn(name, certificate, balancer.dnsName, { parent: this });
        const listener = new aws.lb.Listener(
            name,
            {
                loadBalancerArn: balancer.arn,
                port: 443,
                protocol: "HTTPS",
                sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
                certificateArn: this.certificateArn,
                ...(trustStoreArn && { mutualAuthentication: { mode: "verify", trustStoreArn } }),
                defaultActions: [{ type: "forward", targetGroupArn: targetGroup.arn }],
            },
            { parent: this },
        );
        if (certificate.source === "dns") {
            new aws.route53.Record(
                `${name}-${certificate.domainName}`,
                {
                    zoneId: certificate.hostedZoneId,
                    name: certificate.domainName,
                    type: "A",
                    aliases: [{ name: balancer.dnsName, zoneId: balancer.zoneId, evaluateTargetHealth: false }],
                },
                { parent: this },
            );
        }

        this.url =
            certificate.source === "dns"
                ? pulumi.output(`https://${certificate.domainName}`)
                : pulumi.interpolate`https://${balancer.dnsName}`;
        this.targetGroupArn = pulumi.all([targetGroup.arn, listener.arn]).apply(([arn]) => arn);
        this.arnSuffix = balancer.arnSuffix;
        this.targetGroupArnSuffix = targetGroup.arnSuffix;
        this.registerOutputs({ url: this.url });
    }
}
