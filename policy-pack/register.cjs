// Lets Node load TypeScript as it is. Sucrase only strips types, which is the fastest way there is in
// plain JavaScript; types are checked by `npm run typecheck`. What it made is kept under node_modules/.cache, named after
// the source's content: stripping took a sixth of the time of a plan.
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { dirname, join } = require("node:path");
const { addHook } = require("pirates");
const { version } = require("sucrase/package.json");
require("./lazy-modules.cjs");

// Coverage counts characters of what ran; only a map tells which of the source they are.
const mapped = process.env.NODE_V8_COVERAGE !== undefined;
// Beside the modules, wherever they are installed.
const modules = dirname(dirname(require.resolve("sucrase/package.json")));
const cache = join(modules, ".cache", "aipx-typescript");

addHook(
    (source, file) => {
        const key = createHash("sha1").update(`${version} ${mapped}\0`).update(source).digest("hex");
        const kept = join(cache, `${key}.js`);
        try {
            return readFileSync(kept, "utf8");
        } catch {
            // Not there yet. Line numbers stay as they are, so no source map is needed.
            const { code, sourceMap } = require("sucrase").transform(source, {
                transforms: ["imports", "typescript"],
                filePath: file,
                ...(mapped && { sourceMapOptions: { compiledFilename: file } }),
            });
            const text = sourceMap ? `${code}\n${inline(sourceMap)}` : code;
            keep(kept, text);
            return text;
        }
    },
    { exts: [".ts"] },
);

const inline = (map) =>
    `//# sourceMappingURL=data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString("base64")}`;

/** Writes in one step: another process may be reading, or writing the same. */
function keep(file, code) {
    try {
        mkdirSync(cache, { recursive: true });
        const draft = `${file}.${process.pid}`;
        writeFileSync(draft, code);
        renameSync(draft, file);
    } catch {
        // A folder that cannot be written to costs time, nothing else.
    }
}
