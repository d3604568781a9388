import { type Resource, type Stack } from "../core/resource";
import { type Check } from "../core/rule";
import { everyItem, valuesAt } from "../core/property-rule";
import { type Value } from "../core/value";

/** Both type tokens of a resource that had a V2 for a while. */
export const tokens = (name: string): string[] => {
    const type = name[0]!.toUpperCase() + name.slice(1);
    return [`aws:s3/${name}:${type}`, `aws:s3/${name}V2:${type}V2`];
};

export const buckets = tokens("bucket");
export const accessBlocks = ["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"];
export const policies = ["aws:s3/bucketPolicy:BucketPolicy"];
export const versionings = tokens("bucketVersioning");
export const loggings = tokens("bucketLogging");
export const objects = [
    "aws:s3/bucketObject:BucketObject",
    "aws:s3/bucketObjectv2:BucketObjectv2",
    "aws:s3/objectCopy:ObjectCopy",
];
const loadBalancers = ["lb", "alb", "elasticloadbalancingv2", "applicationloadbalancing"].map(
    (module) => `aws:${module}/loadBalancer:LoadBalancer`,
);

/** All at once: the values at several paths. */
export const valuesAtAny = (value: Value, ...paths: (readonly (string | number)[])[]): Value[] =>
    paths.flatMap((path) => valuesAt(value, path));

/** Buckets that a property of another resource names, directly or by way of a satellite of the bucket. */
export function bucketsOf(stack: Stack, resource: Resource, property: string): Resource[] {
    const through = stack
        .references(resource, property, [...policies, ...accessBlocks, ...versionings])
        .flatMap((satellite) => stack.references(satellite, "bucket", buckets));
    return [...stack.references(resource, property, buckets), ...through];
}

/** Which resources of these types belong to which bucket; those whose bucket is not known belong to none. */
class Satellites {
    readonly lost: Resource[] = [];
    private readonly byBucket = new Map<Resource, Resource[]>();

    constructor(stack: Stack, types: readonly string[]) {
        const byName = new Map(
            stack.ofType(...buckets).flatMap((bucket) => {
                const name = bucket.props.at("bucket").text;
                return name === undefined ? [] : [[name, bucket] as const];
            }),
        );
        for (const satellite of stack.ofType(...types)) {
            const property = satellite.props.at("bucket");
            const named = property.text === undefined ? undefined : byName.get(property.text);
            const owners = named ? [named] : bucketsOf(stack, satellite, "bucket");
            if (owners.length === 0 && property.isUnknown) {
                this.lost.push(satellite);
            }
            for (const owner of owners) {
                this.byBucket.set(owner, [...(this.byBucket.get(owner) ?? []), satellite]);
            }
        }
    }

    of(bucket: Resource): Resource[] {
        return this.byBucket.get(bucket) ?? [];
    }
}

/** Buckets that logs of buckets and of load balancers are delivered to. */
export function logBuckets(stack: Stack): Set<Resource> {
    const writers: [resource: Resource, property: string, values: Value[]][] = [
        ...stack
            .ofType(...loggings)
            .map((resource): [Resource, string, Value[]] => [
                resource,
                "targetBucket",
                [resource.props.at("targetBucket")],
            ]),
        ...stack.ofType(...buckets).flatMap((resource): [Resource, string, Value[]][] => [
            [resource, "logging", [resource.props.at("logging", "targetBucket")]],
            [resource, "loggings", valuesAt(resource.props, ["loggings", everyItem, "targetBucket"])],
        ]),
        ...stack
            .ofType(...loadBalancers)
            .flatMap((resource) =>
                ["accessLogs", "connectionLogs"].map((property): [Resource, string, Value[]] => [
                    resource,
                    property,
                    [resource.props.at(property, "bucket")],
                ]),
            ),
    ];
    const names = new Set(writers.flatMap(([, , values]) => values.flatMap(({ text }) => text ?? [])));
    const named = stack.ofType(...buckets).filter(({ props }) => names.has(props.at("bucket").text ?? ""));
    const linked = writers.flatMap(([resource, property]) => bucketsOf(stack, resource, property));
    return new Set([...named, ...linked]);
}

interface Need {
    /** Satellites that may fulfil it. */
    types: readonly string[];
    /** What is tested: values of a satellite, or of a bucket that says it itself. */
    values: (resource: Resource) => Value[];
    test: (value: Value, bucket: Resource) => boolean;
    message: string;
    /** Which buckets need it. */
    of?: readonly Resource[];
}

/** Every bucket must have it, of itself or by a satellite. */
export function eachMust(stack: Stack, check: Check, { types, values, test, message, of }: Need): void {
    const satellites = new Satellites(stack, types);
    for (const bucket of of ?? stack.ofType(...buckets)) {
        const candidates = [bucket, ...satellites.of(bucket)].flatMap((resource) =>
            values(resource).map((value) => ({ resource, value })),
        );
        if (candidates.some(({ value }) => !value.isUnknown && test(value, bucket))) {
            continue;
        }
        const unknown = [
            ...candidates.map(({ resource, value }) => ({ resource, value: value.firstUnknown })),
            ...satellites.lost.map((resource) => ({ resource, value: resource.props.at("bucket") })),
        ].find(({ value }) => value !== undefined);
        const wrong = candidates.find(({ value }) => !value.isAbsent);
        if (unknown?.value) {
            check.undetermined(unknown.resource, unknown.value);
        } else {
            check.fail(wrong?.resource ?? bucket, wrong?.value ?? "bucket", message);
        }
    }
}
