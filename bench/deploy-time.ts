import { type Plan } from "../plan/plan";
import { type RecordedResource, type Recording } from "../plan/recording";
import { replacedWhenChanged, secondsOf } from "./deploy-minutes";
import { criticalPath, simulate, type Schedule, type Task } from "./simulate";

// How long `pulumi up` takes, on a simulated clock: the offline plan says what waits for what, and deploy-minutes.ts how long
// AWS takes. So a dependency that makes deployments longer shows without a deployment.

/**
 * Operations at once in the figures: `pulumi up --parallel 64`. Whoever waits for a worker stands in one line behind all that
 * came before, so with fewer the cluster waits for alarms.
 */
const workers = 64;

/** Without `--parallel` there are four for each core: these are those of two cores. */
const defaultWorkers = 8;

/** How much longer than what AWS forces a deployment may take. */
export const goal = 1.1;

/** What AWS wants first though no input refers to it, since names are plain texts. */
const firstForAws: Record<string, string[]> = {
    // It looks the topic up.
    "aws:lambda/eventSourceMapping:EventSourceMapping": ["aws:msk/topic:Topic"],
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": ["aws:lambda/function:Function"],
    "aws:lambda/permission:Permission": ["aws:lambda/function:Function"],
    // A task reads its parameters when it starts, and is tried before its service gets it.
    "aws:lambda/invocation:Invocation": ["aws:ssm/parameter:Parameter"],
    "aws:ecs/service:Service": ["aws:lambda/invocation:Invocation", "aws:ssm/parameter:Parameter"],
    // It is a copy of the routes as they are.
    "aws:apigatewayv2/deployment:Deployment": ["aws:apigatewayv2/route:Route"],
};

/** Other waits of more than a minute that are meant: type that waits, type that it waits for, and why. */
const meant: [waiting: string | undefined, awaited: string, why: string][] = [
    [undefined, "awsx:ec2:Vpc", "awsx hands over its VPC when all of it is made, NAT gateways and routes as well"],
    [
        "aws:ecs/service:Service",
        "aws:msk/topic:Topic",
        "tasks that find no topics fail until the circuit breaker gives up",
    ],
    [
        "aws:lambda/invocation:Invocation",
        "aws:msk/topic:Topic",
        "what a service waits for, its trial waits for as well",
    ],
    [
        "aws:elasticache/userGroupAssociation:UserGroupAssociation",
        "aws:elasticache/replicationGroup:ReplicationGroup",
        "a cache cannot start with a group of users that is just being changed",
    ],
    [
        "aws:lambda/function:Function",
        "aws:ec2/vpcEndpoint:VpcEndpoint",
        "functions reach AWS by the endpoints as soon as they are called",
    ],
    [
        "aws:lambda/function:Function",
        "aws:lambda/invocation:Invocation",
        "a service that signs in to the database comes after its user",
    ],
    [
        "aws:lambda/function:Function",
        "aws:lambda/function:Function",
        "a function that invokes another one comes after it",
    ],
    [
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        "aws:elasticache/replicationGroup:ReplicationGroup",
        "an alarm on a node without metrics would go off before there is a node",
    ],
];

/**
 * Which waits count: all of Pulumi's; all but for parts of a remote component that a resource does not refer to; only those
 * that AWS forces.
 */
export type Waits = "all" | "parts" | "forced";

/** The tasks of a first `pulumi up`, on an empty account. */
export const firstUp = (recording: Recording, waits: Waits = "all"): Task[] =>
    tasks(recording, waits, (resource) => secondsOf(resource, "create"));

/** The tasks of a `pulumi up` after nothing but the image of one service has changed. */
export function imageUpdate(recording: Recording, image: string, waits: Waits = "all"): Task[] {
    const changed = changedByImage(recording, image);
    return tasks(recording, waits, (resource) =>
        changed.has(resource.urn) ? secondsOf(resource, replacedWhenChanged(resource.type) ? "create" : "update") : 0,
    );
}

