import * as pulumi from "@pulumi/pulumi";
import { pushCommands, Scope } from "./components/building-blocks";
import { ColdPath, strategyRoles } from "./components/cold-path";
import { DataLayer } from "./components/data-layer";
import { Encryption } from "./components/encryption";
import { HotPath } from "./components/hot-path";
import { EventBus } from "./components/messaging";
import { Network } from "./components/network";
import { Operations } from "./components/operations";
import { loadSettings } from "./settings";
import { marketCalendar } from "./settings/market-calendar";

/** The platform: settings of the stack in, its outputs out. `npm run plan` and `pulumi up` both run this function. */
export = (): Record<string, unknown> => {
    const { region, accountId, settings } = loadSettings();
    const { disposable, logRetentionDays, debugShell } = settings.environment;
    const scope = new Scope({ project: pulumi.getProject(), environment: pulumi.getStack(), region, accountId });

    const keys = new Encryption("encryption", { scope, disposable });
    const common = { scope, keys, disposable, logs: { retentionDays: logRetentionDays, keyArn: keys.logs.arn } };
    const network = new Network("network", { ...common, ...settings.network });
    const { kafka, redis, postgres, dataLake } = settings;
    const { architecture, ingestion, oms, ...functions } = settings.services;
    const recordedTopics = functions.dataRecorder.topics;
    const data = new DataLayer("data", { ...common, network, kafka, redis, postgres, dataLake, recordedTopics });
    const events = new EventBus("events", { ...common });

    const deployment = { ...common, network, data, events, architecture, images: settings.images };
    const { broker, schedule } = settings;
    const hotPath = new HotPath("hot-path", {
        ...deployment,
        debugShell,
        broker,
        schedule,
        feeds: ingestion.feeds,
        oms,
        omsCallerRoles: [strategyRoles(scope)],
    });
    const coldPath = new ColdPath("cold-path", { ...deployment, ...functions, oms: hotPath.oms });
    const operations = new Operations("operations", {
        ...common,
        network,
        data,
        hotPath,
        coldPath,
        trading: { calendar: marketCalendar, schedule },
        budget: settings.budget,
        alarms: settings.alarms,
    });

    const repositoryUrls = { ...hotPath.repositoryUrls, ...coldPath.repositoryUrls };

    return {
        bootstrapBrokers: data.kafka.bootstrapBrokers,
        redisEndpoint: data.redis.endpoint,
        postgresEndpoint: data.postgres.endpoint,
        dataLakeBucket: data.dataLake.bucketName,
        omsEndpoint: hotPath.oms.address,
        // Left out rather than undefined, of which Pulumi warns at every run.
        ...(hotPath.oms.loadBalancerUrl && { omsLoadBalancerUrl: hotPath.oms.loadBalancerUrl }),
        ...(coldPath.webSocketUrl && { webSocketUrl: coldPath.webSocketUrl }),
        secretNames: [...hotPath.secretNames, ...coldPath.secretNames],
        logGroups: [...hotPath.logGroupNames, ...coldPath.logGroupNames],
        dashboardUrl: operations.dashboardUrl,
        repositories: repositoryUrls,
        pushCommands: pushCommands(scope, architecture, repositoryUrls),
        servicesWaitingForImages: [...hotPath.servicesWaitingForImages, ...coldPath.servicesWaitingForImages],
        loadBalancersWaitingForCertificates: hotPath.loadBalancersWaitingForCertificates,
    };
};
