import { type Service, type Statement, type Variable } from "../../plan/service";
import { sizeText, triggerText } from "../../plan/service/report";
import { statementWords } from "../actions";
import { connectionWords } from "../destinations";
import { libraries } from "../libraries";
import { messages } from "../messages";
import { secrets } from "../secrets";
import { type ServiceContract } from "../services";
import { type VariableContract, variables } from "../variables";
import { anchor, bullets, paragraph, quoted, table } from "./markdown";

/**
 * One service, for the team that builds its image.
 *
 * @param services What runs the image in the first stack; they differ in topics and sizes alone.
 * @param elsewhere What runs it in the other stacks, which may set more variables.
 */
export function serviceSection(contract: ServiceContract, services: Service[], elsewhere: Service[]): string {
    const [service] = services as [Service, ...Service[]];
    const part = (title: string, ...content: string[]): string =>
        [`### ${contract.title}: ${title}`, ...content].join("\n\n");
    return [
        `## ${contract.title}`,
        paragraph(contract.purpose, runsAs(services)),
        part("what it must do", ...Object.entries(contract.duties).map(dutyText), ...reading(contract)),
        part("environment", environmentTable(service, elsewhere)),
        part("secrets", secretsText(service)),
        part("ports and health", bullets([...portLines(service), ...healthLines(service), ...contract.health])),
        part("start, signals, stop", bullets([...stopLines(service), ...contract.lifecycle])),
        part("files, user, size", bullets([...fileLines(service), ...services.map(sizeLine)])),
        part("identity", ...identity(service, services.length > 1)),
        part("network", bullets(networkLines(service))),
        part("what triggers it", bullets(services.flatMap((each) => triggerLines(each, services.length > 1)))),
        part("what it sends", bullets([...contract.sends, ...links("Writes", contract.writes)])),
    ].join("\n\n");
}

const dutyText = ([subject, sentences]: [string, string[]]): string => `**${subject}**\n\n${bullets(sentences)}`;

function reading({ reads, libraries: keys }: ServiceContract): string[] {
    const traps = keys.map((key) => `[${libraries[key]!.title}](#${anchor(libraries[key]!.title)})`);
    return [
        "**Messages and libraries**",
        bullets([...links("Gets", reads), `What is known to go wrong with client libraries: ${traps.join(", ")}.`]),
    ];
}

function links(verb: string, ids: string[]): string[] {
    const linked = ids.map((id) => {
        const { title } = messages.find((message) => message.id === id)!;
        return `[${title}](#${anchor(title)})`;
    });
    return linked.length === 0 ? [] : [`${verb} ${linked.join(", ")}.`];
}

function runsAs(services: Service[]): string {
    const names = services.map(({ name }) => quoted(name)).join(", ");
    const kind = services[0]!.kind === "Lambda" ? "Lambda function" : "ECS service on Fargate";
    return `In dev: ${kind}${services.length > 1 ? "s" : ""} ${names}.`;
}

const sources: Record<VariableContract["from"], string> = {
    platform: "the platform",
    setting: "the stack's settings",
    aws: "AWS",
    secret: "secret",
};

function environmentTable({ environment }: Service, elsewhere: Service[]): string {
    const own = new Set(environment.map(({ name }) => name));
    const all = new Map(
        [...elsewhere.flatMap((service) => service.environment), ...environment].map((each) => [each.name, each]),
    );
    return table(
        ["Variable", "Meaning", "In dev", "From"],
        [...all.values()]
            .sort((a, b) => (a.name < b.name ? -1 : 1))
            .map((variable) => {
                const { meaning, from } = variables[variable.name] ?? undescribed(variable.name);
                const here = own.has(variable.name) ? quoted(exampleOf(variable)) : "not set";
                return [quoted(variable.name), meaning, here, sourceText(variable, from)];
            }),
    );
}

function undescribed(name: string): never {
    throw new Error(`${name} is not described: contract/variables.ts needs it`);
}

/** The value itself where it is known before AWS has made anything; otherwise an example. */
function exampleOf({ name, from, value }: Variable): string {
    const { example, from: source } = variables[name]!;
    return from === "value" && source !== "aws" ? String(value) : example;
}

function sourceText({ from, source, key }: Variable, origin: VariableContract["from"]): string {
    switch (from) {
        case "parameter":
            return `${sources[origin]}, by SSM parameter ${quoted(String(source))}`;
        case "secret":
            return `secret ${quoted(String(source))}, key ${quoted(String(key))}`;
        case "value":
            return sources[origin];
    }
}

