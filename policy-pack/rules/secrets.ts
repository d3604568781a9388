import { type Rule } from "../core/rule";
import { certificateRules } from "./acm";
import { keyRules } from "./kms";
import { secretRules } from "./secrets-manager";

/** Rules about secrets, keys and certificates. */
export const secretsRules: readonly Rule[] = [...secretRules, ...keyRules, ...certificateRules];

/** Controls of secrets, keys and certificates that no rule can enforce, and why. */
export const secretsNotApplicable: Readonly<Record<string, string>> = {};
