/** What AWS demands of the physical names of one type of resource. */
export interface NameRule {
    /** Input that holds the name. */
    property: string;
    /** Most characters. */
    max: number;
    /** What else it must look like, and how people say that. */
    form?: RegExp;
    formText?: string;
    /** Inputs that say within what the name is unique; empty: the account and region. `anything`: it need not be unique. */
    within: string[] | "anything";
}

const unique = (property: string, max: number, within: NameRule["within"] = []): NameRule => ({
    property,
    max,
    within,
});

const formed = (
    property: string,
    max: number,
    form: RegExp,
    formText: string,
    within: NameRule["within"] = [],
): NameRule => ({
    property,
    max,
    form,
    formText,
    within,
});

const hyphenated = [
    /^[a-z](?!.*--)[a-z0-9-]*(?<!-)$/,
    "lower-case letters, digits and single hyphens, beginning with a letter and not ending with a hyphen",
] as const;
const loadBalancing = [
    /^(?!-)(?!internal-)[A-Za-z0-9-]+(?<!-)$/,
    'letters, digits and hyphens, not beginning with "internal-" or a hyphen, nor ending with one',
] as const;
const hyphenatedAnyCase = [
    /^([a-zA-Z0-9]+-)*[a-zA-Z0-9]+$/,
    "letters, digits and single hyphens, neither beginning nor ending with a hyphen",
] as const;
const word = [/^[A-Za-z0-9_-]+$/, "letters, digits, hyphens and underscores"] as const;
const iam = [/^[\w+=,.@-]+$/, "letters, digits and +=,.@_-"] as const;

