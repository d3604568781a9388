import { events } from "./events";
import { frames } from "./frames";
import { invocations } from "./invocations";
import { logLines } from "./log-lines";
import { type Message } from "./message";
import { topics } from "./topics";

export { events } from "./events";
export { frames } from "./frames";
export { invocations } from "./invocations";
export { logLines } from "./log-lines";
export { jsonSchema, type Message, problems } from "./message";
export { topics } from "./topics";

/** Every message that crosses the border of a service, but those of gRPC (oms.proto). */
export const messages: Message[] = [...topics, ...events, ...frames, ...invocations, ...logLines];
