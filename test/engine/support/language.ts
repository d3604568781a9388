import * as grpc from "@grpc/grpc-js";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import { GetRequiredPackagesResponse, LanguageHandshakeResponse } from "@pulumi/pulumi/proto/language_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import type { Served } from "../aws/provider";

/**
 * Serves as the host of the program's language, as far as commands need one that do not run the program: `pulumi import` asks
 * it for what the program requires.
 */
export async function serveLanguage(): Promise<Served> {
    const server = new grpc.Server();
    const answers: Record<string, () => unknown> = {
        handshake: () => new LanguageHandshakeResponse(),
        getPluginInfo: () => new PluginInfo(),
        getRequiredPackages: () => new GetRequiredPackagesResponse(),
    };
    const methods = Object.keys(LanguageRuntimeService).map((name) => [
        name,
        (_call: unknown, callback: grpc.sendUnaryData<unknown>) => {
            const answer = answers[name];
            callback(answer ? null : { code: grpc.status.UNIMPLEMENTED, details: name }, answer?.());
        },
    ]);
    server.addService(LanguageRuntimeService, Object.fromEntries(methods) as grpc.UntypedServiceImplementation);
    const port = await new Promise<number>((resolve, reject) =>
        server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
            error ? reject(error) : resolve(bound),
        ),
    );
    return { port, stop: () => server.forceShutdown() };
}
