import assert from "node:assert/strict";
import fc from "fast-check";
import { policyStack } from "../../plan/policies";
import { evaluate, findings, parametersOf } from "../../policy-pack/core/evaluate";
import { type Resource, Stack } from "../../policy-pack/core/resource";
import { type Finding, type ResourceRule, type Rule } from "../../policy-pack/core/rule";
import { unknownText, Value } from "../../policy-pack/core/value";
import { rules } from "../../policy-pack/rules";
import { everyDocument, everyTypes } from "../../policy-pack/rules/iam-documents";
import { validityRules } from "../../policy-pack/rules/iam-validity";
import { planOf, stackNames } from "../support/stacks";
import { analyze } from "./support/pack";

// Whatever stands in the properties, a rule gives an answer: it passes, fails or cannot tell. It never throws, and it ends.

type Props = Record<string, unknown>;

const resourceRules = rules.filter((rule): rule is ResourceRule => rule.kind === "resource");
const stackRules = rules.filter(({ kind }) => kind === "stack");

const rulesByType = new Map<string, ResourceRule[]>();
for (const rule of resourceRules) {
    rule.types.forEach((type) => rulesByType.set(type, [...(rulesByType.get(type) ?? []), rule]));
}

const urnOf = (type: string, name: string): string => `urn:pulumi:production::aipx::${type}::${name}`;

const resourceOf = (type: string, raw: unknown, name = "odd"): Resource => ({
    urn: urnOf(type, name),
    type,
    name,
    props: new Value(raw, ""),
    options: {},
    dependencies: [],
    propertyDependencies: {},
});

/** Which types rules about the stack ask for. */
class Asked extends Stack {
    readonly types = new Set<string>();

    override ofType(...types: string[]): Resource[] {
        types.forEach((type) => this.types.add(type));
        return super.ofType(...types);
    }
}

/** Properties that do nothing but take note of which are read. */
function spied(keys: Set<string>): Props {
    const note = (_target: Props, key: string | symbol): undefined => void (typeof key === "string" && keys.add(key));
    return new Proxy({}, { getOwnPropertyDescriptor: note });
}

/** Every type that a rule is about, and the properties that rules read of it. */
function propertiesByType(recorded: readonly Resource[]): Map<string, Set<string>> {
    const read = new Map<string, Set<string>>([...rulesByType.keys()].map((type) => [type, new Set()]));
    recorded.forEach(({ type, props }) => {
        read.set(type, new Set([...(read.get(type) ?? []), ...props.entries().map(([key]) => key)]));
    });
    // What rules about the stack ask for, they may ask only once there is something else.
    for (let before = -1; before !== read.size;) {
        before = read.size;
        const asked = new Asked([...read].map(([type, keys]) => resourceOf(type, spied(keys))));
        stackRules.forEach((rule) => findings(rule, asked, parametersOf(rule)));
        asked.types.forEach((type) => read.set(type, read.get(type) ?? new Set()));
    }
    for (const [type, ofType] of rulesByType) {
        ofType.forEach((rule) => findings(rule, resourceOf(type, spied(read.get(type)!)), parametersOf(rule)));
    }
    return read;
}

function checkOutcomes(found: readonly Finding[], rule: Rule): void {
    for (const { outcome, message, path, urn } of found) {
        assert.ok(outcome === "fail" || outcome === "undetermined", rule.name);
        assert.ok(typeof message === "string" && typeof path === "string" && typeof urn === "string", rule.name);
    }
}

/** All that the rules find, about the resource alone and about a stack of it. */
function judge(resource: Resource): void {
    for (const rule of rulesByType.get(resource.type) ?? []) {
        checkOutcomes(findings(rule, resource, parametersOf(rule)), rule);
    }
    judgeStack(new Stack([resource]));
}

function judgeStack(stack: Stack): void {
    for (const rule of stackRules) {
        checkOutcomes(findings(rule, stack, parametersOf(rule)), rule);
    }
}

// `__proto__` as a key of its own, as JSON.parse makes it.
const ownKeys = (entries: [string, unknown][]): Props => Object.fromEntries(entries);

