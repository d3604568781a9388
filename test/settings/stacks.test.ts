import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { loadSettings, parseSettings, problemText, type Settings, sharedAddresses, weakerThan } from "../../settings";
import { settingsNode } from "../../settings/schema-nodes";
import { changed } from "./change";
import { flat, stackConfig, stackNames, yamlFile } from "./stack-file";

const settingsOf = (stack: string): Settings => parseSettings(flat(stackConfig(stack)), { stack }).settings;
const allSettings = Object.fromEntries(stackNames.map((stack) => [stack, settingsOf(stack)]));

/** What decides resilience and cost of a stack. */
function sizes({ environment, network, broker, kafka, redis, postgres, services, budget }: Settings): unknown {
    const { oms, ingestion, strategies, dataRecorder, cognitive, websocketAuthorizer, notification } = services;
    const functions = [...Object.values(strategies), dataRecorder, cognitive, websocketAuthorizer, notification];
    return {
        stack: `${environment.disposable ? "disposable" : "kept"}, ${broker.mode}, logs ${environment.logRetentionDays} days, $${budget.monthlyUsd}`,
        network: `${network.availabilityZones.map((zone) => zone.slice(-1)).join("")}, NAT ${network.natGateways}, ${network.interfaceEndpoints.join(" ")}`,
        kafka: `${kafka.brokers} x ${kafka.brokerType}, ${kafka.version}`,
        redis: `${redis.shards} x ${1 + redis.replicasPerShard} ${redis.nodeType}, ${redis.engine}`,
        postgres: `${postgres.instanceClass}${postgres.multiAz ? ", Multi-AZ" : ""}, ${postgres.engineVersion}, backups ${postgres.backupRetentionDays} days${postgres.backupRegion ? `, ${postgres.backupRegion}` : ""}`,
        fargate: [oms, ...Object.values(ingestion.feeds)].map(({ cpu, memoryMiB }) => `${cpu}/${memoryMiB}`).join(" "),
        functions: [...new Set(functions.map(({ memoryMB }) => memoryMB))].sort((a, b) => a - b).join(" "),
        certificate: oms.loadBalancer.certificate?.source,
    };
}

describe("the stack files", () => {
    it("dev has the smallest sizes that AWS accepts (COST-2) and keeps logs for 7 days (COST-4)", () => {
        assert.deepEqual(sizes(settingsOf("dev")), {
            stack: "disposable, paper, logs 7 days, $345",
            network: "ac, NAT single, lambda sts",
            kafka: "2 x kafka.t3.small, 3.9.x",
            redis: "1 x 1 cache.t4g.micro, valkey",
            postgres: "db.t4g.micro, 17, backups 1 days",
            fargate: "256/512 256/512",
            functions: "512",
            certificate: "self-signed",
        });
    });

    it("staging is shaped like production, on smaller machines", () => {
        assert.deepEqual(sizes(settingsOf("staging")), {
            stack: "kept, paper, logs 30 days, $880",
            network: "abc, NAT one-per-zone, ecr.api ecr.dkr lambda logs secretsmanager ssm sts",
            kafka: "3 x kafka.t3.small, 3.9.x",
            redis: "1 x 2 cache.t4g.micro, valkey",
            postgres: "db.t4g.small, Multi-AZ, 17, backups 7 days",
            fargate: "256/512 256/512",
            functions: "512 1024",
            certificate: undefined,
        });
    });

    it("production spans three zones throughout and keeps logs for 30 days (COST-4)", () => {
        assert.deepEqual(sizes(settingsOf("production")), {
            stack: "kept, live, logs 30 days, $1800",
            network: "abc, NAT one-per-zone, ecr.api ecr.dkr lambda logs secretsmanager ssm sts",
            kafka: "3 x kafka.m7g.large, 3.9.x.kraft",
            redis: "2 x 2 cache.t4g.micro, valkey",
            postgres: "db.m7g.large, Multi-AZ, 17, backups 14 days, ap-northeast-1",
            fargate: "1024/2048 512/1024",
            functions: "512 1024",
            certificate: undefined,
        });
    });

    it("are for Seoul, have no image yet, and tell nobody yet but of live trading, which demands an address", () => {
        for (const stack of stackNames) {
            const { region, settings } = parseSettings(flat(stackConfig(stack)), { stack });
            const emails = stack === "production" ? ["oncall@example.com"] : [];
            assert.deepEqual([region, settings.images, settings.alarms.emails], ["ap-northeast-2", {}, emails], stack);
        }
    });

    it("have different address ranges, so that they can be connected to one network", () => {
        assert.deepEqual(
            stackNames.flatMap((stack) => sharedAddresses(stack, allSettings)),
            [],
        );
    });

    it("name the same feeds, strategies and topics: what staging tries is what production runs", () => {
        const names = ({ kafka, services }: Settings): string[][] =>
            [kafka.topics, services.ingestion.feeds, services.strategies].map((map) => Object.keys(map));
        assert.deepEqual(names(settingsOf("staging")), names(settingsOf("production")));
        assert.deepEqual(names(settingsOf("dev")), names(settingsOf("production")));
    });

    it("tag everything with project, environment, owner and cost centre", () => {
        for (const stack of stackNames) {
            assert.deepEqual(stackConfig(stack)["aws:defaultTags"], {
                tags: { project: "aipx", environment: stack, owner: "platform-team", "cost-centre": "trading" },
            });
        }
    });
});

