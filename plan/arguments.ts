import { parseArgs } from "node:util";
import { closest } from "../settings/closest";
import { UsageError } from "./usage-error";

/** What a user asks for. */
export interface Arguments {
    /** Stacks to plan, in the given order. */
    stacks: string[];
    /** Whether the plan goes to stdout as JSON, for programs. */
    json: boolean;
    /** Whether every resource's name is shown. */
    all: boolean;
    /** Whether services without an image stay out, as they would at `pulumi up`. */
    asConfigured: boolean;
    help: boolean;
}

export const usage = `Usage: npm run plan -- [stack ...] [options]

Runs the program offline, without a Pulumi CLI, an AWS account or a network, and shows what it would make.
Without a stack: all stacks.

Options:
  --all            show the name of every resource
  --as-configured  plan exactly what pulumi up would do now: leave out services whose image is not set
  --json           print one stack as JSON, for programs
  --help           show this

Exit code: 0 clean, 1 violations or a failing program, 2 bad settings or arguments.`;

const options = {
    all: { type: "boolean", default: false },
    "as-configured": { type: "boolean", default: false },
    json: { type: "boolean", default: false },
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
        if (token.value !== undefined) {
            throw new UsageError(`${token.rawName} takes no value\n\n${usage}`);
        }
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
        help: values.help === true,
    };
    if (parsed.json && !parsed.help && stacks.length !== 1) {
        throw new UsageError(`--json prints one stack: name one of ${available.join(", ")}`);
    }
    return parsed;
}

function suggestion(name: string, known: string[], prefix = ""): string {
    const near = closest(name, known);
    return near === undefined ? "" : `. Did you mean ${prefix}${near}?`;
}
