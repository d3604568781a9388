import { text } from "../policy-pack/core/finding";
import { identity } from "../policy-pack/core/suppressions";
import { type Policies } from "./policies";
import { defaultAccountId, defaultRegion } from "./record";
import { type Plan } from "./plan";
import { type RecordedResource } from "./recording";
import { summary } from "./reports/summary";
import { services } from "./services";

export interface ReportOptions {
    /** Whether every resource's name is shown. */
    all: boolean;
    colour: boolean;
}

/** Widest line of lists. Texts of other people (names, values) are never cut. */
const width = 110;

type Style = "bold" | "dim" | "red" | "yellow" | "green";
const codes: Record<Style, number> = { bold: 1, dim: 2, red: 31, yellow: 33, green: 32 };

/** The plan of one stack for people. */
export function report(plan: Plan, { all, colour }: ReportOptions): string {
    const style = (name: Style, text: string): string => (colour ? `\u001b[${codes[name]}m${text}\u001b[0m` : text);
    const { recording, violations, warnings, policies } = plan;
    const ofPack = new Set(policies?.results.map(({ rule }) => rule.name));
    const refused = violations.filter(({ policy }) => !ofPack.has(policy));
    const section = (title: string, lines: string[]): string[] =>
        lines.length === 0 ? [] : ["", style("bold", title), ...lines];
    const markOf = (level: string): string => (level === "mandatory" ? style("red", "x") : style("yellow", "!"));
    const lines = [
        ...header(plan, style),
        ...section("Resources", all ? everyName(recording.resources, style) : byComponent(recording.resources, style)),
        ...section("Services", table(["SERVICE", "KIND", "SIZE", "IMAGE OR RUNTIME"], services(plan))),
        ...section("Outputs (what AWS decides is a stand-in)", values(recording.outputs, "  ")),
        ...section(
            "Warnings",
            warnings.flatMap((warning) => hanging(`  ${style("yellow", "!")} `, 4, warning.split(" "), " ")),
        ),
        ...(policies ? section("Policies", checked(policies, style)) : []),
        ...section(counted(violations.length, "violation"), [
            ...refused.flatMap(({ policy, level, urn, message }) => [
                `  ${markOf(level)} ${urn.split("::").slice(-1)[0]!} ${style("dim", shortType(urn.split("::")[2]!.split("$").pop()!))}`,
                `      ${message} ${style("dim", `(${policy})`)}`,
            ]),
            ...(policies ? broken(policies, style, markOf) : []),
        ]),
        ...(violations.length === 0 ? ["", style("green", "No violations.")] : []),
    ];
    return `${lines.join("\n")}\n`;
}

/** How many checks there were, and what is accepted. */
function checked(policies: Policies, style: (name: Style, text: string) => string): string[] {
    const { rules, checks } = summary(policies);
    const parts = [
        `${checks.passed} passed`,
        checks.failed > 0 ? style("red", `${checks.failed} failed`) : "0 failed",
        `${checks.undetermined} undetermined${policies.strict ? ", which is a violation here" : ""}`,
        `${checks.suppressed} suppressed`,
    ];
    const suppressed = policies.results.flatMap(({ suppressed }) => suppressed);
    return [
        ...hanging("  ", 4, [`${counted(rules, "rule")}, ${counted(checks.evaluated, "check")}:`, ...list(parts)], " "),
        ...policies.results.flatMap(({ rule }) => {
            const bySuppression = new Map(
                suppressed.filter(({ by }) => by.policy === rule.name).map(({ by }) => [by.urn, by]),
            );
            return [...bySuppression.values()].flatMap(({ resourceName, resourceType, expires, owner, reason }) => [
                `  ${style("yellow", "-")} ${resourceName} ${style("dim", shortType(resourceType))} may break ${rule.name} until ${expires} (${owner})`,
                ...hanging("      ", 6, reason.split(" "), " "),
            ]);
        }),
    ];
}

/** Rules that are broken: by which resources, and what to do. */
function broken(
    { results, strict }: Policies,
    style: (name: Style, text: string) => string,
    markOf: (level: string) => string,
): string[] {
    return results.flatMap(({ rule, level, findings }) => {
        const wrong = findings.filter(({ outcome }) => outcome === "fail" || strict);
        return wrong.length === 0
            ? []
            : [
                  `  ${markOf(level)} ${rule.name} ${style("dim", `${rule.severity}, ${rule.category}`)}`,
                  ...wrong.flatMap((finding) => {
                      const { name, type } = identity(finding.urn);
                      return [`      ${name} ${style("dim", shortType(type))}`, `          ${text(finding)}`];
                  }),
                  ...hanging(`      ${style("bold", "To do:")} `, 13, rule.remediation.split(" "), " "),
              ];
    });
}

/** Parts of a list, as words that may go to another line. */
const list = (parts: string[]): string[] => parts.map((part, index) => (index < parts.length - 1 ? `${part},` : part));

