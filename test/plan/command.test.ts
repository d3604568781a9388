import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as path from "node:path";

const root = path.join(__dirname, "..", "..");
const fixture = (name: string): string => path.join(__dirname, "fixtures", name);

/** Runs the command as a user would, in a folder. */
function plan(folder: string, ...args: string[]): { code: number | null; out: string; errors: string } {
    const command = ["--require", path.join(root, "plan/register.cjs"), path.join(root, "plan/main.ts"), ...args];
    const { status, stdout, stderr } = spawnSync(process.execPath, command, {
        cwd: folder,
        encoding: "utf8",
        env: { ...process.env, NODE_OPTIONS: "" },
    });
    return { code: status, out: stdout, errors: stderr };
}

describe("npm run plan", function () {
    this.timeout(60_000);

    it("prints a clean stack and exits with 0", () => {
        const { code, out, errors } = plan(fixture("project"), "dev");
        assert.equal(errors, "the program speaks\n");
        assert.equal(code, 0);
        assert.match(
            out,
            /Stack dev {2}ap-northeast-2, account 123456789012 \(a stand-in\)\n3 resources in 1 component/,
        );
        assert.match(out, /Resources\n {2}queues Queues, 3\n {4}3 sqs\.Queue\n/);
        assert.match(out, /urls:\n {4}- https:\/\/sqs\.ap-northeast-2/);
        assert.match(out, /token: \[secret\]/);
        assert.match(out, /No violations\.\n$/);
        // eslint-disable-next-line no-control-regex -- it is what must be missing
        assert.doesNotMatch(out, /\u001b/, "no colour unless on a terminal");
    });

    it("names every resource with --all", () => {
        const { out } = plan(fixture("project"), "dev", "--all");
        assert.match(
            out,
            /Resources\n {2}queues Queues\n {4}queue-0 sqs\.Queue\n {4}queue-1 sqs\.Queue\n {4}queue-2 sqs\.Queue\n/,
        );
    });

    it("plans all stacks, exits with 1 for violations in one of them", () => {
        const { code, out } = plan(fixture("project"));
        assert.equal(code, 1);
        assert.match(out, /^[^]*Stack dev[^]*No violations\.\n\nStack production {2}us-east-1[^]*\n1 violation\n/);
        assert.match(
            out,
            /x silent cloudwatch\.MetricAlarm\n {6}the alarm has no action: nobody hears of it \(preflight-alarm-without-action\)/,
        );
    });

    it("prints JSON alone on stdout, the same every time, without secrets", () => {
        const [first, second] = [
            plan(fixture("project"), "production", "--json"),
            plan(fixture("project"), "production", "--json"),
        ];
        assert.equal(first.out, second.out);
        assert.equal(first.code, 1);
        assert.match(first.errors, /the program speaks/);
        const printed = JSON.parse(first.out) as Record<string, any>;
        assert.deepEqual(Object.keys(printed), ["stack", "resources", "violations", "outputs"]);
        assert.equal(printed.stack, "production");
        assert.deepEqual(Object.keys(printed.resources[0]), [
            "urn",
            "type",
            "name",
            "inputs",
            "dependencies",
            "options",
        ]);
        const component = "urn:pulumi:production::sample::sample:index:Queues::queues";
        assert.equal(printed.resources.length, 7);
        const queue = printed.resources.find(({ name }: { name: string }) => name === "queue-4");
        assert.deepEqual(queue, {
            urn: "urn:pulumi:production::sample::sample:index:Queues$aws:sqs/queue:Queue::queue-4",
            type: "aws:sqs/queue:Queue",
            name: "queue-4",
            parent: component,
            inputs: { tags: { token: "none", owner: "[secret]" } },
            dependencies: [],
            options: {},
        });
        assert.deepEqual(
            printed.violations.map(({ policy, level }: Record<string, string>) => [policy, level]),
            [["preflight-alarm-without-action", "mandatory"]],
        );
        const dev = plan(fixture("project"), "dev", "--json").out;
        assert.match(dev, /"token": "\[secret\]"/);
        assert.doesNotMatch(dev + first.out, /hush/);
    });

    it("prints a stack alone on stdout as pulumi preview --json does, and as Terraform plans are", () => {
        const pulumi = plan(fixture("project"), "dev", "--format", "pulumi");
        assert.equal(pulumi.code, 0);
        const { steps, changeSummary } = JSON.parse(pulumi.out) as Record<string, any>;
        // The stack, a component and its queues.
        assert.deepEqual([steps.length, changeSummary], [5, { create: 5 }]);
        const terraform = plan(fixture("project"), "dev", "--format", "terraform");
        assert.equal(terraform.code, 0);
        assert.deepEqual(
            (JSON.parse(terraform.out) as Record<string, any>).resource_changes.map(({ address }: any) => address),
            [0, 1, 2].map((index) => `module.queues.aws_sqs_queue.queue-${index}`),
        );
        assert.doesNotMatch(pulumi.out + terraform.out, /hush/);
    });

    it("tells what the Terraform form cannot take", () => {
        const { code, errors, out } = plan(fixture("unbridged"), "dev", "--format", "terraform");
        assert.equal(code, 0);
        assert.match(
            errors,
            /^left out of the Terraform form: urn:pulumi:dev::unbridged::native:index:Thing::thing: .+\n$/,
        );
        assert.deepEqual((JSON.parse(out) as Record<string, any>).resource_changes, []);
    });

    it("shows the error of a program that fails, with its own frames only, and plans the other stacks", () => {
        const { code, out, errors } = plan(fixture("failing"));
        assert.equal(code, 1);
        assert.match(
            errors,
            /^(the program speaks\n)*stack dev: the program failed\nError: out of money\n {4}at .*program\.ts:\d+:\d+\)\nthe program speaks\n$/,
        );
        assert.doesNotMatch(out, /Stack dev/);
        assert.match(out, /Stack staging {2}ap-northeast-2 \(a stand-in\), account/);
    });

    it("plans functions that the SDK makes of callbacks, and says what runs in each service", () => {
        const { code, out, errors } = plan(fixture("functions"));
        assert.deepEqual([code, errors], [0, ""]);
        const [, services] = /\nServices\n([^]*?)\n\n/.exec(out) ?? [];
        assert.deepEqual(
            services!
                .split("\n")
                .map((line) => line.trim().split(/ {2,}/).join(" | "))
                .sort(),
            [
                "SERVICE | KIND | SIZE | IMAGE OR RUNTIME",
                "borrowed | Fargate | 1 task | -",
                "no-runtime | Lambda | 128 MB, 3 s | -",
                "of-a-module | Lambda | 128 MB, 180 s | nodejs22.x",
                "of-the-global | Lambda | 128 MB, 180 s | nodejs22.x",
                "zip | Lambda | 128 MB, 3 s | nodejs22.x",
            ],
        );
    });

    it("leaves out what a stack does not say of a service", () => {
        const shown = (service: string): string => plan(fixture("functions"), "dev", "--service", service).out;
        assert.match(shown("no-runtime"), /^no-runtime in dev {2}no-runtime\nLambda, 128 MB, 3 s, x86_64\n$/);
        assert.match(shown("borrowed"), /^borrowed in dev {2}borrowed\nFargate, 1 task\n$/);
    });

    it("lists what is wrong with the settings, nothing else, and exits with 2", () => {
        const { code, out, errors } = plan(fixture("bad-settings"));
        assert.deepEqual([code, out], [2, ""]);
        assert.match(
            errors,
            /^stack dev: \d+ settings are wrong\n\naws:region is missing\n[^]*aipx:kafka\.brokers is "none"\n/,
        );
        assert.doesNotMatch(errors, /^ +at /m);
    });

    it("says that there is no stack and how to make one, and exits with 2", () => {
        for (const args of [[], ["--report", "junit"]]) {
            const { code, out, errors } = plan(fixture("no-stack"), ...args);
            assert.deepEqual([code, out], [2, ""]);
            assert.match(errors, /^the project has no stack: /);
        }
        assert.match(plan(fixture("no-stack"), "--help").out, /\nStacks: none\n$/);
    });

    it("reports a stack whose settings are wrong as an error, and exits with 2", () => {
        const { code, out } = plan(fixture("bad-settings"), "--report", "junit");
        assert.equal(code, 2);
        assert.match(out, /<testsuite name="dev" tests="1" [^]*<error message="stack dev: \d+ settings are wrong">/);
    });

    it("names the line of a file that is no YAML, and exits with 2", () => {
        const { code, out, errors } = plan(fixture("broken-yaml"));
        assert.deepEqual([code, out], [2, ""]);
        assert.match(errors, /^Pulumi\.dev\.yaml:4:\d+: .+\n$/);
    });

    it("exits with 2 for stacks and options that do not exist", () => {
        const { code, out, errors } = plan(fixture("project"), "prod");
        assert.deepEqual([code, out], [2, ""]);
        assert.match(errors, /^there is no stack "prod"/);
    });

    describe("on this project", () => {
        it("plans a stack whole: what is not set yet is assumed, and said to be", () => {
            const { code, out, errors } = plan(root, "dev");
            assert.equal(errors, "");
            assert.equal(code, 0, out);
            assert.match(out, /Stack dev .*, disposable\n\d+ resources in \d+ components\n/);
            assert.match(out, /\n {2}network Network, \d+\n/);
            assert.match(out, /\n {2}SERVICE +KIND +SIZE +IMAGE OR RUNTIME\n/);
            assert.match(out, /\n {2}aipx-dev-oms +Fargate +0\.25 vCPU, 512 MiB, 1 task +assumed\n/);
            assert.match(out, /\n {2}aipx-dev-cognitive +Lambda +512 MB, \d+ s +assumed\n/);
            assert.match(
                out,
                /Warnings\n {2}! The account 123456789012 is AWS's example: .*\n {2}! No image is set for any service: planned as if there were one/,
            );
        });

        it("plans exactly what pulumi up would do, with --as-configured", () => {
            const { code, out } = plan(root, "dev", "--as-configured");
            assert.equal(code, 0, out);
            assert.match(out, /\n {2}oms +- +- +not set: left out\n/);
            assert.doesNotMatch(out, /assumed|No image is set/);
        });

        it("shows one service: what it is given in names and words, and no secret", () => {
            const { code, out, errors } = plan(root, "dev", "--service", "oms");
            assert.deepEqual([code, errors], [0, ""]);
            assert.match(
                out,
                /^oms in dev {2}aipx-dev-oms\nFargate, 0\.25 vCPU, 512 MiB, 1 task, arm64\nimage .*\/aipx\/dev\/oms@sha256:/,
            );
            assert.match(out, /\n {2}KIS_MODE = paper\n {6}`paper` or `live`\./);
            assert.match(
                out,
                /\n {2}KIS_APP_KEY = \(secret aipx\/dev\/kis-credentials, key app_key, read when the task starts\)\n/,
            );
            assert.match(
                out,
                /\n {2}May look up and write records to the Kafka topics orders and executions\.\n {6}Allow kafka-cluster:DescribeTopic, /,
            );
            assert.match(
                out,
                /\nReaches\n(?: {2}.*\n)* {2}PostgreSQL, port 5432 \(tcp 5432, group data-postgres: rds\.Instance aipx-dev-postgres\)\n/,
            );
            assert.match(out, /\n {2}callers inside the VPC, by the name oms\.dev\.aipx\.internal:50051\n/);
            assert.match(out, /\nIs watched by\n(?: {2}.*\n)* {2}aipx-dev-oms-down\n/);
        });

        it("shows one service as JSON, alone on stdout", () => {
            const { code, out } = plan(root, "dev", "--service", "strategy-momentum", "--json");
            assert.equal(code, 0);
            const { service, triggers, environment } = JSON.parse(out) as Record<string, any>;
            assert.deepEqual([service, triggers[0].topics], ["strategy-momentum", ["ticks"]]);
            assert.match(
                environment.find(({ name }: { name: string }) => name === "OMS_ADDRESS").meaning,
                /^Host and port of the OMS/,
            );
        });

        it("says which services there are, and exits with 2, for one that there is not", () => {
            const { code, out, errors } = plan(root, "dev", "--service", "omz");
            assert.deepEqual([code, out], [2, ""]);
            assert.match(errors, /^stack dev has no service "omz"\. Did you mean oms\?\nThe services are: .*\boms\b/);
            const left = plan(root, "dev", "--service", "oms", "--as-configured");
            assert.equal(left.code, 2);
            assert.match(left.errors, /^service "oms" is left out of stack dev: its image is not set\n$/);
        });

        it("prints the same JSON every time", () => {
            assert.equal(plan(root, "dev", "--json").out, plan(root, "dev", "--json").out);
        });
    });

    it("explains itself", () => {
        const { code, out } = plan(fixture("project"), "--help");
        assert.equal(code, 0);
        assert.match(out, /^Usage: npm run plan[^]*Stacks: dev, production\n$/);
    });
});
