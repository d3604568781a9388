import { type Rule } from "../core/rule";
import { accessRules } from "./lambda-access";
import { functionRules } from "./lambda-functions";
import { triggerRules } from "./lambda-triggers";

/** Rules about functions and what invokes them. */
export const lambdaRules: readonly Rule[] = [...functionRules, ...accessRules, ...triggerRules];

/** Controls about Lambda that no rule enforces, and why. */
export const lambdaNotApplicable: Readonly<Record<string, string>> = {};
