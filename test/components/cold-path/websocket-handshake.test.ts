import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import WebSocket from "ws";
import { handler } from "../../../components/cold-path/websocket-connect/handler";
import { WebSocketGateway } from "../../support/web-socket-gateway";
import { recordColdPath } from "./fixture";

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A JSON Web Token, as its issuer signs it. */
function token(subject: string, key = "signing-key"): string {
    const signed = `${base64url({ alg: "HS256", typ: "JWT" })}.${base64url({ sub: subject })}`;
    return `${signed}.${createHmac("sha256", key).update(signed).digest("base64url")}`;
}

/** An authorizer that keeps the contract of its image: it finds the token among the subprotocols. */
async function authorizer(event: { headers: Record<string, string>; methodArn: string }): Promise<object> {
    const header = Object.entries(event.headers).find(([name]) => name.toLowerCase() === "sec-websocket-protocol");
    const given = header![1]
        .split(",")
        .map((each) => each.trim())
        .find((each) => each.startsWith("bearer."))
        ?.slice("bearer.".length);
    const subject = given && (JSON.parse(Buffer.from(given.split(".")[1]!, "base64url").toString()).sub as string);
    const known = subject !== undefined && subject !== "" && given === token(subject);
    return Promise.resolve({
        principalId: known ? subject : "nobody",
        policyDocument: {
            Version: "2012-10-17",
            Statement: [{ Action: "execute-api:Invoke", Effect: known ? "Allow" : "Deny", Resource: event.methodArn }],
        },
    });
}

describe("the handshake of the WebSocket API", () => {
    let gateway: WebSocketGateway;
    before(async () => {
        gateway = await WebSocketGateway.start(await recordColdPath(), {
            "aipx-dev-websocket-authorizer": authorizer,
            "aipx-dev-websocket-connect": handler,
        });
    });
    after(() => gateway.stop());

    /** Connects as a browser can: with subprotocols, and without any header of its own. */
    const connect = (...subprotocols: string[]): Promise<WebSocket> =>
        new Promise((resolve, reject) => {
            const socket = new WebSocket(gateway.url, subprotocols);
            socket.on("open", () => resolve(socket));
            socket.on("error", reject);
        });

    it("lets a browser in, and never repeats its token", async () => {
        const socket = await connect("aipx.v1", `bearer.${token("alice")}`);
        assert.equal(socket.protocol, "aipx.v1");
        assert.deepEqual(gateway.principals, ["alice"]);
        socket.close();
    });

    for (const [title, subprotocols, status] of [
        ["offers nothing", [], 401],
        ["has no token", ["aipx.v1"], 403],
        ["has another's token", ["aipx.v1", `bearer.${token("alice", "another-key")}`], 403],
        ["does not speak our subprotocol", [`bearer.${token("alice")}`], 400],
    ] as const) {
        it(`refuses who ${title}`, async () => {
            await assert.rejects(connect(...subprotocols), new RegExp(`Unexpected server response: ${status}`));
        });
    }

    it("takes tokens for the subprotocols that they must be", () => {
        // RFC 6455, 4.1: printable ASCII without RFC 2616's separators.
        const subprotocol = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
        assert.match("aipx.v1", subprotocol);
        assert.match(`bearer.${token("앨리스?>~")}`, subprotocol);
    });
});

describe("the function behind $connect", () => {
    for (const [title, handshake, status] of [
        ["in a list", { headers: { "Sec-WebSocket-Protocol": "aipx.v1, bearer.x" } }, 200],
        ["in a list without blanks", { headers: { "Sec-WebSocket-Protocol": "bearer.x,aipx.v1" } }, 200],
        ["in another spelling", { headers: { "sec-websocket-protocol": "bearer.x, aipx.v1" } }, 200],
        [
            "in one of several headers",
            {
                headers: { "Sec-WebSocket-Protocol": "bearer.x" },
                multiValueHeaders: { "Sec-WebSocket-Protocol": ["aipx.v1", "bearer.x"] },
            },
            200,
        ],
        ["in another version", { headers: { "Sec-WebSocket-Protocol": "aipx.v10, bearer.aipx.v1" } }, 400],
        ["in no header", { headers: { Host: "aipx.v1" } }, 400],
        ["nowhere", {}, 400],
    ] as const) {
        it(`answers ${status} to our subprotocol ${title}`, async () => {
            assert.deepEqual(
                await handler(handshake as Parameters<typeof handler>[0]),
                status === 200
                    ? { statusCode: 200, headers: { "Sec-WebSocket-Protocol": "aipx.v1" } }
                    : { statusCode: 400 },
            );
        });
    }
});
