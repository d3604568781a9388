import * as assert from "node:assert/strict";
import { unknownText, Value } from "../../../policy-pack/core/value";
import { type Document, isDocument, parseDocument } from "../../../policy-pack/iam/document";
import { evaluateRequest, operatorParts, type Request } from "../../../policy-pack/iam/evaluator";

const account = "111122223333";
const role = `arn:aws:iam::${account}:role/trader`;
const bucket = "arn:aws:s3:::data";
const key = `arn:aws:kms:ap-northeast-2:${account}:key/1b6a2c7e`;

function document(...statements: object[]): Document {
    const parsed = parseDocument(new Value({ Version: "2012-10-17", Statement: statements }, "policy"));
    assert.ok(isDocument(parsed), JSON.stringify(parsed));
    return parsed;
}

const allow = { Sid: "allow", Effect: "Allow", Action: "s3:*", Resource: "*" };
const deny = { ...allow, Sid: "deny", Effect: "Deny" };
const request: Request = { action: "s3:GetObject", resource: `${bucket}/a`, principal: role };

const decide = (
    identity: object[],
    more: { resource?: object[]; boundary?: object[] } = {},
    asked: Partial<Request> = {},
) =>
    evaluateRequest(
        {
            identityPolicies: [document(...identity)],
            resourcePolicy: more.resource && document(...more.resource),
            permissionsBoundary: more.boundary && document(...more.boundary),
        },
        { ...request, ...asked },
    );

