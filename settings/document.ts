import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { calendarEnds, closedDays, lateDays, latestDay, type Session, sessions } from "./market-calendar";
import { type ChangeEffect } from "./schema";
import { allowed, type SchemaNode, settingsIn, settingsNode } from "./schema-nodes";

/** Text of docs/settings.md, from the schema. */
export function settingsDocument(): string {
    const sections = Object.entries(settingsNode().properties ?? {}).flatMap(([key, node]) => [
        `## aipx:${key}`,
        node.description ?? "",
        table(["Setting", "What it is", "Must be", "Default", "A change"], rows(key, node)),
        ...(key === "schedule" ? calendar() : []),
    ]);
    return `${[...introduction, ...sections].join("\n\n")}\n`;
}

const introduction = [
    "# Settings",
    "<!-- Written by `node --require ./plan/register.cjs settings/document.ts` from settings/schema.ts. -->",
    [
        "What a stack may say in `Pulumi.<stack>.yaml`. Unknown keys are errors, and all errors are shown at once, each with the",
        "command that mends it. Rules that tie several settings together are in `settings/rules/`.",
    ].join("\n"),
    [
        "The last column says what a change does to a stack that is deployed. `npm run test:engine -- --full` makes each of them on the",
        "engine, and takes it back.",
        "",
        "- **In place**: it is made, and no data is lost.",
        "- **With a loss**: it is made, and what it says is lost. Where a stack is not disposable, the preview refuses what is protected.",
        "- **Upwards only**: lower values are refused.",
        "- **Refused**: by the preview, before anything is touched, with the way to get there.",
        "- **Counts at the start only**: it does nothing to a store that exists.",
    ].join("\n"),
    "`NAME` stands for a name of your own: of a topic, a feed, a strategy, a service.",
];

/** One row for each setting that has a value of its own. */
const rows = (key: string, section: SchemaNode): string[][] =>
    settingsIn(key, section).flatMap(({ path, node, required }) => {
        if (node.oneOf) {
            return forms(path, node, node.oneOf);
        }
        const names = node.propertyNames ? `each named ${allowed(node.propertyNames)}` : "";
        const [must, otherwise] = node.additionalProperties
            ? [names, "none"]
            : [allowed(node), defaultText(node, required)];
        return [[`\`${path}\``, node.description ?? "What NAME stands for.", must, otherwise, changeText(node)]];
    });

const changeTexts: Record<ChangeEffect["kind"], string> = {
    loses: "With a loss",
    refused: "Refused",
    upwards: "Upwards only",
    first: "Counts at the start only",
};

const changeText = ({ change }: SchemaNode): string =>
    change === undefined ? "In place" : `${changeTexts[change.kind]}: ${change.text}`;

/** Rows of a map that has several forms, told apart by its `source`. */
function forms(path: string, node: SchemaNode, oneOf: SchemaNode[]): string[][] {
    const maps = oneOf.map(({ properties: { source, ...others } = {} }) => ({ source, others }));
    const sources = maps.map(({ source }) => `${source?.const}: ${source?.description}`);
    const choices = maps.flatMap(({ source }) => source?.const ?? []);
    return [
        [
            `\`${path}.source\``,
            [node.description, ...sources].join(" "),
            `one of ${choices.join(", ")}`,
            "left out",
            changeText(node),
        ],
        ...maps.flatMap(({ source, others }) =>
            Object.entries(others).map(([key, each]) => [
                `\`${path}.${key}\``,
                each.description ?? "",
                allowed(each),
                `required with ${source?.const}`,
                changeText(node),
            ]),
        ),
    ];
}

function defaultText(node: SchemaNode, required: boolean): string {
    if (Array.isArray(node.default)) {
        return "none";
    }
    return node.default === undefined ? (required ? "required" : "left out") : `\`${JSON.stringify(node.default)}\``;
}

function calendar(): string[] {
    const row = ({ market, name, opens, closes }: Session): string[] => [market, name, opens, closes];
    const columns = ["Market", "Session", "Opens", "Closes"];
    return [
        "A stack that is not disposable must run, with ten minutes to start, for all sessions of the market (Korean time):",
        table(columns, sessions.map(row)),
        `On ${latestDay.name}, sessions may end ${latestDay.minutesLater} minutes later.`,
        `Alarms on market data follow the calendar in \`settings/market-calendar.ts\`, which knows the days up to ${calendarEnds}. No trading at weekends, and on these weekdays:`,
        table(
            ["Day", "Why"],
            closedDays.map(({ day, reason }) => [day, reason]),
        ),
        "Days with other sessions:",
        table(
            ["Day", "Why", ...columns],
            lateDays.flatMap(({ day, reason, sessions: own }) => own.map((each) => [day, reason, ...row(each)])),
        ),
    ];
}

/** A markdown table as prettier formats it. */
export function table(head: string[], body: string[][]): string {
    const escaped = [head, ...body].map((row) => row.map((cell) => cell.replace(/\|/g, "\\|")));
    const widths = head.map((_, column) => Math.max(3, ...escaped.map((row) => row[column]?.length ?? 0)));
    const line = (row: string[]): string =>
        `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
    const [first = [], ...rest] = escaped;
    return [line(first), line(widths.map((width) => "-".repeat(width))), ...rest.map(line)].join("\n");
}

if (require.main === module) {
    writeFileSync(join(__dirname, "../docs/settings.md"), settingsDocument());
}
