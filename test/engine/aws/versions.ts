import type { Account, AwsResource } from "./account";

// What AWS makes of versions of databases and caches: it fills in minor ones, raises them by itself, and puts upgrades off until the
// maintenance window unless told otherwise. A parameter group goes with its version.

const databases = "aws:rds/instance:Instance";
const caches = "aws:elasticache/replicationGroup:ReplicationGroup";
const upgraded = [databases, caches];

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

/** What an update that AWS has accepted makes of a resource. */
export function afterUpdate(asked: AwsResource, before: AwsResource): AwsResource {
    if (!upgraded.includes(asked.type) || !asksForVersion(asked, before)) {
        return asked;
    }
    if (asked.inputs.applyImmediately === true) {
        return { ...asked, outputs: { ...asked.outputs, engineVersionActual: wholeVersion(asked) } };
    }
    const { engineVersion, parameterGroupName } = asked.inputs;
    const kept = {
        engineVersion: before.inputs.engineVersion as unknown,
        parameterGroupName: before.inputs.parameterGroupName as unknown,
    };
    return {
        ...asked,
        inputs: { ...asked.inputs, ...kept },
        outputs: { ...asked.outputs, ...kept },
        pending: { engineVersion, parameterGroupName },
    };
}

/** The maintenance window has come: AWS does what it has put off. */
export function maintain(account: Account): void {
    for (const { pending, ...resource } of account.ofType(...upgraded)) {
        if (pending) {
            const asked = { ...resource, inputs: { ...resource.inputs, ...pending } };
            account.tamper(resource.type, resource.id, pending, { engineVersionActual: wholeVersion(asked) });
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