function header({ recording, assumed, region }: Plan, style: (name: Style, text: string) => string): string[] {
    const components = recording.resources.filter(isComponent).length;
    const kind = assumed.settings && (assumed.settings.environment.disposable ? "disposable" : "protected");
    const parts = [
        region ?? `${defaultRegion} (a stand-in)`,
        `account ${assumed.accountId ?? `${defaultAccountId} (a stand-in)`}`,
        ...(kind === undefined ? [] : [kind]),
    ];
    return [
        `${style("bold", `Stack ${recording.stack}`)}  ${parts.join(", ")}`,
        `${counted(recording.resources.length - components, "resource")} in ${counted(components, "component")}`,
    ];
}

const isComponent = ({ kind }: RecordedResource): boolean => kind === "component" || kind === "remote";

/** Counts per type below the components at the top and those right below them. */
function byComponent(resources: RecordedResource[], style: (name: Style, text: string) => string): string[] {
    const { roots, below } = tree(resources);
    const counted = (resource: RecordedResource): RecordedResource[] =>
        below(resource).flatMap((child) => (isComponent(child) ? counted(child) : [child, ...counted(child)]));
    const show = (component: RecordedResource, depth: number): string[] => {
        const all = counted(component);
        const parts = depth === 0 ? below(component).filter(isComponent) : [];
        const inParts = new Set(parts.flatMap(counted));
        const own = all.filter((resource) => !inParts.has(resource));
        const indent = "  ".repeat(depth + 1);
        const title = `${indent}${component.name} ${style("dim", `${lastPart(component.type)}, ${all.length}`)}`;
        const counts = [...countBy(own.map(({ type }) => shortType(type)))].map(([type, count]) =>
            count === 1 ? type : `${count} ${type}`,
        );
        return [
            title,
            ...(counts.length === 0 ? [] : hanging(`${indent}  `, indent.length + 2, counts, ", ")),
            ...parts.flatMap((part) => show(part, depth + 1)),
        ];
    };
    const [components, others] = [roots.filter(isComponent), roots.filter((root) => !isComponent(root))];
    return [
        ...components.flatMap((component) => show(component, 0)),
        ...others.map(({ name, type }) => `  ${name} ${style("dim", shortType(type))}`),
    ];
}

/** The whole tree, one line a resource. */
function everyName(resources: RecordedResource[], style: (name: Style, text: string) => string): string[] {
    const { roots, below } = tree(resources);
    const show = (resource: RecordedResource, depth: number): string[] => {
        const { name, type, options } = resource;
        const marks = options.protect ? ` ${style("yellow", "protected")}` : "";
        return [
            `${"  ".repeat(depth + 1)}${name} ${style("dim", isComponent(resource) ? lastPart(type) : shortType(type))}${marks}`,
            ...below(resource).flatMap((child) => show(child, depth + 1)),
        ];
    };
    return roots.flatMap((root) => show(root, 0));
}

function tree(resources: RecordedResource[]) {
    const children = new Map<string | undefined, RecordedResource[]>();
    for (const resource of resources) {
        const siblings = children.get(resource.parent);
        if (siblings) {
            siblings.push(resource);
        } else {
            children.set(resource.parent, [resource]);
        }
    }
    return { roots: children.get(undefined) ?? [], below: ({ urn }: RecordedResource) => children.get(urn) ?? [] };
}

/** `ec2.Subnet` for `aws:ec2/subnet:Subnet`, `tls.PrivateKey` for `tls:index/privateKey:PrivateKey`. */
function shortType(type: string): string {
    const [pkg = "", module = "", kind = ""] = type.split(":");
    const [service = ""] = module.split("/");
    return `${pkg === "aws" && service !== "index" ? service : pkg}.${kind}`;
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;

const lastPart = (type: string): string => type.split(":").pop()!;

function countBy(values: string[]): Map<string, number> {
    const counts = new Map<string, number>();
    for (const value of [...values].sort()) {
        counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    return counts;
}

/** Words in lines of at most {@link width}, the second and later lines indented. */
function hanging(start: string, indent: number, words: string[], separator: string): string[] {
    const lines: string[] = [];
    let line = "";
    for (const [index, word] of words.entries()) {
        const next = index === words.length - 1 ? word : `${word}${separator}`;
        if (line !== "" && indent + line.length + next.trimEnd().length > width) {
            lines.push(line.trimEnd());
            line = "";
        }
        line += next;
    }
    lines.push(line);
    return lines.map((each, index) => `${index === 0 ? start : " ".repeat(indent)}${each}`);
}

function table(head: string[], rows: string[][]): string[] {
    if (rows.length === 0) {
        return [];
    }
    const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)));
    return [head, ...rows].map((row) =>
        `  ${row.map((cell, column) => cell.padEnd(widths[column]!)).join("  ")}`.trimEnd(),
    );
}

function values(all: Record<string, unknown>, indent: string): string[] {
    return Object.entries(all).flatMap(([key, value]) => {
        if (typeof value !== "object" || value === null) {
            return [`${indent}${key}: ${String(value)}`];
        }
        const inside = Array.isArray(value)
            ? value.map((item) => `${indent}  - ${typeof item === "object" ? JSON.stringify(item) : String(item)}`)
            : values(value as Record<string, unknown>, `${indent}  `);
        return inside.length === 0 ? [`${indent}${key}: none`] : [`${indent}${key}:`, ...inside];
    });
}
