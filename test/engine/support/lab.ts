import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
    chmodSync,
    copyFileSync,
    existsSync,
    mkdirSync,
    mkdtempSync,
    readFileSync,
    rmSync,
    writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Deployment, EngineEvent } from "@pulumi/pulumi/automation";
import { parse, stringify } from "yaml";
import { defaultAccountId, defaultRegion } from "../../../plan/record";
import { readProject } from "../../../plan/stack-config";
import { Account } from "../aws/account";
import { identity, serveAws } from "../aws/provider";
import { findCli, howToGetCli } from "./cli";
import { serveLanguage, type TypeScriptLoader } from "./language";
import type { Served } from "./listen";

const root = join(__dirname, "../../..");

/** What an operation of the engine did, or would do. */
export interface Outcome {
    /** Whether the command ended well. */
    ok: boolean;
    /** All that it printed. */
    output: string;
    /** Resources by what was done to them, as `<type>::<logical name>`, in the order of the engine. Nothing for the rest. */
    steps: Step[];
    /** What policies told. */
    policies: { policy: string; level: string; resource: string; message: string }[];
}

interface Step {
    op: string;
    resource: string;
    /** Properties that differ. */
    diffs: string[];
}

/** How a command ended. */
export interface Ended {
    /** Nothing where it was killed. */
    code: number | null;
    output: string;
}

export interface LabOptions {
    /** Milliseconds that a call of AWS takes. */
    delay?: () => number;
    /**
     * Whether the engine saves the state after each step, which is two thirds of its work. Without, it saves at the end.
     */
    checkpoints?: boolean;
    /** File of the program. Default: the project's. */
    program?: string;
    /** @default "tests" */
    loader?: TypeScriptLoader;
}

export interface RunOptions {
    /** Whether the project's policy pack is enforced. */
    policies?: boolean;
    /** Whether to go on with other resources after one has failed. */
    continueOnError?: boolean;
    /** Whether the state is compared with what exists first. */
    refresh?: boolean;
    /** Where a preview lists what it would create. */
    importFile?: string;
    /** Configuration of the policy pack, by policy. */
    policyConfig?: Record<string, unknown>;
    /** Whether the command makes a preview first, as it does for people. */
    previewFirst?: boolean;
}

/**
 * A stack of the project on the real engine: its file and state in a folder of their own, the CLI with the file backend, and
 * an account of AWS that is made up.
 */
export class Lab {
    private constructor(
        readonly stackName: string,
        readonly folder: string,
        readonly account: Account,
        private readonly providers: Served[],
        /** Of every command. */
        private readonly environment: NodeJS.ProcessEnv,
    ) {}

    /** The command that was started last. */
    private running: ChildProcess | undefined;
    private operations = 0;

    /** Opens a stack as its file has it, in an empty account. */
    static async open(
        stackName: string,
        { delay, checkpoints = true, program = readProject(root).main, loader = "tests" }: LabOptions = {},
    ): Promise<Lab> {
        const folder = mkdtempSync(join(tmpdir(), "aipx-lab-"));
        for (const file of ["Pulumi.yaml", `Pulumi.${stackName}.yaml`]) {
            copyFileSync(join(root, file), join(folder, file));
        }
        // The CLI wants to see the file that Pulumi.yaml names; which one is run, says the host of the language.
        writeFileSync(join(folder, "index.ts"), "");
        mkdirSync(join(folder, "state"));
        const account = new Account(defaultRegion, defaultAccountId);
        const aws = await serveAws(account, delay);
        const language = await serveLanguage(program, loader);
        const path = findCli();
        if (path === undefined) {
            throw new Error(howToGetCli());
        }
        const home = join(folder, "home");
        mkdirSync(home);
        // The CLI keeps a log of all that passes through it, a third of its work, unless there is no place for it.
        writeFileSync(join(home, "logs"), "");
        const lab = new Lab(stackName, folder, account, [aws, language], {
            ...process.env,
            PATH: [plugins(folder), dirname(path), process.env.PATH].join(":"),
            PULUMI_HOME: home,
            // Without files of attributes: a kill may leave one that is empty, as no kill does in S3.
            PULUMI_BACKEND_URL: `file://${join(folder, "state")}?metadata=skip`,
            PULUMI_CONFIG_PASSPHRASE: "not a secret: nothing here is",
            PULUMI_DEBUG_COMMANDS: "true",
            PULUMI_DEBUG_PROVIDERS: `aws:${aws.port},tls:${aws.port}`,
            PULUMI_DEBUG_LANGUAGES: `nodejs:${language.port}`,
            PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
            PULUMI_SKIP_UPDATE_CHECK: "true",
            ...(!checkpoints && { PULUMI_EXPERIMENTAL: "true", PULUMI_SKIP_CHECKPOINTS: "true" }),
        });
        await lab.must("stack", "init", stackName);
        return lab;
    }

