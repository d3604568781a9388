import assert from "node:assert/strict";
import * as path from "node:path";
import { readProject, readStackConfig } from "../../plan/stack-config";
import { UsageError } from "../../plan/usage-error";

const fixture = (name: string): string => path.join(__dirname, "fixtures", name);
const root = path.join(__dirname, "..", "..");

describe("the project's files", () => {
    it("say which stacks there are, in the order in which changes go through them", () => {
        const project = readProject(root);
        assert.deepEqual([project.name, project.stacks], ["aipx", ["dev", "staging", "production"]]);
        assert.equal(project.main, path.join(root, "index.ts"));
    });

    it("become the config that the engine would give: defaults, namespaces, texts, JSON", () => {
        const project = readProject(fixture("project"));
        assert.deepEqual(readStackConfig(project, "dev"), {
            config: {
                "sample:size": "3",
                "aws:region": "ap-northeast-2",
                "sample:tags": '{"team":"trading"}',
                "sample:token": "[secret]",
            },
            secretKeys: ["sample:token"],
        });
    });

    it("let the stack override the project, and hide encrypted values inside maps and lists", () => {
        assert.deepEqual(readStackConfig(readProject(fixture("project")), "production"), {
            config: {
                "sample:size": "5",
                "aws:region": "us-east-1",
                "sample:alarm": "true",
                "sample:nested": '{"list":["[secret]","plain"]}',
            },
            secretKeys: ["sample:nested"],
        });
    });

    it("name file, line and column where they are no YAML", () => {
        assert.throws(
            () => readStackConfig(readProject(fixture("broken-yaml")), "dev"),
            (error: Error) => {
                assert.ok(error instanceof UsageError);
                assert.match(error.message, /^Pulumi\.dev\.yaml:4:\d+: /);
                return true;
            },
        );
    });

    it("must be there", () => {
        assert.throws(
            () => readProject(__dirname),
            /there is no Pulumi\.yaml in .*test.plan: run the plan in the folder of the project/,
        );
    });
});
