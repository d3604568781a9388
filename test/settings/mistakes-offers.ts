import { type Mistake } from "./mistakes";

/** Mistakes about what AWS takes and offers. */
export const offerMistakes: Mistake[] = [
    {
        title: "default tag with characters that some services refuse",
        stack: "dev",
        changes: { "aws:defaultTags.tags.owner": "R&D #1" },
        message: `stack dev: 1 setting is wrong

aws:defaultTags.tags.owner is "R&D #1"
  must be another value: many services take letters, digits, spaces and + - = . _ : / @ only, and not "&", "#"
  fix: pulumi config set --stack dev --path 'aws:defaultTags.tags.owner' 'R-D -1'`,
    },
    {
        title: "keys of default tags that AWS refuses",
        stack: "dev",
        changes: { "aws:defaultTags.tags.cost#group": "a", "aws:defaultTags.tags.aws:owner": "b" },
        message: `stack dev: 2 settings are wrong

aws:defaultTags.tags["cost#group"] is no key that AWS takes
  must have another key: many services take letters, digits, spaces and + - = . _ : / @ only, and not "#"
  fix: pulumi config set --stack dev --path 'aws:defaultTags.tags.cost-group' a
       pulumi config rm --stack dev --path 'aws:defaultTags.tags["cost#group"]'

aws:defaultTags.tags["aws:owner"] is no key that AWS takes
  must have another key: those that begin with aws: are AWS's own
  fix: pulumi config rm --stack dev --path 'aws:defaultTags.tags["aws:owner"]'`,
    },
    {
        title: "default tag with a value that is AWS's own",
        stack: "dev",
        changes: { "aws:defaultTags.tags.owner": "AWS:platform" },
        message: `stack dev: 1 setting is wrong

aws:defaultTags.tags.owner is "AWS:platform"
  must be another value: those that begin with aws: are AWS's own
  fix: pulumi config set --stack dev --path 'aws:defaultTags.tags.owner' platform`,
    },
    {
        title: "default tag without a key",
        stack: "dev",
        changes: {
            "aws:defaultTags.tags": {
                project: "aipx",
                environment: "dev",
                owner: "platform-team",
                "cost-centre": "trading",
                "": "x",
            },
        },
        message: `stack dev: 1 setting is wrong

aws:defaultTags.tags[""] is no key that AWS takes
  must have another key: a key has at least one character
  fix: pulumi config set --stack dev --path 'aws:defaultTags.tags.unnamed' x
       pulumi config rm --stack dev --path 'aws:defaultTags.tags[""]'`,
    },
    {
        title: "default tags that are too long",
        stack: "dev",
        changes: { "aws:defaultTags.tags.owner": "x".repeat(257), [`aws:defaultTags.tags.${"k".repeat(129)}`]: "v" },
        message: `stack dev: 2 settings are wrong

aws:defaultTags.tags.owner is "${"x".repeat(116)}...
  must be another value: AWS allows 256 characters in a value, and this one has 257
  fix: give it a shorter value

aws:defaultTags.tags.${"k".repeat(129)} is no key that AWS takes
  must have another key: AWS allows 128 characters in a key, and this one has 129
  fix: give it a shorter key`,
    },
    {
        title: "default tags that are no text",
        stack: "dev",
        changes: { "aws:defaultTags.tags.building": 12, "aws:defaultTags.tags.list": ["a"] },
        message: `stack dev: 2 settings are wrong

aws:defaultTags.tags.building is 12
  must be text, quoted if it looks like a number or a switch
  fix: pulumi config set --stack dev --path 'aws:defaultTags.tags.building' 12 --type string

aws:defaultTags.tags.list is a list of 1
  must be text, quoted if it looks like a number or a switch
  fix: pulumi config rm --stack dev --path 'aws:defaultTags.tags.list'`,
    },
    {
        title: "default tags that resources have, or that are there twice for IAM",
        stack: "dev",
        changes: { "aws:defaultTags.tags.Service": "a", "aws:defaultTags.tags.Owner": "b" },
        message: `stack dev: 2 settings are wrong

aws:defaultTags.tags.Service is there
  must not be there: resources have a tag service of their own
  fix: pulumi config rm --stack dev --path 'aws:defaultTags.tags.Service'

aws:defaultTags.tags.Owner is there
  must not be there beside owner: to IAM they are the same key, and it refuses a key that comes twice
  fix: pulumi config rm --stack dev --path 'aws:defaultTags.tags.Owner'`,
    },
    {
        title: "zone that the region has not",
        stack: "dev",
        changes: { "aipx:network.availabilityZones": ["ap-northeast-2a", "ap-northeast-2e"] },
        message: `stack dev: 1 setting is wrong

aipx:network.availabilityZones[1] is "ap-northeast-2e"
  must be a zone of ap-northeast-2 that is not in the list yet: ap-northeast-2b, ap-northeast-2c or ap-northeast-2d (as of 2026-11-01). If AWS has it all the same, put "ap-northeast-2e" into aipx:account.alsoOffered
  fix: pulumi config set --stack dev --path 'aipx:network.availabilityZones[1]' ap-northeast-2b`,
    },
    {
        title: "mistyped broker type",
        stack: "dev",
        changes: { "aipx:kafka.brokerType": "kafka.t3.smal" },
        message: `stack dev: 1 setting is wrong

aipx:kafka.brokerType is "kafka.t3.smal"
  must be a broker type that MSK has in ap-northeast-2: kafka.t3.small, kafka.m5.large, kafka.m7g.large or kafka.m7g.xlarge (as of 2026-11-01). If AWS has it all the same, put "kafka.t3.smal" into aipx:account.alsoOffered
  fix: pulumi config set --stack dev --path 'aipx:kafka.brokerType' kafka.t3.small`,
    },
    {
        title: "Kafka version that MSK does not have",
        stack: "production",
        changes: { "aipx:kafka.version": "4.9.x.kraft" },
        message: `stack production: 1 setting is wrong

aipx:kafka.version is "4.9.x.kraft"
  must be a version of Kafka that MSK has in ap-northeast-2 with .kraft: 3.7.x.kraft, 3.9.x.kraft or 4.1.x.kraft (as of 2026-11-01). If AWS has it all the same, put "kafka 4.9.x.kraft" into aipx:account.alsoOffered
  fix: pulumi config set --stack production --path 'aipx:kafka.version' 4.1.x.kraft`,
    },
    {
        title: "Kafka version that MSK no longer has for new clusters",
        stack: "dev",
        changes: { "aipx:kafka.version": "3.5.1" },
        message: `stack dev: 1 setting is wrong

aipx:kafka.version is "3.5.1"
  must be a version of Kafka that MSK has in ap-northeast-2 without .kraft: 3.7.x or 3.9.x (as of 2026-11-01). If AWS has it all the same, put "kafka 3.5.1" into aipx:account.alsoOffered
  fix: pulumi config set --stack dev --path 'aipx:kafka.version' 3.7.x`,
    },
    {
        title: "cache node of a generation that is gone",
        stack: "dev",
        changes: { "aipx:redis.nodeType": "cache.t1.micro" },
        message: `stack dev: 1 setting is wrong

aipx:redis.nodeType is "cache.t1.micro"
  must be a node type that ElastiCache has for new caches in ap-northeast-2: cache.t3.micro, cache.t4g.micro, cache.t4g.small, cache.m7g.large or cache.r7g.large (as of 2026-11-01). If AWS has it all the same, put "cache.t1.micro" into aipx:account.alsoOffered
  fix: pulumi config set --stack dev --path 'aipx:redis.nodeType' cache.t3.micro`,
    },
    {
        title: "cache node that new caches cannot have",
        stack: "dev",
        changes: { "aipx:redis.nodeType": "cache.t2.micro" },
        message: `stack dev: 1 setting is wrong

aipx:redis.nodeType is "cache.t2.micro"
  must be a node type that ElastiCache has for new caches in ap-northeast-2: cache.t3.micro, cache.t4g.micro, cache.t4g.small, cache.m7g.large or cache.r7g.large (as of 2026-11-01). If AWS has it all the same, put "cache.t2.micro" into aipx:account.alsoOffered
  fix: pulumi config set --stack dev --path 'aipx:redis.nodeType' cache.t3.micro`,
    },
    {
        title: "cache node that wants data tiering",
        stack: "dev",
        changes: { "aipx:redis.nodeType": "cache.r6gd.xlarge" },
        message: `stack dev: 1 setting is wrong

aipx:redis.nodeType is "cache.r6gd.xlarge"
  must be one without disks of its own: ElastiCache has those with data tiering only, which the cache is made without
  fix: pulumi config set --stack dev --path 'aipx:redis.nodeType' cache.r6g.xlarge`,
    },
    {
        title: "version that Valkey has not",
        stack: "dev",
        changes: { "aipx:redis.engineVersion": "9.9" },
        message: `stack dev: 1 setting is wrong

aipx:redis.engineVersion is "9.9"
  must be a version of valkey that ElastiCache has in ap-northeast-2: 7.2, 8.0, 8.1 or 9.0 (as of 2026-11-01). If AWS has it all the same, put "valkey 9.9" into aipx:account.alsoOffered
  fix: pulumi config set --stack dev --path 'aipx:redis.engineVersion' 9.0`,
    },
    {
        title: "version of the other engine",
        stack: "dev",
        changes: { "aipx:redis.engine": "redis", "aipx:redis.engineVersion": "8.0" },
        message: `stack dev: 1 setting is wrong

aipx:redis.engineVersion is "8.0"
  must be a version of redis that ElastiCache has in ap-northeast-2: 6.2, 7.0 or 7.1 (as of 2026-11-01). If AWS has it all the same, put "redis 8.0" into aipx:account.alsoOffered
  fix: pulumi config set --stack dev --path 'aipx:redis.engineVersion' 7.1`,
    },
    {
        title: "instance class of a generation that is gone",
        stack: "dev",
        changes: { "aipx:postgres.instanceClass": "db.t2.micro" },
        message: `stack dev: 1 setting is wrong

aipx:postgres.instanceClass is "db.t2.micro"
  must be an instance class that RDS has for PostgreSQL 17 in ap-northeast-2: db.t3.micro, db.t4g.micro, db.t4g.small, db.t4g.medium, db.m7g.large, db.m7g.xlarge or db.m8g.large (as of 2026-11-01). If AWS has it all the same, put "db.t2.micro" into aipx:account.alsoOffered
  fix: pulumi config set --stack dev --path 'aipx:postgres.instanceClass' db.t3.micro`,
    },
    {
        title: "instance class that does not go with the version",
        stack: "dev",
        changes: { "aipx:postgres.instanceClass": "db.m5.large" },
        message: `stack dev: 1 setting is wrong

aipx:postgres.instanceClass is "db.m5.large"
  must be an instance class that RDS has for PostgreSQL 17 in ap-northeast-2: db.m7g.large, db.m8g.large, db.m7g.xlarge, db.t3.micro, db.t4g.micro, db.t4g.small or db.t4g.medium (as of 2026-11-01). If AWS has it all the same, put "db.m5.large" into aipx:account.alsoOffered
  fix: pulumi config set --stack dev --path 'aipx:postgres.instanceClass' db.m7g.large`,
    },
    {
        title: "PostgreSQL in Extended Support",
        stack: "dev",
        changes: { "aipx:postgres.engineVersion": "11" },
        message: `stack dev: 1 setting is wrong

aipx:postgres.engineVersion is "11"
  must be a major version of PostgreSQL that RDS has in ap-northeast-2 outside of Extended Support, which costs more: 14, 16, 17 or 18 (as of 2026-11-01). If AWS has it all the same, put "postgres 11" into aipx:account.alsoOffered
  fix: pulumi config set --stack dev --path 'aipx:postgres.engineVersion' 14 --type string`,
    },
    {
        title: "PostgreSQL that is not there yet",
        stack: "dev",
        changes: { "aipx:postgres.engineVersion": "99" },
        message: `stack dev: 1 setting is wrong

aipx:postgres.engineVersion is "99"
  must be a major version of PostgreSQL that RDS has in ap-northeast-2 outside of Extended Support, which costs more: 14, 16, 17 or 18 (as of 2026-11-01). If AWS has it all the same, put "postgres 99" into aipx:account.alsoOffered
  fix: pulumi config set --stack dev --path 'aipx:postgres.engineVersion' 18 --type string`,
    },
    {
        title: "backups in a region that AWS has not",
        stack: "production",
        changes: { "aipx:postgres.backupRegion": "ap-northeast-7" },
        message: `stack production: 1 setting is wrong

aipx:postgres.backupRegion is "ap-northeast-7"
  must be a region of AWS: ap-northeast-1 or ap-northeast-2 (as of 2026-11-01). If AWS has it all the same, put "ap-northeast-7" into aipx:account.alsoOffered
  fix: pulumi config set --stack production --path 'aipx:postgres.backupRegion' ap-northeast-1`,
    },
    {
        title: "offers that let nothing pass",
        stack: "dev",
        changes: { "aipx:account.alsoOffered": ["db.t4g.micro", "cache.x9.large"] },
        message: `stack dev: 2 settings are wrong

aipx:account.alsoOffered[1] is "cache.x9.large"
  must be left out: no setting of this stack names it
  fix: pulumi config rm --stack dev --path 'aipx:account.alsoOffered[1]'

aipx:account.alsoOffered[0] is "db.t4g.micro"
  must be left out: the tables in settings/offers have it by now
  fix: pulumi config rm --stack dev --path 'aipx:account.alsoOffered[0]'`,
    },
    {
        title: "offer that lets another setting pass",
        stack: "dev",
        changes: { "aipx:account.alsoOffered": ["db.t9g.micro"], "aipx:postgres.instanceClass": "db.t9g.small" },
        message: `stack dev: 2 settings are wrong

aipx:postgres.instanceClass is "db.t9g.small"
  must be an instance class that RDS has for PostgreSQL 17 in ap-northeast-2: db.t4g.small, db.t4g.micro, db.t3.micro, db.t4g.medium, db.m7g.large, db.m7g.xlarge or db.m8g.large (as of 2026-11-01). If AWS has it all the same, put "db.t9g.small" into aipx:account.alsoOffered
  fix: pulumi config set --stack dev --path 'aipx:postgres.instanceClass' db.t4g.small

aipx:account.alsoOffered[0] is "db.t9g.micro"
  must be left out: no setting of this stack names it
  fix: pulumi config rm --stack dev --path 'aipx:account.alsoOffered[0]'`,
    },
    {
        title: "region that AWS has not",
        stack: "dev",
        changes: {
            "aws:region": "ap-northeast-9",
            "aipx:network.availabilityZones": ["ap-northeast-9a", "ap-northeast-9b"],
        },
        message: `stack dev: 1 setting is wrong

aws:region is "ap-northeast-9"
  must be a region of AWS: ap-northeast-1 or ap-northeast-2 (as of 2026-11-01). If AWS has it all the same, put "ap-northeast-9" into aipx:account.alsoOffered
  fix: pulumi config set --stack dev --path 'aws:region' ap-northeast-1`,
    },
    {
        title: "offers of a region without a table",
        stack: "dev",
        changes: {
            "aws:region": "ap-northeast-1",
            "aipx:network.availabilityZones": ["ap-northeast-1a", "ap-northeast-1c"],
            "aipx:account.alsoOffered": ["db.t9g.micro"],
        },
        message: `stack dev: 1 setting is wrong

aipx:account.alsoOffered[0] is "db.t9g.micro"
  must be left out: no setting of this stack names it, or none that is checked, since the offers of ap-northeast-1 are not known
  fix: pulumi config rm --stack dev --path 'aipx:account.alsoOffered[0]'`,
    },
    {
        title: "offer that is no name",
        stack: "dev",
        changes: { "aipx:account.alsoOffered": ["PostgreSQL 19"] },
        message: `stack dev: 1 setting is wrong

aipx:account.alsoOffered[0] is "PostgreSQL 19"
  must be a type, a zone or a region, or an engine and its version, such as kafka.m8g.large or postgres 19
  fix: pulumi config set --stack dev --path 'aipx:account.alsoOffered[0]' kafka.m8g.large`,
    },
    {
        title: "partitions that Kafka's own leave no room for",
        stack: "dev",
        changes: { "aipx:kafka.topics.ticks.partitions": 240 },
        message: `stack dev: 1 setting is wrong

aipx:kafka.topics has 604 partitions, with copies and the 50 of Kafka's own topic
  must have at most 600: AWS allows 300 for each kafka.t3.small
  fix: lower partitions, or raise aipx:kafka.brokers or aipx:kafka.brokerType`,
    },
    {
        title: "topics that are the same to Kafka",
        stack: "dev",
        changes: {
            "aipx:kafka.topics": {
                ticks: { partitions: 1, retentionHours: 24 },
                quotes: { partitions: 1, retentionHours: 24 },
                orders: { partitions: 1, retentionHours: 24 },
                executions: { partitions: 1, retentionHours: 24 },
                "news.us": { partitions: 1, retentionHours: 24 },
                news_us: { partitions: 1, retentionHours: 24 },
            },
        },
        message: `stack dev: 1 setting is wrong

aipx:kafka.topics.news_us collides with news.us
  must have a name that differs in more than '.' and '_': Kafka refuses the second of such topics
  fix: give it another name, here and where services name it`,
    },
    {
        title: "model of another part of the world",
        stack: "dev",
        changes: { "aipx:services.cognitive.bedrockModels": ["us.amazon.nova-lite-v1:0"] },
        message: `stack dev: 1 setting is wrong

aipx:services.cognitive.bedrockModels[0] is "us.amazon.nova-lite-v1:0"
  must be a model, or an inference profile that begins with apac or global: from ap-northeast-2 nobody can call those of us
  fix: pulumi config set --stack dev --path 'aipx:services.cognitive.bedrockModels[0]' apac.amazon.nova-lite-v1:0`,
    },
    {
        title: "domain name that is too long for a certificate",
        stack: "staging",
        changes: {
            "aipx:services.oms.loadBalancer.certificate": {
                source: "dns",
                domainName: `${"a".repeat(60)}.example.com`,
                hostedZoneId: "Z0123456789ABCDEFGHIJ",
            },
        },
        message: `stack staging: 1 setting is wrong

aipx:services.oms.loadBalancer.certificate.domainName is "${"a".repeat(60)}.example.com"
  must be a domain name such as oms.example.com, at most 64 characters
  fix: pulumi config set --stack staging --path 'aipx:services.oms.loadBalancer.certificate.domainName' oms.example.com`,
    },
];
