import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { check } from "prettier";
import { offersCommand } from "../../offers/command";
import { type Names, type Offers } from "../../settings/offers";
import { type Call, elements, OffersEndpoint, type Reply, xml } from "../support/offers-endpoint";

const own = join(__dirname, "../../settings/offers");
const region = "ap-northeast-2";

const support = (start: string, end: string): string =>
    elements("SupportedEngineLifecycle", [
        {
            LifecycleSupportName: "open-source-rds-standard-support",
            LifecycleSupportStartDate: start,
            LifecycleSupportEndDate: end,
        },
        {
            LifecycleSupportName: "open-source-rds-extended-support",
            LifecycleSupportStartDate: end,
            LifecycleSupportEndDate: "2999-01-01T00:00:00Z",
        },
    ]);
const major = (MajorEngineVersion: string, start: string, end: string): Record<string, string> => ({
    ...{ Engine: "postgres", MajorEngineVersion },
    SupportedEngineLifecycles: support(`${start}T00:00:00Z`, `${end}T00:00:00Z`),
});
const option = (DBInstanceClass: string, lacks: Record<string, string | boolean> = {}) => ({
    ...{ Engine: "postgres", DBInstanceClass, StorageType: "gp3", MultiAZCapable: true, Vpc: true },
    ...{ SupportsEnhancedMonitoring: true, SupportsIAMDatabaseAuthentication: true },
    ...{ SupportsPerformanceInsights: true, SupportsStorageAutoscaling: true, SupportsStorageEncryption: true },
    ...lacks,
});
const products = (attributes: Record<string, string>[], NextToken?: string): string =>
    JSON.stringify({
        FormatVersion: "aws_v1",
        PriceList: attributes.map((each) =>
            JSON.stringify({ product: { productFamily: "x", attributes: each, sku: "1" }, terms: {}, version: "1" }),
        ),
        NextToken,
    });

/** What AWS says, by the call. Pages, and what no stack can use, are among it. */
const answers: Record<string, (parameters: Record<string, string>) => string> = {
    "ec2 DescribeAvailabilityZones": () =>
        xml(
            "ec2 DescribeAvailabilityZones",
            `<availabilityZoneInfo>${elements("item", [
                { zoneName: "ap-northeast-2c", zoneState: "available", zoneType: "availability-zone" },
                { zoneName: "ap-northeast-2a", zoneState: "available", zoneType: "availability-zone" },
                { zoneName: "ap-northeast-2b", zoneState: "impaired", zoneType: "availability-zone" },
                { zoneName: "ap-northeast-2-sel-1a", zoneState: "available", zoneType: "local-zone" },
            ])}</availabilityZoneInfo>`,
        ),
    "ec2 DescribeRegions": () =>
        xml(
            "ec2 DescribeRegions",
            `<regionInfo>${elements("item", [{ regionName: region }, { regionName: "ap-northeast-9" }])}</regionInfo>`,
        ),
    "rds DescribeDBMajorEngineVersions": () =>
        xml(
            "rds DescribeDBMajorEngineVersions",
            `<DBMajorEngineVersions>${elements("DBMajorEngineVersion", [
                major("11", "2019-03-13", "2024-02-29"),
                major("17", "2024-11-20", "2999-02-28"),
                major("18", "2025-11-20", "2999-02-28"),
                major("99", "2998-11-20", "2999-02-28"),
            ])}</DBMajorEngineVersions>`,
        ),
    "rds DescribeDBEngineVersions": ({ EngineVersion, DefaultOnly }) => {
        assert.equal(DefaultOnly, "true");
        return xml(
            "rds DescribeDBEngineVersions",
            `<DBEngineVersions>${elements("DBEngineVersion", [{ EngineVersion: `${EngineVersion}.7` }])}</DBEngineVersions>`,
        );
    },
    "rds DescribeOrderableDBInstanceOptions": ({ EngineVersion, Marker }) => {
        const first = [option("db.t4g.micro"), option("db.t4g.micro", { StorageType: "gp2" }), option("db.c6gd.large")];
        const second = [
            option("db.m5.12xlarge"),
            option("db.m5.2xlarge"),
            option("db.t3.nano", { SupportsPerformanceInsights: false }),
            option("db.t3.micro", { StorageType: "io1" }),
            ...(EngineVersion === "18.7" ? [option("db.m9g.large")] : []),
        ];
        return xml(
            "rds DescribeOrderableDBInstanceOptions",
            `<OrderableDBInstanceOptions>${elements("OrderableDBInstanceOption", Marker ? second : first)}</OrderableDBInstanceOptions>${Marker ? "" : "<Marker>more</Marker>"}`,
        );
    },
    "elasticache DescribeCacheEngineVersions": ({ Engine, Marker }) => {
        const all = { valkey: [["8.0", "10.0"], ["9.1"]], redis: [["6.2", "7.1.0"], ["7.1"]] }[Engine!]!;
        const page = all[Marker ? 1 : 0]!.map((EngineVersion) => ({ Engine: Engine!, EngineVersion }));
        return xml(
            "elasticache DescribeCacheEngineVersions",
            `<CacheEngineVersions>${elements("CacheEngineVersion", page)}</CacheEngineVersions>${Marker ? "" : "<Marker>more</Marker>"}`,
        );
    },
    "kafka /v1/kafka-versions": ({ nextToken }) =>
        JSON.stringify(
            nextToken
                ? { kafkaVersions: [{ version: "4.2.x.kraft", status: "ACTIVE" }, active("4.1.x.kraft")] }
                : {
                      kafkaVersions: [
                          { version: "3.5.1", status: "DEPRECATED" },
                          active("3.9.x"),
                          active("2.8.2.tiered"),
                          active("3.9.x.kraft"),
                      ],
                      nextToken: "more",
                  },
        ),
    "pricing GetProducts AmazonMSK": ({ NextToken }) =>
        NextToken
            ? products([{ group: "Broker", computeFamily: "m7g.large" }])
            : products(
                  [
                      { group: "Broker", computeFamily: "T3.small" },
                      { group: "ExpressBroker", computeFamily: "express.m7g.large" },
                  ],
                  "more",
              ),
    "pricing GetProducts AmazonElastiCache": () =>
        products([
            { cacheEngine: "Redis", instanceType: "cache.t4g.micro" },
            { cacheEngine: "Valkey", instanceType: "cache.t4g.micro" },
            { cacheEngine: "Valkey", instanceType: "cache.m7g.large" },
            { cacheEngine: "Memcached", instanceType: "cache.x9.large" },
            { cacheEngine: "Redis", instanceType: "cache.t2.micro" },
            { cacheEngine: "Redis", instanceType: "cache.r6gd.xlarge" },
        ]),
    "pricing GetProducts AmazonRDS": () =>
        products(
            ["db.t4g.micro", "db.m5.2xlarge", "db.m5.12xlarge", "db.m9g.large", "db.t3.nano", "db.t3.micro"].map(
                (instanceType) => ({ instanceType }),
            ),
        ),
};