const oddKeys = [
    "",
    "__proto__",
    "constructor",
    "toString",
    "hasOwnProperty",
    "length",
    "0",
    "\ud800",
    "k".repeat(5000),
];

const oddLeaf = fc.oneof(
    fc.constantFrom<unknown[]>(
        ...[null, undefined, true, false, 0, -1, 1.5, 1e21, NaN, Infinity, -Infinity, "", " ", "*", "**?*", "\ud800"],
        ...["arn:", "arn:::::::", "${", "${*}", "0.0.0.0/0", "::/x", "2026-02-30", "[", "{", "null", "[]", "{}", '"'],
        ...oddKeys,
    ),
    fc.constant(unknownText),
    fc.string({ unit: "binary", maxLength: 12 }),
);

const { odd } = fc.letrec<{ odd: unknown; oddMap: Props }>((tie) => ({
    odd: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        oddLeaf,
        fc.array(tie("odd"), { maxLength: 3 }),
        tie("oddMap"),
        tie("odd").map((value) => JSON.stringify(value) ?? ""),
    ),
    oddMap: fc
        .array(fc.tuple(fc.oneof(fc.constantFrom(...oddKeys), fc.string({ maxLength: 8 })), tie("odd")), {
            maxLength: 3,
        })
        .map(ownKeys),
}));

const elements = ["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal"];

