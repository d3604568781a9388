import { createHash } from "node:crypto";
import { type Place } from "./look-ups";

// What AWS decides when it creates a resource, made up: of the right form, and the same in every run, because it hangs on
// nothing but the resource's URN and inputs. A value that is missing here is `undefined` in the program, and preflight
// reports the text "undefined" wherever it ends up.

/** A resource for which values are wanted. */
export interface Wanted extends Place {
    urn: string;
    type: string;
    /** Logical name. */
    name: string;
    inputs: Record<string, any>;
    /** Id of an existing resource that is read or imported. */
    id?: string;
}

export interface StandIn {
    id: string;
    /** Inputs, auto-name and computed values. */
    outputs: Record<string, any>;
}

/** A wanted resource with what its computed values are made of. */
class Subject {
    readonly inputs: Record<string, any>;
    readonly region: string;
    readonly accountId: string;
    /** Physical name: as given, or Pulumi's auto-name. Empty for resources that have none. */
    readonly physicalName: string;
    id = "";

    constructor(
        private readonly wanted: Wanted,
        readonly nameProperty: string | undefined,
    ) {
        this.inputs = wanted.inputs;
        this.region = wanted.inputs.region ?? wanted.region;
        this.accountId = wanted.accountId;
        const given = nameProperty === undefined ? "" : wanted.inputs[nameProperty];
        const prefix: unknown = nameProperty === undefined ? undefined : wanted.inputs[`${nameProperty}Prefix`];
        this.physicalName =
            given ?? (prefix === undefined ? `${wanted.name}-${this.hex(7)}` : `${prefix as string}${this.hex(7)}`);
    }

    /** Hexadecimal digits of the resource's own; another `salt` gives others. */
    hex(length: number, salt = ""): string {
        return createHash("sha256").update(this.wanted.urn).update(salt).digest("hex").slice(0, length);
    }

    /** Decimal digits. */
    digits(length: number, salt = ""): string {
        return [...this.hex(length, `digits${salt}`)].map((digit) => String(parseInt(digit, 16) % 10)).join("");
    }

    /** Upper-case letters and digits, as in ids of IAM. */
    letters(length: number, salt = ""): string {
        return [...this.hex(length, `letters${salt}`)].map((digit) => "ABCDEFGHJKLMNPQR"[parseInt(digit, 16)]).join("");
    }

    uuid(salt = ""): string {
        const digits = this.hex(32, `uuid${salt}`);
        return [
            digits.slice(0, 8),
            digits.slice(8, 12),
            digits.slice(12, 16),
            digits.slice(16, 20),
            digits.slice(20),
        ].join("-");
    }

    arn(service: string, resource: string): string {
        return `arn:aws:${service}:${this.region}:${this.accountId}:${resource}`;
    }

    /** ARN in a service that has no regions. */
    globalArn(service: string, resource: string): string {
        return `arn:aws:${service}::${this.accountId}:${resource}`;
    }
}

interface Rule {
    /** Input that takes the physical name, and gets an auto-name when left out. */
    name?: string;
    /** Physical id. Left out: the name, or a made-up one. */
    id?: (subject: Subject) => string;
    /** Computed values; the id is known by then. Inputs of the same name win. */
    outputs?: (subject: Subject) => Record<string, unknown>;
}

/** A resource of EC2: id `<prefix>-<17 hex>`, ARN `<kind>/<id>`. */
const ec2 = (prefix: string, kind: string, outputs?: Rule["outputs"], name?: string): Rule => ({
    name,
    id: (subject) => `${prefix}-${subject.hex(17)}`,
    outputs: (subject) => ({
        arn: subject.arn("ec2", `${kind}/${subject.id}`),
        ownerId: subject.accountId,
        ...outputs?.(subject),
    }),
});

/** A resource that is known by its name, with an ARN made from it. */
const named = (
    service: string,
    resource: (name: string) => string,
    outputs?: Rule["outputs"],
    name = "name",
): Rule => ({
    name,
    outputs: (subject) => ({ arn: subject.arn(service, resource(subject.physicalName)), ...outputs?.(subject) }),
});

