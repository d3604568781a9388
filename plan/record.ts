import * as pulumi from "@pulumi/pulumi";
import { setMockOptions } from "@pulumi/pulumi/runtime/settings";
import { RecordingMonitor } from "./monitor";
import { type Recording } from "./recording";

export interface RecordOptions {
    /** @default "aipx" */
    project?: string;
    /** @default "dev" */
    stack?: string;
    /** Stack config by full key (`aipx:kafka`), objects as JSON text. */
    config?: Record<string, string>;
    /** Keys of `config` that are secret. */
    secretConfigKeys?: string[];
    /**
     * Where what AWS computes seems to come from. The program's own is `aws:region` of its config.
     *
     * @default that of the config, or "ap-northeast-2"
     */
    region?: string;
    /** @default "123456789012" */
    accountId?: string;
    /**
     * Whether to run as the first preview does, when nothing exists: what AWS computes is unknown then.
     *
     * @default false: with stand-ins for it
     */
    preview?: boolean;
    /** Told the number of resources whenever there is one more. */
    onResource?: (count: number) => void;
}

export const defaultAccountId = "123456789012";
export const defaultRegion = "ap-northeast-2";

let previous: Promise<unknown> = Promise.resolve();

/**
 * Runs a program offline and returns all that it would register with Pulumi's engine, with what it returns as the stack's
 * outputs. Recordings never overlap: Pulumi's runtime has one state per process.
 *
 * @param run The program: its resources are at the top of the stack. It runs a second time if it fails (see below), so it
 * must not rely on running once.
 * @throws The program's own error, whether thrown by the program, inside an `apply`, or as a refused registration.
 */
export function recordProgram(run: () => unknown, options: RecordOptions = {}): Promise<Recording> {
    const recording = previous.then(() => recordOnceOrTwice(run, options));
    previous = recording.catch(() => {});
    return recording;
}

/**
 * Pulumi's SDK takes a stack trace for every promise, which costs three quarters of the whole run. They are of use only when
 * the program fails: then it runs again, with stack traces.
 */
async function recordOnceOrTwice(run: () => unknown, options: RecordOptions): Promise<Recording> {
    const { stackTraceLimit } = Error;
    try {
        Error.stackTraceLimit = 0;
        return await recordOnce(run, options);
    } catch (error) {
        Error.stackTraceLimit = 50;
        await recordOnce(run, options);
        // It passes the second time: what it does is not the same in every run.
        throw error;
    } finally {
        Error.stackTraceLimit = stackTraceLimit;
    }
}

async function recordOnce(run: () => unknown, options: RecordOptions): Promise<Recording> {
    const { project = "aipx", stack = "dev", config = {}, accountId = defaultAccountId, preview = false } = options;
    const region = options.region ?? config["aws:region"] ?? defaultRegion;
    const monitor = new RecordingMonitor(project, stack, { region, accountId }, options.onResource, preview);
    const reset = (): void => setMockOptions(monitor, project, stack, preview, "organization");
    reset();
    pulumi.runtime.setAllConfig(config, options.secretConfigKeys);
    // Programs that ask which keys are secret ask the environment, where the language host puts them.
    const { PULUMI_CONFIG_SECRET_KEYS: secretKeysBefore } = process.env;
    process.env.PULUMI_CONFIG_SECRET_KEYS = JSON.stringify(options.secretConfigKeys ?? []);
    try {
        await orFirstFailure(async () => {
            await pulumi.runtime.runInPulumiStack(async () => stackOutputs(await run()));
            await pulumi.runtime.disconnect();
        });
    } finally {
        // Forgets promises that a failed program left behind: at exit, the SDK would complain of them.
        reset();
        if (secretKeysBefore === undefined) {
            delete process.env.PULUMI_CONFIG_SECRET_KEYS;
        } else {
            process.env.PULUMI_CONFIG_SECRET_KEYS = secretKeysBefore;
        }
    }
    if (monitor.refusals[0]) {
        throw monitor.refusals[0];
    }
    return {
        project,
        stack,
        resources: monitor.recorded,
        providerConfig: byPackage(config),
        outputs: monitor.stackOutputs,
    };
}

/** Config by the part of its keys before the colon. */
function byPackage(config: Record<string, string>): Record<string, Record<string, string>> {
    const packages: Record<string, Record<string, string>> = {};
    for (const [key, value] of Object.entries(config)) {
        const [name = "", setting = ""] = key.split(":");
        packages[name] = { ...packages[name], [setting]: value };
    }
    return packages;
}

/** The outputs of a stack, if that is what the program returns; a test may return anything. */
function stackOutputs(returned: unknown): Record<string, unknown> {
    if (
        typeof returned !== "object" ||
        returned === null ||
        pulumi.Resource.isInstance(returned) ||
        Array.isArray(returned)
    ) {
        return {};
    }
    return Object.fromEntries(Object.entries(returned).filter(([, value]) => value !== undefined));
}

/**
 * Waits for `work`, or for the first error that nobody handles: a failed `apply` or registration is a promise of the SDK's,
 * which the program never sees, and what depends on it is never settled.
 */
async function orFirstFailure(work: () => Promise<void>): Promise<void> {
    let fail!: (error: unknown) => void;
    const failure = new Promise<never>((_resolve, reject) => (fail = reject));
    failure.catch(() => {});
    const starved = (): void =>
        fail(
            new Error(
                "the program never ends: it waits for a value that never comes (do two resources depend on each other?)",
            ),
        );
    const handBack = takeUncaught(fail);
    process.on("unhandledRejection", fail);
    process.on("beforeExit", starved);
    try {
        await Promise.race([work(), failure]);
    } finally {
        // Errors that follow from the first one come within the next turns of the event loop.
        await turns(3);
        process.off("beforeExit", starved);
        process.off("unhandledRejection", fail);
        handBack();
    }
    // An error may come after all else is done: nothing waits for the result of an `apply`.
    await Promise.race([failure, Promise.resolve()]);
}

/**
 * Takes errors that nobody catches away from all other listeners (a test runner's), because they are the program's. Among
 * them are unhandled rejections, if Node's `--unhandled-rejections` says so. Node's own means for this, a capture callback,
 * would keep the program from loading `domain`, which Pulumi's SDK does to serialise a function.
 *
 * @returns Gives them back.
 */
function takeUncaught(take: (error: unknown) => void): () => void {
    const others = process.rawListeners("uncaughtException") as NodeJS.UncaughtExceptionListener[];
    process.removeAllListeners("uncaughtException");
    process.on("uncaughtException", take);
    return () => {
        process.off("uncaughtException", take);
        others.forEach((listener) => process.on("uncaughtException", listener));
    };
}

async function turns(count: number): Promise<void> {
    for (let turn = 0; turn < count; turn++) {
        await new Promise((resolve) => setImmediate(resolve));
    }
}
