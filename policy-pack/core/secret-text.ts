import { type Value } from "./value";

/** Words at the end of a variable's name that say that its value is a secret. */
const secretNames =
    /(^|_)(password|passwd|passphrase|secret|secret_?key|token|api_?key|app_?key|app_?secret|access_?key|access_?key_?id|secret_?access_?key|private_?key|signing_?key|encryption_?key|credentials?|connection_?string)$/;

/** Values that only a secret looks like. */
const secretValues: readonly RegExp[] = [
    /\b(AKIA|ASIA)[0-9A-Z]{16}\b/,
    /-----BEGIN [A-Z ]{0,40}PRIVATE KEY/,
    /\beyJ[\w-]{10,1000}\.eyJ[\w-]{10,}\./,
    /\b(gh[pousr]_|github_pat_|glpat-|xox[abeprs]-|sk_live_|rk_live_|sk-ant-|AIza)[\w-]{10,}/,
    /hooks\.slack\.com\/services\/\w/,
    /\b\d{8,10}:AA[\w-]{30,}/,
    /:\/\/[^/\s:@]*:[^/\s@]+@/,
];

// Long hexadecimal values that tell which version runs are no secrets.
const versionNames = /(sha|sha256|digest|hash|commit|revision|version|fingerprint|checksum|_id)$/;

/** Why a variable seems to hold a secret; undefined if it does not. The reason never repeats the value. */
export function secretReason(name: string, value: Value): string | undefined {
    const plain = name.replace(/([a-z\d])([A-Z])/g, "$1_$2").toLowerCase();
    const text = value.text ?? "";
    // What merely refers to a secret: its ARN, its name in parts (`aipx/dev/tokens`), the path of a file, a switch.
    const refers = text === "" || /^(arn:|\/|true$|false$|\d{1,6}$|[a-z\d-]+(\/[a-z\d-]+)+$)/.test(text);
    if (secretNames.test(plain) && !refers) {
        return "its name says that it is a secret";
    }
    if (secretValues.some((pattern) => pattern.test(text))) {
        return "its value has the form of a secret";
    }
    return looksRandom(text, versionNames.test(plain)) ? "its value is as random as a key" : undefined;
}

/** Whether a variable's name alone says that its value is a secret. */
export const hasSecretName = (name: string): boolean =>
    secretNames.test(name.replace(/([a-z\d])([A-Z])/g, "$1_$2").toLowerCase());

function looksRandom(text: string, isVersion: boolean): boolean {
    if (/^([\da-f]{32,}|[\dA-F]{32,})$/.test(text)) {
        return !isVersion && entropy(text) > 3;
    }
    if (!/^[\w+/=-]{20,512}$/.test(text)) {
        return false;
    }
    const rest = text.replace(uuid, "");
    const [start = ""] = words.exec(rest) ?? [];
    return start.length < 5
        ? isMixed(rest)
        : rest.split(/[-_]/).some((part) => isMixed(part.replace(words, ""), longestSuffix + 1));
}

/** Readable words at the beginning of a name, with what joins them: `aipx-prod-OrdersQueue-`, `ap-northeast-2_`. */
const words = /^(?:[A-Z]?[a-z]{2,}|[A-Z]{2,}(?![a-z])|\d{1,4}(?=[-_/]|[A-Z][a-z])|[-_/])+/;

const uuid = /[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}/;

/**
 * What makes a generated name unique stands behind words and is shorter than a key: 7 hexadecimal digits of Pulumi, 8 of the
 * CDK, 12 or 13 characters of CloudFormation, several of them in the names of nested stacks.
 */
const longestSuffix = 15;

// Words joined to a name change between small letters, capitals and digits far less often than random text.
const isMixed = (text: string, atLeast = 20): boolean =>
    text.length >= atLeast &&
    /[a-z]/.test(text) &&
    /[A-Z]/.test(text) &&
    /\d/.test(text) &&
    entropy(text) >= 3.5 &&
    classChanges(text) / text.length >= 0.35;

/** Bits for each character. */
function entropy(text: string): number {
    const counts = new Map<string, number>();
    for (const character of text) {
        counts.set(character, (counts.get(character) ?? 0) + 1);
    }
    return [...counts.values()].reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0);
}

function classChanges(text: string): number {
    const classes = text
        .replace(/[a-z]/g, "a")
        .replace(/[A-Z]/g, "A")
        .replace(/\d/g, "0")
        .replace(/[^aA0]/g, "-");
    return [...classes].filter((character, index) => index > 0 && character !== classes[index - 1]).length;
}
