import { AwsError, type Account, type AwsResource } from "../account";
import { isOutside } from "./surroundings";

// The words in which refusals are written down.

/** A call that AWS looks at before it does anything. */
export class Attempt {
    constructor(
        /** As it would be afterwards; for a deletion, as it is. */
        readonly resource: AwsResource,
        readonly account: Account,
        /** As it is, for an update. */
        readonly before?: AwsResource,
    ) {}

    get inputs(): Record<string, any> {
        return this.resource.inputs;
    }

    /** All that exists of these types, but the resource itself. */
    others(...types: string[]): AwsResource[] {
        return this.account
            .ofType(...types)
            .filter((resource) => resource !== this.resource && resource !== this.before);
    }
}

/** Throws if AWS refuses. */
export type Check = (attempt: Attempt) => void;

/** What AWS refuses of a type. Checks are made in order. */
export interface Refusals {
    /** When it is made, and when it is changed. */
    put?: Check[];
    create?: Check[];
    update?: Check[];
    delete?: Check[];
}

/** What AWS says when it refuses, about something. */
export interface Refusal {
    code: string;
    /** `%` stands for what it is about. */
    text: string;
}

export const refusal = (code: string, text: string): Refusal => ({ code, text });

export function say({ code, text }: Refusal, about: string): never {
    throw new AwsError(code, text.split("%").join(about));
}

/** The values at a path; lists on the way are gone through. */
export const valuesAt = (inputs: Record<string, any>, path: string): any[] =>
    path.split(".").reduce<any[]>(
        (holders, key) =>
            holders.flatMap((holder): any[] => {
                const value: unknown = holder?.[key];
                return value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
            }),
        [inputs],
    );

/** Whether something of this name, id or ARN exists. */
export type Exists = (account: Account, value: string) => boolean;

/** All values at the path must exist. */
export function needs(path: string, exists: Exists, refused: Refusal): Check {
    return ({ inputs, account }) => {
        for (const value of valuesAt(inputs, path)) {
            if (!isOutside(account, String(value)) && !exists(account, String(value))) {
                say(refused, String(value));
            }
        }
    };
}

/** No other may have the same values of all these outputs. */
export function unique(refused: Refusal, ...outputs: string[]): Check {
    const valuesOf = ({ outputs: all }: AwsResource): string => JSON.stringify(outputs.map((output) => all[output]));
    return (attempt) => {
        const { resource } = attempt;
        if (attempt.others(resource.type).some((other) => valuesOf(other) === valuesOf(resource))) {
            say(refused, String(resource.outputs[outputs[0]!]));
        }
    };
}

/** Refused if `isSo`. It is about the id, unless something better is given. */
export function refusedIf(
    refused: Refusal,
    isSo: (inputs: Record<string, any>, attempt: Attempt) => boolean,
    about: (attempt: Attempt) => string = ({ resource }) => resource.id,
): Check {
    return (attempt) => {
        if (isSo(attempt.inputs, attempt)) {
            say(refused, about(attempt));
        }
    };
}

/** The numbers at the path must lie within bounds. */
export const within = (path: string, min: number, max: number, refused: Refusal): Check =>
    checkEach(path, refused, (value) => Number(value) >= min && Number(value) <= max);

/** All values at the path must be good. */
export function checkEach(path: string, refused: Refusal, isGood: (value: any, attempt: Attempt) => boolean): Check {
    return (attempt) => {
        for (const value of valuesAt(attempt.inputs, path)) {
            if (!isGood(value, attempt)) {
                say(refused, String(value));
            }
        }
    };
}

/** Who uses it must be gone: resources with `own` (an output, or `id`) at one of the paths. */
export function unused(refused: Refusal, own: string, users: Record<string, string | string[]>): Check {
    return (attempt) => {
        const { resource } = attempt;
        const value: unknown = own === "id" ? resource.id : resource.outputs[own];
        for (const [type, paths] of Object.entries(users)) {
            for (const user of attempt.others(type)) {
                // What waits for a maintenance window is in use already.
                const uses = [user.inputs, user.pending ?? {}].flatMap((inputs) =>
                    [paths].flat().flatMap((path) => valuesAt(inputs, path)),
                );
                if (uses.includes(value)) {
                    say(refused, String(value));
                }
            }
        }
    };
}
