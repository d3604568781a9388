import { z } from "zod";
import { envelope } from "./events";
import { type Message } from "./message";
import { topics } from "./topics";

/** What a function is invoked with, and what it returns. */
export interface Invocation extends Message {
    /** What the function returns. */
    returns: string;
}

const base64 = (value: unknown): string =>
    Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64");

const [tick] = topics.find(({ topic }) => topic === "ticks")!.examples as [Record<string, unknown>];

const kafkaRecord = z.object({
    topic: z.string(),
    partition: z.int().nonnegative(),
    offset: z.int().nonnegative().describe("Grows by one for each record of the partition, with gaps."),
    timestamp: z.int().describe("Milliseconds since 1970."),
    timestampType: z.enum(["CREATE_TIME", "LOG_APPEND_TIME", "NO_TIMESTAMP_TYPE"]),
    key: z.string().describe("Key of the record, in base64."),
    value: z.string().describe("Value of the record, in base64."),
    headers: z.array(z.record(z.string(), z.array(z.int()))).describe("Headers: bytes as signed numbers."),
});

const stringMap = z.record(z.string(), z.string());

export const invocations: Invocation[] = [
    {
        id: "invocation-kafka",
        title: "Event of a Kafka trigger",
        description:
            "Records of one topic, by `topic-partition`, in order within each partition. One event may hold records of several " +
            "partitions.",
        returns:
            "Nothing that anybody looks at. A function that fails gets the same batch again, whole: there are no partial " +
            "answers for Kafka triggers of this kind.",
        schema: z.object({
            eventSource: z.literal("aws:kafka"),
            eventSourceArn: z.string().describe("ARN of the cluster."),
            bootstrapServers: z.string().optional().describe("Brokers. Functions do not connect to them."),
            records: z.record(z.string().regex(/^.+-\d+$/), z.array(kafkaRecord).min(1)),
        }),
        examples: [
            {
                eventSource: "aws:kafka",
                eventSourceArn:
                    "arn:aws:kafka:ap-northeast-2:123456789012:cluster/aipx-dev-kafka/6cc0432b-8618-4f44-bccc-e1fbd8fb7c4d-2",
                bootstrapServers: "b-1.aipxdevkafka.a1b2c3.c2.kafka.ap-northeast-2.amazonaws.com:9098",
                records: {
                    "ticks-3": [
                        {
                            topic: "ticks",
                            partition: 3,
                            offset: 1180294,
                            timestamp: 1795737603127,
                            timestampType: "CREATE_TIME",
                            key: base64("005930"),
                            value: base64(tick),
                            headers: [],
                        },
                    ],
                },
            },
        ],
    },
    {
        id: "invocation-cognitive",
        title: "Event of the cognitive service",
        description:
            "One message of one client. Messages of a connection come one after the other, in order, each at most once; those of " +
            "different connections come at the same time.",
        returns:
            "Nothing that anybody looks at: answers are posted to the connection. Of a function that fails, the platform tells the " +
            "client by an error frame; one that fails with an error of type `GoneException`, because the client has left, is done.",
        schema: z.object({
            connectionId: z.string().min(1).describe("Connection to answer to."),
            requestId: z.string().min(1).describe("API Gateway's id of the message. Every frame about it carries it."),
            principalId: z.string().min(1).describe("Who is connected, as the authorizer said."),
            body: z
                .string()
                .describe("The frame as the client sent it: text that may be anything, and must be checked."),
        }),
        examples: [
            {
                connectionId: "KZl8yfOdIE0CJxw=",
                requestId: "KZl8zGhOIE0CJxw=",
                principalId: "kim@example.com",
                body: '{"type":"message","messageId":"b7b1d7b0-6f4e-4d0c-8f8e-1f5a1f0f6f11","conversationId":"6d0a3f0e-3b7e-4a57-9d0e-7a9d0d3c2b1a","text":"Why did momentum sell Samsung this morning?"}',
            },
        ],
    },
    {
        id: "invocation-authorizer",
        title: "Event of the WebSocket authorizer",
        description:
            "A client that wants to connect. Browsers can set no header of their own on a WebSocket: the token comes as a " +
            "subprotocol, `bearer.<token>`, beside `aipx.v1`, in `Sec-WebSocket-Protocol`. Names of headers come as the client " +
            "wrote them: compare without regard to case.",
        returns:
            'An IAM policy: `{"principalId", "policyDocument": {"Version": "2012-10-17", "Statement": [{"Action": ' +
            '"execute-api:Invoke", "Effect": "Allow", "Resource": "<methodArn>"}]}, "context": {...}}`, at most 8 KB. To refuse, ' +
            "return `Deny` (the client sees 403), or fail with the message `Unauthorized` (401); any other failure is a 500. " +
            "`principalId` is never empty; values of `context` are texts, numbers or booleans, and nobody reads them. Errors must not " +
            "repeat the token: API Gateway's log shows them.",
        schema: z.object({
            type: z.literal("REQUEST"),
            methodArn: z
                .string()
                .regex(/\/\$connect$/)
                .describe("What is asked for: the API's `$connect` route."),
            headers: stringMap,
            multiValueHeaders: z.record(z.string(), z.array(z.string())),
            queryStringParameters: stringMap.optional(),
            multiValueQueryStringParameters: z.record(z.string(), z.array(z.string())).optional(),
            stageVariables: stringMap.optional(),
            requestContext: z.looseObject({
                routeKey: z.literal("$connect"),
                eventType: z.literal("CONNECT"),
                requestTimeEpoch: z.int(),
                requestId: z.string(),
                connectionId: z.string(),
                apiId: z.string(),
                stage: z.string(),
                domainName: z.string(),
                identity: z.looseObject({ sourceIp: z.string() }),
            }),
        }),
        examples: [
            {
                type: "REQUEST",
                methodArn: "arn:aws:execute-api:ap-northeast-2:123456789012:a1b2c3d4e5/aipx-dev/$connect",
                headers: {
                    Host: "a1b2c3d4e5.execute-api.ap-northeast-2.amazonaws.com",
                    "Sec-WebSocket-Key": "...",
                    "Sec-WebSocket-Protocol": "aipx.v1, bearer.eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJraW0ifQ.c2lnbmF0dXJl",
                    "Sec-WebSocket-Version": "13",
                    "X-Forwarded-For": "203.0.113.7",
                },
                multiValueHeaders: {
                    "Sec-WebSocket-Protocol": ["aipx.v1, bearer.eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJraW0ifQ.c2lnbmF0dXJl"],
                },
                requestContext: {
                    routeKey: "$connect",
                    eventType: "CONNECT",
                    requestTimeEpoch: 1795737603127,
                    requestId: "KZl8yGhOIE0Fxyz=",
                    connectionId: "KZl8yfOdIE0CJxw=",
                    apiId: "a1b2c3d4e5",
                    stage: "aipx-dev",
                    domainName: "a1b2c3d4e5.execute-api.ap-northeast-2.amazonaws.com",
                    identity: { sourceIp: "203.0.113.7" },
                },
            },
        ],
    },
    {
        id: "invocation-alarm",
        title: "Event of the notification service: an alarm",
        description:
            "An alarm went off, or is over. Events of the platform's own bus come in the same envelope, with the details below.",
        returns: "Nothing that anybody looks at. A function that fails is invoked with the same event again.",
        schema: envelope(
            "aws.cloudwatch",
            "CloudWatch Alarm State Change",
            z.looseObject({
                alarmName: z.string(),
                state: z.looseObject({
                    value: z.enum(["ALARM", "OK", "INSUFFICIENT_DATA"]),
                    reason: z.string(),
                    timestamp: z.string(),
                }),
                previousState: z.looseObject({ value: z.string() }).optional(),
                configuration: z.looseObject({ description: z.string().optional() }).optional(),
            }),
        ),
        examples: [
            {
                version: "0",
                id: "c4c1c1c9-6542-4e61-aef0-8c4d36933a92",
                "detail-type": "CloudWatch Alarm State Change",
                source: "aws.cloudwatch",
                account: "123456789012",
                time: "2026-11-27T00:20:00Z",
                region: "ap-northeast-2",
                resources: ["arn:aws:cloudwatch:ap-northeast-2:123456789012:alarm:aipx-dev-oms-down"],
                detail: {
                    alarmName: "aipx-dev-oms-down",
                    state: {
                        value: "ALARM",
                        reason: "Threshold Crossed: 3 datapoints were less than the threshold (1.0).",
                        timestamp: "2026-11-27T00:20:00.123+0000",
                    },
                    previousState: { value: "OK" },
                    configuration: { description: "No task of the OMS runs: no order can be sent or cancelled." },
                },
            },
        ],
    },
];
