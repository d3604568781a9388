import { type Resource } from "./resource";
import { type Check, type ResourceRule } from "./rule";
import { type Value } from "./value";

/** A rule about one property. */
export interface PropertyRule extends Omit<ResourceRule, "kind" | "check"> {
    /** Keys to the property, from the resource's properties down. {@link everyItem} stands for every member of a list. */
    path: readonly (string | number)[];
    /** What the value must pass. An absent value means what AWS does by default. */
    test: (value: Value, check: Check) => boolean;
    /** Whether an unknown value is right all the same, by what it is made of. */
    from?: (value: Value, check: Check) => boolean;
    /** Names the value that is required. */
    message: string | ((check: Check) => string);
    /** Whether the rule is about this resource at all, or the value that it hangs on while that is unknown. */
    when?: (resource: Resource, check: Check) => boolean | Value;
}

/** Every member of a list, in the path of a {@link propertyRule}. No member, nothing to test. */
export const everyItem = "*";

/** A rule that is one row: resources of these types, the property at this path, the test that it must pass. */
export function propertyRule({ path, test, from, message, when, ...info }: PropertyRule): ResourceRule {
    return {
        ...info,
        kind: "resource",
        check(resource, check) {
            const concerned = when?.(resource, check) ?? true;
            if (concerned === false) {
                return;
            }
            for (const value of valuesAt(resource.props, path)) {
                if (concerned === true || value.isUnknown) {
                    const text = typeof message === "string" ? message : message(check);
                    check.must(
                        resource,
                        value,
                        (tested) => test(tested, check),
                        text,
                        (unknown) => from?.(unknown, check) ?? false,
                    );
                } else if (!test(value, check)) {
                    check.undetermined(resource, concerned);
                }
            }
        },
    };
}

/** The values at a path: one, or as many as the lists on the way have members. */
export function valuesAt(value: Value, path: readonly (string | number)[]): Value[] {
    const [key, ...rest] = path;
    if (key === undefined) {
        return [value];
    }
    return (key === everyItem ? value.items() : [value.at(key)]).flatMap((child) => valuesAt(child, rest));
}
