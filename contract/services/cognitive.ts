import { type ServiceContract } from "./service";

export const cognitive: ServiceContract = {
    name: "cognitive",
    title: "Cognitive service",
    purpose:
        "An agent that people talk to over a WebSocket. It gets one message at a time of each connection and posts its answer to the " +
        "connection. It gives no orders: it cannot reach the OMS.",
    duties: {
        Answering: [
            "Answers go to `POST <WEBSOCKET_CALLBACK_URL>/@connections/<connectionId>`, signed for the service `execute-api` " +
                "(`ApiGatewayManagementApi` of AWS's SDKs, with that URL as endpoint). At most 128 KB a message, 32 KB a frame: parts of " +
                "at most 30,000 characters.",
            "The first part within a few seconds, the last one with `final`. Parts that come as they are made beat one long answer.",
            "410 Gone means that the client has left: stop working and end, with that error or without one.",
            "The body is text from outside: check it against the schema. What does not fit gets an error frame `invalid-message`.",
            "A message is given at most once. If the agent fails or runs into its timeout, the platform tells the client and sets the " +
                "message aside; nobody runs it again. A person who sends it again makes a new message, with another `requestId`.",
        ],
        Memory: [
            "A conversation is `conversationId` of `principalId`: never give one person another's. Connections end after two hours, or " +
                "ten minutes of silence; conversations go on.",
            "Checkpoints of LangGraph live in PostgreSQL, in the schema `cognitive`. Its saver names tables without a schema: set " +
                "`search_path` on each connection. `setup()` runs at most once a version, under an advisory lock.",
            "Connections: one for each environment, no pool. There are as many environments as the function may run at a time.",
            "Redis is a cache: keys begin with `cognitive:`.",
        ],
        Models: [
            "Bedrock, by the models and inference profiles that the settings name; others are refused. Throttling is normal: try again " +
                "with growing pauses, within the function's time.",
            "What the model wants to know of the platform it may read in PostgreSQL's schema `cognitive` and Redis; it has no other source.",
        ],
    },
    health: ["No health check: Lambda invokes it for each message."],
    lifecycle: [
        "Keep an eye on the time that is left (`get_remaining_time_in_millis`): end by yourself with an error frame rather than be cut off.",
        "Nothing runs after the handler has returned: post the last part before.",
    ],
    sends: ["Frames over the connection, through API Gateway's management API."],
    reads: ["invocation-cognitive", "frame-message"],
    writes: ["frame-answer", "frame-error"],
    libraries: ["postgres", "redis", "frozen", "certificates"],
};
