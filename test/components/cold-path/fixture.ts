import * as pulumi from "@pulumi/pulumi";
import { access, type Access, Scope } from "../../../components/building-blocks";
import { ColdPath, type ColdPathArgs } from "../../../components/cold-path";
import { Encryption } from "../../../components/encryption";
import { EventBus } from "../../../components/messaging";
import { ofType, record, type RecordedResource, type Recording } from "../../support/record";

export const scope = new Scope({
    project: "aipx",
    environment: "dev",
    region: "ap-northeast-2",
    accountId: "123456789012",
});

export const digest = `sha256:${"a".repeat(64)}`;

/** An image for every service, with these strategies. */
export const imagesFor = (strategies: string[]): Record<string, string> =>
    Object.fromEntries(
        [
            ...strategies.map((name) => `strategy-${name}`),
            "data-recorder",
            "cognitive",
            "websocket-authorizer",
            "notification",
        ].map((service) => [service, digest]),
    );

/** A store's access, reduced to what tells it from others. */
const storeAccess = (store: string, detail: string, port: number): Access =>
    access({
        statements: [
            {
                sid: store,
                actions: [`${store.toLowerCase()}:Connect`],
                resources: [`arn:aws:${store.toLowerCase()}:::${detail}`],
            },
        ],
        connections: [{ kind: "security-group", name: store.toLowerCase(), securityGroupId: `sg-${store}`, port }],
        environment: { [`${store.toUpperCase()}_USER`]: { value: detail } },
    });

/** Stand-ins for the stores, in the terms in which the real ones hand out access. */
const data = (): ColdPathArgs["data"] => ({
    kafka: {
        clusterArn: pulumi.output("arn:aws:kafka:ap-northeast-2:123456789012:cluster/aipx-dev/1"),
        trigger: (topics, group) =>
            access({
                statements: [
                    {
                        sid: "Kafka",
                        actions: ["kafka-cluster:ReadData"],
                        resources: [...topics, group].map((name) => `arn:aws:kafka:::${name}`),
                    },
                ],
            }),
    },
    redis: { connect: (user) => storeAccess("Redis", user, 6379) },
    postgres: { connect: (user) => storeAccess("Postgres", user, 5432) },
    dataLake: {
        write: (prefix) =>
            access({
                statements: [
                    {
                        sid: `Write${prefix.replace("/", "")}`,
                        actions: ["s3:PutObject"],
                        resources: [`arn:aws:s3:::lake/${prefix}*`],
                    },
                ],
                environment: { DATA_LAKE_BUCKET: { value: "lake" } },
            }),
    },
    accessLogs: { bucketName: pulumi.output("access-logs"), prefixFor: (purpose) => `s3/${purpose}/` },
});

const size = { memoryMB: 512, timeoutSeconds: 30 };
export const strategy = { ...size, topics: ["ticks"], batchSize: 100, batchWindowSeconds: 1 };

export type Overrides = Partial<Omit<ColdPathArgs, "scope">>;

/** Builds the cold path and its bus in the running program. */
export function build(overrides: Overrides = {}, inScope = scope, prefix = ""): ColdPath {
    const keys = new Encryption(`${prefix}encryption`, { scope: inScope, disposable: true });
    const logs = { retentionDays: 7, keyArn: keys.logs.arn };
    const disposable = overrides.disposable ?? true;
    const events = new EventBus(`${prefix}events`, { scope: inScope, keys, disposable, logs });
    return new ColdPath(`${prefix}cold-path`, {
        scope: inScope,
        keys,
        disposable,
        logs,
        network: {
            vpcId: pulumi.output("vpc-1"),
            cidrBlock: "10.0.0.0/16",
            availabilityZones: ["ap-northeast-2a"],
            publicSubnetIds: pulumi.output(["subnet-p"]),
            privateSubnetIds: pulumi.output(["subnet-a", "subnet-b"]),
            isolatedSubnetIds: pulumi.output(["subnet-i"]),
            awsApis: access({ connections: [{ kind: "internet", name: "internet", port: 443 }] }),
            s3: access({ connections: [{ kind: "prefix-list", name: "s3", prefixListId: "pl-s3", port: 443 }] }),
            endpoint: () => access({}),
            dynamodb: access({}),
        },
        data: data(),
        events,
        oms: { connect: () => storeAccess("Oms", "address", 50051) },
        architecture: "arm64",
        images: imagesFor(["momentum"]),
        strategies: { momentum: strategy },
        dataRecorder: { ...size, topics: ["ticks", "orders"], batchSize: 1000, batchWindowSeconds: 60 },
        cognitive: { ...size, timeoutSeconds: 120, bedrockModels: [], messagesPerSecond: 20 },
        websocketAuthorizer: { ...size, timeoutSeconds: 5 },
        notification: size,
        ...overrides,
    });
}

/** Records the cold path and its bus. What the program returns are the cold path's own fields. */
export const recordColdPath = (
    overrides: Overrides = {},
    more: (coldPath: ColdPath) => void = () => undefined,
): Promise<Recording> =>
    record(() => {
        const coldPath = build(overrides);
        more(coldPath);
        const { consumers, queues, servicesWaitingForImages, functions, ...rest } = coldPath;
        return {
            consumers,
            queues,
            servicesWaitingForImages,
            functions: functions.map(({ functionName }) => functionName),
            webSocketUrl: rest.webSocketUrl,
            webSocketApi: rest.webSocketApi,
            secretNames: rest.secretNames,
            logGroupNames: rest.logGroupNames,
            repositoryUrls: rest.repositoryUrls,
        };
    });

/** The cold path's and the bus's own resources: not the keys. */
export const own = (recording: Recording): RecordedResource[] =>
    recording.resources.filter(
        ({ name, type }) =>
            !name.includes("encryption") && type !== "pulumi:pulumi:Stack" && !type.startsWith("pulumi:providers"),
    );

interface ReadStatement {
    Sid: string;
    Effect: string;
    Principal?: unknown;
    Action: string | string[];
    Resource?: string | string[];
    Condition?: Record<string, unknown>;
}

export const statements = (document: unknown): ReadStatement[] =>
    (JSON.parse(document as string) as { Statement: ReadStatement[] }).Statement;

/** The statements of a role by its name, without those that every function has. */
export function roleStatements(recording: Recording, roleName: string): ReadStatement[] {
    const everyFunction = [
        "WriteLogs",
        "WriteTraces",
        "NetworkInterfaces",
        "NetworkInterfacesNotByCode",
        "DecryptEnvironment",
    ];
    const policy = ofType(recording, "aws:iam/rolePolicy:RolePolicy").find(({ inputs }) => inputs.role === roleName);
    if (!policy) {
        throw new Error(`no policy of role ${roleName}`);
    }
    return statements(policy.inputs.policy).filter(({ Sid }) => !everyFunction.includes(Sid));
}

/** Each connection out of a security group, as `name of the rule: port`. */
export const connections = (recording: Recording, group: string): string[] =>
    ofType(recording, "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")
        .filter(({ name }) => name.startsWith(`${group}-to-`))
        .map(({ name, inputs }) => `${name.slice(group.length + 4)}: ${String(inputs.toPort)}`);
