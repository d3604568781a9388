/** One operation of a deployment. */
export interface Task {
    id: string;
    /** How long it takes. Also what takes no time, a component, waits for a free worker. */
    seconds: number;
    /** Ids of the tasks that must be done before. */
    waitsFor: string[];
}

/** When a task ran, and what it waited for last. */
export interface Run {
    task: Task;
    start: number;
    end: number;
    /** The task whose end let this one start; none if it started at once. */
    after?: string;
    /** Whether the last wait was for a free worker: `after` is what the worker did before. */
    queued: boolean;
}

export interface Schedule {
    /** In the order in which they started. */
    runs: Map<string, Run>;
    /** When the last task ended. */
    seconds: number;
}

/**
 * Runs tasks on a simulated clock as Pulumi's engine does: a task starts when all that it waits for is done and a worker is
 * free. Of several that could start, the one that was ready first does, and of those ready together the first in `tasks`.
 *
 * @param workers How many tasks run at once.
 * @throws Error if a task waits for one that does not exist, or for itself by way of others.
 */
export function simulate(tasks: Task[], workers = Infinity): Schedule {
    const runs = new Map<string, Run>();
    const waiting = new Map(tasks.map((task) => [task.id, new Set(task.waitsFor)]));
    const followers = new Map<string, Task[]>(tasks.map(({ id }) => [id, []]));
    for (const task of tasks) {
        for (const id of waiting.get(task.id)!) {
            const found = followers.get(id);
            if (!found) {
                throw new Error(`${task.id} waits for ${id}, which does not exist`);
            }
            found.push(task);
        }
    }
    const position = new Map(tasks.map(({ id }, index) => [id, index]));
    const inOrder = (found: Task[]): Task[] => found.sort((a, b) => position.get(a.id)! - position.get(b.id)!);

    let now = 0;
    let running: Run[] = [];
    const queue: { task: Task; ready: number; after?: string }[] = [];
    let freed: string | undefined;
    const done = (ended: Run[]): void => {
        const ready = new Map<Task, string>();
        for (const { task } of ended) {
            for (const follower of followers.get(task.id)!) {
                const left = waiting.get(follower.id)!;
                left.delete(task.id);
                if (left.size === 0) {
                    ready.set(follower, task.id);
                }
            }
        }
        queue.push(...inOrder([...ready.keys()]).map((task) => ({ task, ready: now, after: ready.get(task) })));
    };

    queue.push(...tasks.filter(({ waitsFor }) => waitsFor.length === 0).map((task) => ({ task, ready: now })));
    while (queue.length > 0 || running.length > 0) {
        while (queue.length > 0 && running.length < workers) {
            const { task, ready, after } = queue.shift()!;
            const queued = ready < now;
            const run = { task, start: now, end: now + task.seconds, after: queued ? freed : after, queued };
            runs.set(task.id, run);
            running.push(run);
        }
        now = Math.min(...running.map(({ end }) => end));
        const ended = running.filter(({ end }) => end === now);
        running = running.filter(({ end }) => end > now);
        freed = ended[0]!.task.id;
        done(ended);
    }
    const [stuck] = tasks.filter(({ id }) => !runs.has(id));
    if (stuck) {
        throw new Error(`${stuck.id} is in or behind a circle of tasks that wait for each other`);
    }
    return { runs, seconds: now };
}

/** The chain of tasks that ends last: each started when the one before it ended. */
export function criticalPath({ runs, seconds }: Schedule): Run[] {
    const chain: Run[] = [];
    let run = [...runs.values()].find(({ end }) => end === seconds);
    while (run) {
        chain.unshift(run);
        run = run.after === undefined ? undefined : runs.get(run.after);
    }
    return chain;
}
