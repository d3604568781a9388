import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { parse, stringify } from "yaml";
import { planStack } from "../plan/plan";
import { readProject } from "../plan/stack-config";
import { clock, deployTimes, describe, goal } from "./deploy-time";

// `npm run bench`: what planning costs, against the goals. Times of a shared machine waver, so runs are interleaved and
// the median counts; ratios come from one run on one machine.

const root = path.join(__dirname, "..");
const rounds = 5;
const strategyCounts = [5, 50, 500];

interface Cost {
    seconds: number;
    megabytes: number;
}

/** Runs Node in a process of its own; the child itself reports its peak memory. */
function measure(args: string[], folder = root): Cost {
    const probe = path.join(__dirname, "peak-memory.cjs");
    const start = performance.now();
    const child = spawnSync(process.execPath, ["--require", probe, ...args], {
        cwd: folder,
        encoding: "utf8",
        maxBuffer: 2 ** 30,
        stdio: ["ignore", "pipe", "pipe", "pipe"],
    });
    const seconds = (performance.now() - start) / 1000;
    if (child.status !== 0) {
        throw new Error(`node ${args.join(" ")} failed:\n${child.stderr}`);
    }
    return { seconds, megabytes: Number(child.output[3]) / 1024 };
}

const register = ["--require", path.join(root, "plan/register.cjs")];
const bareImport = (): Cost =>
    measure(["--eval", ["pulumi", "aws", "awsx"].map((name) => `require("@pulumi/${name}")`).join(";")]);
const plan = (folder: string): Cost => measure([...register, path.join(root, "plan/main.ts"), "dev"], folder);

/** Importing the SDK of policies, and loading the whole pack as the engine does: until it serves. */
const policyImport = (): Cost => measure(["--eval", 'require("@pulumi/policy")']);
const packLoad = (): Cost => measure(["--eval", serveAndEnd], path.join(root, "policy-pack"));
const serveAndEnd = `
    const { write } = process.stdout;
    // The port, which it says once it serves.
    process.stdout.write = function (...args) { write.apply(this, args); process.exit(); };
    require("./index.js");
`;

/** Seconds for checking a stack of so many resources with all policies, after loading; each in a process of its own. */
function policySeconds(size: number): number {
    const args = [...register, path.join(__dirname, "policies.ts"), String(size)];
    const runs = Array.from({ length: 3 }, () => {
        const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
        if (status !== 0) {
            throw new Error(`checking ${size} resources failed:\n${stderr}`);
        }
        return (JSON.parse(stdout) as [number])[0];
    });
    return median(runs);
}

/** All tests but those on the real engine. Failing ones are for `npm test` to tell; here only their time counts. */
function testSeconds(): number {
    const start = performance.now();
    spawnSync("npm", ["run", "test:unit", "--silent"], {
        cwd: root,
        stdio: "ignore",
        shell: process.platform === "win32",
    });
    return (performance.now() - start) / 1000;
}

/** A project whose dev stack has this many strategies, and is otherwise this project. */
function projectWith(strategies: number, folder: string): void {
    const project = parse(readFileSync(path.join(root, "Pulumi.yaml"), "utf8")) as Record<string, unknown>;
    symlinkSync(path.join(root, "policy-pack"), path.join(folder, "policy-pack"), "junction");
    writeFileSync(path.join(folder, "Pulumi.yaml"), stringify({ ...project, main: path.join(root, "index.ts") }));
    const stack = parse(readFileSync(path.join(root, "Pulumi.dev.yaml"), "utf8")) as {
        config: Record<string, unknown>;
    };
    const services = stack.config["aipx:services"] as { strategies: Record<string, unknown> };
    const [model] = Object.values(services.strategies);
    services.strategies = Object.fromEntries(
        Array.from({ length: strategies }, (_unused, index) => [`s${index}`, model]),
    );
    writeFileSync(path.join(folder, "Pulumi.dev.yaml"), stringify(stack, { aliasDuplicateObjects: false }));
}

function median(values: number[]): number {
    const sorted = [...values].sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)]!;
}

const typical = (costs: Cost[]): Cost => ({
    seconds: median(costs.map(({ seconds }) => seconds)),
    megabytes: median(costs.map(({ megabytes }) => megabytes)),
});

