import { z } from "zod";

/** One kind of message that crosses the border of a service. */
export interface Message {
    /** Name of its JSON Schema: `topic-ticks` is docs/schemas/topic-ticks.json. */
    id: string;
    title: string;
    /** What it says, in one or two sentences. */
    description: string;
    schema: z.ZodType;
    /** Complete messages, the most usual one first. */
    examples: [unknown, ...unknown[]];
}

/**
 * The schema as others read it. Fields may be added to a message at any time, so unknown ones are allowed in what is read;
 * what is written has the fields of the schema and no others.
 */
export function jsonSchema({ id, title, description, schema, examples }: Message): object {
    return {
        $id: `${id}.json`,
        title,
        description,
        ...z.toJSONSchema(schema, { io: "input", target: "draft-2020-12" }),
        examples,
    };
}

/** What is wrong with a message that somebody would write; nothing if it is right. */
export function problems(schema: z.ZodType, message: unknown): string[] {
    const { success, data, error } = schema.safeParse(message);
    if (!success) {
        return error.issues.map(({ path, message: text }) => `${path.join(".")}: ${text}`);
    }
    // Unknown fields are dropped while reading.
    return JSON.stringify(sorted(data)) === JSON.stringify(sorted(message))
        ? []
        : ["has fields that the schema has not"];
}

/** The same value with the keys of its maps in order. */
function sorted(value: unknown): unknown {
    if (Array.isArray(value)) {
        return value.map(sorted);
    }
    return typeof value === "object" && value !== null
        ? Object.fromEntries(
              Object.entries(value)
                  .sort(([a], [b]) => (a < b ? -1 : 1))
                  .map(([key, item]) => [key, sorted(item)]),
          )
        : value;
}
