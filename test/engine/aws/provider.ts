import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import * as grpc from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { unknown } from "../../../plan/wire";
import { listen, type Served } from "../support/listen";
import { type Account, AwsError, type AwsResource } from "./account";
import { checkInputs, diff, factsOf, fillIn, type ProviderConfig } from "./facts";

/** As the installed SDK wants it. */
const { version } = JSON.parse(readFileSync(require.resolve("@pulumi/aws/package.json"), "utf8")) as {
    version: string;
};

/**
 * Serves Pulumi's engine as the provider of the packages `aws` and `tls` does, with an account that is made up. Like the real
 * one, it takes and gives plain values: the engine keeps track of which are secret.
 *
 * @param delay Milliseconds that a call that changes something takes.
 */
export async function serveAws(account: Account, delay: () => number = () => 0): Promise<Served> {
    const server = new grpc.Server();
    const methods = new Methods(account, delay);
    const answer =
        <Request, Response>(respond: (request: Request) => Response | Promise<Response>) =>
        (call: { request: Request }, callback: grpc.sendUnaryData<Response>): void => {
            Promise.resolve()
                .then(() => respond(call.request))
                .then(
                    (response) => callback(null, response),
                    (error: Error) => callback(failure(error)),
                );
        };
    const notThere = (): never => {
        throw Object.assign(new Error("not implemented"), { code: grpc.status.UNIMPLEMENTED });
    };
    const service = {
        attach: answer(() => new Empty()),
        getPluginInfo: answer(() => {
            const info = new PluginInfo();
            info.setVersion(version);
            return info;
        }),
        checkConfig: answer((request: proto.CheckRequest) => accepted(request.getNews())),
        diffConfig: answer(() => new proto.DiffResponse()),
        configure: answer((request: proto.ConfigureRequest) => {
            if (request.getType() === "pulumi:providers:aws") {
                methods.configure(plain(request.getArgs()));
            }
            const response = new proto.ConfigureResponse();
            response.setSupportspreview(true);
            return response;
        }),
        cancel: answer(() => new Empty()),
        check: answer((request: proto.CheckRequest) => methods.check(request)),
        diff: answer((request: proto.DiffRequest) => methods.diff(request)),
        create: answer((request: proto.CreateRequest) => methods.create(request)),
        read: answer((request: proto.ReadRequest) => methods.read(request)),
        update: answer((request: proto.UpdateRequest) => methods.update(request)),
        delete: answer((request: proto.DeleteRequest) => methods.delete(request)),
    };
    const missing = Object.keys(ResourceProviderService).filter((name) => !(name in service));
    server.addService(ResourceProviderService, {
        ...Object.fromEntries(missing.map((name) => [name, answer(notThere)])),
        ...service,
    });
    return listen(server);
}

/** What AWS tags itself, `aws:...`, the provider shows nobody. */
function withoutOwnTags(properties: Record<string, any>): Record<string, any> {
    const { tags } = properties as { tags?: Record<string, string> };
    return tags === undefined
        ? properties
        : { ...properties, tags: Object.fromEntries(Object.entries(tags).filter(([key]) => !key.startsWith("aws:"))) };
}

class Methods {
    private config: ProviderConfig;

    constructor(
        private readonly account: Account,
        private readonly delay: () => number,
    ) {
        this.config = { region: account.region };
    }

    configure({ defaultTags }: Record<string, unknown>): void {
        // What is not a text comes as JSON from the stack's file.
        const { tags } = (typeof defaultTags === "string" ? JSON.parse(defaultTags) : (defaultTags ?? {})) as {
            tags?: Record<string, string>;
        };
        this.config = { region: this.account.region, defaultTags: tags };
    }

    check(request: proto.CheckRequest): proto.CheckResponse {
        const { type, name } = identity(request.getUrn());
        const given = plain(request.getNews());
        const failures = checkInputs(type, given);
        const seed = Buffer.from(request.getRandomseed_asU8()).toString("hex");
        const { inputs, defaults } = fillIn(type, name, given, plain(request.getOlds()), seed, this.config);
        const response = accepted(struct({ ...inputs, __defaults: defaults }));
        response.setFailuresList(
            failures.map(({ property, reason }) => {
                const failure = new proto.CheckFailure();
                failure.setProperty(property);
                failure.setReason(reason);
                return failure;
            }),
        );
        return response;
    }

    diff(request: proto.DiffRequest): proto.DiffResponse {
        const { type } = identity(request.getUrn());
        const ignored = request.getIgnorechangesList();
        const before = plain(request.getOldInputs());
        const news = plain(request.getNews());
        for (const property of ignored) {
            news[property] = before[property];
        }
        const { changes, diffs, replaces, deleteBeforeReplace } = diff(type, before, news);
        const response = new proto.DiffResponse();
        const { DIFF_SOME, DIFF_NONE } = proto.DiffResponse.DiffChanges;
        response.setChanges(changes ? DIFF_SOME : DIFF_NONE);
        response.setDiffsList(diffs);
        response.setReplacesList(replaces);
        response.setDeletebeforereplace(deleteBeforeReplace);
        return response;
    }

