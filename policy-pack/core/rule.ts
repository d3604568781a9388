import { type Resource, type Stack } from "./resource";
import { Suppressions } from "./suppressions";
import { type Value } from "./value";

export type Severity = "low" | "medium" | "high" | "critical";

/** What a rule is about. */
export type Category =
    | "least-privilege"
    | "encryption-at-rest"
    | "encryption-in-transit"
    | "logging"
    | "network"
    | "resilience"
    | "workload"
    | "cost"
    | "tagging"
    | "suppression";

/** Parameters of a rule, with their JSON schema, by name. */
export type Parameters = Record<string, { description: string; default: unknown } & Record<string, unknown>>;

interface RuleInfo {
    /** `<service>-<resource>-<verb>-<what>`: `ecs-service-disallow-public-ip`. Names are a contract. */
    name: string;
    /** What must be, in one sentence. */
    description: string;
    severity: Severity;
    category: Category;
    /** Ids of the controls (controls.ts) that it enforces. */
    controls: readonly string[];
    /** What to do when it is violated. */
    remediation: string;
    /** What can be set by configuration. */
    parameters?: Parameters;
}

/** A rule about one resource at a time: it is enforced before the resource is created. */
export interface ResourceRule extends RuleInfo {
    kind: "resource";
    /** Every type token that the rule is about, old ones included. */
    types: readonly string[];
    check(resource: Resource, check: Check): void;
}

/** A rule about how resources hang together: it is enforced at the end of a preview, and of an update. */
export interface StackRule extends RuleInfo {
    kind: "stack";
    check(stack: Stack, check: Check): void;
}

export type Rule = ResourceRule | StackRule;

/** One thing that a rule found. */
export interface Finding {
    /** Whether it is wrong, or cannot be told while a value is unknown. */
    outcome: "fail" | "undetermined";
    message: string;
    /** Path of the deciding value in the resource's properties. */
    path: string;
    urn: string;
}

/** Where a rule puts what it finds. */
export class Check {
    readonly findings: Finding[] = [];

    constructor(
        private readonly parameters: Readonly<Record<string, unknown>> = {},
        /** What the run has seen of suppressions. For the rules about them. */
        readonly suppressions = new Suppressions(),
    ) {}

    /** A parameter of the rule, as configured for this stack. */
    parameter<T>(name: string): T {
        return this.parameters[name] as T;
    }

    /** The resource is wrong. */
    fail(resource: Resource, at: Value | string, message: string): void {
        this.add("fail", resource, at, message);
    }

    /** Whether the resource is right cannot be told while this value is unknown. */
    undetermined(resource: Resource, at: Value): void {
        this.add("undetermined", resource, at, `${at.path} is not known yet`);
    }

    /**
     * The value must pass the test. Unknown values, and values with something unknown in them that fail the test, are
     * undetermined.
     *
     * @param from Whether an unknown value is right all the same, by what it is made of: see {@link madeOf}.
     */
    must(
        resource: Resource,
        value: Value,
        test: (value: Value) => boolean,
        message: string,
        from?: (value: Value) => boolean,
    ): void {
        if (value.isUnknown) {
            if (!from?.(value)) {
                this.undetermined(resource, value);
            }
        } else if (!test(value)) {
            const unknown = value.firstUnknown;
            if (unknown) {
                this.undetermined(resource, unknown);
            } else {
                this.fail(resource, value, message);
            }
        }
    }

    /** At least one of these values must pass; while none does and one is unknown, it cannot be told. */
    mustSome(
        resource: Resource,
        candidates: readonly (readonly [value: Value, test: (value: Value) => boolean])[],
        message: string,
    ): void {
        if (candidates.some(([value, test]) => !value.isUnknown && test(value))) {
            return;
        }
        const unknown = candidates.map(([value]) => value.firstUnknown).find((value) => value !== undefined);
        if (unknown) {
            this.undetermined(resource, unknown);
        } else {
            this.fail(resource, candidates[0]?.[0] ?? "", message);
        }
    }

    private add(outcome: Finding["outcome"], { urn }: Resource, at: Value | string, message: string): void {
        this.findings.push({ outcome, message, path: typeof at === "string" ? at : at.path, urn });
    }
}

/** For {@link Check.must}: the value will come from at least `least` resources of these types in this stack. */
export const madeOf =
    (types: readonly string[], least = 1) =>
    (value: Value): boolean =>
        value.comesFrom(types, least);

/** Tests for {@link Check.must}. */
export const is =
    (...allowed: unknown[]) =>
    (value: Value): boolean =>
        allowed.includes(value.raw);
/** For what AWS has a default that is allowed. */
export const isOrAbsent =
    (...allowed: unknown[]) =>
    (value: Value): boolean =>
        value.isAbsent || allowed.includes(value.raw);
export const isSet = (value: Value): boolean =>
    !value.isAbsent && value.raw !== "" && !(Array.isArray(value.raw) && value.raw.length === 0);
export const atLeast =
    (least: number) =>
    (value: Value): boolean =>
        (value.number ?? -Infinity) >= least;
