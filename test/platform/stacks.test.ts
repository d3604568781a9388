import * as assert from "node:assert/strict";
import { type Plan } from "../../plan/plan";
import { type RecordedResource } from "../../plan/recording";
import { type Settings } from "../../settings";
import { names, ofType, typeAndName } from "../support/record";
import { matchesSnapshot } from "../support/snapshot";
import { planOf, stackNames } from "../support/stacks";
import { connections, roles } from "./views";

/** Every plan that there is: all stacks, with images assumed and as configured in a fresh clone. */
const all = stackNames.flatMap((stack) => [
    { title: `${stack}, with images`, stack, plan: () => planOf(stack) },
    { title: `${stack}, as configured`, stack, plan: () => planOf(stack, true) },
]);

const resourcesOf = (plan: Plan): RecordedResource[] => plan.recording.resources;
const lacking = (resources: RecordedResource[], test: (resource: RecordedResource) => boolean): string[] =>
    resources.filter((resource) => !test(resource)).map(typeAndName);

describe("stacks", () => {
    for (const stack of stackNames) {
        it(`${stack} has these resources: their names are a contract`, async () => {
            matchesSnapshot(`${stack}/resources.txt`, names((await planOf(stack)).recording));
        });

        it(`${stack}'s roles may do this and no more`, async () => {
            matchesSnapshot(`${stack}/roles.txt`, roles(resourcesOf(await planOf(stack))));
        });

        it(`${stack}'s security groups connect like this and no further`, async () => {
            matchesSnapshot(`${stack}/connections.txt`, connections(resourcesOf(await planOf(stack))));
        });
    }

    it("differ by settings alone: staging has the same resources as production, but for zones and nodes", async () => {
        const [staging, production] = await Promise.all([planOf("staging"), planOf("production")]);
        // Nobody would miss staging's data with the region, and live trading demands an address.
        const ofProduction = [
            "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
            "aws:sns/topicSubscription:TopicSubscription",
        ];
        const types = (plan: Plan): string[] =>
            [...new Set(resourcesOf(plan).map(({ type }) => type))]
                .filter((type) => !ofProduction.includes(type))
                .sort();
        assert.deepEqual(types(staging), types(production));
    });

    for (const { title, stack, plan } of all) {
        describe(title, () => {
            let resources: RecordedResource[];
            let custom: RecordedResource[];
            let environment: Settings["environment"];
            const is = (type: string): RecordedResource[] => custom.filter((resource) => resource.type === type);

            before(async () => {
                const planned = await plan();
                resources = resourcesOf(planned);
                environment = planned.assumed.settings!.environment;
                custom = resources.filter(({ kind }) => kind === "custom");
                assert.ok(custom.length > 150);
            });

            it("passes preflight", async () => {
                assert.deepEqual((await plan()).violations, []);
            });

            it("refers only to resources of its own", () => {
                const urns = new Set(resources.map(({ urn }) => urn));
                const strangers = resources.flatMap(({ dependencies, parent }) =>
                    [...dependencies, ...(parent ? [parent] : [])].filter((urn) => !urns.has(urn)),
                );
                assert.deepEqual(strangers, []);
            });

            it("keeps logs as long as its settings say, under the key for logs", () => {
                const groups = is("aws:cloudwatch/logGroup:LogGroup");
                const key = keyOf(resources, "encryption-logs");
                assert.ok(groups.length > 8);
                assert.deepEqual(
                    lacking(groups, ({ inputs }) => inputs.retentionInDays === environment.logRetentionDays),
                    [],
                );
                assert.deepEqual(
                    lacking(groups, ({ inputs }) => inputs.kmsKeyId === key),
                    [],
                );
            });

            it("tags everything that can be tagged with its component", () => {
                const tagged = custom.filter(({ inputs }) => inputs.tags !== undefined);
                assert.ok(tagged.length > 100);
                assert.deepEqual(
                    lacking(tagged, ({ inputs }) => typeof inputs.tags.component === "string"),
                    [],
                );
            });

            it("writes policies that are complete before anything exists", () => {
                const documents = ["policy", "assumeRolePolicy", "containerDefinitions"];
                const documented = custom.filter(({ inputs }) => documents.some((key) => inputs[key] !== undefined));
                assert.ok(documented.length > 15);
                assert.deepEqual(
                    lacking(documented, ({ propertyDependencies }) =>
                        documents.every((key) => propertyDependencies[key] === undefined),
                    ),
                    [],
                );
            });

            it("opens nothing to the internet", () => {
                const ingress = is("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
                assert.deepEqual(
                    lacking(ingress, ({ inputs }) => inputs.cidrIpv4 !== "0.0.0.0/0" && inputs.cidrIpv6 === undefined),
                    [],
                );
                assert.deepEqual(
                    lacking(
                        is("aws:ec2/securityGroup:SecurityGroup"),
                        ({ inputs }) => !inputs.ingress && !inputs.egress,
                    ),
                    [],
                );
                const [closed] = is("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup");
                assert.deepEqual([closed?.inputs.ingress, closed?.inputs.egress], [[], []]);
                assert.deepEqual(
                    lacking(
                        is("aws:ecs/service:Service"),
                        ({ inputs }) => inputs.networkConfiguration.assignPublicIp === false,
                    ),
                    [],
                );
                assert.deepEqual(
                    lacking(is("aws:lb/loadBalancer:LoadBalancer"), ({ inputs }) => inputs.internal === true),
                    [],
                );
                assert.deepEqual(
                    lacking(is("aws:rds/instance:Instance"), ({ inputs }) => inputs.publiclyAccessible === false),
                    [],
                );
                assert.deepEqual(
                    lacking(
                        is("aws:msk/cluster:Cluster"),
                        ({ inputs }) => inputs.brokerNodeGroupInfo.connectivityInfo.publicAccess.type === "DISABLED",
                    ),
                    [],
                );
                const blocks = is("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock");
                assert.equal(blocks.length, is("aws:s3/bucket:Bucket").length);
                assert.deepEqual(
                    lacking(blocks, ({ inputs }) =>
                        [
                            inputs.blockPublicAcls,
                            inputs.blockPublicPolicy,
                            inputs.ignorePublicAcls,
                            inputs.restrictPublicBuckets,
                        ].every((blocked) => blocked === true),
                    ),
                    [],
                );
            });

            it("has public addresses for NAT only", () => {
                const gateways = is("aws:ec2/natGateway:NatGateway");
                const used = new Set(gateways.map(({ inputs }) => inputs.allocationId));
                assert.equal(gateways.length, stack === "dev" ? 1 : 3);
                assert.deepEqual(
                    lacking(is("aws:ec2/eip:Eip"), ({ id }) => used.has(id)),
                    [],
                );
            });

            it("puts data stores into isolated subnets, whose routes lead nowhere", () => {
                const isolated = is("aws:ec2/subnet:Subnet").filter(
                    ({ inputs }) => inputs.tags.SubnetType === "Isolated",
                );
                const ids = isolated.map(({ id }) => id).sort();
                const groups = [
                    ...is("aws:rds/subnetGroup:SubnetGroup"),
                    ...is("aws:elasticache/subnetGroup:SubnetGroup"),
                ].map(({ inputs }) => [...inputs.subnetIds].sort());
                const brokers = is("aws:msk/cluster:Cluster").map(({ inputs }) =>
                    [...inputs.brokerNodeGroupInfo.clientSubnets].sort(),
                );
                assert.deepEqual([...groups, ...brokers], [ids, ids, ids]);
                const tables = is("aws:ec2/routeTable:RouteTable")
                    .filter(({ inputs }) => inputs.tags.SubnetType === "Isolated")
                    .map(({ id }) => id);
                assert.equal(tables.length, ids.length);
                assert.deepEqual(
                    lacking(is("aws:ec2/route:Route"), ({ inputs }) => !tables.includes(inputs.routeTableId)),
                    [],
                );
            });

            it("encrypts every store with the key that is meant for it", () => {
                const expected: [type: string, read: (inputs: any) => unknown, key: string][] = [
                    ["aws:msk/cluster:Cluster", (i) => i.encryptionInfo.encryptionAtRestKmsKeyArn, "data"],
                    ["aws:elasticache/replicationGroup:ReplicationGroup", (i) => i.kmsKeyId, "data"],
                    ["aws:rds/instance:Instance", (i) => i.kmsKeyId, "data"],
                    ["aws:rds/instance:Instance", (i) => i.masterUserSecretKmsKeyId, "data"],
                    ["aws:secretsmanager/secret:Secret", (i) => i.kmsKeyId, "services"],
                    ["aws:ecr/repository:Repository", (i) => i.encryptionConfigurations[0].kmsKey, "services"],
                    ["aws:lambda/function:Function", (i) => i.kmsKeyArn, "services"],
                    ["aws:sns/topic:Topic", (i) => i.kmsMasterKeyId, "messages"],
                    ["aws:cloudwatch/eventBus:EventBus", (i) => i.kmsKeyIdentifier, "messages"],
                ];
                for (const [type, read, key] of expected) {
                    const arn = keyOf(resources, `encryption-${key}`);
                    assert.deepEqual(
                        lacking(is(type), ({ inputs }) => read(inputs) === arn),
                        [],
                        `${type} and the key ${key}`,
                    );
                }
                // Events that the bus could not encrypt with our key end in this queue.
                const queues = is("aws:sqs/queue:Queue").filter(({ name }) => name !== "events-failed");
                assert.deepEqual(
                    lacking(queues, ({ inputs }) => inputs.kmsMasterKeyId === keyOf(resources, "encryption-messages")),
                    [],
                );
            });

            it("protects what cannot be made again, unless the stack is disposable", () => {
                const stateful = [
                    "aws:kms/key:Key",
                    "aws:msk/cluster:Cluster",
                    "aws:msk/topic:Topic",
                    "aws:elasticache/replicationGroup:ReplicationGroup",
                    "aws:rds/instance:Instance",
                    "aws:s3/bucket:Bucket",
                    "aws:secretsmanager/secret:Secret",
                ].flatMap(is);
                assert.deepEqual(
                    lacking(stateful, ({ options }) => (options.protect ?? false) === !environment.disposable),
                    [],
                );
            });

            it("protects itself what AWS refuses to delete: the preview says so before anything else is touched", () => {
                const refused = resources.filter(({ inputs }) =>
                    Object.keys(inputs).some((key) => /deletionProtection/i.test(key) && inputs[key] === true),
                );
                assert.equal(refused.length > 0, stack !== "dev");
                assert.deepEqual(
                    lacking(refused, ({ options }) => options.protect === true),
                    [],
                );
            });
        });
    }
});

/** ARN of the key with this logical name. */
function keyOf(resources: RecordedResource[], name: string): unknown {
    const [key, another] = resources.filter(
        (resource) => resource.type === "aws:kms/key:Key" && resource.name === name,
    );
    assert.ok(key && !another, name);
    return key.outputs.arn;
}

describe("stack dev has the smallest sizes (COST-2)", () => {
    let plan: Plan;
    const one = (type: string): RecordedResource => {
        const [found, another] = ofType(plan.recording, type);
        assert.ok(found && !another, type);
        return found;
    };
    before(async () => {
        plan = await planOf("dev");
    });

    it("Fargate: 256 CPU units and 512 MiB", () => {
        const tasks = ofType(plan.recording, "aws:ecs/taskDefinition:TaskDefinition");
        assert.deepEqual(tasks.map(({ name, inputs }) => [name, inputs.cpu, inputs.memory]).sort(), [
            ["hot-path-ingestion-krx", "256", "512"],
            ["hot-path-oms", "256", "512"],
        ]);
    });

    it("Kafka: two kafka.t3.small", () => {
        const { inputs } = one("aws:msk/cluster:Cluster");
        assert.deepEqual([inputs.numberOfBrokerNodes, inputs.brokerNodeGroupInfo.instanceType], [2, "kafka.t3.small"]);
    });

    it("PostgreSQL: db.t4g.micro in one zone", () => {
        const { inputs } = one("aws:rds/instance:Instance");
        assert.deepEqual([inputs.instanceClass, inputs.multiAz], ["db.t4g.micro", false]);
    });

    it("Redis: one cache.t4g.micro", () => {
        const { inputs } = one("aws:elasticache/replicationGroup:ReplicationGroup");
        assert.deepEqual(
            [inputs.nodeType, inputs.numNodeGroups, inputs.replicasPerNodeGroup],
            ["cache.t4g.micro", 1, 0],
        );
    });

    it("Lambda: 512 MB for images, 256 MB for code of the platform's own", () => {
        const functions = ofType(plan.recording, "aws:lambda/function:Function");
        assert.deepEqual(functions.length, 10);
        assert.deepEqual(
            lacking(functions, ({ inputs }) => inputs.memorySize === (inputs.packageType === "Image" ? 512 : 256)),
            [],
        );
    });
});

describe("the KIS secret", () => {
    for (const stack of stackNames) {
        it(`is read in ${stack} by the roles that start the OMS and the feeds, and by nobody else`, async () => {
            const policies = ofType((await planOf(stack)).recording, "aws:iam/rolePolicy:RolePolicy");
            const readers = policies
                .filter(({ inputs }) => /:secret:aipx\/\w+\/kis-credentials-/.test(inputs.policy))
                .map(({ inputs }) => inputs.role);
            assert.deepEqual(readers.sort(), [`aipx-${stack}-ingestion-krx-execution`, `aipx-${stack}-oms-execution`]);
        });
    }
});
