import { type ServiceContract } from "./service";

export const websocketAuthorizer: ServiceContract = {
    name: "websocket-authorizer",
    title: "WebSocket authorizer",
    purpose:
        "Decides who may connect to the cognitive service. API Gateway asks it once for each connection, before it is opened, and keeps " +
        "no answer for another.",
    duties: {
        Deciding: [
            "`Sec-WebSocket-Protocol` holds what is offered, separated by commas, with or without spaces. The token is the subprotocol that " +
                "begins with `bearer.`; `aipx.v1` must be offered beside it. Without either: refuse.",
            "Tokens are JWTs signed with HS256 and the key of the secret. Check the signature, `exp` (required, at most 12 hours after " +
                "`iat`) and `aud` (`aipx-cognitive`). Admit no other algorithm, `none` least of all. `sub` becomes the " +
                "`principalId`, which the agent gets and logs show.",
            "Allow `methodArn` as it came, and nothing wider.",
            "A refusal is an answer and no failure. Whatever goes wrong inside is a failure, and nobody is let in.",
        ],
        "The key": [
            "Read the secret once for each environment and keep it for at most five minutes, so that a new key is in use soon.",
            "Never log tokens or headers.",
        ],
    },
    health: ["No health check: Lambda invokes it for each connection."],
    lifecycle: [
        "A person waits: answer within a second, cold start included. API Gateway waits no longer than the function's timeout and " +
            "29 seconds at most.",
    ],
    sends: ["Its answer alone."],
    reads: ["invocation-authorizer"],
    writes: [],
    libraries: ["frozen"],
};
