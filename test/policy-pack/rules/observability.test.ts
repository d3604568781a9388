import { observabilityRules } from "../../../policy-pack/rules/observability";
import { unknown } from "../support/pack";
import { describeRules, property } from "../support/table";

const type = "aws:cloudwatch/metricAlarm:MetricAlarm";
const silent = { type, name: "alarm", props: { name: "errors" } };

describeRules("alarms", observabilityRules, {
    "cloudwatch-alarm-require-actions": [
        ...property(type, { name: "errors", alarmActions: ["arn"] }, "alarmActions", [undefined, []], {
            right: [[unknown]],
        }),
        {
            title: "accepts a silent one that a composite alarm names",
            subjects: [
                silent,
                {
                    type: "aws:cloudwatch/compositeAlarm:CompositeAlarm",
                    name: "composite",
                    props: { alarmRule: 'ALARM("errors")', alarmActions: ["arn"] },
                },
            ],
        },
        {
            title: "accepts a silent one that rolls a deployment back",
            subjects: [
                silent,
                { type: "aws:ecs/service:Service", name: "service", props: { alarms: { alarmNames: ["errors"] } } },
            ],
        },
        {
            title: "accepts a silent one that a service refers to",
            subjects: [
                { ...silent, props: {} },
                { type: "aws:ecs/service:Service", name: "service", props: {}, refersTo: { alarms: "alarm" } },
            ],
        },
    ],
    "cloudwatch-alarm-require-enabled-actions": property(type, {}, "actionsEnabled", [false], { right: [true] }),
});
