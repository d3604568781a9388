import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { matchType, pair } from "../../../plan/report/terraform/generate/match";
import { readPulumiTypes } from "../../../plan/report/terraform/generate/pulumi-sdk";
import { type Field, readTerraformTypes } from "../../../plan/report/terraform/generate/terraform-schema";
import { providerMapping, snakeCase } from "../../../plan/report/terraform/mapping";

const field = (name: string, more: Partial<Field> = {}): Field => ({
    ...{ name, many: false, set: false, settable: true, computed: false },
    ...more,
});

const list = (name: string): Field => field(name, { many: true });

/** What a property is called in Terraform, beside other fields. */
const names: [property: string, field: Field, others: Field[]][] = [
    ["kmsKeyArn", field("kms_key_arn"), [field("kms_key_id")]],
    ["ipv6CidrBlock", field("ipv6_cidr_block"), [field("cidr_block")]],
    ["subnetIds", list("subnet_ids"), []],
    ["rules", list("rule"), []],
    ["policies", list("policy"), []],
    ["statuses", list("status"), []],
    ["addresses", list("address"), []],
    ["indices", list("index"), []],
    ["analyses", list("analysis"), []],
    ["restApi", field("rest_api_id"), [field("name")]],
    ["topic", field("topic_arn"), [field("endpoint")]],
    ["name", field("alarm_name"), [field("namespace")]],
    // Of what is computed only, the bindings do not tell lists from the rest.
    ["endpoints", field("endpoint", { settable: false, computed: true }), []],
];

