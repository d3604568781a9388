import { type RecordedResource } from "../plan/recording";

/** How long AWS and the provider take, in minutes. */
interface Minutes {
    create: number | ((inputs: RecordedResource["inputs"]) => number);
    /** None: a change replaces the resource, which takes as long as making it. */
    update?: number | ((inputs: RecordedResource["inputs"]) => number);
    /** Where the figure is from. All are estimates; load and size move them by a factor of two. */
    why: string;
}

/** A call that AWS answers at once, as most do: about three seconds with the provider's reading back. */
const anyOther: Minutes = { create: 0.05, update: 0.05, why: "estimate: one call and one read" };

const steady =
    (minutes: number) =>
    (inputs: RecordedResource["inputs"]): number =>
        inputs.waitForSteadyState === true ? minutes : 0.1;

/** Types that take another time than {@link anyOther}. */
const table: Record<string, Minutes> = {
    "aws:acm/certificate:Certificate": { create: 0.1, update: 0.1, why: "estimate" },
    "aws:acm/certificateValidation:CertificateValidation": {
        create: 3,
        why: "estimate: 1 to 5 by DNS; the provider gives up after 75",
    },
    "aws:apigateway/account:Account": { create: 0.1, update: 0.1, why: "estimate: tried until the role is usable" },
    "aws:dynamodb/table:Table": { create: 0.3, update: 0.3, why: "estimate: until active, then its backups" },
    "aws:ec2/natGateway:NatGateway": { create: 2, update: 0.1, why: "estimate: 1.5 to 2.5" },
    "aws:ec2/securityGroup:SecurityGroup": { create: 0.1, update: 0.1, why: "estimate" },
    "aws:ec2/subnet:Subnet": { create: 0.1, update: 0.1, why: "public logs: 3 to 9 seconds" },
    "aws:ec2/vpc:Vpc": { create: 0.2, update: 0.1, why: "public logs: 11 to 23 seconds with DNS settings" },
    "aws:ec2/vpcEndpoint:VpcEndpoint": {
        create: ({ vpcEndpointType }) => (vpcEndpointType === "Interface" ? 1.5 : 0.1),
        update: ({ vpcEndpointType }) => (vpcEndpointType === "Interface" ? 0.5 : 0.1),
        why: "estimate: interface endpoints 1 to 3, gateway endpoints at once",
    },
    "aws:ecs/cluster:Cluster": { create: 0.2, update: 0.2, why: "estimate: the provider polls every 10 seconds" },
    "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": { create: 0.2, update: 0.2, why: "estimate" },
    "aws:ecs/service:Service": {
        create: steady(3),
        update: steady(4),
        why: "estimate: until tasks are steady, if it waits for that; else only until the service is active",
    },
    "aws:ecs/taskDefinition:TaskDefinition": { create: 0.02, why: "estimate: a revision is never changed" },
    "aws:elasticache/parameterGroup:ParameterGroup": { create: 0.1, update: 0.1, why: "estimate" },
    "aws:elasticache/replicationGroup:ReplicationGroup": {
        create: ({ replicasPerNodeGroup, numNodeGroups }) => (replicasPerNodeGroup || numNodeGroups > 1 ? 12 : 7),
        update: 12,
        why: "acceptance tests of Terraform's provider: one node 6.6, with snapshots 13.5 (hashicorp/terraform#8275)",
    },
    "aws:elasticache/user:User": { create: 0.5, update: 0.5, why: "estimate" },
    "aws:elasticache/userGroup:UserGroup": { create: 0.5, update: 1, why: "estimate" },
    "aws:elasticache/userGroupAssociation:UserGroupAssociation": { create: 0.5, why: "estimate" },
    "aws:kms/key:Key": { create: 0.2, update: 0.3, why: "estimate: the provider waits until all of AWS sees it" },
    "aws:lambda/eventSourceMapping:EventSourceMapping": {
        create: ({ eventSourceArn }) => (String(eventSourceArn).includes(":kafka:") ? 2 : 0.5),
        update: 1,
        why: "estimate: until enabled, 1 to 3 from MSK, 0.3 to 1 from SQS",
    },
    "aws:lambda/function:Function": {
        create: 0.8,
        update: 0.5,
        why: "estimate: 0.5 to 1.5 for an image in a VPC, with its network interface",
    },
    "aws:lambda/invocation:Invocation": {
        create: 1.5,
        why: "estimate: the start of a Fargate task and its self-test; a call that makes a database user takes seconds",
    },
    "aws:lb/loadBalancer:LoadBalancer": { create: 3, update: 0.5, why: "estimate: 2 to 4" },
    "aws:lb/trustStore:TrustStore": { create: 0.2, update: 0.1, why: "estimate" },
    "aws:msk/cluster:Cluster": {
        create: 25,
        update: 20,
        why: "estimate: 20 to 30; public threads report 15 to 60 (hashicorp/terraform-provider-aws#17726)",
    },
    "aws:msk/configuration:Configuration": { create: 0.1, update: 0.1, why: "estimate" },
    "aws:msk/topic:Topic": { create: 0.5, update: 0.5, why: "estimate" },
    "aws:rds/instance:Instance": {
        create: ({ multiAz }) => (multiAz ? 15 : 8),
        update: 5,
        why: "estimate: 12 to 20 in two zones, 6 to 10 in one, with the first backup",
    },
    "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": {
        create: 20,
        why: "estimate: until the first snapshot is copied to the other region; the provider gives up after 75",
    },
    "aws:rds/parameterGroup:ParameterGroup": { create: 0.1, update: 0.1, why: "estimate" },
    "aws:rds/subnetGroup:SubnetGroup": { create: 0.1, update: 0.1, why: "estimate" },
    "aws:route53/record:Record": { create: 0.7, update: 0.7, why: "estimate: until in sync, 30 to 60 seconds" },
    "aws:s3/bucket:Bucket": { create: 0.1, update: 0.1, why: "estimate" },
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": {
        create: 0.9,
        update: 0.9,
        why: "measured: 55 seconds against moto; the provider waits for stable readings",
    },
    "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": {
        create: 1,
        update: 0.5,
        why: "estimate: 45 to 75 seconds",
    },
    "aws:servicediscovery/service:Service": { create: 0.05, update: 0.3, why: "estimate" },
};

/** Whether any change of such a resource replaces it. */
export const replacedWhenChanged = (type: string): boolean => type in table && table[type]!.update === undefined;

/** Seconds for making or changing a resource; components and look-ups take none. */
export function secondsOf({ kind, type, inputs }: RecordedResource, operation: "create" | "update"): number {
    if (kind !== "custom") {
        return 0;
    }
    const { create, update = create } = table[type] ?? anyOther;
    const minutes = operation === "create" ? create : update;
    // Whole seconds: sums stay exact, so what ends at the same time is seen to.
    return Math.ceil((typeof minutes === "number" ? minutes : minutes(inputs)) * 60);
}

/** Types of the table, for a test that none is misspelt. */
export const timedTypes: string[] = Object.keys(table);
