import { AwsError, type AwsResource } from "../account";
import { faultOf } from "../deployments";
import {
    checkEach,
    needs,
    refusal,
    refusedIf,
    unique,
    unused,
    valuesAt,
    within,
    type Attempt,
    type Check,
    type Refusals,
} from "./attempt";
import {
    aDestination,
    aFunction,
    aKey,
    aLogGroup,
    anApi,
    anMskCluster,
    aQueue,
    aQueueUrl,
    aRole,
    aSecurityGroup,
    aSubnet,
    aTopic,
    findFunction,
} from "./exists";
import { principalsExist } from "./identity";
import { mayDo } from "./permissions";

/** What of an account's concurrency must stay unreserved. In a new account, which has less, that is all. */
const unreserved = 100;

const source = (attempt: Attempt): string => String(attempt.inputs.eventSourceArn);
const isQueue = (attempt: Attempt): boolean => source(attempt).startsWith("arn:aws:sqs:");
const isKafka = (attempt: Attempt): boolean => source(attempt).startsWith("arn:aws:kafka:");

const noFunction = refusal("ResourceNotFoundException", "Function not found: %");

/** What the function that tries images answers. Its code has tests of its own; others answer well. */
const trialOf: Check = ({ inputs, account }) => {
    const [tries] = /-image-trial$/.exec(String(inputs.functionName)) ?? [];
    const { taskDefinitionArn } = JSON.parse(String(inputs.input)) as { taskDefinitionArn?: string };
    if (tries !== undefined && faultOf(account, String(taskDefinitionArn)) === "fails its self-test") {
        throw new AwsError("Unhandled", `${taskDefinitionArn} failed its self-test: exit code 1`);
    }
};

/** Whether the image is there: pushed into an existing repository of the same account and region. */
function isImage(image: string, { account }: Attempt): boolean {
    const registry = `${account.accountId}.dkr.ecr.${account.region}.amazonaws.com/`;
    if (!image.startsWith(registry)) {
        return false;
    }
    const [repository] = image.slice(registry.length).split(/[@:]/) as [string];
    return (
        account.get("aws:ecr/repository:Repository", repository) !== undefined &&
        account.images.has(image.slice(registry.length))
    );
}

const mustAllow = (
    refused: ReturnType<typeof refusal>,
    actions: (attempt: Attempt) => string[],
    role: (attempt: Attempt) => string,
): Check =>
    refusedIf(
        refused,
        (_inputs, attempt) => actions(attempt).some((action) => !mayDo(attempt.account, role(attempt), action)),
        role,
    );

function isJson(text: string): boolean {
    try {
        JSON.parse(text);
        return true;
    } catch {
        return false;
    }
}

/** The database that a called function signs in to. */
function databaseOf({ inputs, account }: Attempt): AwsResource | undefined {
    const { POSTGRES_ENDPOINT } = variablesOf({ inputs, account });
    return account.ofType("aws:rds/instance:Instance").find(({ outputs }) => outputs.endpoint === POSTGRES_ENDPOINT);
}

/** Whether the function signs in to a database. */
const signsIn = (attempt: Attempt): boolean => variablesOf(attempt).POSTGRES_ENDPOINT !== undefined;

/** Environment of the function that is called. */
function variablesOf({ inputs, account }: Pick<Attempt, "inputs" | "account">): Record<string, string | undefined> {
    const { environment } = findFunction(account, inputs.functionName)!.inputs as {
        environment?: { variables?: Record<string, string> };
    };
    return environment?.variables ?? {};
}

/** Whether rules lead out of the function's security groups, and into the database's. */
function reachesDatabase(attempt: Attempt): boolean {
    const { account, inputs } = attempt;
    const { port, vpcSecurityGroupIds } = databaseOf(attempt)!.outputs as {
        port: number;
        vpcSecurityGroupIds: string[];
    };
    const own = valuesAt(findFunction(account, inputs.functionName)!.inputs, "vpcConfig.securityGroupIds");
    const leads = (type: string, from: string[], to: string[]): boolean =>
        account
            .ofType(type)
            .some(
                ({ inputs: rule }) =>
                    from.includes(rule.securityGroupId) &&
                    to.includes(rule.referencedSecurityGroupId) &&
                    rule.fromPort <= port &&
                    rule.toPort >= port,
            );
    return (
        leads("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", own, vpcSecurityGroupIds) &&
        leads("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", vpcSecurityGroupIds, own)
    );
}

