import { join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import {
    type Access,
    type Architecture,
    CodeFunction,
    type CodeFunctionArgs,
    type FunctionSize,
    ImageFunction,
    type ImageFunctionArgs,
    ImageRepository,
    type LogRetention,
    type Scope,
    ServiceSecurityGroup,
} from "../building-blocks";
import { type Keys } from "../encryption";
import { type Placement } from "../network";

/** What every function of the cold path is deployed with. */
export interface Deployment {
    scope: Scope;
    keys: Keys;
    /** Whether everything may be deleted, with what it holds. */
    disposable: boolean;
    logs: LogRetention;
    /** Where functions run and what they reach. */
    network: Placement;
    /** Architecture of the images. */
    architecture: Architecture;
    /** Digest or tag of each service's image. A service without one gets its repository, and nothing else that costs. */
    images: Record<string, string>;
}

/** The repository of a function's images. */
export function functionRepository(
    name: string,
    { scope, keys, disposable }: Deployment,
    service: string,
    opts: pulumi.ComponentResourceOptions,
): ImageRepository {
    return new ImageRepository(name, { scope, service, key: keys.services, pulledBy: "lambda", disposable }, opts);
}

/** The security group of one function, or of several of a kind. */
export function functionSecurityGroup(
    name: string,
    { scope, network }: Deployment,
    service: string,
    opts: pulumi.ComponentResourceOptions,
): ServiceSecurityGroup {
    return new ServiceSecurityGroup(
        name,
        { vpcId: network.vpcId, description: `Functions of ${scope.name(service)}` },
        opts,
    );
}

/** What a function is deployed with, wherever its code comes from. */
interface FunctionArgs {
    service: string;
    size: FunctionSize;
    securityGroup: ServiceSecurityGroup;
    environment?: Record<string, pulumi.Input<string>>;
    access: Access[];
}

/** A function in the private subnets. */
export const deployFunction = (
    name: string,
    deployment: Deployment,
    args: FunctionArgs & Pick<ImageFunctionArgs, "image" | "repository">,
    opts: pulumi.ComponentResourceOptions,
): ImageFunction => new ImageFunction(name, { ...placed(deployment), environment: {}, ...args }, opts);

/** A function of the platform's own code, `SERVICE/handler.ts` beside this file, in the private subnets. */
export const deployCode = (
    name: string,
    deployment: Deployment,
    args: FunctionArgs & Pick<CodeFunctionArgs, "waitsFor">,
    opts: pulumi.ComponentResourceOptions,
): CodeFunction => {
    const entryPoint = join(__dirname, args.service, "handler.ts");
    return new CodeFunction(name, { ...placed(deployment), environment: {}, ...args, entryPoint }, opts);
};

/** Where functions of the cold path stand, and what all of them have. */
const placed = ({ scope, keys, logs, network, architecture }: Deployment) => ({
    scope,
    architecture,
    subnetIds: network.privateSubnetIds,
    key: keys.services,
    logs,
});
