import type * as pulumi from "@pulumi/pulumi";

/**
 * Options of a component that tag every resource below it. Environment, owner and cost centre come from the provider's
 * default tags (`aws:defaultTags`); only what depends on the place in the program, component and service, is added here.
 *
 * A tag that a resource sets itself wins. Resources that remote components (awsx) make in their own process are not
 * reached: such a component gets its tags as an argument.
 */
export function tagged(
    tags: { component: string } | { service: string },
    opts?: pulumi.ComponentResourceOptions,
): pulumi.ComponentResourceOptions {
    const addTags: pulumi.ResourceTransformation = ({ type, props, opts }) => {
        const inputs = props as { tags?: object };
        // The SDK sets `tags`, if only to undefined, for exactly those resources that can be tagged.
        return type.startsWith("aws:") && "tags" in inputs
            ? { props: { ...inputs, tags: { ...tags, ...inputs.tags } }, opts }
            : undefined;
    };
    return { ...opts, transformations: [...(opts?.transformations ?? []), addTags] };
}
