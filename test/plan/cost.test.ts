import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type CostLine, monthlyCost, sum } from "../../plan/cost";
import { costDocument } from "../../plan/cost-document";
import { type RecordedResource } from "../../plan/recording";
import { planOf, stackNames } from "../support/stacks";

/** What a stack may cost at most, by its requirement. */
const ceilings: Record<string, number> = { dev: 1000, production: 1800 };

const resource = (type: string, inputs: object, name = "thing"): RecordedResource =>
    ({ type, name, inputs, outputs: inputs }) as RecordedResource;
const lineOf = (lines: CostLine[], what: string): CostLine => lines.find((line) => line.what === what)!;
const usd = (lines: CostLine[], what: string): number => Math.round(100 * lineOf(lines, what).usd!) / 100;

describe("cost", () => {
    for (const stack of stackNames) {
        it(`of ${stack}: its budget is a tenth to a fifth above, and within what it may cost`, async () => {
            const { recording, assumed } = await planOf(stack);
            const { environment, budget } = assumed.settings!;
            const lines = monthlyCost(recording, environment.disposable);
            assert.deepEqual(
                lines.filter((line) => line.usd === undefined),
                [],
            );
            const above = budget.monthlyUsd / sum(lines);
            assert.ok(above >= 1.1 && above <= 1.2, `${budget.monthlyUsd} is ${above} times ${sum(lines)}`);
            assert.ok(budget.monthlyUsd <= (ceilings[stack] ?? Infinity));
        });
    }

    it("counts what there is", async () => {
        const { recording } = await planOf("production");
        const lines = monthlyCost(recording, false);
        const rows: [what: string, usd: number][] = [
            ["NAT gateways", 3 * 730 * 0.064],
            ["Interface endpoints", 21 * 730 * 0.013],
            ["Kafka brokers", 3 * 730 * 0.251],
            ["Kafka disks", 300 * 0.114],
            ["Redis", 4 * 730 * 0.0192],
            ["PostgreSQL", 2 * 730 * 0.2344],
            ["PostgreSQL's disk", 200 * 0.131],
            // From 07:50 to 21:10 two tasks, otherwise one; one feed from 07:50 to 21:10.
            ["Tasks of oms", (730 + (21.7 * 40) / 3) * (0.03725 + 2 * 0.00409)],
            ["Tasks of ingestion-krx", ((21.7 * 40) / 3) * (0.5 * 0.03725 + 0.00409)],
            ["Load balancers", 730 * 0.0305],
            ["Keys", 5],
            ["Secrets", 2],
        ];
        for (const [what, expected] of rows) {
            assert.equal(usd(lines, what), Math.round(100 * expected) / 100, what);
        }
    });

    it("counts each metric of an alarm", () => {
        const alarm = "aws:cloudwatch/metricAlarm:MetricAlarm";
        const lines = monthlyCost(
            {
                resources: [
                    resource(alarm, { metricName: "a" }),
                    resource(alarm, { metricQueries: [{ expression: "a + b" }, { metric: {} }, { metric: {} }] }),
                ],
            },
            true,
        );
        assert.deepEqual(lineOf(lines, "Alarms"), {
            what: "Alarms",
            usd: 0.1 + 0.2,
            how: "3 metrics in 2 alarms",
        });
    });

    it("says where it knows no price, and leaves it out of the sum", () => {
        const cache = resource("aws:elasticache/replicationGroup:ReplicationGroup", {
            engine: "valkey",
            nodeType: "cache.t4g.small",
            numNodeGroups: 1,
            replicasPerNodeGroup: 1,
        });
        const without = monthlyCost({ resources: [] }, true);
        const lines = monthlyCost({ resources: [cache] }, true);
        assert.deepEqual(lineOf(lines, "Redis"), { what: "Redis", usd: undefined, how: "2 cache.t4g.small, valkey" });
        assert.equal(sum(lines), sum(without));
    });

    it("is written in docs/cost.md as `npm run docs` writes it", async () => {
        assert.equal(readFileSync(join(__dirname, "../../docs/cost.md"), "utf8"), await costDocument());
    });
});
