import { z } from "zod";
import { secretNames } from "../components/secret-names";
import { markets } from "./market-calendar";

// The shape of each `aipx:` key. Rules that tie several values together are in rules/. Every description is also what
// people read in Pulumi.yaml and docs/settings.md; `allowed` ends the sentence "must be ..." in errors, and the example
// is the value that the mending command of a missing setting proposes.

const text = (pattern: RegExp, allowed: string, example: string): z.ZodString =>
    z
        .string()
        .regex(pattern)
        .meta({ allowed, examples: [example] });
const whole = (minimum: number, maximum: number, example: number, why?: string): z.ZodNumber => {
    const limited = z.number().int().min(minimum).max(maximum);
    return limited.meta({ examples: [example], ...(why && { why }) });
};

/**
 * What a change of a setting does to a stack that is deployed, where it is not simply made. The tests on the engine make each, in
 * both directions, and hold it to this.
 *
 * - `loses`: it is made, and something is lost. In a stack that is not disposable, the preview refuses it.
 * - `refused`: the preview refuses it.
 * - `upwards`: raising is made, lowering is refused by the preview.
 * - `first`: it counts when the store is made; later it does nothing.
 */
export interface ChangeEffect {
    kind: "loses" | "refused" | "upwards" | "first";
    /** What is lost, or why, and the way to get there. */
    text: string;
}

const whenChanged = (kind: ChangeEffect["kind"], text: string): { change: ChangeEffect } => ({
    change: { kind, text },
});
const storeAnew = "see [making a store anew](operations.md#making-a-store-anew)";

const hyphenated = text(
    /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
    "a name of lower-case letters, digits and single hyphens, beginning with a letter",
    "main",
);
/** Part of physical names. */
export const shortName = hyphenated.max(24);
const topicName = text(
    /^[a-zA-Z0-9][a-zA-Z0-9._-]*$/,
    "a topic name (letters, digits, '.', '_' and '-', beginning with a letter or digit)",
    "ticks",
).max(200);
const cidrBlock = z.cidrv4().meta({ allowed: "an IPv4 address range such as 10.0.0.0/16", examples: ["10.0.0.0/16"] });
const availabilityZone = text(
    /^[a-z]{2}(-[a-z]+)+-\d[a-z]$/,
    "an availability zone such as ap-northeast-2a",
    "ap-northeast-2a",
);
const timeOfDay = (example: string): z.ZodString =>
    text(/^([01]\d|2[0-3]):[0-5]\d$/, `a time of day, quoted, such as "${example}"`, example);

