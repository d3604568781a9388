import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Scope, tagged } from "../building-blocks";
import { type Keys } from "../encryption";
import { metricAlarms, platformAlarms } from "./alarms";
import { type BudgetLimits, CostWatch } from "./cost-watch";
import { dashboardBody, dashboardUrl } from "./dashboard";
import { AwsEventRules, type EventListener } from "./events";
import { type Subjects } from "./subjects";
import { AlarmTopic } from "./alarm-topic";
import { type TradingTimes } from "./trading-calendar";
import { TradingMetrics } from "./trading-metrics";

/** AWS Budgets sends to no more addresses. */
const mostEmails = 10;

export interface OperationsArgs extends Subjects {
    scope: Scope;
    /** Keys of the installation: people are told when one is to go. The one for messages protects alarms on their way. */
    keys: Keys;
    /** The notification service, which hears events of AWS besides the topic, and keeps what could not be delivered. */
    coldPath: Subjects["coldPath"] & { notification: EventListener };
    /** When the market trades, and feeds run. */
    trading: TradingTimes;
    budget: BudgetLimits;
    alarms: {
        /** Who gets alarms and cost reports by mail, at most ten. None: alarms wait on the topic for other subscribers. */
        emails: string[];
    };
}

/**
 * What watches the platform: alarms for every component, what AWS reports by itself, the topic that both go to, a dashboard,
 * a budget and a monitor of unusual cost.
 *
 * Costs $0.10 a month for each metric in an alarm: about $8 with a dev stack's sizes, and $0.40 more for each strategy with
 * one topic. The dashboard is $3 a month, but for the account's first three; topic, budget and cost monitor are free.
 */
export class Operations extends pulumi.ComponentResource {
    /** Topic of alarms and cost reports. */
    readonly topicArn: pulumi.Output<string>;
    /** Where the dashboard is. */
    readonly dashboardUrl: string;

    /** @throws Error if there are more than ten addresses, or one of them twice. */
    constructor(name: string, args: OperationsArgs, opts?: pulumi.ComponentResourceOptions) {
        checkEmails(name, args.alarms.emails);
        super("aipx:operations:Operations", name, {}, tagged({ component: "operations" }, opts));
        const { scope, keys, network, data, hotPath, coldPath } = args;
        const { emails } = args.alarms;
        const childOptions = { parent: this };

        const topic = new AlarmTopic(`${name}-alarms`, { scope, key: keys.messages, emails }, childOptions);
        if (hotPath.oms.service) {
            new TradingMetrics(`${name}-trading`, { scope, oms: hotPath.oms.service }, childOptions);
        }
        const subjects = { network, data, hotPath, coldPath };
        const alarms = platformAlarms(scope, subjects, args.trading);
        metricAlarms(name, scope, alarms, topic.arn, childOptions);
        new AwsEventRules(
            `${name}-events`,
            {
                scope,
                topic,
                listener: coldPath.notification,
                hotPath,
                postgres: data.postgres,
                keyArns: [keys.data, keys.logs, keys.messages, keys.services].map(({ arn }) => arn),
            },
            childOptions,
        );

        const dashboardName = scope.name();
        const alarmNames = alarms.map((alarm) => alarm.name);
        new aws.cloudwatch.Dashboard(
            name,
            {
                dashboardName,
                dashboardBody: pulumi
                    .output({ loadBalancer: hotPath.oms.loadBalancer, webSocketApi: coldPath.webSocketApi })
                    .apply((decided) => dashboardBody({ scope, ...subjects, alarmNames, ...decided })),
            },
            childOptions,
        );
        new CostWatch(`${name}-cost`, { scope, topic, emails, ...args.budget }, childOptions);

        this.topicArn = topic.arn;
        this.dashboardUrl = dashboardUrl(scope, dashboardName);
        this.registerOutputs({ topicArn: this.topicArn, dashboardUrl: this.dashboardUrl });
    }
}

function checkEmails(name: string, emails: string[]): void {
    if (emails.length > mostEmails) {
        throw new Error(
            `operations ${name}: alarms.emails has ${emails.length} addresses; AWS Budgets takes at most ${mostEmails}`,
        );
    }
    const repeated = emails.find((email, index) => emails.indexOf(email) !== index);
    if (repeated !== undefined) {
        throw new Error(`operations ${name}: alarms.emails names "${repeated}" twice; each address may be named once`);
    }
}
