import assert from "node:assert/strict";
import { HotPath, type HotPathArgs } from "../../../components/hot-path";
import { type RecordedResource, type Recording } from "../../../plan/recording";
import { find, ofType, record, typeAndName } from "../../support/record";
import { below, digest, hotPathArgs, omsWith, recordHotPath, statements } from "./fixture";

const ecsService = "aws:ecs/service:Service";
const taskDefinition = "aws:ecs/taskDefinition:TaskDefinition";
const scheduledAction = "aws:appautoscaling/scheduledAction:ScheduledAction";
const inputs = (recording: Recording, type: string, name: string): Record<string, any> =>
    find(recording, type, name).inputs;
const container = (recording: Recording, name: string): Record<string, any> =>
    JSON.parse(inputs(recording, taskDefinition, name).containerDefinitions as string)[0];
/** Names of what a resource waits for, of one type. */
const waitsFor = (resource: RecordedResource, type: string): string[] =>
    resource.dependencies.filter((urn) => urn.includes(`${type}::`)).map((urn) => urn.split("::").pop()!);

/** What there is as long as no image is set: what images, secrets and callers need. */
const withoutImages = [
    "aipx:buildingblocks:ImageRepository::hot-path-ingestion",
    "aipx:buildingblocks:ImageRepository::hot-path-oms",
    "aipx:buildingblocks:ServiceSecret::hot-path-kis-account",
    "aipx:buildingblocks:ServiceSecret::hot-path-kis-credentials",
    "aipx:buildingblocks:ServiceSecret::hot-path-kis-nxt",
    "aipx:buildingblocks:ServiceSecurityGroup::hot-path-oms",
    "aipx:hotpath:Cluster::hot-path",
    "aipx:hotpath:HotPath::hot-path",
    "aipx:hotpath:Leases::hot-path-leases",
    "aipx:hotpath:Oms::hot-path-oms",
    "aipx:policy:Suppression::hot-path-kis-account-secretsmanager-secret-require-rotation",
    "aipx:policy:Suppression::hot-path-kis-credentials-secretsmanager-secret-require-rotation",
    "aipx:policy:Suppression::hot-path-kis-nxt-secretsmanager-secret-require-rotation",
    "aws:cloudwatch/logGroup:LogGroup::hot-path-insights",
    "aws:cloudwatch/logGroup:LogGroup::hot-path-shell",
    "aws:dynamodb/table:Table::hot-path-leases",
    "aws:ec2/securityGroup:SecurityGroup::hot-path-oms",
    "aws:ecr/lifecyclePolicy:LifecyclePolicy::hot-path-ingestion",
    "aws:ecr/lifecyclePolicy:LifecyclePolicy::hot-path-oms",
    "aws:ecr/repository:Repository::hot-path-ingestion",
    "aws:ecr/repository:Repository::hot-path-oms",
    "aws:ecs/cluster:Cluster::hot-path",
    "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders::hot-path",
    "aws:secretsmanager/secret:Secret::hot-path-kis-account",
    "aws:secretsmanager/secret:Secret::hot-path-kis-credentials",
    "aws:secretsmanager/secret:Secret::hot-path-kis-nxt",
    "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace::hot-path-oms",
];

