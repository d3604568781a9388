import { type Plan } from "./plan";
import { type RecordedResource } from "./recording";

/** What runs code in a stack, a row each: name, kind, size, image or runtime. `-` is for what the stack does not say. */
export function services({ recording, assumed }: Pick<Plan, "recording" | "assumed">): string[][] {
    const { resources, outputs } = recording;
    const tasks = new Map(ofType(resources, "aws:ecs/taskDefinition:TaskDefinition").map((task) => [task.urn, task]));
    const imageState = (image: unknown): string => {
        if (typeof image !== "string") {
            return "-";
        }
        const name = imageName(image);
        return assumed.images.includes(name)
            ? "assumed"
            : (/[:@]([^/]+)$/.exec(image)?.[1]?.replace(/^(sha256:.{12}).*/, "$1...") ?? image);
    };
    const rows = [
        ...ofType(resources, "aws:ecs/service:Service").flatMap(
            ({ inputs, propertyDependencies, outputs: { name } }) => {
                const task = (propertyDependencies.taskDefinition ?? [])
                    .map((urn) => tasks.get(urn))
                    .find((each) => each);
                const [container] = task ? containers(task.inputs.containerDefinitions) : [];
                const spot = ((inputs.capacityProviderStrategies ?? []) as { capacityProvider: string }[]).some(
                    ({ capacityProvider }) => capacityProvider === "FARGATE_SPOT",
                );
                // A task of another stack's has its size there.
                const size = task ? `${Number(task.inputs.cpu) / 1024} vCPU, ${task.inputs.memory} MiB, ` : "";
                const count = counted(Number(inputs.desiredCount ?? 0), "task");
                return [
                    [String(name), spot ? "Fargate Spot" : "Fargate", `${size}${count}`, imageState(container?.image)],
                ];
            },
        ),
        ...ofType(resources, "aws:lambda/function:Function").map(({ inputs, outputs: { name } }) => [
            String(name),
            "Lambda",
            `${inputs.memorySize ?? 128} MB, ${inputs.timeout ?? 3} s`,
            // Code that comes in an archive runs on a runtime of AWS's.
            inputs.imageUri === undefined ? String(inputs.runtime ?? "-") : imageState(inputs.imageUri),
        ]),
    ];
    const waiting = outputs.servicesWaitingForImages;
    return [
        ...rows,
        ...(Array.isArray(waiting) ? waiting : []).map((name) => [String(name), "-", "-", "not set: left out"]),
    ];
}

const ofType = (resources: RecordedResource[], type: string): RecordedResource[] =>
    resources.filter((resource) => resource.type === type);

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;

/** `oms` for `123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/aipx/dev/oms@sha256:...`. */
const imageName = (image: string): string => image.split("/").pop()!.split(/[:@]/)[0]!;

function containers(definitions: unknown): { image?: unknown }[] {
    try {
        return JSON.parse(String(definitions)) as { image?: unknown }[];
    } catch {
        // Preflight reports it.
        return [];
    }
}
