import { type RecordedResource } from "../../plan/recording";

/** What each role is for and may do, a paragraph each, sorted by the role's name. */
export function roles(resources: RecordedResource[]): string[] {
    const policies = resources.filter(({ type }) => type === "aws:iam/rolePolicy:RolePolicy");
    return resources
        .filter(({ type }) => type === "aws:iam/role:Role")
        .sort((a, b) => (roleName(a) < roleName(b) ? -1 : 1))
        .flatMap((role) => [
            roleName(role),
            ...statements(role.inputs.assumeRolePolicy).map((line) => `  ${line}`),
            ...policies
                .filter(({ inputs }) => inputs.role === role.outputs.name)
                .flatMap(({ inputs }) => statements(inputs.policy))
                .map((line) => `  ${line}`),
            "",
        ]);
}

// An auto-name has a random end, and so is not the same in every run of the real engine; its logical name is.
const roleName = ({ name, inputs }: RecordedResource): string => (inputs.name as string | undefined) ?? `${name}-*`;

function statements(document: string): string[] {
    const { Statement } = JSON.parse(document) as { Statement: Record<string, any>[] };
    return Statement.flatMap(({ Sid, Effect, Principal, Action, Resource, Condition }) => [
        `${Sid}: ${Effect} ${list(Action)}${Principal ? ` to ${JSON.stringify(Principal)}` : ""}`,
        ...(Resource ? [`  on ${list(Resource)}`] : []),
        ...(Condition ? [`  if ${JSON.stringify(Condition)}`] : []),
    ]);
}

const list = (values: string | string[]): string => [values].flat().join(", ");

/** Every connection that security groups allow: from, to, port. */
export function connections(resources: RecordedResource[]): string[] {
    const groups = new Map(
        resources
            .filter(({ type }) => type === "aws:ec2/securityGroup:SecurityGroup")
            .map(({ id, name }) => [id, name]),
    );
    const group = (id: string): string => groups.get(id) ?? id;
    const far = (inputs: Record<string, any>): string =>
        inputs.referencedSecurityGroupId !== undefined
            ? group(inputs.referencedSecurityGroupId)
            : inputs.prefixListId !== undefined
              ? "S3"
              : inputs.cidrIpv4;
    const ports = ({ ipProtocol, fromPort, toPort }: Record<string, any>): string =>
        `${ipProtocol} ${fromPort === toPort ? fromPort : `${fromPort}-${toPort}`}`;
    return resources
        .flatMap(({ type, inputs }) =>
            type === "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
                ? [`out  ${group(inputs.securityGroupId)} -> ${far(inputs)} ${ports(inputs)}`]
                : type === "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
                  ? [`in   ${group(inputs.securityGroupId)} <- ${far(inputs)} ${ports(inputs)}`]
                  : [],
        )
        .sort();
}
