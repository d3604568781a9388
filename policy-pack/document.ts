import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Control, controls } from "./controls";
import { type Rule } from "./core/rule";
import { type Framework, frameworkNames } from "./frameworks";
import { rules } from "./rules";
import { notApplicable } from "./rules/not-applicable";

// Tables of the README, from the rules and controls themselves:
// `node --require ./plan/register.cjs policy-pack/document.ts` writes them.

export const readme = join(__dirname, "README.md");

/** A text with its generated sections made anew. They stand between `<!-- name -->` and `<!-- /name -->`. */
export function documented(text: string): string {
    const sections: Record<string, string> = {
        rules: rulesTable(rules, controls),
        parameters: parametersTable(rules),
        controls: controlsTable(controls, rules, notApplicable),
    };
    return Object.entries(sections).reduce((whole, [name, section]) => {
        const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
        const [from, to] = [whole.indexOf(start), whole.indexOf(end)];
        if (from < 0 || to < from) {
            throw new Error(`the text has no section ${start} ... ${end}`);
        }
        return `${whole.slice(0, from + start.length)}\n<!-- prettier-ignore-start -->\n\n${section}\n\n<!-- prettier-ignore-end -->\n${whole.slice(to)}`;
    }, text);
}

function rulesTable(all: readonly Rule[], known: readonly Control[]): string {
    const byId = new Map(known.map((control) => [control.id, control]));
    return table(
        ["Rule", "What must be", "Severity", "Category", "Controls", "Elsewhere"],
        all.map(({ name, description, severity, category, controls: ids }) => [
            `\`${name}\``,
            description,
            severity,
            category,
            ids.join(", "),
            elsewhere(ids.flatMap((id) => byId.get(id) ?? [])),
        ]),
    );
}

/** Ids of controls in other rule sets. */
function elsewhere(of: readonly Control[]): string {
    return Object.entries(frameworkNames)
        .flatMap(([key, name]) => {
            const ids = new Set(of.flatMap(({ frameworks }) => frameworks[key as Framework] ?? []));
            return ids.size === 0 ? [] : [`${name} ${[...ids].join(", ")}`];
        })
        .join("; ");
}

function parametersTable(all: readonly Rule[]): string {
    return table(
        ["Rule", "Parameter", "What it is", "Default"],
        all.flatMap(({ name, parameters = {} }) =>
            Object.entries(parameters).map(([parameter, schema]) => [
                `\`${name}\``,
                `\`${parameter}\``,
                schema.description,
                `\`${JSON.stringify(schema.default)}\``,
            ]),
        ),
    );
}

function controlsTable(
    known: readonly Control[],
    all: readonly Rule[],
    reasons: Readonly<Record<string, string>>,
): string {
    const names = new Map<string, string[]>();
    for (const { name, controls: ids } of all) {
        ids.forEach((id) => names.set(id, [...(names.get(id) ?? []), `\`${name}\``]));
    }
    return table(
        ["Control", "Requirement", "Enforced by, or why not"],
        known.map(({ id, requirement }) => [
            id,
            requirement,
            names.get(id)?.join(", ") ?? `Not applicable: ${reasons[id] ?? "-"}`,
        ]),
    );
}

/** What is wrong with the pack as a whole: controls without an answer, answers without a control, names and texts. */
export function defects(
    known: readonly Pick<Control, "id">[],
    all: readonly Rule[],
    reasons: Readonly<Record<string, string>>,
): string[] {
    const ids = new Set(known.map(({ id }) => id));
    const enforced = new Set(all.flatMap(({ controls }) => controls));
    const names = all.map(({ name }) => name);
    const isFilled = (text: string): boolean => text.trim() !== "";
    return [
        ...[...ids]
            .filter((id) => !enforced.has(id) && !isFilled(reasons[id] ?? ""))
            .map((id) => `${id}: no rule enforces it, and there is no reason why`),
        ...[...ids]
            .filter((id) => enforced.has(id) && id in reasons)
            .map((id) => `${id}: enforced, and called not applicable`),
        ...Object.keys(reasons)
            .filter((id) => !ids.has(id))
            .map((id) => `${id}: called not applicable, but there is no such control`),
        ...all.flatMap(({ name, controls }) =>
            controls.filter((id) => !ids.has(id)).map((id) => `${name}: there is no control ${id}`),
        ),
        ...names
            .filter((name, index) => names.indexOf(name) !== index)
            .map((name) => `${name}: two rules have the name`),
        ...all
            .filter(({ name }) => !/^[a-z][a-z0-9]*(-[a-z0-9]+){2,}$/.test(name))
            .map(({ name }) => `${name}: not <service>-<resource>-<verb>-<what>`),
        ...all.flatMap((rule) =>
            (["description", "remediation", "severity", "category"] as const)
                .filter((key) => !isFilled(rule[key] ?? ""))
                .map((key) => `${rule.name}: ${key} is missing`),
        ),
        ...all
            .filter((rule) => rule.kind === "resource" && rule.types.length === 0)
            .map(({ name }) => `${name}: about no type of resource`),
        ...all.flatMap(({ name, parameters = {} }) =>
            Object.entries(parameters)
                .filter(([, { description, default: usual }]) => !isFilled(description) || usual === undefined)
                .map(([parameter]) => `${name}.${parameter}: needs a description and a default`),
        ),
    ];
}

function table(head: string[], rows: string[][]): string {
    const line = (cells: string[]): string => `| ${cells.map(cell).join(" | ")} |`;
    return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Text inside a table: outside of code, `*` and `<` are no markup. */
const cell = (text: string): string =>
    text
        .replace(/\s+/g, " ")
        .split(/(`[^`]*`)/)
        .map((part) => (part.startsWith("`") ? part : part.replace(/[*<]/g, "\\$&")))
        .join("")
        .replace(/\|/g, "\\|");

if (require.main === module) {
    writeFileSync(readme, documented(readFileSync(readme, "utf8")));
}