/** URNs of what a new image changes: what names it, and what refers to a resource that is replaced for it. */
export function changedByImage({ resources }: Recording, image: string): Set<string> {
    const changed = new Set<string>();
    const replaced = new Set<string>();
    for (const resource of resources) {
        const refersToReplaced = Object.values(resource.propertyDependencies).some((urns) =>
            urns.some((urn) => replaced.has(urn)),
        );
        if (resource.kind === "custom" && (refersToReplaced || JSON.stringify(resource.inputs).includes(image))) {
            changed.add(resource.urn);
            if (replacedWhenChanged(resource.type)) {
                replaced.add(resource.urn);
            }
        }
    }
    return changed;
}

function tasks(recording: Recording, waits: Waits, seconds: (resource: RecordedResource) => number): Task[] {
    const waitsOf = waits === "forced" ? forcedWaits(recording) : allWaits(recording, waits === "all");
    return recording.resources.map((resource) => ({
        id: resource.urn,
        seconds: seconds(resource),
        waitsFor: waitsOf(resource),
    }));
}

type WaitsOf = (resource: RecordedResource) => string[];

/** What the values of a resource's inputs come from, and what AWS wants first: nobody could start it earlier. */
function forcedWaits({ resources }: Recording): WaitsOf {
    const made = new Map(resources.filter(({ kind }) => kind === "custom").map((resource) => [resource.urn, resource]));
    return ({ type, dependencies, propertyDependencies }) => {
        const first = dependencies.filter((urn) => firstForAws[type]?.includes(made.get(urn)?.type ?? ""));
        const referred = Object.values(propertyDependencies)
            .flat()
            .filter((urn) => made.has(urn));
        return [...new Set([...referred, ...first])];
    };
}

/**
 * All that Pulumi waits for before it starts a resource.
 *
 * @param whole Whether who takes an output of a remote component waits for all of its parts.
 */
function allWaits({ resources }: Recording, whole: boolean): WaitsOf {
    const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
    const remoteAround = new Map<string, RecordedResource>();
    const parts = new Map<string, string[]>();
    for (const { urn, parent = "" } of resources) {
        const remote = byUrn.get(parent)?.kind === "remote" ? byUrn.get(parent) : remoteAround.get(parent);
        if (remote) {
            remoteAround.set(urn, remote);
            parts.set(remote.urn, [...(parts.get(remote.urn) ?? []), urn]);
        }
    }
    const named = ({ dependencies, propertyDependencies, parent, provider }: RecordedResource): string[] =>
        [
            ...dependencies,
            ...Object.values(propertyDependencies).flat(),
            ...(parent === undefined ? [] : [parent]),
            // A reference is the URN with the id behind it. Default providers are not in the recording.
            ...(provider === undefined ? [] : [provider.slice(0, provider.lastIndexOf("::"))]),
        ].filter((urn) => byUrn.has(urn));
    return (resource) => {
        const own = remoteAround.get(resource.urn);
        // Who takes an output of a remote component names the component as well as the part that the output is from. The
        // provider hands over outputs when all parts are done; parts themselves wait for what the component was given.
        const waitsFor = named(resource).flatMap((urn) =>
            parts.has(urn) && (urn === own?.urn || !whole) ? named(byUrn.get(urn)!) : [urn],
        );
        return [...new Set([...waitsFor, ...(parts.get(resource.urn) ?? [])])];
    };
}

/** Resources of one type that start later than their inputs need, all for the same. */
export interface Delay {
    /** URNs of the resources that wait. */
    waiting: string[];
    /** What the first of them waits for last; the others for one of the same type. */
    awaited: RecordedResource;
    /** How much later the last of them starts. */
    seconds: number;
    /** By how much the whole deployment is longer for them. */
    total: number;
    /** Why it is meant; none if it need not be. */
    why?: string;
}

