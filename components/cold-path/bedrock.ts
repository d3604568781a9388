import { access, type Access, type Scope, type Statement } from "../building-blocks";
import { profileGeographies } from "./bedrock-geographies";

const profileId = new RegExp(`^(?:${Object.keys(profileGeographies).join("|")})\\.(.+)$`);

const actions = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"];

/**
 * What a role needs in order to call models of Bedrock, by model id (`anthropic.claude-...`: in the installation's own region) or by
 * inference profile (`apac.anthropic.claude-...`: in whichever region of it has room, and then only through that profile).
 */
export function invokeModels(scope: Scope, models: string[]): Access {
    const foundationModel = (region: string, id: string): string =>
        `arn:${scope.partition}:bedrock:${region}::foundation-model/${id}`;
    const profiles = models.filter((model) => profileId.test(model));
    const own = models.filter((model) => !profileId.test(model));
    const profileArns = profiles.map((profile) => scope.arn("bedrock", `inference-profile/${profile}`));
    const statements: Statement[] = [];
    if (models.length > 0) {
        statements.push({
            sid: "InvokeModels",
            actions,
            resources: [...own.map((model) => foundationModel(scope.region, model)), ...profileArns],
        });
    }
    if (profiles.length > 0) {
        statements.push({
            sid: "InvokeModelsOfProfiles",
            actions,
            resources: profiles.map((profile) => foundationModel("*", profile.replace(profileId, "$1"))),
            conditions: { StringEquals: { "bedrock:InferenceProfileArn": profileArns } },
        });
    }
    return access({ statements });
}
