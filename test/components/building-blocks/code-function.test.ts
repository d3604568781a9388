import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import * as path from "node:path";
import { bundle, CodeFunction } from "../../../components/building-blocks";
import { preflight } from "../../../plan/preflight";
import { find, names, record, type RecordedResource, type Recording } from "../../support/record";
import { functionArgs } from "./fixture";

const entryPoint = path.join(__dirname, "functions", "handler.ts");

describe("CodeFunction", () => {
    let recording: Recording;
    const lambda = (): RecordedResource => find(recording, "aws:lambda/function:Function", "greeter");

    before(async () => {
        recording = await record(
            () => void new CodeFunction("greeter", { ...functionArgs(), service: "greeter", entryPoint }),
        );
    });

    it("has these names", () => {
        assert.deepEqual(
            names(recording).filter((name) => name.includes("::greeter")),
            [
                "aipx:buildingblocks:CodeFunction::greeter",
                "aipx:buildingblocks:ServiceRole::greeter",
                "aipx:policy:Suppression::greeter-lambda-function-require-code-signing",
                "aws:cloudwatch/logGroup:LogGroup::greeter",
                "aws:iam/role:Role::greeter",
                "aws:iam/rolePolicy:RolePolicy::greeter",
                "aws:lambda/function:Function::greeter",
            ],
        );
    });

    it("runs the bundle on Node.js, and is otherwise as every function", () => {
        const { code, environment, tags, ...inputs } = lambda().inputs;
        const text = bundle(entryPoint);
        assert.deepEqual(code, {
            assets: {
                "index.js": {
                    sha256: createHash("sha256").update(text).digest("hex"),
                    bytes: Buffer.byteLength(text),
                },
            },
        });
        assert.equal(environment.variables.CHANNEL, "alerts");
        assert.deepEqual(tags, { service: "greeter" });
        assert.deepEqual(
            [inputs.name, inputs.packageType, inputs.runtime, inputs.handler, inputs.imageUri],
            ["aipx-dev-greeter", "Zip", "nodejs22.x", "index.handler", undefined],
        );
        assert.equal(inputs.vpcConfig.securityGroupIds.length, 1);
    });

    it("is not taken for a broken value because of what stands in its code", () => {
        assert.match(bundle(entryPoint), /"undefined"/);
        assert.deepEqual(preflight(recording), []);
    });
});

describe("bundle", () => {
    it("works alone, with AWS's SDK from the runtime", async () => {
        const asked: string[] = [];
        const module = { exports: {} as { handler(event: object): Promise<string> } };
        const standIn = (id: string): object => {
            asked.push(id);
            return {};
        };
        // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the bundle is what is tested
        new Function("module", "exports", "require", bundle(entryPoint))(module, module.exports, standIn);
        assert.equal(await module.exports.handler({ name: "Seoul" }), "good morning, Seoul");
        assert.deepEqual(asked, ["@aws-sdk/client-lambda"]);
    });

    it("names no place of this machine", () => {
        assert.ok(!bundle(entryPoint).includes(path.dirname(__dirname)));
    });

    it("says what cannot be bundled", () => {
        assert.throws(() => bundle(path.join(__dirname, "functions", "missing.ts")), /Could not resolve "missing.ts"/);
    });
});
