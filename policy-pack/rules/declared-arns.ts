import { type Resource, type Stack } from "../core/resource";
import { type Value } from "../core/value";
import { accountOfArn } from "./own-accounts";
import { arnSegments, intersects } from "../iam/match";

/**
 * ARNs that a resource has, and those of what AWS makes for it, by type: service and last part, where `{name}` is a property.
 * What is named by an id that AWS gives has none.
 */
const templates: Readonly<Record<string, readonly string[]>> = {
    "aws:s3/bucket:Bucket": ["s3 {bucket}", "s3 {bucket}/*"],
    "aws:s3/bucketV2:BucketV2": ["s3 {bucket}", "s3 {bucket}/*"],
    "aws:s3/accessPoint:AccessPoint": ["s3 accesspoint/{name}", "s3 accesspoint/{name}/*"],
    "aws:sqs/queue:Queue": ["sqs {name}"],
    "aws:sns/topic:Topic": ["sns {name}"],
    "aws:lambda/function:Function": [
        "lambda function:{name}",
        "lambda function:{name}:*",
        "logs log-group:/aws/lambda/{name}*",
    ],
    "aws:lambda/layerVersion:LayerVersion": ["lambda layer:{layerName}*"],
    "aws:cloudwatch/logGroup:LogGroup": ["logs log-group:{name}", "logs log-group:{name}:*"],
    "aws:cloudwatch/eventBus:EventBus": ["events event-bus/{name}"],
    "aws:cloudwatch/eventRule:EventRule": ["events rule/{name}", "events rule/*/{name}"],
    "aws:cloudwatch/eventArchive:EventArchive": ["events archive/{name}", "events replay/*"],
    "aws:cloudwatch/metricAlarm:MetricAlarm": ["cloudwatch alarm:{name}"],
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": ["cloudwatch alarm:{alarmName}"],
    "aws:scheduler/schedule:Schedule": ["scheduler schedule/*/{name}"],
    "aws:scheduler/scheduleGroup:ScheduleGroup": ["scheduler schedule-group/{name}", "scheduler schedule/{name}/*"],
    "aws:secretsmanager/secret:Secret": ["secretsmanager secret:{name}-??????"],
    "aws:ssm/parameter:Parameter": ["ssm parameter/{name}"],
    "aws:kms/alias:Alias": ["kms {name}"],
    "aws:kinesis/stream:Stream": ["kinesis stream/{name}", "kinesis stream/{name}/consumer/*"],
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": ["firehose deliverystream/{name}"],
    "aws:dynamodb/table:Table": ["dynamodb table/{name}", "dynamodb table/{name}/*"],
    "aws:ecr/repository:Repository": ["ecr repository/{name}"],
    "aws:ecs/cluster:Cluster": [
        "ecs cluster/{name}",
        "ecs task/{name}/*",
        "ecs container-instance/{name}/*",
        "logs log-group:/aws/ecs/containerinsights/{name}/*",
    ],
    "aws:ecs/service:Service": ["ecs service/*/{name}", "ecs service/{name}"],
    "aws:ecs/taskDefinition:TaskDefinition": ["ecs task-definition/{family}", "ecs task-definition/{family}:*"],
    "aws:eks/cluster:Cluster": ["eks cluster/{name}", "eks */{name}/*", "logs log-group:/aws/eks/{name}/*"],
    "aws:iam/role:Role": ["iam role/{name}", "iam role/*/{name}", "sts assumed-role/{name}/*"],
    "aws:iam/user:User": ["iam user/{name}", "iam user/*/{name}"],
    "aws:iam/group:Group": ["iam group/{name}", "iam group/*/{name}"],
    "aws:iam/policy:Policy": ["iam policy/{name}", "iam policy/*/{name}"],
    "aws:iam/instanceProfile:InstanceProfile": ["iam instance-profile/{name}", "iam instance-profile/*/{name}"],
    "aws:elasticache/replicationGroup:ReplicationGroup": ["elasticache replicationgroup:{replicationGroupId}"],
    "aws:elasticache/cluster:Cluster": ["elasticache cluster:{clusterId}"],
    "aws:elasticache/serverlessCache:ServerlessCache": ["elasticache serverlesscache:{name}"],
    "aws:elasticache/user:User": ["elasticache user:{userId}"],
    "aws:rds/instance:Instance": [
        "rds db:{identifier}",
        // The id in it is one that AWS gives.
        "rds-db dbuser:*/*",
        "logs log-group:RDSOSMetrics",
        "logs log-group:RDSOSMetrics:*",
        "logs log-group:/aws/rds/instance/{identifier}/*",
        "secretsmanager secret:rds!*",
    ],
    "aws:rds/cluster:Cluster": [
        "rds cluster:{clusterIdentifier}",
        "rds-db dbuser:*/*",
        "logs log-group:RDSOSMetrics",
        "logs log-group:RDSOSMetrics:*",
        "logs log-group:/aws/rds/cluster/{clusterIdentifier}/*",
        "secretsmanager secret:rds!*",
    ],
    "aws:rds/proxy:Proxy": ["rds-db dbuser:*/*"],
    "aws:msk/cluster:Cluster": kafka(),
    "aws:msk/serverlessCluster:ServerlessCluster": kafka(),
    "aws:msk/replicator:Replicator": ["kafka replicator/{replicatorName}/*"],
    "aws:apigatewayv2/stage:Stage": ["execute-api {apiId}/{name}/*"],
    "aws:apigateway/stage:Stage": [
        "execute-api {restApi}/{stageName}/*",
        "logs log-group:API-Gateway-Execution-Logs_*/{stageName}*",
    ],
    "aws:sfn/stateMachine:StateMachine": [
        "states stateMachine:{name}",
        "states stateMachine:{name}:*",
        "states execution:{name}:*",
        "states express:{name}:*",
        "events rule/StepFunctionsGet*",
    ],
    "aws:codebuild/project:Project": ["codebuild project/{name}", "logs log-group:/aws/codebuild/{name}*"],
    "aws:codepipeline/pipeline:Pipeline": ["codepipeline {name}", "codepipeline {name}/*"],
    "aws:athena/workgroup:Workgroup": ["athena workgroup/{name}"],
    "aws:glue/catalogDatabase:CatalogDatabase": [
        "glue catalog",
        "glue database/{name}",
        "glue table/{name}/*",
        "glue userDefinedFunction/{name}/*",
    ],
    "aws:opensearch/domain:Domain": ["es domain/{domainName}", "es domain/{domainName}/*"],
};

