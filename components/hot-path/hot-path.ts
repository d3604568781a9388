import * as pulumi from "@pulumi/pulumi";
import {
    type Access,
    type Architecture,
    type ClusterReference,
    type FargateService,
    ImageRepository,
    type LogRetention,
    type Scope,
    ServiceSecret,
    tagged,
    taskRoleName,
} from "../building-blocks";
import { type Keys } from "../encryption";
import { type Placement } from "../network";
import { secretNames } from "../secret-names";
import { feedService } from "../service-names";
import { broker, type BrokerMode } from "./broker";
import { Cluster } from "./cluster";
import { ImageTrial } from "./image-trial";
import { type FeedSettings, ingestionFeed, type ServiceHome } from "./ingestion";
import { Leases } from "./leases";
import { type MarketHours } from "./market-hours";
import { Oms, type OmsSettings } from "./oms";
import { omsEventSource, omsTopics } from "./oms-names";

/** A feed may listen with the app key that the OMS trades with: REST calls are no session. */
const { tradingAppKey, account } = secretNames;

/** The stores that the hot path uses, as far as it uses them. */
export interface HotPathData {
    kafka: { produce(topics: string[]): Access };
    redis: { connect(user: string): Access };
    postgres: { connect(user: string): Access };
    accessLogs: {
        bucketName: pulumi.Output<string>;
        loadBalancerPrefix: string;
        prefixFor(purpose: string): string;
    };
}

export interface HotPathArgs {
    scope: Scope;
    keys: Keys;
    /** Whether all of it may be destroyed, and may be weaker: secrets gone at once, no deletion protection, self-signed certificate. */
    disposable: boolean;
    logs: LogRetention;
    /** Where it runs: tasks in private subnets. */
    network: Placement;
    data: HotPathData;
    events: { publish(source: string): Access };
    /** What the images are built for. */
    architecture: Architecture;
    /** Digest or tag per service, here `ingestion` (one for all feeds) and `oms`. A service without one is left out. */
    images: Record<string, string>;
    /** Whether people may open a shell in a task (ECS Exec). */
    debugShell: boolean;
    /** Which hosts and ports of KIS the services reach. `live` spends real money. */
    broker: { mode: BrokerMode };
    /** Feeds run between these times; the OMS runs with all its tasks between them, and with one otherwise. */
    schedule: MarketHours;
    /** Feeds by name. Each needs an app key of its own. */
    feeds: Record<string, FeedSettings>;
    oms: OmsSettings;
    /** Names of the roles whose holders may call the OMS, beside the feed that listens with its app key; `*` stands for anything. */
    omsCallerRoles: string[];
}

/**
 * What trades in real time, on ECS Fargate: feeds, which write the broker's market data to Kafka, and the order
 * management service.
 *
 * Its secrets are made without a value; put it in before the images are set, or tasks cannot start.
 */
export class HotPath extends pulumi.ComponentResource {
    readonly cluster: ClusterReference;
    /** Feeds by name; none while there is no image. */
    readonly feeds: Record<string, FargateService>;
    /** Topics that each of the feeds writes to, by feed. */
    readonly feedTopics: Record<string, string[]>;
    /** Markets that each of the feeds listens to, by feed. */
    readonly feedMarkets: Record<string, string[]>;
    readonly oms: Oms;
    /** Secrets whose values people put in. */
    readonly secretNames: string[];
    /** Log groups of the services. */
    readonly logGroupNames: string[];
    /** Repository URL by service. */
    readonly repositoryUrls: Record<string, string>;
    readonly servicesWaitingForImages: string[];
    readonly loadBalancersWaitingForCertificates: string[];

