import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { recordProgram } from "../../../plan/record";
import { terraformPlan } from "../../../plan/report/terraform";
import { sample } from "./program";

// terraform-plan.json is what Terraform 1.11.4 with the AWS provider 5.100.0 plans for main.tf, without time and credentials:
// `terraform plan -out=plan`, `terraform show -json plan`. It needs a provider's binary; so it is compared with as it was.

interface Plan {
    planned_values: { root_module: { resources: Record<string, any>[] } };
    resource_changes: { address: string; change: Record<string, any> }[];
    configuration: { root_module: { resources: { address: string; expressions: Record<string, unknown> }[] } };
}

/** Values that are not as in Terraform's plan, and why. */
const otherValues = [
    "aws_db_instance.main db_subnet_group_name", // main.tf takes the name, which is known; here it is taken for the id, as unknown
    "aws_db_subnet_group.main description", // Pulumi's SDK says "Managed by Pulumi"
    "aws_elasticache_replication_group.main at_rest_encryption_enabled", // a boolean in Pulumi, a text in Terraform
    "aws_iam_role_policy_attachment.worker role", // as the subnet group's name
    "aws_lambda_permission.worker function_name", // as the subnet group's name
    "aws_security_group.idle description", // as the subnet group's
    "aws_ssm_parameter.main value", // secret in Pulumi: masked
];

/** References to another attribute of the same value, and what is constant in another form. */
const otherExpressions = [
    "aws_db_instance.main db_subnet_group_name", // id for name
    "aws_iam_role_policy_attachment.worker role", // id for name
    "aws_lambda_permission.worker function_name", // id for function_name
    "aws_security_group.idle ingress", // a block here, and an attribute there
    "aws_sns_topic.alarms kms_master_key_id", // key_id for id
    "aws_sqs_queue.jobs kms_master_key_id", // key_id for id
    "aws_sqs_queue_policy.jobs queue_url", // url for id
];

describe("A Terraform plan beside the one that Terraform makes", () => {
    let theirs: Plan;
    let ours: Plan;

    before(async () => {
        theirs = JSON.parse(readFileSync(join(__dirname, "terraform-plan.json"), "utf8")) as Plan;
        const config = {
            "aws:region": "ap-northeast-2",
            "aws:defaultTags": JSON.stringify({ tags: { environment: "dev" } }),
        };
        const plan = terraformPlan(await recordProgram(sample, { config }));
        assert.deepEqual(plan.leftOut, []);
        ours = JSON.parse(plan.text) as Plan;
    });

    it("has the same resources", () => {
        const addresses = (plan: Plan): string[] => plan.resource_changes.map(({ address }) => address).sort();
        assert.deepEqual(addresses(ours), addresses(theirs));
    });

    it("is made of the same parts", () => {
        const parts = (plan: Plan): Record<string, string[]> => ({
            resource: keys(plan.planned_values.root_module.resources),
            change: keys(plan.resource_changes),
            "inner change": keys(plan.resource_changes.map(({ change }) => change)),
            configuration: keys(plan.configuration.root_module.resources),
        });
        const lacking = Object.entries(parts(theirs)).flatMap(([part, keys]) =>
            keys.filter((key) => !parts(ours)[part]!.includes(key)).map((key) => `${part}: ${key}`),
        );
        // The version of a schema is the provider's own business; nothing here depends on it.
        assert.deepEqual(lacking, ["resource: schema_version", "configuration: schema_version"]);
        assert.deepEqual(
            Object.keys(theirs).filter((key) => !(key in ours)),
            ["applyable", "complete", "errored"], // of Terraform's own run
        );
    });

    it("has the values that Terraform has, where the program gives them", () => {
        const different: string[] = [];
        for (const { address, change } of ours.resource_changes) {
            const their = theirs.resource_changes.find((each) => each.address === address)!.change;
            const given = Object.keys(ours.configuration.root_module.resources.find(isAt(address))!.expressions);
            for (const field of given) {
                const isSame =
                    within(parsed(change.after[field]), parsed(their.after[field])) &&
                    within(change.after_unknown[field], their.after_unknown[field]);
                different.push(...(isSame ? [] : [`${address} ${field}`]));
            }
        }
        assert.deepEqual(different.sort(), otherValues);
    });

    it("has the references that Terraform has", () => {
        const different: string[] = [];
        for (const { address, expressions } of ours.configuration.root_module.resources) {
            const their = theirs.configuration.root_module.resources.find(isAt(address))!.expressions;
            for (const [field, expression] of Object.entries(their)) {
                const isSame = within(references(expressions[field]), references(expression));
                different.push(...(isSame ? [] : [`${address} ${field}`]));
            }
        }
        assert.deepEqual(different.sort(), otherExpressions);
    });

    it("knows what the provider computes", () => {
        // What Terraform says besides: blocks, which have no value of their own, and what the older provider computed.
        for (const { address, change } of ours.resource_changes) {
            const their = theirs.resource_changes.find((each) => each.address === address)!.change;
            const texts = Object.keys(their.after_unknown).filter(
                (field) => their.after_unknown[field] === true && ["arn", "id", "name", "url"].includes(field),
            );
            assert.deepEqual(
                texts.filter((field) => change.after_unknown[field] !== true),
                [],
                address,
            );
        }
    });
});

const isAt =
    (address: string) =>
    (each: { address: string }): boolean =>
        each.address === address;

const keys = (objects: object[]): string[] => [...new Set(objects.flatMap((object) => Object.keys(object)))].sort();

/** JSON in a text; else the value. */
const parsed = (value: unknown): unknown =>
    typeof value === "string" && /^(\{"|\[\{)/.test(value) ? (JSON.parse(value) as unknown) : value;

/** Whether a value is in another, which may have more: nulls, and defaults of the provider. Nothing and an empty object are one. */
function within(part: unknown, whole: unknown): boolean {
    if (Array.isArray(part) && Array.isArray(whole)) {
        return part.length === whole.length && part.every((item, index) => within(item, whole[index]));
    }
    if (isObject(part)) {
        return Object.entries(part).every(([key, item]) => within(item, isObject(whole) ? whole[key] : undefined));
    }
    const isNothing = (value: unknown): boolean =>
        value === undefined || value === null || value === false || (typeof value === "object" && !hasTrue(value));
    return part === whole || (isNothing(part) && isNothing(whole));
}

const hasTrue = (value: object): boolean =>
    Object.values(value).some((item) => item === true || (typeof item === "object" && item !== null && hasTrue(item)));

const isObject = (value: unknown): value is Record<string, unknown> =>
    typeof value === "object" && value !== null && !Array.isArray(value);

/** References alone, in the shape of an expression. */
function references(expression: unknown): unknown {
    if (Array.isArray(expression)) {
        return expression.map(references);
    }
    if (!isObject(expression)) {
        return undefined;
    }
    // What a function makes of constants (`jsonencode`) is nothing at all in Terraform's plan.
    if ("constant_value" in expression || Object.keys(expression).length === 0) {
        return "constant";
    }
    return (
        expression.references ??
        Object.fromEntries(Object.entries(expression).map(([key, each]) => [key, references(each)]))
    );
}
