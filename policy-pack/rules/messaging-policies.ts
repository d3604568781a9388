import { type Answer } from "../core/answer";
import { namesOf, queues, topics } from "../core/queues";
import { type Resource, type Stack } from "../core/resource";
import { type Check, isSet, type Rule } from "../core/rule";
import { deniesWithoutTls, hasStatement } from "../core/statements";
import { parseJson, type Value } from "../core/value";
import { matches } from "../iam/match";
import { queuePolicies, topicPolicies } from "./messaging-types";

/** What an ARN or a URL ends with. */
const lastPart = (text: string): string => text.split(/[/:]/).pop() ?? "";

/** A rule that every queue or topic has a policy that denies whoever comes without TLS. */
export function tlsOnly(
    name: string,
    what: string,
    control: string,
    action: string,
    types: readonly string[],
    policyTypes: readonly string[],
    property: string,
): Rule {
    return {
        kind: "stack",
        name,
        description: `Every ${what} must deny access without TLS.`,
        severity: "medium",
        category: "encryption-in-transit",
        controls: [control],
        remediation: `Add a statement to the ${what}'s policy: Deny ${action} on the ${what} to "*" with condition Bool aws:SecureTransport "false".`,
        check(stack: Stack, check: Check): void {
            const message = `The policy must deny ${action} on the ${what} where aws:SecureTransport is false.`;
            // ARNs and URLs of queues and topics end with their name.
            const held = (policy: Value, names: string[]): Answer =>
                hasStatement(
                    policy,
                    (statement) =>
                        deniesWithoutTls(statement, action) &&
                        names.every((name) => statement.resources.some((arn) => matches(lastPart(arn), name))),
                );
            const judge = (resource: Resource, policy: Value, names: string[]): void => {
                const answer = held(policy, names);
                if (answer === false) {
                    check.fail(resource, policy, message);
                } else if (answer !== true) {
                    check.undetermined(resource, answer);
                }
            };
            for (const policy of stack.ofType(...policyTypes)) {
                const { text } = policy.props.at(property);
                const names = stack.references(policy, property, types).flatMap(namesOf);
                judge(policy, policy.props.at("policy"), text === undefined ? names : [lastPart(text)]);
            }
            for (const resource of stack.ofType(...types)) {
                if (stack.referrers(resource, property, policyTypes).length === 0) {
                    judge(resource, resource.props.at("policy"), namesOf(resource));
                }
            }
        },
    };
}

export function hasDeadLetterTarget(policy: Value): boolean {
    const parsed = parseJson(policy);
    return parsed !== "malformed" && isSet(parsed.at("deadLetterTargetArn"));
}

/** Rules that policies of queues and topics name the actions that they allow. */
export const wildcardActionRules: readonly Rule[] = [
    ...(
        [
            ["sqs-queue-disallow-wildcard-action", queues, "sqs", ["SQS-179"]],
            ["sqs-queue-policy-disallow-wildcard-action", queuePolicies, "sqs", ["SQS-179"]],
            ["sns-topic-disallow-wildcard-action", topics, "sns", []],
            ["sns-topic-policy-disallow-wildcard-action", topicPolicies, "sns", []],
        ] as const
    ).map(([name, types, service, controls]): Rule => ({
        kind: "resource",
        name,
        description: "Policies must name the actions that they allow.",
        severity: "high",
        category: "least-privilege",
        controls,
        remediation: `Replace "*" or "${service}:*" in policy by the actions that are needed.`,
        types,
        check(resource: Resource, check: Check): void {
            const policy = resource.props.at("policy");
            if (policy.isAbsent) {
                return;
            }
            if (policy.text !== undefined && parseJson(policy) === "malformed") {
                check.fail(resource, policy, "policy must be JSON.");
                return;
            }
            const answer = hasStatement(
                policy,
                ({ effect, actions, notActions }) =>
                    effect === "Allow" &&
                    (notActions.length > 0 || actions.some((action) => /^(\*|\w+:\*+)$/.test(action))),
            );
            if (answer === true) {
                check.fail(resource, policy, `policy must name actions, not allow all of ${service}.`);
            } else if (answer !== false) {
                check.undetermined(resource, answer);
            }
        },
    })),
];
