import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";

/** Where the certificate of a load balancer comes from. */
export type CertificateSource =
    /** One that is in ACM already. Its name and renewal are the owner's care. */
    | { source: "existing"; arn: string }
    /** A public certificate that ACM issues, validates and renews through a Route 53 zone, free of charge. */
    | {
          source: "dns";
          /** Name that callers use; it gets an alias record to the load balancer. A change replaces the certificate. */
          domainName: string;
          /** Public hosted zone of the name. */
          hostedZoneId: string;
      }
    /** One that nobody vouches for, made here for a year. Callers must be told to trust it. */
    | { source: "self-signed" };

/**
 * The certificate as ACM knows it, ready to be used.
 *
 * @param hostName Name that a self-signed certificate is made out to.
 */
export function certificateArn(
    name: string,
    certificate: CertificateSource,
    hostName: pulumi.Output<string>,
    opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
    switch (certificate.source) {
        case "existing":
            return pulumi.output(certificate.arn);
        case "dns":
            return dnsValidated(name, certificate.domainName, certificate.hostedZoneId, opts);
        case "self-signed":
            return selfSigned(name, hostName, opts);
    }
}

function dnsValidated(
    name: string,
    domainName: string,
    hostedZoneId: string,
    opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
    const certificate = new aws.acm.Certificate(name, { domainName, validationMethod: "DNS" }, opts);
    // One domain name, hence exactly one option.
    const validation = certificate.domainValidationOptions.apply((options) => options[0]!);
    const record = new aws.route53.Record(
        `${name}-validation-${domainName}`,
        {
            zoneId: hostedZoneId,
            name: validation.resourceRecordName,
            type: validation.resourceRecordType,
            records: [validation.resourceRecordValue],
            ttl: 300,
            // A second certificate of the same name asks for the same record.
            allowOverwrite: true,
        },
        opts,
    );
    return new aws.acm.CertificateValidation(
        name,
        { certificateArn: certificate.arn, validationRecordFqdns: [record.fqdn] },
        opts,
    ).certificateArn;
}

function selfSigned(
    name: string,
    hostName: pulumi.Output<string>,
    opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
    // The key is kept in the state, encrypted as every secret there.
    const key = new tls.PrivateKey(name, { algorithm: "ECDSA", ecdsaCurve: "P256" }, opts);
    const certificate = new tls.SelfSignedCert(
        name,
        {
            privateKeyPem: key.privateKeyPem,
            subject: { commonName: name },
            dnsNames: [hostName],
            allowedUses: ["digital_signature", "server_auth"],
            validityPeriodHours: 365 * 24,
            // An update in the last month makes a new one.
            earlyRenewalHours: 30 * 24,
        },
        opts,
    );
    return new aws.acm.Certificate(name, { privateKey: key.privateKeyPem, certificateBody: certificate.certPem }, opts)
        .arn;
}
