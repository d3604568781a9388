import { type Resource } from "./resource";
import { type Check, madeOf } from "./rule";
import { type Value } from "./value";

// What data stores have in common.

/** What gives the ARN of a key of one's own. */
const keys = [
    "aws:kms/key:Key",
    "aws:kms/replicaKey:ReplicaKey",
    "aws:kms/externalKey:ExternalKey",
    "aws:kms/replicaExternalKey:ReplicaExternalKey",
    "aws:kms/alias:Alias",
];

/** What a property that names a key must be: a key of one's own, and not the one that AWS keeps for a service. */
export const customerKey = {
    test: ({ text = "" }: Value): boolean => text !== "" && !/(^|:)alias\/aws\//.test(text),
    from: madeOf(keys),
};

/** The value is one of these, or left out: then it is AWS's default. */
export const isOrAbsent =
    (...allowed: unknown[]) =>
    (value: Value): boolean =>
        value.isAbsent || allowed.includes(value.raw);

/** Texts in a list. Members of other kinds are no texts. */
export const textsIn = (value: Value): string[] => value.items().flatMap(({ text }) => text ?? []);

/** At least one of these values must pass; while none does and one is unknown, it cannot be told. */
export function mustSome(
    check: Check,
    resource: Resource,
    candidates: readonly (readonly [value: Value, test: (value: Value) => boolean])[],
    message: string,
): void {
    if (candidates.some(([value, test]) => !value.isUnknown && test(value))) {
        return;
    }
    const unknown = candidates.map(([value]) => value.firstUnknown).find((value) => value !== undefined);
    if (unknown) {
        check.undetermined(resource, unknown);
    } else {
        check.fail(resource, candidates[0]?.[0] ?? "", message);
    }
}
