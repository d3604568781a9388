import {
    DescribeDBEngineVersionsCommand,
    type OrderableDBInstanceOption,
    paginateDescribeDBMajorEngineVersions,
    paginateDescribeOrderableDBInstanceOptions,
    RDSClient,
} from "@aws-sdk/client-rds";
import { pricedProducts } from "./prices";

const Engine = "postgres";

/** Major versions of PostgreSQL in standard support; RDS has older ones, for a surcharge, in Extended Support. */
export async function askPostgresVersions(region: string, date: string): Promise<string[]> {
    const names: string[] = [];
    const today = new Date(date);
    for await (const { DBMajorEngineVersions = [] } of paginateDescribeDBMajorEngineVersions(
        { client: new RDSClient({ region }) },
        { Engine },
    )) {
        for (const { MajorEngineVersion, SupportedEngineLifecycles = [] } of DBMajorEngineVersions) {
            const isSupported = SupportedEngineLifecycles.some(
                ({ LifecycleSupportName, LifecycleSupportStartDate: start, LifecycleSupportEndDate: end }) =>
                    LifecycleSupportName === "open-source-rds-standard-support" &&
                    (start === undefined || start <= today) &&
                    (end === undefined || end >= today),
            );
            if (MajorEngineVersion !== undefined && isSupported) {
                names.push(MajorEngineVersion);
            }
        }
    }
    return names;
}

/**
 * Instance classes, each with the major versions of PostgreSQL that it goes with: in the minor version that RDS takes if it is asked
 * for the major one, with all that the database is made with. Some classes are there for clusters only; they have no price for an
 * instance alone.
 */
export async function askInstanceClasses(
    region: string,
    versions: readonly string[],
): Promise<ReadonlyMap<string, string[]>> {
    const client = new RDSClient({ region });
    const products = await pricedProducts("AmazonRDS", {
        ...{ regionCode: region, locationType: "AWS Region", databaseEngine: "PostgreSQL" },
        deploymentOption: "Single-AZ",
    });
    const priced = new Set(products.map(({ instanceType }) => instanceType));
    const classes = new Map<string, string[]>();
    for (const major of versions) {
        const { DBEngineVersions: [taken] = [] } = await client.send(
            new DescribeDBEngineVersionsCommand({ Engine, EngineVersion: major, DefaultOnly: true }),
        );
        if (taken?.EngineVersion === undefined) {
            throw new Error(`${region}: RDS names no version that it takes for PostgreSQL ${major}`);
        }
        const { EngineVersion } = taken;
        for await (const { OrderableDBInstanceOptions = [] } of paginateDescribeOrderableDBInstanceOptions(
            { client },
            { Engine, EngineVersion, Vpc: true, MaxRecords: 1000 },
        )) {
            for (const { DBInstanceClass: name } of OrderableDBInstanceOptions.filter(isAsWeMakeIt)) {
                if (name !== undefined && priced.has(name)) {
                    classes.set(name, [...new Set([...(classes.get(name) ?? []), major])]);
                }
            }
        }
    }
    return classes;
}

const isAsWeMakeIt = (option: OrderableDBInstanceOption): boolean =>
    option.StorageType === "gp3" &&
    [
        option.MultiAZCapable,
        option.SupportsEnhancedMonitoring,
        option.SupportsIAMDatabaseAuthentication,
        option.SupportsPerformanceInsights,
        option.SupportsStorageAutoscaling,
        option.SupportsStorageEncryption,
    ].every((has) => has === true);
