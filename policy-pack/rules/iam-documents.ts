import { type Resource } from "../core/resource";
import { type Check, type ResourceRule } from "../core/rule";
import { type Value } from "../core/value";
import { isDocument, parseDocument, type Condition, type Document, type Statement } from "../iam/document";
import { actionMatcher, actionMatches } from "../iam/match";

/** Where the policies of identities are: property by type. Those of roles are a list. */
const identityCarriers: Readonly<Record<string, string>> = {
    "aws:iam/policy:Policy": "policy",
    "aws:iam/rolePolicy:RolePolicy": "policy",
    "aws:iam/userPolicy:UserPolicy": "policy",
    "aws:iam/groupPolicy:GroupPolicy": "policy",
    "aws:iam/role:Role": "inlinePolicies",
    "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy": "inlinePolicy",
};

/** Where policies of resources are, trust policies apart. */
const resourceCarriers: Readonly<Record<string, string>> = {
    "aws:sqs/queue:Queue": "policy",
    "aws:sqs/queuePolicy:QueuePolicy": "policy",
    "aws:sns/topic:Topic": "policy",
    "aws:sns/topicPolicy:TopicPolicy": "policy",
    "aws:kms/key:Key": "policy",
    "aws:kms/keyPolicy:KeyPolicy": "policy",
    "aws:kms/externalKey:ExternalKey": "policy",
    "aws:kms/replicaKey:ReplicaKey": "policy",
    "aws:kms/replicaExternalKey:ReplicaExternalKey": "policy",
    "aws:s3/bucket:Bucket": "policy",
    "aws:s3/bucketV2:BucketV2": "policy",
    "aws:s3/bucketPolicy:BucketPolicy": "policy",
    "aws:s3/accessPoint:AccessPoint": "policy",
    "aws:secretsmanager/secret:Secret": "policy",
    "aws:secretsmanager/secretPolicy:SecretPolicy": "policy",
    "aws:ecr/repositoryPolicy:RepositoryPolicy": "policy",
    "aws:ecr/registryPolicy:RegistryPolicy": "policy",
    "aws:cloudwatch/eventBusPolicy:EventBusPolicy": "policy",
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": "policyDocument",
    "aws:cloudwatch/logDestinationPolicy:LogDestinationPolicy": "accessPolicy",
    "aws:cloudwatch/logDeliveryDestinationPolicy:LogDeliveryDestinationPolicy": "deliveryDestinationPolicy",
    "aws:efs/fileSystemPolicy:FileSystemPolicy": "policy",
    "aws:opensearch/domain:Domain": "accessPolicies",
    "aws:opensearch/domainPolicy:DomainPolicy": "accessPolicies",
    "aws:elasticsearch/domain:Domain": "accessPolicies",
    "aws:elasticsearch/domainPolicy:DomainPolicy": "accessPolicies",
    "aws:backup/vaultPolicy:VaultPolicy": "policy",
    "aws:msk/clusterPolicy:ClusterPolicy": "policy",
    "aws:dynamodb/resourcePolicy:ResourcePolicy": "policy",
    "aws:kinesis/resourcePolicy:ResourcePolicy": "policy",
    "aws:glue/resourcePolicy:ResourcePolicy": "policy",
    "aws:apigateway/restApiPolicy:RestApiPolicy": "policy",
    "aws:lambda/resourcePolicy:ResourcePolicy": "policy",
};

/** Where the policies of VPC endpoints are. They limit and never grant, so what they name `*` is no hole by itself. */
const endpointCarriers: Readonly<Record<string, string>> = {
    "aws:ec2/vpcEndpoint:VpcEndpoint": "policy",
    "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy": "policy",
};

export const roleType = "aws:iam/role:Role";
export const identityTypes = Object.keys(identityCarriers);
export const resourceTypes = Object.keys(resourceCarriers);
export const everyTypes = [...new Set([...identityTypes, ...resourceTypes, ...Object.keys(endpointCarriers)])];

