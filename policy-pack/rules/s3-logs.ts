import { textsIn } from "../core/value";
import { type Resource, type Stack } from "../core/resource";
import { type Check, isSet, type Rule } from "../core/rule";
import { everyItem, valuesAt } from "../core/property-rule";
import { buckets, bucketsOf, eachMust, logBuckets, loggings, valuesAtAny } from "./s3-buckets";

export const accessLogsRule: Rule = {
    kind: "stack",
    name: "s3-bucket-require-access-logs",
    description: "Buckets must log who used them, into another bucket.",
    severity: "medium",
    category: "logging",
    controls: ["S3-116"],
    remediation: "Add an aws.s3.BucketLogging with targetBucket.",
    check(stack: Stack, check: Check): void {
        const logs = logBuckets(stack);
        eachMust(stack, check, {
            types: loggings,
            values: (resource) => {
                if (!loggings.includes(resource.type)) {
                    return valuesAtAny(
                        resource.props,
                        ["logging", "targetBucket"],
                        ["loggings", everyItem, "targetBucket"],
                    );
                }
                // The name of a bucket of this stack need not be known.
                const isDeclared = bucketsOf(stack, resource, "targetBucket").length > 0;
                return [isDeclared ? resource.props : resource.props.at("targetBucket")];
            },
            test: isSet,
            message: "The bucket must have an aws.s3.BucketLogging.",
            // Logs about writing logs would never end.
            of: stack.ofType(...buckets).filter((bucket) => !logs.has(bucket)),
        });
    },
};

export const objectEventsRule: Rule = {
    kind: "resource",
    name: "s3-trail-require-object-events",
    description: "Trails must record who reads and writes objects.",
    severity: "low",
    category: "logging",
    controls: ["S3-125"],
    remediation:
        'Add eventSelectors with dataResources of type "AWS::S3::Object", or advancedEventSelectors for resources.type "AWS::S3::Object".',
    types: ["aws:cloudtrail/trail:Trail"],
    check(resource: Resource, check: Check): void {
        const { props } = resource;
        const kinds = [
            ...valuesAt(props, ["eventSelectors", everyItem, "dataResources", everyItem, "type"]),
            ...valuesAt(props, ["advancedEventSelectors", everyItem, "fieldSelectors", everyItem, "equals"]),
        ];
        const unknown = ["eventSelectors", "advancedEventSelectors"]
            .map((property) => props.at(property).firstUnknown)
            .find((value) => value !== undefined);
        if (kinds.some((kind) => textsIn(kind).includes("AWS::S3::Object"))) {
            return;
        }
        if (unknown) {
            check.undetermined(resource, unknown);
        } else {
            check.fail(resource, "eventSelectors", 'eventSelectors must have data events of "AWS::S3::Object".');
        }
    },
};
