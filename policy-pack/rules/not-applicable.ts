import { apiGatewayNotApplicable } from "./api-gateway";
import { ecrNotApplicable } from "./ecr";
import { ecsNotApplicable } from "./ecs";
import { elasticacheNotApplicable } from "./elasticache";
import { iamNotApplicable } from "./iam";
import { lambdaNotApplicable } from "./lambda";
import { loadBalancingNotApplicable } from "./load-balancing";
import { logsNotApplicable } from "./logs";
import { messagingNotApplicable } from "./messaging";
import { mskNotApplicable } from "./msk";
import { observabilityNotApplicable } from "./observability";
import { rdsNotApplicable } from "./rds";
import { s3NotApplicable } from "./s3";
import { secretsNotApplicable } from "./secrets";
import { vpcNotApplicable } from "./vpc";

/** Why a control has no rule, by control. */
export const notApplicable: Readonly<Record<string, string>> = {
    ...apiGatewayNotApplicable,
    ...ecrNotApplicable,
    ...ecsNotApplicable,
    ...elasticacheNotApplicable,
    ...iamNotApplicable,
    ...lambdaNotApplicable,
    ...loadBalancingNotApplicable,
    ...logsNotApplicable,
    ...messagingNotApplicable,
    ...mskNotApplicable,
    ...observabilityNotApplicable,
    ...rdsNotApplicable,
    ...s3NotApplicable,
    ...secretsNotApplicable,
    ...vpcNotApplicable,
};
