import * as pulumi from "@pulumi/pulumi";
import { PolicyPack } from "@pulumi/policy";
import { toPolicies } from "./core/crossguard";
import { profileOf } from "./profiles";
import { rules } from "./rules";

const profile = profileOf(pulumi.getStack());

new PolicyPack(
    "aipx",
    {
        enforcementLevel: "mandatory",
        policies: toPolicies(rules, profile),
    },
    profile.configuration,
);
