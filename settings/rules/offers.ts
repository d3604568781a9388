import { byCloseness } from "../closest";
import { type Choice, choices } from "../offers/choices";
import { ownTables } from "../offers";
import { at, type Diagnostic, pathText, valueText } from "../problems";
import { untilUnreadable } from "../readable";
import { oneOf } from "../schema-nodes";
import { type Settings } from "../schema";
import { type Rule, type RuleContext } from "./rule";

/** Offers that an error names. */
const mostNamed = 6;

/** Whether AWS has it, as far as the tables know. */
const isOffered = ({ offered, value }: Choice): boolean => offered.includes(value);

function* offered(settings: Settings, { region, tables = ownTables }: RuleContext): Iterable<Diagnostic> {
    for (const part of region === undefined ? [] : choices(settings, region, tables)) {
        yield* untilUnreadable(function* () {
            for (const choice of part()) {
                if (!isOffered(choice) && !settings.account.alsoOffered.includes(choice.name)) {
                    yield unknown(choice);
                }
            }
        });
    }
}

function unknown({ path, value, name, what, offered, kind, list }: Choice): Diagnostic {
    const all = kind === "version" ? offered : byCloseness(value, offered);
    const others = all.length - mostNamed;
    const named =
        others > 1 ? `${all.slice(0, mostNamed).join(", ")} or one of ${others} others` : oneOf(all) || "there is none";
    const right = kind === "version" ? nearestVersion(value, all) : all[0];
    return {
        path,
        is: valueText(path, value),
        must: `must be ${what}: ${named} (as of ${list.date}). If AWS has it all the same, put "${name}" into aipx:account.alsoOffered`,
        fix: right === undefined ? [] : [{ set: path, to: right }],
    };
}

/** The newest version that is not newer than the wanted one, or the oldest. */
function nearestVersion(wanted: string, offered: readonly string[]): string | undefined {
    const older = offered.filter((version) => version.localeCompare(wanted, "en", { numeric: true }) <= 0);
    return older[older.length - 1] ?? offered[0];
}

/** An entry that lets nothing pass would hide the next mistake. */
function* alsoOfferedNeeded(settings: Settings, { region, tables = ownTables }: RuleContext): Iterable<Diagnostic> {
    if (region === undefined) {
        return;
    }
    // All of them: what could not be read may be what an entry is for.
    const chosen = choices(settings, region, tables).flatMap((part) => [...part()]);
    // From the end, so that one command does not move what the next one names.
    for (const [index, name] of [...settings.account.alsoOffered.entries()].reverse()) {
        const its = chosen.filter((choice) => choice.name === name);
        if (its.every(isOffered)) {
            const path = at("account", "alsoOffered", index);
            yield {
                path,
                is: valueText(path, name),
                must:
                    its.length > 0
                        ? "must be left out: the tables in settings/offers have it by now"
                        : `must be left out: no setting of this stack names it${tables.of(region) ? "" : `, or none that is checked, since the offers of ${region} are not known`}`,
                fix: [{ remove: path }],
            };
        }
    }
}

/** Rules about what AWS offers. They come last: what another rule says of the same setting is more to the point. */
export const offerRules: Rule[] = [offered, alsoOfferedNeeded];

/** What was not checked, or let pass, for the plan. */
export function offerWarnings(settings: Settings, region: string, tables = ownTables): string[] {
    const passed = choices(settings, region, tables)
        .flatMap((part) => [...part()])
        .filter((choice) => !isOffered(choice));
    return [
        ...(tables.of(region)
            ? []
            : [
                  `What AWS offers in ${region} is not known here, so zones, types and versions are not checked: npm run offers -- ${region} asks AWS.`,
              ]),
        ...passed.map(
            ({ path, value, list }) =>
                `${pathText(path)} ${valueText(path, value)}, which AWS did not offer on ${list.date}: aipx:account.alsoOffered lets it pass.`,
        ),
    ];
}