    /** @throws Error if two feeds share credentials, or a certificate is self-signed although the stack is not disposable. */
    constructor(name: string, args: HotPathArgs, opts?: pulumi.ComponentResourceOptions) {
        checkArgs(name, args);
        super("aipx:hotpath:HotPath", name, {}, tagged({ component: "hot-path" }, opts));
        const { scope, keys, disposable, logs, network, data, images, schedule } = args;

        const repository = (service: string) =>
            new ImageRepository(
                `${name}-${service}`,
                { scope, service, key: keys.services, pulledBy: "ecs", disposable },
                { parent: this },
            );
        const repositories = { ingestion: repository("ingestion"), oms: repository("oms") };
        const secrets = this.createSecrets(name, args);
        const leases = new Leases(
            `${name}-leases`,
            { scope, keys, dynamodb: network.dynamodb, disposable },
            { parent: this },
        );
        const cluster = new Cluster(name, { scope, clusterName: "hot-path", keys, logs }, { parent: this });
        // Fargate fetches images, secrets and parameters, and sends logs, through the task's own network interface.
        // Layers of images are in S3.
        const platform = [network.awsApis, network.s3];
        const feeds = images.ingestion === undefined ? [] : Object.entries(args.feeds);
        const services = [...(images.oms === undefined ? [] : ["oms"]), ...feeds.map(([feed]) => feedService(feed))];
        const trial =
            services.length === 0
                ? undefined
                : new ImageTrial(`${name}-trial`, { ...args, cluster, services, platform }, { parent: this });
        const home: ServiceHome = {
            scope,
            cluster,
            vpcId: network.vpcId,
            subnetIds: network.privateSubnetIds,
            architecture: args.architecture,
            logs,
            shell: args.debugShell ? cluster.shell : undefined,
            trial,
        };
        const kis = broker(args.broker.mode);

        this.oms = new Oms(
            `${name}-oms`,
            {
                home,
                settings: args.oms,
                repository: repositories.oms,
                image: images.oms,
                credentials: secrets[tradingAppKey]!,
                account: secrets[account]!,
                callerRoles: [
                    ...args.omsCallerRoles,
                    ...Object.entries(args.feeds)
                        .filter(([, { credentials }]) => credentials === tradingAppKey)
                        .map(([feed]) => taskRoleName(scope, feedService(feed))),
                ],
                broker: kis,
                access: () => [
                    ...platform,
                    data.kafka.produce(omsTopics),
                    data.redis.connect("oms"),
                    data.postgres.connect("oms"),
                    args.events.publish(omsEventSource),
                ],
                schedule,
                publicSubnetIds: network.publicSubnetIds,
                accessLogs: data.accessLogs,
                disposable,
            },
            { parent: this },
        );
        this.feeds = Object.fromEntries(
            feeds.map(([feed, settings]) => [
                feed,
                ingestionFeed(
                    `${name}-ingestion-${feed}`,
                    {
                        home,
                        feed,
                        settings,
                        repository: repositories.ingestion,
                        image: images.ingestion!,
                        credentials: secrets[settings.credentials]!,
                        account: settings.credentials === tradingAppKey ? secrets[account] : undefined,
                        broker: kis,
                        leases,
                        access: [
                            ...platform,
                            data.kafka.produce(settings.topics),
                            // KIS sends execution notices to the app key's one WebSocket session, which is the feed's.
                            ...(settings.credentials === tradingAppKey ? [this.oms.connect()] : []),
                        ],
                        schedule,
                    },
                    { parent: this },
                ),
            ]),
        );

        this.feedTopics = Object.fromEntries(feeds.map(([feed, { topics }]) => [feed, topics]));
        this.feedMarkets = Object.fromEntries(feeds.map(([feed, { markets }]) => [feed, markets]));
        this.cluster = cluster;
        this.secretNames = Object.values(secrets).map((secret) => secret.secretName);
        this.logGroupNames = [...Object.values(this.feeds), ...(this.oms.service ? [this.oms.service] : [])].map(
            (service) => service.logGroupName,
        );
        this.repositoryUrls = { ingestion: repositories.ingestion.url, oms: repositories.oms.url };
        this.servicesWaitingForImages = Object.keys(repositories).filter((service) => images[service] === undefined);
        this.loadBalancersWaitingForCertificates = args.oms.loadBalancer.certificate ? [] : ["oms"];
        this.registerOutputs({
            clusterName: this.cluster.clusterName,
            omsAddress: this.oms.address,
            omsLoadBalancerUrl: this.oms.loadBalancerUrl,
            secretNames: this.secretNames,
            logGroupNames: this.logGroupNames,
            repositoryUrls: this.repositoryUrls,
            servicesWaitingForImages: this.servicesWaitingForImages,
            loadBalancersWaitingForCertificates: this.loadBalancersWaitingForCertificates,
        });
    }

    /** The OMS's secrets, and one for each other app key that feeds use, by last part of the name. */
    private createSecrets(
        name: string,
        { scope, keys, disposable, feeds }: HotPathArgs,
    ): Record<string, ServiceSecret> {
        const appKey = {
            description: "App key of the KIS Open API: a JSON object with app_key and app_secret",
            keys: ["app_key", "app_secret"],
        };
        const secrets = {
            ...Object.fromEntries(
                [tradingAppKey, ...Object.values(feeds).map((feed) => feed.credentials)].map((secretName) => [
                    secretName,
                    appKey,
                ]),
            ),
            [account]: {
                description:
                    "Account at KIS: a JSON object with account_number (8 digits), product_code (2 digits) and hts_id",
                keys: ["account_number", "product_code", "hts_id"],
            },
        };
        return Object.fromEntries(
            Object.entries(secrets).map(([secretName, contents]) => [
                secretName,
                new ServiceSecret(
                    `${name}-${secretName}`,
                    { scope, secretName, ...contents, key: keys.services, disposable },
                    { parent: this },
                ),
            ]),
        );
    }
}

function checkArgs(name: string, { feeds, disposable, oms }: HotPathArgs): void {
    const feedByCredentials = new Map<string, string>();
    for (const [feed, { credentials }] of Object.entries(feeds)) {
        const other = feedByCredentials.get(credentials);
        if (other !== undefined) {
            throw new Error(
                `hot path ${name}: feeds.${feed}.credentials is "${credentials}", which feeds.${other} uses; KIS allows one session per app key, so each feed needs its own`,
            );
        }
        feedByCredentials.set(credentials, feed);
    }
    if (!disposable && oms.loadBalancer.certificate?.source === "self-signed") {
        throw new Error(
            `hot path ${name}: oms.loadBalancer.certificate.source is "self-signed", which is allowed only if disposable; it must be "existing" or "dns"`,
        );
    }
}
