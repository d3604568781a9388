import { type DescribedStack } from "./stacks";
import { events, frames, invocations, jsonSchema, logLines, type Message, topics } from "../messages";
import { bullets, json, quoted, table } from "./markdown";

/** A place in a JSON Schema, as far as tables of fields need it. */
interface Node {
    type?: string | string[];
    const?: unknown;
    enum?: unknown[];
    anyOf?: Node[];
    description?: string;
    properties?: Record<string, Node>;
    required?: string[];
    items?: Node;
    additionalProperties?: unknown;
    format?: string;
}

/** All messages by kind, each with its fields and examples. */
export function messageSections(stack: DescribedStack): string[] {
    return [
        "## Kafka topics",
        "Values are JSON in UTF-8, keys UTF-8 text, headers are free. Columns are those of the table in the data lake: a field in camel " +
            "case is a column in snake case; times are UTC there. Every table also says where a record was in Kafka: " +
            `${placeColumns(stack).join(", ")}. A topic that is not described here is recorded as \`key\` string, \`value\` string, ` +
            "both as they are, and these.",
        ...topics.flatMap((topic) => [
            heading(topic),
            bullets([
                topic.description,
                `Written by ${list(producers(stack, topic.topic))}; triggers ${list(consumers(stack, topic.topic))}.`,
                `Key: ${topic.key}`,
                `Order: ${topic.ordering}`,
                `Repetitions: ${topic.idempotency}`,
            ]),
            fields(topic, columnsOf(stack, topic.topic)),
            ...examples(topic),
        ]),
        "## Events on the bus",
        "Published with `PutEvents` on the bus in `EVENT_BUS_NAME`: `Source`, `DetailType` as below, `Detail` as JSON text of at most " +
            "256 KB with everything around it. Deliveries are at least once and in no order: `eventId` and `occurredAt` tell.",
        ...events.flatMap((event) => [
            heading(event),
            bullets([
                event.description,
                `Source ${quoted(event.source)}, detail type ${quoted(event.detailType)}. Told to people by ${list(rules(stack, event.detailType))}.`,
            ]),
            fields(event, undefined, "detail"),
            ...(event === events[0] ? ["As EventBridge hands it over:", ...examples(event)] : [json(event.detail)]),
        ]),
        "## WebSocket frames",
        'Clients connect to the output `webSocketUrl` with the subprotocols `aipx.v1` and `bearer.<token>` (`new WebSocket(url, ["aipx.v1", ' +
            '"bearer." + token])`), the token as [the authorizer](#websocket-authorizer-what-it-must-do) wants it. The header must be spelt ' +
            "`Sec-WebSocket-Protocol`, as browsers and most libraries do. The server selects `aipx.v1`. Frames are JSON text. A connection " +
            "ends after ten minutes of silence and after two hours: clients connect again and go on with the same `conversationId`. Messages " +
            "of a connection are worked on one after the other.",
        ...frames.flatMap((frame) => [
            heading(frame),
            bullets([`From the ${frame.from}. ${frame.description}`]),
            fields(frame),
            ...examples(frame),
        ]),
        "## Events that invoke functions",
        ...invocations.flatMap((invocation) => [
            heading(invocation),
            bullets([invocation.description, `Returns: ${invocation.returns}`]),
            fields(invocation),
            ...examples(invocation),
        ]),
        "## Log lines",
        "One JSON object on one line of stdout. These have a form that is agreed on, since programs count them or people look for them; " +
            "others may have any fields beside `time`, `level` and `message`.",
        ...logLines.flatMap((line) => [
            heading(line),
            bullets([line.description, `Written by ${line.writtenBy}. ${line.counted}`]),
            fields(line),
            ...examples(line),
        ]),
    ];
}

const heading = ({ id, title }: Message): string => `### ${title}\n\nSchema: [${id}.json](schemas/${id}.json)`;

const list = (names: string[]): string => names.join(", ") || "nobody";

const examples = ({ examples: all }: Message): string[] => all.map(json);

