import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Scope } from "../building-blocks";
import { type AlarmTopic } from "./alarm-topic";

/** What the installation may cost. */
export interface BudgetLimits {
    /** USD a month. People are told at 80 % and 100 % of it, and when AWS forecasts that the month will pass it. */
    monthlyUsd: number;
    /** USD a day above the expected from which on people are told. */
    anomalyUsd: number;
}

export interface CostWatchArgs extends BudgetLimits {
    scope: Scope;
    topic: AlarmTopic;
    /** Who gets mail from Budgets and the daily report of anomalies, at most ten. */
    emails: string[];
}

/**
 * A monthly budget and a monitor of unusual cost, both for what carries the tag `environment` of this installation. Both
 * are free. They see nothing until `environment` is a cost allocation tag, which is switched on once for an account, in
 * the Billing console, and takes a day.
 */
export class CostWatch extends pulumi.ComponentResource {
    constructor(name: string, args: CostWatchArgs, opts?: pulumi.ComponentResourceOptions) {
        super("aipx:operations:CostWatch", name, {}, opts);
        const { scope, topic, emails } = args;
        const waits = { parent: this, dependsOn: [topic.policy] };
        new aws.budgets.Budget(
            name,
            {
                name: scope.name("monthly"),
                budgetType: "COST",
                timeUnit: "MONTHLY",
                limitAmount: String(args.monthlyUsd),
                limitUnit: "USD",
                costFilters: [{ name: "TagKeyValue", values: [`user:environment$${scope.environment}`] }],
                notifications: budgetNotifications.map(([notificationType, threshold]) => ({
                    notificationType,
                    threshold,
                    thresholdType: "PERCENTAGE",
                    comparisonOperator: "GREATER_THAN",
                    subscriberSnsTopicArns: [topic.arn],
                    // Direct as well: cost reports must not depend on a confirmed subscription.
                    ...(emails.length > 0 && { subscriberEmailAddresses: emails }),
                })),
            },
            waits,
        );
        // A monitor of services would be the natural one, but an account may have only one of those.
        const monitor = new aws.costexplorer.AnomalyMonitor(
            name,
            {
                name: scope.name("cost"),
                monitorType: "CUSTOM",
                // AWS gives the empty parts back as null; without them each update would replace the monitor.
                monitorSpecification: JSON.stringify({
                    And: null,
                    CostCategories: null,
                    Dimensions: null,
                    Not: null,
                    Or: null,
                    Tags: { Key: "environment", MatchOptions: null, Values: [scope.environment] },
                }),
            },
            { parent: this },
        );
        new aws.costexplorer.AnomalySubscription(
            name,
            {
                name: scope.name("cost"),
                monitorArnLists: [monitor.arn],
                // AWS sends daily reports by mail only, and single anomalies to topics only.
                ...(emails.length > 0
                    ? { frequency: "DAILY", subscribers: emails.map((address) => ({ type: "EMAIL", address })) }
                    : { frequency: "IMMEDIATE", subscribers: [{ type: "SNS", address: topic.arn }] }),
                thresholdExpression: {
                    dimension: {
                        key: "ANOMALY_TOTAL_IMPACT_ABSOLUTE",
                        matchOptions: ["GREATER_THAN_OR_EQUAL"],
                        values: [String(args.anomalyUsd)],
                    },
                },
            },
            waits,
        );
        this.registerOutputs({});
    }
}

const budgetNotifications: [notificationType: "ACTUAL" | "FORECASTED", percent: number][] = [
    ["ACTUAL", 80],
    ["ACTUAL", 100],
    ["FORECASTED", 100],
];
