import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Conditions, policyDocument, type Statement } from "./policy-document";

export interface ServiceRoleArgs {
    /**
     * Physical name, at most 64 characters. A change replaces the role.
     * @default Pulumi's auto-name
     */
    roleName?: string;
    /** What the role is for. */
    description: string;
    /** The AWS service that takes the role: `lambda.amazonaws.com`. */
    servicePrincipal: string;
    /** Conditions of the trust: `aws:SourceAccount` and `aws:SourceArn` where the service sends them. */
    trustConditions?: Conditions;
    /** What the role may do. An empty list makes a role that may do nothing. */
    statements: Statement[];
}

/** A role that one AWS service may take, with one inline policy that dies with it. */
export class ServiceRole extends pulumi.ComponentResource {
    readonly arn: pulumi.Output<string>;
    /** The role's policy: what must be able to act as soon as it starts depends on it. */
    readonly policy: aws.iam.RolePolicy | undefined;

    constructor(name: string, args: ServiceRoleArgs, opts?: pulumi.ComponentResourceOptions) {
        super("aipx:buildingblocks:ServiceRole", name, {}, opts);
        const role = new aws.iam.Role(
            name,
            {
                name: args.roleName,
                description: args.description,
                assumeRolePolicy: policyDocument([
                    {
                        sid: "Trust",
                        principals: { Service: args.servicePrincipal },
                        actions: ["sts:AssumeRole"],
                        resources: [],
                        conditions: args.trustConditions,
                    },
                ]),
            },
            { parent: this },
        );
        this.arn = role.arn;
        if (args.statements.length > 0) {
            this.policy = new aws.iam.RolePolicy(
                name,
                { name: "access", role: role.name, policy: policyDocument(args.statements) },
                { parent: this },
            );
        }
        this.registerOutputs({ arn: this.arn });
    }
}
