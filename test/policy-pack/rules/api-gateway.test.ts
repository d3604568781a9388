import { apiGatewayRules } from "../../../policy-pack/rules/api-gateway";
import { type Subject, unknown } from "../support/pack";
import { describeRules, property } from "../support/table";

const stage = "aws:apigatewayv2/stage:Stage";
const restStage = "aws:apigateway/stage:Stage";
const method = "aws:apigateway/method:Method";
const methodSettings = "aws:apigateway/methodSettings:MethodSettings";
const integration = "aws:apigatewayv2/integration:Integration";

const stageProps = {
    accessLogSettings: { destinationArn: "arn", format: '{"id":"$context.requestId","status":$context.status}' },
    defaultRouteSettings: { throttlingBurstLimit: 10, throttlingRateLimit: 10 },
    routeSettings: [{ routeKey: "a" }],
};

const api = (protocolType: unknown = "WEBSOCKET"): Subject => ({
    type: "aws:apigatewayv2/api:Api",
    name: "api",
    props: { protocolType },
});
const route = (routeKey: unknown, props = {}): Subject => ({
    type: "aws:apigatewayv2/route:Route",
    name: `route ${String(routeKey)}`,
    props: { routeKey, ...props },
    refersTo: { apiId: "api" },
});
const authorized = { authorizationType: "CUSTOM", authorizerId: "1" };
const ofApi = (loggingLevel: unknown, props = {}): Subject => ({
    type: stage,
    name: "stage",
    props: { defaultRouteSettings: { loggingLevel }, ...props },
    refersTo: { apiId: "api" },
});
const calls = (integrationType: string): Subject => ({
    type: integration,
    name: "integration",
    props: { integrationType },
    refersTo: { apiId: "api" },
});
const restApi: Subject = { type: "aws:apigateway/restApi:RestApi", name: "rest", props: {} };
const ofRestApi = (props = {}): Subject => ({
    type: restStage,
    name: "stage",
    props: { stageName: "live", ...props },
    refersTo: { restApi: "rest" },
});

