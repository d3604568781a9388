import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { unknown } from "./by-hand";
import { type FieldMapping, type ProviderMapping, snakeCase, type TypeMapping } from "../mapping";
import { matchType, pair, type Pairs } from "./match";
import { type Property, readPulumiTypes } from "./pulumi-sdk";
import { type Field, readTerraformTypes } from "./terraform-schema";

// Writes what Pulumi's resource types and properties are called in Terraform, for all providers or those that are named:
// `node --require ./plan/register.cjs plan/report/terraform/generate/main.ts [aws]`. Both sides are read from packages of npm:
// Pulumi's from the installed SDK, Terraform's from bindings that are generated from the provider's schema.

/** Pulumi providers that are made of Terraform providers, with npm's bindings of these. */
const providers = [
    { name: "aws", provider: "registry.terraform.io/hashicorp/aws", bindings: "@cdktn/provider-aws@25.7.0" },
    { name: "tls", provider: "registry.terraform.io/hashicorp/tls", bindings: "@cdktf/provider-tls@11.0.1" },
];

const [, , ...wanted] = process.argv;
for (const { name, provider, bindings } of providers.filter(
    ({ name }) => wanted.length === 0 || wanted.includes(name),
)) {
    const folder = mkdtempSync(join(tmpdir(), "terraform-bindings-"));
    try {
        const [{ filename }] = JSON.parse(
            execFileSync("npm", ["pack", bindings, "--json", "--pack-destination", folder], { encoding: "utf8" }),
        ) as [{ filename: string }];
        execFileSync("tar", ["xzf", filename, "--exclude", "*/data-*"], { cwd: folder });
        const mapping = generate(name, provider, bindings, join(folder, "package"));
        writeFileSync(join(__dirname, "..", `${name}.json`), text(mapping));
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}

function generate(name: string, provider: string, bindings: string, folder: string): ProviderMapping {
    const manifest = require.resolve(`@pulumi/${name}/package.json`);
    const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
    const terraform = readTerraformTypes(folder);
    const types: Record<string, TypeMapping> = {};
    const unmatched: string[] = [];
    const all = readPulumiTypes(dirname(manifest)).sort((one, other) => (one.token < other.token ? -1 : 1));
    for (const pulumi of all) {
        const match = matchType(pulumi, terraform);
        if (!match) {
            unmatched.push(pulumi.token);
            continue;
        }
        const properties = [...pulumi.inputs, ...pulumi.outputs.map((output) => ({ name: output, many: true }))];
        const fields = fieldsOf(properties, match.pairs);
        types[pulumi.token] = {
            type: match.type.name,
            computed: match.type.fields.filter((field) => field.computed).map((field) => field.name),
            ...(Object.keys(fields).length > 0 && { fields }),
            ...(unknown[pulumi.token] && { unknown: unknown[pulumi.token] }),
        };
    }
    console.log(
        `${name}: ${Object.keys(types).length} types of ${all.length}. Without a counterpart:\n${unmatched.join("\n")}`,
    );
    return { source: `@pulumi/${name} ${version}, ${bindings.replace(/(?!^)@/, " ")}`, provider, types };
}

/** What goes by no rule. */
function fieldsOf(properties: readonly Property[], pairs: Pairs): Record<string, FieldMapping> {
    return Object.fromEntries(
        properties.flatMap((property) => {
            const field = pairs.fields.get(property.name);
            const mapping = field && fieldOf(property, field);
            return mapping && Object.keys(mapping).length > 0 ? [[property.name, mapping]] : [];
        }),
    );
}

function fieldOf(property: Property, field: Field): FieldMapping {
    const named = { ...(field.name !== snakeCase(property.name) && { name: field.name }) };
    const shaped = {
        ...named,
        ...(field.many && !property.many && { single: true as const }),
        ...(field.set && !field.fields && { set: true as const }),
        ...(property.asset && { asset: true as const }),
    };
    if (!field.fields) {
        return { ...shaped, ...(property.properties && { json: true as const }) };
    }
    const inner = pair(property.properties ?? [], field.fields);
    return {
        ...shaped,
        fields: fieldsOf(property.properties ?? [], inner),
        ...(inner.properties.length > 0 && { unknown: inner.properties }),
    };
}

/** One type a line, so that changes can be read. */
function text({ types, ...head }: ProviderMapping): string {
    const lines = Object.entries(types).map(
        ([token, type]) => `        ${JSON.stringify(token)}: ${JSON.stringify(type)}`,
    );
    return `${JSON.stringify(head, null, 4).replace(/\n}$/, "")},\n    "types": {\n${lines.join(",\n")}\n    }\n}\n`;
}
