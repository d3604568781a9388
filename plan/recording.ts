/** Options of a resource that say how Pulumi treats it. Only what the program gave is present. */
export interface RecordedOptions {
    protect?: boolean;
    ignoreChanges?: string[];
    retainOnDelete?: boolean;
    deleteBeforeReplace?: boolean;
    replaceOnChanges?: string[];
    /** Each as a URN, or as a JSON text of the parts that differ (`{"name":"old"}`). */
    aliases?: string[];
    customTimeouts?: { create?: string; update?: string; delete?: string };
    additionalSecretOutputs?: string[];
    /** URN of the resource whose deletion deletes this one as well. */
    deletedWith?: string;
    /** Physical id of the existing resource that is taken over. */
    import?: string;
}

/** One registration, as Pulumi's engine would have seen it. */
export interface RecordedResource {
    urn: string;
    /** Type token: `aws:sqs/queue:Queue`. */
    type: string;
    /** Logical name. */
    name: string;
    /** `read` is an existing resource that the program only looks at (`Queue.get`); `remote` a component built by a provider. */
    kind: "custom" | "component" | "remote" | "provider" | "read";
    /** URN of the parent; none for what stands at the top of the program. */
    parent?: string;
    /** Physical id: a stand-in for the one that AWS would give. Components have none. */
    id: string;
    /** Inputs, with secrets opened; {@link secretInputs} names them. */
    inputs: Record<string, any>;
    /** Paths of the inputs that are secret: `value`, `environment.variables.TOKEN`. */
    secretInputs: string[];
    /** Inputs, and stand-ins for what AWS computes. For a component, what it registered as its outputs. */
    outputs: Record<string, any>;
    /** URNs of all resources that this one waits for. */
    dependencies: string[];
    /** URNs by the input that refers to them. */
    propertyDependencies: Record<string, string[]>;
    options: RecordedOptions;
    /** Reference (`urn::id`) of an explicit provider. */
    provider?: string;
}

/** A whole run of a program for one stack. */
export interface Recording {
    project: string;
    stack: string;
    /** In the order of registration: whatever a resource refers to comes before it. */
    resources: RecordedResource[];
    /** Stack config of the default providers, by package: `{ aws: { region: "ap-northeast-2" } }`. */
    providerConfig: Record<string, Record<string, string>>;
    /** What the program returned, resolved, with secrets as `[secret]`. */
    outputs: Record<string, unknown>;
}

/** Stands for a secret wherever a value is shown. */
export const secretMask = "[secret]";

/** Inputs of a resource fit to be shown: secrets are masked. */
export function shownInputs(resource: RecordedResource): Record<string, any> {
    const inputs = structuredClone(resource.inputs);
    for (const path of resource.secretInputs) {
        const [input, ...keys] = path.split(".") as [string, ...string[]];
        const last = keys.pop();
        const holder = keys.reduce<any>((value, key) => value?.[key], inputs[input]);
        if (last !== undefined && holder?.[last] !== undefined) {
            holder[last] = secretMask;
        } else {
            // The input itself, or a key with a dot in it, which a path does not tell apart: better too much than too little.
            inputs[input] = secretMask;
        }
    }
    return inputs;
}
