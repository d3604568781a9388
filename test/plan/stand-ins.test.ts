import assert from "node:assert/strict";
import { standIn, type StandIn } from "../../plan/stand-ins";

const place = { region: "ap-northeast-2", accountId: "123456789012" };
const of = (type: string, inputs: Record<string, unknown> = {}, name = "orders"): StandIn =>
    standIn({ ...place, type, name, urn: `urn:pulumi:dev::aipx::${type}::${name}`, inputs });

describe("stand-ins", () => {
    // The forms that AWS documents for ids, ARNs and endpoints. `id` is the resource's id, all others are outputs.
    const forms: [type: string, inputs: Record<string, unknown>, expected: Record<string, RegExp>][] = [
        [
            "aws:ec2/subnet:Subnet",
            {},
            {
                id: /^subnet-[0-9a-f]{17}$/,
                arn: /^arn:aws:ec2:ap-northeast-2:123456789012:subnet\/subnet-[0-9a-f]{17}$/,
            },
        ],
        ["aws:ec2/securityGroup:SecurityGroup", {}, { id: /^sg-[0-9a-f]{17}$/, name: /^orders-[0-9a-f]{7}$/ }],
        [
            "aws:ec2/vpcEndpoint:VpcEndpoint",
            { serviceName: "com.amazonaws.ap-northeast-2.s3" },
            { prefixListId: /^pl-[0-9a-f]{8}$/ },
        ],
        [
            "aws:lambda/invocation:Invocation",
            { functionName: "aipx-dev-database-users", input: "{}" },
            { id: /^aipx-dev-database-users,\$LATEST,99914b932bd37a50b983c5e7c90ae93b$/, result: /^null$/ },
        ],
        ["aws:iam/role:Role", { name: "r" }, { id: /^r$/, arn: /^arn:aws:iam::123456789012:role\/r$/ }],
        ["aws:kms/key:Key", {}, { id: /^[0-9a-f-]{36}$/, keyId: /^[0-9a-f-]{36}$/, arn: /:key\/[0-9a-f-]{36}$/ }],
        ["aws:secretsmanager/secret:Secret", { name: "aipx/dev/k" }, { arn: /:secret:aipx\/dev\/k-[A-Z]{6}$/ }],
        [
            "aws:cloudwatch/logGroup:LogGroup",
            { name: "/aipx/dev/oms" },
            { arn: /^arn:aws:logs:ap-northeast-2:123456789012:log-group:\/aipx\/dev\/oms$/ },
        ],
        [
            "aws:msk/cluster:Cluster",
            { clusterName: "aipx-dev", numberOfBrokerNodes: 2 },
            {
                arn: /:cluster\/aipx-dev\/[0-9a-f-]{36}-2$/,
                bootstrapBrokersSaslIam:
                    /^b-1\.aipx-dev\.\w{6}\.c2\.kafka\.ap-northeast-2\.amazonaws\.com:9098,b-2\.aipx-dev\.[^,]+:9098$/,
                currentVersion: /^K[A-Z]{13}$/,
            },
        ],
        ["aws:msk/configuration:Configuration", { name: "c" }, { latestRevision: /^1$/ }],
        [
            "aws:elasticache/replicationGroup:ReplicationGroup",
            { replicationGroupId: "aipx-dev", numNodeGroups: 2, replicasPerNodeGroup: 1 },
            {
                configurationEndpointAddress: /^clustercfg\.aipx-dev\.[0-9a-f]{6}\.apn2\.cache\.amazonaws\.com$/,
                memberClusters: /^aipx-dev-0001-001,aipx-dev-0001-002,aipx-dev-0002-001,aipx-dev-0002-002$/,
            },
        ],
        [
            "aws:rds/instance:Instance",
            { identifier: "aipx-dev", manageMasterUserPassword: true },
            {
                id: /^db-[A-Z]{26}$/,
                resourceId: /^db-[A-Z]{26}$/,
                address: /^aipx-dev\.c[0-9a-f]{11}\.ap-northeast-2\.rds\.amazonaws\.com$/,
                endpoint: /^aipx-dev\.[^:]+:5432$/,
            },
        ],
        [
            "aws:lb/loadBalancer:LoadBalancer",
            { name: "aipx-dev", internal: true },
            {
                arnSuffix: /^app\/aipx-dev\/[0-9a-f]{16}$/,
                dnsName: /^internal-aipx-dev-\d{10}\.ap-northeast-2\.elb\.amazonaws\.com$/,
                zoneId: /^Z/,
            },
        ],
        ["aws:lb/targetGroup:TargetGroup", {}, { arnSuffix: /^targetgroup\/orders-[0-9a-f]{7}\/[0-9a-f]{16}$/ }],
        [
            "aws:lambda/function:Function",
            { name: "f" },
            {
                invokeArn:
                    /^arn:aws:apigateway:ap-northeast-2:lambda:path\/2015-03-31\/functions\/arn:aws:lambda:ap-northeast-2:123456789012:function:f\/invocations$/,
                qualifiedArn: /:function:f:1$/,
            },
        ],
        [
            "aws:apigatewayv2/api:Api",
            { name: "a", protocolType: "WEBSOCKET" },
            {
                apiEndpoint: /^wss:\/\/[0-9a-f]{10}\.execute-api\.ap-northeast-2\.amazonaws\.com$/,
                executionArn: /^arn:aws:execute-api:[^:]+:\d{12}:[0-9a-f]{10}$/,
            },
        ],
        [
            "aws:apigatewayv2/stage:Stage",
            { apiId: "abc", name: "live" },
            { invokeUrl: /^wss:\/\/abc\.execute-api\.[^/]+\/live$/ },
        ],
        [
            "aws:sqs/queue:Queue",
            { name: "q" },
            { url: /^https:\/\/sqs\.ap-northeast-2\.amazonaws\.com\/123456789012\/q$/ },
        ],
        ["aws:acm/certificate:Certificate", { domainName: "oms.example.com" }, { arn: /:certificate\/[0-9a-f-]{36}$/ }],
        ["tls:index/privateKey:PrivateKey", {}, { privateKeyPem: /^-----BEGIN EC PRIVATE KEY-----\n/ }],
        [
            "aws:backup/vault:Vault",
            {},
            {
                id: /^orders-[0-9a-f]{7}$/,
                arn: /^arn:aws:backup:ap-northeast-2:123456789012:vault\/orders-[0-9a-f]{7}$/,
            },
        ],
    ];
    for (const [type, inputs, expected] of forms) {
        it(`have AWS's form: ${type}`, () => {
            const { id, outputs } = of(type, inputs);
            for (const [output, form] of Object.entries(expected)) {
                assert.match(String(output === "id" ? id : outputs[output]), form, output);
            }
        });
    }

    it("have what validates a certificate, and the managed password of a database", () => {
        const [option] = of("aws:acm/certificate:Certificate", { domainName: "oms.example.com" }).outputs
            .domainValidationOptions;
        assert.match(option.resourceRecordName, /^_[0-9a-f]{32}\.oms\.example\.com\.$/);
        const inputs = { manageMasterUserPassword: true, masterUserSecretKmsKeyId: "key" };
        const [password] = of("aws:rds/instance:Instance", inputs).outputs.masterUserSecrets;
        assert.match(password.secretArn, /:secret:rds!db-/);
        assert.equal(password.kmsKeyId, "key");
    });

    it("name a resource only where no name is given, and begin with a given prefix", () => {
        assert.equal(of("aws:sqs/queue:Queue", { name: "given" }).outputs.name, "given");
        assert.match(of("aws:sqs/queue:Queue").outputs.name, /^orders-[0-9a-f]{7}$/);
        assert.match(of("aws:sqs/queue:Queue", { namePrefix: "pre-" }).outputs.name, /^pre-[0-9a-f]{7}$/);
    });

    it("are the same for the same resource, and differ between resources", () => {
        assert.deepEqual(of("aws:ec2/subnet:Subnet"), of("aws:ec2/subnet:Subnet"));
        assert.notEqual(of("aws:ec2/subnet:Subnet").id, of("aws:ec2/subnet:Subnet", {}, "another").id);
    });

    it("lie in the region that the resource itself names", () => {
        assert.match(of("aws:sqs/queue:Queue", { region: "us-east-1" }).outputs.arn, /^arn:aws:sqs:us-east-1:/);
    });
});
