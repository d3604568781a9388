import { type RecordedResource } from "../../recording";

/** Where a value of an environment variable leads. */
export type HostTarget =
    | { kind: "groups"; name: string; groupIds: string[]; subnetIds: string[]; port: number }
    | { kind: "service"; service: string }
    | { kind: "internet"; host: string; port: number };

/** Somebody in the recording who answers under a host name. */
interface Host {
    name: string;
    groupIds: string[];
    subnetIds: string[];
    /** Left out where the port comes with each address. */
    port?: number;
}

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
const hostOf = (address: string): string => address.replace(/:\d+$/, "").toLowerCase();

/** Stores by type: outputs that hold addresses, inputs that hold security groups. */
const stores: Record<string, { addresses: string[]; groups: (inputs: Record<string, any>) => unknown }> = {
    "aws:msk/cluster:Cluster": {
        addresses: ["bootstrapBrokers", "bootstrapBrokersTls", "bootstrapBrokersSaslIam", "bootstrapBrokersSaslScram"],
        groups: ({ brokerNodeGroupInfo }) => brokerNodeGroupInfo?.securityGroups as unknown,
    },
    "aws:elasticache/replicationGroup:ReplicationGroup": {
        addresses: ["configurationEndpointAddress", "primaryEndpointAddress", "readerEndpointAddress"],
        groups: ({ securityGroupIds }) => securityGroupIds as unknown,
    },
    "aws:elasticache/cluster:Cluster": {
        addresses: ["clusterAddress", "configurationEndpoint"],
        groups: ({ securityGroupIds }) => securityGroupIds as unknown,
    },
    "aws:rds/instance:Instance": {
        addresses: ["address"],
        groups: ({ vpcSecurityGroupIds }) => vpcSecurityGroupIds as unknown,
    },
    "aws:rds/cluster:Cluster": {
        addresses: ["endpoint", "readerEndpoint"],
        groups: ({ vpcSecurityGroupIds }) => vpcSecurityGroupIds as unknown,
    },
    "aws:rds/proxy:Proxy": {
        addresses: ["endpoint"],
        groups: ({ vpcSecurityGroupIds }) => vpcSecurityGroupIds as unknown,
    },
    "aws:lb/loadBalancer:LoadBalancer": {
        addresses: ["dnsName"],
        groups: ({ securityGroups }) => securityGroups as unknown,
    },
};

/** Host names of a recording, and what people write into environment variables. */
export class Hosts {
    private readonly byName = new Map<string, Host>();
    /** Private domains of the recording: a name in one of them is nobody on the internet. */
    private readonly privateDomains: string[];

    constructor(resources: RecordedResource[]) {
        for (const { type, name, inputs, outputs } of resources) {
            const store = stores[type];
            for (const address of (store?.addresses ?? []).flatMap((output) => texts([outputs[output] ?? ""]))) {
                const port = typeof outputs.port === "number" ? outputs.port : undefined;
                for (const each of address.split(",").filter((text) => text !== "")) {
                    const groupIds = texts(store!.groups(inputs));
                    this.byName.set(hostOf(each), { name, groupIds, subnetIds: [], port });
                }
            }
        }
        const namespaces = resources.filter(({ type }) => /^aws:servicediscovery\/\w+DnsNamespace:/.test(type));
        this.privateDomains = namespaces.map(({ inputs }) => String(inputs.name));
        for (const registry of resources.filter(({ type }) => type === "aws:servicediscovery/service:Service")) {
            const namespace = namespaces.find(({ id }) => id === registry.inputs.dnsConfig?.namespaceId);
            const service = resources.find(
                ({ type, inputs }) =>
                    type === "aws:ecs/service:Service" &&
                    inputs.serviceRegistries?.registryArn === registry.outputs.arn,
            );
            if (namespace && service) {
                const { securityGroups, subnets } = service.inputs.networkConfiguration ?? {};
                this.byName.set(`${registry.inputs.name}.${namespace.inputs.name}`.toLowerCase(), {
                    name: service.name,
                    groupIds: texts(securityGroups),
                    subnetIds: texts(subnets),
                });
            }
        }
    }

    /** Where a value leads: URLs, and lists of hosts with ports. What names no host leads nowhere. */
    targets(value: string): HostTarget[] {
        const found = value.split(/[\s,;]+/).flatMap((part) => this.target(part) ?? []);
        return [...new Map(found.map((target) => [JSON.stringify(target), target])).values()];
    }

    private target(part: string): HostTarget | undefined {
        const match = /^(?:([a-z][a-z0-9+.-]*):\/\/(?:[^/@]*@)?)?([a-z0-9.-]*[a-z0-9])(?::(\d+))?(?:[/?#].*)?$/i.exec(
            part,
        );
        const [, scheme, written = "", number] = match ?? [];
        const host = written.toLowerCase();
        const known = this.byName.get(host);
        const port = Number(number ?? known?.port ?? defaultPorts[scheme?.toLowerCase() ?? ""]);
        if (known) {
            return port > 0 ? { kind: "groups", ...known, port } : undefined;
        }
        const isHost = /\.[a-z]{2,}$/.test(host) && (scheme !== undefined || number !== undefined);
        if (!isHost || !(port > 0) || this.privateDomains.some((domain) => host.endsWith(`.${domain}`))) {
            return undefined;
        }
        if (!host.endsWith(".amazonaws.com")) {
            return { kind: "internet", host, port };
        }
        // Stores of other programs answer below such names as well (`...cache.amazonaws.com`); services have a region first.
        const service = /(?:^|\.)([a-z0-9-]+)\.[a-z]{2}(?:-[a-z]+)+-\d\.amazonaws\.com$/.exec(host)?.[1];
        return service === undefined || ["rds", "kafka", "elb"].includes(service)
            ? undefined
            : { kind: "service", service };
    }
}

const defaultPorts: Record<string, number> = { http: 80, https: 443, ws: 80, wss: 443 };
