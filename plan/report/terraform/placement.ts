import { type RecordedResource, type Recording } from "../../recording";
import { packageOf, type ProviderMapping, providerMapping, type TypeMapping } from "./mapping";

/** What the Terraform plan lacks: a resource, or a property of one. */
export interface LeftOut {
    urn: string;
    /** Path of the property, as Pulumi has it; none if it is the whole resource. */
    property?: string;
    reason: string;
}

/** A resource with its place in the Terraform plan. */
export interface Placed {
    resource: RecordedResource;
    mapping: TypeMapping;
    provider: ProviderMapping;
    /** Name in Terraform; no other resource of the type has it, in whatever module. */
    name: string;
    /** Names of the modules it is in, from the outermost. A component is a module. */
    modules: string[];
}

/** Address within its module: `aws_kms_key.data`. */
export const localAddress = ({ mapping, name }: Placed): string => `${mapping.type}.${name}`;

/** Address of a module: `module.encryption.module.data`; empty for the root. */
export const moduleAddress = (modules: readonly string[]): string => modules.map((name) => `module.${name}`).join(".");

/** Address in the whole plan. */
export const address = (placed: Placed): string =>
    [moduleAddress(placed.modules), localAddress(placed)].filter(Boolean).join(".");

/** Gives each resource that Terraform knows its place, and tells which it does not know. */
export function place({ resources }: Recording): { placed: Placed[]; leftOut: LeftOut[] } {
    const names = new Names();
    const modules = new Map<string, string[]>();
    const placed: Placed[] = [];
    const leftOut: LeftOut[] = [];
    // A parent is registered before its children.
    for (const resource of resources) {
        const { urn, type, name, kind, parent } = resource;
        const within = (parent !== undefined && modules.get(parent)) || [];
        if (kind === "component" || kind === "remote") {
            const kindOf = type.split(":").at(-1)!;
            modules.set(urn, [...within, names.give(`module ${moduleAddress(within)}`, name, `${name}-${kindOf}`)]);
            continue;
        }
        modules.set(urn, within);
        const provider = providerMapping(packageOf(type));
        const mapping = provider?.types[type];
        if (kind === "provider") {
            continue;
        }
        const reason = reasonToLeaveOut(resource, provider, mapping);
        if (reason !== undefined) {
            leftOut.push({ urn, reason });
        } else {
            const given = names.give(mapping!.type, name);
            placed.push({ resource, mapping: mapping!, provider: provider!, name: given, modules: within });
        }
    }
    return { placed, leftOut };
}

function reasonToLeaveOut(
    { kind, type, options }: RecordedResource,
    provider: ProviderMapping | undefined,
    mapping: TypeMapping | undefined,
): string | undefined {
    if (kind === "read") {
        return "it exists already and is only read; what it is like is not known offline";
    }
    if (options.import !== undefined) {
        return "it exists already and is imported; what that changes is not known offline";
    }
    if (!provider) {
        return `there is no table of what the package ${packageOf(type)} is called in Terraform`;
    }
    return mapping ? undefined : "what its type is called in Terraform is not known";
}

/** Names as Terraform wants them, each given once in its space. */
class Names {
    private readonly given = new Set<string>();

    /** The first of the names that is still to be had, or the last with a number. */
    give(space: string, ...wanted: string[]): string {
        const legal = wanted.map((name) => name.replace(/[^A-Za-z0-9_-]/g, "_").replace(/^(?=[^A-Za-z_])/, "_"));
        let name = legal.find((each) => !this.given.has(`${space} ${each}`));
        for (let count = 2; name === undefined; count++) {
            const numbered = `${legal.at(-1)}_${count}`;
            name = this.given.has(`${space} ${numbered}`) ? undefined : numbered;
        }
        this.given.add(`${space} ${name}`);
        return name;
    }
}
