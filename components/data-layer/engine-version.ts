import type * as pulumi from "@pulumi/pulumi";

/** What a store is to run, and what it comes from while it is upgraded. */
export interface EngineVersions {
    /** Version that a new store begins with. AWS raises minor versions by itself. */
    engineVersion: string;
    /**
     * Version that a running store is upgraded from, to `engineVersion`; left out again once that is done.
     * @default no upgrade: what runs stays as AWS has it
     */
    upgradingFrom?: string;
}

/**
 * Input whose changes are ignored. AWS raises versions by itself, and would refuse the lower one that code still names, or
 * replace the store. Only an upgrade changes them.
 */
export const ignoredVersion = ({ upgradingFrom }: EngineVersions): string[] =>
    upgradingFrom === undefined ? ["engineVersion"] : [];

/**
 * Something of a store, once it is known that the store runs the version that code names, or a newer minor one. Another version
 * in code would do nothing, since its changes are ignored.
 *
 * @param store What errors call it: `Postgres`.
 */
export function ofRunningVersion<T>(
    store: string,
    wanted: EngineVersions,
    actual: pulumi.Output<string>,
    value: pulumi.Output<T>,
): pulumi.Output<T> {
    return actual.apply((running) => {
        const problem = versionProblem(wanted, running);
        if (problem !== undefined) {
            throw new Error(`${store}: ${problem}`);
        }
        return value;
    });
}

/** What is wrong with the version in code, given what AWS says that runs: `17.6`, in extended support `11.22-RDS.20240418`. */
export function versionProblem({ engineVersion, upgradingFrom }: EngineVersions, says: string): string | undefined {
    const [running] = /^\d+(\.\d+)*/.exec(says) ?? [];
    if (running === undefined || upgradingFrom !== undefined) {
        return undefined;
    }
    const runs = inPartsOf(running, engineVersion);
    if (isOlder(running, engineVersion)) {
        return `engineVersion is "${engineVersion}", but ${running} runs; to upgrade it, set upgradingFrom to "${runs}"`;
    }
    return sameMajor(running, engineVersion)
        ? undefined
        : `engineVersion is "${engineVersion}", but AWS has upgraded to ${running}; set engineVersion to "${runs}"`;
}

/** Whether a version is older than another; parts that one of them lacks do not count. */
export function isOlder(version: string, other: string): boolean {
    const [left, right] = [parts(version), parts(other)];
    const index = left.findIndex((part, at) => right[at] !== undefined && part !== right[at]);
    return index >= 0 && left[index]! < right[index]!;
}

const parts = (version: string): number[] => version.split(".").map(Number);
const sameMajor = (one: string, other: string): boolean => parts(one)[0] === parts(other)[0];

/** A version in as many parts as a model has: `8.1.2` as `8.1`. */
const inPartsOf = (version: string, model: string): string =>
    version.split(".").slice(0, model.split(".").length).join(".");
