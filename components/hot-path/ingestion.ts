import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import {
    type Access,
    FargateService,
    type FargateServiceArgs,
    type ImageRepository,
    type Scope,
    type ServiceSecret,
    type TaskSize,
} from "../building-blocks";
import { feedService } from "../service-names";
import { type Broker } from "./broker";
import { type Leases } from "./leases";
import { followMarketHours, type MarketHours, scalableTarget } from "./market-hours";

/** One source of market data: one KIS app key, one WebSocket, one task. KIS allows 41 registrations per app key. */
export interface FeedSettings extends TaskSize {
    /** Kafka topics that the feed writes to. */
    topics: string[];
    /** Markets that it listens to: `KRX`, `NXT`. While one of them trades, its topics must not fall silent. */
    markets: string[];
    /** Last part of the name of the secret with the app key. No two feeds share one. */
    credentials: string;
    /** Whether the feed runs on Fargate Spot. An interruption loses market data, so only where that does not matter. */
    spot: boolean;
}

/** What all services of the hot path have in common. */
export type ServiceHome = Pick<
    FargateServiceArgs,
    "scope" | "cluster" | "vpcId" | "subnetIds" | "architecture" | "logs" | "shell" | "trial"
>;

export interface IngestionFeedArgs {
    home: ServiceHome;
    /** Name of the feed: `krx` gives the service `ingestion-krx`. */
    feed: string;
    settings: FeedSettings;
    repository: ImageRepository;
    /** Digest or tag of the image in `repository`; all feeds run the same one. */
    image: string;
    credentials: ServiceSecret;
    /** The account whose execution notices the feed gets, if it listens with the app key that the OMS trades with. */
    account?: ServiceSecret;
    broker: Broker;
    leases: Leases;
    /** What feeds need beside the broker: the way to AWS's APIs, the topics, the OMS. */
    access: Access[];
    schedule: MarketHours;
}

/** Environment variables of a service that trades or listens with an app key, as ECS fills them from the secret. */
export function credentialsEnvironment(secret: ServiceSecret): Record<string, string> {
    return { KIS_APP_KEY: secret.valueFrom("app_key"), KIS_APP_SECRET: secret.valueFrom("app_secret") };
}

/** Metric that counts WebSocket sessions that a feed has opened with KIS, for alarms made before it. */
export function sessionMetric(scope: Scope, feed: string): { namespace: string; metricName: string } {
    return { namespace: scope.path(), metricName: `${feedService(feed)}-sessions` };
}

/**
 * One feed of market data, during market hours. Never two sessions of it at the same time: KIS allows one per app key, and
 * blocks keys that connect and disconnect in a loop. ECS does not start a second task, but counts one that is stopping as
 * gone: the lease of the app key keeps them apart.
 *
 * Each log line `{"event": "session-opened"}` counts in a metric, so that a loop of connections is seen before KIS sees it.
 *
 * A feed gets its own WebSocket approval key by REST, with its own app key. It does not share the access token, which is
 * the OMS's, and so has no access to Redis.
 */
export function ingestionFeed(
    name: string,
    args: IngestionFeedArgs,
    opts: pulumi.ComponentResourceOptions,
): FargateService {
    const { home, feed, settings, credentials, account, broker, leases, schedule } = args;
    const service = new FargateService(
        name,
        {
            ...home,
            service: feedService(feed),
            size: settings,
            repository: args.repository,
            image: args.image,
            environment: {
                AIPX_FEED: feed,
                KAFKA_TOPICS: settings.topics.join(","),
                AIPX_MARKETS: settings.markets.join(","),
            },
            secrets: {
                ...credentialsEnvironment(credentials),
                // KIS registers for execution notices by the id of the account's owner.
                ...(account && { KIS_HTS_ID: account.valueFrom("hts_id") }),
            },
            startAccess: [credentials.read(), ...(account ? [account.read()] : [])],
            access: [broker.rest, broker.webSocket, leases.hold(settings.credentials), ...args.access],
            // To give the lease back and close the session; nothing of a feed is worth waiting for.
            stopTimeoutSeconds: 30,
            // A feed that is new, or replaced, in the middle of a trading day must not wait for the next one.
            desiredCount: 1,
            deployment: "singleton",
            capacity: settings.spot ? "spot" : "on-demand",
        },
        opts,
    );
    const { namespace, metricName } = sessionMetric(home.scope, feed);
    new aws.cloudwatch.LogMetricFilter(
        `${name}-sessions`,
        {
            name: metricName,
            logGroupName: service.logGroup.name,
            pattern: '{ $.event = "session-opened" }',
            metricTransformation: { namespace, name: metricName, value: "1", defaultValue: "0" },
        },
        { parent: service },
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
