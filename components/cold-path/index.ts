export { type CognitiveSettings } from "./cognitive";
export { ColdPath, type ColdPathArgs, type QueueReference } from "./cold-path";
export { type DataRecorderSettings } from "./data-recorder";
export { type Deployment } from "./deployment";
export { type Consumer, type KafkaTriggerSize } from "./kafka-trigger";
export { notifiedEvents } from "./notification";
export { type StrategySettings, strategyRoles } from "./strategies";
