import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import {
    access,
    type Access,
    policyDocument,
    type ResourceStatement,
    type Scope,
    ServiceSecurityGroup,
} from "../building-blocks";

/** What all endpoints are made in. */
interface EndpointArgs {
    scope: Scope;
    vpcId: pulumi.Output<string>;
}

type GatewayEndpointArgs = EndpointArgs & { routeTableIds: pulumi.Output<string[]> };

/**
 * Gateway endpoint of S3, free of charge, in all route tables of the VPC.
 *
 * Through it the VPC reaches buckets of this account, as this account, and the bucket in which ECR keeps image layers;
 * nobody can carry data to a bucket of their own with it.
 */
export const s3Endpoint = (name: string, args: GatewayEndpointArgs, opts: pulumi.CustomResourceOptions): Access =>
    gatewayEndpoint(
        name,
        "s3",
        args,
        [
            ownResources(args.scope, "OwnBuckets", "s3:*"),
            {
                // ECR hands out signed links into this bucket of its own; without it no image can be pulled.
                sid: "ImageLayers",
                principals: "*",
                actions: ["s3:GetObject"],
                resources: [args.scope.bucketArn(`prod-${args.scope.region}-starport-layer-bucket`, "*")],
            },
        ],
        opts,
    );

/** Gateway endpoint of DynamoDB, free of charge, in all route tables of the VPC: this account's tables, as this account. */
export const dynamodbEndpoint = (name: string, args: GatewayEndpointArgs, opts: pulumi.CustomResourceOptions): Access =>
    gatewayEndpoint(name, "dynamodb", args, [ownResources(args.scope, "OwnTables", "dynamodb:*")], opts);

function gatewayEndpoint(
    name: string,
    service: "s3" | "dynamodb",
    { scope, vpcId, routeTableIds }: GatewayEndpointArgs,
    statements: ResourceStatement[],
    opts: pulumi.CustomResourceOptions,
): Access {
    const endpoint = new aws.ec2.VpcEndpoint(
        `${name}-${service}`,
        {
            vpcId,
            serviceName: serviceName(scope, service),
            vpcEndpointType: "Gateway",
            routeTableIds,
            policy: policyDocument(statements),
            tags: { Name: scope.name(service) },
        },
        opts,
    );
    return access({
        connections: [{ kind: "prefix-list", name: service, prefixListId: endpoint.prefixListId, port: 443 }],
        dependsOn: [endpoint],
    });
}

/** What belongs to this account, for callers of this account. */
const ownResources = (scope: Scope, sid: string, actions: string): ResourceStatement => ({
    sid,
    principals: "*",
    actions: [actions],
    resources: ["*"],
    conditions: {
        StringEquals: {
            "aws:PrincipalAccount": scope.accountId,
            "aws:ResourceAccount": scope.accountId,
        },
    },
});

/**
 * Interface endpoints of AWS services, behind one security group, with the services' ordinary host names. Each costs
 * about $9.50 a month and zone.
 *
 * @returns How to reach them; an empty access when there are none.
 */
export function interfaceEndpoints(
    name: string,
    args: EndpointArgs & { subnetIds: pulumi.Output<string[]>; services: string[] },
    opts: pulumi.CustomResourceOptions,
): Access {
    const { scope, vpcId, subnetIds, services } = args;
    if (services.length === 0) {
        return access({});
    }
    const group = new ServiceSecurityGroup(
        `${name}-endpoints`,
        { vpcId, description: "Interface endpoints of AWS services" },
        opts,
    );
    const endpoints = services.map(
        (service) =>
            new aws.ec2.VpcEndpoint(
                `${name}-${service.replace(/\./g, "-")}`,
                {
                    vpcId,
                    serviceName: serviceName(scope, service),
                    vpcEndpointType: "Interface",
                    subnetIds,
                    securityGroupIds: [group.id],
                    privateDnsEnabled: true,
                    policy: policyDocument([
                        {
                            sid: "OwnPrincipals",
                            principals: "*",
                            actions: ["*"],
                            resources: ["*"],
                            conditions: { StringEquals: { "aws:PrincipalAccount": scope.accountId } },
                        },
                        {
                            // Lambda's Kafka pollers sit in the VPC and call lambda and sts as a service, not as a role.
                            sid: "AwsServices",
                            principals: "*",
                            actions: ["*"],
                            resources: ["*"],
                            conditions: { Bool: { "aws:PrincipalIsAWSService": "true" } },
                        },
                    ]),
                    tags: { Name: scope.name(service) },
                },
                opts,
            ),
    );
    return access({ connections: [group.destination("aws-endpoints", 443)], dependsOn: endpoints });
}

const serviceName = (scope: Scope, service: string): string => `com.amazonaws.${scope.region}.${service}`;
