import assert from "node:assert/strict";
import { Scope } from "../../../components/building-blocks";
import { awsEventKeys } from "../../../components/operations/events";
import { matchesPattern, transform } from "../../support/event-pattern";
import { find, ofType, record, type Recording } from "../../support/record";
import { bare, listener, operations, platform, scope } from "./platform";

const rule = "aws:cloudwatch/eventRule:EventRule";
const target = "aws:cloudwatch/eventTarget:EventTarget";
type Event = Record<string, unknown>;

const account = "123456789012";
const region = "ap-northeast-2";
const event = (source: string, detailType: string, resources: string[], detail: object): Event => ({
    version: "0",
    id: "ddca6449-b258-46c0-8653-e0e3aEXAMPLE",
    "detail-type": detailType,
    source,
    account,
    time: "2027-03-02T01:31:14Z",
    region,
    resources,
    detail,
});

const service = `arn:aws:ecs:${region}:${account}:service/aipx-dev-hot-path/aipx-dev-oms`;
const deployment = (eventName: string, of = service): Event =>
    event("aws.ecs", "ECS Deployment State Change", [of], {
        eventType: "ERROR",
        eventName,
        deploymentId: "ecs-svc/123",
        updatedAt: "2027-03-02T01:31:11Z",
        reason: "ECS deployment circuit breaker: task failed to start.",
    });
const action = (eventName: string, cluster = "aipx-dev-hot-path"): Event =>
    event("aws.ecs", "ECS Service Action", [service], {
        eventType: "WARN",
        eventName,
        clusterArn: `arn:aws:ecs:${region}:${account}:cluster/${cluster}`,
        createdAt: "2027-03-02T01:31:11Z",
    });
const database = (category: string, EventID: string, Message: string, SourceIdentifier = "aipx-dev"): Event =>
    event("aws.rds", "RDS DB Instance Event", [`arn:aws:rds:${region}:${account}:db:${SourceIdentifier}`], {
        EventCategories: [category],
        SourceType: "DB_INSTANCE",
        SourceArn: `arn:aws:rds:${region}:${account}:db:${SourceIdentifier}`,
        Date: "2027-03-02T01:31:11Z",
        Message,
        SourceIdentifier,
        EventID,
    });
const health = (eventTypeCategory: string): Event =>
    event("aws.health", "AWS Health Event", [], {
        eventArn: `arn:aws:health:${region}::event/ELASTICACHE/AWS_ELASTICACHE_OPERATIONAL_ISSUE/1`,
        service: "ELASTICACHE",
        eventTypeCode: "AWS_ELASTICACHE_OPERATIONAL_ISSUE",
        eventTypeCategory,
        statusCode: "open",
        startTime: "Tue, 02 Mar 2027 01:30:00 GMT",
        eventDescription: [{ language: "en_US", latestDescription: 'With "quotation marks"\nand lines.' }],
    });
const certificate = (detailType: string, of = `arn:aws:acm:${region}:${account}:certificate/dev`): Event =>
    event("aws.acm", detailType, [of], { DaysToExpiry: 31, CommonName: "oms.example.com" });

