import { executionRoleName } from "../../components/building-blocks/role-names";
import { Scope } from "../../components/building-blocks/scope";
import { consumerGroup, feedService, longestConsumerGroup, strategyService } from "../../components/service-names";
import { at, type Diagnostic, type SettingPath, valueText } from "../problems";
import { untilUnreadable } from "../readable";
import { type Settings, shortName } from "../schema";
import { checkEach, type Rule, type RuleContext } from "./rule";

// 24 characters keep the longest name that is only made of it, the bucket aipx-<stack>-access-logs-<account>, within AWS's limits.
function* stackName(_settings: Settings, { name }: RuleContext): Iterable<Diagnostic> {
    if (!shortName.safeParse(name).success) {
        yield {
            path: ["stack name"],
            is: valueText([], name),
            must: "must be lower-case letters, digits and single hyphens, beginning with a letter, at most 24 characters: it is part of every name in AWS",
            fix: [{ edit: `pulumi stack rename --stack ${name} NEW-NAME` }],
        };
    }
}

/** Names that AWS limits: those that people's own names make long. */
function* physicalNames({ services }: Settings, { name: stack }: RuleContext): Iterable<Diagnostic> {
    const file = `Pulumi.${stack}.yaml`;
    // For its names, which hold neither.
    const scope = new Scope({ project: "aipx", environment: stack, region: "", accountId: "" });
    const tooLong = function* (path: SettingPath, what: string, name: string, limit: number): Iterable<Diagnostic> {
        if (name.length > limit) {
            const surplus = name.length - limit;
            yield {
                path,
                is: `makes the ${what} "${name}" ${name.length} characters long`,
                must: `must be ${surplus} character${surplus === 1 ? "" : "s"} shorter: AWS allows ${limit}`,
                fix: [{ edit: `give it a shorter name in ${file}` }],
            };
        }
    };
    yield* untilUnreadable(function* () {
        for (const feed of Object.keys(services.ingestion.feeds)) {
            yield* tooLong(
                at("services", "ingestion", "feeds", feed),
                "IAM role",
                executionRoleName(scope, feedService(feed)),
                64,
            );
        }
    });
    const consumer = function* (path: SettingPath, service: string, topics: string[]): Iterable<Diagnostic> {
        for (const [index, topic] of topics.entries()) {
            yield* tooLong(
                [...path, "topics", index],
                "consumer group",
                consumerGroup(scope, service, topic),
                longestConsumerGroup,
            );
        }
    };
    yield* untilUnreadable(() =>
        checkEach(services.strategies, (name, { topics }) =>
            consumer(at("services", "strategies", name), strategyService(name), topics),
        ),
    );
    yield* untilUnreadable(() =>
        consumer(at("services", "dataRecorder"), "data-recorder", services.dataRecorder.topics),
    );
}

/** Rules about names that AWS limits. */
export const nameRules: Rule[] = [stackName, physicalNames];
