import assert from "node:assert/strict";
import { type Lab, shortName } from "./lab";

/** A resource as it stands in Pulumi's state. */
export interface StateResource {
    urn: string;
    type: string;
    custom: boolean;
    id?: string;
    external?: boolean;
    protect?: boolean;
}

/** A stack's state, as far as the tests read it. */
export interface State {
    resources: StateResource[];
    pending_operations?: { type: string; resource: StateResource }[];
}

export async function stateOf(lab: Lab): Promise<State> {
    const { resources = [], ...rest } = ((await lab.exportState()).deployment ?? {}) as Partial<State>;
    return { ...rest, resources };
}

/** Resources in the state that a provider has made. */
export const madeByProviders = ({ resources }: State): StateResource[] =>
    resources.filter(({ type, custom, external }) => custom && !external && !type.startsWith("pulumi:"));

/** The program, the state and AWS agree: another `up` finds nothing to do, and {@link assertWhole}. */
export async function assertSettled(lab: Lab): Promise<void> {
    const { ok, steps, output } = await lab.up({ refresh: true });
    assert.ok(ok, output);
    assert.deepEqual(
        steps.filter(({ op }) => op !== "refresh"),
        [],
    );
    await assertWhole(lab);
}

/** Nothing exists twice, nothing is lost, nothing exists that the state does not know, and no operation is pending. */
export async function assertWhole(lab: Lab): Promise<void> {
    const state = await stateOf(lab);
    assert.deepEqual(state.pending_operations ?? [], []);
    const named = ({ urn, id }: { urn: string; id?: string }): string => `${shortName(urn)} ${id}`;
    const known = madeByProviders(state);
    assert.deepEqual(known.map(named).sort(), lab.account.resources.map(named).sort());
    assert.equal(new Set(known.map(({ urn }) => urn)).size, known.length, "a resource is there twice");
}
