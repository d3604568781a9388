import { createHash } from "node:crypto";
import * as path from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
    access,
    bundle,
    CodeFunction,
    type Destination,
    type LogRetention,
    type Scope,
    ServiceSecurityGroup,
    tagged,
} from "../building-blocks";
import { type Keys } from "../encryption";
import { type Placement } from "../network";
import { type DatabaseUser } from "./database-users/make-user";

export interface DatabaseUsersArgs {
    scope: Scope;
    keys: Keys;
    network: Placement;
    logs: LogRetention;
    /** Instance that the users are made in: its name, and the id that AWS draws for each new one. */
    instanceIdentifier: string;
    instanceId: pulumi.Output<string>;
    /** Host and port. */
    endpoint: pulumi.Output<string>;
    /** PostgreSQL, for a security group. */
    destination: Destination;
    databaseName: string;
    /** ARN of the secret in which RDS keeps the master user's name and password. */
    masterSecretArn: pulumi.Output<string>;
    /** Certificate (PEM) of the authority that signed the server's. */
    certificateAuthority: string;
}

const service = "database-users";
const entryPoint = path.join(__dirname, service, "handler.ts");

/**
 * Makes users in PostgreSQL while the stack is deployed: a function in the VPC that signs in as the master user, and that `pulumi up`
 * calls for each user. It is there before any service is, and costs nothing while nobody is made.
 */
export class DatabaseUsers extends pulumi.ComponentResource {
    readonly functionName: string;
    private readonly name: string;
    private readonly triggers: Record<string, pulumi.Input<string>>;
    private readonly ready: pulumi.Resource[];

    constructor(name: string, args: DatabaseUsersArgs, opts?: pulumi.ComponentResourceOptions) {
        super("aipx:datalayer:DatabaseUsers", name, {}, tagged({ service }, opts));
        const { scope, keys, network } = args;
        this.name = name;
        const securityGroup = new ServiceSecurityGroup(
            name,
            { vpcId: network.vpcId, description: `Function ${scope.name(service)}` },
            { parent: this },
        );
        const fn = new CodeFunction(
            name,
            {
                scope,
                service,
                entryPoint,
                // A new database may need a while before it lets anybody in.
                size: { memoryMB: 256, timeoutSeconds: 120 },
                architecture: "arm64",
                subnetIds: network.privateSubnetIds,
                securityGroup,
                environment: {
                    POSTGRES_ENDPOINT: args.endpoint,
                    POSTGRES_DATABASE: args.databaseName,
                    POSTGRES_CERTIFICATE_AUTHORITY: args.certificateAuthority,
                    POSTGRES_MASTER_USER_ARN: args.masterSecretArn,
                },
                access: [
                    access({
                        connections: [args.destination],
                        statements: [
                            {
                                sid: "ReadMasterUser",
                                actions: ["secretsmanager:GetSecretValue"],
                                // RDS draws the secret's name, and marks it with the database that it belongs to.
                                resources: [scope.arn("secretsmanager", "secret:rds!db-*")],
                                conditions: {
                                    StringEquals: {
                                        "aws:ResourceTag/aws:rds:primaryDBInstanceArn": scope.arn(
                                            "rds",
                                            `db:${args.instanceIdentifier}`,
                                        ),
                                    },
                                },
                            },
                            keys.data.useThrough("secretsmanager", "read", "DecryptMasterUser"),
                        ],
                    }),
                    network.awsApis,
                ],
                key: keys.services,
                logs: args.logs,
            },
            { parent: this },
        );
        this.functionName = fn.functionName;
        // The rules are children of the group: without them the function reaches nothing.
        this.ready = [...fn.ready, securityGroup];
        // Users are made again in another database, and when they are made in another way.
        this.triggers = { instance: args.instanceId, code: digest(bundle(entryPoint)) };
        this.registerOutputs({ functionName: this.functionName });
    }

    /**
     * Makes a user while the stack is deployed, and again whenever what is asked for, the database or the function's code changes.
     * `pulumi up` fails if that fails, and the next one tries again. A user that is no longer asked for stays, with its data.
     *
     * @returns What whoever signs in as the user has to wait for.
     */
    add(wanted: DatabaseUser): pulumi.Resource {
        return new aws.lambda.Invocation(
            `${this.name}-${wanted.schema}`,
            { functionName: this.functionName, input: JSON.stringify(wanted), triggers: this.triggers },
            { parent: this, dependsOn: this.ready },
        );
    }
}

const digest = (text: string): string => createHash("sha256").update(text).digest("hex");