describeRules("API Gateway", apiGatewayRules, {
    "apigateway-stage-require-access-logs": [
        ...property(stage, stageProps, "accessLogSettings.destinationArn", [undefined, ""]),
        {
            title: "refuses a REST stage without",
            subjects: { type: restStage, props: {} },
            fails: ["accessLogSettings"],
        },
    ],
    "apigateway-stage-require-json-access-logs": property(
        stage,
        stageProps,
        "accessLogSettings.format",
        [undefined, "$context.requestId $context.status", "[]", 5],
        { right: ['{"a":"$context.authorizer.claims.sub"}'] },
    ),
    "apigateway-stage-require-execution-logs": [
        { title: "accepts errors", subjects: [api(), ofApi("ERROR")] },
        { title: "leaves HTTP APIs alone", subjects: [api("HTTP"), ofApi("OFF")] },
        { title: "refuses none", subjects: [api(), ofApi("OFF")], fails: ["loggingLevel"] },
        {
            title: "waits for the level",
            subjects: [api(), ofApi(unknown)],
            undetermined: "defaultRouteSettings.loggingLevel",
        },
        {
            title: "accepts settings of a REST stage",
            subjects: [ofRestApi(), { type: methodSettings, name: "s", props: { stageName: "live" } }, restApi],
        },
        {
            title: "accepts settings that refer to a REST stage",
            subjects: [
                ofRestApi(),
                { type: methodSettings, name: "s", props: { stageName: unknown }, refersTo: { stageName: "stage" } },
                restApi,
            ],
        },
        { title: "refuses a REST stage without settings", subjects: [ofRestApi(), restApi], fails: ["MethodSettings"] },
    ],
    "apigateway-method-settings-require-log-level": property(
        methodSettings,
        { settings: { loggingLevel: "INFO" } },
        "settings.loggingLevel",
        [undefined, "OFF"],
    ),
    "apigatewayv2-stage-disallow-data-trace": property(
        stage,
        stageProps,
        "defaultRouteSettings.dataTraceEnabled",
        [true],
        {
            right: [false],
            message: "dataTraceEnabled",
        },
    ),
    "apigatewayv2-route-settings-disallow-data-trace": property(
        stage,
        stageProps,
        "routeSettings.0.dataTraceEnabled",
        [true],
        {
            message: "dataTraceEnabled",
        },
    ),
    "apigateway-method-settings-disallow-data-trace": property(
        methodSettings,
        {},
        "settings.dataTraceEnabled",
        [true],
        {
            message: "dataTraceEnabled",
        },
    ),
    "apigateway-method-settings-require-cache-encryption": [
        ...property(
            methodSettings,
            { settings: { cachingEnabled: true, cacheDataEncrypted: true } },
            "settings.cacheDataEncrypted",
            [undefined, false],
        ),
        { title: "leaves others alone", subjects: { type: methodSettings, props: { settings: {} } } },
    ],
    "apigatewayv2-route-require-authorization": [
        {
            title: "asks only $connect of a WebSocket API",
            subjects: [api(), route("$connect", authorized), route("$default"), route("$disconnect"), route("order")],
        },
        { title: "refuses an open $connect", subjects: [api(), route("$connect")], fails: ["authorizationType"] },
        {
            title: "refuses an authorizer that is not named",
            subjects: [api(), route("$connect", { authorizationType: "CUSTOM" })],
            fails: ["authorizerId"],
        },
        {
            title: "refuses a WebSocket API without $connect",
            subjects: [api(), route("$default")],
            fails: ["$connect"],
        },
        {
            title: "asks every route of an HTTP API",
            subjects: [api("HTTP"), route("GET /orders"), route("$default", { authorizationType: "NONE" })],
            fails: ["authorizationType", "authorizationType"],
        },
        {
            title: "accepts preflight requests and IAM",
            subjects: [api("HTTP"), route("OPTIONS /{any+}"), route("$default", { authorizationType: "AWS_IAM" })],
        },
        {
            title: "waits for the kind of authorization",
            subjects: [api(), route("$connect", { authorizationType: unknown })],
            undetermined: "authorizationType",
        },
        { title: "waits for the route", subjects: [api(), route(unknown)], undetermined: "routeKey" },
    ],
    "apigatewayv2-integration-require-tls": [
        ...property(
            integration,
            { connectionType: "VPC_LINK", tlsConfig: { serverNameToVerify: "a.internal" } },
            "tlsConfig.serverNameToVerify",
            [undefined, ""],
        ),
        { title: "leaves others alone", subjects: { type: integration, props: {} } },
    ],
    "apigatewayv2-integration-require-https": property(
        integration,
        { integrationType: "HTTP_PROXY", integrationUri: "https://a.example" },
        "integrationUri",
        ["http://a.example"],
    ),
    "apigateway-integration-require-https": property(
        "aws:apigateway/integration:Integration",
        { type: "HTTP", uri: "https://a.example" },
        "uri",
        ["HTTP://a.example"],
    ),
    "apigatewayv2-domain-name-require-tls-policy": property(
        "aws:apigatewayv2/domainName:DomainName",
        { domainNameConfiguration: { securityPolicy: "TLS_1_2" } },
        "domainNameConfiguration.securityPolicy",
        [undefined, "TLS_1_0"],
    ),
    "apigateway-domain-name-require-tls-policy": property(
        "aws:apigateway/domainName:DomainName",
        { securityPolicy: "SecurityPolicy_TLS13_1_3_2025_09" },
        "securityPolicy",
        [undefined, "TLS_1_0"],
    ),
    "apigateway-stage-require-client-certificate": [
        {
            title: "accepts a certificate",
            subjects: [api(), calls("HTTP"), ofApi("ERROR", { clientCertificateId: "1" })],
        },
        { title: "leaves integrations of AWS alone", subjects: [api(), calls("AWS"), ofApi("ERROR")] },
        { title: "refuses none", subjects: [api(), calls("HTTP"), ofApi("ERROR")], fails: ["clientCertificateId"] },
        {
            title: "refuses none of a REST stage",
            subjects: [
                restApi,
                ofRestApi(),
                {
                    type: "aws:apigateway/integration:Integration",
                    name: "i",
                    props: { type: "HTTP" },
                    refersTo: { restApi: "rest" },
                },
            ],
            fails: ["clientCertificateId"],
        },
        {
            title: "waits for the certificate",
            subjects: [api(), calls("HTTP"), ofApi("ERROR", { clientCertificateId: unknown })],
            undetermined: "clientCertificateId",
        },
    ],
    "apigatewayv2-stage-require-burst-limit": property(stage, stageProps, "defaultRouteSettings.throttlingBurstLimit", [
        undefined,
        0,
    ]),
    "apigatewayv2-stage-require-rate-limit": property(stage, stageProps, "defaultRouteSettings.throttlingRateLimit", [
        undefined,
        0,
    ]),
    "apigateway-stage-require-tracing": property(restStage, { xrayTracingEnabled: true }, "xrayTracingEnabled", [
        undefined,
        false,
    ]),
    "apigateway-stage-require-waf": [
        {
            title: "accepts a web ACL",
            subjects: [
                restApi,
                ofRestApi(),
                {
                    type: "aws:wafv2/webAclAssociation:WebAclAssociation",
                    name: "association",
                    props: {},
                    refersTo: { resourceArn: "stage" },
                },
            ],
        },
        {
            title: "leaves private APIs alone",
            subjects: [{ ...restApi, props: { endpointConfiguration: { types: "PRIVATE" } } }, ofRestApi()],
        },
        { title: "refuses none", subjects: [restApi, ofRestApi()], fails: ["web ACL"] },
        {
            title: "waits for the kind of endpoint",
            subjects: [{ ...restApi, props: { endpointConfiguration: { types: unknown } } }, ofRestApi()],
            undetermined: "endpointConfiguration.types",
        },
    ],
    "apigateway-method-require-authorization": [
        ...property(method, { authorization: "AWS_IAM", httpMethod: "GET" }, "authorization", [undefined, "NONE"]),
        { title: "accepts a key", subjects: { type: method, props: { authorization: "NONE", apiKeyRequired: true } } },
        {
            title: "leaves preflight alone",
            subjects: { type: method, props: { authorization: "NONE", httpMethod: "OPTIONS" } },
        },
        {
            title: "waits for the method",
            subjects: { type: method, props: { authorization: "NONE", httpMethod: unknown } },
            undetermined: "httpMethod",
        },
    ],
    "apigateway-method-require-request-validation": [
        ...property(method, { httpMethod: "GET", requestValidatorId: "1" }, "requestValidatorId", [undefined, ""]),
        { title: "leaves preflight alone", subjects: { type: method, props: { httpMethod: "OPTIONS" } } },
        {
            title: "waits for the method",
            subjects: { type: method, props: { httpMethod: unknown } },
            undetermined: "httpMethod",
        },
    ],
});
