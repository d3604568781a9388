import assert from "node:assert/strict";
import { invokeModels } from "../../../components/cold-path/bedrock";
import { scope } from "./fixture";

const actions = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"];

describe("invokeModels", () => {
    it("gives nothing for no models", () => {
        assert.deepEqual(invokeModels(scope, []).statements, []);
    });

    it("names a model in this region", () => {
        assert.deepEqual(invokeModels(scope, ["anthropic.claude-x-v1:0"]).statements, [
            {
                sid: "InvokeModels",
                actions,
                resources: ["arn:aws:bedrock:ap-northeast-2::foundation-model/anthropic.claude-x-v1:0"],
            },
        ]);
    });

    it("names a profile, and its model in any region, through that profile only", () => {
        const profile = "arn:aws:bedrock:ap-northeast-2:123456789012:inference-profile/apac.anthropic.claude-x-v1:0";
        assert.deepEqual(invokeModels(scope, ["amazon.nova", "apac.anthropic.claude-x-v1:0"]).statements, [
            {
                sid: "InvokeModels",
                actions,
                resources: ["arn:aws:bedrock:ap-northeast-2::foundation-model/amazon.nova", profile],
            },
            {
                sid: "InvokeModelsOfProfiles",
                actions,
                resources: ["arn:aws:bedrock:*::foundation-model/anthropic.claude-x-v1:0"],
                conditions: { StringEquals: { "bedrock:InferenceProfileArn": [profile] } },
            },
        ]);
    });
});
