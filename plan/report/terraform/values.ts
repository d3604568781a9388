import { secretMask, shownInputs } from "../../recording";
import { unknown } from "../../wire";
import { type FieldMapping, snakeCase, type TypeMapping } from "./mapping";
import { type LeftOut, type Placed } from "./placement";
import { referenceTexts, type References } from "./references";

/** A value in the forms that a Terraform plan has it in. What is not said is undefined. */
interface Rendered {
    /** As far as it is known. */
    after?: unknown;
    /** `true` in place of what is not known, in the shape of the value. */
    afterUnknown?: unknown;
    /** `true` in place of what is secret, in the shape of the value. */
    afterSensitive?: unknown;
    /** Where it comes from: a constant, references, or these by field for a block. */
    expression?: unknown;
}

/** A resource's values in the forms that a Terraform plan has them in. */
export interface RenderedResource {
    after: Record<string, unknown>;
    afterUnknown: Record<string, unknown>;
    afterSensitive: Record<string, unknown>;
    expressions: Record<string, unknown>;
    /** Addresses of resources that it waits for, though it holds no value of theirs. */
    dependsOn: string[];
    leftOut: LeftOut[];
}

/** Turns the inputs of a resource into Terraform's. */
export function render(placed: Placed, references: References): RenderedResource {
    const renderer = new Renderer(placed, references);
    const inputs = shownInputs(placed.resource);
    const { after, afterUnknown, afterSensitive, expression } = renderer.fields(inputs, placed.mapping, []);
    const known = { after, afterUnknown, afterSensitive } as Record<string, Record<string, unknown>>;
    const named = new Set([...Object.keys(known.after!), ...Object.keys(known.afterUnknown!)]);
    const computed = placed.mapping.computed.filter((name) => !named.has(name));
    return {
        after: known.after!,
        afterUnknown: { ...known.afterUnknown, ...Object.fromEntries(computed.map((name) => [name, true])) },
        afterSensitive: known.afterSensitive!,
        expressions: expression as Record<string, unknown>,
        dependsOn: references
            .dependencies(placed)
            .filter((dependency) => !renderer.referred.has(dependency))
            .map((dependency) => referenceTexts(placed, dependency).at(-1)!),
        leftOut: renderer.leftOut,
    };
}

class Renderer {
    readonly leftOut: LeftOut[] = [];
    /** Resources that an expression refers to. */
    readonly referred = new Set<Placed>();
    /** Resources that the input under way refers to, by the recording. */
    private targets: Placed[] = [];
    /** Terraform's name of the field under way. */
    private fieldName = "";

    constructor(
        private readonly self: Placed,
        private readonly references: References,
    ) {}

    /** An object by its properties. */
    fields(
        object: Record<string, unknown>,
        mapping: Pick<TypeMapping, "fields" | "unknown">,
        path: string[],
    ): Rendered {
        const result = { after: {}, afterUnknown: {}, afterSensitive: {}, expression: {} };
        for (const [property, value] of Object.entries(object)) {
            if (path.length === 0) {
                this.targets = this.references.targets(this.self, property);
            }
            if (mapping.unknown?.includes(property)) {
                this.leaveOut([...path, property], "Terraform has no such property");
                continue;
            }
            const field = mapping.fields?.[property] ?? {};
            const name = field.name ?? snakeCase(property);
            this.fieldName = name;
            assign(result, name, this.field(value, field, [...path, property]));
        }
        return result;
    }

    private field(value: unknown, field: FieldMapping, path: string[]): Rendered {
        if (value === unknown || value === secretMask) {
            return this.leaf(value);
        }
        if (field.asset) {
            return this.asset(value);
        }
        if (field.json && typeof value === "object") {
            return this.leaf(JSON.stringify(value));
        }
        if (!field.fields) {
            return this.plain(field.single ? [value] : value, field.set);
        }
        const blocks = (Array.isArray(value) ? value : [value]).map((block) =>
            isObject(block) ? this.fields(block, field, path) : this.leaf(block),
        );
        return Array.isArray(value) || field.single ? list(blocks, (expressions) => expressions) : blocks[0]!;
    }

