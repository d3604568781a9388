import * as assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
    access,
    ColdPath,
    DataLayer,
    Encryption,
    EventBus,
    HotPath,
    Kafka,
    Network,
    Operations,
    type Placement,
    Scope,
} from "../../components";
import { preflight } from "../../plan/preflight";
import { parseSettings, serviceNames } from "../../settings";
import { flat, stackConfig } from "../settings/stack-file";
import { find, names, record, type Recording } from "../support/record";

const { region, accountId, settings } = parseSettings(flat(stackConfig("dev")), { stack: "dev" });

/** The whole platform, as index.ts makes it, under names of its own. */
function platform(prefix: string, environment: string): void {
    const { disposable, logRetentionDays, debugShell } = settings.environment;
    const scope = new Scope({ project: "aipx", environment, region, accountId });
    const images = Object.fromEntries(serviceNames(settings.services).map((service) => [service, "v1"]));
    const keys = new Encryption(`${prefix}-encryption`, { scope, disposable });
    const common = { scope, keys, disposable, logs: { retentionDays: logRetentionDays, keyArn: keys.logs.arn } };
    const network = new Network(`${prefix}-network`, { ...common, ...settings.network });
    const data = new DataLayer(`${prefix}-data`, { ...common, ...settings, network });
    const events = new EventBus(`${prefix}-events`, common);
    const { architecture, ingestion, oms, ...functions } = settings.services;
    const deployment = { ...common, network, data, events, architecture, images };
    const { broker, schedule } = settings;
    const feeds = ingestion.feeds;
    const hotPath = new HotPath(`${prefix}-hot`, { ...deployment, debugShell, broker, schedule, feeds, oms });
    const coldPath = new ColdPath(`${prefix}-cold`, { ...deployment, ...functions, oms: hotPath.oms });
    const { budget, alarms } = settings;
    new Operations(`${prefix}-operations`, { ...common, data, hotPath, coldPath, budget, alarms });
}

describe("components", () => {
    it("can be made twice in one program, without a name in common", async () => {
        const once = await record(() => platform("a", "one"));
        const twice = await record(() => {
            platform("a", "one");
            platform("b", "two");
        });
        assert.equal(twice.resources.length, 2 * once.resources.length);
        assert.equal(new Set(names(twice)).size, twice.resources.length);
        assert.deepEqual(preflight(twice), []);
    });

    it("read no config: the same arguments give the same in a program that has other settings", async () => {
        const here = await record(() => platform("a", "one"));
        const there = await record(() => platform("a", "one"), {
            project: "theirs",
            stack: "main",
            config: { "aipx:kafka": '{"brokers":99}', "theirs:region": "mars" },
        });
        assert.deepEqual(names(there), names(here));
        // AWS puts the id of the API into the name of its log group; stand-ins go by URN, which holds the stack.
        const physical = ({ resources }: Recording): unknown[] =>
            resources.map(({ inputs }) => inputs.name).filter((name) => !/^\/aws\/apigateway\//.test(String(name)));
        assert.deepEqual(physical(there), physical(here));
    });

    it("fit into somebody else's program: a Kafka of their own network, parent and provider", async () => {
        const recording = await record(() => {
            const provider = new aws.Provider("theirs", { region: "ap-northeast-2" });
            const parent = new pulumi.ComponentResource("theirs:index:App", "app", {}, { providers: [provider] });
            const scope = new Scope({ project: "shop", environment: "blue", region, accountId });
            const keys = new Encryption("keys", { scope, disposable: true }, { parent });
            const theirNetwork: Placement = {
                vpcId: pulumi.output("vpc-0a1b2c3d4e5f60718"),
                cidrBlock: "10.0.0.0/16",
                availabilityZones: ["ap-northeast-2a", "ap-northeast-2c"],
                publicSubnetIds: pulumi.output([]),
                privateSubnetIds: pulumi.output([]),
                isolatedSubnetIds: pulumi.output(["subnet-0a1b2c3d4e5f60718", "subnet-0f1e2d3c4b5a69788"]),
                awsApis: access({}),
                awsEndpoints: access({}),
                s3: access({}),
            };
            const logs = { retentionDays: 7, keyArn: keys.logs.arn };
            const shared = { scope, keys, network: theirNetwork, logs, disposable: true };
            new Kafka("stream", { ...shared, ...settings.kafka }, { parent });
        });
        const cluster = find(recording, "aws:msk/cluster:Cluster", "stream");
        assert.equal(cluster.inputs.clusterName, "shop-blue-kafka");
        assert.deepEqual(cluster.inputs.brokerNodeGroupInfo.clientSubnets, [
            "subnet-0a1b2c3d4e5f60718",
            "subnet-0f1e2d3c4b5a69788",
        ]);
        assert.match(cluster.provider ?? "", /pulumi:providers:aws::theirs::/);
        assert.match(cluster.parent ?? "", /theirs:index:App\$aipx:datalayer:Kafka::stream$/);
    });
});