describe("The table of Terraform's names", () => {
    for (const [property, wanted, others] of names) {
        it(`takes ${property} for ${wanted.name}`, () => {
            const { fields } = pair([{ name: property }], [...others, wanted]);
            assert.equal(fields.get(property)?.name, wanted.name);
        });
    }

    it("takes no property for a field that another fits better, and none for one of two", () => {
        const better = pair([{ name: "name" }, { name: "alarmName" }], [field("alarm_name"), field("other_name")]);
        assert.equal(better.fields.get("alarmName")!.name, "alarm_name");
        assert.equal(better.fields.get("name")!.name, "other_name");
        assert.deepEqual(pair([{ name: "name" }], [field("alarm_name"), field("other_name")]), {
            fields: new Map(),
            properties: ["name"],
            left: ["alarm_name", "other_name"],
        });
    });

    it("believes a type only if all of it fits", () => {
        const token = "aws:test/thing:Thing";
        const inputs = [
            { name: "size", many: false },
            { name: "tags", many: false },
        ];
        const thing = { name: "aws_test_thing", fields: [field("id"), field("size"), field("tags")] };
        const type = (fields: Field[]): ReturnType<typeof matchType> =>
            matchType({ token, inputs, outputs: ["arn"] }, [{ ...thing, fields: [...thing.fields, ...fields] }]);
        assert.equal(type([field("arn")])?.type.name, "aws_test_thing");
        assert.equal(type([]), undefined);
        assert.equal(type([field("arn"), field("colour")]), undefined);
        assert.equal(type([field("arn"), field("timeouts")])?.type.name, "aws_test_thing");
    });

    it("takes no type of two that are as likely", () => {
        const fields = [field("size")];
        const types = ["aws_one_thing", "aws_two_thing"].map((name) => ({ name, fields }));
        const pulumi = { token: "aws:test/thing:Thing", inputs: [{ name: "size", many: false }], outputs: [] };
        assert.equal(matchType(pulumi, types), undefined);
        assert.equal(matchType(pulumi, types.slice(0, 1))?.type.name, "aws_one_thing");
    });

    it("turns camel case into snake case as Terraform has it", () => {
        const cases = { kmsKeyArn: "kms_key_arn", http2: "http2", cidrIpv4: "cidr_ipv4", s3Bucket: "s3_bucket" };
        assert.deepEqual(
            Object.keys(cases).map((property) => snakeCase(property)),
            Object.values(cases),
        );
    });

    it("is of the provider that is installed", () => {
        for (const name of ["aws", "tls"]) {
            const manifest = readFileSync(require.resolve(`@pulumi/${name}/package.json`), "utf8");
            const { version } = JSON.parse(manifest) as { version: string };
            assert.ok(
                providerMapping(name)!.source.startsWith(`@pulumi/${name} ${version},`),
                `@pulumi/${name} is ${version}: write the table anew, ` +
                    `node --require ./plan/register.cjs plan/report/terraform/generate/main.ts ${name}`,
            );
        }
    });

    it("has each Pulumi type's Terraform type, and no type twice but for old names", () => {
        const { types } = providerMapping("aws")!;
        assert.equal(types["aws:s3/bucketVersioning:BucketVersioning"]!.type, "aws_s3_bucket_versioning");
        assert.equal(types["aws:ec2/securityGroup:SecurityGroup"]!.type, "aws_security_group");
        assert.equal(types["aws:lb/loadBalancer:LoadBalancer"]!.type, "aws_lb");
        const tokens = new Map<string, string[]>();
        for (const [token, { type }] of Object.entries(types)) {
            tokens.set(type, [...(tokens.get(type) ?? []), token]);
        }
        const twice = [...tokens.values()].filter((each) => each.length > 1);
        // BucketV2 and its like are old names that the SDK keeps. These two are others.
        assert.deepEqual(
            twice.filter((each) => !each.some((token) => token.endsWith("V2"))),
            [
                ["aws:ec2/encryptionControl:EncryptionControl", "aws:ec2/vpcEncryptionControl:VpcEncryptionControl"],
                ["aws:lambda/microvmsImage:MicrovmsImage", "aws:lambdamicrovms/image:Image"],
            ],
        );
    });

    it("is read from Pulumi's SDK", () => {
        const types = readPulumiTypes(dirname(require.resolve("@pulumi/tls/package.json")));
        const certificate = types.find(({ token }) => token === "tls:index/selfSignedCert:SelfSignedCert")!;
        assert.ok(certificate.outputs.includes("certPem"));
        assert.equal(certificate.inputs.find(({ name }) => name === "dnsNames")!.many, true);
        const subject = certificate.inputs.find(({ name }) => name === "subject")!;
        assert.equal(subject.many, false);
        assert.ok(subject.properties!.some(({ name }) => name === "commonName"));
    });

    it("is read from bindings of Terraform's provider", () => {
        const folder = mkdtempSync(join(tmpdir(), "bindings-"));
        try {
            mkdirSync(join(folder, "lib/thing"), { recursive: true });
            mkdirSync(join(folder, "lib/data-test-thing"));
            writeFileSync(join(folder, "lib/thing/index.js"), bindings);
            writeFileSync(join(folder, "lib/data-test-thing/index.js"), bindings);
            assert.deepEqual(readTerraformTypes(folder), [
                {
                    name: "test_thing",
                    fields: [
                        field("arn", { settable: false, computed: true }),
                        field("size", { computed: true }),
                        field("zones", { many: true, set: true }),
                        { ...list("rule"), fields: [field("status")] },
                    ],
                },
            ]);
        } finally {
            rmSync(folder, { recursive: true });
        }
    });
});

/** As the generator of bindings writes a type with a block. */
const bindings = `
function testThingRuleToHclTerraform(struct) {
    const attrs = {
        status: {
            value: cdktn.stringToHclTerraform(struct.status),
            isBlock: false,
            type: "simple",
            storageClassType: "string",
        },
    };
}
class TestThingRuleOutputReference extends cdktn.ComplexObject {
    // status - computed: false, optional: false, required: true
    _status;
}
class TestThing extends cdktn.TerraformResource {
    static tfResourceType = "test_thing";
    // arn - computed: true, optional: false, required: false
    // size - computed: true, optional: true, required: false
    // zones - computed: false, optional: true, required: false
    synthesizeHclAttributes() {
        const attrs = {
            size: {
                value: cdktn.numberToHclTerraform(this._size),
                isBlock: false,
                type: "simple",
                storageClassType: "number",
            },
            zones: {
                value: cdktn.listMapperHcl(cdktn.stringToHclTerraform, false)(this._zones),
                isBlock: false,
                type: "set",
                storageClassType: "stringList",
            },
            rule: {
                value: cdktn.listMapperHcl(testThingRuleToHclTerraform, true)(this._rule.internalValue),
                isBlock: true,
                type: "list",
                storageClassType: "TestThingRuleList",
            },
        };
    }
}
`;
