import assert from "node:assert/strict";
import { secretNames } from "../../../components/secret-names";
import { brokerRules } from "../../../policy-pack/rules/broker";
import { ruleOf, withParameters } from "../support/mutations";
import { analyze, type Subject, unknown } from "../support/pack";
import { describer, type Props, rows } from "../support/rows";

const service = "aws:ecs/service:Service";
const task = "aws:ecs/taskDefinition:TaskDefinition";
const lambda = "aws:lambda/function:Function";
const egress = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const legacyRule = "aws:ec2/securityGroupRule:SecurityGroupRule";
const group = "aws:ec2/securityGroup:SecurityGroup";

const secret = "arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:aipx/dev/kis-credentials";

describe("rules for the broker", () => {
    it("know app keys by the name that the platform gives them", () => {
        const { parameters } = ruleOf(brokerRules, "broker-secret-restrict-readers");
        assert.equal(parameters?.secrets?.default, secretNames.tradingAppKey);
    });

    const rule = describer(brokerRules);

    const out = (port: unknown, to: unknown = port, cidrIpv4 = "0.0.0.0/0"): Props => ({
        ipProtocol: "tcp",
        fromPort: port,
        toPort: to,
        cidrIpv4,
    });
    const inline = (protocol: unknown, fromPort: unknown, toPort: unknown, ...cidrBlocks: unknown[]): Props => ({
        protocol,
        fromPort,
        toPort,
        cidrBlocks,
    });
    rule("broker-egress-restrict-ports", [
        ...rows(
            egress,
            [
                ...[443, 9443, 21000, 29443, 31000].map((port) => out(port)),
                out(5432, 5432, "10.0.0.0/16"),
                out(5432, 5432, "172.16.0.0/12"),
                { ipProtocol: "-1", referencedSecurityGroupId: "sg" },
                { ipProtocol: "tcp", fromPort: 443, toPort: 443, prefixListId: "pl" },
            ],
            [
                [out(22), "one of 443, 9443", "one of 443, 9443"],
                [out(443, 9443), "must have one port"],
                [out(5432, 5432, "10.0.0.0/4"), "one of 443", "one of 443"],
                [{ ipProtocol: "-1", cidrIpv4: "0.0.0.0/0" }, "`tcp`", "must have a port", "must have one port"],
                [{ ...out(443), ipProtocol: "udp" }, "`tcp`"],
                [{ ipProtocol: "tcp", fromPort: 80, toPort: 80, cidrIpv6: "::/0" }, "one of 443", "one of 443"],
            ],
            [
                [{ ...out(443), fromPort: unknown }, "fromPort"],
                [{ ...out(443), ipProtocol: unknown }, "ipProtocol"],
            ],
        ),
        ...rows(
            legacyRule,
            [
                { type: "ingress", ...inline("tcp", 22, 22, "0.0.0.0/0") },
                { type: "egress", ...inline("tcp", 443, 443, "0.0.0.0/0") },
            ],
            [[{ type: "egress", ...inline("tcp", 22, 22, "0.0.0.0/0") }, "one of 443", "one of 443"]],
        ),
        ...rows(
            group,
            [{}, { egress: [] }, { egress: [inline("tcp", 443, 443, "0.0.0.0/0")] }],
            [[{ egress: [inline("-1", 0, 0, "0.0.0.0/0")] }, "`tcp`", "must have a port", "must have one port"]],
            [[{ egress: unknown }, "egress"]],
        ),
        ...rows(
            "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
            [{ egress: [] }],
            [[{ egress: [inline("tcp", 25, 25, "0.0.0.0/0")] }, "one of 443", "one of 443"]],
        ),
    ]);

    it("refuses the ports of the other mode where the stack declares its own", async () => {
        const restrictPorts = ruleOf(brokerRules, "broker-egress-restrict-ports");
        const refused = async (mode: string): Promise<number[]> => {
            const all = [443, 9443, 21000, 29443, 31000];
            const told = await Promise.all(
                all.map((port) => analyze(withParameters(restrictPorts, { mode }), { type: egress, props: out(port) })),
            );
            return all.filter((_port, index) => told[index]!.length > 0);
        };
        assert.deepEqual(await refused("any"), []);
        assert.deepEqual(await refused("paper"), [9443, 21000]);
        assert.deepEqual(await refused("live"), [29443, 31000]);
    });

    const taskOf = (name: string, environment: Props, appKey = "app_key", props: Props = {}): Subject => ({
        type: task,
        name,
        props: {
            containerDefinitions: JSON.stringify([
                {
                    name,
                    environment: Object.entries(environment).map(([key, value]) => ({ name: key, value })),
                    secrets: [{ name: "KIS_APP_KEY", valueFrom: `${secret}:${appKey}::` }],
                },
            ]),
            ...props,
        },
    });
    const paper = { KIS_MODE: "paper", KIS_WEBSOCKET_URL: "ws://ops.koreainvestment.com:31000" };
    const live = { KIS_MODE: "live", KIS_REST_URL: "https://openapi.koreainvestment.com:9443" };
    const single = {
        name: "feed",
        cluster: "arn:aws:ecs:r:1:cluster/hot",
        deploymentMinimumHealthyPercent: 0,
        deploymentMaximumPercent: 100,
        availabilityZoneRebalancing: "DISABLED",
        desiredCount: 1,
    };
    const feed = (props: Props = {}, name = "feed", definition = "task"): Subject => ({
        type: service,
        name,
        props: { ...single, taskDefinition: unknown, ...props },
        refersTo: { taskDefinition: definition },
    });
    const scaling = (type: string, props: Props): Subject => ({
        type,
        name: "scaling",
        props: { resourceId: "service/hot/feed", ...props },
    });
    const target = "aws:appautoscaling/target:Target";
    const action = "aws:appautoscaling/scheduledAction:ScheduledAction";
    const websocket = taskOf("task", paper);
    const spot = { capacityProviderStrategies: [{ capacityProvider: "FARGATE_SPOT" }] };
    rule("broker-feed-require-single-task", [
        {
            title: "passes one task",
            subjects: [
                websocket,
                feed({ capacityProviderStrategies: [{ capacityProvider: "FARGATE" }] }),
                scaling(target, { maxCapacity: 1 }),
            ],
        },
        {
            title: "passes what opens no WebSocket",
            subjects: [taskOf("task", live), feed({ deploymentMaximumPercent: 200, ...spot })],
        },
        {
            title: "passes two feeds with an app key each",
            subjects: [websocket, feed(), taskOf("task2", paper, "app_key_2"), feed({ name: "b" }, "feed2", "task2")],
        },
        ...(
            [
                ["deploymentMinimumHealthyPercent", 100],
                ["deploymentMinimumHealthyPercent", null],
                ["deploymentMaximumPercent", 200],
                ["availabilityZoneRebalancing", "ENABLED"],
                ["availabilityZoneRebalancing", null],
                ["desiredCount", 2],
                ["schedulingStrategy", "DAEMON"],
            ] as const
        ).map(([property, value]) => ({
            title: `fails ${property} ${value}`,
            subjects: [websocket, feed({ [property]: value })],
            fails: [`\`${property}\` must be`],
        })),
        { title: "fails Spot", subjects: [websocket, feed(spot)], fails: ["must not be `FARGATE_SPOT`"] },
        {
            title: "fails a second feed with the app key",
            subjects: [websocket, feed(), taskOf("task2", paper), feed({ name: "b" }, "feed2", "task2")],
            fails: ["feed has it as well"],
        },
        {
            title: "fails scaling to two",
            subjects: [websocket, feed(), scaling(target, { maxCapacity: 2 })],
            fails: ["`maxCapacity` must be at most 1"],
        },
        {
            title: "fails scaling to two at times",
            subjects: [websocket, feed(), scaling(action, { scalableTargetAction: { maxCapacity: 2 } })],
            fails: ["`maxCapacity` must be at most 1"],
        },
        {
            title: "passes scaling of others",
            subjects: [websocket, feed(), scaling(target, { maxCapacity: 2, resourceId: "service/hot/oms" })],
        },
        {
            title: "fails definitions that are none",
            subjects: [{ type: task, name: "task", props: { containerDefinitions: "{" } }, feed()],
            fails: ["must be a JSON list"],
        },
        {
            title: "cannot tell unknown containers",
            subjects: [{ type: task, name: "task", props: { containerDefinitions: unknown } }, feed()],
            undetermined: "containerDefinitions",
        },
        {
            title: "cannot tell an unknown percentage",
            subjects: [websocket, feed({ deploymentMaximumPercent: unknown })],
            undetermined: "deploymentMaximumPercent",
        },
    ]);

    const port = (number: number): Subject => ({ type: egress, name: `port-${number}`, props: out(number) });
    rule("broker-endpoint-disallow-mixed-modes", [
        { title: "passes paper", subjects: [taskOf("task", paper), port(29443), port(31000), port(443)] },
        { title: "passes live", subjects: [taskOf("task", live), port(9443), port(21000)] },
        { title: "passes no broker at all", subjects: [port(443)] },
        {
            title: "fails a port of the other mode",
            subjects: [taskOf("task", live), port(9443), port(31000)],
            fails: ["this is paper, task is not [at fromPort]"],
        },
        {
            title: "fails a host with the other's port",
            subjects: taskOf("task", { KIS_REST_URL: "https://openapi.koreainvestment.com:29443" }),
            fails: ["this is live"],
        },
        {
            title: "fails a task of the other mode",
            subjects: [taskOf("task", paper), taskOf("other", { KIS_MODE: "live" })],
            fails: ["this is live, task is not"],
        },
        {
            title: "fails a function of the other mode",
            subjects: [
                taskOf("task", paper),
                { type: lambda, name: "f", props: { environment: { variables: live } } },
                { type: lambda, name: "g", props: { environment: { variables: { KIS_MODE: "paper" } } } },
            ],
            fails: ["this is live", "this is live"],
        },
        {
            title: "cannot tell an unknown address",
            subjects: taskOf("task", { KIS_REST_URL: unknown }),
            undetermined: "containerDefinitions[0].environment[0].value",
        },
    ]);

    const store = (protect: boolean): Subject => ({
        type: "aws:rds/instance:Instance",
        name: "store",
        props: {},
        options: { protect },
    });
    rule("broker-live-require-protection", [
        { title: "passes protected stores", subjects: [taskOf("task", live), store(true)] },
        { title: "passes paper", subjects: [taskOf("task", paper), store(false)] },
        { title: "fails live", subjects: [taskOf("task", live), store(false)], fails: ["`protect` must be true"] },
        { title: "fails a live port", subjects: [port(9443), store(false)], fails: ["`protect` must be true"] },
        {
            title: "cannot tell the mode",
            subjects: [taskOf("task", { KIS_MODE: unknown }), store(false)],
            undetermined: "containerDefinitions[0].environment[0].value",
        },
    ]);

    const kis: Subject = {
        type: "aws:secretsmanager/secret:Secret",
        name: "kis",
        props: { name: "aipx/dev/kis-credentials" },
    };
    const role = (name: string, policy: unknown): Subject[] => [
        { type: "aws:iam/role:Role", name, props: { name } },
        { type: "aws:iam/rolePolicy:RolePolicy", name: `${name}-policy`, props: { role: name, policy } },
    ];
    const reading = (Resource: string, Action = "secretsmanager:GetSecretValue"): string =>
        JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource }] });
    const executing: Subject = { ...taskOf("task", live), refersTo: { executionRoleArn: "execution" } };
    const granted = [kis, executing, ...role("execution", reading(`${secret}-??????`))];
    rule("broker-secret-restrict-readers", [
        { title: "passes the execution role", subjects: granted },
        {
            title: "passes roles that read others",
            subjects: [...granted, ...role("other", reading("arn:aws:s3:::b/*", "s3:*"))],
        },
        { title: "passes where there is no such secret", subjects: role("other", reading("*")) },
        {
            title: "fails another role",
            subjects: [...granted, ...role("other", reading(`${secret}-??????`))],
            fails: ["only execution roles"],
        },
        {
            title: "fails a role that reads everything",
            subjects: [...granted, ...role("other", reading("*", "secretsmanager:*"))],
            fails: ["only execution roles"],
        },
        {
            title: "fails an execution role of a task without the key",
            subjects: [
                kis,
                {
                    type: task,
                    name: "task",
                    props: { containerDefinitions: "[{}]" },
                    refersTo: { executionRoleArn: "execution" },
                },
                ...role("execution", reading(`${secret}-??????`)),
            ],
            fails: ["only execution roles"],
        },
        {
            title: "cannot tell an unknown policy",
            subjects: [...granted, ...role("other", unknown)],
            undetermined: "policy",
        },
        {
            title: "cannot tell an unknown name",
            subjects: { ...kis, props: { name: unknown } },
            undetermined: "name",
        },
    ]);
});
