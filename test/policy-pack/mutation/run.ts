import { policyStack } from "../../../plan/policies";
import { type Recording } from "../../../plan/recording";
import { judge, parametersOf } from "../../../policy-pack/core/evaluate";
import { type Resource, Stack } from "../../../policy-pack/core/resource";
import { type ResourceRule, type Rule, type StackRule } from "../../../policy-pack/core/rule";
import { Suppressions, suppressionType } from "../../../policy-pack/core/suppressions";
import { type Profile } from "../../../policy-pack/profiles";

import { enforces, type Mutation, type Props } from "./operators";

/** One changed stack, and who noticed. */
export interface Mutant {
    /** The same in every stack: `RDS-075 aws:rds/instance:Instance storageEncrypted is false @ data-postgres` */
    id: string;
    /** Id of a control, or name of a rule. */
    key: string;
    stack: string;
    /** Name of a rule that fails on it: one for this control, if there is any. */
    caughtBy: string | undefined;
    /** Whether that rule is for this control. */
    rightly: boolean;
}

/** What a rule looks at in a stack. */
class Watched extends Stack {
    readonly types = new Set<string>();
    everything = false;

    static of(resources: readonly Resource[]): Watched {
        const stack = new Watched(resources);
        Object.defineProperty(stack, "resources", {
            get: () => {
                stack.everything = true;
                return resources;
            },
        });
        return stack;
    }

    private see(types: readonly string[]): void {
        types.forEach((type) => this.types.add(type));
    }

    override ofType(...types: string[]): Resource[] {
        this.see(types);
        return super.ofType(...types);
    }

    override get(urn: string): Resource | undefined {
        const found = super.get(urn);
        this.see(found ? [found.type] : []);
        return found;
    }

    override references(resource: Resource, property: string, types: readonly string[]): Resource[] {
        this.see([resource.type, ...types]);
        return super.references(resource, property, types);
    }

    override referrers(target: Resource, property: string, types: readonly string[]): Resource[] {
        this.see([target.type, ...types]);
        return super.referrers(target, property, types);
    }
}

/** Where a mutation fits, and what it makes of it. */
interface Place {
    resource: Resource;
    changed: Resource[];
}

/** A recorded stack, ready to be changed in one place after the other. */
export class Bench {
    private readonly stack: Stack;
    private readonly suppressions = new Suppressions();
    private readonly byType = new Map<string, ResourceRule[]>();
    private readonly stackRules: { rule: StackRule; sees: (type: string) => boolean }[];
    private readonly outputs: Map<string, string[]>;
    /** What rules find although nothing is changed. */
    readonly findings: string[] = [];
    /** Resources for which a rule is suppressed: `<rule> <urn>`. */
    private readonly suppressed = new Set<string>();

    constructor(
        private readonly name: string,
        recording: Recording,
        rules: readonly Rule[],
        private readonly profile: Profile,
    ) {
        this.stack = policyStack(recording);
        this.stack.ofType(suppressionType).forEach((resource) => this.suppressions.remember(resource));
        this.outputs = new Map(recording.resources.map(({ urn, id, outputs }) => [urn, [id, ...texts(outputs)]]));
        // Rules about suppressions need the outcomes of all others.
        const tested = rules.filter(({ category }) => category !== "suppression");
        for (const rule of tested) {
            for (const type of rule.kind === "resource" ? rule.types : []) {
                this.byType.set(type, [...(this.byType.get(type) ?? []), rule as ResourceRule]);
            }
        }
        for (const resource of this.stack.resources) {
            for (const rule of this.byType.get(resource.type) ?? []) {
                this.note(rule, resource);
            }
        }
        this.stackRules = tested
            .filter((rule) => rule.kind === "stack")
            .map((rule) => {
                const watched = Watched.of(this.stack.resources);
                this.note(rule, watched);
                return { rule, sees: (type) => watched.everything || watched.types.has(type) };
            });
    }

    /** What a mutation makes of this stack, at the first and at the last resource that it fits. */
    mutants(key: string, mutation: Mutation): Mutant[] {
        if (mutation.allowed?.[this.name]) {
            return [];
        }
        const { types, at, how } = mutation;
        return types.flatMap((type) => {
            const candidates = this.stack.ofType(type).filter((resource) => !this.isSuppressed(key, resource));
            const chosen = [this.first(mutation, candidates), this.first(mutation, candidates.reverse())].filter(
                (place, index, [other]) => place !== undefined && (index === 0 || place.resource !== other?.resource),
            ) as Place[];
            return chosen.map(({ resource, changed }) => {
                const places = changed.map((each) => this.linked(each, resource));
                const rule = this.catcher(key, resource, places);
                return {
                    id: [key, type, at, how, "@", resource.name].filter((part) => part !== "").join(" "),
                    key,
                    stack: this.name,
                    caughtBy: rule?.name,
                    rightly: rule !== undefined && enforces(rule, key),
                };
            });
        });
    }

