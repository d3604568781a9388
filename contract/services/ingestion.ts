import { kis } from "./common";
import { type ServiceContract } from "./service";

export const ingestion: ServiceContract = {
    name: "ingestion",
    title: "Ingestion (feeds)",
    purpose:
        "Holds the WebSocket session of one app key, and writes what KIS sends to Kafka. One task for each feed, all of them from one " +
        "image; the OMS's own feed hands execution notices on as well.",
    duties: {
        KIS: kis,
        "One session for an app key": [
            "ECS counts a task that is stopping as gone: the old one may still be connected while the new one starts. So a feed connects " +
                "only while it holds the lease of its app key: the item of `LEASE_TABLE` whose `leaseKey` is `LEASE_KEY`. Attributes: " +
                "`leaseKey`, `owner` (the task's ARN, from `$ECS_CONTAINER_METADATA_URI_V4/task`), `fencingNumber` (grows with each " +
                "owner) and `expiresAt` (Unix time in seconds).",
            "Take: read the item consistently. If it is missing or `expiresAt` has passed, `UpdateItem` on the condition that it is still " +
                "missing, or that `fencingNumber` and `expiresAt` are as read: set `owner`, `expiresAt` to now + 20 and `fencingNumber` " +
                "to one more (1 at first). Otherwise wait two seconds and look again.",
            "Renew every five seconds, on the condition that `fencingNumber` is one's own. Who has not renewed for 15 seconds by a " +
                "monotonic clock, or fails the condition, closes the session at once and takes the lease anew.",
            "Give back at SIGTERM, after the session is closed: set `expiresAt` to 0 on the same condition. Items are never deleted.",
            "`fencingNumber` goes into each record.",
        ],
        "What is subscribed": [
            "The list of stocks is the image's own. For each stock: trades if `KAFKA_TOPICS` has `ticks`, order books if it has `quotes`.",
            "A feed that has `KIS_HTS_ID` listens with the trading app key: it registers that id for execution notices too (`H0STCNI0` live, " +
                "`H0STCNI9` paper), decrypts them (AES-256-CBC; key and iv come with the answer to the registration) and delivers them " +
                "by `ExecutionNoticeService` in [oms.proto](#the-oms-by-grpc). Each stream carries the feed's identity in the metadata " +
                "`x-aipx-identity`, as [the OMS](#oms-order-management-service-what-it-must-do) describes it.",
            "One frame of KIS may hold several records (`0|H0STCNT0|003|...`): each becomes a record of its own.",
        ],
        "Writing to Kafka": [
            "`acks=all`, idempotence on, at most five requests under way: no record is lost or doubled while the process lives, and " +
                "records of a stock stay in order. `linger.ms` 5 or less: a tick that waits is worth less.",
            "When Kafka does not take records, at most 10 s of them are kept in memory. Then the oldest are dropped, counted and " +
                "logged once a second at level `error`: the session with KIS is not closed for that.",
            "`sequence` counts what was received, not what was written, so that what was dropped shows as a gap.",
            "The key's bytes are UTF-8 text. The default partitioner of Java clients and that of librdkafka spread keys differently: set " +
                "`partitioner=murmur2_random` with librdkafka, or feeds in two languages tear the order of a stock apart.",
        ],
    },
    health: [
        "`live`: the loop that reads the WebSocket has turned within the last 30 s, connected or not.",
        "`ready`: a session is open, its registrations are confirmed, and Kafka has taken the last records.",
    ],
    lifecycle: [
        "Log `started`; check variables; connect to Kafka and wait until its metadata is there, with growing pauses; take " +
            "the lease; ask for an approval key; open the session, log `session-opened`; register.",
        "It runs from ten minutes before the first session of the market until an hour after the last one, and is idle on holidays: " +
            "nothing to receive is no error.",
        "SIGTERM: close the session first and give the lease back, so that the app key is free for the next task, which may already wait; flush Kafka; " +
            "deliver what is left of execution notices; exit 0. No reconnection once SIGTERM has come.",
        "A session that is refused as in use (`OPSP8996`) is a predecessor that has not let go: wait and try again, as above.",
    ],
    sends: ["Records to Kafka, execution notices to the OMS, log lines that are counted."],
    reads: [],
    writes: ["topic-ticks", "topic-quotes", "log-started", "log-session-opened", "log-error"],
    libraries: ["kafka", "grpc", "certificates"],
};