/** What waits longer than a minute in a first `pulumi up`, though neither a value nor AWS makes it wait. */
export function delays(recording: Recording): Delay[] {
    const all = firstUp(recording);
    const forced = new Map(firstUp(recording, "forced").map(({ id, waitsFor }) => [id, waitsFor]));
    const byUrn = new Map(recording.resources.map((resource) => [resource.urn, resource]));
    const { runs, seconds: total } = simulate(all);
    const found = new Map<string, Delay>();
    for (const { id, seconds } of all) {
        const { start, after } = runs.get(id)!;
        const delay = start - Math.max(0, ...forced.get(id)!.map((urn) => runs.get(urn)!.end));
        if (seconds === 0 || after === undefined || delay <= 60) {
            continue;
        }
        const { type } = byUrn.get(id)!;
        const awaited = byUrn.get(after)!;
        const key = `${awaited.kind === "remote" ? "" : type} ${awaited.type}`;
        const group = found.get(key) ?? {
            waiting: [],
            awaited,
            seconds: 0,
            total: 0,
            why: meant.find(([waiting, other]) => other === awaited.type && [undefined, type].includes(waiting))?.[2],
        };
        found.set(key, group);
        group.waiting.push(id);
        group.seconds = Math.max(group.seconds, delay);
    }
    return [...found.values()].map((group) => {
        const waiting = new Set(group.waiting);
        const without =
            group.awaited.kind === "remote"
                ? firstUp(recording, "parts")
                : all.map((task) => (waiting.has(task.id) ? { ...task, waitsFor: forced.get(task.id)! } : task));
        return { ...group, total: total - simulate(without).seconds };
    });
}

/** How long one deployment takes. */
export interface DeployTime {
    stack: string;
    what: string;
    /** Seconds with {@link workers}. */
    seconds: number;
    /** Seconds with {@link defaultWorkers}. */
    byDefault: number;
    /** Seconds of the slowest chain that AWS forces. */
    forced: number;
    /** The chain that takes longest, with no limit to what runs at once. */
    path: string;
}

/**
 * A first `pulumi up` without and with images, and the slowest update of one image.
 *
 * @param empty The plan as configured, without images.
 * @param full The plan with all images.
 */
export function deployTimes(empty: Plan, full: Plan): { times: DeployTime[]; delays: Delay[] } {
    const { recording, assumed } = full;
    const images = Object.values(JSON.parse(assumed.config["aipx:images"]!) as Record<string, string>);
    const time = (what: string, tasksOf: (waits: Waits) => Task[]): DeployTime => {
        const all = tasksOf("all");
        return {
            stack: recording.stack,
            what,
            seconds: simulate(all, workers).seconds,
            byDefault: simulate(all, defaultWorkers).seconds,
            forced: simulate(tasksOf("forced")).seconds,
            path: chainText(simulate(all)),
        };
    };
    const updates = images.map((image) => time("one new image", (waits) => imageUpdate(recording, image, waits)));
    const slowest = updates.reduce((slower, update) => (update.seconds > slower.seconds ? update : slower));
    return {
        times: [
            time("first, no images", (waits) => firstUp(empty.recording, waits)),
            time("first, with images", (waits) => firstUp(recording, waits)),
            slowest,
        ],
        delays: delays(recording),
    };
}

/** Minutes and seconds: `25:30`. */
export const clock = (seconds: number): string =>
    `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

/** Last part of a type, and the name: `Cluster data-kafka`. */
function label(urn: string): string {
    const [, , types = "", name = ""] = urn.split("::");
    return `${types.split(":").at(-1)!} ${name}`;
}

/** The critical path in one line: what takes time, with its time. */
function chainText(schedule: Schedule): string {
    return criticalPath(schedule)
        .filter(({ task }) => task.seconds > 0)
        .map(({ task }) => `${label(task.id)} ${clock(task.seconds)}`)
        .join(" > ");
}

/** What {@link deployTimes} found, as text. */
export function describe({ times, delays: found }: ReturnType<typeof deployTimes>): string[] {
    return [
        ...times.flatMap(({ stack, what, seconds, byDefault, forced, path }) => [
            `${stack}, ${what}: ${clock(seconds)} with ${workers} operations at once, ${clock(byDefault)} with ${defaultWorkers}; AWS forces ${clock(forced)}`,
            `    ${path}`,
        ]),
        ...found.map(
            ({ waiting, awaited, seconds, total, why }) =>
                `    ${label(waiting[0]!)}${waiting.length > 1 ? ` and ${waiting.length - 1} more` : ""}: up to ${clock(seconds)} later for ${label(awaited.urn)}, the whole ${clock(total)}: ${why ?? "NEEDLESS"}`,
        ),
    ];
}