    private first(mutation: Mutation, candidates: readonly Resource[]): Place | undefined {
        for (const resource of candidates) {
            const changed = mutation.change(resource, this.stack);
            if (changed) {
                return { resource, changed };
            }
        }
        return undefined;
    }

    /**
     * A rule that fails once `changed` stands in the place of a resource. Only those are run that can see a difference, the
     * ones for the control first: of a mutant that they catch it need not be known who else does.
     */
    private catcher(key: string, resource: Resource, changed: Resource[]): Rule | undefined {
        const resources = this.stack.resources.flatMap((each) => (each === resource ? changed : [each]));
        const types = new Set([resource, ...changed].map(({ type }) => type));
        const stack = new Stack(resources);
        const candidates: [rule: Rule, subject: Resource | Stack][] = [
            ...changed
                .filter((each) => each !== resource)
                .flatMap((each) => (this.byType.get(each.type) ?? []).map((rule): [Rule, Resource] => [rule, each])),
            ...this.stackRules
                .filter(({ sees }) => [...types].some(sees))
                .map(({ rule }): [Rule, Stack] => [rule, stack]),
        ];
        const isFor = ([rule]: (typeof candidates)[number]): boolean => enforces(rule, key);
        return [...candidates.filter(isFor), ...candidates.filter((each) => !isFor(each))].find(([rule, subject]) =>
            this.fails(rule, subject),
        )?.[0];
    }

    private fails(rule: Rule, subject: Resource | Stack): boolean {
        return this.judged(rule, subject).findings.some(({ outcome }) => outcome === "fail");
    }

    private judged(rule: Rule, subject: Resource | Stack): ReturnType<typeof judge> {
        const parameters = parametersOf(rule, this.profile.configuration[rule.name]);
        return judge(rule, subject, parameters, this.suppressions);
    }

    private note(rule: Rule, subject: Resource | Stack): void {
        const { findings, suppressed } = this.judged(rule, subject);
        this.findings.push(...findings.map(({ urn, message }) => `${rule.name}: ${urn}: ${message}`));
        suppressed.forEach(({ urn }) => {
            [rule.name, ...rule.controls].forEach((key) => this.suppressed.add(`${key} ${urn}`));
        });
    }

    /** An accepted weakness can't be made weaker. */
    private isSuppressed(key: string, { urn }: Resource): boolean {
        return this.suppressed.has(`${key} ${urn}`);
    }

    /** A changed resource refers to what is named in its properties, as the engine would know. */
    private linked(changed: Resource, original: Resource): Resource {
        if (changed === original) {
            return changed;
        }
        const props = changed.props.raw as Props;
        const before = original.props.raw as Props;
        const links: Record<string, string[]> = {};
        for (const property of Object.keys(props)) {
            const old = changed.urn === original.urn ? (original.propertyDependencies[property] ?? []) : [];
            links[property] =
                props[property] === before[property] || same(props[property], before[property])
                    ? old
                    : this.named(JSON.stringify(props[property]), JSON.stringify(before[property]) ?? "", old);
        }
        return { ...changed, propertyDependencies: links };
    }

    /** URNs of the resources that a value names: those that it named before, and those of which it has the id or ARN. */
    private named(now: string, before: string, old: readonly string[]): string[] {
        const kept = old.filter((urn) => {
            const shown = (this.outputs.get(urn) ?? []).filter((text) => before.includes(text));
            return shown.length === 0 || shown.some((text) => now.includes(text));
        });
        const added = [...this.outputs].filter(([, all]) =>
            all.some((text) => isIdentity(text) && now.includes(`"${text}"`)),
        );
        return [...new Set([...kept, ...added.map(([urn]) => urn)])];
    }
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Texts that name one resource only. */
const isIdentity = (text: string): boolean => /^(arn:|[a-z]+-[\da-f]{17}$)/.test(text);

/** All texts at the top of a resource's outputs that are long enough to say something. */
const texts = (outputs: Props): string[] =>
    Object.values(outputs).filter((value): value is string => typeof value === "string" && value.length > 5);
