import { address, localAddress, type Placed } from "./placement";
import { snakeCase } from "./mapping";

/** A value that a resource gives to others. */
export interface Attribute {
    of: Placed;
    /** In Pulumi. */
    property: string;
    /** In Terraform: `arn`. */
    name: string;
    value: string;
    /** Whether AWS computes it, so that a plan does not know it. */
    computed: boolean;
}

/**
 * Finds out which values of a recording come from other resources. A recording says by which of its inputs a resource depends on
 * which others; which of their attributes an input holds, shows in its value.
 */
export class References {
    private readonly byUrn = new Map<string, Placed>();
    private readonly order = new Map<Placed, number>();
    private readonly attributes = new Map<Placed, Attribute[]>();
    /** By values that can mean one resource only. */
    private readonly byValue = new Map<string, Attribute>();

    constructor(placed: readonly Placed[]) {
        placed.forEach((each, index) => {
            this.byUrn.set(each.resource.urn, each);
            this.order.set(each, index);
            this.attributes.set(each, attributesOf(each));
            for (const attribute of this.attributes.get(each)!.filter(isUnmistakable)) {
                this.byValue.set(attribute.value, this.byValue.get(attribute.value) ?? attribute);
            }
        });
    }

    /** Resources that an input of a resource refers to, in the order of their registration. */
    targets({ resource }: Placed, input: string): Placed[] {
        return this.known(resource.propertyDependencies[input] ?? []);
    }

    /** Resources that a resource waits for. */
    dependencies({ resource }: Placed): Placed[] {
        return this.known(resource.dependencies);
    }

    /**
     * The attributes that a value comes through, from where it is made to where it is taken: of the targets, or of any resource that
     * came before. None if it is nobody's.
     *
     * @param field Terraform's name of the field that takes it.
     */
    source(value: string, field: string, targets: readonly Placed[], self: Placed): Attribute[] {
        const alike = targets
            .flatMap((target) => this.attributes.get(target)!)
            .filter((attribute) => attribute.value === value);
        const [likeliest] = alike.sort((one, other) => likeness(other, field) - likeness(one, field));
        const unmistakable = this.byValue.get(value);
        const isBefore = unmistakable && this.order.get(unmistakable.of)! < this.order.get(self)!;
        const found = likeliest ?? (isBefore ? unmistakable : undefined);
        if (!found) {
            return [];
        }
        // A resource may hand on what it was given.
        const { of, property, name, computed } = found;
        return [...(computed ? [] : this.source(value, name, this.targets(of, property), of)), found];
    }

    /** Of each target, the first computed attribute that is part of a text. */
    mentioned(text: string, targets: readonly Placed[]): Attribute[] {
        return targets.flatMap(
            (target) =>
                this.attributes.get(target)!.find(({ computed, value }) => computed && text.includes(value)) ?? [],
        );
    }

    private known(urns: readonly string[]): Placed[] {
        const found = urns.flatMap((urn) => this.byUrn.get(urn) ?? []);
        return [...new Set(found)].sort((one, other) => this.order.get(one)! - this.order.get(other)!);
    }
}

/**
 * References as Terraform lists them: the attribute, then the resource. Terraform itself has no reference to a resource in another
 * module, since a variable carries the value there; the full address stands with it then.
 */
export function referenceTexts(from: Placed, to: Placed, attribute?: string): string[] {
    const local = localAddress(to);
    const isNear = from.modules.join(".") === to.modules.join(".");
    return [...(attribute === undefined ? [] : [`${local}.${attribute}`]), local, ...(isNear ? [] : [address(to)])];
}

/** What a resource gives, its id and ARN before all else. Short values prove nothing: many resources have them. */
function attributesOf(of: Placed): Attribute[] {
    const { id, inputs, outputs } = of.resource;
    const names = Object.keys(outputs).filter((name) => name !== "id" && name !== "arn");
    const all: Attribute[] = [
        { of, property: "id", name: "id", value: id, computed: true },
        ...["arn", ...names].map((property) => ({
            of,
            property,
            name: of.mapping.fields?.[property]?.name ?? snakeCase(property),
            value: outputs[property] as string,
            computed: inputs[property] === undefined,
        })),
    ];
    return all.filter(({ value }) => typeof value === "string" && value.length > 3);
}

/**
 * How likely it is that a field takes this attribute, and not another of the same value: many ids are also the ARN or the name. One
 * that is computed comes first: what reads plans finds references only where a value is unknown. Among these, `target_group_arn`
 * takes the `arn`; what ends in nothing of the kind, an ARN or else the id.
 */
function likeness({ name, value, computed }: Attribute, field: string): number {
    const isNamed = field === name || field.replace(/s$/, "").endsWith(`_${name}`);
    const isUsual = name === "arn" ? value.startsWith("arn:") : name === "id";
    return (computed ? 1000 : 0) + (isNamed ? 10 + name.length : isUsual ? name.length : 0);
}

/** Whether a value is an ARN, or an id that AWS made up. Many ids are names, which other resources have as well. */
function isUnmistakable({ of, name, value, computed }: Attribute): boolean {
    const { inputs, outputs } = of.resource;
    return (
        computed &&
        ((name === "arn" && value.startsWith("arn:")) ||
            (name === "id" && !Object.values(inputs).includes(value) && outputs.name !== value))
    );
}
