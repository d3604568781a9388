import { type Rule } from "../core/rule";
import { apiGatewayRules } from "./api-gateway";
import { brokerRules } from "./broker";
import { ecrRules } from "./ecr";
import { ecsRules } from "./ecs";
import { elasticacheRules } from "./elasticache";
import { iamRules } from "./iam";
import { lambdaRules } from "./lambda";
import { loadBalancingRules } from "./load-balancing";
import { logsRules } from "./logs";
import { messagingRules } from "./messaging";
import { mskRules } from "./msk";
import { observabilityRules } from "./observability";
import { rdsRules } from "./rds";
import { reachabilityRules } from "./reachability";
import { resourcePolicyRules } from "./resource-policies";
import { s3Rules } from "./s3";
import { secretsRules } from "./secrets";
import { statefulRules } from "./stateful";
import { suppressionRules } from "./suppression";
import { vpcRules } from "./vpc";

const guards: readonly Rule[] = [
    ...iamRules,
    ...resourcePolicyRules,
    ...secretsRules,
    ...ecsRules,
    ...lambdaRules,
    ...ecrRules,
    ...mskRules,
    ...elasticacheRules,
    ...rdsRules,
    ...s3Rules,
    ...statefulRules,
    ...loadBalancingRules,
    ...apiGatewayRules,
    ...messagingRules,
    ...vpcRules,
    ...reachabilityRules,
    ...logsRules,
    ...observabilityRules,
    ...brokerRules,
];

/** Every rule of the pack, in the order of the documentation. */
export const rules: readonly Rule[] = [...guards, ...suppressionRules(guards)];
