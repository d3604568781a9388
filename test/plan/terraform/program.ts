import * as aws from "@pulumi/aws";

const json = JSON.stringify;

/** The resources of main.tf, as a Pulumi program makes them: with relations, and with faults that Checkov finds. */
export function sample(): void {
    const key = new aws.kms.Key("data", { description: "Data", enableKeyRotation: true });
    new aws.kms.Alias("data", { name: "alias/sample-data", targetKeyId: key.keyId });
    buckets(key);
    const failed = new aws.sqs.Queue("failed", { name: "sample-failed", sqsManagedSseEnabled: true });
    const network = makeNetwork();
    worker(key, failed, network);
    alarms(key, failed);
    service(network);
    stores(key, network);
    others();
}

interface Network {
    vpc: aws.ec2.Vpc;
    subnetIds: aws.ec2.Subnet["id"][];
    securityGroup: aws.ec2.SecurityGroup;
}

let logs: aws.s3.Bucket;

function buckets(key: aws.kms.Key): void {
    const data = new aws.s3.Bucket("data", { bucket: "sample-data" });
    logs = new aws.s3.Bucket("logs", { bucket: "sample-logs" });
    const bucket = data.id;
    new aws.s3.BucketVersioning("data", { bucket, versioningConfiguration: { status: "Enabled" } });
    new aws.s3.BucketPublicAccessBlock("data", {
        bucket,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
    });
    new aws.s3.BucketServerSideEncryptionConfiguration("data", {
        bucket,
        rules: [
            {
                bucketKeyEnabled: true,
                applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key.arn },
            },
        ],
    });
    new aws.s3.BucketLogging("data", { bucket, targetBucket: logs.id, targetPrefix: "data/" });
    new aws.s3.BucketLifecycleConfiguration("data", {
        bucket,
        rules: [
            {
                id: "expire",
                status: "Enabled",
                filter: { prefix: "" },
                expiration: { days: 30 },
                abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
            },
        ],
    });
    new aws.s3.BucketOwnershipControls("data", { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } });
    new aws.s3.BucketPolicy("data", {
        bucket,
        policy: json({
            Version: "2012-10-17",
            Statement: [
                {
                    Effect: "Deny",
                    Principal: "*",
                    Action: "s3:*",
                    Resource: ["arn:aws:s3:::sample-data", "arn:aws:s3:::sample-data/*"],
                    Condition: { Bool: { "aws:SecureTransport": "false" } },
                },
            ],
        }),
    });
}

function makeNetwork(): Network {
    const vpc = new aws.ec2.Vpc("main", { cidrBlock: "10.0.0.0/16", enableDnsHostnames: true });
    const vpcId = vpc.id;
    new aws.ec2.DefaultSecurityGroup("main", { vpcId });
    const a = new aws.ec2.Subnet("a", {
        vpcId,
        cidrBlock: "10.0.1.0/24",
        availabilityZone: "ap-northeast-2a",
        mapPublicIpOnLaunch: true,
    });
    const c = new aws.ec2.Subnet("c", { vpcId, cidrBlock: "10.0.2.0/24", availabilityZone: "ap-northeast-2c" });
    const securityGroup = new aws.ec2.SecurityGroup("worker", { name: "sample-worker", description: "Worker", vpcId });
    new aws.ec2.SecurityGroup("idle", {
        name: "sample-idle",
        vpcId,
        ingress: [{ fromPort: 22, toPort: 22, protocol: "tcp", cidrBlocks: ["0.0.0.0/0"] }],
    });
    new aws.vpc.SecurityGroupIngressRule("worker", {
        securityGroupId: securityGroup.id,
        description: "HTTPS from everywhere",
        cidrIpv4: "0.0.0.0/0",
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
    });
    new aws.vpc.SecurityGroupEgressRule("worker", {
        securityGroupId: securityGroup.id,
        description: "Database",
        referencedSecurityGroupId: securityGroup.id,
        ipProtocol: "tcp",
        fromPort: 5432,
        toPort: 5432,
    });
    return { vpc, subnetIds: [a.id, c.id], securityGroup };
}

function workerRole(): aws.iam.Role {
    const role = new aws.iam.Role("worker", {
        name: "sample-worker",
        assumeRolePolicy: json({
            Version: "2012-10-17",
            Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
        }),
    });
    new aws.iam.RolePolicy("worker", {
        name: "access",
        role: role.id,
        policy: json({
            Version: "2012-10-17",
            Statement: [
                { Effect: "Allow", Action: ["s3:GetObject"], Resource: "arn:aws:s3:::sample-data/*" },
                { Effect: "Allow", Action: ["s3:PutObject", "s3:DeleteObject"], Resource: "*" },
            ],
        }),
    });
    const everything = new aws.iam.Policy("everything", {
        name: "sample-everything",
        policy: json({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] }),
    });
    new aws.iam.RolePolicyAttachment("worker", { role: role.name, policyArn: everything.arn });
    return role;
}

