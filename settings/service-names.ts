import { strategyService } from "../components/service-names";
import { type Settings } from "./schema";

/** Names of all services, which are also those of their images and repositories. All feeds share one image. */
export const serviceNames = (services: Pick<Settings["services"], "strategies">): string[] => [
    "ingestion",
    "oms",
    ...Object.keys(services.strategies).map(strategyService),
    "data-recorder",
    "cognitive",
    "websocket-authorizer",
    "notification",
];