/** Log retentions that CloudWatch allows. */
const logRetentionDays = [
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/** Interface endpoints on offer: service names without `com.amazonaws.<region>.`. */
const interfaceEndpoints = [
    "bedrock-runtime",
    "ecr.api",
    "ecr.dkr",
    "events",
    "kms",
    "lambda",
    "logs",
    "monitoring",
    "secretsmanager",
    "sqs",
    "ssm",
    "ssmmessages",
    "sts",
    "xray",
] as const;

/** Variables of a team's own for one service. What the platform sets by itself is in reserved-variables.ts. */
const variables = z
    .record(
        text(
            /^[A-Z][A-Z0-9_]*$/,
            "a name of upper-case letters, digits and '_', beginning with a letter",
            "LOG_LEVEL",
        ).max(64),
        text(/^[^\p{Cc}]*$/u, "a text, quoted if it looks like a number or a switch, in one line", "info")
            .max(1024)
            .describe("Value of the variable NAME."),
    )
    .default({})
    .describe(
        "Environment variables for the image beside those that the platform sets. No secrets: everybody who sees the plan, the state or the console can read them.",
    );

const environment = z.strictObject({
    disposable: z
        .boolean()
        .meta({ examples: [false] })
        .describe(
            "Whether this stack may be destroyed with all its data. False protects stateful resources and forbids weak settings.",
        ),
    logRetentionDays: z
        .literal(logRetentionDays)
        .meta({ examples: [30] })
        .describe("Days that CloudWatch keeps logs. At least 30 unless the stack is disposable."),
    debugShell: z
        .boolean()
        .default(false)
        .describe("Whether people may open a shell in a task (ECS Exec). Only in disposable stacks."),
});

const network = z.strictObject({
    cidrBlock: cidrBlock
        .meta(
            whenChanged(
                "refused",
                "another range is another VPC; see [moving](operations.md#moving-to-another-network)",
            ),
        )
        .describe("Address range of the VPC: private (RFC 1918), /16 to /20."),
    availabilityZones: z
        .array(availabilityZone)
        .min(2)
        .max(3)
        .meta({ examples: [["ap-northeast-2a", "ap-northeast-2c"]] })
        .meta(
            whenChanged(
                "refused",
                "stores stay in their subnets; see [moving](operations.md#moving-to-another-network)",
            ),
        )
        .describe("2 or 3 zones of the region, over which Kafka brokers are spread."),
    natGateways: z
        .enum(["single", "one-per-zone"])
        .meta({ examples: ["one-per-zone"] })
        .describe(
            "About $43 a month each. A single one stops outgoing traffic of all zones when its zone fails: only in disposable stacks.",
        ),
    interfaceEndpoints: z
        .array(z.enum(interfaceEndpoints))
        .meta({ examples: [["lambda", "sts"]] })
        .describe(
            "AWS services reached without leaving the VPC: about $9.50 a month each per zone. What stands in isolated subnets has no other way to them: Kafka triggers need lambda and sts.",
        ),
});

const broker = z.strictObject({
    mode: z
        .enum(["paper", "live"])
        .meta({ examples: ["paper"] })
        .describe(
            "Which hosts and ports of KIS the stack trades on. live spends real money; refused in disposable stacks.",
        ),
});

const topic = z.strictObject({
    partitions: whole(1, 1000, 3)
        .meta(whenChanged("upwards", `Kafka takes no partition away; ${storeAnew}`))
        .describe("Bounds how many consumers work side by side."),
    retentionHours: whole(1, 8760, 24).describe("Hours that Kafka keeps a record."),
    replicationFactor: whole(1, 5, 3)
        .meta(whenChanged("loses", "the topic is made anew, and its records are lost"))
        .optional()
        .describe("Copies of each record. Left out: one in each availability zone."),
});

const kafka = z.strictObject({
    version: text(
        /^\d+\.\d+\.(\d+|x)(\.kraft)?$/,
        "a Kafka version as MSK writes it, such as 3.9.x or 4.1.x.kraft",
        "3.9.x.kraft",
    )
        .meta(whenChanged("upwards", `versions only go up, broker by broker; ${storeAnew}`))
        .describe(
            "Kafka version. With .kraft Kafka keeps its metadata itself; kafka.t3.small takes only versions without, which keep it in ZooKeeper and end with 3.9.",
        ),
    brokerType: text(
        /^kafka\.[a-z0-9]+\.[a-z0-9]+$/,
        "an MSK broker type such as kafka.t3.small or kafka.m7g.large",
        "kafka.m7g.large",
    )
        .meta(
            whenChanged(
                "upwards",
                `brokers change one after the other, and nothing leads back to kafka.t3; ${storeAnew}`,
            ),
        )
        .describe("Size of each broker: kafka.t3.small costs about $42 a month, kafka.m7g.large about $183."),
    brokers: whole(2, 30, 3)
        .meta(whenChanged("upwards", `brokers hold partitions and stay; ${storeAnew}`))
        .describe("A multiple of the number of availability zones."),
    storageGiB: whole(1, 16384, 100)
        .meta(whenChanged("first", "disks grow by themselves up to maxStorageGiB, and never shrink"))
        .describe("Disk of each broker when the cluster is made."),
    maxStorageGiB: whole(1, 16384, 1000).describe("Largest disk of each broker."),
    topics: z
        .record(topicName, topic)
        .meta(whenChanged("loses", "a topic that is taken out is deleted with its records"))
        .default({})
        .describe("Topics by name. Kafka makes none by itself."),
});

const cacheVersion = text(/^\d+\.\d+$/, 'a version, quoted, such as "8.0"', "8.0");

const redis = z.strictObject({
    engine: z
        .enum(["valkey", "redis"])
        .meta({ examples: ["valkey"] })
        .meta(whenChanged("refused", `users and parameters belong to one engine; ${storeAnew}`))
        .describe("Valkey speaks Redis's protocol and costs a fifth less."),
    engineVersion: cacheVersion
        .meta(whenChanged("upwards", "with upgradingFrom, as [upgrading Redis](operations.md#upgrading-redis) has it"))
        .describe("Version that a new cache begins with. AWS raises minor versions by itself."),
    upgradingFrom: cacheVersion
        .optional()
        .describe("Version that runs, while the cache is upgraded to engineVersion: see docs/operations.md."),
    nodeType: text(
        /^cache\.[a-z0-9]+\.[a-z0-9]+$/,
        "a node type such as cache.t4g.micro or cache.r7g.large",
        "cache.t4g.micro",
    ).describe("Size of each node."),
    shards: whole(1, 90, 1).describe("Parts that the keys are spread over."),
    replicasPerShard: whole(0, 5, 1)
        .meta(whenChanged("upwards", "down to 1; the last one goes in two steps, which the refusal names"))
        .describe(
            "Copies of each shard in other zones. 1 or more makes the cache Multi-AZ; at least 1 unless the stack is disposable.",
        ),
    snapshotRetentionDays: whole(0, 35, 7).describe("Days that daily snapshots are kept; 0 takes none."),
    restoreFromSnapshot: text(
        /^(automatic\.)?[A-Za-z][A-Za-z0-9-]*$/,
        "the name of a snapshot of ElastiCache",
        "aipx-production-redis-2026-11-23",
    )
        .meta(whenChanged("first", "a cache that exists takes no notice of it"))
        .optional()
        .describe("Snapshot that a new cache begins with. See docs/reliability.md."),
});

// A minor version is taken here and refused by a rule, which knows the right value.
const databaseVersion = text(/^\d{2}(\.\d+)?$/, 'a major version of PostgreSQL, quoted, such as "17"', "17");

const postgres = z.strictObject({
    engineVersion: databaseVersion
        .meta(
            whenChanged(
                "upwards",
                "with upgradingFrom, as [upgrading PostgreSQL](operations.md#upgrading-postgresql) has it",
            ),
        )
        .describe("Major version of PostgreSQL. AWS chooses the minor one, and raises it by itself."),
    upgradingFrom: databaseVersion
        .optional()
        .describe("Major version that runs, while the database is upgraded to engineVersion: see docs/operations.md."),
    instanceClass: text(
        /^db\.[a-z0-9]+\.[a-z0-9]+$/,
        "an instance class such as db.t4g.micro or db.m7g.large",
        "db.t4g.micro",
    ).describe("Size of the instance, and of its standby."),
    storageGiB: whole(20, 65536, 20).describe(
        "Disk. Grows by itself up to maxStorageGiB, and never shrinks: a lower value does nothing.",
    ),
    maxStorageGiB: whole(22, 65536, 100).describe("Largest disk: at least a tenth above storageGiB."),
    multiAz: z
        .boolean()
        .meta({ examples: [true] })
        .describe(
            "Whether a standby in another zone takes over when the first fails. Doubles the price; may be false only in disposable stacks.",
        ),
    backupRetentionDays: whole(1, 35, 7).describe(
        "Days that point-in-time backups reach back. At least 7 unless the stack is disposable.",
    ),
    backupRegion: text(/^[a-z]{2}(-[a-z]+)+-\d$/, "a region such as ap-northeast-1", "ap-northeast-1")
        .meta(whenChanged("loses", "copies in the region that is left go with their key"))
        .optional()
        .describe(
            "Second region that backups are copied to, with a key of its own: $1 a month, $0.095 a GB and month, and the transfer. Left out, there are none.",
        ),
    instanceSuffix: shortName
        .meta(whenChanged("loses", "without the steps in docs/reliability.md, another database, which is empty"))
        .optional()
        .describe(
            "End of the instance's name, such as restored-20261123: a restored instance that takes the place of the first. See docs/reliability.md.",
        ),
});

const dataLake = z.strictObject({
    archiveAfterDays: whole(90, 730, 90)
        .optional()
        .describe(
            "Days without access before Intelligent-Tiering archives an object. Reads of archived objects fail with InvalidObjectState until they are restored, which takes hours, and Athena passes over them: backtests are incomplete and nothing says so. Left out, nothing is archived; what lies unread for 90 days costs a fifth all the same, and is read at once.",
        ),
    expireAfterDays: whole(1, 36500, 3650)
        .optional()
        .describe("Days before data is deleted. Left out, it is kept for ever."),
    noncurrentVersionDays: whole(1, 36500, 30).describe("Days that overwritten and deleted versions are kept."),
    accessLogDays: whole(1, 3650, 90).describe("Days that access logs of buckets and load balancers are kept."),
});

const taskSize = {
    cpu: z
        .literal([256, 512, 1024, 2048, 4096, 8192, 16384])
        .meta({ examples: [512] })
        .describe("CPU units of a task, 1024 to a vCPU."),
    memoryMiB: whole(512, 122880, 1024).describe("Memory of a task in MiB; Fargate offers certain sizes for each cpu."),
};
const functionSize = (timeoutSeconds: z.ZodNumber) => ({
    environment: variables,
    memoryMB: whole(128, 10240, 512).describe("Memory in MB; CPU comes with it, one vCPU at 1769 MB."),
    timeoutSeconds: timeoutSeconds.describe("Seconds before AWS ends an invocation."),
    reservedConcurrency: whole(1, 900, 10)
        .optional()
        .describe(
            "Most invocations at a time, set aside from the account's pool. Left out, the function shares the pool.",
        ),
});
const anyTimeout = whole(1, 900, 30);
const kafkaTimeout = whole(1, 840, 30, "Lambda ends functions that Kafka triggers after 14 minutes");
const agentTimeout = whole(
    1,
    855,
    60,
    "its dispatcher takes up to 45 seconds more, and Lambda ends functions after 900",
);
const authorizerTimeout = whole(1, 29, 5, "API Gateway waits no longer");
const kafkaTrigger = {
    batchSize: whole(1, 10000, 100).describe("Most records in one invocation."),
    batchWindowSeconds: whole(0, 300, 1).describe("Longest wait for a batch to fill."),
};
const topicList = z
    .array(topicName)
    .min(1)
    .meta({ examples: [["ticks"]] });

const feed = z.strictObject({
    topics: topicList.describe("Topics that the feed writes to."),
    markets: z
        .array(z.enum(markets))
        .min(1)
        .default([...markets])
        .describe("Markets that the feed listens to. While one of them trades, a topic that falls silent alarms."),
    credentials: shortName
        .meta(whenChanged("loses", "the secret that is left is deleted with the app key in it"))
        .default(secretNames.tradingAppKey)
        .describe("Secret with the feed's app key. KIS allows one session per app key, so no two feeds may share one."),
    ...taskSize,
    environment: variables,
    spot: z
        .boolean()
        .default(false)
        .describe(
            "Whether the feed runs on Fargate Spot. Only in disposable stacks: an interruption loses market data.",
        ),
});

const certificate = z.discriminatedUnion("source", [
    z.strictObject({
        source: z.literal("existing").describe("A certificate that is in ACM already."),
        arn: text(
            /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[0-9a-f-]+$/,
            "the ARN of an ACM certificate",
            "arn:aws:acm:ap-northeast-2:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef",
        ).describe("ARN of the certificate, in the stack's region."),
    }),
    z.strictObject({
        source: z.literal("dns").describe("A certificate that the stack orders from ACM and validates in Route 53."),
        domainName: text(
            /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/,
            "a domain name such as oms.example.com",
            "oms.example.com",
        )
            // ACM, RequestCertificate: the name is the certificate's common name.
            .max(64)
            .describe("Name that callers use."),
        hostedZoneId: text(
            /^Z[A-Z0-9]{5,31}$/,
            "the id of a Route 53 hosted zone such as Z0123456789ABCDEFGHIJ",
            "Z0123456789ABCDEFGHIJ",
        ).describe("Public hosted zone of the domain."),
    }),
    z.strictObject({
        source: z
            .literal("self-signed")
            .describe(
                "A certificate that nobody vouches for. Only in disposable stacks: its private key is in the state.",
            ),
    }),
]);

const krw = whole(1, 1_000_000_000_000, 10_000_000);

/** Limits that the OMS holds orders against before it sends them. */
const riskLimits = z.strictObject({
    maxOrderValueKrw: krw.optional().describe("Largest value of one order, in won. Required in live trading."),
    maxPositionValueKrw: krw
        .optional()
        .describe("Largest value held of one stock, open orders included, in won. Required in live trading."),
    maxDailyOrderValueKrw: krw
        .optional()
        .describe("Largest value of all orders of a day together, in won. Required in live trading."),
    maxDailyLossKrw: krw
        .optional()
        .describe(
            "Loss of a day, in won, after which only orders that close positions are sent. Required in live trading.",
        ),
    maxOrdersPerSecond: whole(1, 20, 5)
        .optional()
        .describe(
            "Most orders in a second of all tasks together. KIS takes 20 requests a second for an account, 2 in paper trading.",
        ),
});

const oms = z.strictObject({
    ...taskSize,
    tasks: whole(1, 10, 2).describe(
        "Tasks from the next schedule.start on, until schedule.stop; one otherwise. Two survive the failure of a zone; more share the same rate limit of KIS.",
    ),
    environment: variables,
    riskLimits: riskLimits
        .prefault({})
        .describe("What the OMS refuses to send. A limit that is left out is not checked."),
    loadBalancer: z
        .strictObject({
            internetFacing: z
                .boolean()
                .default(false)
                .describe(
                    "Whether the load balancer has public addresses. False, it is reached from connected networks only.",
                )
                .meta(
                    whenChanged(
                        "loses",
                        "another load balancer takes its place, with another address, and callers are cut off for some minutes; see [another load balancer](operations.md#another-load-balancer)",
                    ),
                ),
            allowedCidrBlocks: z
                .array(cidrBlock)
                .default([])
                .describe("Who may call the OMS through the load balancer; services inside the VPC call it directly."),
            certificate: certificate
                .optional()
                .describe("gRPC needs HTTPS, hence a certificate. While it is left out there is no load balancer.")
                .meta(
                    whenChanged(
                        "loses",
                        "taken out, the load balancer goes, and callers from outside are cut off; see [another load balancer](operations.md#another-load-balancer)",
                    ),
                ),
            clientCertificates: z
                .string()
                .max(100_000)
                .meta({
                    allowed: "certificates of certificate authorities, as PEM text",
                    examples: ["-----BEGIN CERTIFICATE-----\n...\n-----END CERTIFICATE-----\n"],
                })
                .optional()
                .describe(
                    "Certificates, as PEM text, of the authorities that issue callers' certificates (mutual TLS). Required with a load balancer unless the stack is disposable; left out, whoever reaches it may call.",
                )
                .meta(whenChanged("loses", "taken out, the bucket that they lie in goes, with its older versions")),
        })
        .prefault({})
        .describe("The way to the OMS from outside the VPC."),
});

const strategy = z.strictObject({
    topics: topicList.describe("Topics whose records trigger the strategy."),
    ...functionSize(kafkaTimeout),
    ...kafkaTrigger,
});

const services = z.strictObject({
    architecture: z
        .enum(["arm64", "x86_64"])
        .meta({ examples: ["arm64"] })
        .describe("What images are built for. arm64 costs a fifth less."),
    ingestion: z
        .strictObject({
            feeds: z
                .record(shortName, feed)
                .meta(whenChanged("loses", "a feed that is taken out goes with its log and the secret of its app key"))
                .default({})
                .describe("Feeds by name. One feed is one KIS app key, one WebSocket, one task."),
        })
        .prefault({})
        .describe("Market data from KIS into Kafka."),
    oms: oms.describe("The order management service."),
    strategies: z
        .record(shortName, strategy)
        .meta(whenChanged("loses", "a strategy that is taken out goes with its log and its images"))
        .default({})
        .describe("Strategies by name, one function each."),
    dataRecorder: z
        .strictObject({
            topics: topicList.describe("Topics that are written to the data lake."),
            ...functionSize(kafkaTimeout),
            ...kafkaTrigger,
        })
        .describe("Kafka records into the data lake."),
    cognitive: z
        .strictObject({
            ...functionSize(agentTimeout),
            timeoutSeconds: agentTimeout.describe(
                "Longest time that a person waits for an answer: then AWS ends the agent, and the person is told.",
            ),
            // With a limit, the trigger of its queue takes at least two at a time.
            reservedConcurrency: whole(2, 900, 10, "a queue's trigger runs two at a time at least")
                .optional()
                .describe(
                    "As for other functions; it also bounds how many messages are answered at a time. Set aside twice: for the agent and its dispatcher.",
                ),
            bedrockModels: z
                .array(
                    text(
                        /^[a-z0-9-]+\.[a-zA-Z0-9.:-]+$/,
                        "a Bedrock model id such as apac.amazon.nova-lite-v1:0",
                        "apac.amazon.nova-lite-v1:0",
                    ),
                )
                .default([])
                .describe("Bedrock models that the agent may call."),
            messagesPerSecond: whole(1, 10000, 20).describe("Throttle of the WebSocket API."),
        })
        .describe("The agent behind the WebSocket API."),
    websocketAuthorizer: z
        .strictObject({
            ...functionSize(authorizerTimeout),
            reservedConcurrency: whole(1, 900, 10)
                .optional()
                .describe(
                    "As for other functions. Set aside twice: for the authorizer and the function that answers whom it admits.",
                ),
        })
        .describe("Lets callers of the WebSocket API in."),
    notification: z.strictObject(functionSize(anyTimeout)).describe("Events to Slack and Telegram."),
});

const schedule = z.strictObject({
    start: timeOfDay("07:30").describe("Korean time, Monday to Friday, at which feeds start and the OMS scales up."),
    stop: timeOfDay("21:10").describe("Korean time at which feeds stop and the OMS scales down."),
});

const budget = z.strictObject({
    monthlyUsd: whole(1, 1000000, 1000).describe(
        "Budget of the stack; mails go out at 80 % and 100 % of it, and when the forecast passes it.",
    ),
    anomalyUsd: whole(1, 1000000, 20).describe("Daily cost above the expected that is reported."),
});

const account = z.strictObject({
    concurrentExecutions: whole(10, 1000000, 1000)
        .default(1000)
        .describe(
            "Functions that the account may run at a time in the region: 1000 usually, 10 or 50 in a new account. Reservations must leave 100 of them.",
        ),
    fargateVcpus: whole(1, 100000, 6)
        .default(6)
        .describe(
            "vCPUs that the account's tasks on Fargate may have at a time in the region; tasks on Spot have as many besides. 6 unless AWS has raised it.",
        ),
    alsoOffered: z
        .array(
            text(
                /^[a-z0-9]+([ .-][a-z0-9]+)*$/,
                "a type, a zone or a region, or an engine and its version, such as kafka.m8g.large or postgres 19",
                "kafka.m8g.large",
            ),
        )
        .default([])
        .describe(
            "What AWS offers and the tables in settings/offers do not have yet: types (kafka.m8g.large, cache.m9g.large, db.m9g.large), versions (kafka 4.3.x.kraft, valkey 10.0, postgres 19), zones and regions. The plan names what it lets pass; npm run offers asks AWS for new tables.",
        ),
});

const alarms = z.strictObject({
    emails: z
        .array(z.email().meta({ allowed: "a mail address", examples: ["oncall@example.com"] }))
        .max(10)
        .default([])
        .describe("Who gets alarms and cost reports by mail. At most 10, as AWS Budgets allows; each confirms once."),
});

const imageReference = text(
    /^(?!latest$)(sha256:[0-9a-f]{64}|[A-Za-z0-9_][A-Za-z0-9._-]{0,127})$/,
    "a digest (sha256: and 64 hex digits) or a tag other than latest",
    "v1",
);

/** Every `aipx:` key. */
export const settingsSchema = z.strictObject({
    environment: environment.describe("What kind of stack this is."),
    network: network.describe("VPC, availability zones, ways out."),
    broker: broker.describe("KIS, the broker."),
    kafka: kafka.describe("Amazon MSK: brokers and topics."),
    redis: redis.describe("ElastiCache, cluster mode."),
    postgres: postgres.describe("RDS for PostgreSQL."),
    dataLake: dataLake.describe("S3 data lake."),
    services: services.describe("Sizes of the services, feeds and strategies."),
    images: z
        .record(hyphenated.max(40), imageReference.describe("Digest or tag of the image of the service NAME."))
        .meta(whenChanged("loses", "a service whose image is taken out goes with its log"))
        .default({})
        .describe(
            "Image of each service: a digest (preferred) or a tag in the service's own repository. A service without one is left out.",
        ),
    schedule: schedule.describe("When the market-hours services run."),
    budget: budget.describe("Cost limits."),
    alarms: alarms.prefault({}).describe("Who is told."),
    account: account
        .prefault({})
        .describe("What AWS lets the account have. README says how to look it up, and how to ask for more."),
});

export type Settings = z.output<typeof settingsSchema>;
