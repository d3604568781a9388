import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Scope, ServiceRole } from "../../building-blocks";
import { type AlarmTopic } from "../alarm-topic";
import { type AwsEvent, awsEventKeys, awsEventRule, awsEvents, type EventSubjects } from "./list";

/** Who is told of events besides the topic: the notification service. */
export interface EventListener {
    /** Keeps what could not be delivered. Its policy admits the rules of `awsEventRule`. */
    readonly failures: { readonly arn: string; readonly ready: pulumi.Resource[] };
    /** Lets a rule invoke it, if it is there. */
    listen(name: string, rule: aws.cloudwatch.EventRule, ruleArn: string, opts: pulumi.CustomResourceOptions): void;
}

export interface AwsEventRulesArgs extends EventSubjects {
    scope: Scope;
    topic: AlarmTopic;
    listener: EventListener;
}

/** Seconds after which an event is no longer news. */
const newsSeconds = 3600;

/**
 * Rules that tell people what AWS says by itself: by mail, as a sentence, and by the notification service, as the event.
 * Free: events of AWS cost nothing on the default bus.
 *
 * EventBridge publishes with a role. Without one it would be EventBridge itself that uses topic and key, for which neither the
 * topic's policy nor the key's may have a condition: AWS sends none along, and every delivery would be refused.
 */
export class AwsEventRules extends pulumi.ComponentResource {
    constructor(name: string, args: AwsEventRulesArgs, opts?: pulumi.ComponentResourceOptions) {
        super("aipx:operations:AwsEventRules", name, {}, opts);
        const { scope, topic, listener } = args;
        const childOptions = { parent: this };
        const events = awsEvents(scope, args);
        const rules = awsEventKeys.map((key) => awsEventRule(scope, key).arn);
        const publish = topic.publish();
        const role = new ServiceRole(
            name,
            {
                roleName: scope.name("events"),
                description: "EventBridge, which tells people of events",
                servicePrincipal: "events.amazonaws.com",
                trustConditions: {
                    StringEquals: { "aws:SourceAccount": scope.accountId },
                    ArnEquals: { "aws:SourceArn": rules },
                },
                statements: publish.statements,
            },
            childOptions,
        );
        for (const key of awsEventKeys) {
            const event = events[key];
            if (event) {
                const { ruleName, arn } = awsEventRule(scope, key);
                const rule = new aws.cloudwatch.EventRule(
                    `${name}-${key}`,
                    {
                        name: ruleName,
                        description: event.description,
                        eventPattern: pulumi.jsonStringify(event.pattern),
                    },
                    childOptions,
                );
                new aws.cloudwatch.EventTarget(
                    `${name}-${key}`,
                    {
                        rule: rule.name,
                        targetId: "mail",
                        arn: topic.arn,
                        roleArn: role.arn,
                        inputTransformer: mail(event),
                        retryPolicy: { maximumEventAgeInSeconds: newsSeconds, maximumRetryAttempts: 10 },
                        deadLetterConfig: { arn: listener.failures.arn },
                    },
                    {
                        ...childOptions,
                        dependsOn: [
                            ...publish.dependsOn,
                            ...(role.policy ? [role.policy] : []),
                            ...listener.failures.ready,
                        ],
                    },
                );
                listener.listen(`${name}-${key}-notification`, rule, arn, childOptions);
            }
        }
        this.registerOutputs({});
    }
}

/** The sentence as EventBridge's template: a JSON text with parts of the event in it. */
function mail({ parts, sentence }: AwsEvent): aws.types.input.cloudwatch.EventTargetInputTransformer {
    return { inputPaths: parts, inputTemplate: JSON.stringify(sentence) };
}