describe("HotPath", () => {
    let hotPath: HotPath;
    let recording: Recording;
    let own: RecordedResource[];
    before(async () => {
        ({ hotPath, recording, own } = await recordHotPath());
    });

    it("makes these resources under these names", () => {
        const service = (name: string) => [
            `aipx:buildingblocks:FargateService::${name}`,
            `aipx:buildingblocks:ServiceRole::${name}-execution`,
            `aipx:buildingblocks:ServiceRole::${name}-task`,
            `aipx:buildingblocks:ServiceSecurityGroup::${name}`,
            `aws:appautoscaling/scheduledAction:ScheduledAction::${name}-start`,
            `aws:appautoscaling/scheduledAction:ScheduledAction::${name}-stop`,
            `aws:appautoscaling/target:Target::${name}`,
            `aws:cloudwatch/logGroup:LogGroup::${name}`,
            `aws:cloudwatch/logMetricFilter:LogMetricFilter::${name}-errors`,
            `aws:ec2/securityGroup:SecurityGroup::${name}`,
            `aws:ecs/service:Service::${name}`,
            `aws:ecs/taskDefinition:TaskDefinition::${name}`,
            `aws:iam/role:Role::${name}-execution`,
            `aws:iam/role:Role::${name}-task`,
            `aws:iam/rolePolicy:RolePolicy::${name}-execution`,
            `aws:iam/rolePolicy:RolePolicy::${name}-task`,
            `aws:lambda/invocation:Invocation::${name}-trial`,
        ];
        const sessions = (name: string) => `aws:cloudwatch/logMetricFilter:LogMetricFilter::${name}-sessions`;
        const egress = (name: string, ...destinations: string[]) =>
            destinations.map((to) => `aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule::${name}-to-${to}`);
        const ingress = (name: string, ...sources: string[]) =>
            sources.map((from) => `aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule::${name}-from-${from}`);
        const [krx, nxt, oms] = ["hot-path-ingestion-krx", "hot-path-ingestion-nxt", "hot-path-oms"] as const;
        const balancer = `${oms}-balancer`;
        const trial = [
            "aipx:buildingblocks:CodeFunction::hot-path-trial",
            "aipx:buildingblocks:ServiceRole::hot-path-trial",
            ...["hot-path-trial", "hot-path-trial-tasks"].flatMap((name) => [
                `aipx:buildingblocks:ServiceSecurityGroup::${name}`,
                `aws:ec2/securityGroup:SecurityGroup::${name}`,
                ...egress(name, "aws-apis", "s3"),
            ]),
            "aipx:hotpath:ImageTrial::hot-path-trial",
            "aipx:policy:Suppression::hot-path-trial-lambda-function-require-code-signing",
            "aws:cloudwatch/logGroup:LogGroup::hot-path-trial",
            "aws:iam/role:Role::hot-path-trial",
            "aws:iam/rolePolicy:RolePolicy::hot-path-trial",
            "aws:lambda/function:Function::hot-path-trial",
        ];
        assert.deepEqual(
            own.map(typeAndName).sort(),
            [
                ...withoutImages,
                ...service(krx),
                sessions(krx),
                ...egress(krx, "aws-apis", "dynamodb", "kafka", "kis-rest", "kis-websocket", "oms", "s3"),
                ...service(nxt),
                sessions(nxt),
                ...egress(nxt, "aws-apis", "dynamodb", "kafka", "kis-rest", "kis-websocket", "s3"),
                ...trial,
                // The group of the OMS is there without an image.
                ...service(oms).filter((each) => !/SecurityGroup::/.test(each)),
                ...egress(oms, "aws-apis", "kafka", "kis-rest", "postgres", "redis", "s3"),
                ...egress(balancer, "oms"),
                ...ingress(balancer, "10.1.0.0/16", "192.168.7.0/24"),
                ...ingress("kafka", krx, nxt, oms),
                ...ingress("oms", krx, balancer),
                ...ingress("postgres", oms),
                ...ingress("redis", oms),
                `aipx:buildingblocks:ServiceSecurityGroup::${balancer}`,
                `aipx:hotpath:GrpcLoadBalancer::${oms}`,
                `aipx:policy:Suppression::${oms}-lb-target-group-require-tls`,
                `aws:acm/certificate:Certificate::${oms}`,
                `aws:cloudwatch/metricAlarm:MetricAlarm::${oms}-deployment-5xx`,
                `aws:cloudwatch/metricAlarm:MetricAlarm::${oms}-deployment-errors`,
                `aws:cloudwatch/metricAlarm:MetricAlarm::${oms}-deployment-unhealthy`,
                `aws:ec2/securityGroup:SecurityGroup::${balancer}`,
                `aws:lb/listener:Listener::${oms}`,
                `aws:lb/loadBalancer:LoadBalancer::${oms}`,
                `aws:lb/targetGroup:TargetGroup::${oms}`,
                `aws:servicediscovery/service:Service::${oms}`,
                `tls:index/privateKey:PrivateKey::${oms}`,
                `tls:index/selfSignedCert:SelfSignedCert::${oms}`,
            ].sort(),
        );
    });

    it("names what people and other components use", () => {
        assert.equal(hotPath.cluster.clusterName, "aipx-dev-hot-path");
        assert.deepEqual(Object.keys(hotPath.feeds), ["krx", "nxt"]);
        assert.deepEqual(hotPath.feedTopics, { krx: ["ticks", "quotes"], nxt: ["ticks"] });
        assert.deepEqual(hotPath.secretNames, ["aipx/dev/kis-credentials", "aipx/dev/kis-nxt", "aipx/dev/kis-account"]);
        assert.deepEqual(hotPath.logGroupNames, [
            "/aipx/dev/ingestion-krx",
            "/aipx/dev/ingestion-nxt",
            "/aipx/dev/oms",
        ]);
        assert.deepEqual(hotPath.repositoryUrls, {
            ingestion: "123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/aipx/dev/ingestion",
            oms: "123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/aipx/dev/oms",
        });
        assert.deepEqual(hotPath.servicesWaitingForImages, []);
        assert.deepEqual(hotPath.loadBalancersWaitingForCertificates, []);
        assert.equal(hotPath.oms.address, "oms.dev.aipx.internal:50051");
        assert.equal(hotPath.oms.tasks, 2);
    });

    it("tags everything with component, and what belongs to a service with it", () => {
        for (const resource of own) {
            if ("tags" in resource.inputs) {
                assert.equal(resource.inputs.tags.component, "hot-path", resource.urn);
                const service = /::hot-path-(ingestion-(krx|nxt)|oms)/.exec(resource.urn)?.[1];
                if (service && !resource.type.startsWith("aws:ecr")) {
                    assert.equal(resource.inputs.tags.service, service, resource.urn);
                }
            }
        }
        assert.deepEqual(inputs(recording, ecsService, "hot-path-oms").tags, { component: "hot-path", service: "oms" });
    });

    describe("cluster", () => {
        it("keeps Container Insights' and shells' logs in groups of ours, made first", () => {
            const keyArn = find(recording, "aws:kms/key:Key", "encryption-dev-logs").outputs.arn;
            const groups = [
                ["hot-path-insights", "/aws/ecs/containerinsights/aipx-dev-hot-path/performance"],
                ["hot-path-shell", "/aipx/dev/hot-path/shell"],
            ] as const;
            const cluster = find(recording, "aws:ecs/cluster:Cluster", "hot-path");
            for (const [name, logGroupName] of groups) {
                const group = inputs(recording, "aws:cloudwatch/logGroup:LogGroup", name);
                assert.deepEqual([group.name, group.retentionInDays, group.kmsKeyId], [logGroupName, 7, keyArn]);
            }
            assert.deepEqual(waitsFor(cluster, "LogGroup").sort(), ["hot-path-insights", "hot-path-shell"]);
        });

        it("encrypts disks and shells with the services key", () => {
            const keyArn = find(recording, "aws:kms/key:Key", "encryption-dev-services").outputs.arn;
            const cluster = inputs(recording, "aws:ecs/cluster:Cluster", "hot-path");
            assert.equal(cluster.name, "aipx-dev-hot-path");
            assert.deepEqual(cluster.settings, [{ name: "containerInsights", value: "enabled" }]);
            assert.deepEqual(cluster.configuration, {
                executeCommandConfiguration: {
                    kmsKeyId: keyArn,
                    logging: "OVERRIDE",
                    logConfiguration: {
                        cloudWatchEncryptionEnabled: true,
                        cloudWatchLogGroupName: "/aipx/dev/hot-path/shell",
                    },
                },
                managedStorageConfiguration: { fargateEphemeralStorageKmsKeyId: keyArn },
            });
        });

        it("offers Fargate and Fargate Spot before any service asks for them", () => {
            assert.deepEqual(
                inputs(recording, "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders", "hot-path"),
                {
                    clusterName: "aipx-dev-hot-path",
                    capacityProviders: ["FARGATE", "FARGATE_SPOT"],
                    defaultCapacityProviderStrategies: [{ capacityProvider: "FARGATE", weight: 1, base: 0 }],
                },
            );
            const services = ofType(recording, ecsService);
            assert.equal(services.length, 3);
            for (const service of services) {
                assert.deepEqual(waitsFor(service, "ClusterCapacityProviders"), ["hot-path"]);
            }
        });
    });

    describe("feeds", () => {
        for (const [feed, capacityProvider] of [
            ["krx", "FARGATE_SPOT"],
            ["nxt", "FARGATE"],
        ] as const) {
            it(`runs ${feed} once, on ${capacityProvider}, without a public address`, () => {
                const { inputs: service, options } = find(recording, ecsService, `hot-path-ingestion-${feed}`);
                assert.equal(service.name, `aipx-dev-ingestion-${feed}`);
                assert.equal(service.desiredCount, 1);
                assert.equal(service.deploymentMinimumHealthyPercent, 0);
                assert.equal(service.deploymentMaximumPercent, 100);
                assert.equal(service.availabilityZoneRebalancing, "DISABLED");
                assert.deepEqual(service.deploymentCircuitBreaker, { enable: true, rollback: true });
                assert.deepEqual(service.capacityProviderStrategies, [{ capacityProvider, weight: 1, base: 0 }]);
                assert.equal(service.networkConfiguration.assignPublicIp, false);
                assert.deepEqual(service.networkConfiguration.subnets, ["subnet-private-a", "subnet-private-c"]);
                assert.equal(service.enableExecuteCommand, false);
                assert.equal(service.loadBalancers, undefined);
                assert.equal(service.serviceRegistries, undefined);
                assert.equal(options.deleteBeforeReplace, true);
                assert.deepEqual(options.ignoreChanges, ["desiredCount"]);
            });
        }

        it("gives each the size, image, topics and app key of its settings", () => {
            const krx = inputs(recording, taskDefinition, "hot-path-ingestion-krx");
            const nxt = inputs(recording, taskDefinition, "hot-path-ingestion-nxt");
            assert.deepEqual([krx.cpu, krx.memory, nxt.cpu, nxt.memory], ["256", "512", "512", "1024"]);
            assert.equal(krx.runtimePlatform.cpuArchitecture, "ARM64");
            const { image, environment, secrets, portMappings } = container(recording, "hot-path-ingestion-krx");
            assert.equal(image, `123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/aipx/dev/ingestion@${digest}`);
            assert.deepEqual(portMappings, []);
            assert.deepEqual(environment, [
                { name: "AIPX_ENVIRONMENT", value: "dev" },
                { name: "AIPX_FEED", value: "krx" },
                { name: "AIPX_MARKETS", value: "KRX,NXT" },
                { name: "KAFKA_TOPICS", value: "ticks,quotes" },
                { name: "KIS_MODE", value: "paper" },
                { name: "KIS_REST_URL", value: "https://openapivts.koreainvestment.com:29443" },
                { name: "KIS_WEBSOCKET_URL", value: "ws://ops.koreainvestment.com:31000" },
                { name: "LEASE_KEY", value: "kis-credentials" },
                { name: "LEASE_TABLE", value: "aipx-dev-leases" },
                { name: "OMS_ADDRESS", value: "oms.dev.aipx.internal:50051" },
                { name: "TZ", value: "Asia/Seoul" },
            ]);
            const parameter = "arn:aws:ssm:ap-northeast-2:123456789012:parameter/aipx/dev/kafka/bootstrap-brokers";
            const keys = (secret: string) => [
                { name: "KAFKA_BOOTSTRAP_BROKERS", valueFrom: parameter },
                ...["KEY", "SECRET"].map((part) => ({
                    name: `KIS_APP_${part}`,
                    valueFrom: `arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:aipx/dev/${secret}:app_${part.toLowerCase()}::`,
                })),
            ];
            // The feed that listens with the app key of the OMS gets the execution notices of its account.
            const id = "arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:aipx/dev/kis-account:hts_id::";
            assert.deepEqual(secrets, [...keys("kis-credentials"), { name: "KIS_HTS_ID", valueFrom: id }]);
            assert.deepEqual(container(recording, "hot-path-ingestion-nxt").secrets, keys("kis-nxt"));
        });

        it("gives each the variables of its settings", async () => {
            const feed = { topics: ["ticks"], markets: ["KRX"], cpu: 256, memoryMiB: 512, spot: false };
            const { recording } = await recordHotPath({
                feeds: {
                    krx: { ...feed, credentials: "kis-credentials" },
                    nxt: { ...feed, credentials: "kis-nxt", environment: { LOG_LEVEL: "debug" } },
                },
            });
            const levels = (name: string): { name: string; value: string }[] =>
                container(recording, name).environment.filter(({ name }: { name: string }) => name === "LOG_LEVEL");
            assert.deepEqual(levels("hot-path-ingestion-nxt"), [{ name: "LOG_LEVEL", value: "debug" }]);
            assert.deepEqual(levels("hot-path-ingestion-krx"), []);
        });

        it("lets each hold the lease of its own app key, and no other", () => {
            for (const [feed, leaseKey] of [
                ["krx", "kis-credentials"],
                ["nxt", "kis-nxt"],
            ] as const) {
                const held = statements(recording, `hot-path-ingestion-${feed}-task`);
                assert.deepEqual(
                    held.filter(({ Sid }) => /Lease/.test(Sid)),
                    [
                        {
                            Sid: "HoldLease",
                            Effect: "Allow",
                            Action: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
                            Resource: "arn:aws:dynamodb:ap-northeast-2:123456789012:table/aipx-dev-leases",
                            Condition: { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": [leaseKey] } },
                        },
                        {
                            Sid: "DecryptLeases",
                            Effect: "Allow",
                            Action: "kms:Decrypt",
                            Resource: "arn:aws:kms:ap-northeast-2:123456789012:key/*",
                            Condition: {
                                "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/aipx-dev-data" },
                                StringEquals: { "kms:ViaService": "dynamodb.ap-northeast-2.amazonaws.com" },
                            },
                        },
                    ],
                );
            }
        });

        it("counts the sessions that each opens", () => {
            assert.deepEqual(
                inputs(recording, "aws:cloudwatch/logMetricFilter:LogMetricFilter", "hot-path-ingestion-krx-sessions"),
                {
                    name: "ingestion-krx-sessions",
                    logGroupName: "/aipx/dev/ingestion-krx",
                    pattern: '{ $.event = "session-opened" }',
                    metricTransformation: {
                        namespace: "aipx/dev",
                        name: "ingestion-krx-sessions",
                        value: "1",
                        defaultValue: "0",
                    },
                },
            );
        });

        it("starts and stops them with the market, and changes nothing at other times", () => {
            for (const name of ["hot-path-ingestion-krx", "hot-path-ingestion-nxt"]) {
                const target = inputs(recording, "aws:appautoscaling/target:Target", name);
                assert.deepEqual([target.minCapacity, target.maxCapacity], [0, 1]);
                assert.equal(target.resourceId, `service/aipx-dev-hot-path/${name.replace("hot-path", "aipx-dev")}`);
                const start = inputs(recording, scheduledAction, `${name}-start`);
                const stop = find(recording, scheduledAction, `${name}-stop`);
                assert.deepEqual(
                    [start.schedule, start.timezone, start.scalableTargetAction],
                    ["cron(30 8 ? * MON-FRI *)", "Asia/Seoul", { minCapacity: 1, maxCapacity: 1 }],
                );
                assert.deepEqual(
                    [stop.inputs.schedule, stop.inputs.timezone, stop.inputs.scalableTargetAction],
                    ["cron(10 20 ? * MON-FRI *)", "Asia/Seoul", { minCapacity: 0, maxCapacity: 0 }],
                );
                assert.deepEqual(waitsFor(stop, "ScheduledAction"), [`${name}-start`]);
            }
        });

        it("refuses two feeds with one app key", async () => {
            const feed = {
                topics: ["ticks"],
                markets: ["KRX"],
                credentials: "kis-nxt",
                cpu: 256,
                memoryMiB: 512,
                spot: false,
            };
            await assert.rejects(
                recordHotPath({ feeds: { a: feed, b: feed } }),
                /hot path hot-path: feeds\.b\.credentials is "kis-nxt", which feeds\.a uses; KIS allows one session per app key/,
            );
        });
    });

    describe("OMS", () => {
        it("is deployed task by task, and rolled back by alarms and circuit breaker", () => {
            const service = inputs(recording, ecsService, "hot-path-oms");
            assert.equal(service.desiredCount, 2);
            assert.equal(service.deploymentMinimumHealthyPercent, 100);
            assert.equal(service.deploymentMaximumPercent, 200);
            assert.equal(service.availabilityZoneRebalancing, "DISABLED");
            assert.deepEqual(service.capacityProviderStrategies, [{ capacityProvider: "FARGATE", weight: 1, base: 0 }]);
            assert.deepEqual(service.deploymentCircuitBreaker, { enable: true, rollback: true });
            assert.deepEqual(service.alarms, {
                enable: true,
                rollback: true,
                alarmNames: [
                    "aipx-dev-oms-deployment-errors",
                    "aipx-dev-oms-deployment-5xx",
                    "aipx-dev-oms-deployment-unhealthy",
                ],
            });
            assert.equal(service.networkConfiguration.assignPublicIp, false);
            assert.deepEqual(service.networkConfiguration.subnets, ["subnet-private-a", "subnet-private-c"]);
        });

        it("is watched by alarms on its own metrics", () => {
            const alarm = (suffix: string) =>
                inputs(recording, "aws:cloudwatch/metricAlarm:MetricAlarm", `hot-path-oms-deployment-${suffix}`);
            const filter = inputs(recording, "aws:cloudwatch/logMetricFilter:LogMetricFilter", "hot-path-oms-errors");
            assert.equal(alarm("errors").metricName, filter.metricTransformation.name);
            assert.equal(alarm("errors").namespace, filter.metricTransformation.namespace);
            const dimensions = {
                LoadBalancer: find(recording, "aws:lb/loadBalancer:LoadBalancer", "hot-path-oms").outputs.arnSuffix,
                TargetGroup: find(recording, "aws:lb/targetGroup:TargetGroup", "hot-path-oms").outputs.arnSuffix,
            };
            assert.match(dimensions.LoadBalancer as string, /^app\//);
            for (const [suffix, metricName, statistic, threshold] of [
                ["5xx", "HTTPCode_Target_5XX_Count", "Sum", 5],
                ["unhealthy", "UnHealthyHostCount", "Maximum", 1],
            ] as const) {
                assert.deepEqual(alarm(suffix).dimensions, dimensions);
                assert.deepEqual(
                    [alarm(suffix).metricName, alarm(suffix).statistic, alarm(suffix).threshold],
                    [metricName, statistic, threshold],
                );
                assert.equal(alarm(suffix).alarmActions, undefined);
            }
        });

        it("is found by name inside the VPC", () => {
            const namespace = find(
                recording,
                "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace",
                "hot-path-oms",
            );
            assert.equal(namespace.inputs.name, "dev.aipx.internal");
            assert.equal(namespace.inputs.vpc, "vpc-1");
            const registry = find(recording, "aws:servicediscovery/service:Service", "hot-path-oms");
            assert.equal(registry.inputs.name, "oms");
            assert.deepEqual(registry.inputs.dnsConfig, {
                namespaceId: namespace.id,
                routingPolicy: "MULTIVALUE",
                dnsRecords: [{ type: "A", ttl: 10 }],
            });
            assert.deepEqual(registry.inputs.healthCheckCustomConfig, { failureThreshold: 1 });
            const service = inputs(recording, ecsService, "hot-path-oms");
            assert.deepEqual(service.serviceRegistries, { registryArn: registry.outputs.arn });
            assert.deepEqual(
                container(recording, "hot-path-oms").portMappings,
                [50051, 50052].map((port) => ({ containerPort: port, hostPort: port, protocol: "tcp" })),
            );
        });

        it("is joined to the load balancer after the listener", () => {
            const service = find(recording, ecsService, "hot-path-oms");
            const targetGroupArn = find(recording, "aws:lb/targetGroup:TargetGroup", "hot-path-oms").outputs.arn;
            assert.deepEqual(service.inputs.loadBalancers, [
                { targetGroupArn, containerName: "oms", containerPort: 50052 },
            ]);
            assert.equal(service.inputs.healthCheckGracePeriodSeconds, 120);
            assert.deepEqual(waitsFor(service, "Listener"), ["hot-path-oms"]);
        });

        it("has no access to the WebSocket, which is the feed's", () => {
            const environment: { name: string }[] = container(recording, "hot-path-oms").environment;
            assert.deepEqual(
                environment.map(({ name }) => name),
                [
                    "AIPX_ENVIRONMENT",
                    "KIS_MODE",
                    "KIS_REST_URL",
                    "OMS_ADDRESS",
                    "OMS_CALLER_ROLES",
                    "POSTGRES_USER",
                    "REDIS_USER",
                    "TZ",
                ],
            );
        });

        it("gets the account that it trades for", () => {
            const secret = (name: string, key: string) => ({
                name,
                valueFrom: `arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:aipx/dev/${key}::`,
            });
            const { secrets } = container(recording, "hot-path-oms") as { secrets: { name: string }[] };
            assert.deepEqual(
                secrets.filter(({ name }) => name.startsWith("KIS_")),
                [
                    secret("KIS_ACCOUNT_NUMBER", "kis-account:account_number"),
                    secret("KIS_ACCOUNT_PRODUCT_CODE", "kis-account:product_code"),
                    secret("KIS_APP_KEY", "kis-credentials:app_key"),
                    secret("KIS_APP_SECRET", "kis-credentials:app_secret"),
                ],
            );
        });

        it("knows who may call it: strategies, and the feed that passes execution notices on", () => {
            const { environment } = container(recording, "hot-path-oms") as {
                environment: { name: string; value: string }[];
            };
            const valueOf = (variable: string) => environment.find(({ name }) => name === variable)?.value;
            assert.equal(valueOf("OMS_CALLER_ROLES"), "aipx-dev-strategy-*,aipx-dev-ingestion-krx-task");
            assert.equal(valueOf("OMS_ADDRESS"), "oms.dev.aipx.internal:50051");
        });

        it("gets its risk limits and the variables of its settings", async () => {
            const { recording } = await recordHotPath({
                oms: omsWith(
                    {},
                    {
                        environment: { LOG_LEVEL: "debug" },
                        riskLimits: { maxOrderValueKrw: 10_000_000, maxDailyLossKrw: 5_000_000, maxOrdersPerSecond: 2 },
                    },
                ),
            });
            const { environment } = container(recording, "hot-path-oms") as {
                environment: { name: string; value: string }[];
            };
            assert.deepEqual(
                environment.filter(({ name }) => /^(RISK|LOG)_/.test(name)),
                [
                    { name: "LOG_LEVEL", value: "debug" },
                    { name: "RISK_MAX_DAILY_LOSS_KRW", value: "5000000" },
                    { name: "RISK_MAX_ORDERS_PER_SECOND", value: "2" },
                    { name: "RISK_MAX_ORDER_VALUE_KRW", value: "10000000" },
                ],
            );
        });

        it("may keep ECS from stopping its own tasks", () => {
            assert.deepEqual(
                statements(recording, "hot-path-oms-task").filter(({ Sid }) => Sid === "ProtectTasks"),
                [
                    {
                        Sid: "ProtectTasks",
                        Effect: "Allow",
                        Action: ["ecs:GetTaskProtection", "ecs:UpdateTaskProtection"],
                        Resource: "arn:aws:ecs:ap-northeast-2:123456789012:task/aipx-dev-hot-path/*",
                        Condition: { StringEquals: { "aws:ResourceTag/service": "oms" } },
                    },
                ],
            );
            const { propagateTags, tags } = inputs(recording, ecsService, "hot-path-oms");
            assert.deepEqual([propagateTags, tags.service], ["SERVICE", "oms"]);
        });

        it("runs with all its tasks in market hours and with one otherwise, at any load", () => {
            const target = inputs(recording, "aws:appautoscaling/target:Target", "hot-path-oms");
            assert.deepEqual([target.minCapacity, target.maxCapacity], [1, 2]);
            assert.equal(target.resourceId, "service/aipx-dev-hot-path/aipx-dev-oms");
            assert.deepEqual(ofType(recording, "aws:appautoscaling/policy:Policy"), []);
            const action = (moment: string) =>
                inputs(recording, scheduledAction, `hot-path-oms-${moment}`).scalableTargetAction;
            assert.deepEqual(action("start"), { minCapacity: 2, maxCapacity: 2 });
            assert.deepEqual(action("stop"), { minCapacity: 1, maxCapacity: 1 });
        });

        it("keeps its one task at all times if settings ask for one", async () => {
            const single = await recordHotPath({ oms: omsWith({}, { tasks: 1 }) });
            const target = inputs(single.recording, "aws:appautoscaling/target:Target", "hot-path-oms");
            assert.deepEqual([target.minCapacity, target.maxCapacity], [1, 1]);
            for (const moment of ["start", "stop"]) {
                assert.deepEqual(
                    inputs(single.recording, scheduledAction, `hot-path-oms-${moment}`).scalableTargetAction,
                    { minCapacity: 1, maxCapacity: 1 },
                );
            }
        });
    });

    describe("containers", () => {
        for (const name of ["hot-path-ingestion-krx", "hot-path-ingestion-nxt", "hot-path-oms"]) {
            it(`${name} runs without root, capabilities or a writable root file system`, () => {
                const definition = container(recording, name);
                assert.equal(definition.user, "65532:65532");
                assert.equal(definition.privileged, false);
                assert.equal(definition.readonlyRootFilesystem, true);
                assert.deepEqual(definition.linuxParameters, {
                    capabilities: { add: [], drop: ["ALL"] },
                    initProcessEnabled: true,
                    tmpfs: [{ containerPath: "/tmp", size: 64, mountOptions: ["nodev", "nosuid"] }],
                });
                assert.deepEqual(definition.mountPoints, []);
                assert.equal(definition.stopTimeout, name === "hot-path-oms" ? 120 : 30);
                assert.deepEqual(definition.healthCheck.command, ["CMD", "/healthcheck", "live"]);
                const logGroup = `/aipx/dev/${name.replace("hot-path-", "")}`;
                assert.equal(definition.logConfiguration.options["awslogs-group"], logGroup);
                assert.equal(definition.logConfiguration.options.mode, "non-blocking");
                assert.equal(inputs(recording, "aws:cloudwatch/logGroup:LogGroup", name).name, logGroup);
                assert.deepEqual(waitsFor(find(recording, taskDefinition, name), "LogGroup"), [name]);
            });
        }
    });

    describe("roles", () => {
        it("may do exactly this", () => {
            const summary = Object.fromEntries(
                own
                    .filter(({ type }) => type === "aws:iam/rolePolicy:RolePolicy")
                    .map(({ name }) => [
                        name,
                        statements(recording, name).flatMap(({ Action, Resource }) =>
                            [Action].flat().map((action) => `${action} ${[Resource].flat().join(" ")}`),
                        ),
                    ]),
            );
            const arn = (service: string, rest: string) => `arn:aws:${service}:ap-northeast-2:123456789012:${rest}`;
            const execution = (service: string, repository: string, secrets: string[], parameters: string[]) => [
                ...secrets.flatMap((secret) => [
                    `secretsmanager:GetSecretValue ${arn("secretsmanager", `secret:aipx/dev/${secret}-??????`)}`,
                    `kms:Decrypt ${arn("kms", "key/*")}`,
                ]),
                "ecr:GetAuthorizationToken *",
                ...["BatchCheckLayerAvailability", "BatchGetImage", "GetDownloadUrlForLayer"].map(
                    (action) => `ecr:${action} ${arn("ecr", `repository/aipx/dev/${repository}`)}`,
                ),
                ...["CreateLogStream", "PutLogEvents"].map(
                    (action) => `logs:${action} ${arn("logs", `log-group:/aipx/dev/${service}:*`)}`,
                ),
                ...parameters.map((parameter) => `ssm:GetParameters ${arn("ssm", `parameter/aipx/dev/${parameter}`)}`),
            ];
            const lease = [
                ...["GetItem", "PutItem", "UpdateItem"].map(
                    (action) => `dynamodb:${action} ${arn("dynamodb", "table/aipx-dev-leases")}`,
                ),
                `kms:Decrypt ${arn("kms", "key/*")}`,
            ];
            const parameters = ["kafka/bootstrap-brokers"];
            // The function that tries images has a test of its own.
            const { "hot-path-trial": trial, ...services } = summary;
            assert.ok(trial);
            assert.deepEqual(services, {
                "hot-path-ingestion-krx-execution": execution(
                    "ingestion-krx",
                    "ingestion",
                    ["kis-credentials", "kis-account"],
                    parameters,
                ),
                "hot-path-ingestion-krx-task": [...lease, "kafka-cluster:WriteData ticks quotes"],
                "hot-path-ingestion-nxt-execution": execution("ingestion-nxt", "ingestion", ["kis-nxt"], parameters),
                "hot-path-ingestion-nxt-task": [...lease, "kafka-cluster:WriteData ticks"],
                "hot-path-oms-execution": execution("oms", "oms", ["kis-credentials", "kis-account"], parameters),
                "hot-path-oms-task": [
                    ...["GetTaskProtection", "UpdateTaskProtection"].map(
                        (action) => `ecs:${action} ${arn("ecs", "task/aipx-dev-hot-path/*")}`,
                    ),
                    "kafka-cluster:WriteData orders executions",
                    "test:redis arn:aws:test:::redis",
                    "test:postgres arn:aws:test:::postgres",
                    "events:PutEvents aipx.oms",
                ],
            });
        });

        it("read a secret only to start the services that use it", () => {
            const readers = (secret: string) =>
                ofType(recording, "aws:iam/rolePolicy:RolePolicy")
                    .filter(({ inputs }) => (inputs.policy as string).includes(`secret:aipx/dev/${secret}-`))
                    .map(({ inputs }) => inputs.role as string)
                    .sort();
            assert.deepEqual(readers("kis-credentials"), [
                "aipx-dev-ingestion-krx-execution",
                "aipx-dev-oms-execution",
            ]);
            assert.deepEqual(readers("kis-nxt"), ["aipx-dev-ingestion-nxt-execution"]);
        });

        it("are taken by tasks of this account only", () => {
            const roles = own.filter(({ type, name }) => type === "aws:iam/role:Role" && name !== "hot-path-trial");
            assert.equal(roles.length, 6);
            for (const { inputs } of roles) {
                assert.deepEqual(JSON.parse(inputs.assumeRolePolicy as string).Statement, [
                    {
                        Sid: "Trust",
                        Effect: "Allow",
                        Principal: { Service: "ecs-tasks.amazonaws.com" },
                        Action: "sts:AssumeRole",
                        Condition: {
                            StringEquals: { "aws:SourceAccount": "123456789012" },
                            ArnLike: { "aws:SourceArn": "arn:aws:ecs:ap-northeast-2:123456789012:*" },
                        },
                    },
                ]);
            }
        });

        it("of a task are in place, and its connections open, before it starts", () => {
            const service = find(recording, ecsService, "hot-path-ingestion-nxt");
            assert.deepEqual(waitsFor(service, "RolePolicy"), [
                "hot-path-ingestion-nxt-execution",
                "hot-path-ingestion-nxt-task",
            ]);
            assert.deepEqual(waitsFor(service, "SecurityGroupEgressRule").sort(), [
                "hot-path-ingestion-nxt-to-aws-apis",
                "hot-path-ingestion-nxt-to-dynamodb",
                "hot-path-ingestion-nxt-to-kafka",
                "hot-path-ingestion-nxt-to-kis-rest",
                "hot-path-ingestion-nxt-to-kis-websocket",
                "hot-path-ingestion-nxt-to-s3",
            ]);
            assert.deepEqual(waitsFor(service, "Secret"), ["hot-path-kis-nxt"]);
        });
    });

    describe("connections", () => {
        /** `group -> where:port` and `where -> group:port`, sorted. */
        const connections = (resources: RecordedResource[]): string[] => {
            const names = new Map(
                resources
                    .filter(({ type }) => type === "aws:ec2/securityGroup:SecurityGroup")
                    .map(({ id, name }) => [id, name]),
            );
            const named = (id: string) => names.get(id) ?? id;
            return resources
                .flatMap(({ type, inputs }) => {
                    const other = named(
                        (inputs.referencedSecurityGroupId ?? inputs.prefixListId ?? inputs.cidrIpv4) as string,
                    );
                    const group = named(inputs.securityGroupId as string);
                    const arrow =
                        type === "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
                            ? `${group} -> ${other}`
                            : type === "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
                              ? `${group} <- ${other}`
                              : undefined;
                    assert.ok(
                        arrow === undefined || (inputs.ipProtocol === "tcp" && inputs.fromPort === inputs.toPort),
                    );
                    return arrow === undefined ? [] : [`${arrow}:${inputs.toPort}`];
                })
                .sort();
        };

        it("are exactly these", () => {
            assert.deepEqual(connections(own), [
                "hot-path-ingestion-krx -> 0.0.0.0/0:29443",
                "hot-path-ingestion-krx -> 0.0.0.0/0:31000",
                "hot-path-ingestion-krx -> 0.0.0.0/0:443",
                "hot-path-ingestion-krx -> hot-path-oms:50051",
                "hot-path-ingestion-krx -> pl-dynamodb:443",
                "hot-path-ingestion-krx -> pl-s3:443",
                "hot-path-ingestion-krx -> sg-kafka:9098",
                "hot-path-ingestion-nxt -> 0.0.0.0/0:29443",
                "hot-path-ingestion-nxt -> 0.0.0.0/0:31000",
                "hot-path-ingestion-nxt -> 0.0.0.0/0:443",
                "hot-path-ingestion-nxt -> pl-dynamodb:443",
                "hot-path-ingestion-nxt -> pl-s3:443",
                "hot-path-ingestion-nxt -> sg-kafka:9098",
                "hot-path-oms -> 0.0.0.0/0:29443",
                "hot-path-oms -> 0.0.0.0/0:443",
                "hot-path-oms -> pl-s3:443",
                "hot-path-oms -> sg-kafka:9098",
                "hot-path-oms -> sg-postgres:5432",
                "hot-path-oms -> sg-redis:6379",
                "hot-path-oms <- hot-path-ingestion-krx:50051",
                "hot-path-oms <- hot-path-oms-balancer:50052",
                "hot-path-oms-balancer -> hot-path-oms:50052",
                "hot-path-oms-balancer <- 10.1.0.0/16:443",
                "hot-path-oms-balancer <- 192.168.7.0/24:443",
                // An image on trial reaches AWS, and neither the broker nor any store.
                "hot-path-trial -> 0.0.0.0/0:443",
                "hot-path-trial -> pl-s3:443",
                "hot-path-trial-tasks -> 0.0.0.0/0:443",
                "hot-path-trial-tasks -> pl-s3:443",
                "sg-kafka <- hot-path-ingestion-krx:9098",
                "sg-kafka <- hot-path-ingestion-nxt:9098",
                "sg-kafka <- hot-path-oms:9098",
                "sg-postgres <- hot-path-oms:5432",
                "sg-redis <- hot-path-oms:6379",
            ]);
        });

        it("go to the live broker only in live mode", async () => {
            const live = await recordHotPath({ broker: { mode: "live" } });
            const outside = connections(live.own).filter((connection) => connection.includes("-> 0.0.0.0/0"));
            assert.deepEqual(outside, [
                "hot-path-ingestion-krx -> 0.0.0.0/0:21000",
                "hot-path-ingestion-krx -> 0.0.0.0/0:443",
                "hot-path-ingestion-krx -> 0.0.0.0/0:9443",
                "hot-path-ingestion-nxt -> 0.0.0.0/0:21000",
                "hot-path-ingestion-nxt -> 0.0.0.0/0:443",
                "hot-path-ingestion-nxt -> 0.0.0.0/0:9443",
                "hot-path-oms -> 0.0.0.0/0:443",
                "hot-path-oms -> 0.0.0.0/0:9443",
                "hot-path-trial -> 0.0.0.0/0:443",
                "hot-path-trial-tasks -> 0.0.0.0/0:443",
            ]);
        });
    });

    describe("shells", () => {
        it("are closed: no role may open a channel", () => {
            for (const { inputs } of own.filter(({ type }) => type === "aws:iam/rolePolicy:RolePolicy")) {
                assert.doesNotMatch(inputs.policy as string, /ssmmessages/);
            }
        });

        it("are open if asked for, recorded and with a place to write", async () => {
            const open = await recordHotPath({ debugShell: true });
            for (const name of ["hot-path-ingestion-krx", "hot-path-ingestion-nxt", "hot-path-oms"]) {
                assert.equal(inputs(open.recording, ecsService, name).enableExecuteCommand, true);
                const granted = statements(open.recording, `${name}-task`).filter(({ Sid }) => Sid.startsWith("Shell"));
                assert.deepEqual(
                    granted.map(({ Sid, Resource }) => [Sid, Resource]),
                    [
                        ["ShellChannels", "*"],
                        ["ShellLogGroups", "*"],
                        ["ShellLogs", "arn:aws:logs:ap-northeast-2:123456789012:log-group:/aipx/dev/hot-path/shell:*"],
                        ["ShellDecrypt", "arn:aws:kms:ap-northeast-2:123456789012:key/*"],
                    ],
                );
                assert.deepEqual(inputs(open.recording, taskDefinition, name).volumes, [
                    { name: "exec-lib" },
                    { name: "exec-log" },
                ]);
                assert.deepEqual(container(open.recording, name).mountPoints, [
                    { sourceVolume: "exec-lib", containerPath: "/var/lib/amazon", readOnly: false },
                    { sourceVolume: "exec-log", containerPath: "/var/log/amazon", readOnly: false },
                ]);
                assert.equal(container(open.recording, name).readonlyRootFilesystem, true);
            }
        });
    });

    describe("without images", () => {
        it("makes only what images, secrets and callers need", async () => {
            const waiting = await recordHotPath({ images: {} });
            assert.deepEqual(waiting.own.map(typeAndName).sort(), withoutImages);
            assert.deepEqual(waiting.hotPath.servicesWaitingForImages, ["ingestion", "oms"]);
            assert.deepEqual(waiting.hotPath.feeds, {});
            assert.deepEqual(waiting.hotPath.feedTopics, {});
            assert.equal(waiting.hotPath.oms.service, undefined);
            assert.equal(waiting.hotPath.oms.loadBalancer, undefined);
            assert.deepEqual(waiting.hotPath.logGroupNames, []);
        });

        it("of the OMS runs feeds all the same, which may call it once it is there", async () => {
            const waiting = await recordHotPath({ images: { ingestion: digest } });
            assert.deepEqual(waiting.hotPath.servicesWaitingForImages, ["oms"]);
            assert.deepEqual(
                ofType(waiting.recording, ecsService).map(({ name }) => name),
                ["hot-path-ingestion-krx", "hot-path-ingestion-nxt"],
            );
            find(
                waiting.recording,
                "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
                "oms-from-hot-path-ingestion-krx",
            );
        });

        it("of feeds runs the OMS all the same", async () => {
            const waiting = await recordHotPath({ images: { oms: "v1" } });
            assert.deepEqual(waiting.hotPath.servicesWaitingForImages, ["ingestion"]);
            assert.deepEqual(
                ofType(waiting.recording, ecsService).map(({ name }) => name),
                ["hot-path-oms"],
            );
        });
    });

    it("keeps secrets unless it is disposable, and always has the OMS's", async () => {
        const secret = "aws:secretsmanager/secret:Secret";
        const disposable = find(recording, secret, "hot-path-kis-credentials");
        assert.equal(disposable.inputs.recoveryWindowInDays, 0);
        assert.notEqual(disposable.options.protect, true);
        const kept = await recordHotPath({ disposable: false, feeds: {}, oms: omsWith({ certificate: undefined }) });
        const secrets = ofType(kept.recording, secret);
        assert.deepEqual(
            secrets.map(({ name, inputs, options }) => [
                name,
                inputs.name,
                inputs.recoveryWindowInDays,
                options.protect,
            ]),
            [
                ["hot-path-kis-credentials", "aipx/dev/kis-credentials", 30, true],
                ["hot-path-kis-account", "aipx/dev/kis-account", 30, true],
            ],
        );
    });

    it("can be there twice", async () => {
        const both = await record(() => {
            new HotPath("hot-path", hotPathArgs("dev"));
            new HotPath("second", hotPathArgs("test"));
        });
        const first = below(both, "hot-path");
        const second = below(both, "second");
        assert.equal(first.length, own.length);
        assert.deepEqual(
            second
                .map(typeAndName)
                .map((name) => name.replace("second", "hot-path"))
                .sort(),
            first.map(typeAndName).sort(),
        );
        const physicalNames = (resources: RecordedResource[]) =>
            resources
                .filter(
                    ({ type, inputs }) =>
                        type !== "aws:servicediscovery/service:Service" && typeof inputs.name === "string",
                )
                .filter(({ type }) => !/rolePolicy|logMetricFilter/.test(type))
                .map(({ type, inputs }) => `${type} ${inputs.name}`);
        const shared = physicalNames(first).filter((name) => physicalNames(second).includes(name));
        assert.deepEqual(shared, []);
    });

    it("gives callers of the OMS its address and the way to it", () => {
        const { connections, environment, statements } = hotPath.oms.connect();
        assert.deepEqual(
            connections.map(({ kind, name, port }) => [kind, name, port]),
            [["security-group", "oms", 50051]],
        );
        assert.deepEqual(environment, { OMS_ADDRESS: { value: "oms.dev.aipx.internal:50051" } });
        assert.deepEqual(statements, []);
    });

    it("asks for the OMS's access to stores only when it runs", async () => {
        const users: string[] = [];
        const counting = (overrides: Partial<HotPathArgs>) =>
            record(() => {
                const args = hotPathArgs("dev", overrides);
                const { redis } = args.data;
                new HotPath("hot-path", {
                    ...args,
                    data: { ...args.data, redis: { connect: (user) => (users.push(user), redis.connect(user)) } },
                });
            });
        await counting({ images: {} });
        assert.deepEqual(users, []);
        await counting({});
        assert.deepEqual(users, ["oms"]);
    });
});
