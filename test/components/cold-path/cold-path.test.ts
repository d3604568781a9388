import assert from "node:assert/strict";
import { Scope } from "../../../components/building-blocks";
import { find, ofType, record, typeAndName } from "../../support/record";
import { build, digest, own, recordColdPath, statements } from "./fixture";

describe("ColdPath", () => {
    it("has these resources and names", async () => {
        assert.deepEqual(
            own(await recordColdPath())
                .map(typeAndName)
                .sort(),
            contract,
        );
    });

    it("without images has repositories, secrets, queues and the bucket of failed records only", async () => {
        const recording = await recordColdPath({ images: {} });
        assert.deepEqual([...new Set(own(recording).map(({ type }) => type))].sort(), [
            "aipx:buildingblocks:ImageRepository",
            "aipx:buildingblocks:PrivateBucket",
            "aipx:buildingblocks:ServiceSecret",
            "aipx:coldpath:Cognitive",
            "aipx:coldpath:ColdPath",
            "aipx:coldpath:DataRecorder",
            "aipx:coldpath:EventBus",
            "aipx:coldpath:FailedRecords",
            "aipx:coldpath:Notification",
            "aipx:coldpath:Queue",
            "aipx:coldpath:Strategies",
            "aipx:coldpath:Strategy",
            "aipx:policy:Suppression",
            "aws:cloudwatch/eventArchive:EventArchive",
            "aws:cloudwatch/eventBus:EventBus",
            "aws:cloudwatch/eventBusPolicy:EventBusPolicy",
            "aws:cloudwatch/eventRule:EventRule",
            "aws:cloudwatch/eventTarget:EventTarget",
            "aws:ecr/lifecyclePolicy:LifecyclePolicy",
            "aws:ecr/repository:Repository",
            "aws:ecr/repositoryPolicy:RepositoryPolicy",
            "aws:s3/bucket:Bucket",
            "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
            "aws:s3/bucketLogging:BucketLogging",
            "aws:s3/bucketNotification:BucketNotification",
            "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
            "aws:s3/bucketPolicy:BucketPolicy",
            "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
            "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
            "aws:s3/bucketVersioning:BucketVersioning",
            "aws:secretsmanager/secret:Secret",
            "aws:sqs/queue:Queue",
            "aws:sqs/queuePolicy:QueuePolicy",
        ]);
        const { outputs } = recording;
        assert.deepEqual(outputs.servicesWaitingForImages, [
            "strategy-momentum",
            "cognitive",
            "websocket-authorizer",
            "data-recorder",
            "notification",
        ]);
        assert.deepEqual(outputs.functions, []);
        assert.deepEqual(outputs.logGroupNames, []);
        assert.equal(outputs.webSocketApi, undefined);
    });

    it("says what others need to know", async () => {
        const recording = await recordColdPath();
        const { outputs } = recording;
        const mapping = (name: string): unknown =>
            find(recording, "aws:lambda/eventSourceMapping:EventSourceMapping", `cold-path-${name}`).outputs.uuid;
        const consumer = (service: string, topic: string, name: string, batch: object): object => ({
            ...batch,
            service,
            functionName: `aipx-dev-${service}`,
            consumerGroup: `aipx-dev-${service}.${topic}`,
            topics: [topic],
            uuid: mapping(name),
        });
        const ofStrategy = { batchSize: 100, batchWindowSeconds: 1 };
        const ofRecorder = { batchSize: 1000, batchWindowSeconds: 60 };
        const api = find(recording, "aws:apigatewayv2/api:Api", "cold-path-cognitive-api");
        assert.deepEqual(outputs, {
            functions: [
                "aipx-dev-strategy-momentum",
                "aipx-dev-cognitive",
                "aipx-dev-cognitive-dispatcher",
                "aipx-dev-websocket-authorizer",
                "aipx-dev-websocket-connect",
                "aipx-dev-data-recorder",
                "aipx-dev-notification",
            ],
            consumers: [
                consumer("strategy-momentum", "ticks", "strategies-momentum.ticks", ofStrategy),
                consumer("data-recorder", "ticks", "data-recorder.ticks", ofRecorder),
                consumer("data-recorder", "orders", "data-recorder.orders", ofRecorder),
            ],
            queues: [
                { service: "events", queueName: "aipx-dev-events-failed", kind: "failure" },
                { service: "cognitive", queueName: "aipx-dev-cognitive-messages.fifo", kind: "work" },
                { service: "cognitive", queueName: "aipx-dev-cognitive-failed.fifo", kind: "failure" },
                { service: "notification", queueName: "aipx-dev-notification-failed", kind: "failure" },
            ],
            webSocketApi: { apiId: api.id, stageName: "aipx-dev" },
            webSocketUrl: `wss://${api.id}.execute-api.ap-northeast-2.amazonaws.com/aipx-dev`,
            secretNames: ["aipx/dev/websocket-signing-key", "aipx/dev/notification-credentials"],
            logGroupNames: [
                "/aipx/dev/strategy-momentum",
                "/aipx/dev/cognitive",
                "/aipx/dev/cognitive-dispatcher",
                "/aipx/dev/websocket-authorizer",
                "/aipx/dev/websocket-connect",
                "/aipx/dev/data-recorder",
                "/aipx/dev/notification",
                "/aipx/dev/cognitive-api",
            ],
            repositoryUrls: Object.fromEntries(
                ["strategy-momentum", "cognitive", "websocket-authorizer", "data-recorder", "notification"].map(
                    (service) => [service, `123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/aipx/dev/${service}`],
                ),
            ),
            servicesWaitingForImages: [],
        });
    });

    it("runs every function from its image or from code of the platform, in private subnets, traced, with a log group and an environment under our keys", async () => {
        const recording = await recordColdPath();
        const functions = ofType(recording, "aws:lambda/function:Function");
        assert.equal(functions.length, 7);
        for (const { name, inputs, dependencies } of functions) {
            const service = String(inputs.name).replace("aipx-dev-", "");
            const ours = ["cognitive-dispatcher", "websocket-connect"].includes(service);
            assert.equal(inputs.packageType, ours ? "Zip" : "Image", name);
            assert.equal(
                inputs.imageUri,
                ours ? undefined : `123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/aipx/dev/${service}@${digest}`,
                name,
            );
            assert.deepEqual(inputs.architectures, ["arm64"], name);
            assert.deepEqual(inputs.vpcConfig.subnetIds, ["subnet-a", "subnet-b"], name);
            assert.deepEqual(inputs.tracingConfig, { mode: "Active" }, name);
            assert.equal(inputs.kmsKeyArn, find(recording, "aws:kms/key:Key", "encryption-services").outputs.arn, name);
            assert.equal(inputs.deadLetterConfig, undefined, name);
            const logs = find(recording, "aws:cloudwatch/logGroup:LogGroup", name);
            assert.equal(logs.inputs.name, `/aipx/dev/${service}`);
            assert.equal(logs.inputs.retentionInDays, 7);
            assert.equal(inputs.loggingConfig.logGroup, logs.inputs.name);
            // Lambda tries the role while it creates the function.
            const policy = find(recording, "aws:iam/rolePolicy:RolePolicy", name);
            assert.ok(dependencies.includes(policy.urn), name);
            assert.deepEqual(inputs.tags, { component: "cold-path", service }, name);
        }
    });

    it("gives no role a whole service, and no resource but those that AWS leaves no choice with", async () => {
        for (const { name, inputs } of ofType(await recordColdPath(), "aws:iam/rolePolicy:RolePolicy")) {
            for (const { Sid, Action, Resource } of statements(inputs.policy)) {
                const actions = [Action].flat();
                assert.ok(!actions.some((action) => action.includes("*")), `${name} ${Sid}`);
                if ([Resource].flat().includes("*")) {
                    assert.match(Sid, /^(WriteTraces|NetworkInterfaces(NotByCode)?)$/, name);
                }
            }
        }
    });

    it("can be there twice", async () => {
        const second = new Scope({
            project: "aipx",
            environment: "qa",
            region: "ap-northeast-2",
            accountId: "123456789012",
        });
        const recording = await record(() => {
            build();
            build({}, second, "second-");
        });
        const urns = recording.resources.map(({ urn }) => urn);
        assert.equal(new Set(urns).size, urns.length);
        for (const type of ["aws:lambda/function:Function", "aws:sqs/queue:Queue", "aws:iam/role:Role"]) {
            const physical = ofType(recording, type).flatMap(({ inputs }) =>
                inputs.name ? [inputs.name as string] : [],
            );
            assert.equal(new Set(physical).size, physical.length, type);
            assert.equal(physical.filter((name) => name.startsWith("aipx-qa-")).length, physical.length / 2, type);
        }
        // Neither names anything of the other.
        for (const { name, inputs } of own(recording).filter(({ type }) => type.startsWith("aws:"))) {
            const other = name.startsWith("second-") ? "aipx-dev-" : "aipx-qa-";
            assert.ok(!JSON.stringify(inputs).includes(other), `${name} mentions ${other}`);
        }
    });

    it("protects secrets unless it is disposable", async () => {
        for (const disposable of [true, false]) {
            const secrets = ofType(await recordColdPath({ disposable }), "aws:secretsmanager/secret:Secret");
            assert.deepEqual(
                secrets.map(({ name, options, inputs }) => [
                    name,
                    options.protect ?? false,
                    inputs.recoveryWindowInDays,
                ]),
                ["cold-path-cognitive-signing-key", "cold-path-notification-credentials"].map((name) => [
                    name,
                    !disposable,
                    disposable ? 0 : 30,
                ]),
            );
        }
    });

    it("stays within AWS's lengths with the longest names", async () => {
        const environment = "production";
        const long = new Scope({ project: "aipx", environment, region: "ap-northeast-2", accountId: "123456789012" });
        const key = "s".repeat(24);
        const recording = await record(
            () =>
                void build(
                    {
                        strategies: {
                            [key]: {
                                memoryMB: 512,
                                timeoutSeconds: 30,
                                topics: ["ticks"],
                                batchSize: 1,
                                batchWindowSeconds: 0,
                            },
                        },
                        images: { [`strategy-${key}`]: digest },
                    },
                    long,
                ),
        );
        const limits: Record<string, number> = {
            "aws:lambda/function:Function": 64,
            "aws:iam/role:Role": 64,
            "aws:sqs/queue:Queue": 80,
            "aws:cloudwatch/eventArchive:EventArchive": 48,
            "aws:cloudwatch/eventRule:EventRule": 64,
        };
        for (const resource of recording.resources) {
            const limit = limits[resource.type];
            if (limit !== undefined && resource.inputs.name !== undefined) {
                assert.ok(String(resource.inputs.name).length <= limit, typeAndName(resource));
            }
        }
        assert.equal(ofType(recording, "aws:lambda/function:Function").length, 1);
    });
});

