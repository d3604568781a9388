import { type Scope } from "../../building-blocks";
import {
    brokerIds,
    brokerMetric,
    clusterMetric,
    databaseMetric,
    errorLines,
    functionMetric,
    loadBalancerMetric,
    nodeMetric,
    queueMetric,
    serviceMetric,
    targetMetric,
    taskCount,
    topicMetric,
    webSocketMetric,
} from "../metrics";
import {
    cacheVcpus,
    otherFunctions,
    type Subjects,
    type WatchedFunction,
    type WatchedKafka,
    type WatchedLoadBalancer,
    type WatchedService,
    type WatchedWebSocketApi,
} from "../subjects";
import { tradingMetric } from "../trading-metrics";
import { alarmStates, graph, graphs, type Line, rows, text, type Widget } from "./widgets";

export interface DashboardArgs extends Subjects {
    scope: Scope;
    /** Last parts of the alarms' names, the most important first. */
    alarmNames: string[];
    /** The OMS's load balancer, with names that AWS has decided by now. */
    loadBalancer: WatchedLoadBalancer<string> | undefined;
    /** The WebSocket API, with the id that AWS has decided by now. */
    webSocketApi: WatchedWebSocketApi<string> | undefined;
}

/**
 * The dashboard's JSON text. Above is what a trader asks, from left to right and from top to bottom: does market data
 * flow, are orders sent and executed, do strategies keep up, what failed. Below is what it all stands on.
 */
export function dashboardBody(args: DashboardArgs): string {
    const { scope, data, hotPath, coldPath, alarmNames } = args;
    const { kafka } = data;
    const { region } = scope;
    const services = [...Object.values(hotPath.feeds), ...(hotPath.oms.service ? [hotPath.oms.service] : [])];
    const sections: Widget[][] = [
        [
            text(
                `# ${scope.name()}\nGreen above means that all is well. Hours are those of your browser; the regular ` +
                    "session is 09:00 to 15:30 in Korea.",
            ),
        ],
        [
            alarmStates(
                "Alarms",
                alarmNames.map((alarmName) => scope.arn("cloudwatch", `alarm:${scope.name(alarmName)}`)),
            ),
        ],
        [text("## Does market data flow?\nBytes a second, by topic.")],
        kafka.topicNames.map((topic) => topicGraph(region, kafka, topic)),
        ...(hotPath.oms.service ? [[text("## Orders")], orderGraphs(scope, hotPath.oms.service)] : []),
        [text("## Strategies and what failed\nSeconds behind the market, errors, and what waits for a person.")],
        [
            graph(region, "Furthest behind, by consumer group", 8, [{ show: worstLag(kafka) }], "seconds"),
            ...graphs(region, "Errors of functions", 8, functionErrors(args)),
            ...graphs(region, "Waiting in queues", 8, queueDepths(args)),
        ],
        [text("## Services")],
        services.map((service) => serviceGraph(region, service)),
        [
            ...otherFunctions(coldPath).map((each) => functionGraph(region, each)),
            ...(args.webSocketApi ? [webSocketGraph(region, args.webSocketApi)] : []),
            ...(args.loadBalancer ? [loadBalancerGraph(region, args.loadBalancer)] : []),
        ],
        [text("## Kafka, Redis, PostgreSQL")],
        kafkaGraphs(region, kafka),
        redisGraphs(args),
        postgresGraphs(args),
    ];
    return JSON.stringify({ start: "-PT12H", periodOverride: "inherit", widgets: rows(sections) });
}

/** Address of a dashboard in the AWS console. */
export function dashboardUrl({ region }: Scope, dashboardName: string): string {
    return `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards/dashboard/${dashboardName}`;
}

function topicGraph(region: string, kafka: WatchedKafka, topic: string): Widget {
    const brokers = brokerIds(kafka);
    return graph(region, topic, 6, [
        { label: topic, show: { expression: "SUM(METRICS())" }, id: "all" },
        ...brokers.map((broker): Line => ({
            label: `broker ${broker}`,
            show: topicMetric(kafka, broker, topic, "BytesInPerSec"),
            id: `broker${broker}`,
            hidden: true,
        })),
    ]);
}

function orderGraphs(scope: Scope, oms: WatchedService): Widget[] {
    const { region } = scope;
    return [
        graph(region, "Orders a minute", 8, [
            { label: "sent", show: tradingMetric(scope, "OrdersSent", "Sum") },
            { label: "executed", show: tradingMetric(scope, "OrdersExecuted", "Sum") },
            { label: "rejected", show: tradingMetric(scope, "OrdersRejected", "Sum") },
        ]),
        graph(
            region,
            "Time from request to the broker's answer",
            8,
            [
                { label: "half of the orders", show: tradingMetric(scope, "OrderLatency", "p50") },
                { label: "99 % of the orders", show: tradingMetric(scope, "OrderLatency", "p99") },
            ],
            "milliseconds",
        ),
        graph(region, "Errors of the OMS", 8, [{ label: "error lines in the log", show: errorLines(oms) }]),
    ];
}

// One search instead of a line for each: it stays readable, and the same, with 5 strategies and with 500.
function worstLag(kafka: WatchedKafka): { expression: string } {
    const search =
        '{AWS/Kafka,"Cluster Name","Consumer Group",Topic} MetricName="EstimatedMaxTimeLag" ' +
        `"Cluster Name"="${kafka.clusterName}"`;
    return { expression: `SORT(SEARCH('${search}', 'Maximum'), MAX, DESC, 20)` };
}

