export * from "./encryption";
