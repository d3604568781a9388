import type * as pulumi from "@pulumi/pulumi";
import { type Statement } from "./policy-document";

/**
 * What a service needs in order to use something: the IAM statements for its role, the network connections for its
 * security group, and the values it must know. Stores, secrets, buses and the network hand these out
 * (`kafka.produce(["ticks"])`); Fargate services and functions take a list of them. Nothing else writes identity
 * policies or security-group rules.
 */
export interface Access {
    /** Statements for the role of the service. */
    statements: Statement[];
    /** Where the service connects to. */
    connections: Destination[];
    /** Environment variables that tell the service where to find it. */
    environment: Record<string, EnvironmentValue>;
    /** What must exist before the service can use it, where no value that the service takes says so. */
    dependsOn: pulumi.Resource[];
}

/** The value of an environment variable: known beforehand, or decided by AWS, such as an endpoint. */
export type EnvironmentValue =
    | { value: string }
    | {
          /** The value, for functions, which take values one by one. */
          value: pulumi.Output<string>;
          /**
           * Name of the SSM parameter that holds the value, for container definitions. Those are one JSON text: a single
           * unknown value would make all of it unknown at the first preview, and the policy pack blind.
           */
          parameterName: string;
      };

/** Where a service may open connections to. */
export type Destination =
    | {
          kind: "security-group";
          /** Names the rule, for people: `kafka`. Unique per destination. */
          name: string;
          securityGroupId: pulumi.Input<string>;
          /** TCP port. */
          port: number;
      }
    | { kind: "prefix-list"; name: string; prefixListId: pulumi.Input<string>; port: number }
    | {
          /** Anywhere outside the VPC, on one TCP port. */
          kind: "internet";
          name: string;
          port: number;
      };

/** An access of the given parts; what is left out is empty. */
export function access(parts: Partial<Access>): Access {
    return { statements: [], connections: [], environment: {}, dependsOn: [], ...parts };
}

/** All that several accesses give together. The same statement or connection named twice is given once. */
export function combine(accesses: Access[]): Access {
    const bySid = new Map<string, Statement>();
    const byName = new Map<string, Destination>();
    for (const { statements, connections } of accesses) {
        for (const statement of statements) {
            const other = bySid.get(statement.sid);
            if (other && JSON.stringify(other) !== JSON.stringify(statement)) {
                throw new Error(`access: two different statements have the Sid "${statement.sid}"`);
            }
            bySid.set(statement.sid, statement);
        }
        for (const connection of connections) {
            byName.set(connection.name, connection);
        }
    }
    return {
        statements: [...bySid.values()],
        connections: [...byName.values()],
        environment: Object.assign({}, ...accesses.map((each) => each.environment)) as Access["environment"],
        dependsOn: [...new Set(accesses.flatMap((each) => each.dependsOn))],
    };
}
