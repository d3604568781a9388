/** The subprotocol of our WebSocket API. A client offers it beside its token: `aipx.v1, bearer.<token>`. */
const subprotocol = "aipx.v1";

/** What API Gateway gives of a handshake. Header names are written as the client wrote them. */
interface Handshake {
    headers?: Record<string, string>;
    multiValueHeaders?: Record<string, string[]>;
}

/**
 * Answers a handshake that the authorizer has admitted. A browser closes a connection whose answer does not select one of the
 * subprotocols that it offered; the token is among those and must never be the one.
 */
export const handler = ({ headers = {}, multiValueHeaders = {} }: Handshake): Promise<object> => {
    const offered = Object.entries({ ...headers, ...multiValueHeaders })
        .filter(([name]) => name.toLowerCase() === "sec-websocket-protocol")
        .flatMap(([, values]) => [values].flat().join(",").split(","))
        .map((each) => each.trim());
    return Promise.resolve(
        offered.includes(subprotocol)
            ? { statusCode: 200, headers: { "Sec-WebSocket-Protocol": subprotocol } }
            : { statusCode: 400 },
    );
};
