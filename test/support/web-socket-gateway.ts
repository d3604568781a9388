import { createServer, type IncomingMessage, type Server } from "node:http";
import { type AddressInfo } from "node:net";
import { type Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import { ofType, type RecordedResource, type Recording } from "./record";

/** Functions behind the API, by name. */
export type Functions = Record<string, (event: any) => Promise<any>>;

/**
 * A local server that treats a handshake as API Gateway treats one for the WebSocket API of a recorded program: identity sources,
 * authorizer, permissions, the integration of `$connect`. Only a function behind `$connect` can select a subprotocol:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-connect-route-subprotocol.html
 */
export class WebSocketGateway {
    /** What came in over connections. */
    readonly messages: string[] = [];
    /** Principals of the connections that were opened. */
    readonly principals: string[] = [];
    private readonly sockets = new WebSocketServer({ noServer: true, handleProtocols: () => false });
    private readonly server: Server = createServer();

    private constructor(
        private readonly recording: Recording,
        private readonly functions: Functions,
    ) {
        this.server.on("upgrade", (request, socket, head) => void this.upgrade(request, socket, head));
    }

    static async start(recording: Recording, functions: Functions): Promise<WebSocketGateway> {
        const gateway = new WebSocketGateway(recording, functions);
        await new Promise<void>((resolve) => gateway.server.listen(0, "127.0.0.1", resolve));
        return gateway;
    }

    get url(): string {
        return `ws://127.0.0.1:${(this.server.address() as AddressInfo).port}/${this.stageName}`;
    }

    async stop(): Promise<void> {
        this.sockets.clients.forEach((client) => client.terminate());
        await new Promise((resolve) => this.server.close(resolve));
    }

    private one(type: string, holds: (resource: RecordedResource) => boolean = () => true): RecordedResource {
        const found = ofType(this.recording, type).find(holds);
        if (!found) {
            throw new Error(`the program has no such ${type}`);
        }
        return found;
    }

    private get stageName(): string {
        return String(this.one("aws:apigatewayv2/stage:Stage").inputs.name);
    }

    private async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
        const answer = await this.handshake(request).catch((error: Error) => ({ status: 500, text: error.message }));
        if ("status" in answer) {
            socket.end(`HTTP/1.1 ${answer.status} Refused\r\nConnection: close\r\n\r\n`);
            return;
        }
        this.sockets.removeAllListeners("headers");
        this.sockets.on("headers", (headers) => {
            if (answer.subprotocol !== undefined) {
                headers.push(`Sec-WebSocket-Protocol: ${answer.subprotocol}`);
            }
        });
        this.sockets.handleUpgrade(request, socket, head, (client) => {
            this.principals.push(answer.principalId);
            client.on("message", (data) => this.messages.push((data as Buffer).toString()));
        });
    }

    private async handshake(
        request: IncomingMessage,
    ): Promise<{ status: number } | { principalId: string; subprotocol?: string }> {
        const { executionArn } = this.one("aws:apigatewayv2/api:Api").outputs;
        const route = this.one("aws:apigatewayv2/route:Route", ({ inputs }) => inputs.routeKey === "$connect").inputs;
        const event = eventOf(request);

        const authorizer = this.one("aws:apigatewayv2/authorizer:Authorizer", ({ id }) => id === route.authorizerId);
        const sources = (authorizer.inputs.identitySources as string[]).map(
            (source) => /^route\.request\.header\.(.+)$/.exec(source)![1]!,
        );
        if (!sources.every((header) => event.headers[header])) {
            return { status: 401 };
        }
        const methodArn = `${executionArn}/${this.stageName}/$connect`;
        const { principalId, policyDocument } = await this.invoke(
            authorizer.inputs.authorizerUri,
            `${executionArn}/authorizers/${authorizer.id}`,
            { type: "REQUEST", methodArn, ...event },
        );
        const { Effect, Action, Resource } = policyDocument.Statement[0];
        if (Effect !== "Allow" || Action !== "execute-api:Invoke" || Resource !== methodArn) {
            return { status: 403 };
        }

        const integration = this.one(
            "aws:apigatewayv2/integration:Integration",
            ({ id }) => route.target === `integrations/${id}`,
        ).inputs;
        if (integration.integrationType === "MOCK") {
            return { principalId };
        }
        const { statusCode, headers = {} } = await this.invoke(integration.integrationUri, methodArn, {
            ...event,
            requestContext: { routeKey: "$connect", authorizer: { principalId } },
        });
        return statusCode < 300
            ? { principalId, subprotocol: headers["Sec-WebSocket-Protocol"] }
            : { status: statusCode };
    }

    /** Invokes a function by its URI, if its permissions admit API Gateway on behalf of `sourceArn`. */
    private invoke(uri: unknown, sourceArn: string, event: object): Promise<any> {
        const fn = this.one("aws:lambda/function:Function", ({ outputs }) => outputs.invokeArn === uri);
        const name = String(fn.inputs.name);
        this.one(
            "aws:lambda/permission:Permission",
            ({ inputs }) =>
                inputs.function === name &&
                inputs.action === "lambda:InvokeFunction" &&
                inputs.principal === "apigateway.amazonaws.com" &&
                inputs.sourceArn === sourceArn,
        );
        return this.functions[name]!(event);
    }
}

/** Headers as API Gateway hands them on: spelt as the client spelt them. */
function eventOf({ rawHeaders }: IncomingMessage): {
    headers: Record<string, string>;
    multiValueHeaders: Record<string, string[]>;
} {
    const multiValueHeaders: Record<string, string[]> = {};
    for (let index = 0; index < rawHeaders.length; index += 2) {
        (multiValueHeaders[rawHeaders[index]!] ??= []).push(rawHeaders[index + 1]!);
    }
    const headers = Object.fromEntries(
        Object.entries(multiValueHeaders).map(([name, values]) => [name, values[values.length - 1]!]),
    );
    return { headers, multiValueHeaders };
}
