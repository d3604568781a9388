import { authority, caller, expired, weak } from "./certificates";
import { type Changes } from "./change";
import { flatMistakes } from "./flat-mistakes";
import { offerMistakes } from "./mistakes-offers";
import { type Config } from "./stack-file";

/** A mistake in a stack's settings, and all that its owner is told. */
export interface Mistake {
    title: string;
    /** Stack, whose file is changed; a name without a file stands for another one like dev. */
    stack: string;
    changes: Changes;
    /** Config keys beside them, whose names have dots of their own. */
    keys?: Config;
    /** What must be the case, by path, when all has been done that people are told to do. */
    meant?: Changes;
    message: string;
}

/** Strategies, by the hundred. */
const many = (count: number): Changes =>
    Object.fromEntries(
        Array.from({ length: count }, (_, index) => [
            `s${index}`,
            { topics: ["ticks"], memoryMB: 512, timeoutSeconds: 30, batchSize: 1, batchWindowSeconds: 0 },
        ]),
    );

const longTopic = "t".repeat(190);

/** Mistakes that people make. */
export const mistakes: Mistake[] = [
    ...offerMistakes,
    ...flatMistakes,
    {
        title: "unknown section, near a known one",
        stack: "dev",
        changes: { "aipx:kafak": { brokers: 2 } },
        message: `stack dev: 1 setting is wrong

aipx:kafak is not a setting
  did you mean kafka?
  fix: pulumi config rm --stack dev --path 'aipx:kafak'`,
    },
    {
        title: "unknown section, near none",
        stack: "dev",
        changes: { "aipx:wallet": { coins: 2 } },
        message: `stack dev: 1 setting is wrong

aipx:wallet is not a setting
  known here are environment, network, broker, kafka, redis, postgres, dataLake, services, images, schedule, budget, alarms, account
  fix: pulumi config rm --stack dev --path 'aipx:wallet'`,
    },
    {
        title: "unknown key in a section",
        stack: "production",
        changes: { "aipx:network.natGateway": "single" },
        message: `stack production: 1 setting is wrong

aipx:network.natGateway is not a setting
  did you mean natGateways?
  fix: pulumi config rm --stack production --path 'aipx:network.natGateway'`,
    },
    {
        title: "mistyped key, whose right one is missing then",
        stack: "dev",
        changes: { "aipx:network.natGateways": undefined, "aipx:network.natGatways": "single" },
        message: `stack dev: 2 settings are wrong

aipx:network.natGateways is missing
  must be one of single, one-per-zone
  fix: pulumi config set --stack dev --path 'aipx:network.natGateways' single

aipx:network.natGatways is not a setting
  did you mean natGateways?
  fix: pulumi config rm --stack dev --path 'aipx:network.natGatways'`,
    },
    {
        title: "mistyped section, whose right one is missing then",
        stack: "dev",
        changes: { "aipx:budget": undefined, "aipx:budgte": { monthlyUsd: 900, anomalyUsd: 10 } },
        message: `stack dev: 2 settings are wrong

aipx:budget is missing
  must be a map with the keys monthlyUsd, anomalyUsd
  fix: rename aipx:budgte to aipx:budget in Pulumi.dev.yaml

aipx:budgte is not a setting
  did you mean budget?
  fix: rename aipx:budgte to aipx:budget in Pulumi.dev.yaml`,
    },
    {
        title: "mistyped section in a section",
        stack: "dev",
        changes: { "aipx:services.oms": undefined, "aipx:services.omss": { cpu: 1024 } },
        message: `stack dev: 2 settings are wrong

aipx:services.oms is missing
  must be a map with the keys cpu, memoryMiB, tasks, environment, riskLimits, loadBalancer
  fix: rename aipx:services.omss to aipx:services.oms in Pulumi.dev.yaml

aipx:services.omss is not a setting
  did you mean oms?
  fix: rename aipx:services.omss to aipx:services.oms in Pulumi.dev.yaml`,
    },
    {
        title: "mistyped key that may be left out",
        stack: "production",
        changes: { "aipx:kafka.topics.ticks.replicatonFactor": 4 },
        message: `stack production: 1 setting is wrong

aipx:kafka.topics.ticks.replicatonFactor is not a setting
  did you mean replicationFactor?
  fix: pulumi config set --stack production --path 'aipx:kafka.topics.ticks.replicationFactor' 4
       pulumi config rm --stack production --path 'aipx:kafka.topics.ticks.replicatonFactor'`,
    },
    {
        title: "mistyped section that may be left out",
        stack: "dev",
        changes: { "aipx:images": undefined, "aipx:image": { oms: `sha256:${"0".repeat(64)}` } },
        message: `stack dev: 1 setting is wrong

aipx:image is not a setting
  did you mean images?
  fix: rename aipx:image to aipx:images in Pulumi.dev.yaml`,
    },
    {
        title: "unknown key in a topic",
        stack: "dev",
        changes: { "aipx:kafka.topics.ticks.retention": 24 },
        message: `stack dev: 1 setting is wrong

aipx:kafka.topics.ticks.retention is not a setting
  known here are partitions, retentionHours, replicationFactor
  fix: pulumi config rm --stack dev --path 'aipx:kafka.topics.ticks.retention'`,
    },
    {
        title: "unknown key in a certificate",
        stack: "dev",
        changes: { "aipx:services.oms.loadBalancer.certificate": { source: "self-signed", domain: "oms.example.com" } },
        message: `stack dev: 1 setting is wrong

aipx:services.oms.loadBalancer.certificate.domain is not a setting
  known here are source
  fix: pulumi config rm --stack dev --path 'aipx:services.oms.loadBalancer.certificate.domain'`,
    },
    {
        title: "missing section",
        stack: "dev",
        changes: { "aipx:schedule": undefined },
        message: `stack dev: 1 setting is wrong

aipx:schedule is missing
  must be a map with the keys start, stop
  fix: pulumi config set --stack dev --path 'aipx:schedule.start' 07:30
       pulumi config set --stack dev --path 'aipx:schedule.stop' 21:10`,
    },
    {
        title: "section that is empty in the file",
        stack: "dev",
        changes: { "aipx:budget": null },
        message: `stack dev: 1 setting is wrong

aipx:budget is empty
  must be a map with the keys monthlyUsd, anomalyUsd
  fix: pulumi config rm --stack dev --path 'aipx:budget'
       pulumi config set --stack dev --path 'aipx:budget.monthlyUsd' 1000
       pulumi config set --stack dev --path 'aipx:budget.anomalyUsd' 20`,
    },
    {
        title: "section that is a text",
        stack: "dev",
        changes: { "aipx:schedule": "always" },
        message: `stack dev: 1 setting is wrong

aipx:schedule is not a map, nor valid JSON
  must be a map with the keys start, stop
  fix: pulumi config rm --stack dev --path 'aipx:schedule'
       pulumi config set --stack dev --path 'aipx:schedule.start' 07:30
       pulumi config set --stack dev --path 'aipx:schedule.stop' 21:10`,
    },
    {
        title: "section that is not JSON",
        stack: "dev",
        changes: { "aipx:broker": "{mode: paper" },
        message: `stack dev: 1 setting is wrong

aipx:broker is not a map, nor valid JSON
  must be a map with the key mode
  fix: pulumi config rm --stack dev --path 'aipx:broker'
       pulumi config set --stack dev --path 'aipx:broker.mode' paper`,
    },
    {
        title: "missing key",
        stack: "staging",
        changes: { "aipx:postgres.multiAz": undefined },
        message: `stack staging: 1 setting is wrong

aipx:postgres.multiAz is missing
  must be true or false
  fix: pulumi config set --stack staging --path 'aipx:postgres.multiAz' true`,
    },
    {
        title: "text for a number",
        stack: "dev",
        changes: { "aipx:kafka.brokers": "two" },
        message: `stack dev: 1 setting is wrong

aipx:kafka.brokers is "two"
  must be a whole number from 2 to 30
  fix: pulumi config rm --stack dev --path 'aipx:kafka.brokers'
       pulumi config set --stack dev --path 'aipx:kafka.brokers' 3`,
    },
    {
        title: "number in quotes",
        stack: "dev",
        changes: { "aipx:kafka.brokers": "2" },
        message: `stack dev: 1 setting is wrong

aipx:kafka.brokers is "2"
  must be a whole number from 2 to 30
  fix: pulumi config rm --stack dev --path 'aipx:kafka.brokers'
       pulumi config set --stack dev --path 'aipx:kafka.brokers' 2`,
    },
    {
        title: "number that is not whole",
        stack: "dev",
        changes: { "aipx:kafka.storageGiB": 10.5 },
        message: `stack dev: 1 setting is wrong

aipx:kafka.storageGiB is 10.5
  must be a whole number from 1 to 16384
  fix: pulumi config set --stack dev --path 'aipx:kafka.storageGiB' 11`,
    },
    {
        title: "number above its range",
        stack: "dev",
        changes: { "aipx:postgres.backupRetentionDays": 60 },
        message: `stack dev: 1 setting is wrong

aipx:postgres.backupRetentionDays is 60
  must be a whole number from 1 to 35
  fix: pulumi config set --stack dev --path 'aipx:postgres.backupRetentionDays' 35`,
    },
    {
        title: "number below its range",
        stack: "dev",
        changes: { "aipx:services.notification.memoryMB": 64 },
        message: `stack dev: 1 setting is wrong

aipx:services.notification.memoryMB is 64
  must be a whole number from 128 to 10240
  fix: pulumi config set --stack dev --path 'aipx:services.notification.memoryMB' 128`,
    },
    {
        title: "number for a text",
        stack: "dev",
        changes: { "aipx:postgres.engineVersion": 17 },
        message: `stack dev: 1 setting is wrong

aipx:postgres.engineVersion is 17
  must be a major version of PostgreSQL, quoted, such as "17"
  fix: pulumi config set --stack dev --path 'aipx:postgres.engineVersion' 17 --type string`,
    },
    {
        title: "version that YAML read as a number",
        stack: "dev",
        changes: { "aipx:redis.engineVersion": 8 },
        message: `stack dev: 1 setting is wrong

aipx:redis.engineVersion is 8
  must be a version, quoted, such as "8.0"
  fix: pulumi config set --stack dev --path 'aipx:redis.engineVersion' 8.0`,
    },
    {
        title: "time that YAML read as a number",
        stack: "dev",
        changes: { "aipx:schedule.start": 470 },
        message: `stack dev: 1 setting is wrong

aipx:schedule.start is 470
  must be a time of day, quoted, such as "07:30"
  fix: pulumi config set --stack dev --path 'aipx:schedule.start' 07:30`,
    },
    {
        title: "time that is none",
        stack: "dev",
        changes: { "aipx:schedule.stop": "25:00" },
        message: `stack dev: 1 setting is wrong

aipx:schedule.stop is "25:00"
  must be a time of day, quoted, such as "21:10"
  fix: pulumi config set --stack dev --path 'aipx:schedule.stop' 21:10`,
    },
    {
        title: "text for a boolean",
        stack: "dev",
        changes: { "aipx:postgres.multiAz": "yes" },
        message: `stack dev: 1 setting is wrong

aipx:postgres.multiAz is "yes"
  must be true or false
  fix: pulumi config rm --stack dev --path 'aipx:postgres.multiAz'
       pulumi config set --stack dev --path 'aipx:postgres.multiAz' true`,
    },
    {
        title: "choice that is not offered",
        stack: "dev",
        changes: { "aipx:redis.engine": "memcached" },
        message: `stack dev: 1 setting is wrong

aipx:redis.engine is "memcached"
  must be one of valkey, redis
  fix: pulumi config set --stack dev --path 'aipx:redis.engine' valkey`,
    },
    {
        title: "choice in other letters",
        stack: "dev",
        changes: { "aipx:broker.mode": "Paper" },
        message: `stack dev: 1 setting is wrong

aipx:broker.mode is "Paper"
  must be one of paper, live
  fix: pulumi config set --stack dev --path 'aipx:broker.mode' paper`,
    },
    {
        title: "log retention that CloudWatch does not offer",
        stack: "production",
        changes: { "aipx:environment.logRetentionDays": 45 },
        message: `stack production: 1 setting is wrong

aipx:environment.logRetentionDays is 45
  must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653
  fix: pulumi config set --stack production --path 'aipx:environment.logRetentionDays' 30`,
    },
    {
        title: "cpu that Fargate does not offer",
        stack: "dev",
        changes: { "aipx:services.oms.cpu": 300 },
        message: `stack dev: 1 setting is wrong

aipx:services.oms.cpu is 300
  must be one of 256, 512, 1024, 2048, 4096, 8192, 16384
  fix: pulumi config set --stack dev --path 'aipx:services.oms.cpu' 256`,
    },
    {
        title: "address range that is none",
        stack: "dev",
        changes: { "aipx:network.cidrBlock": "10.10.0.0" },
        message: `stack dev: 1 setting is wrong

aipx:network.cidrBlock is "10.10.0.0"
  must be an IPv4 address range such as 10.0.0.0/16
  fix: pulumi config set --stack dev --path 'aipx:network.cidrBlock' 10.0.0.0/16`,
    },
    {
        title: "one zone",
        stack: "dev",
        changes: { "aipx:network.availabilityZones": ["ap-northeast-2a"] },
        message: `stack dev: 1 setting is wrong

aipx:network.availabilityZones is a list of 1
  must be a list of 2 or 3, each an availability zone such as ap-northeast-2a
  fix: pulumi config set --stack dev --path 'aipx:network.availabilityZones[1]' ap-northeast-2c`,
    },
    {
        title: "four zones",
        stack: "production",
        changes: {
            "aipx:network.availabilityZones": [
                "ap-northeast-2a",
                "ap-northeast-2b",
                "ap-northeast-2c",
                "ap-northeast-2d",
            ],
        },
        message: `stack production: 1 setting is wrong

aipx:network.availabilityZones is a list of 4
  must be a list of 2 or 3, each an availability zone such as ap-northeast-2a
  fix: pulumi config rm --stack production --path 'aipx:network.availabilityZones[3]'`,
    },
    {
        title: "zones as a text",
        stack: "dev",
        changes: { "aipx:network.availabilityZones": "a, c" },
        message: `stack dev: 1 setting is wrong

aipx:network.availabilityZones is "a, c"
  must be a list of 2 or 3, each an availability zone such as ap-northeast-2a
  fix: pulumi config rm --stack dev --path 'aipx:network.availabilityZones'
       pulumi config set --stack dev --path 'aipx:network.availabilityZones[0]' ap-northeast-2a
       pulumi config set --stack dev --path 'aipx:network.availabilityZones[1]' ap-northeast-2c`,
    },
    {
        title: "zone that is none",
        stack: "dev",
        changes: { "aipx:network.availabilityZones": ["ap-northeast-2a", "c"] },
        message: `stack dev: 1 setting is wrong

aipx:network.availabilityZones[1] is "c"
  must be an availability zone such as ap-northeast-2a
  fix: pulumi config set --stack dev --path 'aipx:network.availabilityZones[1]' ap-northeast-2c`,
    },
    {
        title: "endpoint that is not on offer",
        stack: "dev",
        changes: { "aipx:network.interfaceEndpoints": ["lambda", "sts", "s3"] },
        message: `stack dev: 1 setting is wrong

aipx:network.interfaceEndpoints[2] is "s3"
  must be one of bedrock-runtime, ecr.api, ecr.dkr, events, kms, lambda, logs, monitoring, secretsmanager, sqs, ssm, ssmmessages, sts, xray
  fix: pulumi config rm --stack dev --path 'aipx:network.interfaceEndpoints[2]'`,
    },
    {
        title: "feed name in capitals",
        stack: "dev",
        changes: {
            "aipx:services.ingestion.feeds.KRX": {
                topics: ["ticks"],
                credentials: "kis-other",
                cpu: 256,
                memoryMiB: 512,
            },
        },
        message: `stack dev: 1 setting is wrong

aipx:services.ingestion.feeds.KRX has a name that is not allowed
  must be a name of lower-case letters, digits and single hyphens, beginning with a letter, at most 24 characters
  fix: pulumi config rm --stack dev --path 'aipx:services.ingestion.feeds.KRX'`,
    },
    {
        title: "feed without topics",
        stack: "dev",
        changes: { "aipx:services.ingestion.feeds.krx.topics": [] },
        message: `stack dev: 1 setting is wrong

aipx:services.ingestion.feeds.krx.topics is an empty list
  must be a list of at least 1, each a topic name (letters, digits, '.', '_' and '-', beginning with a letter or digit), at most 200 characters
  fix: pulumi config set --stack dev --path 'aipx:services.ingestion.feeds.krx.topics[0]' ticks`,
    },
    {
        title: "strategy that is a list",
        stack: "dev",
        changes: { "aipx:services.strategies.momentum": ["ticks"] },
        message: `stack dev: 1 setting is wrong

aipx:services.strategies.momentum is a list of 1
  must be a map with the keys topics, environment, memoryMB, timeoutSeconds, reservedConcurrency, batchSize, batchWindowSeconds
  fix: pulumi config rm --stack dev --path 'aipx:services.strategies.momentum'
       pulumi config set --stack dev --path 'aipx:services.strategies.momentum.topics[0]' ticks
       pulumi config set --stack dev --path 'aipx:services.strategies.momentum.memoryMB' 512
       pulumi config set --stack dev --path 'aipx:services.strategies.momentum.timeoutSeconds' 30
       pulumi config set --stack dev --path 'aipx:services.strategies.momentum.batchSize' 100
       pulumi config set --stack dev --path 'aipx:services.strategies.momentum.batchWindowSeconds' 1`,
    },
    {
        title: "authorizer slower than API Gateway",
        stack: "dev",
        changes: { "aipx:services.websocketAuthorizer.timeoutSeconds": 30 },
        message: `stack dev: 1 setting is wrong

aipx:services.websocketAuthorizer.timeoutSeconds is 30
  must be a whole number from 1 to 29: API Gateway waits no longer
  fix: pulumi config set --stack dev --path 'aipx:services.websocketAuthorizer.timeoutSeconds' 29`,
    },
    {
        title: "agent slower than its dispatcher can wait",
        stack: "dev",
        changes: { "aipx:services.cognitive.timeoutSeconds": 900 },
        message: `stack dev: 1 setting is wrong

aipx:services.cognitive.timeoutSeconds is 900
  must be a whole number from 1 to 855: its dispatcher takes up to 45 seconds more, and Lambda ends functions after 900
  fix: pulumi config set --stack dev --path 'aipx:services.cognitive.timeoutSeconds' 855`,
    },
    {
        title: "Kafka function slower than Lambda allows",
        stack: "dev",
        changes: { "aipx:services.dataRecorder.timeoutSeconds": 900 },
        message: `stack dev: 1 setting is wrong

aipx:services.dataRecorder.timeoutSeconds is 900
  must be a whole number from 1 to 840: Lambda ends functions that Kafka triggers after 14 minutes
  fix: pulumi config set --stack dev --path 'aipx:services.dataRecorder.timeoutSeconds' 840`,
    },
    {
        title: "certificate of an unknown source",
        stack: "dev",
        changes: { "aipx:services.oms.loadBalancer.certificate": { source: "DNS" } },
        message: `stack dev: 1 setting is wrong

aipx:services.oms.loadBalancer.certificate.source is "DNS"
  must be one of existing, dns, self-signed
  fix: pulumi config set --stack dev --path 'aipx:services.oms.loadBalancer.certificate.source' dns`,
    },
    {
        title: "certificate without its domain",
        stack: "production",
        changes: {
            "aipx:services.oms.loadBalancer.certificate": { source: "dns", hostedZoneId: "Z0123456789ABCDEFGHIJ" },
        },
        message: `stack production: 1 setting is wrong

aipx:services.oms.loadBalancer.certificate.domainName is missing
  must be a domain name such as oms.example.com, at most 64 characters
  fix: pulumi config set --stack production --path 'aipx:services.oms.loadBalancer.certificate.domainName' oms.example.com`,
    },
    {
        title: "certificate that is no ARN",
        stack: "production",
        changes: { "aipx:services.oms.loadBalancer.certificate": { source: "existing", arn: "oms.example.com" } },
        message: `stack production: 1 setting is wrong

aipx:services.oms.loadBalancer.certificate.arn is "oms.example.com"
  must be the ARN of an ACM certificate
  fix: pulumi config set --stack production --path 'aipx:services.oms.loadBalancer.certificate.arn' arn:aws:acm:ap-northeast-2:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef`,
    },
    {
        title: "image latest",
        stack: "dev",
        changes: { "aipx:images.oms": "latest" },
        message: `stack dev: 1 setting is wrong

aipx:images.oms is "latest"
  must be a digest (sha256: and 64 hex digits) or a tag other than latest
  fix: pulumi config set --stack dev --path 'aipx:images.oms' v1`,
    },
    {
        title: "mail address that is none",
        stack: "dev",
        changes: { "aipx:alarms.emails": ["oncall"] },
        message: `stack dev: 1 setting is wrong

aipx:alarms.emails[0] is "oncall"
  must be a mail address
  fix: pulumi config set --stack dev --path 'aipx:alarms.emails[0]' oncall@example.com`,
    },
    {
        title: "more mail addresses than AWS Budgets takes",
        stack: "dev",
        changes: {
            "aipx:alarms.emails": [
                "a@example.com",
                "b@example.com",
                "c@example.com",
                "d@example.com",
                "e@example.com",
                "f@example.com",
                "g@example.com",
                "h@example.com",
                "i@example.com",
                "j@example.com",
                "k@example.com",
            ],
        },
        message: `stack dev: 1 setting is wrong

aipx:alarms.emails is a list of 11
  must be a list of at most 10, each a mail address
  fix: pulumi config rm --stack dev --path 'aipx:alarms.emails[10]'`,
    },
    {
        title: "a secret among the settings",
        stack: "dev",
        changes: { "aipx:broker.appSecret": "PSKx93kd02l" },
        message: `stack dev: 1 setting is wrong

aipx:broker.appSecret is not a setting
  known here are mode
  fix: pulumi config rm --stack dev --path 'aipx:broker.appSecret'`,
    },
    {
        title: "a secret in the place of a setting",
        stack: "dev",
        changes: { "aipx:broker.mode": { secure: "AAABADx8=" } },
        message: `stack dev: 1 setting is wrong

aipx:broker.mode is a secret, not shown here
  must be one of paper, live
  fix: pulumi config set --stack dev --path 'aipx:broker.mode' paper`,
    },
    {
        title: "no region",
        stack: "dev",
        changes: { "aws:region": undefined },
        message: `stack dev: 1 setting is wrong

aws:region is missing
  must be an AWS region such as ap-northeast-2
  fix: pulumi config set --stack dev --path 'aws:region' ap-northeast-2`,
    },
    {
        title: "fewer agents at a time than a queue's trigger takes",
        stack: "dev",
        changes: { "aipx:services.cognitive.reservedConcurrency": 1 },
        message: `stack dev: 1 setting is wrong

aipx:services.cognitive.reservedConcurrency is 1
  must be a whole number from 2 to 900: a queue's trigger runs two at a time at least
  fix: pulumi config set --stack dev --path 'aipx:services.cognitive.reservedConcurrency' 2`,
    },
    {
        title: "a map that cannot be made a text, where a text belongs",
        stack: "dev",
        changes: { "aipx:broker.mode": { toString: "" } },
        message: `stack dev: 1 setting is wrong

aipx:broker.mode is a map
  must be one of paper, live
  fix: pulumi config set --stack dev --path 'aipx:broker.mode' paper`,
    },
    {
        title: "no account",
        stack: "production",
        changes: { "aws:allowedAccountIds": undefined },
        message: `stack production: 1 setting is wrong

aws:allowedAccountIds[0] is missing
  must be the id of the AWS account that the stack lives in, a text of 12 digits
  fix: pulumi config set --stack production --path 'aws:allowedAccountIds[0]' 123456789012 --type string`,
    },
    {
        title: "an account's id as a number, as YAML reads it without quotes",
        stack: "dev",
        changes: { "aws:allowedAccountIds": [123456789012] },
        message: `stack dev: 1 setting is wrong

aws:allowedAccountIds[0] is 123456789012
  must be the id of the AWS account that the stack lives in, a text of 12 digits
  fix: pulumi config set --stack dev --path 'aws:allowedAccountIds[0]' 123456789012 --type string`,
    },
    {
        title: "two accounts",
        stack: "dev",
        changes: { "aws:allowedAccountIds": ["123456789012", "210987654321"] },
        message: `stack dev: 1 setting is wrong

aws:allowedAccountIds[1] is "210987654321"
  must not be there: a stack lives in one account
  fix: pulumi config rm --stack dev --path 'aws:allowedAccountIds[1]'`,
    },
    {
        title: "an account that is no list",
        stack: "dev",
        changes: { "aws:allowedAccountIds": "123" },
        message: `stack dev: 1 setting is wrong

aws:allowedAccountIds[0] is 123
  must be the id of the AWS account that the stack lives in, a text of 12 digits
  fix: pulumi config rm --stack dev --path 'aws:allowedAccountIds'
       pulumi config set --stack dev --path 'aws:allowedAccountIds[0]' 123456789012 --type string`,
    },
    {
        title: "no default tags",
        stack: "dev",
        changes: { "aws:defaultTags": undefined },
        message: `stack dev: 4 settings are wrong

aws:defaultTags.tags.project is missing
  must be text: every resource is tagged with it
  fix: pulumi config set --stack dev --path 'aws:defaultTags.tags.project' aipx

aws:defaultTags.tags.environment is missing
  must be text: every resource is tagged with it
  fix: pulumi config set --stack dev --path 'aws:defaultTags.tags.environment' dev

aws:defaultTags.tags.owner is missing
  must be text: every resource is tagged with it
  fix: pulumi config set --stack dev --path 'aws:defaultTags.tags.owner' platform-team

aws:defaultTags.tags.cost-centre is missing
  must be text: every resource is tagged with it
  fix: pulumi config set --stack dev --path 'aws:defaultTags.tags.cost-centre' trading`,
    },
    {
        title: "environment tag of another stack",
        stack: "staging",
        changes: { "aws:defaultTags.tags.environment": "dev" },
        message: `stack staging: 1 setting is wrong

aws:defaultTags.tags.environment is "dev"
  must be staging, the name of the stack
  fix: pulumi config set --stack staging --path 'aws:defaultTags.tags.environment' staging`,
    },
    {
        title: "name of a stack that AWS cannot take",
        stack: "Dev_1",
        changes: { "aws:defaultTags.tags.environment": "Dev_1" },
        message: `stack Dev_1: 1 setting is wrong

stack name is "Dev_1"
  must be lower-case letters, digits and single hyphens, beginning with a letter, at most 24 characters: it is part of every name in AWS
  fix: pulumi stack rename --stack Dev_1 NEW-NAME`,
    },
    {
        title: "feed whose role gets too long a name",
        stack: "integration-tests-seoul",
        changes: {
            "aws:defaultTags.tags.environment": "integration-tests-seoul",
            "aipx:services.ingestion.feeds": { "overseas-futures": { topics: ["ticks"], cpu: 512, memoryMiB: 1024 } },
        },
        message: `stack integration-tests-seoul: 1 setting is wrong

aipx:services.ingestion.feeds.overseas-futures makes the IAM role "aipx-integration-tests-seoul-ingestion-overseas-futures-execution" 65 characters long
  must be 1 character shorter: AWS allows 64
  fix: give it a shorter name in Pulumi.integration-tests-seoul.yaml`,
    },
    {
        title: "topic whose consumer group gets too long a name",
        stack: "dev",
        changes: {
            [`aipx:kafka.topics.${longTopic}`]: { partitions: 1, retentionHours: 1 },
            "aipx:services.strategies.momentum.topics": [longTopic],
        },
        message: `stack dev: 1 setting is wrong

aipx:services.strategies.momentum.topics[0] makes the consumer group "aipx-dev-strategy-momentum.${longTopic}" 217 characters long
  must be 17 characters shorter: AWS allows 200
  fix: give it a shorter name in Pulumi.dev.yaml`,
    },
    {
        title: "public address range",
        stack: "dev",
        changes: { "aipx:network.cidrBlock": "52.10.0.0/16" },
        message: `stack dev: 1 setting is wrong

aipx:network.cidrBlock is "52.10.0.0/16"
  must lie in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16: other addresses belong to somebody on the internet
  fix: pulumi config set --stack dev --path 'aipx:network.cidrBlock' 10.0.0.0/16`,
    },
    {
        title: "VPC too large",
        stack: "dev",
        changes: { "aipx:network.cidrBlock": "10.0.0.0/8" },
        message: `stack dev: 1 setting is wrong

aipx:network.cidrBlock is "10.0.0.0/8"
  must be a range from /16 to /20
  fix: pulumi config set --stack dev --path 'aipx:network.cidrBlock' 10.0.0.0/16`,
    },
    {
        title: "VPC too small",
        stack: "dev",
        changes: { "aipx:network.cidrBlock": "10.10.0.0/24" },
        message: `stack dev: 1 setting is wrong

aipx:network.cidrBlock is "10.10.0.0/24"
  must be a range from /16 to /20
  fix: pulumi config set --stack dev --path 'aipx:network.cidrBlock' 10.10.0.0/20`,
    },
    {
        title: "address range that begins in the middle",
        stack: "dev",
        changes: { "aipx:network.cidrBlock": "10.10.1.0/16" },
        message: `stack dev: 1 setting is wrong

aipx:network.cidrBlock is "10.10.1.0/16"
  must begin where a /16 range begins: 10.10.0.0/16
  fix: pulumi config set --stack dev --path 'aipx:network.cidrBlock' 10.10.0.0/16`,
    },
    {
        title: "VPC too small for its tasks",
        stack: "production",
        changes: {
            "aipx:network.cidrBlock": "10.30.0.0/20",
            "aipx:account.fargateVcpus": 400,
            "aipx:services.oms.tasks": 10,
            "aipx:services.strategies": many(250),
        },
        message: `stack production: 1 setting is wrong

aipx:network.cidrBlock is "10.30.0.0/20"
  must be at least a /19: its private subnets have 251 addresses each, and 22 tasks, 258 functions and 7 endpoints need 284 in a zone when another one fails
  fix: pulumi config set --stack production --path 'aipx:network.cidrBlock' 10.30.0.0/19`,
    },
    {
        title: "VPC that no range holds",
        stack: "production",
        changes: { "aipx:services.strategies": many(4500) },
        message: `stack production: 1 setting is wrong

aipx:network.cidrBlock is "10.30.0.0/16"
  cannot hold the platform: its private subnets have 4091 addresses each, and 6 tasks, 4508 functions and 7 endpoints need 4526 in a zone when another one fails, more than even /16 offers`,
    },
    {
        title: "VPC too small for its cache",
        stack: "production",
        changes: { "aipx:network.cidrBlock": "10.30.0.0/20", "aipx:redis.shards": 40 },
        message: `stack production: 1 setting is wrong

aipx:network.cidrBlock is "10.30.0.0/20"
  must be at least a /18: its isolated subnets have 27 addresses each, and 3 brokers and 80 cache nodes need 32 in a zone when another one fails
  fix: pulumi config set --stack production --path 'aipx:network.cidrBlock' 10.30.0.0/18`,
    },
    {
        title: "zone of another region",
        stack: "dev",
        changes: { "aipx:network.availabilityZones": ["ap-northeast-2a", "ap-northeast-1c"] },
        message: `stack dev: 1 setting is wrong

aipx:network.availabilityZones[1] is "ap-northeast-1c"
  must be a zone of the stack's region, ap-northeast-2 (aws:region)
  fix: pulumi config set --stack dev --path 'aipx:network.availabilityZones[1]' ap-northeast-2c`,
    },
    {
        title: "zone named three times",
        stack: "dev",
        changes: {
            "aipx:network.availabilityZones": ["ap-northeast-2a", "ap-northeast-2a", "ap-northeast-2a"],
            "aipx:kafka.brokers": 3,
        },
        message: `stack dev: 2 settings are wrong

aipx:network.availabilityZones[2] is "ap-northeast-2a"
  must be in the list once
  fix: pulumi config rm --stack dev --path 'aipx:network.availabilityZones[2]'

aipx:network.availabilityZones[1] is "ap-northeast-2a"
  must be in the list once
  fix: pulumi config rm --stack dev --path 'aipx:network.availabilityZones[1]'`,
    },
    {
        title: "no endpoints for Kafka triggers",
        stack: "dev",
        changes: { "aipx:network.interfaceEndpoints": ["kms"] },
        message: `stack dev: 1 setting is wrong

aipx:network.interfaceEndpoints lacks lambda and sts
  must contain lambda and sts: Kafka triggers poll from the brokers' subnets, from which nothing else leads out
  fix: pulumi config set --stack dev --path 'aipx:network.interfaceEndpoints[1]' lambda
       pulumi config set --stack dev --path 'aipx:network.interfaceEndpoints[2]' sts`,
    },
    {
        title: "brokers that zones do not divide",
        stack: "production",
        changes: { "aipx:kafka.brokers": 4 },
        message: `stack production: 1 setting is wrong

aipx:kafka.brokers is 4
  must be a multiple of the 3 availability zones
  fix: pulumi config set --stack production --path 'aipx:kafka.brokers' 6`,
    },
    {
        title: "more copies than brokers",
        stack: "dev",
        changes: { "aipx:kafka.topics.ticks.replicationFactor": 3 },
        message: `stack dev: 1 setting is wrong

aipx:kafka.topics.ticks.replicationFactor is 3
  must be at most 2, the number of brokers
  fix: pulumi config set --stack dev --path 'aipx:kafka.topics.ticks.replicationFactor' 2`,
    },
    {
        title: "too few copies for production",
        stack: "production",
        changes: { "aipx:kafka.topics.orders.replicationFactor": 2 },
        message: `stack production: 1 setting is wrong

aipx:kafka.topics.orders.replicationFactor is 2
  must be at least 3 unless the stack is disposable: with fewer, one broker that restarts leaves a single copy of each record, or none
  fix: pulumi config set --stack production --path 'aipx:kafka.topics.orders.replicationFactor' 3`,
    },
    {
        title: "more partitions than brokers take",
        stack: "dev",
        changes: { "aipx:kafka.topics.ticks.partitions": 500 },
        message: `stack dev: 1 setting is wrong

aipx:kafka.topics has 1124 partitions, with copies and the 50 of Kafka's own topic
  must have at most 600: AWS allows 300 for each kafka.t3.small
  fix: lower partitions, or raise aipx:kafka.brokers or aipx:kafka.brokerType`,
    },
    {
        title: "Kafka disk above its largest size",
        stack: "dev",
        changes: { "aipx:kafka.maxStorageGiB": 5 },
        message: `stack dev: 1 setting is wrong

aipx:kafka.maxStorageGiB is 5
  must be at least storageGiB, 10
  fix: pulumi config set --stack dev --path 'aipx:kafka.maxStorageGiB' 10`,
    },
    {
        title: "database disk with no room to grow",
        stack: "dev",
        changes: { "aipx:postgres.storageGiB": 50 },
        message: `stack dev: 1 setting is wrong

aipx:postgres.maxStorageGiB is 50
  must be at least 56: RDS wants it a tenth above storageGiB, 50
  fix: pulumi config set --stack dev --path 'aipx:postgres.maxStorageGiB' 56`,
    },
    {
        title: "minor version of PostgreSQL",
        stack: "production",
        changes: { "aipx:postgres.engineVersion": "17.6" },
        message: `stack production: 1 setting is wrong

aipx:postgres.engineVersion is "17.6"
  must be a major version alone: AWS raises minor versions by itself, and refuses a lower one
  fix: pulumi config set --stack production --path 'aipx:postgres.engineVersion' 17 --type string`,
    },
    {
        title: "upgrade from a minor version of PostgreSQL",
        stack: "production",
        changes: { "aipx:postgres.upgradingFrom": "16.9" },
        message: `stack production: 1 setting is wrong

aipx:postgres.upgradingFrom is "16.9"
  must be a major version alone: AWS raises minor versions by itself, and refuses a lower one
  fix: pulumi config set --stack production --path 'aipx:postgres.upgradingFrom' 16 --type string`,
    },
    {
        title: "upgrade of PostgreSQL that is done, and still set",
        stack: "production",
        changes: { "aipx:postgres.upgradingFrom": "17" },
        message: `stack production: 1 setting is wrong

aipx:postgres.upgradingFrom is "17"
  must be lower than engineVersion, 17, and left out when nothing is upgraded: there is no way back
  fix: pulumi config rm --stack production --path 'aipx:postgres.upgradingFrom'`,
    },
    {
        title: "cache that is to be downgraded",
        stack: "dev",
        changes: { "aipx:redis.upgradingFrom": "8.1" },
        message: `stack dev: 1 setting is wrong

aipx:redis.upgradingFrom is "8.1"
  must be lower than engineVersion, 8.0, and left out when nothing is upgraded: there is no way back
  fix: pulumi config rm --stack dev --path 'aipx:redis.upgradingFrom'`,
    },
    {
        title: "cache that is upgraded from a version without IAM",
        stack: "dev",
        changes: { "aipx:redis.upgradingFrom": "7.0" },
        message: `stack dev: 1 setting is wrong

aipx:redis.upgradingFrom is "7.0"
  must be 7.2 or newer with valkey: users sign in with IAM, which older versions do not know
  fix: pulumi config set --stack dev --path 'aipx:redis.upgradingFrom' 7.2`,
    },
    {
        title: "backups in the region that they are in already",
        stack: "production",
        changes: { "aipx:postgres.backupRegion": "ap-northeast-2" },
        message: `stack production: 1 setting is wrong

aipx:postgres.backupRegion is "ap-northeast-2"
  must be another region than that of the stack, aws:region: backups are there already
  fix: pulumi config rm --stack production --path 'aipx:postgres.backupRegion'`,
    },
    {
        title: "Kafka with KRaft on brokers that are too small for it",
        stack: "dev",
        changes: { "aipx:kafka.version": "3.9.x.kraft" },
        message: `stack dev: 1 setting is wrong

aipx:kafka.version is "3.9.x.kraft"
  must be one without .kraft, 3.9.x at most, with brokerType kafka.t3.small: AWS offers KRaft for larger brokers only
  fix: pulumi config set --stack dev --path 'aipx:kafka.version' 3.9.x`,
    },
    {
        title: "Kafka that knows KRaft only, on brokers that are too small for it",
        stack: "staging",
        changes: { "aipx:kafka.version": "4.1.x.kraft" },
        message: `stack staging: 1 setting is wrong

aipx:kafka.version is "4.1.x.kraft"
  must be one without .kraft, 3.9.x at most, with brokerType kafka.t3.small: AWS offers KRaft for larger brokers only
  fix: pulumi config set --stack staging --path 'aipx:kafka.version' 3.9.x`,
    },
    {
        title: "Kafka with ZooKeeper, out of which there is no way",
        stack: "production",
        changes: { "aipx:kafka.version": "3.9.x" },
        message: `stack production: 1 setting is wrong

aipx:kafka.version is "3.9.x"
  must be one with .kraft, 3.7.x.kraft or newer: clusters in ZooKeeper mode cannot get beyond 3.9
  fix: pulumi config set --stack production --path 'aipx:kafka.version' 3.9.x.kraft`,
    },
    {
        title: "Kafka older than KRaft",
        stack: "production",
        changes: { "aipx:kafka.version": "3.6.0" },
        message: `stack production: 1 setting is wrong

aipx:kafka.version is "3.6.0"
  must be one with .kraft, 3.7.x.kraft or newer: clusters in ZooKeeper mode cannot get beyond 3.9
  fix: pulumi config set --stack production --path 'aipx:kafka.version' 3.9.x.kraft`,
    },
    {
        title: "recorded topics that would share a table",
        stack: "dev",
        changes: {
            "aipx:kafka.topics.news-us": { partitions: 1, retentionHours: 24 },
            "aipx:kafka.topics.news_us": { partitions: 1, retentionHours: 24 },
            "aipx:services.dataRecorder.topics": ["ticks", "news-us", "news_us"],
        },
        message: `stack dev: 1 setting is wrong

aipx:services.dataRecorder.topics has news-us and news_us
  must not have two topics with the same table in the data lake, news_us
  fix: give one of the topics another name in aipx:kafka.topics`,
    },
    {
        title: "cache whose users cannot sign in with IAM",
        stack: "dev",
        changes: { "aipx:redis.engine": "redis", "aipx:redis.engineVersion": "6.2" },
        message: `stack dev: 1 setting is wrong

aipx:redis.engineVersion is "6.2"
  must be 7.0 or newer with redis: users sign in with IAM, which older versions do not know
  fix: pulumi config set --stack dev --path 'aipx:redis.engineVersion' 7.0`,
    },
    {
        title: "more cache replicas than zones",
        stack: "dev",
        changes: { "aipx:redis.replicasPerShard": 2 },
        message: `stack dev: 1 setting is wrong

aipx:redis.replicasPerShard is 2
  must be at most 1: with 2 availability zones another copy would share a zone with the first
  fix: pulumi config set --stack dev --path 'aipx:redis.replicasPerShard' 1`,
    },
    {
        title: "more cache nodes than ElastiCache allows",
        stack: "production",
        changes: { "aipx:redis.shards": 60 },
        message: `stack production: 1 setting is wrong

aipx:redis.shards is 60
  must be at most 45: with replicasPerShard 1 that makes 120 nodes, and ElastiCache allows 90
  fix: pulumi config set --stack production --path 'aipx:redis.shards' 45`,
    },
    {
        title: "cpu and memory that do not go together",
        stack: "dev",
        changes: { "aipx:services.oms.memoryMiB": 4096, "aipx:services.ingestion.feeds.krx.cpu": 1024 },
        message: `stack dev: 2 settings are wrong

aipx:services.oms.memoryMiB is 4096
  must be 512, 1024 or 2048 with cpu 256: Fargate offers no other
  fix: pulumi config set --stack dev --path 'aipx:services.oms.memoryMiB' 2048

aipx:services.ingestion.feeds.krx.memoryMiB is 512
  must be 2048, 3072, 4096, 5120, 6144, 7168 or 8192 with cpu 1024: Fargate offers no other
  fix: pulumi config set --stack dev --path 'aipx:services.ingestion.feeds.krx.memoryMiB' 2048`,
    },
    {
        title: "topics of the OMS not declared",
        stack: "dev",
        changes: {
            "aipx:kafka.topics.orders": undefined,
            "aipx:services.dataRecorder.topics": ["ticks", "quotes", "executions"],
        },
        message: `stack dev: 1 setting is wrong

aipx:kafka.topics lacks orders
  must declare orders and executions: the OMS writes to them
  fix: pulumi config set --stack dev --path 'aipx:kafka.topics.orders.partitions' 3
       pulumi config set --stack dev --path 'aipx:kafka.topics.orders.retentionHours' 168`,
    },
    {
        title: "topic mistyped",
        stack: "dev",
        changes: { "aipx:services.strategies.momentum.topics": ["tick"] },
        message: `stack dev: 1 setting is wrong

aipx:services.strategies.momentum.topics[0] is "tick"
  must be a topic that aipx:kafka.topics declares. Did you mean ticks?
  fix: pulumi config set --stack dev --path 'aipx:services.strategies.momentum.topics[0]' ticks`,
    },
    {
        title: "topic not declared",
        stack: "dev",
        changes: { "aipx:services.ingestion.feeds.krx.topics": ["ticks", "quotes", "news"] },
        message: `stack dev: 1 setting is wrong

aipx:services.ingestion.feeds.krx.topics[2] is "news"
  must be a topic that aipx:kafka.topics declares
  fix: pulumi config set --stack dev --path 'aipx:kafka.topics.news.partitions' 3
       pulumi config set --stack dev --path 'aipx:kafka.topics.news.retentionHours' 24`,
    },
    {
        title: "topic named twice",
        stack: "dev",
        changes: { "aipx:services.dataRecorder.topics": ["ticks", "ticks"] },
        message: `stack dev: 1 setting is wrong

aipx:services.dataRecorder.topics[1] is "ticks"
  must be in the list once
  fix: pulumi config rm --stack dev --path 'aipx:services.dataRecorder.topics[1]'`,
    },
    {
        title: "two feeds with one app key",
        stack: "dev",
        changes: { "aipx:services.ingestion.feeds.nxt": { topics: ["quotes"], cpu: 256, memoryMiB: 512 } },
        message: `stack dev: 1 setting is wrong

aipx:services.ingestion.feeds.nxt.credentials is "kis-credentials"
  must be a secret of the feed's own: feed krx uses this one, and KIS allows one session per app key
  fix: pulumi config set --stack dev --path 'aipx:services.ingestion.feeds.nxt.credentials' kis-credentials-nxt`,
    },
    {
        title: "feed with the secret of another service",
        stack: "dev",
        changes: { "aipx:services.ingestion.feeds.krx.credentials": "websocket-signing-key" },
        message: `stack dev: 1 setting is wrong

aipx:services.ingestion.feeds.krx.credentials is "websocket-signing-key"
  must be a secret of the feed's own: the WebSocket API uses this one, and KIS allows one session per app key
  fix: pulumi config set --stack dev --path 'aipx:services.ingestion.feeds.krx.credentials' kis-credentials-krx`,
    },
    {
        title: "more concurrency reserved than an account has",
        stack: "dev",
        changes: { "aipx:services.strategies.momentum.reservedConcurrency": 900 },
        message: `stack dev: 1 setting is wrong

aipx:services reserves 935 invocations at a time (all reservedConcurrency together, those of cognitive and websocketAuthorizer twice)
  must reserve at most 900: the account has 1000 (aipx:account.concurrentExecutions), of which 100 stay unreserved
  fix: lower or remove reservedConcurrency, or ask AWS for more and set aipx:account.concurrentExecutions:
       aws service-quotas request-service-quota-increase --region ap-northeast-2 --service-code lambda --quota-code L-B99A9384 --desired-value 1035`,
    },
    {
        title: "reservations in a new account, which may run ten functions at a time",
        stack: "dev",
        changes: { "aipx:account.concurrentExecutions": 10 },
        message: `stack dev: 1 setting is wrong

aipx:services reserves 35 invocations at a time (all reservedConcurrency together, those of cognitive and websocketAuthorizer twice)
  must reserve at most 0: the account has 10 (aipx:account.concurrentExecutions), of which 100 stay unreserved
  fix: lower or remove reservedConcurrency, or ask AWS for more and set aipx:account.concurrentExecutions:
       aws service-quotas request-service-quota-increase --region ap-northeast-2 --service-code lambda --quota-code L-B99A9384 --desired-value 1000`,
    },
    {
        title: "more tasks, while the OMS is deployed, than a new account has vCPUs for",
        stack: "production",
        changes: { "aipx:account.fargateVcpus": 4 },
        message: `stack production: 1 setting is wrong

aipx:services needs 5 vCPUs on Fargate: those of the OMS, twice while it is deployed, and of feeds that are not on Spot
  must need at most 4 (aipx:account.fargateVcpus), or tasks wait for a place
  fix: lower cpu or tasks, or ask AWS for more and set aipx:account.fargateVcpus:
       aws service-quotas request-service-quota-increase --region ap-northeast-2 --service-code fargate --quota-code L-3032A538 --desired-value 5`,
    },
    {
        title: "feeds on Spot that need more than Spot's own quota",
        stack: "dev",
        changes: {
            "aipx:services.ingestion.feeds.krx.cpu": 8192,
            "aipx:services.ingestion.feeds.krx.memoryMiB": 16384,
        },
        message: `stack dev: 1 setting is wrong

aipx:services needs 8 vCPUs on Fargate: those of feeds on Spot
  must need at most 6 (aipx:account.fargateVcpus), or tasks wait for a place
  fix: lower cpu or tasks, or ask AWS for more and set aipx:account.fargateVcpus:
       aws service-quotas request-service-quota-increase --region ap-northeast-2 --service-code fargate --quota-code L-36FBB829 --desired-value 8`,
    },
    {
        title: "live orders, and nobody to tell",
        stack: "production",
        changes: { "aipx:alarms.emails": [] },
        message: `stack production: 1 setting is wrong

aipx:alarms.emails is empty
  must name somebody: orders are real (broker.mode is live), and alarms that nobody reads help nobody
  fix: pulumi config set --stack production --path 'aipx:alarms.emails[0]' oncall@example.com`,
    },
    {
        title: "a market twice",
        stack: "dev",
        changes: { "aipx:services.ingestion.feeds.krx.markets": ["KRX", "KRX"] },
        message: `stack dev: 1 setting is wrong

aipx:services.ingestion.feeds.krx.markets[1] is "KRX"
  must be in the list once
  fix: pulumi config rm --stack dev --path 'aipx:services.ingestion.feeds.krx.markets[1]'`,
    },
    {
        title: "orders from everywhere",
        stack: "production",
        changes: { "aipx:services.oms.loadBalancer": { internetFacing: true, allowedCidrBlocks: ["0.0.0.0/0"] } },
        message: `stack production: 1 setting is wrong

aipx:services.oms.loadBalancer.allowedCidrBlocks[0] is "0.0.0.0/0"
  must be a /8 or smaller: orders are taken from known networks only, all the more as the load balancer has public addresses
  fix: pulumi config rm --stack production --path 'aipx:services.oms.loadBalancer.allowedCidrBlocks[0]'`,
    },
    {
        title: "callers' range that begins in the middle",
        stack: "dev",
        changes: { "aipx:services.oms.loadBalancer.allowedCidrBlocks": ["10.1.2.3/16"] },
        message: `stack dev: 1 setting is wrong

aipx:services.oms.loadBalancer.allowedCidrBlocks[0] is "10.1.2.3/16"
  must begin where a /16 range begins: 10.1.0.0/16
  fix: pulumi config set --stack dev --path 'aipx:services.oms.loadBalancer.allowedCidrBlocks[0]' 10.1.0.0/16`,
    },
    {
        title: "certificate of another region",
        stack: "production",
        changes: {
            "aipx:services.oms.loadBalancer.clientCertificates": authority,
            "aipx:services.oms.loadBalancer.certificate": {
                source: "existing",
                arn: "arn:aws:acm:us-east-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef",
            },
        },
        message: `stack production: 1 setting is wrong

aipx:services.oms.loadBalancer.certificate.arn is "arn:aws:acm:us-east-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef"
  must be a certificate in ap-northeast-2, the stack's region
  fix: give the ARN of a certificate there, or set source to dns`,
    },
    {
        title: "image of a mistyped service",
        stack: "dev",
        changes: { "aipx:images": { "strategy-momentun": "v1" } },
        message: `stack dev: 1 setting is wrong

aipx:images.strategy-momentun names no service
  must be the name of a service. Did you mean strategy-momentum?
  fix: pulumi config rm --stack dev --path 'aipx:images.strategy-momentun'
       pulumi config set --stack dev --path 'aipx:images.strategy-momentum' v1`,
    },
    {
        title: "image of no service",
        stack: "dev",
        changes: { "aipx:images": { "blockchain-miner": "v1" } },
        message: `stack dev: 1 setting is wrong

aipx:images.blockchain-miner names no service
  must be one of ingestion, oms, strategy-momentum, strategy-mean-reversion, data-recorder, cognitive, websocket-authorizer, notification
  fix: pulumi config rm --stack dev --path 'aipx:images.blockchain-miner'`,
    },
    {
        title: "schedule that stops before it starts",
        stack: "dev",
        changes: { "aipx:schedule.stop": "07:00" },
        message: `stack dev: 1 setting is wrong

aipx:schedule.stop is "07:00"
  must be later than start, 07:50
  fix: pulumi config set --stack dev --path 'aipx:schedule.stop' 21:00`,
    },
    {
        title: "schedule that misses sessions",
        stack: "production",
        changes: { "aipx:schedule": { start: "08:30", stop: "20:10" } },
        message: `stack production: 2 settings are wrong

aipx:schedule.start is "08:30"
  must be 07:50 or earlier: trading begins 10 minutes later, and only disposable stacks may miss a session
  fix: pulumi config set --stack production --path 'aipx:schedule.start' 07:50

aipx:schedule.stop is "20:10"
  must be 21:00 or later: that is when trading ends on the day of the university entrance exam, a Thursday in November, and only disposable stacks may miss a session
  fix: pulumi config set --stack production --path 'aipx:schedule.stop' 21:00`,
    },
    {
        title: "live orders from a disposable stack",
        stack: "dev",
        changes: { "aipx:broker.mode": "live" },
        message: `stack dev: 1 setting is wrong

aipx:broker.mode is "live"
  must be paper: the stack is disposable, and real orders are never placed from such a one
  fix: pulumi config set --stack dev --path 'aipx:broker.mode' paper`,
    },
    {
        title: "production without a standby, with few backups and logs",
        stack: "production",
        changes: {
            "aipx:postgres.multiAz": false,
            "aipx:postgres.backupRetentionDays": 3,
            "aipx:environment.logRetentionDays": 7,
        },
        message: `stack production: 3 settings are wrong

aipx:postgres.multiAz is false
  must be true unless the stack is disposable
  fix: pulumi config set --stack production --path 'aipx:postgres.multiAz' true

aipx:postgres.backupRetentionDays is 3
  must be at least 7 unless the stack is disposable
  fix: pulumi config set --stack production --path 'aipx:postgres.backupRetentionDays' 7

aipx:environment.logRetentionDays is 7
  must be at least 30 unless the stack is disposable
  fix: pulumi config set --stack production --path 'aipx:environment.logRetentionDays' 30`,
    },
    {
        title: "staging with a cache on one node, without snapshots",
        stack: "staging",
        changes: { "aipx:redis.replicasPerShard": 0, "aipx:redis.snapshotRetentionDays": 0 },
        message: `stack staging: 2 settings are wrong

aipx:redis.replicasPerShard is 0
  must be at least 1 unless the stack is disposable
  fix: pulumi config set --stack staging --path 'aipx:redis.replicasPerShard' 1

aipx:redis.snapshotRetentionDays is 0
  must be at least 1 unless the stack is disposable
  fix: pulumi config set --stack staging --path 'aipx:redis.snapshotRetentionDays' 7`,
    },
    {
        title: "production with two brokers",
        stack: "production",
        changes: { "aipx:network.availabilityZones": ["ap-northeast-2a", "ap-northeast-2c"], "aipx:kafka.brokers": 2 },
        message: `stack production: 5 settings are wrong

aipx:kafka.brokers is 2
  must be at least 3 unless the stack is disposable: with 2, one that restarts leaves a single copy of each record
  fix: pulumi config set --stack production --path 'aipx:kafka.brokers' 4

aipx:kafka.topics.ticks.replicationFactor is left out, which makes it 2, one in each availability zone
  must be at least 3 unless the stack is disposable: with fewer, one broker that restarts leaves a single copy of each record, or none
  fix: pulumi config set --stack production --path 'aipx:kafka.topics.ticks.replicationFactor' 3

aipx:kafka.topics.quotes.replicationFactor is left out, which makes it 2, one in each availability zone
  must be at least 3 unless the stack is disposable: with fewer, one broker that restarts leaves a single copy of each record, or none
  fix: pulumi config set --stack production --path 'aipx:kafka.topics.quotes.replicationFactor' 3

aipx:kafka.topics.orders.replicationFactor is left out, which makes it 2, one in each availability zone
  must be at least 3 unless the stack is disposable: with fewer, one broker that restarts leaves a single copy of each record, or none
  fix: pulumi config set --stack production --path 'aipx:kafka.topics.orders.replicationFactor' 3

aipx:kafka.topics.executions.replicationFactor is left out, which makes it 2, one in each availability zone
  must be at least 3 unless the stack is disposable: with fewer, one broker that restarts leaves a single copy of each record, or none
  fix: pulumi config set --stack production --path 'aipx:kafka.topics.executions.replicationFactor' 3`,
    },
    {
        title: "production on Spot, with shells",
        stack: "production",
        changes: { "aipx:services.ingestion.feeds.krx.spot": true, "aipx:environment.debugShell": true },
        message: `stack production: 2 settings are wrong

aipx:services.ingestion.feeds.krx.spot is true
  must be false unless the stack is disposable: an interruption loses market data
  fix: pulumi config set --stack production --path 'aipx:services.ingestion.feeds.krx.spot' false

aipx:environment.debugShell is true
  must be false unless the stack is disposable: a shell in a task sees its secrets
  fix: pulumi config set --stack production --path 'aipx:environment.debugShell' false`,
    },
    {
        title: "production with a certificate of its own",
        stack: "production",
        changes: {
            "aipx:services.oms.loadBalancer.certificate": { source: "self-signed" },
            "aipx:services.oms.loadBalancer.clientCertificates": authority,
        },
        message: `stack production: 1 setting is wrong

aipx:services.oms.loadBalancer.certificate.source is "self-signed"
  must be existing or dns unless the stack is disposable; left out, there is no load balancer
  fix: pulumi config rm --stack production --path 'aipx:services.oms.loadBalancer.certificate'`,
    },
    {
        title: "production with one way out",
        stack: "production",
        changes: { "aipx:network.natGateways": "single" },
        message: `stack production: 1 setting is wrong

aipx:network.natGateways is "single"
  must be one-per-zone unless the stack is disposable: the zone of a single one takes the way to the broker with it when it fails
  fix: pulumi config set --stack production --path 'aipx:network.natGateways' one-per-zone`,
    },
    {
        title: "several at once, one of them in the way of nothing",
        stack: "dev",
        changes: {
            "aipx:kafka.brokers": 3,
            "aipx:kafka.storageGiB": "big",
            "aipx:services.oms.memoryMiB": 700,
            "aipx:services.strategies.momentum": {},
            "aipx:services.strategies.mean-reversion.topics": ["quote"],
        },
        message: `stack dev: 9 settings are wrong

aipx:kafka.storageGiB is "big"
  must be a whole number from 1 to 16384
  fix: pulumi config rm --stack dev --path 'aipx:kafka.storageGiB'
       pulumi config set --stack dev --path 'aipx:kafka.storageGiB' 100

aipx:services.strategies.momentum.topics is missing
  must be a list of at least 1, each a topic name (letters, digits, '.', '_' and '-', beginning with a letter or digit), at most 200 characters
  fix: pulumi config set --stack dev --path 'aipx:services.strategies.momentum.topics[0]' ticks

aipx:services.strategies.momentum.memoryMB is missing
  must be a whole number from 128 to 10240
  fix: pulumi config set --stack dev --path 'aipx:services.strategies.momentum.memoryMB' 512

aipx:services.strategies.momentum.timeoutSeconds is missing
  must be a whole number from 1 to 840: Lambda ends functions that Kafka triggers after 14 minutes
  fix: pulumi config set --stack dev --path 'aipx:services.strategies.momentum.timeoutSeconds' 30

aipx:services.strategies.momentum.batchSize is missing
  must be a whole number from 1 to 10000
  fix: pulumi config set --stack dev --path 'aipx:services.strategies.momentum.batchSize' 100

aipx:services.strategies.momentum.batchWindowSeconds is missing
  must be a whole number from 0 to 300
  fix: pulumi config set --stack dev --path 'aipx:services.strategies.momentum.batchWindowSeconds' 1

aipx:kafka.brokers is 3
  must be a multiple of the 2 availability zones
  fix: pulumi config set --stack dev --path 'aipx:kafka.brokers' 4

aipx:services.oms.memoryMiB is 700
  must be 512, 1024 or 2048 with cpu 256: Fargate offers no other
  fix: pulumi config set --stack dev --path 'aipx:services.oms.memoryMiB' 1024

aipx:services.strategies.mean-reversion.topics[0] is "quote"
  must be a topic that aipx:kafka.topics declares. Did you mean quotes?
  fix: pulumi config set --stack dev --path 'aipx:services.strategies.mean-reversion.topics[0]' quotes`,
    },
    {
        title: "feed whose secret AWS takes for a complete ARN",
        stack: "dev",
        changes: { "aipx:services.ingestion.feeds.krx.credentials": "kis-kosdaq" },
        message: `stack dev: 1 setting is wrong

aipx:services.ingestion.feeds.krx.credentials is "kis-kosdaq"
  must not end in a hyphen and six characters: Secrets Manager takes such a name for a complete ARN, and finds no secret
  fix: pulumi config set --stack dev --path 'aipx:services.ingestion.feeds.krx.credentials' kis-credentials-krx`,
    },
    {
        title: "feeds whose names would make such secrets",
        stack: "dev",
        changes: {
            "aipx:services.ingestion.feeds.kosdaq": { topics: ["ticks"], cpu: 256, memoryMiB: 512 },
            "aipx:services.ingestion.feeds.overseas-futures-night": { topics: ["ticks"], cpu: 256, memoryMiB: 512 },
            "aipx:services.ingestion.feeds.overseas-futures-day": { topics: ["ticks"], cpu: 256, memoryMiB: 512 },
        },
        message: `stack dev: 3 settings are wrong

aipx:services.ingestion.feeds.kosdaq.credentials is "kis-credentials"
  must be a secret of the feed's own: feed krx uses this one, and KIS allows one session per app key
  fix: pulumi config set --stack dev --path 'aipx:services.ingestion.feeds.kosdaq.credentials' kis-kosdaq-credentials

aipx:services.ingestion.feeds.overseas-futures-night.credentials is "kis-credentials"
  must be a secret of the feed's own: feed krx uses this one, and KIS allows one session per app key
  fix: pulumi config set --stack dev --path 'aipx:services.ingestion.feeds.overseas-futures-night.credentials' overseas-fut-credentials

aipx:services.ingestion.feeds.overseas-futures-day.credentials is "kis-credentials"
  must be a secret of the feed's own: feed krx uses this one, and KIS allows one session per app key
  fix: pulumi config set --stack dev --path 'aipx:services.ingestion.feeds.overseas-futures-day.credentials' kis-credentials-2`,
    },
    {
        title: "feed with the secret of the account",
        stack: "dev",
        changes: { "aipx:services.ingestion.feeds.krx.credentials": "kis-account" },
        message: `stack dev: 1 setting is wrong

aipx:services.ingestion.feeds.krx.credentials is "kis-account"
  must be a secret of the feed's own: the OMS uses this one, and KIS allows one session per app key
  fix: pulumi config set --stack dev --path 'aipx:services.ingestion.feeds.krx.credentials' kis-credentials-krx`,
    },
    {
        title: "variable that the platform sets",
        stack: "dev",
        changes: { "aipx:services.oms.environment": { KIS_MODE: "live", LOG_LEVEL: "debug" } },
        message: `stack dev: 1 setting is wrong

aipx:services.oms.environment.KIS_MODE has a name that the platform or AWS uses
  must have another name: those of the platform's own variables are kept for it
  fix: pulumi config set --stack dev --path 'aipx:services.oms.environment.APP_KIS_MODE' live
       pulumi config rm --stack dev --path 'aipx:services.oms.environment.KIS_MODE'`,
    },
    {
        title: "variables that the platform and AWS set, in all kinds of services",
        stack: "dev",
        changes: {
            "aipx:services.ingestion.feeds.krx.environment": { TZ: "UTC" },
            "aipx:services.strategies.momentum.environment": { AWS_REGION: "us-east-1", APP_AWS_REGION: "x" },
            "aipx:services.dataRecorder.environment": { LAMBDA_TASK_ROOT: "/opt" },
            "aipx:services.cognitive.environment": { REDIS_ENDPOINT: "localhost" },
            "aipx:services.websocketAuthorizer.environment": { WEBSOCKET_ORIGIN: "example.com" },
            "aipx:services.notification.environment": { NOTIFICATION_LEVEL: "all" },
        },
        message: `stack dev: 6 settings are wrong

aipx:services.ingestion.feeds.krx.environment.TZ has a name that the platform or AWS uses
  must have another name: those of the platform's own variables are kept for it
  fix: pulumi config set --stack dev --path 'aipx:services.ingestion.feeds.krx.environment.APP_TZ' UTC
       pulumi config rm --stack dev --path 'aipx:services.ingestion.feeds.krx.environment.TZ'

aipx:services.strategies.momentum.environment.AWS_REGION has a name that the platform or AWS uses
  must have another name: those of the platform's own variables are kept for it
  fix: pulumi config rm --stack dev --path 'aipx:services.strategies.momentum.environment.AWS_REGION'

aipx:services.dataRecorder.environment.LAMBDA_TASK_ROOT has a name that the platform or AWS uses
  must have another name: those of the platform's own variables are kept for it
  fix: pulumi config set --stack dev --path 'aipx:services.dataRecorder.environment.APP_LAMBDA_TASK_ROOT' /opt
       pulumi config rm --stack dev --path 'aipx:services.dataRecorder.environment.LAMBDA_TASK_ROOT'

aipx:services.cognitive.environment.REDIS_ENDPOINT has a name that the platform or AWS uses
  must have another name: those of the platform's own variables are kept for it
  fix: pulumi config set --stack dev --path 'aipx:services.cognitive.environment.APP_REDIS_ENDPOINT' localhost
       pulumi config rm --stack dev --path 'aipx:services.cognitive.environment.REDIS_ENDPOINT'

aipx:services.websocketAuthorizer.environment.WEBSOCKET_ORIGIN has a name that the platform or AWS uses
  must have another name: those of the platform's own variables are kept for it
  fix: pulumi config set --stack dev --path 'aipx:services.websocketAuthorizer.environment.APP_WEBSOCKET_ORIGIN' example.com
       pulumi config rm --stack dev --path 'aipx:services.websocketAuthorizer.environment.WEBSOCKET_ORIGIN'

aipx:services.notification.environment.NOTIFICATION_LEVEL has a name that the platform or AWS uses
  must have another name: those of the platform's own variables are kept for it
  fix: pulumi config set --stack dev --path 'aipx:services.notification.environment.APP_NOTIFICATION_LEVEL' all
       pulumi config rm --stack dev --path 'aipx:services.notification.environment.NOTIFICATION_LEVEL'`,
    },
    {
        title: "variable in small letters",
        stack: "dev",
        changes: { "aipx:services.oms.environment": { logLevel: "debug" } },
        message: `stack dev: 1 setting is wrong

aipx:services.oms.environment.logLevel has a name that is not allowed
  must be a name of upper-case letters, digits and '_', beginning with a letter, at most 64 characters
  fix: pulumi config rm --stack dev --path 'aipx:services.oms.environment.logLevel'`,
    },
    {
        title: "variable that is a number",
        stack: "dev",
        changes: { "aipx:services.oms.environment": { MAX_RETRIES: 3 } },
        message: `stack dev: 1 setting is wrong

aipx:services.oms.environment.MAX_RETRIES is 3
  must be a text, quoted if it looks like a number or a switch, in one line, at most 1024 characters
  fix: pulumi config set --stack dev --path 'aipx:services.oms.environment.MAX_RETRIES' 3 --type string`,
    },
    {
        title: "variable of two lines",
        stack: "dev",
        changes: { "aipx:services.oms.environment": { MOTD: "a\nb" } },
        message: `stack dev: 1 setting is wrong

aipx:services.oms.environment.MOTD is "a\\nb"
  must be a text, quoted if it looks like a number or a switch, in one line, at most 1024 characters
  fix: pulumi config set --stack dev --path 'aipx:services.oms.environment.MOTD' info`,
    },
    {
        title: "secrets among the variables",
        stack: "dev",
        changes: {
            "aipx:services.notification.environment": {
                SLACK_TOKEN: "xoxb-1",
                DATABASE: "postgres://oms:hunter2@db.example.com/oms",
                KEY_ID: "AKIAIOSFODNN7EXAMPLE",
                MAX_TOKENS: "4096",
            },
        },
        message: `stack dev: 3 settings are wrong

aipx:services.notification.environment.SLACK_TOKEN seems to be a secret, not shown here
  must not be a secret: everybody who sees the plan, the state or the console can read it; secrets belong into AWS Secrets Manager
  fix: pulumi config rm --stack dev --path 'aipx:services.notification.environment.SLACK_TOKEN'

aipx:services.notification.environment.DATABASE seems to be a secret, not shown here
  must not be a secret: everybody who sees the plan, the state or the console can read it; secrets belong into AWS Secrets Manager
  fix: pulumi config rm --stack dev --path 'aipx:services.notification.environment.DATABASE'

aipx:services.notification.environment.KEY_ID seems to be a secret, not shown here
  must not be a secret: everybody who sees the plan, the state or the console can read it; secrets belong into AWS Secrets Manager
  fix: pulumi config rm --stack dev --path 'aipx:services.notification.environment.KEY_ID'`,
    },
    {
        title: "more variables than a function has room for",
        stack: "dev",
        changes: {
            "aipx:services.notification.environment": { FIRST: "x".repeat(1024), SECOND: "y".repeat(1024) },
        },
        message: `stack dev: 1 setting is wrong

aipx:services.notification.environment is a map of 2059 bytes
  must have at most 2048 bytes of names and values together: a function has 4,096 for all variables
  fix: put long values into a file of the image`,
    },
    {
        title: "more orders in a second than KIS takes",
        stack: "dev",
        changes: { "aipx:services.oms.riskLimits.maxOrdersPerSecond": 5 },
        message: `stack dev: 1 setting is wrong

aipx:services.oms.riskLimits.maxOrdersPerSecond is 5
  must be at most 2: KIS takes no more requests in paper trading
  fix: pulumi config set --stack dev --path 'aipx:services.oms.riskLimits.maxOrdersPerSecond' 2`,
    },
    {
        title: "limits that no order of the largest value passes",
        stack: "production",
        changes: {
            "aipx:services.oms.riskLimits.maxOrderValueKrw": 300000000,
        },
        message: `stack production: 2 settings are wrong

aipx:services.oms.riskLimits.maxPositionValueKrw is 50000000
  must be at least maxOrderValueKrw, 300000000: no order of that value could ever be sent
  fix: pulumi config set --stack production --path 'aipx:services.oms.riskLimits.maxPositionValueKrw' 300000000

aipx:services.oms.riskLimits.maxDailyOrderValueKrw is 200000000
  must be at least maxOrderValueKrw, 300000000: no order of that value could ever be sent
  fix: pulumi config set --stack production --path 'aipx:services.oms.riskLimits.maxDailyOrderValueKrw' 300000000`,
    },
    {
        title: "live trading without limits",
        stack: "production",
        changes: { "aipx:services.oms.riskLimits": undefined },
        message: `stack production: 4 settings are wrong

aipx:services.oms.riskLimits.maxOrderValueKrw is missing
  must be set in live trading: one wrong strategy must not be able to spend everything
  fix: pulumi config set --stack production --path 'aipx:services.oms.riskLimits.maxOrderValueKrw' 10000000

aipx:services.oms.riskLimits.maxPositionValueKrw is missing
  must be set in live trading: one wrong strategy must not be able to spend everything
  fix: pulumi config set --stack production --path 'aipx:services.oms.riskLimits.maxPositionValueKrw' 50000000

aipx:services.oms.riskLimits.maxDailyOrderValueKrw is missing
  must be set in live trading: one wrong strategy must not be able to spend everything
  fix: pulumi config set --stack production --path 'aipx:services.oms.riskLimits.maxDailyOrderValueKrw' 200000000

aipx:services.oms.riskLimits.maxDailyLossKrw is missing
  must be set in live trading: one wrong strategy must not be able to spend everything
  fix: pulumi config set --stack production --path 'aipx:services.oms.riskLimits.maxDailyLossKrw' 5000000`,
    },
    {
        title: "live trading with large orders and no other limits",
        stack: "production",
        changes: { "aipx:services.oms.riskLimits": { maxOrderValueKrw: 500000000, maxDailyLossKrw: 100000000 } },
        message: `stack production: 2 settings are wrong

aipx:services.oms.riskLimits.maxPositionValueKrw is missing
  must be set in live trading: one wrong strategy must not be able to spend everything
  fix: pulumi config set --stack production --path 'aipx:services.oms.riskLimits.maxPositionValueKrw' 500000000

aipx:services.oms.riskLimits.maxDailyOrderValueKrw is missing
  must be set in live trading: one wrong strategy must not be able to spend everything
  fix: pulumi config set --stack production --path 'aipx:services.oms.riskLimits.maxDailyOrderValueKrw' 500000000`,
    },
    {
        title: "load balancer that anybody may call",
        stack: "production",
        changes: {
            "aipx:services.oms.loadBalancer.certificate": {
                source: "dns",
                domainName: "oms.example.com",
                hostedZoneId: "Z0123456789ABCDEFGHIJ",
            },
        },
        message: `stack production: 1 setting is wrong

aipx:services.oms.loadBalancer.clientCertificates is missing
  must be the certificates, as PEM text, of the authorities that issue callers' certificates: whoever places orders is known by name
  fix: put the PEM text under clientCertificates in Pulumi.production.yaml`,
    },
    {
        title: "authorities that are none",
        stack: "dev",
        changes: { "aipx:services.oms.loadBalancer.clientCertificates": "ca.pem" },
        message: `stack dev: 1 setting is wrong

aipx:services.oms.loadBalancer.clientCertificates is no list of certificates of authorities
  must be PEM text of 1 to 25 certificates of authorities, each in force: it holds 0
  fix: put the PEM text under clientCertificates in Pulumi.dev.yaml`,
    },
    {
        title: "authorities of which some are none, or no longer",
        stack: "dev",
        changes: {
            "aipx:services.oms.loadBalancer.clientCertificates": [
                authority,
                caller,
                expired,
                weak,
                "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
            ].join(""),
        },
        message: `stack dev: 1 setting is wrong

aipx:services.oms.loadBalancer.clientCertificates is no list of certificates of authorities
  must be PEM text of 1 to 25 certificates of authorities, each in force: number 2 (CN=A caller) is not that of an authority; number 3 (CN=An old authority) has expired on Jan  1 00:00:00 2021 GMT; number 4 (CN=A weak authority) has a key that load balancers do not take; number 5 cannot be read
  fix: put the PEM text under clientCertificates in Pulumi.dev.yaml`,
    },
    {
        title: "private key of an authority",
        stack: "dev",
        changes: {
            "aipx:services.oms.loadBalancer.clientCertificates": `${authority}-----BEGIN PRIVATE KEY-----\nMIIB\n`,
        },
        message: `stack dev: 1 setting is wrong

aipx:services.oms.loadBalancer.clientCertificates is no list of certificates of authorities
  must be PEM text of 1 to 25 certificates of authorities, each in force: it holds a private key, which must be kept where it was made
  fix: put the PEM text under clientCertificates in Pulumi.dev.yaml`,
    },
];
