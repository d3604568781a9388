/** Keys of a request's context and their values, in any case. A list is a key with several values. */
export type Context = Readonly<Record<string, string | readonly string[]>>;

const any = Symbol("*");
const one = Symbol("?");

// A character, a wildcard, or the whole of a policy variable that isn't resolved.
type Token = string | typeof any | typeof one;

interface PatternOptions {
    readonly ignoreCase?: boolean;
    /** Resolves policy variables by these keys. Without it, a variable stands for itself. */
    readonly context?: Context;
    /** Whether `*` and `?` stand for themselves. */
    readonly literal?: boolean;
    /** Whether `${...}` stands for itself, as in documents of before 2012. */
    readonly noVariables?: boolean;
}

/** Whether a text matches a pattern with `*` and `?`. A variable without a value matches nothing, as in IAM. */
export function matches(pattern: string, text: string, options: PatternOptions = {}): boolean {
    const tokens = tokenize(pattern, options);
    return tokens !== undefined && tokensMatch(tokens, [...(options.ignoreCase ? text.toLowerCase() : text)]);
}

/** Whether all policy variables of a pattern have a value. */
export const resolves = (pattern: string, options: PatternOptions): boolean => tokenize(pattern, options) !== undefined;

/** Whether every text that matches `narrow` matches `wide` as well. A policy variable may be any text. */
export function covers(wide: string, narrow: string, options: PatternOptions = {}): boolean {
    const [a, b] = [tokenize(wide, options), tokenize(narrow, options)];
    return a !== undefined && b !== undefined && (tokensMatch(a, b) || tokensCover(a, b));
}

/** Whether some text matches both patterns. A policy variable may be any text. */
export function intersects(left: string, right: string, options: PatternOptions = {}): boolean {
    const [a, b] = [tokenize(left, options), tokenize(right, options)];
    return a !== undefined && b !== undefined && tokensIntersect(a, b);
}

const action = { ignoreCase: true, noVariables: true };

/** Whether an action such as `s3:GetObject` matches a pattern such as `s3:get*`. */
export const actionMatches = (pattern: string, name: string): boolean => matches(pattern, name, action);

/** The same for many names: reads the pattern only once. */
export function actionMatcher(pattern: string): (name: string) => boolean {
    const tokens = tokenize(pattern, action) ?? [];
    const least = tokens.filter((token) => token !== any).length;
    return (name) => name.length >= least && tokensMatch(tokens, [...name.toLowerCase()]);
}

/** Whether an action pattern covers all actions of another. */
export const actionCovers = (wide: string, narrow: string): boolean => covers(wide, narrow, action);

/** Whether two action patterns may mean the same action. */
export const actionsIntersect = (left: string, right: string): boolean => intersects(left, right, action);

/** Whether the resource of a request matches a pattern of `Resource`. The resource `*` is matched by `*` only. */
export function resourceMatches(pattern: string, resource: string, options: PatternOptions = {}): boolean {
    if (isEverything(pattern)) {
        return true;
    }
    const given = arnSegments(resource);
    if (resource === "*" || !isArn(pattern) || given.length < arnLength) {
        return resource !== "*" && matches(pattern, resource, options);
    }
    // A `*` at the end of a segment goes on over colons, so a short pattern can still be the whole of a longer ARN.
    return (
        zip(arnSegments(pattern), given).every(([ours, theirs, isResource]) =>
            matches(ours, theirs, { ...options, ignoreCase: !isResource }),
        ) ||
        (isShortArn(pattern) && matches(pattern, resource, options))
    );
}

/** Whether a pattern of `Resource` covers all that another one does. */
export function resourceCovers(wide: string, narrow: string): boolean {
    if (isEverything(wide)) {
        return true;
    }
    if (!isArn(wide) || !isArn(narrow)) {
        return !isEverything(narrow) && covers(wide, narrow);
    }
    return zip(arnSegments(wide), arnSegments(narrow)).every(([ours, theirs, isResource]) =>
        covers(ours, theirs, { ignoreCase: !isResource }),
    );
}

