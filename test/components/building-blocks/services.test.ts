import assert from "node:assert/strict";
import {
    access,
    FargateService,
    type FargateServiceArgs,
    ImageFunction,
    type ImageFunctionArgs,
    ServiceSecurityGroup,
} from "../../../components/building-blocks";
import { type RecordedResource, type Recording } from "../../../plan/recording";
import { statement, statements } from "../../support/policy";
import { find, names, ofType, record } from "../../support/record";
import { account, arn, digest, fargateArgs, functionArgs, scope, storeAccess } from "./fixture";

const own = (recording: Recording, name: string): string[] =>
    names(recording).filter((each) => each.includes(`::${name}`) && !/ImageRepository|aws:ecr/.test(each));

describe("FargateService", () => {
    let recording: Recording;
    const recordWith = (changes: Partial<FargateServiceArgs> = {}): Promise<Recording> =>
        record(() => void new FargateService("oms", fargateArgs(changes)));
    const service = (from: Recording): RecordedResource => find(from, "aws:ecs/service:Service", "oms");
    const rolePolicy = (role: string): string =>
        find(recording, "aws:iam/rolePolicy:RolePolicy", `oms-${role}`).inputs.policy as string;
    const container = (from: Recording): Record<string, any> => {
        const { inputs } = find(from, "aws:ecs/taskDefinition:TaskDefinition", "oms");
        return (JSON.parse(inputs.containerDefinitions as string) as Record<string, any>[])[0]!;
    };

    before(async () => {
        recording = await recordWith();
    });

    it("has these names", () => {
        assert.deepEqual(own(recording, "oms"), [
            "aipx:buildingblocks:FargateService::oms",
            "aipx:buildingblocks:ServiceRole::oms-execution",
            "aipx:buildingblocks:ServiceRole::oms-task",
            "aipx:buildingblocks:ServiceSecurityGroup::oms",
            "aws:cloudwatch/logGroup:LogGroup::oms",
            "aws:cloudwatch/logMetricFilter:LogMetricFilter::oms-errors",
            "aws:ec2/securityGroup:SecurityGroup::oms",
            "aws:ecs/service:Service::oms",
            "aws:ecs/taskDefinition:TaskDefinition::oms",
            "aws:iam/role:Role::oms-execution",
            "aws:iam/role:Role::oms-task",
            "aws:iam/rolePolicy:RolePolicy::oms-execution",
            "aws:iam/rolePolicy:RolePolicy::oms-task",
            "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule::oms-to-store",
        ]);
        assert.ok(
            names(recording).includes("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule::store-from-oms"),
        );
    });

    it("gives the service what it uses, and the start what the start needs, apart", () => {
        assert.deepEqual(
            statements(rolePolicy("task")).map(({ Sid }) => Sid),
            ["UseStore"],
        );
        assert.deepEqual(
            statements(rolePolicy("execution")).map(({ Sid, Resource }) => [Sid, Resource]),
            [
                ["ReadKis", "arn:secret"],
                ["RegistryLogin", "*"],
                ["PullImage", arn("ecr", "repository/aipx/dev/oms")],
                ["WriteLogs", arn("logs", "log-group:/aipx/dev/oms:*")],
                ["ReadParameters", arn("ssm", "parameter/aipx/dev/store/endpoint")],
            ],
        );
        for (const role of ["execution", "task"]) {
            const trust = find(recording, "aws:iam/role:Role", `oms-${role}`).inputs.assumeRolePolicy as string;
            assert.deepEqual(statement(trust, "Trust").Principal, { Service: "ecs-tasks.amazonaws.com" });
            assert.deepEqual(statement(trust, "Trust").Condition, {
                StringEquals: { "aws:SourceAccount": account },
                ArnLike: { "aws:SourceArn": arn("ecs", "*") },
            });
        }
    });

    it("tells the container known values as such, and the rest as parameters", () => {
        const { environment, secrets, image, portMappings } = container(recording);
        assert.deepEqual(environment, [
            { name: "AIPX_ENVIRONMENT", value: "dev" },
            { name: "MODE", value: "paper" },
            { name: "STORE_NAME", value: "store" },
            { name: "TZ", value: "Asia/Seoul" },
        ]);
        assert.deepEqual(secrets, [
            { name: "APP_KEY", valueFrom: arn("secretsmanager", "secret:aipx/dev/kis:app_key::") },
            { name: "STORE_ENDPOINT", valueFrom: arn("ssm", "parameter/aipx/dev/store/endpoint") },
        ]);
        assert.equal(image, `${account}.dkr.ecr.ap-northeast-2.amazonaws.com/aipx/dev/oms@${digest}`);
        assert.deepEqual(portMappings, [{ containerPort: 50051, hostPort: 50051, protocol: "tcp" }]);
    });

    it("runs in the subnets without a public address, after its roles may act", () => {
        const { inputs, dependencies, options } = service(recording);
        assert.deepEqual(inputs.networkConfiguration, {
            subnets: ["subnet-a", "subnet-c"],
            securityGroups: [find(recording, "aws:ec2/securityGroup:SecurityGroup", "oms").id],
            assignPublicIp: false,
        });
        for (const role of ["oms-execution", "oms-task"]) {
            assert.ok(dependencies.includes(find(recording, "aws:iam/rolePolicy:RolePolicy", role).urn), role);
        }
        assert.deepEqual(options.ignoreChanges, ["desiredCount"]);
        assert.deepEqual(inputs.deploymentCircuitBreaker, { enable: true, rollback: true });
        assert.equal(inputs.enableExecuteCommand, false);
        assert.equal(inputs.tags.service, "oms");
    });

    it("waits until ECS has deployed it, and longer than a rollback takes", () => {
        const { inputs, options } = service(recording);
        assert.equal(inputs.waitForSteadyState, true);
        assert.deepEqual(options.customTimeouts, { create: "30m", update: "45m", delete: "20m" });
    });

    for (const [deployment, minimum, maximum, rebalancing] of [
        ["rolling", 100, 200, "DISABLED"],
        ["singleton", 0, 100, "DISABLED"],
    ] as const) {
        it(`deploys ${deployment} with ${minimum} to ${maximum} per cent`, async () => {
            const { inputs } = service(await recordWith({ deployment }));
            assert.deepEqual(
                [
                    inputs.deploymentMinimumHealthyPercent,
                    inputs.deploymentMaximumPercent,
                    inputs.availabilityZoneRebalancing,
                ],
                [minimum, maximum, rebalancing],
            );
        });
    }

    it("runs on Spot only if asked", async () => {
        const provider = (from: Recording): unknown =>
            service(from).inputs.capacityProviderStrategies[0].capacityProvider;
        assert.equal(provider(recording), "FARGATE");
        assert.equal(provider(await recordWith({ capacity: "spot" })), "FARGATE_SPOT");
    });

    it("can change between Spot and on-demand: the provider refuses that unless deployments are forced", async () => {
        for (const capacity of ["on-demand", "spot"] as const) {
            const { inputs } = service(await recordWith({ capacity }));
            assert.equal(inputs.forceNewDeployment, true);
            // A trigger that is never the same would deploy at every `pulumi up`.
            assert.equal(inputs.triggers, undefined);
        }
    });

    it("takes part in a load balancer, a namespace and deployment alarms", async () => {
        const { inputs } = service(
            await recordWith({
                target: { groupArn: "arn:group", port: 50051 },
                serviceRegistryArn: "arn:registry",
                deploymentAlarmNames: ["aipx-dev-oms-errors"],
            }),
        );
        assert.deepEqual(inputs.loadBalancers, [
            { targetGroupArn: "arn:group", containerName: "oms", containerPort: 50051 },
        ]);
        assert.deepEqual(inputs.serviceRegistries, { registryArn: "arn:registry" });
        assert.deepEqual(inputs.alarms, { enable: true, rollback: true, alarmNames: ["aipx-dev-oms-errors"] });
    });

    it("refuses a load balancer on a port that it does not listen on", async () => {
        await assert.rejects(recordWith({ target: { groupArn: "arn:group", port: 443 } }), {
            message: "Fargate service oms: target.port is 443; it must be one of ports (50051)",
        });
        await assert.rejects(recordWith({ target: { groupArn: "arn:group", port: 443 }, ports: [] }), {
            message: "Fargate service oms: target.port is 443; it must be one of ports (none)",
        });
    });

    it("refuses a variable that would hide another", async () => {
        for (const variable of ["TZ", "APP_KEY", "STORE_NAME", "STORE_ENDPOINT"]) {
            await assert.rejects(recordWith({ environment: { [variable]: "own" } }), {
                message: `Fargate service oms: environment variable ${variable} is set twice`,
            });
        }
    });

    it("uses a security group that others made", async () => {
        const given = await record(() => {
            const securityGroup = new ServiceSecurityGroup("given", { vpcId: "vpc-1", description: "given" });
            new FargateService("oms", fargateArgs({ securityGroup }));
        });
        assert.deepEqual(service(given).inputs.networkConfiguration.securityGroups, [
            find(given, "aws:ec2/securityGroup:SecurityGroup", "given").id,
        ]);
        assert.equal(ofType(given, "aws:ec2/securityGroup:SecurityGroup").length, 1);
    });

    it("opens a shell only if asked, with the rights that come with it", async () => {
        const shell = access({ statements: [{ sid: "Shell", actions: ["kms:Decrypt"], resources: ["arn:key"] }] });
        const opened = await recordWith({ shell });
        assert.equal(service(opened).inputs.enableExecuteCommand, true);
        const policy = find(opened, "aws:iam/rolePolicy:RolePolicy", "oms-task").inputs.policy as string;
        assert.deepEqual(
            statements(policy).map(({ Sid }) => Sid),
            ["UseStore", "Shell"],
        );
        assert.deepEqual(
            container(opened).mountPoints.map(({ containerPath }: { containerPath: string }) => containerPath),
            ["/var/lib/amazon", "/var/log/amazon"],
        );
    });

    it("logs with retention and key, and counts error lines", () => {
        assert.deepEqual(find(recording, "aws:cloudwatch/logGroup:LogGroup", "oms").inputs, {
            name: "/aipx/dev/oms",
            retentionInDays: 7,
            kmsKeyId: "arn:logs-key",
            tags: { service: "oms" },
        });
        const filter = find(recording, "aws:cloudwatch/logMetricFilter:LogMetricFilter", "oms-errors").inputs;
        assert.deepEqual(filter.metricTransformation, {
            namespace: "aipx/dev",
            name: "oms-errors",
            value: "1",
            defaultValue: "0",
        });
    });
});

