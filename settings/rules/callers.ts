import { X509Certificate } from "node:crypto";
import { at, type Diagnostic, valueText } from "../problems";
import { type Settings } from "../schema";
import { range, rangeText, startOf } from "./address-range";
import { type Rule, type RuleContext, wrong } from "./rule";

function* loadBalancerCallers({ services }: Settings): Iterable<Diagnostic> {
    const { allowedCidrBlocks, internetFacing } = services.oms.loadBalancer;
    for (const [index, cidrBlock] of allowedCidrBlocks.entries()) {
        const path = at("services", "oms", "loadBalancer", "allowedCidrBlocks", index);
        const callers = range(cidrBlock);
        if (callers.prefix < 8) {
            yield {
                path,
                is: valueText(path, cidrBlock),
                must: `must be a /8 or smaller: orders are taken from known networks only${internetFacing ? ", all the more as the load balancer has public addresses" : ""}`,
                fix: [{ remove: path }],
            };
        } else if (startOf(callers) !== callers.address) {
            const right = rangeText(startOf(callers), callers.prefix);
            yield wrong(path, cidrBlock, `must begin where a /${callers.prefix} range begins: ${right}`, right);
        }
    }
}

function* certificateOfRegion({ services }: Settings, { region }: RuleContext): Iterable<Diagnostic> {
    const { certificate } = services.oms.loadBalancer;
    if (certificate?.source === "existing" && region !== undefined && certificate.arn.split(":")[3] !== region) {
        const path = at("services", "oms", "loadBalancer", "certificate", "arn");
        yield {
            path,
            is: valueText(path, certificate.arn),
            must: `must be a certificate in ${region}, the stack's region`,
            fix: [{ edit: "give the ARN of a certificate there, or set source to dns" }],
        };
    }
}

/** Certificates that a trust store takes, unless AWS raises the quota. */
const mostAuthorities = 25;
/** Size of each of them (Quotas for your Application Load Balancers: 16 KB). */
const mostCertificateBytes = 16 * 1024;

function* clientAuthorities({ environment, services }: Settings, { name }: RuleContext): Iterable<Diagnostic> {
    const fix = [{ edit: `put the PEM text under clientCertificates in Pulumi.${name}.yaml` }];
    const { certificate, clientCertificates } = services.oms.loadBalancer;
    const path = at("services", "oms", "loadBalancer", "clientCertificates");
    if (clientCertificates === undefined) {
        if (certificate !== undefined && !environment.disposable) {
            yield {
                path,
                is: "is missing",
                must: "must be the certificates, as PEM text, of the authorities that issue callers' certificates: whoever places orders is known by name",
                fix,
            };
        }
        return;
    }
    const problems = authorityProblems(clientCertificates);
    if (problems.length > 0) {
        yield {
            path,
            is: "is no list of certificates of authorities",
            must: `must be PEM text of 1 to ${mostAuthorities} certificates of authorities, each in force: ${problems.join("; ")}`,
            fix,
        };
    }
}

/** What is wrong with a PEM text of certificates of authorities. */
function authorityProblems(text: string): string[] {
    const certificates = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
    if (/PRIVATE KEY/.test(text)) {
        return ["it holds a private key, which must be kept where it was made"];
    }
    if (certificates.length === 0 || certificates.length > mostAuthorities) {
        return [`it holds ${certificates.length}`];
    }
    return certificates.flatMap((pem, index) => {
        const problem = authorityProblem(pem);
        return problem === undefined ? [] : [`number ${index + 1} ${problem}`];
    });
}

function authorityProblem(pem: string): string | undefined {
    if (pem.length > mostCertificateBytes) {
        return `has ${pem.length} bytes, and load balancers take ${mostCertificateBytes}`;
    }
    let certificate: X509Certificate;
    try {
        certificate = new X509Certificate(pem);
    } catch {
        return "cannot be read";
    }
    if (!certificate.ca) {
        return `(${oneLine(certificate.subject)}) is not that of an authority`;
    }
    if (Date.parse(certificate.validTo) < Date.now()) {
        return `(${oneLine(certificate.subject)}) has expired on ${certificate.validTo}`;
    }
    const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey;
    const isStrong = asymmetricKeyType === "ec" || (asymmetricKeyDetails?.modulusLength ?? 0) >= 2048;
    return isStrong ? undefined : `(${oneLine(certificate.subject)}) has a key that load balancers do not take`;
}

const oneLine = (subject: string): string => subject.replace(/\n/g, ", ");

/** Rules about those who call the OMS. */
export const callerRules: Rule[] = [loadBalancerCallers, certificateOfRegion, clientAuthorities];
