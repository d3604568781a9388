import assert from "node:assert/strict";
import { preflight } from "../../../plan/preflight";
import { type RecordedResource } from "../../../plan/recording";
import {
    cluster,
    connection,
    ecrImage,
    endpoint,
    functionArn,
    groupId,
    lambda,
    natRoute,
    network,
    publicRoute,
    route,
    rule,
    s3Gateway,
    service,
    subnetId,
    toInternet,
    trigger,
} from "./reach-fixture";
import { resource } from "./resource";

/** What the check of ways says, without its name. */
const told = (resources: RecordedResource[], level = "mandatory"): string[] =>
    preflight({ resources })
        .filter((violation) => violation.policy === "preflight-reach" && violation.level === level)
        .map(({ message }) => message);

const without = (resources: RecordedResource[], ...gone: RecordedResource[]): RecordedResource[] =>
    resources.filter(({ urn }) => !gone.some((one) => one.urn === urn));

const queueArn = "arn:aws:sqs:ap-northeast-2:123456789012:q";
const sends = { Action: "sqs:SendMessage", Resource: queueArn };
const noSqs = "function fn must reach sqs (its role allows sqs:SendMessage): ";

const redis = resource(
    "aws:elasticache/replicationGroup:ReplicationGroup",
    { replicationGroupId: "redis", securityGroupIds: [groupId("redis")] },
    "redis",
);
const redisHost = String(redis.outputs.configurationEndpointAddress);
const database = resource(
    "aws:rds/instance:Instance",
    { identifier: "db", vpcSecurityGroupIds: [groupId("db")] },
    "db",
);
const balancer = resource("aws:lb/loadBalancer:LoadBalancer", { name: "lb", securityGroups: [groupId("lb")] }, "lb");
const variables = (all: Record<string, unknown>): Record<string, unknown> => ({ environment: { variables: all } });

const pollers = [
    ...network("brokers"),
    cluster(),
    ...connection("brokers", "brokers", 9098),
    ...connection("brokers", "endpoints"),
    endpoint("lambda"),
    endpoint("sts"),
];
const kept = { destinationConfig: { onFailure: { destinationArn: "arn:aws:s3:::kept" } } };
const gateway = s3Gateway("isolated");
const toS3 = rule("Egress", "brokers", { prefixListId: gateway.outputs.prefixListId as unknown });
const poller = "the poller of topic ticks for fn must reach ";

