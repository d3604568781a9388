import { type Rule } from "../core/rule";
import { escalationRules } from "./iam-escalation";
import { identityRules } from "./iam-identities";
import { ownershipRules } from "./iam-ownership";
import { policyRules } from "./iam-policies";
import { trustRules } from "./iam-trust";
import { validityRules } from "./iam-validity";

/** Rules about identities: what their policies allow, who may be them, and where they can get by it. */
export const iamRules: readonly Rule[] = [
    ...validityRules,
    ...policyRules,
    ...ownershipRules,
    ...escalationRules,
    ...trustRules,
    ...identityRules,
];

/** Controls of IAM that no rule enforces, and why. */
export const iamNotApplicable: Readonly<Record<string, string>> = {};
