/** An environment variable that some service gets. */
export interface VariableContract {
    /** What it means to the service, in one or two sentences. */
    meaning: string;
    /** A value that it may have. */
    example: string;
    /**
     * Where its value comes from. `platform`: the same rule for all stacks. `setting`: the stack's settings say it.
     * `aws`: AWS decides it; tasks get it from an SSM parameter. `secret`: ECS reads it from a secret when the task starts.
     */
    from: "platform" | "setting" | "aws" | "secret";
}

/**
 * Every variable that the platform gives to some service, by name. A test compares it with all stacks: none may be missing
 * here, and none may be here that no service gets.
 */
export const variables: Record<string, VariableContract> = {
    AIPX_ENVIRONMENT: {
        meaning: "Name of the stack. For logs and names of one's own; nothing may behave differently because of it.",
        example: "dev",
        from: "platform",
    },
    AIPX_FEED: {
        meaning: "Name of the feed. It goes into the field `feed` of every record and into log lines.",
        example: "krx",
        from: "setting",
    },
    AIPX_MARKETS: {
        meaning:
            "Markets that the feed subscribes to, separated by commas: `KRX`, `NXT`. One that sends nothing for five minutes of its session alarms.",
        example: "KRX,NXT",
        from: "setting",
    },
    DATA_LAKE_BUCKET: {
        meaning: "Bucket of the data lake. A service may write below the folders of its topics only.",
        example: "aipx-dev-data-lake-123456789012",
        from: "platform",
    },
    EVENT_BUS_NAME: {
        meaning: "Name of the event bus, for `EventBusName` of `PutEvents`.",
        example: "aipx-dev-events",
        from: "platform",
    },
    KAFKA_BOOTSTRAP_BROKERS: {
        meaning: "Brokers to begin with, separated by commas: SASL_SSL, signing in with IAM.",
        example:
            "b-1.aipxdevkafka.a1b2c3.c2.kafka.ap-northeast-2.amazonaws.com:9098,b-2.aipxdevkafka.a1b2c3.c2.kafka.ap-northeast-2.amazonaws.com:9098",
        from: "aws",
    },
    KAFKA_TOPICS: {
        meaning:
            "Topics that the feed writes to, separated by commas. What it has no topic for, it does not subscribe to.",
        example: "ticks,quotes",
        from: "setting",
    },
    KIS_APP_KEY: {
        meaning: "App key of the KIS Open API. One WebSocket session may use it at a time.",
        example: "PSxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        from: "secret",
    },
    KIS_APP_SECRET: {
        meaning: "App secret that belongs to the app key.",
        example: "xxxxxxxxxxxxxxxxxxxxxxxx",
        from: "secret",
    },
    KIS_ACCOUNT_NUMBER: {
        meaning: "Account at KIS that orders are for (CANO): 8 digits.",
        example: "12345678",
        from: "secret",
    },
    KIS_ACCOUNT_PRODUCT_CODE: {
        meaning: "Product code of the account (ACNT_PRDT_CD): 2 digits.",
        example: "01",
        from: "secret",
    },
    KIS_HTS_ID: {
        meaning:
            "Id of the account's owner, with which execution notices are registered. Only the feed that listens with the trading app key has it.",
        example: "kim01",
        from: "secret",
    },
    KIS_MODE: {
        meaning:
            "`paper` or `live`. Decides which ids of transactions are used: `VTTC...` in paper trading, `TTTC...` in live.",
        example: "paper",
        from: "setting",
    },
    KIS_REST_URL: {
        meaning: "Base URL of KIS's REST API. Nothing else of KIS can be reached by REST.",
        example: "https://openapivts.koreainvestment.com:29443",
        from: "setting",
    },
    KIS_WEBSOCKET_URL: {
        meaning: "URL of KIS's WebSocket. KIS offers no TLS there.",
        example: "ws://ops.koreainvestment.com:31000",
        from: "setting",
    },
    LEASE_KEY: {
        meaning:
            "The lease of this service: `leaseKey` of its item in `LEASE_TABLE`. It is the name of the app key's secret.",
        example: "kis-credentials",
        from: "setting",
    },
    LEASE_TABLE: {
        meaning: "DynamoDB table of leases. Whoever may hold a lease may read and write its item, and no other.",
        example: "aipx-dev-leases",
        from: "platform",
    },
    NOTIFICATION_CREDENTIALS_SECRET: {
        meaning: "Name of the secret with the addresses of Slack and Telegram, for `GetSecretValue`.",
        example: "aipx/dev/notification-credentials",
        from: "platform",
    },
    OMS_ADDRESS: {
        meaning:
            "Host and port of the OMS inside the VPC: gRPC without TLS. The name has an address for each task. The OMS itself has it to " +
            "know what callers sign their identity for.",
        example: "oms.dev.aipx.internal:50051",
        from: "platform",
    },
    OMS_CALLER_ROLES: {
        meaning:
            "Names of the roles whose holders may call inside the VPC, separated by commas; `*` stands for any characters. Roles of other " +
            "accounts never may.",
        example: "aipx-dev-strategy-*,aipx-dev-ingestion-krx-task",
        from: "platform",
    },
    POSTGRES_DATABASE: { meaning: "Database to connect to.", example: "aipx", from: "platform" },
    POSTGRES_ENDPOINT: {
        meaning: "Host and port of PostgreSQL. TLS is forced.",
        example: "aipx-dev-postgres.c1d2e3f4.ap-northeast-2.rds.amazonaws.com:5432",
        from: "aws",
    },
    POSTGRES_USER: {
        meaning: "Database user, who signs in with an IAM token instead of a password.",
        example: "aipx_dev_oms",
        from: "platform",
    },
    REDIS_ENDPOINT: {
        meaning: "Host and port to begin with: Redis protocol in cluster mode, TLS only.",
        example: "clustercfg.aipx-dev-redis.a1b2c3.apn2.cache.amazonaws.com:6379",
        from: "aws",
    },
    REDIS_REPLICATION_GROUP_ID: {
        meaning: "Id of the replication group, for which tokens to sign in are signed.",
        example: "aipx-dev-redis",
        from: "platform",
    },
    REDIS_USER: {
        meaning: "Redis user, who signs in with an IAM token instead of a password. All strategies share one.",
        example: "aipx-dev-oms",
        from: "platform",
    },
    RISK_MAX_DAILY_LOSS_KRW: {
        meaning: "Loss of a day, in won, after which only orders that close positions are sent. Not set: not checked.",
        example: "5000000",
        from: "setting",
    },
    RISK_MAX_DAILY_ORDER_VALUE_KRW: {
        meaning: "Largest value of all orders of a day together, in won. Not set: not checked.",
        example: "200000000",
        from: "setting",
    },
    RISK_MAX_ORDERS_PER_SECOND: {
        meaning: "Most orders in a second, of all tasks together. Not set: KIS's own limit.",
        example: "5",
        from: "setting",
    },
    RISK_MAX_ORDER_VALUE_KRW: {
        meaning: "Largest value of one order, in won. Not set: not checked.",
        example: "10000000",
        from: "setting",
    },
    RISK_MAX_POSITION_VALUE_KRW: {
        meaning: "Largest value held of one stock, open orders included, in won. Not set: not checked.",
        example: "50000000",
        from: "setting",
    },
    TZ: {
        meaning: "Time zone of the process: times without a zone are Korean times.",
        example: "Asia/Seoul",
        from: "platform",
    },
    WEBSOCKET_CALLBACK_URL: {
        meaning: "Endpoint of API Gateway's management API, to which answers are posted.",
        example: "https://a1b2c3d4e5.execute-api.ap-northeast-2.amazonaws.com/aipx-dev",
        from: "aws",
    },
    WEBSOCKET_SIGNING_KEY_SECRET: {
        meaning: "Name of the secret with the key that signs tokens of WebSocket clients, for `GetSecretValue`.",
        example: "aipx/dev/websocket-signing-key",
        from: "platform",
    },
};