describe("policy pack: evaluator", () => {
    it("denies by default, allows by one statement, and a deny wins, each with the statement that decided", () => {
        assert.deepEqual(decide([]), { decision: "implicitDeny" });
        assert.deepEqual(decide([{ ...allow, Action: "sqs:*" }]), { decision: "implicitDeny" });
        const [allowed, denied] = [decide([allow]), decide([allow, deny])];
        assert.deepEqual([allowed.decision, allowed.by?.sid], ["allowed", "allow"]);
        assert.deepEqual([denied.decision, denied.by?.sid], ["explicitDeny", "deny"]);
    });

    it("reads NotAction and NotResource as all but these", () => {
        const { Action, Resource, ...rest } = allow;
        assert.equal(decide([{ ...rest, Resource, NotAction: "iam:*" }]).decision, "allowed");
        assert.equal(decide([{ ...rest, Resource, NotAction: "s3:Get*" }]).decision, "implicitDeny");
        assert.equal(decide([{ ...rest, Action, NotResource: `${bucket}/b` }]).decision, "allowed");
        assert.equal(decide([{ ...rest, Action, NotResource: `${bucket}/*` }]).decision, "implicitDeny");
    });

    it("takes permissions boundaries and policies of resources as IAM does within an account", () => {
        const to = (Principal: unknown) => ({ resource: [{ ...allow, Principal }] });
        const boundary = [{ ...allow, Action: "sqs:*" }];
        assert.equal(decide([allow], { boundary }).decision, "implicitDeny");
        assert.equal(decide([allow], { boundary: [allow] }).decision, "allowed");
        assert.equal(decide([], to({ AWS: role })).decision, "allowed");
        assert.equal(decide([], { ...to({ AWS: role }), boundary }).decision, "implicitDeny");
        assert.equal(decide([], { ...to("*"), boundary }).decision, "allowed");
        assert.equal(decide([], to({ AWS: account })).decision, "implicitDeny");
        assert.equal(decide([], to({ AWS: `${role}s` })).decision, "implicitDeny");
        assert.equal(
            decide([allow], { resource: [{ ...deny, Principal: { AWS: account } }] }).decision,
            "explicitDeny",
        );
        assert.equal(decide([allow], { resource: [{ ...deny, NotPrincipal: { AWS: role } }] }).decision, "allowed");
        const session = `arn:aws:sts::${account}:assumed-role/trader/task`;
        assert.equal(decide([], to({ AWS: role }), { principal: session }).decision, "allowed");
        assert.equal(
            decide([], to({ Service: "sns.amazonaws.com" }), { principal: "sns.amazonaws.com" }).decision,
            "allowed",
        );
        assert.equal(decide([], to({ AWS: "*" }), { principal: undefined }).decision, "allowed");
        assert.equal(decide([], to({ AWS: role }), { principal: undefined }).decision, "implicitDeny");
    });

    it("lets the policies of principals use a key only if the key trusts its account", () => {
        const use = { Effect: "Allow", Action: "kms:Decrypt", Resource: "*" };
        const asked = { action: "kms:Decrypt", resource: key };
        const trust = (AWS: string) => ({ resource: [{ ...use, Principal: { AWS } }] });
        assert.equal(decide([use], {}, asked).decision, "implicitDeny");
        assert.equal(decide([use], trust(`arn:aws:iam::${account}:root`), asked).decision, "allowed");
        assert.equal(decide([use], trust(`arn:aws:iam::${account}:role/other`), asked).decision, "implicitDeny");
        assert.equal(decide([], trust(role), asked).decision, "allowed");
    });

    const conditions: [operator: string, value: unknown, given: string | string[] | undefined, holds: boolean][] = [
        ["StringEquals", "a", "a", true],
        ["stringequals", ["b", "a"], "a", true],
        ["StringEquals", "a*", "ab", false],
        ["StringEquals", "a", "A", false],
        ["StringEquals", "a", undefined, false],
        ["StringEquals", "a", ["a"], false],
        ["StringEqualsIfExists", "a", undefined, true],
        ["StringEqualsIfExists", "a", "b", false],
        ["StringEqualsIgnoreCase", "a", "A", true],
        ["StringNotEquals", ["a", "b"], "a", false],
        ["StringNotEquals", "a", undefined, true],
        ["StringNotEquals", "${aws:none}", "a", false],
        ["StringLike", "a?c*", "abcd", true],
        ["StringNotLike", "a*", "ab", false],
        ["NumericLessThan", "10", "9", true],
        ["NumericGreaterThanEquals", 10, "9.5", false],
        ["NumericEquals", "1", "one", false],
        ["NumericNotEquals", "1", "one", false],
        ["DateGreaterThan", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00+09:00", true],
        ["DateLessThan", "2026-01-01T00:00:00Z", "1700000000", true],
        ["DateEquals", "soon", "2026-01-01", false],
        ["Bool", "true", "True", true],
        ["Bool", false, "true", false],
        ["Bool", "yes", "yes", false],
        ["IpAddress", "10.0.0.0/8", "10.1.2.3", true],
        ["IpAddress", "10.1.2.3", "10.1.2.3", true],
        ["IpAddress", "10.0.0.0/33", "10.1.2.3", false],
        ["IpAddress", "2001:db8::/32", "2001:db8::1", true],
        ["NotIpAddress", "10.0.0.0/8", "2001:db8::1", true],
        ["NotIpAddress", "here", "10.1.2.3", false],
        ["ArnLike", "arn:aws:sns:*:*:fills", "arn:aws:sns:us-east-1:1:fills", true],
        ["ArnLike", "arn:aws:sns:*:fills", "arn:aws:sns:us-east-1:1:fills", false],
        ["ArnEquals", "arn:aws:s3:::d*", "arn:aws:s3:::data", true],
        ["ArnNotLike", "arn:aws:s3:::d*", "arn:aws:s3:::data", false],
        ["ArnLike", "*", "arn:aws:s3:::data", true],
        ["Null", "true", undefined, true],
        ["Null", "true", "a", false],
        ["Null", false, "a", true],
        ["ForAllValues:StringEquals", ["a", "b"], ["a"], true],
        ["ForAllValues:StringEquals", ["a", "b"], ["a", "c"], false],
        ["ForAllValues:StringEquals", "a", undefined, true],
        ["ForAnyValue:StringEquals", ["a", "b"], ["c", "a"], true],
        ["ForAnyValue:StringEquals", "a", undefined, false],
        ["ForAnyValue:StringEqualsIfExists", "a", undefined, true],
        ["ForAnyValue:StringNotEquals", "a", ["a", "b"], true],
        ["StringIs", "a", "a", false],
    ];
    for (const [operator, value, given, holds] of conditions) {
        it(`${operator} ${JSON.stringify(value)} ${holds ? "holds" : "fails"} for ${JSON.stringify(given)}`, () => {
            const context: Request["context"] = given === undefined ? {} : { "AWS:Key": given };
            const { decision } = decide(
                [{ ...allow, Condition: { [operator]: { "aws:key": value } } }],
                {},
                { context },
            );
            assert.equal(decision, holds ? "allowed" : "implicitDeny");
        });
    }

    it("takes variables for text in documents of before 2012", () => {
        const old = parseDocument(
            new Value({ Statement: { ...allow, Resource: `${bucket}/\${aws:username}` } }, "policy"),
        );
        assert.ok(isDocument(old));
        const asked = { ...request, resource: `${bucket}/mina`, context: { "aws:username": "mina" } };
        assert.equal(evaluateRequest({ identityPolicies: [old] }, asked).decision, "implicitDeny");
    });

    it("tells an unknown part that could change the decision, and no other", () => {
        const unknown = (...statements: object[]) => decide(statements).unknown?.path;
        assert.equal(unknown({ ...allow, Resource: unknownText }), "policy.Statement[0].Resource");
        assert.equal(unknown({ ...allow, Action: "sqs:*", Resource: unknownText }), undefined);
        assert.equal(unknown({ ...allow, Action: unknownText }), "policy.Statement[0].Action");
        assert.equal(unknown(allow, { ...allow, Resource: unknownText }), undefined);
        assert.equal(unknown(allow, { ...deny, Resource: unknownText }), "policy.Statement[1].Resource");
        assert.equal(unknown(allow, { ...allow, Effect: unknownText }), "policy.Statement[1].Effect");
        assert.equal(unknown(deny, { ...allow, Resource: unknownText }), undefined);
    });

    it("takes operators apart", () => {
        assert.deepEqual(operatorParts("ForAnyValue:StringNotLikeIfExists"), {
            set: "foranyvalue",
            base: "stringnotlike",
            ifExists: true,
            known: true,
            negated: true,
        });
        assert.equal(operatorParts("StringIs").known, false);
        assert.equal(operatorParts("Null").known, true);
    });
});
