/** A place where inputs differ. */
export interface Change {
    /** `volumes[0].name`; of a list without order, the list: `subnets`. */
    path: string;
    before: unknown;
    after: unknown;
}

/** What a comparison has to know of the type. Paths are without indices. */
export interface Comparison {
    /** Lists whose order means nothing. */
    sets?: string[];
    /** What stays as it was where it is left out. */
    computedIfAbsent?: string[];
}

/** The places where inputs differ in more than their writing. A value that is not known yet differs. */
export function compare(before: object, after: object, { sets = [], computedIfAbsent = [] }: Comparison): Change[] {
    const changes = new Map<string, Change>();

    function walk(path: string, from: unknown, to: unknown, isItem = false): void {
        if (written(path, from) === written(path, to)) {
            return;
        }
        if (isObject(from) && isObject(to)) {
            for (const key of new Set([...Object.keys(from), ...Object.keys(to)])) {
                walk(under(path, key), from[key], to[key]);
            }
        } else if (Array.isArray(from) && Array.isArray(to)) {
            const isSet = sets.includes(general(path));
            const [left, right] = isSet ? [without(path, from, to), without(path, to, from)] : [from, to];
            for (let index = 0; index < Math.max(left.length, right.length); index++) {
                walk(isSet ? path : `${path}[${index}]`, left[index], right[index], true);
            }
        } else if (isItem || !isAbsent(to) || !computedIfAbsent.includes(general(path))) {
            changes.set(path, { path, before: from, after: to });
        }
    }

    /** The items that are not among the others. */
    function without(path: string, items: unknown[], others: unknown[]): unknown[] {
        const known = others.map((item) => written(path, item));
        return items.filter((item) => !known.includes(written(path, item)));
    }

    /** Values that mean the same are written the same. */
    function written(path: string, value: unknown): string {
        if (isAbsent(value)) {
            return "";
        }
        if (Array.isArray(value)) {
            const items = value.map((item) => written(path, item));
            return `[${(sets.includes(general(path)) ? items.sort() : items).join(",")}]`;
        }
        if (isObject(value)) {
            const entries = Object.keys(value)
                .filter((key) => key !== "__defaults")
                .sort()
                .map((key) => `${JSON.stringify(key)}:${written(under(path, key), value[key])}`);
            return `{${entries.join(",")}}`;
        }
        const json = typeof value === "string" ? parsed(value) : undefined;
        return json === undefined ? JSON.stringify(String(value)) : `json ${written("json", json)}`;
    }

    walk("", before, after);
    return [...changes.values()];
}

/** Without indices and keys of maps. */
export const general = (path: string): string => path.replace(/\[("[^"]*"|\d+)\]/g, "");

/** The provider does not tell an empty list from none. */
export const isAbsent = (value: unknown): boolean =>
    value === undefined || value === null || (Array.isArray(value) && value.length === 0);

const isObject = (value: unknown): value is Record<string, unknown> =>
    typeof value === "object" && value !== null && !Array.isArray(value);

function under(path: string, key: string): string {
    if (!/^\w+$/.test(key)) {
        return `${path}["${key}"]`;
    }
    return path === "" ? key : `${path}.${key}`;
}

/** The object or list that a text is the JSON of. */
function parsed(text: string): unknown {
    if (!/^\s*[[{]/.test(text)) {
        return undefined;
    }
    try {
        return JSON.parse(text) as unknown;
    } catch {
        return undefined;
    }
}
