import * as assert from "node:assert/strict";
import { isReserved } from "../../settings/reserved-variables";
import { planOf, stackNames } from "../support/stacks";

const lambda = "aws:lambda/function:Function";
const taskDefinition = "aws:ecs/taskDefinition:TaskDefinition";

/** Environment of each service that is configured by settings, by name in the program. */
async function environments(
    stack: (typeof stackNames)[number],
): Promise<[service: string, values: Record<string, string>][]> {
    const { recording } = await planOf(stack);
    return recording.resources.flatMap(({ type, name, inputs }): [string, Record<string, string>][] => {
        if (type === taskDefinition) {
            const [{ environment, secrets }] = JSON.parse(inputs.containerDefinitions as string);
            return [
                [
                    name,
                    Object.fromEntries(
                        [...environment, ...secrets].map(({ name, value, valueFrom }) => [name, value ?? valueFrom]),
                    ),
                ],
            ];
        }
        // Functions of the program's own take no variables from settings.
        return type === lambda && inputs.packageType === "Image" ? [[name, inputs.environment.variables]] : [];
    });
}

for (const stack of stackNames) {
    describe(`environment variables of ${stack}`, () => {
        it("are all reserved, so that settings cannot set them", async () => {
            const services = await environments(stack);
            assert.ok(services.length > 6, String(services.length));
            for (const [service, values] of services) {
                assert.deepEqual(
                    Object.keys(values).filter((variable) => !isReserved(variable)),
                    [],
                    service,
                );
            }
        });

        it("tell the OMS exactly whose roles may call it", async () => {
            const { recording } = await planOf(stack);
            const services = await environments(stack);
            const [, oms] = services.find(([service]) => service === "hot-path-oms")!;
            const patterns = oms
                .OMS_CALLER_ROLES!.split(",")
                .map((pattern) => new RegExp(`^${pattern.replace(/\*/g, ".*")}$`));
            const admitted = recording.resources
                .filter(({ type }) => type === "aws:iam/role:Role")
                .map(({ inputs }) => String(inputs.name))
                .filter((role) => patterns.some((pattern) => pattern.test(role)));
            // Whoever is told where the OMS is, calls it; the name of a role is that of the service, of a task that and more.
            const callers = recording.resources
                .filter(({ type, inputs }) =>
                    type === lambda
                        ? inputs.environment.variables.OMS_ADDRESS !== undefined
                        : type === taskDefinition && /"OMS_ADDRESS"/.test(inputs.containerDefinitions as string),
                )
                .filter(({ name }) => name !== "hot-path-oms")
                .map(({ type, inputs }) => (type === lambda ? String(inputs.name) : `${inputs.family}-task`));
            assert.ok(callers.length >= 3, callers.join());
            assert.deepEqual(admitted.sort(), callers.sort());
        });
    });
}
