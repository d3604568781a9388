import assert from "node:assert/strict";
import * as path from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { describeServices, type Service, shownService } from "../../plan/service";
import { statementsOf } from "../../plan/service/role";
import { wordsOf } from "../../plan/service/words";
import { UsageError } from "../../plan/usage-error";
import { record, type Recording } from "../support/record";

const statement = (Sid: string, Action: string | string[], Resource: string, more = {}): object => ({
    Sid,
    Effect: "Allow",
    Action,
    Resource,
    ...more,
});
const policy = (...statements: object[]): string => JSON.stringify({ Version: "2012-10-17", Statement: statements });
const trust = policy({ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } });

/** A program of nobody's: one ECS service, two functions whose names begin alike, a queue between them. */
function program(): void {
    const group = (name: string) => new aws.ec2.SecurityGroup(name, { vpcId: "vpc-1" });
    const [web, cache, jobs] = [group("web"), group("cache"), group("jobs")];
    const cluster = new aws.elasticache.ReplicationGroup("cache", {
        replicationGroupId: "the-cache",
        description: "cache",
        securityGroupIds: [cache.id],
    });
    const out = (from: aws.ec2.SecurityGroup, name: string, to: object): unknown =>
        new aws.vpc.SecurityGroupEgressRule(name, { securityGroupId: from.id, ipProtocol: "tcp", ...to });
    out(web, "web-to-cache", { fromPort: 6379, toPort: 6379, referencedSecurityGroupId: cache.id });
    out(web, "web-to-anywhere", { fromPort: 8000, toPort: 8080, cidrIpv4: "0.0.0.0/0" });
    new aws.vpc.SecurityGroupIngressRule("web-from-jobs", {
        securityGroupId: web.id,
        ipProtocol: "-1",
        referencedSecurityGroupId: jobs.id,
    });

    const role = (name: string, ...statements: object[]): aws.iam.Role => {
        const made = new aws.iam.Role(name, { name, assumeRolePolicy: trust });
        new aws.iam.RolePolicy(name, { role: made.name, policy: policy(...statements) });
        return made;
    };
    const task = new aws.ecs.TaskDefinition("web", {
        family: "web",
        cpu: "512",
        memory: "1024",
        requiresCompatibilities: ["FARGATE"],
        runtimePlatform: { cpuArchitecture: "ARM64" },
        taskRoleArn: role("web-task", statement("Invoke", "lambda:InvokeFunction", "arn:aws:lambda:r:1:function:job"))
            .arn,
        executionRoleArn: role("web-start", statement("Pull", ["ecr:BatchGetImage"], "*")).arn,
        containerDefinitions: JSON.stringify([
            {
                name: "web",
                image: "repository/web@sha256:0",
                portMappings: [{ containerPort: 8443 }],
                environment: [{ name: "MODE", value: "fast" }],
                secrets: [
                    { name: "ENDPOINT", valueFrom: "arn:aws:ssm:r:1:parameter/web/endpoint" },
                    { name: "TOKEN", valueFrom: "arn:aws:secretsmanager:r:1:secret:web/tokens:token::" },
                ],
                stopTimeout: 90,
                linuxParameters: { tmpfs: [{ containerPath: "/tmp", size: 32 }] },
                logConfiguration: { options: { "awslogs-group": "/web" } },
            },
        ]),
    });
    const service = new aws.ecs.Service("web", {
        name: "the-web",
        taskDefinition: task.arn,
        desiredCount: 2,
        networkConfiguration: { subnets: ["subnet-1"], securityGroups: [web.id] },
        tags: { service: "web" },
    });
    const target = new aws.appautoscaling.Target("web", {
        serviceNamespace: "ecs",
        resourceId: pulumi.interpolate`service/c/${service.name}`,
        scalableDimension: "ecs:service:DesiredCount",
        minCapacity: 1,
        maxCapacity: 2,
    });
    new aws.appautoscaling.ScheduledAction("web-night", {
        serviceNamespace: target.serviceNamespace,
        resourceId: target.resourceId,
        scalableDimension: target.scalableDimension,
        schedule: "cron(0 22 * * ? *)",
        scalableTargetAction: { minCapacity: 0, maxCapacity: 0 },
    });

    const fn = (name: string): aws.lambda.Function =>
        new aws.lambda.Function(name, {
            name,
            packageType: "Image",
            imageUri: `repository/${name}:v1`,
            role: role(name, statement("Log", "logs:PutLogEvents", "*", { Condition: { StringEquals: { a: "b" } } }))
                .arn,
            vpcConfig: { subnetIds: ["subnet-1"], securityGroupIds: [jobs.id] },
            environment: { variables: { PASSWORD: pulumi.secret("hush"), MODE: "slow" } },
        });
    const job = fn("job");
    fn("job-b");
    const [queue, failed] = ["queue", "failed"].map((name) => new aws.sqs.Queue(name, { name }));
    new aws.lambda.EventSourceMapping("job", {
        functionName: job.arn,
        eventSourceArn: queue!.arn,
        batchSize: 5,
        destinationConfig: { onFailure: { destinationArn: failed!.arn } },
    });
    const rule = new aws.cloudwatch.EventRule("tick", { name: "tick", scheduleExpression: "rate(1 hour)" });
    new aws.lambda.Permission("tick", {
        action: "lambda:InvokeFunction",
        function: job.name,
        principal: "events.amazonaws.com",
        sourceArn: rule.arn,
    });
    const alarm = (name: string, dimensions: Record<string, string>): unknown =>
        new aws.cloudwatch.MetricAlarm(name, {
            name,
            comparisonOperator: "GreaterThanThreshold",
            evaluationPeriods: 1,
            namespace: "n",
            metricName: "m",
            dimensions,
        });
    alarm("of-the-function", { FunctionName: "job" });
    alarm("of-its-failures", { QueueName: "failed" });
    alarm("job-b-late", { Topic: "x" });
    alarm("of-nobody", { QueueName: "other" });
    void cluster;
}

