import assert from "node:assert/strict";
import { type Rule } from "../../policy-pack/core/rule";
import { disposable, type Profile, production, profileOf, relaxations } from "../../policy-pack/profiles";
import { rules } from "../../policy-pack/rules";
import { parseSettings } from "../../settings";
import { flat, stackConfig, stackNames } from "../settings/stack-file";

describe("profiles of the policy pack", () => {
    for (const stack of stackNames) {
        it(`hold ${stack} to what its settings say of it`, () => {
            const { settings } = parseSettings(flat(stackConfig(stack)), { stack });
            assert.equal(
                profileOf(stack) === disposable,
                settings.environment.disposable,
                `disposableStacks in policy-pack/profiles.ts and aipx:environment.disposable in Pulumi.${stack}.yaml differ`,
            );
        });
    }

    it("treat every other stack as production", () => {
        for (const stack of ["live", "Dev", ""]) {
            assert.equal(profileOf(stack), production, stack);
        }
    });

    it("are not weaker in production than in dev", () => {
        assert.deepEqual(relaxations(disposable, production, rules), []);
        assert.deepEqual(production, { strict: true, configuration: {} }, "production has the rules' defaults");
    });

    it("name only rules, parameters and values that there are", () => {
        for (const [name, { enforcementLevel, ...parameters }] of Object.entries(disposable.configuration)) {
            const rule = rules.find((each) => each.name === name);
            assert.ok(rule, `no rule ${name}`);
            assert.ok(
                enforcementLevel === undefined || ["disabled", "advisory", "mandatory"].includes(enforcementLevel),
            );
            for (const [parameter, value] of Object.entries(parameters)) {
                const schema: { default: unknown } | undefined = rule.parameters?.[parameter];
                assert.ok(schema, `${name} has no parameter ${parameter}`);
                assert.equal(typeof value, typeof schema.default, `${name}.${parameter}`);
            }
        }
    });

    describe("relaxations", () => {
        const rule: Rule = {
            kind: "stack",
            name: "a-rule",
            description: "",
            severity: "low",
            category: "cost",
            controls: [],
            remediation: "",
            parameters: {
                days: { description: "", default: 30, stricter: "more" },
                width: { description: "", default: 5, stricter: "less" },
                allowed: { description: "", default: ["a"] },
            },
            check: () => {},
        };
        const profile = (configuration: Profile["configuration"][string], strict = true): Profile => ({
            strict,
            configuration: { "a-rule": configuration },
        });
        const rows: [what: string, baseline: Profile, other: Profile, weaker: string[]][] = [
            ["the same", profile({}), profile({}), []],
            ["strict off", profile({}), profile({}, false), ["strict is off"]],
            ["a lower level", profile({}), profile({ enforcementLevel: "advisory" }), ["a-rule is advisory"]],
            ["a higher level", profile({ enforcementLevel: "disabled" }), profile({}), []],
            [
                "all rules at a lower level",
                profile({}),
                { strict: true, configuration: { all: { enforcementLevel: "disabled" } } },
                ["a-rule is disabled"],
            ],
            ["less where more is stricter", profile({}), profile({ days: 7 }), ["a-rule.days is 7"]],
            ["more where more is stricter", profile({ days: 7 }), profile({}), []],
            ["the default, less than the baseline", profile({ days: 60 }), profile({}), ["a-rule.days is 30"]],
            ["more where less is stricter", profile({}), profile({ width: 9 }), ["a-rule.width is 9"]],
            ["less where less is stricter", profile({}), profile({ width: 1 }), []],
            ["the default of what has no rank", profile({ allowed: ["a", "b"] }), profile({}), []],
            ["another value of what has no rank", profile({}), profile({ allowed: [] }), ["a-rule.allowed is []"]],
        ];
        for (const [what, baseline, other, weaker] of rows) {
            it(`ranks ${what}`, () => assert.deepEqual(relaxations(baseline, other, [rule]), weaker));
        }
    });
});
