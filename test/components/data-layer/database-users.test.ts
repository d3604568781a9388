import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { type Access, bundle } from "../../../components/building-blocks";
import { type DataLayer } from "../../../components/data-layer";
import { rdsCertificate } from "../../../components/data-layer/rds-certificate";
import { type Recording } from "../../../plan/recording";
import { statement } from "../../support/policy";
import { find, names, ofType, record, type RecordedResource } from "../../support/record";
import { arn, dataLayer, small } from "./fixture";

const invocation = "aws:lambda/invocation:Invocation";
const egress = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const ingress = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const code = bundle(join(__dirname, "../../../components/data-layer/database-users/handler.ts"));

describe("DatabaseUsers", () => {
    let recording: Recording;
    const made: Record<string, Access> = {};
    const lambda = (from = recording): RecordedResource =>
        find(from, "aws:lambda/function:Function", "data-postgres-users");
    const database = (): RecordedResource => find(recording, "aws:rds/instance:Instance", "data-postgres");
    const recordWith = (use: (data: DataLayer) => void, changes = {}, options = {}): Promise<Recording> =>
        record(() => use(dataLayer({ postgres: { ...small.postgres, ...changes } })), options);

    before(async () => {
        recording = await recordWith(({ postgres }) => {
            made.oms = postgres.connect("oms");
            made.again = postgres.connect("oms");
            made.agent = postgres.connect("risk-agent");
        });
    });

    it("is not there before a service asks for it, as nothing would call it", async () => {
        const without = await recordWith(() => undefined);
        assert.deepEqual(
            names(without).filter((name) => name.includes("postgres-users")),
            [],
        );
    });

    it("has these names", () => {
        assert.deepEqual(
            names(recording).filter((name) => name.includes("data-postgres-users") && !name.startsWith(invocation)),
            [
                "aipx:buildingblocks:CodeFunction::data-postgres-users",
                "aipx:buildingblocks:ServiceRole::data-postgres-users",
                "aipx:buildingblocks:ServiceSecurityGroup::data-postgres-users",
                "aipx:datalayer:DatabaseUsers::data-postgres-users",
                "aipx:policy:Suppression::data-postgres-users-lambda-function-require-code-signing",
                "aws:cloudwatch/logGroup:LogGroup::data-postgres-users",
                "aws:ec2/securityGroup:SecurityGroup::data-postgres-users",
                "aws:iam/role:Role::data-postgres-users",
                "aws:iam/rolePolicy:RolePolicy::data-postgres-users",
                "aws:lambda/function:Function::data-postgres-users",
                `${egress}::data-postgres-users-to-postgres`,
                `${ingress}::postgres-from-data-postgres-users`,
            ],
        );
    });

    it("knows its database, and no secret", () => {
        const { name, timeout, environment, vpcConfig, tags } = lambda().inputs;
        assert.deepEqual([name, timeout, vpcConfig.subnetIds], ["aipx-dev-database-users", 120, ["subnet-private"]]);
        assert.deepEqual(tags, { component: "data-layer", service: "database-users" });
        assert.deepEqual(environment.variables, {
            TZ: "Asia/Seoul",
            AIPX_ENVIRONMENT: "dev",
            POSTGRES_ENDPOINT: database().outputs.endpoint,
            POSTGRES_DATABASE: "aipx",
            POSTGRES_CERTIFICATE_AUTHORITY: rdsCertificate("ap-northeast-2", "rds-ca-rsa2048-g1"),
            POSTGRES_MASTER_USER_ARN: database().outputs.masterUserSecrets[0].secretArn,
        });
        assert.ok(JSON.stringify(environment).length < 4096);
        assert.equal(database().inputs.caCertIdentifier, "rds-ca-rsa2048-g1");
    });

    it("may read the master user's password of this database alone", () => {
        const policy = find(recording, "aws:iam/rolePolicy:RolePolicy", "data-postgres-users").inputs.policy as string;
        const read = statement(policy, "ReadMasterUser");
        assert.deepEqual(
            [read.Action, read.Resource, read.Condition],
            [
                "secretsmanager:GetSecretValue",
                arn("secretsmanager", "secret:rds!db-*"),
                {
                    StringEquals: {
                        "aws:ResourceTag/aws:rds:primaryDBInstanceArn": arn("rds", "db:aipx-dev-postgres"),
                    },
                },
            ],
        );
        const decrypt = statement(policy, "DecryptMasterUser");
        assert.equal(decrypt.Action, "kms:Decrypt");
        assert.deepEqual(decrypt.Condition, {
            "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/aipx-dev-data" },
            StringEquals: { "kms:ViaService": "secretsmanager.ap-northeast-2.amazonaws.com" },
        });
    });

    it("reaches PostgreSQL", () => {
        const group = (name: string): string => find(recording, "aws:ec2/securityGroup:SecurityGroup", name).id;
        for (const [type, name, own, other] of [
            [egress, "data-postgres-users-to-postgres", "data-postgres-users", "data-postgres"],
            [ingress, "postgres-from-data-postgres-users", "data-postgres", "data-postgres-users"],
        ] as const) {
            const { securityGroupId, referencedSecurityGroupId, fromPort, toPort } = find(recording, type, name).inputs;
            assert.deepEqual(
                [securityGroupId, referencedSecurityGroupId, fromPort, toPort],
                [group(own), group(other), 5432, 5432],
            );
        }
    });

    it("is called once for each user, with what is wanted and what makes it worth calling again", () => {
        const triggers = {
            instance: database().outputs.resourceId,
            code: createHash("sha256").update(code).digest("hex"),
        };
        assert.deepEqual(
            ofType(recording, invocation).map(({ name, inputs }) => [name, inputs]),
            [
                ["oms", { user: "aipx_dev_oms", schema: "oms", connectionLimit: 33 }],
                ["risk_agent", { user: "aipx_dev_risk_agent", schema: "risk_agent", connectionLimit: 33 }],
            ].map(([name, wanted]) => [
                `data-postgres-users-${name as string}`,
                { functionName: "aipx-dev-database-users", input: JSON.stringify(wanted), triggers },
            ]),
        );
    });

    it("is not called before it may do, and reach, what it needs", () => {
        const needs = [
            lambda(),
            find(recording, "aws:iam/rolePolicy:RolePolicy", "data-postgres-users"),
            find(recording, egress, "data-postgres-users-to-postgres"),
            find(recording, ingress, "postgres-from-data-postgres-users"),
        ].map(({ urn }) => urn);
        for (const { name, dependencies } of ofType(recording, invocation)) {
            assert.deepEqual(
                needs.filter((urn) => !dependencies.includes(urn)),
                [],
                name,
            );
        }
    });

    it("is waited for by whoever signs in", async () => {
        const waiting = await Promise.all(
            ["oms", "again", "agent"].map((name) =>
                Promise.all(made[name]!.dependsOn.map(({ urn }) => new Promise<string>((done) => urn.apply(done)))),
            ),
        );
        const endpoint = "aws:ssm/parameter:Parameter::data-postgres-endpoint";
        const names = (urns: string[]): string[] => urns.map((urn) => urn.split("$").pop()!);
        assert.deepEqual(waiting.map(names), [
            [endpoint, `${invocation}::data-postgres-users-oms`],
            [endpoint, `${invocation}::data-postgres-users-oms`],
            [endpoint, `${invocation}::data-postgres-users-risk_agent`],
        ]);
    });

    for (const [instanceClass, connectionLimit] of [
        ["db.t4g.micro", 33],
        ["db.t4g.medium", 135],
        ["db.m7g.large", 270],
        ["db.r7g.4xlarge", 1500],
    ] as const) {
        it(`leaves room for others on ${instanceClass}: ${connectionLimit} connections`, async () => {
            const other = await recordWith(({ postgres }) => void postgres.connect("oms"), { instanceClass });
            assert.equal(JSON.parse(ofType(other, invocation)[0]!.inputs.input).connectionLimit, connectionLimit);
        });
    }

    it("has a complete role at the first preview, when nothing of the database is known", async () => {
        const first = await recordWith(({ postgres }) => void postgres.connect("oms"), {}, { preview: true });
        const policy = find(first, "aws:iam/rolePolicy:RolePolicy", "data-postgres-users").inputs.policy as string;
        assert.ok(statement(policy, "ReadMasterUser"));
        assert.equal(typeof lambda(first).inputs.environment.variables.POSTGRES_DATABASE, "string");
        assert.ok(JSON.parse(ofType(first, invocation)[0]!.inputs.input));
    });
});

describe("rdsCertificate", () => {
    it("finds the authority of a region by its name", () => {
        const certificates = (["rds-ca-rsa2048-g1", "rds-ca-rsa4096-g1", "rds-ca-ecc384-g1"] as const).map((name) =>
            rdsCertificate("ap-northeast-2", name),
        );
        assert.equal(new Set(certificates).size, 3);
        // As AWS publishes it.
        assert.equal(
            createHash("sha1")
                .update(Buffer.from(certificates[0]!.replace(/-----[^-]+-----|\s/g, ""), "base64"))
                .digest("hex"),
            "58fe7e8c3b1f561be7e51f69dcfc8acfbb546e02",
        );
        assert.notEqual(rdsCertificate("us-east-1", "rds-ca-rsa2048-g1"), certificates[0]);
    });

    it("says so if there is none", () => {
        assert.throws(
            () => rdsCertificate("mars-north-1", "rds-ca-rsa2048-g1"),
            /no certificate .*mars-north-1 Root CA/,
        );
    });
});
