import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { suppress, type SuppressionArgs } from "../../components/building-blocks/suppression";
import { policyStack } from "../../plan/policies";
import { evaluate } from "../../policy-pack/core/evaluate";
import { type Rule } from "../../policy-pack/core/rule";
import { isDay, Suppressions, suppressionType } from "../../policy-pack/core/suppressions";
import { Value } from "../../policy-pack/core/value";
import { suppressionRules } from "../../policy-pack/rules/suppression";
import { record } from "../support/record";
import { analyze, describeRule, type Subject, unknown } from "./support/pack";

const queueType = "aws:sqs/queue:Queue";
const about = { severity: "low", category: "encryption-at-rest", controls: [], remediation: "Do." } as const;
const queueRule: Rule = {
    ...about,
    kind: "resource",
    name: "sqs-queue-require-key",
    description: "A queue has a key.",
    types: [queueType],
    check: (queue, check) => check.must(queue, queue.props.at("key"), ({ raw }) => raw === "ours", "key must be ours"),
};
const stackRule: Rule = {
    ...about,
    kind: "stack",
    name: "sqs-stack-disallow-queue",
    description: "There is no queue.",
    check: (stack, check) => stack.ofType(queueType).forEach((queue) => check.fail(queue, "name", "must not be")),
};
const own = suppressionRules([queueRule, stackRule]);
const [requireReason, requireUnexpired, requireKnown, requireEffect] = own as [Rule, Rule, Rule, Rule];

const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const args: SuppressionArgs = {
    policy: queueRule.name,
    reason: "the failure queue takes what that key could not encrypt",
    owner: "platform",
    expires: day(90),
};
const props = { ...args, resourceType: queueType, resourceName: "failed" };
const suppression = (changes: Record<string, unknown> = {}): Subject => ({
    type: suppressionType,
    name: "suppression",
    props: { ...props, ...changes },
});
const queue: Subject = { type: queueType, name: "failed", props: { key: "theirs" } };

describe("suppressions", () => {
    const toldOf = async (...subjects: Subject[]): Promise<string[]> =>
        (await analyze([queueRule, ...own], subjects)).map(({ policy, level }) => `${level} ${policy}`);

    it("turn a violation into advice that says who accepted it, why, and until when", async () => {
        const [told, ...others] = await analyze([queueRule, ...own], [suppression(), queue]);
        assert.deepEqual(others, []);
        assert.deepEqual([told?.level, told?.policy], ["advisory", queueRule.name]);
        assert.equal(
            told?.message,
            `suppressed until ${args.expires} by platform, because: ${args.reason}\nkey must be ours [at key]`,
        );
    });

    it("cover findings of stack rules", async () => {
        const told = await analyze([stackRule, ...own], [queue, suppression({ policy: stackRule.name })]);
        assert.deepEqual(
            told.map(({ level, policy }) => [level, policy]),
            [["advisory", stackRule.name]],
        );
    });

    const useless: [what: string, changes: Record<string, unknown>, told: string[]][] = [
        ["another resource", { resourceName: "other" }, [requireEffect.name]],
        ["another type", { resourceType: "aws:sqs/queue:Other" }, [requireEffect.name]],
        ["another path", { path: "ke" }, [requireEffect.name]],
        ["a policy that does not exist", { policy: "none" }, [requireKnown.name, requireEffect.name]],
        ["no owner", { owner: " " }, [requireReason.name, requireEffect.name]],
        ["no reason", { reason: null }, [requireReason.name, requireEffect.name]],
        ["a path that is no text", { path: 3 }, [requireEffect.name]],
        ["a day in the past", { expires: day(-1) }, [requireUnexpired.name]],
        ["a day that does not exist", { expires: "2027-02-30" }, [requireUnexpired.name]],
    ];
    for (const [what, changes, told] of useless) {
        it(`do not hold with ${what}, and are violations`, async () => {
            const all = await toldOf(suppression(changes), queue);
            assert.deepEqual(all.sort(), [queueRule.name, ...told].map((name) => `mandatory ${name}`).sort());
        });
    }

    it("must be registered before their resource", async () => {
        const told = await toldOf(queue, suppression());
        assert.deepEqual(told, [`mandatory ${queueRule.name}`, `mandatory ${requireEffect.name}`]);
    });

    it("are stale when the resource is right", async () => {
        const told = await toldOf(suppression(), { ...queue, props: { key: "ours" } });
        assert.deepEqual(told, [`mandatory ${requireEffect.name}`]);
    });

    it("cannot suppress rules about themselves", async () => {
        const itself = { resourceType: suppressionType, resourceName: "suppression", policy: requireKnown.name };
        const told = await toldOf(suppression(itself), queue);
        assert.ok(told.includes(`mandatory ${requireKnown.name}`), told.join());
    });

    it("may be narrowed to a path, and hold below it", () => {
        const suppressions = new Suppressions("2026-01-01");
        const at = { ...props, path: "policy.Statement[1]", expires: "2026-01-01" };
        suppressions.remember({
            urn: "urn:s",
            type: suppressionType,
            name: "s",
            props: new Value(at, ""),
            options: {},
            dependencies: [],
            propertyDependencies: {},
        });
        const holds = (path: string): boolean =>
            suppressions.of(queueRule.name, {
                outcome: "fail",
                message: "",
                path,
                urn: `urn:pulumi:dev::aipx::a:b:C$${queueType}::failed`,
            }) !== undefined;
        assert.ok(holds("policy.Statement[1]"));
        assert.ok(holds("policy.Statement[1].Action[0]"));
        assert.ok(!holds("policy.Statement[10]"));
        assert.ok(!holds("policy"));
        assert.ok(suppressions.isUsed("urn:s"));
    });

    it("take days of the calendar only", () => {
        const days = { "2026-12-31": true, "2028-02-29": true, "2027-02-29": false, "31.12.2026": false, "": false };
        for (const [text, expected] of Object.entries(days)) {
            assert.equal(isDay(new Value(text, "")), expected, text);
        }
        assert.ok(!isDay(new Value(20261231, "")));
    });
});