    /** Stops the providers and removes the folder. */
    close(): void {
        this.providers.forEach(({ stop }) => stop());
        rmSync(this.folder, { recursive: true, force: true });
    }

    /** Changes the stack's file as a user would. Returns what takes the change back. */
    configure(change: (config: Record<string, any>) => void): () => void {
        const file = join(this.folder, `Pulumi.${this.stackName}.yaml`);
        const before = readFileSync(file, "utf8");
        const content = parse(before) as { config: Record<string, any> };
        change(content.config);
        writeFileSync(file, stringify(content));
        return () => writeFileSync(file, before);
    }

    /** What the stack told at its last update. */
    async outputs(): Promise<Record<string, any>> {
        return JSON.parse(await this.must("stack", "output", "--json", "--show-secrets")) as Record<string, any>;
    }

    /**
     * Pushes an image for each service, or for these, and names it in the stack's file. Another `version` is another image.
     *
     * @returns What the account knows each by.
     */
    async pushImages(services?: string[], version = "1"): Promise<Record<string, string>> {
        const pushed: Record<string, string> = {};
        const { repositories } = (await this.outputs()) as { repositories: Record<string, string> };
        this.configure((config) => {
            const images = (config["aipx:images"] ??= {}) as Record<string, string>;
            for (const service of services ?? Object.keys(repositories)) {
                const digest = digestOf(`${service} ${version}`);
                const name = repositories[service]!.split("/").slice(1).join("/");
                pushed[service] = `${name}@${digest}`;
                this.account.images.add(pushed[service]);
                images[service] = digest;
            }
        });
        return pushed;
    }

    /** Notes how the stack and AWS are. Returns what goes back there, for one change after another from the same start. */
    async checkpoint(): Promise<() => Promise<void>> {
        const state = await this.exportState();
        const undo = this.configure(() => undefined);
        const restore = this.account.checkpoint();
        return async () => {
            undo();
            restore();
            await this.importState(state);
        };
    }

    preview(options: RunOptions = {}): Promise<Outcome> {
        return this.run("preview", options);
    }

    up(options: RunOptions = {}): Promise<Outcome> {
        return this.run("up", options, "--yes");
    }

    refresh(options: RunOptions = {}): Promise<Outcome> {
        return this.run("refresh", options, "--yes");
    }

    destroy(options: RunOptions = {}): Promise<Outcome> {
        return this.run("destroy", options, "--yes");
    }

    /** Ends the engine at once, as a crash would. */
    kill(): void {
        this.running?.kill("SIGKILL");
    }

    async cancel(): Promise<void> {
        await this.must("cancel", "--yes");
    }

    async exportState(): Promise<Deployment> {
        return JSON.parse(await this.must("stack", "export", "--show-secrets")) as Deployment;
    }

    async importState(state: Deployment): Promise<void> {
        const file = join(this.folder, "import.json");
        writeFileSync(file, JSON.stringify(state));
        await this.must("stack", "import", "--file", file);
    }

    /** Runs any command of the CLI. */
    cli(...args: string[]): Promise<Ended> {
        return this.spawn("pulumi", [...args, "--non-interactive"]);
    }

    /** Runs a line as people would who are told to type it. */
    shell(line: string): Promise<Ended> {
        return this.spawn("sh", ["-c", line]);
    }

