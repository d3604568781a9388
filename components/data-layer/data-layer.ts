import * as pulumi from "@pulumi/pulumi";
import { type LogRetention, type Scope, tagged } from "../building-blocks";
import { type Keys } from "../encryption";
import { type Placement } from "../network";
import { AccessLogs } from "./access-logs";
import { DataLake, type DataLakeSettings } from "./data-lake";
import { Kafka, type KafkaSettings } from "./kafka";
import { Postgres, type PostgresSettings } from "./postgres";
import { Redis, type RedisSettings } from "./redis";

export interface DataLayerArgs {
    scope: Scope;
    keys: Keys;
    network: Placement;
    logs: LogRetention;
    /** Whether all data may be deleted with the installation. */
    disposable: boolean;
    kafka: KafkaSettings;
    redis: RedisSettings;
    postgres: PostgresSettings;
    /** The data lake, and how many days access logs of buckets and load balancers are kept. */
    dataLake: DataLakeSettings & { accessLogDays: number };
    /** Topics that are recorded in the data lake. */
    recordedTopics: string[];
}

/** All stores of the platform. Each hands out access to itself; nothing reaches a store without. */
export class DataLayer extends pulumi.ComponentResource {
    readonly kafka: Kafka;
    readonly redis: Redis;
    readonly postgres: Postgres;
    readonly dataLake: DataLake;
    readonly accessLogs: AccessLogs;

    constructor(name: string, args: DataLayerArgs, opts?: pulumi.ComponentResourceOptions) {
        super("aipx:datalayer:DataLayer", name, {}, tagged({ component: "data-layer" }, opts));
        const { scope, keys, network, logs, disposable } = args;
        const common = { scope, keys, network, logs, disposable };
        this.kafka = new Kafka(`${name}-kafka`, { ...common, ...args.kafka }, { parent: this });
        this.redis = new Redis(`${name}-redis`, { ...common, ...args.redis }, { parent: this });
        this.postgres = new Postgres(`${name}-postgres`, { ...common, ...args.postgres }, { parent: this });
        const { accessLogDays, ...dataLake } = args.dataLake;
        this.accessLogs = new AccessLogs(`${name}-access-logs`, { scope, disposable, accessLogDays }, { parent: this });
        this.dataLake = new DataLake(
            `${name}-lake`,
            {
                scope,
                keys,
                network,
                disposable,
                ...dataLake,
                accessLogs: this.accessLogs,
                recordedTopics: args.recordedTopics,
            },
            { parent: this },
        );
        this.registerOutputs({
            bootstrapBrokers: this.kafka.bootstrapBrokers,
            redisEndpoint: this.redis.endpoint,
            postgresEndpoint: this.postgres.endpoint,
            dataLakeBucket: this.dataLake.bucketName,
        });
    }
}
