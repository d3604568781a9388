import { at, type Finding, type SettingPath, valueText } from "../problems";
import { findings } from "../readable";
import { type Settings } from "../schema";
import { each, type Rule } from "./rule";

function* noRepeats({ network, services, alarms, account }: Settings): Iterable<Finding> {
    const check = function* (path: SettingPath, values: readonly string[]): Iterable<Finding> {
        // From the end, so that one command does not move what the next one names.
        for (const [index, value] of [...values.entries()].reverse()) {
            if (values.indexOf(value) < index) {
                yield {
                    path: [...path, index],
                    is: valueText(path, value),
                    must: "must be in the list once",
                    fix: [{ remove: [...path, index] }],
                };
            }
        }
    };
    yield* findings(() => check(at("network", "availabilityZones"), network.availabilityZones));
    yield* findings(() => check(at("network", "interfaceEndpoints"), network.interfaceEndpoints));
    yield* findings(() =>
        each(services.ingestion.feeds, (feed, { topics }) =>
            check(at("services", "ingestion", "feeds", feed, "topics"), topics),
        ),
    );
    yield* findings(() =>
        each(services.ingestion.feeds, (feed, { markets }) =>
            check(at("services", "ingestion", "feeds", feed, "markets"), markets),
        ),
    );
    yield* findings(() =>
        each(services.strategies, (name, { topics }) => check(at("services", "strategies", name, "topics"), topics)),
    );
    yield* findings(() => check(at("services", "dataRecorder", "topics"), services.dataRecorder.topics));
    yield* findings(() => check(at("services", "cognitive", "bedrockModels"), services.cognitive.bedrockModels));
    yield* findings(() =>
        check(at("services", "oms", "loadBalancer", "allowedCidrBlocks"), services.oms.loadBalancer.allowedCidrBlocks),
    );
    yield* findings(() => check(at("alarms", "emails"), alarms.emails));
    yield* findings(() => check(at("account", "alsoOffered"), account.alsoOffered));
}

/** Rules about lists. */
export const listRules: Rule[] = [noRepeats];
