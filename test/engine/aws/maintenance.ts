import { isDeepStrictEqual } from "node:util";
import type { Account, AwsResource } from "./account";

// What AWS makes of changes of databases and caches: it fills in minor versions, raises them by itself, and puts much off until the
// maintenance window unless told otherwise. A parameter group goes with its version.

const databases = "aws:rds/instance:Instance";
const caches = "aws:elasticache/replicationGroup:ReplicationGroup";

/** Minor version of a major one that a database gets. */
const defaultMinor = 6;

/** The whole version that AWS takes a version for. */
export function wholeVersion({ type, inputs }: AwsResource): string {
    const version = String(inputs.engineVersion);
    return type === caches ? `${version}.0` : version.includes(".") ? version : `${version}.${defaultMinor}`;
}

/** Whether this update asks for a version: the provider sends it if the program names another one than before. */
export const asksForVersion = ({ inputs }: AwsResource, before: AwsResource): boolean =>
    inputs.engineVersion !== undefined && inputs.engineVersion !== before.inputs.engineVersion;

/** Negative if the first version is older. */
export const compareVersions = (version: string, other: string): number =>
    version.localeCompare(other, "en", { numeric: true });

export const majorOf = (version: string): string => version.split(".")[0]!;

/**
 * What waits for the maintenance window unless `applyImmediately` is set: of databases, what PendingModifiedValues in RDS's API
 * reference has. AWS does everything else at once, shards and replicas of caches as well, for which the provider asks so.
 */
const waiting: Record<string, string[]> = {
    [databases]: [
        "allocatedStorage",
        "engineVersion",
        "iamDatabaseAuthenticationEnabled",
        "instanceClass",
        "iops",
        "multiAz",
        "storageThroughput",
        "storageType",
    ],
    [caches]: ["engineVersion", "nodeType"],
};

/** What an update that AWS has accepted makes of a resource. It replaces what an earlier one has left for the maintenance window. */
export function afterUpdate(update: AwsResource, before: AwsResource): AwsResource {
    const asked = { ...update, pending: undefined };
    const upgrades = asksForVersion(asked, before);
    const changed = (waiting[asked.type] ?? []).filter(
        (property) => property in asked.inputs && !isDeepStrictEqual(asked.inputs[property], before.inputs[property]),
    );
    const late = [...changed, ...(upgrades ? ["parameterGroupName"] : [])];
    if (changed.length === 0) {
        return asked;
    }
    if (asked.inputs.applyImmediately === true) {
        return upgrades ? { ...asked, outputs: { ...asked.outputs, engineVersionActual: wholeVersion(asked) } } : asked;
    }
    const from = ({ inputs }: AwsResource): Record<string, any> =>
        Object.fromEntries(late.map((property) => [property, inputs[property] as unknown]));
    return {
        ...asked,
        inputs: { ...asked.inputs, ...from(before) },
        outputs: { ...asked.outputs, ...from(before) },
        pending: from(asked),
    };
}

/** The maintenance window has come: AWS does what it has put off. */
export function maintain(account: Account): void {
    for (const { pending, ...resource } of account.ofType(...Object.keys(waiting))) {
        if (pending) {
            const asked = { ...resource, inputs: { ...resource.inputs, ...pending } };
            const upgraded = "engineVersion" in pending && { engineVersionActual: wholeVersion(asked) };
            account.tamper(resource.type, resource.id, pending, { ...upgraded });
        }
    }
}

/**
 * AWS raises the minor version by itself. What the provider then reads as `engineVersion`: of a cache always major and minor version; of
 * a database what was there, if the version begins with it.
 */
export function raiseVersion(account: Account, type: string, id: string, version: string): void {
    const { inputs } = account.get(type, id)!;
    const stays = type === databases && version.startsWith(`${inputs.engineVersion}.`);
    const read = type === caches ? version.split(".").slice(0, 2).join(".") : version;
    account.tamper(type, id, stays ? {} : { engineVersion: read }, { engineVersionActual: version });
}

/**
 * AWS has restored a database to a point in time, as `aws rds restore-db-instance-to-point-in-time` asks for it: with what it takes from
 * the source, what it was told, and its own defaults for the rest.
 */
export function restoreDatabase(account: Account, source: AwsResource, told: Record<string, any>): AwsResource {
    const taken = [
        "allocatedStorage",
        "backupRetentionPeriod",
        "dbName",
        "engine",
        "iamDatabaseAuthenticationEnabled",
        "instanceClass",
        "kmsKeyId",
        "port",
        "region",
        "storageEncrypted",
        "storageType",
        "username",
    ];
    return account.appear(source.type, told.identifier, {
        ...Object.fromEntries(taken.map((property) => [property, source.inputs[property] as unknown])),
        engineVersion: source.outputs.engineVersionActual as unknown,
        autoMinorVersionUpgrade: true,
        backupWindow: "13:00-13:30",
        caCertIdentifier: "rds-ca-rsa2048-g1",
        databaseInsightsMode: "standard",
        maintenanceWindow: "mon:14:00-mon:14:30",
        monitoringInterval: 0,
        performanceInsightsEnabled: false,
        publiclyAccessible: false,
        ...told,
    });
}
