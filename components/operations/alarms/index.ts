export * from "./alarm";
export * from "./platform-alarms";
