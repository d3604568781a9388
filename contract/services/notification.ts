import { type ServiceContract } from "./service";

export const notification: ServiceContract = {
    name: "notification",
    title: "Notification service",
    purpose: "Tells people in Slack and Telegram what happens on the platform's bus, and which alarms went off.",
    duties: {
        Telling: [
            "An invocation is one event. The platform's own have their id in `detail.eventId`, alarms in the envelope's `id`: what was " +
                "told within the last hour is not told again. A cache in memory is enough; a repetition now and then does no harm.",
            "Events that it does not know are told by their type and detail: a new one must not be lost.",
            "Both channels are tried, each within 5 seconds. If one fails, the function fails, and the event comes again; what the other " +
                "has told already, it tells twice.",
            "Slack asks for patience with 429 and `Retry-After`, Telegram with `retry_after`: wait if there is time, otherwise fail.",
            "Text for people: what, which stock, how many, at what price, when (Korean time). Slack and Telegram need `&`, `<` and `>` escaped.",
        ],
        "The credentials": [
            "Read the secret once for each environment and keep it for at most five minutes. A key that is missing or empty turns its " +
                "channel off; with none at all the function fails.",
            "The webhook's URL and the bot's token are secrets: they stand in no log, and in no error's text.",
        ],
    },
    health: ["No health check: EventBridge invokes it for each event."],
    lifecycle: [
        "EventBridge does not wait for it: Lambda queues the event, tries again after a failure, twice, and then sets it aside. After an " +
            "hour it is no news any more.",
    ],
    sends: ["HTTPS requests to `hooks.slack.com` and `api.telegram.org`, through NAT."],
    reads: [
        "event-order-executed",
        "event-order-partially-executed",
        "event-order-rejected",
        "event-order-cancelled",
        "event-risk-limit-breached",
        "event-trading-halted",
        "event-trading-resumed",
        "invocation-alarm",
    ],
    writes: [],
    libraries: ["frozen"],
};
