/**
 * Beginnings of the names of environment variables that the platform, or AWS, sets in some service. They are reserved in all
 * services, so that a variable of a team's own never stands in the way of one that comes later.
 */
const reservedBeginnings = [
    "AIPX_",
    "AWS_",
    "DATA_LAKE_",
    "ECS_",
    "EVENT_BUS_",
    "KAFKA_",
    "KIS_",
    "LAMBDA_",
    "LEASE_",
    "NOTIFICATION_",
    "OMS_",
    "POSTGRES_",
    "REDIS_",
    "RISK_",
    "WEBSOCKET_",
];

/** Whether the platform keeps the name of an environment variable for itself. */
export const isReserved = (variable: string): boolean =>
    variable === "TZ" || reservedBeginnings.some((beginning) => variable.startsWith(beginning));