describe("suppress", () => {
    class Holder extends pulumi.ComponentResource {
        constructor(opts: pulumi.ComponentResourceOptions) {
            super("test:index:Holder", "holder", {}, opts);
            new aws.sqs.Queue("failed", {}, { parent: this });
        }
    }
    // It would come last if nobody waited for it.
    const late: pulumi.ComponentResourceOptions = {
        dependsOn: pulumi.output(new Promise<pulumi.Resource[]>((resolve) => setTimeout(() => resolve([]), 20))),
    };
    const recordings: [what: string, run: () => void][] = [
        [
            "a resource",
            () => {
                new aws.sqs.Queue("failed", {}, { dependsOn: suppress(queueType, "failed", args, late) });
            },
        ],
        ["a component around it", () => void new Holder({ dependsOn: suppress(queueType, "failed", args, late) })],
    ];
    for (const [what, run] of recordings) {
        it(`is registered before ${what} that depends on it, and adds no dependency`, async () => {
            const recording = await record(run);
            const types = recording.resources.map(({ type }) => type);
            assert.equal(types[0], suppressionType, types.join());
            const found = recording.resources.find(({ type }) => type === queueType)!;
            assert.deepEqual(found.dependencies, []);
            const [result] = evaluate([queueRule, ...own], policyStack(recording));
            assert.equal(result?.counts.suppressed, 1);
        });
    }
});

const others = { title: "is about suppressions only", subjects: queue };

describeRule(requireReason, [
    { title: "passes a whole one", subjects: suppression() },
    { title: "refuses a short reason", subjects: suppression({ reason: "legacy" }), fails: ["at least 20 characters"] },
    { title: "refuses odd types", subjects: suppression({ owner: ["me"] }), fails: ["owner must be set"] },
    { title: "waits for the reason", subjects: suppression({ reason: unknown }), undetermined: "reason" },
    others,
]);
describeRule(requireUnexpired, [
    { title: "passes today", subjects: suppression({ expires: day(0) }) },
    { title: "refuses yesterday", subjects: suppression({ expires: day(-1) }), fails: [day(0)] },
    { title: "refuses a day far away", subjects: suppression({ expires: day(400) }), fails: [day(366)] },
    { title: "refuses what is no day", subjects: suppression({ expires: 7 }), fails: ["YYYY-MM-DD"] },
    { title: "waits for the day", subjects: suppression({ expires: unknown }), undetermined: "expires" },
    others,
]);
describeRule(requireKnown, [
    { title: "passes a policy of the pack", subjects: suppression() },
    { title: "refuses others", subjects: suppression({ policy: "s3-bucket" }), fails: ["policy of this pack"] },
    { title: "waits for the policy", subjects: suppression({ policy: unknown }), undetermined: "policy" },
    others,
]);
