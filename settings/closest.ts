/** The known name that a mistyped one was most likely meant to be, if any is near enough. */
export function closest(name: string, known: Iterable<string>): string | undefined {
    let best: string | undefined;
    let bestDistance = Math.max(name.length > 3 ? 2 : 1, Math.floor(name.length / 3)) + 1;
    for (const candidate of known) {
        const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
        if (distance < bestDistance) {
            [best, bestDistance] = [candidate, distance];
        }
    }
    return best;
}

/** All known names, the nearest to a mistyped one first. */
export function byCloseness(name: string, known: readonly string[]): string[] {
    const distances = new Map(known.map((each) => [each, editDistance(name.toLowerCase(), each.toLowerCase())]));
    return [...known].sort((a, b) => distances.get(a)! - distances.get(b)!);
}

/** The key of a map that was most likely meant to be `missing`, which is known and not there. */
export function mistypedFor(missing: string, map: object, known: readonly string[]): string | undefined {
    return Object.keys(map).find((key) => !known.includes(key) && closest(key, known) === missing);
}

/** How many letters have to be put in, left out or changed to make one text into the other (Levenshtein). */
function editDistance(from: string, to: string): number {
    let row = Array.from({ length: to.length + 1 }, (_, column) => column);
    for (let i = 1; i <= from.length; i++) {
        const next = [i];
        for (let j = 1; j <= to.length; j++) {
            const change = (row[j - 1] as number) + (from[i - 1] === to[j - 1] ? 0 : 1);
            next.push(Math.min(change, (row[j] as number) + 1, (next[j - 1] as number) + 1));
        }
        row = next;
    }
    return row[to.length] as number;
}
