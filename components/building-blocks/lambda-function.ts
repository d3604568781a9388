import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Access, combine } from "./access";
import { type EncryptionKey } from "./encryption-key";
import { type Architecture } from "./image-repository";
import { logGroup, type LogRetention } from "./logs";
import { type Statement } from "./policy-document";
import { type Scope } from "./scope";
import { ServiceRole } from "./service-role";
import { type ServiceSecurityGroup } from "./service-security-group";

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
    /** Environment variables of a team's own. */
    environment?: Record<string, pulumi.Input<string>>;
}

/** What every function has, whatever its code is. */
export interface LambdaFunctionArgs {
    scope: Scope;
    /** Name of the service: last part of its physical names, and value of its `service` tag. A change replaces all of it. */
    service: string;
    size: FunctionSize;
    architecture: Architecture;
    /** Subnets of the function's network interfaces, in two zones or more. */
    subnetIds: pulumi.Input<string[]>;
    /**
     * The function's security group. Functions of one kind share one: each pair of group and subnets takes network
     * interfaces, of which a VPC has 250 for functions. Its connections are added by this function's `access`.
     */
    securityGroup: ServiceSecurityGroup;
    /** Values beyond those that come with `access` and `size`. */
    environment: Record<string, pulumi.Input<string>>;
    /** What the function needs: goes to its role, its security group and its environment. */
    access: Access[];
    /** Key of the environment variables. */
    key: EncryptionKey;
    logs: LogRetention;
}

/** A function, for what triggers, invokes or watches it. */
export interface LambdaFunction {
    readonly service: string;
    readonly functionName: string;
    readonly arn: pulumi.Output<string>;
    readonly invokeArn: pulumi.Output<string>;
    readonly logGroupName: string;
    readonly timeoutSeconds: number;
    /** Service that this function does nothing but wait for: how long it runs says nothing about itself. */
    readonly waitsFor?: string;
    /** The function itself, with the permissions it starts with: triggers depend on it. */
    readonly ready: pulumi.Resource[];
}

/**
 * Makes a function inside the VPC, with its role and log group, with tracing and JSON logs. The role writes only to its own
 * log group and cannot use the network permissions that Lambda needs for itself.
 *
 * @param code Where the code comes from: an image, or an archive with its runtime and handler.
 */
export function lambdaFunction(
    name: string,
    args: LambdaFunctionArgs,
    code: Pick<aws.lambda.FunctionArgs, "packageType" | "imageUri" | "code" | "runtime" | "handler">,
    opts: pulumi.CustomResourceOptions & { parent: pulumi.Resource },
): LambdaFunction {
    const { scope, service, size } = args;
    const { timeoutSeconds } = size;
    const { parent } = opts;
    const functionName = scope.name(service);
    const logGroupName = `/${scope.path(service)}`;

    const needs = combine(args.access);
    needs.connections.forEach((destination) => args.securityGroup.connectTo(destination));

    const logs = logGroup(name, logGroupName, args.logs, { parent });
    const role = new ServiceRole(
        name,
        {
            roleName: functionName,
            description: `What ${functionName} may do`,
            servicePrincipal: "lambda.amazonaws.com",
            statements: [...ownStatements(scope, functionName, logGroupName, args.key), ...needs.statements],
        },
        { parent },
    );
    const policy = role.policy ? [role.policy] : [];
    const fn = new aws.lambda.Function(
        name,
        {
            name: functionName,
            ...code,
            architectures: [args.architecture],
            memorySize: size.memoryMB,
            timeout: timeoutSeconds,
            reservedConcurrentExecutions: size.reservedConcurrency,
            role: role.arn,
            vpcConfig: { subnetIds: args.subnetIds, securityGroupIds: [args.securityGroup.id] },
            environment: {
                variables: {
                    // Times of the Korean market are Korean times.
                    TZ: "Asia/Seoul",
                    AIPX_ENVIRONMENT: scope.environment,
                    ...size.environment,
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
        pulumi.mergeOptions(opts, { dependsOn: [...policy, ...needs.dependsOn] }),
    );
    return {
        service,
        functionName,
        arn: fn.arn,
        invokeArn: fn.invokeArn,
        logGroupName,
        timeoutSeconds,
        ready: [fn, ...policy],
    };
}

function ownStatements(scope: Scope, functionName: string, logGroupName: string, key: EncryptionKey): Statement[] {
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
            resources: [scope.arn("logs", `log-group:${logGroupName}:*`)],
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
                ArnEquals: { "lambda:SourceFunctionArn": scope.arn("lambda", `function:${functionName}`) },
            },
        },
        key.useThrough("lambda", "read", "DecryptEnvironment"),
    ];
}
