import * as pulumi from "@pulumi/pulumi";
import {
    access,
    type Access,
    EncryptionKey,
    type FargateServiceArgs,
    type ImageFunctionArgs,
    ImageRepository,
    Scope,
    ServiceSecurityGroup,
} from "../../../components/building-blocks";

export const account = "123456789012";
export const arn = (service: string, resource: string): string =>
    `arn:aws:${service}:ap-northeast-2:${account}:${resource}`;
export const scope = new Scope({ project: "aipx", environment: "dev", region: "ap-northeast-2", accountId: account });
export const digest = `sha256:${"0".repeat(64)}`;

export const key = (name = "key"): EncryptionKey =>
    new EncryptionKey(name, {
        scope,
        keyName: name,
        description: "A key",
        viaServices: ["lambda", "secretsmanager"],
        serviceStatements: [],
        disposable: true,
    });

/** An access with one of everything. */
export const storeAccess: Access = access({
    statements: [{ sid: "UseStore", actions: ["sqs:SendMessage"], resources: [arn("sqs", "store")] }],
    connections: [{ kind: "security-group", name: "store", securityGroupId: "sg-store", port: 6379 }],
    environment: {
        STORE_NAME: { value: "store" },
        STORE_ENDPOINT: { value: pulumi.output("store.example:6379"), parameterName: "/aipx/dev/store/endpoint" },
    },
});

/** Arguments of a Fargate service called `oms`. Inside a recording only. */
export const fargateArgs = (changes: Partial<FargateServiceArgs> = {}): FargateServiceArgs => ({
    scope,
    service: "oms",
    size: { cpu: 256, memoryMiB: 512 },
    cluster: { clusterName: "aipx-dev", arn: pulumi.output(arn("ecs", "cluster/aipx-dev")) },
    vpcId: "vpc-1",
    subnetIds: ["subnet-a", "subnet-c"],
    repository: new ImageRepository("oms", { scope, service: "oms", key: key(), pulledBy: "ecs", disposable: true }),
    image: digest,
    architecture: "arm64",
    environment: { MODE: "paper" },
    secrets: { APP_KEY: arn("secretsmanager", "secret:aipx/dev/kis:app_key::") },
    startAccess: [
        access({
            statements: [{ sid: "ReadKis", actions: ["secretsmanager:GetSecretValue"], resources: ["arn:secret"] }],
        }),
    ],
    access: [storeAccess],
    ports: [50051],
    stopTimeoutSeconds: 120,
    desiredCount: 1,
    deployment: "rolling",
    capacity: "on-demand",
    logs: { retentionDays: 7, keyArn: "arn:logs-key" },
    ...changes,
});

/** Arguments of a function called `notification`. Inside a recording only. */
export function functionArgs(changes: Partial<ImageFunctionArgs> = {}): ImageFunctionArgs {
    const ours = key();
    return {
        scope,
        service: "notification",
        size: { memoryMB: 512, timeoutSeconds: 30 },
        repository: new ImageRepository("notification", {
            scope,
            service: "notification",
            key: ours,
            pulledBy: "lambda",
            disposable: true,
        }),
        image: digest,
        architecture: "arm64",
        subnetIds: ["subnet-a", "subnet-c"],
        securityGroup: new ServiceSecurityGroup("functions", { vpcId: "vpc-1", description: "Functions" }),
        environment: { CHANNEL: "alerts" },
        access: [storeAccess],
        key: ours,
        logs: { retentionDays: 7, keyArn: "arn:logs-key" },
        ...changes,
    };
}
