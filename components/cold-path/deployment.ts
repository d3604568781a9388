import { join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import {
    type Access,
    type Architecture,
    CodeFunction,
    type FunctionSize,
    ImageFunction,
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

/** A function in the private subnets. */
export function deployFunction(
    name: string,
    deployment: Deployment,
    args: {
        service: string;
        image: string;
        repository: ImageRepository;
        size: FunctionSize;
        securityGroup: ServiceSecurityGroup;
        environment?: Record<string, pulumi.Input<string>>;
        access: Access[];
    },
    opts: pulumi.ComponentResourceOptions,
): ImageFunction {
    const { scope, keys, logs, network, architecture } = deployment;
    const { service, image, repository, size, securityGroup, environment = {}, access } = args;
    return new ImageFunction(
        name,
        {
            scope,
            service,
            repository,
            image,
            architecture,
            size,
            subnetIds: network.privateSubnetIds,
            securityGroup,
            environment,
            access,
            key: keys.services,
            logs,
        },
        opts,
    );
}

/** A function of the platform's own code, `SERVICE/handler.ts` beside this file, in the private subnets. */
export function deployCode(
    name: string,
    deployment: Deployment,
    args: {
        service: string;
        size: FunctionSize;
        securityGroup: ServiceSecurityGroup;
        environment?: Record<string, pulumi.Input<string>>;
        access: Access[];
        waitsFor?: string;
    },
    opts: pulumi.ComponentResourceOptions,
): CodeFunction {
    const { scope, keys, logs, network, architecture } = deployment;
    const { service, size, securityGroup, environment = {}, access, waitsFor } = args;
    return new CodeFunction(
        name,
        {
            scope,
            service,
            entryPoint: join(__dirname, service, "handler.ts"),
            architecture,
            size,
            subnetIds: network.privateSubnetIds,
            securityGroup,
            environment,
            access,
            key: keys.services,
            logs,
            waitsFor,
        },
        opts,
    );
}
