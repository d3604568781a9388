import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
    access,
    type Access,
    connectionParameter,
    type EnvironmentValue,
    instanceMemoryGiB,
    logGroup,
    type LogRetention,
    type Scope,
    ServiceRole,
    ServiceSecurityGroup,
    tagged,
} from "../building-blocks";
import { type Keys } from "../encryption";
import { type Placement } from "../network";
import { DatabaseUsers } from "./database-users";
import { type EngineVersions, ignoredVersion, ofRunningVersion } from "./engine-version";
import { finalSnapshotName } from "./final-snapshot";
import { replicateBackups } from "./postgres-backups";
import { rdsCertificate } from "./rds-certificate";

/** Size of the database. Its version is a major one: `17`. */
export interface PostgresSettings extends EngineVersions {
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
    /**
     * Region that backups are copied to as well, with a key of its own: $1 a month, and $0.095 a GB and month.
     * @default none
     */
    backupRegion?: string;
    /**
     * End of the instance's name, after `<project>-<environment>-postgres-`. Another one is another instance: one that was restored,
     * and is adopted in place of the first.
     * @default none
     */
    instanceSuffix?: string;
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

/** What signs the database's certificate. */
const certificateAuthority = "rds-ca-rsa2048-g1";

/** What the database writes logs of. pgaudit is left out: it would write every statement, and DDL is logged without it. */
const logKinds = ["iam-db-auth-error", "postgresql", "upgrade"];

/**
 * PostgreSQL on RDS: TLS only, our key, automatic backups, logs and metrics of the operating system. Services sign in
 * with IAM, as database users of their own, which are made while the stack is deployed; the master user's password is made, kept and
 * changed by RDS.
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
    private readonly makeUsers: () => DatabaseUsers;
    private users: DatabaseUsers | undefined;
    private readonly made = new Map<string, pulumi.Resource>();

    constructor(name: string, args: PostgresArgs, opts?: pulumi.ComponentResourceOptions) {
        super("aipx:datalayer:Postgres", name, {}, tagged({ service: "postgres" }, opts));
        const { scope, keys, network, disposable } = args;
        this.scope = scope;
        const suffix = args.instanceSuffix === undefined ? [] : [args.instanceSuffix];
        this.instanceIdentifier = scope.name("postgres", ...suffix);
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
                // When a restored database takes over, what the other one wrote is worth reading.
                retainOnDelete: !disposable,
            }),
        );
        const monitoring = this.monitoringRole(name);
        const subnets = new aws.rds.SubnetGroup(
            name,
            { description: `Isolated subnets of ${scope.name()}`, subnetIds: network.isolatedSubnetIds },
            { parent: this },
        );
        const instance = new aws.rds.Instance(
            [name, ...suffix].join("-"),
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
                parameterGroupName: parameterGroups(name, args, { parent: this }).name,
                caCertIdentifier: certificateAuthority,
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
                allowMajorVersionUpgrade: args.upgradingFrom !== undefined,
                applyImmediately: disposable || args.upgradingFrom !== undefined,
                copyTagsToSnapshot: true,
                deletionProtection: !disposable,
                deleteAutomatedBackups: disposable,
                skipFinalSnapshot: disposable,
                finalSnapshotIdentifier: disposable ? undefined : finalSnapshotName(this.instanceIdentifier, keys.data),
                enabledCloudwatchLogsExports: logKinds,
                // Database Insights shows queries only of databases with Performance Insights, which is free for 7 days.
                databaseInsightsMode: "standard",
                performanceInsightsEnabled: true,
                performanceInsightsKmsKeyId: keys.data.arn,
                performanceInsightsRetentionPeriod: 7,
                monitoringInterval: 60,
                monitoringRoleArn: monitoring.arn,
            },
            {
                parent: this,
                protect: !disposable,
                // A database that is no longer declared, since a restored one has taken its place, is forgotten and not deleted.
                retainOnDelete: !disposable,
                ignoreChanges: ignoredVersion(args),
                dependsOn: [...logGroups, monitoring],
            },
        );
        if (args.backupRegion !== undefined) {
            replicateBackups(
                name,
                {
                    ...args,
                    backupRegion: args.backupRegion,
                    sourceArn: instance.arn,
                    database: this.instanceIdentifier,
                },
                { parent: this },
            );
        }
        this.endpoint = ofRunningVersion("Postgres", args, instance.engineVersionActual, instance.endpoint);
        const { parameter, environmentValue } = connectionParameter(
            `${name}-endpoint`,
            scope,
            ["postgres", "endpoint"],
            this.endpoint,
            { parent: this },
        );
        this.parameter = parameter;
        this.endpointValue = environmentValue;
        this.makeUsers = () =>
            new DatabaseUsers(
                `${name}-users`,
                {
                    ...{ scope, keys, network, logs: args.logs },
                    instanceIdentifier: this.instanceIdentifier,
                    instanceId: instance.resourceId,
                    endpoint: this.endpoint,
                    destination: this.securityGroup.destination("postgres", port),
                    databaseName: this.databaseName,
                    masterSecretArn: instance.masterUserSecrets.apply(secretArn),
                    certificateAuthority: rdsCertificate(scope.region, certificateAuthority),
                },
                { parent: this },
            );
        this.registerOutputs({ endpoint: this.endpoint });
    }

    /**
     * Signing in with IAM as a database user, who is made at the first call, with a schema of its own. The user's name holds the
     * environment, so that this role gets into no other installation of the account.
     *
     * @param user Name of the service: `oms` gives the database user `aipx_dev_oms` and the schema `oms`.
     */
    connect(user: string): Access {
        const databaseUserName = databaseUser(this.scope.name(user));
        let made = this.made.get(user);
        if (!made) {
            // Not before anybody asks: a function that nothing calls would be one to keep for nothing.
            this.users ??= this.makeUsers();
            made = this.users.add({
                user: databaseUserName,
                schema: databaseUser(user),
                connectionLimit: connectionLimit(this.instanceClass),
            });
            this.made.set(user, made);
        }
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
            dependsOn: [this.parameter, made],
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

/** Server parameters of the version that is to run. While a database is upgraded, those that it leaves are there too: AWS has them in use. */
function parameterGroups(
    name: string,
    { engineVersion, upgradingFrom = engineVersion }: EngineVersions,
    opts: pulumi.CustomResourceOptions,
): aws.rds.ParameterGroup {
    const [current, left] = [engineVersion, upgradingFrom].map((version) => version.split(".")[0]!);
    if (left !== current) {
        parameterGroup(name, left!, opts);
    }
    return parameterGroup(name, current!, opts);
}

function parameterGroup(name: string, major: string, opts: pulumi.CustomResourceOptions): aws.rds.ParameterGroup {
    const family = `postgres${major}`;
    return new aws.rds.ParameterGroup(
        `${name}-${major}`,
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

/** The secret in which RDS keeps the master user. */
function secretArn(secrets: aws.types.output.rds.InstanceMasterUserSecret[]): string {
    const [secret] = secrets;
    if (secret === undefined) {
        throw new Error(
            "Postgres: RDS does not keep this instance's master password. Let it, and refresh: aws rds modify-db-instance " +
                "--manage-master-user-password --db-instance-identifier NAME",
        );
    }
    return secret.secretArn;
}

/**
 * Most connections of one user: two fifths of what the database takes, so that no service keeps the others out. RDS takes three
 * quarters of what this divisor gives for the whole memory, since it counts what is left beside the system.
 */
const connectionLimit = (instanceClass: string): number =>
    Math.floor(0.4 * 0.75 * Math.min((instanceMemoryGiB(instanceClass) * 1024 ** 3) / 9_531_392, 5000));

/** A name in PostgreSQL's own alphabet: `aipx-dev-oms` as `aipx_dev_oms`. */
const databaseUser = (name: string): string => name.replace(/-/g, "_");
