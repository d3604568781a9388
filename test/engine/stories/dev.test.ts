import assert from "node:assert/strict";
import {
    assertWell,
    changes,
    type Changes,
    deploy,
    each,
    keptOnPurpose,
    leftBehind,
    planned,
    resourceOf,
} from "../support/changes";
import { passTime } from "../aws/drift";
import { describeEngine, full } from "../support/engine";
import { Lab } from "../support/lab";

type Config = Record<string, any>;

const dashboard = "cloudwatch.Dashboard::operations";
const cluster = "msk.Cluster::data-kafka";
const cache = "elasticache.ReplicationGroup::data-redis";
const database = "rds.Instance::data-postgres";
/** Each user has a limit that goes by the size of the database. */
const users = each("lambda.Invocation::data-postgres-users-", "cognitive", "oms");
const alarms = (of: string, ...names: string[]): string[] =>
    each(`cloudwatch.MetricAlarm::operations-${of}-`, ...names);

/** What another revision of a service replaces: it is tried before the service gets it. */
const newRevision = (service: string): string[] => [
    `ecs.TaskDefinition::${service}`,
    `lambda.Invocation::${service}-trial`,
];

/** Settings that people change, and exactly what each change does. They go together. */
const settings: [setting: string, change: (config: Config) => void, does: Changes | ((lab: Lab) => Changes)][] = [
    [
        "how far the brokers' disks grow",
        (config) => (config["aipx:kafka"].maxStorageGiB = 200),
        { update: ["appautoscaling.Target::data-kafka-storage"] },
    ],
    [
        "a topic's retention and partitions",
        (config) => Object.assign(config["aipx:kafka"].topics.ticks, { retentionHours: 48, partitions: 12 }),
        { update: ["msk.Topic::data-kafka-ticks"] },
    ],
    ["the size of cache nodes", (config) => (config["aipx:redis"].nodeType = "cache.t4g.small"), { update: [cache] }],
    [
        "one more shard",
        (config) => (config["aipx:redis"].shards = 2),
        {
            create: alarms(
                "redis",
                ...["connections", "cpu", "cpu-credits", "down", "memory"].map((metric) => `${metric}-0002-001`),
            ),
            update: [cache, dashboard],
        },
    ],
    [
        "the database: size, disk, backups, standby",
        (config) =>
            Object.assign(config["aipx:postgres"], {
                instanceClass: "db.t4g.medium",
                storageGiB: 40,
                maxStorageGiB: 100,
                backupRetentionDays: 7,
                multiAz: true,
            }),
        { update: [database, ...alarms("postgres", "connections", "memory", "storage")], replace: users },
    ],
    [
        "how long logs are kept",
        (config) => (config["aipx:environment"].logRetentionDays = 30),
        ({ account }) => ({
            update: [
                ...account.ofType("aws:cloudwatch/logGroup:LogGroup").map(resourceOf),
                "cloudwatch.EventArchive::events",
            ],
        }),
    ],
    [
        "how long data is kept",
        (config) => (config["aipx:dataLake"].expireAfterDays = 500),
        { update: ["s3.BucketLifecycleConfiguration::data-lake"] },
    ],
    [
        "the OMS: size, number of tasks",
        (config) => Object.assign(config["aipx:services"].oms, { cpu: 512, memoryMiB: 1024, tasks: 2 }),
        {
            update: ["appautoscaling.ScheduledAction::hot-path-oms-start", "ecs.Service::hot-path-oms"],
            replace: newRevision("hot-path-oms"),
        },
    ],
    [
        "a strategy: size, batches",
        (config) => Object.assign(config["aipx:services"].strategies.momentum, { memoryMB: 1024, batchSize: 100 }),
        {
            update: [
                "lambda.EventSourceMapping::cold-path-strategies-momentum.ticks",
                "lambda.Function::cold-path-strategies-momentum",
                // How far it may be behind follows the size of its batches.
                ...alarms("strategy-momentum", "lag-ticks"),
            ],
        },
    ],
    [
        "who gets mail",
        (config) => (config["aipx:alarms"].emails = ["people@example.com"]),
        {
            create: ["sns.TopicSubscription::operations-alarms-people@example.com"],
            update: ["budgets.Budget::operations-cost", "costexplorer.AnomalySubscription::operations-cost"],
        },
    ],
    [
        "the budget",
        (config) => Object.assign(config["aipx:budget"], { monthlyUsd: 3000, anomalyUsd: 33 }),
        { update: ["budgets.Budget::operations-cost", "costexplorer.AnomalySubscription::operations-cost"] },
    ],
    [
        "when feeds and the OMS start",
        (config) => (config["aipx:schedule"].start = "07:30"),
        {
            // Alarms mind the feed from then on.
            update: [
                ...["ingestion-krx", "oms"].map(
                    (service) => `appautoscaling.ScheduledAction::hot-path-${service}-start`,
                ),
                ...alarms("ingestion-krx", "errors", "tasks"),
            ],
        },
    ],
    [
        "a way out for each zone, one more endpoint",
        (config) => {
            config["aipx:network"].natGateways = "one-per-zone";
            config["aipx:network"].interfaceEndpoints.push("sqs");
        },
        {
            create: [
                "ec2.Eip::network-2",
                "ec2.NatGateway::network-2",
                "ec2.VpcEndpoint::network-sqs",
                ...alarms("nat", "drops-2", "ports-2"),
            ],
            update: ["ec2.Route::network-private-2"],
        },
    ],
];

