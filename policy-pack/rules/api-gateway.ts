import { where } from "../core/answer";
import { type Resource, type Stack } from "../core/resource";
import { type Check, is, isSet, madeOf, type Rule } from "../core/rule";
import { everyItem, propertyRule } from "../core/property-rule";
import { type Value } from "../core/value";

const restStages = ["aws:apigateway/stage:Stage"];
const stages = ["aws:apigatewayv2/stage:Stage"];
const apis = ["aws:apigatewayv2/api:Api"];
const restApis = ["aws:apigateway/restApi:RestApi"];
const routes = ["aws:apigatewayv2/route:Route"];
const authorizers = ["aws:apigatewayv2/authorizer:Authorizer"];
const integrations = ["aws:apigatewayv2/integration:Integration"];
const restIntegrations = ["aws:apigateway/integration:Integration"];
const methods = ["aws:apigateway/method:Method"];
const methodSettings = ["aws:apigateway/methodSettings:MethodSettings"];
const domainNames = ["aws:apigateway/domainName:DomainName"];

// Browsers send preflight requests without credentials.
const isNoPreflight = where((method) => method.raw !== "OPTIONS", "httpMethod");
const isPositive = ({ number = 0 }: Value): boolean => number > 0;

export const apiGatewayRules: readonly Rule[] = [
    propertyRule({
        name: "apigateway-stage-require-access-logs",
        description: "Stages must log who calls them.",
        severity: "medium",
        category: "logging",
        controls: ["APIGW-140"],
        remediation: "Set accessLogSettings.destinationArn to the ARN of a log group.",
        types: [...stages, ...restStages],
        path: ["accessLogSettings", "destinationArn"],
        from: madeOf(["aws:cloudwatch/logGroup:LogGroup", "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"]),
        test: isSet,
        message: "accessLogSettings.destinationArn must be the ARN of a log group.",
    }),
    propertyRule({
        name: "apigateway-stage-require-json-access-logs",
        description: "Access logs must be JSON, so that they can be queried by field.",
        severity: "low",
        category: "logging",
        controls: ["APIGW-142"],
        remediation: 'Set accessLogSettings.format to a JSON object: {"requestId":"$context.requestId", ...}.',
        types: [...stages, ...restStages],
        path: ["accessLogSettings", "format"],
        test: isJsonObject,
        message: "accessLogSettings.format must be a JSON object.",
    }),
    {
        kind: "stack",
        name: "apigateway-stage-require-execution-logs",
        description: "Stages of WebSocket and REST APIs must log executions, at least errors.",
        severity: "medium",
        category: "logging",
        controls: ["APIGW-141", "APIGW-150"],
        remediation:
            'Set defaultRouteSettings.loggingLevel to "ERROR" or "INFO"; for a REST stage, add aws.apigateway.MethodSettings with methodPath "*/*" and settings.loggingLevel.',
        check(stack: Stack, check: Check): void {
            for (const stage of stack.ofType(...stages)) {
                const level = stage.props.at("defaultRouteSettings", "loggingLevel");
                for (const protocol of protocols(stack, stage)) {
                    if (protocol.isUnknown && !logs(level)) {
                        check.undetermined(stage, level);
                    } else if (protocol.raw === "WEBSOCKET") {
                        check.must(stage, level, logs, 'defaultRouteSettings.loggingLevel must be "ERROR" or "INFO".');
                    }
                }
            }
            const settings = stack.ofType(...methodSettings);
            for (const stage of stack.ofType(...restStages)) {
                if (!settings.some((candidate) => concernsStage(stack, candidate, stage))) {
                    check.fail(
                        stage,
                        "stageName",
                        'The stage must have MethodSettings with settings.loggingLevel "ERROR".',
                    );
                }
            }
        },
    },
    propertyRule({
        name: "apigateway-method-settings-require-log-level",
        description: "Settings of REST methods must log executions, at least errors.",
        severity: "medium",
        category: "logging",
        controls: ["APIGW-141", "APIGW-150"],
        remediation: 'Set settings.loggingLevel to "ERROR" or "INFO".',
        types: methodSettings,
        path: ["settings", "loggingLevel"],
        test: logs,
        message: 'settings.loggingLevel must be "ERROR" or "INFO".',
    }),
    ...(
        [
            ["apigatewayv2-stage-disallow-data-trace", stages, ["defaultRouteSettings"]],
            ["apigatewayv2-route-settings-disallow-data-trace", stages, ["routeSettings", everyItem]],
            ["apigateway-method-settings-disallow-data-trace", methodSettings, ["settings"]],
        ] as const
    ).map(([name, types, path]) =>
        propertyRule({
            name,
            description:
                "Logs of executions must not have whole requests and responses: tokens and orders are in them.",
            severity: "medium",
            category: "logging",
            controls: ["APIGW-150"],
            remediation: `Leave out ${path[0]}.dataTraceEnabled, or set it to false.`,
            types,
            path: [...path, "dataTraceEnabled"],
            test: is(undefined, null, false),
            message: "dataTraceEnabled must be false.",
        }),
    ),
    propertyRule({
        name: "apigateway-method-settings-require-cache-encryption",
        description: "Responses that REST stages cache must be encrypted.",
        severity: "medium",
        category: "encryption-at-rest",
        controls: ["APIGW-150"],
        remediation: "Set settings.cacheDataEncrypted to true.",
        types: methodSettings,
        path: ["settings", "cacheDataEncrypted"],
        when: where(is(true), "settings", "cachingEnabled"),
        test: is(true),
        message: "settings.cacheDataEncrypted must be true.",
    }),
    {
        kind: "stack",
        name: "apigatewayv2-route-require-authorization",
        description:
            "Routes must know who calls: every route of an HTTP API, and $connect of a WebSocket API, where alone API Gateway authorizes.",
        severity: "medium",
        category: "least-privilege",
        controls: ["APIGW-143"],
        remediation:
            'Set authorizationType to "AWS_IAM", "JWT" or "CUSTOM" (the latter two with authorizerId); give a WebSocket API a $connect route.',
        check(stack: Stack, check: Check): void {
            for (const route of stack.ofType(...routes)) {
                const key = route.props.at("routeKey");
                const [protocol] = protocols(stack, route);
                if (mustAuthorize(key.text, protocol?.text)) {
                    mustKnowCaller(route);
                } else if (key.isUnknown && !knowsCaller(route)) {
                    check.undetermined(route, key);
                }
            }
            for (const api of stack.ofType(...apis)) {
                const itsRoutes = stack.referrers(api, "apiId", routes);
                const keys = itsRoutes.map(({ props }) => props.at("routeKey"));
                const protocol = api.props.at("protocolType");
                if (protocol.raw === "WEBSOCKET" && !keys.some((key) => key.isUnknown || key.raw === "$connect")) {
                    check.fail(api, protocol, "The WebSocket API must have a $connect route that authorizes.");
                }
            }

            function mustKnowCaller(route: Resource): void {
                const type = route.props.at("authorizationType");
                const types = ["AWS_IAM", "JWT", "CUSTOM"];
                check.must(route, type, is(...types), `authorizationType must be one of ${types.join(", ")}.`);
                if (type.raw === "JWT" || type.raw === "CUSTOM") {
                    const authorizer = route.props.at("authorizerId");
                    check.must(route, authorizer, isSet, "authorizerId must be set.", madeOf(authorizers));
                }
            }
        },
    },
    propertyRule({
        name: "apigatewayv2-integration-require-tls",
        description: "Private integrations must verify the certificate of what they call.",
        severity: "medium",
        category: "encryption-in-transit",
        controls: ["APIGW-144"],
        remediation: "Set tlsConfig.serverNameToVerify to the name in the certificate.",
        types: integrations,
        path: ["tlsConfig", "serverNameToVerify"],
        when: where(is("VPC_LINK"), "connectionType"),
        test: isSet,
        message: "tlsConfig.serverNameToVerify must be set.",
    }),
    ...(
        [
            ["apigatewayv2-integration-require-https", integrations, "integrationType", "integrationUri"],
            ["apigateway-integration-require-https", restIntegrations, "type", "uri"],
        ] as const
    ).map(([name, types, type, uri]) =>
        propertyRule({
            name,
            description: "Integrations must call HTTP services by HTTPS.",
            severity: "medium",
            category: "encryption-in-transit",
            controls: ["APIGW-144"],
            remediation: `Set ${uri} to a URL that starts with https://.`,
            types,
            path: [uri],
            when: where(is("HTTP", "HTTP_PROXY"), type),
            test: ({ text = "" }) => !/^http:/i.test(text),
            message: `${uri} must start with https://.`,
        }),
    ),
    ...(
        [
            [
                "apigatewayv2-domain-name-require-tls-policy",
                ["aws:apigatewayv2/domainName:DomainName"],
                ["domainNameConfiguration", "securityPolicy"],
            ],
            ["apigateway-domain-name-require-tls-policy", domainNames, ["securityPolicy"]],
        ] as const
    ).map(([name, types, path]) =>
        propertyRule({
            name,
            description: "Domain names must accept nothing older than TLS 1.2.",
            severity: "medium",
            category: "encryption-in-transit",
            controls: ["APIGW-145"],
            remediation: `Set ${path.join(".")} to "TLS_1_2" or a SecurityPolicy_TLS13 policy.`,
            types,
            path,
            test: ({ text = "" }) => text === "TLS_1_2" || /^SecurityPolicy_TLS13_1_[23]_/.test(text),
            message: `${path.join(".")} must be "TLS_1_2" or newer.`,
        }),
    ),
    {
        kind: "stack",
        name: "apigateway-stage-require-client-certificate",
        description: "Stages that call HTTP services over the internet must show them a client certificate.",
        severity: "low",
        category: "encryption-in-transit",
        controls: ["APIGW-146"],
        remediation: "Set clientCertificateId to an aws.apigateway.ClientCertificate, and let the service require it.",
        check(stack: Stack, check: Check): void {
            const message = "clientCertificateId must be set.";
            for (const api of stack.ofType(...apis)) {
                // HTTP APIs know no client certificates.
                const calling = stack.referrers(api, "apiId", integrations).filter(callsInternet("integrationType"));
                if (api.props.at("protocolType").raw === "WEBSOCKET" && calling.length > 0) {
                    for (const stage of stack.referrers(api, "apiId", stages)) {
                        check.must(stage, stage.props.at("clientCertificateId"), isSet, message);
                    }
                }
            }
            for (const api of stack.ofType(...restApis)) {
                if (stack.referrers(api, "restApi", restIntegrations).some(callsInternet("type"))) {
                    for (const stage of stack.referrers(api, "restApi", restStages)) {
                        check.must(stage, stage.props.at("clientCertificateId"), isSet, message);
                    }
                }
            }
        },
    },
    ...["throttlingBurstLimit", "throttlingRateLimit"].map((limit) =>
        propertyRule({
            name: `apigatewayv2-stage-require-${limit === "throttlingRateLimit" ? "rate" : "burst"}-limit`,
            description: "Stages must have limits of their own: without, one client uses up what the account has.",
            severity: "low",
            category: "resilience",
            controls: ["APIGW-147"],
            remediation: `Set defaultRouteSettings.${limit} to what clients need at most.`,
            types: stages,
            path: ["defaultRouteSettings", limit],
            test: isPositive,
            message: `defaultRouteSettings.${limit} must be set.`,
        }),
    ),
    propertyRule({
        name: "apigateway-stage-require-tracing",
        description: "REST stages must be traced.",
        severity: "low",
        category: "logging",
        controls: ["APIGW-148"],
        remediation: "Set xrayTracingEnabled to true.",
        types: restStages,
        path: ["xrayTracingEnabled"],
        test: is(true),
        message: "xrayTracingEnabled must be true.",
    }),
    {
        kind: "stack",
        name: "apigateway-stage-require-waf",
        description: "REST stages must be behind a web ACL, unless the API is private.",
        severity: "medium",
        category: "network",
        controls: ["APIGW-149"],
        remediation: "Associate an aws.wafv2.WebAcl with the stage by aws.wafv2.WebAclAssociation.",
        check(stack: Stack, check: Check): void {
            for (const stage of stack.ofType(...restStages)) {
                if (stack.referrers(stage, "resourceArn", webAclAssociations).length > 0) {
                    continue;
                }
                const [api] = stack.references(stage, "restApi", restApis);
                const types = api?.props.at("endpointConfiguration", "types");
                if (api && types?.hasUnknown) {
                    check.undetermined(api, types.firstUnknown!);
                } else if (!types?.items().some(({ raw }) => raw === "PRIVATE")) {
                    check.fail(stage, "stageName", "The stage must have a web ACL.");
                }
            }
        },
    },
    {
        kind: "resource",
        name: "apigateway-method-require-authorization",
        description: "REST methods must know who calls, or at least ask for an API key.",
        severity: "high",
        category: "least-privilege",
        controls: ["APIGW-151"],
        remediation: 'Set authorization to "AWS_IAM", "CUSTOM" or "COGNITO_USER_POOLS", or apiKeyRequired to true.',
        types: methods,
        check(resource: Resource, check: Check): void {
            const { props } = resource;
            const method = props.at("httpMethod");
            const authorization = props.at("authorization");
            const key = props.at("apiKeyRequired");
            if (method.raw === "OPTIONS" || key.raw === true || isAuthorization(authorization)) {
                return;
            }
            const unknown = [authorization, method, key].find(({ isUnknown }) => isUnknown);
            check.must(resource, unknown ?? authorization, () => false, 'authorization must not be "NONE".');
        },
    },
    propertyRule({
        name: "apigateway-method-require-request-validation",
        description: "REST methods must validate requests before they reach the service.",
        severity: "low",
        category: "network",
        controls: ["APIGW-152"],
        remediation: "Set requestValidatorId to an aws.apigateway.RequestValidator.",
        types: methods,
        path: ["requestValidatorId"],
        when: isNoPreflight,
        test: isSet,
        message: "requestValidatorId must be set.",
    }),
];

