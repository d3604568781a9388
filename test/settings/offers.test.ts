import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { offerWarnings, parseSettings, type Settings, SettingsError } from "../../settings";
import { type Listed, type Names, type Offers, ownTables, type Tables } from "../../settings/offers";
import { choices } from "../../settings/offers/choices";
import { example, settingsNode } from "../../settings/schema-nodes";
import { settingsSchema } from "../../settings/schema";
import { changed, type Changes } from "./change";
import { flat, stackConfig, stackNames } from "./stack-file";
import { tables } from "./tables";

const region = "ap-northeast-2";
const settingsWith = (changes: Changes, from: Tables = tables): Settings =>
    parseSettings(flat(changed(stackConfig("dev"), changes)), { stack: "dev", tables: from }).settings;
const problemsWith = (changes: Changes): string[] => {
    try {
        settingsWith(changes);
        return [];
    } catch (error) {
        assert.ok(error instanceof SettingsError, String(error));
        return error.problems.map(({ path }) => path);
    }
};

const files = readdirSync(join(__dirname, "../../settings/offers"))
    .filter((file) => file.endsWith(".json") && file !== "regions.json")
    .map((file) => file.replace(".json", ""));

describe("the tables of what AWS offers", () => {
    const lists = (offers: Offers): Record<string, Listed & { names: string[] }> => {
        const { instanceClasses, ...others } = offers;
        return { ...others, instanceClasses: { ...instanceClasses, names: Object.keys(instanceClasses.versions) } };
    };
    /** Where a setting takes what a list has. */
    const settingOf: Record<string, string[]> = {
        availabilityZones: ["network", "availabilityZones"],
        kafkaVersions: ["kafka", "version"],
        brokerTypes: ["kafka", "brokerType"],
        valkeyVersions: ["redis", "engineVersion"],
        redisVersions: ["redis", "engineVersion"],
        nodeTypes: ["redis", "nodeType"],
        postgresVersions: ["postgres", "engineVersion"],
        instanceClasses: ["postgres", "instanceClass"],
    };

    it("are of regions that there are, Seoul among them", () => {
        assert.ok(files.includes(region));
        assert.deepEqual(
            files.filter((file) => !ownTables.regions.names.includes(file)),
            [],
        );
    });

    for (const name of files) {
        it(`${name}: each list says where it is from and of which day, and has no name that no setting takes`, () => {
            const all = Object.entries(lists(ownTables.of(name)!));
            assert.deepEqual(all.map(([list]) => list).sort(), Object.keys(settingOf).sort());
            for (const [list, { source, date, names }] of all) {
                assert.ok(source.length > 10, list);
                assert.match(date, /^20\d\d-[01]\d-[0-3]\d$/, list);
                assert.ok(names.length > 0 && new Set(names).size === names.length, list);
                const [section, key] = settingOf[list] as [string, string];
                const taken = (value: string): boolean => {
                    const input = example(settingsNode()) as Record<string, Record<string, unknown>>;
                    input[section]![key] = list === "availabilityZones" ? [value, "ap-northeast-2a"] : value;
                    return settingsSchema.safeParse(input).success;
                };
                assert.deepEqual(
                    names.filter((each) => !taken(each)),
                    [],
                    list,
                );
            }
        });

        it(`${name}: instance classes go with versions that are in the table`, () => {
            const { instanceClasses, postgresVersions } = ownTables.of(name)!;
            for (const [instanceClass, versions] of Object.entries(instanceClasses.versions)) {
                assert.ok(versions.length > 0, instanceClass);
                assert.deepEqual(
                    versions.filter((version) => !postgresVersions.names.includes(version)),
                    [],
                    instanceClass,
                );
            }
        });
    }

    it("have nothing for a region without a file, nor for a path in the place of a region", () => {
        assert.equal(ownTables.of("eu-west-1"), undefined);
        assert.equal(ownTables.of("regions"), undefined);
        assert.equal(ownTables.of("../../package"), undefined);
    });
});

describe("what a stack chooses", () => {
    for (const stack of stackNames) {
        it(`is all offered: ${stack}`, () => {
            const { settings } = parseSettings(flat(stackConfig(stack)), { stack });
            const all = choices(settings, region, ownTables).flatMap((part) => [...part()]);
            assert.ok(all.length >= 9);
            assert.deepEqual(
                all.filter(({ offered, value }) => !offered.includes(value)),
                [],
            );
        });
    }

    it("may be newer than the tables, of which the plan warns", () => {
        const settings = settingsWith({
            "aipx:account.alsoOffered": ["db.m9g.large", "postgres 19", "valkey 10.0", "ap-northeast-2e"],
            "aipx:postgres": { ...(stackConfig("dev")["aipx:postgres"] as object), instanceClass: "db.m9g.large" },
            "aipx:postgres.engineVersion": "19",
            "aipx:redis.engineVersion": "10.0",
            "aipx:network.availabilityZones": ["ap-northeast-2a", "ap-northeast-2e"],
        });
        const passes = ", which AWS did not offer on 2026-11-01: aipx:account.alsoOffered lets it pass.";
        assert.deepEqual(offerWarnings(settings, region, tables), [
            `aipx:network.availabilityZones[1] is "ap-northeast-2e"${passes}`,
            `aipx:redis.engineVersion is "10.0"${passes}`,
            `aipx:postgres.engineVersion is "19"${passes}`,
            `aipx:postgres.instanceClass is "db.m9g.large"${passes}`,
        ]);
    });

    it("may be an instance class that goes with a version only lately", () => {
        const settings = settingsWith({
            "aipx:account.alsoOffered": ["db.m5.large"],
            "aipx:postgres.instanceClass": "db.m5.large",
        });
        assert.equal(offerWarnings(settings, region, tables).length, 1);
    });

    it("is not checked in a region whose offers are not known, of which the plan warns", () => {
        const settings = settingsWith({
            "aws:region": "ap-northeast-1",
            "aipx:network.availabilityZones": ["ap-northeast-1a", "ap-northeast-1x"],
            "aipx:redis.nodeType": "cache.x1.nano",
        });
        assert.deepEqual(offerWarnings(settings, "ap-northeast-1", tables), [
            "What AWS offers in ap-northeast-1 is not known here, so zones, types and versions are not checked: npm run offers -- ap-northeast-1 asks AWS.",
        ]);
    });

    it("gives no warning where all is offered", () => {
        assert.deepEqual(offerWarnings(settingsWith({}), region, tables), []);
    });

    it("is checked although another setting cannot be read, and no entry is called needless then", () => {
        assert.deepEqual(
            problemsWith({
                "aipx:account.alsoOffered": ["kafka.m9g.large"],
                "aipx:kafka.brokerType": 7,
                "aipx:postgres.instanceClass": "db.t2.micro",
            }),
            ["aipx:kafka.brokerType", "aipx:postgres.instanceClass"],
        );
    });

    it("has no command that mends it where AWS offers nothing of the kind", () => {
        const none: Names = { source: "made up", date: "2026-11-01", names: ["3.9.x.kraft"] };
        const without: Tables = { ...tables, of: (name) => ({ ...tables.of(name)!, kafkaVersions: none }) };
        assert.throws(
            () => settingsWith({ "aipx:kafka.version": "3.9.x" }, without),
            (error: SettingsError) =>
                error.problems.length === 1 &&
                error.problems[0]!.fix.length === 0 &&
                /without \.kraft: there is none \(as of 2026-11-01\)/.test(error.problems[0]!.allowed),
        );
    });
});
