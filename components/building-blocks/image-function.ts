import * as pulumi from "@pulumi/pulumi";
import { type ImageRepository } from "./image-repository";
import { lambdaFunction, type LambdaFunction, type LambdaFunctionArgs } from "./lambda-function";
import { tagged } from "./tags";

export interface ImageFunctionArgs extends LambdaFunctionArgs {
    repository: ImageRepository;
    /** Digest (`sha256:...`) or tag of the image in `repository`. It must exist when the function is created. */
    image: string;
}

/** A Lambda function from a container image, inside the VPC: function, role and log group, with tracing and JSON logs. */
export class ImageFunction extends pulumi.ComponentResource implements LambdaFunction {
    readonly service: string;
    readonly functionName: string;
    readonly arn: pulumi.Output<string>;
    readonly invokeArn: pulumi.Output<string>;
    readonly logGroupName: string;
    readonly timeoutSeconds: number;
    readonly ready: pulumi.Resource[];

    constructor(name: string, args: ImageFunctionArgs, opts?: pulumi.ComponentResourceOptions) {
        super("aipx:buildingblocks:ImageFunction", name, {}, tagged({ service: args.service }, opts));
        const fn = lambdaFunction(
            name,
            args,
            { packageType: "Image", imageUri: args.repository.image(args.image) },
            { parent: this },
        );
        this.service = fn.service;
        this.functionName = fn.functionName;
        this.arn = fn.arn;
        this.invokeArn = fn.invokeArn;
        this.logGroupName = fn.logGroupName;
        this.timeoutSeconds = fn.timeoutSeconds;
        this.ready = fn.ready;
        this.registerOutputs({ functionName: this.functionName, logGroupName: this.logGroupName });
    }
}