const noApi = refusal("NotFoundException", "Invalid API identifier specified %");
const ofApi = needs("apiId", anApi, noApi);

/** Parts of an API must exist in the same one. */
const inApi = (path: string, type: string, refused: ReturnType<typeof refusal>): Check =>
    checkEach(path, refused, (value, { inputs, account }) => {
        const id = String(value).replace(/^integrations\//, "");
        return account.get(type, id)?.inputs.apiId === inputs.apiId;
    });

const routes = "aws:apigatewayv2/route:Route";

export const serverless: Record<string, Refusals> = {
    "aws:lambda/function:Function": {
        put: [
            needs(
                "role",
                aRole,
                refusal(
                    "InvalidParameterValueException",
                    "The role defined for the function cannot be assumed by Lambda: %",
                ),
            ),
            checkEach(
                "imageUri",
                refusal(
                    "InvalidParameterValueException",
                    "Source image % does not exist. Provide a valid source image.",
                ),
                isImage,
            ),
            needs(
                "vpcConfig.subnetIds",
                aSubnet,
                refusal("InvalidParameterValueException", "Error occurred while DescribeSubnets: % does not exist"),
            ),
            needs(
                "vpcConfig.securityGroupIds",
                aSecurityGroup,
                refusal(
                    "InvalidParameterValueException",
                    "Error occurred while DescribeSecurityGroups: % does not exist",
                ),
            ),
            mustAllow(
                refusal(
                    "InvalidParameterValueException",
                    "The provided execution role does not have permissions to call CreateNetworkInterface on EC2: %",
                ),
                ({ inputs }) =>
                    valuesAt(inputs, "vpcConfig.subnetIds").length > 0 ? ["ec2:CreateNetworkInterface"] : [],
                ({ inputs }) => inputs.role,
            ),
            needs("kmsKeyArn", aKey, refusal("KMSNotFoundException", "Key '%' does not exist")),
            needs(
                "deadLetterConfig.targetArn",
                aDestination,
                refusal("InvalidParameterValueException", "The dead-letter target % does not exist."),
            ),
            within("timeout", 1, 900, refusal("InvalidParameterValueException", "Timeout must be 1 to 900, not %")),
            within(
                "memorySize",
                128,
                10_240,
                refusal("InvalidParameterValueException", "'MemorySize' value failed to satisfy 128 to 10240: %"),
            ),
            refusedIf(
                refusal(
                    "InvalidParameterValueException",
                    "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [%].",
                ),
                ({ reservedConcurrentExecutions: reserved }, attempt) => {
                    const others = attempt
                        .others("aws:lambda/function:Function")
                        .reduce((sum, { inputs }) => sum + Math.max(0, inputs.reservedConcurrentExecutions ?? 0), 0);
                    const reservable = attempt.account.concurrentExecutions - unreserved;
                    return reserved > 0 && others + Number(reserved) > reservable;
                },
                ({ account }) => String(Math.min(unreserved, account.concurrentExecutions)),
            ),
        ],
        create: [unique(refusal("ResourceConflictException", "Function already exist: %"), "name")],
    },
    "aws:lambda/invocation:Invocation": {
        create: [
            needs("functionName", aFunction, noFunction),
            checkEach("input", refusal("InvalidRequestContentException", "Could not parse request body: %"), isJson),
            // What the program's own functions say: one tries images, one signs in to the database that its environment names.
            trialOf,
            refusedIf(
                refusal("FunctionError", "DNS: the database of % has no address"),
                (_inputs, attempt) => signsIn(attempt) && !databaseOf(attempt),
                ({ inputs }) => inputs.functionName,
            ),
            refusedIf(
                refusal("FunctionError", "TCP: no connection from % to the database"),
                (_inputs, attempt) => signsIn(attempt) && !reachesDatabase(attempt),
                ({ inputs }) => inputs.functionName,
            ),
            mustAllow(
                refusal("FunctionError", "Secrets Manager: the master user's password can't be read by %"),
                (attempt) => (signsIn(attempt) ? ["secretsmanager:GetSecretValue", "kms:Decrypt"] : []),
                ({ inputs, account }) => String(findFunction(account, inputs.functionName)!.inputs.role),
            ),
        ],
    },
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": {
        put: [
            needs("functionName", aFunction, noFunction),
            needs(
                "destinationConfig.onFailure.destination",
                aDestination,
                refusal("InvalidParameterValueException", "The destination % does not exist"),
            ),
            mustAllow(
                refusal(
                    "InvalidParameterValueException",
                    "The function's execution role does not have permissions to call SendMessage on its destination: %",
                ),
                ({ inputs }) =>
                    valuesAt(inputs, "destinationConfig.onFailure.destination").some((arn) =>
                        String(arn).startsWith("arn:aws:sqs:"),
                    )
                        ? ["sqs:SendMessage"]
                        : [],
                ({ inputs, account }) => String(findFunction(account, inputs.functionName)!.inputs.role),
            ),
            within(
                "maximumRetryAttempts",
                0,
                2,
                refusal("InvalidParameterValueException", "MaximumRetryAttempts must be 0 to 2, not %"),
            ),
            within(
                "maximumEventAgeInSeconds",
                60,
                21_600,
                refusal("InvalidParameterValueException", "MaximumEventAgeInSeconds must be 60 to 21600, not %"),
            ),
        ],
    },
    "aws:lambda/permission:Permission": {
        put: [needs("function", aFunction, noFunction)],
        create: [
            unique(
                refusal("ResourceConflictException", "The statement id (%) provided already exists."),
                "statementId",
                "function",
            ),
        ],
    },
    "aws:lambda/eventSourceMapping:EventSourceMapping": {
        put: [
            needs("functionName", aFunction, noFunction),
            refusedIf(
                refusal("InvalidParameterValueException", "Event source does not exist: %"),
                (_inputs, attempt) =>
                    (isQueue(attempt) && !aQueue(attempt.account, source(attempt))) ||
                    (isKafka(attempt) && !anMskCluster(attempt.account, source(attempt))),
                source,
            ),
            needs(
                "destinationConfig.onFailure.destinationArn",
                aDestination,
                refusal("InvalidParameterValueException", "The on-failure destination % does not exist."),
            ),
            mustAllow(
                refusal(
                    "InvalidParameterValueException",
                    "The function execution role does not have permissions to call ReceiveMessage on SQS: %",
                ),
                (attempt) =>
                    isQueue(attempt) ? ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"] : [],
                ({ inputs, account }) => String(findFunction(account, inputs.functionName)!.inputs.role),
            ),
            refusedIf(
                refusal(
                    "InvalidParameterValueException",
                    "Queue visibility timeout is less than the function's timeout: %",
                ),
                ({ functionName }, attempt) => {
                    const queue = attempt.account
                        .ofType("aws:sqs/queue:Queue")
                        .find(({ outputs }) => outputs.arn === source(attempt));
                    const timeout: number = findFunction(attempt.account, functionName)!.inputs.timeout ?? 3;
                    return queue !== undefined && (queue.inputs.visibilityTimeoutSeconds ?? 30) < timeout;
                },
                source,
            ),
            refusedIf(
                refusal("InvalidParameterValueException", "Batch size is out of the bounds of the event source: %"),
                ({ batchSize = 10, maximumBatchingWindowInSeconds: window = 0 }, attempt) => {
                    const most = isKafka(attempt)
                        ? 10_000
                        : source(attempt).endsWith(".fifo") || window < 1
                          ? 10
                          : 10_000;
                    return batchSize < 1 || batchSize > most;
                },
                source,
            ),
            within(
                "maximumBatchingWindowInSeconds",
                0,
                300,
                refusal("InvalidParameterValueException", "Maximum batch window must be 0 to 300 seconds, not %"),
            ),
            within(
                "scalingConfig.maximumConcurrency",
                2,
                1000,
                refusal("InvalidParameterValueException", "Maximum concurrency must be 2 to 1000, not %"),
            ),
            refusedIf(
                refusal(
                    "InvalidParameterValueException",
                    "A Kafka event source needs one topic and a starting position: %",
                ),
                (inputs, attempt) =>
                    isKafka(attempt) &&
                    (valuesAt(inputs, "topics").length !== 1 || inputs.startingPosition === undefined),
                source,
            ),
        ],
        create: [
            refusedIf(
                refusal(
                    "ResourceConflictException",
                    "An event source mapping with this event source, function and topic already exists: %",
                ),
                (inputs, attempt) =>
                    attempt
                        .others(attempt.resource.type)
                        .some((other) =>
                            ["eventSourceArn", "functionName", "topics"].every(
                                (property) =>
                                    JSON.stringify(other.inputs[property]) === JSON.stringify(inputs[property]),
                            ),
                        ),
                source,
            ),
        ],
    },

    "aws:apigateway/account:Account": {
        put: [
            checkEach(
                "cloudwatchRoleArn",
                refusal(
                    "BadRequestException",
                    "The role ARN does not have required permissions configured. Please grant trust permission for API Gateway and add the required role policy: %",
                ),
                (role: string, { account }) => aRole(account, role) && mayDo(account, role, "logs:PutLogEvents"),
            ),
        ],
    },
    "aws:apigatewayv2/api:Api": {
        put: [
            refusedIf(
                refusal("BadRequestException", "A route selection expression is required for WebSocket API %"),
                ({ protocolType, routeSelectionExpression }) =>
                    protocolType === "WEBSOCKET" && !routeSelectionExpression,
            ),
        ],
    },
    "aws:apigatewayv2/authorizer:Authorizer": {
        put: [
            ofApi,
            checkEach(
                "authorizerUri",
                refusal("BadRequestException", "Invalid Authorizer URI: %"),
                (uri: string, { account }) => aFunction(account, uri),
            ),
        ],
        create: [
            unique(
                refusal(
                    "BadRequestException",
                    "Authorizer name must be unique. Authorizer % already exists in this API.",
                ),
                "name",
                "apiId",
            ),
        ],
        delete: [
            unused(refusal("ConflictException", "Cannot delete authorizer '%', is referenced by a route"), "id", {
                [routes]: "authorizerId",
            }),
        ],
    },
    "aws:apigatewayv2/integration:Integration": {
        put: [
            ofApi,
            needs("credentialsArn", aRole, refusal("BadRequestException", "Invalid role ARN %")),
            checkEach(
                "integrationUri",
                refusal("BadRequestException", "Invalid ARN specified in the request: %"),
                (uri: string, { inputs }) =>
                    !["AWS", "AWS_PROXY"].includes(inputs.integrationType) ||
                    /^arn:aws[a-z-]*:apigateway:[a-z0-9-]+:[a-z0-9-]+:(path|action)\/.+/.test(uri),
            ),
            within(
                "timeoutMilliseconds",
                50,
                29_000,
                refusal("BadRequestException", "Timeout should be between 50 ms and 29000 ms, not %"),
            ),
        ],
        delete: [
            refusedIf(
                refusal("ConflictException", "Cannot delete Integration '%' as it is in use by a Route"),
                (_inputs, attempt) =>
                    attempt
                        .others(routes)
                        .some(({ inputs }) => inputs.target === `integrations/${attempt.resource.id}`),
            ),
        ],
    },
    "aws:apigatewayv2/route:Route": {
        put: [
            ofApi,
            inApi(
                "target",
                "aws:apigatewayv2/integration:Integration",
                refusal("BadRequestException", "Invalid target specified: %"),
            ),
            inApi(
                "authorizerId",
                "aws:apigatewayv2/authorizer:Authorizer",
                refusal("BadRequestException", "Invalid authorizer specified: %"),
            ),
            refusedIf(
                refusal(
                    "BadRequestException",
                    "Currently, authorization is only permitted on the $connect route, not on %",
                ),
                ({ authorizerId, routeKey }) => authorizerId !== undefined && routeKey !== "$connect",
                ({ inputs }) => inputs.routeKey,
            ),
        ],
        create: [
            unique(refusal("ConflictException", "Route with key % already exists for this API"), "routeKey", "apiId"),
        ],
    },
    "aws:apigatewayv2/deployment:Deployment": {
        put: [
            ofApi,
            refusedIf(
                refusal("BadRequestException", "At least one route is required before deploying the Api: %"),
                ({ apiId }, { account }) => !account.ofType(routes).some(({ inputs }) => inputs.apiId === apiId),
                ({ inputs }) => inputs.apiId,
            ),
        ],
        delete: [
            unused(
                refusal("BadRequestException", "Active stages pointing to deployment % must be moved or deleted"),
                "id",
                { "aws:apigatewayv2/stage:Stage": "deploymentId" },
            ),
        ],
    },
    "aws:apigatewayv2/stage:Stage": {
        put: [
            ofApi,
            inApi(
                "deploymentId",
                "aws:apigatewayv2/deployment:Deployment",
                refusal("NotFoundException", "Invalid Deployment identifier specified %"),
            ),
            needs(
                "accessLogSettings.destinationArn",
                aLogGroup,
                refusal("BadRequestException", "The access logs' destination does not exist: %"),
            ),
            refusedIf(
                refusal(
                    "BadRequestException",
                    "CloudWatch Logs role ARN must be set in account settings to enable logging of stage %",
                ),
                (inputs, { account }) =>
                    (inputs.accessLogSettings !== undefined ||
                        !["OFF", undefined].includes(inputs.defaultRouteSettings?.loggingLevel)) &&
                    !account.ofType("aws:apigateway/account:Account").some((one) => one.inputs.cloudwatchRoleArn),
            ),
        ],
        create: [unique(refusal("ConflictException", "Stage % already exists"), "name", "apiId")],
    },

    "aws:sqs/queue:Queue": {
        put: [
            checkEach(
                "redrivePolicy",
                refusal("InvalidParameterValue", "The dead-letter queue does not exist: %"),
                (policy: string, { account }) => aQueue(account, JSON.parse(policy).deadLetterTargetArn),
            ),
            refusedIf(
                refusal("InvalidParameterValue", "The name of a FIFO queue must end with .fifo, and no other may: %"),
                ({ fifoQueue }, { resource }) =>
                    String(resource.outputs.name).endsWith(".fifo") !== (fifoQueue === true),
                ({ resource }) => String(resource.outputs.name),
            ),
            refusedIf(
                refusal("InvalidParameterValue", "The dead-letter queue of a FIFO queue must be one too: %"),
                ({ fifoQueue, redrivePolicy }) =>
                    redrivePolicy !== undefined &&
                    String(JSON.parse(redrivePolicy).deadLetterTargetArn).endsWith(".fifo") !== (fifoQueue === true),
            ),
            within(
                "visibilityTimeoutSeconds",
                0,
                43_200,
                refusal("InvalidAttributeValue", "Invalid value % for the visibility timeout."),
            ),
            within(
                "messageRetentionSeconds",
                60,
                1_209_600,
                refusal("InvalidAttributeValue", "Invalid value % for the retention of messages."),
            ),
        ],
        create: [unique(refusal("QueueAlreadyExists", "A queue already exists with the same name: %"), "name")],
    },
    "aws:sqs/queuePolicy:QueuePolicy": {
        put: [
            needs(
                "queueUrl",
                aQueueUrl,
                refusal("AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist: %"),
            ),
            principalsExist("policy", refusal("InvalidAttributeValue", "Invalid value for the parameter Policy: %")),
        ],
    },
    "aws:sns/topic:Topic": {
        create: [unique(refusal("InvalidParameter", "Topic already exists with different attributes: %"), "name")],
    },
    "aws:sns/topicPolicy:TopicPolicy": {
        put: [
            needs("arn", aTopic, refusal("NotFound", "Topic does not exist: %")),
            principalsExist("policy", refusal("InvalidParameter", "Policy Error: PrincipalNotFound: %")),
        ],
    },
    "aws:sns/topicSubscription:TopicSubscription": {
        put: [
            needs("topic", aTopic, refusal("NotFound", "Topic of the subscription does not exist: %")),
            refusedIf(
                refusal("InvalidParameter", "Invalid parameter: Endpoint %"),
                ({ protocol, endpoint }, { account }) =>
                    ["sqs", "lambda"].includes(protocol) && !aDestination(account, endpoint),
                ({ inputs }) => inputs.endpoint,
            ),
        ],
    },
};
