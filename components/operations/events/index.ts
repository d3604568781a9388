export * from "./aws-event-rules";
export * from "./list";
