// What stands for a value that is not known before it exists, in what the engine sends to policies.
const unknowns: ReadonlySet<unknown> = new Set([
    "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
    "030794c1-ac77-496b-92df-f27374a8bd58",
    "e48ece36-62e2-4504-bad9-02848725956a",
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** Whether a value stands for one that is not known yet. */
export const isUnknown = (raw: unknown): boolean => unknowns.has(raw);

/** The sentinel of an unknown text, for tests. */
export const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/**
 * A value somewhere in the properties of a resource, with its path. It may be absent, or unknown: then everything below it
 * is unknown as well. Reading never throws, whatever is there.
 */
export class Value {
    constructor(
        /** The value itself; undefined if absent. */
        readonly raw: unknown,
        /** Path in the properties: `networkConfiguration.assignPublicIp`. */
        readonly path: string,
        /**
         * Types of the resources of this stack that the value was made of, one for each resource. What an unknown value will
         * be is told by them. Empty where nobody knows: while resources are judged one by one.
         */
        readonly sources: readonly string[] = [],
    ) {}

    /** Whether it will be known only when the resource exists. */
    get isUnknown(): boolean {
        return isUnknown(this.raw);
    }

    /** Whether it is left out. */
    get isAbsent(): boolean {
        return this.raw === undefined || this.raw === null;
    }

    /** Whether it is unknown, and made of at least `least` resources of these types. */
    comesFrom(types: readonly string[], least = 1): boolean {
        return this.isUnknown && this.sources.filter((type) => types.includes(type)).length >= least;
    }

    /** Whether it, or anything in it, is unknown. */
    get hasUnknown(): boolean {
        return this.firstUnknown !== undefined;
    }

    /** The first unknown value in it, itself included. */
    get firstUnknown(): Value | undefined {
        for (const value of this.within()) {
            if (value.isUnknown) {
                return value;
            }
        }
        return undefined;
    }

    /** It and all values in it, in the order in which they are written. However deep they lie: this doesn't recurse. */
    *within(): Generator<Value> {
        const pending: Value[] = [this];
        for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
            yield next;
            const children = next.children();
            for (let index = children.length - 1; index >= 0; index--) {
                pending.push(children[index]!);
            }
        }
    }

    /** All texts in it, itself included. */
    get texts(): string[] {
        const texts: string[] = [];
        for (const { text } of this.within()) {
            if (text !== undefined) {
                texts.push(text);
            }
        }
        return texts;
    }

    /** The value at these keys below. Absent where there is none; unknown below what is unknown. */
    at(...keys: (string | number)[]): Value {
        return keys.reduce<Value>((value, key) => value.child(key), this);
    }

    /** Members of a list. A single value counts as a list of one, as in IAM; what is absent as an empty one. */
    items(): Value[] {
        if (this.isAbsent) {
            return [];
        }
        return Array.isArray(this.raw) ? Array.from(this.raw, (_item, index) => this.child(index)) : [this];
    }

    /** Members of a map, with their keys; none if it is something else. */
    entries(): [key: string, value: Value][] {
        return isMap(this.raw) ? Object.keys(this.raw).map((key) => [key, this.child(key)]) : [];
    }

    /** The value as text, or undefined if it is anything else. */
    get text(): string | undefined {
        return typeof this.raw === "string" && !this.isUnknown ? this.raw : undefined;
    }

    /** The value for a message: as it is written, or what kind of thing it is. */
    get written(): string {
        return typeof this.raw !== "object" || this.raw === null
            ? String(this.raw)
            : isMap(this.raw)
              ? "a map"
              : "a list";
    }

    /** The value as a number, also if it is written as text; undefined if it is none. */
    get number(): number | undefined {
        const number =
            typeof this.raw === "number" ? this.raw : this.text === undefined ? NaN : Number(this.text || NaN);
        return Number.isFinite(number) ? number : undefined;
    }

    protected child(key: string | number): Value {
        const path = typeof key === "number" ? `${this.path}[${key}]` : this.path === "" ? key : `${this.path}.${key}`;
        if (this.isUnknown) {
            return new Value(this.raw, path, this.sources);
        }
        const has =
            typeof this.raw === "object" && this.raw !== null && Object.prototype.hasOwnProperty.call(this.raw, key);
        return new Value(has ? (this.raw as Record<string | number, unknown>)[key] : undefined, path, this.sources);
    }

    private children(): Value[] {
        return Array.isArray(this.raw) ? this.items() : this.entries().map(([, value]) => value);
    }
}

/** All properties of a resource. */
export class Properties extends Value {
    constructor(
        raw: unknown,
        /** Types of the resources of this stack that each property was made of. */
        private readonly madeOf: ReadonlyMap<string, readonly string[]> = new Map(),
    ) {
        super(raw, "");
    }

    protected override child(key: string | number): Value {
        const { raw, path } = super.child(key);
        return new Value(raw, path, this.madeOf.get(String(key)));
    }
}

/** Texts in a list. Members of other kinds are no texts. */
export const textsIn = (value: Value): string[] => value.items().flatMap(({ text }) => text ?? []);

/** All values at keys of such names, at any depth, with the top-level property that they are in. In a value that is one, none is looked for. */
export function valuesByKey(props: Value, keys: RegExp): { property: string; value: Value }[] {
    return props.entries().flatMap(([property, top]) => {
        const found: { property: string; value: Value }[] = [];
        const pending: [key: string, value: Value][] = [[property, top]];
        for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
            const [key, value] = next;
            if (keys.test(key)) {
                found.push({ property, value });
            } else {
                const below = Array.isArray(value.raw)
                    ? value.items().flatMap((item) => item.entries())
                    : value.entries();
                for (let index = below.length - 1; index >= 0; index--) {
                    pending.push(below[index]!);
                }
            }
        }
        return found;
    });
}

export const isMap = (value: unknown): value is Record<string, unknown> =>
    typeof value === "object" && value !== null && !Array.isArray(value);

/** The value of a JSON text, with paths that go on through it. `malformed` if it is no JSON. Objects are taken as they are. */
export function parseJson(value: Value): Value | "malformed" {
    if (value.text === undefined) {
        return value;
    }
    try {
        return new Value(JSON.parse(value.text) as unknown, value.path, value.sources);
    } catch {
        return "malformed";
    }
}
