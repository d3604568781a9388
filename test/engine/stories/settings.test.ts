import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { parseSettings, SettingsError } from "../../../settings";
import { runCommand } from "../../settings/cli";
import { configOf, mend, rename, sample } from "../../settings/mending";
import { type Mistake, mistakes } from "../../settings/mistakes";
import { type Config, stackNames } from "../../settings/stack-file";
import { describeEngine, full } from "../support/engine";
import { Lab } from "../support/lab";

/** The config in the file of a lab's stack. */
class StackFile {
    private readonly name: string;

    constructor(private readonly lab: Lab) {
        this.name = join(lab.folder, `Pulumi.${lab.stackName}.yaml`);
    }

    read(): Config {
        return this.content().config as Config;
    }

    write(config: Config): void {
        // Quotes, where people have them, are what commands stumble over.
        const quoted = { defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN" } as const;
        writeFileSync(this.name, stringify({ ...this.content(), config }, quoted));
    }

    private content(): Record<string, unknown> {
        return parse(readFileSync(this.name, "utf8")) as Record<string, unknown>;
    }

    /** Does what a person does who is told so; what the CLI makes of the file must be what the other tests take for granted. */
    async follow(line: string): Promise<void> {
        const expected = this.read();
        if (line.startsWith("rename ")) {
            this.write(rename(expected, line));
            return;
        }
        const { code, output } = await this.lab.shell(line);
        assert.equal(code, 0, `${line}\n${output}`);
        runCommand(expected, line);
        assert.deepEqual(this.read(), expected, line);
    }
}

async function mendAll(lab: Lab, ofStack: Mistake[]): Promise<void> {
    const file = new StackFile(lab);
    for (const mistake of ofStack) {
        file.write(configOf(mistake));
        await mend(mistake, { read: () => file.read(), follow: (line) => file.follow(line) });
    }
}

describeEngine("what people are told to do about settings that are wrong", function () {
    this.timeout(600_000);

    // Each command is a process: the short form leaves out mistakes that bring neither another rule nor another kind of mend.
    const chosen = full ? mistakes : sample(mistakes);
    for (const stack of stackNames) {
        it(`mends those of ${stack}, changes nothing else, and does what the other tests take for granted`, async () => {
            const lab = await Lab.open(stack);
            try {
                await mendAll(
                    lab,
                    chosen.filter((mistake) => mistake.stack === stack),
                );
            } finally {
                lab.close();
            }
        });
    }

    it("keeps what was encrypted without --path, and shows it nowhere", async () => {
        const lab = await Lab.open("dev");
        try {
            await lab.shell("pulumi config set --stack dev --secret 'aipx:kafka.brokers' 4");
            const error = await errorOf(lab);
            assert.doesNotMatch(error.message, / 4$/m);
            for (const line of error.problems.flatMap(({ fix }) => fix)) {
                const { code, output } = await lab.shell(line);
                assert.equal(code, 0, `${line}\n${output}`);
            }
            const config = new StackFile(lab).read();
            assert.equal((config["aipx:kafka"] as Config).brokers, 4);
            assert.ok(!("aipx:kafka.brokers" in config));
        } finally {
            lab.close();
        }
    });
});

/** What a lab's stack is told about its settings, as the program reads them: decrypted. */
async function errorOf(lab: Lab): Promise<SettingsError> {
    const { output } = await lab.shell(`pulumi config --stack ${lab.stackName} --show-secrets --json`);
    const keys = Object.entries(JSON.parse(output) as Record<string, { value: string; secret: boolean }>);
    const config = Object.fromEntries(keys.map(([key, { value }]) => [key, value]));
    const secretKeys = keys.filter(([, { secret }]) => secret).map(([key]) => key);
    try {
        parseSettings(config, { stack: lab.stackName, secretKeys });
    } catch (error) {
        assert.ok(error instanceof SettingsError, String(error));
        return error;
    }
    throw new Error("nothing is wrong");
}