/** The fields of a message, or of one part of it, as a table. */
function fields(message: Message, columns?: Map<string, string>, part?: string): string {
    const root = jsonSchema(message) as Node;
    const node = part === undefined ? root : root.properties![part]!;
    const rows = rowsOf(node, "");
    const head = ["Field", "Type", "Meaning"];
    return columns === undefined
        ? table(head, rows)
        : table(
              [...head, "Column"],
              rows.map((row) => [...row, columns.get(snakeCase(row[0]!.replace(/`/g, ""))) ?? "not recorded"]),
          );
}

function rowsOf({ properties = {}, required = [] }: Node, path: string): string[][] {
    return Object.entries(properties).flatMap(([name, node]) => {
        const full = path === "" ? name : `${path}.${name}`;
        const inner = node.items?.properties ? node.items : node;
        const type = `${typeText(node)}${required.includes(name) ? "" : ", optional"}`;
        const meaning = node.description ?? node.anyOf?.find(({ description }) => description)?.description ?? "";
        return [[quoted(full), type, meaning], ...rowsOf(inner, node.items ? `${full}[]` : full)];
    });
}

function typeText(node: Node): string {
    if (node.anyOf) {
        return node.anyOf.map(typeText).join(" or ");
    }
    if (node.const !== undefined) {
        return quoted(String(JSON.stringify(node.const)));
    }
    if (node.enum) {
        return node.enum.map((value) => quoted(String(value))).join(", ");
    }
    if (node.type === "array") {
        return `list of ${node.items ? typeText(node.items) : "anything"}`;
    }
    return node.format === "date-time" ? "time" : [node.type ?? "anything"].flat().join(" or ");
}

/** `traded_at` for `tradedAt`. */
export const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Columns of a topic's table in the data lake, with their types; none if it has no table. */
export function columnsOf(
    { recording }: Pick<DescribedStack, "recording">,
    topic: string,
): Map<string, string> | undefined {
    const storages = recording.resources
        .filter(({ type }) => type === "aws:glue/catalogTable:CatalogTable")
        .map(
            ({ inputs }) =>
                inputs.storageDescriptor as { location?: string; columns?: { name: string; type: string }[] },
        );
    const columns = storages.find(({ location }) => location?.endsWith(`/${topic}/`))?.columns;
    return columns && new Map(columns.map(({ name, type }) => [name, `${quoted(name)} ${type}`]));
}

/** Columns that say where a record was in Kafka, beside those of its fields: the same ones in every table. */
function placeColumns(stack: DescribedStack): string[] {
    const columns = topics.flatMap(({ topic }) => [...(columnsOf(stack, topic) ?? [])]);
    return [...new Map(columns.filter(([name]) => name.startsWith("kafka_"))).values()];
}

/** Services whose role lets them write to a topic. */
const producers = ({ services }: DescribedStack, topic: string): string[] =>
    [...services].flatMap(([section, each]) =>
        each.some(({ roles }) =>
            roles.some(({ statements }) =>
                statements.some(
                    ({ actions, resources }) =>
                        actions.includes("kafka-cluster:WriteData") &&
                        resources.some((resource) => resource.endsWith(`/${topic}`)),
                ),
            ),
        )
            ? [section]
            : [],
    );

const consumers = ({ services }: DescribedStack, topic: string): string[] =>
    [...services.values()]
        .flat()
        .flatMap(({ service, triggers }) =>
            triggers.some((trigger) => trigger.kind === "event-source" && trigger.topics.includes(topic))
                ? [service]
                : [],
        );

/** Rules that pick an event of a type. */
const rules = ({ recording }: DescribedStack, detailType: string): string[] =>
    recording.resources
        .filter(({ type }) => type === "aws:cloudwatch/eventRule:EventRule")
        .filter(({ inputs }) => {
            const pattern = JSON.parse(String(inputs.eventPattern ?? "{}")) as Record<string, string[]>;
            return (pattern["detail-type"] ?? []).includes(detailType);
        })
        .map(({ outputs }) => `rule ${quoted(String(outputs.name))}`);
