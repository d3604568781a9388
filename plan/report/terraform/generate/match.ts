import * as byHand from "./by-hand";
import { type Property, type PulumiType } from "./pulumi-sdk";
import { type Field, type TerraformType } from "./terraform-schema";

// Pulumi's bridge makes its names out of Terraform's by rules (pulumi-terraform-bridge, pkg/tfbridge/names.go), and by hand where its
// authors liked another name better. What it made of what is found again by the rules, and believed only where all fits: every
// property of the one is a field of the other.

/** What properties are called in Terraform. */
export interface Pairs {
    fields: Map<string, Field>;
    /** Properties without a field, and fields without a property. */
    properties: string[];
    left: string[];
}

/** Pairs properties with fields, by the likeness of their names; each is taken once. */
export function pair(
    properties: readonly Pick<Property, "name">[],
    fields: readonly Field[],
    known: Record<string, string> = {},
): Pairs {
    const pairs: Pairs = { fields: new Map(), properties: properties.map(({ name }) => name), left: [] };
    let left = [...fields];
    const isKnown = (property: string, { name }: Field): boolean => known[property] === name;
    for (const alike of [isKnown, isSame, isPlural, isShort]) {
        pairs.properties = pairs.properties.filter((name) => {
            const candidates = left.filter((field) => alike(name, field));
            if (candidates.length !== 1) {
                return true;
            }
            pairs.fields.set(name, candidates[0]!);
            left = left.filter((field) => field !== candidates[0]);
            return false;
        });
    }
    return { ...pairs, left: left.map(({ name }) => name) };
}

const flat = (name: string): string => name.replace(/_/g, "").toLowerCase();

const isSame = (property: string, { name }: Field): boolean => flat(property) === flat(name);

/** The bridge puts lists into the plural. Of what is computed only, the bindings do not tell lists from the rest. */
const isPlural = (property: string, { name, many, settable }: Field): boolean =>
    (many || !settable) && plurals(flat(name)).includes(flat(property));

/** The bridge's authors cut what goes without saying: `rest_api_id` is `restApi`, `alarm_name` is `name`. */
const isShort = (property: string, { name }: Field): boolean =>
    ["id", "arn", "name"].some((end) => name.endsWith(`_${end}`) && flat(name) === flat(property) + end) ||
    (name.includes("_") && flat(name.slice(name.lastIndexOf("_"))) === flat(property));

function plurals(word: string): string[] {
    const endings: [end: RegExp, plural: string][] = [
        [/$/, "s"],
        [/(?<=s|x|ch|sh)$/, "es"],
        [/(?<![aeiou])y$/, "ies"],
        [/is$/, "es"],
        [/(?:ex|ix)$/, "ices"],
        [/(?:um|on)$/, "a"],
        [/(?<=s)$/, "ses"],
        [/us$/, "i"],
    ];
    return endings.filter(([end]) => end.test(word)).map(([end, plural]) => word.replace(end, plural));
}

export interface Match {
    type: TerraformType;
    pairs: Pairs;
}

/** The Terraform type that a Pulumi type is made of: that of its name, if all properties and fields fit. */
export function matchType(pulumi: PulumiType, types: readonly TerraformType[]): Match | undefined {
    const properties = [...pulumi.inputs, ...pulumi.outputs.map((name) => ({ name }))].filter(
        ({ name }) => name !== "id",
    );
    const likely = types
        .map((type) => ({ type, likeness: likeness(pulumi.token, type.name) }))
        .filter(({ likeness }) => likeness > 0)
        .map(({ type, likeness }) => ({ type, likeness, pairs: pairType(pulumi.token, properties, type) }))
        .filter(({ pairs }) => pairs.properties.length === 0 && pairs.left.length === 0)
        .sort((one, other) => other.likeness - one.likeness);
    const [best, second] = likely;
    return best?.likeness === second?.likeness ? undefined : best;
}

function pairType(token: string, properties: readonly Pick<Property, "name">[], { fields }: TerraformType): Pairs {
    // Each resource of Pulumi's has an id. Timeouts are an option of Pulumi's, and in some types an input as well.
    const isOption = ({ name }: Field): boolean =>
        name === "id" || (name === "timeouts" && !properties.some((property) => property.name === "timeouts"));
    const kept = fields.filter((field) => !isOption(field));
    const pairs = pair(properties, kept, byHand.fields[token]);
    // The bindings leave out timeouts that only a newer provider has; they are no more than an option.
    const excused = ["timeouts", ...(byHand.unknown[token] ?? [])];
    pairs.properties = pairs.properties.filter((name) => !excused.includes(name));
    return pairs;
}

/** How like a token and the name of a Terraform type are: 4 known, 3 with module and name, 2 by name alone, 1 by the end of the name. */
function likeness(token: string, terraform: string): number {
    const known = byHand.types[token];
    if (known !== undefined) {
        return known === terraform ? 4 : 0;
    }
    const [, path = "", name = ""] = token.split(":");
    const [module = ""] = path.split("/");
    const own = flat(terraform.slice(terraform.indexOf("_") + 1));
    // Old names that the SDK keeps: BucketV2 is Bucket.
    const wanted = flat(name).replace(/(?<=^bucket.*)v2$/, "");
    return own === module + wanted ? 3 : own === wanted ? 2 : own.endsWith(wanted) ? 1 : 0;
}
