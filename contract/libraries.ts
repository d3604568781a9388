/** What is known to go wrong with client libraries, by subject. */
export interface LibraryTraps {
    title: string;
    traps: string[];
}

export const libraries: Record<string, LibraryTraps> = {
    kafka: {
        title: "Kafka with IAM",
        traps: [
            "Port 9098, `SASL_SSL`. Java: `aws-msk-iam-auth` with the mechanism `AWS_MSK_IAM`. All others: `OAUTHBEARER` with a token of " +
                "`aws-msk-iam-sasl-signer-python`, `-go` or `-js`; franz-go has it built in (`sasl/aws`). Brokers' certificates are " +
                "Amazon's public ones.",
            "A token lives 15 minutes at most, and is looked at when a connection signs in. Hand the client a " +
                "function that makes a new one, never a token: connections are opened anew for years.",
            "librdkafka (confluent-kafka for Python, Go, .NET, Node.js) asks for a new token only while somebody polls. A producer that " +
                "idles must poll, or have its background callbacks on (`rd_kafka_sasl_background_callbacks_enable`; newer " +
                "releases of confluent-kafka-python do it by themselves); else it is denied after the first quiet quarter of an hour.",
            "The Python signer returns the expiry in milliseconds, confluent-kafka-python wants seconds.",
            "New IAM connections: 100 a second for a broker, 4 on `kafka.t3.small`. Clients that reconnect at once, and many of them, lock " +
                "themselves out: `reconnect.backoff.ms` 100 or more, `reconnect.backoff.max.ms` 10,000, and one producer for each process.",
            "Topics are made by the platform. A client that tries to make them (`allow.auto.create.topics`) gets errors.",
            "Idempotent producers need the right `WriteDataIdempotently`, which they have; transactions need more, which nobody has.",
        ],
    },
    postgres: {
        title: "PostgreSQL on RDS with IAM",
        traps: [
            "The password is a token (`generate_db_auth_token`, `auth.BuildAuthToken` ...) for exactly the host, port and user that is " +
                "connected to. It lives 15 minutes and counts at sign-in only: a connection lives on. Pools need a hook that makes a token " +
                "for each new connection (`BeforeConnect` of pgx, `do_connect` of SQLAlchemy, a `password` function in node-postgres).",
            "`sslmode=verify-full` with RDS's certificate bundle (below). Without TLS the server refuses (`rds.force_ssl`).",
            "Tokens have about a thousand characters: some drivers and poolers cut passwords off.",
            "A failover or an upgrade breaks all connections, and the name then has another address: reconnect with growing pauses, and " +
                "cache DNS for at most 30 s (Java: `networkaddress.cache.ttl`).",
            "Use a statement timeout (`statement_timeout`) and TCP keepalives of 30 s: a connection whose other end is gone is otherwise " +
                "waited for by the hour.",
            "IAM admits about 200 new connections a second for an instance, fewer on small ones. Keep connections.",
            "A service may not make schemas, and PostgreSQL refuses `CREATE SCHEMA IF NOT EXISTS` even for one that exists. `setup()` of " +
                "LangGraph's saver for JavaScript (`@langchain/langgraph-checkpoint-postgres`) begins with it: give it a pool whose " +
                "clients answer that statement without sending it. The saver for Python does not.",
        ],
    },
    redis: {
        title: "Redis (Valkey) with IAM, cluster mode",
        traps: [
            "Use a cluster client (`RedisCluster`, `redis.NewClusterClient`, `createCluster`) with TLS. A plain client meets MOVED errors.",
            "The password is a request to `http://<REDIS_REPLICATION_GROUP_ID>/?Action=connect&User=<REDIS_USER>`, signed (SigV4 query, service " +
                "`elasticache`, expires 900), without `http://`. It is signed for the id of the replication group in lower case, not for " +
                "the host that is connected to.",
            "A token lives 15 minutes and counts at sign-in. A connection is closed by the server after 12 hours, unless it sends AUTH (or " +
                "HELLO) with a new token before. Give the client a credentials provider that makes tokens for each connection to each " +
                "node (`credential_provider` of redis-py, `CredentialsProviderContext` of go-redis, `credentialsProvider` of " +
                "node-redis), and let it renew them, or reconnect every few hours at a quiet time.",
            "AUTH cannot stand inside MULTI and EXEC.",
            "The client connects to nodes by the names that the cluster gives. They change when nodes are replaced: refresh the topology on " +
                "errors and every minute.",
            "Keys of one command, script or transaction must be in one slot: hash tags.",
            "Refused for services: KEYS, FLUSHALL, FLUSHDB, CONFIG, MONITOR, DEBUG and whatever else administers. Libraries that call " +
                "`CONFIG GET` at connecting must live with the refusal.",
            "Nothing is evicted: give every key an expiry. When memory is full, a write is answered with `OOM command not allowed`. Who " +
                "could not write a lock, an idempotency key or a counter has not got it, and does not go on as if.",
        ],
    },
    grpc: {
        title: "gRPC",
        traps: [
            "Inside the VPC, `OMS_ADDRESS` without TLS (`insecure` credentials). The name has an address for each task, with a time to live " +
                "of 10 s: use the `dns:///` resolver and the policy `round_robin`, or all streams end up on one task.",
            "Through the load balancer: TLS, port 443. It cuts a stream without a message for 4,000 s; HTTP/2 pings do not count, only " +
                "messages do. Hence the Heartbeat command every 60 s.",
            "Client keepalive: `keepalive_time` 60 s, `keepalive_timeout` 10 s. Oftener than the server admits, and it ends the connection " +
                "with `too_many_pings`.",
            "Every call has a deadline, streams too (in a function: the time that is left). Without one, a dead server is waited for for ever.",
            "A stream that ends with UNAVAILABLE is normal during deployments: reconnect with growing pauses and jitter, from 100 ms to 5 s.",
            "Retries that libraries do by themselves apply to calls that have not begun only: repeating commands is the caller's task.",
        ],
    },
    frozen: {
        title: "Functions that were frozen",
        traps: [
            "A connection that idled in a frozen environment may be dead without anybody knowing: the network forgets it after 350 s, the " +
                "server after its own time. The first use then hangs until a timeout, and keepalive does not run while frozen.",
            "So: remember when each connection was last used. After more than 60 s, open a new one, or check it with a timeout of a second " +
                "(PING, `SELECT 1`, the health service), before work depends on it.",
            "gRPC channels say READY although they are dead (grpc-node 2285): close and make them anew after a pause, and give the " +
                "first call a deadline of 2 s and one repetition.",
            "AWS's SDKs: connect timeout 1 to 2 s, and a few attempts.",
            "Timers that were due while frozen all fire at once after thawing: do not renew tokens by timers, but when one is needed and old.",
            "Redis and PostgreSQL tokens are made when a connection is opened, from the credentials in the environment; those of a warm " +
                "environment are renewed by Lambda itself.",
        ],
    },
    certificates: {
        title: "Certificates",
        traps: [
            "RDS's certificates are signed by Amazon's own authorities for RDS, which no operating system trusts. Put " +
                "`https://truststore.pki.rds.amazonaws.com/ap-northeast-2/ap-northeast-2-bundle.pem` into the image at build time, and " +
                "name it (`sslrootcert`). It holds the authorities for decades (`rds-ca-rsa2048-g1` is ours).",
            "Kafka, Redis and AWS's APIs have certificates of Amazon's public authority: the usual bundle (`ca-certificates`) does. Images " +
                "from scratch must bring it.",
            "KIS takes TLS 1.2 and newer, with public certificates.",
        ],
    },
};
