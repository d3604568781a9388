import assert from "node:assert/strict";
import type { Lab, Outcome, RunOptions } from "./lab";

const kinds = ["create", "update", "replace", "delete"] as const;

/** What is done to resources of AWS: sorted lists of `msk.Topic::data-kafka-ticks` by what is done. Kinds with none are left out. */
export type Changes = Partial<Record<(typeof kinds)[number], string[]>>;

/** Changes, each resource and kind once. */
export function changes(...some: Changes[]): Changes {
    const all = kinds.map((kind) => [kind, [...new Set(some.flatMap((one) => one[kind] ?? []))].sort()] as const);
    return Object.fromEntries(all.filter(([, resources]) => resources.length > 0));
}

/** Resources of a type whose names begin alike: `each("msk.Topic::data-kafka-", "ticks", "quotes")`. */
export const each = (beginning: string, ...endings: string[]): string[] => endings.map((ending) => beginning + ending);

/** Leaves out components, of which there is nothing in AWS. */
export function changesOf({ steps }: Outcome): Changes {
    return changes(
        ...steps
            .filter(({ resource }) => !/^(aipx|awsx|pulumi):/.test(resource))
            // The engine tells of a replacement in three steps.
            .map(({ op, resource }) => ({ [op]: [nameOf(resource)] })),
    );
}

/** `aws:msk/topic:Topic::data-kafka-ticks` as the program writes it. */
export const nameOf = (resource: string): string => resource.replace(/^\w+:(\w+)\/\w+:/, "$1.");

/** `msk.Topic::data-kafka-ticks` */
export const resourceOf = ({ type, urn }: { type: string; urn: string }): string =>
    nameOf(`${type}::${urn.split("::").pop()!}`);

/** What is still there, for instance after `destroy`. */
export const leftBehind = ({ account }: Lab): string[] => account.resources.map(resourceOf).sort();

/** What `destroy` leaves, once there was a WebSocket API: a setting of the whole account and region. */
export const keptOnPurpose = ["apigateway.Account", "iam.Role", "iam.RolePolicy"].map(
    (type) => `${type}::cold-path-cognitive-api-logging`,
);

/** Types that hold what can't be made again. */
const stateful = [
    "cloudwatch.EventArchive",
    "cloudwatch.LogGroup",
    "ecr.Repository",
    "elasticache.ReplicationGroup",
    "kms.Key",
    "lb.LoadBalancer",
    "msk.Cluster",
    "msk.Topic",
    "rds.Instance",
    "s3.Bucket",
    "secretsmanager.Secret",
    "sns.Topic",
    "sqs.Queue",
];

/** Those of some resources that hold what can't be made again. */
export const thatHoldState = (resources: string[] = []): string[] =>
    resources.filter((resource) => stateful.includes(resource.split("::")[0]!));

export function assertWell({ ok, output }: Outcome): void {
    // What went wrong comes after all that went well.
    assert.ok(ok, output.slice(output.lastIndexOf("Diagnostics:")));
}

/** What an update would do, which must go well and replace nothing that holds state. */
export async function planned(lab: Lab, options?: RunOptions): Promise<Changes> {
    const outcome = await lab.preview(options);
    assertWell(outcome);
    const does = changesOf(outcome);
    assert.deepEqual(thatHoldState(does.replace), []);
    return does;
}

/** Updates the stack, which must do what its preview said, and says what that was. */
export async function deploy(lab: Lab, options?: RunOptions): Promise<Changes> {
    const said = await planned(lab, options);
    const outcome = await lab.up(options);
    assertWell(outcome);
    assert.deepEqual(changesOf(outcome), said);
    return said;
}
