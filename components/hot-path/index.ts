export * from "./broker";
export * from "./certificate";
export * from "./cluster";
export * from "./hot-path";
export * from "./ingestion";
export * from "./load-balancer";
export * from "./market-hours";
export * from "./oms";
