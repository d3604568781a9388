import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument, type ResourceStatement, type Statement } from "./policy-document";
import { type Scope } from "./scope";

export interface EncryptionKeyArgs {
    scope: Scope;
    /**
     * Region of the key, which is then that of the scope too. A change makes a new key.
     * @default the provider's
     */
    region?: string;
    /** Last part of the alias: `data` gives `alias/aipx-dev-data`. A change makes a new alias. */
    keyName: string;
    /** What the key protects. */
    description: string;
    /**
     * AWS services through which roles of this account may use the key, if their own policy allows it as well:
     * `s3`, `rds`, `secretsmanager`.
     */
    viaServices: string[];
    /** Statements for AWS services that use the key by themselves, for example CloudWatch Logs. */
    serviceStatements: ResourceStatement[];
    /** Whether a deleted key is gone after 7 days instead of 30. */
    disposable: boolean;
}

/**
 * A customer-managed KMS key with yearly rotation, and a policy that keeps administration apart from use and names each
 * use. About $1 a month, and as much again for each of the first two yearly rotations.
 */
export class EncryptionKey extends pulumi.ComponentResource {
    readonly arn: pulumi.Output<string>;
    /** Drawn by AWS: `1234abcd-12ab-34cd-56ef-1234567890ab`. */
    readonly keyId: pulumi.Output<string>;
    private readonly args: EncryptionKeyArgs;
    private readonly aliasName: string;

    constructor(name: string, args: EncryptionKeyArgs, opts?: pulumi.ComponentResourceOptions) {
        super("aipx:buildingblocks:EncryptionKey", name, {}, opts);
        const { scope } = args;
        this.args = args;
        this.aliasName = `alias/${scope.name(args.keyName)}`;
        const account = { AWS: scope.globalArn("iam", "root") };
        const key = new aws.kms.Key(
            name,
            {
                region: args.region,
                description: args.description,
                enableKeyRotation: true,
                deletionWindowInDays: args.disposable ? 7 : 30,
                policy: policyDocument([
                    {
                        sid: "Administration",
                        principals: account,
                        actions: administration,
                        resources: ["*"],
                    },
                    ...(args.viaServices.length === 0
                        ? []
                        : [
                              {
                                  sid: "UseThroughServices",
                                  principals: account,
                                  actions: [...use, "kms:CreateGrant"],
                                  resources: ["*"],
                                  conditions: {
                                      StringEquals: {
                                          "kms:ViaService": args.viaServices.map((service) =>
                                              serviceHost(scope, service),
                                          ),
                                          "kms:CallerAccount": scope.accountId,
                                      },
                                  },
                              },
                          ]),
                    ...args.serviceStatements,
                ]),
            },
            { parent: this, protect: !args.disposable },
        );
        new aws.kms.Alias(
            name,
            { region: args.region, name: this.aliasName, targetKeyId: key.keyId },
            { parent: this },
        );
        this.arn = key.arn;
        this.keyId = key.keyId;
        this.registerOutputs({ arn: this.arn });
    }

    /**
     * Statement for a role that decrypts (`read`), encrypts (`write`), or does both, with this key through an AWS service.
     *
     * The key is named by its alias, because its ARN is not known before it exists (see {@link Scope}).
     *
     * @throws Error if the key's policy does not admit the service, in which case the statement would allow nothing.
     */
    useThrough(service: string, mode: keyof typeof modes, sid: string): Statement {
        const { scope, viaServices } = this.args;
        if (!viaServices.includes(service)) {
            throw new Error(
                `${this.aliasName}: the key's policy does not admit its use through "${service}", only through ` +
                    `${viaServices.join(", ") || "no service"}; add "${service}" to the key's viaServices, or use another key`,
            );
        }
        return {
            sid,
            actions: modes[mode],
            resources: [scope.arn("kms", "key/*")],
            conditions: {
                "ForAnyValue:StringEquals": { "kms:ResourceAliases": this.aliasName },
                StringEquals: { "kms:ViaService": serviceHost(scope, service) },
            },
        };
    }

    /**
     * Statement for a role that decrypts with this key itself, not through a service.
     *
     * @throws Error if no statement of the key's policy admits that, in which case the statement would allow nothing.
     */
    decryptDirectly(sid: string): Statement {
        const { scope, viaServices, serviceStatements } = this.args;
        if (!serviceStatements.some(admitsDirectUse)) {
            throw new Error(
                `${this.aliasName}: the key's policy does not admit that roles decrypt with it themselves, only through ` +
                    `${viaServices.join(", ") || "no service"}; add a statement for this account that allows kms:Decrypt, ` +
                    "or use another key",
            );
        }
        return {
            sid,
            actions: ["kms:Decrypt"],
            resources: [scope.arn("kms", "key/*")],
            conditions: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": this.aliasName } },
        };
    }
}

/** What a role does with the data that a service encrypts for it. */
const modes = {
    read: ["kms:Decrypt"],
    write: ["kms:GenerateDataKey"],
    "read-write": ["kms:Decrypt", "kms:GenerateDataKey"],
};

/** Whether a statement of the key's policy lets roles of an account decrypt without a service between. */
const admitsDirectUse = ({ principals, actions, conditions = {} }: ResourceStatement): boolean =>
    typeof principals === "object" &&
    "AWS" in principals &&
    actions.includes("kms:Decrypt") &&
    Object.values(conditions).every((keys) => keys["kms:ViaService"] === undefined);

/** Host of a service as KMS names it in `kms:ViaService`. */
const serviceHost = (scope: Scope, service: string): string => `${service}.${scope.region}.amazonaws.com`;

const use = [
    "kms:Encrypt",
    "kms:Decrypt",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:DescribeKey",
];

// What the account's administrators need, and nothing that reads or writes data.
const administration = [
    "kms:CancelKeyDeletion",
    "kms:CreateAlias",
    "kms:DeleteAlias",
    "kms:DescribeKey",
    "kms:DisableKey",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    "kms:DisableKeyRotation",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListAliases",
    "kms:ListGrants",
    "kms:ListKeyPolicies",
    "kms:ListResourceTags",
    "kms:PutKeyPolicy",
    "kms:RevokeGrant",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateAlias",
    "kms:UpdateKeyDescription",
];
