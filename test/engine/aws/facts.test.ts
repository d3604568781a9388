import * as assert from "node:assert/strict";
import { unknown } from "../../../plan/wire";
import { planOf, stackNames } from "../../support/stacks";
import { checkInputs, diff, factsOf, fillIn, knownTypes } from "./facts";
import { type Property, propertiesOf, type Shape } from "./types";

const queue = "aws:sqs/queue:Queue";
const bucket = "aws:s3/bucket:Bucket";
const role = "aws:iam/role:Role";
const lambda = "aws:lambda/function:Function";
const cluster = "aws:msk/cluster:Cluster";
const redis = "aws:elasticache/replicationGroup:ReplicationGroup";
const balancer = "aws:lb/loadBalancer:LoadBalancer";
const database = "aws:rds/instance:Instance";
const discovery = "aws:servicediscovery/service:Service";
const service = "aws:ecs/service:Service";

/** What the declarations say of a path without indices. */
function propertyAt(type: string, path: string): Property | undefined {
    let properties = propertiesOf(type);
    let found: Property | undefined;
    for (const name of path.split(".")) {
        found = properties.get(name);
        let shape: Shape | undefined = found?.shape;
        while (typeof shape === "object" && ("list" in shape || "map" in shape)) {
            shape = "list" in shape ? shape.list : shape.map;
        }
        properties = typeof shape === "object" && "object" in shape ? shape.object : new Map();
    }
    return found;
}

describe("facts of the provider", () => {
    it("are known of all that the stacks create", async () => {
        const plans = await Promise.all(stackNames.map((stack) => planOf(stack)));
        const created = plans.flatMap(({ recording }) => recording.resources.map(({ type }) => type));
        const providers = [...new Set(created)].filter((type) => /^(aws|tls):/.test(type));
        assert.ok(providers.length > 70, String(providers.length));
        assert.deepEqual(
            providers.filter((type) => !factsOf(type)),
            [],
        );
    });

    it("name properties that the installed package has", () => {
        const wrong = knownTypes.flatMap((type) => {
            const facts = factsOf(type)!;
            const paths = [
                ...facts.replaces,
                ...(facts.replacesWhenAddedOrRemoved ?? []),
                ...(facts.replacesIf ?? []).map(({ path }) => path),
                ...(facts.sets ?? []),
                ...(facts.computedIfAbsent ?? []),
                ...(facts.needsForceNewDeployment ?? []),
                ...(facts.autoName ? [facts.autoName.property] : []),
                ...Object.keys(facts.defaults ?? {}).map((path) => path.replace("[]", "")),
            ];
            return paths.filter((path) => !propertyAt(type, path)).map((path) => `${type} ${path}`);
        });
        assert.deepEqual(wrong, []);
    });

    it("demand what the installed package demands", () => {
        for (const type of knownTypes) {
            const required = [...propertiesOf(type)].filter(([, property]) => property.required).map(([name]) => name);
            assert.deepEqual([...factsOf(type)!.required].sort(), required.sort(), type);
        }
    });

    it("say of each block with something that replaces what its disappearing does", () => {
        const silent = knownTypes.flatMap((type) => {
            const { replaces, replacesWhenAddedOrRemoved = [] } = factsOf(type)!;
            return replaces
                .filter((path) => path.includes("."))
                .map((path) => path.slice(0, path.lastIndexOf(".")))
                .filter((block) => !replacesWhenAddedOrRemoved.includes(block))
                .map((block) => `${type} ${block}`);
        });
        assert.deepEqual(silent, []);
    });
});

