import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import { access, type Access, combine, type LogRetention, type Scope, tagged } from "../building-blocks";
import { dynamodbEndpoint, interfaceEndpoints, s3Endpoint } from "./endpoints";
import { flowLogs } from "./flow-logs";
import { fixedLayout } from "./layout";
import { subnetSizes } from "./subnets";

/** Where others put what they run, and how it gets out. */
export interface Placement {
    vpcId: pulumi.Output<string>;
    /** Address range of the VPC. */
    cidrBlock: string;
    /** Zones that it has subnets in: `ap-northeast-2a`. */
    availabilityZones: string[];
    /** One subnet a zone, reachable from the internet: NAT gateways and, if it faces the internet, the load balancer. */
    publicSubnetIds: pulumi.Output<string[]>;
    /** One subnet a zone, with a way out: services. */
    privateSubnetIds: pulumi.Output<string[]>;
    /** One subnet a zone, without any way out: data stores. */
    isolatedSubnetIds: pulumi.Output<string[]>;
    /** AWS's APIs, and anything else on port 443: interface endpoints where there are some, NAT for the rest. */
    awsApis: Access;
    /** S3, by its gateway endpoint. */
    s3: Access;
    /** DynamoDB, by its gateway endpoint. */
    dynamodb: Access;
    /** One of AWS's services by its endpoint, for what has no way out: `s3`, `sts`. Empty where there is no endpoint. */
    endpoint: (service: string) => Access;
}

export interface NetworkArgs {
    scope: Scope;
    /** Address range of the VPC, /16 to /20. A change is refused. */
    cidrBlock: string;
    /** 2 or 3 zones of the region: `ap-northeast-2a`. A change is refused. */
    availabilityZones: string[];
    /** About $43 a month each. A single one stops outgoing traffic of all zones when its zone fails. */
    natGateways: "single" | "one-per-zone";
    /**
     * AWS services reached without leaving the VPC, without `com.amazonaws.<region>.`: `lambda`, `ecr.api`. About $9.50 a
     * month each and zone. What stands in isolated subnets reaches no service without: pollers of Kafka triggers call some.
     */
    interfaceEndpoints: string[];
    logs: LogRetention;
}

/**
 * The VPC: public, private and isolated subnets in each zone, NAT, endpoints, flow logs, and a default security group
 * that lets nothing through.
 *
 * @throws Error for an address range outside /16 to /20, or for fewer than 2 or more than 3 zones.
 */
export class Network extends pulumi.ComponentResource implements Placement {
    readonly vpcId: pulumi.Output<string>;
    readonly cidrBlock: string;
    readonly availabilityZones: string[];
    readonly publicSubnetIds: pulumi.Output<string[]>;
    readonly privateSubnetIds: pulumi.Output<string[]>;
    readonly isolatedSubnetIds: pulumi.Output<string[]>;
    readonly awsApis: Access;
    readonly s3: Access;
    readonly dynamodb: Access;
    private readonly interfaceEndpoints: { services: string[]; access: Access };
    /** Ids of the NAT gateways, for their metrics: one, or one a zone. */
    readonly natGatewayIds: pulumi.Output<string>[];

    constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
        super("aipx:network:Network", name, {}, tagged({ component: "network" }, opts));
        const { scope, cidrBlock, availabilityZones } = args;
        const sizes = subnetSizes(cidrBlock);
        if (availabilityZones.length < 2 || availabilityZones.length > 3) {
            throw new Error(
                `Network: availabilityZones are ${availabilityZones.join(", ") || "none"}; there must be 2 or 3`,
            );
        }

        const layout = fixedLayout(name, args, { parent: this });
        const vpc = new awsx.ec2.Vpc(
            name,
            {
                cidrBlock,
                availabilityZoneNames: availabilityZones,
                subnetStrategy: "Auto",
                // awsx has public subnets give out public addresses. Only NAT gateways and load balancers are ever put
                // there, and both bring their own.
                subnetSpecs: [
                    { type: "Public", cidrMask: sizes.public },
                    { type: "Private", cidrMask: sizes.private },
                    { type: "Isolated", cidrMask: sizes.isolated },
                ],
                natGateways: { strategy: args.natGateways === "single" ? "Single" : "OnePerAz" },
                enableDnsHostnames: true,
                enableDnsSupport: true,
                // Endpoints are made in endpoints.ts: awsx's would have no route tables, policies or security groups.
                // awsx makes its resources in a process of its own, where the tags of this component do not reach.
                tags: { component: "network" },
            },
            { parent: this, dependsOn: layout },
        );
        this.vpcId = vpc.vpcId;
        this.cidrBlock = cidrBlock;
        this.availabilityZones = availabilityZones;
        this.publicSubnetIds = vpc.publicSubnetIds;
        this.privateSubnetIds = vpc.privateSubnetIds;
        this.isolatedSubnetIds = vpc.isolatedSubnetIds;
        const natGateways = args.natGateways === "single" ? 1 : availabilityZones.length;
        this.natGatewayIds = Array.from({ length: natGateways }, (_, index) =>
            vpc.natGateways.apply((gateways) => gateways[index]!.id),
        );

        new aws.ec2.DefaultSecurityGroup(name, { vpcId: this.vpcId, ingress: [], egress: [] }, { parent: this });
        flowLogs(name, { scope, vpcId: this.vpcId, logs: args.logs }, { parent: this });
        const routeTableIds = vpc.routeTables.apply((tables) => pulumi.all(tables.map((table) => table.id)));
        const gateway = { scope, vpcId: this.vpcId, routeTableIds };
        this.s3 = s3Endpoint(name, gateway, { parent: this });
        this.dynamodb = dynamodbEndpoint(name, gateway, { parent: this });
        const services = args.interfaceEndpoints;
        const endpoints = interfaceEndpoints(
            name,
            { scope, vpcId: this.vpcId, subnetIds: this.privateSubnetIds, services },
            { parent: this },
        );
        this.interfaceEndpoints = { services, access: endpoints };
        const internet = access({ connections: [{ kind: "internet", name: "internet-https", port: 443 }] });
        this.awsApis = combine([endpoints, internet]);
        this.registerOutputs({
            vpcId: this.vpcId,
            publicSubnetIds: this.publicSubnetIds,
            privateSubnetIds: this.privateSubnetIds,
            isolatedSubnetIds: this.isolatedSubnetIds,
        });
    }

    endpoint(service: string): Access {
        if (service === "s3") {
            return this.s3;
        }
        return this.interfaceEndpoints.services.includes(service) ? this.interfaceEndpoints.access : access({});
    }
}
