import { parseJson, type Value } from "../core/value";

/** A policy document, with every single value written as a list. */
export interface Document {
    readonly version?: string;
    readonly statements: readonly Statement[];
}

/** A statement of a policy. What it doesn't name is an empty list: no element of a valid document is one. */
export interface Statement {
    readonly sid?: string;
    /** `Allow` where it is unknown: the reading that asks for more care. */
    readonly effect: "Allow" | "Deny";
    readonly actions: readonly string[];
    readonly notActions: readonly string[];
    readonly resources: readonly string[];
    readonly notResources: readonly string[];
    readonly principals: readonly Principal[];
    readonly notPrincipals: readonly Principal[];
    readonly conditions: readonly Condition[];
    /** Where the statement stands in the document. */
    readonly at: Value;
    /** The first part of it that is unknown, actions before all else. The lists have only what is known. */
    readonly unknown?: Value;
}

const principalKinds = ["AWS", "Service", "Federated", "CanonicalUser"] as const;

/** Somebody that a statement names. `"Principal": "*"` is of the kind `*`, unlike `"Principal": { "AWS": "*" }`. */
export interface Principal {
    readonly kind: (typeof principalKinds)[number] | "*";
    readonly value: string;
}

/** One key of a condition: it is met if the operator holds for one of the values, or for none if it is a negated one. */
export interface Condition {
    /** As written: `ForAnyValue:StringLikeIfExists`. */
    readonly operator: string;
    readonly key: string;
    readonly values: readonly string[];
}

/** A document that IAM would refuse: why, and where. */
interface Malformed {
    readonly malformed: string;
    readonly at: Value;
}

export type Parsed = Document | Malformed | { readonly unknown: Value };

export const isDocument = (parsed: Parsed): parsed is Document => "statements" in parsed;

const versions = ["2012-10-17", "2008-10-17"];

// More than any service takes: OpenSearch has 100 KiB, and an ARN has at most 2,048 characters.
const maximumCharacters = 128 * 1024;
const maximumOfText = 10_000;

/**
 * Reads a policy document from JSON text or from an object. Names of elements are read in any case, as IAM does. Never throws,
 * whatever is there.
 */
export function parseDocument(value: Value): Parsed {
    if (value.isUnknown) {
        return { unknown: value };
    }
    return value.text === undefined ? parse(value) : read.get(value, value.text);
}

/** What was read of late: many rules read the same document, one after the other. */
class Recent {
    private readonly byText = new Map<string, { value: Value; parsed: Parsed }>();
    private characters = 0;

    get(value: Value, text: string): Parsed {
        const known = this.byText.get(text);
        // The same text elsewhere has other paths in it.
        if (known?.value.path === value.path && known.value.sources.join() === value.sources.join()) {
            return known.parsed;
        }
        const parsed = parse(value);
        if (this.characters > 4_000_000) {
            this.byText.clear();
            this.characters = 0;
        }
        this.byText.set(text, { value, parsed });
        this.characters += text.length;
        return parsed;
    }
}

const read = new Recent();

function parse(value: Value): Parsed {
    const json = parseJson(value);
    if (json === "malformed") {
        return { malformed: "it is no JSON", at: value };
    }
    try {
        return readDocument(json);
    } catch (error) {
        if (error instanceof Refused) {
            return { malformed: error.message, at: error.at };
        }
        throw error;
    }
}

/** Why a document is no valid one. Never leaves this file. */
class Refused extends Error {
    constructor(
        message: string,
        readonly at: Value,
    ) {
        super(message);
    }
}

function readDocument(json: Value): Parsed {
    if (json.isUnknown) {
        return { unknown: json };
    }
    if (!isMap(json)) {
        throw new Refused("it is no JSON object", json);
    }
    const statement = element(json, "Statement");
    if (statement.isUnknown) {
        return { unknown: statement };
    }
    if (statement.isAbsent) {
        throw new Refused("it has no `Statement`", json);
    }
    const version = element(json, "Version");
    if (!version.isAbsent && !version.isUnknown && !versions.includes(version.text ?? "")) {
        throw new Refused(`\`Version\` must be ${versions.join(" or ")}`, version);
    }
    refuseHuge(json);
    return { version: version.text, statements: statement.items().map(readStatement) };
}

/** What no service takes is not worth the time that rules would need for it. */
function refuseHuge(document: Value): void {
    let characters = 0;
    for (const value of document.within()) {
        const { raw } = value;
        if (typeof raw === "string" && raw.length > maximumOfText) {
            throw new Refused(`a text must have at most ${maximumOfText} characters`, value);
        }
        characters +=
            typeof raw === "string" ? raw.length : isMap(value) ? Object.keys(raw as object).join().length : 1;
        if (characters > maximumCharacters) {
            throw new Refused(`it must have at most ${maximumCharacters} characters`, document);
        }
    }
}