/** Statements of a policy with one or a few elements of the wrong shape. */
const oddStatement = fc
    .record({
        good: fc.constant({ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::data/*", Principal: "*" }),
        bad: fc.array(
            fc.tuple(fc.constantFrom(...elements, "Condition", "action"), fc.oneof(odd, fc.constant({ Bool: [] }))),
            { minLength: 1, maxLength: 3 },
        ),
    })
    .map(({ good, bad }) => ({ ...good, ...ownKeys(bad) }));

const oddDocument = fc
    .oneof(
        fc.record({
            Version: fc.constant("2012-10-17"),
            Statement: fc.oneof(odd, oddStatement, fc.array(oddStatement)),
        }),
        fc.record({ Version: odd, Statement: odd }),
    )
    .chain((document) => fc.constantFrom<unknown>(document, JSON.stringify(document)));

/** Another value in place of one somewhere in a value, in JSON text as well. `turns` say where. */
function replaced(value: unknown, turns: readonly number[], by: unknown): unknown {
    const [turn, ...more] = turns;
    if (turn === undefined) {
        return by;
    }
    if (typeof value === "string" && /^\s*[[{]/.test(value)) {
        try {
            return JSON.stringify(replaced(JSON.parse(value), more, by));
        } catch {
            return by;
        }
    }
    if (typeof value !== "object" || value === null || Object.keys(value).length === 0) {
        return by;
    }
    const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Props;
    const keys = Object.keys(value);
    const key = keys[turn % keys.length]!;
    copy[key] = replaced(copy[key], more, by);
    return copy;
}

const turns = fc.array(fc.nat(20), { maxLength: 6 });

/** Changes to one resource: at which of its properties, where in it, and to what. */
const changes = fc.array(
    fc.record({ property: fc.nat(), turns, by: fc.oneof(odd, oddDocument), cut: fc.option(fc.nat(), { freq: 8 }) }),
    { minLength: 1, maxLength: 3 },
);

type Change = typeof changes extends fc.Arbitrary<(infer C)[]> ? C : never;

function changed(resource: Resource, properties: readonly string[], list: readonly Change[]): Resource {
    const props = { ...(resource.props.raw as Props) };
    for (const { property, turns, by, cut } of properties.length === 0 ? [] : list) {
        const key = properties[property % properties.length]!;
        const text = typeof props[key] === "string" ? props[key] : JSON.stringify(props[key] ?? {});
        // Half a document is the commonest malformed one.
        props[key] = cut === null ? replaced(props[key], turns, by) : text.slice(0, cut % (text.length + 1));
    }
    return { ...resource, props: new Value(props, "") };
}

const oddOptions = fc.record(
    {
        protect: fc.boolean(),
        retainOnDelete: fc.boolean(),
        ignoreChanges: fc.array(fc.constantFrom("*", "policy", "tags[0]", 'a["b"]', ...oddKeys), { maxLength: 3 }),
        additionalSecretOutputs: fc.array(fc.constantFrom(...oddKeys), { maxLength: 2 }),
    },
    { requiredKeys: [] },
);

function nested(depth: number, wrap: (inner: unknown) => unknown): unknown {
    let value: unknown = [];
    for (let level = 0; level < depth; level++) {
        value = wrap(value);
    }
    return value;
}

const times = (count: number, make: (index: number) => unknown): unknown[] =>
    Array.from({ length: count }, (_, n) => make(n));
const statement = (index: number): unknown => ({
    Effect: index % 7 === 0 ? "Deny" : "Allow",
    Action: ["s3:Get*", `sqs:Send${index}`],
    Resource: `arn:aws:s3:::bucket-${index}/*`,
});
const policy = (...statements: unknown[]): unknown => ({ Version: "2012-10-17", Statement: statements });
const deepText = (depth: number, open: string, close: string): string => open.repeat(depth) + "1" + close.repeat(depth);
const million = 1_000_000;

/** So deep that nothing which calls itself for each level gets to the end. */
const abysmal: Readonly<Record<string, () => unknown>> = {
    "arrays in arrays, 100,000 deep": () => nested(100_000, (inner) => [inner]),
    "maps in maps, 100,000 deep": () => nested(100_000, (inner) => ({ a: inner })),
    "JSON of arrays in arrays, 100,000 deep": () => deepText(100_000, "[", "]"),
    "JSON of maps in maps, 100,000 deep": () => deepText(100_000, '{"Statement":', "}"),
    "a policy whose action is 100,000 deep": () =>
        `{"Statement":[{"Effect":"Allow","Action":${deepText(100_000, "[", "]")},"Resource":"*"}]}`,
};

const huge: Readonly<Record<string, () => unknown>> = {
    "arrays in arrays, 15,000 deep": () => nested(15_000, (inner) => [inner]),
    "maps in maps, 15,000 deep": () => nested(15_000, (inner) => ({ a: inner })),
    "JSON of maps in arrays, 15,000 deep": () => deepText(15_000, '[{"a":', "}]"),
    "a policy of 5,000 statements": () => JSON.stringify(policy(...times(5000, statement))),
    "a policy of 1,000 statements": () => JSON.stringify(policy(...times(1000, statement))),
    "a policy of 5,000 actions on 2,000 resources": () =>
        JSON.stringify(
            policy({
                Effect: "Allow",
                Action: times(5000, (n) => `s3:*${n}*`),
                Resource: times(2000, (n) => `arn:aws:sqs:*:*:q${n}*`),
            }),
        ),
    "a policy of 2,000 actions of everything": () =>
        JSON.stringify(policy({ Effect: "Allow", Action: times(2000, () => "*"), Resource: "*" })),
    "a policy with an action of a million stars": () =>
        JSON.stringify(policy({ Effect: "Allow", Action: `s3:${"*a".repeat(million / 2)}`, Resource: "*" })),
    "a policy with an action of 9,000 stars": () =>
        JSON.stringify(
            policy({ Effect: "Allow", Action: `s3:${"*?a".repeat(3000)}`, Resource: `${"*".repeat(9000)}x` }),
        ),
    "a list of 1,000": () => times(1000, (n) => ({ name: `n${n}`, value: n })),
    "a map of 1,000": () => ownKeys(times(1000, (n) => [`k${n}`, n]) as [string, unknown][]),
    ...Object.fromEntries(
        ["a", "*", "*a", "${", "/", "-", "0", "eyJ", "{$context.", " ", "\ud800", "a."].map((piece) => [
            `a million characters of ${JSON.stringify(piece)}`,
            () => piece.repeat(million / piece.length),
        ]),
    ),
    // What is cut into as many parts takes longer, though no more than in proportion.
    ...Object.fromEntries(
        [":", "arn:", "://a:", "["].map((piece) => [
            `thirty thousand characters of ${JSON.stringify(piece)}`,
            () => piece.repeat(30_000 / piece.length),
        ]),
    ),
};

describe("policies, fuzzed", function () {
    this.timeout(120_000);

    let recorded: readonly Resource[];
    let readable: readonly (readonly [type: string, keys: string[]])[];
    let platform: Map<string, Stack>;

    before(async () => {
        const all = await Promise.all(
            stackNames.map(async (name) => [name, policyStack((await planOf(name)).recording)] as const),
        );
        platform = new Map(all);
        recorded = [...platform.values()].flatMap(({ resources }) => resources);
        readable = [...propertiesByType(recorded)].map(([type, keys]) => [type, [...keys]] as const);
    });

    const keysOf = (type: string): readonly string[] => readable.find(([known]) => known === type)?.[1] ?? [];

    it("knows the properties that rules read", () => {
        assert.ok(readable.length > 150, String(readable.length));
        assert.ok(keysOf("aws:sqs/queuePolicy:QueuePolicy").includes("policy"));
        assert.ok(keysOf("aws:msk/configuration:Configuration").includes("serverProperties"));
    });

    it("answer whatever stands in resources of the platform", () => {
        fc.assert(
            fc.property(fc.nat(), changes, oddOptions, odd, (index, list, options, provider) => {
                const resource = recorded[index % recorded.length]!;
                judge({
                    ...changed(resource, keysOf(resource.type), list),
                    options,
                    provider: new Value(provider, ""),
                });
            }),
            { numRuns: 1500 },
        );
    });

    it("answer whatever stands in resources of any type that they are about", () => {
        fc.assert(
            fc.property(fc.nat(), changes, (index, list) => {
                const [type, keys] = readable[index % readable.length]!;
                judge(changed(resourceOf(type, {}), keys, list));
            }),
            { numRuns: 1500 },
        );
    });

    it("answer when properties are no map at all", () => {
        fc.assert(
            fc.property(fc.nat(), odd, (index, raw) => judge(resourceOf(readable[index % readable.length]![0], raw))),
            { numRuns: 500 },
        );
    });

    it("answer whatever stands in several resources of a stack", () => {
        const picks = fc.array(fc.tuple(fc.nat(), changes, fc.nat(), fc.boolean()), { minLength: 1, maxLength: 30 });
        fc.assert(
            fc.property(fc.constantFrom(...stackNames), picks, (name, list) => {
                const resources = [...platform.get(name)!.resources];
                for (const [index, change, other, isCycle] of list) {
                    const at = index % resources.length;
                    const resource = resources[at]!;
                    const target = resources[other % resources.length]!.urn;
                    const properties = keysOf(resource.type);
                    resources[at] = {
                        ...changed(resource, properties, change),
                        // As a state may have it that was edited by hand.
                        parent: isCycle ? resource.urn : target,
                        dependencies: [target, "no urn"],
                        propertyDependencies: ownKeys([
                            ["__proto__", [target]],
                            [properties[other % (properties.length || 1)] ?? "", [target, "no urn"]],
                        ]) as Record<string, string[]>,
                    };
                }
                judgeStack(new Stack(resources));
            }),
            { numRuns: 60 },
        );
    });

    for (const [title, make] of Object.entries(huge)) {
        it(`answer to ${title}`, () => {
            const value = make();
            for (const [type, keys] of readable) {
                // What is walked through costs more than what is read as a text: that is at one property at a time.
                const some = typeof value === "string" ? keys : keys.filter((_, index) => index % 8 === 0);
                judge(resourceOf(type, ownKeys(some.map((key) => [key, value]))));
            }
        });
    }

    for (const [title, make] of Object.entries(abysmal)) {
        it(`answer to ${title}`, () => {
            for (const [type, property] of [
                ["aws:sqs/queuePolicy:QueuePolicy", "policy"],
                ["aws:iam/rolePolicy:RolePolicy", "policy"],
                ["aws:ecs/taskDefinition:TaskDefinition", "containerDefinitions"],
                ["aws:ec2/securityGroup:SecurityGroup", "ingress"],
                ["aws:lambda/function:Function", "environment"],
            ] as const) {
                judge(resourceOf(type, { [property]: make() }));
            }
        });
    }

    it("answer to a thousand resources that refer to each other by wildcards and names", () => {
        const many = readable.flatMap(([type, keys]) =>
            [0, 1, 2, 3].map((n) =>
                resourceOf(type, ownKeys(keys.map((key) => [key, n % 2 ? "*" : "odd"])), `odd-${n}`),
            ),
        );
        judgeStack(new Stack(many));
    });

    it("do not let a malformed policy pass", () => {
        const [valid] = validityRules as [ResourceRule];
        const isWrong = (raw: unknown): boolean =>
            everyTypes.every((type) => {
                const properties = keysOf(type);
                const props = ownKeys(
                    properties.map((key) => [key, key === "inlinePolicies" ? [{ policy: raw }] : raw]),
                );
                const resource = resourceOf(type, props);
                return everyDocument(resource).length > 0 && findings(valid, resource, {}).length > 0;
            });
        const shapes = fc.oneof(
            fc.constantFrom<unknown[]>(
                "",
                "{",
                "[]",
                "null",
                "1",
                '"Allow"',
                1,
                true,
                [],
                {},
                unknownText,
                "{}",
                '{"Statement":1}',
            ),
            fc
                .constantFrom<[string, unknown][]>(
                    ["Action", { a: 1 }],
                    ["Action", []],
                    ["Action", 1],
                    ["Effect", "allow"],
                    ["Effect", null],
                    ["Resource", {}],
                    ["Resource", [[]]],
                    ["Principal", 1],
                    ["Principal", {}],
                    ["Principal", "me"],
                    ["Condition", "none"],
                    ["Condition", [1]],
                    ["Condition", { Bool: 1 }],
                    ["Condition", { Bool: { key: null } }],
                    ["Condition", { Bool: { key: {} } }],
                    ["Action", unknownText],
                )
                .chain(([element, bad]) => {
                    const document = policy({ Effect: "Allow", Action: "s3:*", Resource: "*", [element]: bad });
                    return fc.constantFrom<unknown>(document, JSON.stringify(document));
                })
                .filter((document) => !JSON.stringify(document).includes(unknownText)),
            fc.nat().map((cut) => {
                const text = JSON.stringify(policy(statement(1)));
                return text.slice(0, cut % text.length);
            }),
        );
        fc.assert(
            fc.property(shapes, (raw) => assert.ok(isWrong(raw), JSON.stringify(raw))),
            { numRuns: 300 },
        );
    });

    it("answer the engine itself, through the SDK", async () => {
        // What has no JSON, the engine cannot send; how it marks secrets and assets is for the SDK to read.
        const sent = (raw: unknown): Props => JSON.parse(JSON.stringify(raw)) as Props;
        await fc.assert(
            fc.asyncProperty(fc.nat(), changes, async (index, list) => {
                const resource = recorded[index % recorded.length]!;
                const props = sent(changed(resource, keysOf(resource.type), list).props.raw);
                const own = [...(rulesByType.get(resource.type) ?? []), ...stackRules];
                for (const { message, level } of await analyze(own, { type: resource.type, props }, true)) {
                    assert.ok(level === "mandatory" && message !== "");
                }
            }),
            { numRuns: 60 },
        );
        for (const make of [
            huge["a policy of 5,000 statements"]!,
            abysmal["JSON of arrays in arrays, 100,000 deep"]!,
        ]) {
            const told = await analyze(validityRules as Rule[], {
                type: "aws:sqs/queuePolicy:QueuePolicy",
                props: { policy: make() },
            });
            assert.ok(told.length > 0);
        }
    });

    it("leaves nothing behind in the prototypes that all share", () => {
        assert.deepEqual(
            evaluate(rules, new Stack([])).flatMap((result) => result.findings),
            [],
        );
        assert.deepEqual(Object.keys(Object.prototype), []);
        assert.equal(({} as Props).Statement, undefined);
    });
});
