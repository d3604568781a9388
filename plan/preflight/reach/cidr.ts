/** Every IPv4 address. */
export const anywhere = "0.0.0.0/0";

interface Range {
    first: number;
    last: number;
}

function rangeOf(cidr: string): Range | undefined {
    const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(cidr);
    if (!match) {
        return undefined;
    }
    const [a, b, c, d, prefix] = match.slice(1).map(Number) as [number, number, number, number, number];
    const size = 2 ** (32 - prefix);
    const first = Math.floor((((a * 256 + b) * 256 + c) * 256 + d) / size) * size;
    return { first, last: first + size - 1 };
}

/** Whether an IPv4 range holds all of another one. */
export function covers(cidr: string, other: string): boolean {
    const [wide, narrow] = [rangeOf(cidr), rangeOf(other)];
    return wide !== undefined && narrow !== undefined && wide.first <= narrow.first && narrow.last <= wide.last;
}
