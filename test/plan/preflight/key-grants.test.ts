import assert from "node:assert/strict";
import { preflight } from "../../../plan/preflight";
import { type RecordedResource } from "../../../plan/recording";
import { planOf } from "../../support/stacks";
import { role } from "./reach-fixture";
import { resource } from "./resource";

const root = "arn:aws:iam::123456789012:root";
const via = (service: string): object => ({
    StringEquals: { "kms:ViaService": `${service}.ap-northeast-2.amazonaws.com` },
});
const alias = { "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/data" } };

/** A key with the alias `data`, and what its policy allows to whom. */
function key(...statements: object[]): RecordedResource[] {
    const policy = JSON.stringify({
        Version: "2012-10-17",
        Statement: statements.map((statement) => ({
            Effect: "Allow",
            Principal: { AWS: root },
            Action: ["kms:Decrypt", "kms:GenerateDataKey"],
            Resource: "*",
            ...statement,
        })),
    });
    const made = resource("aws:kms/key:Key", statements.length === 0 ? {} : { policy }, "data");
    const named = resource("aws:kms/alias:Alias", { name: "alias/data", targetKeyId: made.id }, "data");
    return [made, { ...named, propertyDependencies: { targetKeyId: [made.urn] } }];
}

/** A role's right to use a key. */
const grant = (Condition: object, Action: string | string[] = "kms:Decrypt", Resource = "*"): RecordedResource[] =>
    role("reader", { Action, Resource, Condition, Sid: "Read" } as Parameters<typeof role>[1]).resources;

const told = (resources: RecordedResource[]): string[] =>
    preflight({ resources }).flatMap(({ policy, message }) => (policy === "preflight-key-grant" ? [message] : []));

const refused = (actions: string, through: string): string =>
    `statement Read allows ${actions} with the key alias/data through ${through}, which the key's policy does not admit`;

describe("preflight of grants with keys", () => {
    const s3Only = key({ Condition: via("s3") });

    it("passes what the key's policy admits: a service, a direct use, a role of its own", () => {
        assert.deepEqual(told([...s3Only, ...grant({ ...alias, ...via("s3") })]), []);
        assert.deepEqual(told([...key({}), ...grant(alias)]), []);
        assert.deepEqual(told([...key({}), ...grant({ ...alias, ...via("s3") })]), []);
        const arn = "arn:aws:iam::123456789012:role/reader";
        assert.deepEqual(told([...key({ Principal: { AWS: arn } }), ...grant(alias)]), []);
        assert.deepEqual(
            told([
                ...key({ Condition: { StringLike: { "kms:ViaService": "s3.*" } } }),
                ...grant({ ...alias, ...via("s3") }),
            ]),
            [],
        );
    });

    it("finds a service that the key's policy does not name", () => {
        assert.deepEqual(told([...s3Only, ...grant({ ...alias, ...via("dynamodb") })]), [
            refused("kms:Decrypt", "dynamodb.ap-northeast-2.amazonaws.com"),
        ]);
    });

    it("finds a direct use where only services are admitted", () => {
        assert.deepEqual(told([...s3Only, ...grant(alias)]), [refused("kms:Decrypt", "a call of its own")]);
    });

    it("finds actions, and principals, that are not admitted", () => {
        const both = grant({ ...alias, ...via("s3") }, ["kms:Decrypt", "kms:ReEncryptTo"]);
        assert.deepEqual(told([...s3Only, ...both]), [refused("kms:ReEncryptTo", "s3.ap-northeast-2.amazonaws.com")]);
        const another = key({ Principal: { AWS: "arn:aws:iam::123456789012:role/other" } });
        assert.deepEqual(told([...another, ...grant(alias)]), [refused("kms:Decrypt", "a call of its own")]);
    });

    it("knows a key by its ARN as well", () => {
        const arn = String(s3Only[0]!.outputs.arn);
        assert.deepEqual(told([...s3Only, ...grant(via("sqs"), "kms:Decrypt", arn)]), [
            refused("kms:Decrypt", "sqs.ap-northeast-2.amazonaws.com"),
        ]);
        assert.deepEqual(told([...s3Only, ...grant(via("s3"), "kms:Decrypt", arn)]), []);
    });

    it("finds a queue with the key of data, in a real stack whose own grants are all admitted", async () => {
        const { resources } = (await planOf("dev")).recording;
        assert.deepEqual(told(resources), []);
        const sid = "Queue";
        const statement = {
            Sid: sid,
            Effect: "Allow",
            Action: "kms:Decrypt",
            Resource: "arn:aws:kms:ap-northeast-2:123456789012:key/*",
            Condition: {
                "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/aipx-dev-data" },
                ...via("sqs"),
            },
        };
        const granted = resources.map((one) => {
            if (one.type !== "aws:iam/rolePolicy:RolePolicy" || one.inputs.role !== "aipx-dev-cognitive") {
                return one;
            }
            const policy = JSON.parse(one.inputs.policy as string) as { Statement: unknown[] };
            policy.Statement.push(statement);
            return { ...one, inputs: { ...one.inputs, policy: JSON.stringify(policy) } };
        });
        assert.deepEqual(told(granted), [
            `statement ${sid} allows kms:Decrypt with the key alias/aipx-dev-data through ` +
                "sqs.ap-northeast-2.amazonaws.com, which the key's policy does not admit",
        ]);
    });

    it("does not judge keys of others, nor keys with AWS's default policy", () => {
        const other = { "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/theirs" } };
        assert.deepEqual(told([...s3Only, ...grant({ ...other, ...via("sqs") })]), []);
        assert.deepEqual(told([...s3Only, ...grant(via("sqs"))]), [], "any key");
        assert.deepEqual(told([...key(), ...grant(alias)]), []);
    });
});
