import { type RecordedResource } from "../recording";
import { type Role, type Statement } from "./model";
import { isNamed, texts, type View } from "./view";

/** A role with all that it may do: inline policies, policies of the stack that are attached, and the ARNs of others. */
export function roleOf(view: View, role: RecordedResource, purpose: Role["purpose"]): Role {
    const inline = view
        .ofType("aws:iam/rolePolicy:RolePolicy")
        .filter(({ inputs }) => isNamed(role, inputs.role))
        .map(({ inputs }) => inputs.policy as unknown);
    const attached = [
        ...view
            .ofType("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
            .filter(({ inputs }) => isNamed(role, inputs.role))
            .map(({ inputs }) => String(inputs.policyArn)),
        ...texts(role.inputs.managedPolicyArns),
    ];
    const own = attached.map((arn) => view.withArn(arn));
    const documents = [...inline, ...own.flatMap((policy) => (policy ? [policy.inputs.policy as unknown] : []))];
    return {
        name: String(role.outputs.name ?? role.name),
        purpose,
        statements: documents.flatMap(statementsOf),
        attached: attached.filter((_arn, index) => own[index] === undefined),
    };
}

/** Statements of the JSON text of a policy. */
export function statementsOf(document: unknown): Statement[] {
    const parsed = JSON.parse(String(document)) as { Statement?: Record<string, any> | Record<string, any>[] };
    return [parsed.Statement ?? []].flat().map(({ Sid, Effect, Action, Resource, Condition }) => ({
        ...(Sid !== undefined && { sid: String(Sid) }),
        effect: Effect === "Deny" ? "Deny" : "Allow",
        actions: texts(Action),
        resources: texts(Resource),
        conditions: Object.fromEntries(
            Object.entries((Condition ?? {}) as Record<string, Record<string, unknown>>).map(([operator, keys]) => [
                operator,
                Object.fromEntries(Object.entries(keys).map(([key, values]) => [key, texts(values)])),
            ]),
        ),
    }));
}
