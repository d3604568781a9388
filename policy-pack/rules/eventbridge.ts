import { customerKey } from "../core/customer-key";
import { type Stack } from "../core/resource";
import { type Check, isSet, type Rule } from "../core/rule";
import { propertyRule } from "../core/property-rule";
import { targets } from "./messaging-types";

const buses = ["aws:cloudwatch/eventBus:EventBus"];
const busPolicies = ["aws:cloudwatch/eventBusPolicy:EventBusPolicy"];
const archives = ["aws:cloudwatch/eventArchive:EventArchive"];
const schedules = ["aws:scheduler/schedule:Schedule"];

function busesMustHave(stack: Stack, check: Check, types: readonly string[], property: string, message: string): void {
    for (const bus of stack.ofType(...buses)) {
        const having = stack.ofType(...types);
        const name = bus.props.at("name");
        if (stack.referrers(bus, property, types).length > 0) {
            continue;
        }
        // A name or an ARN that is written out, or one that is not known and may be the bus's.
        const unknown = having.map(({ props }) => props.at(property)).find(({ isUnknown }) => isUnknown);
        if (unknown) {
            check.undetermined(bus, unknown);
        } else if (!having.some(({ props }) => props.at(property).text?.split("/").pop() === name.text)) {
            check.must(bus, name, () => false, message);
        }
    }
}

/** Rules about buses, their archives and targets, and schedules. */
export const eventRules: readonly Rule[] = [
    ...(
        [
            ["events-bus-require-cmk", buses, "kmsKeyIdentifier", []],
            ["events-archive-require-cmk", archives, "kmsKeyIdentifier", []],
            ["scheduler-schedule-require-cmk", schedules, "kmsKeyArn", ["Events-155"]],
        ] as const
    ).map(([name, types, property, controls]) =>
        propertyRule({
            name,
            description: "Events that EventBridge stores must be encrypted with a key of our own.",
            severity: "low",
            category: "encryption-at-rest",
            controls,
            remediation: `Set ${property} to an aws.kms.Key.`,
            types,
            path: [property],
            ...customerKey,
            message: `${property} must be a key of our own.`,
        }),
    ),
    propertyRule({
        name: "events-archive-require-retention",
        description: "Archives must end: without a retention they keep events, and cost, for ever.",
        severity: "low",
        category: "cost",
        controls: [],
        remediation: "Set retentionDays to a number of days within the policy's parameters.",
        parameters: {
            maximumDays: { description: "Days at most.", type: "integer", minimum: 1, default: 3653 },
        },
        types: archives,
        path: ["retentionDays"],
        test: ({ number = 0 }, check) => number >= 1 && number <= check.parameter<number>("maximumDays"),
        message: (check) => `retentionDays must be between 1 and ${check.parameter<number>("maximumDays")}.`,
    }),
    {
        kind: "stack",
        name: "events-bus-require-archive",
        description: "Events of a bus must be archived, to be replayed after a failure.",
        severity: "low",
        category: "resilience",
        controls: [],
        remediation: "Add an aws.cloudwatch.EventArchive with eventSourceArn of the bus.",
        check(stack: Stack, check: Check): void {
            busesMustHave(stack, check, archives, "eventSourceArn", "The bus must have an EventArchive.");
        },
    },
    {
        kind: "stack",
        name: "events-bus-require-policy",
        description: "Buses must have a policy that says who may put events.",
        severity: "high",
        category: "least-privilege",
        controls: ["Events-153"],
        remediation: "Add an aws.cloudwatch.EventBusPolicy with eventBusName of the bus.",
        check(stack: Stack, check: Check): void {
            busesMustHave(stack, check, busPolicies, "eventBusName", "The bus must have an EventBusPolicy.");
        },
    },
    ...(
        [
            ["events-target", targets, []],
            ["scheduler-schedule", schedules, ["target"]],
        ] as const
    ).flatMap(([name, types, path]) => {
        const prefix = path.map((key) => `${key}.`).join("");
        return [
            propertyRule({
                name: `${name}-require-dead-letter-queue`,
                description: "Events that a target could not be given must go to a dead-letter queue.",
                severity: "medium",
                category: "resilience",
                controls: ["Events-154"],
                remediation: `Set ${prefix}deadLetterConfig.arn to the ARN of a queue.`,
                types,
                path: [...path, "deadLetterConfig", "arn"],
                test: isSet,
                message: `${prefix}deadLetterConfig.arn must be set.`,
            }),
            propertyRule({
                name: `${name}-require-bounded-retry`,
                description: "Retries must end before the event is of no use. AWS goes on for a day.",
                severity: "low",
                category: "resilience",
                controls: ["Events-154"],
                remediation: `Set ${prefix}retryPolicy.maximumEventAgeInSeconds to how old an event may be.`,
                parameters: {
                    maximumSeconds: {
                        description: "How old an event may be at most.",
                        type: "integer",
                        minimum: 60,
                        maximum: 86400,
                        default: 21600,
                    },
                },
                types,
                path: [...path, "retryPolicy", "maximumEventAgeInSeconds"],
                test: ({ number = Infinity }, check) => number <= check.parameter<number>("maximumSeconds"),
                message: (check) =>
                    `${prefix}retryPolicy.maximumEventAgeInSeconds must be at most ${check.parameter<number>("maximumSeconds")}.`,
            }),
        ];
    }),
];
