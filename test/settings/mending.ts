import assert from "node:assert/strict";
import { parseSettings, type Problem, SettingsError } from "../../settings";
import { untilUnreadable, readableParts } from "../../settings/readable";
import { rules } from "../../settings/rules";
import { settingsSchema } from "../../settings/schema";
import { isMap } from "../../settings/schema-nodes";
import { type Changes, changed, valueAt } from "./change";
import { type Mistake } from "./mistakes";
import { type Config, flat, stackConfig, stackNames } from "./stack-file";
import { tables } from "./tables";

/** The file of a stack without a mistake; one without a file is like dev. */
const like = (stack: string): Config => stackConfig(stackNames.includes(stack) ? stack : "dev");

/** What a mistake makes of its stack's config. */
export const configOf = ({ stack, changes, keys }: Mistake): Config => ({ ...changed(like(stack), changes), ...keys });

/** What is wrong with a config. */
function problemsOf(config: Config, stack: string): Problem[] {
    try {
        parseSettings(flat(config), { stack, tables });
        return [];
    } catch (error) {
        assert.ok(error instanceof SettingsError, String(error));
        return error.problems;
    }
}

/** Rules that a config breaks. */
export function brokenRules(config: Config, stack: string): typeof rules {
    const input = Object.fromEntries(
        Object.entries(config).flatMap(([key, value]) => (key.startsWith("aipx:") ? [[key.slice(5), value]] : [])),
    );
    const settings = readableParts(settingsSchema, input);
    const region = config["aws:region"] as string | undefined;
    return rules.filter(
        (rule) => [...untilUnreadable(() => rule(settings, { name: stack, region, tables }))].length > 0,
    );
}

/** Whether a machine can do all that a problem's mend says. The others are for people to decide: which name, which size. */
const isMendable = ({ fix }: Problem): boolean =>
    fix.length > 0 && fix.every((line) => /^(pulumi config (set|rm) |rename )/.test(line));

/** A mistake on its way to be mended. */
export interface Mending {
    read: () => Config;
    /** Follows a line of a problem's mend. */
    follow: (line: string) => void | Promise<void>;
}

/**
 * Follows all that people are told to do about a mistake, again if a mended setting shows the next one (a topic that was missing,
 * a size that goes with no other). What a machine can follow must mend what it is shown with, what was right must stay, and what
 * was meant must be there.
 *
 * @returns Whether nothing is wrong any more.
 */
export async function mend(mistake: Mistake, { read, follow }: Mending): Promise<boolean> {
    const { title, stack } = mistake;
    const told: Problem[] = [];
    let problems = problemsOf(read(), stack);
    assert.ok(problems.length > 0, `${title}: nothing is wrong`);
    for (let round = 0; round < 3 && problems.length > 0; round++) {
        const mendable = problems.filter(isMendable);
        // Two problems may have the same mend.
        const mends = new Map(mendable.map(({ fix }) => [fix.join("\n"), fix]));
        for (const line of [...mends.values()].flat()) {
            await follow(line);
        }
        told.push(...problems);
        problems = problemsOf(read(), stack);
        const again = mendable.filter((each) => problems.some((other) => textOf(other) === textOf(each)));
        assert.deepEqual(again, [], `${title}: is still there`);
    }
    assert.deepEqual(problems.filter(isMendable), [], `${title}: never ends`);
    assertKept(mistake, told, read());
    return problems.length === 0;
}

const textOf = ({ path, value, allowed }: Problem): string => [path, value, allowed].join("\n");

/** What nobody was told to change is as it was, and what was meant is there. */
function assertKept({ title, stack, changes, meant = {} }: Mistake, told: Problem[], config: Config): void {
    const touched = [...Object.keys(changes), ...told.map(({ path }) => path)];
    const near = (path: string): boolean => touched.some((each) => each.startsWith(path) || path.startsWith(each));
    const right = placesOf(like(stack)).filter(([path, value]) => !isMap(value) && !near(path));
    for (const [path, value] of [...right, ...Object.entries(meant)]) {
        assert.deepEqual(valueAt(config, path), value, `${title}: ${path}`);
    }
}

/** Every value in a config, with its path. */
export function placesOf(map: Config, before = ""): [path: string, value: unknown][] {
    return Object.entries(map).flatMap(([key, value]) => [
        [`${before}${key}`, value],
        ...(isMap(value) ? placesOf(value, `${before}${key}.`) : []),
    ]);
}

/** Does in a config what a line `rename aipx:a.b to aipx:a.c in Pulumi.dev.yaml` tells people to do in the file. */
export function rename(config: Config, line: string): Config {
    const [, from = "", to = ""] = /^rename (\S+) to (\S+) in /.exec(line) ?? [];
    const value = valueAt(config, from);
    const changes: Changes = { [to]: value, [from]: undefined };
    return changed(config, changes);
}

/**
 * A few mistakes that have all rules, all kinds of diagnostics and all kinds of commands between them: one that brings nothing new
 * is left out.
 */
export function sample(mistakes: Mistake[]): Mistake[] {
    const seen = new Set<unknown>();
    return mistakes.filter((mistake) => {
        const config = configOf(mistake);
        const problems = problemsOf(config, mistake.stack).filter(isMendable);
        const traits = problems.flatMap(({ value, fix }) => [kindOf(value), ...fix.map(kindOf)]);
        const all = problems.length === 0 ? [] : [...brokenRules(config, mistake.stack), ...traits];
        const isNew = all.some((trait) => !seen.has(trait));
        all.forEach((trait) => seen.add(trait));
        return isNew;
    });
}

/** A line without names and values: what is the same about many of them. */
const kindOf = (line: string): string =>
    line
        .replace(/--stack \S+/, "")
        .replace(/'[^']*'/, (path) => path.replace(/[A-Za-z][\w-]*/g, "x").replace(/(\.x)+/, ".x"))
        .replace(/\b(true|false)\b/g, "true")
        .replace(/[+-]?\d+/g, "0")
        .replace(/"[^"]*"|(?<=' )[a-z][\w.:@-]*/g, "text");
