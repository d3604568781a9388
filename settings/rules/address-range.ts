/** An IPv4 address range. */
export interface Range {
    /** The address before the slash, as a number. */
    address: number;
    prefix: number;
}

/** `10.0.0.0/16` as numbers. */
export function range(cidrBlock: string): Range {
    const [address = "", prefix] = cidrBlock.split("/");
    return { address: address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0), prefix: Number(prefix) };
}

/** First address of the range that the address lies in. */
export const startOf = ({ address, prefix }: Range): number => address - (address % 2 ** (32 - prefix));

/** Whether all addresses of one range are in the other. */
export const contains = (outer: Range, { address, prefix }: Range): boolean =>
    prefix >= outer.prefix && startOf({ address, prefix: outer.prefix }) === startOf(outer);

/** Whether two ranges have an address in common. Then the larger one has all of the smaller one. */
export const overlap = (one: Range, other: Range): boolean => contains(one, other) || contains(other, one);

/** The range as text: `10.0.0.0/16`. */
export const rangeText = (address: number, prefix: number): string =>
    `${[24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join(".")}/${prefix}`;
