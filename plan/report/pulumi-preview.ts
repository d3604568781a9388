import { type RecordedResource, type Recording, secretMask, shownInputs } from "../recording";

/** Config of a stack, by full key (`aws:region`). */
export interface ShownConfig {
    /** Values as text; objects as JSON. */
    config: Record<string, string>;
    /** Keys whose values are secret. */
    secretKeys?: readonly string[];
}

/**
 * The recording of a program in the form of `pulumi preview --json`: `PreviewDigest` of pulumi/pulumi, pkg/display/json.go, with
 * states as `ResourceV3` of sdk/go/common/apitype/core.go. All resources are created, as in a stack that has none yet.
 *
 * A recording lacks what only the engine knows: default providers, what a provider's checks add to inputs, source positions,
 * diagnostics and the duration. Secrets are `[secret]`; what is unknown is the SDK's text for that.
 *
 * @param shown The stack's config. Without it, the form has none: a recording does not tell which values are secret.
 */
export function previewJson(recording: Recording, shown?: ShownConfig): string {
    const root = stackUrn(recording);
    const steps = [
        { op: "create", urn: root, newState: { urn: root, custom: false, type: stackType }, detailedDiff: null },
        ...recording.resources.map((resource) => step(resource, root)),
    ];
    const digest = {
        ...(shown && { config: blinded(shown) }),
        steps,
        changeSummary: counts(steps.map(({ op }) => op)),
    };
    return `${JSON.stringify(digest, null, 4)}\n`;
}

const stackType = "pulumi:pulumi:Stack";

const stackUrn = ({ project, stack }: Recording): string =>
    `urn:pulumi:${stack}::${project}::${stackType}::${project}-${stack}`;

interface Step {
    op: "create" | "read" | "import";
    urn: string;
    provider?: string;
    newState: object;
    /** What differs from the old state, of which there is none. */
    detailedDiff: null;
}

function step(resource: RecordedResource, root: string): Step {
    const { urn, kind, options, provider } = resource;
    const op = kind === "read" ? "read" : options.import === undefined ? "create" : "import";
    return { op, urn, ...(provider && { provider }), newState: state(resource, root), detailedDiff: null };
}

function state(resource: RecordedResource, root: string): object {
    const { urn, type, kind, id, parent, dependencies, propertyDependencies, options, provider } = resource;
    // What a remote component is given, its provider takes; the engine sees only what that makes.
    const inputs = kind === "remote" ? {} : shownInputs(resource);
    const names = Object.keys(inputs);
    const all = {
        urn,
        custom: kind !== "component" && kind !== "remote",
        // What AWS would give is made up; only an id that exists already is known.
        id: kind === "read" ? id : options.import,
        type,
        inputs,
        parent: parent ?? root,
        protect: options.protect,
        external: kind === "read",
        dependencies,
        provider,
        propertyDependencies: Object.fromEntries(names.map((name) => [name, propertyDependencies[name] ?? []])),
        additionalSecretOutputs: options.additionalSecretOutputs,
        customTimeouts: seconds(options.customTimeouts),
        importID: options.import,
        retainOnDelete: options.retainOnDelete,
        deletedWith: options.deletedWith,
        ignoreChanges: options.ignoreChanges,
        replaceOnChanges: options.replaceOnChanges,
    };
    // As the CLI does: what is empty or false is not there, but for `custom`.
    return Object.fromEntries(Object.entries(all).filter(([name, value]) => name === "custom" || !isEmpty(value)));
}

const isEmpty = (value: unknown): boolean => !value || (typeof value === "object" && Object.keys(value).length === 0);

/** Timeouts in seconds. Programs give them as Go's durations: `45m`, `1h30m`. */
function seconds(timeouts: Record<string, string> = {}): Record<string, number> {
    const units: Record<string, number> = { h: 3600, m: 60, s: 1, ms: 0.001 };
    return Object.fromEntries(
        Object.entries(timeouts).map(([operation, duration]) => {
            const parts = [...duration.matchAll(/([\d.]+)(ms|[hms])/g)];
            return [operation, parts.reduce((sum, [, number, unit]) => sum + Number(number) * units[unit!]!, 0)];
        }),
    );
}

function blinded({ config, secretKeys = [] }: ShownConfig): Record<string, string> {
    const entries = Object.entries(config).map(([key, value]) => [key, secretKeys.includes(key) ? secretMask : value]);
    return Object.fromEntries(entries) as Record<string, string>;
}

function counts(operations: string[]): Record<string, number> {
    const summary: Record<string, number> = {};
    for (const operation of operations) {
        summary[operation] = (summary[operation] ?? 0) + 1;
    }
    return summary;
}
