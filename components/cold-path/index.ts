export { type CognitiveSettings } from "./cognitive";
export { ColdPath, type ColdPathArgs, type QueueReference } from "./cold-path";
export { type DataRecorderSettings } from "./data-recorder";
export { type Deployment } from "./deployment";
export { EventBus, type EventBusArgs } from "./event-bus";
export { type Consumer, type KafkaTriggerSize } from "./kafka-trigger";
export { notifiedEvents } from "./notification";
export { Queue, type QueueArgs, type QueueKind } from "./queue";
export { type StrategySettings, strategyRoles } from "./strategy";
