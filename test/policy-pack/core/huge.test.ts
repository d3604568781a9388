import assert from "node:assert/strict";
import { Stack } from "../../../policy-pack/core/resource";
import { unknownText, Value, valuesByKey } from "../../../policy-pack/core/value";
import { NetworkGraph } from "../../../policy-pack/graph/routes";
import { actionsOf, expandAction, expandActions, findAction, resourceFitter } from "../../../policy-pack/iam/actions";
import { isDocument, parseDocument } from "../../../policy-pack/iam/document";
import { arnSegments, covers, matches } from "../../../policy-pack/iam/match";

const deep = (core: unknown): unknown => {
    let value = core;
    for (let level = 0; level < 100_000; level++) {
        value = level % 2 === 0 ? [value] : { subnets: 0, a: value };
    }
    return value;
};

describe("policy pack: what is huge", function () {
    this.timeout(20_000);

    it("is looked through however deep it is", () => {
        const value = new Value(deep(unknownText), "");
        assert.equal(value.firstUnknown?.raw, unknownText);
        assert.deepEqual(new Value(deep("found"), "").texts, ["found"]);
        assert.equal(valuesByKey(new Value({ top: deep(1) }, ""), /^subnets$/).length, 50_000);
    });

    it("is read in the order in which it is written", () => {
        const value = new Value({ a: ["1", { b: "2" }], c: "3" }, "");
        assert.deepEqual(value.texts, ["1", "2", "3"]);
        assert.deepEqual(
            [...value.within()].map(({ path }) => path),
            ["", "a", "a[0]", "a[1]", "a[1].b", "c"],
        );
    });

    it("is shown in messages by what kind of thing it is", () => {
        const written = [["a"], {}, "text", 1, null, JSON.parse('{"toString":1}')].map(
            (raw) => new Value(raw, "").written,
        );
        assert.deepEqual(written, ["a list", "a map", "text", "1", "null", "a map"]);
    });

    const document = (action: unknown): string =>
        JSON.stringify({ Version: "2012-10-17", Statement: { Effect: "Allow", Action: action, Resource: "*" } });
    const parse = (text: string, path = "policy") => parseDocument(new Value(text, path));

    it("is no policy document", () => {
        const long = parse(document("s".repeat(10_001)));
        assert.ok("malformed" in long);
        assert.equal(long.at.path, "policy.Statement.Action");
        assert.ok("malformed" in parse(document(Array.from({ length: 20_000 }, () => "s3:Get*"))));
        assert.ok(isDocument(parse(document("s".repeat(10_000)))));
        assert.ok(isDocument(parse(document(Array.from({ length: 10_000 }, () => "s3:Get*")))));
    });

    it("is parsed once for all rules, with the paths of where it is", () => {
        const text = document("s3:GetObject");
        assert.equal(parse(text), parse(text));
        const [here, there] = [parse(text), parse(text, "inlinePolicies[1].policy")];
        assert.ok(isDocument(here) && isDocument(there));
        assert.equal(here.statements[0]?.at.path, "policy.Statement");
        assert.equal(there.statements[0]?.at.path, "inlinePolicies[1].policy.Statement");
    });

    it("makes patterns no slower than they are long", () => {
        const open = "${".repeat(500_000);
        assert.ok(matches(open, open));
        assert.equal(arnSegments(`arn:aws:s3:::${open}`)[5], open);
        assert.ok(
            matches("${aws:username}", "a".repeat(500_000), { context: { "aws:username": "a".repeat(500_000) } }),
        );
        assert.deepEqual(expandAction(`s3:${"*a".repeat(500_000)}`), []);
        assert.ok(!covers("*a*b".repeat(1000), "?*c".repeat(1000)));
    });

    it("names each action once, however often its pattern stands there", () => {
        const all = expandActions([...Array.from({ length: 10_000 }, () => "s3:*"), "s3:get*", "S3:GetObject"]);
        assert.equal(all.size, actionsOf("s3").length);
    });

    it("fits actions by any of many resources", () => {
        const action = findAction("sqs:SendMessage")!;
        const buckets = Array.from({ length: 5000 }, (_none, n) => `arn:aws:s3:::bucket-${n}`);
        assert.equal(resourceFitter(buckets)(action), false);
        assert.equal(resourceFitter([...buckets, "arn:aws:sqs:*:*:orders"])(action), true);
        assert.equal(resourceFitter(["*"])(findAction("sqs:ListQueues")!), true);
        assert.equal(resourceFitter([])(action), false);
    });

    it("ends where a component is its own ancestor", () => {
        const resource = (type: string, name: string, parent: string, target?: string) => ({
            ...{ urn: name, type, name, parent, options: {}, dependencies: [] },
            props: new Value({ vpcId: unknownText }, ""),
            propertyDependencies: (target === undefined ? {} : { vpcId: [target] }) as Record<string, string[]>,
        });
        const vpc = resource("aws:ec2/vpc:Vpc", "vpc", "network");
        const log = resource("aws:ec2/flowLog:FlowLog", "log", "network", "network");
        const stack = new Stack([resource("awsx:ec2:Vpc", "network", "network"), vpc, log]);
        const { sure, unsure } = NetworkGraph.of(stack).referrers(vpc, "vpcId", [log.type]);
        assert.deepEqual([sure, unsure], [[log], []]);
    });
});
