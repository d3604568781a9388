import { type Connection, type Member, type Service, type Statement, type Trigger, type Variable } from "./model";
import { type Words } from "./words";

/** What a report on one service is told in. */
export interface Style {
    bold: (text: string) => string;
    dim: (text: string) => string;
}

/** One service for people: what it is, what it is given, what it may do and reach, what makes it work and what watches it. */
export function serviceReport(service: Service, stack: string, words: Words, { bold, dim }: Style): string {
    const section = (title: string, lines: string[]): string[] =>
        lines.length === 0 ? [] : ["", bold(title), ...lines.map((line) => `  ${line}`)];
    return `${[
        `${bold(`${service.service} in ${stack}`)}  ${dim(service.name)}`,
        [service.kind, sizeText(service), ...(service.architecture === undefined ? [] : [service.architecture])].join(
            ", ",
        ),
        ...(service.image === undefined ? [] : [`image ${service.image}`]),
        ...(service.runtime === undefined ? [] : [`runtime ${service.runtime}`]),
        ...section(
            "Environment (what AWS decides is a stand-in)",
            service.environment.flatMap((variable) => [
                `${variable.name} = ${valueText(variable)}`,
                ...(words.variable(variable.name) === undefined ? [] : [`    ${dim(words.variable(variable.name)!)}`]),
            ]),
        ),
        ...section("Container", containerLines(service)),
        ...service.roles.flatMap(({ name, purpose, statements, attached }) =>
            section(`${purpose === "run" ? "May" : "ECS may, to start it"}  ${dim(`role ${name}`)}`, [
                ...statements.flatMap((statement) => statementLines(statement, words, dim)),
                ...attached.map((arn) => `all that ${arn} allows`),
            ]),
        ),
        ...section(
            "Reaches",
            service.reach.map((connection) => connectionText(connection, words)),
        ),
        ...section(
            "Is reached by",
            service.callers.map((connection) => connectionText(connection, words)),
        ),
        ...section("Is triggered by", service.triggers.map(triggerText)),
        ...section(
            "Is watched by",
            service.alarms.flatMap(({ name, description }) => [
                name,
                ...(description ? [`    ${dim(description)}`] : []),
            ]),
        ),
    ].join("\n")}\n`;
}

/** The same for programs: with the project's words beside what they are about. */
export function serviceJson(service: Service, stack: string, words: Words): string {
    const described = {
        stack,
        ...service,
        environment: service.environment.map((variable) => ({ ...variable, meaning: words.variable(variable.name) })),
        roles: service.roles.map((role) => ({
            ...role,
            statements: role.statements.map((statement) => ({ ...statement, meaning: words.statement(statement) })),
        })),
        reach: service.reach.map((connection) => ({ ...connection, meaning: words.connection(connection) })),
        callers: service.callers.map((connection) => ({ ...connection, meaning: words.connection(connection) })),
    };
    return `${JSON.stringify(described, null, 2)}\n`;
}

export function sizeText({ size }: Pick<Service, "size">): string {
    if ("tasks" in size) {
        const { cpu, memoryMiB, tasks } = size;
        const each = cpu === undefined ? "" : `${cpu / 1024} vCPU, ${memoryMiB} MiB, `;
        return `${each}${tasks} task${tasks === 1 ? "" : "s"}`;
    }
    const { memoryMB, timeoutSeconds, reservedConcurrency } = size;
    return `${memoryMB} MB, ${timeoutSeconds} s${reservedConcurrency === undefined ? "" : `, at most ${reservedConcurrency} at a time`}`;
}

/** What a variable holds, or where it comes from. A secret's value is nowhere in a plan. */
function valueText({ from, value, source, key }: Variable): string {
    switch (from) {
        case "value":
            return value === "" ? "(empty)" : String(value);
        case "parameter":
            return `(SSM parameter ${source}, read when the task starts)`;
        case "secret":
            return `(secret ${source}${key === undefined ? "" : `, key ${key}`}, read when the task starts)`;
    }
}

