import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { terraformPlan } from "../../../plan/report/terraform";
import { record } from "../../support/record";

/** A part of a plan that is read here. */
interface Plan {
    planned_values: { root_module: Module };
    resource_changes: { address: string; module_address?: string; change: Record<string, any> }[];
    configuration: { provider_config: Record<string, any>; root_module: ConfiguredModule };
}

interface Module {
    address?: string;
    resources: { address: string; values: Record<string, any> }[];
    child_modules?: Module[];
}

interface ConfiguredModule {
    resources: Record<string, any>[];
    module_calls?: Record<string, { module: ConfiguredModule }>;
}

class Component extends pulumi.ComponentResource {
    constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
        super("aipx:test:Component", name, {}, opts);
    }
}

/** A resource of any type. */
class Thing extends pulumi.CustomResource {
    constructor(type: string, name: string) {
        super(type, name, {});
    }
}

async function planned(
    run: () => unknown,
    options?: Parameters<typeof record>[1],
): Promise<{ plan: Plan; leftOut: { urn: string; property?: string; reason: string }[]; text: string }> {
    const { text, leftOut } = terraformPlan(await record(run, options));
    return { plan: JSON.parse(text) as Plan, leftOut, text };
}

/** The change of the only resource, or of the one at an address. */
function changeOf(plan: Plan, address?: string): Record<string, any> {
    const found = plan.resource_changes.filter((each) => address === undefined || each.address === address);
    assert.equal(found.length, 1, plan.resource_changes.map((each) => each.address).join("\n"));
    return found[0]!.change;
}

const expressionsOf = (plan: Plan, address: string): Record<string, any> =>
    plan.configuration.root_module.resources.find((each) => each.address === address)!.expressions;

/** Resources that a program makes, and what Terraform calls what it gives them. */
const shapes: [what: string, make: () => unknown, after: Record<string, unknown>][] = [
    ["names in snake case", () => new aws.kms.Key("k", { enableKeyRotation: true }), { enable_key_rotation: true }],
    [
        "names that the bridge chose by hand",
        () => new aws.lambda.Function("f", { name: "f", role: "r", packageType: "Image" }),
        { function_name: "f", role: "r", package_type: "Image" },
    ],
    [
        "blocks of which there is one as lists",
        () => new aws.s3.BucketVersioning("v", { bucket: "b", versioningConfiguration: { status: "Enabled" } }),
        { bucket: "b", versioning_configuration: [{ status: "Enabled" }] },
    ],
    [
        "blocks of which there are several in the singular",
        () => new aws.dynamodb.Table("t", { name: "t", hashKey: "id", attributes: [{ name: "id", type: "S" }] }),
        { name: "t", hash_key: "id", attribute: [{ name: "id", type: "S" }] },
    ],
    [
        "keys of maps as they are",
        () => new aws.kms.Key("k", { tags: { costCentre: "x" } }),
        { tags: { costCentre: "x" }, tags_all: { costCentre: "x" } },
    ],
    [
        "documents as text",
        () =>
            new aws.iam.Policy("p", {
                name: "p",
                policy: { Version: "2012-10-17", Statement: [{ Effect: "Deny", Action: "*", Resource: "*" }] },
            }),
        { name: "p", policy: '{"Statement":[{"Action":"*","Effect":"Deny","Resource":"*"}],"Version":"2012-10-17"}' },
    ],
    [
        "files by their path",
        () =>
            new aws.s3.BucketObjectv2("o", {
                bucket: "b",
                key: "k",
                source: new pulumi.asset.FileAsset("package.json"),
            }),
        { bucket: "b", key: "k", source: "package.json" },
    ],
];

