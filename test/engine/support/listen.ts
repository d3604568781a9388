import * as grpc from "@grpc/grpc-js";

/** Something that the engine attaches to. */
export interface Served {
    port: number;
    stop: () => void;
}

/** Lets a server listen on a free port of this machine. */
export async function listen(server: grpc.Server): Promise<Served> {
    const port = await new Promise<number>((resolve, reject) =>
        server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
            error ? reject(error) : resolve(bound),
        ),
    );
    return { port, stop: () => server.forceShutdown() };
}
