import { physicalNames } from "../physical-names";
import { type RecordedResource } from "../recording";
import { type Member } from "./model";

/** A recording, looked up by type, reference and ARN. */
export class View {
    private readonly byType = new Map<string, RecordedResource[]>();
    private readonly byUrn: Map<string, RecordedResource>;
    private readonly byArn = new Map<string, RecordedResource>();

    constructor(readonly resources: RecordedResource[]) {
        this.byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
        for (const resource of resources) {
            const { type, outputs } = resource;
            this.byType.set(type, [...(this.byType.get(type) ?? []), resource]);
            if (typeof outputs.arn === "string") {
                this.byArn.set(outputs.arn, resource);
            }
        }
    }

    ofType(type: string): RecordedResource[] {
        return this.byType.get(type) ?? [];
    }

    withArn(arn: unknown): RecordedResource | undefined {
        return this.byArn.get(String(arn));
    }

    /** The resource of a type that an input refers to, by reference or by its id, name or ARN. */
    referred(resource: RecordedResource, input: string, type: string): RecordedResource | undefined {
        const linked = (resource.propertyDependencies[input] ?? []).map((urn) => this.byUrn.get(urn));
        return (
            linked.find((each) => each?.type === type) ??
            this.ofType(type).find((each) => isNamed(each, resource.inputs[input]))
        );
    }
}

/** Whether a value names a resource: by its id, physical name or ARN. */
export const isNamed = ({ id, outputs }: RecordedResource, value: unknown): boolean =>
    typeof value === "string" && value !== "" && [id, outputs.name, outputs.arn].includes(value);

/** A resource as people know it. */
export function memberOf({ type, name, outputs, inputs }: RecordedResource): Member {
    const physical: unknown =
        type === "aws:ec2/vpcEndpoint:VpcEndpoint"
            ? inputs.serviceName
            : outputs[physicalNames[type]?.property ?? "name"];
    return { type, name: typeof physical === "string" ? physical : name };
}

export const texts = (value: unknown): string[] =>
    value === undefined || value === null ? [] : [value].flat().map(String);
