import { z } from "zod";
import { mistypedFor } from "./closest";
import { has, isMap } from "./schema-nodes";

// Rules that tie settings together should run although one of a hundred settings is mistyped. So they get the settings
// with whatever could be read; reading what could not be ends the rule, whose diagnostics would mean nothing.

class Unreadable extends Error {}

/** `value` as `schema` reads it. Where it is wrong, reading it throws; all around stays readable. */
export function readableParts<T>(schema: z.ZodType<T>, value: unknown): T {
    return parts(schema, value) as T;
}

/** What `check` finds until it reads something that could not be read. */
export function* untilUnreadable<T>(check: () => Iterable<T>): Iterable<T> {
    try {
        yield* check();
    } catch (error) {
        if (!(error instanceof Unreadable)) {
            throw error;
        }
    }
}

const unreadable = Symbol("unreadable");

function parts(schema: z.ZodType, value: unknown): unknown {
    const result = schema.safeParse(value);
    if (result.success) {
        return result.data;
    }
    const wrapped = [z.ZodOptional, z.ZodDefault, z.ZodPrefault].some((wrapper) => schema instanceof wrapper);
    const inner = wrapped ? (schema as z.ZodOptional).unwrap() : schema;
    if (isMap(value) && inner instanceof z.ZodObject) {
        const shape = inner.shape as Record<string, z.ZodType>;
        // One that was left out by a typing mistake does not have its default.
        const isMistyped = (key: string): boolean =>
            !has(value, key) && mistypedFor(key, value, Object.keys(shape)) !== undefined;
        return guarded(
            Object.entries(shape).map(([key, each]) => [key, isMistyped(key) ? unreadable : parts(each, value[key])]),
        );
    }
    if (isMap(value) && inner instanceof z.ZodRecord) {
        return guarded(Object.entries(value).map(([key, each]) => [key, parts(inner.valueType as z.ZodType, each)]));
    }
    return unreadable;
}

function guarded(entries: [string, unknown][]): object {
    return new Proxy(Object.fromEntries(entries), {
        get(target, key, receiver) {
            const value: unknown = Reflect.get(target, key, receiver);
            if (value === unreadable) {
                throw new Unreadable();
            }
            return value;
        },
    });
}
