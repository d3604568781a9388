import assert from "node:assert/strict";
import { RunError } from "@pulumi/pulumi";
import { parseSettings, SettingsError } from "../../settings";
import { rules } from "../../settings/rules";
import { changed } from "./change";
import { runCommand } from "./cli";
import { brokenRules, configOf, mend, placesOf, rename } from "./mending";
import { mistakes } from "./mistakes";
import { type Config, flat, stackConfig, stackNames } from "./stack-file";
import { tables } from "./tables";

/** The error that a config gives. */
function errorOf(config: Config, stack: string, secretKeys?: string[]): SettingsError {
    try {
        parseSettings(flat(config), { stack, secretKeys, tables });
    } catch (error) {
        assert.ok(error instanceof SettingsError, String(error));
        return error;
    }
    throw new Error("no error");
}

describe("settings with a mistake", () => {
    for (const mistake of mistakes) {
        it(mistake.title, () => {
            assert.equal(errorOf(configOf(mistake), mistake.stack).message, mistake.message);
        });
    }

    it("are of forty kinds at least", () => {
        assert.ok(new Set(mistakes.map(({ title }) => title)).size >= 40);
    });

    it("touch every rule", () => {
        const touched = new Set(mistakes.flatMap((mistake) => brokenRules(configOf(mistake), mistake.stack)));
        assert.deepEqual(rules.filter((rule) => !touched.has(rule)).map(String), []);
    });

    it("are mended by what they are shown with, and nothing else is changed", async () => {
        let mended = 0;
        for (const mistake of mistakes) {
            let config = configOf(mistake);
            const follow = (line: string): void => {
                if (line.startsWith("rename ")) {
                    config = rename(config, line);
                } else {
                    runCommand(config, line);
                }
            };
            mended += (await mend(mistake, { read: () => config, follow })) ? 1 : 0;
        }
        // The others are for people to decide: which name, which topics, which sizes.
        assert.ok(mended > 0.8 * mistakes.length, String(mended));
    });
});

function isWrong(config: Config, stack: string): boolean {
    try {
        parseSettings(flat(config), { stack, tables });
        return false;
    } catch {
        return true;
    }
}

describe("SettingsError", () => {
    it("lists every problem with path, value, what is allowed, and commands", () => {
        const { problems } = errorOf(changed(stackConfig("dev"), { "aipx:kafka.brokers": 3 }), "dev");
        assert.deepEqual(problems, [
            {
                path: "aipx:kafka.brokers",
                value: "is 3",
                allowed: "must be a multiple of the 2 availability zones",
                fix: ["pulumi config set --stack dev --path 'aipx:kafka.brokers' 4"],
            },
        ]);
    });

    it("is one that the engine shows without a stack trace", () => {
        assert.ok(RunError.isInstance(errorOf(changed(stackConfig("dev"), { "aipx:kafka": undefined }), "dev")));
    });

    it("keeps secrets to itself", () => {
        const secret = "PSKx93kd02lQ";
        const config = changed(stackConfig("dev"), { "aipx:broker.mode": secret });
        assert.match(errorOf(config, "dev").message, new RegExp(secret));
        assert.doesNotMatch(errorOf(config, "dev", ["aipx:broker"]).message, new RegExp(secret));
        const named = changed(stackConfig("dev"), {
            "aipx:broker": `{"appSecret": "${secret}"`,
            "aipx:alarms.slackToken": secret,
            "aipx:kafka.topics.api-key": secret,
            "aipx:images.app_secret": { secure: secret },
        });
        assert.doesNotMatch(errorOf(named, "dev").message, new RegExp(secret));
        for (const key of ["aipx:broker.mode", "aipx:services.oms.environment.LEVEL", "aipx:wallet.coins"]) {
            const beside = { ...stackConfig("dev"), [key]: secret };
            assert.doesNotMatch(errorOf(beside, "dev", [key]).message, new RegExp(secret), key);
        }
        for (const changes of [
            { "aipx:kafka.topics.ticks.replicatonFactor": 4 },
            { "aipx:kafka.topics.ticks.partitions": undefined, "aipx:kafka.topics.ticks.partitons": 4 },
            { "aipx:kafka.topics.ticks.partitions": "4" },
        ]) {
            const config = changed(stackConfig("dev"), changes);
            assert.match(errorOf(config, "dev").message, / 4$/m);
            assert.doesNotMatch(errorOf(config, "dev", ["aipx:kafka"]).message, / 4$/m);
        }
    });

    for (const stack of stackNames) {
        it(`loses nothing of ${stack} that stands under a mistyped key`, () => {
            const right = stackConfig(stack);
            let mistyped = 0;
            for (const [path, value] of placesOf(stackConfig(stack))) {
                let config = changed(right, { [path]: undefined, [`${path}x`]: value });
                const problems = isWrong(config, stack) ? errorOf(config, stack).problems : [];
                // Others are names of people's own.
                if (problems.some((problem) => problem.path === `${path}x` && problem.allowed.startsWith("did you"))) {
                    for (const fix of new Set(problems.flatMap((problem) => problem.fix))) {
                        if (fix === `rename ${path}x to ${path} in Pulumi.${stack}.yaml`) {
                            config = changed(config, { [path]: value, [`${path}x`]: undefined });
                        } else {
                            runCommand(config, fix);
                        }
                    }
                    assert.deepEqual(config, right, path);
                    mistyped++;
                }
            }
            assert.ok(mistyped > 40, String(mistyped));
        });
    }

    for (const stack of stackNames) {
        it(`loses nothing of ${stack} that was set without --path`, () => {
            const right = stackConfig(stack);
            // No command sets a list or map that is empty.
            const places = placesOf(right).filter(
                ([path, value]) =>
                    path.includes(".") && (typeof value !== "object" || Object.keys(value as object).length > 0),
            );
            for (const [path, value] of places) {
                const config = { ...changed(right, { [path]: undefined }), [path]: value };
                const { problems } = errorOf(config, stack);
                assert.ok(
                    problems.some((problem) => problem.path === path),
                    path,
                );
                problems.flatMap(({ fix }) => fix).forEach((fix) => runCommand(config, fix));
                assert.deepEqual(config, right, path);
            }
            assert.ok(places.length > 80, String(places.length));
        });
    }

    it("quotes names for the shell and for paths", () => {
        const config = changed(stackConfig("dev"), {});
        (config["aipx:kafka"] as Config).topics = { "a.b": { partitions: 0, retentionHours: 1 }, "it's": 1 };
        const fixes = errorOf(config, "dev").problems.flatMap(({ fix }) => fix);
        assert.ok(fixes.includes(`pulumi config set --stack dev --path 'aipx:kafka.topics["a.b"].partitions' 1`));
        assert.ok(
            fixes.includes(`pulumi config rm --stack dev --path 'aipx:kafka.topics["it'\\''s"]'`),
            fixes.join("\n"),
        );
    });
});
