import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Scope } from "../building-blocks";

/** A WebSocket API, before it has routes: functions that answer through it need its address, and it needs them. */
export class WebSocketEndpoint extends pulumi.ComponentResource {
    /** AWS's own id of the API. */
    readonly apiId: pulumi.Output<string>;
    readonly executionArn: pulumi.Output<string>;
    /** Name of the stage. Unlike the API's id it is known beforehand, and no other API of the account has such a stage. */
    readonly stageName: string;
    /** Where functions send to connections: `https://<api>.execute-api.<region>.amazonaws.com/<stage>`. */
    readonly callbackUrl: pulumi.Output<string>;
    /** Where clients connect: `wss://...`. */
    readonly url: pulumi.Output<string>;

    constructor(name: string, args: { scope: Scope; apiName: string }, opts?: pulumi.ComponentResourceOptions) {
        super("aipx:coldpath:WebSocketEndpoint", name, {}, opts);
        const { scope, apiName } = args;
        this.stageName = scope.name();
        const api = new aws.apigatewayv2.Api(
            name,
            {
                name: scope.name(apiName),
                protocolType: "WEBSOCKET",
                // API Gateway wants an expression; with no other routes all messages take `$default`.
                routeSelectionExpression: "$request.body.action",
            },
            { parent: this },
        );
        this.apiId = api.id;
        this.executionArn = api.executionArn;
        const host = pulumi.interpolate`${api.id}.execute-api.${scope.region}.amazonaws.com/${this.stageName}`;
        this.callbackUrl = pulumi.interpolate`https://${host}`;
        this.url = pulumi.interpolate`wss://${host}`;
        this.registerOutputs({ apiId: this.apiId, url: this.url });
    }
}
