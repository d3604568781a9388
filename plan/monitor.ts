import { createHash } from "node:crypto";
import { InvokeResponse } from "@pulumi/pulumi/proto/provider_pb";
import {
    ReadResourceResponse,
    RegisterResourceResponse,
    type ReadResourceRequest,
    type RegisterResourceOutputsRequest,
    type RegisterResourceRequest,
    type ResourceCallRequest,
    type ResourceInvokeRequest,
    type SupportsFeatureRequest,
} from "@pulumi/pulumi/proto/resource_pb";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks";
import { expandVpc } from "./awsx-vpc";
import { lookUp, type Place } from "./look-ups";
import { type RecordedOptions, type RecordedResource } from "./recording";
import { known, standIn } from "./stand-ins";
import { mask, open, resourceReference, secret, unknown } from "./wire";

/** How the SDK takes an answer. */
type Callback = (error: Error | null, response: any) => void;

/** A protobuf `Struct` of the SDK's own copy of protobuf. */
interface Struct {
    toJavaScript(): Record<string, any>;
}

const stackType = "pulumi:pulumi:Stack";

// Features of the engine that the monitor does not have. The SDK then refuses what needs them; believing in them, it would
// wait for ever for an engine that calls back. Without outputValues, values arrive plain.
const missingFeatures = new Set(["outputValues", "transforms", "invokeTransforms"]);

/**
 * Stands where Pulumi's engine stands when the SDK registers resources: records everything, and answers with stand-ins for
 * what AWS would compute. Pulumi's own mock monitor does less: it keeps neither options nor dependencies, and shortens URNs.
 */
export class RecordingMonitor extends MockMonitor {
    readonly recorded: RecordedResource[] = [];
    /** What the program returned. */
    stackOutputs: Record<string, unknown> = {};
    /** Requests that were refused, as the engine would. The program fails by them, too, unless it looks away. */
    readonly refusals: Error[] = [];
    private readonly byUrn = new Map<string, RecordedResource>();

    constructor(
        private readonly project: string,
        private readonly stack: string,
        private readonly place: Place,
        private readonly onResource: (count: number) => void = () => {},
        /** Whether nothing exists yet, as at the first preview: then what AWS computes is not known. */
        private readonly preview = false,
    ) {
        super({
            newResource: () => ({ id: undefined, state: {} }),
            call: ({ token, inputs }) => lookUp(token, inputs as Record<string, any>, place),
        });
    }

    override registerResource(request: RegisterResourceRequest, callback: Callback): Promise<void> {
        return this.answer(callback, () => {
            const struct = request.getObject() as Struct;
            const { inputs, secretInputs } = opened(struct.toJavaScript());
            const type = request.getType();
            const resource = this.record({
                type,
                name: request.getName(),
                kind: type.startsWith("pulumi:providers:")
                    ? "provider"
                    : request.getCustom()
                      ? "custom"
                      : request.getRemote()
                        ? "remote"
                        : "component",
                parent: request.getParent() || undefined,
                inputs,
                secretInputs,
                dependencies: request.getDependenciesList(),
                propertyDependencies: propertyDependencies(request),
                options: this.options(request),
                provider: request.getProvider() || undefined,
            });
            const response = new RegisterResourceResponse();
            response.setUrn(resource.urn);
            response.setId(resource.id);
            if (resource.kind === "remote") {
                const { outputs, dependencies } = this.expand(resource, request.getProvidersMap().get("aws"));
                response.setObject(structLike(struct, outputs) as any);
                for (const [output, urns] of Object.entries(dependencies)) {
                    const targets = new RegisterResourceResponse.PropertyDependencies();
                    targets.setUrnsList(urns);
                    response.getPropertydependenciesMap().set(output, targets);
                }
            } else {
                const outputs = withSecrets(resource, request.getAdditionalsecretoutputsList());
                response.setObject(structLike(struct, outputs) as any);
            }
            return response;
        });
    }

    override readResource(request: ReadResourceRequest, callback: Callback): Promise<void> {
        return this.answer(callback, () => {
            const struct = request.getProperties() as Struct;
            const resource = this.record({
                type: request.getType(),
                name: request.getName(),
                kind: "read",
                id: request.getId(),
                parent: request.getParent() || undefined,
                ...opened(struct.toJavaScript()),
                dependencies: request.getDependenciesList(),
                propertyDependencies: {},
                options: {},
                provider: request.getProvider() || undefined,
            });
            const response = new ReadResourceResponse();
            response.setUrn(resource.urn);
            response.setProperties(
                structLike(struct, withSecrets(resource, request.getAdditionalsecretoutputsList())) as any,
            );
            return response;
        });
    }

