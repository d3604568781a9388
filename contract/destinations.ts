import { type Connection, type Member } from "../plan/service/model";
import { list } from "./actions";

/** What stands behind a port that is open to the internet. */
const internet: Record<string, string> = {
    443: "AWS's APIs, and anything else by HTTPS, through NAT",
    9443: "KIS REST, live",
    29443: "KIS REST, paper",
    21000: "KIS WebSocket, live",
    31000: "KIS WebSocket, paper",
};

/** By type of what stands behind a security group. */
const members: Record<string, (names: string[]) => string> = {
    "aws:msk/cluster:Cluster": () => "Kafka",
    "aws:elasticache/replicationGroup:ReplicationGroup": () => "Redis",
    "aws:rds/instance:Instance": () => "PostgreSQL",
    "aws:ec2/vpcEndpoint:VpcEndpoint": (names) =>
        `AWS's APIs by interface endpoint (${list(names.map((name) => name.split(".").slice(3).join(".")))})`,
    "aws:ecs/service:Service": (names) => `tasks of ${list(names)}`,
    "aws:lambda/function:Function": (names) => `functions ${list(names)}`,
    "aws:lb/loadBalancer:LoadBalancer": () => "the load balancer",
};

/** The other end of a connection in words: `Kafka, port 9098`. Nothing if it is not known. */
export function connectionWords({ port, peer }: Connection): string | undefined {
    const end = peerWords(port, peer);
    return end === undefined ? undefined : `${end}, port ${port ?? "any"}`;
}

function peerWords(port: string | undefined, peer: Connection["peer"]): string | undefined {
    switch (peer.kind) {
        case "prefix-list":
            return `${gateways[peer.name.split(".").pop()!] ?? peer.name} by its gateway endpoint`;
        case "range":
            return peer.range === "0.0.0.0/0" ? internet[port ?? ""] : `the network ${peer.range}`;
        case "group": {
            const parts = groupBy(peer.members).map(([type, names]) => members[type]?.(names));
            return parts.length === 0 || parts.includes(undefined) ? undefined : list(parts as string[]);
        }
    }
}

const gateways: Record<string, string> = { s3: "S3", dynamodb: "DynamoDB" };

function groupBy(all: Member[]): [type: string, names: string[]][] {
    const names = new Map<string, string[]>();
    for (const { type, name } of all) {
        names.set(type, [...(names.get(type) ?? []), name]);
    }
    return [...names];
}
