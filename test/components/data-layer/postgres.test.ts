import assert from "node:assert/strict";
import { type Access } from "../../../components/building-blocks";
import { type DataLayerArgs } from "../../../components/data-layer";
import { type Recording } from "../../../plan/recording";
import { statement, statements } from "../../support/policy";
import { find, ofType, record } from "../../support/record";
import { account, arn, dataLayer, keyId, small } from "./fixture";

describe("Postgres", () => {
    let recording: Recording;
    let access: Access;
    const instance = (from = recording): Recording["resources"][number] =>
        find(from, "aws:rds/instance:Instance", "data-postgres");
    const recordWith = (
        changes: Partial<DataLayerArgs["postgres"]>,
        others: Partial<DataLayerArgs> = {},
    ): Promise<Recording> =>
        record(() => {
            dataLayer({ postgres: { ...small.postgres, ...changes }, ...others });
        });

    before(async () => {
        recording = await record(() => {
            access = dataLayer().postgres.connect("strategy-momentum");
        });
    });

    it("makes a private, encrypted database whose password nobody has to know", () => {
        const key = find(recording, "aws:kms/key:Key", "data-keys-data").outputs.arn as string;
        assert.deepEqual(instance().inputs, {
            identifier: "aipx-dev-postgres",
            engine: "postgres",
            engineVersion: "17",
            instanceClass: "db.t4g.micro",
            dbName: "aipx",
            port: 5432,
            multiAz: false,
            dbSubnetGroupName: find(recording, "aws:rds/subnetGroup:SubnetGroup", "data-postgres").outputs.name,
            vpcSecurityGroupIds: [find(recording, "aws:ec2/securityGroup:SecurityGroup", "data-postgres").id],
            publiclyAccessible: false,
            parameterGroupName: find(recording, "aws:rds/parameterGroup:ParameterGroup", "data-postgres").outputs.name,
            caCertIdentifier: "rds-ca-rsa2048-g1",
            username: "aipx_admin",
            manageMasterUserPassword: true,
            masterUserSecretKmsKeyId: key,
            iamDatabaseAuthenticationEnabled: true,
            storageType: "gp3",
            allocatedStorage: 20,
            maxAllocatedStorage: 50,
            storageEncrypted: true,
            kmsKeyId: key,
            backupRetentionPeriod: 7,
            backupWindow: "17:00-17:30",
            maintenanceWindow: "sat:18:00-sat:19:00",
            autoMinorVersionUpgrade: true,
            applyImmediately: true,
            copyTagsToSnapshot: true,
            deletionProtection: false,
            deleteAutomatedBackups: true,
            skipFinalSnapshot: true,
            enabledCloudwatchLogsExports: ["iam-db-auth-error", "postgresql", "upgrade"],
            databaseInsightsMode: "standard",
            monitoringInterval: 60,
            monitoringRoleArn: find(recording, "aws:iam/role:Role", "data-postgres-monitoring").outputs.arn,
            tags: { component: "data-layer", service: "postgres" },
        });
        assert.deepEqual(find(recording, "aws:rds/subnetGroup:SubnetGroup", "data-postgres").inputs.subnetIds, [
            "subnet-a",
            "subnet-c",
        ]);
    });

    it("is hard to lose unless it is disposable", async () => {
        const protecting = await recordWith({}, { disposable: false });
        const kept = instance(protecting);
        assert.equal(kept.options.protect, true);
        const {
            deletionProtection,
            deleteAutomatedBackups,
            skipFinalSnapshot,
            finalSnapshotIdentifier,
            applyImmediately,
        } = kept.inputs;
        assert.deepEqual(
            {
                deletionProtection,
                deleteAutomatedBackups,
                skipFinalSnapshot,
                finalSnapshotIdentifier,
                applyImmediately,
            },
            {
                deletionProtection: true,
                deleteAutomatedBackups: false,
                skipFinalSnapshot: false,
                finalSnapshotIdentifier: `aipx-dev-postgres-final-${keyId(protecting)}`,
                applyImmediately: false,
            },
        );
        assert.ok(!instance().options.protect);
    });

    it("makes the log groups before the database, with retention and key", () => {
        for (const kind of ["iam-db-auth-error", "postgresql", "upgrade"]) {
            const group = find(recording, "aws:cloudwatch/logGroup:LogGroup", `data-postgres-${kind}`);
            assert.equal(group.inputs.name, `/aws/rds/instance/aipx-dev-postgres/${kind}`);
            assert.equal(group.inputs.retentionInDays, 7);
            assert.equal(group.inputs.kmsKeyId, find(recording, "aws:kms/key:Key", "data-keys-logs").outputs.arn);
            assert.ok(instance().dependencies.includes(group.urn), kind);
        }
    });

    it("forces TLS, and logs slow statements and changes to tables", () => {
        const { inputs } = find(recording, "aws:rds/parameterGroup:ParameterGroup", "data-postgres");
        assert.equal(inputs.family, "postgres17");
        assert.deepEqual(inputs.parameters, [
            { name: "log_min_duration_statement", value: "500" },
            { name: "log_statement", value: "ddl" },
            { name: "rds.force_ssl", value: "1" },
        ]);
    });

    it("takes the parameter family from the major version", async () => {
        const older = await recordWith({ engineVersion: "16.9", multiAz: true });
        assert.equal(ofType(older, "aws:rds/parameterGroup:ParameterGroup")[0]?.inputs.family, "postgres16");
        assert.equal(instance(older).inputs.multiAz, true);
    });

    it("has a monitoring role for this database only", () => {
        const role = find(recording, "aws:iam/role:Role", "data-postgres-monitoring").inputs;
        const trust = statement(role.assumeRolePolicy as string, "Trust");
        assert.deepEqual(trust.Principal, { Service: "monitoring.rds.amazonaws.com" });
        assert.deepEqual(trust.Condition, {
            StringEquals: { "aws:SourceAccount": account },
            ArnLike: { "aws:SourceArn": arn("rds", "db:aipx-dev-postgres") },
        });
        const policy = find(recording, "aws:iam/rolePolicy:RolePolicy", "data-postgres-monitoring").inputs
            .policy as string;
        assert.deepEqual(
            statements(policy).map(({ Resource }) => Resource),
            [arn("logs", "log-group:RDS*"), arn("logs", "log-group:RDS*:log-stream:*")],
        );
    });

    it("writes what a service needs: to sign in as a user of this installation", () => {
        assert.deepEqual(access.statements, [
            {
                sid: "PostgresConnect",
                actions: ["rds-db:connect"],
                resources: [arn("rds-db", "dbuser:db-*/aipx_dev_strategy_momentum")],
            },
        ]);
        assert.deepEqual(
            access.connections.map(({ name, port }) => [name, port]),
            [["postgres", 5432]],
        );
        assert.deepEqual(access.environment.POSTGRES_USER, { value: "aipx_dev_strategy_momentum" });
        assert.deepEqual(access.environment.POSTGRES_DATABASE, { value: "aipx" });
        assert.equal(
            find(recording, "aws:ssm/parameter:Parameter", "data-postgres-endpoint").inputs.value,
            instance().outputs.endpoint,
        );
    });
});
