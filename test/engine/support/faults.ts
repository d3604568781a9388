import type { Account, Fault, Operation } from "../aws/account";
import type { Lab, Outcome } from "./lab";

/** What happens to calls of AWS now and then. */
const faults: Fault[] = [
    { code: "ThrottlingException", message: "Rate exceeded", effective: false },
    { code: "RequestTimeout", message: "it was done, but the provider gave up waiting for it", effective: true },
    { code: "AccessDeniedException", message: "not authorized to perform this operation", effective: false },
    { code: "LimitExceededException", message: "the account's quota is reached", effective: false },
];

/**
 * Fails the first call of this kind for each resource, with each fault in turn.
 *
 * @param only Resources that this is for, by URN. Default: all.
 * @returns URNs of those that have failed.
 */
export function failFirst(
    account: Account,
    kind: Operation["kind"],
    only?: ReadonlySet<string>,
    turn = 0,
): Set<string> {
    const failed = new Set<string>();
    account.fault = (operation) => {
        if (operation.kind !== kind || failed.has(operation.urn) || only?.has(operation.urn) === false) {
            return undefined;
        }
        failed.add(operation.urn);
        return faults[(failed.size - 1 + turn) % faults.length];
    };
    return failed;
}

export function noFaults(account: Account): void {
    account.fault = () => undefined;
}

/**
 * Repeats an operation until it ends well.
 *
 * @returns How many times it took.
 * @throws If an attempt fails without any new fault, that is, for a reason of its own.
 */
export async function untilWell(failed: ReadonlySet<string>, operation: () => Promise<Outcome>): Promise<number> {
    for (let times = 1; ; times++) {
        const before = failed.size;
        const outcome = await operation();
        if (outcome.ok) {
            return times;
        }
        if (failed.size === before) {
            throw new Error(`this failed without a fault, at attempt ${times}:\n${outcome.output}`);
        }
    }
}

/**
 * Kills the engine while it works.
 *
 * @param after In the middle of which call of AWS that changes something. Others are under way at that moment.
 * @returns Whether it was killed before it was done.
 */
export async function killDuring(lab: Lab, after: number, operation: () => Promise<Outcome>): Promise<boolean> {
    let calls = 0;
    let killed = false;
    lab.account.fault = () => {
        if (++calls === after) {
            lab.kill();
            killed = true;
        }
        // Of the calls that are under way at the kill, every second one never reaches AWS.
        return killed && calls % 2 === after % 2 ? neverArrived : undefined;
    };
    const outcome = await operation();
    // AWS goes on with what it was asked to do.
    await new Promise((resolve) => setTimeout(resolve, 2 * slowestCall));
    noFaults(lab.account);
    return killed && !outcome.ok;
}

const neverArrived: Fault = { code: "RequestError", message: "the connection was lost", effective: false };

/** Milliseconds that a call takes at most in tests that kill the engine. */
export const slowestCall = 60;
