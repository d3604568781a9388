import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type EncryptionKey } from "./encryption-key";
import { policyDocument } from "./policy-document";
import { type Scope } from "./scope";

/** Processor architecture of images. ARM costs a fifth less on Fargate and Lambda. */
export type Architecture = "arm64" | "x86_64";

export interface ImageRepositoryArgs {
    scope: Scope;
    /** Service whose images it holds: `oms` gives the repository `aipx/dev/oms`. A change replaces the repository. */
    service: string;
    key: EncryptionKey;
    /** Who pulls: ECS pulls with the task's execution role, Lambda by itself and so must be admitted by the repository. */
    pulledBy: "ecs" | "lambda";
    /** Whether the repository may be deleted, with the images in it, by a plain `pulumi up` or `destroy`. */
    disposable: boolean;
}

/** How many images a repository keeps: enough to roll back, $0.10 a GB and month. */
const keptImages = 20;

/** An ECR repository: immutable tags, scan on push, our key, the newest 20 images kept. */
export class ImageRepository extends pulumi.ComponentResource {
    /** `123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/aipx/dev/oms`. */
    readonly url: string;
    readonly arn: string;

    constructor(name: string, args: ImageRepositoryArgs, opts?: pulumi.ComponentResourceOptions) {
        super("aipx:buildingblocks:ImageRepository", name, {}, opts);
        const { scope } = args;
        const repositoryName = scope.path(args.service);
        this.url = `${scope.accountId}.dkr.ecr.${scope.region}.amazonaws.com/${repositoryName}`;
        this.arn = scope.arn("ecr", `repository/${repositoryName}`);
        const repository = new aws.ecr.Repository(
            name,
            {
                name: repositoryName,
                imageTagMutability: "IMMUTABLE",
                imageScanningConfiguration: { scanOnPush: true },
                encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: args.key.arn }],
                // What guards images is the protection, which a preview shows. A repository that AWS refused to delete would stop an
                // update in its middle.
                forceDelete: true,
            },
            { parent: this, protect: !args.disposable },
        );
        new aws.ecr.LifecyclePolicy(
            name,
            {
                repository: repository.name,
                policy: JSON.stringify({
                    rules: [
                        {
                            rulePriority: 1,
                            description: `keep the newest ${keptImages} images`,
                            selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: keptImages },
                            action: { type: "expire" },
                        },
                    ],
                }),
            },
            { parent: this },
        );
        if (args.pulledBy === "lambda") {
            new aws.ecr.RepositoryPolicy(
                name,
                {
                    repository: repository.name,
                    policy: policyDocument([
                        {
                            sid: "LambdaPull",
                            principals: { Service: "lambda.amazonaws.com" },
                            actions: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
                            resources: [],
                            conditions: {
                                ArnLike: { "aws:SourceArn": scope.arn("lambda", `function:${scope.name("*")}`) },
                            },
                        },
                    ]),
                },
                { parent: this },
            );
        }
        this.registerOutputs({ url: this.url });
    }

    /** Full reference of an image in here: by digest (`sha256:...`) or by tag. */
    image(digestOrTag: string): string {
        return digestOrTag.startsWith("sha256:") ? `${this.url}@${digestOrTag}` : `${this.url}:${digestOrTag}`;
    }
}

/**
 * What people type to push images, by service; `login` comes first and holds for twelve hours. `TAG` is theirs to choose,
 * anew for each image: tags are immutable.
 */
export function pushCommands(
    scope: Scope,
    architecture: Architecture,
    repositoryUrls: Record<string, string>,
): Record<string, string> {
    const registry = `${scope.accountId}.dkr.ecr.${scope.region}.amazonaws.com`;
    const platform = architecture === "arm64" ? "linux/arm64" : "linux/amd64";
    const push = Object.entries(repositoryUrls).map(([service, url]) => [
        service,
        // Lambda refuses images with attestations.
        `docker buildx build --platform ${platform} --provenance=false --tag ${url}:TAG --push .`,
    ]);
    return {
        login: `aws ecr get-login-password --region ${scope.region} | docker login --username AWS --password-stdin ${registry}`,
        ...(Object.fromEntries(push) as Record<string, string>),
    };
}