const active = (version: string): object => ({ version, status: "ACTIVE" });

const refusal = (code: string, status = 403): Reply => ({
    status,
    body: JSON.stringify({ __type: code, message: `${code} it is` }),
});

describe("npm run offers", () => {
    const before = { ...process.env };
    let folder: string;
    let endpoint: OffersEndpoint | undefined;
    let said: string;
    const write = process.stderr.write.bind(process.stderr);

    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "offers-"));
        for (const file of readdirSync(own).filter((name) => name.endsWith(".json"))) {
            copyFileSync(join(own, file), join(folder, file));
        }
        said = "";
        process.stderr.write = (text: string) => ((said += text), true);
        // Nothing of the person's who runs the tests.
        for (const name of Object.keys(process.env).filter((each) => each.startsWith("AWS_"))) {
            delete process.env[name];
        }
        process.env.AWS_EC2_METADATA_DISABLED = "true";
        process.env.AWS_CONFIG_FILE = process.env.AWS_SHARED_CREDENTIALS_FILE = join(folder, "none");
        process.env.AWS_ENDPOINT_URL = "http://127.0.0.1:9";
    });

    afterEach(async () => {
        process.stderr.write = write;
        process.env = { ...before };
        await endpoint?.stop();
        endpoint = undefined;
        rmSync(folder, { recursive: true });
    });

    async function run(args: string[], reply: (call: Call) => Reply): Promise<number> {
        endpoint = await OffersEndpoint.start(reply);
        process.env.AWS_ENDPOINT_URL = endpoint.url;
        process.env.AWS_ACCESS_KEY_ID = "AKIDEXAMPLE";
        process.env.AWS_SECRET_ACCESS_KEY = "example";
        return offersCommand(args, folder);
    }

    const all = ({ action, parameters }: Call): Reply => answers[action]!(parameters);
    const read = (file: string): unknown => JSON.parse(readFileSync(join(folder, `${file}.json`), "utf8"));
    const nothingIsWritten = (): void => {
        assert.deepEqual(readdirSync(folder).sort(), ["ap-northeast-2.json", "regions.json"]);
        for (const file of readdirSync(folder)) {
            assert.equal(readFileSync(join(folder, file), "utf8"), readFileSync(join(own, file), "utf8"), file);
        }
    };

    it("writes what AWS says, of the regions that have a table, and leaves nothing else behind", async () => {
        assert.equal(await run([], all), 0, said);
        const date = new Date().toISOString().slice(0, 10);
        const list = (source: string, ...names: string[]): Names => ({ source, date, names });
        const expected: Offers = {
            availabilityZones: list("EC2 DescribeAvailabilityZones", "ap-northeast-2a", "ap-northeast-2c"),
            kafkaVersions: list("MSK ListKafkaVersions", "3.9.x", "3.9.x.kraft", "4.1.x.kraft"),
            brokerTypes: list("the AWS price list of MSK", "kafka.m7g.large", "kafka.t3.small"),
            valkeyVersions: list("ElastiCache DescribeCacheEngineVersions", "8.0", "9.1", "10.0"),
            redisVersions: list("ElastiCache DescribeCacheEngineVersions", "6.2", "7.1"),
            nodeTypes: list("the AWS price list of ElastiCache", "cache.m7g.large", "cache.t4g.micro"),
            postgresVersions: list("RDS DescribeDBMajorEngineVersions", "17", "18"),
            instanceClasses: {
                ...{ source: "RDS DescribeOrderableDBInstanceOptions, and the AWS price list", date },
                versions: {
                    "db.m5.2xlarge": ["17", "18"],
                    "db.m5.12xlarge": ["17", "18"],
                    "db.m9g.large": ["18"],
                    "db.t4g.micro": ["17", "18"],
                },
            },
        };
        assert.deepEqual(read(region), expected);
        assert.deepEqual(
            Object.keys((read(region) as Offers).instanceClasses.versions),
            Object.keys(expected.instanceClasses.versions),
        );
        // AWS tells of its own partition only; China's and the government's regions are still there.
        const { names } = read("regions") as Names;
        assert.deepEqual(
            names.filter((name) => !/^(cn|us-gov)-/.test(name)),
            [region, "ap-northeast-9"],
        );
        assert.ok(names.includes("cn-north-1"));
        assert.deepEqual(readdirSync(folder).sort(), ["ap-northeast-2.json", "regions.json"]);
        for (const file of readdirSync(folder)) {
            const text = readFileSync(join(folder, file), "utf8");
            assert.ok(await check(text, { filepath: file, tabWidth: 4, printWidth: 120 }), file);
        }
        assert.match(said, /^ap-northeast-2: 2 availability zones$/m);
    });

    it("asks about the region alone, and about what the database is made with", async () => {
        await run([region], all);
        const asked = (action: string): Record<string, string>[] =>
            endpoint!.calls.filter((call) => call.action === action).map(({ parameters }) => parameters);
        for (const service of ["AmazonMSK", "AmazonElastiCache", "AmazonRDS"]) {
            assert.ok(asked(`pricing GetProducts ${service}`).every(({ regionCode }) => regionCode === region));
        }
        assert.deepEqual(
            asked("rds DescribeOrderableDBInstanceOptions").map(({ EngineVersion, Marker }) => [EngineVersion, Marker]),
            [
                ["17.7", undefined],
                ["17.7", "more"],
                ["18.7", undefined],
                ["18.7", "more"],
            ],
        );
        assert.equal(asked("ec2 DescribeRegions")[0]!.AllRegions, "true");
    });

    it("makes a table for a region that has none", async () => {
        assert.equal(await run(["ap-northeast-1"], all), 0, said);
        assert.deepEqual(readdirSync(folder).sort(), ["ap-northeast-1.json", "ap-northeast-2.json", "regions.json"]);
        assert.equal(
            readFileSync(join(folder, "ap-northeast-2.json"), "utf8"),
            readFileSync(join(own, "ap-northeast-2.json"), "utf8"),
        );
    });

    it("asks again when AWS has too much to do", async () => {
        let busy = 2;
        const code = await run([], (call) =>
            call.action.startsWith("pricing") && busy-- > 0 ? refusal("ThrottlingException", 400) : all(call),
        );
        assert.equal(code, 0, said);
    });

    it("writes nothing if AWS refuses the last of its questions", async () => {
        const code = await run([], (call) =>
            call.action === "ec2 DescribeRegions"
                ? {
                      status: 403,
                      body: "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>You may not.</Message></Error></Errors></Response>",
                  }
                : all(call),
        );
        assert.equal(code, 1);
        assert.match(said, /^UnauthorizedOperation: You may not\.\nNothing was written\./m);
        nothingIsWritten();
    });

    for (const [action, what] of [
        ["kafka /v1/kafka-versions", "versions of Kafka (MSK ListKafkaVersions)"],
        ["pricing GetProducts AmazonMSK", "broker types (the AWS price list of MSK)"],
        ["pricing GetProducts AmazonRDS", "instance classes (RDS DescribeOrderableDBInstanceOptions"],
        ["rds DescribeDBMajorEngineVersions", "versions of PostgreSQL (RDS DescribeDBMajorEngineVersions)"],
    ] as const) {
        it(`writes no list without entries, of which nothing could ever be chosen: ${action}`, async () => {
            const code = await run([], (call) =>
                call.action === action ? (action.startsWith("rds") ? xml(action, "") : "{}") : all(call),
            );
            assert.equal(code, 1);
            assert.ok(said.includes(`${region}: AWS names no ${what}`), said);
            nothingIsWritten();
        });
    }

    it("says how to sign in where there are no credentials, and writes nothing", async () => {
        assert.equal(await offersCommand([], folder), 2);
        assert.match(said, /There are no credentials to ask AWS with .*aws sso login\. Nothing was written\./);
        nothingIsWritten();
    });

    it("says what it takes where it is called wrongly", async () => {
        assert.equal(await offersCommand(["Seoul"], folder), 2);
        assert.match(said, /^"Seoul" is no region such as ap-northeast-2\n\nnpm run offers/);
        nothingIsWritten();
    });
});
