import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Destination } from "./access";

export interface ServiceSecurityGroupArgs {
    vpcId: pulumi.Input<string>;
    /** What stands behind the group; AWS cannot change it later, so a change replaces the group. */
    description: string;
}

/**
 * A security group without any rule, and the only place that adds rules to one: by connection, from group to group.
 *
 * The physical name is Pulumi's auto-name, so that a replacement can be made before the old group is let go.
 */
export class ServiceSecurityGroup extends pulumi.ComponentResource {
    readonly id: pulumi.Output<string>;
    private readonly name: string;
    private readonly connected = new Set<string>();

    constructor(name: string, args: ServiceSecurityGroupArgs, opts?: pulumi.ComponentResourceOptions) {
        super("aipx:buildingblocks:ServiceSecurityGroup", name, {}, opts);
        this.name = name;
        const group = new aws.ec2.SecurityGroup(
            name,
            {
                vpcId: args.vpcId,
                description: args.description,
                // A network interface of a function can outlive it by 20 minutes and more; keep trying that long.
                revokeRulesOnDelete: true,
            },
            { parent: this, customTimeouts: { delete: "45m" } },
        );
        this.id = group.id;
        this.registerOutputs({ id: this.id });
    }

    /** This group as a destination for others, on one TCP port. */
    destination(name: string, port: number): Destination {
        return { kind: "security-group", name, securityGroupId: this.id, port };
    }

    /**
     * Lets members of this group open connections to `destination`: one rule out of here and, where the destination is a
     * group, one rule into there. A second call for the same destination adds nothing.
     */
    connectTo(destination: Destination): void {
        const { name, port } = destination;
        if (this.connected.has(name)) {
            return;
        }
        this.connected.add(name);
        const rule = { ipProtocol: "tcp", fromPort: port, toPort: port };
        new aws.vpc.SecurityGroupEgressRule(
            `${this.name}-to-${name}`,
            {
                securityGroupId: this.id,
                description: `${this.name} to ${name}`,
                ...rule,
                ...(destination.kind === "security-group"
                    ? { referencedSecurityGroupId: destination.securityGroupId }
                    : destination.kind === "prefix-list"
                      ? { prefixListId: destination.prefixListId }
                      : { cidrIpv4: "0.0.0.0/0" }),
            },
            { parent: this },
        );
        if (destination.kind === "security-group") {
            new aws.vpc.SecurityGroupIngressRule(
                `${name}-from-${this.name}`,
                {
                    securityGroupId: destination.securityGroupId,
                    description: `${this.name} to ${name}`,
                    ...rule,
                    referencedSecurityGroupId: this.id,
                },
                { parent: this },
            );
        }
    }

    /** Lets members reach each other on one TCP port (Kafka brokers, and the pollers that Lambda puts beside them). */
    connectToSelf(name: string, port: number): void {
        this.connectTo(this.destination(name, port));
    }

    /** Lets an address range of another network in (a load balancer's callers). Service to service goes by group instead. */
    admitCidr(cidrBlock: string, port: number): void {
        new aws.vpc.SecurityGroupIngressRule(
            `${this.name}-from-${cidrBlock}`,
            {
                securityGroupId: this.id,
                description: `${cidrBlock} to ${this.name}`,
                ipProtocol: "tcp",
                fromPort: port,
                toPort: port,
                cidrIpv4: cidrBlock,
            },
            { parent: this },
        );
    }
}
