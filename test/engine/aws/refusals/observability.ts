import { checkEach, needs, refusal, refusedIf, unique, unused, valuesAt, within, type Refusals } from "./attempt";
import { aBus, aDestination, aKey, aLogGroup, aRole, aTopic, findKey } from "./exists";
import { principalsExist } from "./identity";

const noBus = refusal("ResourceNotFoundException", "Event bus % does not exist.");
const retentions = [
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653, 0,
];

/** Whether each leaf of a pattern is a list of choices. */
function isEventPattern(text: string): boolean {
    const good = (value: unknown): boolean =>
        Array.isArray(value) ? value.length > 0 : typeof value === "object" && Object.values(value!).every(good);
    try {
        const pattern: unknown = JSON.parse(text);
        return !Array.isArray(pattern) && good(pattern);
    } catch {
        return false;
    }
}

export const observability: Record<string, Refusals> = {
    "aws:cloudwatch/logGroup:LogGroup": {
        put: [
            checkEach(
                "kmsKeyId",
                refusal(
                    "InvalidParameterException",
                    "The specified KMS Key Id does not exist or is not allowed to be used with this log group: %",
                ),
                (key: string, { account }) => {
                    // CloudWatch Logs tries the key out: its policy must let the service in.
                    const policy: unknown = findKey(account, key)?.inputs.policy;
                    return typeof policy === "string" && policy.includes(`logs.${account.region}.amazonaws.com`);
                },
            ),
            checkEach(
                "retentionInDays",
                refusal("InvalidParameterException", "% is no retention that CloudWatch Logs offers"),
                (days) => retentions.includes(days),
            ),
        ],
        create: [unique(refusal("ResourceAlreadyExistsException", "The specified log group % already exists"), "name")],
    },
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": {
        put: [
            needs(
                "logGroupName",
                aLogGroup,
                refusal("ResourceNotFoundException", "The specified log group does not exist: %"),
            ),
            refusedIf(
                refusal(
                    "InvalidParameterException",
                    "Invalid metric transformation: dimensions and a default value are exclusive: %",
                ),
                ({ metricTransformation: to }) =>
                    to?.defaultValue !== undefined && Object.keys(to.dimensions ?? {}).length > 0,
            ),
        ],
    },
    "aws:cloudwatch/metricAlarm:MetricAlarm": {
        put: [
            refusedIf(
                refusal("ValidationError", "Metrics cannot be checked across more than a week: %"),
                ({ period = 0, evaluationPeriods }) => period * evaluationPeriods > 604_800,
            ),
            refusedIf(
                refusal("ValidationError", "Datapoints to alarm must be at most the evaluation periods: %"),
                ({ datapointsToAlarm = 1, evaluationPeriods }) => datapointsToAlarm > evaluationPeriods,
            ),
            checkEach(
                "period",
                refusal("ValidationError", "Period must be 10, 20, 30 or a multiple of 60: %"),
                (period) => [10, 20, 30].includes(period) || (period > 0 && period % 60 === 0),
            ),
            checkEach(
                "alarmActions",
                refusal("ValidationError", "You can have at most 5 actions: %"),
                (_action, { inputs }) => valuesAt(inputs, "alarmActions").length <= 5,
            ),
            refusedIf(
                refusal("ValidationError", "Metrics may have 10 expressions and 10 metrics at most: %"),
                (inputs) =>
                    valuesAt(inputs, "metricQueries.expression").length > 10 ||
                    valuesAt(inputs, "metricQueries.metric").length > 10,
            ),
            checkEach(
                "metricQueries.expression",
                refusal("ValidationError", "Error in expression: it names what is not among the metrics: %"),
                (expression: string, { inputs }) => {
                    const ids = valuesAt(inputs, "metricQueries.id");
                    return (expression.match(/\b[a-z]\w*/g) ?? []).every((id) => ids.includes(id));
                },
            ),
            checkEach(
                "metricQueries.expression",
                refusal("ValidationError", "Expression must have length less than or equal to 2048: %"),
                (expression: string) => expression.length <= 2048,
            ),
        ],
    },
    "aws:cloudwatch/dashboard:Dashboard": {
        put: [
            checkEach(
                "dashboardBody",
                refusal("InvalidParameterInput", "The dashboard body is invalid: %"),
                (body: string) => {
                    const { widgets } = JSON.parse(body) as { widgets?: unknown[] };
                    return Array.isArray(widgets) && widgets.length <= 500;
                },
            ),
        ],
    },
    "aws:cloudwatch/eventBus:EventBus": {
        put: [
            needs("kmsKeyIdentifier", aKey, refusal("ValidationException", "KMS key % does not exist")),
            needs(
                "deadLetterConfig.arn",
                aDestination,
                refusal("ValidationException", "The dead-letter queue % does not exist."),
            ),
        ],
        create: [unique(refusal("ResourceAlreadyExistsException", "Event bus % already exists."), "name")],
        delete: [
            unused(refusal("ValidationException", "Event bus % can't be deleted since it has rules."), "name", {
                "aws:cloudwatch/eventRule:EventRule": "eventBusName",
            }),
        ],
    },
    "aws:cloudwatch/eventBusPolicy:EventBusPolicy": {
        put: [
            needs("eventBusName", aBus, noBus),
            principalsExist(
                "policy",
                refusal("ValidationException", "This policy names a principal that does not exist: %"),
            ),
        ],
    },
    "aws:cloudwatch/eventRule:EventRule": {
        put: [
            needs("eventBusName", aBus, noBus),
            refusedIf(
                refusal(
                    "ValidationException",
                    "Parameter(s) EventPattern or ScheduleExpression must be specified for rule %.",
                ),
                ({ eventPattern, scheduleExpression }) => !eventPattern && !scheduleExpression,
            ),
            checkEach(
                "eventPattern",
                refusal("InvalidEventPatternException", "Event pattern is not valid. Reason: %"),
                isEventPattern,
            ),
            refusedIf(
                refusal(
                    "ValidationException",
                    "ScheduleExpression is supported only on the default event bus: rule %.",
                ),
                ({ scheduleExpression, eventBusName = "default" }) =>
                    scheduleExpression !== undefined && eventBusName !== "default",
            ),
        ],
        delete: [
            refusedIf(
                refusal("ValidationException", "Rule can't be deleted since it has targets: %"),
                ({ eventBusName }, attempt) =>
                    attempt
                        .others("aws:cloudwatch/eventTarget:EventTarget")
                        .some(
                            ({ inputs }) =>
                                inputs.rule === attempt.resource.outputs.name && inputs.eventBusName === eventBusName,
                        ),
            ),
        ],
    },
    "aws:cloudwatch/eventTarget:EventTarget": {
        put: [
            refusedIf(
                refusal("ResourceNotFoundException", "Rule % does not exist on this EventBus."),
                ({ rule, eventBusName }, { account }) =>
                    !account
                        .ofType("aws:cloudwatch/eventRule:EventRule")
                        .some(({ inputs, outputs }) => outputs.name === rule && inputs.eventBusName === eventBusName),
                ({ inputs }) => inputs.rule,
            ),
            needs("arn", aDestination, refusal("ValidationException", "The target % does not exist.")),
            needs(
                "roleArn",
                aRole,
                refusal(
                    "ValidationException",
                    "Provided role '%' cannot be assumed by principal 'events.amazonaws.com'.",
                ),
            ),
            checkEach(
                "inputTransformer",
                refusal("ValidationException", "Invalid InputTemplate: a placeholder is not in the InputPathsMap: %"),
                ({ inputPaths = {}, inputTemplate }: { inputPaths?: object; inputTemplate: string }) =>
                    [...inputTemplate.matchAll(/<([\w-]+)>/g)].every(([, part]) => part! in inputPaths),
            ),
            needs(
                "deadLetterConfig.arn",
                aDestination,
                refusal("ValidationException", "The dead-letter queue % of the target does not exist."),
            ),
            within(
                "retryPolicy.maximumRetryAttempts",
                0,
                185,
                refusal("ValidationException", "MaximumRetryAttempts must be 0 to 185, not %"),
            ),
            within(
                "retryPolicy.maximumEventAgeInSeconds",
                60,
                86_400,
                refusal("ValidationException", "MaximumEventAgeInSeconds must be 60 to 86400, not %"),
            ),
            refusedIf(
                refusal(
                    "LimitExceededException",
                    "The requested resource exceeds the maximum number allowed: rule % has 5 targets",
                ),
                ({ rule, eventBusName }, attempt) =>
                    attempt
                        .others("aws:cloudwatch/eventTarget:EventTarget")
                        .filter(
                            ({ id, inputs }) =>
                                id !== attempt.resource.id &&
                                inputs.rule === rule &&
                                inputs.eventBusName === eventBusName,
                        ).length >= 5,
                ({ inputs }) => inputs.rule,
            ),
        ],
    },
    "aws:cloudwatch/eventArchive:EventArchive": {
        put: [
            needs("eventSourceArn", aBus, noBus),
            needs("kmsKeyIdentifier", aKey, refusal("ValidationException", "KMS key % of the archive does not exist")),
        ],
        create: [unique(refusal("ResourceAlreadyExistsException", "Archive % already exists."), "name")],
    },
    "aws:budgets/budget:Budget": {
        put: [
            needs(
                "notifications.subscriberSnsTopicArns",
                aTopic,
                refusal("InvalidParameterException", "The SNS topic % of a budget's notification does not exist."),
            ),
            refusedIf(
                refusal("CreationLimitExceededException", "A budget can have at most 10 notifications: %"),
                (inputs) => valuesAt(inputs, "notifications").length > 10,
            ),
            checkEach(
                "limitAmount",
                refusal("InvalidParameterException", "Budget limit must be more than 0: %"),
                (amount) => Number(amount) > 0,
            ),
        ],
        create: [unique(refusal("DuplicateRecordException", "The budget % already exists."), "name")],
    },
    "aws:costexplorer/anomalySubscription:AnomalySubscription": {
        put: [
            refusedIf(
                refusal("UnknownMonitorException", "The cost anomaly monitor does not exist for subscription %"),
                (inputs, { account }) =>
                    valuesAt(inputs, "monitorArnLists").some(
                        (arn) => !account.get("aws:costexplorer/anomalyMonitor:AnomalyMonitor", arn),
                    ),
            ),
            checkEach(
                "subscribers",
                refusal("ValidationException", "The SNS topic of a subscriber does not exist: %"),
                ({ type, address }, { account }) => type !== "SNS" || aTopic(account, address),
            ),
            refusedIf(
                refusal("ValidationException", "IMMEDIATE frequency only supports SNS: %"),
                ({ frequency, subscribers }) =>
                    frequency === "IMMEDIATE" &&
                    valuesAt({ subscribers }, "subscribers.type").some((type) => type !== "SNS"),
            ),
        ],
    },
};
