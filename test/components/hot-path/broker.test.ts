import assert from "node:assert/strict";
import { broker } from "../../../components/hot-path";

describe("broker", () => {
    it("knows the paper hosts and ports, and no live ones", () => {
        assert.deepEqual(broker("paper"), {
            rest: {
                statements: [],
                connections: [{ kind: "internet", name: "kis-rest", port: 29443 }],
                environment: {
                    KIS_MODE: { value: "paper" },
                    KIS_REST_URL: { value: "https://openapivts.koreainvestment.com:29443" },
                },
                dependsOn: [],
            },
            webSocket: {
                statements: [],
                connections: [{ kind: "internet", name: "kis-websocket", port: 31000 }],
                environment: {
                    KIS_MODE: { value: "paper" },
                    KIS_WEBSOCKET_URL: { value: "ws://ops.koreainvestment.com:31000" },
                },
                dependsOn: [],
            },
        });
    });

    it("knows the live hosts and ports, and no paper ones", () => {
        const { rest, webSocket } = broker("live");
        assert.deepEqual(
            [...rest.connections, ...webSocket.connections].map(({ port }) => port),
            [9443, 21000],
        );
        assert.deepEqual(rest.environment, {
            KIS_MODE: { value: "live" },
            KIS_REST_URL: { value: "https://openapi.koreainvestment.com:9443" },
        });
        assert.deepEqual(webSocket.environment, {
            KIS_MODE: { value: "live" },
            KIS_WEBSOCKET_URL: { value: "ws://ops.koreainvestment.com:21000" },
        });
    });
});
