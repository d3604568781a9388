import { mkdirSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { RunError } from "@pulumi/pulumi/errors";
import { SettingsError } from "../settings";
import { type Format, readArguments, type ReportRequest, usage } from "./arguments";
import { planJson } from "./json";
import { type Failure, type Plan, planStack, recordStack } from "./plan";
import { Progress } from "./progress";
import { report } from "./report";
import { previewJson } from "./report/pulumi-preview";
import { terraformPlan } from "./report/terraform";
import { junit } from "./reports/junit";
import { sarif } from "./reports/sarif";
import { summaryJson, summaryText } from "./reports/summary";
import { shownService } from "./service";
import { readProject } from "./stack-config";
import { UsageError } from "./usage-error";

/** Exit codes of the command. Of several stacks, the worst counts. */
const exit = { clean: 0, violations: 1, badSettings: 2 } as const;

/**
 * `npm run plan`: plans stacks, and prints what they would be.
 *
 * @returns The exit code.
 */
export async function planCommand(args: string[], folder: string): Promise<number> {
    const progress = new Progress(process.stderr);
    let worst: number = exit.clean;
    const failures: Failure[] = [];
    const fail = (error: unknown, stack?: string): void => {
        const message = errorText(error, stack);
        progress.clear();
        process.stderr.write(`${message}\n`);
        if (stack !== undefined) {
            failures.push({ stack, message });
        }
        worst = Math.max(
            worst,
            error instanceof UsageError || error instanceof SettingsError ? exit.badSettings : exit.violations,
        );
    };
    try {
        const project = readProject(folder);
        const { stacks, json, format, all, asConfigured, service, reports, help } = readArguments(args, project.stacks);
        if (help) {
            process.stdout.write(`${usage}\n\nStacks: ${project.stacks.join(", ") || "none"}\n`);
            return exit.clean;
        }
        // Stdout is for the plan: what the program itself says goes beside it.
        console.log = console.info = console.error;
        const plans: Plan[] = [];
        const isReplaced = reports.some(({ file }) => file === undefined);
        const colour = process.stdout.isTTY && !process.env.NO_COLOR;
        for (const [index, stack] of stacks.entries()) {
            try {
                const onResource = (count: number): void =>
                    progress.update(() => `planning ${stack} (${index + 1} of ${stacks.length}): ${count} resources`);
                onResource(0);
                const print = (text: string): boolean => process.stdout.write(index === 0 ? text : `\n${text}`);
                if (service !== undefined) {
                    const recorded = await recordStack(project, stack, { asConfigured, onResource });
                    progress.clear();
                    print(shownService(project, recorded.recording, service, { json, colour }));
                    continue;
                }
                const plan = await planStack(project, stack, { asConfigured, onResource });
                progress.clear();
                plans.push(plan);
                if (!isReplaced) {
                    print(format ? formatted(plan, format) : json ? planJson(plan) : report(plan, { all, colour }));
                }
                if (plan.violations.some(({ level }) => level === "mandatory")) {
                    worst = Math.max(worst, exit.violations);
                }
            } catch (error) {
                fail(error, stack);
            }
        }
        for (const request of reports) {
            write(request, render(request, plans, failures), folder);
        }
    } catch (error) {
        fail(error);
    }
    return worst;
}

/** The plan in the form of another program's. What that form cannot take is told. */
function formatted({ recording, assumed }: Plan, format: Format): string {
    if (format === "pulumi") {
        return previewJson(recording, assumed);
    }
    const { text, leftOut } = terraformPlan(recording);
    for (const { urn, property, reason } of leftOut) {
        const what = property === undefined ? urn : `${property} of ${urn}`;
        process.stderr.write(`left out of the Terraform form: ${what}: ${reason}\n`);
    }
    return text;
}

function render({ format }: ReportRequest, plans: Plan[], failures: Failure[]): string {
    switch (format) {
        case "sarif":
            // A run without results would say that all is mended: a stack that has no plan has no run.
            return sarif(plans);
        case "junit":
            return junit(plans, failures);
        case "json":
            return summaryJson(plans, failures);
        case "terminal":
            return summaryText(plans, failures);
    }
}

function write({ file }: ReportRequest, text: string, folder: string): void {
    if (file === undefined) {
        process.stdout.write(text);
        return;
    }
    const target = path.resolve(folder, file);
    try {
        mkdirSync(path.dirname(target), { recursive: true });
        writeFileSync(target, text);
    } catch (error) {
        throw new UsageError(`the report cannot be written: ${(error as Error).message}`);
    }
}

/** What went wrong, for the user: bad settings by their message, a failing program by its own error and where it came from. */
function errorText(error: unknown, stack: string | undefined): string {
    if (!(error instanceof Error)) {
        return String(error);
    }
    if (error instanceof UsageError || RunError.isInstance(error)) {
        return error.message;
    }
    const title = stack === undefined ? "" : `stack ${stack}: the program failed\n`;
    const [text, frames] = splitStack(error);
    // The way from the program to here is of no interest, unless that is all there is.
    const own = frames.filter(
        (frame) => !/node_modules|\(node:|at node:/.test(frame) && !frame.includes(__dirname + path.sep),
    );
    return [title + text, ...(own.length > 0 ? own : frames)].join("\n");
}

function splitStack({ message, stack = message }: Error): [text: string, frames: string[]] {
    const lines = stack.split("\n");
    const first = lines.findIndex((line) => /^\s+at /.test(line));
    return first < 0 ? [stack, []] : [lines.slice(0, first).join("\n"), lines.slice(first)];
}
