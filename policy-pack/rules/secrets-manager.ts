import { customerKey } from "../core/customer-key";
import { type Resource, type Stack } from "../core/resource";
import { atLeast, type Check, is, type Rule } from "../core/rule";
import { propertyRule } from "../core/property-rule";
import { type Value } from "../core/value";
import { matches } from "../iam/match";

const secrets = ["aws:secretsmanager/secret:Secret"];
const rotations = ["aws:secretsmanager/secretRotation:SecretRotation"];

/** Days between rotations; infinite if there are no rules that say it. Of schedules, only rates are read; cron runs within a year. */
function daysOf(rules: Value): number {
    const days = rules.at("automaticallyAfterDays").number;
    const schedule = rules.at("scheduleExpression").text;
    if (days !== undefined || schedule === undefined) {
        return days ?? Infinity;
    }
    const rate = /^rate\((\d+) (hour|day)s?\)$/.exec(schedule);
    if (rate) {
        return Number(rate[1]) / (rate[2] === "hour" ? 24 : 1);
    }
    // cron(minutes hours day-of-month month day-of-week year): every month at least.
    return /^cron\(\S+ \S+ \S+ (\*|1\/[1-3]|\*\/[1-3]) \S+ \*?\S*\)$/.test(schedule) ? 0 : Infinity;
}

/** Rules about secrets and their rotation. */
export const secretRules: readonly Rule[] = [
    propertyRule({
        name: "secretsmanager-secret-require-cmk",
        description: "Secrets must be encrypted with a key of our own.",
        severity: "medium",
        category: "encryption-at-rest",
        controls: ["Secrets-156"],
        remediation: "Set kmsKeyId to an aws.kms.Key.",
        types: secrets,
        path: ["kmsKeyId"],
        ...customerKey,
        message: "kmsKeyId must be a key of our own, not alias/aws/secretsmanager.",
    }),
    {
        kind: "stack",
        name: "secretsmanager-secret-require-rotation",
        description:
            "Secrets must rotate. Master secrets that RDS manages rotate by themselves; what only a third party can renew is to be listed as exempt.",
        severity: "medium",
        category: "least-privilege",
        controls: ["Secrets-157"],
        remediation:
            "Add an aws.secretsmanager.SecretRotation with secretId of the secret, or list the secret's name in the parameter `exempt` of this policy.",
        parameters: {
            exempt: {
                description: "Names of secrets that people renew where they come from; `*` stands for anything.",
                type: "array",
                items: { type: "string" },
                default: [],
            },
        },
        check(stack: Stack, check: Check): void {
            const exempt = [check.parameter<unknown>("exempt")].flat().map(String);
            for (const secret of stack.ofType(...secrets)) {
                const name = secret.props.at("name");
                const rotates = stack.referrers(secret, "secretId", rotations).length > 0;
                if (!rotates && !exempt.some((pattern) => name.text !== undefined && matches(pattern, name.text))) {
                    check.must(secret, name, () => false, "The secret must have a SecretRotation.");
                }
            }
        },
    },
    {
        kind: "resource",
        name: "secretsmanager-rotation-require-period",
        description: "Secrets must rotate often enough.",
        severity: "medium",
        category: "least-privilege",
        controls: ["Secrets-157"],
        remediation: "Set rotationRules.automaticallyAfterDays to 90 or less, and leave rotationEnabled out or true.",
        parameters: {
            maximumDays: { description: "Days between rotations at most.", type: "integer", minimum: 1, default: 90 },
        },
        types: rotations,
        check(resource: Resource, check: Check): void {
            const rules = resource.props.at("rotationRules");
            const maximum = check.parameter<number>("maximumDays");
            const enabled = resource.props.at("rotationEnabled");
            check.must(resource, enabled, is(undefined, null, true), "rotationEnabled must be true.");
            check.must(
                resource,
                rules,
                (it) => daysOf(it) <= maximum,
                `rotationRules.automaticallyAfterDays must be at most ${maximum}.`,
            );
        },
    },
    propertyRule({
        name: "secretsmanager-secret-disallow-arn-like-name",
        description: "No secret has a name that Secrets Manager takes for the end of a complete ARN.",
        severity: "medium",
        category: "workload",
        controls: [],
        remediation:
            "Give the secret a name that does not end in a hyphen and six characters. AWS appends such an ending of its own, and finds no secret by an ARN without it.",
        types: secrets,
        path: ["name"],
        test: ({ text }) => text === undefined || !/-.{6}$/.test(text),
        message: "name must not end in a hyphen and six characters.",
    }),
    propertyRule({
        name: "secretsmanager-secret-require-recovery-window",
        description: "Deleted secrets must be recoverable for a while.",
        severity: "medium",
        category: "resilience",
        controls: [],
        remediation: "Set recoveryWindowInDays to at least 7, or leave it out for AWS's 30 days.",
        parameters: {
            minimumDays: { description: "Days at least; 0 allows deletion at once.", type: "integer", default: 7 },
        },
        types: secrets,
        path: ["recoveryWindowInDays"],
        test: (days, check) => days.isAbsent || atLeast(check.parameter<number>("minimumDays"))(days),
        message: (check) => `recoveryWindowInDays must be at least ${check.parameter<number>("minimumDays")}.`,
    }),
];
