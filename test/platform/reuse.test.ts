import * as assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { access, Encryption, Kafka, type Placement, Scope } from "../../components";
import { preflight } from "../../plan/preflight";
import { parseSettings } from "../../settings";
import { flat, stackConfig } from "../settings/stack-file";
import { makePlatform } from "../support/platform";
import { find, names, record, type Recording } from "../support/record";

const { region, accountId, settings } = parseSettings(flat(stackConfig("dev")), { stack: "dev" });

/** The whole platform at the sizes of stack dev, under names of its own. */
const platform = (prefix: string, environment: string): void =>
    makePlatform(settings, new Scope({ project: "aipx", environment, region, accountId }), `${prefix}-`);

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
                s3: access({}),
                endpoint: () => access({}),
                dynamodb: access({}),
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
