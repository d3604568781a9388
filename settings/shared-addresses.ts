import { overlap, range } from "./rules/address-range";
import { type Settings } from "./schema";

/**
 * Tells of stacks whose VPCs have addresses in common with one stack's: no peering connection, transit gateway or VPN can ever join
 * them, and a VPC that is deployed keeps its range.
 *
 * @param all Settings by name of their stack, this one's among them; `undefined` where they cannot be read.
 */
export function sharedAddresses(stack: string, all: Record<string, Settings | undefined>): string[] {
    const own = all[stack]?.network.cidrBlock;
    if (own === undefined) {
        return [];
    }
    return Object.entries(all).flatMap(([other, settings]) =>
        other !== stack && settings && overlap(range(own), range(settings.network.cidrBlock))
            ? [
                  `aipx:network.cidrBlock of ${stack} (${own}) and of ${other} (${settings.network.cidrBlock}) have addresses in common: ` +
                      "their VPCs can never be connected. Give one of them another range before it is deployed.",
              ]
            : [],
    );
}
