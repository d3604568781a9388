import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo } from "node:net";

/** A call as it came: `rds DescribeDBEngineVersions` and its parameters; of the price list, the attributes that it filters by. */
export interface Call {
    action: string;
    parameters: Record<string, string>;
}

/** What AWS answers: XML or JSON, or a refusal. */
export type Reply = string | { status: number; body: string };

/**
 * A local server in the place of the APIs that tell what AWS offers, in their protocols: EC2, RDS and ElastiCache take forms and
 * answer XML, MSK has paths and the price list targets, both in JSON.
 */
export class OffersEndpoint {
    readonly calls: Call[] = [];

    private constructor(
        private readonly reply: (call: Call) => Reply,
        private readonly server: Server = createServer((request, response) => void this.answer(request, response)),
    ) {}

    static async start(reply: (call: Call) => Reply): Promise<OffersEndpoint> {
        const endpoint = new OffersEndpoint(reply);
        await new Promise<void>((resolve) => endpoint.server.listen(0, "127.0.0.1", resolve));
        return endpoint;
    }

    get url(): string {
        return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    }

    async stop(): Promise<void> {
        this.server.closeAllConnections();
        await new Promise((resolve) => this.server.close(resolve));
    }

    private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
        let body = "";
        for await (const chunk of request) {
            body += String(chunk);
        }
        const call = callOf(request, body);
        this.calls.push(call);
        const reply = this.reply(call);
        const { status, body: text } = typeof reply === "string" ? { status: 200, body: reply } : reply;
        response.writeHead(status, { "content-type": text.startsWith("{") ? "application/json" : "text/xml" });
        response.end(text);
    }
}

/** Names of the APIs that take forms, by their versions. */
const forms: Record<string, string> = { "2016-11-15": "ec2", "2014-10-31": "rds", "2015-02-02": "elasticache" };

function callOf({ url = "", headers }: IncomingMessage, body: string): Call {
    const target = headers["x-amz-target"];
    if (typeof target === "string") {
        const { ServiceCode, Filters = [], NextToken } = JSON.parse(body);
        const filters = Filters.map(({ Field, Value }: { Field: string; Value: string }) => [Field, Value]);
        return {
            action: `pricing ${target.split(".")[1]} ${ServiceCode}`,
            parameters: { ...Object.fromEntries(filters), ...(NextToken && { NextToken }) },
        };
    }
    const { pathname, searchParams } = new URL(url, "http://127.0.0.1");
    if (pathname !== "/") {
        return { action: `kafka ${pathname}`, parameters: Object.fromEntries(searchParams) };
    }
    const { Action = "", Version = "", ...parameters } = Object.fromEntries(new URLSearchParams(body));
    return { action: `${forms[Version]} ${Action}`, parameters };
}

/** An answer of an API that takes forms. RDS and ElastiCache wrap what they say, EC2 does not. */
export const xml = (action: string, inside: string): string => {
    const [service, name = ""] = action.split(" ");
    return service === "ec2"
        ? `<${name}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>1</requestId>${inside}</${name}Response>`
        : `<${name}Response><${name}Result>${inside}</${name}Result><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></${name}Response>`;
};

/** Elements, one for each map, with their children in order. */
export const elements = (name: string, maps: Record<string, string | boolean>[]): string =>
    maps
        .map((map) => {
            const children = Object.entries(map).map(([key, value]) => `<${key}>${value}</${key}>`);
            return `<${name}>${children.join("")}</${name}>`;
        })
        .join("");
