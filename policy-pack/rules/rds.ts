import { type Rule } from "../core/rule";
import { accessRules, passwordRules, securityGroupRule } from "./rds-access";
import { backtrackRule, databaseRules } from "./rds-databases";
import { activityStreamRule, eventSubscriptionRule } from "./rds-events";
import { parameterGroupRules } from "./rds-parameters";
import { snapshotRules } from "./rds-snapshots";

/** Rules about databases of RDS, in the order of their controls. */
export const rdsRules: readonly Rule[] = [
    ...databaseRules,
    ...parameterGroupRules,
    ...accessRules,
    eventSubscriptionRule,
    ...snapshotRules,
    securityGroupRule,
    backtrackRule,
    activityStreamRule,
    ...passwordRules,
];

/** Controls that no rule can serve, with the reason. */
export const rdsNotApplicable: Record<string, string> = {
    "RDS-097":
        "AWS Backup chooses resources by tag, mostly from a plan of the organization outside any stack; automatic backups with point-in-time recovery are enforced instead (RDS-081).",
};
