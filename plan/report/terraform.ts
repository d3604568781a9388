import { type Recording } from "../recording";
import { address, type LeftOut, localAddress, moduleAddress, place, type Placed } from "./terraform/placement";
import { providerConfig, providerKey, withDefaults } from "./terraform/providers";
import { References } from "./terraform/references";
import { render, type RenderedResource } from "./terraform/values";

/** A plan as Terraform would make it. */
export interface TerraformPlan {
    /** The plan as JSON, as `terraform show -json PLAN` prints it. */
    text: string;
    /** What is in the recording and not in the plan. */
    leftOut: LeftOut[];
}

/** A resource with its values. */
interface Planned extends Placed {
    rendered: RenderedResource;
}

/** A module with what is in it. */
interface Module {
    path: string[];
    resources: Planned[];
    children: Map<string, Module>;
}

/** The release of Terraform whose plans this is compared with. */
const terraformVersion = "1.11.4";

/**
 * The recording of a program as a Terraform plan that creates all its resources, for tools that read such plans (Checkov, OPA,
 * Terraform's own `show`): format 1.2 of https://developer.hashicorp.com/terraform/internals/json-format.
 *
 * Resources of bridged providers are given their Terraform names, from tables in `terraform/`. Components are modules. A value that
 * another resource computes is unknown, as it is to Terraform before that resource exists, and refers to it. A secret is
 * `[secret]`. Attributes that the program does not set are absent, where Terraform itself writes null or the provider's default.
 */
export function terraformPlan(recording: Recording): TerraformPlan {
    const { placed, leftOut } = place(recording);
    const references = new References(placed);
    const resources = placed
        .map((each) => ({ ...each, rendered: withDefaults(render(each, references), each, recording) }))
        .sort(by(address));
    const root = tree(resources);
    const plan = {
        format_version: "1.2",
        terraform_version: terraformVersion,
        variables: {},
        planned_values: { root_module: plannedModule(root) },
        resource_changes: resources.map(resourceChange),
        // Nothing exists yet.
        prior_state: { format_version: "1.0", terraform_version: terraformVersion, values: { root_module: {} } },
        configuration: { provider_config: providerConfig(recording, placed), root_module: configuredModule(root) },
    };
    return {
        text: `${JSON.stringify(plan, null, 2)}\n`,
        leftOut: [...leftOut, ...resources.flatMap(({ rendered }) => rendered.leftOut)].sort(by(({ urn }) => urn)),
    };
}

// The order of registration may vary from run to run.
const by =
    <T>(key: (item: T) => string) =>
    (one: T, other: T): number =>
        key(one) < key(other) ? -1 : 1;

/** The modules that have resources, in themselves or deeper, from the root. */
function tree(resources: readonly Planned[]): Module {
    const root: Module = { path: [], resources: [], children: new Map() };
    for (const planned of resources) {
        let module = root;
        for (const name of planned.modules) {
            const child = module.children.get(name) ?? {
                path: [...module.path, name],
                resources: [],
                children: new Map<string, Module>(),
            };
            module.children.set(name, child);
            module = child;
        }
        module.resources.push(planned);
    }
    return root;
}

function plannedModule({ path, resources, children }: Module): object {
    return {
        ...(path.length > 0 && { address: moduleAddress(path) }),
        resources: resources.map((planned) => ({
            address: address(planned),
            ...identity(planned),
            provider_name: planned.provider.provider,
            values: planned.rendered.after,
            sensitive_values: planned.rendered.afterSensitive,
        })),
        ...(children.size > 0 && { child_modules: [...children.values()].map(plannedModule) }),
    };
}

function configuredModule({ resources, children }: Module): object {
    const calls = [...children].map(([name, child]) => [
        name,
        { source: `./${child.path.join("/")}`, module: configuredModule(child) },
    ]);
    return {
        resources: resources.map((planned) => ({
            address: localAddress(planned),
            ...identity(planned),
            provider_config_key: providerKey(planned),
            expressions: planned.rendered.expressions,
            ...(planned.rendered.dependsOn.length > 0 && { depends_on: planned.rendered.dependsOn }),
        })),
        ...(calls.length > 0 && { module_calls: Object.fromEntries(calls) as object }),
    };
}

function resourceChange(planned: Planned): object {
    const { after, afterUnknown, afterSensitive } = planned.rendered;
    return {
        address: address(planned),
        ...(planned.modules.length > 0 && { module_address: moduleAddress(planned.modules) }),
        ...identity(planned),
        provider_name: planned.provider.provider,
        change: {
            actions: ["create"],
            before: null,
            after,
            after_unknown: afterUnknown,
            before_sensitive: false,
            after_sensitive: afterSensitive,
        },
    };
}

const identity = ({ mapping, name }: Placed): object => ({ mode: "managed", type: mapping.type, name });
