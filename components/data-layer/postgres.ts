import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
    access,
    type Access,
    connectionParameter,
    type EnvironmentValue,
    logGroup,
    type LogRetention,
    type Scope,
    ServiceRole,
    ServiceSecurityGroup,
    tagged,
} from "../building-blocks";
import { type Keys } from "../encryption";
import { type Placement } from "../network";
import { finalSnapshotName } from "./final-snapshot";

/** Size of the database. */
export interface PostgresSettings {
    /** `17` or `17.6`. Within a major version AWS upgrades by itself; another major version is a step of its own. */
    engineVersion: string;
    /** `db.t4g.micro`: $18 a month, twice that with Multi-AZ. */
    instanceClass: string;
    /** Disk at creation, 20 GiB or more; afterwards it grows by itself. $0.131 a GiB and month, twice that with Multi-AZ. */
    storageGiB: number;
    /** Up to where the disk grows. It never shrinks. */
    maxStorageGiB: number;
    /** Whether a copy in another zone takes over when the first fails. */
    multiAz: boolean;
    /** Days that one can go back to any second of, 1 to 35. */
    backupRetentionDays: number;
}

export interface PostgresArgs extends PostgresSettings {
    scope: Scope;
    keys: Keys;
    network: Placement;
    logs: LogRetention;
    /** Whether the database may be deleted without a last snapshot, and changes apply at once instead of at night. */
    disposable: boolean;
}

const port = 5432;

/** What the database writes logs of. pgaudit is left out: it would write every statement, and DDL is logged without it. */
const logKinds = ["iam-db-auth-error", "postgresql", "upgrade"];

/**
 * PostgreSQL on RDS: TLS only, our key, automatic backups, logs and metrics of the operating system. Services sign in
 * with IAM, as database users of their own; the master user's password is made, kept and changed by RDS.
 */
export class Postgres extends pulumi.ComponentResource {
    readonly instanceIdentifier: string;
    readonly instanceClass: string;
    /** Disk at creation. */
    readonly storageGiB: number;
    /** Host and port. */
    readonly endpoint: pulumi.Output<string>;
    /** Name of the database that services use: `aipx`. */
    readonly databaseName: string;
    private readonly scope: Scope;
    private readonly securityGroup: ServiceSecurityGroup;
    private readonly endpointValue: EnvironmentValue;
    private readonly parameter: pulumi.Resource;

    constructor(name: string, args: PostgresArgs, opts?: pulumi.ComponentResourceOptions) {
        super("aipx:datalayer:Postgres", name, {}, tagged({ service: "postgres" }, opts));
        const { scope, keys, network, disposable } = args;
        this.scope = scope;
        this.instanceIdentifier = scope.name("postgres");
        this.instanceClass = args.instanceClass;
        this.storageGiB = args.storageGiB;
        this.databaseName = databaseUser(scope.project);

        this.securityGroup = new ServiceSecurityGroup(
            name,
            { vpcId: network.vpcId, description: "PostgreSQL" },
            { parent: this },
        );
        // Made before the database, which would make them without retention and key.
        const logGroups = logKinds.map((kind) =>
            logGroup(`${name}-${kind}`, `/aws/rds/instance/${this.instanceIdentifier}/${kind}`, args.logs, {
                parent: this,
            }),
        );
        const monitoring = this.monitoringRole(name);
        const subnets = new aws.rds.SubnetGroup(
            name,
            { description: `Isolated subnets of ${scope.name()}`, subnetIds: network.isolatedSubnetIds },
            { parent: this },
        );
        const instance = new aws.rds.Instance(
            name,
            {
                identifier: this.instanceIdentifier,
                engine: "postgres",
                engineVersion: args.engineVersion,
                instanceClass: args.instanceClass,
                dbName: this.databaseName,
                port,
                multiAz: args.multiAz,
                dbSubnetGroupName: subnets.name,
                vpcSecurityGroupIds: [this.securityGroup.id],
                publiclyAccessible: false,
                parameterGroupName: parameterGroup(name, args.engineVersion, { parent: this }).name,
                caCertIdentifier: "rds-ca-rsa2048-g1",
                // AWS forbids or guesses the usual names.
                username: `${this.databaseName}_admin`,
                manageMasterUserPassword: true,
                masterUserSecretKmsKeyId: keys.data.arn,
                iamDatabaseAuthenticationEnabled: true,
                storageType: "gp3",
                allocatedStorage: args.storageGiB,
                maxAllocatedStorage: args.maxStorageGiB,
                storageEncrypted: true,
                kmsKeyId: keys.data.arn,
                backupRetentionPeriod: args.backupRetentionDays,
                // UTC: two to four in the Korean night, when no market is open.
                backupWindow: "17:00-17:30",
                maintenanceWindow: "sat:18:00-sat:19:00",
                autoMinorVersionUpgrade: true,
                applyImmediately: disposable,
                copyTagsToSnapshot: true,
                deletionProtection: !disposable,
                deleteAutomatedBackups: disposable,
                skipFinalSnapshot: disposable,
                finalSnapshotIdentifier: disposable ? undefined : finalSnapshotName(this.instanceIdentifier, keys.data),
                enabledCloudwatchLogsExports: logKinds,
                databaseInsightsMode: "standard",
                monitoringInterval: 60,
                monitoringRoleArn: monitoring.arn,
            },
            { parent: this, protect: !disposable, dependsOn: [...logGroups, monitoring] },
        );
        this.endpoint = instance.endpoint;
        const { parameter, environmentValue } = connectionParameter(
            `${name}-endpoint`,
            scope,
            ["postgres", "endpoint"],
            this.endpoint,
            { parent: this },
        );
        this.parameter = parameter;
        this.endpointValue = environmentValue;
        this.registerOutputs({ endpoint: this.endpoint });
    }