/** Each with what makes it right: the right recording is silent, and without that part says the message. */
const cases: [what: string, right: RecordedResource[], part: RecordedResource[], message: string][] = [
    [
        "a function without a route to NAT",
        [...network(), toInternet("caller"), ...lambda("private", [sends])],
        [natRoute],
        `${noSqs}there is no endpoint of sqs for subnet private, and subnet private has no route to a NAT gateway`,
    ],
    [
        "NAT whose own subnet does not lead out",
        [...network(), toInternet("caller"), ...lambda("private", [sends])],
        [publicRoute],
        `${noSqs}there is no endpoint of sqs for subnet private, and subnet private has no route to a NAT gateway`,
    ],
    [
        "a function whose group lets nothing out",
        [...network(), toInternet("caller"), ...lambda("private", [sends])],
        [toInternet("caller")],
        `${noSqs}there is no endpoint of sqs for subnet private, and security group caller lets nothing out to 0.0.0.0/0 on port 443`,
    ],
    [
        "an isolated function without an endpoint",
        [...network(), endpoint("sqs"), ...connection("caller", "endpoints"), ...lambda("isolated", [sends])],
        [endpoint("sqs")],
        `${noSqs}there is no endpoint of sqs for subnet isolated, and subnet isolated has no route to a NAT gateway`,
    ],
    [
        "an endpoint that does not admit the caller, NAT or not: its private DNS takes the name",
        [
            ...network(),
            endpoint("sqs"),
            toInternet("caller"),
            ...connection("caller", "endpoints"),
            ...lambda("private", [sends]),
        ],
        [rule("Ingress", "endpoints", { referencedSecurityGroupId: groupId("caller") })],
        `${noSqs}security group endpoints lets nothing in from security group caller on port 443, where the endpoint sqs is`,
    ],
    [
        "a caller that is not let out to the endpoint",
        [...network(), endpoint("sqs"), ...connection("caller", "endpoints"), ...lambda("isolated", [sends])],
        [rule("Egress", "caller", { referencedSecurityGroupId: groupId("endpoints") })],
        `${noSqs}security group caller lets nothing out to security group endpoints on port 443, where the endpoint sqs is`,
    ],
    [
        "S3 by its gateway, without the prefix list",
        [
            ...network(),
            s3Gateway("isolated"),
            rule("Egress", "caller", { prefixListId: gateway.outputs.prefixListId as unknown }),
            ...lambda("isolated", [{ Action: "s3:PutObject", Resource: "arn:aws:s3:::lake/*" }]),
        ],
        [rule("Egress", "caller", { prefixListId: gateway.outputs.prefixListId as unknown })],
        "function fn must reach s3 (its role allows s3:PutObject): security group caller lets nothing out to the prefix list of the endpoint s3",
    ],
    [
        "WebSocket connections, which no endpoint manages",
        [...network(), toInternet("caller"), ...lambda("private", [{ Action: "execute-api:ManageConnections" }])],
        [natRoute],
        "function fn must reach execute-api (its role allows execute-api:ManageConnections): subnet private has no route to a NAT gateway",
    ],
    [
        "a cache that does not admit the function which is told of it",
        [
            ...network("redis"),
            redis,
            ...connection("caller", "redis", 6379),
            ...lambda("isolated", [], variables({ REDIS_ENDPOINT: `${redisHost}:6379` })),
        ],
        [rule("Ingress", "redis", { referencedSecurityGroupId: groupId("caller") }, 6379)],
        "function fn must reach redis (environment variable REDIS_ENDPOINT): security group redis lets nothing in from security group caller on port 6379",
    ],
    [
        "a database by its host alone, whose port is known",
        [
            ...network("db"),
            database,
            ...connection("caller", "db", 5432),
            ...lambda("isolated", [], variables({ PGHOST: database.outputs.address })),
        ],
        [rule("Egress", "caller", { referencedSecurityGroupId: groupId("db") }, 5432)],
        "function fn must reach db (environment variable PGHOST): security group caller lets nothing out to security group db on port 5432",
    ],
    [
        "brokers in a list",
        [
            ...network("brokers"),
            cluster(),
            ...connection("caller", "brokers", 9098),
            ...lambda("isolated", [], variables({ BROKERS: cluster().outputs.bootstrapBrokersSaslIam })),
        ],
        connection("caller", "brokers", 9098),
        "function fn must reach kafka (environment variable BROKERS): security group caller lets nothing out to security group brokers on port 9098",
    ],
    [
        "a load balancer in a URL",
        [
            ...network("lb"),
            balancer,
            ...connection("caller", "lb", 443),
            ...lambda("isolated", [], variables({ URL: `https://${balancer.outputs.dnsName}/orders` })),
        ],
        connection("caller", "lb", 443),
        "function fn must reach lb (environment variable URL): security group caller lets nothing out to security group lb on port 443",
    ],
    [
        "a host on the internet, on its port",
        [
            ...network(),
            toInternet("caller", 9443),
            ...lambda("private", [], variables({ BROKER_URL: "https://openapi.example.com:9443/v1" })),
        ],
        [toInternet("caller", 9443)],
        "function fn must reach openapi.example.com:9443 (environment variable BROKER_URL): security group caller lets nothing out to 0.0.0.0/0 on port 9443",
    ],
    [
        "an API of AWS in a URL",
        [
            ...network(),
            toInternet("caller"),
            ...lambda(
                "private",
                [],
                variables({ QUEUE_URL: "https://sqs.ap-northeast-2.amazonaws.com/123456789012/q" }),
            ),
        ],
        [natRoute],
        "function fn must reach sqs (environment variable QUEUE_URL): there is no endpoint of sqs for subnet private, and subnet private has no route to a NAT gateway",
    ],
    [
        "the network of a poller that cannot invoke",
        [...pollers, trigger()],
        [endpoint("lambda")],
        `${poller}lambda (it invokes the function): there is no endpoint of lambda for subnet isolated, and subnet isolated has no route to a NAT gateway`,
    ],
    [
        "the network of a poller that cannot take the role",
        [...pollers, trigger()],
        [endpoint("sts")],
        `${poller}sts (it takes the function's role): there is no endpoint of sts for subnet isolated, and subnet isolated has no route to a NAT gateway`,
    ],
    [
        "brokers that do not admit the pollers beside them",
        [...pollers, trigger()],
        [rule("Ingress", "brokers", { referencedSecurityGroupId: groupId("brokers") }, 9098)],
        `${poller}kafka (event source): security group brokers lets nothing in from security group brokers on port 9098`,
    ],
    [
        "a bucket for what failed, out of the poller's reach",
        [...pollers, gateway, toS3, trigger(kept)],
        [gateway],
        `${poller}s3 (on-failure destination): there is no endpoint of s3 for subnet isolated, and subnet isolated has no route to a NAT gateway`,
    ],
    [
        "the same of a poller that is provisioned",
        [
            ...without(pollers, endpoint("lambda"), endpoint("sts")),
            gateway,
            toS3,
            trigger({ ...kept, provisionedPollerConfig: { minimumPollers: 1 } }),
        ],
        [toS3],
        `${poller}s3 (on-failure destination): security group brokers lets nothing out to the prefix list of the endpoint s3`,
    ],
    [
        "a queue for what failed: today's program before it kept records in a bucket",
        [...pollers, endpoint("sqs"), trigger({ destinationConfig: { onFailure: { destinationArn: queueArn } } })],
        [endpoint("sqs")],
        `${poller}sqs (on-failure destination): there is no endpoint of sqs for subnet isolated, and subnet isolated has no route to a NAT gateway`,
    ],
    [
        "secrets that a poller signs in with",
        [
            ...without(pollers, cluster()),
            cluster({ sasl: { scram: true } }),
            ...connection("brokers", "brokers", 9096),
            endpoint("secretsmanager"),
            trigger({ sourceAccessConfigurations: [{ type: "SASL_SCRAM_512_AUTH", uri: "arn" }] }),
        ],
        [endpoint("secretsmanager")],
        `${poller}secretsmanager (it signs in with a secret): there is no endpoint of secretsmanager for subnet isolated, and subnet isolated has no route to a NAT gateway`,
    ],
    [
        "tasks that cannot pull their image",
        [
            ...network(),
            endpoint("ecr.dkr"),
            endpoint("ecr.api"),
            s3Gateway("isolated"),
            ...connection("caller", "endpoints"),
            rule("Egress", "caller", { cidrIpv4: "0.0.0.0/0" }),
            ...service({}, [], { subnets: [subnetId("isolated")] }),
        ],
        [endpoint("ecr.dkr")],
        "tasks of oms must reach ecr.dkr (image): there is no endpoint of ecr.dkr for subnet isolated, and subnet isolated has no route to a NAT gateway",
    ],
    [
        "tasks in a public subnet without an address of their own",
        [
            ...network(),
            toInternet("caller"),
            ...service({}, [], { subnets: [subnetId("public")], assignPublicIp: true }),
        ],
        [publicRoute],
        "tasks of oms must reach ecr.api (image): there is no endpoint of ecr.api for subnet public, and subnet public has no route to an internet gateway",
    ],
];

