import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

// Reads the schema of a Terraform provider out of its bindings for CDK for Terraform (now CDK Terrain), which are generated from
// that schema and have it in full: names, blocks, and what is computed.

/** A field of a Terraform resource, or of a block in it. */
export interface Field {
    /** As in Terraform: `versioning_configuration`. */
    name: string;
    /** Whether there may be several values. */
    many: boolean;
    /** Whether these have no order. */
    set: boolean;
    /** Whether the program may give it. */
    settable: boolean;
    /** Whether the provider gives a value if the program gives none. */
    computed: boolean;
    /** Fields of a block. */
    fields?: Field[];
}

/** A resource type of a Terraform provider. */
export interface TerraformType {
    /** `aws_s3_bucket_versioning` */
    name: string;
    fields: Field[];
}

/** All resource types in the unpacked bindings of a provider. */
export function readTerraformTypes(folder: string): TerraformType[] {
    const lib = join(folder, "lib");
    return readdirSync(lib)
        .filter((name) => !name.startsWith("data-") && statSync(join(lib, name)).isDirectory())
        .flatMap((name) => readType(sourceOf(join(lib, name))) ?? []);
}

/** The text of all files in a folder. Types with many blocks are spread over several. */
function sourceOf(folder: string): string {
    return readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".js"))
        .map((file) => readFileSync(join(folder, file), "utf8"))
        .join("\n");
}

function readType(source: string): TerraformType | undefined {
    const own = /^class \w+ extends cdkt[fn]\.TerraformResource \{\n([^]*?)^\}/m.exec(source)?.[1];
    if (own === undefined) {
        return undefined;
    }
    const [, name] = /tfResourceType = "(\w+)"/.exec(source)!;
    const written = new Map<string, string>();
    for (const [, block, body] of source.matchAll(
        /^(?:export )?function (\w+)ToHclTerraform\(struct\) \{\n([^]*?)^\}/gm,
    )) {
        written.set(block!, body!);
    }
    const classes = new Map<string, string>();
    for (const [, block, body] of source.matchAll(
        /^class (\w+?)(?:OutputReference)? extends [\w.]+ \{\n([^]*?)^\}/gm,
    )) {
        classes.set(block!.toLowerCase(), body!);
    }
    return { name: name!, fields: readFields(own, own, { written, classes }) };
}

interface Blocks {
    /** Functions that write a block, by the block's name. */
    written: Map<string, string>;
    /** Classes of blocks, by their name in lower case. */
    classes: Map<string, string>;
}

/** Fields from the text that writes them and the class that documents them. */
function readFields(writes: string, documents: string, blocks: Blocks, within: string[] = []): Field[] {
    const fields = new Map<string, Field>();
    for (const [, name, computed, optional, required] of documents.matchAll(
        /^ +\/\/ (\w+) - computed: (\w+), optional: (\w+), required: (\w+)$/gm,
    )) {
        fields.set(name!, {
            name: name!,
            many: false,
            set: false,
            settable: optional === "true" || required === "true",
            computed: computed === "true",
        });
    }
    for (const [, name, value, type] of writes.matchAll(
        /^ +(\w+): \{\n +value: (.*),\n +isBlock: \w+,\n +type: "(\w+)",/gm,
    )) {
        const field = fields.get(name!) ?? { name: name!, many: false, set: false, settable: true, computed: false };
        field.many = type === "list" || type === "set";
        field.set = type === "set";
        const block = /(\w+)ToHclTerraform[,)(]/.exec(value!)?.[1];
        // Some blocks have themselves in them.
        if (block !== undefined && blocks.written.has(block) && !within.includes(block)) {
            const documents = blocks.classes.get(block.toLowerCase()) ?? "";
            field.fields = readFields(blocks.written.get(block)!, documents, blocks, [...within, block]);
        }
        fields.set(name!, field);
    }
    return [...fields.values()];
}
