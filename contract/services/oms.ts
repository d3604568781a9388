import { type ServiceContract } from "./service";

export const oms: ServiceContract = {
    name: "oms",
    title: "OMS (order management service)",
    purpose:
        "Takes orders from strategies and people by gRPC, holds them against its limits, sends them to KIS, and tells what becomes of " +
        "them. The only service that sends orders. Its truth is PostgreSQL; several tasks run side by side.",
    duties: {
        "Orders, once and only once": [
            "KIS knows no order id of ours and no idempotency. Before a request goes out, its `order_id` and contents are committed to " +
                "PostgreSQL (unique key `order_id`), in the state *sending*. A second command with the same id gets the first one's " +
                "result; with other contents, `CONFLICT`.",
            "A request that got no answer (timeout, broken connection, crash) is never sent again blindly. Its state is *unknown*, its " +
                "result `PENDING`; the day's orders (`TTTC0081R` live, `VTTC0081R` paper, page by page) show whether KIS has it.",
            "`intent_expires_at` is checked when the command comes, and again right before the request goes out, after every wait.",
            "Order of checks: form, expiry, halt, limits, rate. Cancellations pass halt and limits.",
            "An order needs the account: `KIS_ACCOUNT_NUMBER` (CANO), `KIS_ACCOUNT_PRODUCT_CODE` (ACNT_PRDT_CD), and EXCG_ID_DVSN_CD for the venue.",
            "Ids of transactions: buy `TTTC0012U`, sell `TTTC0011U`, correct or cancel `TTTC0013U`; `VTTC...` in paper trading " +
                "(`KIS_MODE`). A paper key on the live host is refused with `EGW02004`.",
        ],
        KIS: [
            "Base URL in `KIS_REST_URL`; no other host of KIS is reachable. HTTP/1.1, TLS 1.2 or newer, bodies with a length.",
            "Access token: 24 h, one issue a minute (`EGW00133`), each one sends the owner a message. One task asks for it, under a lock " +
                "in Redis, and stores it there with its expiry; the others read it. On `EGW00123` (expired) it is asked for anew, once.",
            "20 requests a second live, 2 in paper trading, for all tasks together: they share a counter in Redis, a key for each second " +
                "with `INCR` and an expiry. Who gets more than the limit waits for the next second; cancellations go first, then " +
                "orders, then inquiries. `EGW00201` and `EGW00215` mean that it was passed all the same: wait a second, count it.",
            "The OMS opens no WebSocket: execution notices come from the feed, by `ExecutionNoticeService`.",
        ],
        "Who calls": [
            "On 50051, inside the VPC, a caller proves its role by a request to STS that it has signed and not sent: a presigned `GET " +
                "https://sts.<region>.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15`, with the header `x-aipx-server-id` " +
                "among the signed ones, whose value is the host of `OMS_ADDRESS`; as base64 text in the metadata `x-aipx-identity` of " +
                "each call or stream.",
            "Check host, path, action and the signed header first, refuse what was signed more than a minute ago (`X-Amz-Date`), then " +
                "send it, and compare account and role of the answer (`assumed-role/ROLE/SESSION`) with the OMS's own account and " +
                "`OMS_CALLER_ROLES`. Keep the answer as long as the stream lives; never log the text.",
            "A caller speaks for the strategy that its role is named after, and the feed's role delivers notices; all else is `FORBIDDEN`.",
            "On 50052 only the load balancer comes. Where it checks certificates, it tells whose it was in `x-amzn-mtls-clientcert-subject`, " +
                "`-issuer`, `-serial-number`, `-validity` and `-leaf`. On 50051 these mean nothing.",
        ],
        Limits: [
            "Variables `RISK_...`: whole numbers, in won but for `RISK_MAX_ORDERS_PER_SECOND`. What would pass one is refused " +
                "(`RISK_LIMIT`) and told on the bus (`RiskLimitBreached`). After the day's loss, only orders that close positions are sent.",
        ],
        "Protection of tasks": [
            "A task with open orders protects itself from deployments and from the end of market hours: `PUT " +
                '$ECS_AGENT_URI/task-protection/v1/state` with `{"ProtectionEnabled":true,"ExpiresInMinutes":10}`, renewed while ' +
                "orders are open and taken back when there are none. 48 hours are the most.",
            "The answer `DEPLOYMENT_BLOCKED` says that a deployment waits: take no new orders, and end the protection as soon as the open " +
                "ones allow. Nothing protects from a failing host or a failing `live`.",
        ],
        "Execution notices": [
            "At least once, in any task. A notice is acknowledged when it is committed. Notices have no id: number of the order, event " +
                "and cumulated quantity tell repetitions apart.",
            "They can be missed (the feed was down, the session broke). The day's orders are compared at start, after each gap in " +
                "`sequence` or change of `process_id`, and every minute while orders are open.",
            "A notice may come before the answer to the order itself.",
        ],
        "Several tasks": [
            "Any task may get any command, notice or stream. What one learns, the others' streams must tell: by Redis publish and " +
                "subscribe as a wake-up, with PostgreSQL as the truth.",
            "Work that only one may do (token, comparing with the day's orders) is under a lock that expires, in PostgreSQL (advisory " +
                "lock) or Redis (`SET NX PX`), and is checked again after the lock is taken.",
        ],
        "Writing to Kafka and the bus": [
            "Records of `orders` and `executions` and events are rows of an outbox, committed with the change that they tell of, and " +
                "sent from there in order, again until Kafka or EventBridge has taken them: neither is lost by a crash.",
            "Kafka: `acks=all`, idempotence on. EventBridge: look at each entry of the answer to `PutEvents`; entries fail one by one.",
        ],
        gRPC: [
            "Plain HTTP/2 without TLS on both ports: the load balancer ends TLS, and callers inside the VPC come without it.",
            "A caller's streams and commands are limited (64 streams, 100 commands a second), so that one strategy does not starve the others.",
            "Server keepalive: ping idle connections every 60 s, so that dead callers are found; admit client pings from 30 s on " +
                "(`MinTime`), or callers get GOAWAY with `too_many_pings`.",
            "`grpc.health.v1` answers on both ports, for the empty service name, which the load balancer asks for, and " +
                "`aipx.oms.v1.OrderService`: SERVING when commands can be taken, which needs PostgreSQL but neither KIS nor open markets.",
            "Metadata names through the load balancer: letters, digits and hyphens only; others are dropped.",
        ],
        PostgreSQL: [
            "Tables live in the schema `oms` of the database; `public` is not writable. Name the schema, or set `search_path`, on every connection.",
            "The service makes and migrates its tables by itself at start, one task at a time (advisory lock), in steps that the " +
                "version before can live with: old and new tasks run side by side during a deployment.",
            "Few connections: a task opens at most 10. A small instance takes about 80 in all.",
        ],
        Redis: [
            "Keys begin with `oms:`; keys that belong together carry a hash tag (`oms:{token}:lock`), since commands on several keys must " +
                "stay in one slot. No command lists keys of the whole cache (KEYS, FLUSHALL and others are refused).",
            "Redis may lose the last second of writes when a node fails. Locks and counters may live there; orders may not. Without its " +
                "lock or counter, an order is not sent.",
        ],
    },
    health: [
        "`live`: the gRPC server answers on its port within a second (ask the health service on the loopback address; any answer will do).",
        "`ready`: `grpc.health.v1` says SERVING.",
        "The load balancer asks `grpc.health.v1.Health/Check` by itself, and sends nobody to a task that does not answer 0 (OK). A " +
            "deployment counts a task as healthy only when it does.",
    ],
    lifecycle: [
        "Log `started`; check variables; connect to PostgreSQL, migrate; connect to Redis and Kafka; compare with the day's orders; " +
            "then say SERVING. What is not there is waited for, with growing pauses: the process does not end for it.",
        "It runs all day: positions and orders can be open outside market hours. Orders that KIS refuses then (`EGW00202`) are " +
            "results, not errors of the OMS.",
        "Before SIGTERM, ECS takes the task out of DNS and of the load balancer, which gives it no new stream and cuts those that it has " +
            "after 60 s at the latest.",
        "SIGTERM, in this order: health says NOT_SERVING; no new streams and commands (`UNAVAILABLE`, GOAWAY); requests that are under " +
            "way at KIS are waited for and stored; the outbox is sent; streams end; exit 0. Open orders at KIS stay open: they are the " +
            "next task's. It must be done well within the stop timeout.",
        "A deployment starts new tasks before it stops old ones, and is rolled back when the new ones log errors or fail health checks.",
    ],
    sends: [
        "Requests to KIS, records to Kafka, events on the bus as source `aipx.oms`, reports on streams, log lines that are counted.",
    ],
    reads: [],
    writes: [
        "topic-orders",
        "topic-executions",
        "event-order-executed",
        "event-order-partially-executed",
        "event-order-rejected",
        "event-order-cancelled",
        "event-risk-limit-breached",
        "event-trading-halted",
        "event-trading-resumed",
        "log-started",
        "log-order-sent",
        "log-order-rejected",
        "log-order-executed",
        "log-error",
    ],
    libraries: ["kafka", "postgres", "redis", "grpc", "certificates"],
};
