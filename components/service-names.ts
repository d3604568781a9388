import { type Scope } from "./building-blocks/scope";

// Names that people's own names make long: settings hold them to AWS's limits before anything is made.

/** Name of the service that runs a feed: `ingestion-krx`. */
export const feedService = (feed: string): string => `ingestion-${feed}`;

/** Name of the service that is a strategy: `strategy-momentum`. */
export const strategyService = (strategy: string): string => `strategy-${strategy}`;

/**
 * Consumer group in which a function reads a topic. Lambda takes one topic in a mapping and wants a group of its own for each:
 * `aipx-dev-data-recorder.ticks`. The point cannot be part of a service's name, so that `aipx-dev-data-recorder.*` names exactly this
 * service's groups.
 */
export const consumerGroup = (scope: Scope, service: string, topic: string): string =>
    `${scope.name(service)}.${topic}`;

/** Most characters of a consumer group, as Lambda takes it. */
export const longestConsumerGroup = 200;
