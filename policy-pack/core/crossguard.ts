import {
    type EnforcementLevel,
    type PolicyConfigSchema,
    type PolicyResource,
    type ReportViolation,
    type ResourceValidationArgs,
    type ResourceValidationPolicy,
    type StackValidationPolicy,
} from "@pulumi/policy";
import { judge, parametersOf, type Verdict } from "./evaluate";
import { suppressedText, text } from "./finding";
import { linked, type Resource, Stack } from "./resource";
import { type Finding, type Rule } from "./rule";
import { Suppressions, suppressionType } from "./suppressions";
import { isMap, isUnknown, Properties } from "./value";

/** How findings are treated. */
export interface Enforcement {
    /** Whether what cannot be told yet counts as wrong, or is only told. For production and CI. */
    strict: boolean;
}

/** Name of the policy that tells, at the end of a preview, what could not be told. */
export const unknownValuesPolicy = "policy-disallow-unknown-values";

/** Rules as the engine runs them. They share what one of them learns of suppressions and of unknown values. */
export function toPolicies(
    rules: readonly Rule[],
    enforcement: Enforcement,
): (ResourceValidationPolicy | StackValidationPolicy)[] {
    const run = new Run();
    return [...rules.map((rule) => toPolicy(rule, run)), unknownValues(run, enforcement)];
}

/** A rule as the engine runs it. It tells what is wrong; what cannot be told is left to {@link unknownValues}. */
function toPolicy(rule: Rule, run: Run): ResourceValidationPolicy | StackValidationPolicy {
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
                const verdict = judge(rule, stack, parametersOf(rule, args.getConfig()), suppressions);
                run.unsettled.set(rule, undetermined(verdict));
                reportVerdict(rule, failed(verdict), report);
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
            const parameters = parametersOf(rule, args.getConfig());
            const verdict = judge(rule, resource, parameters, suppressions);
            run.defer(rule, resource.urn, isEmpty(undetermined(verdict)) ? undefined : parameters);
            reportVerdict(rule, failed(verdict), report);
        }
    };
    // The SDK skips a policy of one type for all other resources before it reads their properties.
    return {
        ...common,
        validateResource: Object.assign(validateResource, types.size === 1 && { __pulumiType: rule.types[0] }),
    };
}

/**
 * The policy that comes last. What one resource alone does not tell, the stack may: an unknown value is judged by the
 * resources that it is made of. What is still open then is told in the name of the rule.
 */
function unknownValues(run: Run, { strict }: Enforcement): StackValidationPolicy {
    const policy: StackValidationPolicy & ResourceValidationPolicy = {
        name: unknownValuesPolicy,
        description: "What a rule asks of a value must be known at preview, or follow from what the value is made of.",
        severity: "medium",
        enforcementLevel: strict ? "mandatory" : "advisory",
        remediationSteps:
            "Give the property a value that is known before the resource exists (a name, an ARN made of names), or suppress the rule there. In the update itself everything is known, and is judged.",
        tags: ["suppression"],
        validateResource: ({ urn, props }) => {
            run.inputs.set(urn, raw(props));
        },
        validateStack: (args, report) => {
            const stack = run.stackFor(policy, args.resources);
            for (const [rule, resources] of run.deferred) {
                for (const [urn, parameters] of resources) {
                    const resource = stack.get(urn);
                    if (resource) {
                        const verdict = judge(rule, resource, parameters, run.suppressions);
                        reportVerdict(rule, undetermined(verdict), report);
                    }
                }
            }
            run.unsettled.forEach((verdict, rule) => reportVerdict(rule, verdict, report));
        },
    };
    return policy;
}

function configSchema({ parameters = {} }: Rule): PolicyConfigSchema {
    return { properties: parameters as PolicyConfigSchema["properties"] };
}

/** The part of a verdict with one kind of findings. */
const only =
    (kind: Finding["outcome"]) =>
    ({ findings, suppressed }: Verdict): Verdict => ({
        findings: findings.filter(({ outcome }) => outcome === kind),
        suppressed: suppressed.filter(({ outcome }) => outcome === kind),
    });
