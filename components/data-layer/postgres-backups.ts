import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { EncryptionKey, Scope } from "../building-blocks";

export interface BackupReplicationArgs {
    scope: Scope;
    /** Region that backups are copied to. A change begins anew there; what was copied stays until its days are over. */
    backupRegion: string;
    /** ARN of the database. */
    sourceArn: pulumi.Output<string>;
    /** Name of the database. */
    database: string;
    /** Days that one can go back to any second of, there as well. */
    backupRetentionDays: number;
    disposable: boolean;
}

/**
 * Copies the automatic backups of a database to another region: snapshots and, every five minutes or so, transaction logs. They are
 * encrypted with a key of that region.
 */
export function replicateBackups(name: string, args: BackupReplicationArgs, opts: pulumi.CustomResourceOptions): void {
    const { scope, backupRegion, disposable } = args;
    const key = new EncryptionKey(
        `${name}-backups`,
        {
            scope: new Scope({ ...scope, region: backupRegion }),
            region: backupRegion,
            keyName: "postgres-backups",
            description: `Backups of ${args.database} from ${scope.region}`,
            viaServices: ["rds"],
            serviceStatements: [],
            disposable,
        },
        opts,
    );
    new aws.rds.InstanceAutomatedBackupsReplication(
        `${name}-backups`,
        {
            region: backupRegion,
            sourceDbInstanceArn: args.sourceArn,
            kmsKeyId: key.arn,
            retentionPeriod: args.backupRetentionDays,
        },
        opts,
    );
}
