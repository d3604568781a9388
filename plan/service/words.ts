import { existsSync } from "node:fs";
import * as path from "node:path";
import { type Project } from "../stack-config";
import { type Connection, type Statement } from "./model";

/** Words that a project has for what its services are given. Where it has none, there is only what the stack says. */
export interface Words {
    /** Meaning of an environment variable, in one or two sentences. */
    variable(name: string): string | undefined;
    /** What a statement of a role allows or denies, as a sentence. */
    statement(statement: Statement): string | undefined;
    /** What stands at the other end of a connection. */
    connection(connection: Connection): string | undefined;
}

const none: Words = { variable: () => undefined, statement: () => undefined, connection: () => undefined };

/** The words of a project: `words` in its file `contract/words.ts`, if there is one. */
export function wordsOf({ folder }: Pick<Project, "folder">): Words {
    const file = path.join(folder, "contract", "words");
    if (!existsSync(`${file}.ts`)) {
        return none;
    }
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded only when somebody asks for words
    return (require(file) as { words: Words }).words;
}