function containerLines({ container }: Service): string[] {
    if (!container) {
        return [];
    }
    const { ports, user, readonlyRootFilesystem, writable, stopTimeoutSeconds, healthCheck } = container;
    return [
        `listens on ${ports.length === 0 ? "no port" : ports.join(", ")}`,
        `runs as ${user ?? "the image's user"}, root file system ${readonlyRootFilesystem ? "read-only" : "writable"}`,
        ...writable.map(
            ({ path, memoryMiB }) =>
                `may write ${path}${memoryMiB === undefined ? "" : ` (${memoryMiB} MiB, in memory)`}`,
        ),
        `is killed ${stopTimeoutSeconds} s after SIGTERM`,
        ...(healthCheck
            ? [
                  `health: ${healthCheck.command.slice(1).join(" ")} every ${healthCheck.interval} s, within ${healthCheck.timeout} s, ` +
                      `unhealthy after ${healthCheck.retries} failures, not counted in the first ${healthCheck.startPeriod} s`,
              ]
            : []),
    ];
}

function statementLines(statement: Statement, words: Words, dim: (text: string) => string): string[] {
    const { effect, actions, resources, conditions } = statement;
    const meaning = words.statement(statement);
    const exact = [
        `${effect} ${actions.join(", ")}`,
        `  on ${resources.join(", ")}`,
        ...Object.entries(conditions).flatMap(([operator, keys]) =>
            Object.entries(keys).map(([key, values]) => `  if ${key} ${operator} ${values.join(", ")}`),
        ),
    ];
    return meaning === undefined ? exact : [meaning, ...exact.map((line) => `    ${dim(line)}`)];
}

/** `tcp 9098 to kafka: msk.Cluster aipx-dev-kafka`. */
function connectionText(connection: Connection, words: Words): string {
    const { protocol, port } = connection;
    const meaning = words.connection(connection);
    const exact = `${protocol}${port === undefined ? "" : ` ${port}`}, ${peerText(connection)}`;
    return meaning === undefined ? exact : `${meaning} (${exact})`;
}

/** How many members of a group are named. */
const mostMembers = 5;

function peerText({ peer }: Connection): string {
    switch (peer.kind) {
        case "group": {
            const named = peer.members.slice(0, mostMembers).map(memberText);
            const more = peer.members.length - named.length;
            return `group ${peer.name}: ${[...named, ...(more > 0 ? [`${more} more`] : [])].join(", ") || "nothing"}`;
        }
        case "prefix-list":
            return `prefix list of ${peer.name}`;
        case "range":
            return peer.range;
    }
}

/** `msk.Cluster aipx-dev-kafka`. */
function memberText({ type, name }: Member): string {
    const [, module = "", kind = ""] = type.split(":");
    return `${module.split("/")[0]}.${kind} ${name}`;
}

export function triggerText(trigger: Trigger): string {
    switch (trigger.kind) {
        case "event-source": {
            const { source, topics, consumerGroup, batchSize, batchWindowSeconds, startingPosition, onFailure } =
                trigger;
            return [
                `${source}${topics.length > 0 ? `, topic ${topics.join(", ")}` : ""}`,
                ...(batchSize === undefined ? [] : [`up to ${batchSize} records`]),
                ...(batchWindowSeconds === undefined ? [] : [`waiting up to ${batchWindowSeconds} s for them`]),
                ...(consumerGroup === undefined ? [] : [`as consumer group ${consumerGroup}`]),
                ...(startingPosition === undefined ? [] : [`beginning at ${startingPosition}`]),
                ...(onFailure === undefined ? [] : [`what fails for good goes to ${onFailure}`]),
            ].join("; ");
        }
        case "event-rule":
            return `rule ${trigger.rule} of bus ${trigger.bus}: ${trigger.schedule ?? JSON.stringify(trigger.pattern)}`;
        case "service":
            return `service ${trigger.service}, which may invoke it`;
        case "authorizer":
            return `API ${trigger.api}, as its authorizer, with ${trigger.identitySources.join(", ")}`;
        case "permission":
            return `${trigger.principal}${trigger.source === undefined ? "" : ` for ${trigger.source}`}`;
        case "retries":
            return (
                `asynchronous invocations are tried ${trigger.attempts} times again, for ${trigger.maximumAgeSeconds} s` +
                (trigger.onFailure === undefined ? "" : `, and go to ${trigger.onFailure} then`)
            );
        case "load-balancer":
            return `load balancer: ${trigger.protocol} on port ${trigger.port}, health check ${trigger.healthCheck}`;
        case "name":
            return `callers inside the VPC, by the name ${trigger.name}:${trigger.port}`;
        case "schedule":
            return `${trigger.tasks} task${trigger.tasks === "1" ? "" : "s"} from ${trigger.schedule} ${trigger.timezone}`;
    }
}