describe("preflight of ways", () => {
    for (const [what, right, part, message] of cases) {
        it(`finds ${what}`, () => {
            assert.deepEqual(told(right), []);
            const [found, ...others] = told(without(right, ...part));
            assert.equal(found, message);
            // Without its routes, a task misses everything that it starts with.
            assert.ok(others.length === 0 || message.startsWith("tasks of oms"), others.join("\n"));
        });
    }

    it("names each caller and service once, on the resource that is to be mended", () => {
        const resources = [...network(), ...lambda("isolated", [sends, { Action: "ssm:GetParameter" }])];
        const found = preflight({ resources }).filter(({ policy }) => policy === "preflight-reach");
        assert.deepEqual(
            found.map(({ level, urn, message }) => [level, urn.split("::").slice(2).join("::"), message.split(":")[0]]),
            ["sqs", "ssm"].map((name) => [
                "mandatory",
                "aws:lambda/function:Function::thing",
                `function fn must reach ${name} (its role allows ${name === "sqs" ? "sqs" : "ssm"}`,
            ]),
        );
    });

    it("follows what ECS reads when a task starts: secrets, parameters, its log", () => {
        const parameter = resource(
            "aws:ssm/parameter:Parameter",
            { name: "/redis", type: "String", value: `${redisHost}:6379` },
            "redis",
        );
        const container = {
            logConfiguration: { logDriver: "awslogs" },
            secrets: [
                { name: "TOKEN", valueFrom: "arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:token:key::" },
                { name: "REDIS", valueFrom: parameter.outputs.arn },
            ],
        };
        const resources = [
            ...without(network("redis"), natRoute),
            redis,
            parameter,
            toInternet("caller"),
            ...service(container),
        ];
        assert.deepEqual(
            told(resources).map((message) => /must reach (.*): (?:there|security)/.exec(message)?.[1]),
            [
                "ecr.api (image)",
                "ecr.dkr (image)",
                "s3 (image)",
                "secretsmanager (secret TOKEN)",
                "ssm (secret REDIS)",
                "logs (log driver awslogs)",
                "redis (environment variable REDIS)",
            ],
        );
    });

    it("knows tasks by their name in Cloud Map", () => {
        const namespace = resource("aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace", {
            name: "dev.internal",
        });
        const registry = resource("aws:servicediscovery/service:Service", {
            name: "oms",
            dnsConfig: { namespaceId: namespace.id },
        });
        // It is told its own address, too, which is no call.
        const own = [{ name: "OMS", value: "oms.dev.internal:50051" }];
        const [, , definition, oms] = service({ image: ecrImage, environment: own }) as [
            unknown,
            unknown,
            RecordedResource,
            RecordedResource,
        ];
        const registered = {
            ...oms,
            inputs: {
                ...oms.inputs,
                networkConfiguration: { subnets: [subnetId("private")], securityGroups: [groupId("oms")] },
                serviceRegistries: { registryArn: registry.outputs.arn as unknown },
            },
        };
        const resources = [
            ...network("oms"),
            toInternet("oms"),
            namespace,
            registry,
            definition,
            registered,
            ...lambda("private", [], variables({ OMS: "oms.dev.internal:50051", OTHER: "gone.dev.internal:1" })),
        ];
        assert.deepEqual(told(resources), [
            "function fn must reach oms (environment variable OMS): security group caller lets nothing out to security group oms on port 50051",
        ]);
        assert.deepEqual(told([...resources, ...connection("caller", "oms", 50051)]), []);
    });

    it("takes what AWS does for a function as no call of its own", () => {
        const condition = { StringEquals: { "kms:ViaService": "lambda.ap-northeast-2.amazonaws.com" } };
        const bucket = { onFailure: { destinationArn: "arn:aws:s3:::kept" } };
        const resources = [
            ...pollers,
            gateway,
            toS3,
            ...lambda(
                "isolated",
                [
                    {
                        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
                        Resource: "arn:aws:logs:r:1:log-group:/fn:*",
                    },
                    { Action: "xray:PutTraceSegments" },
                    { Action: ["ec2:CreateNetworkInterface", "ec2:DescribeVpcs"] },
                    { Action: "kms:Decrypt", Condition: condition },
                    { Action: ["kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers", "kafka-cluster:Connect"] },
                    { Action: ["rds-db:connect", "elasticache:Connect"] },
                    { Action: "iam:PassRole" },
                    { Action: "s3:PutObject", Resource: "arn:aws:s3:::kept/*" },
                    { Action: "s3:ListBucket", Resource: "arn:aws:s3:::kept" },
                    { Action: "sqs:ReceiveMessage", Resource: queueArn },
                    { Action: "sns:Publish", Resource: "arn:aws:sns:r:1:told" },
                ],
                { loggingConfig: { logGroup: "/fn" }, deadLetterConfig: { targetArn: "arn:aws:sns:r:1:told" } },
            ),
            trigger({ destinationConfig: bucket }),
            resource(
                "aws:lambda/eventSourceMapping:EventSourceMapping",
                { functionName: functionArn, eventSourceArn: queueArn },
                "queue",
            ),
        ];
        assert.deepEqual(told(resources), []);
        // The same rights, where they are the function's own: other logs, keys without a service, other places.
        const own: [action: string, resource: string, service: string][] = [
            ["logs:PutLogEvents", "arn:aws:logs:r:1:log-group:/other:*", "logs"],
            ["logs:StartQuery", "*", "logs"],
            ["kms:Decrypt", "*", "kms"],
            ["s3:PutObject", "arn:aws:s3:::other/*", "s3"],
            ["sqs:SendMessage", `${queueArn}2`, "sqs"],
            ["sns:Publish", "*", "sns"],
            ["bedrock:InvokeModel", "*", "bedrock-runtime"],
            ["cloudwatch:PutMetricData", "*", "monitoring"],
        ];
        for (const [action, on, name] of own) {
            const [found] = told([...network(), ...lambda("isolated", [{ Action: action, Resource: on }])]);
            assert.ok(
                found?.startsWith(`function fn must reach ${name} (its role allows ${action}): `),
                `${action}: ${found}`,
            );
        }
    });

    it("says nothing of everything at once, of functions outside of VPCs, and of networks made elsewhere", () => {
        assert.deepEqual(told([...network(), ...lambda("isolated", [{ Action: "*" }, { Action: "s3" }])]), []);
        assert.deepEqual(told(lambda("isolated", [sends], { vpcConfig: undefined })), []);
        assert.deepEqual(told(lambda("isolated", [sends])), []);
        const elsewhere = { subnetIds: ["subnet-0"], securityGroupIds: [groupId("caller")] };
        assert.deepEqual(told([...network(), ...lambda("private", [sends], { vpcConfig: elsewhere })]), []);
        const transit = route("isolated", { transitGatewayId: "tgw-1" });
        assert.deepEqual(told([...network(), transit, toInternet("caller"), ...lambda("isolated", [sends])]), []);
    });

    it("advises against endpoints that nothing goes through", () => {
        const calls = lambda("private", [{ Action: "sts:GetCallerIdentity" }]);
        const resources = [
            ...network(),
            endpoint("sts"),
            endpoint("kms"),
            ...connection("caller", "endpoints"),
            ...calls,
        ];
        assert.deepEqual(told(resources), []);
        assert.deepEqual(told(resources, "advisory"), [
            "nothing in the stack calls kms through this endpoint, which costs money by the hour",
        ]);
        assert.deepEqual(told([...network(), endpoint("kms")], "advisory"), [], "nobody is there yet to call anything");
    });

    it("counts ranges as ways: to the endpoint's subnet, and from the caller's", () => {
        const byRange = (out: string, into: string): RecordedResource[] => [
            ...network(),
            endpoint("sqs"),
            rule("Egress", "caller", { cidrIpv4: out }),
            rule("Ingress", "endpoints", { cidrIpv4: into }),
            ...lambda("isolated", [sends]),
        ];
        assert.deepEqual(told(byRange("10.0.0.0/16", "10.0.2.0/24")), []);
        assert.equal(told(byRange("10.0.0.0/24", "10.0.2.0/24")).length, 1);
        assert.equal(told(byRange("10.0.1.0/24", "10.0.2.0/25")).length, 1);
    });
});