    override invoke(request: ResourceInvokeRequest, callback: Callback): Promise<void> {
        const token = request.getTok();
        if (token === "pulumi:pulumi:getResource") {
            // The SDK asks for a resource that it was given by reference.
            return super.invoke(request, callback);
        }
        return this.answer(callback, () => {
            const struct = request.getArgs() as Struct;
            const response = new InvokeResponse();
            response.setReturn(structLike(struct, lookUp(token, open(struct.toJavaScript()), this.place)) as any);
            return response;
        });
    }

    /** A method of a resource or a remote component. */
    call(request: ResourceCallRequest, callback: Callback): Promise<void> {
        return this.answer(callback, () => {
            throw new Error(`the offline plan cannot call the method ${request.getTok()}`);
        });
    }

    override registerResourceOutputs(request: RegisterResourceOutputsRequest, callback: Callback): void {
        const outputs = mask((request.getOutputs() as Struct | undefined)?.toJavaScript() ?? {}) as Record<
            string,
            unknown
        >;
        const resource = this.byUrn.get(request.getUrn());
        if (resource) {
            resource.outputs = outputs;
        } else {
            this.stackOutputs = outputs;
        }
        callback(null, {});
    }

    override supportsFeature(request: SupportsFeatureRequest, callback: Callback): void {
        const supported = !missingFeatures.has(request.getId());
        callback(null, { getHassupport: () => supported });
    }

    /** Answers a request with what `respond` returns, or with the error it throws. */
    private answer(callback: Callback, respond: () => unknown): Promise<void> {
        let response: unknown;
        try {
            response = respond();
        } catch (thrown) {
            const error = thrown as Error;
            this.refusals.push(error);
            // The SDK takes the message of a failed look-up from where gRPC puts it.
            callback(Object.assign(error, { details: error.message }), undefined);
            return Promise.resolve();
        }
        callback(null, response);
        return Promise.resolve();
    }

    /** Adds a resource, with its URN and stand-ins. */
    private record(resource: Omit<RecordedResource, "urn" | "id" | "outputs"> & { id?: string }): RecordedResource {
        const { type, name, kind, inputs } = resource;
        const parent = resource.parent === this.stackUrn ? undefined : resource.parent;
        const urn = this.urn(type, name, parent);
        if (this.byUrn.has(urn)) {
            throw new Error(`two resources have the URN ${urn}: give one of them another name`);
        }
        const id = resource.id ?? resource.options.import;
        const made =
            kind === "custom" || kind === "read"
                ? (this.preview && id === undefined ? known : standIn)({ ...this.place, urn, type, name, inputs, id })
                : {
                      id: kind === "provider" ? createHash("sha256").update(urn).digest("hex").slice(0, 32) : "",
                      outputs: inputs,
                  };
        const recorded: RecordedResource = { ...resource, ...made, urn, parent };
        if (type !== stackType) {
            this.onResource(this.recorded.push(recorded));
            this.byUrn.set(urn, recorded);
            this.resources.set(urn, { urn, id: made.id, state: made.outputs });
        }
        return recorded;
    }

    private get stackUrn(): string {
        return this.urn(stackType, `${this.project}-${this.stack}`, undefined);
    }

    /** URN as the engine writes it: with the types of all ancestors. */
    private urn(type: string, name: string, parent: string | undefined): string {
        const chain = parent === undefined ? type : `${parent.split("::")[2]}$${type}`;
        return `urn:pulumi:${this.stack}::${this.project}::${chain}::${name}`;
    }

    /** What the program gave, and what the engine passes on from the parent (the SDK itself passes `protect` on). */
    private options(request: RegisterResourceRequest): RecordedOptions {
        const inherited = this.byUrn.get(request.getParent())?.options ?? {};
        const timeouts = request.getCustomtimeouts();
        const all: Required<RecordedOptions> = {
            protect: request.getProtect() ?? false,
            ignoreChanges: request.getIgnorechangesList(),
            retainOnDelete:
                (request.hasRetainondelete() ? request.getRetainondelete() : inherited.retainOnDelete) ?? false,
            deleteBeforeReplace: request.getDeletebeforereplace(),
            replaceOnChanges: request.getReplaceonchangesList(),
            aliases: [
                ...request.getAliasurnsList(),
                ...request
                    .getAliasesList()
                    .map((alias) => alias.getUrn() || JSON.stringify(filled(alias.getSpec()?.toObject() ?? {}))),
            ],
            customTimeouts: filled({
                create: timeouts?.getCreate(),
                update: timeouts?.getUpdate(),
                delete: timeouts?.getDelete(),
            }),
            additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
            deletedWith: request.getDeletedwith() || inherited.deletedWith || "",
            import: request.getImportid(),
        };
        return filled(all);
    }

