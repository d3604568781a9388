import type * as pulumi from "@pulumi/pulumi";
import {
    type Access,
    FargateService,
    type FargateServiceArgs,
    type ImageRepository,
    type ServiceSecret,
    type TaskSize,
} from "../building-blocks";
import { type Broker } from "./broker";
import { followMarketHours, type MarketHours, scalableTarget } from "./market-hours";

/** One source of market data: one KIS app key, one WebSocket, one task. KIS allows 41 registrations per app key. */
export interface FeedSettings extends TaskSize {
    /** Kafka topics that the feed writes to. */
    topics: string[];
    /** Last part of the name of the secret with the app key. No two feeds share one. */
    credentials: string;
    /** Whether the feed runs on Fargate Spot. An interruption loses market data, so only where that does not matter. */
    spot: boolean;
}

/** What all services of the hot path have in common. */
export type ServiceHome = Pick<
    FargateServiceArgs,
    "scope" | "cluster" | "vpcId" | "subnetIds" | "architecture" | "logs" | "shell"
>;

export interface IngestionFeedArgs extends ServiceHome {
    /** Name of the feed: `krx` gives the service `ingestion-krx`. */
    feed: string;
    settings: FeedSettings;
    repository: ImageRepository;
    /** Digest or tag of the image in `repository`; all feeds run the same one. */
    image: string;
    credentials: ServiceSecret;
    broker: Broker;
    /** What feeds need beside the broker: the way to AWS's APIs, the topics, the OMS. */
    access: Access[];
    schedule: MarketHours;
}

/** Environment variables of a service that trades or listens with an app key, as ECS fills them from the secret. */
export function credentialsEnvironment(secret: ServiceSecret): Record<string, string> {
    return { KIS_APP_KEY: secret.valueFrom("app_key"), KIS_APP_SECRET: secret.valueFrom("app_secret") };
}

/**
 * One feed of market data, during market hours. Never two tasks of it at the same time: KIS allows one session per app
 * key, and blocks keys that connect and disconnect in a loop.
 *
 * A feed gets its own WebSocket approval key by REST, with its own app key. It does not share the access token, which is
 * the OMS's, and so has no access to Redis.
 */
export function ingestionFeed(
    name: string,
    args: IngestionFeedArgs,
    opts: pulumi.ComponentResourceOptions,
): FargateService {
    const { feed, settings, credentials, broker, schedule, access, ...home } = args;
    const service = new FargateService(
        name,
        {
            ...home,
            service: `ingestion-${feed}`,
            cpu: settings.cpu,
            memoryMiB: settings.memoryMiB,
            environment: { AIPX_FEED: feed, KAFKA_TOPICS: settings.topics.join(",") },
            secrets: credentialsEnvironment(credentials),
            startAccess: [credentials.read()],
            access: [broker.rest, broker.webSocket, ...access],
            // A feed that is new, or replaced, in the middle of a trading day must not wait for the next one.
            desiredCount: 1,
            deployment: "singleton",
            capacity: settings.spot ? "spot" : "on-demand",
        },
        opts,
    );
    // 0 to 1 lets the number of tasks be as it is: an update at any hour neither starts nor stops a feed.
    const target = scalableTarget(name, service, { minCapacity: 0, maxCapacity: 1 }, { parent: service });
    followMarketHours(
        name,
        service,
        target,
        schedule,
        { trading: { minCapacity: 1, maxCapacity: 1 }, closed: { minCapacity: 0, maxCapacity: 0 } },
        { parent: service },
    );
    return service;
}
