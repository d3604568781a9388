import { customerKey } from "../core/customer-key";
import { type Rule } from "../core/rule";
import { everyItem, propertyRule } from "../core/property-rule";

const snapshotCopies = ["aws:rds/snapshotCopy:SnapshotCopy", "aws:rds/clusterSnapshotCopy:ClusterSnapshotCopy"];
const snapshots = ["aws:rds/snapshot:Snapshot", "aws:rds/clusterSnapshot:ClusterSnapshot", ...snapshotCopies];

/** Rules about snapshots and other copies of databases. */
export const snapshotRules: readonly Rule[] = [
    propertyRule({
        name: "rds-snapshot-disallow-public",
        description: "Snapshots must not be shared with everybody.",
        severity: "critical",
        category: "network",
        controls: ["RDS-098"],
        remediation: 'Take "all" out of sharedAccounts; name accounts.',
        types: snapshots,
        path: ["sharedAccounts", everyItem],
        test: ({ text }) => text !== undefined && text !== "all",
        message: 'sharedAccounts must not hold "all".',
    }),
    propertyRule({
        name: "rds-backup-require-customer-managed-key",
        description: "Copies and exports of databases must be encrypted with a customer-managed key.",
        severity: "medium",
        category: "encryption-at-rest",
        controls: ["RDS-098"],
        remediation: "Set kmsKeyId to the ARN of a KMS key of your own, in the region of the copy.",
        types: [
            ...snapshotCopies,
            "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
            "aws:rds/exportTask:ExportTask",
        ],
        path: ["kmsKeyId"],
        ...customerKey,
        message: "kmsKeyId must be a customer-managed key.",
    }),
];