function kafka(): string[] {
    return ["cluster", "group", "transactional-id"].map((kind) => `kafka ${kind}/{clusterName}/*`);
}

const kafkaTopicType = "aws:msk/topic:Topic";
const kafkaClusterTypes = ["aws:msk/cluster:Cluster", "aws:msk/serverlessCluster:ServerlessCluster"];

/** Resources that AWS has for everybody, and that no stack can make. */
const everybodys: readonly RegExp[] = [
    /^arn:[^:]*:iam::aws:/,
    /^arn:[^:]*:iam::[^:]*:role\/aws-service-role\//,
    /^arn:[^:]*:bedrock:[^:]*:[^:]*:(foundation-model\/|inference-profile\/(us|us-gov|eu|apac|jp|au|ca|global)\.)/,
    /^arn:[^:]*:ssm:[^:]*:[^:]*:(parameter\/aws\/|document\/AWS-|automation-definition\/AWS-)/,
    /^arn:[^:]*:(ec2|rds|kms|states|autoscaling|lambda):[^:]*:aws:/,
    /^arn:[^:]*:ec2:[^:]*::(image|snapshot)\//,
    /^arn:[^:]*:events:[^:]*:[^:]*:event-bus\/default$/,
    /^arn:[^:]*:kms:[^:]*:[^:]*:alias\/aws\//,
    /^arn:[^:]*:states:::/,
    /^arn:[^:]*:cloudwatch:[^:]*:[^:]*:insight-rule\/DynamoDB/,
];

/** Services whose ARNs the templates tell. */
const tabled = new Set(Object.values(templates).flatMap((lines) => lines.map((line) => line.split(" ")[0] ?? "")));

/** Services whose resources are found by name in any ARN of theirs, where packages of Pulumi are called otherwise. */
const servicesOf: Readonly<Record<string, readonly string[]>> = {
    alb: ["elasticloadbalancing"],
    apigatewayv2: ["apigateway", "execute-api"],
    apigateway: ["apigateway", "execute-api"],
    cognito: ["cognito-idp", "cognito-identity"],
    efs: ["elasticfilesystem"],
    elb: ["elasticloadbalancing"],
    elasticsearch: ["es"],
    lb: ["elasticloadbalancing"],
    msk: ["kafka"],
    opensearch: ["es", "aoss"],
    rds: ["rds", "rds-db"],
    sesv2: ["ses"],
    sfn: ["states"],
    vpc: ["ec2"],
};

const packageOf = (type: string): string => type.split(/[:/]/)[1] ?? "";
const servesIn = (type: string, service: string): boolean =>
    (servicesOf[packageOf(type)] ?? [packageOf(type)]).includes(service);

/** One name that ARNs of a service have for resources of the stack. */
interface Named {
    glob: string;
    /** Why it is not known. */
    unknown?: { resource: Resource; value: Value };
}

/** What is known of an ARN: it is the stack's, it is not, or what it depends on. */
export type Ownership = boolean | NonNullable<Named["unknown"]>;

/** The resources of a stack by the ARNs that they have, or will have. */
export class DeclaredArns {
    private readonly exact = new Set<string>();
    private readonly byService = new Map<string, Named[]>();
    private readonly answers = new Map<string, Ownership>();

