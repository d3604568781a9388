import { preflight } from "../../../../plan/preflight";
import { AwsError, type Account, type AwsResource } from "../account";
import { Attempt, type Refusals } from "./attempt";
import { containers } from "./containers";
import { data } from "./data";
import { identity } from "./identity";
import { network } from "./network";
import { observability } from "./observability";
import { serverless } from "./serverless";

export { filledBuckets, outside, snapshots, withoutZooKeeperAccess } from "./surroundings";

/** By type of resource. */
export const refusals: Record<string, Refusals> = {
    ...network,
    ...identity,
    ...observability,
    ...data,
    ...containers,
    ...serverless,
};

/** What the plan's preflight refuses on AWS's behalf, and what AWS calls it. Its other checks are no refusals of AWS. */
const preflightCodes: Record<string, string> = {
    "preflight-name-length": "ValidationException",
    "preflight-policy-size": "LimitExceeded",
    "preflight-security-group-rules": "RulesPerSecurityGroupLimitExceeded",
    "preflight-function-environment": "InvalidParameterValueException",
    "preflight-task-definition": "ClientException",
};

/** Types of which the limit is for all of a kind together. */
const limitedTogether = [
    "aws:iam/rolePolicy:RolePolicy",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
];

/**
 * Whether AWS does what it is asked for. `resource` is as it would be afterwards (for a deletion: as it is), and not in the
 * account yet. To be asked only if, once allowed, it is done: a deletion leaves things behind, such as a snapshot.
 *
 * @throws AwsError if AWS would refuse.
 */
export function refuse(
    kind: "create" | "update" | "delete",
    resource: AwsResource,
    account: Account,
    before?: AwsResource,
): void {
    const attempt = new Attempt(resource, account, before);
    const { put = [], ...rules } = refusals[resource.type] ?? {};
    if (kind !== "delete") {
        refuseByPreflight(attempt);
        put.forEach((check) => check(attempt));
    }
    rules[kind]?.forEach((check) => check(attempt));
}

function refuseByPreflight(attempt: Attempt): void {
    const { resource } = attempt;
    const others = limitedTogether.includes(resource.type) ? attempt.others(resource.type) : [];
    const recorded = [resource, ...others.filter(({ id }) => id !== resource.id)].map((one) => ({
        ...one,
        name: one.id,
        kind: "custom" as const,
        secretInputs: [],
        dependencies: [],
        propertyDependencies: {},
        options: {},
    }));
    for (const { policy, message } of preflight({ resources: recorded })) {
        const code = preflightCodes[policy];
        if (code !== undefined) {
            throw new AwsError(code, message);
        }
    }
}
