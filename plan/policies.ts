import { existsSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { type Control } from "../policy-pack/controls";
import { text } from "../policy-pack/core/finding";
import { evaluate, type Result } from "../policy-pack/core/evaluate";
import { linked, Stack } from "../policy-pack/core/resource";
import { type Rule } from "../policy-pack/core/rule";
import { Properties } from "../policy-pack/core/value";
import { type Profile } from "../policy-pack/profiles";
import { type Violation } from "./preflight";
import { type Recording } from "./recording";
import { type Project } from "./stack-config";

/** What the project's policy pack says of a stack. */
export interface Policies {
    /** Version of the pack. */
    version: string;
    /** Whether what cannot be told yet is a violation. */
    strict: boolean;
    /** By rule; rules that are disabled are left out. */
    results: PolicyResult[];
    controls: readonly Control[];
}

export interface PolicyResult extends Result {
    level: Violation["level"];
}

/** The modules of a pack that lies in a project. */
interface Pack {
    version: string;
    rules: readonly Rule[];
    controls: readonly Control[];
    profileOf: (stack: string) => Profile;
}

/** A recorded stack as the policy pack sees stacks. */
export function policyStack({ resources, providerConfig }: Recording): Stack {
    const inputs = new Map(resources.map((resource) => [resource.urn, resource.inputs]));
    return new Stack(
        resources
            // What is only looked at has no inputs, and is not the program's to mend.
            .filter(({ kind }) => kind !== "read")
            .map(({ kind, type, provider, ...resource }) => {
                const settings =
                    provider === undefined
                        ? kind === "custom" && providerConfig[type.split(":")[0]!]
                        : inputs.get(provider.split("::").slice(0, -1).join("::"));
                return {
                    urn: resource.urn,
                    type,
                    name: resource.name,
                    ...linked(resource.inputs, resource.propertyDependencies),
                    options: resource.options,
                    ...(settings && { provider: new Properties(settings) }),
                    parent: resource.parent,
                    dependencies: resource.dependencies,
                };
            }),
    );
}

/** Runs the rules of the project's pack, if it has one, as the engine would in this stack. */
export function checkPolicies(project: Project, recording: Recording): Policies | undefined {
    const pack = packOf(project);
    if (!pack) {
        return undefined;
    }
    const { strict, configuration } = pack.profileOf(recording.stack);
    const levels = new Map(
        pack.rules.map(({ name }) => [
            name,
            configuration[name]?.enforcementLevel ?? configuration.all?.enforcementLevel,
        ]),
    );
    const enforced = pack.rules.filter(({ name }) => levels.get(name) !== "disabled");
    return {
        version: pack.version,
        strict,
        results: evaluate(enforced, policyStack(recording), configuration).map((result) => ({
            ...result,
            level: levels.get(result.rule.name) === "advisory" ? "advisory" : "mandatory",
        })),
        controls: pack.controls,
    };
}

/** What stands against a stack: findings, and in strict mode what cannot be told. */
export const policyViolations = ({ results, strict }: Policies): Violation[] =>
    results.flatMap(({ rule, level, findings }) =>
        findings
            .filter(({ outcome }) => outcome === "fail" || strict)
            .map((finding) => ({ policy: rule.name, level, urn: finding.urn, message: text(finding) })),
    );

/** Loaded only when there is a stack to check: rules bring data of their own. */
function packOf({ folder }: Project): Pack | undefined {
    const pack = path.join(folder, "policy-pack");
    if (!existsSync(path.join(pack, "PulumiPolicy.yaml"))) {
        return undefined;
    }
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- the pack is optional
    const load = (module: string): any => require(path.join(pack, module));
    return {
        version: JSON.parse(readFileSync(path.join(pack, "package.json"), "utf8")).version,
        rules: load("rules").rules,
        controls: load("controls").controls,
        profileOf: load("profiles").profileOf,
    };
}