/** Runs each in turn, several times, and takes the median of each. */
function compare<Name extends string>(runs: Record<Name, () => Cost>, times: number): Record<Name, Cost> {
    const names = Object.keys(runs) as Name[];
    const costs = new Map<Name, Cost[]>(names.map((name) => [name, []]));
    for (let round = 0; round < times; round++) {
        names.forEach((name) => costs.get(name)!.push(runs[name]()));
    }
    return Object.fromEntries(names.map((name) => [name, typical(costs.get(name)!)])) as Record<Name, Cost>;
}

async function main(): Promise<void> {
    const rows: string[][] = [["WHAT", "MEASURED", "GOAL", ""]];
    const row = (what: string, measured: number, goal: number, unit: string): void =>
        void rows.push([
            what,
            `${measured.toFixed(2)} ${unit}`,
            `<= ${goal} ${unit}`,
            measured <= goal ? "ok" : "MISSED",
        ]);

    // The first run fills the cache of stripped TypeScript, as the first plan on a clone does.
    plan(root);
    const { bare, dev } = compare({ bare: bareImport, dev: () => plan(root) }, rounds);
    row(
        `plan dev: time (${dev.seconds.toFixed(2)} s) against importing the SDKs (${bare.seconds.toFixed(2)} s)`,
        dev.seconds / bare.seconds,
        2,
        "times",
    );
    row(
        `plan dev: memory (${dev.megabytes.toFixed(0)} MB) against importing the SDKs (${bare.megabytes.toFixed(0)} MB)`,
        dev.megabytes / bare.megabytes,
        1.6,
        "times",
    );

    const { sdk, pack } = compare({ sdk: policyImport, pack: packLoad }, rounds);
    row(
        `policy pack: loading (${pack.seconds.toFixed(2)} s) against importing @pulumi/policy (${sdk.seconds.toFixed(2)} s)`,
        pack.seconds / sdk.seconds,
        1.5,
        "times",
    );
    const [few, many] = [policySeconds(300), policySeconds(3000)] as const;
    row("policy pack: 300 resources, all policies", few, 1, "s");
    row(`policy pack: 3,000 resources (${many.toFixed(2)} s) against 300`, many / few, 10, "times");

    const folders = strategyCounts.map((count) => {
        const folder = mkdtempSync(path.join(tmpdir(), "aipx-bench-"));
        projectWith(count, folder);
        return [count, folder] as const;
    });
    try {
        const costs = compare(Object.fromEntries(folders.map(([count, folder]) => [count, () => plan(folder)])), 3);
        const [few, some, many] = strategyCounts.map((count) => costs[count]!) as [Cost, Cost, Cost];
        const text = ({ seconds, megabytes }: Cost): string => `${seconds.toFixed(2)} s, ${megabytes.toFixed(0)} MB`;
        rows.push(...strategyCounts.map((count) => [`plan of ${count} strategies`, text(costs[count]!), "", ""]));
        row("500 strategies: time against 5", many.seconds / few.seconds, 10, "times");
        // No worse than linearly: ten times as many take at most ten times as much.
        row("500 strategies: time against 50", many.seconds / some.seconds, 10, "times");
        row("500 strategies: memory against 50", many.megabytes / some.megabytes, 10, "times");
    } finally {
        folders.forEach(([, folder]) => rmSync(folder, { recursive: true }));
    }

    const details: string[] = [];
    const project = readProject(root);
    for (const stack of project.stacks) {
        const found = deployTimes(
            await planStack(project, stack, { asConfigured: true }),
            await planStack(project, stack, { asConfigured: false }),
        );
        details.push(...describe(found));
        for (const { what, seconds, forced } of found.times) {
            const times = `${clock(seconds)} against the ${clock(forced)} that AWS forces`;
            row(`pulumi up of ${stack}, ${what}: ${times}`, seconds / forced, goal, "times");
        }
    }

    row("npm run test:unit", testSeconds(), 90, "s");

    const widths = rows[0]!.map((_title, column) => Math.max(...rows.map((cells) => cells[column]!.length)));
    const lines = rows.map((cells) =>
        cells
            .map((cell, column) => cell.padEnd(widths[column]!))
            .join("  ")
            .trimEnd(),
    );
    process.stdout.write(`${[...lines, "", "Deployments, on a simulated clock:", ...details].join("\n")}\n`);
    process.exitCode = rows.some((cells) => cells[3] === "MISSED") ? 1 : 0;
}

void main();
