import { type Check } from ".";

/**
 * Values that broke while a program put texts together: JavaScript writes what is missing into them as `undefined`, and Pulumi
 * writes a warning in place of an Output. In names, ARNs, URLs and whole values nothing else can be meant. In prose and in code
 * these are words like others, so of a longer text only the ARNs and URLs in it are looked at, and what nobody writes by hand.
 */
export const brokenValues: Record<string, Check> = {
    "broken-value": (resources, report) => {
        for (const resource of resources) {
            for (const { path, broken } of brokenWithin(resource.inputs, "", "")) {
                report(
                    resource,
                    `${path} contains "${broken}": an Output was used as text, or a value is missing (if AWS computes it: plan/stand-ins.ts)`,
                );
            }
        }
    },
};

interface Broken {
    path: string;
    /** The part that gives it away. */
    broken: string;
}

/** @param property Name of the value, or of the list that it is in. */
function* brokenWithin(value: unknown, path: string, property: string): Iterable<Broken> {
    if (typeof value === "number" && !Number.isFinite(value)) {
        yield { path, broken: String(value) };
    } else if (typeof value === "string") {
        const inside = structure(value);
        const broken = inside === undefined ? brokenPart(value, property) : undefined;
        yield* broken === undefined ? brokenWithin(inside, path, property) : [{ path, broken }];
    } else if (typeof value === "object" && value !== null) {
        for (const [key, item] of Object.entries(value)) {
            const at = path === "" ? key : `${path}.${key}`;
            const broken = Array.isArray(value) ? undefined : brokenPart(key, "");
            yield* broken === undefined
                ? brokenWithin(item, at, Array.isArray(value) ? property : key)
                : [{ path: at, broken }];
        }
    }
}

const missing = /undefined|NaN|\[object Object\]/;
const missingInJson = new RegExp(`(?<=[:,[]\\s*)(?:${missing.source})(?=\\s*[,}\\]])`, "g");
const line = /^\s*(?:[#!].*|(?<key>[\w.-]+)\s*=\s*(?<value>.*))$/;

/** The values in a text of JSON, or of lines `key=value`; undefined for other texts. */
function structure(text: string): object | undefined {
    if (/^\s*[{[]/.test(text)) {
        // A template that lacks a value makes no JSON.
        return parseJson(text) ?? parseJson(text.replace(missingInJson, '"$&"'));
    }
    const lines = text.split("\n").filter((each) => each.trim() !== "");
    const pairs = lines.map((each) => line.exec(each)?.groups);
    return text.includes("=") && pairs.every((pair) => pair !== undefined)
        ? Object.fromEntries(pairs.flatMap(({ key, value }) => (key === undefined ? [] : [[key, value]])))
        : undefined;
}

function parseJson(text: string): object | undefined {
    try {
        return JSON.parse(text) as object;
    } catch {
        return undefined;
    }
}

// Their words have spaces between them and are no prose.
const expressions = new Set(["alarmRule", "recurrence", "schedule", "scheduleExpression"]);

/** ARNs, URLs and hosts of AWS. */
const links = /(?:\barn:[\w-]+:|\b[a-z][\w+.-]*:\/\/|\b[\w.-]+\.amazonaws\.com)[^\s"'`<>()]*/gi;

function brokenPart(text: string, property: string): string | undefined {
    // Code compares with a text like this, in quotes.
    const [unmistakable] =
        /Calling \[to(?:String|JSON)\]|(?<!["'`])\[object Object\]|\[object Object\](?!["'`])/.exec(text) ?? [];
    const isName = !/[\s"'`<>()]/.test(text);
    const names = isName || expressions.has(property) ? [text] : (text.match(links) ?? []);
    return (
        unmistakable ??
        names.flatMap((name) => name.split(/[^A-Za-z0-9]+/)).find((part) => /^(undefined|NaN)$/.test(part))
    );
}
