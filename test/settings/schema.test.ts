import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { closest } from "../../settings/closest";
import { settingsDocument } from "../../settings/document";
import { fargateSizes } from "../../settings/fargate-sizes";
import { servedHours } from "../../settings/market-calendar";
import { example, type SchemaNode, settingsNode } from "../../settings/schema-nodes";
import { settingsSchema } from "../../settings/schema";
import { subnetSizes } from "../../components/network/subnets";
import { checkRules } from "../../settings/rules";
import { parseSettings } from "../../settings";
import { changed } from "./change";
import { flat, stackConfig } from "./stack-file";

/** All places of the schema that people can set, with a name for each. */
function settings(node: SchemaNode, path: string[] = []): [string, SchemaNode][] {
    const inside = [
        ...Object.entries(node.properties ?? {}),
        ...(node.additionalProperties ? ([["NAME", node.additionalProperties]] as [string, SchemaNode][]) : []),
        ...(node.oneOf ?? []).flatMap((form) => Object.entries(form.properties ?? {})),
    ].flatMap(([key, each]) => settings(each, [...path, key]));
    return node.properties || path.length === 0 ? inside : [[path.join("."), node], ...inside];
}

describe("the schema", () => {
    it("describes every setting", () => {
        const silent = settings(settingsNode()).filter(
            ([path, { description }]) => !description && !path.endsWith(".NAME.source"),
        );
        assert.deepEqual(
            silent.map(([path]) => path),
            [],
        );
    });

    it("has an example for every setting, so that a missing one can be set by the command that is shown", () => {
        const lacking = settings(settingsNode()).filter(
            ([, node]) => !node.additionalProperties && example(node) === undefined,
        );
        assert.deepEqual(
            lacking.map(([path]) => path),
            [],
        );
    });

    it("takes its own examples", () => {
        const all = example(settingsNode()) as Record<string, Record<string, unknown>>;
        assert.deepEqual(settingsSchema.safeParse(all).error?.issues ?? [], []);
    });
});

describe("docs/settings.md", () => {
    it("is what `node --require ./plan/register.cjs settings/document.ts` writes", () => {
        const written = readFileSync(join(__dirname, "../../docs/settings.md"), "utf8");
        assert.equal(written, settingsDocument());
    });
});

describe("Fargate sizes", () => {
    it("are those that AWS offers", () => {
        assert.deepEqual(
            [...fargateSizes].map(([cpu, sizes]) => [cpu, sizes[0], sizes[sizes.length - 1], sizes.length]),
            [
                [256, 512, 2048, 3],
                [512, 1024, 4096, 4],
                [1024, 2048, 8192, 7],
                [2048, 4096, 16384, 13],
                [4096, 8192, 30720, 23],
                [8192, 16384, 61440, 12],
                [16384, 32768, 122880, 12],
            ],
        );
    });

    it("are known for every cpu that the schema takes", () => {
        const { cpu } = settingsNode().properties?.services?.properties?.oms?.properties ?? {};
        assert.deepEqual(cpu?.enum, [...fargateSizes.keys()]);
    });
});

describe("the market calendar", () => {
    it("is served from ten minutes before the first session to the end of the last one on its latest day", () => {
        assert.deepEqual(servedHours(), { start: "07:50", stop: "21:00" });
    });
});

describe("closest", () => {
    it("finds the name that was meant, and none where none is near", () => {
        const known = ["natGateways", "cidrBlock", "interfaceEndpoints"];
        assert.equal(closest("natGatways", known), "natGateways");
        assert.equal(closest("NATGATEWAYS", known), "natGateways");
        assert.equal(closest("interfaceEndpoint", known), "interfaceEndpoints");
        assert.equal(closest("subnets", known), undefined);
        assert.equal(closest("", known), undefined);
    });
});

describe("the rules about subnets", () => {
    const addresses = (prefix: number): number => 2 ** (32 - prefix) - 5;

    /** Whether production in such a range is found too small, with so many strategies and cache shards. */
    const tooSmall = (prefix: number, strategies: number, shards: number): string[] => {
        const { settings } = parseSettings(
            flat(changed(stackConfig("production"), { "aipx:network.cidrBlock": `10.0.0.0/${prefix}` })),
            { stack: "production" },
        );
        const strategy = settings.services.strategies.momentum!;
        settings.services.strategies = Object.fromEntries(
            Array.from({ length: strategies }, (_, index) => [`s${index}`, strategy]),
        );
        settings.redis.shards = shards;
        return checkRules(settings, { name: "production", region: "ap-northeast-2" })
            .filter(({ path }) => path.join() === "aipx:network,cidrBlock")
            .map(({ must }) => must);
    };

    for (const prefix of [16, 17, 18, 19, 20]) {
        it(`count with the subnets that the network makes of a /${prefix}`, () => {
            const sizes = subnetSizes(`10.0.0.0/${prefix}`);
            // 6 tasks over 2 of 3 zones, 8 other functions, 7 endpoints, 8 addresses for a load balancer.
            const strategies = addresses(sizes.private) - 3 - 8 - 7 - 8;
            assert.deepEqual(tooSmall(prefix, strategies, 1), []);
            assert.match(tooSmall(prefix, strategies + 1, 1).join(), /private subnets/);
            // 3 brokers in 3 zones, 4 addresses for the database and pollers; the schema allows 90 shards.
            const shards = Math.floor(((addresses(sizes.isolated) - 1 - 4) * 3) / 2);
            assert.deepEqual(tooSmall(prefix, 1, shards), []);
            assert.match(tooSmall(prefix, 1, shards + 2).join(), /isolated subnets/);
        });
    }
});
