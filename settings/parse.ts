import { checkDefaultTags } from "./default-tags";
import { flatKeyDiagnostics, isFlat, parsed } from "./flat-keys";
import { type Tables } from "./offers";
import {
    changedPath,
    type Diagnostic,
    pathText,
    problem,
    SettingsError,
    type SettingPath,
    valueText,
} from "./problems";
import { readableParts } from "./readable";
import { checkRules } from "./rules";
import { type Settings, settingsSchema } from "./schema";
import { shapeDiagnostics } from "./shape";

/** Whose settings they are. */
export interface Where {
    /** Name of the stack: `dev`. */
    stack: string;
    /** Config keys that hold secrets; nothing of them is shown in errors. */
    secretKeys?: readonly string[];
    /**
     * What AWS offers.
     * @default the tables in settings/offers
     */
    tables?: Tables;
}

/** What a stack says about itself. */
export interface StackSettings {
    /** AWS region: `ap-northeast-2`. */
    region: string;
    /** The one AWS account that the stack lives in, 12 digits. */
    accountId: string;
    settings: Settings;
}

/**
 * Reads a stack's config: each key with its text, maps as JSON, as the engine gives it to programs.
 *
 * @throws SettingsError with everything that is wrong at once, each with the command that mends it.
 */
export function parseSettings(config: Readonly<Record<string, string>>, where: Where): StackSettings {
    const input = Object.fromEntries(
        Object.entries(config)
            .filter(([key]) => key.startsWith("aipx:") && !isFlat(key))
            .map(([key, text]) => [key.slice("aipx:".length), parsed(text)]),
    );
    const result = settingsSchema.safeParse(input);
    const secretKeys = new Set(where.secretKeys);
    const region = config["aws:region"];
    const accountIds = parsed(config["aws:allowedAccountIds"] ?? "[]");
    const flat = flatKeyDiagnostics(config, input, secretKeys);
    const found = [
        ...checkRegion(region),
        ...checkAccount(accountIds),
        ...checkDefaultTags(parsed(config["aws:defaultTags"] ?? "{}"), where.stack),
        ...onePerPath((result.error?.issues ?? []).flatMap((issue) => shapeDiagnostics(issue, input, secretKeys))),
        ...checkRules(result.data ?? readableParts(settingsSchema, input), {
            name: where.stack,
            region,
            tables: where.tables,
        }),
        // Their commands run last: what people meant is what stays.
        ...flat,
    ].filter((diagnostic) => diagnostic.is !== "is missing" || !isSetBy(flat, diagnostic.path));
    if (found.length > 0 || !result.success || region === undefined) {
        throw new SettingsError(
            where.stack,
            [...mapsAsText(config, found, secretKeys), ...found].map((diagnostic) => problem(diagnostic, where.stack)),
        );
    }
    return { region, accountId: (accountIds as [string])[0], settings: result.data };
}

/**
 * Maps that are JSON in a text, as `pulumi config set aipx:kafka '{ ... }'` makes them. They are read like others; but a command
 * that sets one setting inside puts it in the place of the whole text, so what is to be mended must become a map first.
 */
function* mapsAsText(
    config: Readonly<Record<string, string>>,
    found: readonly Diagnostic[],
    secretKeys: ReadonlySet<string>,
): Iterable<Diagnostic> {
    const changed = new Set(found.flatMap(({ fix }) => fix.flatMap((change) => changedPath(change)?.[0] ?? [])));
    for (const [key, text] of Object.entries(config)) {
        if (changed.has(key) && !isFlat(key) && !secretKeys.has(key) && isHandWritten(text)) {
            yield {
                path: [key],
                is: "is JSON in a text",
                must: "must be a map for what is mended below: --path would replace the whole text",
                fix: [{ remove: [key] }, { set: [key], to: parsed(text) }],
            };
        }
    }
}

/** Whether JSON is not as the engine writes maps: without spaces, and some characters by their code. */
function isHandWritten(text: string): boolean {
    const value = parsed(text);
    const plain = text.replace(/\\u(?:003[ce]|0026|202[89])/g, (code) => String(parsed(`"${code}"`)));
    return typeof value === "object" && value !== null && plain !== JSON.stringify(value);
}

const isSetBy = (found: Diagnostic[], path: SettingPath): boolean =>
    found.some(({ fix }) => fix.some((change) => "set" in change && pathText(change.set) === pathText(path)));

/** zod reports a value that is wrong in two ways twice; people need it once. */
function onePerPath(found: Diagnostic[]): Diagnostic[] {
    return [...new Map(found.map((diagnostic) => [pathText(diagnostic.path), diagnostic])).values()];
}

function* checkRegion(region: string | undefined): Iterable<Diagnostic> {
    const path = ["aws:region"];
    if (region === undefined || !/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) {
        yield {
            path,
            is: valueText(path, region),
            must: "must be an AWS region such as ap-northeast-2",
            fix: [{ set: path, to: "ap-northeast-2" }],
        };
    }
}

/**
 * The AWS provider refuses any other account, so that a wrong profile cannot touch a stack. ARNs take the account from here:
 * they are known before anything exists.
 */
function* checkAccount(accountIds: unknown): Iterable<Diagnostic> {
    const path = ["aws:allowedAccountIds"];
    const [first, ...others] = Array.isArray(accountIds) ? (accountIds as unknown[]) : [accountIds];
    const firstPath = [...path, 0];
    if (typeof first !== "string" || !/^\d{12}$/.test(first)) {
        yield {
            path: firstPath,
            is: valueText(firstPath, first),
            must: "must be the id of the AWS account that the stack lives in, a text of 12 digits",
            fix: [...(Array.isArray(accountIds) ? [] : [{ remove: path }]), { set: firstPath, to: "123456789012" }],
        };
    }
    for (const [index, other] of others.entries()) {
        const otherPath = [...path, index + 1];
        yield {
            path: otherPath,
            is: valueText(otherPath, other),
            must: "must not be there: a stack lives in one account",
            fix: [{ remove: otherPath }],
        };
    }
}
