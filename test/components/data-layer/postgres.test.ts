import assert from "node:assert/strict";
import { type Access } from "../../../components/building-blocks";
import { type DataLayerArgs } from "../../../components/data-layer";
import { type Recording } from "../../../plan/recording";
import { statement, statements } from "../../support/policy";
import { find, ofType, record } from "../../support/record";
import { account, arn, dataLayer, keyId, small } from "./fixture";

const backups = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication";

describe("Postgres", () => {
    let recording: Recording;
    let access: Access;
    const instance = (from = recording): Recording["resources"][number] =>
        find(from, "aws:rds/instance:Instance", "data-postgres");
    const parameters = (major: string, from = recording): Recording["resources"][number] =>
        find(from, "aws:rds/parameterGroup:ParameterGroup", `data-postgres-${major}`);
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
            parameterGroupName: parameters("17").outputs.name,
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
            allowMajorVersionUpgrade: false,
            applyImmediately: true,
            copyTagsToSnapshot: true,
            deletionProtection: false,
            deleteAutomatedBackups: true,
            skipFinalSnapshot: true,
            enabledCloudwatchLogsExports: ["iam-db-auth-error", "postgresql", "upgrade"],
            databaseInsightsMode: "standard",
            performanceInsightsEnabled: true,
            performanceInsightsKmsKeyId: key,
            performanceInsightsRetentionPeriod: 7,
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
        assert.equal(kept.options.retainOnDelete, true);
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
        assert.ok(!instance().options.retainOnDelete);
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
        const { inputs } = parameters("17");
        assert.equal(inputs.family, "postgres17");
        assert.deepEqual(inputs.parameters, [
            { name: "log_min_duration_statement", value: "500" },
            { name: "log_statement", value: "ddl" },
            { name: "rds.force_ssl", value: "1" },
        ]);
    });

    it("leaves versions to AWS", () => {
        assert.deepEqual(instance().options.ignoreChanges, ["engineVersion"]);
        assert.equal(ofType(recording, "aws:rds/parameterGroup:ParameterGroup").length, 1);
    });

    it("is upgraded at once, with the parameters of both versions", async () => {
        const upgraded = await recordWith({ engineVersion: "18", upgradingFrom: "17" }, { disposable: false });
        const { inputs, options } = instance(upgraded);
        assert.deepEqual(options.ignoreChanges ?? [], []);
        assert.equal(inputs.allowMajorVersionUpgrade, true);
        assert.equal(inputs.applyImmediately, true);
        assert.equal(inputs.parameterGroupName, parameters("18", upgraded).outputs.name);
        assert.deepEqual(
            ["17", "18"].map((major) => parameters(major, upgraded).inputs.family as string),
            ["postgres17", "postgres18"],
        );
    });

    it("has a standby if it is to", async () => {
        assert.equal(instance(await recordWith({ multiAz: true })).inputs.multiAz, true);
    });

    it("is another instance with another end of its name, and all that names it follows", async () => {
        const restored = await recordWith({ instanceSuffix: "2" }, { disposable: false });
        const adopted = find(restored, "aws:rds/instance:Instance", "data-postgres-2");
        assert.equal(adopted.inputs.identifier, "aipx-dev-postgres-2");
        assert.equal(adopted.inputs.finalSnapshotIdentifier, `aipx-dev-postgres-2-final-${keyId(restored)}`);
        const logs = find(restored, "aws:cloudwatch/logGroup:LogGroup", "data-postgres-postgresql");
        assert.equal(logs.inputs.name, "/aws/rds/instance/aipx-dev-postgres-2/postgresql");
        assert.equal(logs.options.retainOnDelete, true);
        const role = find(restored, "aws:iam/role:Role", "data-postgres-monitoring").inputs;
        assert.match(role.assumeRolePolicy as string, /:db:aipx-dev-postgres-2"/);
        assert.equal(
            find(restored, "aws:ssm/parameter:Parameter", "data-postgres-endpoint").inputs.value,
            adopted.outputs.endpoint,
        );
    });

    it("copies backups to a second region, encrypted with a key of that region", async () => {
        assert.deepEqual(ofType(recording, backups), []);
        const copied = await recordWith({ backupRegion: "ap-northeast-1", backupRetentionDays: 14 });
        const key = find(copied, "aws:kms/key:Key", "data-postgres-backups");
        assert.deepEqual(find(copied, backups, "data-postgres-backups").inputs, {
            region: "ap-northeast-1",
            sourceDbInstanceArn: arn("rds", "db:aipx-dev-postgres"),
            kmsKeyId: key.outputs.arn,
            retentionPeriod: 14,
        });
        assert.match(key.outputs.arn as string, /^arn:aws:kms:ap-northeast-1:/);
        assert.deepEqual(statement(key.inputs.policy as string, "UseThroughServices").Condition, {
            StringEquals: { "kms:ViaService": ["rds.ap-northeast-1.amazonaws.com"], "kms:CallerAccount": account },
        });
        const alias = find(copied, "aws:kms/alias:Alias", "data-postgres-backups").inputs;
        assert.deepEqual([alias.region, alias.name], ["ap-northeast-1", "alias/aipx-dev-postgres-backups"]);
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
