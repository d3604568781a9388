import { type Resource, type Stack } from "../core/resource";
import { type Check, type Rule, type StackRule } from "../core/rule";
import { everyItem, propertyRule, valuesAt } from "../core/property-rule";
import { parseJson, type Value } from "../core/value";

const groupType = "aws:cloudwatch/logGroup:LogGroup";
const keyTypes = [
    "aws:kms/key:Key",
    "aws:kms/externalKey:ExternalKey",
    "aws:kms/replicaKey:ReplicaKey",
    "aws:kms/replicaExternalKey:ReplicaExternalKey",
];

// What CloudWatch Logs accepts as retentionInDays. 0, and leaving it out, mean for ever.
const retentions = [
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const isInRange = (value: Value, check: Check): boolean => {
    const days = value.number ?? 0;
    const [least, most] = [check.parameter<number>("minimumDays"), check.parameter<number>("maximumDays")];
    return retentions.includes(days) && days >= least && days <= most;
};

// Groups of this class keep everything for two days, whatever is asked for.
const isDelivery = ({ props }: Resource): boolean => props.at("logGroupClass").text === "DELIVERY";

const rangeParameter = (description: string, days: number) => ({
    type: "integer",
    minimum: 1,
    maximum: 3653,
    description,
    default: days,
});

/** A setting that names the group it writes to, by name or ARN. */
interface NamedProducer {
    types: readonly string[];
    path: readonly string[];
    /** Whether the setting is on, judged by the values beside it. @default it is */
    isOn?: (beside: Value) => boolean;
}

const toCloudWatch = (key: string, isDefault: boolean) => (beside: Value) =>
    beside.at(key).text === "cloud-watch-logs" ||
    beside.at(key).text === "cloudwatch-logs" ||
    (isDefault && beside.at(key).isAbsent);

const isEnabled = (beside: Value): boolean =>
    beside.at("enabled").raw !== false && beside.at("enabled").raw !== "false";

const namedProducers: readonly NamedProducer[] = [
    {
        types: ["aws:apigatewayv2/stage:Stage", "aws:apigateway/stage:Stage"],
        path: ["accessLogSettings", "destinationArn"],
    },
    { types: ["aws:apigateway/stage:Stage"], path: ["canarySettings", "accessLogSettings", "destinationArn"] },
    {
        types: ["aws:ec2/flowLog:FlowLog"],
        path: ["logDestination"],
        isOn: toCloudWatch("logDestinationType", true),
    },
    {
        types: ["aws:elasticache/replicationGroup:ReplicationGroup", "aws:elasticache/cluster:Cluster"],
        path: ["logDeliveryConfigurations", everyItem, "destination"],
        isOn: toCloudWatch("destinationType", false),
    },
    {
        types: ["aws:msk/cluster:Cluster"],
        path: ["loggingInfo", "brokerLogs", "cloudwatchLogs", "logGroup"],
        isOn: isEnabled,
    },
    {
        types: ["aws:mskconnect/connector:Connector"],
        path: ["logDelivery", "workerLogDelivery", "cloudwatchLogs", "logGroup"],
        isOn: isEnabled,
    },
    {
        types: ["aws:ecs/cluster:Cluster"],
        path: ["configuration", "executeCommandConfiguration", "logConfiguration", "cloudWatchLogGroupName"],
    },
    {
        types: ["aws:ecs/service:Service"],
        path: ["serviceConnectConfiguration", "logConfiguration", "options", "awslogs-group"],
    },
    { types: ["aws:sfn/stateMachine:StateMachine"], path: ["loggingConfiguration", "logDestination"] },
    {
        types: ["aws:pipes/pipe:Pipe"],
        path: ["logConfiguration", "cloudwatchLogsLogDestination", "logGroupArn"],
    },
    { types: ["aws:route53/queryLog:QueryLog"], path: ["cloudwatchLogGroupArn"] },
    { types: ["aws:route53/resolverQueryLogConfig:ResolverQueryLogConfig"], path: ["destinationArn"] },
    { types: ["aws:cloudtrail/trail:Trail"], path: ["cloudWatchLogsGroupArn"] },
    {
        types: ["aws:opensearch/domain:Domain"],
        path: ["logPublishingOptions", everyItem, "cloudwatchLogGroupArn"],
        isOn: isEnabled,
    },
    {
        types: ["aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination"],
        path: ["deliveryDestinationConfiguration", "destinationResourceArn"],
    },
    {
        types: ["aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"],
        path: ["logDestinationConfigs", everyItem],
    },
];

/** Groups whose names AWS makes from the name of the producer, each ending in what follows it. */
interface ImpliedProducer {
    types: readonly string[];
    /** Property with the part of the name that is the producer's. */
    by: string;
    /** Names of the groups, or the value that they hang on while it is unknown. None if it logs nothing. */
    groups: (resource: Resource, name: string) => string[] | Value;
}

const exported =
    (kind: string) =>
    ({ props }: Resource, name: string): string[] | Value => {
        const types = props.at("enabledCloudwatchLogsExports");
        return types.firstUnknown ?? types.items().map((type) => `/aws/${kind}/${name}/${type.written}`);
    };

const impliedProducers: readonly ImpliedProducer[] = [
    {
        types: ["aws:lambda/function:Function"],
        by: "name",
        groups: ({ props }, name) => (props.at("loggingConfig", "logGroup").isAbsent ? [`/aws/lambda/${name}`] : []),
    },
    { types: ["aws:rds/instance:Instance"], by: "identifier", groups: exported("rds/instance") },
    { types: ["aws:rds/cluster:Cluster"], by: "clusterIdentifier", groups: exported("rds/cluster") },
    { types: ["aws:docdb/cluster:Cluster"], by: "clusterIdentifier", groups: exported("docdb") },
    { types: ["aws:neptune/cluster:Cluster"], by: "clusterIdentifier", groups: neptuneGroups },
    { types: ["aws:rds/proxy:Proxy"], by: "name", groups: (_proxy, name) => [`/aws/rds/proxy/${name}`] },
    { types: ["aws:ecs/cluster:Cluster"], by: "name", groups: insightsGroups },
    { types: ["aws:apigatewayv2/stage:Stage"], by: "apiId", groups: executionGroups },
    {
        types: ["aws:apigateway/methodSettings:MethodSettings"],
        by: "restApi",
        groups: ({ props }, api) => {
            const level = props.at("settings", "loggingLevel");
            const stage = props.at("stageName");
            if (level.isUnknown || stage.isUnknown) {
                return level.isUnknown ? level : stage;
            }
            return ["ERROR", "INFO"].includes(level.text ?? "")
                ? [`API-Gateway-Execution-Logs_${api}/${stage.text ?? ""}`]
                : [];
        },
    },
    {
        types: ["aws:codebuild/project:Project"],
        by: "name",
        groups: ({ props }, name) => {
            const logs = props.at("logsConfig", "cloudwatchLogs");
            const own = logs.at("groupName");
            return logs.at("status").text === "DISABLED"
                ? []
                : own.isUnknown
                  ? own
                  : [own.text ?? `/aws/codebuild/${name}`];
        },
    },
];

function neptuneGroups({ props }: Resource, name: string): string[] | Value {
    const types = props.at("enableCloudwatchLogsExports");
    return types.firstUnknown ?? types.items().map((type) => `/aws/neptune/${name}/${type.written}`);
}

function insightsGroups({ props }: Resource, name: string): string[] | Value {
    const insights = props
        .at("settings")
        .items()
        .filter((setting) => setting.at("name").isUnknown || setting.at("name").text === "containerInsights")
        .map((setting) => setting.at("value"));
    const isOn = insights.some(({ text }) => text === "enabled" || text === "enhanced");
    const unknown = insights.find(({ isUnknown }) => isUnknown);
    return isOn ? [`/aws/ecs/containerinsights/${name}/performance`] : (unknown ?? []);
}

function executionGroups({ props }: Resource, api: string): string[] | Value {
    const settings = [props.at("defaultRouteSettings"), ...props.at("routeSettings").items()];
    const levels = settings.map((each) => each.at("loggingLevel"));
    const isOn = levels.some(({ text }) => text === "ERROR" || text === "INFO");
    const stage = props.at("name");
    if (isOn) {
        return stage.isUnknown ? stage : [`/aws/apigateway/${api}/${stage.text ?? ""}`];
    }
    return levels.find(({ isUnknown }) => isUnknown) ?? [];
}

/** The log groups of a stack, by name and by what their names are made from. */
class LogGroups {
    private readonly names = new Set<string>();
    private readonly prefixes: string[] = [];
    private readonly all: Resource[];

    constructor(private readonly stack: Stack) {
        this.all = stack.ofType(groupType);
        for (const { props } of this.all) {
            const { text } = props.at("name");
            const prefix = props.at("namePrefix").text;
            if (text !== undefined) {
                this.names.add(text);
            } else if (prefix !== undefined) {
                this.prefixes.push(prefix);
            }
        }
    }

    has(name: string): boolean {
        return this.names.has(name) || this.prefixes.some((prefix) => name.startsWith(prefix));
    }

    /** Whether a property refers to a group whose name is not known here. */
    isNamelessTarget(resource: Resource, property: string): boolean {
        return this.stack
            .references(resource, property, [groupType])
            .some(({ props }) => props.at("name").text === undefined);
    }

    /** Whether a group's name, not known itself, is made from this resource or from what its property refers to. */
    isNamedAfter(resource: Resource, property: string): boolean {
        const sources = new Set([resource.urn, ...(resource.propertyDependencies[property] ?? [])]);
        return this.all.some(({ propertyDependencies }) =>
            (propertyDependencies["name"] ?? []).some((urn) => sources.has(urn)),
        );
    }
}

const notManaged = (name: string): string =>
    `the log group ${name} must be an aws.cloudwatch.LogGroup of this stack, with retentionInDays and kmsKeyId: ` +
    "what AWS makes by itself has neither";

/** The group that a value names must be in the stack. */
function checkNamed(groups: LogGroups, resource: Resource, property: string, value: Value, check: Check): void {
    const { text } = value;
    if (text === undefined) {
        const isLinked = groups.isNamelessTarget(resource, property) || isLinkedGroup(resource, property);
        if (value.isUnknown && !isLinked) {
            check.undetermined(resource, value);
        } else if (!value.isUnknown) {
            check.fail(resource, value, "must be the name or ARN of a log group");
        }
        return;
    }
    // Streams and buckets may be named in the same place.
    const isOther = text.startsWith("arn:") && !/^arn:[^:]*:logs:/.test(text);
    const name = text.replace(/^arn:[^:]*:logs:[^:]*:[^:]*:log-group:/, "").replace(/:\*$/, "");
    if (!isOther && !groups.has(name) && !groups.isNamelessTarget(resource, property)) {
        check.fail(resource, value, notManaged(name));
    }
}

const isLinkedGroup = (resource: Resource, property: string): boolean =>
    (resource.propertyDependencies[property] ?? []).some((urn) => urn.includes(`${groupType}::`));

function checkImplied(groups: LogGroups, producer: ImpliedProducer, resource: Resource, check: Check): void {
    const by = resource.props.at(producer.by);
    const isNameless = by.text === undefined;
    const names = producer.groups(resource, by.text ?? "<name>");
    if (!Array.isArray(names)) {
        check.undetermined(resource, names);
        return;
    }
    for (const name of names) {
        if (groups.has(name) || groups.isNamedAfter(resource, producer.by)) {
            continue;
        }
        if (isNameless && by.isUnknown) {
            check.undetermined(resource, by);
        } else {
            check.fail(resource, by, notManaged(name));
        }
    }
}

function checkTask(groups: LogGroups, resource: Resource, check: Check): void {
    const written = resource.props.at("containerDefinitions");
    const containers = parseJson(written);
    if (containers === "malformed") {
        check.fail(resource, written, "containerDefinitions must be a JSON list of containers");
        return;
    }
    if (containers.isUnknown) {
        check.undetermined(resource, containers);
        return;
    }
    for (const container of containers.items()) {
        const log = container.at("logConfiguration");
        const driver = log.at("logDriver");
        if (driver.isUnknown) {
            check.undetermined(resource, driver);
        } else if (driver.text === "awslogs") {
            check.must(
                resource,
                log.at("options", "awslogs-create-group"),
                ({ raw }) => raw !== true && raw !== "true",
                "awslogs-create-group must be left out: a group that ECS makes has neither retention nor key",
            );
            checkNamed(groups, resource, "containerDefinitions", log.at("options", "awslogs-group"), check);
        }
    }
}

const stackRule = (rule: Omit<StackRule, "kind">): StackRule => ({ ...rule, kind: "stack" });

/** Rules about log groups and who writes to them. */
export const logsRules: readonly Rule[] = [
    propertyRule({
        name: "cloudwatch-log-group-require-retention",
        description: "Log groups keep their entries for a number of days inside a range, not for ever.",
        severity: "medium",
        category: "logging",
        controls: ["Logs-167", "Logs-168"],
        types: [groupType],
        path: ["retentionInDays"],
        when: (resource) => !isDelivery(resource),
        test: isInRange,
        remediation: "Set retentionInDays to one of the values that CloudWatch allows, inside the range of this rule.",
        message: (check) =>
            `retentionInDays must be between ${check.parameter<number>("minimumDays")} and ` +
            `${check.parameter<number>("maximumDays")}, one of ${retentions.join(", ")}`,
        parameters: {
            minimumDays: rangeParameter(
                "Least number of days. 30 in production, 7 in dev; audits may ask for 365.",
                30,
            ),
            maximumDays: rangeParameter("Greatest number of days.", 400),
        },
    }),
    stackRule({
        name: "cloudwatch-log-group-require-customer-key",
        description: "Log groups are encrypted with a key of one's own.",
        severity: "medium",
        category: "encryption-at-rest",
        controls: ["Logs-169"],
        remediation: "Set kmsKeyId to the ARN of a KMS key whose policy admits logs.<region>.amazonaws.com.",
        check: (stack, check) => {
            for (const group of stack.ofType(groupType)) {
                const key = group.props.at("kmsKeyId");
                if (key.isUnknown && stack.references(group, "kmsKeyId", keyTypes).length > 0) {
                    continue;
                }
                check.must(
                    group,
                    key,
                    ({ text = "" }) => /^arn:[^:]+:kms:[^:]+:[^:]+:key\/./.test(text),
                    "kmsKeyId must be the ARN of a KMS key",
                );
            }
        },
    }),
    stackRule({
        name: "logs-producer-require-managed-group",
        description:
            "Everything that writes logs to CloudWatch writes to a log group of the stack, which has retention and key.",
        severity: "medium",
        category: "logging",
        controls: ["Logs-167", "Logs-168", "Logs-169"],
        remediation:
            "Add an aws.cloudwatch.LogGroup of that name with retentionInDays and kmsKeyId, and let the producer depend on it.",
        check: (stack, check) => {
            const groups = new LogGroups(stack);
            for (const { types, path, isOn } of namedProducers) {
                for (const resource of stack.ofType(...types)) {
                    const parents = valuesAt(resource.props, path.slice(0, -1));
                    const values = parents.flatMap((beside) =>
                        isOn?.(beside) === false ? [] : valuesAt(beside, path.slice(-1)),
                    );
                    for (const value of values.filter(({ isAbsent, raw }) => !isAbsent && raw !== "")) {
                        checkNamed(groups, resource, path[0]!, value, check);
                    }
                }
            }
            for (const resource of stack.ofType("aws:lambda/function:Function")) {
                const named = resource.props.at("loggingConfig", "logGroup");
                if (!named.isAbsent) {
                    checkNamed(groups, resource, "loggingConfig", named, check);
                }
            }
            for (const producer of impliedProducers) {
                for (const resource of stack.ofType(...producer.types)) {
                    checkImplied(groups, producer, resource, check);
                }
            }
            for (const task of stack.ofType("aws:ecs/taskDefinition:TaskDefinition")) {
                checkTask(groups, task, check);
            }
        },
    }),
];

/** Controls of this share that are not enforced, and why. */
export const logsNotApplicable: Readonly<Record<string, string>> = {};
