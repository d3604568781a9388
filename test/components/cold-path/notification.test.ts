import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { notifiedEvents } from "../../../components/cold-path";
import { awsEventKeys } from "../../../components/operations/events";
import { find, ofType, type Recording } from "../../support/record";
import { connections, recordColdPath, roleStatements, statements } from "./fixture";

const keys = [...Object.keys(notifiedEvents), "alarm"];
const failuresArn = "arn:aws:sqs:ap-northeast-2:123456789012:aipx-dev-notification-failed";
const ruleArn = (key: string): string =>
    `arn:aws:events:ap-northeast-2:123456789012:rule/${key === "alarm" ? "" : "aipx-dev-events/"}aipx-dev-notify-${key}`;

describe("Notification", () => {
    let recording: Recording;
    before(async () => {
        recording = await recordColdPath();
    });

    it("is told of these events of the platform, on its bus", () => {
        const rules = ofType(recording, "aws:cloudwatch/eventRule:EventRule").filter(
            ({ inputs }) => inputs.eventBusName,
        );
        assert.deepEqual(
            rules.map(({ inputs }) => [inputs.name, inputs.eventBusName, JSON.parse(inputs.eventPattern as string)]),
            [
                [
                    "aipx-dev-notify-order-executed",
                    "aipx-dev-events",
                    { source: ["aipx.oms"], "detail-type": ["OrderExecuted", "OrderPartiallyExecuted"] },
                ],
                [
                    "aipx-dev-notify-order-rejected",
                    "aipx-dev-events",
                    { source: ["aipx.oms"], "detail-type": ["OrderRejected", "OrderCancelled"] },
                ],
                [
                    "aipx-dev-notify-risk",
                    "aipx-dev-events",
                    { source: ["aipx.oms"], "detail-type": ["RiskLimitBreached", "TradingHalted", "TradingResumed"] },
                ],
            ],
        );
        const bus = find(recording, "aws:cloudwatch/eventBus:EventBus", "events");
        assert.ok(rules.every(({ dependencies }) => dependencies.includes(bus.urn)));
    });

    it("is told of this installation's alarms and their end, on AWS's bus", () => {
        const { inputs } = find(recording, "aws:cloudwatch/eventRule:EventRule", "cold-path-notification-alarm");
        assert.equal(inputs.eventBusName, undefined);
        assert.deepEqual(JSON.parse(inputs.eventPattern as string), {
            source: ["aws.cloudwatch"],
            "detail-type": ["CloudWatch Alarm State Change"],
            detail: {
                alarmName: [{ prefix: "aipx-dev-" }],
                $or: [
                    { state: { value: ["ALARM"] } },
                    { state: { value: ["OK"] }, previousState: { value: ["ALARM"] } },
                ],
            },
        });
    });

    it("is invoked by each rule, with permission for that rule, and loses no event", () => {
        const fn = find(recording, "aws:lambda/function:Function", "cold-path-notification");
        for (const key of keys) {
            const name = `cold-path-notification-${key}`;
            const permission = find(recording, "aws:lambda/permission:Permission", name);
            assert.deepEqual(permission.inputs, {
                action: "lambda:InvokeFunction",
                function: "aipx-dev-notification",
                principal: "events.amazonaws.com",
                sourceArn: ruleArn(key),
            });
            const target = find(recording, "aws:cloudwatch/eventTarget:EventTarget", name);
            assert.equal(target.inputs.rule, `aipx-dev-notify-${key}`);
            assert.equal(target.inputs.eventBusName, key === "alarm" ? undefined : "aipx-dev-events");
            assert.equal(target.inputs.arn, fn.outputs.arn);
            assert.deepEqual(target.inputs.retryPolicy, { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 10 });
            assert.deepEqual(target.inputs.deadLetterConfig, { arn: failuresArn });
            assert.ok(target.dependencies.includes(permission.urn));
        }
        const retries = find(
            recording,
            "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
            "cold-path-notification",
        );
        assert.deepEqual(retries.inputs, {
            functionName: "aipx-dev-notification",
            maximumRetryAttempts: 2,
            maximumEventAgeInSeconds: 3600,
            destinationConfig: { onFailure: { destination: failuresArn } },
        });
    });

    it("is invoked by rules that others make, with permission for each, and loses no event either", async () => {
        const others = await recordColdPath({}, (coldPath) => {
            const rule = new aws.cloudwatch.EventRule("other", { name: "other", eventPattern: "{}" });
            coldPath.notification.listen("heard", rule, "arn:aws:events:ap-northeast-2:123456789012:rule/other", {});
        });
        const permission = find(others, "aws:lambda/permission:Permission", "heard");
        assert.deepEqual(permission.inputs, {
            action: "lambda:InvokeFunction",
            function: "aipx-dev-notification",
            principal: "events.amazonaws.com",
            sourceArn: "arn:aws:events:ap-northeast-2:123456789012:rule/other",
        });
        const { inputs, dependencies } = find(others, "aws:cloudwatch/eventTarget:EventTarget", "heard");
        assert.equal(inputs.rule, "other");
        assert.equal(inputs.targetId, "notification");
        assert.deepEqual(inputs.deadLetterConfig, { arn: failuresArn });
        assert.ok(dependencies.includes(permission.urn));
    });

    it("has a failure queue that these rules may send to", () => {
        const policy = find(recording, "aws:sqs/queuePolicy:QueuePolicy", "cold-path-notification-failed");
        assert.deepEqual(statements(policy.inputs.policy)[1], {
            Sid: "Sender",
            Effect: "Allow",
            Principal: { Service: "events.amazonaws.com" },
            Action: "sqs:SendMessage",
            Resource: failuresArn,
            Condition: {
                ArnEquals: {
                    "aws:SourceArn": [
                        ...keys.map(ruleArn),
                        ...awsEventKeys.map(
                            (key) => `arn:aws:events:ap-northeast-2:123456789012:rule/aipx-dev-event-${key}`,
                        ),
                    ],
                },
                StringEquals: { "aws:SourceAccount": "123456789012" },
            },
        });
    });

    it("reads its credentials, reports failures, reaches Slack and Telegram, and may do nothing else", () => {
        assert.deepEqual(
            roleStatements(recording, "aipx-dev-notification").map(({ Action, Resource }) => [Action, Resource]),
            [
                [
                    "secretsmanager:GetSecretValue",
                    "arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:aipx/dev/notification-credentials-??????",
                ],
                ["kms:Decrypt", "arn:aws:kms:ap-northeast-2:123456789012:key/*"],
                ["sqs:SendMessage", failuresArn],
                [["kms:Decrypt", "kms:GenerateDataKey"], "arn:aws:kms:ap-northeast-2:123456789012:key/*"],
            ],
        );
        assert.deepEqual(connections(recording, "cold-path-notification"), ["internet: 443"]);
        const fn = find(recording, "aws:lambda/function:Function", "cold-path-notification");
        assert.equal(
            fn.inputs.environment.variables.NOTIFICATION_CREDENTIALS_SECRET,
            "aipx/dev/notification-credentials",
        );
    });
});
