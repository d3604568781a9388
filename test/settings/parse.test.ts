import assert from "node:assert/strict";
import { RunError } from "@pulumi/pulumi";
import { parseSettings, SettingsError } from "../../settings";
import { findings, readableParts } from "../../settings/readable";
import { rules } from "../../settings/rules";
import { settingsSchema } from "../../settings/schema";
import { isMap } from "../../settings/schema-nodes";
import { changed } from "./change";
import { runCommand } from "./cli";
import { mistakes } from "./mistakes";
import { type Config, flat, stackConfig, stackNames } from "./stack-file";
import { tables } from "./tables";

const like = (stack: string): Config => stackConfig((stackNames as readonly string[]).includes(stack) ? stack : "dev");

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
    for (const { title, stack, changes, message } of mistakes) {
        it(title, () => {
            assert.equal(errorOf(changed(like(stack), changes), stack).message, message);
        });
    }

    it("are of forty kinds at least", () => {
        assert.ok(new Set(mistakes.map(({ title }) => title)).size >= 40);
    });

    it("touch every rule", () => {
        const untouched = new Set(rules);
        for (const { stack, changes } of mistakes) {
            const config = changed(like(stack), changes);
            const input = Object.fromEntries(
                Object.entries(config).map(([key, value]) => [key.replace("aipx:", ""), value]),
            );
            delete input["aws:region"];
            delete input["aws:defaultTags"];
            const settings = readableParts(settingsSchema, input);
            const region = config["aws:region"] as string | undefined;
            for (const rule of untouched) {
                if ([...findings(() => rule(settings, { name: stack, region, tables }))].length > 0) {
                    untouched.delete(rule);
                }
            }
        }
        assert.deepEqual([...untouched].map(String), []);
    });

    it("are mended by the commands they are shown with", () => {
        let mended = 0;
        for (const { title, stack, changes } of mistakes) {
            const config = changed(like(stack), changes);
            // A mended setting can show the next mistake (a topic that was missing, a size that goes with no other).
            for (let round = 0; round < 3 && isWrong(config, stack); round++) {
                const commands = errorOf(config, stack).problems.flatMap(({ fix }) => fix);
                if (commands.length === 0 || !commands.every((line) => /^pulumi config (set|rm) /.test(line))) {
                    break;
                }
                commands.forEach((command) => runCommand(config, command));
                mended += isWrong(config, stack) ? 0 : 1;
                assert.ok(round < 2 || !isWrong(config, stack), `${title}: ${commands.join(", ")}`);
            }
        }
        // The others are for people to decide: which name, which topics, which sizes.
        assert.equal(mended, 142);
    });
});

/** Every value in a config, with its path. */
function placesOf(map: Config, before = ""): [path: string, value: unknown][] {
    return Object.entries(map).flatMap(([key, value]) => [
        [`${before}${key}`, value],
        ...(isMap(value) ? placesOf(value, `${before}${key}.`) : []),
    ]);
}

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
