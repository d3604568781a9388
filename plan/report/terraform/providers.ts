import { type Recording } from "../../recording";
import { packageOf } from "./mapping";
import { type Placed } from "./placement";
import { type RenderedResource } from "./values";

/** Settings of providers that a plan shows. Others may be credentials. */
const shown = { region: "region", allowedAccountIds: "allowed_account_ids" } as const;

/** Name of an explicit provider; none for the default one. */
const alias = ({ resource }: Placed): string | undefined => resource.provider?.split("::").at(-2);

/** Key of a resource's provider in the configuration: `aws`, or `aws.tokyo` for one that is not the default. */
export const providerKey = (placed: Placed): string =>
    [packageOf(placed.resource.type), alias(placed)].filter((part) => part !== undefined).join(".");

/** The providers that resources have, by their keys. */
export function providerConfig(recording: Recording, placed: readonly Placed[]): Record<string, object> {
    const keys = new Map(placed.map((each) => [providerKey(each), each]));
    return Object.fromEntries(
        [...keys].map(([key, each]) => {
            const settings = settingsOf(recording, each);
            const tags = defaultTags(recording, each);
            const constants = Object.entries(shown).flatMap(([setting, name]) =>
                settings[setting] === undefined ? [] : [[name, { constant_value: parsed(settings[setting]) }]],
            );
            return [
                key,
                {
                    name: packageOf(each.resource.type),
                    full_name: each.provider.provider,
                    ...(alias(each) !== undefined && { alias: alias(each) }),
                    expressions: {
                        ...(Object.fromEntries(constants) as object),
                        ...(tags && { default_tags: [{ tags: { constant_value: tags } }] }),
                    },
                },
            ];
        }),
    );
}

/** With what the provider adds to every resource without asking AWS: its region, and default tags. */
export function withDefaults(rendered: RenderedResource, placed: Placed, recording: Recording): RenderedResource {
    const { computed } = placed.mapping;
    const defaults: Record<string, unknown> = {};
    const { region } = settingsOf(recording, placed);
    if (computed.includes("region") && rendered.after.region === undefined && typeof region === "string") {
        defaults.region = region;
    }
    if (computed.includes("tags_all") && isKnown(rendered.afterUnknown.tags)) {
        defaults.tags_all = { ...defaultTags(recording, placed), ...(rendered.after.tags as object | undefined) };
    }
    const afterUnknown = Object.entries(rendered.afterUnknown).filter(([name]) => !(name in defaults));
    return {
        ...rendered,
        after: { ...rendered.after, ...defaults },
        afterUnknown: Object.fromEntries(afterUnknown),
    };
}

/** Settings of a resource's provider: the inputs of an explicit one, else the stack's config. */
function settingsOf({ resources, providerConfig }: Recording, { resource }: Placed): Record<string, unknown> {
    const urn = resource.provider?.split("::").slice(0, -1).join("::");
    const explicit = urn === undefined ? undefined : resources.find((provider) => provider.urn === urn);
    return explicit?.inputs ?? providerConfig[packageOf(resource.type)] ?? {};
}

const isKnown = (unknown: unknown): boolean => unknown === undefined || JSON.stringify(unknown) === "{}";

function defaultTags(recording: Recording, placed: Placed): Record<string, string> | undefined {
    return (parsed(settingsOf(recording, placed).defaultTags) as { tags?: Record<string, string> } | undefined)?.tags;
}

/** Settings that are no text come as JSON. */
function parsed(value: unknown): unknown {
    return typeof value === "string" && /^[[{]/.test(value) ? JSON.parse(value) : value;
}
