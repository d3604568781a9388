import assert from "node:assert/strict";
import { recordColumns, tableName, topicsWithColumns } from "../../../components/data-layer";

/** Types that Athena, Parquet and DuckDB all have. */
const types = /^(string|int|bigint|timestamp|decimal\(18,4\)|array<(bigint|decimal\(18,4\))>)$/;
const origin = ["kafka_timestamp", "kafka_partition", "kafka_offset"];

describe("columns of the data lake", () => {
    it("are known of the topics that the platform writes itself", () => {
        assert.deepEqual(topicsWithColumns, ["ticks", "quotes", "orders", "executions"]);
    });

    for (const topic of [...topicsWithColumns, "news"]) {
        it(`are well formed, each there once, and end with the record's place in Kafka: ${topic}`, () => {
            const columns = recordColumns(topic);
            const names = columns.map(([name]) => name);
            assert.equal(new Set(names).size, names.length);
            assert.deepEqual(names.slice(-3), origin);
            for (const [name, type, comment] of columns) {
                assert.match(name, /^[a-z][a-z_]*$/);
                assert.match(type, types, name);
                assert.ok(comment.length > 5, name);
                // It partitions the table, so no file may hold it.
                assert.notEqual(name, "dt");
            }
        });
    }

    it("are key and value for a topic that is not known", () => {
        assert.deepEqual(
            recordColumns("news").map(([name, type]) => [name, type]),
            [
                ["key", "string"],
                ["value", "string"],
                ["kafka_timestamp", "timestamp"],
                ["kafka_partition", "int"],
                ["kafka_offset", "bigint"],
            ],
        );
    });

    it("lead from an execution to its order, and from both to the strategy", () => {
        const [orders, executions] = ["orders", "executions"].map((topic) =>
            recordColumns(topic).map(([name]) => name),
        );
        for (const name of ["order_id", "strategy", "symbol", "side", "broker_order_id"]) {
            assert.ok(orders!.includes(name) && executions!.includes(name), name);
        }
    });

    for (const [topic, table] of [
        ["ticks", "ticks"],
        ["News.US-2", "news_us_2"],
    ] as const) {
        it(`are those of the table ${table} for the topic ${topic}`, () => {
            assert.equal(tableName(topic), table);
        });
    }
});
