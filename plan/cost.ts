import { type RecordedResource, type Recording } from "./recording";

// What a stack costs a month in Seoul, on demand, before tax. Prices are those of AWS's price list as of autumn 2026.

/** One line of the bill. */
export interface CostLine {
    what: string;
    /** USD a month; undefined if the price is not known here. */
    usd: number | undefined;
    /** How it was counted. */
    how: string;
}

const hours = 730;
/** Weekdays in a month. */
const tradingDays = 21.7;

/** USD. */
const prices = {
    natGatewayHour: 0.059,
    publicAddressHour: 0.005,
    endpointHour: 0.013,
    fargate: {
        ARM64: { vcpuHour: 0.03725, gigabyteHour: 0.00409 },
        X86_64: { vcpuHour: 0.04656, gigabyteHour: 0.00511 },
    },
    /** The price of m7g.large is an estimate from another region. */
    brokerHour: { "kafka.t3.small": 0.0569, "kafka.m7g.large": 0.251 },
    brokerGigabyte: 0.114,
    cacheHour: {
        valkey: { "cache.t4g.micro": 0.0192, "cache.r7g.large": 0.2096 },
        redis: { "cache.t4g.micro": 0.024, "cache.r7g.large": 0.262 },
    },
    databaseHour: {
        "db.t4g.micro": 0.025,
        "db.t4g.small": 0.051,
        "db.t4g.medium": 0.102,
        "db.t4g.large": 0.203,
        "db.m7g.large": 0.2344,
        "db.r7g.large": 0.2869,
    },
    databaseGigabyte: 0.131,
    loadBalancerHour: 0.0225,
    loadBalancerUnitHour: 0.008,
    key: 1,
    secret: 0.4,
    alarmMetric: 0.1,
    customMetric: 0.3,
    dashboard: 3,
} satisfies Record<string, unknown>;

/**
 * What is used and no resource says: it depends on traffic. Guesses of the upper middle, in USD a month, for a stack that may be
 * destroyed, and for one that trades all day.
 */
const usage = {
    "Logs, flow logs, Container Insights": [12, 30],
    "Functions, API, queues, events": [8, 20],
    "Data lake, images, backups, snapshots": [5, 30],
    "Traffic: NAT, endpoints, between zones": [5, 25],
} satisfies Record<string, [disposable: number, kept: number]>;

const type = {
    natGateway: "aws:ec2/natGateway:NatGateway",
    endpoint: "aws:ec2/vpcEndpoint:VpcEndpoint",
    kafka: "aws:msk/cluster:Cluster",
    cache: "aws:elasticache/replicationGroup:ReplicationGroup",
    database: "aws:rds/instance:Instance",
    loadBalancer: "aws:lb/loadBalancer:LoadBalancer",
    service: "aws:ecs/service:Service",
    task: "aws:ecs/taskDefinition:TaskDefinition",
    schedule: "aws:appautoscaling/scheduledAction:ScheduledAction",
    key: "aws:kms/key:Key",
    secret: "aws:secretsmanager/secret:Secret",
    alarm: "aws:cloudwatch/metricAlarm:MetricAlarm",
    filter: "aws:cloudwatch/logMetricFilter:LogMetricFilter",
    dashboard: "aws:cloudwatch/dashboard:Dashboard",
} as const;

/** The bill of a stack, from what it makes. */
export function monthlyCost({ resources }: Pick<Recording, "resources">, disposable: boolean): CostLine[] {
    const of = (...types: string[]): RecordedResource[] => resources.filter((one) => types.includes(one.type));
    const count = (...types: string[]): number => of(...types).length;
    const gateways = count(type.natGateway);
    const endpoints = of(type.endpoint).filter(({ inputs }) => inputs.vpcEndpointType === "Interface");
    const addresses = endpoints.reduce((sum, { inputs }) => sum + listOf(inputs.subnetIds).length, 0);
    // One more for each database: RDS keeps the master's password in a secret of its own.
    const secrets = count(type.secret) + count(type.database);
    const metrics = of(type.alarm).reduce((sum, { inputs }) => {
        const queries = listOf(inputs.metricQueries) as { metric?: unknown }[];
        return sum + (queries.length === 0 ? 1 : queries.filter(({ metric }) => metric !== undefined).length);
    }, 0);
    const line = (what: string, usd: number | undefined, how: string): CostLine => ({ what, usd, how });
    return [
        line(
            "NAT gateways",
            gateways * hours * (prices.natGatewayHour + prices.publicAddressHour),
            `${gateways}, each with an address`,
        ),
        line(
            "Interface endpoints",
            addresses * hours * prices.endpointHour,
            `${endpoints.length} in ${addresses} subnets`,
        ),
        ...of(type.kafka).flatMap(kafkaLines),
        ...of(type.cache).map(cacheLine),
        ...of(type.database).flatMap(databaseLines),
        ...of(type.service).map((service) => serviceLine(service, of)),
        line(
            "Load balancers",
            count(type.loadBalancer) * hours * (prices.loadBalancerHour + prices.loadBalancerUnitHour),
            `${count(type.loadBalancer)}, with one unit of capacity`,
        ),
        line("Keys", count(type.key) * prices.key, `${count(type.key)}`),
        line("Secrets", secrets * prices.secret, `${secrets}`),
        line("Alarms", metrics * prices.alarmMetric, `${metrics} metrics in ${count(type.alarm)} alarms`),
        line("Metrics of our own", count(type.filter) * prices.customMetric, `${count(type.filter)} filters of logs`),
        line("Dashboards", count(type.dashboard) * prices.dashboard, "the first three of an account are free"),
        ...Object.entries(usage).map(([what, [small, large]]) => line(what, disposable ? small : large, "a guess")),
    ];
}

