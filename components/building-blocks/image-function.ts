import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Access, combine } from "./access";
import { type EncryptionKey } from "./encryption-key";
import { type Architecture, type ImageRepository } from "./image-repository";
import { logGroup, type LogRetention } from "./logs";
import { type Statement } from "./policy-document";
import { type Scope } from "./scope";
import { ServiceRole } from "./service-role";
import { type ServiceSecurityGroup } from "./service-security-group";
import { tagged } from "./tags";

/** What a function is given to run with. */
export interface FunctionSize {
    /** Memory in MB, 128 to 10,240; CPU comes with it, one vCPU at 1,769 MB. */
    memoryMB: number;
    /** Seconds before AWS ends an invocation, at most 900. */
    timeoutSeconds: number;
    /**
     * How many may run at the same time. That many are also taken out of the account's common pool.
     * Left out, the function shares the pool.
     */
    reservedConcurrency?: number;
}

export interface ImageFunctionArgs extends FunctionSize {
    scope: Scope;
    /** Name of the service: last part of its physical names, and value of its `service` tag. A change replaces all of it. */
    service: string;
    repository: ImageRepository;
    /** Digest (`sha256:...`) or tag of the image in `repository`. It must exist when the function is created. */
    image: string;
    architecture: Architecture;
    /** Subnets of the function's network interfaces, in two zones or more. */
    subnetIds: pulumi.Input<string[]>;
    /**
     * The function's security group. Functions of one kind share one: each pair of group and subnets takes network
     * interfaces, of which a VPC has 250 for functions. Its connections are added by this function's `access`.
     */
    securityGroup: ServiceSecurityGroup;
    /** Values beyond those that come with `access`. */
    environment: Record<string, pulumi.Input<string>>;
    /** What the function needs: goes to its role, its security group and its environment. */
    access: Access[];
    /** Key of the environment variables. */
    key: EncryptionKey;
    logs: LogRetention;
}

/**
 * A Lambda function from a container image, inside the VPC: function, role and log group, with tracing and JSON logs.
 * The role writes only to its own log group and cannot use the network permissions that Lambda needs for itself.
 */
export class ImageFunction extends pulumi.ComponentResource {
    readonly service: string;
    readonly functionName: string;
    readonly arn: pulumi.Output<string>;
    readonly invokeArn: pulumi.Output<string>;
    readonly logGroupName: string;
    readonly timeoutSeconds: number;
    /** The function itself, with the permissions it starts with: triggers depend on it. */
    readonly ready: pulumi.Resource[];

    constructor(name: string, args: ImageFunctionArgs, opts?: pulumi.ComponentResourceOptions) {
        super("aipx:buildingblocks:ImageFunction", name, {}, tagged({ service: args.service }, opts));
        const { scope } = args;
        this.service = args.service;
        this.functionName = scope.name(args.service);
        this.logGroupName = `/${scope.path(args.service)}`;
        this.timeoutSeconds = args.timeoutSeconds;

        const needs = combine(args.access);
        needs.connections.forEach((destination) => args.securityGroup.connectTo(destination));

        const logs = logGroup(name, this.logGroupName, args.logs, { parent: this });
        const role = new ServiceRole(
            name,
            {
                roleName: this.functionName,
                description: `What ${this.functionName} may do`,
                servicePrincipal: "lambda.amazonaws.com",
                statements: [...this.ownStatements(scope, args.key), ...needs.statements],
            },
            { parent: this },
        );
        const policy = role.policy ? [role.policy] : [];
        const lambda = new aws.lambda.Function(
            name,
            {
                name: this.functionName,
                packageType: "Image",
                imageUri: args.repository.image(args.image),
                architectures: [args.architecture],
                memorySize: args.memoryMB,
                timeout: args.timeoutSeconds,
                reservedConcurrentExecutions: args.reservedConcurrency,
                role: role.arn,
                vpcConfig: { subnetIds: args.subnetIds, securityGroupIds: [args.securityGroup.id] },
                environment: {
                    variables: {
                        // Times of the Korean market are Korean times.
                        TZ: "Asia/Seoul",
                        AIPX_ENVIRONMENT: scope.environment,
                        ...args.environment,
                        ...Object.fromEntries(
                            Object.entries(needs.environment).map(([variable, { value }]) => [variable, value]),
                        ),
                    },
                },
                kmsKeyArn: args.key.arn,
                tracingConfig: { mode: "Active" },
                loggingConfig: {
                    logFormat: "JSON",
                    logGroup: logs.name,
                    applicationLogLevel: "INFO",
                    systemLogLevel: "WARN",
                },
            },
            // Lambda tries the role's network permissions while it creates the function.
            { parent: this, dependsOn: [...policy, ...needs.dependsOn] },
        );
        this.arn = lambda.arn;
        this.invokeArn = lambda.invokeArn;
        this.ready = [lambda, ...policy];
        this.registerOutputs({ functionName: this.functionName, logGroupName: this.logGroupName });
    }

    private ownStatements(scope: Scope, key: EncryptionKey): Statement[] {
        const networkInterfaces = [
            "ec2:AssignPrivateIpAddresses",
            "ec2:CreateNetworkInterface",
            "ec2:DeleteNetworkInterface",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSubnets",
            "ec2:UnassignPrivateIpAddresses",
        ];
        return [
            {
                sid: "WriteLogs",
                actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
                resources: [scope.arn("logs", `log-group:${this.logGroupName}:*`)],
            },
            // X-Ray has no resources to name.
            { sid: "WriteTraces", actions: ["xray:PutTelemetryRecords", "xray:PutTraceSegments"], resources: ["*"] },
            // Lambda itself joins the function to the VPC with these, and accepts them on all resources only ...
            { sid: "NetworkInterfaces", actions: networkInterfaces, resources: ["*"] },
            // ... so the function's own code is kept from them.
            {
                sid: "NetworkInterfacesNotByCode",
                effect: "Deny",
                actions: networkInterfaces,
                resources: ["*"],
                conditions: {
                    ArnEquals: { "lambda:SourceFunctionArn": scope.arn("lambda", `function:${this.functionName}`) },
                },
            },
            key.useThrough("lambda", "read", "DecryptEnvironment"),
        ];
    }
}
