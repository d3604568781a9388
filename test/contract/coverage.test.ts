import assert from "node:assert/strict";
import { join } from "node:path";
import { actions, conditions, statementWords } from "../../contract/actions";
import { connectionWords } from "../../contract/destinations";
import { columnsOf, snakeCase } from "../../contract/document/message-section";
import { secretNames } from "../../contract/document/service-section";
import { imageServices } from "../../contract/document/stacks";
import { events, invocations, jsonSchema, messages, topics } from "../../contract/messages";
import { secrets } from "../../contract/secrets";
import { services } from "../../contract/services";
import { libraries } from "../../contract/libraries";
import { variables } from "../../contract/variables";
import { recordStack } from "../../plan/plan";
import { type Recording } from "../../plan/recording";
import { describeServices, type Service, type Variable } from "../../plan/service";
import { readProject } from "../../plan/stack-config";
import { unknown } from "../../plan/wire";
import { planOf, stackNames } from "../support/stacks";

const sortedUnique = (values: Iterable<string>): string[] => [...new Set(values)].sort();

/** What is only in one of two lists, said so that whoever reads it knows what to do. */
function compare(program: Iterable<string>, contract: Iterable<string>, file: string): void {
    const [made, described] = [sortedUnique(program), sortedUnique(contract)];
    assert.deepEqual(
        {
            [`to be described in ${file}`]: made.filter((name) => !described.includes(name)),
            [`described in ${file}, but nowhere in the program`]: described.filter((name) => !made.includes(name)),
        },
        { [`to be described in ${file}`]: [], [`described in ${file}, but nowhere in the program`]: [] },
    );
}