/** The policies that a resource gives to an identity. */
export function identityDocuments({ type, props }: Resource): Value[] {
    const property = identityCarriers[type];
    if (property === undefined) {
        return [];
    }
    const value = props.at(property);
    const documents = type === roleType ? value.items().map((inline) => inline.at("policy")) : [value];
    return documents.filter(({ isAbsent }) => !isAbsent);
}

/** The policies that say who may use a resource. */
export const resourceDocuments = ({ type, props }: Resource): Value[] =>
    [resourceCarriers[type]].flatMap((property) => (property === undefined ? [] : present(props.at(property))));

/** The policy that says who may be a role. */
export const trustDocuments = ({ type, props }: Resource): Value[] =>
    type === roleType ? present(props.at("assumeRolePolicy")) : [];

/** Every policy that a resource has. */
export function everyDocument(resource: Resource): Value[] {
    const property = endpointCarriers[resource.type];
    return [
        ...identityDocuments(resource),
        ...resourceDocuments(resource),
        ...trustDocuments(resource),
        ...(property === undefined ? [] : present(resource.props.at(property))),
    ];
}

const present = (value: Value): Value[] => (value.isAbsent ? [] : [value]);

export type Element = "Effect" | "Action" | "Resource" | "Principal" | "Condition";

/** The first unknown value in these elements of a statement, their `Not...` included. */
export function unknownIn({ at, unknown }: Statement, elements: readonly Element[]): Value | undefined {
    if (unknown === undefined || at.isUnknown) {
        return unknown;
    }
    const wanted = new Set(elements.flatMap((name) => [name.toLowerCase(), `not${name.toLowerCase()}`]));
    for (const [name, value] of at.entries()) {
        const found = wanted.has(name.toLowerCase()) ? value.firstUnknown : undefined;
        if (found) {
            return found;
        }
    }
    return undefined;
}

/** A rule about each statement that allows something. */
export interface StatementRule extends Omit<ResourceRule, "kind" | "check"> {
    documents: (resource: Resource) => Value[];
    /** What of a statement the rule looks at. */
    elements: readonly Element[];
    /** What is wrong with the statement, if anything is. */
    violation: (statement: Statement, document: Document, check: Check) => string | undefined;
}

/** A rule about each statement that allows something: what is unknown of it makes a verdict that hangs on it undetermined. */
export function statementRule({ documents, elements, violation, ...info }: StatementRule): ResourceRule {
    return {
        ...info,
        kind: "resource",
        check(resource, check) {
            for (const value of documents(resource)) {
                checkDocument(resource, value, check, { elements, violation });
            }
        },
    };
}

/** Judges each statement of one policy that allows something. A malformed policy is for another rule. */
export function checkDocument(
    resource: Resource,
    value: Value,
    check: Check,
    { elements, violation }: Pick<StatementRule, "elements" | "violation">,
): void {
    const document = parseDocument(value);
    if ("unknown" in document) {
        check.undetermined(resource, document.unknown);
    } else if (isDocument(document)) {
        for (const statement of document.statements.filter(({ effect }) => effect === "Allow")) {
            const message = violation(statement, document, check);
            // An unknown condition or effect may heal a statement, never spoil it; all else may do both.
            const decisive: readonly Element[] = message === undefined ? withoutCondition(elements) : healing(elements);
            const unknown = unknownIn(statement, decisive);
            if (unknown) {
                check.undetermined(resource, unknown);
            } else if (message !== undefined) {
                check.fail(resource, statement.at, `${named(statement)}${message}`);
            }
        }
    }
}

const withoutCondition = (elements: readonly Element[]) => elements.filter((element) => element !== "Condition");
const healing = (elements: readonly Element[]): Element[] => [
    "Effect",
    ...elements.filter((element) => element === "Condition"),
];

const named = ({ sid }: Statement): string => (sid === undefined ? "" : `statement ${sid}: `);

