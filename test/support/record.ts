import { type Recording, type RecordedResource } from "../../plan/recording";
import { recordProgram, type RecordOptions } from "../../plan/record";

export { type Recording, type RecordedResource } from "../../plan/recording";

/** Records what `run` registers, in stack `dev` of project `aipx`, unless `options` say otherwise. */
export const record = (run: () => unknown, options?: RecordOptions): Promise<Recording> => recordProgram(run, options);

/** All resources of a type, in the order of registration. */
export const ofType = (recording: Recording, type: string): RecordedResource[] =>
    recording.resources.filter((resource) => resource.type === type);

/** The one resource of this type and logical name. */
export function find(recording: Recording, type: string, name: string): RecordedResource {
    const [found, another] = ofType(recording, type).filter((resource) => resource.name === name);
    if (another) {
        throw new Error(`two resources are ${type} "${name}": ${found!.urn} and ${another.urn}`);
    }
    if (!found) {
        const near = recording.resources.filter((resource) => resource.type === type || resource.name === name);
        throw new Error(
            [
                `no ${type} "${name}"; there are`,
                ...(near.length > 0 ? near : recording.resources).map(typeAndName),
            ].join("\n  "),
        );
    }
    return found;
}

/** `type::name`, the part of a resource's identity that users refer to. */
export const typeAndName = ({ type, name }: RecordedResource): string => `${type}::${name}`;

/** Sorted `type::name` list: what the names contract of a component pins. */
export const names = (recording: Recording): string[] => recording.resources.map(typeAndName).sort();
