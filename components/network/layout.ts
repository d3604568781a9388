import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { type KnownInputs, refuseChanges, type Scope } from "../building-blocks";

/** What a VPC is made with once and for all. */
export interface Layout {
    cidrBlock: string;
    availabilityZones: string[];
}

/**
 * Writes down the layout of a VPC, free of charge, in a parameter that comes before it, and refuses other layouts from then on. AWS moves no
 * subnet to another range or zone; and the database, the cache and the brokers stay in the subnets that they have.
 */
export function fixedLayout(
    name: string,
    { scope, cidrBlock, availabilityZones }: Layout & { scope: Scope },
    opts: pulumi.CustomResourceOptions,
): aws.ssm.Parameter {
    return new aws.ssm.Parameter(
        `${name}-layout`,
        {
            name: `/${scope.path("network", "layout")}`,
            description: "Layout of the VPC, which cannot change",
            type: "String",
            // `value` would be a secret, which no preview shows.
            insecureValue: JSON.stringify({ cidrBlock, availabilityZones } satisfies Layout),
        },
        { ...opts, hooks: refuseChanges(`${name}-layout`, layoutProblem) },
    );
}

/** What is wrong with a change of the layout. */
export function layoutProblem(before: KnownInputs, after: KnownInputs): string | undefined {
    const [deployed, wanted] = [before, after].map(({ insecureValue }) => JSON.parse(String(insecureValue)) as Layout);
    const changed = [
        ...(deployed!.cidrBlock === wanted!.cidrBlock
            ? []
            : [`cidrBlock is ${wanted!.cidrBlock}; it must stay ${deployed!.cidrBlock}`]),
        ...(deployed!.availabilityZones.join() === wanted!.availabilityZones.join()
            ? []
            : [
                  `availabilityZones are ${wanted!.availabilityZones.join(", ")}; they must stay ${deployed!.availabilityZones.join(", ")}`,
              ]),
    ];
    return changed.length === 0
        ? undefined
        : `Network: ${changed.join(". ")}. Another layout is another VPC, in which all stores begin empty: see "Moving to another ` +
              `network" in docs/operations.md.`;
}
