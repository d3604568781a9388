import { basename, dirname } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { buildSync } from "esbuild";
import { lambdaFunction, type LambdaFunction, type LambdaFunctionArgs } from "./lambda-function";
import { suppress } from "./suppression";
import { tagged } from "./tags";

export interface CodeFunctionArgs extends LambdaFunctionArgs {
    /**
     * The TypeScript file that exports `handler`. It is bundled with all that it imports but AWS's SDK, which the runtime
     * brings; the program itself never imports it. A change updates the function in place.
     */
    entryPoint: string;
    /** Service that the function does nothing but wait for. */
    waitsFor?: string;
}

/** What bundles are made for, too. */
const runtime = "nodejs22.x";

/**
 * A Lambda function whose code is part of this program, inside the VPC: small work of the platform itself, which must be
 * there before anybody has pushed an image.
 */
export class CodeFunction extends pulumi.ComponentResource implements LambdaFunction {
    readonly service: string;
    readonly functionName: string;
    readonly arn: pulumi.Output<string>;
    readonly invokeArn: pulumi.Output<string>;
    readonly logGroupName: string;
    readonly timeoutSeconds: number;
    readonly waitsFor: string | undefined;
    readonly ready: pulumi.Resource[];

    /** @throws Error if the source cannot be bundled, with esbuild's own message. */
    constructor(name: string, args: CodeFunctionArgs, opts?: pulumi.ComponentResourceOptions) {
        super("aipx:buildingblocks:CodeFunction", name, {}, tagged({ service: args.service }, opts));
        const accepted = suppress(
            "aws:lambda/function:Function",
            name,
            {
                policy: "lambda-function-require-code-signing",
                reason: "Its code is part of this program and built by the deployment itself: whoever could put other code in its place could sign that as well.",
                owner: "platform-team",
                expires: "2027-09-30",
            },
            { parent: this },
        );
        const fn = lambdaFunction(
            name,
            args,
            {
                packageType: "Zip",
                runtime,
                handler: "index.handler",
                code: new pulumi.asset.AssetArchive({
                    "index.js": new pulumi.asset.StringAsset(bundle(args.entryPoint)),
                }),
            },
            { parent: this, dependsOn: accepted },
        );
        this.service = fn.service;
        this.functionName = fn.functionName;
        this.arn = fn.arn;
        this.invokeArn = fn.invokeArn;
        this.logGroupName = fn.logGroupName;
        this.timeoutSeconds = fn.timeoutSeconds;
        this.waitsFor = args.waitsFor;
        this.ready = fn.ready;
        this.registerOutputs({ functionName: this.functionName, logGroupName: this.logGroupName });
    }
}

/** Bundles by entry point: several functions may share one, and the tests run the program many times. */
const bundles = new Map<string, string>();

/** One CommonJS file with everything that `entryPoint` needs. It is the same on every machine, so that no update is made for nothing. */
export function bundle(entryPoint: string): string {
    const known = bundles.get(entryPoint);
    if (known !== undefined) {
        return known;
    }
    const { outputFiles } = buildSync({
        entryPoints: [basename(entryPoint)],
        // Names of files in the bundle are relative to this.
        absWorkingDir: dirname(entryPoint),
        bundle: true,
        write: false,
        platform: "node",
        target: runtime.replace(/^nodejs(\d+).*/, "node$1"),
        format: "cjs",
        external: ["@aws-sdk/*"],
        minifyWhitespace: true,
        legalComments: "none",
        logLevel: "silent",
    });
    const code = outputFiles[0]!.text;
    bundles.set(entryPoint, code);
    return code;
}
