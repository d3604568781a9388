import {
    beside,
    grants,
    json,
    type Mutation,
    removed,
    type Statement,
    statement,
    weaker,
    withoutStatement,
} from "./operators";

const account = "123456789012";
const foreign = "210987654321";

const rolePolicy = ["aws:iam/rolePolicy:RolePolicy"];
const role = ["aws:iam/role:Role"];
const key = ["aws:kms/key:Key"];
const documents: readonly [types: readonly string[], actions: string][] = [
    [["aws:sqs/queuePolicy:QueuePolicy"], "sqs:SendMessage"],
    [["aws:sns/topicPolicy:TopicPolicy"], "sns:Publish"],
    [["aws:s3/bucketPolicy:BucketPolicy"], "s3:GetObject"],
    [["aws:ecr/repositoryPolicy:RepositoryPolicy"], "ecr:BatchGetImage"],
    [["aws:cloudwatch/eventBusPolicy:EventBusPolicy"], "events:PutEvents"],
];

const allows = ({ Effect }: Statement): boolean => Effect === "Allow";
const actionsOf = ({ Action }: Statement): string[] => [Action ?? []].flat() as string[];
const serviceOf = (each: Statement): string => actionsOf(each)[0]?.split(":")[0] ?? "";
const isNamed = (each: Statement): boolean => allows(each) && each.Resource !== undefined && each.Resource !== "*";
const isOf =
    (service: string) =>
    (each: Statement): boolean =>
        allows(each) && serviceOf(each) === service;

/** What a statement of a role's policy may become. */
const widened = (how: string, isMeant: (each: Statement) => boolean, change: (each: Statement) => unknown): Mutation =>
    statement(rolePolicy, "policy", how, isMeant, change);

const allowing = (Action: string | string[], Resource: string | string[]): Mutation =>
    grants(rolePolicy, "policy", { Action, Resource });

/** A resource policy with its statements for principals changed, for every kind of them. */
const inPolicies = (
    how: string,
    isMeant: (each: Statement) => boolean,
    change: (each: Statement) => unknown,
): Mutation[] =>
    [...documents.map(([types]) => types), key].map((types) => statement(types, "policy", how, isMeant, change));

const everyone = [
    { how: 'Principal is "*"', principal: "*" },
    { how: 'Principal is {"AWS":"*"}', principal: { AWS: "*" } },
    { how: 'Principal is {"AWS":["*"]}', principal: { AWS: ["*"] } },
];

const openTo = (types: readonly string[]): Mutation[] =>
    everyone.map(({ how, principal }) =>
        statement(types, "policy", how, allows, (each) => {
            each.Principal = principal;
            delete each.Condition;
        }),
    );

const anybodyMay = (types: readonly string[], Action: string): Mutation =>
    grants(types, "policy", { Sid: "Anybody", Principal: "*", Action, Resource: "*" });

const foreignMay = (types: readonly string[], Action: string): Mutation[] =>
    [`arn:aws:iam::${foreign}:root`, foreign, `arn:aws:iam::${foreign}:role/reader`].map((AWS) =>
        json(types, "policy", `allows ${Action} to ${AWS}`, ({ Statement }: { Statement: Statement[] }) => {
            Statement.push({ Effect: "Allow", Principal: { AWS }, Action, Resource: "*" });
        }),
    );

const tlsOnly = ({ Sid }: Statement): boolean => Sid === "TlsOnly";

/** Ways to let plain text through. */
export const plaintext = (type: string): Mutation[] => [
    withoutStatement([type], "policy", "without the statement TlsOnly", tlsOnly),
    statement([type], "policy", "TlsOnly allows", tlsOnly, (each) => {
        each.Effect = "Allow";
    }),
    statement([type], "policy", "TlsOnly denies if it is TLS", tlsOnly, (each) => {
        each.Condition = { Bool: { "aws:SecureTransport": "true" } };
    }),
    statement([type], "policy", "TlsOnly is about one principal", tlsOnly, (each) => {
        each.Principal = { AWS: `arn:aws:iam::${account}:role/reader` };
    }),
    statement([type], "policy", "TlsOnly is about another resource", tlsOnly, (each) => {
        each.Resource = [each.Resource].flat().map((arn) => String(arn).replace(/([^:/]+)(\/\*)?$/, "other$2"));
    }),
    ...(type.includes("topicPolicy")
        ? []
        : [
              statement([type], "policy", "TlsOnly denies one action", tlsOnly, (each) => {
                  each.Action = type.includes("queue") ? "sqs:SendMessage" : "s3:PutObject";
              }),
          ]),
    statement([type], "policy", "TlsOnly is narrowed by another condition", tlsOnly, (each) => {
        each.Condition.StringEquals = { "aws:PrincipalTag/team": "guests" };
    }),
];

