import assert from "node:assert/strict";
import { find, ofType, record, type RecordedResource, type Recording } from "../../support/record";
import { Scope } from "../../../components/building-blocks";
import { build, connections, imagesFor, recordColdPath, roleStatements, statements } from "./fixture";

const queueArn = "arn:aws:sqs:ap-northeast-2:123456789012:aipx-dev-cognitive-messages.fifo";
const v2 = (recording: Recording, kind: string, name: string): RecordedResource =>
    find(
        recording,
        `aws:apigatewayv2/${kind[0]!.toLowerCase()}${kind.slice(1)}:${kind}`,
        `cold-path-cognitive-api${name}`,
    );

const cognitive = { memoryMB: 512, timeoutSeconds: 120, bedrockModels: [], messagesPerSecond: 20 };

describe("Cognitive", () => {
    let recording: Recording;
    before(async () => {
        recording = await recordColdPath();
    });

    describe("WebSocket API", () => {
        it("lets nobody connect without the authorizer, and has no other way in", () => {
            const routes = ofType(recording, "aws:apigatewayv2/route:Route");
            assert.deepEqual(routes.map(({ inputs }) => inputs.routeKey as string).sort(), ["$connect", "$default"]);
            const connect = v2(recording, "Route", "-connect");
            const authorizer = v2(recording, "Authorizer", "");
            assert.equal(connect.inputs.authorizationType, "CUSTOM");
            assert.equal(connect.inputs.authorizerId, authorizer.id);
            const fn = find(recording, "aws:lambda/function:Function", "cold-path-cognitive-authorizer");
            assert.deepEqual(authorizer.inputs, {
                apiId: v2(recording, "Api", "").id,
                name: "websocket-authorizer",
                authorizerType: "REQUEST",
                authorizerUri: fn.outputs.invokeArn,
                identitySources: ["route.request.header.Sec-WebSocket-Protocol"],
            });
        });

        it("may invoke the authorizer, and only as that authorizer", () => {
            const { inputs } = find(
                recording,
                "aws:lambda/permission:Permission",
                "cold-path-cognitive-api-authorizer",
            );
            const api = v2(recording, "Api", "");
            assert.deepEqual(inputs, {
                action: "lambda:InvokeFunction",
                function: "aipx-dev-websocket-authorizer",
                principal: "apigateway.amazonaws.com",
                sourceArn: `${String(api.outputs.executionArn)}/authorizers/${v2(recording, "Authorizer", "").id}`,
            });
        });

        it("has a handshake answered by a function, which alone can select the subprotocol", () => {
            const integration = v2(recording, "Integration", "-connect");
            const fn = find(recording, "aws:lambda/function:Function", "cold-path-cognitive-connect");
            const api = v2(recording, "Api", "");
            assert.deepEqual(integration.inputs, {
                apiId: api.id,
                integrationType: "AWS_PROXY",
                integrationMethod: "POST",
                integrationUri: fn.outputs.invokeArn,
            });
            assert.equal(v2(recording, "Route", "-connect").inputs.target, `integrations/${integration.id}`);
            assert.deepEqual(
                find(recording, "aws:lambda/permission:Permission", "cold-path-cognitive-api-connect").inputs,
                {
                    action: "lambda:InvokeFunction",
                    function: "aipx-dev-websocket-connect",
                    principal: "apigateway.amazonaws.com",
                    sourceArn: `${String(api.outputs.executionArn)}/aipx-dev/$connect`,
                },
            );
        });

        it("has that function reach nothing, and run for everybody who is admitted", async () => {
            assert.deepEqual(roleStatements(recording, "aipx-dev-websocket-connect"), []);
            assert.deepEqual(connections(recording, "cold-path-cognitive-connect"), []);
            const bounded = await recordColdPath({
                websocketAuthorizer: { memoryMB: 512, timeoutSeconds: 5, reservedConcurrency: 7 },
            });
            for (const name of ["authorizer", "connect"]) {
                const fn = find(bounded, "aws:lambda/function:Function", `cold-path-cognitive-${name}`);
                assert.equal(fn.inputs.reservedConcurrentExecutions, 7, name);
            }
        });

        it("puts each message into the queue, grouped by connection, with its sender as attributes", () => {
            const integration = v2(recording, "Integration", "-messages");
            const role = find(recording, "aws:iam/role:Role", "cold-path-cognitive-api");
            const { requestTemplates, ...inputs } = integration.inputs as { requestTemplates: Record<string, string> };
            assert.deepEqual(inputs, {
                apiId: v2(recording, "Api", "").id,
                integrationType: "AWS",
                integrationMethod: "POST",
                integrationUri:
                    "arn:aws:apigateway:ap-northeast-2:sqs:path/123456789012/aipx-dev-cognitive-messages.fifo",
                credentialsArn: role.outputs.arn,
                requestParameters: { "integration.request.header.Content-Type": "'application/x-www-form-urlencoded'" },
                templateSelectionExpression: "\\$default",
                passthroughBehavior: "NEVER",
            });
            // The template as a form: every value that a client or AWS decides goes through urlEncode.
            assert.deepEqual(Object.fromEntries(requestTemplates.$default!.split("&").map((pair) => pair.split("="))), {
                Action: "SendMessage",
                MessageGroupId: "$util.urlEncode($context.connectionId)",
                MessageDeduplicationId: "$util.urlEncode($context.requestId)",
                "MessageAttribute.1.Name": "connectionId",
                "MessageAttribute.1.Value.DataType": "String",
                "MessageAttribute.1.Value.StringValue": "$util.urlEncode($context.connectionId)",
                "MessageAttribute.2.Name": "requestId",
                "MessageAttribute.2.Value.DataType": "String",
                "MessageAttribute.2.Value.StringValue": "$util.urlEncode($context.requestId)",
                "MessageAttribute.3.Name": "principalId",
                "MessageAttribute.3.Value.DataType": "String",
                "MessageAttribute.3.Value.StringValue": "$util.urlEncode($context.authorizer.principalId)",
                MessageBody: "$util.urlEncode($input.body)",
            });
            assert.equal(v2(recording, "Route", "-messages").inputs.target, `integrations/${integration.id}`);
        });

        it("may only send to that queue", () => {
            const role = find(recording, "aws:iam/role:Role", "cold-path-cognitive-api");
            assert.deepEqual(statements(role.inputs.assumeRolePolicy)[0]?.Principal, {
                Service: "apigateway.amazonaws.com",
            });
            assert.deepEqual(
                roleStatements(recording, "aipx-dev-cognitive-api").map(({ Action, Resource }) => [Action, Resource]),
                [
                    ["sqs:SendMessage", queueArn],
                    [["kms:Decrypt", "kms:GenerateDataKey"], "arn:aws:kms:ap-northeast-2:123456789012:key/*"],
                ],
            );
        });

        it("is throttled, logs who connects and what fails, and never what people write", () => {
            const stage = v2(recording, "Stage", "");
            const api = v2(recording, "Api", "");
            assert.equal(stage.inputs.name, "aipx-dev");
            assert.equal(stage.inputs.deploymentId, v2(recording, "Deployment", "").id);
            assert.deepEqual(stage.inputs.defaultRouteSettings, {
                throttlingRateLimit: 20,
                throttlingBurstLimit: 20,
                loggingLevel: "ERROR",
                dataTraceEnabled: false,
            });
            const logGroup = (suffix: string): RecordedResource =>
                find(recording, "aws:cloudwatch/logGroup:LogGroup", `cold-path-cognitive-api-${suffix}`);
            const { destinationArn, format } = stage.inputs.accessLogSettings as Record<string, string>;
            assert.equal(destinationArn, logGroup("access").outputs.arn);
            const fields = Object.values(JSON.parse(format!) as Record<string, string>);
            assert.ok(fields.includes("$context.requestId"));
            assert.ok(fields.every((field) => /^\$context\.[a-zA-Z.]+$/.test(field)));
            assert.equal(logGroup("access").inputs.name, "/aipx/dev/cognitive-api");
            assert.equal(logGroup("execution").inputs.name, `/aws/apigateway/${api.id}/aipx-dev`);
            for (const group of ["access", "execution"]) {
                assert.equal(logGroup(group).inputs.retentionInDays, 7);
            }
            assert.ok(stage.dependencies.includes(logGroup("execution").urn), "AWS makes a missing group by itself");
        });

        it("leaves API Gateway's right to write logs behind, and another installation's in place", () => {
            const account = find(recording, "aws:apigateway/account:Account", "cold-path-cognitive-api-logging");
            const role = find(recording, "aws:iam/role:Role", "cold-path-cognitive-api-logging");
            const policy = find(recording, "aws:iam/rolePolicy:RolePolicy", "cold-path-cognitive-api-logging");
            assert.equal(account.inputs.cloudwatchRoleArn, role.outputs.arn);
            assert.deepEqual(account.options.ignoreChanges, ["cloudwatchRoleArn"]);
            assert.equal(role.inputs.name, undefined);
            for (const { options, urn } of [account, role, policy]) {
                assert.equal(options.retainOnDelete, true, urn);
            }
            assert.ok(account.dependencies.includes(policy.urn));
            assert.ok(v2(recording, "Stage", "").dependencies.includes(account.urn));
            assert.equal(statements(policy.inputs.policy)[0]?.Resource, "arn:aws:logs:ap-northeast-2:123456789012:*");
        });

        it("is deployed after its routes, and anew when they change", async () => {
            const deployment = v2(recording, "Deployment", "");
            for (const route of ["-connect", "-messages"]) {
                assert.ok(deployment.dependencies.includes(v2(recording, "Route", route).urn));
            }
            const elsewhere = new Scope({
                project: "aipx",
                environment: "qa",
                region: "ap-northeast-2",
                accountId: "123456789012",
            });
            const other = await record(() => void build({}, elsewhere));
            assert.notDeepEqual(v2(other, "Deployment", "").inputs.triggers, deployment.inputs.triggers);
            assert.deepEqual(v2(await recordColdPath(), "Deployment", "").inputs.triggers, deployment.inputs.triggers);
        });

        it("does not exist while either image is missing", async () => {
            for (const missing of ["cognitive", "websocket-authorizer"]) {
                const images = Object.fromEntries(
                    Object.entries(imagesFor([])).filter(([service]) => service !== missing),
                );
                const without = await recordColdPath({ images, strategies: {} });
                assert.deepEqual(
                    without.resources.filter(({ type }) => type.startsWith("aws:apigateway")),
                    [],
                    missing,
                );
                assert.deepEqual(
                    ofType(without, "aws:lambda/function:Function").map(({ name }) => name),
                    ["cold-path-data-recorder", "cold-path-notification"],
                );
                assert.deepEqual(without.outputs.servicesWaitingForImages, [missing]);
                assert.equal(without.outputs.webSocketUrl, undefined);
            }
        });
    });

    describe("dispatcher", () => {
        const dispatcher = "cold-path-cognitive-dispatcher";

        it("takes one message at a time, for as long as the agent needs", () => {
            const mapping = find(recording, "aws:lambda/eventSourceMapping:EventSourceMapping", dispatcher);
            const fn = find(recording, "aws:lambda/function:Function", dispatcher);
            const { tags, ...inputs } = mapping.inputs;
            assert.deepEqual(tags, { component: "cold-path", service: "cognitive-dispatcher" });
            assert.deepEqual(inputs, { functionName: fn.outputs.arn, eventSourceArn: queueArn, batchSize: 1 });
            assert.equal(fn.inputs.timeout, 120 + 45);
            const queue = find(recording, "aws:sqs/queue:Queue", "cold-path-cognitive-messages");
            assert.equal(queue.inputs.visibilityTimeoutSeconds, 120 + 45);
            assert.deepEqual(JSON.parse(queue.inputs.redrivePolicy as string), {
                deadLetterTargetArn: "arn:aws:sqs:ap-northeast-2:123456789012:aipx-dev-cognitive-failed.fifo",
                maxReceiveCount: 2,
            });
        });

        it("gets no more messages than agents may run at once, and has room for as many", async () => {
            for (const reservedConcurrency of [undefined, 2, 10]) {
                const bounded = await recordColdPath({ cognitive: { ...cognitive, reservedConcurrency } });
                const mapping = find(bounded, "aws:lambda/eventSourceMapping:EventSourceMapping", dispatcher);
                assert.deepEqual(
                    mapping.inputs.scalingConfig,
                    reservedConcurrency && { maximumConcurrency: reservedConcurrency },
                );
                for (const name of [dispatcher, "cold-path-cognitive-agent"]) {
                    const fn = find(bounded, "aws:lambda/function:Function", name);
                    assert.equal(fn.inputs.reservedConcurrentExecutions, reservedConcurrency, name);
                }
            }
        });

        it("knows the agent, the connections and the failure queue, and may do exactly this", () => {
            const api = v2(recording, "Api", "");
            const fn = find(recording, "aws:lambda/function:Function", dispatcher);
            assert.deepEqual(fn.inputs.environment.variables, {
                TZ: "Asia/Seoul",
                AIPX_ENVIRONMENT: "dev",
                AGENT_FUNCTION: "aipx-dev-cognitive",
                WEBSOCKET_CALLBACK_URL: `https://${api.id}.execute-api.ap-northeast-2.amazonaws.com/aipx-dev`,
                FAILURE_QUEUE_URL:
                    "https://sqs.ap-northeast-2.amazonaws.com/123456789012/aipx-dev-cognitive-failed.fifo",
            });
            const key = "arn:aws:kms:ap-northeast-2:123456789012:key/*";
            assert.deepEqual(
                roleStatements(recording, "aipx-dev-cognitive-dispatcher").map(({ Action, Resource }) => [
                    Action,
                    Resource,
                ]),
                [
                    [["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"], queueArn],
                    ["kms:Decrypt", key],
                    ["sqs:SendMessage", "arn:aws:sqs:ap-northeast-2:123456789012:aipx-dev-cognitive-failed.fifo"],
                    [["kms:Decrypt", "kms:GenerateDataKey"], key],
                    ["lambda:InvokeFunction", "arn:aws:lambda:ap-northeast-2:123456789012:function:aipx-dev-cognitive"],
                    [
                        "execute-api:ManageConnections",
                        "arn:aws:execute-api:ap-northeast-2:123456789012:*/aipx-dev/POST/@connections/*",
                    ],
                ],
            );
            assert.deepEqual(connections(recording, dispatcher), ["internet: 443"]);
        });
    });

    describe("agent", () => {
        it("knows where to answer, and may do exactly this", async () => {
            const api = v2(recording, "Api", "");
            const fn = find(recording, "aws:lambda/function:Function", "cold-path-cognitive-agent");
            assert.equal(
                fn.inputs.environment.variables.WEBSOCKET_CALLBACK_URL,
                `https://${api.id}.execute-api.ap-northeast-2.amazonaws.com/aipx-dev`,
            );
            const withModel = await recordColdPath({ cognitive: { ...cognitive, bedrockModels: ["amazon.nova"] } });
            assert.deepEqual(
                roleStatements(withModel, "aipx-dev-cognitive").map(({ Action, Resource }) => [Action, Resource]),
                [
                    [
                        "execute-api:ManageConnections",
                        "arn:aws:execute-api:ap-northeast-2:123456789012:*/aipx-dev/POST/@connections/*",
                    ],
                    [
                        ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
                        "arn:aws:bedrock:ap-northeast-2::foundation-model/amazon.nova",
                    ],
                    ["redis:Connect", "arn:aws:redis:::cognitive"],
                    ["postgres:Connect", "arn:aws:postgres:::cognitive"],
                ],
            );
            assert.deepEqual(connections(recording, "cold-path-cognitive-agent"), [
                "redis: 6379",
                "postgres: 5432",
                "internet: 443",
            ]);
        });
    });

    describe("authorizer", () => {
        it("reads the signing key, and may do nothing else", () => {
            assert.deepEqual(
                roleStatements(recording, "aipx-dev-websocket-authorizer").map(({ Action, Resource }) => [
                    Action,
                    Resource,
                ]),
                [
                    [
                        "secretsmanager:GetSecretValue",
                        "arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:aipx/dev/websocket-signing-key-??????",
                    ],
                    ["kms:Decrypt", "arn:aws:kms:ap-northeast-2:123456789012:key/*"],
                ],
            );
            assert.deepEqual(connections(recording, "cold-path-cognitive-authorizer"), ["internet: 443"]);
            const fn = find(recording, "aws:lambda/function:Function", "cold-path-cognitive-authorizer");
            assert.deepEqual(fn.inputs.environment.variables, {
                TZ: "Asia/Seoul",
                AIPX_ENVIRONMENT: "dev",
                WEBSOCKET_SIGNING_KEY_SECRET: "aipx/dev/websocket-signing-key",
            });
            assert.equal(fn.inputs.tags.service, "websocket-authorizer");
        });
    });
});
