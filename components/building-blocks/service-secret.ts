import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { access, type Access } from "./access";
import { type EncryptionKey } from "./encryption-key";
import { pascalCase } from "./policy-document";
import { type Scope } from "./scope";
import { suppress } from "./suppression";

export interface ServiceSecretArgs {
    scope: Scope;
    /**
     * Last part of the secret's name: `kis-credentials` gives `aipx/dev/kis-credentials`. It must not end in a hyphen and six
     * characters. A change replaces the secret.
     */
    secretName: string;
    /** What the secret is, and its keys. */
    description: string;
    /** Keys of the JSON object that the secret's value is. */
    keys: string[];
    key: EncryptionKey;
    /** Whether a deleted secret is gone at once, and its name free again, instead of after 30 days. */
    disposable: boolean;
}

/**
 * A secret without a value. People put the value in (`aws secretsmanager put-secret-value`), so that it never passes
 * through code, settings or state. About $0.40 a month.
 */
export class ServiceSecret extends pulumi.ComponentResource {
    readonly secretName: string;
    readonly keys: string[];
    private readonly args: ServiceSecretArgs;
    private readonly secret: aws.secretsmanager.Secret;

    /** @throws Error if Secrets Manager would take the name for a complete ARN. */
    constructor(name: string, args: ServiceSecretArgs, opts?: pulumi.ComponentResourceOptions) {
        if (/-.{6}$/.test(args.secretName)) {
            throw new Error(
                `secret ${name}: secretName is "${args.secretName}", which ends in a hyphen and six characters; it must not, because Secrets Manager takes that for the end of a complete ARN`,
            );
        }
        super("aipx:buildingblocks:ServiceSecret", name, {}, opts);
        this.args = args;
        this.secretName = args.scope.path(args.secretName);
        this.keys = args.keys;
        const accepted = suppress(
            "aws:secretsmanager/secret:Secret",
            name,
            {
                policy: "secretsmanager-secret-require-rotation",
                reason: "Its value is issued elsewhere and put in by people; nothing here could make a new one.",
                owner: "platform-team",
                expires: "2027-09-30",
            },
            { parent: this },
        );
        this.secret = new aws.secretsmanager.Secret(
            name,
            {
                name: this.secretName,
                description: args.description,
                kmsKeyId: args.key.arn,
                recoveryWindowInDays: args.disposable ? 0 : 30,
            },
            { parent: this, protect: !args.disposable, dependsOn: accepted },
        );
        this.registerOutputs({ secretName: this.secretName });
    }

    /** What a role needs in order to read the value. */
    read(): Access {
        const { key } = this.args;
        return access({
            statements: [
                {
                    sid: `Read${pascalCase(this.args.secretName)}`,
                    actions: ["secretsmanager:GetSecretValue"],
                    // AWS ends a secret's ARN with six characters of its own.
                    resources: [`${this.arnWithoutSuffix}-??????`],
                },
                key.useThrough("secretsmanager", "read", `Decrypt${pascalCase(this.args.secretName)}`),
            ],
            dependsOn: [this.secret],
        });
    }

    /** Reference of one key for a container definition's `secrets`. */
    valueFrom(key: string): string {
        if (!this.keys.includes(key)) {
            throw new Error(`secret ${this.secretName} has no key "${key}"; it has ${this.keys.join(", ")}`);
        }
        return `${this.arnWithoutSuffix}:${key}::`;
    }

    private get arnWithoutSuffix(): string {
        return this.args.scope.arn("secretsmanager", `secret:${this.secretName}`);
    }
}
