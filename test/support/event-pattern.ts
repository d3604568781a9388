/**
 * Whether EventBridge's pattern matches an event: the part of its language that rules here use. A list in the pattern is a
 * choice; a list in the event matches if one of its members does.
 *
 * @throws Error for what is not known here.
 */
export function matchesPattern(pattern: object, event: unknown): boolean {
    return Object.entries(pattern).every(([key, wanted]) => {
        if (key === "$or") {
            return (wanted as object[]).some((each) => matchesPattern(each, event));
        }
        const values = partsOf(event, key);
        return Array.isArray(wanted)
            ? wanted.some((each: unknown) => matchesValue(each, values))
            : values.some((value) => matchesPattern(wanted as object, value));
    });
}

/** The values of a property; of each member, if there is a list of objects. */
function partsOf(event: unknown, key: string): unknown[] {
    const objects = Array.isArray(event) ? event : [event];
    return objects.flatMap((each: unknown) => {
        const value = typeof each === "object" && each !== null ? (each as Record<string, unknown>)[key] : undefined;
        return value === undefined ? [] : Array.isArray(value) ? (value as unknown[]) : [value];
    });
}

function matchesValue(wanted: unknown, values: unknown[]): boolean {
    if (typeof wanted !== "object" || wanted === null) {
        return values.includes(wanted);
    }
    const [[operator, operand] = [], ...more] = Object.entries(wanted);
    if (more.length === 0 && operator === "prefix" && typeof operand === "string") {
        return values.some((value) => typeof value === "string" && value.startsWith(operand));
    }
    if (more.length === 0 && operator === "exists") {
        return values.length > 0 === operand;
    }
    throw new Error(`event pattern: ${JSON.stringify(wanted)} is not known here`);
}

/** What EventBridge's input transformer makes of an event. Parts that the event does not have are left out. */
export function transform(
    { inputPaths, inputTemplate }: { inputPaths: Record<string, string>; inputTemplate: string },
    event: unknown,
): string {
    const text = inputTemplate.replace(/<([\w-]+)>/g, (_whole, part: string) => {
        const path = inputPaths[part];
        if (path === undefined) {
            throw new Error(`input transformer: the template names <${part}>, for which there is no path`);
        }
        const found = path
            .slice("$.".length)
            .split(/\.|\[(\d+)\]\.?/)
            .filter(Boolean)
            .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], event);
        return typeof found === "string" || typeof found === "number" ? JSON.stringify(String(found)).slice(1, -1) : "";
    });
    return JSON.parse(text) as string;
}
