import * as assert from "node:assert/strict";
import { Account } from "./account";
import { maintain } from "./maintenance";

const database = "aws:rds/instance:Instance";
const parameters = "aws:rds/parameterGroup:ParameterGroup";
const cache = "aws:elasticache/replicationGroup:ReplicationGroup";

const start: Record<string, Record<string, unknown>> = {
    [database]: {
        allocatedStorage: 100,
        engine: "postgres",
        engineVersion: "17",
        instanceClass: "db.m7g.large",
        maxAllocatedStorage: 500,
        multiAz: true,
        parameterGroupName: "default.postgres17",
    },
    [cache]: {
        automaticFailoverEnabled: true,
        clusterMode: "enabled",
        engine: "valkey",
        engineVersion: "8.2",
        nodeType: "cache.r7g.large",
        numNodeGroups: 2,
    },
};

/** What exists after some updates: inputs, whole version, and what waits. */
function after(type: string, ...updates: Record<string, unknown>[]): Record<string, unknown>[] {
    const account = new Account("ap-northeast-2", "123456789012");
    account.appear(parameters, "others", { name: "others", family: "postgres17" });
    const { id } = account.appear(type, "one", start[type]!);
    account.tamper(type, id, {}, { engineVersionActual: type === database ? "17.6" : "8.2.0" });
    for (const update of updates) {
        if (update === window) {
            maintain(account);
        } else {
            account.update(type, id, { ...start[type], ...update });
        }
    }
    const { inputs, outputs, pending } = account.get(type, id)!;
    const names = Object.keys(start[type]!);
    const seen = Object.fromEntries(
        names.filter((name) => inputs[name] !== start[type]![name]).map((name) => [name, inputs[name] as unknown]),
    );
    names.forEach((name) => assert.deepEqual(outputs[name], inputs[name], name));
    return [seen, pending ?? {}, { version: outputs.engineVersionActual as unknown }];
}

/** Stands for the maintenance window among updates. */
const window = {};
const upgrade = { engineVersion: "18", parameterGroupName: "default.postgres18", allowMajorVersionUpgrade: true };
const upgraded = { engineVersion: "18", parameterGroupName: "default.postgres18" };
const now = { applyImmediately: true };

type Row = [string, string, Record<string, unknown>[], Record<string, unknown>, Record<string, unknown>, string];
const rows: Row[] = [
    ["what does not wait", database, [{ maxAllocatedStorage: 900 }], { maxAllocatedStorage: 900 }, {}, "17.6"],
    ["a class", database, [{ instanceClass: "db.m7g.xlarge" }], {}, { instanceClass: "db.m7g.xlarge" }, "17.6"],
    ["a larger disk", database, [{ allocatedStorage: 200 }], {}, { allocatedStorage: 200 }, "17.6"],
    ["one zone", database, [{ multiAz: false }], {}, { multiAz: false }, "17.6"],
    ["one zone, at once", database, [{ multiAz: false, ...now }], { multiAz: false }, {}, "17.6"],
    ["one zone, in the window", database, [{ multiAz: false }, window], { multiAz: false }, {}, "17.6"],
    ["a version, which takes its parameters along", database, [upgrade], {}, upgraded, "17.6"],
    ["a version at once", database, [{ ...upgrade, ...now }], upgraded, {}, "18.6"],
    ["a version in the window", database, [upgrade, window], upgraded, {}, "18.6"],
    [
        "parameters without a version",
        database,
        [{ parameterGroupName: "others" }],
        { parameterGroupName: "others" },
        {},
        "17.6",
    ],
    ["what is taken back before the window", database, [{ multiAz: false }, {}, window], {}, {}, "17.6"],
    [
        "what is asked for again with something else",
        database,
        [{ multiAz: false }, { multiAz: false, maxAllocatedStorage: 900 }],
        { maxAllocatedStorage: 900 },
        { multiAz: false },
        "17.6",
    ],
    [
        "what waits, with something that does not",
        database,
        [{ multiAz: false }, { multiAz: false, allocatedStorage: 200, ...now }],
        { multiAz: false, allocatedStorage: 200 },
        {},
        "17.6",
    ],
    ["nodes of a cache", cache, [{ nodeType: "cache.r7g.xlarge" }], {}, { nodeType: "cache.r7g.xlarge" }, "8.2.0"],
    ["shards of a cache", cache, [{ numNodeGroups: 3 }], { numNodeGroups: 3 }, {}, "8.2.0"],
];

describe("AWS and the maintenance window", () => {
    for (const [title, type, updates, seen, waits, version] of rows) {
        it(title, () => assert.deepEqual(after(type, ...updates), [seen, waits, { version }]));
    }
});
