/** A resource that awsx makes inside its VPC component. */
interface VpcChild {
    type: string;
    name: string;
    /** Key of the parent in the expansion; none for the VPC itself, whose parent is the component. */
    parent?: string;
    inputs: Record<string, unknown>;
    /** Inputs that refer to another child: input name, key of the child. */
    references: Record<string, string>;
}

/** What one `awsx.ec2.Vpc` becomes. */
export interface VpcExpansion {
    /** Keyed by `<type>::<name>`, parents and referenced resources first. */
    children: Map<string, VpcChild>;
    /** Outputs of the component: keys of the children that each one holds. */
    outputs: {
        ids: { vpcId: string; publicSubnetIds: string[]; privateSubnetIds: string[]; isolatedSubnetIds: string[] };
        resources: Record<string, string | string[]>;
    };
    subnetLayout: Record<string, unknown>[];
}

interface SubnetSpec {
    type: "Public" | "Private" | "Isolated";
    name?: string;
    cidrMask: number;
    tags?: Record<string, string>;
}

const types = {
    vpc: "aws:ec2/vpc:Vpc",
    internetGateway: "aws:ec2/internetGateway:InternetGateway",
    subnet: "aws:ec2/subnet:Subnet",
    routeTable: "aws:ec2/routeTable:RouteTable",
    routeTableAssociation: "aws:ec2/routeTableAssociation:RouteTableAssociation",
    route: "aws:ec2/route:Route",
    eip: "aws:ec2/eip:Eip",
    natGateway: "aws:ec2/natGateway:NatGateway",
} as const;

/**
 * The resources that awsx 3.9.0 makes for a VPC: names, parents, inputs and addresses as the real provider was seen to make
 * them. Only the arguments that this project uses are known.
 *
 * @throws Error for any other argument, rather than show a VPC that AWS would not get.
 */
export function expandVpc(component: string, args: Record<string, any>): VpcExpansion {
    const { zones, specs, natStrategy, vpcInputs, cidrBlock, tags } = checked(component, args);
    const children: VpcExpansion["children"] = new Map();
    const keysOf = Object.fromEntries(Object.keys(types).map((kind) => [kind, []])) as unknown as Record<
        keyof typeof types,
        string[]
    >;
    const add = (
        kind: keyof typeof types,
        name: string,
        parent: string | undefined,
        inputs: Record<string, unknown>,
        references: Record<string, string> = {},
    ): string => {
        const key = `${types[kind]}::${name}`;
        children.set(key, { type: types[kind], name, parent, inputs, references });
        keysOf[kind].push(key);
        return key;
    };

    const vpc = add("vpc", component, undefined, { cidrBlock, ...vpcInputs, tags: { ...tags, Name: component } });
    const gateway = add("internetGateway", component, vpc, { tags: { ...tags, Name: component } }, { vpcId: vpc });
    const addresses = layOut(component, cidrBlock, zones.length, specs);
    const subnetsOf = { Public: [] as string[], Private: [] as string[], Isolated: [] as string[] };
    const natGateways: string[] = [];

    // Public subnets of all zones first: they hold the NAT gateways that the private ones route to.
    for (const type of ["Public", "Private", "Isolated"] as const) {
        zones.forEach((zone, zoneIndex) => {
            specs.forEach((spec, specIndex) => {
                if (spec.type !== type) {
                    return;
                }
                const name = `${component}-${spec.name ?? type.toLowerCase()}-${zoneIndex + 1}`;
                const subnet = add(
                    "subnet",
                    name,
                    vpc,
                    {
                        assignIpv6AddressOnCreation: false,
                        availabilityZone: zone,
                        cidrBlock: addresses[zoneIndex]![specIndex],
                        mapPublicIpOnLaunch: type === "Public",
                        tags: { ...tags, Name: name, SubnetType: type, ...spec.tags },
                    },
                    { vpcId: vpc },
                );
                subnetsOf[type].push(subnet);
                const tableTags = { tags: { ...tags, Name: name, SubnetType: type } };
                const table = add("routeTable", name, subnet, tableTags, { vpcId: vpc });
                add("routeTableAssociation", name, table, {}, { routeTableId: table, subnetId: subnet });
                const everywhere = { destinationCidrBlock: "0.0.0.0/0" };
                if (type === "Public") {
                    add("route", name, table, everywhere, { routeTableId: table, gatewayId: gateway });
                    const isFirstOfZone = specs.findIndex((each) => each.type === "Public") === specIndex;
                    if (
                        isFirstOfZone &&
                        (natStrategy === "OnePerAz" || (natStrategy === "Single" && zoneIndex === 0))
                    ) {
                        const natName = `${component}-${zoneIndex + 1}`;
                        const natTags = { tags: { ...tags, Name: natName } };
                        const eip = add("eip", natName, subnet, natTags);
                        natGateways.push(
                            add("natGateway", natName, subnet, natTags, { allocationId: eip, subnetId: subnet }),
                        );
                    }
                } else if (type === "Private" && natGateways.length > 0) {
                    const natGateway = natGateways[natStrategy === "Single" ? 0 : zoneIndex]!;
                    add("route", name, table, everywhere, { routeTableId: table, natGatewayId: natGateway });
                }
            });
        });
    }

    return {
        children,
        outputs: {
            ids: {
                vpcId: vpc,
                publicSubnetIds: subnetsOf.Public,
                privateSubnetIds: subnetsOf.Private,
                isolatedSubnetIds: subnetsOf.Isolated,
            },
            resources: {
                vpc,
                internetGateway: gateway,
                subnets: keysOf.subnet,
                publicSubnets: subnetsOf.Public,
                privateSubnets: subnetsOf.Private,
                isolatedSubnets: subnetsOf.Isolated,
                routeTables: keysOf.routeTable,
                routeTableAssociations: keysOf.routeTableAssociation,
                routes: keysOf.route,
                eips: keysOf.eip,
                natGateways: keysOf.natGateway,
                vpcEndpoints: [],
            },
        },
        subnetLayout: specs.map(({ type, name, cidrMask }) => ({
            type,
            cidrMask,
            ...(name !== undefined && { name }),
        })),
    };
}

