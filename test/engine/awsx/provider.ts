import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { main } from "@pulumi/pulumi/provider";
import { expandVpc } from "../../../plan/awsx-vpc";

/** Of the provider that the program itself uses: without it, the engine would take another one for the VPC at first. */
const { version } = JSON.parse(readFileSync(require.resolve("@pulumi/aws/package.json"), "utf8")) as {
    version: string;
};

// The provider of the package `awsx` as far as the program uses it: it registers with the engine what the offline plan says
// that the real one makes. It runs in a process of its own, because the SDK can serve one program at a time.

class Vpc extends pulumi.ComponentResource {
    constructor(name: string, opts: pulumi.ComponentResourceOptions) {
        super("awsx:ec2:Vpc", name, {}, opts);
    }

    finish(state: pulumi.Inputs): void {
        this.registerOutputs(state);
    }
}

class Child extends pulumi.CustomResource {}

async function construct(
    name: string,
    type: string,
    inputs: pulumi.Inputs,
    opts: pulumi.ComponentResourceOptions,
): Promise<{ urn: pulumi.Input<string>; state: pulumi.Inputs }> {
    if (type !== "awsx:ec2:Vpc") {
        throw new Error(`the stand-in for awsx makes VPCs only, no ${type}`);
    }
    const args = await new Promise<pulumi.Unwrap<pulumi.Inputs>>((resolve) => pulumi.output(inputs).apply(resolve));
    const component = new Vpc(name, opts);
    const { children, outputs, subnetLayout } = expandVpc(name, args);
    const made = new Map<string, pulumi.CustomResource>();
    const get = (key: string): pulumi.CustomResource => made.get(key)!;
    for (const [key, { type, name, parent, inputs, references }] of children) {
        const props = { ...inputs };
        for (const [input, target] of Object.entries(references)) {
            props[input] = get(target).id;
        }
        made.set(
            key,
            new Child(type, name, props, { parent: parent === undefined ? component : get(parent), version }),
        );
    }
    const each = (keys: string | string[], value: (key: string) => unknown): unknown =>
        Array.isArray(keys) ? keys.map(value) : value(keys);
    const state: pulumi.Inputs = { subnetLayout };
    for (const [output, keys] of Object.entries(outputs.ids)) {
        state[output] = each(keys, (key) => get(key).id);
    }
    for (const [output, keys] of Object.entries(outputs.resources)) {
        state[output] = each(keys, get);
    }
    component.finish(state);
    return { urn: component.urn, state };
}

// It ends with who started it.
process.stdin.on("end", () => process.exit()).resume();

void main({ version: "3.9.0", construct }, process.argv.slice(2));
