import { kafkaPollerServices } from "../../components/data-layer/kafka-pollers";
import { type SubnetSizes, subnetSizesOf } from "../../components/network/subnets";
import { at, type Diagnostic, valueText } from "../problems";
import { type Settings } from "../schema";
import { allOf, oneOf } from "../schema-nodes";
import { contains, range, rangeText, startOf } from "./address-range";
import { type Rule, type RuleContext, wrong } from "./rule";

const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

function* vpcRange({ network: { cidrBlock } }: Settings): Iterable<Diagnostic> {
    const path = at("network", "cidrBlock");
    const vpc = range(cidrBlock);
    const isPrivate = privateRanges.some((each) => contains(range(each), vpc));
    if (vpc.prefix < 16 || vpc.prefix > 20) {
        const prefix = Math.min(20, Math.max(16, vpc.prefix));
        const address = isPrivate ? startOf({ address: vpc.address, prefix }) : range("10.0.0.0/8").address;
        yield wrong(path, cidrBlock, "must be a range from /16 to /20", rangeText(address, prefix));
    } else if (!isPrivate) {
        yield wrong(
            path,
            cidrBlock,
            `must lie in ${oneOf(privateRanges)}: other addresses belong to somebody on the internet`,
            `10.0.0.0/${vpc.prefix}`,
        );
    } else if (startOf(vpc) !== vpc.address) {
        const right = rangeText(startOf(vpc), vpc.prefix);
        yield wrong(path, cidrBlock, `must begin where a /${vpc.prefix} range begins: ${right}`, right);
    }
}

function* zonesOfRegion({ network }: Settings, { region }: RuleContext): Iterable<Diagnostic> {
    for (const [index, zone] of network.availabilityZones.entries()) {
        if (region !== undefined && zone.slice(0, -1) !== region) {
            yield wrong(
                at("network", "availabilityZones", index),
                zone,
                `must be a zone of the stack's region, ${region} (aws:region)`,
                `${region}${zone.slice(-1)}`,
            );
        }
    }
}

/** Addresses that a subnet of this kind has, of which AWS keeps five, in a VPC with a prefix of this length. */
const addresses = (kind: keyof SubnetSizes, vpcPrefix: number): number =>
    2 ** (32 - subnetSizesOf(vpcPrefix)[kind]) - 5;

/** A load balancer wants eight free addresses in each of its subnets. */
const loadBalancerAddresses = 8;
/** Database: the one that runs and the one that takes over. Kafka triggers: their pollers share a few interfaces. */
const otherStoreAddresses = 4;

function* subnetsHoldServices({ network, services }: Settings): Iterable<Diagnostic> {
    const { prefix } = range(network.cidrBlock);
    // When a zone fails its tasks move to the others. A deployment doubles the tasks of the OMS, and tries images of feeds
    // beside them.
    const tasks = 2 * (Object.keys(services.ingestion.feeds).length + services.oms.tasks);
    const tasksInZone = Math.ceil(tasks / (network.availabilityZones.length - 1));
    const functions = Object.keys(services.strategies).length + 8;
    const needed = tasksInZone + functions + network.interfaceEndpoints.length + loadBalancerAddresses;
    yield* tooSmall(
        network.cidrBlock,
        "private",
        `${tasks} tasks, ${functions} functions and ${network.interfaceEndpoints.length} endpoints`,
        needed,
        prefix,
    );
}

function* subnetsHoldStores({ network, kafka, redis }: Settings): Iterable<Diagnostic> {
    const { prefix } = range(network.cidrBlock);
    const zones = network.availabilityZones.length;
    const nodes = redis.shards * (1 + redis.replicasPerShard);
    const needed = Math.ceil(kafka.brokers / zones) + Math.ceil(nodes / zones) + otherStoreAddresses;
    yield* tooSmall(network.cidrBlock, "isolated", `${kafka.brokers} brokers and ${nodes} cache nodes`, needed, prefix);
}

function* tooSmall(
    cidrBlock: string,
    kind: keyof SubnetSizes,
    what: string,
    needed: number,
    prefix: number,
): Iterable<Diagnostic> {
    if (prefix < 16 || prefix > 20 || needed <= addresses(kind, prefix)) {
        return;
    }
    const enough = [20, 19, 18, 17, 16].find((each) => needed <= addresses(kind, each));
    const path = at("network", "cidrBlock");
    const has = `its ${kind} subnets have ${addresses(kind, prefix)} addresses each, and ${what} need ${needed} in a zone when another one fails`;
    if (enough === undefined) {
        yield {
            path,
            is: valueText(path, cidrBlock),
            must: `cannot hold the platform: ${has}, more than even /16 offers`,
            fix: [],
        };
    } else {
        yield wrong(
            path,
            cidrBlock,
            `must be at least a /${enough}: ${has}`,
            rangeText(startOf({ address: range(cidrBlock).address, prefix: enough }), enough),
        );
    }
}

/** Services with an endpoint that every network has, for nothing. */
const freeEndpoints = ["s3"];

/**
 * Stores in the isolated subnets call nothing; pollers of Kafka triggers do. There is always one: the data recorder's. Services
 * in the private subnets have NAT for what has no endpoint.
 */
function* endpointsOfIsolatedSubnets({ network }: Settings): Iterable<Diagnostic> {
    const path = at("network", "interfaceEndpoints");
    const needed = kafkaPollerServices.filter((service) => !freeEndpoints.includes(service));
    const missing = needed.filter((service) => !(network.interfaceEndpoints as string[]).includes(service));
    if (missing.length > 0) {
        yield {
            path,
            is: `lacks ${allOf(missing)}`,
            must: `must contain ${allOf(needed)}: Kafka triggers poll from the brokers' subnets, from which nothing else leads out`,
            fix: missing.map((service, index) => ({
                set: [...path, network.interfaceEndpoints.length + index],
                to: service,
            })),
        };
    }
}

/** Rules about the network. */
export const networkRules: Rule[] = [
    vpcRange,
    zonesOfRegion,
    subnetsHoldServices,
    subnetsHoldStores,
    endpointsOfIsolatedSubnets,
];
