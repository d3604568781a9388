import { CloudWatchLogsClient, GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeTasksCommand, ECSClient, RunTaskCommand, StopTaskCommand, type Task } from "@aws-sdk/client-ecs";

/** What the function is asked to try. */
interface Trial {
    taskDefinitionArn: string;
    containerName: string;
    logGroupName: string;
}

const ecs = new ECSClient({});
const logs = new CloudWatchLogsClient({});

/**
 * Runs one task of a revision with `AIPX_SELF_TEST=true`, and waits until it has ended.
 *
 * @throws Error unless it ended by itself, with exit code 0, in time; with the reason and the last lines of its log.
 */
export async function handler(trial: Trial): Promise<{ taskArn: string }> {
    const cluster = variable("CLUSTER");
    const seconds = Number(variable("TRIAL_SECONDS"));
    const deadline = Date.now() + 1000 * seconds;
    const taskArn = await start(cluster, trial);
    for (;;) {
        const task = await describe(cluster, taskArn);
        if (task?.lastStatus === "STOPPED") {
            await judge(trial, taskArn, task);
            return { taskArn };
        }
        if (Date.now() > deadline) {
            await ecs.send(
                new StopTaskCommand({ cluster, task: taskArn, reason: "It did not end its self-test in time" }),
            );
            throw await failure(trial, taskArn, `it has not ended within ${seconds} seconds`);
        }
        await new Promise((resolve) => setTimeout(resolve, Number(process.env.POLL_MILLISECONDS ?? 3000)));
    }
}

async function start(cluster: string, { taskDefinitionArn, containerName }: Trial): Promise<string> {
    const { tasks = [], failures = [] } = await ecs.send(
        new RunTaskCommand({
            cluster,
            taskDefinition: taskDefinitionArn,
            count: 1,
            launchType: "FARGATE",
            startedBy: "image-trial",
            networkConfiguration: {
                awsvpcConfiguration: {
                    subnets: variable("SUBNET_IDS").split(","),
                    securityGroups: [variable("SECURITY_GROUP_ID")],
                    assignPublicIp: "DISABLED",
                },
            },
            overrides: {
                containerOverrides: [{ name: containerName, environment: [{ name: "AIPX_SELF_TEST", value: "true" }] }],
            },
        }),
    );
    const taskArn = tasks[0]?.taskArn;
    if (taskArn === undefined) {
        const reasons = failures.map(({ reason, detail }) => [reason, detail].filter(Boolean).join(": "));
        throw new Error(`${taskDefinitionArn} could not be tried: ${reasons.join("; ") || "ECS started no task"}`);
    }
    return taskArn;
}

/** The task; undefined while ECS does not know it everywhere yet. */
async function describe(cluster: string, taskArn: string): Promise<Task | undefined> {
    return (await ecs.send(new DescribeTasksCommand({ cluster, tasks: [taskArn] }))).tasks?.[0];
}

async function judge(trial: Trial, taskArn: string, task: Task): Promise<void> {
    const container = task.containers?.find(({ name }) => name === trial.containerName);
    if (container?.exitCode === 0) {
        return;
    }
    const exit = container?.exitCode === undefined ? "it did not run" : `exit code ${container.exitCode}`;
    throw await failure(trial, taskArn, [exit, container?.reason, task.stoppedReason].filter(Boolean).join("; "));
}

async function failure(
    { taskDefinitionArn, containerName, logGroupName }: Trial,
    taskArn: string,
    why: string,
): Promise<Error> {
    const logStreamName = `${containerName}/${containerName}/${taskArn.split("/").pop()}`;
    const lines = await lastLines(logGroupName, logStreamName);
    return new Error(
        [
            `${taskDefinitionArn} failed its self-test: ${why}`,
            `Last lines of ${logGroupName} ${logStreamName}:`,
            ...(lines.length > 0 ? lines : ["(none)"]),
        ].join("\n"),
    );
}

/** Empty if there is no stream, as for a task that never ran. */
async function lastLines(logGroupName: string, logStreamName: string): Promise<string[]> {
    try {
        const { events = [] } = await logs.send(
            new GetLogEventsCommand({ logGroupName, logStreamName, startFromHead: false, limit: 20 }),
        );
        return events.map(({ message = "" }) => message);
    } catch (error) {
        return error instanceof Error && error.name === "ResourceNotFoundException" ? [] : [String(error)];
    }
}

function variable(name: string): string {
    const value = process.env[name];
    if (value === undefined) {
        throw new Error(`environment variable ${name} is not set`);
    }
    return value;
}