    async create(request: proto.CreateRequest): Promise<proto.CreateResponse> {
        const { type } = identity(request.getUrn());
        const inputs = plain(request.getProperties());
        const response = new proto.CreateResponse();
        if (request.getPreview()) {
            const { outputsOnly = [], computedIfAbsent = [] } = factsOf(type) ?? {};
            const computed = [...outputsOnly, ...computedIfAbsent]
                .filter((property) => !property.includes("."))
                .map((property) => [property, unknown]);
            response.setProperties(struct({ ...Object.fromEntries(computed), ...inputs }));
        } else {
            await this.wait();
            const resource = this.account.create(type, request.getUrn(), inputs);
            response.setId(resource.id);
            response.setProperties(struct(resource.outputs));
        }
        return response;
    }

    read(request: proto.ReadRequest): proto.ReadResponse {
        const { type } = identity(request.getUrn());
        const response = new proto.ReadResponse();
        const resource = this.account.find(type, request.getId());
        // An empty answer says that it does not exist.
        if (resource) {
            const { __defaults } = plain(request.getInputs());
            response.setId(resource.id);
            response.setProperties(struct(withoutOwnTags(resource.outputs)));
            response.setInputs(struct({ __defaults, ...withoutOwnTags(resource.inputs) }));
        }
        return response;
    }

    async update(request: proto.UpdateRequest): Promise<proto.UpdateResponse> {
        const { type } = identity(request.getUrn());
        const news = plain(request.getNews());
        const before = plain(request.getOldInputs());
        for (const property of request.getIgnorechangesList()) {
            news[property] = before[property];
        }
        const asked = { ...news };
        // What does not change is not sent, so that what others have set meanwhile stays: the number of tasks, the size of a disk.
        const current = this.account.get(type, request.getId())?.inputs ?? {};
        request.getIgnorechangesList().forEach((property) => (asked[property] = current[property] ?? before[property]));
        const response = new proto.UpdateResponse();
        if (request.getPreview()) {
            const anew = (factsOf(type)?.changedByUpdate ?? []).map((property) => [property, unknown]);
            response.setProperties(struct({ ...plain(request.getOlds()), ...news, ...Object.fromEntries(anew) }));
        } else if (isInState(news, before, plain(request.getOlds()), request.getIgnorechangesList())) {
            // The engine repeats an update that failed half-way. Its provider goes by the state, in which all is done, and reads.
            response.setProperties(
                struct(this.account.get(type, request.getId())?.outputs ?? plain(request.getOlds())),
            );
        } else {
            await this.wait();
            response.setProperties(struct(this.account.update(type, request.getId(), asked).outputs));
        }
        return response;
    }

    async delete(request: proto.DeleteRequest): Promise<Empty> {
        await this.wait();
        this.account.delete(identity(request.getUrn()).type, request.getId());
        return new Empty();
    }

    private wait(): Promise<void> {
        return new Promise((resolve) => setTimeout(resolve, this.delay()));
    }
}

/** Whether the state has all that is wanted, and nothing more was given before. */
function isInState(
    wanted: Record<string, any>,
    before: Record<string, any>,
    state: Record<string, any>,
    ignored: string[],
): boolean {
    const properties = new Set([...Object.keys(wanted), ...Object.keys(before)]);
    ["__defaults", ...ignored].forEach((property) => properties.delete(property));
    return [...properties].every((property) => isDeepStrictEqual(wanted[property], state[property]));
}

/** Type and logical name of a resource. */
export function identity(urn: string): { type: string; name: string } {
    const [, , types = "", ...name] = urn.split("::");
    return { type: types.split("$").pop() ?? "", name: name.join("::") };
}

const plain = (values: Struct | undefined): Record<string, any> => values?.toJavaScript() ?? {};

/** Without undefined values, which protobuf refuses. */
const struct = (values: Record<string, unknown>): Struct =>
    Struct.fromJavaScript(JSON.parse(JSON.stringify(values)) as Record<string, never>);

function accepted(inputs: Struct | undefined): proto.CheckResponse {
    const response = new proto.CheckResponse();
    response.setInputs(inputs);
    return response;
}

/** An error as the engine reads it. What was made all the same goes with it, so that the engine knows of it. */
function failure(error: Error & { code?: unknown }): grpc.ServerErrorResponse {
    const metadata = new grpc.Metadata();
    const made = error instanceof AwsError ? error.made : undefined;
    if (made) {
        metadata.add("grpc-status-details-bin", Buffer.from(initFailed(made, error.message)));
    }
    const code = typeof error.code === "number" ? error.code : grpc.status.UNKNOWN;
    return { name: error.name, message: error.message, code, details: error.message, metadata };
}

function initFailed({ id, inputs, outputs }: AwsResource, reason: string): Uint8Array {
    const detail = new proto.ErrorResourceInitFailed();
    detail.setId(id);
    detail.setProperties(struct(outputs));
    detail.setInputs(struct(inputs));
    detail.setReasonsList([reason]);
    const any = new Any();
    any.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    const status = new Status();
    status.setCode(grpc.status.UNKNOWN);
    status.setMessage(reason);
    status.addDetails(any);
    return status.serializeBinary();
}