describe("terraformPlan", () => {
    for (const [what, make, after] of shapes) {
        it(`has ${what}`, async () => {
            const { plan, leftOut } = await planned(make);
            const { tags_all: tags, ...rest } = changeOf(plan).after as Record<string, unknown>;
            // Terraform adds the provider's default tags, of which there are none here.
            assert.deepEqual({ ...rest, ...(after.tags_all !== undefined && { tags_all: tags }) }, after);
            assert.deepEqual(leftOut, []);
        });
    }

    it("has what a program makes as Terraform's plan of a creation", async () => {
        const { plan } = await planned(() => new aws.kms.Key("data", {}));
        const [change] = plan.resource_changes;
        assert.deepEqual(
            { ...change, change: undefined },
            {
                address: "aws_kms_key.data",
                mode: "managed",
                type: "aws_kms_key",
                name: "data",
                provider_name: "registry.terraform.io/hashicorp/aws",
                change: undefined,
            },
        );
        assert.deepEqual(change!.change.actions, ["create"]);
        assert.equal(change!.change.before, null);
        assert.equal(change!.change.after_unknown.arn, true);
    });

    for (const preview of [false, true]) {
        it(`does not know what AWS computes, ${preview ? "in a preview" : "though the recording has stand-ins"}`, async () => {
            const { plan } = await planned(
                () => {
                    const key = new aws.kms.Key("data", {});
                    new aws.sns.Topic("alarms", { name: "alarms", kmsMasterKeyId: key.arn });
                },
                { preview },
            );
            const { after, after_unknown: unknown } = changeOf(plan, "aws_sns_topic.alarms");
            assert.equal("kms_master_key_id" in after, false);
            assert.equal(unknown.kms_master_key_id, true);
            const { references } = expressionsOf(plan, "aws_sns_topic.alarms").kms_master_key_id;
            assert.equal(references.at(-1), "aws_kms_key.data");
        });
    }

    it("keeps a document that has another resource's ARN in it, and says whose", async () => {
        const { plan } = await planned(() => {
            const queue = new aws.sqs.Queue("jobs", { name: "jobs" });
            const policy = queue.arn.apply((Resource) =>
                JSON.stringify({ Statement: [{ Effect: "Allow", Resource }] }),
            );
            new aws.sqs.QueuePolicy("jobs", { queueUrl: queue.url, policy });
        });
        assert.match(changeOf(plan, "aws_sqs_queue_policy.jobs").after.policy, /"arn:aws:sqs:/);
        assert.deepEqual(expressionsOf(plan, "aws_sqs_queue_policy.jobs").policy, {
            references: ["aws_sqs_queue.jobs.arn", "aws_sqs_queue.jobs"],
        });
    });

    it("follows a value to the resource that it comes from", async () => {
        const { plan } = await planned(() => {
            const { id } = new aws.s3.Bucket("lake", { bucket: "the-lake" });
            const policy = new aws.s3.BucketPolicy("lake", { bucket: id, policy: "{}" });
            // Waits for the policy by taking the bucket's name from it.
            new aws.s3.BucketVersioning("lake", {
                bucket: policy.bucket,
                versioningConfiguration: { status: "Enabled" },
            });
        });
        assert.deepEqual(expressionsOf(plan, "aws_s3_bucket_versioning.lake").bucket.references, [
            "aws_s3_bucket.lake.id",
            "aws_s3_bucket.lake",
            "aws_s3_bucket_policy.lake.bucket",
            "aws_s3_bucket_policy.lake",
        ]);
    });

    it("finds an ARN that reached an input as plain text", async () => {
        let arn = "";
        const { plan } = await planned(async () => {
            const key = new aws.kms.Key("data", {});
            arn = await new Promise<string>((resolve) => key.arn.apply(resolve));
            new aws.sns.Topic("alarms", { name: "alarms", kmsMasterKeyId: arn });
        });
        assert.match(arn, /^arn:/);
        assert.equal(
            expressionsOf(plan, "aws_sns_topic.alarms").kms_master_key_id.references[0],
            "aws_kms_key.data.arn",
        );
    });

    it("takes a name that several resources have for nobody's", async () => {
        const { plan } = await planned(() => {
            new aws.iam.Role("worker", { name: "sample-worker", assumeRolePolicy: "{}" });
            new aws.lambda.Permission("worker", { action: "a", principal: "p", function: "sample-worker" });
        });
        assert.deepEqual(expressionsOf(plan, "aws_lambda_permission.worker").function_name, {
            constant_value: "sample-worker",
        });
    });

    it("says what a resource waits for without holding a value of it", async () => {
        const { plan } = await planned(() => {
            const queue = new aws.sqs.Queue("jobs", { name: "jobs" });
            new aws.sns.Topic("alarms", { name: "alarms" }, { dependsOn: queue });
        });
        const topic = plan.configuration.root_module.resources.find(({ type }) => type === "aws_sns_topic")!;
        assert.deepEqual(topic.depends_on, ["aws_sqs_queue.jobs"]);
    });

    it("masks secrets, and says that they are sensitive", async () => {
        const { plan, text } = await planned(
            () =>
                new aws.ssm.Parameter("token", {
                    name: "/token",
                    type: "SecureString",
                    value: pulumi.secret("hunter2"),
                }),
        );
        const { after, after_sensitive: sensitive } = changeOf(plan);
        assert.equal(after.value, "[secret]");
        assert.equal(sensitive.value, true);
        assert.doesNotMatch(text, /hunter2/);
    });

    it("makes modules of components, with names of their own", async () => {
        const { plan } = await planned(() => {
            const outer = new Component("data");
            const key = new aws.kms.Key("data", {}, { parent: outer });
            const inner = new Component("data", { parent: outer });
            new aws.sns.Topic("data", { name: "data", kmsMasterKeyId: key.arn }, { parent: inner });
            // A component of another type, and of the same name.
            const other = new pulumi.ComponentResource("aipx:test:Other", "data", {});
            new aws.kms.Key("data", {}, { parent: other });
            // One that has nothing to plan.
            new Component("empty");
        });
        assert.deepEqual(
            plan.resource_changes.map(({ address }) => address),
            [
                "module.data-Other.aws_kms_key.data_2",
                "module.data.aws_kms_key.data",
                "module.data.module.data.aws_sns_topic.data",
            ],
        );
        const [other, data, ...more] = plan.planned_values.root_module.child_modules!;
        assert.deepEqual([data!.address, other!.address, more], ["module.data", "module.data-Other", []]);
        assert.equal(data!.child_modules![0]!.address, "module.data.module.data");
        const call = plan.configuration.root_module.module_calls!.data!.module.module_calls!.data!;
        const [topic] = call.module.resources;
        assert.equal(topic!.address, "aws_sns_topic.data");
        assert.deepEqual(topic!.expressions.kms_master_key_id.references, [
            "aws_kms_key.data.arn",
            "aws_kms_key.data",
            "module.data.aws_kms_key.data",
        ]);
    });

    it("has the providers, their regions and default tags, and no credentials", async () => {
        const { plan, text } = await planned(
            () => {
                const tokyo = new aws.Provider("tokyo", {
                    region: "ap-northeast-1",
                    secretKey: pulumi.secret("hunter2"),
                });
                new aws.kms.Key("near", { tags: { component: "x" } });
                new aws.kms.Key("far", {}, { provider: tokyo });
            },
            {
                config: {
                    "aws:region": "ap-northeast-2",
                    "aws:secretKey": "hunter2",
                    "aws:defaultTags": JSON.stringify({ tags: { environment: "dev" } }),
                },
            },
        );
        assert.deepEqual(plan.configuration.provider_config, {
            aws: {
                name: "aws",
                full_name: "registry.terraform.io/hashicorp/aws",
                expressions: {
                    region: { constant_value: "ap-northeast-2" },
                    default_tags: [{ tags: { constant_value: { environment: "dev" } } }],
                },
            },
            "aws.tokyo": {
                name: "aws",
                full_name: "registry.terraform.io/hashicorp/aws",
                alias: "tokyo",
                expressions: { region: { constant_value: "ap-northeast-1" } },
            },
        });
        const near = changeOf(plan, "aws_kms_key.near").after;
        assert.equal(near.region, "ap-northeast-2");
        assert.deepEqual(near.tags_all, { environment: "dev", component: "x" });
        assert.equal(changeOf(plan, "aws_kms_key.far").after.region, "ap-northeast-1");
        const far = plan.configuration.root_module.resources.find(({ name }) => name === "far")!;
        assert.equal(far.provider_config_key, "aws.tokyo");
        assert.doesNotMatch(text, /hunter2/);
    });

    it("leaves out what it does not know in Terraform, and says so", async () => {
        const { plan, leftOut } = await planned(() => {
            new aws.sqs.Queue("jobs", { name: "jobs" });
            aws.sqs.Queue.get("theirs", "https://sqs.ap-northeast-2.amazonaws.com/123456789012/theirs");
            new aws.kms.Key("old", {}, { import: "1234abcd-12ab-34cd-56ef-1234567890ab" });
            new Thing("other:index/thing:Thing", "thing");
            new Thing("aws:quicksight/dashboard:Dashboard", "board");
            new aws.eks.Cluster("k", {
                roleArn: "r",
                vpcConfig: { subnetIds: [] },
                defaultAddonsToRemoves: ["coredns"],
            });
        });
        assert.deepEqual(
            plan.resource_changes.map(({ address }) => address),
            ["aws_eks_cluster.k", "aws_sqs_queue.jobs"],
        );
        assert.deepEqual(
            leftOut.map(({ urn, property, reason }) => [urn.split("::").at(-1), property, reason]),
            [
                ["k", "defaultAddonsToRemoves", "Terraform has no such property"],
                ["old", undefined, "it exists already and is imported; what that changes is not known offline"],
                ["board", undefined, "what its type is called in Terraform is not known"],
                ["theirs", undefined, "it exists already and is only read; what it is like is not known offline"],
                ["thing", undefined, "there is no table of what the package other is called in Terraform"],
            ],
        );
    });
});
