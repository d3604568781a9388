import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { logGroup, type LogRetention, type Scope, ServiceRole } from "../building-blocks";

/**
 * Flow logs of a VPC: who spoke to whom, accepted and refused, kept as long as other logs.
 *
 * Flows are summed over 10 minutes instead of 1: the platform's connections are few and long, so that the records, at
 * $0.76 a GB, become up to ten times fewer, and alarms do not wait for them.
 */
export function flowLogs(
    name: string,
    args: { scope: Scope; vpcId: pulumi.Output<string>; logs: LogRetention },
    opts: pulumi.CustomResourceOptions,
): void {
    const { scope } = args;
    const groupName = `/${scope.path("network", "flow-logs")}`;
    const group = logGroup(`${name}-flow-logs`, groupName, args.logs, opts);
    const role = new ServiceRole(
        `${name}-flow-logs`,
        {
            roleName: scope.name("flow-logs"),
            description: "Writes the flow logs of the VPC",
            servicePrincipal: "vpc-flow-logs.amazonaws.com",
            trustConditions: {
                StringEquals: { "aws:SourceAccount": scope.accountId },
                ArnLike: { "aws:SourceArn": scope.arn("ec2", "vpc-flow-log/*") },
            },
            statements: [
                {
                    sid: "WriteLogs",
                    actions: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
                    resources: [
                        scope.arn("logs", `log-group:${groupName}`),
                        scope.arn("logs", `log-group:${groupName}:*`),
                    ],
                },
                // Groups can only be listed all at once.
                { sid: "ListLogGroups", actions: ["logs:DescribeLogGroups"], resources: ["*"] },
            ],
        },
        opts,
    );
    new aws.ec2.FlowLog(
        `${name}-flow-logs`,
        {
            vpcId: args.vpcId,
            trafficType: "ALL",
            logDestinationType: "cloud-watch-logs",
            logDestination: group.arn,
            iamRoleArn: role.arn,
            maxAggregationInterval: 600,
        },
        { ...opts, dependsOn: [role] },
    );
}
