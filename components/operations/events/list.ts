import type * as pulumi from "@pulumi/pulumi";
import { type Scope } from "../../building-blocks";
import { type WatchedHotPath, type WatchedPostgres } from "../subjects";

/** Events of AWS that people are told about, in the order of the list below. */
export const awsEventKeys = ["deployment-failed", "tasks", "database", "health", "certificate", "key", "test"] as const;
export type AwsEventKey = (typeof awsEventKeys)[number];

/** One kind of event, and what people read. */
export interface AwsEvent {
    description: string;
    pattern: pulumi.Input<object>;
    /** Parts of the event that the sentence names, by JSON path. */
    parts: Record<string, string>;
    /** What it means and what to do first, with `<part>` in place of parts. No quotation marks: it becomes a JSON text. */
    sentence: string;
}

/** Whose events they are. Names are exact, so that two installations in one account do not tell each other's. */
export interface EventSubjects {
    hotPath: Pick<WatchedHotPath, "cluster" | "oms">;
    postgres: WatchedPostgres;
    /** ARNs of the installation's keys. */
    keyArns: pulumi.Input<string>[];
}

/** The rule of an event, as EventBridge knows it: on AWS's default bus. */
export function awsEventRule(scope: Scope, key: AwsEventKey): { ruleName: string; arn: string } {
    const ruleName = scope.name("event", key);
    return { ruleName, arn: scope.arn("events", `rule/${ruleName}`) };
}

/**
 * All events. ElastiCache tells EventBridge nothing about nodes, and MSK speaks through AWS Health; alarms watch both. What
 * somebody does to a key comes through CloudTrail, and only in an account with a trail; that a key is gone comes without.
 */
export function awsEvents(
    scope: Scope,
    { hotPath, postgres, keyArns }: EventSubjects,
): Partial<Record<AwsEventKey, AwsEvent>> {
    const { clusterName } = hotPath.cluster;
    const here = scope.name();
    const { certificateArn } = hotPath.oms;
    return {
        "deployment-failed": {
            description: "Deployments of services that ECS has given up",
            pattern: {
                source: ["aws.ecs"],
                "detail-type": ["ECS Deployment State Change"],
                resources: [{ prefix: scope.arn("ecs", `service/${clusterName}/`) }],
                detail: { eventName: ["SERVICE_DEPLOYMENT_FAILED"] },
            },
            parts: { service: "$.resources[0]", reason: "$.detail.reason" },
            sentence:
                `${here}: a deployment of <service> failed: <reason> ECS goes back to the last revision that worked, and ` +
                "Pulumi's state may name the new one. First: the log of the tasks that did not start. Then set an image " +
                "that works, and run pulumi up --refresh.",
        },
        tasks: {
            description: "Tasks of services that cannot start, for want of health, capacity or configuration",
            pattern: {
                source: ["aws.ecs"],
                "detail-type": ["ECS Service Action"],
                detail: {
                    eventName: [
                        "SERVICE_TASK_START_IMPAIRED",
                        "SERVICE_TASK_PLACEMENT_FAILURE",
                        "SERVICE_TASK_CONFIGURATION_FAILURE",
                    ],
                    clusterArn: [scope.arn("ecs", `cluster/${clusterName}`)],
                },
            },
            parts: { service: "$.resources[0]", event: "$.detail.eventName", reason: "$.detail.reason" },
            sentence:
                `${here}: ECS cannot start tasks of <service>: <event> <reason> First: the service's events in the ECS ` +
                "console, and why its last tasks stopped (image, secret, capacity, vCPU quota of the account).",
        },
        database: {
            description: "What happens to the database: failover, storage, maintenance, failures, backups switched off",
            pattern: {
                source: ["aws.rds"],
                "detail-type": ["RDS DB Instance Event"],
                detail: {
                    SourceIdentifier: [postgres.instanceIdentifier],
                    $or: [
                        {
                            EventCategories: [
                                "availability",
                                "deletion",
                                "failover",
                                "failure",
                                "low storage",
                                "maintenance",
                                "recovery",
                            ],
                        },
                        // Backups disabled; storage near its limit; out of memory; master secret lost; update delayed.
                        {
                            EventID: [
                                "RDS-EVENT-0028",
                                "RDS-EVENT-0225",
                                "RDS-EVENT-0404",
                                "RDS-EVENT-0327",
                                "RDS-EVENT-0231",
                            ],
                        },
                    ],
                },
            },
            parts: { database: "$.detail.SourceIdentifier", message: "$.detail.Message", id: "$.detail.EventID" },
            sentence:
                `${here}: database <database>: <message> (<id>) First: see in the RDS console whether it is available; ` +
                "after a failover, that services have reconnected.",
        },
        health: {
            description: "AWS Health: trouble, and changes to come, for this account and region",
            pattern: {
                source: ["aws.health"],
                "detail-type": ["AWS Health Event"],
                detail: { eventTypeCategory: ["issue", "investigation", "scheduledChange"] },
            },
            parts: {
                service: "$.detail.service",
                type: "$.detail.eventTypeCode",
                status: "$.detail.statusCode",
                start: "$.detail.startTime",
            },
            sentence:
                `${here}: AWS reports <type> of <service> from <start>, <status>. First: read what it affects in the AWS ` +
                "Health Dashboard, https://health.console.aws.amazon.com.",
        },
        ...(certificateArn !== undefined && {
            certificate: {
                description: "The certificate of the OMS's load balancer expires, or waits for somebody",
                pattern: {
                    source: ["aws.acm"],
                    "detail-type": [
                        "ACM Certificate Approaching Expiration",
                        "ACM Certificate Expired",
                        "ACM Certificate Renewal Action Required",
                    ],
                    resources: [certificateArn],
                },
                parts: { what: "$.detail-type", name: "$.detail.CommonName", days: "$.detail.DaysToExpiry" },
                sentence:
                    `${here}: <what>: <name>, days left: <days>. Without a valid certificate nobody outside reaches the OMS. ` +
                    "First: a certificate from dns renews itself if its validation record is still there; import an " +
                    "existing one anew under the same ARN; a self-signed one is made anew by pulumi up.",
            },
        }),
        key: {
            description: "Keys that are deleted, to be deleted or disabled",
            pattern: {
                source: ["aws.kms"],
                $or: [
                    { "detail-type": ["KMS CMK Deletion"], resources: keyArns },
                    {
                        "detail-type": ["AWS API Call via CloudTrail"],
                        detail: {
                            eventName: ["DisableKey", "ScheduleKeyDeletion"],
                            errorCode: [{ exists: false }],
                            resources: { ARN: keyArns },
                        },
                    },
                ],
            },
            parts: { what: "$.detail-type", call: "$.detail.eventName", who: "$.detail.userIdentity.arn" },
            sentence:
                `${here}: a key of this installation was disabled or is to be deleted, and all that it encrypts is lost with ` +
                "it: <what> <call> by <who>. First, unless you did it: aws kms cancel-key-deletion and aws kms enable-key, " +
                "then find out whose credentials those are.",
        },
        test: {
            description: "A test that events reach people: see docs/operations.md",
            pattern: { source: [scope.path("test")] },
            parts: {},
            sentence: `${here}: this is a test. Events of AWS reach you.`,
        },
    };
}