/** Controls of API Gateway that no rule can enforce, and why. */
export const apiGatewayNotApplicable: Readonly<Record<string, string>> = {};

const webAclAssociations = [
    "aws:wafv2/webAclAssociation:WebAclAssociation",
    "aws:wafregional/webAclAssociation:WebAclAssociation",
];

function logs({ raw }: Value): boolean {
    return raw === "ERROR" || raw === "INFO";
}

/** Whether an access log's format is a JSON object. Variables may stand there with or without quotes. */
function isJsonObject(format: Value): boolean {
    try {
        const parsed: unknown = JSON.parse((format.text ?? "").replace(/\$(context|stageVariables)[\w.[\]]*/g, "0"));
        return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed);
    } catch {
        return false;
    }
}

/** Protocol types of the APIs, as far as they are in this stack, that a route or stage is of. */
const protocols = (stack: Stack, resource: Resource): Value[] =>
    stack.references(resource, "apiId", apis).map(({ props }) => props.at("protocolType"));

/** Whether requests on a route must be authorized there. `$default` is in both kinds of API. */
function mustAuthorize(routeKey: string | undefined, protocol: string | undefined): boolean {
    return (
        routeKey === "$connect" ||
        (routeKey === "$default" && protocol === "HTTP") ||
        /^(?!OPTIONS )[A-Z]+ \//.test(routeKey ?? "")
    );
}

const isAuthorization = (value: Value): boolean => isSet(value) && !value.isUnknown && value.raw !== "NONE";

const knowsCaller = ({ props }: Resource): boolean => isAuthorization(props.at("authorizationType"));

const callsInternet =
    (type: string) =>
    ({ props }: Resource): boolean =>
        is("HTTP", "HTTP_PROXY")(props.at(type)) && props.at("connectionType").raw !== "VPC_LINK";

/** Whether settings are of this stage: by reference to it, or by the name of the stage and reference to its API. */
function concernsStage(stack: Stack, settings: Resource, stage: Resource): boolean {
    const name = settings.props.at("stageName");
    return (
        stack.references(settings, "stageName", restStages).includes(stage) ||
        (name.text !== undefined && name.raw === stage.props.at("stageName").raw)
    );
}
