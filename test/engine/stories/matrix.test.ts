import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { allSettings } from "../../../settings/schema-nodes";
import { type Config, stackConfig } from "../../settings/stack-file";
import { assertWell, changesOf, type Changes, deploy, thatHoldState } from "../support/changes";
import { describeEngine, full } from "../support/engine";
import { Lab } from "../support/lab";
import { type SettingChange, settingChanges } from "../support/setting-changes";
import { chosenChanges } from "../support/setting-values";

/** Where the long form goes on after it was stopped. */
const from = Number(process.env.AIPX_FULL_FROM ?? 0);

/** The short form makes those whose effect is more than a change in place, and only looks at their previews where it can. */
const isShort = ({ setting }: SettingChange): boolean => setting.node.change !== undefined;

/** Everything that an update takes away for good, or makes anew empty. */
const lost = ({ replace = [], delete: deleted = [] }: Changes): string[] => thatHoldState([...replace, ...deleted]);

/** `kafka.brokers = 4` */
const titleOf = ({ path, config }: SettingChange, before: Config): string => {
    const value = path.split(".").reduce<any>((inside, key) => inside?.[key], config);
    const others = Object.keys(config).filter(
        (key) => !isDeepStrictEqual(config[key], before[key]) && !path.startsWith(key),
    );
    const text = JSON.stringify(value) ?? "left out";
    return `${path.replace("aipx:", "")} = ${text.length > 60 ? `${text.slice(0, 60)}...` : text}${others.length > 0 ? `, with others in ${others.join(", ")}` : ""}`;
};

describe("changes of settings", () => {
    for (const stack of ["dev", "production"]) {
        it(`in ${stack} are known for each setting, or nobody can make them`, () => {
            const found = settingChanges(withImages(stackConfig(stack)), stack, chosenChanges[stack]);
            const unchangeable = found.filter((one) => "because" in one).map(({ setting }) => setting.path);
            assert.deepEqual(unchangeable, unchangeableIn[stack]);
            const covered = new Set(found.map(({ setting }) => setting.path));
            const included = Object.entries(chosenChanges[stack]!).filter(([, changes]) => changes.length === 0);
            assert.deepEqual(
                allSettings()
                    .map(({ path }) => path)
                    .filter((path) => !covered.has(path)),
                included.map(([path]) => path),
            );
        });
    }
});