// Nearly all patterns are names, and rules ask for hundreds of actions.
const isMeant = (pattern: string, action: string): boolean =>
    /[*?]/.test(pattern) ? actionMatches(pattern, action) : pattern.toLowerCase() === action.toLowerCase();

/** Whether a statement is about an action, by its patterns. */
export const isAbout = ({ actions, notActions }: Statement, action: string): boolean =>
    notActions.length > 0
        ? !notActions.some((pattern) => isMeant(pattern, action))
        : actions.some((pattern) => isMeant(pattern, action));

/**
 * What a statement says of some actions that it is about, for messages: the action as written, or the pattern that people find in
 * their policy, with what it reaches.
 */
export function asWritten({ actions, notActions }: Statement, reached: readonly string[]): string {
    for (const pattern of actions) {
        const within = reached.filter(
            /[*?]/.test(pattern) ? actionMatcher(pattern) : (action) => isMeant(pattern, action),
        );
        if (within.length > 0) {
            return /[*?]/.test(pattern) ? `\`${pattern}\` (reaches ${someOf(within)})` : pattern;
        }
    }
    return notActions.length > 0 ? `\`NotAction\` (leaves ${someOf(reached)})` : someOf(reached);
}

const someOf = ([first = "", second, ...others]: readonly string[]): string =>
    second === undefined
        ? first
        : others.length === 0
          ? `${first} and ${second}`
          : `${first}, ${second} and ${others.length} more`;

/** How much a resource of a statement covers: everything, every resource of a kind, or something named. */
export function breadth(arn: string): "all" | "kind" | "named" {
    if (/^[*?:]+$/.test(arn)) {
        return "all";
    }
    const [head, , service = "", , , ...rest] = arn.split(":");
    if (head !== "arn" || rest.length === 0) {
        return arn.endsWith("*") && arn.length < 8 ? "all" : "named";
    }
    const resource = rest.join(":");
    if (/^[*/:?]*\*[*/:?]*$/.test(resource)) {
        return "all";
    }
    // Names of buckets and ids of APIs stand where other services have the kind.
    return !["s3", "execute-api"].includes(service) && /^\/?[a-z-]+[/:][*/:]*\*$/i.test(resource) ? "kind" : "named";
}

/** Whether a statement reaches everything, or every resource of a kind. */
export const isBroad = ({ resources, notResources }: Statement): boolean =>
    notResources.length > 0 || resources.some((arn) => breadth(arn) !== "named");

// Keys that narrow down which resource is meant, whatever the statement's resource is.
const resourceKeys =
    /resourcetag\/|^kms:(resourcealiases|requestalias)$|^ecs:(cluster|service|task)$|^lambda:functionarn$|^secretsmanager:secretid$|^ec2:(vpc|subnet|instanceprofile)$|^cloudwatch:namespace$|^bedrock:inferenceprofilearn$|^dynamodb:leadingkeys$|^servicediscovery:(namespace|service)(name|arn)$/i;

/** Whether conditions narrow down which resource is meant. */
export const isNarrowed = ({ conditions }: Statement): boolean => conditions.some((one) => narrows(one, resourceKeys));

/** Whether a condition limits a key to values that are not just anything. */
export const narrows = ({ operator, key, values }: Condition, keys: RegExp): boolean =>
    keys.test(key) &&
    /^(ForAnyValue:)?(String|Arn)(Equals|Like|EqualsIgnoreCase)$/i.test(operator) &&
    values.length > 0 &&
    values.every(
        (value) => !/^([a-z]+\/)?[*?:/]*$/i.test(value) && !(value.startsWith("arn:") && breadth(value) !== "named"),
    );

/** Account in an ARN, or the account itself. */
export const accountOf = (principal: string): string | undefined =>
    /^(?:arn:[^:]*:(?:iam|sts)::)?(\d{12})(?::.*)?$/.exec(principal)?.[1];
