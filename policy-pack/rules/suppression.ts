import { type ResourceRule, type Rule, type StackRule } from "../core/rule";
import { isDay, suppressionType } from "../core/suppressions";
import { type Value } from "../core/value";

const about = { category: "suppression", controls: [], types: [suppressionType] } as const;

const isFilled = ({ text = "" }: Value): boolean => text.trim() !== "";

const requireReason: ResourceRule = {
    ...about,
    kind: "resource",
    name: "policy-suppression-require-reason",
    description: "A suppression says what it is about, why it is right, and who answers for it.",
    severity: "medium",
    remediation:
        "Give suppress() the type and name of the resource, a reason that another engineer can judge, and as owner a team or a person.",
    parameters: {
        minimumCharacters: {
            description: "Fewest characters of a reason.",
            type: "integer",
            minimum: 1,
            default: 20,
        },
    },
    check(resource, check) {
        for (const key of ["resourceType", "resourceName", "owner"]) {
            check.must(resource, resource.props.at(key), isFilled, `${key} must be set`);
        }
        const least = check.parameter<number>("minimumCharacters");
        const isLong = ({ text = "" }: Value): boolean => text.trim().length >= least;
        check.must(resource, resource.props.at("reason"), isLong, `reason must have at least ${least} characters`);
    },
};

const requireUnexpired: ResourceRule = {
    ...about,
    kind: "resource",
    name: "policy-suppression-require-unexpired",
    description: "A suppression ends on a day that is not far away: then somebody looks at it again.",
    severity: "high",
    remediation:
        "Mend the resource and remove the suppression; or, if its reason still holds, set expires (an ISO date) to a day of the coming year.",
    parameters: {
        maximumDays: {
            description: "Most days that a suppression may still hold.",
            type: "integer",
            minimum: 1,
            default: 366,
        },
    },
    check(resource, check) {
        const expires = resource.props.at("expires");
        const { today } = check.suppressions;
        const days = check.parameter<number>("maximumDays");
        const latest = new Date(Date.parse(today) + days * 86_400_000).toISOString().slice(0, 10);
        const isIn = (value: Value): boolean => isDay(value) && today <= value.text! && value.text! <= latest;
        check.must(resource, expires, isIn, `expires must be a date (YYYY-MM-DD) from ${today} to ${latest}`);
    },
};

const requireKnownPolicy = (policies: ReadonlySet<string>): ResourceRule => ({
    ...about,
    kind: "resource",
    name: "policy-suppression-require-known-policy",
    description: "A suppression names a policy of this pack.",
    severity: "medium",
    remediation: "Set policy to the name of the policy that reports the finding, as the report shows it.",
    check(resource, check) {
        const isKnown = ({ text = "" }: Value): boolean => policies.has(text);
        const message = "policy must be the name of a policy of this pack that is not about suppressions";
        check.must(resource, resource.props.at("policy"), isKnown, message);
    },
});

const requireEffect: StackRule = {
    kind: "stack",
    category: "suppression",
    controls: [],
    name: "policy-suppression-require-effect",
    description: "A suppression suppresses something: a stale one would hide what comes later.",
    severity: "medium",
    remediation:
        "Remove the suppression. If its policy still reports the resource, correct policy, type, name or path, and let the resource, or a component around it, depend on what suppress() returns.",
    check(stack, check) {
        for (const resource of stack.ofType(suppressionType)) {
            const expires = resource.props.at("expires");
            // One that does not hold any more is reported as that.
            const holds = isDay(expires) && expires.text! >= check.suppressions.today;
            if (holds && !check.suppressions.isUsed(resource.urn)) {
                check.fail(
                    resource,
                    resource.props.at("policy"),
                    `${resource.name} must suppress something: it is stale, wrong, or registered after its resource`,
                );
            }
        }
    },
};

/** Rules about suppressions of these policies. They come after all others, which tell them what was of use. */
export const suppressionRules = (rules: readonly Rule[]): readonly Rule[] => [
    requireReason,
    requireUnexpired,
    requireKnownPolicy(new Set(rules.map(({ name }) => name))),
    requireEffect,
];
