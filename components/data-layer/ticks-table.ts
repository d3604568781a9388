import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { type Scope } from "../building-blocks";

/** Folder of the market data that the data recorder writes: `ticks/dt=2026-11-23/<file>.parquet`. */
const ticksPrefix = "ticks/";

// What KIS sends with every trade, in the units in which it sends it. Prices are won, which have no decimals, but the
// averages that some records carry do.
const columns: [name: string, type: string, comment: string][] = [
    ["symbol", "string", "Stock code of six characters"],
    ["venue", "string", "Where the trade was made: KRX or NXT"],
    ["traded_at", "timestamp", "Time of the trade (UTC)"],
    ["received_at", "timestamp", "When ingestion received the record (UTC)"],
    ["price", "decimal(18,4)", "Price in won"],
    ["volume", "bigint", "Shares in this trade"],
    ["bid_price", "decimal(18,4)", "Best bid in won"],
    ["ask_price", "decimal(18,4)", "Best ask in won"],
    ["accumulated_volume", "bigint", "Shares traded this day"],
    ["feed", "string", "Feed that received the record"],
    ["kafka_partition", "int", "Partition of the Kafka record"],
    ["kafka_offset", "bigint", "Offset of the Kafka record: with the partition, it tells repetitions apart"],
];

/**
 * Glue database of the installation, and the table `ticks` in it, partitioned by Korean trading day. Athena works the
 * partitions out by itself: no crawler, and no partition to add each day. Tables cost nothing.
 */
export function ticksTable(name: string, scope: Scope, bucketName: string, opts: pulumi.CustomResourceOptions): void {
    const database = new aws.glue.CatalogDatabase(
        name,
        { name: scope.name().replace(/-/g, "_"), description: `Data lake of ${scope.name()}` },
        opts,
    );
    const location = `s3://${bucketName}/${ticksPrefix}`;
    new aws.glue.CatalogTable(
        `${name}-ticks`,
        {
            databaseName: database.name,
            name: "ticks",
            description: "Trades as the broker reported them",
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
                columns: columns.map(([column, type, comment]) => ({ name: column, type, comment })),
            },
        },
        opts,
    );
}
