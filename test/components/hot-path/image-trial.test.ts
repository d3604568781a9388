import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { type AddressInfo } from "node:net";
import { type RecordedResource, type Recording } from "../../../plan/recording";
import { find, ofType } from "../../support/record";
import { digest, recordHotPath, statements } from "./fixture";

const arn = (service: string, resource: string): string => `arn:aws:${service}:ap-northeast-2:123456789012:${resource}`;
const trial = {
    taskDefinitionArn: arn("ecs", "task-definition/aipx-dev-oms:7"),
    containerName: "oms",
    logGroupName: "/aipx/dev/oms",
};
const taskArn = arn("ecs", "task/aipx-dev-hot-path/0123456789abcdef");

/** What AWS is asked: the operation, and what with. */
interface Call {
    operation: string;
    input: Record<string, any>;
}

describe("the function that tries images", () => {
    let server: Server;
    let handler: (event: typeof trial) => Promise<{ taskArn: string }>;
    let calls: Call[];
    /** What ECS and CloudWatch Logs answer, by operation: an output, or an error's type. One after the other; the last stays. */
    let answers: Record<string, (Record<string, unknown> | string)[]>;
    const environment: Record<string, string> = {
        AWS_REGION: "ap-northeast-2",
        AWS_ACCESS_KEY_ID: "id",
        AWS_SECRET_ACCESS_KEY: "secret",
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
        CLUSTER: "aipx-dev-hot-path",
        SUBNET_IDS: "subnet-a,subnet-c",
        SECURITY_GROUP_ID: "sg-trial",
        TRIAL_SECONDS: "30",
        POLL_MILLISECONDS: "1",
    };
    const originally = { ...process.env };

    before(async () => {
        server = createServer((request, response) => {
            void body(request).then((text) => {
                const operation = String(request.headers["x-amz-target"]).split(".")[1]!;
                calls.push({ operation, input: JSON.parse(text) as Record<string, any> });
                const queue = answers[operation] ?? ["UnknownOperationException"];
                const answer = queue.length > 1 ? queue.shift()! : queue[0]!;
                response.setHeader("content-type", "application/x-amz-json-1.1");
                response.statusCode = typeof answer === "string" ? 400 : 200;
                response.end(JSON.stringify(typeof answer === "string" ? { __type: answer, message: answer } : answer));
            });
        });
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        const { port } = server.address() as AddressInfo;
        Object.assign(process.env, environment, { AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` });
        // eslint-disable-next-line @typescript-eslint/no-require-imports -- its clients take all this when they are made
        ({ handler } = require("../../../components/hot-path/image-trial/handler") as { handler: typeof handler });
    });
    after(async () => {
        for (const name of [...Object.keys(environment), "AWS_ENDPOINT_URL"]) {
            if (originally[name] === undefined) {
                delete process.env[name];
            } else {
                process.env[name] = originally[name];
            }
        }
        await new Promise((resolve) => server.close(resolve));
    });
    beforeEach(() => {
        calls = [];
        answers = {
            RunTask: [{ tasks: [{ taskArn, lastStatus: "PROVISIONING" }], failures: [] }],
            DescribeTasks: [{ tasks: [] }, { tasks: [{ taskArn, lastStatus: "RUNNING" }] }, stopped({ exitCode: 0 })],
            GetLogEvents: [{ events: [{ message: '{"level":"info"}' }, { message: "no such secret" }] }],
        };
    });

    const stopped = (container: object, task: object = {}): Record<string, unknown> => ({
        tasks: [
            {
                taskArn,
                lastStatus: "STOPPED",
                containers: [
                    { name: "sidecar", exitCode: 3 },
                    { name: "oms", ...container },
                ],
                ...task,
            },
        ],
    });
    const operations = (): string[] => calls.map(({ operation }) => operation);

    it("runs one task of the revision, for itself and apart, and is content with exit code 0", async () => {
        assert.deepEqual(await handler(trial), { taskArn });
        assert.deepEqual(operations(), ["RunTask", "DescribeTasks", "DescribeTasks", "DescribeTasks"]);
        const { clientToken, ...run } = calls[0]!.input;
        // Should the call be repeated, ECS starts no second task.
        assert.match(String(clientToken), /^[0-9a-f-]{36}$/);
        assert.deepEqual(run, {
            cluster: "aipx-dev-hot-path",
            taskDefinition: trial.taskDefinitionArn,
            count: 1,
            launchType: "FARGATE",
            startedBy: "image-trial",
            networkConfiguration: {
                awsvpcConfiguration: {
                    subnets: ["subnet-a", "subnet-c"],
                    securityGroups: ["sg-trial"],
                    assignPublicIp: "DISABLED",
                },
            },
            overrides: {
                containerOverrides: [{ name: "oms", environment: [{ name: "AIPX_SELF_TEST", value: "true" }] }],
            },
        });
        assert.deepEqual(calls[1]!.input, { cluster: "aipx-dev-hot-path", tasks: [taskArn] });
    });

    it("fails for any other exit code, with the last lines of the log", async () => {
        answers.DescribeTasks = [stopped({ exitCode: 1 }, { stoppedReason: "Essential container in task exited" })];
        await assert.rejects(handler(trial), {
            message: [
                `${trial.taskDefinitionArn} failed its self-test: exit code 1; Essential container in task exited`,
                "Last lines of /aipx/dev/oms oms/oms/0123456789abcdef:",
                '{"level":"info"}',
                "no such secret",
            ].join("\n"),
        });
        assert.deepEqual(calls.at(-1), {
            operation: "GetLogEvents",
            input: {
                logGroupName: "/aipx/dev/oms",
                logStreamName: "oms/oms/0123456789abcdef",
                startFromHead: false,
                limit: 20,
            },
        });
    });

    it("says why a task never ran, of which there is no log", async () => {
        answers.DescribeTasks = [
            stopped({ reason: "CannotPullContainerError" }, { stoppedReason: "Task failed to start" }),
        ];
        answers.GetLogEvents = ["ResourceNotFoundException"];
        await assert.rejects(handler(trial), {
            message: [
                `${trial.taskDefinitionArn} failed its self-test: it did not run; CannotPullContainerError; Task failed to start`,
                "Last lines of /aipx/dev/oms oms/oms/0123456789abcdef:",
                "(none)",
            ].join("\n"),
        });
    });

    it("says the reason also when the log cannot be read", async () => {
        answers.DescribeTasks = [stopped({ exitCode: 137 })];
        answers.GetLogEvents = ["AccessDeniedException"];
        await assert.rejects(handler(trial), /exit code 137\n[^]*AccessDeniedException/);
    });

    it("says why ECS starts no task", async () => {
        answers.RunTask = [{ tasks: [], failures: [{ reason: "RESOURCE:ENI", detail: "no addresses" }] }];
        await assert.rejects(handler(trial), {
            message: `${trial.taskDefinitionArn} could not be tried: RESOURCE:ENI: no addresses`,
        });
        answers.RunTask = ["AccessDeniedException"];
        await assert.rejects(handler(trial), { name: "AccessDeniedException" });
    });

    it("stops a task that does not end, and fails", async () => {
        process.env.TRIAL_SECONDS = "0";
        answers.DescribeTasks = [{ tasks: [{ taskArn, lastStatus: "RUNNING" }] }];
        answers.StopTask = [{}];
        try {
            await assert.rejects(handler(trial), /failed its self-test: it has not ended within 0 seconds/);
        } finally {
            process.env.TRIAL_SECONDS = environment.TRIAL_SECONDS;
        }
        const stop = calls.find(({ operation }) => operation === "StopTask");
        assert.deepEqual([stop?.input.cluster, stop?.input.task], ["aipx-dev-hot-path", taskArn]);
    });

    it("does not begin without knowing where", async () => {
        delete process.env.CLUSTER;
        try {
            await assert.rejects(handler(trial), { message: "environment variable CLUSTER is not set" });
        } finally {
            process.env.CLUSTER = environment.CLUSTER;
        }
        assert.deepEqual(calls, []);
    });
});

async function body(request: IncomingMessage): Promise<string> {
    let text = "";
    for await (const chunk of request) {
        text += String(chunk);
    }
    return text;
}

describe("ImageTrial", () => {
    let recording: Recording;
    const invocation = "aws:lambda/invocation:Invocation";
    const waitsFor = (resource: RecordedResource, type: string): string[] =>
        resource.dependencies.filter((urn) => urn.includes(`${type}::`)).map((urn) => urn.split("::").pop()!);
    before(async () => {
        ({ recording } = await recordHotPath());
    });

    it("tries each revision before its service gets it", () => {
        const services = ofType(recording, "aws:ecs/service:Service");
        assert.equal(services.length, 3);
        for (const service of services) {
            const { name } = service;
            const tried = find(recording, invocation, `${name}-trial`);
            assert.ok(service.dependencies.includes(tried.urn), name);
            assert.equal(tried.inputs.functionName, "aipx-dev-image-trial");
            const taskDefinition = find(recording, "aws:ecs/taskDefinition:TaskDefinition", name);
            const short = name.replace("hot-path-", "");
            assert.deepEqual(JSON.parse(tried.inputs.input as string), {
                taskDefinitionArn: taskDefinition.outputs.arn,
                containerName: short,
                logGroupName: `/aipx/dev/${short}`,
            });
            // What a task needs in order to start, and the function to act.
            assert.deepEqual(
                waitsFor(tried, "RolePolicy").sort(),
                [`${name}-execution`, `${name}-task`, "hot-path-trial"].sort(),
            );
            assert.ok(waitsFor(tried, "SecurityGroupEgressRule").includes("hot-path-trial-tasks-to-aws-apis"), name);
        }
    });

    it("may run exactly these services, with exactly their roles, and read their logs", () => {
        const own = statements(recording, "hot-path-trial").filter(({ Sid }) => /Task|Their/.test(Sid));
        const services = ["oms", "ingestion-krx", "ingestion-nxt"];
        const inCluster = { ArnEquals: { "ecs:cluster": arn("ecs", "cluster/aipx-dev-hot-path") } };
        assert.deepEqual(own, [
            {
                Sid: "RunTasks",
                Effect: "Allow",
                Action: "ecs:RunTask",
                Resource: services.map((service) => arn("ecs", `task-definition/aipx-dev-${service}:*`)),
                Condition: inCluster,
            },
            {
                Sid: "PassTheirRoles",
                Effect: "Allow",
                Action: "iam:PassRole",
                Resource: services.flatMap((service) =>
                    ["execution", "task"].map((role) => `arn:aws:iam::123456789012:role/aipx-dev-${service}-${role}`),
                ),
                Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
            },
            {
                Sid: "FollowTasks",
                Effect: "Allow",
                Action: ["ecs:DescribeTasks", "ecs:StopTask"],
                Resource: arn("ecs", "task/aipx-dev-hot-path/*"),
                Condition: inCluster,
            },
            {
                Sid: "ReadTheirLogs",
                Effect: "Allow",
                Action: "logs:GetLogEvents",
                Resource: services.map((service) => arn("logs", `log-group:/aipx/dev/${service}:log-stream:*`)),
            },
        ]);
    });

    it("gives up before Lambda does", () => {
        const { timeout, environment } = find(recording, "aws:lambda/function:Function", "hot-path-trial").inputs;
        assert.equal(timeout, 300);
        assert.equal(environment.variables.TRIAL_SECONDS, "270");
        const group = find(recording, "aws:ec2/securityGroup:SecurityGroup", "hot-path-trial-tasks");
        assert.equal(environment.variables.SECURITY_GROUP_ID, group.id);
        assert.equal(environment.variables.SUBNET_IDS, "subnet-private-a,subnet-private-c");
    });

    it("is not there without images", async () => {
        const waiting = await recordHotPath({ images: {} });
        assert.deepEqual(ofType(waiting.recording, "aws:lambda/function:Function"), []);
        const feeds = await recordHotPath({ images: { ingestion: digest } });
        assert.deepEqual(
            ofType(feeds.recording, invocation).map(({ name }) => name),
            ["hot-path-ingestion-krx-trial", "hot-path-ingestion-nxt-trial"],
        );
    });
});
