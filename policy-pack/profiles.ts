import { type Enforcement } from "./core/crossguard";
import { type Rule } from "./core/rule";

type Level = "disabled" | "advisory" | "mandatory";

/** Configuration of a rule, as Pulumi takes it: its level, and its parameters. */
interface RuleConfiguration {
    enforcementLevel?: Level;
    [parameter: string]: unknown;
}

/** How the rules are enforced in one kind of stack. What it leaves out is as the rules have it, and mandatory. */
export interface Profile extends Enforcement {
    configuration: Record<string, RuleConfiguration>;
}

/** A level or parameter of a rule that is not the same in all stacks. Production has what the rule has by default. */
interface Difference {
    rule: string;
    /** `enforcementLevel`, or a parameter. */
    setting: string;
    /** What it is in stacks that hold nothing that matters. */
    disposable: unknown;
}

/** All that disposable stacks may do and others may not. */
const differences: readonly Difference[] = [
    { rule: "ecs-service-disallow-exec", setting: "allowed", disposable: true },
    { rule: "kms-key-require-deletion-window", setting: "minimumDays", disposable: 7 },
    { rule: "secretsmanager-secret-require-recovery-window", setting: "minimumDays", disposable: 0 },
    { rule: "msk-configuration-require-in-sync-replicas", setting: "least", disposable: 1 },
    { rule: "msk-topic-disallow-unsafe-overrides", setting: "leastInSync", disposable: 1 },
    { rule: "elasticache-replication-group-require-multi-az", setting: "required", disposable: false },
    { rule: "elasticache-require-snapshots", setting: "leastDays", disposable: 0 },
    { rule: "rds-require-backups", setting: "leastDays", disposable: 1 },
    { rule: "rds-require-deletion-protection", setting: "required", disposable: false },
    { rule: "rds-instance-require-multi-az", setting: "required", disposable: false },
    { rule: "s3-log-bucket-require-expiry", setting: "leastDays", disposable: 30 },
    { rule: "broker-feed-require-single-task", setting: "spotAllowed", disposable: true },
    { rule: "stateful-resource-require-protection", setting: "required", disposable: false },
    { rule: "lb-load-balancer-require-deletion-protection", setting: "required", disposable: false },
    { rule: "cloudwatch-log-group-require-retention", setting: "minimumDays", disposable: 7 },
    { rule: "ec2-vpc-require-endpoints", setting: "services", disposable: [] },
];

const configurationOf = (all: readonly Difference[]): Profile["configuration"] => {
    const configuration: Profile["configuration"] = {};
    for (const { rule, setting, disposable } of all) {
        configuration[rule] = { ...configuration[rule], [setting]: disposable };
    }
    return configuration;
};

export const disposable: Profile = { strict: false, configuration: configurationOf(differences) };
export const production: Profile = { strict: true, configuration: {} };

/** Stacks that hold nothing that matters. */
const disposableStacks: ReadonlySet<string> = new Set(["dev"]);

/** The profile of a stack. One that is not known is treated like production. */
export function profileOf(stack: string): Profile {
    return disposableStacks.has(stack) ? disposable : production;
}

const levels: readonly unknown[] = ["disabled", "advisory", "mandatory"] satisfies Level[];

/**
 * In what a profile is weaker than another: what it does not enforce, or enforces less. A parameter says by `stricter` which
 * of two values demands more; values that cannot be ranked must be the same, or be the rule's default, which production
 * demands.
 */
export function relaxations(baseline: Profile, other: Profile, rules: readonly Rule[]): string[] {
    const level = (profile: Profile, rule: Rule): number =>
        levels.indexOf(
            profile.configuration[rule.name]?.enforcementLevel ??
                profile.configuration.all?.enforcementLevel ??
                "mandatory",
        );
    return [
        ...(baseline.strict && !other.strict ? ["strict is off"] : []),
        ...rules.flatMap((rule) => [
            ...(level(other, rule) < level(baseline, rule)
                ? [`${rule.name} is ${String(levels[level(other, rule)])}`]
                : []),
            ...Object.entries(rule.parameters ?? {}).flatMap(([name, schema]) => {
                const mine = baseline.configuration[rule.name]?.[name] ?? schema.default;
                const theirs = other.configuration[rule.name]?.[name] ?? schema.default;
                return demandsAsMuch(theirs, mine, schema.stricter, schema.default)
                    ? []
                    : [`${rule.name}.${name} is ${JSON.stringify(theirs)}`];
            }),
        ]),
    ];
}

/** Whether `value` demands at least as much as `baseline`. */
function demandsAsMuch(value: unknown, baseline: unknown, stricter: unknown, usual: unknown): boolean {
    if (JSON.stringify(value) === JSON.stringify(baseline)) {
        return true;
    }
    if (typeof value === "number" && typeof baseline === "number") {
        if (stricter === "more") {
            return value > baseline;
        }
        if (stricter === "less") {
            return value < baseline;
        }
    }
    return JSON.stringify(value) === JSON.stringify(usual);
}
