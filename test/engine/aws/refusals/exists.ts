import { type Account, type AwsResource } from "../account";
import { type Exists } from "./attempt";

// How to tell from a name, an id or an ARN whether something exists.

const byId =
    (type: string): Exists =>
    (account, id) =>
        account.get(type, id) !== undefined;

const byOutput =
    (type: string, output: string): Exists =>
    (account, value) =>
        account.ofType(type).some(({ outputs }) => outputs[output] === value);

export const aVpc = byId("aws:ec2/vpc:Vpc");
export const aSubnet = byId("aws:ec2/subnet:Subnet");
export const aRouteTable = byId("aws:ec2/routeTable:RouteTable");
export const anInternetGateway = byId("aws:ec2/internetGateway:InternetGateway");
export const aNatGateway = byId("aws:ec2/natGateway:NatGateway");
export const anAddress = byId("aws:ec2/eip:Eip");
export const aPrefixList: Exists = (account, id) =>
    byOutput("aws:ec2/vpcEndpoint:VpcEndpoint", "prefixListId")(account, id);
export const aSecurityGroup: Exists = (account, id) =>
    byId("aws:ec2/securityGroup:SecurityGroup")(account, id) ||
    byOutput("aws:ec2/vpc:Vpc", "defaultSecurityGroupId")(account, id);

export const aRoleName = byId("aws:iam/role:Role");
export const aRole = byOutput("aws:iam/role:Role", "arn");
/** By id, ARN or alias. */
export const aKey: Exists = (account, value) => findKey(account, value) !== undefined;

export function findKey(account: Account, value: string): AwsResource | undefined {
    const id = value.replace(/^arn:aws:kms:[^:]*:\d+:(key\/)?/, "");
    const alias = id.startsWith("alias/") ? account.get("aws:kms/alias:Alias", id) : undefined;
    return account.get("aws:kms/key:Key", alias ? String(alias.inputs.targetKeyId) : id);
}

/** By name or ARN. */
export const aLogGroup: Exists = (account, value) =>
    byId("aws:cloudwatch/logGroup:LogGroup")(
        account,
        value.replace(/^arn:aws:logs:[^:]*:\d+:log-group:/, "").replace(/:\*$/, ""),
    );
/** By name or ARN; the one called `default` is always there. */
export const aBus: Exists = (account, value) => {
    const name = value.replace(/^arn:.*:event-bus\//, "");
    return name === "default" || byId("aws:cloudwatch/eventBus:EventBus")(account, name);
};

export const anMskCluster = byId("aws:msk/cluster:Cluster");
export const aBucket = byId("aws:s3/bucket:Bucket");
const aBucketArn: Exists = (account, value) => aBucket(account, value.replace(/^arn:aws:s3:::|\/.*$/g, ""));
export const aQueue = byOutput("aws:sqs/queue:Queue", "arn");
export const aQueueUrl = byId("aws:sqs/queue:Queue");
export const aTopic = byId("aws:sns/topic:Topic");
export const aRepository = byId("aws:ecr/repository:Repository");
export const anEcsCluster = byOutput("aws:ecs/cluster:Cluster", "name");
export const anEcsClusterArn = byId("aws:ecs/cluster:Cluster");
export const aTargetGroup = byId("aws:lb/targetGroup:TargetGroup");
export const aTrustStore = byId("aws:lb/trustStore:TrustStore");
export const aLoadBalancer = byId("aws:lb/loadBalancer:LoadBalancer");
export const aCertificate = byId("aws:acm/certificate:Certificate");
export const aNamespace = byId("aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace");
export const aDiscoveryService = byOutput("aws:servicediscovery/service:Service", "arn");
export const anApi = byId("aws:apigatewayv2/api:Api");

/** By name, ARN, or what API Gateway calls a function by. */
export const aFunction: Exists = (account, value) => findFunction(account, value) !== undefined;

export function findFunction(account: Account, value: string): AwsResource | undefined {
    const name = /function:([^:/]+)/.exec(value)?.[1] ?? value;
    return account.get("aws:lambda/function:Function", name);
}

/** Something that messages or events can be sent to, by its ARN. */
export const aDestination: Exists = (account, value) => {
    const [, , service] = value.split(":");
    const exists = {
        sqs: aQueue,
        sns: aTopic,
        lambda: aFunction,
        s3: aBucketArn,
        events: aBus,
        kafka: anMskCluster,
        logs: aLogGroup,
    }[service ?? ""];
    return exists === undefined || exists(account, value);
};