describe("auto-naming", () => {
    const named = (
        type: string,
        logicalName: string,
        inputs: Record<string, unknown> = {},
        olds: Record<string, unknown> = {},
        seed = "5eed",
    ): { inputs: Record<string, any>; defaults: string[] } => fillIn(type, logicalName, inputs, olds, seed);

    for (const [type, logicalName, inputs, property, form] of [
        [queue, "orders", {}, "name", /^orders-[0-9a-f]{7}$/],
        [queue, "orders", { fifoQueue: true }, "name", /^orders-[0-9a-f]{7}\.fifo$/],
        [queue, "orders", { fifoQueue: false }, "name", /^orders-[0-9a-f]{7}$/],
        [bucket, "dataLake", {}, "bucket", /^datalake-[0-9a-f]{7}$/],
        [database, "postgres", {}, "identifier", /^postgres[0-9a-f]{7}$/],
        ["aws:kms/alias:Alias", "data", {}, "name", /^alias\/data-[0-9a-f]{7}$/],
        ["aws:glue/catalogTable:CatalogTable", "Ticks", {}, "name", /^ticks_[a-z]{8}$/],
    ] as const) {
        it(`calls ${type} "${logicalName}" ${form} with ${JSON.stringify(inputs)}`, () => {
            const { inputs: filled, defaults } = named(type, logicalName, inputs);
            assert.match(filled[property], form);
            assert.deepEqual(defaults, [property]);
        });
    }

    it("follows from the seed, and without one from nothing", () => {
        const name = (seed: string): string => named(queue, "q", {}, {}, seed).inputs.name;
        assert.equal(name("a"), name("a"));
        assert.notEqual(name("a"), name("b"));
        assert.notEqual(name(""), name(""));
    });

    it("keeps the name that it made, but not one that was given", () => {
        const made = named(role, "task", {}, { name: "task-0123456", __defaults: ["name"] }, "other");
        assert.equal(made.inputs.name, "task-0123456");
        assert.deepEqual(made.defaults, ["name"]);
        assert.match(named(role, "task", {}, { name: "mine", __defaults: [] }).inputs.name, /^task-/);
        assert.equal(named(role, "task", {}, { name: "imported" }).inputs.name, "imported");
    });

    it("leaves a given name alone, known or not, and a prefix", () => {
        for (const given of [{ name: "mine" }, { name: unknown }, { namePrefix: "mine-" }]) {
            assert.deepEqual(named(role, "task", given), { inputs: given, defaults: [] });
        }
    });

    it("refuses names that are too long", () => {
        assert.match(named(role, "r".repeat(56)).inputs.name, /^r{56}-/);
        assert.throws(() => named(role, "r".repeat(57)), /plus 7 random chars is longer than maximum length 64/);
        assert.throws(() => named(queue, "q".repeat(70), { fifoQueue: true }), /longer than maximum length 80/);
    });

    it("fills in what Pulumi does, also in lists", () => {
        const group = named("aws:rds/parameterGroup:ParameterGroup", "pg", {
            family: "postgres17",
            parameters: [
                { name: "a", value: "1" },
                { name: "b", value: "2", applyMethod: "pending-reboot" },
            ],
        });
        assert.equal(group.inputs.description, "Managed by Pulumi");
        assert.deepEqual(group.defaults, ["name", "description"]);
        assert.deepEqual(
            group.inputs.parameters.map((parameter: Record<string, unknown>) => parameter.applyMethod),
            ["immediate", "pending-reboot"],
        );
        assert.equal(named("aws:ec2/securityGroup:SecurityGroup", "g", { description: "d" }).inputs.description, "d");
    });

    it("puts the region where the type has one and none is given", () => {
        const region = (type: string, inputs = {}): unknown =>
            fillIn(type, "x", inputs, {}, "", { region: "eu-1" }).inputs.region;
        assert.equal(region(queue), "eu-1");
        assert.equal(region(queue, { region: "us-1" }), "us-1");
        assert.equal(region(role), undefined);
        assert.equal(region("tls:index/privateKey:PrivateKey"), undefined);
    });

    it("adds the provider's tags where the type has tags, under those that are given", () => {
        const tags = (type: string, given?: unknown): unknown =>
            fillIn(type, "x", { tags: given }, {}, "", { defaultTags: { owner: "us", project: "p" } }).inputs.tags;
        assert.deepEqual(tags(queue), { owner: "us", project: "p" });
        assert.deepEqual(tags(queue, { owner: "them", service: "s" }), { owner: "them", project: "p", service: "s" });
        assert.equal(tags(queue, unknown), unknown);
        const overrideProvider = { defaultTags: { tags: {} } };
        assert.deepEqual(
            fillIn("aws:s3/bucketObjectv2:BucketObjectv2", "x", { tags: { service: "s" }, overrideProvider }, {}, "", {
                defaultTags: { owner: "us" },
            }).inputs.tags,
            { service: "s" },
        );
        assert.equal(tags("aws:sqs/queuePolicy:QueuePolicy"), undefined);
        assert.equal(named(queue, "q", {}).inputs.tags, undefined);
    });

    it("does not touch what it was given", () => {
        const given = Object.freeze({ parameters: Object.freeze([Object.freeze({ name: "a", value: "1" })]) });
        named("aws:rds/parameterGroup:ParameterGroup", "pg", given);
    });

    it("finds no name of the stacks too long", async () => {
        for (const stack of stackNames) {
            for (const { type, name, inputs } of (await planOf(stack)).recording.resources) {
                assert.doesNotThrow(() => factsOf(type) && named(type, name, inputs), `${type} ${name}`);
            }
        }
    });
});

