import { type Resource, type Stack } from "../../../policy-pack/core/resource";
import { type Rule } from "../../../policy-pack/core/rule";
import { Value } from "../../../policy-pack/core/value";

/** Properties of whatever resource it is. */
export type Props = Record<string, any>;

/** Properties without some of them. */
export const omit = (props: Props, ...names: string[]): Props =>
    Object.fromEntries(Object.entries(props).filter(([name]) => !names.includes(name)));

/** One way to make a resource weaker than a control wants it. */
export interface Mutation {
    /** Type tokens of the resources that it is for. */
    types: readonly string[];
    /** Path of what is changed: `encryptionInfo.encryptionInTransit.clientBroker`. */
    at: string;
    /** What becomes of it: `removed`, `is "PLAINTEXT"`. */
    how: string;
    /** What stands in the resource's place; undefined if this can't be done to it. */
    change: (resource: Resource, stack: Stack) => Resource[] | undefined;
    /** Why stacks may have it so: there it is no mutant. */
    allowed?: Record<string, string>;
}

/** Leaves a property out. */
export const gone = Symbol("gone");

const clone = <T>(value: T): T => structuredClone(value);

/** A copy of a resource with other properties. */
const withProps = (resource: Resource, props: Props): Resource => ({ ...resource, props: new Value(props, "") });

/** Where a path ends, or undefined if there is nothing on the way. */
function holder(props: Props, path: string): [at: Props, key: string] | undefined {
    const keys = path.split(".");
    const last = keys.pop()!;
    let at: unknown = props;
    for (const key of keys) {
        at = (at as Props)[key];
        if (typeof at !== "object" || at === null) {
            return undefined;
        }
    }
    return [at as Props, last];
}

/** Gives a property another value, made of the one that it has; undefined where that can't be. */
export const changes = (
    types: readonly string[],
    at: string,
    how: string,
    change: (value: any, resource: Resource, stack: Stack) => unknown,
): Mutation => ({
    types,
    at,
    how,
    change: (resource, stack) => {
        const props = clone(resource.props.raw as Props);
        const found = holder(props, at);
        if (!found) {
            return undefined;
        }
        const [parent, key] = found;
        const before = JSON.stringify(parent[key]);
        const after = change(parent[key], resource, stack);
        if (after === gone) {
            if (before === undefined) {
                return undefined;
            }
            delete parent[key];
        } else if (after === undefined || JSON.stringify(after) === before) {
            return undefined;
        } else {
            parent[key] = after;
        }
        return [withProps(resource, props)];
    },
});

/** Gives a resource other properties. */
export const reshaped = (
    types: readonly string[],
    at: string,
    how: string,
    change: (props: Props, resource: Resource, stack: Stack) => Props | undefined,
): Mutation => ({
    types,
    at,
    how,
    change: (resource, stack) => {
        const props = change(clone(resource.props.raw as Props), resource, stack);
        return props && [withProps(resource, props)];
    },
});

const show = (value: unknown): string => (value === gone ? "removed" : `is ${JSON.stringify(value).slice(0, 60)}`);

/** Gives a property each of these values instead of its own. */
export const weaker = (types: readonly string[], at: string, ...values: unknown[]): Mutation[] =>
    values.map((value) => changes(types, at, show(value), () => value));

/** Changes members of a list, or takes them out. */
export const members = (
    types: readonly string[],
    at: string,
    how: string,
    isMeant: (member: Props) => boolean,
    change: (member: Props) => void | typeof gone,
): Mutation =>
    changes(types, at, how, (list: Props[] | undefined) => {
        if (!list?.some(isMeant)) {
            return undefined;
        }
        return list.filter((member) => !isMeant(member) || change(member) !== gone);
    });

/** Takes the whole resource away. */
export const removed = (
    types: readonly string[],
    isMeant: (resource: Resource, stack: Stack) => boolean = () => true,
): Mutation => ({
    types,
    at: "",
    how: "removed",
    change: (resource, stack) => (isMeant(resource, stack) ? [] : undefined),
});

/** Puts a resource beside one that is there. */
export const beside = (
    types: readonly string[],
    type: string,
    how: string,
    props: (resource: Resource, stack: Stack) => Props | undefined,
): Mutation => ({
    types,
    at: "",
    how: `with ${type.split(":").pop()} ${how}`,
    change: (resource, stack) => {
        const given = props(resource, stack);
        const added = given && {
            urn: `urn:pulumi:${stack.name}::aipx::${type}::mutant`,
            type,
            name: "mutant",
            options: {},
            dependencies: [],
            propertyDependencies: {},
        };
        return added && [resource, withProps({ ...added, props: new Value({}, "") }, given)];
    },
});

/** Gives an option of the resource another value. */
export const option = (types: readonly string[], name: keyof Resource["options"], value: unknown): Mutation => ({
    types,
    at: name,
    how: show(value),
    change: (resource) =>
        JSON.stringify(resource.options[name]) === JSON.stringify(value)
            ? undefined
            : [{ ...resource, options: { ...resource.options, [name]: value } }],
});

/** Changes a text of JSON; nothing if the change says false. */
export const json = <T>(
    types: readonly string[],
    at: string,
    how: string,
    change: (document: T, resource: Resource, stack: Stack) => unknown,
): Mutation =>
    changes(types, at, how, (text: unknown, resource, stack) => {
        if (typeof text !== "string") {
            return undefined;
        }
        const document = JSON.parse(text) as T;
        return change(document, resource, stack) === false ? undefined : JSON.stringify(document);
    });

export interface Statement extends Props {
    Effect: "Allow" | "Deny";
}

/** Changes the first statement that is meant. */
export const statement = (
    types: readonly string[],
    at: string,
    how: string,
    isMeant: (statement: Statement) => boolean,
    change: (statement: Statement) => unknown,
): Mutation =>
    json(types, at, how, (document: { Statement: Statement[] }) => {
        const found = document.Statement.find(isMeant);
        return found ? change(found) : false;
    });

/** Adds a statement to a document. */
export const grants = (types: readonly string[], at: string, added: Omit<Statement, "Effect">): Mutation =>
    json(
        types,
        at,
        `also allows ${[added.Action ?? added.NotAction].flat().join(", ")} on ${added.Resource ?? "itself"}`,
        (document: { Statement: Statement[] }) => {
            document.Statement.push({ Effect: "Allow", ...added });
        },
    );

/** Takes the statements away that are meant. */
export const withoutStatement = (
    types: readonly string[],
    at: string,
    how: string,
    isMeant: (statement: Statement) => boolean,
): Mutation =>
    json(types, at, how, (document: { Statement: Statement[] }) => {
        const kept = document.Statement.filter((each) => !isMeant(each));
        if (kept.length === document.Statement.length) {
            return false;
        }
        document.Statement = kept;
        return true;
    });

/** The same mutations, with stacks that may have it so. */
export const allowedIn = (stack: string, reason: string, ...mutations: Mutation[]): Mutation[] =>
    mutations.map((mutation) => ({ ...mutation, allowed: { ...mutation.allowed, [stack]: reason } }));

/** What a mutation is listed under: the id of a control, or the name of a rule without one. */
export const enforces = ({ name, controls }: Rule, key: string): boolean => name === key || controls.includes(key);
