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
    NOTIFICATION_CREDENTIALS_SECRET: {
        meaning: "Name of the secret with the addresses of Slack and Telegram, for `GetSecretValue`.",
        example: "aipx/dev/notification-credentials",
        from: "platform",
    },
    OMS_ADDRESS: {
        meaning: "Host and port of the OMS inside the VPC: gRPC without TLS. The name has an address for each task.",
        example: "oms.dev.aipx.internal:50051",
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
    REDIS_USER: {
        meaning: "Redis user, who signs in with an IAM token instead of a password. All strategies share one.",
        example: "aipx-dev-oms",
        from: "platform",
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
    WEBSOCKET_TOKENS_SECRET: {
        meaning: "Name of the secret with the key that signs tokens of WebSocket clients, for `GetSecretValue`.",
        example: "aipx/dev/websocket-tokens",
        from: "platform",
    },
};