const failed = only("fail");
const undetermined = only("undetermined");
const isEmpty = ({ findings, suppressed }: Verdict): boolean => findings.length + suppressed.length === 0;

/** Reports a verdict in the name of its rule. */
function reportVerdict(rule: Rule, { findings, suppressed }: Verdict, report: ReportViolation): void {
    const { name, description, severity } = rule;
    const reportViolation = (message: string, urn: string, enforcementLevel?: EnforcementLevel): void =>
        // The SDK takes an object as well, which its type does not say: the only way to speak for another policy, or to give
        // advice.
        report({ name, description, severity, message, urn, enforcementLevel } as unknown as string);
    findings.forEach((finding) => reportViolation(`${description}\n${text(finding)}`, finding.urn));
    suppressed.forEach((finding) => reportViolation(suppressedText(finding), finding.urn, "advisory"));
}

/** The properties behind the SDK's proxy, which throws at every unknown value. */
const raw = (props: unknown): unknown => (props as Record<string, unknown>).__getSpecialProxyTarget ?? props;

function resourceFrom(
    args: Pick<ResourceValidationArgs, "urn" | "type" | "name" | "props" | "opts" | "provider">,
): Resource {
    const { urn, type, name, props, opts, provider } = args;
    return {
        urn,
        type,
        name,
        props: new Properties(raw(props)),
        options: opts,
        ...(provider && { provider: new Properties(raw(provider.props)) }),
        dependencies: [],
        propertyDependencies: {},
    };
}

/** What the policies of a pack know together. */
class Run {
    readonly suppressions = new Suppressions();
    /** What the program gave each resource: without the values that AWS fills in. */
    readonly inputs = new Map<string, unknown>();
    /** Resources of which a rule could not tell by themselves, with the rule's parameters. */
    readonly deferred = new Map<Rule, Map<string, Record<string, unknown>>>();
    /** What rules about the stack could not tell. */
    readonly unsettled = new Map<Rule, Verdict>();
    private stack: Stack | undefined;
    private readonly served = new Set<unknown>();

    /** Takes note of the parameters with which a rule could not tell of a resource, or, if left out, that it could. */
    defer(rule: Rule, urn: string, parameters?: Record<string, unknown>): void {
        const resources = this.deferred.get(rule) ?? new Map<string, Record<string, unknown>>();
        this.deferred.set(rule, resources);
        if (parameters) {
            resources.set(urn, parameters);
        } else {
            resources.delete(urn);
        }
    }

    /** The SDK shows a stack to one policy after the other. It is built for the first, and again when one comes back. */
    stackFor(policy: unknown, resources: PolicyResource[]): Stack {
        if (!this.stack || this.served.has(policy)) {
            this.stack = newStack(resources, this.inputs);
            this.served.clear();
        }
        this.served.add(policy);
        return this.stack;
    }
}

function newStack(resources: PolicyResource[], inputs: ReadonlyMap<string, unknown>): Stack {
    return new Stack(
        resources.map((resource) => ({
            ...resourceFrom(resource),
            ...(resource.parent && { parent: resource.parent.urn }),
            dependencies: resource.dependencies.map(({ urn }) => urn),
            ...linked(
                decided(raw(resource.props), inputs.get(resource.urn)),
                mapValues(resource.propertyDependencies, (targets) => targets.map(({ urn }) => urn)),
            ),
        })),
    );
}

/**
 * Properties of a resource without those that only AWS will decide: the engine shows them as unknown until then, while the
 * program has left them out, and that is what rules judge.
 */
function decided(props: unknown, inputs: unknown): unknown {
    if (Array.isArray(props) && Array.isArray(inputs) && props.length === inputs.length) {
        return props.map((item, index) => decided(item, inputs[index]));
    }
    if (!isMap(props) || !isMap(inputs)) {
        return props;
    }
    return Object.fromEntries(
        Object.entries(props)
            .filter(([key, value]) => Object.prototype.hasOwnProperty.call(inputs, key) || !isUnknown(value))
            .map(([key, value]) => [key, decided(value, inputs[key])]),
    );
}

const mapValues = <T, R>(values: Record<string, T>, change: (value: T) => R): Record<string, R> =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]));
