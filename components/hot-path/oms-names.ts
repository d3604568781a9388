/** Topics that the OMS writes to: what it was asked to do, and what became of it. They must be declared. */
export const omsTopics = ["orders", "executions"];

/** Source of the OMS's events on the platform's bus. */
export const omsEventSource = "aipx.oms";