function functionErrors({ coldPath }: Subjects): Line[] {
    return coldPath.functions.map((each) => ({ label: each.service, show: functionMetric(each, "Errors", "Sum") }));
}

function queueDepths({ coldPath }: Subjects): Line[] {
    const failedRecords = { ...coldPath.failedRecords, service: "records", kind: "failure" } as const;
    return [...coldPath.queues, failedRecords].map((queue) => ({
        label: queue.kind === "failure" ? `${queue.service}: given up` : queue.service,
        show: queueMetric(queue, "ApproximateNumberOfMessagesVisible"),
    }));
}

function serviceGraph(region: string, service: WatchedService): Widget {
    return graph(
        region,
        service.service,
        6,
        [
            { label: "CPU %", show: serviceMetric(service, "CPUUtilization") },
            { label: "memory %", show: serviceMetric(service, "MemoryUtilization") },
            { label: "tasks running", show: taskCount(service, "RunningTaskCount"), right: true },
            { label: "tasks wanted", show: taskCount(service, "DesiredTaskCount"), right: true },
        ],
        "%",
    );
}

function functionGraph(region: string, each: WatchedFunction): Widget {
    return graph(region, each.service, 6, [
        { label: "invocations", show: functionMetric(each, "Invocations", "Sum") },
        { label: "errors", show: functionMetric(each, "Errors", "Sum") },
        { label: "throttles", show: functionMetric(each, "Throttles", "Sum") },
        { label: "99 % take less than (ms)", show: functionMetric(each, "Duration", "p99"), right: true },
    ]);
}

function webSocketGraph(region: string, api: WatchedWebSocketApi<string>): Widget {
    return graph(region, "WebSocket API", 6, [
        { label: "connections", show: webSocketMetric(api, "ConnectCount") },
        { label: "messages", show: webSocketMetric(api, "MessageCount") },
        { label: "refused", show: webSocketMetric(api, "ClientError") },
        { label: "integration errors", show: webSocketMetric(api, "IntegrationError") },
        { label: "execution errors", show: webSocketMetric(api, "ExecutionError") },
    ]);
}

function loadBalancerGraph(region: string, loadBalancer: WatchedLoadBalancer<string>): Widget {
    return graph(region, "Load balancer of the OMS", 6, [
        { label: "requests", show: loadBalancerMetric(loadBalancer, "RequestCount", "Sum") },
        { label: "5xx of its own", show: loadBalancerMetric(loadBalancer, "HTTPCode_ELB_5XX_Count", "Sum") },
        { label: "5xx of the OMS", show: targetMetric(loadBalancer, "HTTPCode_Target_5XX_Count", "Sum") },
        { label: "healthy tasks", show: targetMetric(loadBalancer, "HealthyHostCount", "Minimum"), right: true },
    ]);
}

function kafkaGraphs(region: string, kafka: WatchedKafka): Widget[] {
    const brokers = brokerIds(kafka);
    const perBroker = (metricName: string): Line[] =>
        brokers.map((broker) => ({
            label: `broker ${broker}`,
            show: brokerMetric(kafka, broker, metricName, "Maximum"),
        }));
    return [
        graph(
            region,
            "Kafka CPU",
            6,
            brokers.flatMap((broker): Line[] => [
                {
                    label: `broker ${broker}`,
                    show: { expression: `user${broker} + system${broker}` },
                    id: `cpu${broker}`,
                },
                {
                    label: "user",
                    show: brokerMetric(kafka, broker, "CpuUser", "Average"),
                    id: `user${broker}`,
                    hidden: true,
                },
                {
                    label: "system",
                    show: brokerMetric(kafka, broker, "CpuSystem", "Average"),
                    id: `system${broker}`,
                    hidden: true,
                },
            ]),
            "%",
        ),
        graph(region, "Kafka disk", 6, perBroker("KafkaDataLogsDiskUsed"), "%"),
        graph(region, "Kafka connections", 6, perBroker("ConnectionCount")),
        graph(region, "Kafka partitions in trouble", 6, [
            { label: "offline", show: clusterMetric(kafka, "OfflinePartitionsCount", "Maximum") },
            ...perBroker("UnderReplicatedPartitions"),
        ]),
    ];
}

function redisGraphs({ scope: { region }, data: { redis } }: DashboardArgs): Widget[] {
    const perNode = (metricName: string): Line[] =>
        redis.nodeIds.map((node) => ({ label: node, show: nodeMetric(node, metricName, "Maximum") }));
    return [
        ...graphs(
            region,
            "Redis CPU %",
            8,
            perNode(cacheVcpus(redis.nodeType) <= 2 ? "CPUUtilization" : "EngineCPUUtilization"),
        ),
        ...graphs(region, "Redis memory %", 8, perNode("DatabaseMemoryUsagePercentage")),
        ...graphs(region, "Redis connections", 8, perNode("CurrConnections")),
    ];
}

function postgresGraphs({ scope: { region }, data: { postgres } }: DashboardArgs): Widget[] {
    const line = (label: string, metricName: string): Line => ({
        label,
        show: databaseMetric(postgres, metricName, "Average"),
    });
    return [
        graph(region, "PostgreSQL CPU", 6, [line("CPU", "CPUUtilization")], "%"),
        graph(region, "PostgreSQL connections", 6, [line("connections", "DatabaseConnections")]),
        graph(region, "PostgreSQL free disk and memory", 6, [
            line("disk", "FreeStorageSpace"),
            { ...line("memory", "FreeableMemory"), right: true },
        ]),
        graph(region, "PostgreSQL latency", 6, [line("reads", "ReadLatency"), line("writes", "WriteLatency")]),
    ];
}
