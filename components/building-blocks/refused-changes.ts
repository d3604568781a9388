import * as pulumi from "@pulumi/pulumi";

/** Inputs of a resource. What AWS decides is missing where it is not known yet. */
export type KnownInputs = Record<string, unknown>;

/**
 * Refuses changes that AWS would refuse in the middle of an update, or that lead where nothing leads back: the preview fails, and so
 * does an update without one, before it touches the resource. Bind it by the option `hooks`.
 *
 * Changes that replace the resource do not pass here.
 *
 * @param name Unique in the program.
 * @param problemOf What is wrong with a change, and the way to get there; nothing if it can be made.
 */
export function refuseChanges(
    name: string,
    problemOf: (before: KnownInputs, after: KnownInputs) => string | undefined,
): pulumi.ResourceHookBinding {
    // Without an engine, as in tests with mocks, nothing is there that could change, and nobody calls back.
    if (pulumi.runtime.getEngine() === undefined) {
        return {};
    }
    const hook = new pulumi.ResourceHook(
        name,
        ({ oldInputs, newInputs }) => {
            const problem = problemOf(oldInputs ?? {}, newInputs ?? {});
            if (problem !== undefined) {
                throw new Error(problem);
            }
        },
        { onDryRun: true },
    );
    return { beforeUpdate: [hook] };
}