describe("sharedAddresses", () => {
    const inRange = (cidrBlock: string): Settings => {
        const settings = settingsOf("dev");
        return { ...settings, network: { ...settings.network, cidrBlock } };
    };
    const rows: [own: string, other: string, shared: boolean][] = [
        ["10.0.0.0/16", "10.0.0.0/16", true],
        ["10.0.0.0/16", "10.0.240.0/20", true],
        ["10.0.240.0/20", "10.0.0.0/16", true],
        ["10.0.0.0/16", "10.1.0.0/16", false],
        ["10.0.16.0/20", "10.0.0.0/20", false],
        ["192.168.0.0/16", "10.168.0.0/16", false],
    ];
    for (const [own, other, shared] of rows) {
        it(`${shared ? "tells of" : "has nothing against"} ${own} beside ${other}`, () =>
            assert.deepEqual(
                sharedAddresses("dev", { dev: inRange(own), staging: inRange(other), broken: undefined }),
                shared
                    ? [
                          `aipx:network.cidrBlock of dev (${own}) and of staging (${other}) have addresses in common: their VPCs ` +
                              "can never be connected. Give one of them another range before it is deployed.",
                      ]
                    : [],
            ));
    }

    it("says nothing of a stack whose own settings cannot be read", () =>
        assert.deepEqual(sharedAddresses("broken", { broken: undefined, ...allSettings }), []));
});

