/** Prefix lengths of the three kinds of subnets. */
export interface SubnetSizes {
    /** NAT gateways and load balancers. */
    public: number;
    /** Services: one address a task, and a few for each group of functions. */
    private: number;
    /** Data stores. */
    isolated: number;
}

// A load balancer asks for /27 subnets at least.
const smallest = 27;

/**
 * Sizes of the subnets in a VPC's range, by the length of its prefix: a sixteenth of it for each private subnet, a 256th, but at least /27, for each
 * of the others. awsx gives each of two zones a half and each of three zones a quarter of the range, which all sizes fit.
 * AWS keeps 5 addresses of each subnet: with /16, a zone has 4,091 for services and 251 for data stores, with /20, 251
 * and 27.
 */
export function subnetSizesOf(prefix: number): SubnetSizes {
    const small = Math.min(prefix + 8, smallest);
    return { public: small, private: prefix + 4, isolated: small };
}

/**
 * Sizes of the subnets in a VPC's range.
 *
 * @param cidrBlock Range of the VPC, /16 to /20.
 * @throws Error when the range is larger or smaller.
 */
export function subnetSizes(cidrBlock: string): SubnetSizes {
    const prefix = Number(cidrBlock.split("/")[1]);
    if (!(prefix >= 16 && prefix <= 20)) {
        throw new Error(
            `Network: cidrBlock is "${cidrBlock}"; it must be a range from /16 to /20, such as 10.0.0.0/16`,
        );
    }
    return subnetSizesOf(prefix);
}