    private async spawn(program: string, args: string[]): Promise<Ended> {
        const child = spawn(program, args, {
            cwd: this.folder,
            env: this.environment,
            stdio: ["ignore", "pipe", "pipe"],
        });
        this.running = child;
        let output = "";
        child.stdout.on("data", (text) => (output += text));
        child.stderr.on("data", (text) => (output += text));
        const code = await new Promise<number | null>((resolve, reject) => {
            child.on("error", reject);
            child.on("close", resolve);
        });
        return { code, output };
    }

    /** Runs a command that cannot fail. Returns what it printed. */
    private async must(...args: string[]): Promise<string> {
        const { code, output } = await this.cli(...args);
        if (code !== 0) {
            throw new Error(`pulumi ${args.join(" ")}: ${output}`);
        }
        return output;
    }

    /** Runs an operation of the engine. */
    private async run(command: string, options: RunOptions, ...args: string[]): Promise<Outcome> {
        const { policies, policyConfig, importFile, continueOnError, refresh, previewFirst } = options;
        // Two operations may be under way at once.
        const events = join(this.folder, `events-${++this.operations}.jsonl`);
        args.push("--color", "never", "--event-log", events);
        if (command !== "preview" && !previewFirst) {
            args.push("--skip-preview");
        }
        if (policies) {
            args.push("--policy-pack", join(root, "policy-pack"));
        }
        if (policyConfig) {
            const file = join(this.folder, "policies.json");
            writeFileSync(file, JSON.stringify(policyConfig));
            args.push("--policy-pack-config", file);
        }
        if (importFile) {
            args.push("--import-file", importFile);
        }
        args.push(...(continueOnError ? ["--continue-on-error"] : []), ...(refresh ? ["--refresh"] : []));
        const { code, output } = await this.cli(command, ...args);
        const outcome: Outcome = { ok: code === 0, output, steps: [], policies: [] };
        const told = existsSync(events) ? readFileSync(events, "utf8").split("\n") : [];
        // The last line is empty, or cut where the engine was killed.
        told.slice(0, -1).forEach((line) => hear(JSON.parse(line) as EngineEvent, outcome));
        return outcome;
    }
}

/** What the engine says while it works. */
function hear(event: EngineEvent, outcome: Outcome): void {
    const { resourcePreEvent, policyEvent } = event;
    if (resourcePreEvent) {
        const { op, urn, diffs } = resourcePreEvent.metadata;
        if (op !== "same" && op !== "read") {
            outcome.steps.push({ op, resource: shortName(urn), diffs: diffs ?? [] });
        }
    }
    if (policyEvent) {
        const { policyName: policy, enforcementLevel: level, resourceUrn, message } = policyEvent;
        outcome.policies.push({ policy, level, resource: shortName(resourceUrn ?? ""), message });
    }
}

/** `<type>::<logical name>` */
export function shortName(urn: string): string {
    const { type, name } = identity(urn);
    return `${type}::${name}`;
}

export const digestOf = (text: string): string => `sha256:${createHash("sha256").update(text).digest("hex")}`;

/**
 * Makes the executables by which the engine starts policy packs, where no language host is installed, and the provider of awsx:
 * a process each time, since the SDK in it serves one engine. Returns their folder.
 */
function plugins(folder: string): string {
    const bin = join(folder, "bin");
    mkdirSync(bin);
    const runner = join(root, "node_modules/@pulumi/pulumi/cmd/run-policy-pack");
    const policies = `PULUMI_NODEJS_TYPESCRIPT=true exec "${process.execPath}" "${runner}" "$@"`;
    executable(join(bin, "pulumi-analyzer-policy-nodejs"), policies);
    const [loader, provider] = [join(root, "plan/register.cjs"), join(__dirname, "../awsx/provider.ts")];
    const awsx = `exec "${process.execPath}" --stack-trace-limit=0 --require "${loader}" "${provider}" "$@"`;
    executable(join(bin, "pulumi-resource-awsx"), awsx);
    return bin;
}

function executable(file: string, script: string): void {
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
}
