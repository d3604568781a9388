import { join } from "node:path";
import { recordStack } from "../../plan/plan";
import { type Recording } from "../../plan/recording";
import { describeServices, type Service } from "../../plan/service";
import { readProject } from "../../plan/stack-config";
import { sectionOf } from "../services";

/** A stack with every image, as documents need it. */
export interface DescribedStack {
    stack: string;
    recording: Recording;
    /** Services that run images built elsewhere, by the section that describes them. */
    services: Map<string, Service[]>;
}

/** Runs the program for all stacks, as if every image were there. */
export async function describedStacks(): Promise<DescribedStack[]> {
    const project = readProject(join(__dirname, "../.."));
    const described: DescribedStack[] = [];
    for (const stack of project.stacks) {
        const { recording } = await recordStack(project, stack, { asConfigured: false });
        described.push({ stack, recording, services: imageServices(recording) });
    }
    return described;
}

/** Services of a stack that run images built elsewhere, by section. Functions of the program's own code have none. */
export function imageServices(recording: Pick<Recording, "resources">): Map<string, Service[]> {
    const sections = new Map<string, Service[]>();
    for (const service of describeServices(recording)) {
        if (service.image !== undefined) {
            const section = sectionOf(imageName(service.image));
            sections.set(section, [...(sections.get(section) ?? []), service]);
        }
    }
    return sections;
}

/** `oms` for `123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/aipx/dev/oms@sha256:...`. */
const imageName = (image: string): string => image.split("/").pop()!.split(/[:@]/)[0]!;
