import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { access, type Access, type Scope } from "../building-blocks";
import { type Keys } from "../encryption";

export interface LeasesArgs {
    scope: Scope;
    keys: Pick<Keys, "data">;
    /** The way to DynamoDB. */
    dynamodb: Access;
    /** Whether the table may be deleted without being unlocked first. */
    disposable: boolean;
}

/**
 * A DynamoDB table of leases: whoever does what only one may do at a time holds the lease of it, renews it every few seconds
 * and gives it back. ECS alone does not keep two tasks apart: it counts a task that is stopping as gone.
 *
 * One item a lease, with the attributes `leaseKey`, `owner`, `fencingNumber` and `expiresAt` (Unix time in seconds);
 * docs/images.md says how they are used, under "Ingestion (feeds): what it must do". Items are never deleted, or the fencing
 * number would begin anew; there are as many as app keys. Paid by request: a lease that is renewed every five seconds costs
 * about $0.20 a month.
 */
export class Leases extends pulumi.ComponentResource {
    readonly tableName: string;
    private readonly args: LeasesArgs;
    private readonly table: aws.dynamodb.Table;

    constructor(name: string, args: LeasesArgs, opts?: pulumi.ComponentResourceOptions) {
        super("aipx:hotpath:Leases", name, {}, opts);
        const { scope, keys, disposable } = args;
        this.args = args;
        this.tableName = scope.name("leases");
        this.table = new aws.dynamodb.Table(
            name,
            {
                name: this.tableName,
                billingMode: "PAY_PER_REQUEST",
                hashKey: "leaseKey",
                attributes: [{ name: "leaseKey", type: "S" }],
                serverSideEncryption: { enabled: true, kmsKeyArn: keys.data.arn },
                pointInTimeRecovery: { enabled: true },
                deletionProtectionEnabled: !disposable,
            },
            { parent: this, protect: !disposable },
        );
        this.registerOutputs({ tableName: this.tableName });
    }

    /** What a service needs in order to hold the lease of `leaseKey`, and no other. Environment `LEASE_TABLE`, `LEASE_KEY`. */
    hold(leaseKey: string): Access {
        const { scope, keys, dynamodb } = this.args;
        return access({
            statements: [
                {
                    sid: "HoldLease",
                    actions: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
                    resources: [scope.arn("dynamodb", `table/${this.tableName}`)],
                    conditions: { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": [leaseKey] } },
                },
                keys.data.useThrough("dynamodb", "read", "DecryptLeases"),
            ],
            connections: dynamodb.connections,
            environment: { LEASE_TABLE: { value: this.tableName }, LEASE_KEY: { value: leaseKey } },
            dependsOn: [this.table, ...dynamodb.dependsOn],
        });
    }
}
