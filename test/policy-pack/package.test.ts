import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { credentials } from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import { type AnalyzerInfo } from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { unknownValuesPolicy } from "../../policy-pack/core/crossguard";
import { rules } from "../../policy-pack/rules";

const root = join(__dirname, "../..");
const modules = join(root, "node_modules");

describe("the pack as a package", () => {
    let folder: string;

    before(() => {
        folder = mkdtempSync(join(tmpdir(), "aipx-pack-"));
        cpSync(join(root, "policy-pack"), folder, {
            recursive: true,
            filter: (source) => !source.includes("node_modules"),
        });
        symlinkSync(modules, join(folder, "node_modules"));
    });
    after(() => rmSync(folder, { recursive: true, force: true }));

    it("serves its policies outside of this repository, by Pulumi's own loader", async () => {
        const runner = join(modules, "@pulumi/pulumi/cmd/run-policy-pack");
        const pack = spawn(process.execPath, [runner, "127.0.0.1:9", "."], {
            cwd: folder,
            env: { ...process.env, NODE_OPTIONS: "", PULUMI_CONFIG: "{}" },
        });
        try {
            let errors = "";
            pack.stderr.on("data", (text) => (errors += text));
            const port = await new Promise<string>((resolve, reject) => {
                pack.stdout.once("data", (text) => resolve(String(text).trim()));
                pack.once("exit", (code) => reject(new Error(`the pack ended with ${code}: ${errors}`)));
            });
            assert.match(port, /^\d+$/, "nothing but the port on stdout");
            const { name, policies } = await info(`127.0.0.1:${port}`);
            assert.equal(name, "aipx");
            assert.deepEqual(policies, [...rules.map((rule) => rule.name), unknownValuesPolicy]);
        } finally {
            pack.kill();
        }
    });
});

async function info(address: string): Promise<{ name: string; policies: string[] }> {
    const client = new AnalyzerClient(address, credentials.createInsecure());
    try {
        const answer = await new Promise<AnalyzerInfo>((resolve, reject) =>
            client.getAnalyzerInfo(new Empty(), (error, found) => (error ? reject(error) : resolve(found))),
        );
        return { name: answer.getName(), policies: answer.getPoliciesList().map((policy) => policy.getName()) };
    } finally {
        client.close();
    }
}
