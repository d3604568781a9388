import * as pulumi from "@pulumi/pulumi";
import { access, Scope } from "../../../components/building-blocks";
import { DataLayer, type DataLayerArgs } from "../../../components/data-layer";
import { Encryption } from "../../../components/encryption";
import { type Placement } from "../../../components/network";
import { type Recording } from "../../../plan/recording";
import { find } from "../../support/record";

export const account = "123456789012";
export const arn = (service: string, resource: string): string =>
    `arn:aws:${service}:ap-northeast-2:${account}:${resource}`;

export const scope = (environment = "dev"): Scope =>
    new Scope({ project: "aipx", environment, region: "ap-northeast-2", accountId: account });

/** A network of somebody else's: plain ids. */
const network: Placement = {
    vpcId: pulumi.output("vpc-1"),
    cidrBlock: "10.0.0.0/16",
    availabilityZones: ["ap-northeast-2a", "ap-northeast-2c"],
    publicSubnetIds: pulumi.output(["subnet-public"]),
    privateSubnetIds: pulumi.output(["subnet-private"]),
    isolatedSubnetIds: pulumi.output(["subnet-a", "subnet-c"]),
    awsApis: access({}),
    s3: access({ connections: [{ kind: "prefix-list", name: "s3", prefixListId: "pl-s3", port: 443 }] }),
    endpoint: (service) =>
        access({
            connections: [
                service === "s3"
                    ? { kind: "prefix-list", name: "s3", prefixListId: "pl-s3", port: 443 }
                    : { kind: "security-group", name: "aws-endpoints", securityGroupId: "sg-endpoints", port: 443 },
            ],
        }),
    dynamodb: access({}),
};

/** Id of the key of the data layer `data`. */
export const keyId = (recording: Recording): string => find(recording, "aws:kms/key:Key", "data-keys-data").id;

/** Sizes of a small, disposable data layer. */
export const small: Pick<DataLayerArgs, "kafka" | "redis" | "postgres" | "dataLake" | "recordedTopics" | "disposable"> =
    {
        disposable: true,
        kafka: {
            version: "3.9.x",
            brokerType: "kafka.t3.small",
            brokers: 2,
            storageGiB: 20,
            maxStorageGiB: 100,
            topics: { ticks: { partitions: 6, retentionHours: 24 }, orders: { partitions: 3, retentionHours: 72 } },
        },
        redis: {
            engine: "valkey",
            engineVersion: "8.0",
            nodeType: "cache.t4g.micro",
            shards: 1,
            replicasPerShard: 0,
            snapshotRetentionDays: 1,
        },
        postgres: {
            engineVersion: "17",
            instanceClass: "db.t4g.micro",
            storageGiB: 20,
            maxStorageGiB: 50,
            multiAz: false,
            backupRetentionDays: 7,
        },
        dataLake: { expireAfterDays: 365, noncurrentVersionDays: 7, accessLogDays: 30 },
        recordedTopics: ["ticks", "orders"],
    };

/** A data layer called `data` with keys of its own; `changes` replace whole sections. */
export function dataLayer(changes: Partial<DataLayerArgs> = {}, name = "data"): DataLayer {
    const common = { scope: scope(), disposable: true, ...changes };
    const keys = new Encryption(`${name}-keys`, common);
    return new DataLayer(name, {
        ...small,
        network,
        keys,
        logs: { retentionDays: 7, keyArn: keys.logs.arn },
        ...common,
    });
}