/** A strategy's repository, which is there before its image. */
const repository = (strategy: string): string[] =>
    ["LifecyclePolicy", "Repository", "RepositoryPolicy"].map(
        (type) => `ecr.${type}::cold-path-strategies-${strategy}`,
    );

/** What a strategy that is triggered by one topic runs with. */
const running = (strategy: string, topic: string): string[] => [
    ...["cloudwatch.LogGroup", "iam.Role", "iam.RolePolicy", "lambda.Function"].map(
        (type) => `${type}::cold-path-strategies-${strategy}`,
    ),
    `lambda.EventSourceMapping::cold-path-strategies-${strategy}.${topic}`,
    ...alarms(`strategy-${strategy}`, "errors", `lag-${topic}`, "throttles"),
];

/** What one more feed for the topic `ticks` takes. */
const feed = (name: string): string[] => [
    ...each(`appautoscaling.ScheduledAction::hot-path-ingestion-${name}-`, "start", "stop"),
    `appautoscaling.Target::hot-path-ingestion-${name}`,
    `cloudwatch.LogGroup::hot-path-ingestion-${name}`,
    ...each(`cloudwatch.LogMetricFilter::hot-path-ingestion-${name}-`, "errors", "sessions"),
    ...alarms(`ingestion-${name}`, "cpu", "errors", "memory", "sessions", "silent-ticks", "tasks"),
    `ec2.SecurityGroup::hot-path-ingestion-${name}`,
    `ecs.Service::hot-path-ingestion-${name}`,
    `ecs.TaskDefinition::hot-path-ingestion-${name}`,
    ...["Role", "RolePolicy"].flatMap((type) => each(`iam.${type}::hot-path-ingestion-${name}-`, "execution", "task")),
    `lambda.Invocation::hot-path-ingestion-${name}-trial`,
    `secretsmanager.Secret::hot-path-${name}-credentials`,
    ...each(
        `vpc.SecurityGroupEgressRule::hot-path-ingestion-${name}-to-`,
        ...["aws-endpoints", "dynamodb", "internet-https", "kafka", "kis-rest", "kis-websocket", "s3"],
    ),
    ...["aws-endpoints", "kafka"].map(
        (destination) => `vpc.SecurityGroupIngressRule::${destination}-from-hot-path-ingestion-${name}`,
    ),
];

