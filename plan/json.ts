import { type Plan } from "./plan";
import { shownInputs } from "./recording";

/** The plan of one stack for programs, as the command's contract says. Secrets are masked; order and text never vary. */
export function planJson({ recording, violations }: Plan): string {
    const resources = recording.resources
        .map((resource) => ({
            urn: resource.urn,
            type: resource.type,
            name: resource.name,
            parent: resource.parent,
            inputs: shownInputs(resource),
            dependencies: [...resource.dependencies].sort(),
            options: resource.options,
        }))
        .sort((a, b) => (a.urn < b.urn ? -1 : 1));
    return `${JSON.stringify({ stack: recording.stack, resources, violations, outputs: recording.outputs }, null, 2)}\n`;
}
