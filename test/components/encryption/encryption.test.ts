import assert from "node:assert/strict";
import { Encryption } from "../../../components/encryption";
import { type Recording } from "../../../plan/recording";
import { statement, statements } from "../../support/policy";
import { find, names, ofType, record } from "../../support/record";
import { account, arn, scope } from "../data-layer/fixture";

describe("Encryption", () => {
    let recording: Recording;
    const policy = (key: string): string =>
        find(recording, "aws:kms/key:Key", `encryption-${key}`).inputs.policy as string;

    before(async () => {
        recording = await record(() => {
            new Encryption("encryption", { scope: scope(), disposable: true });
        });
    });

    it("has these names", () => {
        const each = (type: string): string[] =>
            ["data", "logs", "messages", "services"].map((key) => `${type}::encryption-${key}`);
        assert.deepEqual(names(recording), [
            ...each("aipx:buildingblocks:EncryptionKey"),
            "aipx:encryption:Encryption::encryption",
            ...each("aws:kms/alias:Alias"),
            ...each("aws:kms/key:Key"),
        ]);
    });

    it("tags every key", () => {
        assert.deepEqual(
            ofType(recording, "aws:kms/key:Key").map((key) => key.inputs.tags),
            Array(4).fill({ component: "encryption" }),
        );
    });

    it("admits CloudWatch Logs for the installation's log groups only", () => {
        assert.deepEqual(
            statements(policy("logs")).map(({ Sid }) => Sid),
            ["Administration", "LogGroups"],
        );
        const logGroups = statement(policy("logs"), "LogGroups");
        assert.deepEqual(logGroups.Principal, { Service: "logs.ap-northeast-2.amazonaws.com" });
        assert.deepEqual(logGroups.Condition, {
            ArnLike: {
                "kms:EncryptionContext:aws:logs:arn": [
                    arn("logs", "log-group:/aipx/dev/*"),
                    arn("logs", "log-group:/aws/ecs/containerinsights/aipx-dev/performance"),
                    arn("logs", "log-group:/aws/ecs/containerinsights/aipx-dev-*/performance"),
                    arn("logs", "log-group:/aws/rds/instance/aipx-dev-*"),
                    arn("logs", "log-group:/aws/apigateway/*"),
                ],
            },
        });
    });

    it("lets the data key be used through the stores only", () => {
        assert.deepEqual(
            statements(policy("data")).map(({ Sid }) => Sid),
            ["Administration", "UseThroughServices"],
        );
        assert.deepEqual(statement(policy("data"), "UseThroughServices").Condition, {
            StringEquals: {
                "kms:ViaService": ["dynamodb", "elasticache", "kafka", "rds", "s3", "secretsmanager"].map(
                    (service) => `${service}.ap-northeast-2.amazonaws.com`,
                ),
                "kms:CallerAccount": account,
            },
        });
    });

    it("admits senders of this account to the messages key", () => {
        const senders = statement(policy("messages"), "Senders");
        assert.deepEqual(senders.Principal, {
            Service: ["budgets", "cloudwatch", "costalerts", "events", "sns"].map(
                (service) => `${service}.amazonaws.com`,
            ),
        });
        assert.deepEqual(senders.Action, ["kms:Decrypt", "kms:GenerateDataKey"]);
        assert.deepEqual(senders.Condition, { StringEquals: { "aws:SourceAccount": account } });
    });

    it("admits EventBridge for the installation's buses and their archives", () => {
        assert.deepEqual(statement(policy("messages"), "EventBuses").Condition, {
            ArnLike: {
                "kms:EncryptionContext:aws:events:event-bus:arn": [
                    arn("events", "event-bus/aipx-dev"),
                    arn("events", "event-bus/aipx-dev-*"),
                ],
            },
        });
        assert.equal(statement(policy("messages"), "EventBusesCheckKey").Action, "kms:DescribeKey");
    });

    it("admits Fargate for the disks of the installation's tasks, and only to grant decryption", () => {
        const clusters = {
            StringEquals: { "kms:EncryptionContext:aws:ecs:clusterAccount": account },
            StringLike: { "kms:EncryptionContext:aws:ecs:clusterName": ["aipx-dev", "aipx-dev-*"] },
        };
        assert.deepEqual(statement(policy("services"), "TaskDisks"), {
            Sid: "TaskDisks",
            Effect: "Allow",
            Principal: { Service: "fargate.amazonaws.com" },
            Action: "kms:GenerateDataKeyWithoutPlaintext",
            Resource: "*",
            Condition: clusters,
        });
        assert.deepEqual(statement(policy("services"), "TaskDiskGrants"), {
            Sid: "TaskDiskGrants",
            Effect: "Allow",
            Principal: { Service: "fargate.amazonaws.com" },
            Action: "kms:CreateGrant",
            Resource: "*",
            Condition: { ...clusters, "ForAllValues:StringEquals": { "kms:GrantOperations": "Decrypt" } },
        });
    });

    it("admits shells in the installation's tasks", () => {
        assert.deepEqual(statement(policy("services"), "TaskShells").Condition, {
            StringLike: { "kms:EncryptionContext:aws:ssm:TargetId": ["ecs:aipx-dev_*", "ecs:aipx-dev-*_*"] },
        });
    });

    it("admits nobody to any key without a condition, but for administration", () => {
        for (const key of ["data", "logs", "messages", "services"]) {
            for (const { Sid, Condition } of statements(policy(key))) {
                assert.ok(Sid === "Administration" || Condition, `${key}: ${Sid}`);
            }
        }
    });

    it("makes two installations in one program", async () => {
        const both = await record(() => {
            new Encryption("one", { scope: scope("one"), disposable: true });
            new Encryption("two", { scope: scope("two"), disposable: false });
        });
        assert.deepEqual(
            ofType(both, "aws:kms/alias:Alias")
                .map((alias) => alias.inputs.name as string)
                .sort(),
            ["one", "two"].flatMap((environment) =>
                ["data", "logs", "messages", "services"].map((key) => `alias/aipx-${environment}-${key}`),
            ),
        );
    });
});