/** By type. From the API references of the services. */
export const physicalNames: Record<string, NameRule> = {
    "aws:apigatewayv2/api:Api": unique("name", 128, "anything"),
    "aws:apigatewayv2/authorizer:Authorizer": unique("name", 128, ["apiId"]),
    "aws:apigatewayv2/stage:Stage": unique("name", 128, ["apiId"]),
    "aws:appautoscaling/policy:Policy": unique("name", 256, ["resourceId"]),
    "aws:appautoscaling/scheduledAction:ScheduledAction": unique("name", 256, ["resourceId"]),
    "aws:athena/workgroup:Workgroup": unique("name", 128),
    "aws:budgets/budget:Budget": formed("name", 100, /^[^:\\]+$/, "free of colons and backslashes"),
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": unique("alarmName", 255),
    "aws:cloudwatch/dashboard:Dashboard": formed("dashboardName", 255, ...word),
    "aws:cloudwatch/eventArchive:EventArchive": formed("name", 48, /^[\w.-]+$/, "letters, digits and ._-"),
    "aws:cloudwatch/eventBus:EventBus": formed("name", 256, /^[/\w.-]+$/, "letters, digits and /._-"),
    "aws:cloudwatch/eventRule:EventRule": formed("name", 64, /^[\w.-]+$/, "letters, digits and ._-", ["eventBusName"]),
    "aws:cloudwatch/logGroup:LogGroup": formed("name", 512, /^[\w./#-]+$/, "letters, digits and ._/#-"),
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": unique("name", 512, ["logGroupName"]),
    "aws:cloudwatch/metricAlarm:MetricAlarm": unique("name", 255),
    "aws:costexplorer/anomalyMonitor:AnomalyMonitor": unique("name", 1024),
    "aws:costexplorer/anomalySubscription:AnomalySubscription": unique("name", 1024),
    "aws:dynamodb/table:Table": formed("name", 255, /^[\w.-]{3,}$/, "3 letters, digits and ._- at least"),
    // Unique in the VPC; `sg-` begins ids.
    "aws:ec2/securityGroup:SecurityGroup": formed(
        "name",
        255,
        /^(?!sg-)[\w .:/()#,@[\]+=&;{}!$*-]+$/,
        'without "sg-" at its beginning, of letters, digits and usual signs',
        ["vpcId"],
    ),
    "aws:ecr/repository:Repository": formed(
        "name",
        256,
        /^[a-z0-9]+([._/-][a-z0-9]+)*$/,
        "lower-case letters and digits, separated by one of ._/-",
    ),
    "aws:ecs/cluster:Cluster": formed("name", 255, ...word),
    "aws:ecs/service:Service": formed("name", 255, ...word, ["cluster"]),
    "aws:ecs/taskDefinition:TaskDefinition": formed("family", 255, ...word),
    "aws:elasticache/parameterGroup:ParameterGroup": formed("name", 255, ...hyphenated),
    "aws:elasticache/replicationGroup:ReplicationGroup": formed("replicationGroupId", 40, ...hyphenated),
    "aws:elasticache/subnetGroup:SubnetGroup": unique("name", 255),
    "aws:elasticache/user:User": formed("userId", 40, ...hyphenated),
    "aws:elasticache/userGroup:UserGroup": formed("userGroupId", 40, ...hyphenated),
    "aws:glue/catalogDatabase:CatalogDatabase": unique("name", 255),
    "aws:glue/catalogTable:CatalogTable": unique("name", 255, ["databaseName"]),
    "aws:iam/instanceProfile:InstanceProfile": formed("name", 128, ...iam),
    "aws:iam/policy:Policy": formed("name", 128, ...iam),
    "aws:iam/role:Role": formed("name", 64, ...iam),
    "aws:iam/rolePolicy:RolePolicy": formed("name", 128, ...iam, ["role"]),
    "aws:kms/alias:Alias": formed("name", 256, /^alias\/(?!aws\/)[\w/-]+$/, 'letters, digits and /_- after "alias/"'),
    "aws:lambda/alias:Alias": unique("name", 128, ["functionName"]),
    "aws:lambda/function:Function": formed("name", 64, ...word),
    "aws:lambda/permission:Permission": formed("statementId", 100, ...word, ["function"]),
    "aws:lb/loadBalancer:LoadBalancer": formed("name", 32, ...loadBalancing),
    "aws:lb/targetGroup:TargetGroup": formed("name", 32, ...loadBalancing),
    "aws:lb/trustStore:TrustStore": formed("name", 32, ...hyphenatedAnyCase),
    "aws:msk/cluster:Cluster": formed("clusterName", 64, /^[A-Za-z0-9-]+$/, "letters, digits and hyphens"),
    "aws:msk/configuration:Configuration": formed(
        "name",
        256,
        /^[A-Za-z0-9][A-Za-z0-9-]*$/,
        "letters, digits and hyphens, not beginning with a hyphen",
    ),
    "aws:msk/topic:Topic": formed("name", 249, /^[\w.-]+$/, "letters, digits and ._-", ["clusterArn"]),
    "aws:rds/instance:Instance": formed("identifier", 63, ...hyphenated),
    "aws:rds/parameterGroup:ParameterGroup": formed("name", 255, ...hyphenated),
    "aws:rds/subnetGroup:SubnetGroup": unique("name", 255),
    "aws:s3/bucket:Bucket": formed(
        "bucket",
        63,
        /^[a-z0-9][a-z0-9.-]+[a-z0-9]$/,
        "lower-case letters, digits, dots and hyphens, with a letter or digit at both ends",
    ),
    "aws:scheduler/schedule:Schedule": formed("name", 64, /^[\w.-]+$/, "letters, digits and ._-", ["groupName"]),
    "aws:scheduler/scheduleGroup:ScheduleGroup": formed("name", 64, /^[\w.-]+$/, "letters, digits and ._-"),
    "aws:secretsmanager/secret:Secret": formed("name", 512, /^[\w/+=.@-]+$/, "letters, digits and /_+=.@-"),
    "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": unique("name", 253, ["vpc"]),
    "aws:servicediscovery/service:Service": unique("name", 127, ["namespaceId", "dnsConfig"]),
    "aws:sns/topic:Topic": formed("name", 256, /^[\w-]+(\.fifo)?$/, "letters, digits, hyphens and underscores"),
    "aws:sqs/queue:Queue": formed("name", 80, /^[\w-]+(\.fifo)?$/, "letters, digits, hyphens and underscores"),
    "aws:ssm/parameter:Parameter": formed("name", 1011, /^[\w./-]+$/, "letters, digits and ._/-"),
};
