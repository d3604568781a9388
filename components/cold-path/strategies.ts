import * as pulumi from "@pulumi/pulumi";
import {
    type Access,
    type FunctionSize,
    type ImageFunction,
    type Scope,
    type ServiceSecurityGroup,
    tagged,
} from "../building-blocks";
import { type Kafka, type Redis } from "../data-layer";
import { strategyService } from "../service-names";
import { deployFunction, type Deployment, functionRepository, functionSecurityGroup } from "./deployment";
import { type FailedRecords } from "./failed-records";
import { type Consumer, kafkaTriggerAccess, kafkaTriggers, type KafkaTriggerSize } from "./kafka-trigger";

/**
 * Pattern of the names of the roles of all strategies. A list would have to change, and with it the OMS be deployed anew, for each
 * new strategy.
 */
export const strategyRoles = (scope: Scope): string => scope.name(strategyService("*"));

/** One strategy: an image of its own, the topics that trigger it, its size. */
export interface StrategySettings extends FunctionSize, KafkaTriggerSize {}

export interface StrategiesArgs {
    deployment: Deployment;
    kafka: Pick<Kafka, "clusterArn" | "trigger">;
    redis: Pick<Redis, "connect">;
    failed: Pick<FailedRecords, "arn" | "keep">;
    /** The order management service, to which strategies send orders. */
    oms: { connect(): Access };
    /** Strategies by name, lower case with hyphens; `momentum` is the service `strategy-momentum`. */
    strategies: Record<string, StrategySettings>;
}

/**
 * The strategy workers: a function for each strategy, triggered by Kafka. They reach the cache and the OMS and nothing outside the
 * VPC.
 *
 * All share one security group and one cache user, because AWS limits both (250 function interfaces a VPC, one for each pair of
 * group and subnet; 100 users a cache). Roles are their own.
 */
export class Strategies extends pulumi.ComponentResource {
    readonly functions: ImageFunction[] = [];
    readonly consumers: Consumer[] = [];
    readonly repositoryUrls: Record<string, string> = {};
    readonly servicesWaitingForImages: string[] = [];

    constructor(name: string, args: StrategiesArgs, opts?: pulumi.ComponentResourceOptions) {
        super("aipx:coldpath:Strategies", name, {}, opts);
        const { deployment, redis, oms } = args;
        const { images } = deployment;

        // Made when the first strategy has an image, and then common to all.
        let shared: Shared | undefined;
        for (const [key, settings] of Object.entries(args.strategies)) {
            const service = strategyService(key);
            const image = images[service];
            if (image !== undefined) {
                shared ??= {
                    securityGroup: functionSecurityGroup(name, deployment, "strategies", { parent: this }),
                    access: [redis.connect("strategy"), oms.connect()],
                };
            }
            const worker = new Strategy(
                `${name}-${key}`,
                {
                    ...args,
                    settings,
                    service,
                    run: shared && image !== undefined ? { image, shared } : undefined,
                },
                { parent: this },
            );
            this.repositoryUrls[service] = worker.repositoryUrl;
            if (worker.function) {
                this.functions.push(worker.function);
                this.consumers.push(...worker.consumers);
            } else {
                this.servicesWaitingForImages.push(service);
            }
        }
        this.registerOutputs({});
    }
}

/** What all strategies have in common. */
interface Shared {
    securityGroup: ServiceSecurityGroup;
    access: Access[];
}

interface WorkerArgs {
    deployment: Deployment;
    kafka: Pick<Kafka, "clusterArn" | "trigger">;
    failed: Pick<FailedRecords, "arn" | "keep">;
    service: string;
    settings: StrategySettings;
    /** Left out, there is only the repository. */
    run: { image: string; shared: Shared } | undefined;
}

/** One strategy: repository, function, and a mapping for each topic. */
class Strategy extends pulumi.ComponentResource {
    readonly repositoryUrl: string;
    readonly function: ImageFunction | undefined;
    readonly consumers: Consumer[] = [];

    constructor(name: string, args: WorkerArgs, opts: pulumi.ComponentResourceOptions) {
        super("aipx:coldpath:Strategy", name, {}, tagged({ service: args.service }, opts));
        const { deployment, service, settings, run } = args;
        const repository = functionRepository(name, deployment, service, { parent: this });
        this.repositoryUrl = repository.url;
        if (run) {
            const trigger = {
                scope: deployment.scope,
                service,
                kafka: args.kafka,
                failed: args.failed,
                size: settings,
                // A signal on old prices is a wrong order: a new strategy begins with what comes from now on.
                startingPosition: "LATEST" as const,
            };
            this.function = deployFunction(
                name,
                deployment,
                {
                    service,
                    image: run.image,
                    repository,
                    size: settings,
                    securityGroup: run.shared.securityGroup,
                    access: [kafkaTriggerAccess(trigger), ...run.shared.access],
                },
                { parent: this },
            );
            this.consumers = kafkaTriggers(name, trigger, this.function, { parent: this });
        }
        this.registerOutputs({ repositoryUrl: this.repositoryUrl });
    }
}
