import assert from "node:assert/strict";
import { ecsNotApplicable, ecsRules } from "../../../policy-pack/rules/ecs";
import { type Case, type Subject, unknown } from "../support/pack";
import { describer, type Props, rows } from "../support/rows";

const cluster = "aws:ecs/cluster:Cluster";
const service = "aws:ecs/service:Service";
const taskSet = "aws:ecs/taskSet:TaskSet";
const task = "aws:ecs/taskDefinition:TaskDefinition";
const daemon = "aws:ecs/daemonTaskDefinition:DaemonTaskDefinition";
const express = "aws:ecs/expressGatewayService:ExpressGatewayService";
const role = "aws:iam/role:Role";
const rolePolicy = "aws:iam/rolePolicy:RolePolicy";

const containers = (...list: unknown[]): Props => ({ containerDefinitions: JSON.stringify(list) });
const odd: [Props, string][] = [
    [{ containerDefinitions: "[{" }, "must be a JSON list"],
    [{ containerDefinitions: "{}" }, "must be a JSON list"],
    [{ containerDefinitions: 7 }, "must be a JSON list"],
    [{ containerDefinitions: "[null]" }, "must be a JSON list"],
    [{}, "must be a JSON list"],
];

/** Rows for a rule about containers: each row is a container. */
function containerRows(
    passes: Props[],
    fails: [Props, ...string[]][],
    unknownContainer: Props,
    path: string,
    others: Case[] = [],
): Case[] {
    return [
        ...rows(
            task,
            passes.map((container) => containers(container)),
            [
                ...fails.map(([container, ...messages]): [Props, ...string[]] => [containers(container), ...messages]),
                ...odd,
            ],
            [
                [{ containerDefinitions: unknown }, "containerDefinitions"],
                [containers({ name: "known", ...passes[0] }, unknownContainer), `containerDefinitions[1].${path}`],
            ],
        ),
        {
            title: "looks at every container",
            subjects: { type: task, props: containers(passes[0], fails[0]![0]) },
            fails: ["[at containerDefinitions[1]"],
        },
        ...others,
    ];
}

