import { readFileSync } from "node:fs";
import { join } from "node:path";

// What Pulumi's types and properties are called in Terraform. The tables beside this file are written by `generate/`.

/** A property that is not named or shaped by the rule. Without an entry, `camelCase` is `snake_case` and the value is as it is. */
export interface FieldMapping {
    /** Its name in Terraform. */
    name?: string;
    /** Whether Terraform has a list where Pulumi has one value. */
    single?: true;
    /** Whether Terraform has a set: it is unknown as a whole if one of its elements is. */
    set?: true;
    /** Whether it is a file, which Terraform takes by its path. */
    asset?: true;
    /** Whether Pulumi takes an object where Terraform takes JSON as text. */
    json?: true;
    /** Properties of a block that go by no rule. Present, if empty, for every block. */
    fields?: Record<string, FieldMapping>;
    /** Properties of the block that Terraform does not have. */
    unknown?: string[];
}

/** A resource type. */
export interface TypeMapping {
    /** `aws_s3_bucket_versioning` */
    type: string;
    /** Fields that the provider fills in if nothing is given. */
    computed: string[];
    fields?: Record<string, FieldMapping>;
    /** Properties that Terraform does not have. */
    unknown?: string[];
}

/** Resource types of a Pulumi provider that is made of a Terraform provider. */
export interface ProviderMapping {
    /** What the table is made from. */
    source: string;
    /** The Terraform provider: `registry.terraform.io/hashicorp/aws`. */
    provider: string;
    /** By Pulumi's type token. */
    types: Record<string, TypeMapping>;
}

/** Packages that have a table. For another: a line in `generate/main.ts`, and its name here. */
const known = ["aws", "tls"];

const tables = new Map<string, ProviderMapping>();

/** The table of a package (`aws`); undefined if there is none. */
export function providerMapping(name: string): ProviderMapping | undefined {
    if (!tables.has(name) && known.includes(name)) {
        tables.set(name, JSON.parse(readFileSync(join(__dirname, `${name}.json`), "utf8")) as ProviderMapping);
    }
    return tables.get(name);
}

/** The package of a type token: `aws`. */
export const packageOf = (token: string): string => token.split(":")[0]!;

/** Terraform's name for a property by the rule: `kmsKeyArn` is `kms_key_arn`. */
export const snakeCase = (property: string): string =>
    property.replace(/(?<=[a-z0-9])[A-Z]|(?<=[A-Z])[A-Z](?=[a-z])/g, "_$&").toLowerCase();