describe("weakerThan", () => {
    it("finds nothing in staging and production that is weaker than in dev, or in production than in staging", () => {
        assert.deepEqual(weakerThan(settingsOf("dev"), settingsOf("staging")), []);
        assert.deepEqual(weakerThan(settingsOf("dev"), settingsOf("production")), []);
        assert.deepEqual(weakerThan(settingsOf("staging"), settingsOf("production")), []);
    });

    it("finds all that is weaker in dev than in production", () => {
        const found = weakerThan(settingsOf("production"), settingsOf("dev"), { baseline: "production", other: "dev" });
        assert.deepEqual(
            found.map(({ path, value }) => `${path} ${value}`),
            [
                "aipx:environment.disposable is true",
                "aipx:environment.debugShell is true",
                "aipx:environment.logRetentionDays is 7",
                "aipx:network.availabilityZones has 2 zones",
                'aipx:network.natGateways is "single"',
                ...["ecr.api", "ecr.dkr", "logs", "secretsmanager", "ssm"].map(
                    (service) => `aipx:network.interfaceEndpoints lacks ${service}`,
                ),
                "aipx:kafka.brokers is 2",
                "aipx:kafka.topics.ticks.retentionHours is 24",
                "aipx:kafka.topics.ticks.replicationFactor is 2",
                "aipx:kafka.topics.quotes.retentionHours is 24",
                "aipx:kafka.topics.quotes.replicationFactor is 2",
                "aipx:kafka.topics.orders.retentionHours is 72",
                "aipx:kafka.topics.orders.replicationFactor is 2",
                "aipx:kafka.topics.executions.retentionHours is 72",
                "aipx:kafka.topics.executions.replicationFactor is 2",
                "aipx:redis.replicasPerShard is 0",
                "aipx:redis.snapshotRetentionDays is 0",
                "aipx:postgres.multiAz is false",
                "aipx:postgres.backupRetentionDays is 1",
                "aipx:postgres.backupRegion is left out",
                "aipx:dataLake.noncurrentVersionDays is 7",
                "aipx:dataLake.accessLogDays is 30",
                "aipx:dataLake.expireAfterDays is 365",
                "aipx:services.ingestion.feeds.krx.spot is true",
                "aipx:services.oms.tasks is 1",
                "aipx:services.oms.loadBalancer.certificate is a map",
            ],
        );
    });

    it("finds data that is archived in one stack only, where reads of it fail", () => {
        const archiving = parseSettings(
            flat(changed(stackConfig("staging"), { "aipx:dataLake.archiveAfterDays": 90 })),
            { stack: "staging" },
        ).settings;
        assert.deepEqual(
            weakerThan(settingsOf("dev"), archiving, { baseline: "dev", other: "staging" }).map(problemText),
            [
                [
                    "aipx:dataLake.archiveAfterDays is 90",
                    "  weaker than in dev, where it is left out",
                    "  fix: pulumi config rm --stack staging --path 'aipx:dataLake.archiveAfterDays'",
                ].join("\n"),
            ],
        );
    });

    it("says what is weaker than where, and how to mend it", () => {
        const dev = settingsOf("dev");
        const weak = parseSettings(
            flat(changed(stackConfig("dev"), { "aipx:services.oms.loadBalancer.internetFacing": true })),
            { stack: "dev" },
        ).settings;
        assert.deepEqual(weakerThan(dev, weak, { baseline: "dev", other: "try-out" }).map(problemText), [
            [
                "aipx:services.oms.loadBalancer.internetFacing is true",
                "  weaker than in dev, where it is false",
                "  fix: pulumi config set --stack try-out --path 'aipx:services.oms.loadBalancer.internetFacing' false",
            ].join("\n"),
        ]);
    });
});

describe("loadSettings", () => {
    it("reads what the engine gives", async () => {
        await pulumi.runtime.setMocks(
            { call: ({ inputs }) => inputs, newResource: ({ inputs }) => ({ id: "id", state: inputs }) },
            "aipx",
            "dev",
        );
        pulumi.runtime.setAllConfig(flat(stackConfig("dev")));
        assert.deepEqual(loadSettings(), {
            region: "ap-northeast-2",
            accountId: "123456789012",
            settings: settingsOf("dev"),
        });
    });
});

describe("Pulumi.yaml", () => {
    it("declares every section of the schema, with the same description", () => {
        const { name, main, config } = yamlFile<{ name: string; main: string; config: unknown }>("Pulumi.yaml");
        assert.deepEqual([name, main], ["aipx", "index.ts"]);
        assert.deepEqual(
            config,
            Object.fromEntries(
                Object.entries(settingsNode().properties ?? {}).map(([key, { description }]) => [
                    key,
                    { type: "object", description },
                ]),
            ),
        );
    });

    it("finds every section that it declares in every stack file, as the CLI demands", () => {
        const { config } = yamlFile<{ config: object }>("Pulumi.yaml");
        for (const stack of stackNames) {
            const sections = Object.keys(stackConfig(stack)).filter((key) => key.startsWith("aipx:"));
            assert.deepEqual(
                sections.sort(),
                Object.keys(config)
                    .map((key) => `aipx:${key}`)
                    .sort(),
            );
        }
    });
});
