import { linked, Stack } from "../../policy-pack/core/resource";
import { type RecordedResource } from "../recording";

/** A recording as the policy pack's readers of documents, roles and security groups see stacks, with ids and ARNs as made. */
export const stackOf = (resources: RecordedResource[]): Stack =>
    new Stack(
        resources.map(({ urn, type, name, id, inputs, outputs, options, parent, dependencies, ...resource }) => ({
            urn,
            type,
            name,
            ...linked({ ...inputs, id, arn: outputs.arn as unknown }, resource.propertyDependencies),
            options,
            parent,
            dependencies,
        })),
    );
