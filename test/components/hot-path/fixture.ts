import * as pulumi from "@pulumi/pulumi";
import { access, type Access, Scope } from "../../../components/building-blocks";
import { Encryption } from "../../../components/encryption";
import { HotPath, type HotPathArgs } from "../../../components/hot-path";
import { type RecordedResource, type Recording } from "../../../plan/recording";
import { record } from "../../support/record";

export const digest = `sha256:${"a".repeat(64)}`;

/** Access to a made-up thing behind a security group, with one statement that names it. */
function stand(name: string, port: number, environment: Access["environment"] = {}): Access {
    return access({
        statements: [{ sid: name, actions: [`test:${name}`], resources: [`arn:aws:test:::${name}`] }],
        connections: [{ kind: "security-group", name, securityGroupId: `sg-${name}`, port }],
        environment,
    });
}

/** Arguments for a hot path with two feeds and everything there is, in an installation of the given name. */
export function hotPathArgs(environment: string, overrides: Partial<HotPathArgs> = {}): HotPathArgs {
    const scope = new Scope({ project: "aipx", environment, region: "ap-northeast-2", accountId: "123456789012" });
    const keys = new Encryption(`encryption-${environment}`, { scope, disposable: true });
    return {
        scope,
        keys,
        disposable: true,
        logs: { retentionDays: 7, keyArn: keys.logs.arn },
        network: {
            vpcId: pulumi.output("vpc-1"),
            cidrBlock: "10.0.0.0/16",
            availabilityZones: ["ap-northeast-2a", "ap-northeast-2c"],
            publicSubnetIds: pulumi.output(["subnet-public-a", "subnet-public-c"]),
            privateSubnetIds: pulumi.output(["subnet-private-a", "subnet-private-c"]),
            isolatedSubnetIds: pulumi.output(["subnet-isolated-a", "subnet-isolated-c"]),
            awsApis: access({ connections: [{ kind: "internet", name: "aws-apis", port: 443 }] }),
            s3: access({ connections: [{ kind: "prefix-list", name: "s3", prefixListId: "pl-s3", port: 443 }] }),
            endpoint: () => access({}),
            dynamodb: access({
                connections: [{ kind: "prefix-list", name: "dynamodb", prefixListId: "pl-dynamodb", port: 443 }],
            }),
        },
        data: {
            kafka: {
                produce: (topics) => ({
                    ...stand("kafka", 9098, {
                        KAFKA_BOOTSTRAP_BROKERS: {
                            value: pulumi.output("b-1:9098"),
                            parameterName: `/aipx/${environment}/kafka/bootstrap-brokers`,
                        },
                    }),
                    statements: [{ sid: "Produce", actions: ["kafka-cluster:WriteData"], resources: topics }],
                }),
            },
            redis: { connect: (user) => stand("redis", 6379, { REDIS_USER: { value: user } }) },
            postgres: { connect: (user) => stand("postgres", 5432, { POSTGRES_USER: { value: user } }) },
            accessLogs: {
                bucketName: pulumi.output("access-logs"),
                loadBalancerPrefix: "load-balancers",
                prefixFor: (purpose) => `s3/${purpose}/`,
            },
        },
        events: {
            publish: (source) =>
                access({ statements: [{ sid: "Publish", actions: ["events:PutEvents"], resources: [source] }] }),
        },
        architecture: "arm64",
        images: { ingestion: digest, oms: "v1" },
        debugShell: false,
        broker: { mode: "paper" },
        schedule: { start: "08:30", stop: "20:10" },
        feeds: {
            krx: {
                topics: ["ticks", "quotes"],
                markets: ["KRX", "NXT"],
                credentials: "kis-credentials",
                cpu: 256,
                memoryMiB: 512,
                spot: true,
            },
            nxt: {
                topics: ["ticks"],
                markets: ["KRX", "NXT"],
                credentials: "kis-nxt",
                cpu: 512,
                memoryMiB: 1024,
                spot: false,
            },
        },
        oms: {
            cpu: 1024,
            memoryMiB: 2048,
            tasks: 2,
            loadBalancer: {
                internetFacing: false,
                allowedCidrBlocks: ["10.1.0.0/16", "192.168.7.0/24"],
                certificate: { source: "self-signed" },
            },
        },
        omsCallerRoles: [`aipx-${environment}-strategy-*`],
        ...overrides,
    };
}

/** A hot path called `hot-path` of the installation `dev`, and the recording of it. */
export async function recordHotPath(
    overrides: Partial<HotPathArgs> = {},
): Promise<{ hotPath: HotPath; recording: Recording; own: RecordedResource[] }> {
    let hotPath: HotPath | undefined;
    const recording = await record(() => {
        hotPath = new HotPath("hot-path", hotPathArgs("dev", overrides));
    });
    return { hotPath: hotPath!, recording, own: below(recording, "hot-path") };
}

/** The component of the given name and type `HotPath`, and all that it made. */
export function below(recording: Recording, name: string): RecordedResource[] {
    const urns = new Set(
        recording.resources
            .filter((each) => each.type === "aipx:hotpath:HotPath" && each.name === name)
            .map((each) => each.urn),
    );
    return recording.resources.filter((each) => {
        if (each.parent !== undefined && urns.has(each.parent)) {
            urns.add(each.urn);
        }
        return urns.has(each.urn);
    });
}

/** OMS arguments as in the fixture, with another load balancer. */
export function omsWith(
    loadBalancer: Partial<HotPathArgs["oms"]["loadBalancer"]>,
    settings: Partial<HotPathArgs["oms"]> = {},
): HotPathArgs["oms"] {
    return {
        cpu: 1024,
        memoryMiB: 2048,
        tasks: 2,
        ...settings,
        loadBalancer: {
            internetFacing: false,
            allowedCidrBlocks: ["10.1.0.0/16"],
            certificate: { source: "self-signed" },
            ...loadBalancer,
        },
    };
}

/** The statements of a role's policy. */
export function statements(
    recording: Recording,
    policyName: string,
): { Sid: string; Action: string | string[]; Resource: string | string[]; Condition?: object }[] {
    const policies = recording.resources.filter(
        (each) => each.type === "aws:iam/rolePolicy:RolePolicy" && each.name === policyName,
    );
    if (policies.length !== 1) {
        throw new Error(`${policies.length} role policies have the name ${policyName}`);
    }
    return JSON.parse(policies[0]!.inputs.policy as string).Statement;
}