function worker(key: aws.kms.Key, failed: aws.sqs.Queue, { subnetIds, securityGroup }: Network): void {
    const role = workerRole();
    new aws.cloudwatch.LogGroup("worker", { name: "/sample/worker", retentionInDays: 7, kmsKeyId: key.arn });
    const jobs = new aws.sqs.Queue("jobs", {
        name: "sample-jobs",
        kmsMasterKeyId: key.id,
        visibilityTimeoutSeconds: 60,
    });
    new aws.sqs.QueuePolicy("jobs", {
        queueUrl: jobs.id,
        policy: json({
            Version: "2012-10-17",
            Statement: [{ Effect: "Allow", Principal: "*", Action: "sqs:SendMessage", Resource: "*" }],
        }),
    });
    const made = new aws.lambda.Function("worker", {
        name: "sample-worker",
        role: role.arn,
        packageType: "Image",
        imageUri: "123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/sample:1",
        memorySize: 256,
        reservedConcurrentExecutions: 5,
        kmsKeyArn: key.arn,
        environment: { variables: { MODE: "sample" } },
        tracingConfig: { mode: "Active" },
        deadLetterConfig: { targetArn: failed.arn },
        vpcConfig: { subnetIds, securityGroupIds: [securityGroup.id] },
    });
    new aws.lambda.Permission("worker", {
        action: "lambda:InvokeFunction",
        function: made.name,
        principal: "events.amazonaws.com",
    });
    new aws.lambda.EventSourceMapping("worker", { functionName: made.arn, eventSourceArn: jobs.arn, batchSize: 10 });
}

function alarms(key: aws.kms.Key, failed: aws.sqs.Queue): void {
    const topic = new aws.sns.Topic("alarms", { name: "sample-alarms", kmsMasterKeyId: key.id });
    new aws.sns.TopicSubscription("alarms", { topic: topic.arn, protocol: "sqs", endpoint: failed.arn });
    new aws.cloudwatch.MetricAlarm("failed", {
        name: "sample-failed",
        namespace: "AWS/SQS",
        metricName: "ApproximateNumberOfMessagesVisible",
        comparisonOperator: "GreaterThanThreshold",
        threshold: 0,
        evaluationPeriods: 1,
        period: 60,
        statistic: "Maximum",
        alarmActions: [topic.arn],
        dimensions: { QueueName: failed.name },
    });
}

function service({ vpc, subnetIds, securityGroup }: Network): void {
    const balancer = new aws.lb.LoadBalancer("main", {
        name: "sample",
        internal: true,
        loadBalancerType: "application",
        dropInvalidHeaderFields: true,
        subnets: subnetIds,
        securityGroups: [securityGroup.id],
        accessLogs: { bucket: logs.id, enabled: true },
    });
    const targets = new aws.lb.TargetGroup("main", {
        name: "sample",
        port: 80,
        protocol: "HTTP",
        targetType: "ip",
        vpcId: vpc.id,
        healthCheck: { path: "/" },
    });
    new aws.lb.Listener("main", {
        loadBalancerArn: balancer.arn,
        port: 80,
        protocol: "HTTP",
        defaultActions: [{ type: "forward", targetGroupArn: targets.arn }],
    });
    const cluster = new aws.ecs.Cluster("main", {
        name: "sample",
        settings: [{ name: "containerInsights", value: "enabled" }],
    });
    const task = new aws.ecs.TaskDefinition("main", {
        family: "sample",
        networkMode: "awsvpc",
        requiresCompatibilities: ["FARGATE"],
        cpu: "256",
        memory: "512",
        containerDefinitions: json([{ name: "main", image: "sample:1", essential: true, privileged: true }]),
    });
    new aws.ecs.Service("main", {
        name: "sample",
        cluster: cluster.arn,
        taskDefinition: task.arn,
        launchType: "FARGATE",
        desiredCount: 1,
        networkConfiguration: { subnets: subnetIds, securityGroups: [securityGroup.id], assignPublicIp: true },
        loadBalancers: [{ targetGroupArn: targets.arn, containerName: "main", containerPort: 80 }],
    });
}

function stores(key: aws.kms.Key, { subnetIds, securityGroup }: Network): void {
    const subnets = new aws.rds.SubnetGroup("main", { name: "sample", subnetIds });
    new aws.rds.Instance("main", {
        identifier: "sample",
        engine: "postgres",
        engineVersion: "17",
        instanceClass: "db.t4g.micro",
        allocatedStorage: 20,
        dbSubnetGroupName: subnets.name,
        vpcSecurityGroupIds: [securityGroup.id],
        storageEncrypted: true,
        kmsKeyId: key.arn,
        iamDatabaseAuthenticationEnabled: true,
        username: "admin_user",
        manageMasterUserPassword: true,
        masterUserSecretKmsKeyId: key.arn,
        skipFinalSnapshot: true,
    });
    new aws.elasticache.ReplicationGroup("main", {
        replicationGroupId: "sample",
        description: "Sample",
        engine: "redis",
        nodeType: "cache.t4g.micro",
        atRestEncryptionEnabled: true,
        transitEncryptionEnabled: false,
    });
    new aws.secretsmanager.Secret("main", { name: "sample", kmsKeyId: key.arn });
    new aws.dynamodb.Table("main", {
        name: "sample",
        billingMode: "PAY_PER_REQUEST",
        hashKey: "id",
        attributes: [{ name: "id", type: "S" }],
        pointInTimeRecovery: { enabled: true },
        serverSideEncryption: { enabled: true, kmsKeyArn: key.arn },
    });
}

function others(): void {
    new aws.ecr.Repository("main", {
        name: "sample",
        imageTagMutability: "MUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
    });
    new aws.ssm.Parameter("main", { name: "/sample/endpoint", type: "String", value: "localhost" });
    const api = new aws.apigatewayv2.Api("main", {
        name: "sample",
        protocolType: "WEBSOCKET",
        routeSelectionExpression: "$request.body.action",
    });
    new aws.apigatewayv2.Stage("main", { apiId: api.id, name: "main", autoDeploy: true });
}
