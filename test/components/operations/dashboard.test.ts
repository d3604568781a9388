import assert from "node:assert/strict";
import { type DashboardArgs, dashboardBody, dashboardUrl } from "../../../components/operations/dashboard";
import { find, record } from "../../support/record";
import { isKnownMetric } from "./known-metrics";
import { bare, coldPath, operations, platform, scope } from "./platform";

interface Body {
    widgets: {
        type: string;
        x: number;
        y: number;
        width: number;
        height: number;
        properties: { title?: string; markdown?: string; region?: string; alarms?: string[]; metrics?: unknown[][] };
    }[];
}

async function body(subjects: () => Partial<DashboardArgs>): Promise<Body> {
    let text = "";
    await record(() => {
        text = dashboardBody({
            scope,
            ...platform(),
            alarmNames: ["oms-down"],
            loadBalancer: { arnSuffix: "app/oms/1", targetGroupArnSuffix: "targetgroup/oms/2" },
            webSocketApi: { apiId: "a1b2c3d4e5", stageName: "dev" },
            ...subjects(),
        });
    });
    return JSON.parse(text) as Body;
}

const titles = ({ widgets }: Body): string[] => widgets.flatMap(({ properties }) => properties.title ?? []);

describe("dashboard", () => {
    let small: Body;
    before(async () => {
        small = await body(() => ({}));
    });

    it("answers a trader's questions first", () => {
        const shown = small.widgets.map(({ properties }) => properties.title ?? properties.markdown?.split("\n")[0]);
        assert.deepEqual(shown, [
            "# aipx-dev",
            "Alarms",
            "## Does market data flow?",
            "ticks",
            "orders",
            "executions",
            "## Orders",
            "Orders a minute",
            "Time from request to the broker's answer",
            "Errors of the OMS",
            "## Strategies and what failed",
            "Furthest behind, by consumer group",
            "Errors of functions",
            "Waiting in queues",
            "## Services",
            "ingestion-krx",
            "oms",
            "cognitive",
            "cognitive-dispatcher",
            "websocket-authorizer",
            "notification",
            "WebSocket API",
            "Load balancer of the OMS",
            "## Kafka, Redis, PostgreSQL",
            "Kafka CPU",
            "Kafka disk",
            "Kafka connections",
            "Kafka partitions in trouble",
            "Redis CPU %",
            "Redis memory %",
            "Redis connections",
            "PostgreSQL CPU",
            "PostgreSQL connections",
            "PostgreSQL free disk and memory",
            "PostgreSQL latency",
        ]);
    });

    it("shows only metrics that AWS or the platform sends", () => {
        let metrics = 0;
        for (const { properties } of small.widgets) {
            for (const line of properties.metrics ?? []) {
                if (typeof line[0] !== "string") {
                    continue;
                }
                const [namespace, metricName, ...rest] = line as string[];
                const dimensions: Record<string, string> = {};
                for (let index = 0; index + 1 < rest.length; index += 2) {
                    dimensions[rest[index]!] = rest[index + 1]!;
                }
                assert.ok(isKnownMetric({ namespace: namespace!, metricName: metricName!, dimensions }), String(line));
                metrics += 1;
            }
            if (properties.metrics) {
                assert.equal(properties.region, "ap-northeast-2");
            }
        }
        assert.equal(metrics, 78);
    });

    it("adds up a topic over all brokers, in bytes a second", () => {
        const { properties } = small.widgets.find((widget) => widget.properties.title === "ticks")!;
        const broker = (id: string) => [
            ...["AWS/Kafka", "BytesInPerSec", "Cluster Name", "aipx-dev", "Broker ID", id, "Topic", "ticks"],
            { stat: "Average", label: `broker ${id}`, id: `broker${id}`, visible: false },
        ];
        assert.deepEqual(properties.metrics, [
            [{ expression: "SUM(METRICS())", label: "ticks", id: "all" }],
            broker("1"),
            broker("2"),
        ]);
    });

    it("searches for the consumers that are furthest behind", () => {
        const { properties } = small.widgets.find((widget) => widget.properties.title?.startsWith("Furthest"))!;
        assert.deepEqual(properties.metrics, [
            [
                {
                    expression:
                        'SORT(SEARCH(\'{AWS/Kafka,"Cluster Name","Consumer Group",Topic} ' +
                        'MetricName="EstimatedMaxTimeLag" "Cluster Name"="aipx-dev"\', \'Maximum\'), MAX, DESC, 20)',
                },
            ],
        ]);
    });

    it("places widgets on the grid without overlap", () => {
        const cells = new Set<string>();
        for (const { x, y, width, height, properties } of small.widgets) {
            assert.ok(x >= 0 && x + width <= 24, JSON.stringify(properties));
            for (let column = x; column < x + width; column++) {
                for (let row = y; row < y + height; row++) {
                    const cell = `${column},${row}`;
                    assert.ok(!cells.has(cell), `${cell}: ${JSON.stringify(properties)}`);
                    cells.add(cell);
                }
            }
        }
    });

    it("has nothing of services that are not there yet", async () => {
        const shown = titles(await body(() => ({ ...bare(), loadBalancer: undefined, webSocketApi: undefined })));
        for (const title of ["Orders a minute", "oms", "ingestion-krx", "WebSocket API", "Load balancer of the OMS"]) {
            assert.ok(!shown.includes(title), title);
        }
        for (const title of ["ticks", "Waiting in queues", "Kafka CPU", "PostgreSQL CPU"]) {
            assert.ok(shown.includes(title), title);
        }
        assert.ok(!shown.includes("Errors of functions"));
    });

    it("stays within CloudWatch's limits with 500 strategies", async () => {
        const many = await body(() => ({
            coldPath: coldPath(scope, 500),
            alarmNames: Array.from({ length: 1600 }, (_, index) => `alarm-${index}`),
        }));
        assert.ok(many.widgets.length <= 500);
        const lines = many.widgets.map(({ properties }) => properties.metrics?.length ?? 0);
        assert.ok(Math.max(...lines) <= 100);
        assert.ok(lines.reduce((sum, count) => sum + count) <= 2500);
        assert.equal(titles(many).filter((title) => title.startsWith("Errors of functions")).length, 6);
        assert.equal(many.widgets[1]!.properties.alarms!.length, 100);
    });

    it("is a resource whose text is that of the whole platform, alarms first", async () => {
        const recording = await record(() => {
            operations();
        });
        const { inputs } = find(recording, "aws:cloudwatch/dashboard:Dashboard", "operations");
        assert.equal(inputs.dashboardName, "aipx-dev");
        const { widgets } = JSON.parse(String(inputs.dashboardBody)) as Body;
        assert.deepEqual(
            widgets.map(({ properties }) => properties.title),
            small.widgets.map(({ properties }) => properties.title),
        );
        assert.match(String(inputs.dashboardBody), /app\/oms\/1234567890abcdef/);
        const { alarms } = widgets[1]!.properties;
        assert.equal(alarms![0], "arn:aws:cloudwatch:ap-northeast-2:123456789012:alarm:aipx-dev-oms-down");
        assert.equal(alarms!.length, 81);
    });

    it("has an address", () => {
        assert.equal(
            dashboardUrl(scope, "aipx-dev"),
            "https://ap-northeast-2.console.aws.amazon.com/cloudwatch/home?region=ap-northeast-2#dashboards/dashboard/aipx-dev",
        );
    });
});