/** Secrets that a service gets, or may read by itself, with how they arrive. */
export function secretNames({ environment, roles }: Service): { name: string; how: string }[] {
    const filled = environment.flatMap(({ from, source }) => (from === "secret" ? [String(source)] : []));
    const read = roles
        .filter(({ purpose }) => purpose === "run")
        .flatMap(({ statements }) => statements)
        .filter(({ actions }) => actions.includes("secretsmanager:GetSecretValue"))
        .flatMap(({ resources }) => resources.map((arn) => arn.split(":secret:")[1]!.replace(/-\?{6}$/, "")));
    return [
        ...[...new Set(filled)].map((name) => ({
            name,
            how: "ECS reads it when a task starts and fills the variables above; a new value needs new tasks",
        })),
        ...[...new Set(read)].map((name) => ({ name, how: "the service reads it by itself, by `GetSecretValue`" })),
    ];
}

function secretsText(service: Service): string {
    const rows = secretNames(service).flatMap(({ name, how }) => {
        const contract = secrets[name.split("/").pop()!];
        if (!contract) {
            throw new Error(`secret ${name} is not described: contract/secrets.ts needs it`);
        }
        return Object.entries(contract.keys).map(([key, meaning]) => [quoted(name), quoted(key), meaning, how]);
    });
    return rows.length === 0
        ? "None. It signs in everywhere with its role."
        : `Each is a JSON object.\n\n${table(["Secret", "Key", "What it holds", "How it arrives"], rows)}`;
}

function portLines({ container, triggers }: Service): string[] {
    if (!container) {
        return ["Listens on no port: Lambda's runtime interface client fetches the events."];
    }
    const { ports } = container;
    const use = (port: number): string =>
        triggers
            .flatMap((trigger) =>
                trigger.kind === "load-balancer" && trigger.port === port
                    ? [`the load balancer, ${trigger.protocol}`]
                    : trigger.kind === "name" && trigger.port === port
                      ? [`callers inside the VPC, as ${quoted(`${trigger.name}:${trigger.port}`)}`]
                      : [],
            )
            .join("; ");
    return ports.length === 0
        ? ["Listens on no port."]
        : ports.map((port) => `Listens on TCP ${port}${use(port) ? `, for ${use(port)}` : ""}.`);
}

function healthLines({ container }: Service): string[] {
    if (!container?.healthCheck) {
        return [];
    }
    const { command, interval, timeout, retries, startPeriod } = container.healthCheck;
    return [
        `ECS runs ${quoted(command.slice(1).join(" "))} every ${interval} s, waits ${timeout} s for it, and replaces the task after ` +
            `${retries} failures in a row. Failures in the first ${startPeriod} s do not count.`,
    ];
}

const stopLines = ({ container }: Service): string[] =>
    container ? [`Has ${container.stopTimeoutSeconds} s between SIGTERM and SIGKILL.`] : [];

function fileLines({ container, architecture }: Service): string[] {
    if (!container) {
        return [
            `Built for ${architecture}. Runs as a user of Lambda's own; the file system is read-only but for ${quoted("/tmp")} (512 MB).`,
        ];
    }
    const { user, readonlyRootFilesystem, writable } = container;
    const tmp = writable.filter(({ memoryMiB }) => memoryMiB !== undefined);
    return [
        `Built for ${architecture}. Runs as ${quoted(user ?? "the image's user")}; the root file system is ` +
            `${readonlyRootFilesystem ? "read-only" : "writable"}; ${tmp.map(({ path, memoryMiB }) => `${quoted(path)} is writable, ${memoryMiB} MiB in memory`).join(", ")}.`,
    ];
}

const sizeLine = (service: Service): string => `${quoted(service.name)} in dev: ${sizeText(service)}.`;

function identity({ roles }: Service, isOneOfSeveral: boolean): string[] {
    return roles.flatMap(({ name, purpose, statements, attached }) => [
        purpose === "run"
            ? `Its own role, ${quoted(name)}${isOneOfSeveral ? "; those of the others are alike" : ""}:`
            : `ECS, with the role ${quoted(name)}, to start a task:`,
        bullets([...statements.map(sentence), ...attached.map((arn) => `All that ${quoted(arn)} allows.`)]),
    ]);
}

function sentence(statement: Statement): string {
    const words = statementWords(statement);
    if (words === undefined) {
        const { actions, conditions } = statement;
        throw new Error(
            `no words for ${JSON.stringify({ actions, conditions })}: contract/actions.ts needs the action or the condition`,
        );
    }
    return words;
}

function networkLines({ reach, callers }: Service): string[] {
    const words = (connection: Service["reach"][number]): string => {
        const text = connectionWords(connection);
        if (text === undefined) {
            throw new Error(`no words for ${JSON.stringify(connection)}: contract/destinations.ts needs it`);
        }
        return text;
    };
    return [
        `Reaches ${reach.map(words).join("; ") || "nothing"}.`,
        `Is reached by ${callers.map(words).join("; ") || "nobody"}.`,
    ];
}

/** Triggers in words, with the names of what ARNs name. */
function triggerLines(service: Service, named: boolean): string[] {
    return service.triggers.map(
        (trigger) =>
            `${named ? `${quoted(service.name)}: ` : ""}${capital(triggerText(trigger).replace(/arn:[^;,)\s]*[:/]([^:/;,)\s]+)/g, "`$1`"))}.`,
    );
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