// As AWS documents them, with our names; events of others differ in one thing each.
const told: Record<string, (keyArn: string) => [event: Event, sentence: RegExp][]> = {
    "deployment-failed": () => [
        [
            deployment("SERVICE_DEPLOYMENT_FAILED"),
            /^aipx-dev: a deployment of arn:aws:ecs:ap-northeast-2:123456789012:service\/aipx-dev-hot-path\/aipx-dev-oms failed: ECS deployment circuit breaker: task failed to start\. ECS goes back/,
        ],
    ],
    tasks: () =>
        ["SERVICE_TASK_START_IMPAIRED", "SERVICE_TASK_PLACEMENT_FAILURE", "SERVICE_TASK_CONFIGURATION_FAILURE"].map(
            (name) => [action(name), new RegExp(`cannot start tasks of \\S+aipx-dev-oms: ${name} `)],
        ),
    database: () =>
        (
            [
                ["failover", "RDS-EVENT-0013", "Multi-AZ instance failover started."],
                ["availability", "RDS-EVENT-0221", "DB instance has reached the storage-full threshold."],
                ["low storage", "RDS-EVENT-0007", "Allocated storage has been exhausted."],
                ["failure", "RDS-EVENT-0418", "Amazon RDS is unable to access the KMS encryption key."],
                ["maintenance", "RDS-EVENT-0026", "Applying off-line patches to DB instance."],
                ["recovery", "RDS-EVENT-0020", "Recovery of the DB instance has started."],
                ["deletion", "RDS-EVENT-0003", "DB instance deleted."],
                ["configuration change", "RDS-EVENT-0028", "Disabled automated backups."],
                ["notification", "RDS-EVENT-0225", "Allocated storage size is approaching the maximum."],
            ] as const
        ).map(([category, id, message]) => [
            database(category, id, message),
            new RegExp(`^aipx-dev: database aipx-dev: ${message} \\(${id}\\) First: `),
        ]),
    health: () =>
        ["issue", "scheduledChange", "investigation"].map((category) => [
            health(category),
            /AWS reports AWS_ELASTICACHE_OPERATIONAL_ISSUE of ELASTICACHE from Tue, 02 Mar 2027 01:30:00 GMT, open\. First: /,
        ]),
    certificate: () =>
        [
            "ACM Certificate Approaching Expiration",
            "ACM Certificate Expired",
            "ACM Certificate Renewal Action Required",
        ].map((type) => [certificate(type), new RegExp(`${type}: oms\\.example\\.com, days left: 31\\.`)]),
    key: (keyArn) => [
        [event("aws.kms", "KMS CMK Deletion", [keyArn], { "key-id": "1" }), /KMS CMK Deletion/],
        ...["ScheduleKeyDeletion", "DisableKey"].map((eventName): [Event, RegExp] => [
            event("aws.kms", "AWS API Call via CloudTrail", [], {
                eventSource: "kms.amazonaws.com",
                eventName,
                userIdentity: { type: "AssumedRole", arn: `arn:aws:sts::${account}:assumed-role/admin/somebody` },
                requestParameters: { keyId: keyArn },
                resources: [{ accountId: account, type: "AWS::KMS::Key", ARN: keyArn }],
            }),
            new RegExp(`via CloudTrail ${eventName} by arn:aws:sts::${account}:assumed-role/admin/somebody\\.`),
        ]),
    ],
    test: () => [[event("aipx/dev/test", "Test", [], {}), /^aipx-dev: this is a test\./]],
};

const others = (keyArn: string): Event[] => [
    deployment("SERVICE_DEPLOYMENT_COMPLETED"),
    deployment(
        "SERVICE_DEPLOYMENT_FAILED",
        `arn:aws:ecs:${region}:${account}:service/aipx-dev2-hot-path/aipx-dev2-oms`,
    ),
    action("SERVICE_STEADY_STATE"),
    action("SERVICE_TASK_START_IMPAIRED", "aipx-dev-hot-path-2"),
    database("backup", "RDS-EVENT-0001", "Backing up DB instance."),
    database("configuration change", "RDS-EVENT-0016", "Reset master credentials."),
    database("failover", "RDS-EVENT-0013", "Multi-AZ instance failover started.", "aipx-dev2"),
    health("accountNotification"),
    certificate("ACM Certificate Available"),
    certificate("ACM Certificate Expired", `arn:aws:acm:${region}:${account}:certificate/2`),
    event("aws.kms", "KMS CMK Rotation", [keyArn], { "key-id": "1" }),
    event("aws.kms", "KMS CMK Deletion", [`arn:aws:kms:${region}:${account}:key/2`], { "key-id": "2" }),
    event("aws.kms", "AWS API Call via CloudTrail", [], {
        eventName: "DisableKey",
        errorCode: "AccessDenied",
        resources: [{ ARN: keyArn }],
    }),
    event("aws.kms", "AWS API Call via CloudTrail", [], { eventName: "Decrypt", resources: [{ ARN: keyArn }] }),
    event("aipx/dev2/test", "Test", [], {}),
];

