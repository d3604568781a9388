import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Lab } from "./lab";
import { madeByProviders, stateOf } from "./state";

/**
 * Does what docs/reliability.md tells people to do after a crash: remove the lock, let Pulumi forget what was under way, and
 * import what exists all the same.
 *
 * @returns How many creations were under way, and how many of them had come through.
 */
export async function recover(lab: Lab): Promise<{ creations: number; imported: number }> {
    await lab.cancel();
    const { pending_operations: pending = [] } = await stateOf(lab);
    const creations = pending.filter(({ type }) => type === "creating").length;
    const options = ["--yes", "--skip-preview", "--clear-pending-creates", "--stack", lab.stackName];
    const { code, output } = await lab.cli("refresh", ...options);
    assert.equal(code, 0, output);
    return { creations, imported: (await importLost(lab)).length };
}

/** What `pulumi preview --import-file` writes. */
interface ImportFile {
    /** Left out if there are none. */
    resources?: { type: string; name: string; logicalName?: string; component?: boolean; id?: string }[];
}

/**
 * Does what docs/reliability.md tells people to do after they have restored a state that is older than what exists: let Pulumi
 * list what it would create, fill in the ids of what exists, and import that.
 *
 * @returns Ids of what was imported.
 */
export async function importLost(lab: Lab): Promise<string[]> {
    const file = join(lab.folder, "lost.json");
    const { ok, output } = await lab.preview({ importFile: file });
    assert.ok(ok, output);
    const list = JSON.parse(readFileSync(file, "utf8")) as ImportFile;
    const known = new Set(madeByProviders(await stateOf(lab)).map(({ type, id }) => `${type} ${id}`));
    const ids: string[] = [];
    const resources = (list.resources ?? []).filter((resource) => {
        const { type, name, logicalName = name, component } = resource;
        const existing = lab.account
            .ofType(type)
            .filter(({ id, urn }) => !known.has(`${type} ${id}`) && urn.endsWith(`::${logicalName}`));
        if (existing.length > 0) {
            assert.equal(existing.length, 1, `${type} ${logicalName} exists twice`);
            resource.id = existing[0]!.id;
            ids.push(resource.id);
        }
        return component === true || existing.length > 0;
    });
    if (ids.length === 0) {
        return [];
    }
    writeFileSync(file, JSON.stringify({ ...list, resources }));
    const options = ["--yes", "--skip-preview", "--protect=false", "--generate-code=false", "--stack", lab.stackName];
    const result = await lab.cli("import", "--file", file, ...options);
    assert.equal(result.code, 0, result.output);
    return ids;
}
