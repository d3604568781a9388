export { type BudgetLimits } from "./cost-watch";
export { type EventListener } from "./events";
export * from "./subjects";
export { type TradingCalendar, type TradingSession, type TradingTimes } from "./trading-calendar";
export { Operations, type OperationsArgs } from "./operations";