describe("the contract of images", () => {
    let recordings: Recording[];
    /** All services of all stacks that run images built elsewhere, by section. */
    let sections: [section: string, services: Service[]][];
    let all: Service[];
    /** Those of the program's own code as well: `npm run plan -- dev --service` has words for them, too. */
    let withOwnCode: Service[];

    before(async () => {
        recordings = (await Promise.all(stackNames.map((stack) => planOf(stack)))).map(({ recording }) => recording);
        sections = recordings.flatMap((recording) => [...imageServices(recording)]);
        all = sections.flatMap(([, each]) => each);
        withOwnCode = recordings.flatMap(describeServices);
        assert.ok(all.length > 20 && withOwnCode.length >= all.length);
    });

    it("describes every service that runs an image, and no other", () => {
        compare(
            sections.map(([section]) => section),
            services.map(({ name }) => name),
            "contract/services",
        );
    });

    it("can describe services of one image by one of them: the others have the same variables, rights and connections", () => {
        for (const [section, [first, ...others]] of sections) {
            const shape = ({ environment, roles, reach }: Service): unknown => ({
                environment: environment.map(({ name, from }) => `${name} ${from}`),
                // A feed that listens with the trading key reaches the OMS as well: that is in the variables.
                actions: sortedUnique(roles.flatMap(({ statements }) => statements.flatMap((each) => each.actions))),
                reach: reach.map(({ port, peer }) => `${port} ${peer.kind}`).sort(),
            });
            for (const other of others) {
                assert.deepEqual(shape(other), shape(first!), `${other.name} and ${first!.name}, section ${section}`);
            }
        }
    });

    it("says what every variable means, and of no variable that nobody gets", () => {
        compare(
            all.flatMap(({ environment }) => environment.map(({ name }) => name)),
            Object.keys(variables),
            "contract/variables.ts",
        );
    });

    it("says truly where variables come from", async () => {
        const project = readProject(join(__dirname, "../.."));
        const { recording } = await recordStack(project, "dev", { asConfigured: false, preview: true });
        const origin = ({ from, value }: Variable): string =>
            from === "secret" ? "secret" : from === "parameter" || value?.includes(unknown) ? "aws" : "known";
        const seen = [...imageServices(recording).values()]
            .flat()
            .flatMap(({ environment }) => environment.map((variable) => [variable.name, origin(variable)] as const));
        assert.ok(seen.some(([, from]) => from === "aws"));
        for (const [name, from] of seen) {
            const said = variables[name]?.from;
            assert.equal(
                said === "platform" || said === "setting" ? "known" : said,
                from,
                `from of ${name} in contract/variables.ts`,
            );
        }
    });

    it("says what every secret holds, and of no secret that nobody reads", () => {
        const names = all.flatMap(secretNames).map(({ name }) => name.split("/").pop()!);
        compare(names, Object.keys(secrets), "contract/secrets.ts");
        const described = recordings.flatMap(({ resources }) =>
            resources.filter(({ type }) => type === "aws:secretsmanager/secret:Secret"),
        );
        for (const { inputs, outputs } of described) {
            const keys = Object.keys(secrets[String(outputs.name).split("/").pop()!]?.keys ?? {});
            for (const key of String(inputs.description).match(/\b[a-z]+(_[a-z]+)+\b/g) ?? []) {
                assert.ok(keys.includes(key), `${outputs.name} has the key ${key}`);
            }
        }
    });

    it("names every key that container definitions take from secrets", () => {
        for (const { name, from, source, key } of all.flatMap(({ environment }) => environment)) {
            if (from === "secret") {
                const { keys } = secrets[source!.split("/").pop()!]!;
                assert.ok(key !== undefined && key in keys, `${name} comes from ${source}, key ${key}`);
            }
        }
    });

    it("has words for every action and condition of the roles, and for no other", () => {
        const statements = withOwnCode.flatMap(({ roles }) => roles.flatMap((role) => role.statements));
        compare(
            statements.flatMap((statement) => statement.actions),
            Object.keys(actions),
            "contract/actions.ts (actions)",
        );
        compare(
            statements.flatMap(({ conditions: limits }) => Object.values(limits).flatMap((keys) => Object.keys(keys))),
            Object.keys(conditions),
            "contract/actions.ts (conditions)",
        );
        for (const statement of statements) {
            const words = statementWords(statement);
            assert.match(String(words), /^May (not )?[a-z].*\.$/);
            assert.doesNotMatch(String(words), /undefined|arn:|\?\?/, JSON.stringify(statement));
        }
        assert.deepEqual(
            all.flatMap(({ roles }) => roles.flatMap(({ attached }) => attached)),
            [],
            "policies that are attached whole have no words",
        );
    });

    it("has words for every connection", () => {
        for (const { name, reach, callers } of withOwnCode) {
            for (const connection of [...reach, ...callers]) {
                assert.ok(
                    connectionWords(connection),
                    `to be described in contract/destinations.ts, for ${name}: ${JSON.stringify(connection)}`,
                );
            }
        }
    });

    it("knows the hosts of KIS by the ports that services use", () => {
        for (const { environment, reach } of all) {
            for (const { name, value = "" } of environment.filter(({ name }) => /^KIS_.*_URL$/.test(name))) {
                const { port } = new URL(value);
                const words = reach.filter((connection) => connection.port === port).map(connectionWords);
                const kind = name === "KIS_REST_URL" ? "REST" : "WebSocket";
                const mode = environment.find((variable) => variable.name === "KIS_MODE")?.value;
                assert.deepEqual(words, [`KIS ${kind}, ${mode}, port ${port}`]);
            }
        }
    });

    it("describes every topic, and no other", () => {
        const made = recordings.flatMap(({ resources }) =>
            resources.filter(({ type }) => type === "aws:msk/topic:Topic").map(({ outputs }) => String(outputs.name)),
        );
        compare(
            made,
            topics.map(({ topic }) => topic),
            "contract/messages/topics.ts",
        );
    });

    it("has a field for every column that the data lake has of a topic", () => {
        let tables = 0;
        for (const recording of recordings) {
            for (const topic of topics) {
                const { properties } = jsonSchema(topic) as { properties: object };
                const fields = Object.keys(properties).map(snakeCase);
                const columns = columnsOf({ recording }, topic.topic);
                tables += columns ? 1 : 0;
                const strangers = [...(columns?.keys() ?? [])].filter(
                    // Where the record was in Kafka is no field of it.
                    (column) => !column.startsWith("kafka_") && !fields.includes(column),
                );
                assert.deepEqual(strangers, [], `columns of ${topic.topic}`);
            }
        }
        assert.ok(tables >= stackNames.length);
    });

    it("describes every event that a rule waits for on the platform's bus, and no other", () => {
        const patterns = recordings.flatMap(({ resources }) =>
            resources
                .filter(({ type }) => type === "aws:cloudwatch/eventRule:EventRule")
                .map(({ inputs }) => JSON.parse(String(inputs.eventPattern ?? "{}")) as Record<string, string[]>),
        );
        const waited = patterns.flatMap(({ source = [], "detail-type": types = [] }) =>
            source.filter((each) => !each.startsWith("aws.")).flatMap((each) => types.map((type) => `${each} ${type}`)),
        );
        compare(
            waited,
            events.map(({ source, detailType }) => `${source} ${detailType}`),
            "contract/messages/events.ts",
        );
    });

    it("lets each source that a role may publish as have events, and no other", () => {
        const sources = all.flatMap(({ roles }) =>
            roles.flatMap(({ statements }) =>
                statements.flatMap((each) =>
                    Object.values(each.conditions).flatMap((keys) => keys["events:source"] ?? []),
                ),
            ),
        );
        compare(
            sources,
            events.map(({ source }) => source),
            "contract/messages/events.ts",
        );
    });

    it("refers to messages and libraries that there are, and leaves none out", () => {
        const ids = messages.map(({ id }) => id);
        const referred = services.flatMap(({ reads, writes }) => [...reads, ...writes]);
        assert.deepEqual(
            referred.filter((id) => !ids.includes(id)),
            [],
        );
        // Sent by the platform itself.
        const unreferred = ids.filter((id) => !referred.includes(id) && id !== "frame-working");
        assert.deepEqual(unreferred, []);
        assert.equal(new Set(ids).size, ids.length);
        compare(
            services.flatMap((service) => service.libraries),
            Object.keys(libraries),
            "contract/libraries.ts",
        );
    });

    it("says which topics a service writes, as its rights do", () => {
        for (const [section, described] of sections) {
            const { writes } = services.find(({ name }) => name === section)!;
            const allowed = described.flatMap(({ roles }) =>
                roles.flatMap(({ statements }) =>
                    statements
                        .filter((statement) => statement.actions.includes("kafka-cluster:WriteData"))
                        .flatMap(({ resources }) => resources.map((arn) => `topic-${arn.split("/").pop()}`)),
                ),
            );
            assert.deepEqual(sortedUnique(allowed), writes.filter((id) => id.startsWith("topic-")).sort(), section);
        }
        assert.ok(invocations.length > 0);
    });
});
