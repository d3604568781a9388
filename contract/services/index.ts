import { cognitive } from "./cognitive";
import { dataRecorder } from "./data-recorder";
import { ingestion } from "./ingestion";
import { notification } from "./notification";
import { oms } from "./oms";
import { type ServiceContract } from "./service";
import { strategy } from "./strategy";
import { websocketAuthorizer } from "./websocket-authorizer";

export { type ServiceContract } from "./service";

/** Every service whose image is built elsewhere, those closest to trading first. */
export const services: ServiceContract[] = [
    ingestion,
    oms,
    strategy,
    dataRecorder,
    cognitive,
    websocketAuthorizer,
    notification,
];

/** Name of the section that describes an image, by the image's name: strategies have one for all of them. */
export const sectionOf = (image: string): string => (image.startsWith("strategy-") ? "strategy" : image);
