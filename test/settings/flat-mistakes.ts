import { type Mistake } from "./mistakes";

/** Config that was set without `--path`: `aipx:kafka.brokers` beside `aipx:kafka`, and maps as JSON. */
export const flatMistakes: Mistake[] = [
    {
        title: "setting without --path",
        stack: "dev",
        changes: {},
        keys: { "aipx:kafka.brokers": "4" },
        meant: { "aipx:kafka.brokers": 4 },
        message: `stack dev: 1 setting is wrong

aipx:kafka.brokers is 4, in a key of its own: it was set without --path
  must be set with --path, which puts it into aipx:kafka
  fix: pulumi config set --stack dev --path 'aipx:kafka.brokers' 4
       pulumi config rm --stack dev 'aipx:kafka.brokers'`,
    },
    {
        title: "setting without --path that is wrong together with others",
        stack: "dev",
        changes: {},
        keys: { "aipx:kafka.brokers": "3" },
        message: `stack dev: 1 setting is wrong

aipx:kafka.brokers is 3, in a key of its own: it was set without --path
  must be set with --path, which puts it into aipx:kafka
  fix: pulumi config set --stack dev --path 'aipx:kafka.brokers' 3
       pulumi config rm --stack dev 'aipx:kafka.brokers'`,
    },
    {
        title: "setting without --path that is missing in its place, beside other mistakes",
        stack: "dev",
        changes: { "aipx:network.natGateways": undefined, "aipx:redis.shards": 0, "aipx:kafka.brokers": 3 },
        keys: { "aipx:network.natGateways": "one-per-zone" },
        meant: { "aipx:network.natGateways": "one-per-zone", "aipx:redis.shards": 1, "aipx:kafka.brokers": 4 },
        message: `stack dev: 3 settings are wrong

aipx:redis.shards is 0
  must be a whole number from 1 to 90
  fix: pulumi config set --stack dev --path 'aipx:redis.shards' 1

aipx:kafka.brokers is 3
  must be a multiple of the 2 availability zones
  fix: pulumi config set --stack dev --path 'aipx:kafka.brokers' 4

aipx:network.natGateways is "one-per-zone", in a key of its own: it was set without --path
  must be set with --path, which puts it into aipx:network
  fix: pulumi config set --stack dev --path 'aipx:network.natGateways' one-per-zone
       pulumi config rm --stack dev 'aipx:network.natGateways'`,
    },
    {
        title: "settings without --path in a section that is not there",
        stack: "dev",
        changes: { "aipx:account": undefined },
        keys: { "aipx:account.fargateVcpus": "16" },
        meant: { "aipx:account.fargateVcpus": 16 },
        message: `stack dev: 1 setting is wrong

aipx:account.fargateVcpus is 16, in a key of its own: it was set without --path
  must be set with --path, which puts it into aipx:account
  fix: pulumi config set --stack dev --path 'aipx:account.fargateVcpus' 16
       pulumi config rm --stack dev 'aipx:account.fargateVcpus'`,
    },
    {
        title: "text without --path that looks like a number",
        stack: "dev",
        changes: {},
        keys: { "aipx:postgres.engineVersion": "16" },
        meant: { "aipx:postgres.engineVersion": "16" },
        message: `stack dev: 1 setting is wrong

aipx:postgres.engineVersion is 16, in a key of its own: it was set without --path
  must be set with --path, which puts it into aipx:postgres
  fix: pulumi config set --stack dev --path 'aipx:postgres.engineVersion' 16 --type string
       pulumi config rm --stack dev 'aipx:postgres.engineVersion'`,
    },
    {
        title: "number without --path where a text is in the way",
        stack: "dev",
        changes: { "aipx:kafka.brokers": "2" },
        keys: { "aipx:kafka.brokers": "4" },
        meant: { "aipx:kafka.brokers": 4 },
        message: `stack dev: 2 settings are wrong

aipx:kafka.brokers is "2"
  must be a whole number from 2 to 30
  fix: pulumi config rm --stack dev --path 'aipx:kafka.brokers'
       pulumi config set --stack dev --path 'aipx:kafka.brokers' 2

aipx:kafka.brokers is 4, in a key of its own: it was set without --path
  must be set with --path, which puts it into aipx:kafka
  fix: pulumi config rm --stack dev --path 'aipx:kafka.brokers'
       pulumi config set --stack dev --path 'aipx:kafka.brokers' 4
       pulumi config rm --stack dev 'aipx:kafka.brokers'`,
    },
    {
        title: "text without --path that begins like an option",
        stack: "dev",
        changes: {},
        keys: { "aipx:services.oms.environment.JAVA_OPTS": "-Xmx512m -Dname='a b'" },
        meant: { "aipx:services.oms.environment.JAVA_OPTS": "-Xmx512m -Dname='a b'" },
        message: `stack dev: 1 setting is wrong

aipx:services.oms.environment.JAVA_OPTS is "-Xmx512m -Dname='a b'", in a key of its own: it was set without --path
  must be set with --path, which puts it into aipx:services
  fix: pulumi config set --stack dev --path 'aipx:services.oms.environment.JAVA_OPTS' -- '-Xmx512m -Dname='\\''a b'\\'''
       pulumi config rm --stack dev 'aipx:services.oms.environment.JAVA_OPTS'`,
    },
    {
        title: "value without --path that is not allowed",
        stack: "dev",
        changes: {},
        keys: { "aipx:kafka.brokers": "four" },
        meant: { "aipx:kafka.brokers": 2 },
        message: `stack dev: 1 setting is wrong

aipx:kafka.brokers is "four", in a key of its own: it was set without --path
  must be a whole number from 2 to 30, set with --path
  fix: pulumi config rm --stack dev 'aipx:kafka.brokers'`,
    },
    {
        title: "members of a list without --path",
        stack: "dev",
        changes: {},
        keys: { "aipx:alarms.emails[0]": "first@aipx.kr", "aipx:alarms.emails[7]": "second@aipx.kr" },
        meant: { "aipx:alarms.emails": ["first@aipx.kr", "second@aipx.kr"] },
        message: `stack dev: 2 settings are wrong

aipx:alarms.emails[0] is "first@aipx.kr", in a key of its own: it was set without --path
  must be set with --path, which puts it into aipx:alarms
  fix: pulumi config set --stack dev --path 'aipx:alarms.emails[0]' first@aipx.kr
       pulumi config rm --stack dev 'aipx:alarms.emails[0]'

aipx:alarms.emails[7] is "second@aipx.kr", in a key of its own: it was set without --path
  must be set with --path, which puts it into aipx:alarms
  fix: pulumi config set --stack dev --path 'aipx:alarms.emails[1]' second@aipx.kr
       pulumi config rm --stack dev 'aipx:alarms.emails[7]'`,
    },
    {
        title: "list without --path, as JSON",
        stack: "dev",
        changes: {},
        keys: { "aipx:services.dataRecorder.topics": '["ticks", "orders"]' },
        meant: { "aipx:services.dataRecorder.topics": ["ticks", "orders"] },
        message: `stack dev: 1 setting is wrong

aipx:services.dataRecorder.topics is a list of 2, in a key of its own: it was set without --path
  must be set with --path, which puts it into aipx:services
  fix: pulumi config rm --stack dev --path 'aipx:services.dataRecorder.topics[3]'
       pulumi config rm --stack dev --path 'aipx:services.dataRecorder.topics[2]'
       pulumi config set --stack dev --path 'aipx:services.dataRecorder.topics[0]' ticks
       pulumi config set --stack dev --path 'aipx:services.dataRecorder.topics[1]' orders
       pulumi config rm --stack dev 'aipx:services.dataRecorder.topics'`,
    },
    {
        title: "map without --path, as JSON and with a mistake inside",
        stack: "dev",
        changes: {},
        keys: { "aipx:kafka.topics": '{"news": {"partitions": 3, "retentionHours": 0}}' },
        meant: {
            "aipx:kafka.topics.news": { partitions: 3, retentionHours: 1 },
            "aipx:kafka.topics.orders": { partitions: 3, retentionHours: 72 },
        },
        message: `stack dev: 1 setting is wrong

aipx:kafka.topics is a map, in a key of its own: it was set without --path
  must be set with --path, which puts it into aipx:kafka
  fix: pulumi config set --stack dev --path 'aipx:kafka.topics.news.partitions' 3
       pulumi config set --stack dev --path 'aipx:kafka.topics.news.retentionHours' 0
       pulumi config rm --stack dev 'aipx:kafka.topics'`,
    },
    {
        title: "empty list and map without --path",
        stack: "dev",
        changes: { "aipx:alarms.emails": ["somebody@aipx.kr"] },
        keys: { "aipx:alarms.emails": "[]" },
        meant: { "aipx:alarms.emails": [] },
        message: `stack dev: 1 setting is wrong

aipx:alarms.emails is an empty list, in a key of its own: it was set without --path
  must be set with --path, which puts it into aipx:alarms
  fix: pulumi config rm --stack dev --path 'aipx:alarms.emails[0]'
       pulumi config set --stack dev --path 'aipx:alarms.emails[0]' x
       pulumi config rm --stack dev --path 'aipx:alarms.emails[0]'
       pulumi config rm --stack dev 'aipx:alarms.emails'`,
    },
    {
        title: "map as JSON, with a mistake inside",
        stack: "dev",
        changes: {
            "aipx:network": JSON.stringify(
                {
                    cidrBlock: "10.10.0.0/16",
                    availabilityZones: ["ap-northeast-2a", "ap-northeast-2c"],
                    natGateways: "none",
                    interfaceEndpoints: [],
                },
                null,
                1,
            ),
        },
        meant: {
            "aipx:network": {
                cidrBlock: "10.10.0.0/16",
                availabilityZones: ["ap-northeast-2a", "ap-northeast-2c"],
                natGateways: "one-per-zone",
                interfaceEndpoints: ["lambda", "sts"],
            },
        },
        message: `stack dev: 3 settings are wrong

aipx:network is JSON in a text
  must be a map for what is mended below: --path would replace the whole text
  fix: pulumi config rm --stack dev --path 'aipx:network'
       pulumi config set --stack dev --path 'aipx:network.cidrBlock' 10.10.0.0/16
       pulumi config set --stack dev --path 'aipx:network.availabilityZones[0]' ap-northeast-2a
       pulumi config set --stack dev --path 'aipx:network.availabilityZones[1]' ap-northeast-2c
       pulumi config set --stack dev --path 'aipx:network.natGateways' none
       pulumi config set --stack dev --path 'aipx:network.interfaceEndpoints[0]' x
       pulumi config rm --stack dev --path 'aipx:network.interfaceEndpoints[0]'

aipx:network.natGateways is "none"
  must be one of single, one-per-zone
  fix: pulumi config set --stack dev --path 'aipx:network.natGateways' one-per-zone

aipx:network.interfaceEndpoints lacks lambda and sts
  must contain lambda and sts: Kafka triggers poll from the brokers' subnets, from which nothing else leads out
  fix: pulumi config set --stack dev --path 'aipx:network.interfaceEndpoints[0]' lambda
       pulumi config set --stack dev --path 'aipx:network.interfaceEndpoints[1]' sts`,
    },
    {
        title: "setting without --path under quoted names",
        stack: "dev",
        changes: { "aipx:kafka.topics.ticks.partitions": 6 },
        keys: { 'aipx:kafka["topics"]["ticks"].partitions': "9" },
        meant: { "aipx:kafka.topics.ticks.partitions": 9 },
        message: `stack dev: 1 setting is wrong

aipx:kafka["topics"]["ticks"].partitions is 9, in a key of its own: it was set without --path
  must be set with --path, which puts it into aipx:kafka
  fix: pulumi config set --stack dev --path 'aipx:kafka.topics.ticks.partitions' 9
       pulumi config rm --stack dev 'aipx:kafka["topics"]["ticks"].partitions'`,
    },
    {
        title: "certificate without --path, whose source says which settings it has",
        stack: "dev",
        changes: { "aipx:services.oms.loadBalancer.certificate": undefined },
        keys: {
            "aipx:services.oms.loadBalancer.certificate.domainName": "oms.aipx.kr",
            "aipx:services.oms.loadBalancer.certificate.hostedZoneId": "Z0123456789",
            "aipx:services.oms.loadBalancer.certificate.source": "dns",
        },
        meant: {
            "aipx:services.oms.loadBalancer.certificate": {
                source: "dns",
                domainName: "oms.aipx.kr",
                hostedZoneId: "Z0123456789",
            },
        },
        message: `stack dev: 3 settings are wrong

aipx:services.oms.loadBalancer.certificate.domainName is "oms.aipx.kr", in a key of its own: it was set without --path
  must be set with --path, which puts it into aipx:services
  fix: pulumi config set --stack dev --path 'aipx:services.oms.loadBalancer.certificate.domainName' oms.aipx.kr
       pulumi config rm --stack dev 'aipx:services.oms.loadBalancer.certificate.domainName'

aipx:services.oms.loadBalancer.certificate.hostedZoneId is "Z0123456789", in a key of its own: it was set without --path
  must be set with --path, which puts it into aipx:services
  fix: pulumi config set --stack dev --path 'aipx:services.oms.loadBalancer.certificate.hostedZoneId' Z0123456789
       pulumi config rm --stack dev 'aipx:services.oms.loadBalancer.certificate.hostedZoneId'

aipx:services.oms.loadBalancer.certificate.source is "dns", in a key of its own: it was set without --path
  must be set with --path, which puts it into aipx:services
  fix: pulumi config set --stack dev --path 'aipx:services.oms.loadBalancer.certificate.source' dns
       pulumi config rm --stack dev 'aipx:services.oms.loadBalancer.certificate.source'`,
    },
    {
        title: "mistyped settings without --path",
        stack: "production",
        changes: {},
        keys: { "aipx:kafak.topics.ticks.partition": "12", "aipx:postgres.multiAZ": "true" },
        meant: { "aipx:kafka.topics.ticks.partitions": 12 },
        message: `stack production: 2 settings are wrong

aipx:kafak.topics.ticks.partition is 12, in a key of its own: it was set without --path
  did you mean aipx:kafka.topics.ticks.partitions, set with --path?
  fix: pulumi config set --stack production --path 'aipx:kafka.topics.ticks.partitions' 12
       pulumi config rm --stack production 'aipx:kafak.topics.ticks.partition'

aipx:postgres.multiAZ is true, in a key of its own: it was set without --path
  did you mean aipx:postgres.multiAz, set with --path?
  fix: pulumi config set --stack production --path 'aipx:postgres.multiAz' true
       pulumi config rm --stack production 'aipx:postgres.multiAZ'`,
    },
    {
        title: "keys with dots that are no settings",
        stack: "dev",
        changes: {},
        keys: {
            "aipx:wallet.coins": "2",
            "aipx:kafka.zookeeper": "x",
            "aipx:kafka.brokers.count": "2",
            "aipx:wallet.": "",
        },
        message: `stack dev: 4 settings are wrong

aipx:wallet. is not a setting
  known here are environment, network, broker, kafka, redis, postgres, dataLake, services, images, schedule, budget, alarms, account
  fix: pulumi config rm --stack dev 'aipx:wallet.'

aipx:kafka.brokers.count is not a setting
  there is nothing to set in aipx:kafka.brokers
  fix: pulumi config rm --stack dev 'aipx:kafka.brokers.count'

aipx:kafka.zookeeper is not a setting
  known in aipx:kafka are version, brokerType, brokers, storageGiB, maxStorageGiB, topics
  fix: pulumi config rm --stack dev 'aipx:kafka.zookeeper'

aipx:wallet.coins is not a setting
  known here are environment, network, broker, kafka, redis, postgres, dataLake, services, images, schedule, budget, alarms, account
  fix: pulumi config rm --stack dev 'aipx:wallet.coins'`,
    },
    {
        title: "settings of the AWS provider without --path",
        stack: "dev",
        changes: { "aws:allowedAccountIds": undefined, "aws:defaultTags.tags.owner": undefined },
        keys: { "aws:allowedAccountIds[0]": "210987654321", "aws:defaultTags.tags.owner": "quants" },
        meant: { "aws:allowedAccountIds": ["210987654321"], "aws:defaultTags.tags.owner": "quants" },
        message: `stack dev: 2 settings are wrong

aws:allowedAccountIds[0] is 210987654321, in a key of its own: it was set without --path
  must be set with --path, which puts it into aws:allowedAccountIds
  fix: pulumi config set --stack dev --path 'aws:allowedAccountIds[0]' 210987654321 --type string
       pulumi config rm --stack dev 'aws:allowedAccountIds[0]'

aws:defaultTags.tags.owner is "quants", in a key of its own: it was set without --path
  must be set with --path, which puts it into aws:defaultTags
  fix: pulumi config set --stack dev --path 'aws:defaultTags.tags.owner' quants
       pulumi config rm --stack dev 'aws:defaultTags.tags.owner'`,
    },
];
