import assert from "node:assert/strict";
import { readArguments } from "../../plan/arguments";
import { UsageError } from "../../plan/usage-error";

const stacks = ["dev", "staging", "production"];
const none = { all: false, json: false, asConfigured: false, reports: [], help: false };

describe("arguments of the command", () => {
    const understood: [args: string[], expected: object][] = [
        [[], { ...none, stacks }],
        [["dev"], { ...none, stacks: ["dev"] }],
        [["production", "dev", "production"], { ...none, stacks: ["production", "dev"] }],
        [["dev", "--json"], { ...none, stacks: ["dev"], json: true }],
        [["--all", "--as-configured"], { ...none, stacks, all: true, asConfigured: true }],
        [
            ["--report", "sarif=out/a=b.sarif", "--report=junit=j.xml", "--report", "terminal"],
            {
                ...none,
                stacks,
                reports: [
                    { format: "sarif", file: "out/a=b.sarif" },
                    { format: "junit", file: "j.xml" },
                    { format: "terminal" },
                ],
            },
        ],
        [
            ["dev", "--json", "--report", "json=j"],
            { ...none, stacks: ["dev"], json: true, reports: [{ format: "json", file: "j" }] },
        ],
        [["dev", "--format", "terraform"], { ...none, stacks: ["dev"], format: "terraform" }],
        [["--format=pulumi", "dev"], { ...none, stacks: ["dev"], format: "pulumi" }],
        [["dev", "--service", "oms"], { ...none, stacks: ["dev"], service: "oms" }],
        [["--service=oms", "dev", "--json"], { ...none, stacks: ["dev"], json: true, service: "oms" }],
        [["--json", "--help"], { ...none, stacks, json: true, help: true }],
    ];
    for (const [args, expected] of understood) {
        it(`understands ${JSON.stringify(args)}`, () => assert.deepEqual(readArguments(args, stacks), expected));
    }

    it("refuse whatever is asked, but for help, in a project without a stack", () => {
        for (const args of [[], ["dev"], ["--json"], ["--report", "junit"], ["--service", "oms"]]) {
            assert.throws(() => readArguments(args, []), {
                name: "UsageError",
                message: /^the project has no stack: .*\nMake one, as in: pulumi stack init dev && pulumi config set /,
            });
        }
        assert.equal(readArguments(["--help"], []).help, true);
    });

    const refused: [args: string[], message: RegExp][] = [
        [["prod"], /^there is no stack "prod"\nThe stacks are: dev, staging, production$/],
        [["stagin"], /^there is no stack "stagin"\. Did you mean staging\?\nThe stacks are:/],
        [["--jsn"], /^unknown option --jsn\. Did you mean --json\?\n\nUsage: npm run plan/],
        [["-v"], /^unknown option -v\n/],
        [["--all=yes"], /^--all takes no value\n/],
        [["--json"], /^--json prints one stack: name one of dev, staging, production$/],
        [["dev", "staging", "--json"], /^--json prints one stack/],
        [["--report"], /^--report takes sarif, junit, json, terminal, each with =FILE or alone\n\nUsage/],
        [["--report", "sarf=x"], /^--report takes .* alone\. Did you mean sarif\?\n/],
        [["--report", "sarif="], /^--report takes sarif/],
        [["--report", "sarif", "--report", "junit"], /^stdout takes one report, --json or --format/],
        [["dev", "--service"], /^--service takes the name of a service, as in --service oms\n\nUsage/],
        [["dev", "--service="], /^--service takes the name of a service/],
        [["--service", "oms", "--service", "job"], /^--service shows one service, not oms and job$/],
        [
            ["--service", "oms", "--all"],
            /^--service shows one service: it goes with none of --all, --report and --format$/,
        ],
        [["--service", "oms", "--report", "sarif=x"], /^--service shows one service/],
        [["--service", "oms", "--json"], /^--json prints one stack/],
        [["dev", "--json", "--report", "sarif"], /^stdout takes one report, --json or --format/],
        [["dev", "--format"], /^--format takes one of pulumi, terraform\n\nUsage/],
        [["dev", "--format", "teraform"], /^--format takes one of pulumi, terraform\. Did you mean terraform\?\n/],
        [["dev", "--format", "pulumi", "--format", "terraform"], /^--format takes one of/],
        [["--format", "pulumi"], /^--format prints one stack: name one of dev, staging, production$/],
        [["dev", "--json", "--format", "pulumi"], /^stdout takes one form: --json or --format, not both$/],
        [["dev", "--format", "pulumi", "--report", "sarif"], /^stdout takes one report, --json or --format/],
        [["dev", "--format", "pulumi", "--service", "oms"], /^--service shows one service: /],
    ];
    for (const [args, message] of refused) {
        it(`refuses ${JSON.stringify(args)}`, () => {
            assert.throws(
                () => readArguments(args, stacks),
                (error: Error) => {
                    assert.ok(error instanceof UsageError);
                    assert.match(error.message, message);
                    return true;
                },
            );
        });
    }
});
