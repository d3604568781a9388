import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { imagesDocument } from "./document";
import { describedStacks } from "./document/stacks";
import { jsonSchema, messages } from "./messages";

// Writes docs/images.md and docs/schemas/, from the program and the contract:
// `node --require ./plan/register.cjs contract/write.ts`.

const docs = join(__dirname, "../docs");

/** Every generated file below docs/, with its text. */
export async function generated(): Promise<Record<string, string>> {
    const texts = {
        "images.md": imagesDocument(await describedStacks()),
        ...Object.fromEntries(
            messages.map((message) => [`schemas/${message.id}.json`, JSON.stringify(jsonSchema(message))]),
        ),
    };
    const laidOut = Object.entries(texts).map(async ([file, text]) => {
        const filepath = join(docs, file);
        return [file, await format(text, { ...(await resolveConfig(filepath)), filepath })] as const;
    });
    return Object.fromEntries(await Promise.all(laidOut));
}

async function write(): Promise<void> {
    const files = await generated();
    const schemas = join(docs, "schemas");
    mkdirSync(schemas, { recursive: true });
    // Schemas of messages that there are no more.
    readdirSync(schemas)
        .filter((file) => !(`schemas/${file}` in files))
        .forEach((file) => rmSync(join(schemas, file)));
    Object.entries(files).forEach(([file, text]) => writeFileSync(join(docs, file), text));
}

/** Generated files as they are on the disk. */
export const onDisk = (): Record<string, string> =>
    Object.fromEntries(
        ["images.md", ...readdirSync(join(docs, "schemas")).map((file) => `schemas/${file}`)].map((file) => [
            file,
            readFileSync(join(docs, file), "utf8"),
        ]),
    );

if (require.main === module) {
    void write();
}
