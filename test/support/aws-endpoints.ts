import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo } from "node:net";

/** A request as it came: to Lambda's Invoke, to `@connections`, to SQS. */
export interface Request {
    api: "invoke" | "connections" | "sqs";
    path: string;
    /** Parsed, where it is JSON. */
    body: any;
}

/** An answer. `hang` never answers. */
export type Answer = { status: number; headers?: Record<string, string>; body?: unknown } | "hang";

/** What each API answers, request by request; the last answer is repeated. */
export type Script = Record<Request["api"], Answer[]>;

/** A refusal as AWS's REST JSON APIs write it. */
export const refusal = (status: number, type: string, message = type): Answer => ({
    status,
    headers: { "x-amzn-errortype": type },
    body: { message },
});

/** What Lambda's Invoke says of a function that failed. */
export const functionError = (errorType: string, errorMessage: string): Answer => ({
    status: 200,
    headers: { "x-amz-function-error": "Unhandled" },
    body: { errorType, errorMessage },
});

/** A local server in the place of AWS's APIs, for clients that are told so by their endpoints. */
export class AwsEndpoints {
    readonly requests: Request[] = [];
    private readonly sockets: Server;

    private constructor(private readonly script: Script) {
        this.sockets = createServer((request, response) => void this.answer(request, response));
    }

    static async start(script: Script): Promise<AwsEndpoints> {
        const endpoints = new AwsEndpoints(script);
        await new Promise<void>((resolve) => endpoints.sockets.listen(0, "127.0.0.1", resolve));
        return endpoints;
    }

    get url(): string {
        return `http://127.0.0.1:${(this.sockets.address() as AddressInfo).port}`;
    }

    of(api: Request["api"]): Request[] {
        return this.requests.filter((request) => request.api === api);
    }

    async stop(): Promise<void> {
        this.sockets.closeAllConnections();
        await new Promise((resolve) => this.sockets.close(resolve));
    }

    private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
        const path = decodeURIComponent(request.url ?? "");
        const api = path.endsWith("/invocations") ? "invoke" : path.includes("/@connections/") ? "connections" : "sqs";
        let text = "";
        for await (const chunk of request) {
            text += String(chunk);
        }
        const body = JSON.parse(text);
        this.requests.push({ api, path, body });
        const answers = this.script[api];
        const answer = answers[Math.min(this.of(api).length, answers.length) - 1]!;
        if (answer === "hang") {
            return;
        }
        response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers });
        response.end(answer.body === undefined ? sent(api, body) : JSON.stringify(answer.body));
    }
}

/** What SQS answers to a message: its client checks the digest. */
const sent = (api: Request["api"], body: any): string =>
    api === "sqs"
        ? JSON.stringify({
              MessageId: "1",
              MD5OfMessageBody: createHash("md5").update(String(body.MessageBody)).digest("hex"),
          })
        : "";