/** A policy attached to a role, in either way. */
const attached = (name: string): Mutation[] => [
    ...weaker(role, "managedPolicyArns", [`arn:aws:iam::aws:policy/${name}`]),
    beside(role, "aws:iam/rolePolicyAttachment:RolePolicyAttachment", name, ({ props }) => ({
        role: props.at("name").raw,
        policyArn: `arn:aws:iam::aws:policy/${name}`,
    })),
];

const trust = (how: string, change: (each: Statement) => unknown): Mutation =>
    statement(role, "assumeRolePolicy", how, allows, change);

const github = (condition: Statement["Condition"], how: string): Mutation =>
    trust(how, (each) => {
        each.Principal = { Federated: `arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com` };
        each.Action = "sts:AssumeRoleWithWebIdentity";
        each.Condition = condition;
    });
const audience = { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" };
const subject = (sub: string): Record<string, unknown> => ({ "token.actions.githubusercontent.com:sub": sub });

/** Conditions that look like one, and let everybody through. */
const pretended: Statement["Condition"][] = [
    { StringEqualsIfExists: { "aws:SourceAccount": account } },
    { StringLike: { "aws:SourceArn": "*" } },
    { StringLike: { "aws:PrincipalAccount": "*" } },
    { StringNotEquals: { "aws:PrincipalAccount": foreign } },
    { IpAddress: { "aws:SourceIp": "0.0.0.0/0" } },
    { Bool: { "aws:SecureTransport": "true" } },
    { "ForAllValues:StringEquals": { "aws:PrincipalOrgID": "o-aipx123456" } },
    { Null: { "aws:PrincipalArn": "false" } },
];

const pretendedSources: Statement["Condition"][] = [
    { StringLike: { "aws:SourceAccount": "*" } },
    { ArnLike: { "aws:SourceArn": "*" } },
    { ArnLike: { "aws:SourceArn": "arn:aws:*:*:*:*" } },
    { StringNotEquals: { "aws:SourceAccount": foreign } },
];

const isFromSource = (each: Statement): boolean =>
    allows(each) && Boolean(each.Principal?.Service) && each.Condition !== undefined;

// Nothing but this account puts events on the bus.
const forServices = (how: string, change: (each: Statement) => unknown): Mutation[] =>
    inPolicies(how, isFromSource, change).filter(({ types }) => types !== documents[4]![0]);

export const identities: Record<string, Mutation[]> = {
    "IAM-001": [
        widened("allows * on *", allows, (each) => {
            each.Action = "*";
            each.Resource = "*";
            delete each.Condition;
        }),
        allowing("*", "*"),
        allowing("*:*", "*"),
    ],
    "IAM-002": [
        widened('Action is "*"', isNamed, (each) => {
            each.Action = "*";
        }),
        widened("NotAction instead of Action", isNamed, (each) => {
            each.NotAction = each.Action;
            delete each.Action;
        }),
        grants(rolePolicy, "policy", { NotAction: "iam:*", Resource: "*" }),
    ],
    "IAM-003": [
        widened("every action of the service", isNamed, (each) => {
            each.Action = `${serviceOf(each)}:*`;
        }),
        allowing("sqs:*", `arn:aws:sqs:ap-northeast-2:${account}:jobs`),
        allowing("s3:*", "arn:aws:s3:::aipx-other/*"),
        allowing("dynamodb:**", `arn:aws:dynamodb:ap-northeast-2:${account}:table/orders`),
        allowing("lambda:?*", `arn:aws:lambda:ap-northeast-2:${account}:function:job`),
    ],
    "IAM-004": [
        widened('Resource is "*"', isNamed, (each) => {
            each.Resource = "*";
            delete each.Condition;
        }),
        widened('Resource is ["*"]', isNamed, (each) => {
            each.Resource = ["*"];
            delete each.Condition;
        }),
        widened("NotResource instead of Resource", isNamed, (each) => {
            each.NotResource = `arn:aws:s3:::none`;
            delete each.Resource;
        }),
        allowing("sqs:SendMessage", "*"),
        allowing("lambda:InvokeFunction", "*"),
        allowing("events:PutEvents", "arn:*"),
        allowing("s3:PutObject", "*"),
    ],
    "IAM-005": [
        allowing("iam:PutRolePolicy", "*"),
        allowing("iam:AttachRolePolicy", "*"),
        allowing("kms:PutKeyPolicy", "*"),
        allowing("s3:PutBucketPolicy", "*"),
        allowing("lambda:AddPermission", "*"),
        allowing("sqs:AddPermission", "*"),
        allowing("iam:Put*", "*"),
    ],
    "IAM-006": [
        allowing("s3:GetObject", "*"),
        allowing("s3:Get*", "*"),
        allowing("s3:GetObject", "arn:aws:s3:::*"),
        allowing("s3:GetObject", "arn:aws:s3:::*/*"),
        allowing("ssm:GetParameters", `arn:aws:ssm:ap-northeast-2:${account}:parameter/*`),
        allowing("dynamodb:Query", "*"),
        allowing("secretsmanager:GetSecretValue", "*"),
        allowing("ssm:GetParameters", "*"),
        allowing("ssm:GetParametersByPath", "*"),
        widened("secrets with any ending", isOf("secretsmanager"), (each) => {
            each.Resource = String([each.Resource].flat()[0]).replace(/-\?+$/, "*");
        }),
        widened("every secret", isOf("secretsmanager"), (each) => {
            each.Resource = `arn:aws:secretsmanager:ap-northeast-2:${account}:secret:*`;
        }),
    ],
    "IAM-007": [
        allowing("sts:AssumeRole", "*"),
        allowing("iam:CreateAccessKey", "*"),
        allowing("iam:CreateLoginProfile", "*"),
        allowing("redshift:GetClusterCredentials", "*"),
        allowing("rds-db:connect", "*"),
        widened("connects as every database user", isOf("rds-db"), (each) => {
            each.Resource = "*";
        }),
    ],
    "IAM-008": [
        allowing("iam:PassRole", "*"),
        allowing("iam:PassRole", `arn:aws:iam::${account}:role/*`),
        allowing(["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"], "*"),
        allowing("iam:CreatePolicyVersion", `arn:aws:iam::${account}:policy/*`),
        allowing(["iam:UpdateAssumeRolePolicy", "sts:AssumeRole"], `arn:aws:iam::${account}:role/*`),
        allowing("iam:PutRolePolicy", `arn:aws:iam::${account}:role/*`),
        allowing("iam:*Role*", "*"),
    ],
    "IAM-009": [allowing("iam:*", "*"), allowing("iam:*", `arn:aws:iam::${account}:role/job`), allowing("iam:**", "*")],
    "IAM-010": [
        widened(
            "without the condition",
            (each) => actionsOf(each).includes("kms:Decrypt"),
            (each) => {
                delete each.Condition;
            },
        ),
        widened(
            "under no alias",
            (each) => actionsOf(each).includes("kms:Decrypt"),
            (each) => {
                delete each.Condition?.["ForAnyValue:StringEquals"];
                delete each.Condition?.StringEquals?.["kms:ResourceAliases"];
            },
        ),
        widened(
            "under any alias",
            (each) => actionsOf(each).includes("kms:Decrypt") && each.Condition?.["ForAnyValue:StringEquals"],
            (each) => {
                each.Condition = { "ForAnyValue:StringLike": { "kms:ResourceAliases": "alias/*" } };
            },
        ),
        allowing("kms:Decrypt", "*"),
        allowing("kms:*", `arn:aws:kms:ap-northeast-2:${account}:key/*`),
        allowing("kms:ReEncryptFrom", `arn:aws:kms:ap-northeast-2:${account}:key/*`),
        allowing("kms:De*", "*"),
    ],
    "IAM-011": [...attached("AdministratorAccess"), ...attached("PowerUserAccess")],
    "IAM-012": attached("IAMFullAccess"),
    "IAM-013": [...attached("ReadOnlyAccess"), ...attached("service-role/AWSLambdaBasicExecutionRole")],
    "IAM-014": [
        beside(role, "aws:iam/userPolicy:UserPolicy", "of its own", () => ({ user: "operator", policy: "{}" })),
        beside(role, "aws:iam/groupPolicy:GroupPolicy", "of its own", () => ({ group: "operators", policy: "{}" })),
    ],
    "IAM-015": [
        beside(role, "aws:iam/userPolicyAttachment:UserPolicyAttachment", "for a user", () => ({
            user: "operator",
            policyArn: `arn:aws:iam::${account}:policy/operate`,
        })),
        beside(role, "aws:iam/policyAttachment:PolicyAttachment", "for a user", () => ({
            name: "operate",
            users: ["operator"],
            policyArn: `arn:aws:iam::${account}:policy/operate`,
        })),
    ],
    "IAM-016": [beside(role, "aws:iam/user:User", "for an operator", () => ({ name: "operator" }))],
    "IAM-017": [
        beside(role, "aws:iam/userGroupMembership:UserGroupMembership", "in no group", () => ({
            user: "u",
            groups: [],
        })),
        beside(role, "aws:iam/groupMembership:GroupMembership", "of nobody", () => ({ group: "g", users: [] })),
    ],
    "IAM-018": [beside(role, "aws:iam/userLoginProfile:UserLoginProfile", "for a user", () => ({ user: "operator" }))],
    "IAM-019": [beside(role, "aws:iam/accessKey:AccessKey", "for a user", () => ({ user: "operator" }))],
    "IAM-020": [
        ["minimumPasswordLength", 8],
        ["requireLowercaseCharacters", false],
        ["requireUppercaseCharacters", false],
        ["requireNumbers", false],
        ["requireSymbols", false],
        ["passwordReusePrevention", 1],
        ["maxPasswordAge", 365],
    ].map(([property, value]) =>
        beside(role, "aws:iam/accountPasswordPolicy:AccountPasswordPolicy", `with ${property} ${value}`, () => ({
            minimumPasswordLength: 14,
            requireLowercaseCharacters: true,
            requireUppercaseCharacters: true,
            requireNumbers: true,
            requireSymbols: true,
            passwordReusePrevention: 24,
            maxPasswordAge: 90,
            [property as string]: value,
        })),
    ),
    "IAM-021": everyone.map(({ how, principal }) =>
        trust(how, (each) => {
            each.Principal = principal;
            delete each.Condition;
        }),
    ),
    "IAM-022": [
        ...pretendedSources.map((condition) =>
            trust(`under ${JSON.stringify(condition)}`, (each) =>
                isFromSource(each) ? (each.Condition = condition) : false,
            ),
        ),
        ...[...documents, [key, "kms:Decrypt"] as const].flatMap(([types, action]) => foreignMay(types, action)),
        trust("without the condition", (each) => (each.Condition ? delete each.Condition : false)),
        trust("for any source of the service", (each) =>
            each.Condition ? (each.Condition = { ArnLike: { "aws:SourceArn": "*" } }) : false,
        ),
        trust("for the whole account", (each) => {
            each.Principal = { AWS: `arn:aws:iam::${account}:root` };
            delete each.Condition;
        }),
        trust("for another account", (each) => {
            each.Principal = { AWS: `arn:aws:iam::${foreign}:root` };
            delete each.Condition;
        }),
        trust("for another account by its number", (each) => {
            each.Principal = { AWS: foreign };
            delete each.Condition;
        }),
    ],
    "IAM-023": [
        ...pretended.flatMap((condition) =>
            inPolicies(`anybody under ${JSON.stringify(condition)}`, allows, (each) => {
                each.Principal = "*";
                each.Condition = condition;
            }),
        ),
        ...pretendedSources.flatMap((condition) =>
            forServices(`a service under ${JSON.stringify(condition)}`, (each) => {
                each.Condition = condition;
            }),
        ),
        ...documents.map(([types, action]) => anybodyMay(types, action)),
        anybodyMay(key, "kms:Decrypt"),
        ...forServices("a service without condition", (each) => {
            delete each.Condition;
        }),
        ...inPolicies("anybody by NotPrincipal", allows, (each) => {
            each.NotPrincipal = { AWS: `arn:aws:iam::${foreign}:root` };
            delete each.Principal;
            delete each.Condition;
        }),
    ],
    "IAM-024": [
        github(undefined, "GitHub without condition"),
        github({ StringEquals: audience }, "GitHub for every repository"),
        github({ StringEquals: audience, StringLike: subject("repo:*") }, "GitHub for repositories of anybody"),
        github({ StringLike: subject("repo:aipx/aipx:*") }, "GitHub for any audience"),
    ],
    "S3-109": openTo(documents[2]![0]),
    "S3-111": [
        ...foreignMay(documents[2]![0], "s3:GetObject"),
        ...foreignMay(documents[2]![0], "s3:*"),
        ...foreignMay(documents[2]![0], "s3:PutBucketPolicy"),
    ],
    "KMS-159": openTo(key),
    "ECR-162": openTo(documents[3]![0]),
    "SNS-173": [...openTo(documents[1]![0]), ...foreignMay(documents[1]![0], "sns:Publish")],
    "SQS-179": [
        ...openTo(documents[0]![0]),
        statement(documents[0]![0], "policy", 'Action is "*"', allows, (each) => {
            each.Action = "*";
        }),
        statement(documents[0]![0], "policy", 'Action is "sqs:*"', allows, (each) => {
            each.Action = "sqs:*";
        }),
    ],
    "Events-153": [...openTo(documents[4]![0]), removed(documents[4]![0])],
};