describe("rules for ECS", () => {
    const rule = describer(ecsRules);

    it("answers for every control of ECS but that of the roles", () => {
        const ids = Array.from({ length: 16 }, (_none, index) => `ECS-0${25 + index}`);
        const answered = new Set([...ecsRules.flatMap(({ controls }) => controls), ...Object.keys(ecsNotApplicable)]);
        assert.deepEqual(
            ids.filter((id) => !answered.has(id)),
            ["ECS-029"],
        );
    });

    const insights = (value: string): Props => ({ settings: [{ name: "containerInsights", value }] });
    rule(
        "ecs-cluster-require-container-insights",
        rows(
            cluster,
            [insights("enabled"), insights("enhanced")],
            [
                [insights("disabled"), "`enabled`"],
                [{}, "`enabled`"],
                [{ settings: "on" }, "`enabled`"],
            ],
            [
                [{ settings: unknown }, "settings"],
                [insights(unknown), "settings[0].value"],
            ],
        ),
    );

    const exec = (executeCommandConfiguration: Props): Props => ({ configuration: { executeCommandConfiguration } });
    const group = { cloudWatchLogGroupName: "shell" };
    rule(
        "ecs-cluster-require-exec-logging",
        rows(
            cluster,
            [{}, exec({ logging: "DEFAULT" }), exec({ logging: "OVERRIDE", logConfiguration: group })],
            [
                [exec({ logging: "NONE" }), "`OVERRIDE`"],
                [exec({ logging: "OVERRIDE" }), "log group"],
            ],
            [
                [exec({ logging: unknown }), "configuration.executeCommandConfiguration.logging"],
                [
                    exec({ logging: "OVERRIDE", logConfiguration: unknown }),
                    "configuration.executeCommandConfiguration.logConfiguration",
                ],
            ],
        ),
    );
    rule(
        "ecs-cluster-require-exec-encryption",
        rows(
            cluster,
            [
                exec({ kmsKeyId: "key" }),
                exec({ kmsKeyId: "key", logConfiguration: { ...group, cloudWatchEncryptionEnabled: true } }),
            ],
            [
                [{}, "`kmsKeyId`"],
                [exec({ kmsKeyId: "key", logConfiguration: group }), "`cloudWatchEncryptionEnabled`"],
                [exec({ kmsKeyId: "key", logConfiguration: { s3BucketName: "b" } }), "`s3BucketEncryptionEnabled`"],
            ],
            [[exec({ kmsKeyId: unknown }), "configuration.executeCommandConfiguration.kmsKeyId"]],
        ),
    );
    const storage = (key: string): Props => ({
        configuration: { managedStorageConfiguration: { fargateEphemeralStorageKmsKeyId: key } },
    });
    rule(
        "ecs-cluster-require-ephemeral-storage-key",
        rows(
            cluster,
            [storage("key")],
            [[{}, "KMS key"]],
            [[storage(unknown), "configuration.managedStorageConfiguration.fargateEphemeralStorageKmsKeyId"]],
        ),
    );
    const protection = (managedTerminationProtection?: string): Props => ({
        autoScalingGroupProvider: { autoScalingGroupArn: "arn", managedTerminationProtection },
    });
    rule(
        "ecs-capacity-provider-require-termination-protection",
        rows(
            "aws:ecs/capacityProvider:CapacityProvider",
            [{}, protection("ENABLED")],
            [
                [protection("DISABLED"), "`ENABLED`"],
                [{ autoScalingGroupProvider: { autoScalingGroupArn: "arn" } }, "`ENABLED`"],
            ],
            [[protection(unknown), "autoScalingGroupProvider.managedTerminationProtection"]],
        ),
    );

    const network = (assignPublicIp: unknown): Props => ({ networkConfiguration: { assignPublicIp } });
    rule("ecs-service-disallow-public-ip", [
        ...rows(
            service,
            [{}, network(false)],
            [
                [network(true), "must be false"],
                [network("true"), "must be false"],
            ],
            [
                [network(unknown), "networkConfiguration.assignPublicIp"],
                [{ networkConfiguration: unknown }, "networkConfiguration.assignPublicIp"],
            ],
        ),
        ...rows(taskSet, [network(false)], [[network(true), "must be false"]], []),
        ...rows("aws:cloudwatch/eventTarget:EventTarget", [{}], [[{ ecsTarget: network(true) }, "must be false"]], []),
        ...rows(
            "aws:scheduler/schedule:Schedule",
            [{}],
            [[{ target: { ecsParameters: network(true) } }, "must be false"]],
            [],
        ),
    ]);
    rule("ecs-service-require-current-platform", [
        ...rows(
            service,
            [{}, { platformVersion: "LATEST" }, { platformVersion: "1.4.0" }],
            [
                [{ platformVersion: "1.3.0" }, "LATEST, 1.4.0"],
                [{ platformVersion: 1.3 }, "LATEST"],
            ],
            [[{ platformVersion: unknown }, "platformVersion"]],
        ),
        ...rows(taskSet, [], [[{ platformVersion: "1.3.0" }, "LATEST"]], []),
    ]);
    rule(
        "ecs-service-disallow-exec",
        rows(
            service,
            [{}, { enableExecuteCommand: false }],
            [[{ enableExecuteCommand: true }, "must be false"]],
            [[{ enableExecuteCommand: unknown }, "enableExecuteCommand"]],
        ),
    );
    const breaker = (enable: unknown, rollback: unknown): Props => ({ deploymentCircuitBreaker: { enable, rollback } });
    rule(
        "ecs-service-require-circuit-breaker",
        rows(
            service,
            [
                breaker(true, true),
                { deploymentController: { type: "CODE_DEPLOY" } },
                { deploymentConfiguration: { strategy: "BLUE_GREEN" } },
            ],
            [
                [{}, "`deploymentCircuitBreaker.enable`", "`deploymentCircuitBreaker.rollback`"],
                [breaker(true, false), "rollback"],
                [{ ...breaker(false, true), deploymentController: { type: "ECS" } }, "enable"],
            ],
            [[breaker(unknown, true), "deploymentCircuitBreaker.enable"]],
        ),
    );

    rule(
        "ecs-taskdefinition-disallow-privileged",
        containerRows(
            [{}, { privileged: false }],
            [
                [{ privileged: true }, "must be false"],
                [{ Privileged: true }, "must be false"],
            ],
            { privileged: unknown },
            "privileged",
            rows(
                daemon,
                [{ containerDefinitions: [{}] }],
                [[{ containerDefinitions: [{ privileged: true }] }, "must be false"]],
                [],
            ),
        ),
    );
    rule(
        "ecs-taskdefinition-require-readonly-root",
        containerRows(
            [{ readonlyRootFilesystem: true }],
            [
                [{ readonlyRootFilesystem: false }, "must be true"],
                [{}, "must be true"],
            ],
            { readonlyRootFilesystem: unknown },
            "readonlyRootFilesystem",
            rows(
                task,
                [{ ...containers({}), runtimePlatform: { operatingSystemFamily: "WINDOWS_SERVER_2022_CORE" } }],
                [],
                [],
            ),
        ),
    );
    rule(
        "ecs-taskdefinition-require-logging",
        containerRows(
            [{ logConfiguration: { logDriver: "awslogs" } }],
            [
                [{}, "`awslogs`"],
                [{ logConfiguration: { logDriver: "none" } }, "`awslogs`"],
            ],
            { logConfiguration: unknown },
            "logConfiguration.logDriver",
        ),
    );
    rule(
        "ecs-taskdefinition-disallow-root-user",
        containerRows(
            [{ user: "65532:65532" }, { user: "app" }, { user: 1000 }],
            [
                [{}, "not root"],
                [{ user: "root" }, "not root"],
                [{ user: "0:1000" }, "not root"],
                [{ user: 0 }, "not root"],
                [{ user: "ContainerAdministrator" }, "not root"],
            ],
            { user: unknown },
            "user",
        ),
    );
    const capabilities = (sets: Props): Props => ({ linuxParameters: { capabilities: sets } });
    rule(
        "ecs-taskdefinition-require-dropped-capabilities",
        containerRows(
            [capabilities({ drop: ["ALL"] })],
            [
                [{}, "`ALL`"],
                [capabilities({ drop: ["NET_RAW"] }), "`ALL`"],
            ],
            capabilities({ drop: unknown }),
            "linuxParameters.capabilities.drop",
            rows(daemon, [{ containerDefinitions: [capabilities({ drops: ["ALL"] })] }], [], []),
        ),
    );
    rule(
        "ecs-taskdefinition-disallow-added-capabilities",
        containerRows(
            [{}, capabilities({ add: [] })],
            [[capabilities({ add: ["SYS_ADMIN"] }), "must be empty"]],
            capabilities({ add: [unknown] }),
            "linuxParameters.capabilities.add[0]",
        ),
    );

    const variables = (...pairs: [string, unknown][]): Props => ({
        environment: pairs.map(([name, value]) => ({ name, value })),
    });
    rule(
        "ecs-taskdefinition-disallow-plaintext-secrets",
        containerRows(
            [
                {},
                variables(
                    ["REDIS_USER", "aipx-oms"],
                    ["DB_SECRET", "arn:aws:secretsmanager:r:1:secret:db"],
                    ["TOKENS_SECRET", "aipx/dev/websocket-signing-key"],
                    ["PASSWORD", ""],
                    ["MAX_TOKENS", "4096"],
                    ["GIT_COMMIT", "3f786850e387550fdab836ed7e6dc881de23001b"],
                    ["CONSUMER_GROUP", "AipxProductionDataRecorderTicks2024"],
                    // Names that Pulumi, CloudFormation, the CDK, Cognito and IAM Identity Center generate.
                    ["RECORDER", "aipxProductionDataRecorderTicks-3f9a1bc"],
                    ["APP", "MarketDataApp-550e8400-e29b-41d4-a716-446655440000"],
                    ["QUEUE", "prod-OrdersQueue-1A2B3C4D5E6F7"],
                    ["HANDLER", "prod-OrdersHandlerFunction-4FhqhLHSpHgT"],
                    ["NESTED", "root-NetworkStack-1ABCDEF2GHIJK-OrdersHandlerFunction-4FhqhLHSpHgT"],
                    ["LOGICAL", "AipxDevOrdersQueue4F2A9C3B"],
                    ["BUCKET", "PipelineStack-ArtifactsBucket2AAC5544-1h0yq3b4u5k6l"],
                    ["POOL", "ap-northeast-2_aBcD1EfGh"],
                    ["ROLE", "AWSReservedSSO_PowerUserAccess_0a1b2c3d4e5f6789"],
                    ["SECRET_ID", "aipx/prod/KisCredentials-AbC1dE"],
                    ["BROKERS", "b-1.aipxproductionkafka.9cbe44.c2.kafka.ap-northeast-2.amazonaws.com:9098"],
                    ["ENDPOINT", unknown],
                ),
            ],
            [
                [variables(["DB_PASSWORD", "hunter2"]), "`DB_PASSWORD` must come from `secrets`: its name"],
                [variables(["dbPassword", "hunter2"]), "its name"],
                [variables(["AWS_ID", "AKIAIOSFODNN7EXAMPLE"]), "its value has the form"],
                [variables(["DATABASE_URL", "postgres://app:hunter2@db:5432/app"]), "its value has the form"],
                [variables(["SALT", "wJalrXUtnFEMI7MDENGbPxRfiCYEXAMPLEKEY1z9"]), "its value is as random"],
                [variables(["SEED", "9f86d081884c7d659a2feaa0c55ad015"]), "its value is as random"],
                [variables(["SALT", "yt-1p1Ud2Q2gZUj_BoA0tKb5Hn0l9c3XkSxYqvUOb5M"]), "its value is as random"],
                // Behind words as well.
                [
                    variables(["SALT", "prod-market-data-wJalrXUtnFEMI7MDENGbPxRfiCYEXAMPLEKEY1z9"]),
                    "its value is as random",
                ],
                [variables(["SALT", "OrdersQueue9x2KqLm4Zt7Bv1Rw"]), "its value is as random"],
            ],
            variables(["API_KEY", unknown]),
            "environment[0].value",
            [
                {
                    title: "does not repeat the secret",
                    subjects: { type: task, props: containers(variables(["DB_PASSWORD", "hunter2"])) },
                    fails: [/^(?!.*hunter2)/s],
                },
                ...rows(
                    express,
                    [],
                    [[{ primaryContainer: { environments: [{ name: "API_KEY", value: "x1" }] } }, "API_KEY"]],
                    [],
                ),
            ],
        ),
    );

    const registry = "123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/aipx/oms";
    const digest = `@sha256:${"a".repeat(64)}`;
    const executionRoleArn = "arn:aws:iam::123456789012:role/oms";
    rule(
        "ecs-taskdefinition-require-pinned-image",
        containerRows(
            [{ image: registry + digest }, { image: `${registry}:v1` }, { image: `${registry}:v1${digest}` }],
            [
                [{ image: `${registry}:latest` }, "other than `latest`"],
                [{ image: registry }, "other than `latest`"],
                [{ image: "nginx:1.29" }, "ECR repository"],
                [{ image: `public.ecr.aws/nginx/nginx${digest}` }, "ECR repository"],
                [{}, "ECR repository"],
            ],
            { image: unknown },
            "image",
            rows(
                task,
                [{ ...containers({ image: registry + digest }), executionRoleArn }],
                [
                    [
                        {
                            ...containers({ image: registry + digest }),
                            executionRoleArn: "arn:aws:iam::999999999999:role/x",
                        },
                        "account 999999999999",
                    ],
                ],
                [[{ ...containers({ image: registry + digest }), executionRoleArn: unknown }, "executionRoleArn"]],
            ),
        ),
    );
    for (const [property, name] of [
        ["pidMode", "pid"],
        ["ipcMode", "ipc"],
    ] as const) {
        rule(
            `ecs-taskdefinition-disallow-host-${name}`,
            rows(
                task,
                [{}, { [property]: "task" }],
                [[{ [property]: "host" }, "not be `host`"]],
                [[{ [property]: unknown }, property]],
            ),
        );
    }
    rule(
        "ecs-taskdefinition-require-awsvpc",
        rows(
            task,
            [{ networkMode: "awsvpc" }],
            [
                [{ networkMode: "host" }, "`awsvpc`"],
                [{}, "`awsvpc`"],
            ],
            [[{ networkMode: unknown }, "networkMode"]],
        ),
    );
    const efs = (transitEncryption?: string): Props => ({
        volumes: [
            {
                name: "v",
                efsVolumeConfiguration: { fileSystemId: "fs", ...(transitEncryption && { transitEncryption }) },
            },
        ],
    });
    rule(
        "ecs-taskdefinition-require-efs-transit-encryption",
        rows(
            task,
            [{}, { volumes: [{ name: "v" }] }, efs("ENABLED")],
            [
                [efs(), "`ENABLED`"],
                [efs("DISABLED"), "`ENABLED`"],
            ],
            [
                [efs(unknown), "volumes[0].efsVolumeConfiguration.transitEncryption"],
                [{ volumes: unknown }, "volumes"],
            ],
        ),
    );

    const secret = "arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:aipx/dev/kis";
    const reading = (props: Props = {}): Subject => ({
        type: task,
        name: "task",
        props: {
            executionRoleArn: unknown,
            taskRoleArn: unknown,
            ...containers({ secrets: [{ name: "KEY", valueFrom: `${secret}:app_key::` }] }),
            ...props,
        },
        refersTo: { executionRoleArn: "execution", taskRoleArn: "task-role" },
    });
    const granting = (name: string, policy: unknown): Subject[] => [
        { type: role, name, props: { name } },
        {
            type: rolePolicy,
            name: `${name}-policy`,
            props: {
                role: name,
                policy:
                    typeof policy === "string" ? policy : JSON.stringify({ Version: "2012-10-17", Statement: policy }),
            },
            refersTo: { role: name },
        },
    ];
    const read = (Resource: string, Action = "secretsmanager:GetSecretValue", Effect = "Allow"): Props => ({
        Effect,
        Action,
        Resource,
    });
    const nothing = read("arn:aws:s3:::none/*", "s3:GetObject");
    const parameter = "arn:aws:ssm:ap-northeast-2:123456789012:parameter/aipx/x";
    rule("ecs-taskdefinition-require-readable-secrets", [
        {
            title: "passes a grant",
            subjects: [
                reading(),
                ...granting("execution", [read(`${secret}-??????`)]),
                ...granting("task-role", [nothing]),
            ],
        },
        {
            title: "passes a wider grant",
            subjects: [
                reading(),
                ...granting("execution", [read("arn:aws:secretsmanager:*:*:secret:aipx/*", "SecretsManager:Get*")]),
                ...granting("task-role", [nothing]),
            ],
        },
        {
            title: "passes a parameter",
            subjects: [
                reading(containers({ secrets: [{ name: "X", valueFrom: parameter }] })),
                ...granting("execution", [read(parameter, "ssm:GetParameters")]),
                ...granting("task-role", [nothing]),
            ],
        },
        {
            title: "passes a role of another stack",
            subjects: [
                {
                    type: task,
                    props: { ...containers({ secrets: [{ name: "KEY", valueFrom: secret }] }), executionRoleArn },
                },
            ],
        },
        ...[
            ["another secret", [read(`${secret}-other-??????`)]],
            ["another action", [read(`${secret}-??????`, "secretsmanager:DescribeSecret")]],
            ["the ARN without AWS's end", [read(secret)]],
            ["a denial", [read(`${secret}-??????`, undefined, "Deny")]],
            ["a broken document", "{"],
        ].map(([title, policy]) => ({
            title: `fails ${title as string}`,
            subjects: [reading(), ...granting("execution", policy), ...granting("task-role", [nothing])],
            fails: ["must be a role that allows secretsmanager:GetSecretValue"],
        })),
        {
            title: "fails no execution role",
            subjects: { type: task, props: containers({ secrets: [{ name: "KEY", valueFrom: secret }] }) },
            fails: ["`executionRoleArn` must be set"],
        },
        {
            title: "cannot tell an unknown policy",
            subjects: [reading(), ...granting("execution", unknown), ...granting("task-role", [nothing])],
            undetermined: "policy",
        },
        {
            title: "cannot tell an unknown resource",
            subjects: [reading(), ...granting("execution", [read(unknown)]), ...granting("task-role", [nothing])],
            undetermined: "policy.Statement[0].Resource",
        },
    ]);
    rule("ecs-taskdefinition-disallow-secrets-for-task-role", [
        {
            title: "passes a task role without",
            subjects: [
                reading(),
                ...granting("execution", [read(`${secret}-??????`)]),
                ...granting("task-role", [nothing]),
            ],
        },
        {
            title: "fails a task role with",
            subjects: [
                reading(),
                ...granting("execution", [nothing]),
                ...granting("task-role", [read(`${secret}-??????`)]),
            ],
            fails: ["must not allow secretsmanager:GetSecretValue"],
        },
        {
            title: "fails a task role with everything",
            subjects: [reading(), ...granting("execution", [nothing]), ...granting("task-role", [read("*", "*")])],
            fails: ["must not allow"],
        },
        {
            title: "cannot tell an unknown policy",
            subjects: [reading(), ...granting("execution", [nothing]), ...granting("task-role", unknown)],
            undetermined: "policy",
        },
    ]);
});