/** A resource whose id is its ARN. */
const byArn = (rule: Rule, arn: (subject: Subject) => string): Rule => ({
    ...rule,
    id: arn,
    outputs: (subject) => ({ arn: subject.id, ...rule.outputs?.(subject) }),
});

/** A part of another resource, with neither name nor ARN of its own. */
const part = (id: (subject: Subject) => string, outputs?: Rule["outputs"]): Rule => ({ id, outputs });

const lambdaInvokeArn = (subject: Subject, arn: string): string =>
    `arn:aws:apigateway:${subject.region}:lambda:path/2015-03-31/functions/${arn}/invocations`;

const networkInterfaceIds = (subject: Subject): string[] =>
    ((subject.inputs.subnetIds as unknown[] | undefined) ?? []).map(
        (_subnet, index) => `eni-${subject.hex(17, `eni${index}`)}`,
    );

const lastOf = (text: unknown, separator: string): string => String(text).split(separator).pop()!;

/** Zone of load balancers' own DNS names in Seoul. */
const loadBalancerZoneId = "ZWKZPGTI48KDX";

const pem = (kind: string, body: string): string => `-----BEGIN ${kind}-----\n${body}\n-----END ${kind}-----\n`;

const rules: Record<string, Rule> = {
    "aws:ec2/vpc:Vpc": ec2("vpc", "vpc", (subject) => ({
        defaultSecurityGroupId: `sg-${subject.hex(17, "group")}`,
        defaultNetworkAclId: `acl-${subject.hex(17, "acl")}`,
        defaultRouteTableId: `rtb-${subject.hex(17, "table")}`,
        mainRouteTableId: `rtb-${subject.hex(17, "table")}`,
        dhcpOptionsId: `dopt-${subject.hex(17, "dhcp")}`,
    })),
    "aws:ec2/subnet:Subnet": ec2("subnet", "subnet", (subject) => ({
        availabilityZoneId: `az-${lastOf(subject.inputs.availabilityZone, "-")}`,
    })),
    "aws:ec2/routeTable:RouteTable": ec2("rtb", "route-table"),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": part((subject) => `rtbassoc-${subject.hex(17)}`),
    "aws:ec2/route:Route": part(
        (subject) => `r-${subject.inputs.routeTableId}${subject.digits(10)}`,
        () => ({ origin: "CreateRoute", state: "active" }),
    ),
    "aws:ec2/internetGateway:InternetGateway": ec2("igw", "internet-gateway"),
    "aws:ec2/eip:Eip": ec2("eipalloc", "elastic-ip", (subject) => ({
        allocationId: subject.id,
        publicIp: "203.0.113.10",
        domain: "vpc",
    })),
    "aws:ec2/natGateway:NatGateway": ec2("nat", "natgateway", () => ({
        publicIp: "203.0.113.10",
        privateIp: "10.0.0.10",
    })),
    "aws:ec2/securityGroup:SecurityGroup": ec2("sg", "security-group", undefined, "name"),
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": ec2("sg", "security-group", () => ({ name: "default" })),
    "aws:ec2/vpcEndpoint:VpcEndpoint": ec2("vpce", "vpc-endpoint", (subject) =>
        subject.inputs.vpcEndpointType === "Interface"
            ? {
                  state: "available",
                  networkInterfaceIds: networkInterfaceIds(subject),
                  dnsEntries: [
                      {
                          dnsName: `vpce-${subject.hex(17)}-${subject.hex(8, "dns")}.${lastOf(subject.inputs.serviceName, ".")}.${subject.region}.vpce.amazonaws.com`,
                          hostedZoneId: `Z${subject.letters(13, "zone")}`,
                      },
                  ],
              }
            : { state: "available", prefixListId: `pl-${subject.hex(8, "prefixes")}`, cidrBlocks: ["52.219.60.0/22"] },
    ),
    "aws:ec2/flowLog:FlowLog": ec2("fl", "vpc-flow-log"),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": ec2("sgr", "security-group-rule", (subject) => ({
        securityGroupRuleId: subject.id,
    })),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ec2("sgr", "security-group-rule", (subject) => ({
        securityGroupRuleId: subject.id,
    })),

    "aws:iam/role:Role": {
        name: "name",
        outputs: (subject) => ({
            arn: subject.globalArn("iam", `role${subject.inputs.path ?? "/"}${subject.physicalName}`),
            uniqueId: `AROA${subject.letters(17)}`,
        }),
    },
    "aws:iam/rolePolicy:RolePolicy": {
        name: "name",
        id: (subject) => `${subject.inputs.role}:${subject.physicalName}`,
    },
    "aws:iam/policy:Policy": byArn(
        { name: "name", outputs: (subject) => ({ policyId: `ANPA${subject.letters(17)}` }) },
        (subject) => subject.globalArn("iam", `policy${subject.inputs.path ?? "/"}${subject.physicalName}`),
    ),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": part(
        (subject) => `${subject.inputs.role}-${subject.digits(26)}`,
    ),

    "aws:kms/key:Key": {
        id: (subject) => subject.uuid(),
        outputs: (subject) => ({ keyId: subject.id, arn: subject.arn("kms", `key/${subject.id}`) }),
    },
    "aws:kms/alias:Alias": {
        name: "name",
        outputs: (subject) => ({
            arn: subject.arn("kms", subject.physicalName),
            targetKeyArn: subject.arn("kms", `key/${subject.inputs.targetKeyId}`),
        }),
    },
    "aws:secretsmanager/secret:Secret": byArn({ name: "name" }, (subject) =>
        subject.arn("secretsmanager", `secret:${subject.physicalName}-${subject.letters(6)}`),
    ),
    "aws:secretsmanager/secretVersion:SecretVersion": part(
        (subject) => `${subject.inputs.secretId}|${subject.uuid()}`,
        (subject) => ({ arn: subject.inputs.secretId, versionId: subject.uuid() }),
    ),
    "aws:ssm/parameter:Parameter": named(
        "ssm",
        (name) => `parameter${name.startsWith("/") ? "" : "/"}${name}`,
        () => ({ version: 1 }),
    ),

    "aws:cloudwatch/logGroup:LogGroup": named("logs", (name) => `log-group:${name}`),
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": { name: "name" },
    "aws:cloudwatch/metricAlarm:MetricAlarm": named("cloudwatch", (name) => `alarm:${name}`),
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": named(
        "cloudwatch",
        (name) => `alarm:${name}`,
        undefined,
        "alarmName",
    ),
    "aws:cloudwatch/dashboard:Dashboard": {
        name: "dashboardName",
        outputs: (subject) => ({ dashboardArn: subject.globalArn("cloudwatch", `dashboard/${subject.physicalName}`) }),
    },
    "aws:cloudwatch/eventBus:EventBus": named("events", (name) => `event-bus/${name}`),
    "aws:cloudwatch/eventRule:EventRule": {
        name: "name",
        id: (subject) => `${busName(subject)}${subject.physicalName}`,
        outputs: (subject) => ({ arn: subject.arn("events", `rule/${busName(subject)}${subject.physicalName}`) }),
    },
    "aws:cloudwatch/eventTarget:EventTarget": part(
        (subject) => `${busName(subject)}${subject.inputs.rule}-${subject.inputs.targetId ?? subject.hex(26)}`,
        (subject) => ({ targetId: `target-${subject.hex(26)}` }),
    ),
    "aws:cloudwatch/eventArchive:EventArchive": named("events", (name) => `archive/${name}`),
    "aws:scheduler/schedule:Schedule": named("scheduler", (name) => `schedule/default/${name}`),
    "aws:scheduler/scheduleGroup:ScheduleGroup": named("scheduler", (name) => `schedule-group/${name}`),

    "aws:msk/cluster:Cluster": byArn(
        {
            name: "clusterName",
            outputs: (subject) => {
                const brokers = (port: number): string =>
                    Array.from(
                        { length: Number(subject.inputs.numberOfBrokerNodes ?? 0) },
                        (_unused, index) =>
                            `b-${index + 1}.${subject.physicalName}.${subject.hex(6)}.c2.kafka.${subject.region}.amazonaws.com:${port}`,
                    ).join(",");
                return {
                    clusterUuid: `${subject.uuid()}-2`,
                    currentVersion: `K${subject.letters(13)}`,
                    bootstrapBrokers: "",
                    bootstrapBrokersTls: brokers(9094),
                    bootstrapBrokersSaslIam: brokers(9098),
                    bootstrapBrokersSaslScram: "",
                    zookeeperConnectString: "",
                };
            },
        },
        (subject) => subject.arn("kafka", `cluster/${subject.physicalName}/${subject.uuid()}-2`),
    ),
    "aws:msk/configuration:Configuration": byArn({ name: "name", outputs: () => ({ latestRevision: 1 }) }, (subject) =>
        subject.arn("kafka", `configuration/${subject.physicalName}/${subject.uuid()}-2`),
    ),
    "aws:msk/topic:Topic": byArn(
        { name: "name" },
        (subject) => `${String(subject.inputs.clusterArn).replace(":cluster/", ":topic/")}/${subject.physicalName}`,
    ),
    "aws:msk/clusterPolicy:ClusterPolicy": part(
        (subject) => subject.inputs.clusterArn,
        (subject) => ({ currentVersion: `K${subject.letters(13)}` }),
    ),

    "aws:elasticache/replicationGroup:ReplicationGroup": named(
        "elasticache",
        (name) => `replicationgroup:${name}`,
        (subject) => {
            const shards = Number(subject.inputs.numNodeGroups ?? 1);
            const replicas = Number(subject.inputs.replicasPerNodeGroup ?? 0);
            const host = `${subject.physicalName}.${subject.hex(6)}.apn2.cache.amazonaws.com`;
            const four = (index: number): string => String(index + 1).padStart(4, "0");
            return {
                configurationEndpointAddress: `clustercfg.${host}`,
                primaryEndpointAddress: `master.${host}`,
                readerEndpointAddress: `replica.${host}`,
                port: 6379,
                clusterEnabled: subject.inputs.clusterMode === "enabled" || shards > 1,
                engineVersionActual: `${subject.inputs.engineVersion}.0`,
                memberClusters: Array.from({ length: shards }, (_shard, shard) =>
                    Array.from(
                        { length: replicas + 1 },
                        (_node, node) => `${subject.physicalName}-${four(shard)}-${four(node).slice(1)}`,
                    ),
                ).flat(),
            };
        },
        "replicationGroupId",
    ),
    "aws:elasticache/subnetGroup:SubnetGroup": named("elasticache", (name) => `subnetgroup:${name}`),
    "aws:elasticache/parameterGroup:ParameterGroup": named("elasticache", (name) => `parametergroup:${name}`),
    "aws:elasticache/user:User": named("elasticache", (name) => `user:${name}`, undefined, "userId"),
    "aws:elasticache/userGroup:UserGroup": named(
        "elasticache",
        (name) => `usergroup:${name}`,
        undefined,
        "userGroupId",
    ),
    "aws:elasticache/userGroupAssociation:UserGroupAssociation": part(
        (subject) => `${subject.inputs.userGroupId},${subject.inputs.userId}`,
    ),

    "aws:rds/instance:Instance": {
        name: "identifier",
        id: (subject) => `db-${subject.letters(26)}`,
        outputs: (subject) => {
            const port: number = subject.inputs.port ?? 5432;
            const address = `${subject.physicalName}.c${subject.hex(11)}.${subject.region}.rds.amazonaws.com`;
            return {
                arn: subject.arn("rds", `db:${subject.physicalName}`),
                address,
                endpoint: `${address}:${port}`,
                port,
                resourceId: subject.id,
                hostedZoneId: "ZLA2NUCOLGUUR",
                status: "available",
                // A major version gets a minor one from AWS.
                engineVersionActual: /^\d+$/.test(subject.inputs.engineVersion)
                    ? `${subject.inputs.engineVersion}.6`
                    : subject.inputs.engineVersion,
                masterUserSecrets: subject.inputs.manageMasterUserPassword
                    ? [
                          {
                              secretArn: subject.arn(
                                  "secretsmanager",
                                  `secret:rds!${subject.id.toLowerCase()}-${subject.letters(6)}`,
                              ),
                              secretStatus: "active",
                              kmsKeyId: subject.inputs.masterUserSecretKmsKeyId,
                          },
                      ]
                    : [],
            };
        },
    },
    "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": byArn({}, (subject) =>
        subject.arn("rds", `auto-backup:ab-${subject.hex(32)}`),
    ),
    "aws:rds/subnetGroup:SubnetGroup": named("rds", (name) => `subgrp:${name}`),
    "aws:rds/parameterGroup:ParameterGroup": named("rds", (name) => `pg:${name}`),

    "aws:s3/bucket:Bucket": {
        name: "bucket",
        outputs: (subject) => ({
            arn: `arn:aws:s3:::${subject.physicalName}`,
            bucketDomainName: `${subject.physicalName}.s3.amazonaws.com`,
            bucketRegionalDomainName: `${subject.physicalName}.s3.${subject.region}.amazonaws.com`,
            hostedZoneId: "Z3W03O7B5YMIYP",
        }),
    },
    "aws:s3/bucketObjectv2:BucketObjectv2": {
        id: (subject) => subject.inputs.key,
        outputs: (subject) => ({
            arn: `arn:aws:s3:::${subject.inputs.bucket}/${subject.inputs.key}`,
            versionId: subject.hex(32, `version ${subject.inputs.content}`),
        }),
    },
    "aws:dynamodb/table:Table": named("dynamodb", (name) => `table/${name}`),
    "aws:glue/catalogDatabase:CatalogDatabase": {
        name: "name",
        id: (subject) => `${subject.accountId}:${subject.physicalName}`,
        outputs: (subject) => ({
            arn: subject.arn("glue", `database/${subject.physicalName}`),
            catalogId: subject.accountId,
        }),
    },
    "aws:glue/catalogTable:CatalogTable": {
        name: "name",
        id: (subject) => `${subject.accountId}:${subject.inputs.databaseName}:${subject.physicalName}`,
        outputs: (subject) => ({
            arn: subject.arn("glue", `table/${subject.inputs.databaseName}/${subject.physicalName}`),
            catalogId: subject.accountId,
        }),
    },
    "aws:athena/workgroup:Workgroup": named("athena", (name) => `workgroup/${name}`),

    "aws:ecr/repository:Repository": named(
        "ecr",
        (name) => `repository/${name}`,
        (subject) => ({
            registryId: subject.accountId,
            repositoryUrl: `${subject.accountId}.dkr.ecr.${subject.region}.amazonaws.com/${subject.physicalName}`,
        }),
    ),
    "aws:ecs/cluster:Cluster": byArn({ name: "name" }, (subject) =>
        subject.arn("ecs", `cluster/${subject.physicalName}`),
    ),
    "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": part((subject) => subject.inputs.clusterName),
    "aws:ecs/taskDefinition:TaskDefinition": {
        name: "family",
        outputs: (subject) => {
            const arnWithoutRevision = subject.arn("ecs", `task-definition/${subject.physicalName}`);
            return { arn: `${arnWithoutRevision}:1`, arnWithoutRevision, revision: 1 };
        },
    },
    "aws:ecs/service:Service": byArn({ name: "name" }, (subject) =>
        subject.arn("ecs", `service/${lastOf(subject.inputs.cluster ?? "default", "/")}/${subject.physicalName}`),
    ),
    "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": {
        name: "name",
        id: (subject) => `ns-${subject.hex(16)}`,
        outputs: (subject) => ({
            arn: subject.arn("servicediscovery", `namespace/${subject.id}`),
            hostedZone: `Z${subject.letters(13)}`,
        }),
    },
    "aws:servicediscovery/service:Service": {
        name: "name",
        id: (subject) => `srv-${subject.hex(16)}`,
        outputs: (subject) => ({ arn: subject.arn("servicediscovery", `service/${subject.id}`) }),
    },
    "aws:appautoscaling/target:Target": part(
        (subject) => subject.inputs.resourceId,
        (subject) => ({ arn: subject.arn("application-autoscaling", `scalable-target/${subject.hex(36)}`) }),
    ),
    "aws:appautoscaling/policy:Policy": {
        name: "name",
        outputs: (subject) => ({
            arn: subject.arn(
                "autoscaling",
                `scalingPolicy:${subject.uuid()}:resource/${subject.inputs.serviceNamespace}/${subject.inputs.resourceId}:policyName/${subject.physicalName}`,
            ),
            alarmArns: [],
        }),
    },
    "aws:appautoscaling/scheduledAction:ScheduledAction": {
        name: "name",
        outputs: (subject) => ({
            arn: subject.arn(
                "autoscaling",
                `scheduledAction:${subject.uuid()}:resource/${subject.inputs.serviceNamespace}/${subject.inputs.resourceId}:scheduledActionName/${subject.physicalName}`,
            ),
        }),
    },

    "aws:lb/loadBalancer:LoadBalancer": byArn(
        {
            name: "name",
            outputs: (subject) => ({
                arnSuffix: subject.id.slice(subject.id.indexOf(":loadbalancer/") + ":loadbalancer/".length),
                dnsName: `${subject.inputs.internal ? "internal-" : ""}${subject.physicalName}-${subject.digits(10)}.${subject.region}.elb.amazonaws.com`,
                zoneId: loadBalancerZoneId,
            }),
        },
        (subject) => {
            const kind = { application: "app", network: "net", gateway: "gwy" }[
                String(subject.inputs.loadBalancerType ?? "application")
            ];
            return subject.arn(
                "elasticloadbalancing",
                `loadbalancer/${kind}/${subject.physicalName}/${subject.hex(16)}`,
            );
        },
    ),
    "aws:lb/targetGroup:TargetGroup": byArn(
        {
            name: "name",
            outputs: (subject) => ({ arnSuffix: lastOf(subject.id, ":"), loadBalancerArns: [] }),
        },
        (subject) => subject.arn("elasticloadbalancing", `targetgroup/${subject.physicalName}/${subject.hex(16)}`),
    ),
    "aws:lb/trustStore:TrustStore": byArn(
        { name: "name", outputs: (subject) => ({ arnSuffix: lastOf(subject.id, ":") }) },
        (subject) => subject.arn("elasticloadbalancing", `truststore/${subject.physicalName}/${subject.hex(16)}`),
    ),
    "aws:lb/listener:Listener": byArn(
        {},
        (subject) =>
            `${String(subject.inputs.loadBalancerArn).replace(":loadbalancer/", ":listener/")}/${subject.hex(16)}`,
    ),
    "aws:lb/listenerRule:ListenerRule": byArn(
        {},
        (subject) =>
            `${String(subject.inputs.listenerArn).replace(":listener/", ":listener-rule/")}/${subject.hex(16)}`,
    ),
    "aws:acm/certificate:Certificate": byArn(
        {
            outputs: (subject) => {
                const domainName: string = subject.inputs.domainName ?? "self-signed.invalid";
                return {
                    domainName,
                    status: subject.inputs.domainName ? "PENDING_VALIDATION" : "ISSUED",
                    domainValidationOptions: subject.inputs.domainName
                        ? [
                              {
                                  domainName,
                                  resourceRecordName: `_${subject.hex(32)}.${domainName}.`,
                                  resourceRecordType: "CNAME",
                                  resourceRecordValue: `_${subject.hex(32, "value")}.${subject.hex(10, "zone")}.acm-validations.aws.`,
                              },
                          ]
                        : [],
                };
            },
        },
        (subject) => subject.arn("acm", `certificate/${subject.uuid()}`),
    ),
    "aws:acm/certificateValidation:CertificateValidation": part(() => "2026-01-01 00:00:00 +0000 UTC"),
    "aws:route53/record:Record": part(
        (subject) => `${subject.inputs.zoneId}_${subject.inputs.name}_${subject.inputs.type}`,
        (subject) => ({ fqdn: String(subject.inputs.name).replace(/\.$/, "") }),
    ),

    "aws:lambda/function:Function": {
        name: "name",
        outputs: (subject) => {
            const arn = subject.arn("lambda", `function:${subject.physicalName}`);
            return {
                arn,
                invokeArn: lambdaInvokeArn(subject, arn),
                version: "1",
                qualifiedArn: `${arn}:1`,
                qualifiedInvokeArn: lambdaInvokeArn(subject, `${arn}:1`),
            };
        },
    },
    "aws:lambda/alias:Alias": {
        name: "name",
        outputs: (subject) => {
            const arn = subject.arn(
                "lambda",
                `function:${lastOf(subject.inputs.functionName, ":")}:${subject.physicalName}`,
            );
            return { arn, invokeArn: lambdaInvokeArn(subject, arn) };
        },
    },
    "aws:lambda/eventSourceMapping:EventSourceMapping": part(
        (subject) => subject.uuid(),
        (subject) => ({
            uuid: subject.id,
            arn: subject.arn("lambda", `event-source-mapping:${subject.id}`),
            functionArn: String(subject.inputs.functionName).startsWith("arn:")
                ? subject.inputs.functionName
                : subject.arn("lambda", `function:${subject.inputs.functionName}`),
            state: "Enabled",
        }),
    ),
    "aws:lambda/permission:Permission": {
        name: "statementId",
    },
    "aws:lambda/invocation:Invocation": part(
        ({ inputs }) =>
            [
                inputs.functionName,
                inputs.qualifier ?? "$LATEST",
                createHash("md5").update(String(inputs.input)).digest("hex"),
            ].join(","),
        // What the function answers, is its own affair.
        () => ({ result: "null" }),
    ),
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": part((subject) => subject.inputs.functionName),

    "aws:apigatewayv2/api:Api": {
        name: "name",
        id: (subject) => subject.hex(10),
        outputs: (subject) => ({
            arn: `arn:aws:apigateway:${subject.region}::/apis/${subject.id}`,
            apiEndpoint: `${subject.inputs.protocolType === "WEBSOCKET" ? "wss" : "https"}://${subject.id}.execute-api.${subject.region}.amazonaws.com`,
            executionArn: subject.arn("execute-api", subject.id),
        }),
    },
    "aws:apigatewayv2/stage:Stage": {
        name: "name",
        outputs: (subject) => ({
            arn: `arn:aws:apigateway:${subject.region}::/apis/${subject.inputs.apiId}/stages/${subject.physicalName}`,
            executionArn: subject.arn("execute-api", `${subject.inputs.apiId}/${subject.physicalName}`),
            // HTTP APIs have an https address; this program has WebSocket APIs only.
            invokeUrl: `wss://${subject.inputs.apiId}.execute-api.${subject.region}.amazonaws.com/${subject.physicalName}`,
        }),
    },
    "aws:apigatewayv2/route:Route": part((subject) => subject.hex(7)),
    "aws:apigatewayv2/integration:Integration": part((subject) => subject.hex(7)),
    "aws:apigatewayv2/deployment:Deployment": part((subject) => subject.hex(6)),
    "aws:apigatewayv2/authorizer:Authorizer": { name: "name", id: (subject) => subject.hex(6) },

    "aws:sqs/queue:Queue": {
        name: "name",
        id: (subject) => `https://sqs.${subject.region}.amazonaws.com/${subject.accountId}/${subject.physicalName}`,
        outputs: (subject) => ({ url: subject.id, arn: subject.arn("sqs", subject.physicalName) }),
    },
    "aws:sqs/queuePolicy:QueuePolicy": part((subject) => subject.inputs.queueUrl),
    "aws:sns/topic:Topic": byArn({ name: "name", outputs: (subject) => ({ owner: subject.accountId }) }, (subject) =>
        subject.arn("sns", subject.physicalName),
    ),
    "aws:sns/topicPolicy:TopicPolicy": part((subject) => subject.inputs.arn),
    "aws:sns/topicSubscription:TopicSubscription": byArn({}, (subject) => `${subject.inputs.topic}:${subject.uuid()}`),

    "aws:budgets/budget:Budget": {
        name: "name",
        id: (subject) => `${subject.accountId}:${subject.physicalName}`,
        outputs: (subject) => ({
            arn: subject.globalArn("budgets", `budget/${subject.physicalName}`),
            accountId: subject.accountId,
        }),
    },
    "aws:costexplorer/anomalyMonitor:AnomalyMonitor": byArn({ name: "name" }, (subject) =>
        subject.globalArn("ce", `anomalymonitor/${subject.uuid()}`),
    ),
    "aws:costexplorer/anomalySubscription:AnomalySubscription": byArn(
        { name: "name", outputs: (subject) => ({ accountId: subject.accountId }) },
        (subject) => subject.globalArn("ce", `anomalysubscription/${subject.uuid()}`),
    ),

    "tls:index/privateKey:PrivateKey": part(
        (subject) => subject.hex(40),
        (subject) => ({
            privateKeyPem: pem("EC PRIVATE KEY", subject.hex(64)),
            privateKeyPemPkcs8: pem("PRIVATE KEY", subject.hex(64)),
            privateKeyOpenssh: pem("OPENSSH PRIVATE KEY", subject.hex(64)),
            publicKeyPem: pem("PUBLIC KEY", subject.hex(64, "public")),
            publicKeyOpenssh: `ecdsa-sha2-nistp256 ${subject.hex(64, "public")}`,
            publicKeyFingerprintMd5: subject.hex(32, "md5"),
            publicKeyFingerprintSha256: `SHA256:${subject.hex(43, "sha256")}`,
        }),
    ),
    "tls:index/selfSignedCert:SelfSignedCert": part(
        (subject) => subject.digits(38),
        (subject) => ({
            certPem: pem("CERTIFICATE", subject.hex(64)),
            keyAlgorithm: "ECDSA",
            readyForRenewal: false,
            validityStartTime: "2026-01-01T00:00:00Z",
            validityEndTime: "2027-01-01T00:00:00Z",
        }),
    ),
};

