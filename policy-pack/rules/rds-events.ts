import { customerKey } from "../core/customer-key";
import { textsIn } from "../core/value";
import { type Resource } from "../core/resource";
import { type Check, isOrAbsent, isSet, type Rule } from "../core/rule";
import { ownProperty } from "../core/own-property";
import { propertyRule } from "../core/property-rule";

/** What must reach somebody, by kind of source. */
const criticalEvents: Record<string, string[]> = {
    "db-instance": ["maintenance", "configuration change", "failure"],
    "db-cluster": ["maintenance", "failure"],
    "db-parameter-group": ["configuration change"],
    "db-security-group": ["configuration change", "failure"],
};

export const eventSubscriptionRule: Rule = {
    kind: "resource",
    name: "rds-event-subscription-require-critical-events",
    description: "Subscriptions to events of databases must be on, and take those that need somebody to act.",
    severity: "low",
    category: "logging",
    controls: ["RDS-096"],
    remediation:
        'Leave eventCategories out, or add for db-instance "maintenance", "configuration change", "failure"; for db-cluster "maintenance", "failure"; for db-parameter-group "configuration change"; for db-security-group "configuration change", "failure".',
    types: ["aws:rds/eventSubscription:EventSubscription"],
    check(resource: Resource, check: Check): void {
        const { props } = resource;
        check.must(resource, props.at("enabled"), isOrAbsent(true), "enabled must be true.");
        const source = props.at("sourceType");
        const needed = ownProperty(criticalEvents, source.text ?? "") ?? [];
        if (source.isUnknown) {
            check.undetermined(resource, source);
        } else {
            check.must(
                resource,
                props.at("eventCategories"),
                (value) => !isSet(value) || needed.every((event) => textsIn(value).includes(event)),
                `eventCategories must have ${needed.join(", ")}.`,
            );
        }
    },
};

export const activityStreamRule: Rule = propertyRule({
    name: "rds-activity-stream-require-customer-managed-key",
    description: "Activity streams must be encrypted with a customer-managed key.",
    severity: "low",
    category: "encryption-at-rest",
    controls: ["RDS-101"],
    remediation: "Set kmsKeyId to the ARN of a KMS key of your own.",
    types: ["aws:rds/clusterActivityStream:ClusterActivityStream"],
    path: ["kmsKeyId"],
    ...customerKey,
    message: "kmsKeyId must be a customer-managed key.",
});