describe("ImageFunction", () => {
    let recording: Recording;
    const recordWith = (changes: Partial<ImageFunctionArgs> = {}): Promise<Recording> =>
        record(() => void new ImageFunction("notification", functionArgs(changes)));
    const lambda = (from: Recording): RecordedResource => find(from, "aws:lambda/function:Function", "notification");
    const policy = (from: Recording): string =>
        find(from, "aws:iam/rolePolicy:RolePolicy", "notification").inputs.policy as string;

    before(async () => {
        recording = await recordWith();
    });

    it("has these names", () => {
        assert.deepEqual(own(recording, "notification"), [
            "aipx:buildingblocks:ImageFunction::notification",
            "aipx:buildingblocks:ServiceRole::notification",
            "aws:cloudwatch/logGroup:LogGroup::notification",
            "aws:iam/role:Role::notification",
            "aws:iam/rolePolicy:RolePolicy::notification",
            "aws:lambda/function:Function::notification",
        ]);
    });

    it("runs the image in the VPC, traced, with its own log group", () => {
        const { inputs, dependencies } = lambda(recording);
        assert.deepEqual(inputs, {
            name: "aipx-dev-notification",
            packageType: "Image",
            imageUri: `${account}.dkr.ecr.ap-northeast-2.amazonaws.com/aipx/dev/notification@${digest}`,
            architectures: ["arm64"],
            memorySize: 512,
            timeout: 30,
            role: find(recording, "aws:iam/role:Role", "notification").outputs.arn,
            vpcConfig: {
                subnetIds: ["subnet-a", "subnet-c"],
                securityGroupIds: [find(recording, "aws:ec2/securityGroup:SecurityGroup", "functions").id],
            },
            environment: {
                variables: {
                    TZ: "Asia/Seoul",
                    AIPX_ENVIRONMENT: "dev",
                    CHANNEL: "alerts",
                    STORE_NAME: "store",
                    STORE_ENDPOINT: "store.example:6379",
                },
            },
            kmsKeyArn: find(recording, "aws:kms/key:Key", "key").outputs.arn,
            tracingConfig: { mode: "Active" },
            loggingConfig: {
                logFormat: "JSON",
                logGroup: "/aipx/dev/notification",
                applicationLogLevel: "INFO",
                systemLogLevel: "WARN",
            },
            tags: { service: "notification" },
        });
        assert.ok(dependencies.includes(find(recording, "aws:iam/rolePolicy:RolePolicy", "notification").urn));
    });

    it("bounds how many run at the same time if asked", async () => {
        assert.equal(
            lambda(await recordWith({ size: { memoryMB: 512, timeoutSeconds: 30, reservedConcurrency: 5 } })).inputs
                .reservedConcurrentExecutions,
            5,
        );
        assert.equal(lambda(recording).inputs.reservedConcurrentExecutions, undefined);
    });

    it("may do what its access says, and keeps its code from Lambda's network permissions", () => {
        assert.deepEqual(
            statements(policy(recording)).map(({ Sid, Effect, Resource }) => [Sid, Effect, Resource]),
            [
                ["WriteLogs", "Allow", arn("logs", "log-group:/aipx/dev/notification:*")],
                ["WriteTraces", "Allow", "*"],
                ["NetworkInterfaces", "Allow", "*"],
                ["NetworkInterfacesNotByCode", "Deny", "*"],
                ["DecryptEnvironment", "Allow", arn("kms", "key/*")],
                ["UseStore", "Allow", arn("sqs", "store")],
            ],
        );
        const [allow, deny] = ["NetworkInterfaces", "NetworkInterfacesNotByCode"].map((sid) =>
            statement(policy(recording), sid),
        );
        assert.deepEqual(deny?.Action, allow?.Action);
        assert.deepEqual(deny?.Condition, {
            ArnEquals: { "lambda:SourceFunctionArn": arn("lambda", "function:aipx-dev-notification") },
        });
    });

    it("connects through the group it shares", () => {
        assert.ok(
            names(recording).includes("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule::functions-to-store"),
        );
    });

    it("takes the same access twice as once", async () => {
        const twice = await recordWith({ access: [storeAccess, storeAccess] });
        assert.equal(policy(twice), policy(recording));
    });

    it("is named after the scope", async () => {
        let made!: ImageFunction;
        await record(() => {
            made = new ImageFunction("notification", functionArgs());
        });
        assert.equal(made.functionName, scope.name("notification"));
        assert.equal(made.ready.length, 2);
    });
});
