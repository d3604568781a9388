// What a service of a stack is given, as plain data: what `npm run plan -- dev --service oms` shows and a project's own
// documents are written from. Nothing here knows whose services they are.

/** One long-running service, or one function. */
export interface Service {
    /** Short name: the tag `service`, or the physical name where there is no such tag. */
    service: string;
    /** Physical name. */
    name: string;
    kind: "Fargate" | "Fargate Spot" | "ECS" | "Lambda";
    /** Reference of the image. */
    image?: string;
    /** AWS's runtime, for functions whose code comes in an archive. */
    runtime?: string;
    /** `arm64`, `x86_64`. */
    architecture?: string;
    size: TaskSize | FunctionSize;
    /** The container, for tasks. */
    container?: Container;
    environment: Variable[];
    roles: Role[];
    /** Where it may open connections to. */
    reach: Connection[];
    /** Who may open connections to it. */
    callers: Connection[];
    triggers: Trigger[];
    /** Alarms about it, or about what triggers it and what keeps its failures. */
    alarms: { name: string; description: string }[];
}

interface TaskSize {
    /** Of the task, like its memory. Left out, the task is not the stack's own. */
    cpu?: number;
    memoryMiB?: number;
    tasks: number;
}

interface FunctionSize {
    memoryMB: number;
    timeoutSeconds: number;
    /** Left out, it shares the account's pool. */
    reservedConcurrency?: number;
}

export interface Container {
    ports: number[];
    user?: string;
    readonlyRootFilesystem: boolean;
    /** Writable paths, with the MiB of those in memory. */
    writable: { path: string; memoryMiB?: number }[];
    stopTimeoutSeconds: number;
    healthCheck?: { command: string[]; interval: number; timeout: number; retries: number; startPeriod: number };
}

export interface Variable {
    name: string;
    /** `value`: in the definition. `parameter`, `secret`: ECS reads it when the task starts. */
    from: "value" | "parameter" | "secret";
    /** Known values only; what AWS decides is a stand-in. */
    value?: string;
    /** Name of the parameter or secret. */
    source?: string;
    /** Key of the secret's JSON object. */
    key?: string;
}

export interface Role {
    name: string;
    /** `run`: the service's own. `start`: what ECS does before the container runs. */
    purpose: "run" | "start";
    statements: Statement[];
    /** ARNs of policies that are attached whole. */
    attached: string[];
}

export interface Statement {
    sid?: string;
    effect: "Allow" | "Deny";
    actions: string[];
    resources: string[];
    /** Operator, key, values. */
    conditions: Record<string, Record<string, string[]>>;
}

/** What a rule of a security group lets through. */
export interface Connection {
    protocol: string;
    /** `9098`, `8000-8080`, or nothing where all ports are meant. */
    port?: string;
    peer: Peer;
}

export type Peer =
    | {
          kind: "group";
          /** Logical name of the security group. */
          name: string;
          /** What stands behind it. */
          members: Member[];
      }
    /** A gateway endpoint's: `com.amazonaws.ap-northeast-2.s3`. */
    | { kind: "prefix-list"; name: string }
    | { kind: "range"; range: string };

export interface Member {
    type: string;
    name: string;
}

/** What makes a service work. */
export type Trigger =
    | {
          kind: "event-source";
          /** `kafka aipx-dev-kafka`, `sqs aipx-dev-jobs`. */
          source: string;
          topics: string[];
          consumerGroup?: string;
          batchSize?: number;
          batchWindowSeconds?: number;
          startingPosition?: string;
          /** ARN of where it goes when it has failed for good. */
          onFailure?: string;
      }
    | { kind: "event-rule"; rule: string; bus: string; pattern?: unknown; schedule?: string }
    /** Invoked by another service of the stack, which has the right to. */
    | { kind: "service"; service: string }
    /** Decides who may use an API of API Gateway. */
    | { kind: "authorizer"; api: string; identitySources: string[] }
    /** Invoked by an AWS service on behalf of something. */
    | { kind: "permission"; principal: string; source?: string }
    /** How often and how long AWS tries again when it invokes without waiting for the answer. */
    | { kind: "retries"; attempts: number; maximumAgeSeconds: number; onFailure?: string }
    | { kind: "load-balancer"; port: number; protocol: string; healthCheck: string }
    | { kind: "name"; name: string; port: number }
    | { kind: "schedule"; schedule: string; timezone: string; tasks: string };
