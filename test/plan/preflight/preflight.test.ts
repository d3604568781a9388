import assert from "node:assert/strict";
import { preflight, preflightPolicies } from "../../../plan/preflight";
import { physicalNames } from "../../../plan/physical-names";
import { type RecordedResource } from "../../../plan/recording";
import { resource } from "./resource";

const messages = (...resources: RecordedResource[]): string[] =>
    preflight({ resources }).map(({ policy, message }) => `${policy}: ${message}`);

const role = "aws:iam/role:Role";
const rolePolicy = "aws:iam/rolePolicy:RolePolicy";
const queue = "aws:sqs/queue:Queue";
const alarm = "aws:cloudwatch/metricAlarm:MetricAlarm";
const lambda = "aws:lambda/function:Function";
const rule = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";

const container = { name: "oms", image: "repository/oms:1" };
const task = (containers: unknown, inputs: Record<string, unknown> = {}): RecordedResource =>
    resource("aws:ecs/taskDefinition:TaskDefinition", {
        family: "oms",
        cpu: "256",
        memory: "512",
        networkMode: "awsvpc",
        requiresCompatibilities: ["FARGATE"],
        containerDefinitions: typeof containers === "string" ? containers : JSON.stringify(containers),
        ...inputs,
    });

const rules = (count: number): RecordedResource[] =>
    Array.from({ length: count }, (_unused, index) => resource(rule, { securityGroupId: "sg-1" }, `rule-${index}`));

