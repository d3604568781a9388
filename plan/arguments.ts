import { parseArgs } from "node:util";
import { closest } from "../settings/closest";
import { UsageError } from "./usage-error";

const reportFormats = ["sarif", "junit", "json", "terminal"] as const;

/** Forms in which other programs read a stack. */
const formats = ["pulumi", "terraform"] as const;
export type Format = (typeof formats)[number];

/** A report on what the policy pack says, of all stacks. */
export interface ReportRequest {
    format: (typeof reportFormats)[number];
    /** Without a file it takes the plan's place on stdout. */
    file?: string;
}

/** What a user asks for. */
export interface Arguments {
    /** Stacks to plan, in the given order. */
    stacks: string[];
    /** Whether the plan goes to stdout as JSON, for programs. */
    json: boolean;
    /** The form of another program's in which the plan goes to stdout. */
    format?: Format;
    /** Whether every resource's name is shown. */
    all: boolean;
    /** Whether services without an image stay out, as they would at `pulumi up`. */
    asConfigured: boolean;
    /** The one service to show instead of the plan: its short or its physical name. */
    service?: string;
    reports: ReportRequest[];
    help: boolean;
}

export const usage = `Usage: npm run plan -- [stack ...] [options]

Runs the program offline, without a Pulumi CLI, an AWS account or a network, and shows what it would make.
Without a stack: all stacks.

Options:
  --all            show the name of every resource
  --as-configured  plan exactly what pulumi up would do now: leave out services whose image is not set
  --format FORMAT  print one stack as other programs read it: pulumi, as pulumi preview --json prints it, or terraform, as
                   terraform show -json prints a plan, for Checkov and other tools that judge such plans
  --json           print one stack as JSON, for programs
  --report FORMAT[=FILE]
                   report what the policy pack says as sarif, junit, json or terminal, with counts by framework in the
                   last two; into the file, or instead of the plan. May be given several times
  --service NAME   show one service instead of the plan: image, size, environment, role, reach, triggers, alarms;
                   with --json as JSON. Nothing is checked then
  --help           show this

Exit code: 0 clean, 1 violations or a failing program, 2 bad settings or arguments.`;

const options = {
    all: { type: "boolean", default: false },
    "as-configured": { type: "boolean", default: false },
    format: { type: "string" },
    json: { type: "boolean", default: false },
    report: { type: "string", multiple: true },
    service: { type: "string" },
    help: { type: "boolean", default: false },
} as const;

/**
 * Reads the command line.
 *
 * @param available Stacks that there are.
 * @throws UsageError saying what there is, for anything that there is not.
 */
export function readArguments(args: string[], available: string[]): Arguments {
    // Not strict: parseArgs would name what is wrong, but not what there is.
    const { values, positionals, tokens } = parseArgs({
        args,
        options,
        strict: false,
        allowPositionals: true,
        tokens: true,
    });
    for (const token of tokens) {
        if (token.kind !== "option") {
            continue;
        }
        if (!Object.keys(options).includes(token.name)) {
            throw new UsageError(
                `unknown option ${token.rawName}${suggestion(token.name, Object.keys(options), "--")}\n\n${usage}`,
            );
        }
        if (options[token.name as keyof typeof options].type === "boolean" && token.value !== undefined) {
            throw new UsageError(`${token.rawName} takes no value\n\n${usage}`);
        }
    }
    const reports = tokens.flatMap((token) =>
        token.kind === "option" && token.name === "report" ? [readReport(token.value)] : [],
    );
    const service = readService(
        tokens.flatMap((token) => (token.kind === "option" && token.name === "service" ? [token.value] : [])),
    );
    const format = readFormat(
        tokens.flatMap((token) => (token.kind === "option" && token.name === "format" ? [token.value] : [])),
    );
    const help = values.help === true;
    if (available.length === 0 && !help) {
        throw new UsageError(
            "the project has no stack: no file Pulumi.STACK.yaml with its settings\n" +
                "Make one, as in: pulumi stack init dev && pulumi config set --stack dev aws:region ap-northeast-2",
        );
    }
    const unknown = positionals.find((stack) => !available.includes(stack));
    if (unknown !== undefined) {
        throw new UsageError(
            `there is no stack "${unknown}"${suggestion(unknown, available)}\nThe stacks are: ${available.join(", ")}`,
        );
    }
    const stacks = positionals.length > 0 ? [...new Set(positionals)] : available;
    const parsed = {
        stacks,
        json: values.json === true,
        all: values.all === true,
        asConfigured: values["as-configured"] === true,
        ...(format !== undefined && { format }),
        ...(service !== undefined && { service }),
        reports,
        help,
    };
    const printing = [...(parsed.json ? ["--json"] : []), ...(format === undefined ? [] : ["--format"])];
    if (printing.length > 0 && !help && stacks.length !== 1) {
        throw new UsageError(`${printing.join(" and ")} prints one stack: name one of ${available.join(", ")}`);
    }
    if (printing.length > 1) {
        throw new UsageError("stdout takes one form: --json or --format, not both");
    }
    if (service !== undefined && (parsed.all || reports.length > 0 || format !== undefined)) {
        throw new UsageError("--service shows one service: it goes with none of --all, --report and --format");
    }
    const printed = reports.filter(({ file }) => file === undefined);
    if (printed.length > (printing.length > 0 ? 0 : 1)) {
        throw new UsageError(
            "stdout takes one report, --json or --format: give the others a file, as in --report sarif=plan.sarif",
        );
    }
    return parsed;
}

function readService(values: (string | undefined)[]): string | undefined {
    const [name, another] = values;
    if (another !== undefined) {
        throw new UsageError(`--service shows one service, not ${values.join(" and ")}`);
    }
    if (values.length > 0 && (name === undefined || name === "")) {
        throw new UsageError(`--service takes the name of a service, as in --service oms\n\n${usage}`);
    }
    return name;
}

function readFormat(values: (string | undefined)[]): Format | undefined {
    const [name, another] = values;
    if (values.length === 0) {
        return undefined;
    }
    const format = formats.find((each) => each === name);
    if (!format || another !== undefined) {
        throw new UsageError(
            `--format takes one of ${formats.join(", ")}${suggestion(name ?? "", [...formats])}\n\n${usage}`,
        );
    }
    return format;
}

/** Reads `sarif=plan.sarif`, or `sarif`. */
function readReport(value: string | undefined): ReportRequest {
    const [, name = "", file] = /^([^=]*)(?:=(.*))?$/s.exec(value ?? "") ?? [];
    const format = reportFormats.find((each) => each === name);
    if (!format || file === "") {
        const near = format ? "" : suggestion(name, [...reportFormats]);
        throw new UsageError(`--report takes ${reportFormats.join(", ")}, each with =FILE or alone${near}\n\n${usage}`);
    }
    return file === undefined ? { format } : { format, file };
}

/** What was most likely meant, as the end of a sentence. */
export function suggestion(name: string, known: string[], prefix = ""): string {
    const near = closest(name, known);
    return near === undefined ? "" : `. Did you mean ${prefix}${near}?`;
}
