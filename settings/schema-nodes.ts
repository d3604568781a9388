import { z } from "zod";
import { type ChangeEffect, settingsSchema } from "./schema";

// The schema as plain data: what errors, mending commands and docs/settings.md are written from.

/** A place in the settings, in the terms of JSON Schema. */
export interface SchemaNode {
    type?: "object" | "array" | "string" | "integer" | "number" | "boolean";
    description?: string;
    default?: unknown;
    examples?: unknown[];
    /** Ends the sentence "must be ..." where a pattern alone would tell people nothing. */
    allowed?: string;
    /** What a change does to a stack that is deployed, where it is not simply made. */
    change?: ChangeEffect;
    /** Why a number has its limits, where that is not plain. */
    why?: string;
    enum?: (string | number)[];
    const?: string;
    pattern?: string;
    minimum?: number;
    maximum?: number;
    maxLength?: number;
    /** Keys of a map whose keys are fixed. */
    properties?: Record<string, SchemaNode>;
    required?: string[];
    /** Values of a map whose keys are names of people's own. */
    additionalProperties?: false | SchemaNode;
    /** Names in such a map. */
    propertyNames?: SchemaNode;
    items?: SchemaNode;
    minItems?: number;
    maxItems?: number;
    /** Forms of a map, told apart by one of its keys. */
    oneOf?: SchemaNode[];
}

let root: SchemaNode | undefined;

/** All settings: a map of the `aipx:` keys without their namespace. */
export function settingsNode(): SchemaNode {
    return (root ??= z.toJSONSchema(settingsSchema, { io: "input" }) as SchemaNode);
}

/** A setting that has a value of its own. */
export interface Setting {
    /** `aipx:kafka.topics.NAME.partitions`; `NAME` stands for a name of people's own. */
    path: string;
    node: SchemaNode;
    required: boolean;
}

/** All settings, in the order of the schema. A map whose keys are names of people's own is one, beside those in it. */
export const allSettings = (): Setting[] => settingsIn("aipx:", settingsNode());

export function settingsIn(path: string, node: SchemaNode, required = true): Setting[] {
    if (node.properties && !node.oneOf) {
        const { required: names = [] } = node;
        return Object.entries(node.properties).flatMap(([key, each]) =>
            settingsIn(path.endsWith(":") ? `${path}${key}` : `${path}.${key}`, each, names.includes(key)),
        );
    }
    const inside = node.additionalProperties ? settingsIn(`${path}.NAME`, node.additionalProperties) : [];
    return [{ path, node, required }, ...inside];
}

/** The node of a value inside `value`, which `node` describes. Of several forms, the one that `value` has. */
export function childNode(node: SchemaNode | undefined, key: string | number, value: unknown): SchemaNode | undefined {
    const form = formOf(node, value);
    if (typeof key === "number") {
        return form?.items;
    }
    if (form?.oneOf) {
        const choices = form.oneOf.flatMap((each) => each.properties?.[key]?.const ?? []);
        return choices.length === 0 ? undefined : { enum: choices };
    }
    return form?.properties && has(form.properties, key)
        ? form.properties[key]
        : form?.additionalProperties || undefined;
}

/** The form that `value` has; the node itself if there are no forms, or `value` has none of them. */
export function formOf(node: SchemaNode | undefined, value: unknown): SchemaNode | undefined {
    return node?.oneOf?.find((form) => hasForm(form, value)) ?? node;
}

function hasForm(form: SchemaNode, value: unknown): boolean {
    return (
        isMap(value) &&
        Object.entries(form.properties ?? {}).every(
            ([key, { const: fixed }]) => fixed === undefined || value[key] === fixed,
        )
    );
}

/** What is allowed at a node: ends the sentence "must be ...". */
export function allowed(node: SchemaNode): string {
    if (node.oneOf) {
        const sources = node.oneOf.flatMap((form) =>
            Object.values(form.properties ?? {}).flatMap((each) => each.const ?? []),
        );
        return `a map whose source is ${oneOf(sources)}`;
    }
    if (node.enum) {
        return node.enum.length === 1 ? String(node.enum[0]) : `one of ${node.enum.join(", ")}`;
    }
    if (node.type === "object") {
        const keys = Object.keys(node.properties ?? {});
        return keys.length === 0 ? "a map" : `a map with the key${keys.length === 1 ? "" : "s"} ${keys.join(", ")}`;
    }
    if (node.type === "array") {
        return `a list${listLength(node)}${node.items ? `, each ${allowed(node.items)}` : ""}`;
    }
    if (node.type === "integer") {
        return `a whole number from ${node.minimum} to ${node.maximum}${node.why ? `: ${node.why}` : ""}`;
    }
    if (node.type === "boolean") {
        return "true or false";
    }
    return `${node.allowed ?? node.const ?? "text"}${node.maxLength === undefined ? "" : `, at most ${node.maxLength} characters`}`;
}

function listLength({ minItems, maxItems }: SchemaNode): string {
    if (minItems !== undefined && maxItems !== undefined) {
        return ` of ${minItems} ${maxItems === minItems + 1 ? "or" : "to"} ${maxItems}`;
    }
    if (maxItems !== undefined) {
        return ` of at most ${maxItems}`;
    }
    return minItems === undefined ? "" : ` of at least ${minItems}`;
}

/** `a, b or c`. */
export function oneOf(names: readonly (string | number)[]): string {
    return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} or ${names[names.length - 1]}`;
}

/** `a, b and c`. */
export function allOf(names: readonly (string | number)[]): string {
    return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`;
}

/** A value that fits the node; of a map, one with the required keys only. */
export function example(node: SchemaNode): unknown {
    if (node.examples) {
        return node.examples[0];
    }
    if (node.oneOf) {
        return example(node.oneOf[0] as SchemaNode);
    }
    if (node.properties) {
        return Object.fromEntries(
            (node.required ?? []).map((key) => [
                key,
                example((node.properties as Record<string, SchemaNode>)[key] as SchemaNode),
            ]),
        );
    }
    return node.const ?? node.enum?.[0] ?? node.default;
}

/** Whether a value is a map: neither a list nor null. */
export function isMap(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a map has a key of its own. */
export function has(map: object, key: string | number): boolean {
    return Object.prototype.hasOwnProperty.call(map, key);
}
