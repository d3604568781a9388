import { access, type Access } from "../building-blocks";

/** Whether orders are simulated by the broker (`paper`) or spend real money (`live`). */
export type BrokerMode = "paper" | "live";

interface Endpoint {
    host: string;
    port: number;
}

/**
 * Where KIS answers, as its Open API documents. Paper and live differ in the port, so a service whose security group
 * admits one cannot reach the other.
 */
const endpoints: Record<BrokerMode, { rest: Endpoint; webSocket: Endpoint }> = {
    paper: {
        rest: { host: "openapivts.koreainvestment.com", port: 29443 },
        webSocket: { host: "ops.koreainvestment.com", port: 31000 },
    },
    live: {
        rest: { host: "openapi.koreainvestment.com", port: 9443 },
        webSocket: { host: "ops.koreainvestment.com", port: 21000 },
    },
};

/** What services need in order to reach the broker. */
export interface Broker {
    /** REST: tokens, WebSocket approval keys, orders. Environment `KIS_MODE`, `KIS_REST_URL`. */
    rest: Access;
    /** Real-time data and execution notices. Environment `KIS_MODE`, `KIS_WEBSOCKET_URL`. KIS offers no TLS here. */
    webSocket: Access;
}

/** Access to KIS in the given mode: one TCP port each, out of the VPC. */
export function broker(mode: BrokerMode): Broker {
    const { rest, webSocket } = endpoints[mode];
    return {
        rest: access({
            connections: [{ kind: "internet", name: "kis-rest", port: rest.port }],
            environment: {
                KIS_MODE: { value: mode },
                KIS_REST_URL: { value: `https://${rest.host}:${rest.port}` },
            },
        }),
        webSocket: access({
            connections: [{ kind: "internet", name: "kis-websocket", port: webSocket.port }],
            environment: {
                KIS_MODE: { value: mode },
                KIS_WEBSOCKET_URL: { value: `ws://${webSocket.host}:${webSocket.port}` },
            },
        }),
    };
}