describe("a difference", () => {
    const database = "aws:rds/instance:Instance";
    const diffs = (before: object, after: object): string[] => diff(database, before, after).diffs;

    it("is none where a disk is to shrink below what it may grow to: it has grown by itself", () => {
        const [large, small] = [40, 20].map((allocatedStorage) => ({ allocatedStorage, maxAllocatedStorage: 100 }));
        assert.deepEqual(diffs(large!, small!), []);
        assert.deepEqual(diffs(small!, large!), ["allocatedStorage"]);
        assert.deepEqual(diffs({ allocatedStorage: 40 }, { allocatedStorage: 20 }), ["allocatedStorage"]);
    });
});

describe("checking of inputs", () => {
    const vpc = { subnetIds: ["a"], securityGroupIds: ["g"] };
    const statement = { Effect: "Allow", Action: "s3:*", Resource: "*" };

    for (const [title, type, inputs, expected] of [
        ["right ones", lambda, { role: "r", memorySize: 128, vpcConfig: vpc, publish: true, tags: { a: "b" } }, []],
        ["unknown values", lambda, { role: unknown, memorySize: unknown, vpcConfig: unknown, tags: unknown }, []],
        ["unknown items", lambda, { role: "r", vpcConfig: { ...vpc, subnetIds: [unknown] } }, []],
        ["numbers as texts, and texts as numbers", lambda, { role: 1, memorySize: "128", publish: "true" }, []],
        ["null for nothing", lambda, { role: "r", vpcConfig: null }, []],
        ["Pulumi's own mark", lambda, { role: "r", __defaults: ["name"] }, []],
        ["a file", lambda, { role: "r", code: { path: "x" } }, []],
        ["a policy as text", role, { assumeRolePolicy: "{}" }, []],
        ["a policy as object", role, { assumeRolePolicy: { Version: "2012-10-17", Statement: [statement] } }, []],
        ["a name that does not exist", lambda, { role: "r", memory: 128 }, ["memory: Invalid or unknown key"]],
        ["one in a block", lambda, { role: "r", vpcConfig: { ...vpc, subnets: [] } }, ["vpcConfig.subnets: Invalid"]],
        ["a missing one", lambda, {}, ['role: Missing required argument. The argument "role"']],
        ["null for a required one", lambda, { role: null }, ["role: Missing"]],
        [
            "one that is missing in a block",
            lambda,
            { role: "r", vpcConfig: { subnetIds: [] } },
            ["vpcConfig.securityG"],
        ],
        ["a list for a block", lambda, { role: "r", vpcConfig: [vpc] }, ["vpcConfig: expected object type, got list"]],
        ["a block for a list", lambda, { role: "r", layers: { a: "b" } }, ["layers: expected list type, got object"]],
        ["a text for a list", lambda, { role: "r", layers: "a" }, ["layers: expected list type, got string type"]],
        ["a block for a text", lambda, { role: {} }, ["role: expected string type, got object type"]],
        ["a wrong item", lambda, { role: "r", layers: ["a", ["b"]] }, ["layers[1]: expected string type, got list"]],
        ["a wrong value in a map", lambda, { role: "r", tags: { a: {} } }, ["tags.a: expected string type"]],
        [
            "a text that is no number",
            lambda,
            { role: "r", timeout: "5m" },
            ["timeout: expected number type, got string"],
        ],
        ["a text that is no truth", lambda, { role: "r", publish: "yes" }, ["publish: expected boolean type, got str"]],
        [
            "a mistake in a policy",
            role,
            { assumeRolePolicy: { Version: "2012-10-17", Statement: [{ ...statement, Acton: "x" }] } },
            ["assumeRolePolicy.Statement[0].Acton: Invalid"],
        ],
        [
            "a mistake in a block of a list",
            "aws:ecs/taskDefinition:TaskDefinition",
            { family: "f", containerDefinitions: "[]", volumes: [{ name: "a" }, { nam: "b" }] },
            ["volumes[1].nam: Invalid", "volumes[1].name: Missing"],
        ],
        ["another package", "tls:index/privateKey:PrivateKey", { bits: 1 }, ["bits: Invalid", "algorithm: Missing"]],
    ] as [string, string, Record<string, unknown>, string[]][]) {
        it(`${expected.length > 0 ? "refuses" : "takes"} ${title}`, () => {
            const refusals = checkInputs(type, inputs).map(({ property, reason }) => `${property}: ${reason}`);
            assert.equal(refusals.length, expected.length, refusals.join("\n"));
            expected.forEach((beginning, index) => assert.ok(refusals[index]!.startsWith(beginning), refusals[index]));
        });
    }

    it("takes all inputs of the stacks", async () => {
        for (const stack of stackNames) {
            for (const { type, name, inputs } of (await planOf(stack)).recording.resources) {
                assert.deepEqual(factsOf(type) ? checkInputs(type, inputs) : [], [], `${type} ${name}`);
            }
        }
    });

    it("reads types that contain themselves", () => {
        assert.ok(propertyAt("aws:wafv2/webAcl:WebAcl", "rules.statement"));
    });

    it("knows no types that the package does not have", () => {
        assert.throws(() => checkInputs("aws:sqs/queue:Cue", {}), /has no CueArgs/);
    });
});

