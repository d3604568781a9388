import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { recordProgram } from "../../plan/record";
import { terraformPlan } from "../../plan/report/terraform";
import { describeCheckov, type Verdict } from "../support/checkov";
import { planOf, stackNames } from "../support/stacks";
import { sample } from "../plan/terraform/program";

/** Checks that resources of the stacks fail, and why that is meant, or no fault of theirs. */
const failed: Record<string, string> = {
    CKV2_AWS_19:
        "addresses belong to NAT gateways; awsx leaves their domain to AWS, without which Checkov does not see it",
    CKV2_AWS_34: "endpoints and the network's layout are no secrets",
    CKV2_AWS_51: "people's browsers have no client certificates: the authorizer asks who they are",
    CKV2_AWS_57: "values are issued elsewhere, and put in by people",
    CKV2_AWS_62: "nothing waits for objects in these buckets",
    CKV_AWS_115: "Kafka's partitions limit some functions, and others run at deployments only",
    CKV_AWS_116: "what fails stays in its queue or goes to a destination; other callers wait for the answer",
    CKV_AWS_130: "public subnets are there for public addresses",
    CKV_AWS_144: "a copy in another region is not part of this program (docs/reliability.md)",
    CKV_AWS_145: "services that deliver logs and read authorities know no key of ours",
    CKV_AWS_150: "dev is disposable",
    CKV_AWS_157: "dev has one zone",
    CKV_AWS_272: "images are pinned by digest; code of the program's own comes with it",
    CKV_AWS_290: "network interfaces and traces have no resource that could be named",
    CKV_AWS_293: "dev is disposable",
    CKV_AWS_309: "API Gateway asks an authorizer at the connection, and at nothing else",
    CKV_AWS_338: "logs are kept as long as the settings say",
    CKV_AWS_45: "RDS's certificate authorities are public",
};

/** Checks that fail in a disposable stack only. */
const disposableOnly = ["CKV_AWS_150", "CKV_AWS_157", "CKV_AWS_293"];

describeCheckov("Checkov", function (judge) {
    describe("of a program, and of the same in HCL", () => {
        let hcl: Verdict;
        before(async () => {
            hcl = await judge(
                "terraform",
                "main.tf",
                readFileSync(join(__dirname, "../plan/terraform/main.tf"), "utf8"),
            );
        });

        for (const preview of [false, true]) {
            it(`says the same ${preview ? "before anything exists" : "with stand-ins for what AWS computes"}`, async () => {
                const config = { "aws:region": "ap-northeast-2" };
                const { text } = terraformPlan(await recordProgram(sample, { config, preview }));
                const verdict = await judge("terraform_plan", "plan.json", text);
                assert.deepEqual(Object.fromEntries([...verdict].sort()), Object.fromEntries([...hcl].sort()));
            });
        }

        it("finds faults and relations in both", () => {
            const said = (check: string, resource: string): string | undefined => hcl.get(`${resource} ${check}`);
            assert.equal(said("CKV_AWS_62", "aws_iam_policy.everything"), "failed");
            // By a relation: what is versioned is another resource, which only refers to the bucket.
            assert.equal(said("CKV_AWS_21", "aws_s3_bucket.data"), "passed");
            assert.equal(said("CKV_AWS_21", "aws_s3_bucket.logs"), "failed");
            assert.equal(said("CKV2_AWS_5", "aws_security_group.worker"), "passed");
            assert.equal(said("CKV2_AWS_5", "aws_security_group.idle"), "failed");
            assert.ok(hcl.size > 150, `${hcl.size} verdicts`);
        });
    });

    for (const stack of stackNames) {
        it(`finds nothing in ${stack} that is not known`, async () => {
            const { recording, assumed } = await planOf(stack);
            const { text, leftOut } = terraformPlan(recording);
            assert.deepEqual(leftOut, []);
            const verdict = await judge("terraform_plan", "plan.json", text);
            const isExpected = (check: string): boolean =>
                check in failed && (assumed.settings!.environment.disposable || !disposableOnly.includes(check));
            const unexpected = [...verdict].filter(
                ([key, said]) => said === "failed" && !isExpected(key.split(" ")[1]!),
            );
            assert.deepEqual(unexpected, []);
            for (const check of Object.keys(failed).filter(isExpected)) {
                assert.ok(
                    [...verdict].some(([key, said]) => said === "failed" && key.endsWith(` ${check}`)),
                    `${check} is not failed any more: take it out of the table`,
                );
            }
        });
    }
});