describe("preflight", () => {
    const topic = resource("aws:sns/topic:Topic", { name: "alarms", kmsMasterKeyId: "key-1" }, "alarms");
    const event = (inputs: Record<string, unknown>): RecordedResource[] => [
        topic,
        resource("aws:cloudwatch/eventTarget:EventTarget", { rule: "rule", arn: topic.outputs.arn, ...inputs }),
    ];
    const cases: [what: string, right: RecordedResource[], wrong: RecordedResource[], message: string][] = [
        [
            "events that cannot be published with a topic's key",
            event({ roleArn: "arn:aws:iam::123456789012:role/events" }),
            event({}),
            "preflight-event-to-topic: roleArn is missing: EventBridge does not say for which rule it uses a topic's key, so a key whose policy asks for it refuses every event",
        ],
        [
            "names that are too long",
            [resource(role, { name: "r".repeat(64) })],
            [resource(role, { name: "r".repeat(65) })],
            `preflight-name-length: name "${"r".repeat(65)}" has 65 characters; AWS allows 64`,
        ],
        [
            "auto-names that are too long",
            [resource("aws:lb/targetGroup:TargetGroup", {}, "t".repeat(24))],
            [resource("aws:lb/targetGroup:TargetGroup", {}, "t".repeat(25))],
            "has 33 characters; AWS allows 32",
        ],
        [
            "security groups that begin like an id",
            [resource("aws:ec2/securityGroup:SecurityGroup", {}, "msk")],
            [resource("aws:ec2/securityGroup:SecurityGroup", {}, "sg")],
            'must be without "sg-" at its beginning',
        ],
        [
            "forms that AWS refuses",
            [resource("aws:elasticache/replicationGroup:ReplicationGroup", { replicationGroupId: "aipx-dev" })],
            [resource("aws:elasticache/replicationGroup:ReplicationGroup", { replicationGroupId: "aipx--dev" })],
            'preflight-name-length: replicationGroupId "aipx--dev" must be lower-case letters, digits and single hyphens',
        ],
        [
            "two of the same name",
            [resource(queue, { name: "q" }), resource(queue, { name: "other" }, "b")],
            [resource(queue, { name: "q" }), resource(queue, { name: "q" }, "b")],
            'preflight-duplicate-name: name "q" is already that of urn:pulumi:dev::aipx::aws:sqs/queue:Queue::thing',
        ],
        [
            "two of the same name in one place",
            [
                resource(rolePolicy, { name: "access", role: "a" }),
                resource(rolePolicy, { name: "access", role: "b" }, "b"),
            ],
            [
                resource(rolePolicy, { name: "access", role: "a" }),
                resource(rolePolicy, { name: "access", role: "a" }, "b"),
            ],
            'preflight-duplicate-name: name "access" is already',
        ],
        [
            "inline policies that are too large together, spaces not counted",
            [resource(rolePolicy, { role: "r", policy: `${"x".repeat(10_240)}   \n` })],
            [
                resource(rolePolicy, { role: "r", policy: "x".repeat(6000) }),
                resource(rolePolicy, { role: "r", policy: "x".repeat(6000) }, "b"),
            ],
            "preflight-policy-size: the inline policies of role r have 12000 characters; AWS allows 10,240",
        ],
        [
            "managed policies that are too large",
            [resource("aws:iam/policy:Policy", { policy: "x".repeat(6144) })],
            [resource("aws:iam/policy:Policy", { policy: "x".repeat(6145) })],
            "preflight-policy-size: policy has 6145 characters; AWS allows 6,144",
        ],
        [
            "more than 60 rules in a security group",
            rules(60),
            rules(61),
            "preflight-security-group-rules: the security group has 61 ingress rules; AWS allows 60",
        ],
        [
            "function environments over 4 KB",
            [resource(lambda, { environment: { variables: { A: "x".repeat(4000) } } })],
            [resource(lambda, { environment: { variables: { A: "x".repeat(2100), B: "y".repeat(2100) } } })],
            "preflight-function-environment: environment.variables take 4215 bytes",
        ],
        [
            "missing values in texts",
            [resource(queue, { policy: "undefinedly fine" })],
            [resource(queue, { tags: { a: "arn:undefined:x" } })],
            'preflight-broken-value: tags.a contains "undefined"',
        ],
        [
            "alarms that nobody hears of",
            [resource(alarm, { alarmActions: ["arn:topic"] })],
            [resource(alarm, { alarmActions: [] })],
            "preflight-alarm-without-action: the alarm has no action",
        ],
        [
            "alarms that are switched off",
            [],
            [resource(alarm, { alarmActions: ["arn:topic"], actionsEnabled: false })],
            "preflight-alarm-without-action: the alarm has no action",
        ],
        [
            "alarms without action that no deployment uses",
            [resource(alarm, { name: "a" }), resource("aws:ecs/service:Service", { alarms: { alarmNames: ["a"] } })],
            [resource(alarm, { name: "a" }), resource("aws:ecs/service:Service", { alarms: { alarmNames: ["b"] } })],
            "preflight-alarm-without-action",
        ],
        [
            "sizes that Fargate does not offer",
            [task([container], { cpu: "512", memory: "4096" })],
            [task([container], { cpu: "512", memory: "512" })],
            "preflight-task-definition: memory 512 does not go with cpu 512 on Fargate, which offers 1024, 2048, 3072, 4096 MiB",
        ],
        [
            "CPU that Fargate does not offer",
            [],
            [task([container], { cpu: "300" })],
            "cpu 300 is none that Fargate offers",
        ],
        [
            "container definitions that are no JSON",
            [task([container])],
            [task("{")],
            "containerDefinitions are not JSON",
        ],
        ["no container", [], [task([])], "at least one container"],
        ["no essential container", [], [task([{ ...container, essential: false }])], "one container must be essential"],
        ["containers of one name", [], [task([container, container])], 'container "oms" is there twice'],
        ["containers without name", [], [task([{ ...container, name: "a b" }])], "must be named with letters"],
        ["containers without image", [], [task([{ name: "oms" }])], 'container "oms" has no image'],
        [
            "environment that is no text",
            [task([{ ...container, environment: [{ name: "A", value: "1" }] }])],
            [task([{ ...container, environment: [{ name: "A", value: 1 }] }])],
            "the value of A must be text",
        ],
        [
            "secrets without ARN",
            [task([{ ...container, secrets: [{ name: "A", valueFrom: "arn:aws:x" }] }])],
            [task([{ ...container, secrets: [{ name: "A", valueFrom: "x" }] }])],
            "secret A must name an ARN",
        ],
        [
            "other ports outside than inside",
            [task([{ ...container, portMappings: [{ containerPort: 80, hostPort: 80 }] }])],
            [task([{ ...container, portMappings: [{ containerPort: 80, hostPort: 81 }] }])],
            "hostPort 81 must be containerPort 80",
        ],
        [
            "more patience than Fargate has",
            [task([{ ...container, stopTimeout: 120 }])],
            [task([{ ...container, stopTimeout: 121 }])],
            "stopTimeout 121 is more than the 120 seconds",
        ],
    ];
    for (const [what, right, wrong, message] of cases) {
        it(`finds ${what}`, () => {
            assert.deepEqual(messages(...right), []);
            const found = messages(...wrong);
            assert.equal(found.length, 1, found.join("\n"));
            assert.ok(found[0]!.includes(message), found[0]);
        });
    }

    it("says which resource, and that it stops a deployment", () => {
        const [violation] = preflight({ resources: [resource(alarm, {})] });
        assert.deepEqual(violation, {
            policy: "preflight-alarm-without-action",
            level: "mandatory",
            urn: `urn:pulumi:dev::aipx::${alarm}::thing`,
            message: "the alarm has no action: nobody hears of it",
        });
    });

    it("leaves existing resources that are only read alone", () => {
        assert.deepEqual(messages({ ...resource(alarm, {}), kind: "read" }), []);
    });

    it("has every check in this table, but for those that have a test of their own", () => {
        const seen = new Set([
            ...cases.flatMap(([, , wrong]) => preflight({ resources: wrong }).map(({ policy }) => policy)),
            "preflight-key-grant",
            "preflight-reach",
        ]);
        assert.deepEqual([...seen].sort(), [...preflightPolicies].sort());
    });

    it("knows names that stand-ins make", () => {
        for (const [type, { property, max }] of Object.entries(physicalNames)) {
            assert.equal(typeof resource(type, {}).outputs[property], "string", `${type}.${property}`);
            assert.ok(max > 8, type);
        }
    });
});
