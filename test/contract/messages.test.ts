import assert from "node:assert/strict";
import { z } from "zod";
import { events, invocations, jsonSchema, messages, problems, topics } from "../../contract/messages";

const copy = (value: unknown): Record<string, any> => structuredClone(value) as Record<string, any>;

describe("messages of the contract", () => {
    for (const message of messages) {
        describe(message.title, () => {
            const published = z.fromJSONSchema(jsonSchema(message) as Parameters<typeof z.fromJSONSchema>[0]);

            it("has examples that fit its schema, in zod and as published", () => {
                for (const example of message.examples) {
                    assert.deepEqual(problems(message.schema, example), []);
                    assert.deepEqual(published.safeParse(example).error?.issues ?? [], []);
                }
            });

            it("refuses an example that lacks a required field", () => {
                const { required } = jsonSchema(message) as { required: string[] };
                assert.ok(required.length > 0);
                for (const field of required) {
                    const broken = copy(message.examples[0]);
                    delete broken[field];
                    assert.notDeepEqual(problems(message.schema, broken), [], `without ${field}`);
                    assert.equal(published.safeParse(broken).success, false, `as published, without ${field}`);
                }
            });

            it("refuses an example with a field of another type", () => {
                for (const field of Object.keys(copy(message.examples[0]))) {
                    const broken = { ...copy(message.examples[0]), [field]: () => {} };
                    assert.notDeepEqual(problems(message.schema, broken), [], field);
                }
            });

            it("refuses to be written with an unknown field, and lets it be read", () => {
                const newer = { ...copy(message.examples[0]), fieldOfTomorrow: 1 };
                assert.deepEqual(problems(message.schema, newer), ["has fields that the schema has not"]);
                assert.equal(published.safeParse(newer).success, true);
            });

            it("says what each field means", () => {
                const { properties } = jsonSchema(message) as { properties: Record<string, object> };
                const silent = Object.entries(properties).filter(
                    ([, node]) => !/"(description|const)":/.test(JSON.stringify(node)),
                );
                // AWS's own envelopes are described by their names.
                const ours = message.id.startsWith("invocation-") || message.id.startsWith("event-") ? [] : silent;
                assert.deepEqual(
                    ours.map(([field]) => field),
                    [],
                );
            });
        });
    }

    it("refuses times of other zones, and prices below zero", () => {
        const ticks = topics.find(({ topic }) => topic === "ticks")!;
        const tick = copy(ticks.examples[0]);
        for (const wrong of [
            { tradedAt: "2026-11-27T00:00:03Z" },
            { tradedAt: "2026-11-27 09:00:03" },
            { price: -1 },
            { volume: 1.5 },
            { symbol: "5930" },
            { schemaVersion: 2 },
            { side: "HOLD" },
        ]) {
            assert.notDeepEqual(problems(ticks.schema, { ...tick, ...wrong }), [], JSON.stringify(wrong));
        }
    });

    it("has events whose detail is that of the envelope", () => {
        for (const { examples, detail, source, detailType } of events) {
            assert.deepEqual(
                [copy(examples[0]).detail, copy(examples[0]).source, copy(examples[0])["detail-type"]],
                [detail, source, detailType],
            );
        }
    });

    it("has a Kafka event whose record is one of its topic", () => {
        const { examples } = invocations.find(({ id }) => id === "invocation-kafka")!;
        for (const [place, records] of Object.entries(copy(examples[0]).records as Record<string, any[]>)) {
            for (const { topic, partition, key, value } of records) {
                assert.equal(place, `${topic}-${partition}`);
                const decode = (text: string): string => Buffer.from(text, "base64").toString("utf8");
                const record = JSON.parse(decode(value)) as Record<string, unknown>;
                assert.deepEqual(problems(topics.find((each) => each.topic === topic)!.schema, record), []);
                assert.equal(decode(key), record.symbol);
            }
        }
    });

    it("has an event of the cognitive service whose body is a frame", () => {
        const example = copy(invocations.find(({ id }) => id === "invocation-cognitive")!.examples[0]);
        const frame = messages.find(({ id }) => id === "frame-message")!;
        assert.deepEqual(problems(frame.schema, JSON.parse(example.body)), []);
    });
});
