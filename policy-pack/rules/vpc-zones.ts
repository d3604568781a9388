import { type Resource } from "../core/resource";
import { type Rule } from "../core/rule";
import { satelliteRule } from "./vpc-rule-kinds";

function isPublicZone({ props }: Resource): boolean {
    return props.at("vpcs").items().length === 0;
}

/** Rules about zones of Route 53. */
export const zoneRules: readonly Rule[] = [
    satelliteRule({
        name: "route53-zone-require-query-log",
        description: "Public zones log queries.",
        severity: "low",
        category: "logging",
        controls: ["VPC-200"],
        targets: ["aws:route53/zone:Zone"],
        concerns: isPublicZone,
        satellites: ["aws:route53/queryLog:QueryLog"],
        property: "zoneId",
        remediation: "Add an aws.route53.QueryLog with the zone's zoneId and a log group in us-east-1.",
        message: "a public zone must have an aws.route53.QueryLog",
    }),
    satelliteRule({
        name: "route53-zone-require-signing",
        description: "Public zones are signed (DNSSEC).",
        severity: "low",
        category: "network",
        controls: ["VPC-200"],
        targets: ["aws:route53/zone:Zone"],
        concerns: isPublicZone,
        satellites: ["aws:route53/hostedZoneDnsSec:HostedZoneDnsSec"],
        property: "hostedZoneId",
        remediation: "Add an aws.route53.KeySigningKey and an aws.route53.HostedZoneDnsSec with the zone's id.",
        message: "a public zone must have an aws.route53.HostedZoneDnsSec",
    }),
];
