import * as assert from "node:assert/strict";
import {
    actionExists,
    actionsOf,
    allServices,
    expandAction,
    findAction,
    fitsResource,
    fittingResourceTypes,
    nearestAction,
    resourceScope,
} from "../../../policy-pack/iam/actions";

function action(name: string) {
    const found = findAction(name);
    assert.ok(found, name);
    return found;
}

describe("policy pack: actions", () => {
    it("finds an action in any case, with its access level", () => {
        assert.equal(action("S3:getobject").name, "s3:GetObject");
        for (const [name, level] of [
            ["s3:GetObject", "Read"],
            ["s3:PutObject", "Write"],
            ["ec2:DescribeInstances", "List"],
            ["ec2:CreateTags", "Tagging"],
            ["iam:PutRolePolicy", "Permissions management"],
        ] as const) {
            assert.equal(action(name).accessLevel, level, name);
        }
    });

    it("knows what their resource may be", () => {
        for (const [name, scope] of [
            ["ec2:DescribeInstances", "none"],
            ["ecr:GetAuthorizationToken", "none"],
            ["cloudwatch:PutMetricData", "optional"],
            ["sqs:SendMessage", "required"],
        ] as const) {
            assert.equal(resourceScope(action(name)), scope, name);
        }
    });

    it("expands patterns", () => {
        const names = (pattern: string) => expandAction(pattern).map(({ name }) => name);
        assert.deepEqual(names("sqs:SendMessage"), ["sqs:SendMessage"]);
        assert.deepEqual(names("sqs:Send*").sort(), ["sqs:SendMessage"]);
        assert.equal(names("sqs:*").length, actionsOf("SQS").length);
        assert.deepEqual(names("sqs:None*"), []);
        assert.ok(names("*").length > 15_000);
    });

    it("tells actions that don't exist, and the nearest one", () => {
        for (const [name, nearest] of [
            ["s3:GetObjct", "s3:GetObject"],
            ["S3:getobjects", "s3:GetObject"],
            ["sqss:SendMessage", "sqs:SendMessage"],
            ["s3:Zzzzzzzzzzzzzz", undefined],
            ["nowhere-near-a-service:Get", undefined],
        ] as const) {
            assert.ok(!actionExists(name), name);
            assert.equal(nearestAction(name), nearest, name);
        }
        assert.ok(actionExists("*") && actionExists("s3:Get*"));
    });

    it("never reads beyond its data", () => {
        for (const name of [
            "../../package:a",
            "__proto__:a",
            "constructor:toString",
            "s3:constructor",
            "",
            ":",
            "s3",
        ]) {
            assert.equal(findAction(name), undefined, name);
            assert.deepEqual(expandAction(name), [], name);
        }
        assert.ok(allServices().has("s3"));
    });

    it("fits actions to ARNs", () => {
        for (const [name, resource, fits] of [
            ["s3:GetObject", "arn:aws:s3:::data/*", true],
            ["s3:GetObject", "arn:aws:s3:::data", false],
            ["s3:GetObject", "arn:aws:s3:::data*", true],
            ["s3:GetObject", "*", true],
            ["s3:ListBucket", "arn:aws:s3:::data", true],
            ["s3:ListBucket", "arn:aws:s3:::data/*", false],
            ["sqs:SendMessage", "arn:aws:sqs:*:*:orders", true],
            ["sqs:SendMessage", "arn:aws:sns:*:*:orders", false],
            ["kms:Decrypt", "arn:aws:kms:ap-northeast-2:111122223333:alias/a", false],
            ["logs:PutLogEvents", "arn:aws:logs:ap-northeast-2:111122223333:log-group:/ecs/a:*", true],
            ["logs:PutLogEvents", "arn:aws:logs:ap-northeast-2:111122223333:log-group:/ecs/a:log-stream:*", true],
            ["ec2:DescribeInstances", "arn:aws:ec2:ap-northeast-2:111122223333:instance/*", false],
            ["lambda:InvokeFunction", "arn:aws:lambda:ap-northeast-2:111122223333:function:a:live", true],
        ] as const) {
            assert.equal(fitsResource(action(name), resource), fits, `${name} ${resource}`);
        }
        const types = fittingResourceTypes(action("s3:GetObject"), "arn:aws:s3:::data/*").map(({ name }) => name);
        assert.deepEqual(types, ["object"]);
    });
});