function readStatement(at: Value): Statement {
    const unknown: Value[] = [];
    const note = (value: Value) => void unknown.push(value);
    if (at.isUnknown) {
        note(at);
    } else if (!isMap(at)) {
        throw new Refused("a statement must be an object", at);
    }
    const statement: Statement = {
        sid: element(at, "Sid").text,
        actions: readTexts(element(at, "Action"), note),
        notActions: readTexts(element(at, "NotAction"), note),
        effect: readEffect(element(at, "Effect"), note),
        resources: readTexts(element(at, "Resource"), note),
        notResources: readTexts(element(at, "NotResource"), note),
        principals: readPrincipals(element(at, "Principal"), note),
        notPrincipals: readPrincipals(element(at, "NotPrincipal"), note),
        conditions: readConditions(element(at, "Condition"), note),
        at,
    };
    for (const [name, needed] of pairs) {
        const both = !element(at, name).isAbsent && !element(at, `Not${name}`).isAbsent;
        const neither = element(at, name).isAbsent && element(at, `Not${name}`).isAbsent;
        if (!at.isUnknown && (both || (neither && needed))) {
            throw new Refused(
                `a statement must have ${both ? "only one of" : "either"} \`${name}\` or \`Not${name}\``,
                at,
            );
        }
    }
    return unknown.length === 0 ? statement : { ...statement, unknown: unknown[0] };
}

// A trust policy has no resource, an identity policy no principal.
const pairs: readonly (readonly [name: string, needed: boolean])[] = [
    ["Action", true],
    ["Resource", false],
    ["Principal", false],
];

type Note = (unknown: Value) => void;

function readEffect(value: Value, note: Note): "Allow" | "Deny" {
    if (value.isUnknown) {
        note(value);
        return "Allow";
    }
    if (value.text !== "Allow" && value.text !== "Deny") {
        throw new Refused("`Effect` must be Allow or Deny", value);
    }
    return value.text;
}

function readTexts(value: Value, note: Note): string[] {
    if (value.isAbsent) {
        return [];
    }
    const items = value.items();
    if (items.length === 0) {
        throw new Refused("the list must not be empty", value);
    }
    return items.flatMap((item) => {
        if (item.isUnknown) {
            note(item);
            return [];
        }
        if (item.text === undefined) {
            throw new Refused("it must be text or a list of texts", item);
        }
        return [item.text];
    });
}

function readPrincipals(value: Value, note: Note): Principal[] {
    if (value.isAbsent) {
        return [];
    }
    if (value.isUnknown) {
        note(value);
        return [];
    }
    if (value.text === "*") {
        return [{ kind: "*", value: "*" }];
    }
    if (!isMap(value) || value.entries().length === 0) {
        throw new Refused('a principal must be "*" or an object with AWS, Service, Federated or CanonicalUser', value);
    }
    return value.entries().flatMap(([name, named]) => {
        const kind = principalKinds.find((known) => known.toLowerCase() === name.toLowerCase());
        if (kind === undefined) {
            throw new Refused(`there is no kind of principal ${name}`, named);
        }
        return readTexts(named, note).map((text) => ({ kind, value: text }));
    });
}

function readConditions(value: Value, note: Note): Condition[] {
    if (value.isAbsent) {
        return [];
    }
    if (value.isUnknown) {
        note(value);
        return [];
    }
    if (!isMap(value)) {
        throw new Refused("`Condition` must be an object", value);
    }
    return value.entries().flatMap(([operator, keys]) => {
        if (keys.isUnknown) {
            note(keys);
            return [];
        }
        if (!isMap(keys)) {
            throw new Refused("an operator of a condition must have an object of keys", keys);
        }
        return keys.entries().map(([key, values]) => ({ operator, key, values: readConditionValues(values, note) }));
    });
}

function readConditionValues(value: Value, note: Note): string[] {
    if (value.isAbsent) {
        throw new Refused("a key of a condition must have a value", value);
    }
    return value.items().flatMap((item) => {
        if (item.isUnknown) {
            note(item);
            return [];
        }
        if (!["string", "number", "boolean"].includes(typeof item.raw)) {
            throw new Refused("a value of a condition must be text, a number or a boolean", item);
        }
        return [String(item.raw)];
    });
}

const isMap = (value: Value) =>
    typeof value.raw === "object" && value.raw !== null && !Array.isArray(value.raw) && !value.isUnknown;

/** The element of this name, written in its usual case or else in any other. */
function element(map: Value, name: string): Value {
    const exact = map.at(name);
    if (!exact.isAbsent || !isMap(map)) {
        return exact;
    }
    const other = map.entries().find(([key, value]) => key.toLowerCase() === name.toLowerCase() && !value.isAbsent);
    return other === undefined ? exact : other[1];
}
