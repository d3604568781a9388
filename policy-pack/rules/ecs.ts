import { type Rule } from "../core/rule";
import { clusterRules } from "./ecs-clusters";
import { secretRules } from "./ecs-secrets";
import { serviceRules } from "./ecs-services";
import { taskRules } from "./ecs-tasks";

/** Rules about clusters, services and tasks. */
export const ecsRules: readonly Rule[] = [...clusterRules, ...serviceRules, ...taskRules, ...secretRules];

/** Controls about ECS that no rule enforces, and why. */
export const ecsNotApplicable: Readonly<Record<string, string>> = {};
