import * as assert from "node:assert/strict";
import fc from "fast-check";
import { unknownText, Value } from "../../../policy-pack/core/value";
import { isDocument, parseDocument, type Statement } from "../../../policy-pack/iam/document";

const parse = (raw: unknown) => parseDocument(new Value(raw, "policy"));
const allow = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" };

function statement(raw: unknown): Statement {
    const parsed = parse({ Version: "2012-10-17", Statement: raw });
    assert.ok(isDocument(parsed), JSON.stringify(parsed));
    const [first] = parsed.statements;
    assert.ok(first);
    return first;
}

describe("policy pack: documents", () => {
    it("writes single values as lists, and takes text for objects", () => {
        const parsed = parse(JSON.stringify({ Version: "2012-10-17", Statement: { ...allow, Sid: "Read" } }));
        assert.ok(isDocument(parsed));
        assert.equal(parsed.version, "2012-10-17");
        const [read] = parsed.statements;
        assert.deepEqual(
            [read?.sid, read?.effect, read?.actions, read?.resources, read?.notActions, read?.at.path],
            ["Read", "Allow", ["s3:GetObject"], ["*"], [], "policy.Statement"],
        );
    });

    it("reads the names of elements in any case, and values of conditions that are no text", () => {
        const { actions, principals, conditions } = statement({
            effect: "Deny",
            notprincipal: { aws: ["a", "b"] },
            ACTION: ["s3:*"],
            condition: {
                Bool: { "aws:SecureTransport": false },
                NumericLessThan: { "aws:MultiFactorAuthAge": [1, "2"] },
            },
        });
        assert.deepEqual([actions, principals], [["s3:*"], []]);
        assert.deepEqual(conditions, [
            { operator: "Bool", key: "aws:SecureTransport", values: ["false"] },
            { operator: "NumericLessThan", key: "aws:MultiFactorAuthAge", values: ["1", "2"] },
        ]);
    });

    it("knows the kinds of principals", () => {
        const principals = (Principal: unknown) =>
            statement({ Effect: "Allow", Action: "sts:AssumeRole", Principal }).principals;
        assert.deepEqual(principals("*"), [{ kind: "*", value: "*" }]);
        assert.deepEqual(principals({ AWS: "*", Service: ["a.amazonaws.com"] }), [
            { kind: "AWS", value: "*" },
            { kind: "Service", value: "a.amazonaws.com" },
        ]);
    });

    it("tells what is unknown: the document, or a part of a statement", () => {
        for (const raw of [unknownText, { Statement: unknownText }]) {
            assert.ok("unknown" in parse(raw));
        }
        const unknown = (part: object) => statement({ ...allow, ...part }).unknown?.path;
        assert.equal(unknown({}), undefined);
        assert.equal(unknown({ Resource: ["a", unknownText] }), "policy.Statement.Resource[1]");
        assert.equal(unknown({ Resource: unknownText, Action: unknownText }), "policy.Statement.Action");
        assert.equal(unknown({ Effect: unknownText }), "policy.Statement.Effect");
        assert.equal(unknown({ Principal: { AWS: unknownText } }), "policy.Statement.Principal.AWS");
        assert.equal(unknown({ Condition: { Bool: unknownText } }), "policy.Statement.Condition.Bool");
        assert.equal(unknown({ Condition: { Bool: { k: unknownText } } }), "policy.Statement.Condition.Bool.k");
        assert.equal(statement([unknownText]).unknown?.path, "policy.Statement[0]");
        assert.deepEqual(statement({ ...allow, Resource: ["a", unknownText] }).resources, ["a"]);
    });

    const malformed: [title: string, raw: unknown, path: string][] = [
        ["no JSON", "{", "policy"],
        ["no object", "[1]", "policy"],
        ["a number", 7, "policy"],
        ["nothing", undefined, "policy"],
        ["no statement", {}, "policy"],
        ["a statement that is text", { Statement: ["a"] }, "policy.Statement[0]"],
        ["another version", { Version: "2020-01-01", Statement: [] }, "policy.Version"],
        ["another effect", { Statement: { ...allow, Effect: "allow" } }, "policy.Statement.Effect"],
        ["no action", { Statement: { Effect: "Allow", Resource: "*" } }, "policy.Statement"],
        ["Action and NotAction", { Statement: { ...allow, NotAction: "a" } }, "policy.Statement"],
        ["Resource and NotResource", { Statement: { ...allow, NotResource: "a" } }, "policy.Statement"],
        ["an empty list", { Statement: { ...allow, Action: [] } }, "policy.Statement.Action"],
        ["an action that is a number", { Statement: { ...allow, Action: ["a", 1] } }, "policy.Statement.Action[1]"],
        ["a principal that is text", { Statement: { ...allow, Principal: "me" } }, "policy.Statement.Principal"],
        ["a principal without a name", { Statement: { ...allow, Principal: {} } }, "policy.Statement.Principal"],
        ["another kind", { Statement: { ...allow, Principal: { User: "a" } } }, "policy.Statement.Principal.User"],
        ["conditions in a list", { Statement: { ...allow, Condition: ["a"] } }, "policy.Statement.Condition"],
        [
            "an operator without keys",
            { Statement: { ...allow, Condition: { Bool: 1 } } },
            "policy.Statement.Condition.Bool",
        ],
        [
            "an object as a value",
            { Statement: { ...allow, Condition: { Bool: { k: {} } } } },
            "policy.Statement.Condition.Bool.k",
        ],
        [
            "null as a value",
            { Statement: { ...allow, Condition: { Bool: { k: null } } } },
            "policy.Statement.Condition.Bool.k",
        ],
    ];
    for (const [title, raw, path] of malformed) {
        it(`refuses ${title}`, () => {
            const parsed = parse(raw);
            assert.ok("malformed" in parsed, JSON.stringify(parsed));
            assert.equal(parsed.at.path, path);
        });
    }

    it("never throws, whatever is there", () => {
        const leaf = fc.oneof(
            fc.jsonValue({ maxDepth: 2 }),
            fc.constantFrom(unknownText, "Allow", "Deny", "*", "s3:*", undefined, Symbol("odd"), () => 1, NaN, 1n),
        );
        const keyed = (keys: string[], value: fc.Arbitrary<unknown>) =>
            fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 8 });
        const some = fc.oneof(
            leaf,
            fc.array(leaf, { maxLength: 3 }),
            keyed(["AWS", "service", "Bool", "__proto__"], leaf),
        );
        const parts = ["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "Condition"];
        const statements = keyed([...parts, "effect", "NotPrincipal"], fc.oneof(some, keyed(["Bool", "Null"], some)));
        const documents = keyed(
            ["Version", "Statement", "statement"],
            fc.oneof(leaf, statements, fc.array(statements)),
        );
        fc.assert(
            fc.property(fc.oneof(leaf, documents, fc.json(), fc.string()), (raw) => {
                const parsed = parse(raw);
                assert.ok(isDocument(parsed) || "malformed" in parsed || "unknown" in parsed);
            }),
            { numRuns: 3000 },
        );
        const deep = `${"[".repeat(5000)}${"]".repeat(5000)}`;
        assert.ok("malformed" in parse(deep));
        assert.ok("malformed" in parse(`{"Statement":${deep}}`));
    });
});