describe("difference of inputs", () => {
    const brokers = { clientSubnets: ["a", "b"], securityGroups: ["g"], instanceType: "kafka.m7g.large" };
    const records = { namespaceId: "n", dnsRecords: [{ type: "A", ttl: 10 }] };
    const nlb = { loadBalancerType: "network", subnets: ["a", "b"], securityGroups: ["g"] };
    const spot = [{ capacityProvider: "FARGATE_SPOT", weight: 1 }];

    // Before, after, what differs, and what of it replaces.
    for (const [title, type, before, after, diffs, replaces] of [
        ["nothing", queue, { name: "a", tags: { a: "b" } }, { tags: { a: "b" }, name: "a" }, [], []],
        ["a value", queue, { delaySeconds: 1 }, { delaySeconds: 2 }, ["delaySeconds"], []],
        ["the same value written as text", queue, { delaySeconds: 1 }, { delaySeconds: "1" }, [], []],
        ["a value added", queue, {}, { delaySeconds: 2 }, ["delaySeconds"], []],
        ["a value removed", queue, { delaySeconds: 2 }, {}, ["delaySeconds"], []],
        ["a removed value that AWS then decides", queue, { redrivePolicy: "{}" }, {}, [], []],
        ["one in a block", redis, { logDeliveryConfigurations: [{ logFormat: "json" }] }, {}, null, []],
        ["null and an empty list for nothing", lambda, { tags: null, timeout: 1 }, { layers: [], timeout: 1 }, [], []],
        ["a value that is not known", queue, { name: "a" }, { name: unknown }, ["name"], ["name"]],
        ["an item that is not known", lambda, { layers: ["a"] }, { layers: [unknown] }, ["layers[0]"], []],
        ["Pulumi's own mark", queue, { __defaults: ["name"] }, { __defaults: [] }, [], []],
        ["a tag", queue, { tags: { "a:b": "c" } }, { tags: { "a:b": "d" } }, ['tags["a:b"]'], []],
        ["JSON written otherwise", queue, { policy: '{"a":1,"b":[2]}' }, { policy: '{ "b": [2], "a": 1 }' }, [], []],
        ["JSON that says otherwise", queue, { policy: '{"a":[1,2]}' }, { policy: '{"a":[2,1]}' }, ["policy"], []],
        ["text that only begins like JSON", queue, { policy: "{a" }, { policy: "{b" }, ["policy"], []],
        ["order of a set", balancer, { subnets: ["a", "b"] }, { subnets: ["b", "a"] }, [], []],
        ["an item of a set", balancer, { subnets: ["a", "b"] }, { subnets: ["b", "c"] }, ["subnets"], []],
        ["a double item of a set", balancer, { subnets: ["a", "a"] }, { subnets: ["a"] }, [], []],
        ["order of a list", lambda, { layers: ["a", "b"] }, { layers: ["b", "a"] }, ["layers[0]", "layers[1]"], []],
        ["a longer list", lambda, { layers: ["a"] }, { layers: ["a", "b"] }, ["layers[1]"], []],
        [
            "order of sets in a set",
            "aws:budgets/budget:Budget",
            { notifications: ["ab", "cd"].map((name) => ({ subscriberEmailAddresses: [...name] })) },
            { notifications: ["dc", "ba"].map((name) => ({ subscriberEmailAddresses: [...name] })) },
            [],
            [],
        ],
        [
            "a property of an item of a set",
            redis,
            { logDeliveryConfigurations: [{ logType: "a" }, { logType: "b", logFormat: "json" }] },
            { logDeliveryConfigurations: [{ logType: "b", logFormat: "text" }, { logType: "a" }] },
            ["logDeliveryConfigurations.logFormat"],
            [],
        ],
        ["what replaces", queue, { name: "a" }, { name: "b", delaySeconds: 1 }, ["name", "delaySeconds"], ["name"]],
        ["the region", queue, { region: "a" }, { region: "b" }, ["region"], ["region"]],
        [
            "what is below what replaces",
            "aws:ecs/taskDefinition:TaskDefinition",
            { runtimePlatform: { cpuArchitecture: "ARM64" } },
            { runtimePlatform: { cpuArchitecture: "X86_64" } },
            ["runtimePlatform.cpuArchitecture"],
            ["runtimePlatform.cpuArchitecture"],
        ],
        [
            "part of a block",
            cluster,
            { brokerNodeGroupInfo: brokers },
            { brokerNodeGroupInfo: { ...brokers, instanceType: "kafka.m7g.xlarge", securityGroups: ["h"] } },
            ["brokerNodeGroupInfo.securityGroups", "brokerNodeGroupInfo.instanceType"],
            ["brokerNodeGroupInfo.securityGroups"],
        ],
        ["a block that is not known", cluster, { brokerNodeGroupInfo: brokers }, { brokerNodeGroupInfo: unknown }],
        ["a block removed", cluster, { encryptionInfo: { encryptionInTransit: {} } }, {}, ["encryptionInfo"]],
        [
            "a record's lifetime",
            discovery,
            { dnsConfig: records },
            { dnsConfig: { ...records, dnsRecords: [{ type: "A", ttl: 20 }] } },
            ["dnsConfig.dnsRecords[0].ttl"],
            [],
        ],
        [
            "a record's type",
            discovery,
            { dnsConfig: records },
            { dnsConfig: { ...records, dnsRecords: [{ type: "SRV", ttl: 10 }] } },
            ["dnsConfig.dnsRecords[0].type"],
        ],
        [
            "a record added",
            discovery,
            { dnsConfig: records },
            { dnsConfig: { ...records, dnsRecords: [...records.dnsRecords, { type: "AAAA", ttl: 10 }] } },
            ["dnsConfig.dnsRecords[1]"],
        ],
        ["a newer Redis", redis, { engineVersion: "7.2" }, { engineVersion: "8.0" }, ["engineVersion"], []],
        ["an older Redis", redis, { engineVersion: "8.0" }, { engineVersion: "7.2" }, ["engineVersion"]],
        ["Redis to Valkey", redis, { engine: "redis" }, { engine: "valkey" }, ["engine"], []],
        ["Valkey to Redis", redis, { engine: "valkey" }, { engine: "redis" }, ["engine"]],
        ["an older Kafka", cluster, { kafkaVersion: "3.6.0" }, { kafkaVersion: "3.5.1" }, ["kafkaVersion"]],
        ["a much newer Kafka", cluster, { kafkaVersion: "3.9" }, { kafkaVersion: "3.10" }, ["kafkaVersion"], []],
        [
            "Kafka's versions with x",
            cluster,
            { kafkaVersion: "3.9.x" },
            { kafkaVersion: "3.8.x" },
            ["kafkaVersion"],
            [],
        ],
        ["a subnet less", balancer, nlb, { ...nlb, subnets: ["a"] }, ["subnets"]],
        ["a subnet more", balancer, nlb, { ...nlb, subnets: ["a", "b", "c"] }, ["subnets"], []],
        ["another's", balancer, { subnets: ["a", "b"] }, { subnets: ["a"] }, ["subnets"], []],
        ["the first group", balancer, { ...nlb, securityGroups: [] }, nlb, ["securityGroups"]],
        ["another group", balancer, nlb, { ...nlb, securityGroups: ["h"] }, ["securityGroups"], []],
        ["a lower tier", "aws:ssm/parameter:Parameter", { tier: "Advanced" }, { tier: "Standard" }, ["tier"]],
        ["a higher tier", "aws:ssm/parameter:Parameter", { tier: "Standard" }, { tier: "Advanced" }, ["tier"], []],
        ["to another tier", "aws:ssm/parameter:Parameter", { tier: "Advanced" }, { tier: "Other" }, ["tier"], []],
        ["from another tier", "aws:ssm/parameter:Parameter", { tier: "Other" }, { tier: "Standard" }, ["tier"], []],
        [
            "private DNS of a gateway",
            "aws:ec2/vpcEndpoint:VpcEndpoint",
            { vpcEndpointType: "Gateway", privateDnsEnabled: true },
            { vpcEndpointType: "Gateway", privateDnsEnabled: false },
            ["privateDnsEnabled"],
        ],
        [
            "private DNS of an interface",
            "aws:ec2/vpcEndpoint:VpcEndpoint",
            { vpcEndpointType: "Interface", privateDnsEnabled: true },
            { vpcEndpointType: "Interface", privateDnsEnabled: false },
            ["privateDnsEnabled"],
            [],
        ],
        [
            "a service's capacity, deployed anew",
            service,
            { capacityProviderStrategies: spot, forceNewDeployment: true },
            { capacityProviderStrategies: [{ ...spot[0], weight: 2 }], forceNewDeployment: true },
            ["capacityProviderStrategies.weight"],
            [],
        ],
    ] as [string, string, Record<string, unknown>, Record<string, unknown>, (string[] | null)?, string[]?][]) {
        it(title, () => {
            const found = diff(type, before, after);
            const expected = diffs ?? Object.keys({ ...before, ...after });
            assert.deepEqual(found.diffs, expected);
            assert.deepEqual(found.replaces, replaces ?? expected);
            assert.equal(found.changes, expected.length > 0);
        });
    }

    it("fails where the provider can't plan", () => {
        assert.throws(
            () => diff(service, { capacityProviderStrategies: spot }, { capacityProviderStrategies: [] }),
            /force_new_deployment should be true when capacityProviderStrategies is being updated/,
        );
        const heavier = [{ ...spot[0], weight: 2 }];
        assert.throws(
            () => diff(service, { capacityProviderStrategies: spot }, { capacityProviderStrategies: heavier }),
            /force_new_deployment should be true when capacityProviderStrategies.weight is being updated/,
        );
    });

    it("is nothing between the inputs of a stack and themselves, made up names included", async () => {
        const { resources } = (await planOf("production")).recording;
        for (const { type, name, inputs } of resources.filter((resource) => knownTypes.includes(resource.type))) {
            const first = fillIn(type, name, inputs, {}, "a");
            const state = { ...first.inputs, __defaults: first.defaults };
            const second = fillIn(type, name, JSON.parse(JSON.stringify(inputs)), state, "b");
            assert.deepEqual(diff(type, state, { ...second.inputs, __defaults: second.defaults }).diffs, [], name);
        }
    });

    describe("deletes first", () => {
        for (const [title, type, before, after, expected] of [
            ["what has a given name", role, { path: "/a/" }, { path: "/b/" }, true],
            ["not what has a made up one", role, { path: "/a/" }, { path: "/b/", __defaults: ["name"] }, false],
            ["not what is only updated", role, {}, { description: "d" }, false],
            ["not what may have the same name", discovery, { namespaceId: "a" }, { namespaceId: "b" }, true],
            ["what can only be there once", "aws:ecr/lifecyclePolicy:LifecyclePolicy", { policy: "a" }, {}, true],
            ["not what needs no name", "aws:ec2/subnet:Subnet", { cidrBlock: "a" }, { cidrBlock: "b" }, false],
        ] as [string, string, Record<string, unknown>, Record<string, unknown>, boolean][]) {
            it(title, () => {
                const name = { name: "n" };
                const found = diff(type, { ...name, ...before }, { ...name, ...after });
                assert.equal(found.deleteBeforeReplace, expected);
            });
        }
    });
});