/** Whether two patterns of `Resource` have a resource in common. */
export function resourcesIntersect(left: string, right: string): boolean {
    if (!isArn(left) || !isArn(right)) {
        return intersects(left, right);
    }
    return zip(arnSegments(left), arnSegments(right)).every(([ours, theirs, isResource]) =>
        intersects(ours, theirs, { ignoreCase: !isResource }),
    );
}

/** Whether a pattern is `*`, or `**`. */
export const isEverything = (pattern: string): boolean => /^\*+$/.test(pattern);

/** Whether a text is an ARN or a pattern of ARNs, however short. */
export const isArn = (text: string): boolean => text.startsWith("arn:");

const arnLength = 6;

const isShortArn = (arn: string): boolean => splitOutsideVariables(arn).length < arnLength;

/** The six parts of an ARN or a pattern of ARNs. What a short pattern leaves out is `*`, and the last part has all the rest. */
export function arnSegments(arn: string): string[] {
    const parts = splitOutsideVariables(arn);
    if (parts.length < arnLength) {
        return isArn(arn) ? [...parts, ...Array<string>(arnLength - parts.length).fill("*")] : parts;
    }
    return [...parts.slice(0, arnLength - 1), parts.slice(arnLength - 1).join(":")];
}

// The names of policy variables have colons themselves.
function splitOutsideVariables(arn: string): string[] {
    const parts = [""];
    for (const piece of splitVariables(arn)) {
        const [first = "", ...more] = isVariable(piece) ? [piece] : piece.split(":");
        parts[parts.length - 1] += first;
        for (const part of more) {
            parts.push(part);
        }
    }
    return parts;
}

/** A text cut before and after each variable. Not by a regular expression: those look for the end of each of many `${` anew. */
function splitVariables(text: string): string[] {
    const pieces: string[] = [];
    let at = 0;
    for (;;) {
        const start = text.indexOf("${", at);
        const end = start === -1 ? -1 : text.indexOf("}", start) + 1;
        if (end <= 0) {
            return [...pieces, text.slice(at)];
        }
        pieces.push(text.slice(at, start), text.slice(start, end));
        at = end;
    }
}

const zip = (left: string[], right: string[]): [left: string, right: string, isResource: boolean][] =>
    left.map((segment, index) => [segment, right[index] ?? "", index === arnLength - 1]);

/** The value of a key in a context, whatever the case it is written in. */
export function contextValue(context: Context, key: string): string | readonly string[] | undefined {
    if (Object.prototype.hasOwnProperty.call(context, key)) {
        return context[key];
    }
    const wanted = key.toLowerCase();
    return Object.entries(context).find(([name]) => name.toLowerCase() === wanted)?.[1];
}

// Undefined if a variable has no value.
function tokenize(pattern: string, options: PatternOptions): Token[] | undefined {
    const fold = (text: string): string => (options.ignoreCase ? text.toLowerCase() : text);
    const tokens: Token[] = [];
    for (const piece of options.noVariables ? [pattern] : splitVariables(pattern)) {
        if (!options.noVariables && isVariable(piece) && piece.length > 3) {
            const resolved = variable(piece, options);
            if (resolved === undefined) {
                return undefined;
            }
            for (const token of resolved === piece ? [piece] : fold(resolved)) {
                tokens.push(token);
            }
        } else {
            for (const symbol of fold(piece)) {
                addSymbol(tokens, symbol, options);
            }
        }
    }
    return tokens;
}

function addSymbol(tokens: Token[], symbol: string, { literal }: PatternOptions): void {
    if (!literal && symbol === "*") {
        // A second `*` adds nothing, and `*?` is `?*`: one form for the same thing.
        if (tokens[tokens.length - 1] !== any) {
            tokens.push(any);
        }
    } else if (!literal && symbol === "?") {
        tokens.splice(tokens[tokens.length - 1] === any ? tokens.length - 1 : tokens.length, 0, one);
    } else {
        tokens.push(symbol);
    }
}

