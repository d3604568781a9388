import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { parseSettings, SettingsError } from "../../../settings";
import { changed } from "../../settings/change";
import { runCommand } from "../../settings/cli";
import { mistakes } from "../../settings/mistakes";
import { type Config, flat, stackConfig, stackNames } from "../../settings/stack-file";
import { describeEngine, full } from "../support/engine";
import { Lab } from "../support/lab";

/** Commands that are shown with a config that is wrong, as far as they change settings. */
function commandsFor(config: Config, stack: string): string[] {
    try {
        parseSettings(flat(config), { stack });
    } catch (error) {
        assert.ok(error instanceof SettingsError, String(error));
        return error.problems.flatMap(({ fix }) => fix).filter((fix) => /^pulumi config (set|rm) /.test(fix));
    }
    throw new Error("nothing is wrong");
}

describeEngine("commands that mend settings", function () {
    this.timeout(300_000);

    for (const stack of stackNames) {
        it(`do in ${stack} what the other tests take for granted`, async () => {
            const lab = await Lab.open(stack);
            try {
                let commands = 0;
                const ofStack = mistakes.filter((mistake) => mistake.stack === stack);
                // Each command is a process: the short form takes some.
                for (const { title, changes } of ofStack.filter((_mistake, index) => full || index % 6 === 0)) {
                    const expected = changed(stackConfig(stack), changes);
                    const name = join(lab.folder, `Pulumi.${stack}.yaml`);
                    const content = parse(readFileSync(name, "utf8")) as Record<string, unknown>;
                    // Quotes, where people have them, are what commands stumble over.
                    const quoted = { defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN" } as const;
                    writeFileSync(name, stringify({ ...content, config: expected }, quoted));
                    for (const command of commandsFor(expected, stack)) {
                        const words = command.match(/'[^']*'|\S+/g)!.map((word) => word.replace(/^'|'$/g, ""));
                        const { code, output } = await lab.cli(...words.slice(1));
                        assert.equal(code, 0, `${command}\n${output}`);
                        runCommand(expected, command);
                        assert.deepEqual(
                            (parse(readFileSync(name, "utf8")) as { config: Config }).config,
                            expected,
                            `${title}: ${command}`,
                        );
                        commands++;
                    }
                }
                assert.ok(commands > 0);
            } finally {
                lab.close();
            }
        });
    }
});
