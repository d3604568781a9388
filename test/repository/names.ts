import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { entries, read, root } from "./files";

/** Text between backquotes, and lines of code, cut where a shell would cut them; quotes, and what stands before `=`, are left out. */
function codeWords(markdown: string): string[] {
    const blocks = [...markdown.matchAll(/^ *```\w*\n([\s\S]*?)^ *```/gm)].map(([, code]) =>
        code!.replace(/\s#.*$/gm, ""),
    );
    const spans = [...markdown.replace(/^ *```[\s\S]*?^ *```/gm, "").matchAll(/`([^`]+)`/g)].map(([, code]) => code!);
    return [...blocks, ...spans]
        .flatMap((code) => code.split(/[\s'"=;()]+/))
        .map((word) => word.replace(/^\.\/|[,:]$/g, ""));
}

/** Headings as GitHub makes anchors of them. */
const anchors = (markdown: string): string[] =>
    [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
        heading!
            .toLowerCase()
            .replace(/[^\p{L}\p{N} _-]/gu, "")
            .replace(/ /g, "-"),
    );

/** Paths that a document names in code: below a folder of the repository, or with the ending of a file that it has. */
function missingPaths(markdown: string): string[] {
    const top = new Set(entries().map((name) => name.replace(/\/$/, "")));
    return (
        codeWords(markdown)
            .filter((word) => /^[\w.-]+(\/[\w.*-]+)*\/?$/.test(word))
            .filter((word) =>
                word.includes("/")
                    ? top.has(word.split("/")[0]!) || word.endsWith("/")
                    : /^[\w-]+\.(cjs|json|md|mjs|ts)$/.test(word),
            )
            // Of a pattern, what stands before it.
            .map((word) => word.replace(/[^/]*\*.*$/, ""))
            .filter((path) => !existsSync(join(root, path)))
    );
}

/** Links to other files, and to headings of this or another one, that lead nowhere. */
export function deadLinks(document: string, markdown: string): string[] {
    return [...markdown.matchAll(/\]\(([^)\s]+)\)/g)]
        .map(([, target]) => target!)
        .filter((target) => !/^[a-z]+:/.test(target))
        .filter((target) => {
            const [path, anchor] = target.split("#") as [string, string?];
            const file = path === "" ? document : join(dirname(document), path);
            return !existsSync(join(root, file)) || (anchor !== undefined && !anchors(read(file)).includes(anchor));
        });
}

/** Scripts of package.json that a document runs and package.json lacks. */
function missingScripts(markdown: string, scripts: readonly string[]): string[] {
    return [...markdown.matchAll(/npm (?:run (?:--silent )?([\w:-]+)|(test)\b)/g)]
        .map(([, script, test]) => (script ?? test)!)
        .filter((script) => !scripts.includes(script));
}

/** What a document names and the repository lacks: paths, links and npm scripts. */
export function missingFrom(document: string, markdown: string, scripts: readonly string[]): string[] {
    const missing = [
        ...missingPaths(markdown),
        ...deadLinks(document, markdown),
        ...missingScripts(markdown, scripts).map((script) => `npm run ${script}`),
    ];
    return [...new Set(missing)];
}
