import { type Resource } from "../core/resource";
import { is, type Rule } from "../core/rule";
import { everyItem, propertyRule } from "../core/property-rule";

const certificates = ["aws:acm/certificate:Certificate"];

const isNotImported = ({ props }: Resource): boolean => props.at("certificateBody").isAbsent;

/** Rules about certificates. */
export const certificateRules: readonly Rule[] = [
    propertyRule({
        name: "acm-certificate-require-strong-key",
        description: "Keys of certificates must be RSA of 2048 bits or more, or elliptic curves.",
        severity: "high",
        category: "encryption-in-transit",
        controls: ["ACM-202"],
        remediation: 'Leave out keyAlgorithm (RSA_2048), or set it to "RSA_3072", "RSA_4096" or "EC_prime256v1".',
        types: certificates,
        path: ["keyAlgorithm"],
        test: is(undefined, null, "RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1"),
        message: "keyAlgorithm must be RSA_2048 or stronger, or an elliptic curve.",
    }),
    ...[["domainName"], ["subjectAlternativeNames", everyItem]].map((path) =>
        propertyRule({
            name: `acm-certificate-disallow-wildcard-${path[0] === "domainName" ? "name" : "alternative-names"}`,
            description:
                "Certificates must name their hosts: one for all hosts of a domain lets one of them pose as any.",
            severity: "low",
            category: "encryption-in-transit",
            controls: ["ACM-203"],
            remediation: `List the hosts in ${path[0]}, without an asterisk.`,
            types: certificates,
            path,
            test: ({ text = "" }) => !text.includes("*"),
            message: `${path[0]} must not have a wildcard.`,
        }),
    ),
    propertyRule({
        name: "acm-certificate-require-transparency",
        description: "Certificates must be in the public logs of certificate transparency: browsers refuse others.",
        severity: "low",
        category: "encryption-in-transit",
        controls: ["ACM-203"],
        remediation: 'Leave out options.certificateTransparencyLoggingPreference, or set it to "ENABLED".',
        types: certificates,
        path: ["options", "certificateTransparencyLoggingPreference"],
        test: is(undefined, null, "ENABLED"),
        message: 'options.certificateTransparencyLoggingPreference must be "ENABLED".',
    }),
    propertyRule({
        name: "acm-certificate-require-renewal",
        description: "Certificates must renew without people: those that ACM validates by DNS do.",
        severity: "low",
        category: "resilience",
        controls: ["ACM-203"],
        remediation: 'Set validationMethod to "DNS".',
        types: certificates,
        path: ["validationMethod"],
        when: (resource) => resource.props.at("certificateAuthorityArn").isAbsent && isNotImported(resource),
        test: is("DNS"),
        message: 'validationMethod must be "DNS".',
    }),
];