    /**
     * Signing in with IAM as a database user. The user's name holds the environment, so that this role gets into no other
     * installation of the account. The user itself is made in SQL, once:
     * `CREATE USER aipx_dev_oms; GRANT rds_iam TO aipx_dev_oms;`
     *
     * @param user Name of the service: `oms` gives the database user `aipx_dev_oms`.
     */
    connect(user: string): Access {
        const databaseUserName = databaseUser(this.scope.name(user));
        return access({
            statements: [
                {
                    sid: "PostgresConnect",
                    actions: ["rds-db:connect"],
                    // AWS draws the id of the instance.
                    resources: [this.scope.arn("rds-db", `dbuser:db-*/${databaseUserName}`)],
                },
            ],
            connections: [this.securityGroup.destination("postgres", port)],
            environment: {
                POSTGRES_ENDPOINT: this.endpointValue,
                POSTGRES_USER: { value: databaseUserName },
                POSTGRES_DATABASE: { value: this.databaseName },
            },
            dependsOn: [this.parameter],
        });
    }

    /** Role with which RDS writes the operating system's metrics, to a log group that all databases of the account share. */
    private monitoringRole(name: string): ServiceRole {
        const { scope } = this;
        return new ServiceRole(
            `${name}-monitoring`,
            {
                roleName: scope.name("postgres", "monitoring"),
                description: `Writes operating-system metrics of ${this.instanceIdentifier}`,
                servicePrincipal: "monitoring.rds.amazonaws.com",
                trustConditions: {
                    StringEquals: { "aws:SourceAccount": scope.accountId },
                    ArnLike: { "aws:SourceArn": scope.arn("rds", `db:${this.instanceIdentifier}`) },
                },
                statements: [
                    {
                        sid: "LogGroup",
                        actions: ["logs:CreateLogGroup", "logs:DescribeLogStreams", "logs:PutRetentionPolicy"],
                        resources: [scope.arn("logs", "log-group:RDS*")],
                    },
                    {
                        sid: "LogStreams",
                        actions: ["logs:CreateLogStream", "logs:GetLogEvents", "logs:PutLogEvents"],
                        resources: [scope.arn("logs", "log-group:RDS*:log-stream:*")],
                    },
                ],
            },
            { parent: this },
        );
    }
}

/** Server parameters. The name is Pulumi's, so that the group of a new major version can stand beside the old one. */
function parameterGroup(
    name: string,
    engineVersion: string,
    opts: pulumi.CustomResourceOptions,
): aws.rds.ParameterGroup {
    const family = `postgres${engineVersion.split(".")[0]}`;
    return new aws.rds.ParameterGroup(
        name,
        {
            family,
            description: `${family} with forced TLS, and a log of slow statements and of changes to tables`,
            parameters: [
                { name: "log_min_duration_statement", value: "500" },
                { name: "log_statement", value: "ddl" },
                { name: "rds.force_ssl", value: "1" },
            ],
        },
        opts,
    );
}

/** A name in PostgreSQL's own alphabet: `aipx-dev-oms` as `aipx_dev_oms`. */
const databaseUser = (name: string): string => name.replace(/-/g, "_");
