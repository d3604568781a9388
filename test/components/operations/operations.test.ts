import assert from "node:assert/strict";
import { Scope } from "../../../components/building-blocks";
import { find, names, ofType, record, type Recording } from "../../support/record";
import { bare, operations, platform, scope } from "./platform";

const type = {
    alarm: "aws:cloudwatch/metricAlarm:MetricAlarm",
    budget: "aws:budgets/budget:Budget",
    monitor: "aws:costexplorer/anomalyMonitor:AnomalyMonitor",
    subscription: "aws:costexplorer/anomalySubscription:AnomalySubscription",
    topic: "aws:sns/topic:Topic",
    topicPolicy: "aws:sns/topicPolicy:TopicPolicy",
    topicSubscription: "aws:sns/topicSubscription:TopicSubscription",
    filter: "aws:cloudwatch/logMetricFilter:LogMetricFilter",
};

const withEmails = (emails: string[]): Promise<Recording> =>
    record(() => {
        operations("operations", scope, platform(), emails);
    });

describe("Operations", () => {
    let recording: Recording;
    before(async () => {
        recording = await record(() => {
            const { topicArn, dashboardUrl } = operations();
            return { topicArn, dashboardUrl };
        });
    });

    it("makes these resources under these names, and the alarms", () => {
        assert.deepEqual(
            names(recording).filter(
                (name) => !/^(test|aws:kms\/\w+|aipx:buildingblocks|aipx:encryption):|metricAlarm/.test(name),
            ),
            [
                "aipx:operations:AlarmTopic::operations-alarms",
                "aipx:operations:AwsEventRules::operations-events",
                "aipx:operations:CostWatch::operations-cost",
                "aipx:operations:Operations::operations",
                "aipx:operations:TradingMetrics::operations-trading",
                "aws:budgets/budget:Budget::operations-cost",
                "aws:cloudwatch/dashboard:Dashboard::operations",
                "aws:cloudwatch/eventRule:EventRule::operations-events-certificate",
                "aws:cloudwatch/eventRule:EventRule::operations-events-database",
                "aws:cloudwatch/eventRule:EventRule::operations-events-deployment-failed",
                "aws:cloudwatch/eventRule:EventRule::operations-events-health",
                "aws:cloudwatch/eventRule:EventRule::operations-events-key",
                "aws:cloudwatch/eventRule:EventRule::operations-events-tasks",
                "aws:cloudwatch/eventRule:EventRule::operations-events-test",
                "aws:cloudwatch/eventTarget:EventTarget::operations-events-certificate",
                "aws:cloudwatch/eventTarget:EventTarget::operations-events-database",
                "aws:cloudwatch/eventTarget:EventTarget::operations-events-deployment-failed",
                "aws:cloudwatch/eventTarget:EventTarget::operations-events-health",
                "aws:cloudwatch/eventTarget:EventTarget::operations-events-key",
                "aws:cloudwatch/eventTarget:EventTarget::operations-events-tasks",
                "aws:cloudwatch/eventTarget:EventTarget::operations-events-test",
                "aws:cloudwatch/logMetricFilter:LogMetricFilter::operations-trading-OrderLatency",
                "aws:cloudwatch/logMetricFilter:LogMetricFilter::operations-trading-OrdersExecuted",
                "aws:cloudwatch/logMetricFilter:LogMetricFilter::operations-trading-OrdersRejected",
                "aws:cloudwatch/logMetricFilter:LogMetricFilter::operations-trading-OrdersSent",
                "aws:costexplorer/anomalyMonitor:AnomalyMonitor::operations-cost",
                "aws:costexplorer/anomalySubscription:AnomalySubscription::operations-cost",
                "aws:iam/role:Role::operations-events",
                "aws:iam/rolePolicy:RolePolicy::operations-events",
                "aws:sns/topic:Topic::operations-alarms",
                "aws:sns/topicPolicy:TopicPolicy::operations-alarms",
                "aws:sns/topicSubscription:TopicSubscription::operations-alarms-ops@example.com",
            ],
        );
        const alarms = ofType(recording, type.alarm);
        for (const { name, inputs } of alarms) {
            assert.deepEqual(inputs.name, name.replace(/^operations-/, "aipx-dev-"));
        }
    });

    it("names what people use", () => {
        assert.deepEqual(recording.outputs, {
            topicArn: String(find(recording, type.topic, "operations-alarms").outputs.arn),
            dashboardUrl:
                "https://ap-northeast-2.console.aws.amazon.com/cloudwatch/home?region=ap-northeast-2#dashboards/dashboard/aipx-dev",
        });
    });

    it("tags everything with its component", () => {
        const own = recording.resources.filter(({ name }) => name.startsWith("operations"));
        const taggable = own.filter(({ type }) => /MetricAlarm|Budget|Anomaly|sns\/topic:/.test(type));
        assert.equal(taggable.length, 81 + 1 + 2 + 1);
        for (const { name, inputs } of taggable) {
            assert.deepEqual(inputs.tags, { component: "operations" }, name);
        }
    });

    describe("topic", () => {
        it("is encrypted, and takes messages from three services of this account by TLS only", () => {
            const topic = find(recording, type.topic, "operations-alarms");
            const { arn } = find(recording, "aws:kms/key:Key", "operations-encryption-messages").outputs as {
                arn: string;
            };
            assert.equal(topic.inputs.name, "aipx-dev-alarms");
            assert.equal(topic.inputs.kmsMasterKeyId, arn);
            const policy = find(recording, type.topicPolicy, "operations-alarms");
            assert.deepEqual(policy.propertyDependencies.arn, [topic.urn]);
            const common = {
                Action: "sns:Publish",
                Resource: "arn:aws:sns:ap-northeast-2:123456789012:aipx-dev-alarms",
            };
            const account = { "aws:SourceAccount": "123456789012" };
            const { Statement } = JSON.parse(String(policy.inputs.policy)) as { Statement: unknown[] };
            assert.deepEqual(Statement, [
                {
                    Sid: "TlsOnly",
                    Effect: "Deny",
                    Principal: "*",
                    ...common,
                    Condition: { Bool: { "aws:SecureTransport": "false" } },
                },
                {
                    Sid: "Alarms",
                    Effect: "Allow",
                    Principal: { Service: "cloudwatch.amazonaws.com" },
                    ...common,
                    Condition: {
                        StringEquals: account,
                        ArnLike: { "aws:SourceArn": "arn:aws:cloudwatch:ap-northeast-2:123456789012:alarm:aipx-dev-*" },
                    },
                },
                {
                    Sid: "Budgets",
                    Effect: "Allow",
                    Principal: { Service: "budgets.amazonaws.com" },
                    ...common,
                    Condition: {
                        StringEquals: account,
                        ArnLike: { "aws:SourceArn": "arn:aws:budgets::123456789012:*" },
                    },
                },
                {
                    Sid: "CostAnomalies",
                    Effect: "Allow",
                    Principal: { Service: "costalerts.amazonaws.com" },
                    ...common,
                    Condition: { StringEquals: account },
                },
            ]);
        });

        it("is read by each address", async () => {
            const two = await withEmails(["a@example.com", "b@example.com"]);
            const topicArn = find(two, type.topic, "operations-alarms").outputs.arn as string;
            assert.deepEqual(
                ofType(two, type.topicSubscription).map(({ name, inputs }) => [name, inputs]),
                ["a@example.com", "b@example.com"].map((endpoint) => [
                    `operations-alarms-${endpoint}`,
                    { endpoint, protocol: "email", topic: topicArn },
                ]),
            );
            assert.equal(ofType(await withEmails([]), type.topicSubscription).length, 0);
        });
    });

    describe("budget", () => {
        it("counts what the environment's tag marks, and tells at 80 %, 100 % and by forecast", () => {
            const { inputs, dependencies } = find(recording, type.budget, "operations-cost");
            const topicArn = find(recording, type.topic, "operations-alarms").outputs.arn as string;
            const notification = (notificationType: string, threshold: number) => ({
                notificationType,
                threshold,
                thresholdType: "PERCENTAGE",
                comparisonOperator: "GREATER_THAN",
                subscriberSnsTopicArns: [topicArn],
                subscriberEmailAddresses: ["ops@example.com"],
            });
            assert.deepEqual(inputs, {
                name: "aipx-dev-monthly",
                budgetType: "COST",
                timeUnit: "MONTHLY",
                limitAmount: "1000",
                limitUnit: "USD",
                costFilters: [{ name: "TagKeyValue", values: ["user:environment$dev"] }],
                notifications: [
                    notification("ACTUAL", 80),
                    notification("ACTUAL", 100),
                    notification("FORECASTED", 100),
                ],
                tags: { component: "operations" },
            });
            assert.ok(dependencies.includes(find(recording, type.topicPolicy, "operations-alarms").urn));
        });

        it("tells the topic alone without addresses", async () => {
            const { inputs } = find(await withEmails([]), type.budget, "operations-cost");
            const notifications = inputs.notifications as Record<string, unknown>[];
            assert.equal(notifications.length, 3);
            for (const { subscriberEmailAddresses, subscriberSnsTopicArns } of notifications) {
                assert.equal(subscriberEmailAddresses, undefined);
                assert.equal((subscriberSnsTopicArns as string[]).length, 1);
            }
        });
    });

    describe("cost anomalies", () => {
        const threshold = {
            dimension: {
                key: "ANOMALY_TOTAL_IMPACT_ABSOLUTE",
                matchOptions: ["GREATER_THAN_OR_EQUAL"],
                values: ["50"],
            },
        };

        it("are looked for in what the environment's tag marks", () => {
            const { inputs } = find(recording, type.monitor, "operations-cost");
            assert.equal(inputs.monitorType, "CUSTOM");
            assert.equal(inputs.name, "aipx-dev-cost");
            assert.deepEqual(JSON.parse(String(inputs.monitorSpecification)), {
                And: null,
                CostCategories: null,
                Dimensions: null,
                Not: null,
                Or: null,
                Tags: { Key: "environment", MatchOptions: null, Values: ["dev"] },
            });
        });

        it("are mailed every day", async () => {
            const two = await withEmails(["a@example.com", "b@example.com"]);
            const { inputs } = find(two, type.subscription, "operations-cost");
            assert.deepEqual(inputs, {
                name: "aipx-dev-cost",
                frequency: "DAILY",
                monitorArnLists: [find(two, type.monitor, "operations-cost").outputs.arn],
                subscribers: [
                    { type: "EMAIL", address: "a@example.com" },
                    { type: "EMAIL", address: "b@example.com" },
                ],
                thresholdExpression: threshold,
                tags: { component: "operations" },
            });
        });

        it("go to the topic at once without addresses", async () => {
            const none = await withEmails([]);
            const { inputs, dependencies } = find(none, type.subscription, "operations-cost");
            const topicArn = find(none, type.topic, "operations-alarms").outputs.arn as string;
            assert.equal(inputs.frequency, "IMMEDIATE");
            assert.deepEqual(inputs.subscribers, [{ type: "SNS", address: topicArn }]);
            assert.deepEqual(inputs.thresholdExpression, threshold);
            assert.ok(dependencies.includes(find(none, type.topicPolicy, "operations-alarms").urn));
        });
    });

    describe("trading metrics", () => {
        it("are counted from the OMS's log, once that is there", () => {
            assert.deepEqual(
                ofType(recording, type.filter)
                    .map(({ inputs }) => inputs)
                    .sort((a, b) => (a.name < b.name ? -1 : 1)),
                [
                    ["OrderLatency", '{ $.event = "order-sent" && $.latencyMs = * }', "$.latencyMs", "Milliseconds"],
                    ["OrdersExecuted", '{ $.event = "order-executed" }', "1", "Count", "0"],
                    ["OrdersRejected", '{ $.event = "order-rejected" }', "1", "Count", "0"],
                    ["OrdersSent", '{ $.event = "order-sent" }', "1", "Count", "0"],
                ].map(([name, pattern, value, unit, defaultValue]) => ({
                    name,
                    pattern,
                    logGroupName: "/aipx/dev/oms",
                    metricTransformation: {
                        namespace: "aipx/dev",
                        name,
                        value,
                        unit,
                        ...(defaultValue !== undefined && { defaultValue }),
                    },
                })),
            );
        });

        it("are left out while there is no OMS", async () => {
            const none = await record(() => {
                operations("operations", scope, bare());
            });
            assert.equal(ofType(none, type.filter).length, 0);
            assert.ok(ofType(none, type.alarm).length > 0);
        });
    });

    it("can be there twice", async () => {
        const staging = new Scope({ ...scope, environment: "staging" });
        const both = await record(() => {
            operations("a");
            operations("b", staging, platform(staging, 2));
        });
        const physical = both.resources.flatMap(({ type, inputs }) =>
            typeof inputs.name === "string" &&
            type.startsWith("aws:") &&
            // Named within a log group, and within a role.
            !["aws:cloudwatch/logMetricFilter:LogMetricFilter", "aws:iam/rolePolicy:RolePolicy"].includes(type)
                ? [`${type} ${inputs.name}`]
                : [],
        );
        assert.equal(new Set(physical).size, physical.length);
        assert.equal(ofType(both, type.alarm).length, 81 + 81 + 3);
        assert.deepEqual(find(both, type.budget, "b-cost").inputs.costFilters, [
            { name: "TagKeyValue", values: ["user:environment$staging"] },
        ]);
    });

    it("refuses more addresses than AWS Budgets takes, and one twice", async () => {
        const eleven = Array.from({ length: 11 }, (_, index) => `a${index}@example.com`);
        await assert.rejects(
            withEmails(eleven),
            /operations operations: alarms\.emails has 11 addresses; .* at most 10/,
        );
        await assert.rejects(
            withEmails(["a@example.com", "a@example.com"]),
            /operations operations: alarms\.emails names "a@example\.com" twice/,
        );
    });
});