/** The sum of the lines whose price is known. */
export const sum = (lines: readonly CostLine[]): number => lines.reduce((all, { usd = 0 }) => all + usd, 0);

function kafkaLines({ inputs }: RecordedResource): CostLine[] {
    const brokers = Number(inputs.numberOfBrokerNodes);
    const { instanceType, storageInfo } = inputs.brokerNodeGroupInfo as {
        instanceType: string;
        storageInfo: { ebsStorageInfo: { volumeSize: number } };
    };
    const { volumeSize } = storageInfo.ebsStorageInfo;
    return [
        {
            what: "Kafka brokers",
            usd: priced(prices.brokerHour, instanceType, brokers * hours),
            how: `${brokers} ${instanceType}`,
        },
        {
            what: "Kafka disks",
            usd: brokers * volumeSize * prices.brokerGigabyte,
            how: `${brokers} of ${volumeSize} GiB; they grow`,
        },
    ];
}

function cacheLine({ inputs }: RecordedResource): CostLine {
    const nodes = Number(inputs.numNodeGroups) * (1 + Number(inputs.replicasPerNodeGroup));
    const byType = prices.cacheHour[inputs.engine as keyof typeof prices.cacheHour];
    return {
        what: "Redis",
        usd: priced(byType, String(inputs.nodeType), nodes * hours),
        how: `${nodes} ${inputs.nodeType}, ${inputs.engine}`,
    };
}

function databaseLines({ inputs }: RecordedResource): CostLine[] {
    const times = inputs.multiAz ? 2 : 1;
    const standby = inputs.multiAz ? ", with a standby" : "";
    const instanceClass = String(inputs.instanceClass);
    return [
        {
            what: "PostgreSQL",
            usd: priced(prices.databaseHour, instanceClass, times * hours),
            how: `${instanceClass}${standby}`,
        },
        {
            what: "PostgreSQL's disk",
            usd: times * Number(inputs.allocatedStorage) * prices.databaseGigabyte,
            how: `${inputs.allocatedStorage} GiB${standby}; it grows`,
        },
    ];
}

/** A Fargate service: as many tasks as its schedule wants at least, and one all day without a schedule. */
function serviceLine(service: RecordedResource, of: (...types: string[]) => RecordedResource[]): CostLine {
    const task = of(type.task).find(({ outputs }) => outputs.arn === service.inputs.taskDefinition)!;
    const { vcpuHour, gigabyteHour } =
        prices.fargate[task.inputs.runtimePlatform.cpuArchitecture as keyof typeof prices.fargate];
    const hourly = (Number(task.inputs.cpu) / 1024) * vcpuHour + (Number(task.inputs.memory) / 1024) * gigabyteHour;
    const name = String(service.inputs.name);
    const actions = of(type.schedule).filter(({ inputs }) => String(inputs.resourceId).endsWith(`/${name}`));
    const at = (moment: "start" | "stop"): { hour: number; tasks: number } | undefined => {
        const action = actions.find(({ inputs }) => String(inputs.name).endsWith(`-${moment}`));
        const [, minute, hour] = /cron\((\d+) (\d+) /.exec(String(action?.inputs.schedule)) ?? [];
        return (
            action && {
                hour: Number(hour) + Number(minute) / 60,
                tasks: Number(action.inputs.scalableTargetAction.minCapacity),
            }
        );
    };
    const [start, stop] = [at("start"), at("stop")];
    const open = start && stop ? tradingDays * (stop.hour - start.hour) : hours;
    const taskHours = open * (start?.tasks ?? 1) + (hours - open) * (stop?.tasks ?? 0);
    return {
        what: `Tasks of ${name.replace(/^[^-]+-[^-]+-/, "")}`,
        usd: taskHours * hourly,
        how: `${Math.round(taskHours)} hours of ${task.inputs.cpu} CPU units and ${task.inputs.memory} MiB`,
    };
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);

const priced = (byType: Readonly<Record<string, number>> | undefined, of: string, times: number): number | undefined =>
    byType?.[of] === undefined ? undefined : byType[of] * times;