    /** Records what a remote component makes in a process of its own, and returns the component's outputs. */
    private expand(component: RecordedResource, provider: string | undefined): Expanded {
        if (component.type !== "awsx:ec2:Vpc") {
            throw new Error(
                `the offline plan does not know what the remote component ${component.type} makes: only awsx:ec2:Vpc is expanded (plan/awsx-vpc.ts)`,
            );
        }
        const expansion = expandVpc(component.name, component.inputs);
        const made = new Map<string, RecordedResource>();
        for (const [key, child] of expansion.children) {
            const references = Object.entries(child.references).map(
                ([input, target]) => [input, made.get(target)!] as const,
            );
            made.set(
                key,
                this.record({
                    type: child.type,
                    name: child.name,
                    kind: "custom",
                    parent: child.parent === undefined ? component.urn : made.get(child.parent)!.urn,
                    inputs: {
                        ...child.inputs,
                        ...Object.fromEntries(references.map(([input, { id }]) => [input, id || unknown])),
                    },
                    secretInputs: [],
                    dependencies: references.map(([, { urn }]) => urn),
                    propertyDependencies: Object.fromEntries(references.map(([input, { urn }]) => [input, [urn]])),
                    options: component.options.protect ? { protect: true } : {},
                    provider,
                }),
            );
        }
        const { ids, resources } = expansion.outputs;
        const id = (key: string): string => made.get(key)!.id || unknown;
        const reference = (key: string): object => resourceReference(made.get(key)!.urn, id(key));
        component.outputs = mapValues(ids, (keys) => (Array.isArray(keys) ? keys.map(id) : id(keys)));
        return {
            outputs: {
                ...component.outputs,
                subnetLayout: expansion.subnetLayout,
                ...mapValues(resources, (keys) => (Array.isArray(keys) ? keys.map(reference) : reference(keys))),
            },
            dependencies: mapValues({ ...ids, ...resources }, (keys) => [keys].flat().map((key) => made.get(key)!.urn)),
        };
    }
}

/** What a remote component gives back. */
interface Expanded {
    outputs: Record<string, unknown>;
    /** URNs of the resources that each output comes from. */
    dependencies: Record<string, string[]>;
}

function opened(wire: Record<string, any>): Pick<RecordedResource, "inputs" | "secretInputs"> {
    const secretInputs: string[] = [];
    const inputs = open(wire, (path) => secretInputs.push(path)) as Record<string, any>;
    return { inputs, secretInputs };
}

/** Outputs for the SDK: secret inputs stay secret, and so do outputs that the resource's class declares to be. */
function withSecrets({ outputs, secretInputs }: RecordedResource, additional: string[]): Record<string, unknown> {
    const secrets = new Set([...additional, ...secretInputs.map((path) => path.split(".")[0]!)]);
    return secrets.size === 0
        ? outputs
        : Object.fromEntries(
              Object.entries(outputs).map(([key, value]) => [key, secrets.has(key) ? secret(value) : value]),
          );
}

function propertyDependencies(request: RegisterResourceRequest): Record<string, string[]> {
    const found: Record<string, string[]> = {};
    request.getPropertydependenciesMap().forEach((dependencies, property) => {
        const urns = dependencies.getUrnsList();
        if (urns.length > 0) {
            found[property] = urns;
        }
    });
    return found;
}

/** A `Struct` with other content, made by the class of `struct`: protobuf is the SDK's dependency, not ours. */
function structLike(struct: Struct, content: object): Struct {
    return (struct.constructor as unknown as { fromJavaScript(content: object): Struct }).fromJavaScript(
        withoutUndefined(content),
    );
}

// Protobuf refuses undefined values.
const withoutUndefined = (content: object): object =>
    Object.fromEntries(Object.entries(content).filter(([, value]) => value !== undefined));

/** Without what is false or empty. */
function filled<T extends object>(options: T): Partial<T> {
    const isEmpty = (value: unknown): boolean =>
        !value || (typeof value === "object" && Object.keys(value).length === 0);
    return Object.fromEntries(Object.entries(options).filter(([, value]) => !isEmpty(value))) as Partial<T>;
}

const mapValues = <T, R>(values: Record<string, T>, change: (value: T) => R): Record<string, R> =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]));