/** Names are a contract: a rename replaces the resource, unless it carries an alias. */
const contract = [
    "aipx:buildingblocks:CodeFunction::cold-path-cognitive-connect",
    "aipx:buildingblocks:CodeFunction::cold-path-cognitive-dispatcher",
    "aipx:buildingblocks:ImageFunction::cold-path-cognitive-agent",
    "aipx:buildingblocks:ImageFunction::cold-path-cognitive-authorizer",
    "aipx:buildingblocks:ImageFunction::cold-path-data-recorder",
    "aipx:buildingblocks:ImageFunction::cold-path-notification",
    "aipx:buildingblocks:ImageFunction::cold-path-strategies-momentum",
    "aipx:buildingblocks:ImageRepository::cold-path-cognitive-agent",
    "aipx:buildingblocks:ImageRepository::cold-path-cognitive-authorizer",
    "aipx:buildingblocks:ImageRepository::cold-path-data-recorder",
    "aipx:buildingblocks:ImageRepository::cold-path-notification",
    "aipx:buildingblocks:ImageRepository::cold-path-strategies-momentum",
    "aipx:buildingblocks:PrivateBucket::cold-path-failed-records",
    "aipx:buildingblocks:ServiceRole::cold-path-cognitive-agent",
    "aipx:buildingblocks:ServiceRole::cold-path-cognitive-api",
    "aipx:buildingblocks:ServiceRole::cold-path-cognitive-api-logging",
    "aipx:buildingblocks:ServiceRole::cold-path-cognitive-authorizer",
    "aipx:buildingblocks:ServiceRole::cold-path-cognitive-connect",
    "aipx:buildingblocks:ServiceRole::cold-path-cognitive-dispatcher",
    "aipx:buildingblocks:ServiceRole::cold-path-data-recorder",
    "aipx:buildingblocks:ServiceRole::cold-path-notification",
    "aipx:buildingblocks:ServiceRole::cold-path-strategies-momentum",
    "aipx:buildingblocks:ServiceSecret::cold-path-cognitive-signing-key",
    "aipx:buildingblocks:ServiceSecret::cold-path-notification-credentials",
    "aipx:buildingblocks:ServiceSecurityGroup::cold-path-cognitive-agent",
    "aipx:buildingblocks:ServiceSecurityGroup::cold-path-cognitive-authorizer",
    "aipx:buildingblocks:ServiceSecurityGroup::cold-path-cognitive-connect",
    "aipx:buildingblocks:ServiceSecurityGroup::cold-path-cognitive-dispatcher",
    "aipx:buildingblocks:ServiceSecurityGroup::cold-path-data-recorder",
    "aipx:buildingblocks:ServiceSecurityGroup::cold-path-notification",
    "aipx:buildingblocks:ServiceSecurityGroup::cold-path-strategies",
    "aipx:coldpath:ApiGatewayLogging::cold-path-cognitive-api-logging",
    "aipx:coldpath:Cognitive::cold-path-cognitive",
    "aipx:coldpath:CognitiveDispatcher::cold-path-cognitive-dispatcher",
    "aipx:coldpath:ColdPath::cold-path",
    "aipx:coldpath:DataRecorder::cold-path-data-recorder",
    "aipx:coldpath:EventBus::events",
    "aipx:coldpath:FailedRecords::cold-path-failed-records",
    "aipx:coldpath:Notification::cold-path-notification",
    "aipx:coldpath:Queue::cold-path-cognitive-failed",
    "aipx:coldpath:Queue::cold-path-cognitive-messages",
    "aipx:coldpath:Queue::cold-path-failed-records",
    "aipx:coldpath:Queue::cold-path-notification-failed",
    "aipx:coldpath:Queue::events-failed",
    "aipx:coldpath:Strategies::cold-path-strategies",
    "aipx:coldpath:Strategy::cold-path-strategies-momentum",
    "aipx:coldpath:WebSocketApi::cold-path-cognitive-api",
    "aipx:coldpath:WebSocketEndpoint::cold-path-cognitive-api",
    "aipx:policy:Suppression::cold-path-cognitive-agent-lambda-function-require-failure-destination",
    "aipx:policy:Suppression::cold-path-cognitive-connect-lambda-function-require-code-signing",
    "aipx:policy:Suppression::cold-path-cognitive-dispatcher-lambda-function-require-code-signing",
    "aipx:policy:Suppression::cold-path-cognitive-signing-key-secretsmanager-secret-require-rotation",
    "aipx:policy:Suppression::cold-path-notification-credentials-secretsmanager-secret-require-rotation",
    "aipx:policy:Suppression::events-failed-sqs-queue-require-cmk",
    "aws:apigateway/account:Account::cold-path-cognitive-api-logging",
    "aws:apigatewayv2/api:Api::cold-path-cognitive-api",
    "aws:apigatewayv2/authorizer:Authorizer::cold-path-cognitive-api",
    "aws:apigatewayv2/deployment:Deployment::cold-path-cognitive-api",
    "aws:apigatewayv2/integration:Integration::cold-path-cognitive-api-connect",
    "aws:apigatewayv2/integration:Integration::cold-path-cognitive-api-messages",
    "aws:apigatewayv2/route:Route::cold-path-cognitive-api-connect",
    "aws:apigatewayv2/route:Route::cold-path-cognitive-api-messages",
    "aws:apigatewayv2/stage:Stage::cold-path-cognitive-api",
    "aws:cloudwatch/eventArchive:EventArchive::events",
    "aws:cloudwatch/eventBus:EventBus::events",
    "aws:cloudwatch/eventBusPolicy:EventBusPolicy::events",
    "aws:cloudwatch/eventRule:EventRule::cold-path-failed-records",
    "aws:cloudwatch/eventRule:EventRule::cold-path-notification-alarm",
    "aws:cloudwatch/eventRule:EventRule::cold-path-notification-order-executed",
    "aws:cloudwatch/eventRule:EventRule::cold-path-notification-order-rejected",
    "aws:cloudwatch/eventRule:EventRule::cold-path-notification-risk",
    "aws:cloudwatch/eventTarget:EventTarget::cold-path-failed-records",
    "aws:cloudwatch/eventTarget:EventTarget::cold-path-notification-alarm",
    "aws:cloudwatch/eventTarget:EventTarget::cold-path-notification-order-executed",
    "aws:cloudwatch/eventTarget:EventTarget::cold-path-notification-order-rejected",
    "aws:cloudwatch/eventTarget:EventTarget::cold-path-notification-risk",
    "aws:cloudwatch/logGroup:LogGroup::cold-path-cognitive-agent",
    "aws:cloudwatch/logGroup:LogGroup::cold-path-cognitive-api-access",
    "aws:cloudwatch/logGroup:LogGroup::cold-path-cognitive-api-execution",
    "aws:cloudwatch/logGroup:LogGroup::cold-path-cognitive-authorizer",
    "aws:cloudwatch/logGroup:LogGroup::cold-path-cognitive-connect",
    "aws:cloudwatch/logGroup:LogGroup::cold-path-cognitive-dispatcher",
    "aws:cloudwatch/logGroup:LogGroup::cold-path-data-recorder",
    "aws:cloudwatch/logGroup:LogGroup::cold-path-notification",
    "aws:cloudwatch/logGroup:LogGroup::cold-path-strategies-momentum",
    "aws:ec2/securityGroup:SecurityGroup::cold-path-cognitive-agent",
    "aws:ec2/securityGroup:SecurityGroup::cold-path-cognitive-authorizer",
    "aws:ec2/securityGroup:SecurityGroup::cold-path-cognitive-connect",
    "aws:ec2/securityGroup:SecurityGroup::cold-path-cognitive-dispatcher",
    "aws:ec2/securityGroup:SecurityGroup::cold-path-data-recorder",
    "aws:ec2/securityGroup:SecurityGroup::cold-path-notification",
    "aws:ec2/securityGroup:SecurityGroup::cold-path-strategies",
    "aws:ecr/lifecyclePolicy:LifecyclePolicy::cold-path-cognitive-agent",
    "aws:ecr/lifecyclePolicy:LifecyclePolicy::cold-path-cognitive-authorizer",
    "aws:ecr/lifecyclePolicy:LifecyclePolicy::cold-path-data-recorder",
    "aws:ecr/lifecyclePolicy:LifecyclePolicy::cold-path-notification",
    "aws:ecr/lifecyclePolicy:LifecyclePolicy::cold-path-strategies-momentum",
    "aws:ecr/repository:Repository::cold-path-cognitive-agent",
    "aws:ecr/repository:Repository::cold-path-cognitive-authorizer",
    "aws:ecr/repository:Repository::cold-path-data-recorder",
    "aws:ecr/repository:Repository::cold-path-notification",
    "aws:ecr/repository:Repository::cold-path-strategies-momentum",
    "aws:ecr/repositoryPolicy:RepositoryPolicy::cold-path-cognitive-agent",
    "aws:ecr/repositoryPolicy:RepositoryPolicy::cold-path-cognitive-authorizer",
    "aws:ecr/repositoryPolicy:RepositoryPolicy::cold-path-data-recorder",
    "aws:ecr/repositoryPolicy:RepositoryPolicy::cold-path-notification",
    "aws:ecr/repositoryPolicy:RepositoryPolicy::cold-path-strategies-momentum",
    "aws:iam/role:Role::cold-path-cognitive-agent",
    "aws:iam/role:Role::cold-path-cognitive-api",
    "aws:iam/role:Role::cold-path-cognitive-api-logging",
    "aws:iam/role:Role::cold-path-cognitive-authorizer",
    "aws:iam/role:Role::cold-path-cognitive-connect",
    "aws:iam/role:Role::cold-path-cognitive-dispatcher",
    "aws:iam/role:Role::cold-path-data-recorder",
    "aws:iam/role:Role::cold-path-notification",
    "aws:iam/role:Role::cold-path-strategies-momentum",
    "aws:iam/rolePolicy:RolePolicy::cold-path-cognitive-agent",
    "aws:iam/rolePolicy:RolePolicy::cold-path-cognitive-api",
    "aws:iam/rolePolicy:RolePolicy::cold-path-cognitive-api-logging",
    "aws:iam/rolePolicy:RolePolicy::cold-path-cognitive-authorizer",
    "aws:iam/rolePolicy:RolePolicy::cold-path-cognitive-connect",
    "aws:iam/rolePolicy:RolePolicy::cold-path-cognitive-dispatcher",
    "aws:iam/rolePolicy:RolePolicy::cold-path-data-recorder",
    "aws:iam/rolePolicy:RolePolicy::cold-path-notification",
    "aws:iam/rolePolicy:RolePolicy::cold-path-strategies-momentum",
    "aws:lambda/eventSourceMapping:EventSourceMapping::cold-path-cognitive-dispatcher",
    "aws:lambda/eventSourceMapping:EventSourceMapping::cold-path-data-recorder.orders",
    "aws:lambda/eventSourceMapping:EventSourceMapping::cold-path-data-recorder.ticks",
    "aws:lambda/eventSourceMapping:EventSourceMapping::cold-path-strategies-momentum.ticks",
    "aws:lambda/function:Function::cold-path-cognitive-agent",
    "aws:lambda/function:Function::cold-path-cognitive-authorizer",
    "aws:lambda/function:Function::cold-path-cognitive-connect",
    "aws:lambda/function:Function::cold-path-cognitive-dispatcher",
    "aws:lambda/function:Function::cold-path-data-recorder",
    "aws:lambda/function:Function::cold-path-notification",
    "aws:lambda/function:Function::cold-path-strategies-momentum",
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig::cold-path-notification",
    "aws:lambda/permission:Permission::cold-path-cognitive-api-authorizer",
    "aws:lambda/permission:Permission::cold-path-cognitive-api-connect",
    "aws:lambda/permission:Permission::cold-path-notification-alarm",
    "aws:lambda/permission:Permission::cold-path-notification-order-executed",
    "aws:lambda/permission:Permission::cold-path-notification-order-rejected",
    "aws:lambda/permission:Permission::cold-path-notification-risk",
    "aws:s3/bucket:Bucket::cold-path-failed-records",
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration::cold-path-failed-records",
    "aws:s3/bucketLogging:BucketLogging::cold-path-failed-records",
    "aws:s3/bucketNotification:BucketNotification::cold-path-failed-records",
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls::cold-path-failed-records",
    "aws:s3/bucketPolicy:BucketPolicy::cold-path-failed-records",
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock::cold-path-failed-records",
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration::cold-path-failed-records",
    "aws:s3/bucketVersioning:BucketVersioning::cold-path-failed-records",
    "aws:secretsmanager/secret:Secret::cold-path-cognitive-signing-key",
    "aws:secretsmanager/secret:Secret::cold-path-notification-credentials",
    "aws:sqs/queue:Queue::cold-path-cognitive-failed",
    "aws:sqs/queue:Queue::cold-path-cognitive-messages",
    "aws:sqs/queue:Queue::cold-path-failed-records",
    "aws:sqs/queue:Queue::cold-path-notification-failed",
    "aws:sqs/queue:Queue::events-failed",
    "aws:sqs/queuePolicy:QueuePolicy::cold-path-cognitive-failed",
    "aws:sqs/queuePolicy:QueuePolicy::cold-path-cognitive-messages",
    "aws:sqs/queuePolicy:QueuePolicy::cold-path-failed-records",
    "aws:sqs/queuePolicy:QueuePolicy::cold-path-notification-failed",
    "aws:sqs/queuePolicy:QueuePolicy::events-failed",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule::cold-path-cognitive-agent-to-internet",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule::cold-path-cognitive-agent-to-postgres",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule::cold-path-cognitive-agent-to-redis",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule::cold-path-cognitive-authorizer-to-internet",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule::cold-path-cognitive-dispatcher-to-internet",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule::cold-path-data-recorder-to-s3",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule::cold-path-notification-to-internet",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule::cold-path-strategies-to-oms",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule::cold-path-strategies-to-redis",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule::oms-from-cold-path-strategies",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule::postgres-from-cold-path-cognitive-agent",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule::redis-from-cold-path-cognitive-agent",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule::redis-from-cold-path-strategies",
];
