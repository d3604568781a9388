export * from "./event-bus";
export * from "./queue";