    constructor(
        private readonly stack: Stack,
        /** The stack's own accounts; none if they can't be told. */
        private readonly own: ReadonlySet<string>,
    ) {
        for (const resource of stack.resources) {
            for (const template of templates[resource.type] ?? []) {
                this.add(resource, template);
            }
            this.exact.add(resource.props.at("arn").text ?? "");
        }
        this.addTopics();
    }

    /** Whether an ARN, or a pattern of ARNs, means a resource of the stack. `by` is what it was written with. */
    owns(arn: string, by: readonly Resource[]): Ownership {
        const account = accountOfArn(arn);
        if (account !== undefined && this.own.size > 0 && !this.own.has(account)) {
            return everybodys.some((pattern) => pattern.test(arn));
        }
        let answer = this.answers.get(arn);
        if (answer === undefined) {
            answer = this.find(arn);
            this.answers.set(arn, answer);
        }
        return answer === false ? by.some((resource) => isNamedByAws(resource, arn)) : answer;
    }

    private find(arn: string): Ownership {
        const [, , service = "", , , rest = ""] = arnSegments(arn);
        if (this.exact.has(arn) || this.exact.has(`${service} ${rest}`) || everybodys.some((one) => one.test(arn))) {
            return true;
        }
        if (!tabled.has(service)) {
            return this.stack.resources.some((resource) => isNamedIn(resource, service, rest));
        }
        const fits = service === "execute-api" ? stagesMeet : meet;
        const found = (this.byService.get(service) ?? []).filter(({ glob }) => fits(glob, rest));
        return found.some(({ unknown }) => !unknown) || (found[0]?.unknown ?? false);
    }

    private add(resource: Resource, template: string): void {
        let unknown: Named["unknown"];
        const [service = "", text = ""] = template.split(" ");
        const glob = text.replace(/\{(\w+)\}/g, (_all, property: string) => {
            const value = resource.props.at(property);
            if (value.isUnknown) {
                // An id that AWS gives: anything fits, and nothing hangs on it.
                unknown ??= /api$|apiid$/i.test(property) ? undefined : { resource, value };
                return "*";
            }
            const prefix = resource.props.at(property === "bucket" ? "bucketPrefix" : "namePrefix").text;
            // Pulumi adds a random end to the logical name.
            const written = service === "ssm" ? value.text?.replace(/^\//, "") : value.text;
            return written ?? `${prefix ?? `${resource.name}-`}*`;
        });
        this.exact.add(`${service} ${glob}`);
        this.push(service, { glob, ...(unknown && { unknown }) });
    }

    private push(service: string, named: Named): void {
        const list = this.byService.get(service);
        if (list) {
            list.push(named);
        } else {
            this.byService.set(service, [named]);
        }
    }

    /** Topics of a cluster are those that the stack makes, or any if it makes none. */
    private addTopics(): void {
        const withTopics = new Set<Resource>();
        for (const topic of this.stack.ofType(kafkaTopicType)) {
            const clusters = this.stack.references(topic, "clusterArn", kafkaClusterTypes);
            const names = clusters.map((cluster) => cluster.props.at("clusterName").text ?? "*");
            clusters.forEach((cluster) => withTopics.add(cluster));
            const arn = topic.props.at("clusterArn").text?.split("/")[1];
            for (const name of names.length > 0 ? names : [arn ?? "*"]) {
                this.add(topic, `kafka topic/${name}/*/{name}`);
            }
        }
        for (const cluster of this.stack.ofType(...kafkaClusterTypes)) {
            if (!withTopics.has(cluster)) {
                this.add(cluster, "kafka topic/{clusterName}/*");
            }
        }
    }
}

/** Whether two patterns have a text in common. Most differ before their first wildcard, which is told at once. */
function meet(left: string, right: string): boolean {
    const [a = "", b = ""] = [left, right].map((text) => text.split(/[*?$]/)[0]);
    return (a.startsWith(b) || b.startsWith(a)) && intersects(left, right);
}

/** As {@link meet}, of APIs and stages alone: a `*` for the API would go on into the path of a request. */
const stagesMeet = (left: string, right: string): boolean =>
    [0, 1].every((index) => meet(left.split("/")[index] ?? "*", right.split("/")[index] ?? "*"));

/** Whether a resource of some service stands in an ARN by its name. */
function isNamedIn({ type, props }: Resource, service: string, rest: string): boolean {
    const names = ["id", "name"].flatMap((property) => props.at(property).text ?? []);
    return servesIn(type, service) && names.some((name) => rest.split(/[:/]/).includes(name));
}

/** Whether an ARN can be that of a resource whose id AWS gives: what was made with it tells that it is. */
const isNamedByAws = ({ type, props }: Resource, arn: string): boolean =>
    templates[type] === undefined &&
    type.startsWith("aws:") &&
    servesIn(type, arnSegments(arn)[2] ?? "") &&
    props.at("arn").text === undefined;
