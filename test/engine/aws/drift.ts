import type { Account } from "./account";
import { raiseVersion } from "./maintenance";

/** The day's work of AWS on what exists: it raises minor versions, lets disks grow, scales, and puts tags of its own on things. */
export function passTime(account: Account): void {
    for (const { type, id, inputs } of account.ofType("aws:rds/instance:Instance")) {
        account.tamper(type, id, { allocatedStorage: Number(inputs.allocatedStorage) + 10 });
        raiseVersion(account, type, id, `${inputs.engineVersion}.99`);
    }
    for (const { type, id } of account.ofType("aws:elasticache/replicationGroup:ReplicationGroup")) {
        raiseVersion(account, type, id, "8.99.1");
    }
    for (const { type, id, inputs } of account.ofType("aws:msk/cluster:Cluster")) {
        const brokerNodeGroupInfo = structuredClone(inputs.brokerNodeGroupInfo as Record<string, any>);
        brokerNodeGroupInfo.storageInfo.ebsStorageInfo.volumeSize += 10;
        account.tamper(type, id, { brokerNodeGroupInfo });
    }
    for (const { type, id, inputs } of account.ofType("aws:ecs/service:Service")) {
        account.tamper(type, id, { desiredCount: Number(inputs.desiredCount) + 1 });
    }
    startSchedules(account);
    for (const { type, id, inputs } of account.resources) {
        if (inputs.tags !== undefined) {
            account.tamper(type, id, { tags: { ...inputs.tags, "aws:created-by": "AWS" } });
        }
    }
}

/** Scheduled actions set the limits of what they scale. */
function startSchedules(account: Account): void {
    for (const { inputs } of account.ofType("aws:appautoscaling/scheduledAction:ScheduledAction")) {
        const targets = account
            .ofType("aws:appautoscaling/target:Target")
            .filter(({ inputs: target }) => target.resourceId === inputs.resourceId);
        for (const { type, id } of targets) {
            account.tamper(type, id, inputs.scalableTargetAction as Record<string, unknown>);
        }
    }
}
