import { suggestion } from "../arguments";
import { type Recording } from "../recording";
import { type Project } from "../stack-config";
import { UsageError } from "../usage-error";
import { describeServices } from "./describe";
import { type Service } from "./model";
import { serviceJson, serviceReport } from "./report";
import { wordsOf } from "./words";

export { describeServices } from "./describe";
export * from "./model";

/**
 * One service of a stack as text, for people or as JSON for programs.
 *
 * @throws UsageError saying which services there are, for one that there is not.
 */
export function shownService(
    project: Project,
    recording: Recording,
    name: string,
    { json, colour }: { json: boolean; colour: boolean },
): string {
    const service = find(describeServices(recording), recording, name);
    const words = wordsOf(project);
    const style = (code: number) => (text: string) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
    return json
        ? serviceJson(service, recording.stack, words)
        : serviceReport(service, recording.stack, words, { bold: style(1), dim: style(2) });
}

function find(services: Service[], { stack, outputs }: Recording, name: string): Service {
    const found = services.find((each) => each.service === name || each.name === name);
    if (found) {
        return found;
    }
    const waiting = outputs.servicesWaitingForImages;
    if (Array.isArray(waiting) && waiting.includes(name)) {
        throw new UsageError(`service "${name}" is left out of stack ${stack}: its image is not set`);
    }
    const known = services.map(({ service }) => service);
    throw new UsageError(
        `stack ${stack} has no service "${name}"${suggestion(name, known)}\n` +
            (known.length === 0 ? "It has no services." : `The services are: ${known.join(", ")}`),
    );
}
