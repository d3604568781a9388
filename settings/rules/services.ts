import { profileGeographies } from "../../components/cold-path/bedrock-geographies";
import { omsTopics } from "../../components/hot-path/oms-names";
import { closest } from "../closest";
import { fargateSizes } from "../fargate-sizes";
import { at, type Diagnostic, type SettingPath } from "../problems";
import { untilUnreadable } from "../readable";
import { type Settings } from "../schema";
import { allOf, has, oneOf } from "../schema-nodes";
import { serviceNames } from "../service-names";
import { checkEach, type Rule, type RuleContext, wrong } from "./rule";

function* taskSizes({ services }: Settings): Iterable<Diagnostic> {
    const check = function* (
        path: SettingPath,
        { cpu, memoryMiB }: { cpu: number; memoryMiB: number },
    ): Iterable<Diagnostic> {
        const sizes = fargateSizes.get(cpu) ?? [];
        if (!sizes.includes(memoryMiB)) {
            const nearest = sizes.find((size) => size >= memoryMiB) ?? sizes[sizes.length - 1];
            yield wrong(
                [...path, "memoryMiB"],
                memoryMiB,
                `must be ${oneOf(sizes)} with cpu ${cpu}: Fargate offers no other`,
                nearest,
            );
        }
    };
    yield* untilUnreadable(() => check(at("services", "oms"), services.oms));
    yield* checkEach(services.ingestion.feeds, (feed, size) => check(at("services", "ingestion", "feeds", feed), size));
}

function* omsTopicsDeclared({ kafka }: Settings): Iterable<Diagnostic> {
    const missing = omsTopics.filter((topic) => !has(kafka.topics, topic));
    if (missing.length > 0) {
        yield {
            path: at("kafka", "topics"),
            is: `lacks ${allOf(missing)}`,
            must: `must declare ${allOf(omsTopics)}: the OMS writes to them`,
            fix: missing.map((topic) => ({
                set: at("kafka", "topics", topic),
                to: { partitions: 3, retentionHours: 168 },
            })),
        };
    }
}

function* declaredTopics({ kafka, services }: Settings): Iterable<Diagnostic> {
    const declared = Object.keys(kafka.topics);
    const check = function* (path: SettingPath, topics: string[]): Iterable<Diagnostic> {
        for (const [index, topic] of topics.entries()) {
            if (!declared.includes(topic)) {
                const meant = closest(topic, declared);
                yield {
                    path: [...path, "topics", index],
                    is: `is "${topic}"`,
                    must: `must be a topic that aipx:kafka.topics declares${meant === undefined ? "" : `. Did you mean ${meant}?`}`,
                    fix:
                        meant === undefined
                            ? [{ set: at("kafka", "topics", topic), to: { partitions: 3, retentionHours: 24 } }]
                            : [{ set: [...path, "topics", index], to: meant }],
                };
            }
        }
    };
    yield* checkEach(services.ingestion.feeds, (feed, { topics }) =>
        check(at("services", "ingestion", "feeds", feed), topics),
    );
    yield* untilUnreadable(() =>
        checkEach(services.strategies, (name, { topics }) => check(at("services", "strategies", name), topics)),
    );
    yield* untilUnreadable(() => check(at("services", "dataRecorder"), services.dataRecorder.topics));
}

function* imagesOfServices({ images, services }: Settings): Iterable<Diagnostic> {
    const known = serviceNames(services);
    for (const service of Object.keys(images).filter((name) => !known.includes(name))) {
        const meant = closest(service, known);
        yield {
            path: at("images", service),
            is: "names no service",
            must:
                meant === undefined
                    ? `must be one of ${known.join(", ")}`
                    : `must be the name of a service. Did you mean ${meant}?`,
            fix: [
                { remove: at("images", service) },
                ...(meant !== undefined && !has(images, meant)
                    ? [{ set: at("images", meant), to: images[service] }]
                    : []),
            ],
        };
    }
}

/** AWS takes a role that names any profile; only the calls fail. */
function* modelsOfRegion({ services }: Settings, { region }: RuleContext): Iterable<Diagnostic> {
    for (const [index, model] of services.cognitive.bedrockModels.entries()) {
        const [geography = "", ...id] = model.split(".");
        const callers = profileGeographies[geography];
        if (region !== undefined && callers !== undefined && !callers.test(region)) {
            const there = Object.keys(profileGeographies).filter((each) => profileGeographies[each]!.test(region));
            yield wrong(
                at("services", "cognitive", "bedrockModels", index),
                model,
                `must be a model, or an inference profile that begins with ${oneOf(there)}: from ${region} nobody can call those of ${geography}`,
                [there[0], ...id].join("."),
            );
        }
    }
}

/** Rules about services. */
export const serviceRules: Rule[] = [taskSizes, omsTopicsDeclared, declaredTopics, imagesOfServices, modelsOfRegion];
