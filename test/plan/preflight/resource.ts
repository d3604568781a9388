import { type RecordedResource } from "../../../plan/recording";
import { standIn } from "../../../plan/stand-ins";

/** A resource as the recorder would have it. */
export function resource(type: string, inputs: Record<string, unknown>, name = "thing"): RecordedResource {
    const urn = `urn:pulumi:dev::aipx::${type}::${name}`;
    const made = standIn({ urn, type, name, inputs, region: "ap-northeast-2", accountId: "123456789012" });
    return {
        ...made,
        urn,
        type,
        name,
        kind: "custom",
        inputs,
        secretInputs: [],
        dependencies: [],
        propertyDependencies: {},
        options: {},
    };
}
