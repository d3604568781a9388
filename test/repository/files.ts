import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const root = join(__dirname, "../..");

/** Text of a file, by its path in the repository. */
export const read = (path: string): string => readFileSync(join(root, path), "utf8");

/** Folders and files that belong to nobody: those of git, and what .gitignore leaves out. */
const foreign = new Set([
    ".git",
    ...read(".gitignore")
        .split("\n")
        .map((line) => line.replace(/\/$/, "")),
]);

/** What lies in a folder of the repository; folders end in a slash. */
export function entries(folder = ""): string[] {
    return readdirSync(join(root, folder), { withFileTypes: true })
        .filter(({ name }) => !foreign.has(name))
        .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name));
}

/** Paths of all files below a folder of the repository. */
export function files(folder = ""): string[] {
    return entries(folder).flatMap((name) => (name.endsWith("/") ? files(folder + name) : [folder + name]));
}
