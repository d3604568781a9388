import { type Statement } from "../../../policy-pack/iam/document";

/** What is known of the owner of a role: what AWS does on its behalf is no call of its own. */
export interface Owner {
    kind: "function" | "task";
    /** ARNs of what triggers the function: Lambda polls it. */
    sources: string[];
    /** ARNs of where Lambda sends the function's failures and results. */
    destinations: string[];
    /** The function's own log group, to which Lambda writes. */
    logGroupName?: string;
}

/** Statements that lead to no connection from the place of their role's owner, and why. */
interface Exemption {
    why: string;
    applies: (action: string, statement: Statement, owner: Owner) => boolean;
}

const conditionKeys = ({ conditions }: Statement): string[] => conditions.map(({ key }) => key.toLowerCase());

/** Whether each resource of a statement is one of these, or lies in one. */
const areAll = ({ resources }: Statement, arns: string[]): boolean =>
    resources.length > 0 &&
    resources.every((resource) => arns.some((arn) => resource === arn || resource.startsWith(`${arn}/`)));

const exemptions: Exemption[] = [
    {
        why: "Tokens for databases, caches and brokers are signed by the caller itself, without a call.",
        applies: (action) => /^(rds-db|elasticache|memorydb|dsql):(db)?connect(admin)?$|^kafka-cluster:/.test(action),
    },
    {
        why: "The right to hand a role on is used by the service that takes it.",
        applies: (action) => action === "iam:passrole",
    },
    {
        why: "The service named in the condition calls KMS, from its own network.",
        applies: (action, statement) =>
            action.startsWith("kms:") && conditionKeys(statement).includes("kms:viaservice"),
    },
    {
        why: "Lambda makes the function's network interfaces, and looks at the network of a trigger's brokers.",
        applies: (action, _statement, { kind }) =>
            kind === "function" &&
            /^ec2:((un)?assignprivateipaddresses|(create|delete)networkinterface|describe(networkinterfaces|subnets|securitygroups|vpcs))$/.test(
                action,
            ),
    },
    {
        why: "Lambda's daemon takes traces in the function's environment, and sends them from Lambda's network.",
        applies: (action, _statement, { kind }) => kind === "function" && action.startsWith("xray:put"),
    },
    {
        why: "Lambda writes the function's own log, from its own network.",
        applies: (action, { resources }, { kind, logGroupName }) =>
            kind === "function" &&
            /^logs:(create(loggroup|logstream)|putlogevents)$/.test(action) &&
            resources.every((resource) => resource === "*" || resource.includes(`log-group:${logGroupName ?? "*"}`)),
    },
    {
        why: "Lambda looks the cluster up when the trigger is made.",
        applies: (action, _statement, { sources }) =>
            /^kafka:(describecluster(v2)?|getbootstrapbrokers|listscramsecrets)$/.test(action) && sources.length > 0,
    },
    {
        why: "Lambda polls what triggers the function: queues and streams from its own network, brokers as a caller of their own.",
        applies: (_action, statement, { sources }) => areAll(statement, sources),
    },
    {
        why: "Lambda sends failures and results: of asynchronous invocations from its own network, of triggers from the poller's.",
        applies: (_action, statement, { destinations }) => areAll(statement, destinations),
    },
];

/** By prefix of actions: the service's name in VPC endpoints, where it is another one. */
const endpointNames: Record<string, string> = {
    bedrock: "bedrock-runtime",
    cloudwatch: "monitoring",
    ecr: "ecr.api",
    firehose: "kinesis-firehose",
    kinesis: "kinesis-streams",
    ses: "email",
};

/** Services whose calls of this kind no endpoint takes: managing connections of WebSocket APIs needs the internet. */
export const withoutEndpoint: ReadonlySet<string> = new Set(["execute-api"]);

/** AWS services that the owner of a role calls with what these statements allow, with an action of each. */
export function servicesCalled(statements: readonly Statement[], owner: Owner): Map<string, string> {
    const called = new Map<string, string>();
    for (const statement of statements.filter(({ effect }) => effect === "Allow")) {
        for (const action of statement.actions) {
            const [prefix = "", name] = action.split(":");
            const service = endpointNames[prefix.toLowerCase()] ?? prefix.toLowerCase();
            // The right to do everything says nothing about what is done.
            const says = name !== undefined && prefix !== "*" && !called.has(service);
            if (says && !exemptions.some(({ applies }) => applies(action.toLowerCase(), statement, owner))) {
                called.set(service, action);
            }
        }
    }
    return called;
}