const natStrategies = ["Single", "OnePerAz", "None"] as const;

/** The arguments, if all of them are known here. */
function checked(component: string, args: Record<string, any>) {
    const refuse = (what: string): never => {
        throw new Error(`awsx:ec2:Vpc "${component}": ${what} is not known to the offline plan: see plan/awsx-vpc.ts`);
    };
    const { availabilityZoneNames, subnetSpecs, subnetStrategy, natGateways, cidrBlock, tags, ...rest } = args;
    const { enableDnsHostnames, enableDnsSupport, ...unknown } = rest;
    const strategy: unknown = natGateways?.strategy ?? "OnePerAz";
    for (const key of Object.keys(unknown)) {
        refuse(key);
    }
    if (subnetStrategy !== "Auto") {
        refuse(`subnetStrategy ${subnetStrategy ?? "Legacy"}`);
    }
    if (!Array.isArray(availabilityZoneNames)) {
        refuse("a VPC without availabilityZoneNames");
    }
    if (!Array.isArray(subnetSpecs) || subnetSpecs.length === 0) {
        refuse("a VPC without subnetSpecs");
    }
    const natStrategy =
        natStrategies.find((known) => known === strategy) ?? refuse(`natGateways.strategy ${JSON.stringify(strategy)}`);
    for (const key of Object.keys(natGateways ?? {}).filter((each) => each !== "strategy")) {
        refuse(`natGateways.${key}`);
    }
    const specs = (subnetSpecs as Record<string, any>[]).map((spec): SubnetSpec => {
        const { type, name, cidrMask, tags: specTags, ...others } = spec;
        for (const key of Object.keys(others)) {
            refuse(`subnetSpecs[].${key}`);
        }
        const known = (["Public", "Private", "Isolated"] as const).find((each) => each === type);
        return {
            type: known ?? refuse(`subnet type ${JSON.stringify(type)}`),
            name,
            cidrMask: typeof cidrMask === "number" ? cidrMask : refuse("a subnet without cidrMask"),
            tags: specTags,
        };
    });
    if (natStrategy !== "None" && !specs.some(({ type }) => type === "Public")) {
        refuse("a NAT gateway without a public subnet");
    }
    return {
        zones: availabilityZoneNames as string[],
        specs,
        natStrategy,
        cidrBlock: (cidrBlock as string | undefined) ?? "10.0.0.0/16",
        tags: (tags ?? {}) as Record<string, string>,
        vpcInputs: {
            ...(enableDnsHostnames !== undefined && { enableDnsHostnames }),
            ...(enableDnsSupport !== undefined && { enableDnsSupport }),
        },
    };
}

/** Addresses by zone and spec: each zone gets an equal power-of-two share, each subnet the next free place in it. */
function layOut(component: string, cidrBlock: string, zoneCount: number, specs: SubnetSpec[]): string[][] {
    const [address, prefix] = cidrBlock.split("/");
    const base = address!.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
    const share = 2 ** (32 - Number(prefix) - Math.ceil(Math.log2(zoneCount)));
    return Array.from({ length: zoneCount }, (_unused, zone) => {
        const start = base + zone * share;
        let next = start;
        return specs.map(({ type, cidrMask }) => {
            const size = 2 ** (32 - cidrMask);
            const first = Math.ceil(next / size) * size;
            next = first + size;
            if (next > start + share) {
                throw new Error(
                    `awsx:ec2:Vpc "${component}": the ${type} subnets (/${cidrMask}) do not fit into ${cidrBlock}`,
                );
            }
            return `${[24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join(".")}/${cidrMask}`;
        });
    });
}