function variable(piece: string, { context }: PatternOptions): string | undefined {
    const inner = piece.slice(2, -1);
    if (["*", "?", "$"].includes(inner)) {
        return inner;
    }
    if (context === undefined) {
        return piece;
    }
    const parts = /^(?<key>.*?)(?:, '(?<otherwise>.*)')?$/s.exec(inner)?.groups;
    const value = contextValue(context, (parts?.key ?? inner).trim());
    return typeof value === "string" && value !== "" ? value : parts?.otherwise;
}

const isVariable = (token: Token): boolean =>
    typeof token === "string" && token.startsWith("${") && token.endsWith("}");

const accepts = (token: Token | undefined, symbol: Token): boolean =>
    token === symbol || token === any || (token === one && symbol !== any && !isVariable(symbol));

// Takes the wildcards of the text as symbols: a sufficient condition if there are any, an exact one if not.
function tokensMatch(pattern: readonly Token[], text: readonly Token[]): boolean {
    let [at, position, star, retry] = [0, 0, -1, 0];
    while (position < text.length) {
        const symbol = text[position] as Token;
        if (pattern[at] === any) {
            star = at++;
            retry = position;
        } else if (accepts(pattern[at], symbol)) {
            at++;
            position++;
        } else if (star !== -1) {
            at = star + 1;
            position = ++retry;
        } else {
            return false;
        }
    }
    while (pattern[at] === any) {
        at++;
    }
    return at === pattern.length;
}

// Enough for every policy that anybody writes; beyond it, the careful answer.
const maximumWork = 500_000;

/** Walks all texts of the narrow pattern at once, and looks for one that the wide one doesn't match. */
function tokensCover(wide: readonly Token[], narrow: readonly Token[]): boolean {
    // Any character that the wide pattern doesn't name is as good as any other.
    const other = "\u0000";
    const alphabet = [...new Set([other, ...wide.filter((token): token is string => typeof token === "string")])];
    const close = (states: Iterable<number>): number[] => {
        const closed = new Set<number>();
        for (let state of states) {
            closed.add(state);
            while (wide[state] === any) {
                closed.add(++state);
            }
        }
        return [...closed].sort((left, right) => left - right);
    };
    const step = (states: number[], symbol: string): number[] =>
        close(
            states
                .filter((state) => state < wide.length && accepts(wide[state], symbol))
                .map((state) => (wide[state] === any ? state : state + 1)),
        );
    const seen = new Set<string>();
    let work = 0;
    const pending: [position: number, states: number[]][] = [[0, close([0])]];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
        const [position, states] = next;
        const key = `${position}:${states.join()}`;
        if (seen.has(key)) {
            continue;
        }
        seen.add(key);
        work += states.length + 1;
        if (work > maximumWork || states.length === 0) {
            return false;
        }
        const token = narrow[position];
        if (token === undefined) {
            if (!states.includes(wide.length)) {
                return false;
            }
            continue;
        }
        if (token === any) {
            pending.push([position + 1, states]);
        }
        const symbols = typeof token === "string" ? [token] : alphabet;
        for (const symbol of symbols) {
            pending.push([token === any ? position : position + 1, step(states, symbol)]);
        }
    }
    return true;
}

function tokensIntersect(left: readonly Token[], right: readonly Token[]): boolean {
    if (left.length * right.length > 4_000_000) {
        return true;
    }
    const loose = (token: Token | undefined) => token === any || (token !== undefined && isVariable(token));
    // Whether what is left of both, from each position of the right one, has a text in common.
    let below: boolean[] = [];
    for (let i = left.length; i >= 0; i--) {
        const row = Array<boolean>(right.length + 1).fill(false);
        for (let j = right.length; j >= 0; j--) {
            const ours = left[i];
            const theirs = right[j];
            row[j] =
                (ours === undefined && theirs === undefined) ||
                (loose(ours) && (below[j] || (theirs !== undefined && row[j + 1]))) ||
                (loose(theirs) && (row[j + 1] || (ours !== undefined && below[j]))) ||
                (ours !== undefined &&
                    theirs !== undefined &&
                    (ours === theirs || ours === one || theirs === one) &&
                    below[j + 1]) ||
                false;
        }
        below = row;
    }
    return below[0] ?? false;
}