/** `<bus>/` for a rule of a bus other than the default one. */
function busName({ inputs }: Subject): string {
    return inputs.eventBusName && inputs.eventBusName !== "default" ? `${inputs.eventBusName}/` : "";
}

/** For AWS resources that have no rule: a name, and an ARN of the usual form. */
const unlisted = (type: string): Rule => {
    const [, service, kind] = /^aws:([^/:]+)\/?([^:]*)/.exec(type) ?? [];
    return service === undefined ? {} : named(service, (name) => `${kind}/${name}`);
};

/** Stand-ins for the id and the outputs of a resource. */
export function standIn(wanted: Wanted): StandIn {
    const rule = rules[wanted.type] ?? unlisted(wanted.type);
    const subject = new Subject(wanted, rule.name);
    subject.id = wanted.id ?? rule.id?.(subject) ?? (subject.physicalName || subject.hex(17));
    return {
        id: subject.id,
        outputs: {
            ...rule.outputs?.(subject),
            ...(rule.name !== undefined && { [rule.name]: subject.physicalName }),
            ...wanted.inputs,
        },
    };
}

/** What is known of a resource before it exists: its inputs, and the name that Pulumi gives it. */
export function known(wanted: Wanted): StandIn {
    const { name } = rules[wanted.type] ?? unlisted(wanted.type);
    return {
        id: "",
        outputs: {
            ...(name !== undefined && { [name]: new Subject(wanted, name).physicalName }),
            ...wanted.inputs,
        },
    };
}
