import { ApiGatewayManagementApiClient, PostToConnectionCommand } from "@aws-sdk/client-apigatewaymanagementapi";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { runAgent } from "./agent";
import { type Delivery, dispatch, type Failure, type Frame, type Message } from "./dispatch";

/** What Lambda gives of a message in a queue. */
interface SqsRecord {
    body: string;
    attributes: { ApproximateReceiveCount: string };
    messageAttributes: Record<string, { stringValue?: string }>;
}

const { AGENT_FUNCTION, WEBSOCKET_CALLBACK_URL, FAILURE_QUEUE_URL } = process.env as Record<string, string>;

// What is sent here may well be sent twice, so the SDK's own retries are right.
const quick = { maxAttempts: 3, requestHandler: { connectionTimeout: 1500, socketTimeout: 3000 } };
const connections = new ApiGatewayManagementApiClient({ ...quick, endpoint: WEBSOCKET_CALLBACK_URL });
const sqs = new SQSClient(quick);

/** Longest time for a frame, and for the failure queue: in milliseconds, with all retries. */
const workingLimit = 2000;
const sendLimit = 10_000;
const keepLimit = 10_000;

/** Has each message of the queue answered by the agent. Its logs hold ids and reasons, never what people write. */
export async function handler(
    { Records }: { Records: SqsRecord[] },
    context: { getRemainingTimeInMillis(): number },
): Promise<void> {
    for (const record of Records) {
        const deadline = Date.now() + context.getRemainingTimeInMillis() - sendLimit - keepLimit;
        await dispatch(messageOf(record), Number(record.attributes.ApproximateReceiveCount), {
            runAgent: (message) => runAgent(AGENT_FUNCTION!, message, deadline),
            send,
            keep,
        });
    }
}

function messageOf({ body, messageAttributes }: SqsRecord): Message {
    const attribute = (name: string): string => messageAttributes[name]?.stringValue ?? "";
    return {
        connectionId: attribute("connectionId"),
        requestId: attribute("requestId"),
        principalId: attribute("principalId"),
        body,
    };
}

async function send({ connectionId, requestId }: Message, frame: Frame): Promise<Delivery> {
    try {
        await connections.send(
            new PostToConnectionCommand({ ConnectionId: connectionId, Data: JSON.stringify(frame) }),
            { abortSignal: AbortSignal.timeout(frame.type === "working" ? workingLimit : sendLimit) },
        );
        return "sent";
    } catch (error) {
        const { name, message } = error as Error;
        if (name === "GoneException") {
            return "gone";
        }
        console.warn({
            message: "frame not sent",
            frame: frame.type,
            connectionId,
            requestId,
            error: `${name}: ${message}`,
        });
        return "failed";
    }
}

/** In the form in which API Gateway puts messages into the queue, so that one can be sent there again as it is. */
async function keep(message: Message, { code, reason }: Failure, told: Delivery): Promise<void> {
    const { connectionId, requestId, principalId, body } = message;
    console.warn({ message: "message failed", connectionId, requestId, principalId, code, reason, told });
    const attributes = { connectionId, requestId, principalId, code, reason: printable(reason), told };
    await sqs.send(
        new SendMessageCommand({
            QueueUrl: FAILURE_QUEUE_URL,
            MessageGroupId: connectionId,
            MessageDeduplicationId: requestId,
            MessageBody: body,
            MessageAttributes: Object.fromEntries(
                Object.entries(attributes).map(([name, value]) => [name, { DataType: "String", StringValue: value }]),
            ),
        }),
        { abortSignal: AbortSignal.timeout(keepLimit) },
    );
}

/** SQS refuses control characters, and this is no place for a whole stack trace. */
// eslint-disable-next-line no-control-regex -- they are what is replaced
const printable = (text: string): string => text.replace(/[\u0000-\u001f\ufffe\uffff]/g, " ").slice(0, 1000);
