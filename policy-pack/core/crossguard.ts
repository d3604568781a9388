import {
    type PolicyConfigSchema,
    type PolicyResource,
    type ReportViolation,
    type ResourceValidationArgs,
    type ResourceValidationPolicy,
    type StackValidationPolicy,
} from "@pulumi/policy";
import { judge, parametersOf, type Verdict } from "./evaluate";
import { suppressedText, text } from "./finding";
import { type Resource, Stack } from "./resource";
import { type Rule } from "./rule";
import { Suppressions, suppressionType } from "./suppressions";
import { Value } from "./value";

/** How findings are treated. */
export interface Enforcement {
    /** Whether what cannot be told yet counts as wrong. For production and CI. */
    strict: boolean;
}

/** Rules as the engine runs them. They share what one of them learns of suppressions. */
export function toPolicies(
    rules: readonly Rule[],
    enforcement: Enforcement,
): (ResourceValidationPolicy | StackValidationPolicy)[] {
    const run = new Run();
    return rules.map((rule) => toPolicy(rule, enforcement, run));
}

/** A rule as the engine runs it. */
export function toPolicy(
    rule: Rule,
    enforcement: Enforcement,
    run = new Run(),
): ResourceValidationPolicy | StackValidationPolicy {
    const { suppressions } = run;
    const common = {
        name: rule.name,
        description: rule.description,
        severity: rule.severity,
        remediationSteps: rule.remediation,
        tags: [rule.category, ...rule.controls],
        ...(rule.parameters && { configSchema: configSchema(rule) }),
    };
    if (rule.kind === "stack") {
        return {
            ...common,
            validateStack: (args, report) => {
                const stack = run.stackFor(rule, args.resources);
                // Those that the engine did not show one by one: it skips what a targeted update leaves alone.
                stack.ofType(suppressionType).forEach((resource) => suppressions.remember(resource));
                reportAll(judge(rule, stack, parametersOf(rule, args.getConfig()), suppressions), enforcement, report);
            },
        };
    }
    const types = new Set(rule.types);
    const validateResource = (args: ResourceValidationArgs, report: ReportViolation): void => {
        if (types.has(args.type)) {
            const resource = resourceFrom(args);
            if (resource.type === suppressionType) {
                // The engine shows a policy one resource at a time: what comes later is judged by what is known by then.
                suppressions.remember(resource);
            }
            reportAll(judge(rule, resource, parametersOf(rule, args.getConfig()), suppressions), enforcement, report);
        }
    };
    // The SDK skips a policy of one type for all other resources before it reads their properties.
    return {
        ...common,
        validateResource: Object.assign(validateResource, types.size === 1 && { __pulumiType: rule.types[0] }),
    };
}

function configSchema({ parameters = {} }: Rule): PolicyConfigSchema {
    return { properties: parameters as PolicyConfigSchema["properties"] };
}

function reportAll({ findings, suppressed }: Verdict, { strict }: Enforcement, report: ReportViolation): void {
    for (const finding of findings) {
        if (finding.outcome === "fail" || strict) {
            report(text(finding), finding.urn);
        }
    }
    for (const finding of suppressed) {
        if (finding.outcome === "fail" || strict) {
            // The SDK takes an object as well, which its type does not say: the only way to tell of something as advice.
            const advice = { message: suppressedText(finding), urn: finding.urn, enforcementLevel: "advisory" };
            report(advice as unknown as string);
        }
    }
}

/** The properties behind the SDK's proxy, which throws at every unknown value. */
const raw = (props: unknown): Value =>
    new Value((props as Record<string, unknown>).__getSpecialProxyTarget ?? props, "");

function resourceFrom(
    args: Pick<ResourceValidationArgs, "urn" | "type" | "name" | "props" | "opts" | "provider">,
): Resource {
    const { urn, type, name, props, opts, provider } = args;
    return {
        urn,
        type,
        name,
        props: raw(props),
        options: opts,
        ...(provider && { provider: raw(provider.props) }),
        dependencies: [],
        propertyDependencies: {},
    };
}

/** What the policies of a pack know together. */
class Run {
    readonly suppressions = new Suppressions();
    private stack: Stack | undefined;
    private readonly served = new Set<Rule>();

    /** The SDK shows a stack to one policy after the other. It is built for the first, and again when one comes back. */
    stackFor(rule: Rule, resources: PolicyResource[]): Stack {
        if (!this.stack || this.served.has(rule)) {
            this.stack = newStack(resources);
            this.served.clear();
        }
        this.served.add(rule);
        return this.stack;
    }
}

function newStack(resources: PolicyResource[]): Stack {
    return new Stack(
        resources.map((resource) => ({
            ...resourceFrom(resource),
            ...(resource.parent && { parent: resource.parent.urn }),
            dependencies: resource.dependencies.map(({ urn }) => urn),
            propertyDependencies: Object.fromEntries(
                Object.entries(resource.propertyDependencies).map(([property, targets]) => [
                    property,
                    targets.map(({ urn }) => urn),
                ]),
            ),
        })),
    );
}
