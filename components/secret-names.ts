/** Secrets that services read, by the last part of their names: what settings, IAM documents and docs/images.md call them. */
export const secretNames = {
    /** App key that the OMS trades with, and that a feed listens with unless it has one of its own. */
    tradingAppKey: "kis-credentials",
    /** Account at the broker that the OMS trades for. */
    account: "kis-account",
    /** Where notifications go. */
    notification: "notification-credentials",
    /** Key of the tokens of WebSocket clients. */
    webSocketSigningKey: "websocket-signing-key",
} as const;
