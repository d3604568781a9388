import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { type Scope } from "../building-blocks";
import { recordColumns, tableName } from "./lake-columns";

/**
 * Glue database of the installation, and in it a table for each recorded topic, partitioned by Korean trading day:
 * `ticks/dt=2026-11-23/<file>.parquet`. Athena works the partitions out by itself: no crawler, and no partition to add each day.
 * Tables cost nothing.
 *
 * @throws Error for two topics whose tables would have the same name.
 */
export function lakeTables(
    name: string,
    { scope, bucketName, topics }: { scope: Scope; bucketName: string; topics: string[] },
    opts: pulumi.CustomResourceOptions,
): void {
    const database = new aws.glue.CatalogDatabase(
        name,
        { name: scope.name().replace(/-/g, "_"), description: `Data lake of ${scope.name()}` },
        opts,
    );
    const topicOf = new Map<string, string>();
    for (const topic of topics) {
        const table = tableName(topic);
        const other = topicOf.get(table);
        if (other !== undefined) {
            throw new Error(`DataLake: topics "${other}" and "${topic}" would share the table "${table}"; rename one`);
        }
        topicOf.set(table, topic);
        topicTable(`${name}-${topic}`, topic, `s3://${bucketName}/${topic}/`, database.name, opts);
    }
}

function topicTable(
    name: string,
    topic: string,
    location: string,
    databaseName: pulumi.Output<string>,
    opts: pulumi.CustomResourceOptions,
): void {
    new aws.glue.CatalogTable(
        name,
        {
            databaseName,
            name: tableName(topic),
            description: `Records of the topic ${topic}`,
            tableType: "EXTERNAL_TABLE",
            parameters: {
                classification: "parquet",
                "projection.enabled": "true",
                "projection.dt.type": "date",
                "projection.dt.format": "yyyy-MM-dd",
                // Seoul is nine hours ahead of the clock that NOW reads.
                "projection.dt.range": "2025-01-01,NOW+1DAYS",
                "storage.location.template": `${location}dt=\${dt}/`,
            },
            partitionKeys: [{ name: "dt", type: "date", comment: "Korean trading day" }],
            storageDescriptor: {
                location,
                inputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
                outputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
                serDeInfo: { serializationLibrary: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe" },
                columns: recordColumns(topic).map(([column, type, comment]) => ({ name: column, type, comment })),
            },
        },
        opts,
    );
}