describe("events of AWS", () => {
    let recording: Recording;
    let keyArn: string;
    before(async () => {
        recording = await record(() => {
            operations();
        });
        keyArn = String(find(recording, "aws:kms/key:Key", "operations-encryption-data").outputs.arn);
    });
    const pattern = (key: string): object =>
        JSON.parse(String(find(recording, rule, `operations-events-${key}`).inputs.eventPattern)) as object;

    for (const [key, events] of Object.entries(told)) {
        it(`are told: ${key}, as a sentence that says what to do first`, () => {
            const { inputTransformer } = find(recording, target, `operations-events-${key}`).inputs;
            for (const [each, sentence] of events(keyArn)) {
                assert.deepEqual(
                    awsEventKeys.filter((other) => matchesPattern(pattern(other), each)),
                    [key],
                );
                const mail = transform(
                    inputTransformer as { inputPaths: Record<string, string>; inputTemplate: string },
                    each,
                );
                assert.match(mail, sentence);
                assert.match(mail, key === "test" ? /Events/ : /First[:,] /);
                assert.doesNotMatch(mail, /[<>]/);
            }
        });
    }

    it("are not told: those of others, and what is no trouble", () => {
        for (const each of others(keyArn)) {
            for (const key of awsEventKeys) {
                assert.ok(!matchesPattern(pattern(key), each), `${key}: ${JSON.stringify(each)}`);
            }
        }
    });

    it("go to the topic, with a role that may publish there and nothing else", () => {
        const topic = find(recording, "aws:sns/topic:Topic", "operations-alarms");
        const role = find(recording, "aws:iam/role:Role", "operations-events");
        const rules = awsEventKeys.map((key) => `arn:aws:events:${region}:${account}:rule/aipx-dev-event-${key}`);
        assert.deepEqual(JSON.parse(String(role.inputs.assumeRolePolicy)), {
            Version: "2012-10-17",
            Statement: [
                {
                    Sid: "Trust",
                    Effect: "Allow",
                    Principal: { Service: "events.amazonaws.com" },
                    Action: "sts:AssumeRole",
                    Condition: {
                        StringEquals: { "aws:SourceAccount": account },
                        ArnEquals: { "aws:SourceArn": rules },
                    },
                },
            ],
        });
        const policy = find(recording, "aws:iam/rolePolicy:RolePolicy", "operations-events");
        const { Statement } = JSON.parse(String(policy.inputs.policy)) as { Statement: Record<string, unknown>[] };
        assert.deepEqual(
            Statement.map(({ Action, Resource }) => [Action, Resource]),
            [
                ["sns:Publish", `arn:aws:sns:${region}:${account}:aipx-dev-alarms`],
                [["kms:Decrypt", "kms:GenerateDataKey"], `arn:aws:kms:${region}:${account}:key/*`],
            ],
        );
        for (const key of awsEventKeys) {
            const { inputs, dependencies } = find(recording, target, `operations-events-${key}`);
            assert.equal(find(recording, rule, `operations-events-${key}`).inputs.name, `aipx-dev-event-${key}`);
            assert.equal(inputs.rule, `aipx-dev-event-${key}`);
            assert.equal(inputs.eventBusName, undefined);
            assert.equal(inputs.arn, topic.outputs.arn);
            assert.equal(inputs.roleArn, role.outputs.arn);
            assert.deepEqual(inputs.deadLetterConfig, {
                arn: `arn:aws:sqs:${region}:${account}:aipx-dev-notification-failed`,
            });
            assert.deepEqual(inputs.retryPolicy, { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 10 });
            assert.ok(dependencies.includes(policy.urn));
        }
    });

    it("go to the notification service as well", async () => {
        const heard: string[] = [];
        await record(() => {
            operations("operations", scope, platform(), [], listener(scope, heard));
        });
        assert.deepEqual(
            heard,
            awsEventKeys.map(
                (key) =>
                    `operations-events-${key}-notification: arn:aws:events:${region}:${account}:rule/aipx-dev-event-${key}`,
            ),
        );
    });

    it("leave the certificate out where there is none", async () => {
        const none = await record(() => {
            operations("operations", scope, bare());
        });
        assert.deepEqual(
            ofType(none, rule)
                .map(({ inputs }) => String(inputs.name))
                .sort(),
            awsEventKeys
                .filter((key) => key !== "certificate")
                .map((key) => `aipx-dev-event-${key}`)
                .sort(),
        );
    });

    it("of two installations are apart", async () => {
        const staging = new Scope({ ...scope, environment: "staging" });
        const two = await record(() => {
            operations("a");
            operations("b", staging, platform(staging));
        });
        const patterns = ofType(two, rule).map(({ inputs }) => JSON.parse(String(inputs.eventPattern)) as object);
        const matching = (each: Event): number => patterns.filter((one) => matchesPattern(one, each)).length;
        assert.equal(matching(deployment("SERVICE_DEPLOYMENT_FAILED")), 1);
        assert.equal(matching(action("SERVICE_TASK_START_IMPAIRED")), 1);
        assert.equal(matching(database("failover", "RDS-EVENT-0013", "Failover.")), 1);
        assert.equal(matching(certificate("ACM Certificate Expired")), 1);
        // AWS Health is about the account.
        assert.equal(matching(health("issue")), 2);
    });
});