describeEngine("dev on the engine, from an empty account to an empty account", function () {
    this.timeout(600_000);
    let lab: Lab;
    const expected = (does: (typeof settings)[number][2]): Changes =>
        changes(typeof does === "function" ? does(lab) : does);
    /** Id of a resource that exists. */
    const idOf = (type: string, name: string): string => {
        const found = lab.account.ofType(type).filter(({ urn }) => urn.endsWith(`::${name}`));
        assert.equal(found.length, 1, `${type} ${name}`);
        return found[0]!.id;
    };

    before(async () => {
        lab = await Lab.open("dev", { checkpoints: false });
    });
    after(() => lab.close());

    it("makes nothing of wrong settings, and tells them all, once", async () => {
        const undo = lab.configure((config) => {
            config["aipx:kafka"].brokers = 3;
            config["aipx:kafak"] = {};
        });
        const { ok, output } = await lab.up();
        undo();
        assert.equal(ok, false);
        const [, told = ""] = output.split("Diagnostics:");
        assert.deepEqual(told.match(/aipx:kaf.*/g), [
            "aipx:kafak is not a setting",
            "aipx:kafak'",
            "aipx:kafka.brokers is 3",
            "aipx:kafka.brokers' 4",
        ]);
        assert.deepEqual(lab.account.resources, []);
    });

    it("makes all but what runs images, and tells which it waits for", async () => {
        const does = await deploy(lab, { policies: true });
        assert.deepEqual(Object.keys(does), ["create"]);
        assert.deepEqual(does.create, lab.account.resources.map(resourceOf).sort());
        const running = lab.account.ofType("aws:lambda/function:Function", "aws:ecs/service:Service");
        assert.deepEqual(running.map(resourceOf), []);
        assert.deepEqual(lab.account.ofType("aws:lambda/invocation:Invocation"), []);
        const { servicesWaitingForImages, repositories } = await lab.outputs();
        assert.deepEqual([...servicesWaitingForImages].sort(), Object.keys(repositories).sort());
        assert.equal(servicesWaitingForImages.length, 8);
    });

    it("makes the rest when images are there", async () => {
        await lab.pushImages();
        const before = new Set(lab.account.resources);
        const does = await deploy(lab, { policies: true });
        const made = lab.account.resources.filter((resource) => !before.has(resource));
        assert.deepEqual(does, { create: does.create, update: [dashboard] });
        assert.deepEqual([...does.create!, dashboard].sort(), made.map(resourceOf).sort());
        assert.deepEqual((await lab.outputs()).servicesWaitingForImages, []);
    });

    it("changes nothing when nothing has changed", async () => {
        assert.deepEqual(await deploy(lab), {});
    });

    it("changes nothing that AWS has changed by itself", async () => {
        const reset = await lab.checkpoint();
        passTime(lab.account);
        assert.deepEqual(await planned(lab, { refresh: true }), {});
        await reset();
    });

    // The short form makes them all at once, below.
    for (const [setting, change, does] of full ? settings : []) {
        it(`changes exactly what it must: ${setting}`, async () => {
            const undo = lab.configure(change);
            assert.deepEqual(await planned(lab), expected(does));
            undo();
        });
    }

    it("gives everything another tag, and changes nothing else", async () => {
        const undo = lab.configure((config) => (config["aws:defaultTags"].tags.owner = "trading-team"));
        const does = await planned(lab);
        undo();
        const tagged = lab.account.resources.filter(({ inputs }) => inputs.tags?.owner === "platform-team");
        assert.ok(tagged.length > 100);
        assert.deepEqual(does, { update: tagged.map(resourceOf).sort() });
    });

    it("adds brokers without replacing topics", async () => {
        const undo = lab.configure((config) => (config["aipx:kafka"].brokers = 4));
        const does = await planned(lab);
        undo();
        assert.ok(does.create!.every((resource) => resource.startsWith("cloudwatch.MetricAlarm::operations-kafka-")));
        assert.deepEqual(does, {
            create: does.create,
            // A topic's traffic is added up over brokers.
            update: [dashboard, ...alarms("ingestion-krx", "silent-quotes", "silent-ticks"), cluster].sort(),
        });
    });

    it("does all these changes at once, and then no more", async () => {
        settings.forEach(([, change]) => lab.configure(change));
        const does = await deploy(lab);
        assert.deepEqual(does, changes(...settings.map(([, , one]) => expected(one))));
        assert.deepEqual(await planned(lab), {});
    });

    it("replaces one service's image, and nothing else", async () => {
        await lab.pushImages(["oms"], "2");
        assert.deepEqual(await deploy(lab), {
            update: ["ecs.Service::hot-path-oms"],
            replace: newRevision("hot-path-oms"),
        });
        await lab.pushImages(["strategy-momentum"], "2");
        assert.deepEqual(await planned(lab), { update: ["lambda.Function::cold-path-strategies-momentum"] });
    });

    it("adds a topic, a feed, and a strategy, which runs when its image is there", async () => {
        lab.configure((config) => {
            config["aipx:kafka"].topics.news = { partitions: 3, retentionHours: 24 };
            const { strategies, ingestion } = config["aipx:services"];
            strategies.pairs = { ...strategies.momentum, topics: ["news"] };
            ingestion.feeds.nxt = { topics: ["ticks"], credentials: "nxt-credentials", cpu: 256, memoryMiB: 512 };
        });
        assert.deepEqual(
            await deploy(lab),
            changes({
                create: ["msk.Topic::data-kafka-news", ...repository("pairs"), ...feed("nxt")],
                update: [
                    dashboard,
                    // What tries images may try those of one more service.
                    "iam.RolePolicy::hot-path-trial",
                    "lambda.Function::cold-path-strategies-momentum",
                ],
            }),
        );
        await lab.pushImages(["strategy-pairs"]);
        assert.deepEqual(await deploy(lab), changes({ create: running("pairs", "news"), update: [dashboard] }));
    });

    it("removes a strategy with all that is its own, and nothing else", async () => {
        lab.configure((config) => {
            delete config["aipx:services"].strategies.momentum;
            delete config["aipx:images"]["strategy-momentum"];
        });
        assert.deepEqual(
            await deploy(lab),
            changes({ delete: [...repository("momentum"), ...running("momentum", "ticks")], update: [dashboard] }),
        );
    });

    it("refuses by preview what AWS would refuse: Kafka never takes partitions away", async () => {
        const undo = lab.configure((config) => (config["aipx:kafka"].topics.ticks.partitions = 3));
        const before = lab.account.log.length;
        const outcome = await lab.up({ previewFirst: true });
        undo();
        assert.equal(outcome.ok, false);
        assert.match(outcome.output, /partitions of topic "ticks" is 3, but it has 12/);
        assert.equal(lab.account.log.length, before);
        assert.deepEqual(await planned(lab), {});
    });

    it("shows what was changed by hand, and mends it", async () => {
        const { account } = lab;
        const before = account.resources.map(resourceOf).sort();
        const rule = "redis-from-hot-path-oms";
        const ruleType = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
        account.tamper(ruleType, idOf(ruleType, rule), { fromPort: 1, toPort: 65535 });
        const bucketPolicy = "aws:s3/bucketPolicy:BucketPolicy";
        account.tamper(bucketPolicy, idOf(bucketPolicy, "data-lake"), { policy: '{"Statement":[]}' });
        const logGroup = "aws:cloudwatch/logGroup:LogGroup";
        account.tamper(logGroup, idOf(logGroup, "hot-path-oms"), { retentionInDays: 1 });
        // A queue takes its policy with it.
        for (const type of ["aws:sqs/queue:Queue", "aws:sqs/queuePolicy:QueuePolicy"]) {
            account.lose(type, idOf(type, "cold-path-notification-failed"));
        }

        // Without looking, Pulumi believes its state.
        assert.deepEqual(await planned(lab), {});
        assert.deepEqual(await deploy(lab, { refresh: true }), {
            create: ["sqs.Queue::cold-path-notification-failed", "sqs.QueuePolicy::cold-path-notification-failed"],
            update: [
                "cloudwatch.LogGroup::hot-path-oms",
                "s3.BucketPolicy::data-lake",
                `vpc.SecurityGroupIngressRule::${rule}`,
            ],
        });
        assert.deepEqual(account.resources.map(resourceOf).sort(), before);
        assert.deepEqual(await planned(lab, { refresh: true }), {});
    });

    it("leaves nothing behind but the account's own setting for the logs of APIs", async () => {
        const outcome = await lab.destroy();
        assertWell(outcome);
        assert.deepEqual(leftBehind(lab), keptOnPurpose);
    });
});
