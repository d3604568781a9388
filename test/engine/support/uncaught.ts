import { status } from "@grpc/grpc-js";

type Listener = (error: Error, origin: string) => void;

const events = ["uncaughtException", "unhandledRejection"] as const;
const listeners = (event: (typeof events)[number]): Listener[] => process.rawListeners(event) as Listener[];

/** Those who listened before the program was started. */
let others: ReadonlySet<Listener> | undefined;

/**
 * Runs an operation of the engine so that the program's failures are not the tests': a program that has no process of its own
 * shares this one. What nobody catches meanwhile is told to the Automation API alone, which makes the operation fail.
 */
export async function withProgram<Result>(operation: () => Promise<Result>): Promise<Result> {
    if (!process.hasUncaughtExceptionCaptureCallback()) {
        process.setUncaughtExceptionCaptureCallback(tell);
    }
    others = new Set(events.flatMap(listeners));
    try {
        return await operation();
    } finally {
        // The listeners of a program whose engine was killed would stay.
        for (const event of events) {
            const added = listeners(event).filter((listener) => !others!.has(listener));
            added.forEach((listener) => process.off(event, listener));
        }
        others = undefined;
    }
}

function tell(error: Error): void {
    if (isLostCall(error)) {
        hideRejection();
        return;
    }
    const all = listeners("uncaughtException");
    const program = all.filter((listener) => !(others ?? new Set(all)).has(listener));
    for (const listener of program.length ? program : all) {
        listener(error, "uncaughtException");
    }
    if (all.length === 0) {
        console.error(error);
        process.exit(1);
    }
}

/** Keeps the rejection that Node is about to announce, because nothing has crashed of it, from those who listen. */
function hideRejection(): void {
    const hidden = listeners("unhandledRejection");
    hidden.forEach((listener) => process.off("unhandledRejection", listener));
    setImmediate(() => hidden.forEach((listener) => process.on("unhandledRejection", listener)));
}

/**
 * Whether this is about a call that lost the one at its other end: when the engine ends early, calls of the program are under
 * way, in promises that nobody awaits, and some fail only afterwards.
 */
function isLostCall(error: Error & { code?: unknown }): boolean {
    return (error.code === status.UNAVAILABLE || error.code === status.CANCELLED) && "metadata" in error;
}
