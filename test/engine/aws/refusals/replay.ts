import { type Recording } from "../../../../plan/recording";
import { type Account } from "../account";

/**
 * Makes all that a recording holds, in its order, with the images that it names pushed beforehand. What AWS decides differs
 * from the recording's stand-ins, so each input is put in terms of what was really made.
 */
export function replay({ resources }: Recording, account: Account): void {
    const renamed = new Map<string, string>();
    for (const { kind, type, urn, inputs, id, outputs } of resources) {
        if (kind !== "custom") {
            continue;
        }
        const text = inTermsOf(renamed, JSON.stringify(inputs));
        for (const [, image] of text.matchAll(/\.dkr\.ecr\.[^/]*\/([\w/.-]+@sha256:\w+)/g)) {
            account.images.add(image!);
        }
        const resource = account.create(type, urn, JSON.parse(text));
        const computed = Object.keys(outputs).filter((output) => !(output in inputs));
        // A name that the program gave stays what it is, also where it is the id.
        const ids = Object.values(inputs).includes(id) ? [] : [[id, resource.id]];
        collect(
            [...ids.map(([before]) => before), ...computed.map((output): unknown => outputs[output])],
            [...ids.map(([, after]) => after), ...computed.map((output): unknown => resource.outputs[output])],
            renamed,
        );
    }
}

function inTermsOf(renamed: Map<string, string>, text: string): string {
    // The longest first: an ARN may hold the name of something else.
    const old = [...renamed.keys()].sort((a, b) => b.length - a.length);
    const pattern = old.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");
    return pattern === "" ? text : text.replace(new RegExp(pattern, "g"), (name) => renamed.get(name)!);
}

/** Texts that differ. */
function collect(recorded: unknown, real: unknown, renamed: Map<string, string>): void {
    if (typeof recorded === "string" && typeof real === "string") {
        if (recorded !== real) {
            renamed.set(JSON.stringify(recorded).slice(1, -1), JSON.stringify(real).slice(1, -1));
        }
    } else if (typeof recorded === "object" && recorded !== null) {
        for (const [key, value] of Object.entries(recorded)) {
            collect(value, (real as Record<string, unknown> | undefined)?.[key], renamed);
        }
    }
}
