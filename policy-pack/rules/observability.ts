import { type Stack } from "../core/resource";
import { type Check, is, isSet, type Rule } from "../core/rule";
import { propertyRule } from "../core/property-rule";

const metricAlarms = ["aws:cloudwatch/metricAlarm:MetricAlarm"];
const compositeAlarms = ["aws:cloudwatch/compositeAlarm:CompositeAlarm"];

const services = ["aws:ecs/service:Service"];

/** Whether the rule of a composite alarm has this alarm: `ALARM(name)`, or the name in quotes. */
const mentions = (rule: string, name: string): boolean => rule.includes(`"${name}"`) || rule.includes(`(${name})`);

export const observabilityRules: readonly Rule[] = [
    {
        kind: "stack",
        name: "cloudwatch-alarm-require-actions",
        description:
            "Alarms must tell somebody, unless a composite alarm reads them or a deployment rolls back by them.",
        severity: "low",
        category: "logging",
        controls: ["Logs-170"],
        remediation: "Set alarmActions to the ARN of an aws.sns.Topic that people read.",
        check(stack: Stack, check: Check): void {
            const composites = stack.ofType(...compositeAlarms).map(({ props }) => props.at("alarmRule").text ?? "");
            const deployments = stack
                .ofType(...services)
                .flatMap(({ props }) => props.at("alarms", "alarmNames").items());
            const rollingBack = new Set(deployments.flatMap(({ text }) => text ?? []));
            for (const alarm of stack.ofType(...metricAlarms, ...compositeAlarms)) {
                const name = alarm.props.at("name").text ?? alarm.props.at("alarmName").text;
                const isRead =
                    stack.referrers(alarm, "alarmRule", compositeAlarms).length > 0 ||
                    stack.referrers(alarm, "alarms", services).length > 0 ||
                    (name !== undefined && (rollingBack.has(name) || composites.some((rule) => mentions(rule, name))));
                if (!isRead) {
                    check.must(alarm, alarm.props.at("alarmActions"), isSet, "alarmActions must not be empty.");
                }
            }
        },
    },
    propertyRule({
        name: "cloudwatch-alarm-require-enabled-actions",
        description: "Actions of alarms must be enabled.",
        severity: "low",
        category: "logging",
        controls: ["Logs-170"],
        remediation: "Leave out actionsEnabled, or set it to true.",
        types: [...metricAlarms, ...compositeAlarms],
        path: ["actionsEnabled"],
        test: is(undefined, null, true),
        message: "actionsEnabled must be true.",
    }),
];

/** Controls of alarms that no rule can enforce, and why. */
export const observabilityNotApplicable: Readonly<Record<string, string>> = {};
