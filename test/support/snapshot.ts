import * as assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Compares lines with a file of `test/snapshots/`, which people read when it changes. `UPDATE_SNAPSHOTS=1` writes it anew;
 * without, a missing file is a failure.
 */
export function matchesSnapshot(name: string, lines: string[]): void {
    const file = join(__dirname, "../snapshots", name);
    const text = `${lines.join("\n")}\n`;
    if (process.env.UPDATE_SNAPSHOTS === "1") {
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, text);
        return;
    }
    assert.ok(existsSync(file), `test/snapshots/${name} is missing: make it with UPDATE_SNAPSHOTS=1 npm test`);
    assert.deepEqual(text.split("\n"), readFileSync(file, "utf8").split("\n"));
}
