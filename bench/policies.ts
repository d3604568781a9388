import { join } from "node:path";
import * as server from "@pulumi/policy/server";
import * as proto from "@pulumi/pulumi/proto/analyzer_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { planStack } from "../plan/plan";
import { type RecordedResource } from "../plan/recording";
import { readProject } from "../plan/stack-config";
import { toPolicies } from "../policy-pack/core/crossguard";
import { rules } from "../policy-pack/rules";

// What checking stacks of several sizes costs, as the engine would: each resource, and then the stack. The sizes are the
// arguments; seconds of each go to stdout as JSON. Resources are those of dev, over and over, each copy with names of its own.

// Of all resources of dev, evenly: stacks of every size that is a multiple of it have the same mix.
const sampleSize = 300;

type Answer = (error: Error | null, response: proto.AnalyzeResponse) => void;
type Rpc = (call: { request: unknown }, answer: Answer) => void;
type MakeRpc = (name: string, version: string, level: string, policies: unknown[]) => Rpc;

// What the SDK serves the engine with; its type declarations leave them out.
const { makeAnalyzeRpcFun, makeAnalyzeStackRpcFun } = server as unknown as Record<
    "makeAnalyzeRpcFun" | "makeAnalyzeStackRpcFun",
    MakeRpc
>;

const call = (rpc: Rpc, request: unknown): Promise<proto.AnalyzeResponse> =>
    new Promise((resolve, reject) => {
        rpc({ request }, (error, response) => (error ? reject(error) : resolve(response)));
    });

function requests(recorded: RecordedResource[], size: number): proto.AnalyzerResource[] {
    return Array.from({ length: size }, (_unused, index) => {
        const copy = Math.floor(index / sampleSize);
        const resource = recorded[Math.floor(((index % sampleSize) * recorded.length) / sampleSize)]!;
        const urnOf = (urn: string): string => `${urn}-${copy}`;
        const renamed = JSON.stringify(resource.inputs).replace(/aipx-dev/g, `aipx-dev-${copy}`);
        const request = new proto.AnalyzerResource();
        request.setType(resource.type);
        request.setUrn(urnOf(resource.urn));
        request.setName(`${resource.name}-${copy}`);
        request.setProperties(Struct.fromJavaScript(JSON.parse(renamed) as Record<string, never>));
        request.setParent(resource.parent === undefined ? "" : urnOf(resource.parent));
        request.setDependenciesList(resource.dependencies.map(urnOf));
        for (const [property, urns] of Object.entries(resource.propertyDependencies)) {
            const dependencies = new proto.AnalyzerPropertyDependencies();
            dependencies.setUrnsList(urns.map(urnOf));
            request.getPropertydependenciesMap().set(property, dependencies);
        }
        const options = new proto.AnalyzerResourceOptions();
        options.setProtect(resource.options.protect ?? false);
        options.setIgnorechangesList(resource.options.ignoreChanges ?? []);
        request.setOptions(options);
        return request;
    });
}

async function secondsFor(recorded: RecordedResource[], size: number): Promise<number> {
    const pack = ["aipx", "0.1.0", "mandatory", toPolicies(rules, { strict: true })] as const;
    const analyze = makeAnalyzeRpcFun(...pack);
    const analyzeStack = makeAnalyzeStackRpcFun(...pack);
    const all = requests(recorded, size);
    const stack = new proto.AnalyzeStackRequest();
    stack.setResourcesList(all);
    const start = performance.now();
    for (const resource of all) {
        await call(analyze, resource);
    }
    await call(analyzeStack, stack);
    return (performance.now() - start) / 1000;
}

void (async () => {
    const project = readProject(join(__dirname, ".."));
    const { resources } = (await planStack(project, "dev", { asConfigured: false })).recording;
    const seconds: number[] = [];
    for (const size of process.argv.slice(2).map(Number)) {
        seconds.push(await secondsFor(resources, size));
    }
    process.stdout.write(JSON.stringify(seconds));
})();
