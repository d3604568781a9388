import * as pulumi from "@pulumi/pulumi";

export interface SuppressionArgs {
    /** Name of the policy whose findings are accepted. */
    policy: string;
    /** Why they are right here, for an engineer who does not know this place. */
    reason: string;
    /** Team or person who answers for it. */
    owner: string;
    /** Last day on which it holds, at most a year away: `2027-03-31`. */
    expires: string;
    /**
     * Only findings at this path of the resource's properties, or below: `policy.Statement[2]`.
     * @default the whole resource
     */
    path?: string;
}

/**
 * Accepts the findings of one policy about one resource. It is registered in the stack, where the policy pack reads it and
 * reports it until it expires; it makes nothing.
 *
 * The pack sees one resource after the other, so the resource must come later. `dependsOn` what is returned, on the
 * resource or on a component around it: it only waits, and adds no dependency to the stack.
 *
 * @param resourceType Type token of the resource: `aws:sqs/queue:Queue`.
 * @param resourceName Its logical name.
 */
export function suppress(
    resourceType: string,
    resourceName: string,
    args: SuppressionArgs,
    opts?: pulumi.ComponentResourceOptions,
): pulumi.Output<pulumi.Resource[]> {
    const { urn } = new Suppression(`${resourceName}-${args.policy}`, { ...args, resourceType, resourceName }, opts);
    return urn.apply(() => []);
}

class Suppression extends pulumi.ComponentResource {
    constructor(
        name: string,
        args: SuppressionArgs & { resourceType: string; resourceName: string },
        opts?: pulumi.ComponentResourceOptions,
    ) {
        super("aipx:policy:Suppression", name, args, opts);
        // Policies of single resources see inputs, those of the whole stack outputs.
        this.registerOutputs(args);
    }
}
