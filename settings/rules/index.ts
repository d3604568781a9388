import { type Diagnostic, pathText } from "../problems";
import { untilUnreadable } from "../readable";
import { type Settings } from "../schema";
import { accountRules } from "./account";
import { callerRules } from "./callers";
import { dataStoreRules } from "./data-stores";
import { listRules } from "./lists";
import { nameRules } from "./names";
import { networkRules } from "./network";
import { offerRules } from "./offers";
import { orderRules } from "./orders";
import { protectionRules } from "./protection";
import { type Rule, type RuleContext } from "./rule";
import { scheduleRules } from "./schedule";
import { secretRules } from "./secrets";
import { serviceRules } from "./services";
import { variableRules } from "./variables";

const ownRules: Rule[] = [
    ...nameRules,
    ...networkRules,
    ...dataStoreRules,
    ...serviceRules,
    ...secretRules,
    ...variableRules,
    ...orderRules,
    ...callerRules,
    ...accountRules,
    ...listRules,
    ...scheduleRules,
    ...protectionRules,
];

/** All rules. */
export const rules: Rule[] = [...ownRules, ...offerRules];

/** All that is wrong with the settings as far as they could be read. */
export function checkRules(settings: Settings, stack: RuleContext): Diagnostic[] {
    const run = (some: Rule[]): Diagnostic[] =>
        some.flatMap((rule) => [...untilUnreadable(() => rule(settings, stack))]);
    const found = run(ownRules);
    const said = new Set(found.map(({ path }) => pathText(path)));
    return [...found, ...run(offerRules).filter(({ path }) => !said.has(pathText(path)))];
}