    /** A value that is in Terraform as it is in Pulumi. Its expression is one, however deep it is. */
    private plain(value: unknown, isSet?: boolean): Rendered {
        if (Array.isArray(value)) {
            const items = value.map((item) => this.plain(item));
            if (isSet && items.some(({ afterUnknown }) => afterUnknown !== undefined)) {
                return { afterUnknown: true, expression: merged(value, items) };
            }
            return list(items, () => merged(value, items));
        }
        if (!isObject(value)) {
            return this.leaf(value);
        }
        const result = { after: {}, afterUnknown: {}, afterSensitive: {}, expression: {} };
        const items = Object.entries(value).map(([key, item]) => {
            this.fieldName = key;
            const rendered = this.plain(item);
            assign(result, key, rendered);
            return rendered;
        });
        return { ...result, expression: merged(value, items) };
    }

    private leaf(value: unknown): Rendered {
        if (value === unknown) {
            return { afterUnknown: true, expression: this.refer(this.targets.map((to) => ({ to }))) };
        }
        if (value === secretMask) {
            return { after: value, afterSensitive: true, expression: { constant_value: value } };
        }
        if (typeof value !== "string") {
            return { after: value, expression: { constant_value: value } };
        }
        const source = this.references.source(value, this.fieldName, this.targets, this.self);
        if (source.length > 0) {
            const expression = this.refer(source.map(({ of, name }) => ({ to: of, attribute: name })));
            return source[0]!.computed ? { afterUnknown: true, expression } : { after: value, expression };
        }
        const mentioned = this.references.mentioned(value, this.targets);
        if (mentioned.length > 0) {
            const parts = mentioned.map(({ of, name }) => ({ to: of, attribute: name }));
            return { after: value, expression: this.refer(parts) };
        }
        return { after: value, expression: { constant_value: value } };
    }

    /** Terraform takes a file by its path. What Pulumi packs itself has none. */
    private asset(value: unknown): Rendered {
        const path = isObject(value) ? value.path : undefined;
        return typeof path === "string" ? this.leaf(path) : { afterUnknown: true, expression: {} };
    }

    private refer(parts: { to: Placed; attribute?: string }[]): object {
        parts.forEach(({ to }) => this.referred.add(to));
        const texts = parts.flatMap(({ to, attribute }) => referenceTexts(this.self, to, attribute));
        return texts.length === 0 ? {} : { references: [...new Set(texts)] };
    }

    private leaveOut(path: string[], reason: string): void {
        this.leftOut.push({ urn: this.self.resource.urn, property: path.join("."), reason });
    }
}

/** Puts a field into the forms of its object. An unknown value has no place among the known ones. */
function assign(
    object: Required<Rendered>,
    name: string,
    { after, afterUnknown, afterSensitive, expression }: Rendered,
): void {
    const set = (form: unknown, value: unknown): void => {
        if (value !== undefined) {
            (form as Record<string, unknown>)[name] = value;
        }
    };
    set(object.after, after);
    set(object.afterUnknown, afterUnknown);
    set(object.afterSensitive, afterSensitive);
    set(object.expression, expression);
}

/** A list: an item that is not known is null in it, since it has its place. */
function list(items: Rendered[], expression: (expressions: unknown[]) => unknown): Rendered {
    return {
        after: items.map(({ after }) => after ?? null),
        afterUnknown: shape(items.map(({ afterUnknown }) => afterUnknown)),
        afterSensitive: shape(items.map(({ afterSensitive }) => afterSensitive)),
        expression: expression(items.map((item) => item.expression)),
    };
}

/** In lists, `false` and `{}` stand for what is neither unknown nor secret. */
const shape = (items: unknown[]): unknown[] | undefined =>
    items.some((item) => item !== undefined) ? items.map((item) => item ?? false) : undefined;

/** One expression for a value that is made of several: all that they refer to, or the constant that they are. */
function merged(value: unknown, items: Rendered[]): object {
    const references = items.flatMap(({ expression }) => (expression as { references?: string[] }).references ?? []);
    const isConstant = items.every(({ expression }) => "constant_value" in (expression as object));
    return references.length > 0
        ? { references: [...new Set(references)] }
        : isConstant || items.length === 0
          ? { constant_value: value }
          : {};
}

const isObject = (value: unknown): value is Record<string, unknown> =>
    typeof value === "object" && value !== null && !Array.isArray(value);
