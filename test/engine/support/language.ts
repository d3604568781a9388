import { spawn } from "node:child_process";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/language_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { listen, type Served } from "./listen";

const root = join(__dirname, "../../..");
const runner = join(root, "node_modules/@pulumi/pulumi/cmd/run");

/** The runner's exit code for a failure that it has told by itself. */
const toldFailure = 32;

/** Who loads the program's TypeScript: the runner, as it does for users, or faster, the loader of the tests. */
export type TypeScriptLoader = "runner" | "tests";

/**
 * Serves as the host of the program's language. Like Pulumi's own, it runs the program in a process of its own each time, by the
 * runner of the installed SDK.
 *
 * @param program The program's file.
 */
export async function serveLanguage(program: string, loader: TypeScriptLoader): Promise<Served> {
    const server = new grpc.Server();
    let engine = "";
    const service: Record<string, grpc.handleUnaryCall<any, any>> = {
        ...Object.fromEntries(
            Object.keys(LanguageRuntimeService).map((name) => [
                name,
                (_call, callback) => callback({ code: grpc.status.UNIMPLEMENTED, details: name }),
            ]),
        ),
        handshake: ({ request }: { request: proto.LanguageHandshakeRequest }, callback) => {
            engine = request.getEngineAddress();
            callback(null, new proto.LanguageHandshakeResponse());
        },
        getPluginInfo: (_call, callback) => callback(null, new PluginInfo()),
        getRequiredPackages: (_call, callback) => callback(null, new proto.GetRequiredPackagesResponse()),
        run: (call, callback) => {
            run(program, loader, engine, call).then((response) => callback(null, response), callback);
        },
    };
    server.addService(LanguageRuntimeService, service);
    return listen(server);
}

const required = (file: string): string[] => ["--require", join(root, file)];

/** Runs the program until it ends, or the engine does. */
async function run(
    program: string,
    loader: TypeScriptLoader,
    engine: string,
    call: grpc.ServerUnaryCall<proto.RunRequest, proto.RunResponse>,
): Promise<proto.RunResponse> {
    const { request } = call;
    const child = spawn(
        process.execPath,
        [
            // The SDK takes a stack trace for every promise, which is most of what the program costs.
            "--stack-trace-limit=0",
            ...(loader === "tests"
                ? [...required("plan/register.cjs"), ...required("test/engine/support/quiet.cjs")]
                : []),
            runner,
            `--engine=${engine}`,
            `--monitor=${request.getMonitorAddress()}`,
            `--organization=${request.getOrganization()}`,
            `--project=${request.getProject()}`,
            `--stack=${request.getStack()}`,
            `--pwd=${root}`,
            `--parallel=${request.getParallel()}`,
            ...(request.getDryrun() ? ["--dry-run"] : []),
            program,
        ],
        {
            env: {
                ...process.env,
                PULUMI_NODEJS_TYPESCRIPT: String(loader === "runner"),
                PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().getEntryList())),
                PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
            },
            stdio: ["ignore", "pipe", "pipe"],
        },
    );
    let output = "";
    child.stdout.on("data", (text) => (output += text));
    child.stderr.on("data", (text) => (output += text));
    call.on("cancelled", () => child.kill("SIGKILL"));
    const code = await new Promise<number | null>((resolve, reject) => {
        child.on("error", reject);
        child.on("close", resolve);
    });
    const response = new proto.RunResponse();
    if (code === toldFailure) {
        response.setBail(true);
    } else if (code !== 0) {
        response.setError(`Program exited with code ${code}: ${output}`);
    }
    return response;
}