describe("one service of a plan", () => {
    let recording: Recording;
    let services: Service[];
    const service = (name: string): Service => services.find((each) => each.service === name)!;
    before(async () => {
        recording = await record(program);
        services = describeServices(recording);
    });

    it("is every service of ECS and every function", () => {
        assert.deepEqual(services.map(({ service, name, kind }) => [service, name, kind]).sort(), [
            ["job", "job", "Lambda"],
            ["job-b", "job-b", "Lambda"],
            ["web", "the-web", "Fargate"],
        ]);
    });

    it("has the size, container and variables of a task", () => {
        const { size, architecture, image, container, environment } = service("web");
        assert.deepEqual(
            [size, architecture, image],
            [{ cpu: 512, memoryMiB: 1024, tasks: 2 }, "arm64", "repository/web@sha256:0"],
        );
        assert.deepEqual(container, {
            ports: [8443],
            readonlyRootFilesystem: false,
            writable: [{ path: "/tmp", memoryMiB: 32 }],
            stopTimeoutSeconds: 90,
        });
        assert.deepEqual(environment, [
            { name: "ENDPOINT", from: "parameter", source: "/web/endpoint" },
            { name: "MODE", from: "value", value: "fast" },
            { name: "TOKEN", from: "secret", source: "web/tokens", key: "token" },
        ]);
    });

    it("has the variables of a function, with secrets masked", () => {
        const { environment, size } = service("job");
        assert.deepEqual(environment, [
            { name: "MODE", from: "value", value: "slow" },
            { name: "PASSWORD", from: "value", value: "[secret]" },
        ]);
        assert.deepEqual(size, { memoryMB: 128, timeoutSeconds: 3 });
    });

    it("has the roles with their statements: what runs, and what starts it", () => {
        assert.deepEqual(
            service("web").roles.map(({ name, purpose, statements }) => [
                name,
                purpose,
                statements.map(({ actions }) => actions),
            ]),
            [
                ["web-task", "run", [["lambda:InvokeFunction"]]],
                ["web-start", "start", [["ecr:BatchGetImage"]]],
            ],
        );
        assert.deepEqual(service("job").roles[0]!.statements, [
            {
                sid: "Log",
                effect: "Allow",
                actions: ["logs:PutLogEvents"],
                resources: ["*"],
                conditions: { StringEquals: { a: ["b"] } },
            },
        ]);
        assert.deepEqual(statementsOf('{"Statement":{"Effect":"Deny","Action":"a:B","Resource":["x","y"]}}'), [
            { effect: "Deny", actions: ["a:B"], resources: ["x", "y"], conditions: {} },
        ]);
    });

    it("reaches what the rules of its groups let it, and names what is there", () => {
        const { reach, callers } = service("web");
        assert.deepEqual(reach, [
            {
                protocol: "tcp",
                port: "6379",
                peer: {
                    kind: "group",
                    name: "cache",
                    members: [{ type: "aws:elasticache/replicationGroup:ReplicationGroup", name: "the-cache" }],
                },
            },
            { protocol: "tcp", port: "8000-8080", peer: { kind: "range", range: "0.0.0.0/0" } },
        ]);
        assert.deepEqual(callers, [
            {
                protocol: "all",
                peer: {
                    kind: "group",
                    name: "jobs",
                    members: [
                        { type: "aws:lambda/function:Function", name: "job" },
                        { type: "aws:lambda/function:Function", name: "job-b" },
                    ],
                },
            },
        ]);
    });

    it("is triggered by mappings, rules and services that may invoke it; tasks by schedules", () => {
        const { triggers } = service("job");
        const failed = recording.resources.find(
            ({ name, type }) => name === "failed" && type === "aws:sqs/queue:Queue",
        )!;
        assert.deepEqual(triggers, [
            { kind: "event-source", source: "sqs queue", topics: [], batchSize: 5, onFailure: failed.outputs.arn },
            { kind: "event-rule", rule: "tick", bus: "default", schedule: "rate(1 hour)" },
            { kind: "service", service: "web" },
        ]);
        assert.deepEqual(service("job-b").triggers, []);
        assert.deepEqual(service("web").triggers, [
            { kind: "schedule", schedule: "cron(0 22 * * ? *)", timezone: "UTC", tasks: "0" },
        ]);
    });

    it("is watched by alarms on its own metrics, on what keeps its failures, and by those named after it", () => {
        const names = (name: string): string[] => service(name).alarms.map((alarm) => alarm.name);
        assert.deepEqual(names("job"), ["of-its-failures", "of-the-function"]);
        assert.deepEqual(names("job-b"), ["job-b-late"]);
        assert.deepEqual(names("web"), []);
    });

    describe("shown", () => {
        const project = {
            folder: path.join(__dirname, "fixtures/project"),
            name: "p",
            main: "",
            stacks: [],
            defaults: {},
        };
        const shown = (name: string, json = false): string =>
            shownService(project, recording, name, { json, colour: false });

        it("to people, without words of a project that has none", () => {
            const text = shown("web");
            assert.match(
                text,
                /^web in dev {2}the-web\nFargate, 0\.5 vCPU, 1024 MiB, 2 tasks, arm64\nimage repository\/web@sha256:0\n/,
            );
            assert.match(text, /\n {2}TOKEN = \(secret web\/tokens, key token, read when the task starts\)\n/);
            assert.match(text, /\n {2}ENDPOINT = \(SSM parameter \/web\/endpoint, read when the task starts\)\n/);
            assert.match(text, /\nReaches\n {2}tcp 6379, group cache: elasticache\.ReplicationGroup the-cache\n/);
            assert.match(text, /\nMay {2}role web-task\n {2}Allow lambda:InvokeFunction\n/);
            assert.doesNotMatch(shown("job"), /hush/);
            assert.match(
                shown("job"),
                /\nIs triggered by\n {2}sqs queue; up to 5 records; .*\n {2}rule tick of bus default: rate\(1 hour\)\n {2}service web/,
            );
        });

        it("to programs, by its physical name as well", () => {
            const printed = JSON.parse(shown("the-web", true)) as Record<string, any>;
            assert.deepEqual(printed.environment[1], { name: "MODE", from: "value", value: "fast" });
            assert.equal(printed.stack, "dev");
            assert.doesNotMatch(shown("job", true), /hush/);
        });

        it("not at all, if there is no such service", () => {
            const refused = (name: string, message: RegExp): void =>
                assert.throws(
                    () => shown(name),
                    (error) => error instanceof UsageError && message.test(error.message),
                );
            refused("jobb", /^stack dev has no service "jobb"\. Did you mean job\?\nThe services are: /);
            refused("something-else", /^stack dev has no service "something-else"\nThe services are: /);
        });

        it("with the words of a project that has some", () => {
            const words = wordsOf({ folder: path.join(__dirname, "../..") });
            assert.match(words.variable("KIS_MODE")!, /^`paper` or `live`/);
            assert.equal(words.variable("MODE"), undefined);
            assert.equal(words.statement(service("web").roles[0]!.statements[0]!), "May invoke the function job.");
            assert.equal(words.connection(service("web").reach[0]!), "Redis, port 6379");
            assert.equal(wordsOf({ folder: __dirname }).variable("KIS_MODE"), undefined);
        });
    });
});
