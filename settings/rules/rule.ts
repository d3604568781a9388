import { type Tables } from "../offers";
import { type Change, type Diagnostic, type SettingPath, valueText } from "../problems";
import { untilUnreadable } from "../readable";
import { type Settings } from "../schema";

// Rules tie several settings together, or a setting to what AWS and the market are. Each finds what is wrong with one
// thing; what a single value may be is in schema.ts.

/** What rules know beside the settings. */
export interface RuleContext {
    name: string;
    /** Missing if the stack does not say. */
    region: string | undefined;
    /**
     * What AWS offers.
     * @default the tables in settings/offers
     */
    tables?: Tables;
}

export type Rule = (settings: Settings, stack: RuleContext) => Iterable<Diagnostic>;

/** `must` about the value at `path`, and the value that would be right, or the change. */
export function wrong(path: SettingPath, value: unknown, must: string, right: unknown, ...more: Change[]): Diagnostic {
    return { path, is: valueText(path, value), must, fix: [{ set: path, to: right }, ...more] };
}

/** Diagnostics of each entry of a map; one that cannot be read does not hide those of the others. */
export function* checkEach<T>(
    entries: Record<string, T>,
    check: (name: string, entry: T) => Iterable<Diagnostic>,
): Iterable<Diagnostic> {
    for (const name of Object.keys(entries)) {
        yield* untilUnreadable(() => check(name, entries[name] as T));
    }
}
