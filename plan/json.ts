import { type Plan } from "./plan";
import { shownInputs } from "./recording";
import { summary } from "./reports/summary";

/** The plan of one stack for programs, as the command's contract says. Secrets are masked; order and text never vary. */
export function planJson({ recording, violations, policies }: Plan): string {
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
    const { stack, outputs } = recording;
    const plan = { stack, resources, violations, outputs, policies: policies && summary(policies) };
    return `${JSON.stringify(plan, null, 2)}\n`;
}
