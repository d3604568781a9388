import { at, type Diagnostic, type SettingPath, valueText } from "../problems";
import { isMap } from "../schema-nodes";
import { checkEach, type Rule } from "./rule";

/** No list has anything twice, wherever it is. */
const noRepeats: Rule = (settings) => checkEach(settings, (section, value) => repeats(at(section), value));

function* repeats(path: SettingPath, value: unknown): Iterable<Diagnostic> {
    if (isMap(value)) {
        yield* checkEach(value, (key, inner) => repeats([...path, key], inner));
    } else if (Array.isArray(value)) {
        // From the end, so that one command does not move what the next one names.
        for (const [index, member] of [...value.entries()].reverse()) {
            if (value.indexOf(member) < index) {
                yield {
                    path: [...path, index],
                    is: valueText(path, member),
                    must: "must be in the list once",
                    fix: [{ remove: [...path, index] }],
                };
            }
        }
    }
}

/** Rules about lists. */
export const listRules: Rule[] = [noRepeats];
