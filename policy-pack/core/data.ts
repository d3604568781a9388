import { type Resource } from "./resource";
import { type Check } from "./rule";
import { type Value } from "./value";

// What data stores have in common.

/** Whether it names a key of one's own, and not the one that AWS keeps for a service. */
export const isCustomerKey = ({ text = "" }: Value): boolean => text !== "" && !/(^|:)alias\/aws\//.test(text);

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
