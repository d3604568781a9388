import { type Resource, type Stack } from "../core/resource";
import { type Category, type ResourceRule, type Severity, type StackRule } from "../core/rule";
import { type Value, valuesByKey } from "../core/value";
import { NetworkGraph } from "../graph/routes";

export const stackRule = (rule: Omit<StackRule, "kind">): StackRule => ({ ...rule, kind: "stack" });
export const resourceRule = (rule: Omit<ResourceRule, "kind">): ResourceRule => ({ ...rule, kind: "resource" });

interface Info {
    name: string;
    description: string;
    severity: Severity;
    category: Category;
    controls: readonly string[];
    remediation: string;
}

interface Satellite extends Info {
    /** What must have a satellite. */
    targets: readonly string[];
    /** Which of them. @default all */
    concerns?: (target: Resource) => boolean;
    satellites: readonly string[];
    /** Property of the satellite that names the target. */
    property: string;
    message: string;
}

/** Every resource of some types must be referred to by one of another type. */
export function satelliteRule(satellite: Satellite): StackRule {
    const { targets, concerns = () => true, satellites, property, message, ...info } = satellite;
    return {
        ...info,
        kind: "stack",
        check: (stack, check) => {
            const graph = NetworkGraph.of(stack);
            for (const target of stack.ofType(...targets).filter(concerns)) {
                const { sure, unsure } = graph.referrers(target, property, satellites);
                const [maybe] = unsure;
                if (sure.length === 0 && maybe) {
                    check.undetermined(maybe, maybe.props.at(property));
                } else if (sure.length === 0) {
                    check.fail(target, "id", message);
                }
            }
        },
    };
}

interface Use extends Info {
    targets: readonly string[];
    /** Properties of the target by which it attaches itself. */
    own?: readonly string[];
    /** Types that refer to a target without using it. */
    except?: readonly string[];
    /** Names of properties of such types that make use of it all the same. */
    peers?: RegExp;
    /** Names of properties by which others use such a target. */
    keys: RegExp;
    /** Whether a target that nobody uses may stay all the same. */
    isHarmless?: (target: Resource, stack: Stack) => boolean;
    message: string;
}

/** Every resource of some types must be used by another resource of the stack. */
export function useRule({
    targets,
    own = [],
    except = [],
    peers = /^$/,
    isHarmless,
    keys,
    message,
    ...info
}: Use): StackRule {
    return {
        ...info,
        kind: "stack",
        check: (stack, check) => {
            const users = stack.resources.filter(({ type }) => type.startsWith("aws:") && !except.includes(type));
            const used = new Set(
                stack.resources.flatMap((resource) =>
                    Object.entries(resource.propertyDependencies)
                        .filter(([property]) => !except.includes(resource.type) || peers.test(property))
                        .flatMap(([, urns]) => urns),
                ),
            );
            const named = new Set<string>();
            let nameless: { resource: Resource; value: Value } | undefined;
            for (const resource of users) {
                for (const { property, value } of valuesByKey(resource.props, keys)) {
                    value.items().forEach((item) => item.text !== undefined && named.add(item.text));
                    const unknown = value.firstUnknown;
                    if (unknown && !(resource.propertyDependencies[property] ?? []).length) {
                        nameless ??= { resource, value: unknown };
                    }
                }
            }
            for (const target of stack.ofType(...targets)) {
                const isAttached = own.some((key) => target.props.at(key).items().length > 0);
                const isNamed = named.has(target.props.at("id").text ?? "");
                if (isAttached || isNamed || used.has(target.urn) || isHarmless?.(target, stack)) {
                    continue;
                }
                if (nameless) {
                    check.undetermined(nameless.resource, nameless.value);
                } else {
                    check.fail(target, "id", message);
                }
            }
        },
    };
}
