import { Properties, type Value } from "./value";

/** Options of a resource, as far as rules look at them. */
interface ResourceOptions {
    protect?: boolean;
    retainOnDelete?: boolean;
    ignoreChanges?: string[];
    additionalSecretOutputs?: string[];
}

/** A resource as rules see it, whatever it came from: the engine, the offline plan, or exported state. */
export interface Resource {
    urn: string;
    /** `aws:s3/bucket:Bucket` */
    type: string;
    /** Logical name. */
    name: string;
    props: Value;
    options: ResourceOptions;
    /** Inputs of the explicit provider, if there is one. */
    provider?: Value;
    /** URN of the parent. */
    parent?: string;
    /** URNs of all resources that it depends on. Known for stack rules only. */
    dependencies: string[];
    /** URNs by top-level property. Known for stack rules only. */
    propertyDependencies: Record<string, string[]>;
}

/** Name of the stack that a resource is in. */
const stackOf = (urn: string): string => urn.split("::")[0]?.replace(/^urn:pulumi:/, "") ?? "";

/** Properties that know what they are made of, for a resource of a stack. */
export function linked(
    props: unknown,
    propertyDependencies: Record<string, string[]>,
): Pick<Resource, "props" | "propertyDependencies"> {
    const madeOf = new Map(Object.entries(propertyDependencies).map(([key, urns]) => [key, urns.map(typeOf)]));
    return { props: new Properties(props, madeOf), propertyDependencies };
}

/** Type token of a resource, out of its URN. */
const typeOf = (urn: string): string => urn.split("::")[2]?.split("$").pop() ?? "";

/** All resources of a stack, and how they hang together. */
export class Stack {
    readonly name: string;
    private readonly byUrn: Map<string, Resource>;
    private readonly byType = new Map<string, Resource[]>();
    private readonly byIdentity = new Map<string, Resource[]>();
    private readonly byTarget = new Map<string, Map<Resource, Resource[]>>();

    constructor(readonly resources: readonly Resource[]) {
        this.name = stackOf(resources[0]?.urn ?? "");
        this.byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
        for (const resource of resources) {
            push(this.byType, resource.type, resource);
            for (const key of ["id", "arn", "name"]) {
                const text = resource.props.at(key).text;
                if (text !== undefined) {
                    push(this.byIdentity, text, resource);
                }
            }
        }
    }

    /** All resources of these types. */
    ofType(...types: string[]): Resource[] {
        return types.flatMap((type) => this.byType.get(type) ?? []);
    }

    get(urn: string): Resource | undefined {
        return this.byUrn.get(urn);
    }

    /**
     * Resources of these types that a property refers to: by the URNs that the engine knows, which hold even while ids do
     * not, or else by id, ARN or name.
     */
    references(resource: Resource, property: string, types: readonly string[]): Resource[] {
        return this.targets(resource, property).filter(({ type }) => types.includes(type));
    }

    /** Resources of these types whose property refers to `target`. */
    referrers(target: Resource, property: string, types: readonly string[]): Resource[] {
        // Asked of one target after the other: looked up for all of them at once.
        const key = `${property} ${types.join(" ")}`;
        let byTarget = this.byTarget.get(key);
        if (!byTarget) {
            byTarget = new Map<Resource, Resource[]>();
            for (const resource of this.ofType(...types)) {
                for (const each of this.targets(resource, property)) {
                    push(byTarget, each, resource);
                }
            }
            this.byTarget.set(key, byTarget);
        }
        return byTarget.get(target) ?? [];
    }

    /** All resources that a property refers to. */
    private targets(resource: Resource, property: string): Resource[] {
        const linked = (resource.propertyDependencies[property] ?? []).flatMap((urn) => this.byUrn.get(urn) ?? []);
        const named = resource.props.at(property).texts.flatMap((text) => this.byIdentity.get(text) ?? []);
        return [...new Set([...linked, ...named])];
    }
}

/** Adds a value to those of a key. */
export function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
    const values = map.get(key);
    if (values) {
        values.push(value);
    } else {
        map.set(key, [value]);
    }
}
