export * from "./building-blocks";
export * from "./cold-path";
export * from "./data-layer";
export * from "./encryption";
export * from "./hot-path";
export * from "./messaging";
export * from "./network";
export * from "./operations";
